"""Our own image, rendition, document and media: whatever door a file came in by, it
is rebuilt before it is stored (SAFETY, traps 3 and 13)."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtailmedia.models import AbstractMedia

from network import uploads


def rebuild_new_file(row: Any, *, allow: set[str]) -> uploads.RebuiltFile | None:
    """Replaces a file that is new to this row; raises `uploads.Rejected`.

    Wagtail has a path that stores a raw upload first and the row later, so what counts
    is not whether the file is in storage but whether this row was saved with it.
    """
    if not row.file or (row.file._committed and row.file.name == saved_name(row)):
        return None
    raw = row.file.name if row.file._committed else ""
    rebuilt: uploads.RebuiltFile | None = getattr(row.file.file, "rebuilt", None)
    if rebuilt is None:
        rebuilt = uploads.rebuild(row.file.file, allow=allow)
    stem = row.file.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    row.file.save(f"{stem}.{rebuilt.extension}", rebuilt.as_file(), save=False)
    if raw:
        row.file.storage.delete(raw)
    return rebuilt


def saved_name(row: Any) -> str | None:
    rows = type(row)._base_manager.filter(pk=row.pk)
    name: str | None = rows.values_list("file", flat=True).first()
    return name


class SiteImage(AbstractImage):
    admin_form_fields = (*WagtailImage.admin_form_fields, "description")

    def save(self, *args: Any, **kwargs: Any) -> None:
        rebuilt = rebuild_new_file(self, allow={"image"})
        if rebuilt is not None:
            self.width, self.height = rebuilt.width, rebuilt.height
            self.file_size, self.file_hash = rebuilt.size, ""
        super().save(*args, **kwargs)


class SiteRendition(AbstractRendition):
    image = models.ForeignKey(
        SiteImage, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="site_rendition_once",
            )
        ]


class SiteDocument(AbstractDocument):
    admin_form_fields = WagtailDocument.admin_form_fields

    def save(self, *args: Any, **kwargs: Any) -> None:
        rebuilt = rebuild_new_file(self, allow={"pdf"})
        if rebuilt is not None:
            self.file_size, self.file_hash = rebuilt.size, ""
        super().save(*args, **kwargs)


class SiteMedia(AbstractMedia):
    admin_form_fields = ("title", "file", "collection", "duration", "tags")

    def save(self, *args: Any, **kwargs: Any) -> None:
        rebuilt = rebuild_new_file(self, allow={"audio", "video"})
        if rebuilt is not None:
            self.duration = rebuilt.duration or 0
        super().save(*args, **kwargs)
