"""The sheets of a pack: headings, paragraphs and lists, before they become files.

Labels are in the language of the text that they stand beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.labels import subject_label
from cms.models import Medium
from cms.packs.contents import PackContents, Part, StoryText
from cms.text import Block, address_within, blocks


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
        return Sheet(
            pack.language,
            pack.title,
            _("Lesson plan"),
            _kept([*taken_back(pack), *_lesson(pack)]),
            foot(pack),
            facts(pack),
        )


def _lesson(pack: PackContents) -> list[Section]:
    if pack.is_bereft:
        return [Section(_("Where it fits the curriculum"), listed(pack.curriculum))]
    return [
        Section("", blocks(pack.summary)),
        Section(_("Aims"), listed(pack.aims)),
        Section(_("You need"), listed(pack.materials)),
        Section(_("Steps"), []),
        *[_phase(part, pack) for part in pack.phases],
        Section(_("To talk about"), listed(pack.talking_points)),
        Section(_("Exercises"), []),
        *[Section(part.title, _done(part, pack), 3) for part in pack.exercises],
        Section(_("For the teacher"), blocks(pack.teacher_notes)),
        Section(_("Where it fits the curriculum"), listed(pack.curriculum)),
    ]


def _phase(part: Part, pack: PackContents) -> Section:
    minutes = _("%(n)s min") % {"n": part.minutes}
    return Section(f"{part.title} ({minutes})", _done(part, pack), 3)


def _done(part: Part, pack: PackContents) -> list[Block]:
    """What is to be done, or that it falls out with its story."""
    if pack.can_be_done(part):
        return blocks(part.text)
    lost = _("This was built on a story that its author has taken back. Leave it out.")
    return [Block("paragraph", (lost,))]


def taken_back(pack: PackContents) -> list[Section]:
    """First on each sheet, since its text may still speak of a story that is gone."""
    if not pack.withdrawn_on:
        return []
    lines = [*_days(pack)]
    if pack.is_bereft:
        lines.append(
            _(
                "It holds no story any more. What was built on one is left out here, "
                "until an editor has written the lesson anew."
            )
        )
    else:
        lines.append(
            _(
                "Where this sheet still speaks of a story that is not in the pack, "
                "leave that out: do not read, play or retell it."
            )
        )
    paragraphs = [Block("paragraph", (line,)) for line in lines]
    return [Section(_("Withdrawn stories"), paragraphs)]


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
        (_("Subject"), subject_label(pack.subject)),
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
            [*taken_back(pack), *_told(pack, pack.before_you_teach)],
            foot(pack),
        )


def pupils_sheet(pack: PackContents) -> Sheet:
    with override(pack.language):
        return Sheet(
            pack.language,
            pack.title,
            _("Pupils' sheet"),
            [*taken_back(pack), *_told(pack, pack.pupils_sheet)],
            foot(pack),
        )


def _told(pack: PackContents, text: str) -> list[Section]:
    return [] if pack.is_bereft else parted(text)


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
        url = address_within(text.language, text.url)
        end = [
            Block("paragraph", (told,)),
            Block("paragraph", (where % {"url": url},)),
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
            *([] if pack.is_bereft else [pack.summary, ""]),
            _("Read 'before you teach this' first."),
            _("The newest version is always here: %(url)s")
            % {"url": address_within(pack.language, pack.url)},
            _("Licence: %(licence)s. See LICENCE.txt.") % {"licence": pack.licence},
            _("manifest.json lists every file with its checksum."),
            "",
            *_withdrawals(pack),
        ]
        return [str(line) for line in lines]


def _withdrawals(pack: PackContents) -> list[str]:
    lines = _days(pack)
    if not pack.stories:
        lines.append(_("This pack holds no story at the moment."))
    return lines


def _days(pack: PackContents) -> list[str]:
    """On which a story fell out; never which one."""
    if not pack.withdrawn_on:
        return []
    days = ", ".join(pack.withdrawn_on)
    return [
        _("Stories were withdrawn from this pack on these days: %(days)s.")
        % {"days": days},
        _("If you have an older copy, please delete the stories in it."),
    ]


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
