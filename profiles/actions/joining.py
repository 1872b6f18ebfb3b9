"""An applicant's own part of joining: from a draft to an application, its withdrawal
and an appeal. What vetters decide is in `admission`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network import audit, notify
from network.access import NotFound, Refused, Role
from network.models import User
from profiles import access
from profiles.actions import changes
from profiles.actions.consent import give_consent, withdraw_purpose
from profiles.actions.invitations import give_back
from profiles.actions.vouching import forget_referees
from profiles.models import (
    TO_READ,
    Application,
    ApplicationState,
    Assignment,
    ContactGrant,
    JoiningQuestion,
    Profile,
    Purpose,
    Standing,
)
from profiles.models.profile import ACTIVE

PROMISED = timedelta(days=14)  # until an applicant has an answer
READ_WITHIN = timedelta(days=7)  # then, without a word, another vetter may read it
NEEDED = ("kind", "pseudonym", "languages", "country", "way")
ASKED = (Purpose.JOINING, Purpose.SPECIAL_CATEGORY)  # consents
APPEAL_WORDS = "appeal"  # in `Application.answers`
ASKED_MORE = "asked"  # in `Application.answers`: what staff ask of a kind, by id
UNFINISHED = "unfinished"  # in `Application.answers`: {field: what was written}


def save_draft(
    *,
    by: User,
    answers: dict[str, Any],
    unfinished: dict[str, str] | None = None,
    fields: Collection[str] = (),
) -> Application:
    """Adds answers to the draft; the first ones begin it. What is `unfinished` is kept
    beside them and is no answer yet, until its field (of those of the screen) comes
    back finished. Raises `Refused`."""
    if not access.may_apply(by):
        raise Refused(_("You have applied already."))
    begun = unfinished or {}
    with transaction.atomic():
        application = draft_of(by)
        if application.state != ApplicationState.DRAFT:
            raise Refused(_("Your application is with us already."))
        given = {**application.answers, **answers}
        kept = given.pop(UNFINISHED, {})
        application.answers = {
            name: value for name, value in given.items() if name not in begun
        }
        seen = {*answers, *fields}
        kept = {name: text for name, text in kept.items() if name not in seen}
        if kept or begun:
            application.answers[UNFINISHED] = {**kept, **begun}
        application.save()
        audit.record(action="application saved", by=by, subject=application)
    return application


def as_left(application: Application) -> dict[str, Any]:
    """Every field as it was last seen, finished or not."""
    return {**application.answers, **application.answers.get(UNFINISHED, {})}


def draft_of(person: User) -> Application:
    found = access.open_application(person)
    if found is not None:
        return Application.objects.select_for_update().get(pk=found.pk)
    try:
        with transaction.atomic():
            return Application.objects.create(applicant=person)
    except IntegrityError:  # the same first step, sent twice at once
        return Application.objects.select_for_update().get(
            applicant=person, state=ApplicationState.DRAFT
        )


def discard_draft(*, by: User) -> None:
    """Deletes what was written so far: for a break for ever, and for under 18."""
    with transaction.atomic():
        drafts = Application.objects.filter(applicant=by, state=ApplicationState.DRAFT)
        for application in drafts:
            audit.record(action="application discarded", by=by, subject=application)
            give_back(application)
            application.delete()


def missing_answers(application: Application) -> list[str]:
    given = application.answers
    missing = [name for name in NEEDED if not given.get(name)]
    answered = given.get(ASKED_MORE, {})
    asked = JoiningQuestion.objects.live().filter(is_required=True)
    needed = [row for row in asked if given.get("kind") in row.kinds]
    return missing + [str(row.pk) for row in needed if str(row.pk) not in answered]


def of_their_kind(answers: dict[str, Any]) -> dict[str, Any]:
    """Without what was answered before somebody came as something else."""
    given = answers.get(ASKED_MORE, {})
    rows = JoiningQuestion.objects.filter(pk__in=list(given))
    theirs = {str(row.pk) for row in rows if answers["kind"] in row.kinds}
    return {**answers, ASKED_MORE: {key: given[key] for key in given if key in theirs}}


def submit_application(
    *, application: Application, by: User, language: str
) -> Application:
    """Hands the application in, with consent to the current texts on record, in the
    language in which they were shown.

    A second time changes nothing. Raises `Refused` with what is still to be done, and
    `NotFound` for who may not apply (any more).
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(
            pk=application.pk, applicant=by
        )
        if application.is_waiting:
            return application
        check_complete(application, by)
        # a suspension at this moment waits, or is seen
        profile, _is_new = Profile.objects.select_for_update().get_or_create(user=by)
        if profile.standing != Standing.APPLICANT:
            raise NotFound
        for purpose in ASKED:
            give_consent(purpose=purpose, language=language, by=by)
        application.answers = of_their_kind(application.answers)
        application.state = ApplicationState.SUBMITTED
        application.submitted_at = timezone.now()
        application.contact_person = least_busy_vetter(by)
        application.save()
        if not by.country:  # whose helplines they see
            by.country = application.answers["country"]
            by.save(update_fields=["country"])
        audit.record(action="application submitted", by=by, subject=application)
        if application.contact_person is not None:
            assign_application(application, application.contact_person)
        open_vetting_thread(application)
        tell_of(application, "application_received")
        tell_vetters(application)
    return application


def check_complete(application: Application, by: User) -> None:
    if application.state != ApplicationState.DRAFT:
        raise Refused(_("This application is closed. You can begin a new one."))
    if missing_answers(application):
        raise Refused(_("Some answers are still missing. Go through the steps again."))
    if not access.has_second_factor(by):
        raise Refused(_("Set a second factor first: it protects you and the others."))


def least_busy_vetter(applicant: User) -> User | None:
    waiting = Count("pk", filter=Q(state__in=TO_READ))
    loads = dict(
        Application.objects.values_list("contact_person")
        .annotate(waiting=waiting)
        .order_by()
    )
    others = [one for one in access.people_in(Role.VETTER) if one.pk != applicant.pk]
    return min(others, key=lambda one: (loads.get(one.pk, 0), one.pk), default=None)


def assign_application(application: Application, vetter: User) -> None:
    """Opens it to this vetter, anew if their time had run out."""
    seat, _is_new = Assignment.objects.get_or_create(
        application=application,
        vetter=vetter,
        defaults={"until": timezone.now() + READ_WITHIN},
    )
    if seat.until is not None:
        seat.until = timezone.now() + READ_WITHIN
        seat.save(update_fields=["until"])


def open_vetting_thread(application: Application) -> None:
    """The applicant and their contact can write to each other while it is pending."""
    contact = application.contact_person
    profile = access.own_profile(contact) if contact is not None else None
    if contact is None or profile is None or profile.standing not in ACTIVE:
        return
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.VETTING,
        source=application.pk,
        person=contact,
        other_person=application.applicant,
    )
    changes.tell_grant(grant)


def close_vetting_thread(application: Application) -> None:
    for grant in ContactGrant.objects.filter(
        kind=ContactGrant.Kind.VETTING, source=application.pk, ended_at=None
    ):
        grant.ended_at = timezone.now()
        grant.save(update_fields=["ended_at"])
        changes.tell_grant(grant)


def appeal_decision(*, application: Application, by: User, words: str) -> Application:
    """After a no: a third person reads it again, and if they say yes a fourth. A second
    time changes nothing. Raises `Refused` with what to do instead."""
    with transaction.atomic():
        row = Application.objects.select_for_update().get(
            pk=application.pk, applicant=by
        )
        if row.is_waiting and row.appealed_at is not None:
            return row
        if row.may_appeal_until is None:
            raise Refused(_("The time to ask for that is over. You can apply again."))
        if access.open_application(by) is not None:
            raise Refused(_("You have begun a new application. It is read afresh."))
        row.state, row.decided_at = ApplicationState.IN_REVIEW, None
        row.appealed_at, row.contact_person = timezone.now(), None
        if words:
            row.answers = {**row.answers, APPEAL_WORDS: words}
        row.save()
        audit.record(action="application appealed", by=by, subject=row)
        tell_of(row, "application_received")
        tell_vetters(row)
    return row


def tell_vetters(row: Application) -> None:
    """Who has decided on it already is not asked again. Where nobody is left to read
    it, the administrators are told: it needs another vetter."""
    heard = {row.applicant_id, *row.decisions.values_list("vetter", flat=True)}
    left = [one for one in access.people_in(Role.VETTER) if one.pk not in heard]
    for person in left or access.people_in(Role.ADMIN):
        notify.notify(
            person=person, kind="application", url=reverse("profiles:notices")
        )


def withdraw_application(*, application: Application, by: User) -> None:
    """The applicant takes it back; what they wrote is deleted at once."""
    with transaction.atomic():
        row = Application.objects.select_for_update().get(
            pk=application.pk, applicant=by
        )
        if row.state != ApplicationState.DRAFT and not row.is_waiting:
            return
        row.state, row.answers = ApplicationState.WITHDRAWN, {}
        row.decided_at = timezone.now()
        row.save()
        close_vetting_thread(row)
        forget_referees(row)
        for purpose in ASKED:
            withdraw_purpose(purpose=purpose, by=by)
        audit.record(action="application withdrawn", by=by, subject=row)


def tell_of(row: Application, template: str) -> None:
    applicant = row.applicant
    with translation.override(applicant.language):
        url = notify.absolute(reverse("profiles:application_status"))
    notify.send_mail(
        to=applicant.email,
        template=template,
        context={"url": url, "days": PROMISED.days},
        language=applicant.language,
    )
