"""As many consistent people as are asked for: members and volunteers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from demo import content, places
from demo.content import Row
from demo.people import (
    address_of,
    build_profile,
    consent,
    members_texts,
    newest_text,
    skill_rows,
)
from network import crypto, mailed_links
from network.models import User
from profiles import languages
from profiles.access import LINK_PURPOSE
from profiles.models import (
    ConsentRecord,
    Kind,
    Profile,
    ProfileSkill,
    Purpose,
    VolunteerRegistration,
)

FORMERS, SURVIVORS = 306, 165  # the proportion of the network that this one follows


class Crowd:
    """Draws consistent people: a town, its languages, skills that go together."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.matter = content.one("people/bulk")
        self.today = timezone.localdate()

    def draw(self, number: int, kind: str) -> Row:
        region = self._weighted(self.matter["regions"])
        place = self.random.choice(region["places"])
        bundle = self.random.choice(
            [one for one in self.matter["bundles"] if kind in one["kinds"]]
        )
        spoken = [*place["spoken"]]
        if place.get("also") and self.random.random() < 0.6:
            spoken.append(self.random.choice(place["also"]))
        return {
            "number": number,
            "kind": kind,
            "country": place["country"],
            "town": self.random.choice(place["towns"]),
            "locale": place["locale"],
            "languages": spoken,
            "skills": self._skills(bundle["skills"]),
            "causes": self._some(bundle["causes"], 2, 3),
            "slots": sorted(self._some(SLOTS, 2, 6)),
            "travel_km": self.random.choice([10, 25, 25, 50, 100]),
            "experience_years": min(20, int(self.random.expovariate(1 / 4))),
            "idle_days": int(self.random.expovariate(1 / 30)),
            "way": self._way(kind, spoken, bundle),
        }

    def _weighted(self, rows: list[Row]) -> Row:
        return self.random.choices(rows, [row["share"] for row in rows])[0]

    def _some(self, values: list[str], least: int, most: int) -> list[str]:
        count = min(len(values), self.random.randint(least, most))
        return self.random.sample(values, count)

    def _skills(self, names: list[str]) -> list[Row]:
        levels = self.random.choices([8, 9, 10], [3, 5, 2], k=len(names))
        chosen = self._some(names, 2, 4)
        return [
            {"id": name, "level": level}
            for name, level in zip(chosen, levels, strict=False)
        ]

    def _way(self, kind: str, spoken: list[str], bundle: Row) -> str:
        bank = self.matter["ways"][kind]
        language = next((code for code in spoken if code in bank), "en")
        sentences = bank[language]
        parts = [
            self.random.choice(sentences["began"]),
            self.random.choice(sentences["now"]),
        ]
        lines = bundle["lines"].get(language)
        if lines and self.random.random() < 0.5:
            parts.append(self.random.choice(lines))
        return " ".join(parts)


SLOTS = [
    f"{day}-{part}"
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for part in ("am", "pm", "eve")
]


def kinds_of(count: int) -> list[str]:
    """Formers and survivors in the network's proportion, then one supporter in ten."""
    formers = round(count * 0.9 * FORMERS / (FORMERS + SURVIVORS))
    survivors = round(count * 0.9) - formers
    supporters = count - formers - survivors
    return (
        [Kind.FORMER.value] * formers
        + [Kind.SURVIVOR.value] * survivors
        + [Kind.SUPPORTER.value] * supporters
    )


def load_members(count: int, crowd: Crowd, names: Iterable[str]) -> list[User]:
    """Members with unusable passwords. Survivors are listed where they chose it."""
    kinds = kinds_of(count)
    crowd.random.shuffle(kinds)
    users, profiles, skills, consents = [], [], [], []
    texts = members_texts()
    for number, (kind, name) in enumerate(zip(kinds, names, strict=False)):
        row = crowd.draw(number, kind)
        user = User(email=address_of(f"member{number}"), country=row["country"])
        user.set_unusable_password()
        profile = build_profile(user, {**row, "pseudonym": name}, kind)
        # some of every kind keep out of the list: being unlisted tells nothing
        is_open = crowd.random.random() < (0.4 if kind == Kind.SURVIVOR else 0.8)
        profile.is_listed = profile.is_open_to_contact = is_open
        profile.is_matched = is_open or crowd.random.random() < 0.5
        profile.safeguarding_tier = crowd.random.choice([0, 1, 1, 2])
        if profile.safeguarding_tier:
            profile.safeguarding_until = crowd.today + timedelta(days=400)
        profile.last_active_on = crowd.today - timedelta(days=row["idle_days"])
        users.append(user)
        profiles.append(profile)
        skills += skill_rows(profile, row["skills"])
        consents += [consent(text, person=user) for text in texts]
    User.objects.bulk_create(users, batch_size=200)
    Profile.objects.bulk_create(profiles, batch_size=200)
    ProfileSkill.objects.bulk_create(skills, batch_size=500)
    ConsentRecord.objects.bulk_create(consents, batch_size=500)
    return users


def load_volunteers(count: int, crowd: Crowd) -> list[VolunteerRegistration]:
    """Registrations of the public; nine in ten have opened their mailed link."""
    now, rows, consents = timezone.now(), [], []
    text = newest_text(Purpose.VOLUNTEER)
    for number in range(count):
        drawn = crowd.draw(number, Kind.SUPPORTER)
        town = places.city(drawn["town"], drawn["country"])
        email = address_of(f"volunteer{number}")
        row = VolunteerRegistration(
            email=email,
            email_index=crypto.blind_index(email, purpose="volunteer"),
            skills={skill["id"]: skill["level"] for skill in drawn["skills"]},
            causes=drawn["causes"],
            languages=[
                code for code in drawn["languages"] if languages.is_language(code)
            ],
            place=places.town_centre(town),
            travel_km=drawn["travel_km"],
            slots=drawn["slots"],
            experience_years=drawn["experience_years"],
            last_active_on=crowd.today - timedelta(days=drawn["idle_days"] % 60),
            confirmed_at=now if crowd.random.random() < 0.9 else None,
            expires_at=now + timedelta(days=365),
        )
        rows.append(row)
        consents.append(consent(text, registration=row))
    VolunteerRegistration.objects.bulk_create(rows, batch_size=200)
    ConsentRecord.objects.bulk_create(consents, batch_size=500)
    for row in rows:
        if row.confirmed_at is None:
            # as if mailed: or the worker sends two hundred mails on the first run,
            # which bury the sign-ins that it prints
            mailed_links.issue(
                purpose=LINK_PURPOSE, subject=row.pk, lifetime=timedelta(days=365)
            )
    return rows
