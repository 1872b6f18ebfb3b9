"""What the site itself reports to moderators: about whoever did something, and with no
way to those to whom it was done."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone, translation

from moderation.access import Thing
from moderation.actions.reports import first_report
from moderation.models import Report
from network import notify
from network.access import Role
from network.models import User
from network.parts import reportables
from profiles.access import Tier, find_profile, people_in, shown_at


def report_collecting(*, person: User) -> None:
    """They have used up a day's views; once a day."""
    key = uuid5(person.pk, f"collecting {timezone.localdate().toordinal()}")
    report_by_site(
        person=person, reason=Report.Reason.COLLECTING, key=key, kind="view_budget"
    )


def report_by_site(*, person: User, reason: str, key: UUID, kind: str) -> None:
    """The same `key` a second time changes nothing and tells nobody."""
    if Report.objects.filter(pk=key).exists():
        return
    first_report(thing_of(person), reason, AnonymousUser(), "", "", key)
    for moderator in people_in(Role.MODERATOR):
        if moderator.pk == person.pk:
            continue
        with translation.override(moderator.language):
            url = reverse("moderation:report_detail", args=[key])
        notify.notify(person=moderator, kind=kind, url=url)


def thing_of(person: User) -> Thing:
    """Their profile, as other members see it."""
    part = reportables.get("profile")
    if part is None:
        raise LookupError("profiles cannot be reported")
    return Thing(part, shown_at(find_profile(person.pk), Tier.MEMBER), str(person.pk))
