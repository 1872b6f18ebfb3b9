"""The page tree: one for each language, made once and found ever after.

It is made after `migrate` (and after the tests' `flush`) and not inside a migration:
permissions exist only then, and page rows need the tree's own arithmetic.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
)
from wagtailmedia.models import Media

from cms.models import (
    AppealIndexPage,
    HomePage,
    PackIndexPage,
    PracticeIndexPage,
    StoryIndexPage,
)
from network.access import Role
from network.models import Helpline

LANGUAGES = [code for code, _ in settings.LANGUAGES]
# Pages have titles of their own, which are data: each in the language of its tree.
HOME_TITLES = dict.fromkeys(LANGUAGES, "Waymark")
INDEXES: dict[type[Page], tuple[str, dict[str, str]]] = {
    StoryIndexPage: (
        "stories",
        {
            "en": "Stories",
            "ar": "قصص",
            "fr": "Récits",
            "de": "Geschichten",
            "es": "Historias",
        },
    ),
    PackIndexPage: (
        "library",
        {
            "en": "For educators",
            "ar": "للمعلّمين",
            "fr": "Pour enseigner",
            "de": "Für den Unterricht",
            "es": "Para enseñar",
        },
    ),
    PracticeIndexPage: (
        "practices",
        {
            "en": "Practices",
            "ar": "ممارسات",
            "fr": "Pratiques",
            "de": "Praxisbeispiele",
            "es": "Prácticas",
        },
    ),
    AppealIndexPage: (
        "appeals",
        {
            "en": "Appeals",
            "ar": "نداءات",
            "fr": "Appels",
            "de": "Aufrufe",
            "es": "Llamamientos",
        },
    ),
}
STAFF = (Role.EDITOR, Role.ADMIN)
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")


def locale(language: str) -> Locale:
    return Locale.objects.get_or_create(language_code=language)[0]


def home(language: str) -> HomePage:
    """The home of a language; made if it is not there yet."""
    found = HomePage.objects.filter(locale__language_code=language).first()
    return found or _plant_home(language)


def _plant_home(language: str) -> HomePage:
    root = Page.get_first_root_node() or _plant_root()
    sibling = HomePage.objects.first()
    page = HomePage(
        title=HOME_TITLES.get(language, "Waymark"),
        slug="home" if language == settings.LANGUAGE_CODE else f"home-{language}",
        locale=locale(language),
        translation_key=sibling.translation_key if sibling else uuid.uuid4(),
    )
    return root.add_child(instance=page)


def _plant_root() -> Page:
    locale(settings.LANGUAGE_CODE)
    return Page.add_root(title="Root", slug="root")


def index(model: type[Page], language: str) -> Page:
    """The page that holds all pages of a kind in a language."""
    found = model.objects.filter(locale__language_code=language).first()
    if found is not None:
        return found
    slug, titles = INDEXES[model]
    sibling = model.objects.first()
    page = model(
        title=titles.get(language, titles["en"]),
        slug=slug,
        locale=locale(language),
        translation_key=sibling.translation_key if sibling else uuid.uuid4(),
    )
    return home(language).add_child(instance=page)


def plant(**kwargs: Any) -> None:
    """Receiver of `post_migrate`: makes what is missing, changes nothing else."""
    needed = {"cms_homepage", "cms_filetombstone", "wagtailcore_site", "auth_group"}
    if not needed <= set(connection.introspection.table_names()):
        return  # migrating to an earlier state
    with transaction.atomic():
        _drop_welcome_page()
        for language in LANGUAGES:
            home(language)
            for model in INDEXES:
                index(model, language)
        _plant_site()
        grant_permissions()


def _drop_welcome_page() -> None:
    """Wagtail's first migration makes one, whose slug our home needs."""
    plain = ContentType.objects.get_for_model(Page)
    for page in Page.objects.filter(depth=2, content_type=plain):
        Site.objects.filter(root_page=page).delete()
        page.delete()


def _plant_site() -> None:
    if not Site.objects.exists():
        Site.objects.create(
            hostname="localhost",
            site_name=settings.WAGTAIL_SITE_NAME,
            root_page=home(settings.LANGUAGE_CODE),
            is_default_site=True,
        )


def permission(model: Any, codename: str) -> Permission:
    """Also before Django has made its own: the order of receivers is not ours."""
    kind = ContentType.objects.get_for_model(model)
    return Permission.objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": f"Can {codename}"}
    )[0]


def grant_permissions() -> None:
    """Editors and administrators reach the editors' area; nobody else does."""
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()  # Wagtail's own
    kind, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access, _ = Permission.objects.get_or_create(
        content_type=kind,
        codename="access_admin",
        defaults={"name": "Can access Wagtail admin"},
    )
    root = Page.get_first_root_node()
    for role in STAFF:
        group = Group.objects.get_or_create(name=role.value)[0]
        helplines = [
            permission(Helpline, f"{verb}_helpline")
            for verb in ("add", "change", "delete", "view")
        ]
        group.permissions.add(access, *helplines)
        for codename in PAGE_PERMISSIONS:
            GroupPagePermission.objects.get_or_create(
                group=group, page=root, permission=permission(Page, codename)
            )
        _grant_files(group)
    _plant_workflow()


def _grant_files(group: Group) -> None:
    shelf = Collection.get_first_root_node() or Collection.add_root(name="Root")
    # Wagtail asks for the permissions of its own models, whatever stands in for them
    for model in (Image, Document, Media):
        for verb in ("add", "change", "choose"):
            codename = f"{verb}_{model._meta.model_name}"
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=shelf, permission=permission(model, codename)
            )


def _plant_workflow() -> None:
    """Wagtail's first workflow asked its own group; ours asks the editors."""
    task = GroupApprovalTask.objects.first()
    if task is None:
        return
    task.groups.set(Group.objects.filter(name=Role.EDITOR.value))
    Task.objects.filter(pk=task.pk).update(name="Editors' approval")
    Workflow.objects.filter(name="Moderators approval").update(name="Editors' approval")
