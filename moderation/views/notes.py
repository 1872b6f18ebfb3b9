"""Notes of vetters, in the dossier."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from moderation import access
from moderation.actions import notes
from moderation.forms.desk import ApplicationVerdictForm
from moderation.forms.vetting import NoteForm
from moderation.views.vetting import page_of
from network.access import Refused, require_login
from network.http import MemberRequest, require_post


@require_post
@require_login
def note_add(request: MemberRequest, application_id: UUID) -> HttpResponse:
    application = access.application_for_vetter(request.user, application_id)
    form = NoteForm(request.POST)
    if not form.is_valid() and application.is_waiting:
        verdict = ApplicationVerdictForm()
        return page_of(request, application, verdict, note_form=form, status=422)
    try:
        notes.add_note(
            key=form.cleaned_data["key"],
            application=application,
            by=request.user,
            words=form.cleaned_data.get("words", ""),
        )
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your note is with the application."))
    return redirect("moderation:application", application_id)


@require_post
@require_login
def note_take_back(
    request: MemberRequest, application_id: UUID, note_id: UUID
) -> HttpResponse:
    application = access.application_for_vetter(request.user, application_id)
    if notes.take_back_note(note_id=note_id, application=application, by=request.user):
        messages.success(request, _("Your note is gone."))
    else:
        messages.info(request, _("There is no note that you can still delete."))
    return redirect("moderation:application", application_id)
