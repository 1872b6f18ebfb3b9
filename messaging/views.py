"""Pages and the plain POST and GET that everybody can use, socket or not."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging import access, actions, events, queries
from messaging.forms import MessageForm
from messaging.models import Message, Participant
from network import mailed_links
from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, Request, lead_to_login, require_post


@require_safe
@require_login
def conversation_list(request: MemberRequest) -> HttpResponse:
    if not access.may_use_messages(request.user):
        raise NotFound
    pages = Paginator(queries.my_participations(request.user), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = queries.conversation_list(list(page.object_list))
    return render(request, "messaging/list.html", {"rows": rows, "page": page})


@require_safe
def conversation_detail(request: Request, conversation_id: UUID) -> HttpResponse:
    mine = _participant(request, conversation_id)
    if isinstance(mine, HttpResponse):
        return mine
    before = _number(request.GET.get("before"))
    actions.mark_read(participant=mine, seq=mine.conversation.last_seq)
    form = MessageForm(initial={"uuid": uuid4()})
    return _page(request, mine, form, before=before)


@require_post
def message_send(request: Request, conversation_id: UUID) -> HttpResponse:
    mine = _participant(request, conversation_id)
    if isinstance(mine, HttpResponse):
        return mine
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _unsent(request, mine, form)
    try:
        message = actions.send_message(
            participant=mine,
            body=form.cleaned_data["body"],
            client_uuid=form.cleaned_data["uuid"],
            is_sensitive=form.cleaned_data["is_sensitive"],
        )
    except Refused as refusal:
        form.add_error("body", str(refusal.message))
        return _unsent(request, mine, form)
    if _wants_json(request):
        return JsonResponse({"seq": message.seq, "uuid": str(message.client_uuid)})
    url = reverse("messaging:detail", args=[conversation_id])
    return redirect(f"{url}#last")


@require_safe
def messages_after(request: Request, conversation_id: UUID) -> HttpResponse:
    """What a reader lacks: `?have=<the highest number they hold without a gap>`."""
    mine = access.participant_for(request, conversation_id)
    found = queries.messages_after(mine, _number(request.GET.get("have")) or 0)
    lines = [events.message_event(mine.conversation, message) for message in found]
    return JsonResponse({"messages": lines, "last": mine.conversation.last_seq})


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def conversation_start(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """To the conversation with somebody who said yes. A GET makes nothing."""
    grant = access.grant_between(request.user, person_id)
    existing = getattr(grant, "conversation", None)
    if existing is None and request.method != "POST":
        return render(request, "messaging/start.html", {"person_id": person_id})
    conversation = existing or actions.open_conversation(grant=grant)
    return redirect(f"{reverse('messaging:detail', args=[conversation.pk])}#last")


@require_safe
def safety(request: Request, conversation_id: UUID) -> HttpResponse:
    mine = access.participant_for(request, conversation_id)
    other = queries.other_of(mine)
    before = _number(request.GET.get("before"))
    recent, earlier = queries.messages_to(mine, before=before)
    context = {
        "mine": mine,
        "other": other,
        "title": queries.name_of(other),
        "recent": recent,
        "earlier": earlier,
        "is_latest": before is None,
    }
    return render(request, "messaging/safety.html", context)


@require_post
def conversation_leave(request: Request, conversation_id: UUID) -> HttpResponse:
    mine = access.participant_for(request, conversation_id)
    actions.leave_conversation(participant=mine, by=mine.person)
    return redirect("messaging:list" if mine.person_id else "/")


@require_post
def message_delete(request: Request, conversation_id: UUID, seq: int) -> HttpResponse:
    mine = access.participant_for(request, conversation_id)
    message = Message.objects.filter(
        conversation=conversation_id, sender=mine, seq=seq, deleted_at=None
    ).first()
    if message is None:
        raise NotFound
    actions.delete_message(message=message, participant=mine)
    return redirect("messaging:detail", conversation_id)


@require_safe
def link_open(request: Request, token: str) -> HttpResponse:
    """A mailed link: into the session, and on to an address without the token."""
    participant_id = mailed_links.open(request, access.LINK_PURPOSE, token)
    mine = access.readable().filter(pk=participant_id).first()
    if mine is None:
        raise mailed_links.LinkOver
    return redirect("messaging:detail", mine.conversation_id)


def _participant(request: Request, conversation_id: UUID) -> Participant | HttpResponse:
    """Anonymous people without a link are sent to sign in, whatever they asked for."""
    try:
        return access.participant_for(request, conversation_id)
    except NotFound:
        if request.user.is_authenticated:
            raise
    return lead_to_login(request)


def _unsent(request: Request, mine: Participant, form: MessageForm) -> HttpResponse:
    """The text is kept; the sentence says what to do."""
    if _wants_json(request):
        messages = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(messages)}, status=422)
    return _page(request, mine, form, status=422)


def _page(
    request: Request,
    mine: Participant,
    form: MessageForm,
    *,
    before: int | None = None,
    status: int = 200,
) -> HttpResponse:
    window = queries.message_window(mine, before=before)
    other = queries.other_of(mine)
    context = {
        "mine": mine,
        "other": other,
        "title": queries.name_of(other),
        "window": window,
        "earlier": window[0].seq if window and window[0].seq > 1 else None,
        "is_latest": before is None,
        "is_paused": queries.is_on_a_pause(other),
        "verdict": access.can_write(mine),
        "form": form,
        "live": {
            "conversation": str(mine.conversation_id),
            "me": str(mine.pk),
            "have": window[-1].seq if window else 0,
            "you": _("You"),
            "other": queries.name_of(other),
        },
    }
    return render(request, "messaging/detail.html", context, status=status)


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _number(text: str | None) -> int | None:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) < 16
        else None
    )
