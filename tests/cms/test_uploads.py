"""SAFETY, traps 3 and 13: whatever door a file comes in by, it is made anew."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cms.models import SiteDocument, SiteImage, SiteMedia
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db
SECRET = "canary-51.2194N-somebody"


def photo(size: int = 64) -> bytes:
    """A JPEG with a place and an author in its EXIF, and a comment."""
    picture = Image.new("RGB", (size, size), (90, 120, 60))
    exif = Image.Exif()
    exif[0x013B] = SECRET  # Artist
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    exif.get_ifd(0x8825)[2] = (51.0, 13.0, 9.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=SECRET.encode())
    return out.getvalue()


def upload(name: str = "p.jpg", body: bytes | None = None) -> SimpleUploadedFile:
    content = photo() if body is None else body
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def stored(root: Any) -> list[Path]:
    folder = Path(root)
    return [path for path in folder.rglob("*") if path.is_file()]


def nothing_leaks(root: Any) -> None:
    files = stored(root)
    assert files
    for path in files:
        body = path.read_bytes()
        assert SECRET.encode() not in body, path
        if path.suffix in {".jpg", ".jpeg", ".png", ".webp"}:
            assert not Image.open(path).getexif(), path


@pytest.fixture
def editor(cast: Cast) -> Client:
    return client_of(cast.editor)


def test_the_photo_of_these_tests_holds_what_must_go() -> None:
    assert SECRET.encode() in photo()
    assert Image.open(io.BytesIO(photo())).getexif().get_ifd(0x8825)


def test_trap_3_original_and_renditions_hold_no_place_and_no_author(
    settings: Any,
) -> None:
    image = SiteImage(title="x", file=ContentFile(photo(), name="p.jpg"))
    image.save()
    image.get_rendition("fill-32x32")
    image.get_rendition("width-20|format-png")
    assert len(stored(settings.MEDIA_ROOT)) == 3
    nothing_leaks(settings.MEDIA_ROOT)


def test_trap_13_single_upload(editor: Client, settings: Any) -> None:
    answer = editor.post("/cms/images/add/", {"title": "Hill", "file": upload()})
    assert answer.status_code == 302
    assert SiteImage.objects.count() == 1
    nothing_leaks(settings.MEDIA_ROOT)


def test_trap_13_multiple_upload(editor: Client, settings: Any) -> None:
    answer = editor.post(
        "/cms/images/multiple/add/",
        {"title": "Hill", "files[]": upload()},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert json.loads(answer.content)["success"] is True
    nothing_leaks(settings.MEDIA_ROOT)


def test_trap_13_multiple_upload_with_another_error_stores_nothing(
    editor: Client, settings: Any
) -> None:
    """Wagtail would keep the raw file until the rest is filled in."""
    answer = editor.post(
        "/cms/images/multiple/add/",
        {"title": "x" * 300, "files[]": upload()},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert json.loads(answer.content)["success"] is False
    assert stored(settings.MEDIA_ROOT) == []


def test_trap_13_chooser_upload(editor: Client, settings: Any) -> None:
    answer = editor.post(
        "/cms/images/chooser/create/",
        {
            "image-chooser-upload-title": "Hill",
            "image-chooser-upload-file": upload(),
        },
    )
    assert answer.status_code == 200
    assert SiteImage.objects.count() == 1
    nothing_leaks(settings.MEDIA_ROOT)


def test_trap_13_replacing_a_file(editor: Client, settings: Any) -> None:
    image = SiteImage(title="x", file=ContentFile(photo(), name="p.jpg"))
    image.save()
    answer = editor.post(
        f"/cms/images/{image.pk}/", {"title": "y", "file": upload("q.jpg")}
    )
    assert answer.status_code == 302
    nothing_leaks(settings.MEDIA_ROOT)


def test_trap_13_a_file_stored_before_its_row_is_made_anew(settings: Any) -> None:
    image = SiteImage(title="x")
    image.file.save("raw.jpg", ContentFile(photo()), save=False)
    image.save()
    assert len(stored(settings.MEDIA_ROOT)) == 1
    nothing_leaks(settings.MEDIA_ROOT)


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/cms/documents/add/", {"title": "x"}),
        ("/cms/media/audio/add/", {"title": "x"}),
        ("/cms/media/video/add/", {"title": "x"}),
        ("/cms/images/add/", {"title": "x"}),
    ],
)
def test_trap_13_a_refused_file_is_a_sentence_in_the_form(
    editor: Client, settings: Any, url: str, data: dict[str, str]
) -> None:
    bad = SimpleUploadedFile("a.pdf", b"MZ not what it says", "application/pdf")
    answer = editor.post(url, {**data, "file": bad})
    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    for model in (SiteImage, SiteDocument, SiteMedia):
        assert model.objects.count() == 0
    assert stored(settings.MEDIA_ROOT) == []


def test_trap_13_refused_in_the_choosers_too(editor: Client) -> None:
    for kind in ("documents", "images"):
        prefix = f"{kind[:-1]}-chooser-upload"
        answer = editor.post(
            f"/cms/{kind}/chooser/create/",
            {
                f"{prefix}-title": "x",
                f"{prefix}-file": SimpleUploadedFile("a.pdf", b"MZ nothing"),
            },
        )
        assert answer.status_code == 200
        assert "error" in answer.content.decode()
    assert SiteDocument.objects.count() == SiteImage.objects.count() == 0


def test_pictures_of_the_editors_area_are_for_editors(
    editor: Client, cast: Cast
) -> None:
    image = SiteImage(title="x", file=ContentFile(photo(), name="p.jpg"))
    image.save()
    url = f"/files/{image.get_rendition('width-20').file.name}"
    answer = editor.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert Client().get(url).status_code == 302
    assert client_of(cast.former).get(url).status_code == 404
    assert editor.get("/files/images/nothing.jpg").status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("cut.jpg", photo()[:300]),
        ("header.png", b"\x89PNG\r\n\x1a\n" + b"junk" * 20),
        ("odd.gif", b"GIF89a" + b"\xff" * 40),
        ("cut.webp", b"RIFF\x1a\x00\x00\x00WEBPVP8 \x0e\x00\x00\x00\x30"),
    ],
)
def test_trap_13_a_damaged_picture_is_a_sentence_and_no_error_page(
    editor: Client, settings: Any, name: str, body: bytes
) -> None:
    answer = editor.post("/cms/images/add/", {"title": "x", "file": upload(name, body)})
    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    many = editor.post("/cms/images/multiple/add/", {"files[]": upload(name, body)})
    assert many.status_code == 200
    assert many.json()["success"] is False
    assert stored(settings.MEDIA_ROOT) == []
