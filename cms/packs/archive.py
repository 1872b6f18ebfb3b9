"""The ZIP itself, with a manifest of checksums. Names inside are plain ASCII."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.packs import pdf, sheets, word
from cms.packs.contents import PackContents
from cms.packs.sheets import Sheet

EPOCH = (2020, 1, 1, 0, 0, 0)  # one date for all entries


@dataclass(frozen=True)
class Archive:
    body: bytes
    sha256: str
    manifest: dict[str, Any]


def build(pack: PackContents) -> Archive:
    files = files_of(pack)
    manifest = manifest_of(pack, files)
    listing = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    files["manifest.json"] = listing.encode()
    body = zipped(files)
    return Archive(body, hashlib.sha256(body).hexdigest(), manifest)


def files_of(pack: PackContents) -> dict[str, bytes]:
    dated = pack.dated
    plan = sheets.lesson_plan(pack)
    files = {
        "README.txt": as_text(sheets.read_me(pack)),
        "LICENCE.txt": as_text(sheets.licence(pack)),
        "before-you-teach.pdf": pdf.draw(sheets.before_you_teach(pack), dated=dated),
        "lesson-plan.pdf": pdf.draw(plan, dated=dated),
        "lesson-plan.docx": repacked(word.write(plan, dated=dated)),
    }
    if pack.pupils_sheet:
        files["pupils-sheet.pdf"] = pdf.draw(sheets.pupils_sheet(pack), dated=dated)
    for story in pack.stories:
        files |= story_files(sheets.story(story, pack), story.slug, dated)
    return files


def story_files(sheet: Sheet, slug: str, dated: datetime) -> dict[str, bytes]:
    return {
        f"stories/{slug}.pdf": pdf.draw(sheet, dated=dated),
        f"stories/{slug}.txt": as_text(lines_of(sheet)),
    }


def lines_of(sheet: Sheet) -> list[str]:
    lines = [sheet.title]
    for section in sheet.sections:
        if section.heading:
            lines += ["", section.heading]
        for block in section.blocks:
            marker = "- " if block.kind == "list" else ""
            texts = block.lines if block.kind == "list" else [block.text]
            lines += ["", *[f"{marker}{text}" for text in texts]]
    return lines


def as_text(lines: list[str]) -> bytes:
    """With a byte-order mark and CRLF: the oldest Windows editor shows Arabic too."""
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def manifest_of(pack: PackContents, files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "title": pack.title,
        "language": pack.language,
        "licence": pack.licence,
        "page": pack.url,
        "stories": [story.slug for story in pack.stories],
        "stories_withdrawn_on": pack.withdrawn_on,
        "files": [
            {"name": name, "bytes": len(body), "sha256": _sha256(body)}
            for name, body in sorted(files.items())
        ],
    }


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    """The same files give the same bytes: fixed order, dates and permissions."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body)
    return out.getvalue()


def repacked(document: bytes) -> bytes:
    """A document is a ZIP too, and its writer stamps it with the time of day."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})
