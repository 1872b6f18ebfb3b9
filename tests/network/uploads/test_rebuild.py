import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from network import uploads
from network.uploads import Kind
from tests.network.uploads import hostile
from tests.network.uploads.hostile import SECRET


def test_type_is_told_by_content_never_by_name() -> None:
    photo = SimpleUploadedFile(
        "lesson.pdf", hostile.camera_jpeg(), content_type="application/pdf"
    )
    result = uploads.rebuild(photo, allow={Kind.IMAGE, Kind.PDF})
    assert (result.kind, result.extension) == (Kind.IMAGE, "jpg")


@pytest.mark.parametrize(
    ("content", "allow"),
    [
        (hostile.camera_jpeg(), {Kind.PDF}),
        (hostile.telltale_pdf(), {Kind.IMAGE, Kind.AUDIO}),
        (hostile.program(), set(Kind)),
        (hostile.document_with_macro(), set(Kind)),
        (hostile.svg(), set(Kind)),
        (b"", set(Kind)),
        (b"plain words", set(Kind)),
    ],
)
def test_what_is_not_asked_for_is_refused(content: bytes, allow: set[Kind]) -> None:
    with pytest.raises(uploads.Rejected, match="Send one of these"):
        uploads.rebuild(SimpleUploadedFile("photo.jpg", content), allow=allow)


def test_sound_is_taken_for_a_film_by_nobody(tmp_path: Path) -> None:
    content = hostile.sound(tmp_path / "a.m4a", "aac", format="mp4")
    assert uploads.rebuild(io.BytesIO(content), allow={"audio"}).kind is Kind.AUDIO
    with pytest.raises(uploads.Rejected, match="films"):
        uploads.rebuild(io.BytesIO(content), allow={"video"})


def test_refusal_names_what_is_taken() -> None:
    with override("en"), pytest.raises(uploads.Rejected) as refusal:
        uploads.rebuild(io.BytesIO(b"MZ"), allow={Kind.PDF, Kind.IMAGE})
    assert "pictures (JPEG, PNG, WebP) or PDF" in refusal.value.message


def test_name_and_hash_are_the_new_file_s_own() -> None:
    photo = SimpleUploadedFile(f"{SECRET}.jpg", hostile.camera_jpeg())
    result = uploads.rebuild_image(photo)
    assert SECRET not in result.name
    assert result.name.endswith(".jpg")
    assert result.sha256 == hashlib.sha256(result.read()).hexdigest()
    assert result.size == len(result.read())


def test_stored_file_is_the_rebuilt_one(tmp_path: Path) -> None:
    film = hostile.film(tmp_path / "film.mp4")
    store = FileSystemStorage(tmp_path / "store")
    for content in (hostile.camera_jpeg(), hostile.telltale_pdf(), film):
        result = uploads.rebuild(io.BytesIO(content), allow=set(Kind))
        name = store.save(result.name, result.as_file())
        stored = (tmp_path / "store" / name).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == result.sha256
        assert SECRET.encode() not in stored
