"""Who sees whose profile, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from network.access import NotFound, Viewer, is_signed_in
from network.models import User
from profiles.access.standing import is_active_member, kind_of, own_profile
from profiles.access.ties import (
    asker_ids,
    blocked_ids,
    connection_between,
    friends_of,
    has_asked,
    is_blocked_between,
)
from profiles.models import (
    Audience,
    Block,
    Kind,
    Profile,
)
from profiles.models.profile import ACTIVE
from profiles.shown import ShownProfile, show


class Tier(IntEnum):
    """How near a viewer is. Each sees what the ones before it see."""

    ANYBODY = 0
    MEMBER = 1
    CONNECTION = 2
    OWNER = 3


AUDIENCES: dict[Tier, frozenset[str]] = {
    Tier.ANYBODY: frozenset({Audience.PUBLIC}),
    Tier.MEMBER: frozenset({Audience.PUBLIC, Audience.MEMBERS}),
    Tier.CONNECTION: frozenset(
        {Audience.PUBLIC, Audience.MEMBERS, Audience.CONNECTIONS}
    ),
    Tier.OWNER: frozenset(Audience.values),
}


def profile_for_viewer(viewer: Viewer, user_id: UUID) -> ShownProfile:
    """Only the fields that this viewer may see. Raises `NotFound`."""
    profile = find_profile(user_id)
    tier = tier_of(viewer, profile)
    if tier is None:
        raise NotFound
    return shown_at(profile, tier)


def reportable_profile(viewer: Viewer, user_id: UUID) -> ShownProfile:
    """What this viewer sees, and whom they blocked: who needed the block most must
    still be able to report. Raises `NotFound`."""
    try:
        return profile_for_viewer(viewer, user_id)
    except NotFound:
        if not is_signed_in(viewer):
            raise
        block_by(viewer, user_id)
    return shown_at(find_profile(user_id), Tier.MEMBER)


def shown_at(profile: Profile, tier: Tier) -> ShownProfile:
    return show(profile, AUDIENCES[tier])


def name_at(profile: Profile, tier: Tier) -> str:
    """By what somebody this near knows them."""
    is_shown = profile.audience_of("pseudonym") in AUDIENCES[tier]
    return str(profile) if is_shown else _("A member")


def find_profile(user_id: UUID) -> Profile:
    """Whoever it is. Raises `NotFound`. Ask `tier_of` before showing anything."""
    found = Profile.objects.select_related("user").filter(user=user_id).first()
    if found is None:
        raise NotFound
    return found


def visible_member(viewer: User, user_id: UUID) -> Profile:
    """Somebody whom this member may see as a member. Raises `NotFound`."""
    profile = find_profile(user_id)
    tier = tier_of(viewer, profile)
    if tier not in {Tier.MEMBER, Tier.CONNECTION}:
        raise NotFound
    return profile


def tier_of(viewer: Viewer, profile: Profile) -> Tier | None:
    """None: for this viewer there is nobody."""
    if not is_signed_in(viewer):
        return Tier.ANYBODY if is_public(profile) else None
    if viewer.pk == profile.user_id:
        return Tier.OWNER
    if not is_present(profile) or is_blocked_between(viewer.pk, profile.user_id):
        return None
    if is_active_member(viewer):
        return tier_between(viewer, profile)
    return Tier.ANYBODY if is_public(profile) else None


def tier_between(viewer: User, profile: Profile) -> Tier | None:
    """Of two members who are both there and not behind a block."""
    if connection_between(viewer.pk, profile.user_id) is not None:
        return Tier.CONNECTION
    if has_asked(profile.user_id, viewer.pk):
        return Tier.MEMBER
    return _tier_without_ties(viewer, profile)


def tiers_of(viewer: User, profiles: Iterable[Profile]) -> dict[UUID, Tier]:
    """`tier_of` for an active member and many others, in three queries; who is not
    there for this viewer is not in it."""
    blocked, connected = blocked_ids(viewer), friends_of(viewer.pk)
    askers = asker_ids(viewer)

    def tier(profile: Profile) -> Tier | None:
        if not is_present(profile) or profile.user_id in blocked:
            return None
        if profile.user_id in connected:
            return Tier.CONNECTION
        if profile.user_id in askers:
            return Tier.MEMBER
        return _tier_without_ties(viewer, profile)

    found = {profile.user_id: tier(profile) for profile in profiles}
    return {key: each for key, each in found.items() if each is not None}


def _tier_without_ties(viewer: User, profile: Profile) -> Tier | None:
    if is_kept_from(viewer, profile) or not profile.is_listed:
        return None
    return Tier.MEMBER


def is_present(profile: Profile) -> bool:
    return _is_active(profile) and not profile.is_hidden


def is_on_a_pause(profile: Profile) -> bool:
    """Seen by nobody; those who are connected with them already are told why."""
    return _is_active(profile) and profile.is_hidden


def _is_active(profile: Profile) -> bool:
    return profile.standing in ACTIVE and profile.user.is_active


def is_public(profile: Profile) -> bool:
    is_shown = profile.audience_of("pseudonym") == Audience.PUBLIC
    return is_shown and profile.is_listed and is_present(profile)


def is_kept_from(viewer: User, profile: Profile) -> bool:
    """A survivor who wants nothing to do with formers and a former are not there for
    each other. Nor is the survivor for whoever does not say what they are: a label that
    was taken off opens nothing."""
    if _may_be_former(viewer) and _wants_no_formers(profile):
        return True
    return profile.kind == Kind.FORMER and _wants_no_formers(own_profile(viewer))


def _may_be_former(viewer: Viewer) -> bool:
    return kind_of(viewer) in {Kind.FORMER, ""}


def _wants_no_formers(profile: Profile | None) -> bool:
    return profile is not None and bool(profile.contact_rules.get("no_formers"))


def people_kept_from(viewer: User, among: QuerySet[Profile]) -> list[UUID]:
    """Ids of those who are not there for this viewer, by either one's wish.

    Read row by row: a column that can be searched would tell who is a survivor.
    """
    if not _may_be_former(viewer) and not _wants_no_formers(own_profile(viewer)):
        return []
    rows = among.only("pk", "user_id", "kind", "contact_rules")
    return [row.user_id for row in rows if is_kept_from(viewer, row)]


def shown_to_lead(profile: Profile) -> ShownProfile | None:
    """What a project's lead sees of somebody who fits; None without their consent."""
    if not profile.is_matched or not is_present(profile):
        return None
    full = show(profile, AUDIENCES[Tier.OWNER])
    return ShownProfile(
        user_id=profile.user_id,
        pseudonym=name_at(profile, Tier.MEMBER),
        languages=full.languages,
        skills=full.skills,
        causes=full.causes,
        slots=full.slots,
        experience_years=full.experience_years,
    )


def block_by(person: User, user_id: UUID) -> Block:
    """Raises `NotFound` when this person did not block that one."""
    found = Block.objects.filter(blocker=person, blocked=user_id).first()
    if found is None:
        raise NotFound
    return found
