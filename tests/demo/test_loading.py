"""`load_demo`: whom it refuses, what it promises, and that it is the same each time."""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django_tasks_db.management.commands import db_worker
from rich.console import Console

from cms.models import PackBuild, PackPage, PracticePage, StoryPage
from demo import consents, content, crowd, people, projects, publishing
from demo.management.commands import demo, load_demo
from demo.password import demo_password
from moderation.models import Canary
from network import places
from network.adapters import factors_of
from network.keys import development_keys
from network.models import OutgoingMail, User
from profiles import languages
from profiles.actions import volunteers
from profiles.actions.consent import current_text
from profiles.models import (
    TO_READ,
    Application,
    ConsentText,
    Profile,
    Purpose,
    VolunteerRegistration,
)
from profiles.queries import export_sections
from projects.models import Project
from search.replica import replica
from tests.cast import create_account
from tests.journeys.reading import Visitor

SIZES = {"members": 30, "volunteers": 12, "projects": 20, "seed": 1}
CAST = content.one("people/cast")["cast"]
APPLICANTS = [row["key"] for row in content.one("people/applicants")["applicants"]]
ROLES = {row["role"]: row["key"] for row in reversed(CAST)}
# in one process: it is loaded once
pytestmark = pytest.mark.xdist_group("demonstration")
BULK = rf"^(member|volunteer)\d+@{re.escape(people.DOMAIN)}$"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A database and a folder of one's own, both gone afterwards."""
    folder.mkdir(exist_ok=True)
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]
    with (
        override_settings(
            DEBUG=True,
            VAR_DIR=folder,
            MEDIA_ROOT=folder / "media",
            MAIL_DIR=folder / "mail",
            TOMBSTONES=folder / "tombstones.jsonl",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ),
        pytest.MonkeyPatch.context() as patch,
        whole,
    ):
        patch.setattr(db_worker, "close_old_connections", lambda: None)
        yield
        transaction.set_rollback(True)
    replica.reset()


def load(**sizes: int) -> str:
    """Returns what the command said."""
    said = io.StringIO()
    call_command("load_demo", stdout=said, **(SIZES | sizes))
    return said.getvalue()


@pytest.fixture(autouse=True)
def folders_of_the_test() -> None:
    """Each load has a folder of its own: see `alone`."""


def test_on_another_port_everything_that_is_loaded_says_so(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sheets of packs and mails are written while it loads, before it serves."""
    addresses: dict[str, str] = {}

    def run(name: str, **_options: object) -> None:
        addresses[name] = settings.BASE_URL

    def serve(_program: str, arguments: list[str]) -> None:
        addresses["serve"] = os.environ["WAYMARK_BASE_URL"]
        assert "8199" in arguments

    monkeypatch.setenv("WAYMARK_BASE_URL", "")
    monkeypatch.setattr(demo, "call_command", run)
    monkeypatch.setattr(demo, "sign_ins", lambda: "")
    monkeypatch.setattr("os.execv", serve)
    with override_settings(BASE_URL="http://localhost:8000"):
        demo.Command().handle(port=8199)
    assert addresses["load_demo"] == "http://localhost:8199"
    assert addresses["serve"] == "http://localhost:8199"


# --- whom it refuses; the pages are left out, which take the time ---


@pytest.fixture
def empty(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(publishing, "steps", lambda cast: [])
    with alone(tmp_path):
        yield


def rows() -> dict[str, int]:
    """How many each table holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_nothing_is_loaded_outside_debug(empty: None) -> None:
    before = rows()
    with override_settings(DEBUG=False), pytest.raises(CommandError, match="DEBUG"):
        load()
    assert rows() == before


def test_nothing_is_loaded_beside_a_real_account(empty: None) -> None:
    create_account("somebody-real")
    before = rows()
    with pytest.raises(CommandError, match="Nothing was changed"):
        load()
    assert rows() == before


def test_joining_asks_for_two_different_texts_in_each_language(empty: None) -> None:
    consents.load_consent_texts()
    for language in ("en", "ar", "fr", "de", "es"):
        joining = current_text(Purpose.JOINING, language)
        special = current_text(Purpose.SPECIAL_CATEGORY, language)
        assert joining.language == special.language == language
        assert joining.title != special.title
        assert joining.body != special.body
        assert joining.text_hash != special.text_hash


def test_who_signs_up_in_the_demonstration_does_not_stop_it(empty: None) -> None:
    load()
    person = create_account("somebody-new")
    with factors_of(person):
        TOTP.activate(person, generate_totp_secret())
    before = rows()
    assert "already here" in load()
    said = io.StringIO()
    call_command("demo_code", people.address_of("amina"), stdout=said)
    assert re.fullmatch(r"\d{6}", said.getvalue().strip())
    with pytest.raises(CommandError, match="no account"):  # of the cast alone
        call_command("demo_code", person.email)
    assert rows() == before


def test_the_second_run_does_nothing(empty: None) -> None:
    load()
    before = rows()
    assert "already here" in load(members=80, seed=2)
    assert rows() == before


def test_a_run_that_is_broken_off_leaves_nothing(
    empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise OSError

    before = rows()
    monkeypatch.setattr("demo.conversations.load_conversations", fail)
    with pytest.raises(OSError):
        load()
    assert rows() == before


# members whom nobody is behind: their addresses are drawn, and nobody signs in
INVENTED = Canary.objects.values("person")


def everybody() -> list[Any]:
    """What is drawn: keys and times differ from load to load."""
    members = [
        (
            profile.user.email,
            profile.pseudonym,
            profile.kind,
            profile.way,
            profile.languages,
            profile.place,
            sorted((each.skill, each.level) for each in profile.skills.all()),
            profile.causes,
            profile.slots,
            profile.is_listed,
        )
        for profile in Profile.objects.exclude(user__in=INVENTED).order_by(
            "user__email"
        )
    ]
    helpers = [
        (row.email, row.skills, row.languages, row.place, row.slots, row.travel_km)
        for row in VolunteerRegistration.objects.all()
    ]
    return [*members, *sorted(helpers, key=lambda row: row[0])]


def test_one_seed_gives_the_same_people_and_another_others(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "steps", lambda cast: [])
    found = []
    for number, seed in enumerate((7, 7, 8)):
        with alone(tmp_path / str(number)):
            load(seed=seed)
            found.append(everybody())
    assert found[0] == found[1]
    assert found[0] != found[2]


# --- what it loads: once, whole ---


@pytest.fixture(scope="module")
def whole(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Path]:
    folder: Path = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock(), alone(folder):
        load()
        yield folder


@pytest.fixture
def loaded(whole: Path, db: None) -> Path:
    return whole


def bulk() -> list[User]:
    return list(User.objects.filter(email__regex=BULK).select_related("profile"))


def test_there_are_as_many_as_were_asked_for(loaded: Path) -> None:
    assert len(bulk()) == SIZES["members"]
    named = User.objects.exclude(email__regex=BULK).exclude(pk__in=INVENTED)
    assert named.count() == len(CAST) + len(APPLICANTS)
    assert Canary.objects.count() == 3
    assert VolunteerRegistration.objects.count() == SIZES["volunteers"]
    assert Project.objects.count() == SIZES["projects"]


def test_without_options_there_are_300_members_2000_volunteers_and_81_projects() -> (
    None
):
    parser = load_demo.Command().create_parser("manage.py", "load_demo")
    given = parser.parse_args([])
    sizes = (given.members, given.volunteers, given.projects, given.seed)
    assert sizes == (300, 2000, 81, 1)
    assert len({row["slug"] for row in projects.project_rows()}) == 81


@pytest.mark.parametrize("count", [12, 30, 300, 471])
def test_formers_and_survivors_are_as_306_to_165(count: int) -> None:
    kinds = Counter(crowd.kinds_of(count))
    assert sum(kinds.values()) == count
    both = kinds["former"] + kinds["survivor"]
    assert abs(kinds["former"] - both * 306 / 471) <= 0.5
    assert kinds["supporter"] == count - both == pytest.approx(count / 10, abs=1)


def test_the_members_that_were_loaded_have_that_proportion(loaded: Path) -> None:
    kinds = Counter(person.profile.kind for person in bulk())
    assert kinds == Counter(crowd.kinds_of(SIZES["members"]))


def test_all_that_is_stored_about_the_cast_can_be_read_in_words(loaded: Path) -> None:
    keys: set[str] = set()
    for person in User.objects.exclude(email__regex=BULK):
        for section in export_sections(person):
            for row in section.rows:
                keys |= set(row) - set(section.words)
            assert len(section.read()) == len(section.rows)
    assert keys == set()


def test_nobody_signs_in_as_one_of_the_many(loaded: Path) -> None:
    assert not any(person.has_usable_password() for person in bulk())
    assert not EmailAddress.objects.filter(email__regex=BULK).exists()


def test_every_role_has_an_account_and_everybody_a_second_factor(
    loaded: Path,
) -> None:
    assert set(ROLES) == set(demo.ROLES)
    cast = User.objects.exclude(email__regex=BULK).exclude(pk__in=INVENTED)
    for person in cast:
        kinds = set(
            Authenticator.objects.filter(user=person).values_list("type", flat=True)
        )
        assert kinds == {"totp", "recovery_codes"}, person.email
        assert person.check_password(demo_password())


@pytest.mark.parametrize("role", list(ROLES))
def test_the_printed_code_signs_each_role_in(loaded: Path, role: str) -> None:
    address, said = people.address_of(ROLES[role]), io.StringIO()
    visitor = Visitor()
    visitor.opens("/")
    visitor.follows("Sign in")
    visitor.presses("Sign in", login=address, password=demo_password())
    assert "Me" not in dict(visitor.page.links("//header"))  # not with the password
    call_command("demo_code", address.upper(), stdout=said)
    page = visitor.presses("Sign in", code=said.getvalue().strip())
    assert page.address == "/me/"
    assert page.heading == Profile.objects.get(user__email=address).pseudonym
    assert ("Desk" in dict(page.links("//header"))) == (role in people.STAFF)


def test_two_applications_wait_and_checks_are_granted_by_two(loaded: Path) -> None:
    waiting = Application.objects.filter(state__in=TO_READ)
    emails = waiting.values_list("applicant__email", flat=True)
    assert set(emails) == {people.address_of(key) for key in APPLICANTS}
    asked = {row["key"] for row in CAST if row["safeguarding_tier"]}
    bulk_too = Profile.objects.filter(safeguarding_tier__gt=0)
    granted = bulk_too.exclude(user__email__regex=BULK)
    assert {row.user.email for row in granted.select_related("user")} == {
        people.address_of(key) for key in asked
    }
    assert all(row.tier_today and row.safeguarding_by_id for row in granted)


def test_there_is_no_code_for_somebody_without_a_factor(loaded: Path) -> None:
    with pytest.raises(CommandError, match="no account"):
        call_command("demo_code", people.address_of("member0"))


def test_there_are_24_stories_16_packs_and_12_practices(loaded: Path) -> None:
    stories = StoryPage.objects.live().select_related("locale")
    spoken = Counter(story.locale.language_code for story in stories)
    assert sum(spoken.values()) == 24
    assert all(spoken[code] for code in ("en", "ar", "es", "fr", "de"))
    assert sum(spoken.values()) - spoken["en"] >= 4
    assert PackPage.objects.live().count() == 16
    assert PackBuild.objects.count() == 16
    assert PracticePage.objects.live().count() == 12


def test_nothing_is_filler(loaded: Path) -> None:
    """In the tables and in the files that they are made from."""
    filler = re.compile(r"lorem|ipsum|dolor sit|foobar|\bxxx\b|\bTBD\b", re.I)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert not filler.search(str(cursor.fetchall())), table
    for path in content.FOLDER.rglob("*.toml"):
        assert not filler.search(path.read_text()), path


def test_every_address_belongs_to_the_demonstration(loaded: Path) -> None:
    addresses = [
        *User.objects.exclude(pk__in=INVENTED).values_list("email", flat=True),
        *EmailAddress.objects.values_list("email", flat=True),
        *(row.email for row in VolunteerRegistration.objects.all()),
    ]
    assert len(addresses) > 50
    assert {each.partition("@")[2] for each in addresses} == {people.DOMAIN}
    assert people.DOMAIN.endswith(".example")  # which nobody can own
    assert not OutgoingMail.objects.exists()


def place_of(person: User) -> dict[str, Any]:
    """The entry of bulk.toml that has their town."""
    town = places.city(person.profile.place["town_id"])
    found = [
        place
        for region in content.one("people/bulk")["regions"]
        for place in region["places"]
        if place["country"] == person.country
        and any(places.resolve(f"{name}, {person.country}") == town
                for name in place["towns"])
    ]  # fmt: skip
    assert found, person.email
    return found[0]


def test_the_many_speak_the_languages_of_their_town(loaded: Path) -> None:
    for person in bulk():
        place, spoken = place_of(person), set(person.profile.languages)
        assert set(place["spoken"]) <= spoken, person.email
        assert spoken <= {*place["spoken"], *place.get("also", [])}, person.email


def test_every_language_of_the_many_is_one_that_the_site_knows() -> None:
    for region in content.one("people/bulk")["regions"]:
        for place in region["places"]:
            for code in (*place["spoken"], *place.get("also", [])):
                assert languages.is_language(code), code


def test_the_many_have_skills_and_causes_that_go_together(loaded: Path) -> None:
    bundles = content.one("people/bulk")["bundles"]
    for person in bulk():
        profile = person.profile
        skills = {each.skill for each in profile.skills.all()}
        assert skills, person.email
        assert any(
            skills <= set(bundle["skills"])
            and set(profile.causes) <= set(bundle["causes"])
            and profile.kind in bundle["kinds"]
            for bundle in bundles
        ), person.email


def test_survivors_among_the_many_are_listed_only_where_they_chose_it(
    loaded: Path,
) -> None:
    unlisted = set()
    for person in bulk():
        profile = person.profile
        assert profile.is_listed == profile.is_open_to_contact
        if not profile.is_listed:
            unlisted.add(profile.kind)
    assert {"survivor", "former"} <= unlisted  # it tells nothing of a person


def test_the_texts_that_people_agree_to_are_there(loaded: Path) -> None:
    assert ConsentText.objects.filter(language="en").count() >= 5


# --- `make demo` ---


def test_make_demo_prints_one_sign_in_for_each_role() -> None:
    out = io.StringIO()
    Console(file=out, width=120).print(demo.sign_ins())
    printed = re.findall(rf"(\w+)@{re.escape(people.DOMAIN)}", out.getvalue())
    vetters = {row["key"] for row in CAST if row["role"] == "vetter"}
    assert len(vetters) == 2  # it takes two to let somebody in
    assert set(printed) == set(ROLES.values()) | vetters | set(APPLICANTS)
    assert len(printed) == len(ROLES) + 1 + len(APPLICANTS)
    for label in demo.ROLES.values():
        assert label in out.getvalue()


def test_keys_and_password_are_made_at_random_for_their_owner_alone(
    tmp_path: Path,
) -> None:
    found = [development_keys(tmp_path / name) for name in ("one", "two")]
    for name in found[0]:
        assert found[0][name] != found[1][name]
    assert development_keys(tmp_path / "one") == found[0]
    made = [tmp_path / "one" / "keys.json"]
    with override_settings(VAR_DIR=tmp_path / "one"):
        password = demo_password()
        made.append(tmp_path / "one" / "demo_password")
        assert demo_password() == password
    with override_settings(VAR_DIR=tmp_path / "two"):
        assert demo_password() != password
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_first_run_mails_nobody_of_the_many(loaded: Path) -> None:
    """Their mails would bury the sign-ins that it prints."""
    assert VolunteerRegistration.objects.filter(confirmed_at=None).exists()
    assert volunteers.mail_left_out() == 0
    assert not [mail for mail in OutgoingMail.objects.all() if re.match(BULK, mail.to)]
