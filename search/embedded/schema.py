"""The tantivy index in memory: its fields, and a document put into them."""

import json

from tantivy import Document, Index, Schema, SchemaBuilder

from search.documents import TextDocument, TextKind
from search.embedded.analysis import ANALYZERS
from search.indexing import (
    BODY,
    BOOSTS,
    SUMMARY,
    TITLE,
    facet_terms,
    newest_first,
    trigrams_of,
    vocabulary_of,
)
from search.text import OTHER, field_language, prepare


def build_schema() -> Schema:
    builder = SchemaBuilder()
    for name in ("id", "acl", "facet"):
        builder.add_text_field(
            name,
            stored=name == "id",
            fast=name == "facet",
            tokenizer_name="raw",
            index_option="basic",
        )
    builder.add_integer_field("order", fast=True)
    for name in ("words", "trigrams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for language in ANALYZERS:
        for part in BOOSTS:
            builder.add_text_field(
                f"{part}_{language}", tokenizer_name=language, index_option="freq"
            )
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def build_index(schema: Schema) -> Index:
    index = Index(schema)
    for language, analyzer in ANALYZERS.items():
        index.register_tokenizer(language, analyzer)
    return index


def indexed(document: TextDocument) -> Document:
    language = field_language(document.language)
    parts = {TITLE: document.title, SUMMARY: document.summary, BODY: document.body}
    row = Document()
    row.add_text("id", document.id)
    row.add_integer("order", newest_first(document))
    for token in document.acl:
        row.add_text("acl", token)
    for term in facet_terms(document):
        row.add_text("facet", term)
    for part, text in parts.items():
        row.add_text(f"{part}_{language}", prepare(text, language))
    row.add_text("words", " ".join(vocabulary_of(document)))
    if language == OTHER:
        row.add_text("trigrams", " ".join(trigrams_of(document)))
    source = {"kind": document.kind, "language": language, **parts}
    row.add_bytes("source", json.dumps(source).encode())
    return row


class Stored:
    """What the index gives back of a document that was found."""

    def __init__(self, row: Document) -> None:
        source = json.loads(bytes(row["source"][0]))
        self.id: str = row["id"][0]
        self.kind = TextKind(source["kind"])
        self.language: str = source["language"]
        self.parts: dict[str, str] = {part: source[part] for part in BOOSTS}
