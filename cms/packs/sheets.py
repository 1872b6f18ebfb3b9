"""The sheets of a pack: headings, paragraphs and lists, before they become files.

Labels are in the language of the text that they stand beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.models import Medium
from cms.packs.contents import PackContents, StoryText
from cms.text import Block, blocks


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: list[Block]
    level: int = 2


@dataclass(frozen=True)
class Sheet:
    language: str
    title: str
    kind: str  # what this sheet is, above its title
    sections: list[Section]
    foot: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def listed(lines: list[str]) -> list[Block]:
    return [Block("list", tuple(lines))] if lines else []


def lesson_plan(pack: PackContents) -> Sheet:
    with override(pack.language):
        sections = [
            Section("", blocks(pack.summary)),
            Section(_("Aims"), listed(pack.aims)),
            Section(_("You need"), listed(pack.materials)),
            Section(_("Steps"), []),
            *[_phase(row) for row in pack.phases],
            Section(_("To talk about"), listed(pack.talking_points)),
            Section(_("Exercises"), []),
            *[Section(row["title"], blocks(row["text"]), 3) for row in pack.exercises],
            Section(_("For the teacher"), blocks(pack.teacher_notes)),
            Section(_("Where it fits the curriculum"), listed(pack.curriculum)),
        ]
        return Sheet(
            pack.language,
            pack.title,
            _("Lesson plan"),
            _kept(sections),
            foot(pack),
            facts(pack),
        )


def _phase(row: dict[str, str]) -> Section:
    minutes = _("%(n)s min") % {"n": row.get("minutes", "")}
    return Section(f"{row['title']} ({minutes})", blocks(row["text"]), 3)


def _kept(sections: list[Section]) -> list[Section]:
    """Without headings that nothing follows."""
    kept: list[Section] = []
    for section in reversed(sections):
        has_below = bool(kept) and kept[-1].level > section.level
        if section.blocks or has_below:
            kept.append(section)
    return kept[::-1]


def facts(pack: PackContents) -> list[tuple[str, str]]:
    length = _("%(n)s × %(minutes)s min") % {"n": pack.lessons, "minutes": pack.minutes}
    return [
        (_("Subject"), pack.subject),
        (_("Ages"), pack.ages),
        (_("Length"), length),
        (_("Licence"), pack.licence),
    ]


def foot(pack: PackContents) -> str:
    return f"Waymark · {pack.licence}"


def before_you_teach(pack: PackContents) -> Sheet:
    with override(pack.language):
        return Sheet(
            pack.language,
            pack.title,
            _("Before you teach this"),
            parted(pack.before_you_teach),
            foot(pack),
        )


def pupils_sheet(pack: PackContents) -> Sheet:
    with override(pack.language):
        return Sheet(
            pack.language,
            pack.title,
            _("Pupils' sheet"),
            parted(pack.pupils_sheet),
            foot(pack),
        )


def parted(text: str) -> list[Section]:
    """A text with `## ` headings as sections."""
    sections = [Section("", [])]
    for block in blocks(text):
        if block.kind == "heading":
            sections.append(Section(block.text, []))
        else:
            sections[-1].blocks.append(block)
    return _kept(sections)


def story(text: StoryText, pack: PackContents) -> Sheet:
    with override(text.language):
        note = Section(_("What this story mentions"), blocks(text.mentions))
        told = _("Told by %(name)s. The name was chosen for this story.") % {
            "name": text.pseudonym
        }
        where = {
            Medium.TEXT: _("This story on the site: %(url)s"),
            Medium.AUDIO: _("To be heard on the site: %(url)s"),
            Medium.VIDEO: _("To be seen on the site: %(url)s"),
        }[Medium(text.medium)]
        end = [
            Block("paragraph", (told,)),
            Block("paragraph", (where % {"url": text.url},)),
            Block("paragraph", (_consent(text),)),
        ]
        return Sheet(
            text.language,
            text.title,
            _("A story"),
            [note, Section("", blocks(text.body)), Section(_("About it"), end)],
            foot(pack),
        )


def _consent(text: StoryText) -> str:
    if text.consent_until:
        return _("Its author agreed to lessons and downloads until %(day)s.") % {
            "day": text.consent_until
        }
    return _(
        "Its author agreed to lessons and downloads, and can take it back at any time. "
        "Look at the pack's page before each use."
    )


def read_me(pack: PackContents) -> list[str]:
    """The lines of the README, in the language of the pack."""
    with override(pack.language):
        lines = [
            pack.title,
            "",
            pack.summary,
            "",
            _("Read 'before you teach this' first."),
            _("The newest version is always here: %(url)s") % {"url": pack.url},
            _("Licence: %(licence)s. See LICENCE.txt.") % {"licence": pack.licence},
            _("manifest.json lists every file with its checksum."),
            "",
            *_withdrawals(pack),
        ]
        return [str(line) for line in lines]


def _withdrawals(pack: PackContents) -> list[str]:
    lines = []
    if pack.withdrawn_on:
        days = ", ".join(pack.withdrawn_on)
        lines = [
            _("Stories were withdrawn from this pack on these days: %(days)s.")
            % {"days": days},
            _("If you have an older copy, please delete the stories in it."),
        ]
    if not pack.stories:
        lines.append(_("This pack holds no story at the moment."))
    return lines


def licence(pack: PackContents) -> list[str]:
    with override(pack.language):
        return [
            pack.licence,
            "",
            _("The lesson: share and adapt it under this licence, naming Waymark."),
            "https://creativecommons.org/licenses/by-nc-sa/4.0/",
            "",
            _(
                "The stories belong to those who told them. They may be read in class "
                "as part of this pack; they may not be changed, published elsewhere or "
                "used to find out who told them, and not at all once withdrawn."
            ),
        ]
