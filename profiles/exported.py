"""The words for what this room has stored about a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network import places
from network.access import Role
from network.countries import country_name
from network.exporting import (
    LEFT_OUT,
    Word,
    Words,
    chosen,
    day,
    each,
    in_words,
    moment,
    nested,
)
from network.models import Pace
from network.models.user import Theme
from network.parts import notice_kinds
from profiles import languages, taxonomy
from profiles.actions.joining import APPEAL_WORDS, ASKED_MORE
from profiles.backgrounds import Background
from profiles.models import (
    ApplicationState,
    Audience,
    Connection,
    Introduction,
    Kind,
    OrganisationMembership,
    ProfileSkill,
    Purpose,
    Referee,
    ReviewReason,
    ReviewState,
    Standing,
)
from profiles.roles import RoleOffered
from profiles.shown import times


def here() -> str:
    return get_language() or settings.LANGUAGE_CODE


def language(code: str) -> str:
    return languages.name(code, here()) if languages.is_language(code) else code


def town(place: Mapping[str, Any]) -> str:
    """Its name; that only its square of 25 km is used is said where it is asked for."""
    found = places.city(int(place["town_id"])) if place.get("town_id") else None
    return places.label(found, here()) if found else ""


def term(id: str) -> str:
    is_known = taxonomy.is_skill(id) or taxonomy.is_cause(id)
    return taxonomy.label(id, here()) if is_known else id


def levels(skills: Mapping[str, int]) -> dict[str, object]:
    read = chosen(ProfileSkill.Level)
    return {term(skill): read(level) for skill, level in skills.items()}


def rules(given: Mapping[str, bool]) -> dict[str, object]:
    return in_words(given, RULES)


def audience(chosen_by_field: Mapping[str, str]) -> dict[str, object]:
    read = chosen(Audience)
    return {
        str(PROFILE[name].label): read(value)
        for name, value in chosen_by_field.items()
        if name in PROFILE
    }


def notice(kind: str) -> str:
    found = notice_kinds.get(kind)
    return str(found.sentence) if found else kind


def week(slots: Sequence[str]) -> str:
    """A line for each: a time holds a comma of its own."""
    return "\n".join(times(slots))


ACCOUNT: Words = {
    "email": Word(gettext_lazy("E-mail address")),
    "language": Word(gettext_lazy("Language"), language),
    "time_zone": Word(gettext_lazy("Time zone")),
    "country": Word(gettext_lazy("Country"), country_name),
    "mails": Word(gettext_lazy("Mails about what is new"), chosen(Pace)),
    "theme": Word(gettext_lazy("Colours"), chosen(Theme)),
    "roles": Word(gettext_lazy("Work for the network"), each(chosen(Role))),
    "since": Word(gettext_lazy("Here since"), moment),
    "signed_in_at": Word(gettext_lazy("Last signed in"), moment),
}
RULES: Words = {
    "no_formers": Word(
        gettext_lazy("Nothing with formers: they do not find me, nor I them")
    ),
    "facilitator": Word(
        gettext_lazy("Contact only through the network's team, not directly")
    ),
}


def known(given: Mapping[str, Any]) -> dict[str, object]:
    return in_words(given, FIRST_HAND)


FIRST_HAND: Words = {
    "known": Word(
        gettext_lazy("Which kind of violence you know at first hand"),
        each(chosen(Background)),
    ),
    "is_across": Word(
        gettext_lazy("Suggest members to me whose background is another one")
    ),
}
PROFILE: Words = {
    "standing": Word(gettext_lazy("Standing"), chosen(Standing)),
    "standing_since": Word(gettext_lazy("Standing since"), moment),
    "confirmed_at": Word(gettext_lazy("Said last that you stay"), moment),
    "is_overdue": Word(gettext_lazy("Yearly answer is overdue")),
    "vetted_at": Word(gettext_lazy("Admitted"), moment),
    "pseudonym": Word(gettext_lazy("Name you go by")),
    "kind": Word(gettext_lazy("How you came to the network"), chosen(Kind)),
    "kind_until": Word(gettext_lazy("Shown until"), day),
    "first_hand": Word(gettext_lazy("What you know at first hand"), known),
    "way": Word(gettext_lazy("A few sentences about you")),
    "languages": Word(gettext_lazy("Languages"), each(language)),
    "country": Word(gettext_lazy("Country"), country_name),
    "place": Word(gettext_lazy("Town"), town),
    "travel_km": Word(gettext_lazy("How far you travel"), lambda km: f"{km} km"),
    "is_remote_ok": Word(gettext_lazy("I can also help by phone or online")),
    "slots": Word(gettext_lazy("When you are usually free"), week),
    "causes": Word(gettext_lazy("What you care about"), each(term)),
    "roles_offered": Word(gettext_lazy("What you offer"), each(chosen(RoleOffered))),
    "experience_years": Word(gettext_lazy("Years of experience")),
    "safeguarding_tier": Word(gettext_lazy("Safeguarding level")),
    "safeguarding_at": Word(gettext_lazy("Safeguarding level since"), moment),
    "safeguarding_until": Word(gettext_lazy("Safeguarding level until"), day),
    "load_cap": Word(gettext_lazy("Tasks at once, at most")),
    "load": Word(gettext_lazy("Tasks at the moment")),
    "last_active_on": Word(gettext_lazy("Last active"), day),
    "audience": Word(gettext_lazy("Who sees what"), audience),
    "is_listed": Word(gettext_lazy("Members find me in the directory")),
    "is_matched": Word(gettext_lazy("Projects may find me by what I can do")),
    "accompanies": Word(gettext_lazy("New members may ask me to accompany them")),
    "shows_mutual": Word(gettext_lazy("Members see whom we both know")),
    "is_open_to_contact": Word(gettext_lazy("Members may ask me for contact")),
    "contact_rules": LEFT_OUT,  # once more under "rules"
    "rules": Word(gettext_lazy("Rules for contact"), rules),
    "hidden_until": Word(gettext_lazy("On a break until"), moment),
    "skills": Word(gettext_lazy("What you can do"), levels),
}


def asked_more(given: Mapping[str, Any]) -> dict[str, object]:
    return {one["question"]: one["answer"] for one in given.values()}


OFFERED = (
    "languages",
    "place",
    "travel_km",
    "is_remote_ok",
    "slots",
    "causes",
    "experience_years",
    "safeguarding_tier",
    "last_active_on",
    "skills",
)
REGISTRATION: Words = {
    "registered_at": Word(gettext_lazy("Registered"), moment),
    "email": ACCOUNT["email"],
    "language": ACCOUNT["language"],
    **{name: PROFILE[name] for name in OFFERED},
    "confirmed_at": Word(gettext_lazy("Confirmed"), moment),
    "expires_at": Word(gettext_lazy("Kept until"), moment),
}
ANSWERS: Words = {
    "kind": PROFILE["kind"],
    "pseudonym": PROFILE["pseudonym"],
    "languages": PROFILE["languages"],
    "country": PROFILE["country"],
    "way": Word(gettext_lazy("Where you are on your way")),
    "replies": Word(
        gettext_lazy("What you answered"), lambda replies: list(replies.values())
    ),
    ASKED_MORE: Word(gettext_lazy("What else you were asked"), asked_more),
    APPEAL_WORDS: Word(gettext_lazy("What the third person should know")),
}
APPLICATION: Words = {
    "state": Word(gettext_lazy("State"), chosen(ApplicationState)),
    "begun_at": Word(gettext_lazy("Begun"), moment),
    "answers": Word(gettext_lazy("What you wrote"), nested(ANSWERS)),
    "submitted_at": Word(gettext_lazy("Handed in"), moment),
    "decided_at": Word(gettext_lazy("Decided"), moment),
    "told": Word(gettext_lazy("What you were told")),
    "appealed_at": Word(gettext_lazy("Asked for a third person"), moment),
    "referees": Word(gettext_lazy("Who can speak for you")),
}
REFEREE: Words = {
    "relation": Word(gettext_lazy("How you know them"), chosen(Referee.Relation)),
    "since": Word(gettext_lazy("For how long"), chosen(Referee.Since)),
    "trust": Word(
        gettext_lazy("Whether you would bring them together with others"),
        chosen(Referee.Trust),
    ),
    "words": Word(gettext_lazy("What you wrote")),
}
REVIEW: Words = {
    "review": Word(gettext_lazy("Why"), chosen(ReviewReason)),
    "state": Word(gettext_lazy("State"), chosen(ReviewState)),
    "words": Word(gettext_lazy("What you wrote")),
    "told": Word(gettext_lazy("What you were told")),
    "asked_at": Word(gettext_lazy("Asked"), moment),
    "due_at": Word(gettext_lazy("To be answered by"), moment),
    "closed_at": Word(gettext_lazy("Decided"), moment),
}
CONSENT: Words = {
    "purpose": Word(gettext_lazy("For what"), chosen(Purpose)),
    "text": Word(gettext_lazy("Text")),
    "text_hash": LEFT_OUT,
    "given_at": Word(gettext_lazy("Given"), moment),
    "withdrawn_at": Word(gettext_lazy("Withdrawn"), moment),
}


def part(value: str) -> str:
    return {
        "asked": _("You asked for contact"),
        "were asked": _("You were asked for contact"),
        "blocked": _("You blocked a member"),
        "introduced": _("You introduced two members"),
        "were introduced": _("You answered a member who introduced you"),
    }.get(value, value)


CONNECTION: Words = {
    "you": Word(gettext_lazy("What happened"), part),
    "your_note": Word(gettext_lazy("Your note")),
    "state": Word(gettext_lazy("State"), chosen(Connection.State)),
    "person": LEFT_OUT,
    "at": Word(gettext_lazy("When"), moment),
    "answered_at": Word(gettext_lazy("Answered"), moment),
}
INTRODUCTION: Words = {
    "you": CONNECTION["you"],
    "your_note": CONNECTION["your_note"],
    "your_answer": Word(gettext_lazy("Your answer"), chosen(Introduction.Answer)),
    "state": Word(gettext_lazy("State"), chosen(Introduction.State)),
    "at": CONNECTION["at"],
}
TRACE: Words = {
    "organisation": LEFT_OUT,
    "organisation_name": Word(gettext_lazy("Organisation")),
    "role": Word(gettext_lazy("Role"), chosen(OrganisationMembership.Role)),
    "profiles_opened": Word(gettext_lazy("How many profiles you opened")),
    "seen_by": Word(gettext_lazy("Who opened your profile, how many")),
    "you_invited": Word(gettext_lazy("Whom you invited")),
    "you_proposed": Word(gettext_lazy("Question to applicants that you proposed")),
    "you_said": Word(gettext_lazy("What you said for somebody"), nested(REFEREE)),
    "day": Word(gettext_lazy("Day"), day),
    "notice": Word(gettext_lazy("Notice"), notice),
    "at": Word(gettext_lazy("When"), moment),
    "read_at": Word(gettext_lazy("Read"), moment),
}
