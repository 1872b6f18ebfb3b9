"""Where Wagtail's editors' area and this site meet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms import placing, tree, views
from cms.models import HomePage, StoryPage
from network.access import Role, has_role
from network.models import Helpline

# the shelves and homes that everything stands on
FIXED: tuple[type[Page], ...] = (HomePage, *tree.INDEXES)
UNUSED_MENU = {"help", "documents"}
UNUSED_SETTINGS = {"users", "groups", "sites", "collections", "redirects"}


def stop_wagtails_mail() -> None:
    """Its mails name accounts and pages; ours carry neither."""
    for signal, sender, name in (
        (task_submitted, TaskState, "group_approval_task_submitted"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected"),
        (workflow_approved, WorkflowState, "workflow_state_approved"),
    ):
        signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification")


stop_wagtails_mail()


@hooks.register("before_serve_page", order=100)
def show_page(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    return views.show(page, request)


# --- stories are written by their authors only (SAFETY, trap 11) --------------------


def turned_away(request: HttpRequest, page: Page, why: str) -> HttpResponse:
    messages.warning(request, why)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else page.pk)


def is_story(page: Page) -> bool:
    return issubclass(page.specific_class or Page, StoryPage)


def is_fixed(page: Page) -> bool:
    return issubclass(page.specific_class or Page, FIXED)


@hooks.register("before_edit_page")
def keep_story_as_agreed(request: HttpRequest, page: Page) -> HttpResponse | None:
    if is_story(page):
        why = _("A story is changed only by its author. You can unpublish it.")
        return turned_away(request, page, why)
    return None


@hooks.register("before_create_page")
def make_no_story(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    if issubclass(page_class, StoryPage):
        why = _("Stories are told by members, under “My stories”.")
        return turned_away(request, parent, why)
    return None


@hooks.register("before_copy_page")
def keep_single(request: HttpRequest, page: Page) -> HttpResponse | None:
    if is_story(page):
        why = _("Only its author withdraws a story. You can unpublish it.")
        return turned_away(request, page, why)
    if is_fixed(page):
        return turned_away(request, page, _("This page holds the others: it stays."))
    return None


@hooks.register("before_delete_page")
def keep_in_place(request: HttpRequest, page: Page) -> HttpResponse | None:
    return keep_single(request, page) or keep_published(request, page)


@hooks.register("before_move_page")
def move_nothing_fixed(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    if placing.is_shadowed(destination, page.slug):
        return turned_away(request, page, placing.taken())
    return keep_in_place(request, page)


@hooks.register("before_unpublish_page")
def keep_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    if is_fixed(page) or placing.is_linked(page):
        why = _("Other pages lead here: it stays. You can change its words.")
        return turned_away(request, page, why)
    return None


@hooks.register("before_bulk_action")
def keep_from_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    pages = [row for row in objects if isinstance(row, Page)]
    held = [page for page in pages if is_fixed(page) or placing.is_linked(page)]
    if action_type != "unpublish":
        held += [page for page in pages if is_story(page)]
    if not held:
        return None
    why = _("Stories and the pages that others lead to stay as they are.")
    return turned_away(request, held[0], why)


# --- the look and the menu --------------------


@hooks.register("insert_global_admin_css")
def site_look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("construct_main_menu")
def trim_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in UNUSED_MENU]


@hooks.register("construct_settings_menu")
def trim_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in UNUSED_SETTINGS]


class ReviewItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.EDITOR)


@hooks.register("register_admin_menu_item")
def stories_to_review() -> MenuItem:
    return ReviewItem(
        gettext_lazy("Stories to read"),
        reverse("cms:review_list"),
        name="stories-to-read",
        icon_name="openquote",
        order=150,
    )


class HelplineViewSet(SnippetViewSet):
    model = Helpline
    icon = "help"
    menu_label = gettext_lazy("Helplines")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["name", "country", "number", "checked_on"]
    list_filter = ["country"]
    search_fields = ["name", "number"]


register_snippet(HelplineViewSet)
