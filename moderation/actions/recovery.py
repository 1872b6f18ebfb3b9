"""A new way into an account, as the person who lost theirs goes it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from moderation import access
from moderation.actions import letters
from moderation.models import AccessRecovery, RecoveryDecision, RecoveryState
from network import audit, crypto, mailed_links, notify, ratelimit
from network.access import NotFound, Refused, Role, has_role
from network.models import User
from network.revocation import end_sessions
from profiles.access import people_in
from profiles.models import Decision

AGAIN_AFTER = timedelta(minutes=10)  # the same form sends no second mail before
MAILS_A_DAY = 5  # to one address, so that nobody can be flooded through us


def begin_recovery(*, address: str, reach: str, language: str) -> None:
    """Mails a link to go on with. What happens is as long, and to whoever asks the
    same, whether or not somebody signs in with `address`.

    A reach address other than the account's gets its mail in any case: its silence
    would tell. Where there is no account that link leads to nobody.
    """
    reach = "" if reach == address else reach
    index = crypto.blind_index(f"{address}|{reach}", purpose="lost access")
    if not may_mail(index, reach or address):
        return
    person = account_at(address)
    with transaction.atomic():
        row = open_recovery(person, reach, index, language)
        letters.mail_way_in(row, "recovery_begun")
        if row.person is None and not reach:
            transaction.set_rollback(True)  # nobody asked to be told


def may_mail(index: str, to: str) -> bool:
    if not cache.add(f"lost access {index}", True, AGAIN_AFTER.total_seconds()):
        return False
    return ratelimit.hit(
        "lost access mail", key=to, limit=MAILS_A_DAY, per=timedelta(days=1)
    ).allowed


def account_at(address: str) -> User | None:
    """Whoever signs in with it and may have a new way in."""
    theirs = Q(email=address) | Q(
        emailaddress__email=address, emailaddress__verified=True
    )
    found = User.objects.filter(theirs).select_related("profile").first()
    return found if found is not None and access.may_recover(found) else None


def open_recovery(
    person: User | None, reach: str, index: str, language: str
) -> AccessRecovery:
    """The one that was begun in these words, or a new one. It stands beside what others
    ask for the same account, and neither learns of the other."""
    if person is not None:
        # two forms at once: the second waits here
        User.objects.select_for_update().get(pk=person.pk)
    asked = AccessRecovery.objects.open().filter(person=person, asked_index=index)
    row = asked.first()
    if row is not None:
        return renewed(row)
    row = AccessRecovery.objects.create(
        person=person, reach=reach, asked_index=index, language=language
    )
    audit.record(action="recovery begun", by=None, subject=row)
    return row


def renewed(row: AccessRecovery) -> AccessRecovery:
    row.begun_at = timezone.now()
    row.save(update_fields=["begun_at"])
    return row


def forget_recovery(row: AccessRecovery) -> None:
    mailed_links.withdraw(subject=row.pk)
    row.delete()


def send_words(*, recovery: AccessRecovery, words: str) -> AccessRecovery:
    """Hands it to the vetters, and warns every address. A second time changes
    nothing."""
    with transaction.atomic():
        row = locked(recovery.pk)
        if row.state != RecoveryState.BEGUN:
            return row
        row.state, row.words = RecoveryState.WAITING, words
        row.sent_at = timezone.now()
        row.save()
        audit.record(action="recovery sent", by=None, subject=row)
        if row.person is not None:
            tell_vetters(row)
            tell_person(row.person)
            letters.warn_addresses(row, "recovery_asked")
    return row


def locked(key: UUID) -> AccessRecovery:
    """Raises `NotFound` when it is gone, with its account or by age."""
    rows = AccessRecovery.objects.select_for_update(of=("self",))
    found = rows.select_related("person").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def tell_vetters(row: AccessRecovery) -> None:
    for vetter in people_in(Role.VETTER):
        if vetter.pk != row.person_id:
            with translation.override(vetter.language):
                url = reverse("moderation:recoveries")
            notify.notify(person=vetter, kind="recovery", url=url)


def tell_person(person: User) -> None:
    with translation.override(person.language):
        url = reverse("profiles:me")
    notify.notify(person=person, kind="recovery_asked", url=url)


def reply_to_vetter(*, recovery: AccessRecovery, question_id: str, words: str) -> None:
    """The person's answer to a question. Raises `NotFound` for another's."""
    with transaction.atomic():
        row = locked(recovery.pk)
        asked = row.decisions.filter(answer=Decision.Answer.ASK).in_bulk()
        question = {str(key): one for key, one in asked.items()}.get(question_id)
        if question is None or row.state != RecoveryState.WAITING:
            raise NotFound
        if question.reply == words:
            return
        question.reply = words
        question.save(update_fields=["reply"])
        audit.record(action="recovery replied", by=None, subject=row)
        tell_vetter(question)


def tell_vetter(question: RecoveryDecision) -> None:
    with translation.override(question.vetter.language):
        url = reverse("moderation:recovery", args=[question.recovery_id])
    notify.notify(person=question.vetter, kind="recovery_answered", url=url)


def stop_recovery(*, recovery: AccessRecovery, by: User | None) -> bool:
    """By a mailed link (`by` is None), by the signed-in person, or by a vetter. False
    when it was over already."""
    with transaction.atomic():
        row = locked(recovery.pk)
        if not row.is_open:
            return False
        close(row, RecoveryState.STOPPED)
        mailed_links.withdraw(subject=row.pk, purpose=access.LOST_ACCESS)
        audit.record(action="recovery stopped", by=by, subject=row)
        letters.mail_closed(row)
    return True


def close(row: AccessRecovery, state: RecoveryState) -> None:
    row.state, row.closed_at = state, timezone.now()
    row.save()


def finish_recovery(*, recovery: AccessRecovery, password: str) -> None:
    """Sets the password; factors, sessions and old addresses end with the old way in.

    Raises `NotFound` before its time and a second time, `Refused` where the reach
    address has become another account's.
    """
    with transaction.atomic():
        row = locked(recovery.pk)
        if row.person is None or not row.is_ready or not access.may_recover(row.person):
            raise NotFound
        check_approvers(row)
        person = row.person
        told = letters.addresses_of(person)
        move_address(person, letters.reach_of(row))
        person.set_password(password)
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person=person.pk, reason="recovered")
        close(row, RecoveryState.DONE)
        mailed_links.withdraw(subject=row.pk)
        for other in access.others_asking(row):
            stop_recovery(recovery=other, by=person)
        audit.record(action="recovery done", by=None, subject=row)
        for address in told:
            letters.tell_address(person, address, "recovery_done", help_url(person))


def check_approvers(row: AccessRecovery) -> None:
    """Both are vetters still: whoever lost that role meanwhile vouches for nobody."""
    for vetter in (row.first_approver, row.second_approver):
        if vetter is None or not has_role(vetter, Role.VETTER):
            words = _("One of those who agreed is no vetter any more. Begin anew.")
            raise Refused(words)


def move_address(person: User, address: str) -> None:
    """The one that the link was mailed to is proved, and is the only one from now."""
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(
                user=person, email=address, verified=True, primary=True
            )
            person.email = address
            person.save(update_fields=["email"])
    except IntegrityError as error:
        words = _(
            "Another account uses the address that you gave us by now. Begin anew, "
            "with another address."
        )
        raise Refused(words) from error


def help_url(person: User) -> str:
    with translation.override(person.language):
        return reverse("moderation:lost_access")
