"""From "I want to do something" to a registration: three screens, no account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network import places
from network.http import Request, posted, slow_down
from profiles import taxonomy
from profiles.actions import volunteers
from profiles.actions.consent import current_text
from profiles.actions.volunteers import Offer
from profiles.models import ProfileSkill, Purpose
from projects import access, journey
from projects.actions import appeals
from projects.forms.volunteering import AddressForm, OfferForm, PlaceForm, TimeForm
from projects.journey import Draft
from projects.models import Appeal
from projects.times import slots_of

# of one address, which a whole school may share: slower beyond, never refused
LIMIT, PER, LONGEST_DELAY = 30, timedelta(minutes=10), 3.0


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_register(request: Request, slug: str) -> HttpResponse:
    appeal = access.open_appeal(slug)
    draft = journey.current(request, appeal)
    step = int(request.GET["step"]) if request.GET.get("step") in _STEPS else 1
    if request.method != "POST":
        return _screen(request, appeal, draft, step)
    if step == 1:
        return _first(request, appeal, draft)
    if draft is None or (draft.is_sent and step != 3):
        return _to_step(appeal, 1)
    if draft.is_sent:
        return redirect("search:volunteer_result", appeal.slug)
    if step > draft.reachable:
        return _to_step(appeal, draft.reachable)
    return (
        _second(request, appeal, draft) if step == 2 else _last(request, appeal, draft)
    )


_STEPS = {"1", "2", "3"}


def _screen(
    request: Request, appeal: Appeal, draft: Draft | None, step: int
) -> HttpResponse:
    """A screen with what was filled in before; never one that comes too early."""
    if draft is None or draft.is_sent:
        draft = Draft.fresh()
    if step > draft.reachable:
        return _to_step(appeal, draft.reachable)
    form: OfferForm | PlaceForm | TimeForm
    if step == 1:
        form = OfferForm(initial=OfferForm.initial_from(draft.answers))
    elif step == 2:
        form = _place_form(appeal, None, draft)
    else:
        form = TimeForm(initial=TimeForm.initial_from(draft.answers))
    return _page(request, appeal, draft, step, form)


def _first(request: Request, appeal: Appeal, draft: Draft | None) -> HttpResponse:
    if draft is None or draft.is_sent:
        draft = journey.begun(request.POST.get("stamp", ""))
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _page(request, appeal, draft, 1, form)
    return _kept(request, appeal, draft, form.answers(), then=2)


def _second(request: Request, appeal: Appeal, draft: Draft) -> HttpResponse:
    form = _place_form(appeal, request.POST, draft)
    if not form.is_valid():
        return _page(request, appeal, draft, 2, form)
    return _kept(request, appeal, draft, form.answers(), then=3)


def _kept(
    request: Request,
    appeal: Appeal,
    draft: Draft,
    answers: dict[str, Any],
    *,
    then: int,
) -> HttpResponse:
    draft.answers |= answers
    journey.keep(request, appeal, draft)
    return _to_step(appeal, then)


def _last(request: Request, appeal: Appeal, draft: Draft) -> HttpResponse:
    form = TimeForm(request.POST)
    if form.is_valid() and draft.is_too_quick:
        form.add_error(
            None, _("That was very fast. Please press the button once more.")
        )
    if not form.is_valid():
        return _page(request, appeal, draft, 3, form)
    _slow_down(request)
    registration = appeals.register_for_appeal(
        appeal=appeal,
        token=str(draft.key),
        email=form.cleaned_data["email"],
        offer=_offer(draft, form),
        language=get_language() or "en",
    )
    journey.close(request, appeal, draft)
    access.remember_registration(request, registration)
    return redirect("search:volunteer_result", appeal.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_address(request: Request, slug: str) -> HttpResponse:
    """Sent to a mistyped address: nothing has to be filled in again."""
    registration = access.registered_here(request)
    appeal = access.announced_appeal(slug)
    result = redirect("search:volunteer_result", appeal.slug)
    if registration.confirmed_at is not None:
        return result
    form = AddressForm(posted(request), initial={"email": registration.email})
    if not form.is_valid():
        context = {"appeal": appeal, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "projects/help_address.html", context, status=status)
    _slow_down(request)
    volunteers.correct_address(
        registration=registration, email=form.cleaned_data["email"]
    )
    return result


def _slow_down(request: Request) -> None:
    slow_down(request, "volunteer", limit=LIMIT, per=PER, longest=LONGEST_DELAY)


def _offer(draft: Draft, form: TimeForm) -> Offer:
    """Level, radius and remote work are preset; they can be changed by the link."""
    offers, town = draft.answers["offers"], draft.answers["town"]
    return Offer(
        skills={
            each: int(ProfileSkill.Level.CONFIDENT)
            for each in offers
            if taxonomy.is_skill(each)
        },
        causes=[each for each in offers if taxonomy.is_cause(each)],
        languages=draft.answers["languages"],
        town=places.city(town) if town else None,
        slots=slots_of(form.cleaned_data["times"]),
    )


def _place_form(appeal: Appeal, data: Any, draft: Draft) -> PlaceForm:
    return PlaceForm(
        data,
        initial=PlaceForm.initial_from(draft.answers),
        preferred_country=appeal.country,
    )


def _to_step(appeal: Appeal, step: int) -> HttpResponse:
    url = reverse("projects:volunteer_register", args=[appeal.slug])
    return redirect(f"{url}?step={step}")


def _page(
    request: Request,
    appeal: Appeal,
    draft: Draft,
    step: int,
    form: OfferForm | PlaceForm | TimeForm,
) -> HttpResponse:
    context = {
        "appeal": appeal,
        "form": form,
        "step": step,
        "steps": len(journey.STEPS),
        "consent": current_text(Purpose.VOLUNTEER, get_language() or "en"),
        "stamp": request.POST.get("stamp") or journey.stamp(),
    }
    template = f"projects/help_{step}.html"
    return render(request, template, context, status=422 if form.is_bound else 200)
