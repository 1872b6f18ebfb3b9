"""Where a page of the editors may stand, and which of them stay."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import resolve
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from network.context import TEXTS

# the foot of every page and the forms lead to these
LINKED_SLUGS = frozenset(slug for slug, _label in TEXTS)
SERVED = "wagtail_serve"


def is_linked(page: Page) -> bool:
    """Whether the site itself leads to this text."""
    return page.slug in LINKED_SLUGS and page.depth == 3


def is_shadowed(parent: Page, slug: str) -> bool:
    """Whether something of the site's own answers at that address."""
    language = parent.locale.language_code
    address = f"{parent.get_url() or '/'}{slug}/"
    if (get_language_from_path(address) or settings.LANGUAGE_CODE) != language:
        return True
    if address.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return True
    with override(language):
        return resolve(address).url_name != SERVED


def taken() -> str:
    return _("Something else of this site has this address. Choose another slug.")


class FixedForm(WagtailAdminPageForm):
    """Of a page that others lead to: it keeps its address."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if self.instance.pk and slug != self.initial["slug"]:
            raise ValidationError(_("Other pages lead here: the slug stays."))
        return slug


class PlacedForm(FixedForm):
    """Of a page that may stand anywhere but in the way."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if self.instance.pk and slug == self.initial["slug"]:
            return slug
        if self.instance.pk and is_linked(Page.objects.get(pk=self.instance.pk)):
            return super().clean_slug()
        if is_shadowed(self.parent_page, slug):
            raise ValidationError(taken())
        return slug


class PlacedCopyForm(CopyForm):
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        parent = data.get("new_parent_page") or self.page.get_parent()
        if "new_slug" in data and is_shadowed(parent, data["new_slug"]):
            self.add_error("new_slug", taken())
        return data
