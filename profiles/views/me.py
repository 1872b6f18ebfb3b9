"""A person's own pages: home, profile, consents, pause, erasure, notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import parts
from network.access import require_login
from network.edition import Overtaken
from network.http import MemberRequest, posted
from profiles import access, contacts, queries
from profiles.access import Tier
from profiles.actions import erasing, notices, withdrawing
from profiles.actions import profile as profile_actions
from profiles.forms.people import EraseForm, PauseForm
from profiles.forms.profile import ProfileForm
from profiles.models import ConsentRecord, Kind, Profile, Purpose, Standing
from profiles.shown import ShownProfile

NOTICES = 20


@require_safe
@require_login
def arrive(request: MemberRequest) -> HttpResponse:
    """Where signing in leads: whoever has come to apply finds the way in first."""
    is_new = queries.has_only_an_account(request.user)
    return redirect("profiles:apply" if is_new else "profiles:me")


@require_safe
@require_login
def me(request: MemberRequest) -> HttpResponse:
    person = request.user
    profile = access.own_profile(person)
    panels = filled(parts.home_panels, request)
    context = {
        "profile": profile,
        "is_member": access.is_active_member(person),
        "may_invite": access.may_invite(person),
        "is_suspended": profile is not None and profile.standing == Standing.SUSPENDED,
        "has_to_confirm": queries.has_to_confirm(person),
        "is_overdue": access.is_overdue(person),
        "told": queries.told_of_end(person) if has_left(profile) else [],
        "application": access.application_for_applicant(person),
        "may_apply": access.may_apply(person),
        "panels": panels,
        "to_do": steps_to_do(request),
    }
    return render(request, "profiles/me.html", context)


def filled(
    panels: Iterable[parts.HomePanel], request: MemberRequest
) -> list[dict[str, Any]]:
    """Each with what it shows, but for those that show nothing."""
    return [
        {"template": panel.template, "context": found}
        for panel in panels
        if (found := panel.context(request)) is not None
    ]


def has_left(profile: Profile | None) -> bool:
    return profile is not None and profile.standing == Standing.LEFT


def steps_to_do(request: MemberRequest) -> list[dict[str, Any]]:
    """What would help a member to be found; nothing nags who has done it."""
    profile = access.own_profile(request.user)
    if profile is None or not access.is_active_member(request.user):
        return []
    steps = [
        (_("Say what you can do"), "profiles:profile_edit", profile.skills.exists()),
        (
            _("Say where and when you can help"),
            "profiles:profile_edit",
            bool(profile.slots or profile.place),
        ),
    ]
    if profile.standing == Standing.PROBATION:
        has_asked = contacts.buddy_row(request.user) is not None
        words = _("Choose who accompanies you in your first 90 days")
        steps.append((words, "profiles:buddy", has_asked))
    if not access.has_second_factor(request.user):
        steps.append((_("Set a second factor"), "mfa_activate_totp", False))
    return [{"label": label, "url": url} for label, url, done in steps if not done]


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def profile_edit(request: MemberRequest) -> HttpResponse:
    profile = access.member_profile(request.user)
    form = ProfileForm(posted(request), profile=profile)
    if request.method == "POST" and form.is_valid():
        try:
            profile_actions.save_profile(
                profile=profile,
                by=request.user,
                values=form.values(),
                skills=form.skill_levels(),
                town=form.cleaned_data["town"],
                is_matched=form.cleaned_data["is_matched"],
                audience=form.audience(),
                language=get_language() or "en",
                opened=form.cleaned_data["opened"],
            )
        except Overtaken as overtaken:
            form.come_back(overtaken)
        else:
            messages.success(request, _("Saved."))
            return redirect("profiles:profile_edit")
    status = 422 if form.errors else 200
    kind = Kind(profile.kind).label if profile.kind else ""
    context = {"form": form, "profile": profile, "kind_label": kind}
    return render(request, "profiles/profile_edit.html", context, status=status)


@require_safe
@require_login
def profile_preview(request: MemberRequest) -> HttpResponse:
    """`?as=` stranger, member, connection or lead."""
    profile = access.member_profile(request.user)
    views = {
        "stranger": (_("Anybody"), Tier.ANYBODY),
        "member": (_("A member"), Tier.MEMBER),
        "connection": (_("A connection"), Tier.CONNECTION),
        "lead": (_("A project's lead"), None),
    }
    chosen = request.GET.get("as", "")
    chosen = chosen if chosen in views else "member"
    label, tier = views[chosen]
    shown = shown_to(profile, chosen, tier)
    is_for_lead = shown is not None and tier is None
    context = {
        "shown": shown,
        "cards": filled(parts.lead_previews, request) if is_for_lead else [],
        "viewer": chosen,
        "viewer_label": label,
        "views": [(key, name) for key, (name, _tier) in views.items()],
        "profile": profile,
    }
    return render(request, "profiles/profile_preview.html", context)


def shown_to(profile: Any, viewer: str, tier: Tier | None) -> ShownProfile | None:
    """None: this viewer sees nobody."""
    if tier is None:
        return access.shown_to_lead(profile)
    if viewer == "stranger" and not access.is_public(profile):
        return None
    if viewer == "member" and not profile.is_listed:
        return None
    return access.shown_at(profile, tier)


@require_safe
@require_login
def consents(request: MemberRequest) -> HttpResponse:
    records = queries.live_consents(request.user)
    context = {"records": records, "story": Purpose.STORY}
    return render(request, "profiles/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def consent_withdraw(request: MemberRequest, consent_id: Any) -> HttpResponse:
    """A GET says what ends with it; the button ends it."""
    record = access.consent_for(request.user, consent_id)
    if request.method != "POST":
        context = {"record": record, "effect": effect_of(record)}
        return render(request, "profiles/consent_withdraw.html", context)
    withdrawing.withdraw_consent(record=record, by=request.user)
    messages.success(request, _("Withdrawn."))
    return redirect("profiles:me" if request.user.is_authenticated else "/")


def effect_of(record: ConsentRecord) -> str:
    effects = {
        Purpose.JOINING.value: _(
            "An application that is still open is deleted. A membership ends: you are "
            "signed out, nobody finds you, and nobody can write to you."
        ),
        Purpose.SPECIAL_CATEGORY.value: _(
            "Whether you are a former or a survivor is deleted from your profile, and "
            "an open application with it. Because rules that rest on it can no longer "
            "be kept, you are taken out of the directory and out of matching."
        ),
        Purpose.MATCHING.value: _(
            "Projects no longer find you. What you have begun stays as it is."
        ),
    }
    return effects.get(record.purpose, _("From then on it no longer holds."))


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
@reauthentication_required
def erase(request: MemberRequest) -> HttpResponse:
    form = EraseForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "profiles/erase.html", {"form": form}, status=status)
    person = request.user
    logout(request)
    erasing.erase_account(person=person)
    return render(request, "profiles/erased.html")


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def pause(request: MemberRequest) -> HttpResponse:
    profile = access.member_profile(request.user)
    form = PauseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        until = form.until()
        profile_actions.pause(profile=profile, by=request.user, until=until)
        messages.success(request, _("Saved."))
        return redirect("profiles:me")
    status = 422 if form.errors else 200
    context = {"form": form, "profile": profile}
    return render(request, "profiles/pause.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def notice_list(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        notices.mark_notices_read(by=request.user)
        return redirect("profiles:notices")
    pages = Paginator(queries.notices_of(request.user), NOTICES)
    page = pages.get_page(request.GET.get("page"))
    rows = queries.notice_rows(page.object_list)
    return render(request, "profiles/notices.html", {"rows": rows, "page": page})
