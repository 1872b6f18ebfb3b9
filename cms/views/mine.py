"""Telling a story: a few quiet steps, each kept as far as it got."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import access, queries, text, wording
from cms.actions import stories
from cms.forms.story import STEPS, StepForm, form_for
from cms.models import Story, StoryPage
from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, require_post
from profiles.actions.consent import current_text
from profiles.models import Purpose

LAST = "preview"
ORDER = [*STEPS, LAST]


@require_safe
@require_login
def my_stories(request: MemberRequest) -> HttpResponse:
    person = access.teller(request.user)
    context = {
        "stories": queries.own_stories(request, person),
        "may_tell": access.may_tell(person),
    }
    return render(request, "cms/my_stories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def story_new(request: MemberRequest) -> HttpResponse:
    """Nothing is stored before something was written."""
    access.new_teller(request.user)
    return _step(request, None, ORDER[0])


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def my_story(request: MemberRequest, story_id: UUID, step: str) -> HttpResponse:
    story = access.own_story(request.user, story_id)
    if step == LAST:
        return _preview(request, story)
    if step not in STEPS:
        raise NotFound
    if story.state != Story.State.DRAFT:
        return redirect("cms:my_story", story.pk, LAST)
    return _step(request, story, step)


def _step(request: MemberRequest, story: Story | None, step: str) -> HttpResponse:
    has_paused = "later" in request.POST
    form = form_for(step, request, story, partial=has_paused)
    if request.method != "POST":
        return _step_page(request, story, step, form)
    if not form.is_valid():
        return _step_page(request, story, step, form, status=422)
    story = stories.save_draft(
        story=story,
        by=request.user,
        fields=form.to_keep(),
        key=form.cleaned_data.get("key"),
    )
    if has_paused:
        messages.success(request, _("Kept. Come back to it whenever you like."))
        return redirect("cms:my_stories")
    return redirect("cms:my_story", story.pk, ORDER[ORDER.index(step) + 1])


def _step_page(
    request: MemberRequest,
    story: Story | None,
    step: str,
    form: StepForm,
    status: int = 200,
) -> HttpResponse:
    here = ORDER.index(step)
    chosen = (story.draft.get("language") if story else "") or request.LANGUAGE_CODE
    context = {
        "story": story,
        "form": form,
        "name": step,
        "step": here + 1,
        "steps": len(ORDER),
        "previous": ORDER[here - 1] if here and story else "",
        "consent": current_text(Purpose.STORY, chosen) if step == "consent" else None,
        "begun": queries.drafts_of(request.user) if story is None else None,
    }
    return render(request, "cms/story_step.html", context, status=status)


def _preview(request: HttpRequest, story: Story) -> HttpResponse:
    """As everybody would see it, from the draft; nothing is made by looking."""
    words = stories.agreed_words(story)
    shown = StoryPage(**{k: v for k, v in words.items() if k in SHOWN})
    is_proposed = story.state == Story.State.AUTHOR
    context = {
        "row": story,
        "story": shown,
        "beside": wording.beside(words),
        "changes": wording.changes(story.agreed, words) if is_proposed else [],
        "consent": stories.text_to_agree(story) if is_proposed else None,
        "blocks": text.blocks(shown.body),
        "direction": text.direction(shown.language),
        "language_name": text.language_name(shown.language),
        "missing": stories.missing_in(story),
        "step": len(ORDER),
        "steps": len(ORDER),
    }
    return render(request, "cms/story_preview.html", context)


SHOWN = frozenset(
    {
        "title",
        "pseudonym",
        "kind",
        "region",
        "background",
        "language",
        "medium",
        "minutes",
        "summary",
        "mentions",
        "body",
    }
)
ANSWERS = {
    "submit": stories.submit_story,
    "agree": stories.agree_story,
    "take-back": stories.take_back,
}


@require_post
@require_login
def story_answer(request: MemberRequest, story_id: UUID) -> HttpResponse:
    """Hand in, say yes to the editor's wording, take back, or delete a draft."""
    story = access.own_story(request.user, story_id)
    answer = request.POST.get("answer", "")
    if answer == "delete":
        stories.delete_story(story=story, by=request.user)
        messages.success(request, _("Deleted."))
        return redirect("cms:my_stories")
    if answer not in ANSWERS:
        raise NotFound
    try:
        ANSWERS[answer](story=story, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("cms:my_story", story.pk, LAST)
    return redirect("cms:my_stories")


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def story_withdraw(request: MemberRequest, story_id: UUID) -> HttpResponse:
    """The second of two clicks."""
    story = access.own_story(request.user, story_id)
    if request.method != "POST":
        return render(request, "cms/story_withdraw.html", {"story": story})
    stories.withdraw_story(story=story, by=request.user)
    messages.success(
        request,
        _("Your story is withdrawn. Its page and its files are gone from this moment."),
    )
    return redirect("cms:my_stories")
