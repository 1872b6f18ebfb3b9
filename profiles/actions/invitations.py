"""A member invites somebody to apply, by a link that is good once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network import audit, crypto, mailed_links, notify, ratelimit
from network.access import Refused
from network.models import User
from profiles.access import INVITATION
from profiles.models import Application, Invitation

GOOD_FOR = timedelta(hours=72)
MOST_OPEN = 5  # of one member
MOST_IN_A_WHILE, WHILE = 10, timedelta(days=3)
MAILS_A_DAY = 2  # to one address, whoever invites it
SPENT_KEPT = timedelta(days=30)


def invite_person(*, by: User, email: str) -> Invitation:
    """Mails a link, in the member's language. It is the same answer whether or not the
    address has an account here, or was invited by somebody else. The same address a
    second time changes nothing. Raises `Refused` with what to do instead."""
    address = email.strip()
    if address.lower() == by.email.lower():
        raise Refused(_("That is your own address. You are a member already."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two forms at once
        mine = list(Invitation.objects.not_over().filter(inviter=by))
        for invitation in mine:
            if invitation.email.lower() == address.lower():
                return invitation
        check_may_send(by, len(mine))
        invitation = Invitation.objects.create(
            inviter=by, email=address, expires_at=timezone.now() + GOOD_FOR
        )
        audit.record(action="invited", by=by, subject=invitation)
        mail_invitation(invitation)
    return invitation


def check_may_send(by: User, count: int) -> None:
    if count >= MOST_OPEN:
        raise Refused(
            _("Five invitations are open. Take one back, or wait until one is over.")
        )
    decision = ratelimit.hit(
        "invitations", key=str(by.pk), limit=MOST_IN_A_WHILE, per=WHILE
    )
    if not decision.allowed:
        raise Refused(
            _("You have sent many invitations in three days. Try again later.")
        )


def mail_invitation(invitation: Invitation) -> None:
    """Nobody's letter box is filled from here: beyond the day's limit none goes out,
    and whoever invites is not told, or they would learn of other members' letters."""
    address = crypto.blind_index(invitation.email.lower(), purpose="invited e-mail")
    decision = ratelimit.hit(
        "invitation mail", key=address, limit=MAILS_A_DAY, per=timedelta(days=1)
    )
    if not decision.allowed:
        return
    token = mailed_links.issue(
        purpose=INVITATION, subject=invitation.pk, lifetime=GOOD_FOR
    )
    language = invitation.inviter.language
    with translation.override(language):
        url = notify.absolute(reverse("profiles:invitation_open", args=[token]))
    hours = int(GOOD_FOR.total_seconds() // 3600)
    notify.send_mail(
        to=invitation.email,
        template="invitation",
        context={"link": url, "hours": hours},
        language=language,
    )


def withdraw_invitation(*, invitation: Invitation, by: User | None) -> None:
    """Its link opens nothing any more; what was begun with it goes on."""
    with transaction.atomic():
        mailed_links.withdraw(subject=invitation.pk)
        open_ones = Invitation.objects.not_over().filter(pk=invitation.pk)
        if open_ones.update(withdrawn_at=timezone.now()):
            audit.record(action="invitation withdrawn", by=by, subject=invitation)


def take_up(*, invitation: Invitation, application: Application, by: User) -> None:
    """The first application that is begun with it has it; an application has one."""
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        if Invitation.objects.filter(application=application).exists():
            return
        taken = (
            Invitation.objects.good()
            .filter(pk=invitation.pk)
            .update(used_at=timezone.now(), application=application)
        )
        if taken:
            audit.record(action="invitation taken up", by=by, subject=application)


def give_back(application: Application) -> None:
    """What was begun with it was discarded: within its time it is good again."""
    Invitation.objects.filter(application=application).update(
        used_at=None, application=None
    )


def end_invitations(person: User) -> None:
    """Of whoever is a member no longer."""
    for invitation in Invitation.objects.good().filter(inviter=person):
        withdraw_invitation(invitation=invitation, by=None)


def forget_spent() -> int:
    """A month after its end an invitation that led nowhere is deleted; of the others
    the address is. Returns how many there were."""
    over = Invitation.objects.filter(expires_at__lte=timezone.now() - SPENT_KEPT)
    unused = over.filter(Q(used_at=None) | Q(application=None))
    used = [row for row in over.exclude(pk__in=unused) if row.email]
    count = unused.count() + len(used)
    unused.delete()
    for row in used:
        row.email = ""
        row.save(update_fields=["email"])
    return count
