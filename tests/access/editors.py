"""Real objects behind Wagtail's own routes."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Collection, Locale, Page, Task, Workflow

from cms.models import SiteDocument, SiteImage, SiteMedia
from network.models import Helpline
from tests.access.things import NO_NUMBER, Things


def create_editors_matter(things: Things) -> None:
    page = things.editors.pop("page")
    revision = page.specific.save_revision().pk
    image = create_image()
    things.add("picture", other=image.file.name.rsplit("/", 1)[-1], missing="no.png")
    helpline = Helpline.objects.create(name="A line", number="1")
    things.editors |= ids(page, revision, image)
    things.editors |= words()
    things.editors |= {
        "pk": helpline.pk,
        ("wagtailadmin_api:pages:detail", "pk"): page.pk,
        ("wagtailadmin_api:pages:action", "pk"): page.pk,
        ("wagtailadmin_api:documents:detail", "pk"): NO_NUMBER,
        ("wagtailadmin_api:images:detail", "pk"): image.pk,
        ("wagtailadmin_pages:revisions_compare", "pk"): page.pk,
        ("wagtailimages_chooser:chosen", "pk"): image.pk,
        ("wagtaildocs_chooser:chosen", "pk"): NO_NUMBER,
        ("wagtailsettings:edit", "pk"): NO_NUMBER,
        ("wagtailsettings:preview_on_edit", "pk"): NO_NUMBER,
    }
    collection = Collection.objects.get(depth=1)
    workflow, task = Workflow.objects.first(), Task.objects.first()
    assert workflow is not None
    assert task is not None
    by_room = {
        "wagtailadmin_collections": collection.add_child(name="A shelf").pk,
        "wagtaillocales": Locale.objects.get(language_code="de").pk,
        "wagtailadmin_workflows": workflow.pk,
    }
    for room, key in by_room.items():
        for action in (
            "edit",
            "delete",
            "history",
            "history_results",
            "usage",
            "usage_results",
            "copy",
            "enable",
            "disable",
        ):
            things.editors[f"{room}:{action}", "pk"] = key
    for action in ("edit_task", "disable_task", "enable_task"):
        things.editors[f"wagtailadmin_workflows:{action}", "pk"] = task.pk
    things.editors |= {"task_id": task.pk, "workflow_pk": workflow.pk}


def create_image() -> SiteImage:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, "PNG")
    return SiteImage.objects.create(
        title="A picture", file=ContentFile(made.getvalue(), "picture.png")
    )


def ids(page: Page, revision: int, image: SiteImage) -> dict[Any, Any]:
    parent = page.get_parent()
    names = ("page_id", "page_to_move_id", "page_pk", "object_id")
    assert not SiteDocument.objects.exists()
    assert not SiteMedia.objects.exists()
    absent = dict.fromkeys(
        (
            "document_id",
            "doc_id",
            "media_id",
            "uploaded_file_id",
            "workflow_state_id",
            "task_state_id",
            "translation_id",
            "translation_source_id",
            "string_segment_id",
            "overridable_segment_id",
            "session_id",
        ),
        NO_NUMBER,
    )
    return {
        **dict.fromkeys(names, page.pk),
        **absent,
        "parent_page_id": parent.pk,
        "destination_id": parent.pk,
        "collection_id": Collection.objects.get(depth=1).pk,
        "revision_id": revision,
        "revision_id_a": "earliest",
        "revision_id_b": "live",
        "image_id": image.pk,
    }


def words() -> dict[Any, Any]:
    bulk, add_task = "wagtail_bulk_action", "wagtailadmin_workflows:add_task"
    session = "wagtailadmin_editing_sessions:ping"
    tags = "wagtailadmin_tag_model_autocomplete"
    parent = "wagtailadmin_pages:choose_parent"
    return {
        "content_type_app_name": "cms",
        "content_type_model_name": "standardpage",
        "app_label": "network",
        "model_name": "helpline",
        "app_name": "cms",
        (tags, "app_name"): "taggit",
        (tags, "model_name"): "tag",
        (parent, "app_label"): "cms",
        (parent, "model_name"): "standardpage",
        (bulk, "app_label"): "wagtailcore",
        (bulk, "model_name"): "page",
        (add_task, "app_label"): "wagtailcore",
        (add_task, "model_name"): "groupapprovaltask",
        (session, "app_label"): "wagtailcore",
        (session, "model_name"): "page",
        "action": "delete",
        "action_name": "publish",
        "name": "file.pdf",
        "filter_spec": "max-100x100",
        "media_type": "audio",
        "mode": "default",
    }
