"""Words that only some may read: an answer with one in it for anybody else is wrong.

The columns of the matrix say who gets through a door; this says what may lie behind it:
the tiers of a profile, a draft on an editor's desk, who is left out of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.access.people import ROLES, WITHOUT_ACCOUNT

MEMBERS = ("probation", "member", "lead", "owner")
EVERYWHERE = ("", "")


@dataclass(frozen=True)
class Secret:
    """`readers` are the roles for which an answer may show it: and the page `route` of
    the object `name` does, or a word that stands nowhere would prove nothing."""

    word: str
    readers: tuple[str, ...] = ()
    route: str = ""
    name: str = "-"
    also: tuple[str, ...] = ()  # readers of it elsewhere
    is_here_only: bool = False  # a word that may stand on other pages

    @property
    def door(self) -> tuple[str, str]:
        return (self.route, self.name) if self.is_here_only else EVERYWHERE


HELPERS = ("volunteer", "probation", "lead")
NEWCOMERS = ("partner", "moderator", "editor", "dpo", "admin")


def here(
    word: str,
    readers: tuple[str, ...],
    route: str,
    name: str = "-",
    also: tuple[str, ...] = (),
) -> Secret:
    return Secret(word, readers, route, name, also, is_here_only=True)


PROFILE, STEP = "profiles:profile_detail", "cms:my_story"
SECRETS = [
    # the text of messages: those in the conversation
    Secret("amber lighthouse", ("owner",), "messaging:detail", "own"),
    Secret(
        "cedar lighthouse", ("lead", "volunteer"), "messaging:detail", "own:volunteer"
    ),
    Secret("linden lighthouse", ("applicant",), "messaging:detail", "own:vetting"),
    Secret("walnut lighthouse"),
    # where a task meets: the lead's own form, and who has both yeses
    Secret("violet kiosk at own-work", ("lead",), "projects:need_edit", "own"),
    Secret("violet kiosk at other-work", ("owner",), "projects:answer", "own:agreed"),
    Secret("violet kiosk at hidden-work"),
    # a line of a profile: for members, for connections, for oneself
    Secret("hazel orchard", MEMBERS, PROFILE, "other"),
    Secret("marble cellar", ("owner",), PROFILE, "other:connected"),
    Secret("granite attic"),
    # who is in no list: behind a block, paused, or kept from formers
    Secret("Pewter Heron"),
    Secret("Cobalt Wren"),
    Secret("Saffron Moth", ("probation", "lead", "owner"), "search:directory"),
    # unlisted, but matched: with that consent a lead sees them
    Secret("Velvet Ibis", ("lead",), "search:matches_for_need", "own"),
    # stories in the making: their authors, and the editor who took them
    Secret("Copper Notebook Of Owner", ("owner",), STEP, "own"),
    Secret("Copper Notebook Of Suspended", ("suspended",), STEP, "own:suspended"),
    Secret("Copper Notebook Of Friend", ("editor",), "cms:review", "other:taken"),
    Secret("Copper Notebook Of Stranger"),
    # what somebody writes who introduces two
    Secret("teal ledger", ("owner",), "profiles:connections"),
    # an application, who speaks for whom, and what a vetter asked about it
    Secret("russet.sparrow", ("owner",), "profiles:invitations"),
    Secret("pearl mill", ("vetter",), "moderation:application", "own"),
    Secret(
        "Umber Finch", ("volunteer",), "profiles:referee", "-", ("applicant", "vetter")
    ),
    Secret(
        "sable towpath", ("vetter",), "moderation:application", "own", ("applicant",)
    ),
    Secret("amber lock"),
    Secret("towpath lead?", ("applicant",), "moderation:questions", also=("vetter",)),
    # notes and sheets beside it, these closed to who has none of their own
    Secret("umber jetty", ("vetter",), "moderation:application", "own"),
    Secret("russet jetty"),
    # why an address was turned away; of one's own nothing
    Secret("ashen pier", ("vetter", "admin"), "moderation:bans"),
    Secret("flaxen pier", ("vetter",), "moderation:bans"),
    Secret("auburn pier", ("admin",), "moderation:bans"),
    # what applicants might be asked: on the desk, and asked of nobody yet
    Secret("jasper weir", ("vetter", "admin"), "moderation:joining_questions"),
    # what a member said of the year, and what was said of one who was suspended
    Secret("copper reed", ("vetter",), "moderation:review", "own"),
    *(Secret(f"{colour} reed") for colour in ("bronze", "silver", "golden")),
    # whom a member may meet: the vetters, and their own page
    Secret("copper ropewalk", ("vetter",), "moderation:check", "own", also=("owner",)),
    *(Secret(f"{colour} ropewalk") for colour in ("silver", "golden")),
    # by what somebody is known who lost their way in: the vetters, and their own page
    Secret("crimson ferry", ("vetter",), "moderation:recovery", "own"),
    Secret("indigo ferry", ("volunteer",), "moderation:lost_access_yours"),
    *(
        Secret(f"{colour} ferry")
        for colour in ("teal", "ivory", "maroon", "olive", "scarlet")
    ),
    here("/me/lost-access/stop/", ("owner", "vetter", "suspended"), "profiles:me"),
    # what somebody reported, in their words
    Secret("ochre umbrella", ("moderator",), "moderation:report_detail", "own"),
    # that the author of what one reports is known, and can be blocked with it
    Secret('name="block"', MEMBERS, "moderation:report", "other:profile"),
    # for a draft nobody is ranked yet
    here("Ranked by what", ("lead",), "search:matches_for_need", "own"),
    here("Ranked by what", (), "search:matches_for_need", "own:draft"),
    # what pages offer to those who may do it
    here('href="/projects/new/"', MEMBERS, "projects:list"),
    here("/publish/", ("editor",), "projects:detail", "other:review"),
    here("/publish/", (), "projects:detail", "own"),
    here("/needs/new/", ("lead",), "projects:detail", "own"),
    here("Offer to help", HELPERS, "projects:need_detail", "other"),
    here("Three short screens", NEWCOMERS, "profiles:apply"),
    here("/join/withdraw/", ("applicant", "vetter"), "profiles:application_status"),
    here("Unwanted contact", ("owner", "moderator"), "moderation:my_reports"),
    # addresses
    *(
        Secret(f"{name}@example.org")
        for name in (
            "stranger",
            "friend",
            "unlisted",
            "asker",
            "volunteer",
            "another",
            "waiting",
        )
    ),
    *(
        Secret(f"{role}@example.org", (role,), "account_email")
        for role in ROLES
        if role not in WITHOUT_ACCOUNT
    ),
]


def pattern(role: str, secrets: list[Secret]) -> re.Pattern[bytes]:
    """All of these that this role may not read; what nothing matches, if all may."""
    words = [one.word.encode() for one in secrets if role not in one.readers + one.also]
    return re.compile(b"|".join(map(re.escape, words)) or rb"(?!)")


def of_door(door: tuple[str, str]) -> list[Secret]:
    return [one for one in SECRETS if one.door == door]


FORBIDDEN = {
    (role, door): pattern(role, of_door(door))
    for door in {one.door for one in SECRETS}
    for role in ROLES
}


def leaked(role: str, body: bytes, at: tuple[str, str]) -> str:
    """The first word that this role may not read, here or anywhere; or nothing."""
    for door in (EVERYWHERE, at):
        known = FORBIDDEN.get((role, door))
        found = known.search(body) if known else None
        if found is not None:
            return found[0].decode()
    return ""
