"""For an applicant: what the vetters ask, and the answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moderation import access, dossier
from moderation.actions import vetting
from moderation.forms.desk import ReplyForm
from network.access import require_login
from network.http import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def questions(request: MemberRequest) -> HttpResponse:
    application = access.own_application(request.user)
    asked = list(dossier.questions(application, application.decisions.all()))
    wanted = request.POST.get("question", "")
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        vetting.reply_to_question(
            application=application,
            by=request.user,
            question_id=wanted,
            words=form.cleaned_data["reply"],
        )
        messages.success(request, _("Thank you. The vetters have your answer."))
        return redirect("moderation:questions")
    context = {"questions": asked, "form": form, "wanted": wanted}
    status = 422 if form.is_bound else 200
    return render(request, "moderation/questions.html", context, status=status)
