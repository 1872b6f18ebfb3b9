"""An editor reads a story that was handed in; each opening is recorded."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import access
from cms.actions import stories
from cms.forms.story import ReviewForm
from cms.models import Story
from network.access import Refused, Role, require_role
from network.http import MemberRequest, posted


@require_safe
@require_role(Role.EDITOR)
def review_list(request: MemberRequest) -> HttpResponse:
    rows = access.stories_to_review(request.user).order_by("rests_until")
    return render(request, "cms/review_list.html", {"stories": list(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.EDITOR)
def review(request: MemberRequest, story_id: UUID) -> HttpResponse:
    story = access.story_in_review(request.user, story_id)
    try:
        if request.POST.get("answer") == "take":
            stories.take_review(story=story, by=request.user)
            return redirect("cms:review", story.pk)
        if story.editor_id is None:
            return render(request, "cms/review_take.html", {"story": story})
        return _read(request, story)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("cms:review_list")


def _read(request: MemberRequest, story: Story) -> HttpResponse:
    form = ReviewForm(posted(request), initial=story.agreed)
    if request.method == "POST" and form.is_valid():
        stories.review_story(story=story, by=request.user, changes=form.to_keep())
        messages.success(request, _("Done. The author is told."))
        return redirect("cms:review_list")
    if request.method != "POST":
        stories.take_review(story=story, by=request.user)
    context = {"story": story, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cms/review.html", context, status=status)
