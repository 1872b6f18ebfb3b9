"""How mails come, and the page behind the link that stops them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from network import errors, mailed_links, push, vapid
from network.access import Role, has_role, require_login
from network.http import MemberRequest, Request, posted, slow_down
from network.models import MailChoice, Pace, User
from network.notify import STOP_MAILS
from profiles import access, queries
from profiles.actions import notices
from profiles.forms.mails import MailsForm
from profiles.forms.pushing import PushForm

ONE_CLICK = ("List-Unsubscribe", "One-Click")
# of one sender, which may be a provider of many mailboxes: slower beyond, never refused
LIMIT, PER, LONGEST_DELAY = 120, timedelta(minutes=10), 2.0


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def notifications(request: MemberRequest) -> HttpResponse:
    form = MailsForm(posted(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        notices.choose_mails(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profiles:notifications")
    return notifications_page(request, form=form)


def notifications_page(
    request: MemberRequest,
    *,
    form: MailsForm | None = None,
    push_form: PushForm | None = None,
) -> HttpResponse:
    """Both forms of the page; 422 where one of them was sent and refused."""
    form = form or MailsForm(None, person=request.user)
    push_form = push_form or PushForm()
    key = request.session.session_key
    context = {
        "form": form,
        "push_form": push_form,
        "push_key": vapid.public_key() if push.is_offered() else "",
        "pushed": queries.pushed_browsers(request.user, session_key=key),
        "is_on_call": has_role(request.user, Role.MODERATOR),
    }
    status = 422 if form.errors or push_form.errors else 200
    return render(request, "profiles/notifications.html", context, status=status)


# A mail client has no cookie and so no token of a form: that of the link is the proof.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop_open(request: Request, token: str) -> HttpResponse:
    """A GET only opens the page, since mail scanners follow links; a mail client's POST
    stops the mails at once (RFC 8058)."""
    person = access.person_of_mail_token(token)
    if request.method == "POST":
        response = stopped_by_client(request, person)
    else:
        mailed_links.open(request, STOP_MAILS, token)
        response = redirect("profiles:mail_stop")
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store, private"
    return response


def stopped_by_client(request: Request, person: User) -> HttpResponse:
    """The answer is the page at once, since a client follows no redirect; without the
    way back, whose form would need a cookie."""
    name, value = ONE_CLICK
    if request.POST.get(name) != value:
        return errors.not_readable(request)
    slow_down(request, "mail stop", limit=LIMIT, per=PER, longest=LONGEST_DELAY)
    notices.stop_mails(person=person)
    context = {"choice": MailChoice(pace=Pace.NEVER)}
    return render(request, "profiles/mail_stop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: Request) -> HttpResponse:
    """A GET says what the button does: it stops these mails, or brings them back."""
    person = access.person_of_mails(request)
    if "undo" in request.POST:
        notices.resume_mails(person=person)
        messages.success(request, _("They come again, as before."))
        return redirect("profiles:mail_stop")
    if request.method == "POST":
        notices.stop_mails(person=person)
        return redirect("profiles:mail_stop")
    context = {"choice": queries.mail_choice(person)}
    return render(request, "profiles/mail_stop.html", context)
