"""The cast: named people with roles and factors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from demo import content, places
from demo.content import Row
from network.access import Role
from network.adapters import factors_of
from network.models import User
from profiles import languages
from profiles.models import (
    ConsentRecord,
    ConsentText,
    Organisation,
    OrganisationMembership,
    Profile,
    ProfileSkill,
    Purpose,
    Standing,
)

DOMAIN = "demo.waymark.example"
STAFF = {
    "vetter": Role.VETTER,
    "moderator": Role.MODERATOR,
    "editor": Role.EDITOR,
    "dpo": Role.DPO,
    "admin": Role.ADMIN,
}
ZONES = {
    "BE": "Europe/Brussels",
    "NL": "Europe/Amsterdam",
    "SE": "Europe/Stockholm",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
    "TN": "Africa/Tunis",
    "CZ": "Europe/Prague",
    "HU": "Europe/Budapest",
    "DK": "Europe/Copenhagen",
    "IE": "Europe/Dublin",
}


def address_of(key: str) -> str:
    return f"{key}@{DOMAIN}"


def load_cast(password: str) -> dict[str, User]:
    """The named people, by key. Everybody on the staff has a second factor."""
    hashed = make_password(password)
    return {
        row["key"]: load_one(row, hashed) for row in content.one("people/cast")["cast"]
    }


def load_one(row: Row, hashed: str) -> User:
    user = load_account(row, hashed)
    role = STAFF.get(row["role"])
    if role is not None:
        user.groups.add(Group.objects.get(name=role.value))
    profile = build_profile(user, row, row["kind"])
    profile.standing = row["standing"]
    profile.contact_rules = row.get("contact_rules", {})
    profile.save()
    ProfileSkill.objects.bulk_create(skill_rows(profile, row["skills"]))
    ConsentRecord.objects.bulk_create(
        consent(text, person=user) for text in members_texts()
    )
    if row.get("organisation"):
        join_organisation(user, row)
    return user


def load_account(row: Row, hashed: str) -> User:
    """With a confirmed address and a second factor."""
    email = address_of(row["key"])
    user = User(
        email=email,
        language=interface_language(row["languages"]),
        country=row["country"],
        time_zone=ZONES.get(row["country"], "UTC"),
    )
    user.password = hashed
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    with factors_of(user):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return user


def interface_language(spoken: Iterable[str]) -> str:
    """English where it is spoken, since most of the cast work in it."""
    ours = [code for code in spoken if code in {"en", "ar", "fr", "de", "es"}]
    return "en" if "en" in ours or not ours else ours[0]


def build_profile(user: User, row: Row, kind: str) -> Profile:
    town = places.city(row["town"], row["country"])
    return Profile(
        user=user,
        pseudonym=row["pseudonym"],
        kind=kind,
        way=row["way"].strip(),
        languages=[code for code in row["languages"] if languages.is_language(code)],
        country=row["country"],
        place=places.cell(town),
        travel_km=row["travel_km"],
        slots=row["slots"],
        causes=row["causes"],
        roles_offered=row.get("roles_offered", []),
        experience_years=row["experience_years"],
        standing=Standing.MEMBER,
        vetted_at=timezone.now() - timedelta(days=120),
        is_listed=True,
        is_matched=True,
        is_open_to_contact=True,
        last_active_on=timezone.localdate(),
    )


def skill_rows(profile: Profile, skills: Iterable[Row]) -> list[ProfileSkill]:
    return [
        ProfileSkill(profile=profile, skill=row["id"], level=row["level"])
        for row in skills
    ]


def join_organisation(user: User, row: Row) -> None:
    organisation = Organisation.objects.create(
        name=row["organisation"],
        slug="demonstration-partner",
        summary="An invented foundation that lends vans and boxes.",
        country=row["country"],
        verified_at=timezone.now(),
    )
    OrganisationMembership.objects.create(
        organisation=organisation,
        person=user,
        role=OrganisationMembership.Role.OWNER,
    )


def members_texts() -> list[ConsentText]:
    """What whoever joined and is matched has agreed to."""
    purposes = (Purpose.JOINING, Purpose.SPECIAL_CATEGORY, Purpose.MATCHING)
    return [newest_text(purpose) for purpose in purposes]


def newest_text(purpose: str) -> ConsentText:
    found = ConsentText.objects.filter(purpose=purpose, language="en")
    return found.latest("number")


def consent(text: ConsentText, **whose: Any) -> ConsentRecord:
    return ConsentRecord(
        purpose=text.purpose, text=text, text_hash=text.text_hash, **whose
    )
