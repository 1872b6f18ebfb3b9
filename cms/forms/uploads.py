"""Wagtail's upload forms, in front of which every file is rebuilt (SAFETY, trap 13).

Here, so that a refusal is a sentence beside the field and not an error page; the
models rebuild too, whatever door a file came in by.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from network import uploads


class RebuiltUpload(forms.ModelForm):  # type: ignore[type-arg]
    allow: frozenset[str] = frozenset()

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if "file" not in self.changed_data or not sent:
            return sent
        return rebuilt_upload(sent, self.allow)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Wagtail would store the raw file and ask for the rest later: have it chosen
        # again instead
        if self.errors and "file" not in self.errors and "file" in self.changed_data:
            first = next(iter(self.errors.values()))[0]
            self.add_error("file", _("%(why)s Choose the file again.") % {"why": first})


def rebuilt_upload(sent: File[bytes], allow: frozenset[str]) -> File[bytes]:
    """The file made anew under the sender's stem; the model knows it by `rebuilt`."""
    try:
        rebuilt = uploads.rebuild(sent, allow=allow)
    except uploads.Rejected as refusal:
        raise forms.ValidationError(refusal.message) from refusal
    stem = str(sent.name).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    file = rebuilt.as_file()
    file.name = f"{stem}.{rebuilt.extension}"
    file.rebuilt = rebuilt  # type: ignore[attr-defined]
    return file


class SiteImageField(WagtailImageField):
    """Wagtail counts the pixels first, and a damaged picture is an error page there."""

    def to_python(self, sent: Any) -> Any:
        try:
            return super().to_python(sent)
        except ValidationError:
            raise
        except Exception as error:  # whatever its decoders raise
            raise ValidationError(
                self.error_messages["invalid_image"], code="invalid_image"
            ) from error


class SiteImageForm(RebuiltUpload, BaseImageForm):
    allow = frozenset({"image"})

    file = SiteImageField(label=gettext_lazy("File"))


class SiteDocumentForm(RebuiltUpload, BaseDocumentForm):
    allow = frozenset({"pdf"})


class SiteMediaForm(RebuiltUpload, BaseMediaForm):
    allow = frozenset({"audio", "video"})
