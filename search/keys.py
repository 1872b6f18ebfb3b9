"""How a document is named, and which kinds of entries of the outbox make documents."""

PERSON, VOLUNTEER, NEED, PROJECT, PAGE = (
    "person",
    "volunteer",
    "need",
    "project",
    "page",
)


def doc_id(kind: str, key: object) -> str:
    return f"{kind}:{key}"


def key_of(identifier: str) -> tuple[str, str]:
    kind, _, key = identifier.partition(":")
    return kind, key
