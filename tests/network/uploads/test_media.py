import io
from pathlib import Path
from typing import Any

import av
import pytest

from network import uploads
from network.uploads.mp3 import frame_bytes, is_one_frame
from tests.network.uploads import hostile
from tests.network.uploads.hostile import SECRET

PLACE = b"52.5163"


def rebuilt(content: bytes, **limits: Any) -> uploads.RebuiltFile:
    return uploads.rebuild_media(io.BytesIO(content), limits=uploads.Limits(**limits))


def decoded_seconds(result: uploads.RebuiltFile) -> float:
    """Every sound frame decoded, without an error."""
    with av.open(io.BytesIO(result.read()), "r") as file:
        frames = file.decode(file.streams.audio[0])
        return sum(frame.samples / frame.sample_rate for frame in frames)


def recordings(folder: Path) -> dict[str, bytes]:
    return {
        "mp3": hostile.sound(
            folder / "a.mp3", "libmp3lame", options={"write_id3v1": "1"}
        ),
        "m4a": hostile.sound(folder / "a.m4a", "aac", format="mp4"),
        "ogg": hostile.sound(folder / "a.ogg", "libopus"),
        "mp4": hostile.film(folder / "a.mp4"),
        "webm": hostile.film(folder / "a.webm", video="libvpx", audio="libopus"),
    }


CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}


@pytest.mark.parametrize("form", CONTENT_TYPES)
def test_no_seeded_string_survives_and_it_plays(form: str, tmp_path: Path) -> None:
    content = recordings(tmp_path)[form]
    assert SECRET.encode() in content
    result = rebuilt(content)
    assert SECRET.encode() not in result.read()
    assert PLACE not in result.read()
    assert result.content_type == CONTENT_TYPES[form]
    assert result.extension == form
    assert result.duration == pytest.approx(2, abs=0.2)
    assert decoded_seconds(result) == pytest.approx(2, abs=0.2)


def test_raw_aac_is_put_into_mp4(tmp_path: Path) -> None:
    result = rebuilt(hostile.sound(tmp_path / "a.aac", "aac", format="adts"))
    assert (result.content_type, result.extension) == ("audio/mp4", "m4a")
    assert decoded_seconds(result) == pytest.approx(2, abs=0.2)


def test_film_keeps_its_pictures_and_starts_before_all_has_come(tmp_path: Path) -> None:
    result = rebuilt(hostile.film(tmp_path / "a.mp4"))
    content = result.read()
    assert result.kind is uploads.Kind.VIDEO
    assert (result.width, result.height) == (160, 120)
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(io.BytesIO(content), "r") as file:
        frames = list(file.decode(file.streams.video[0]))
    assert len(frames) == 20
    assert frames[19].to_ndarray(format="rgb24").mean() > 150


def test_camera_remark_within_the_pictures_stream_goes(tmp_path: Path) -> None:
    content = hostile.film_with_camera_remark(tmp_path)
    assert SECRET.encode() in content
    result = rebuilt(content)
    assert SECRET.encode() not in result.read()
    with av.open(io.BytesIO(result.read()), "r") as file:
        assert len(list(file.decode(file.streams.video[0]))) == 20


def test_cover_picture_and_trailing_tags_go(tmp_path: Path) -> None:
    song = hostile.sound(tmp_path / "a.mp3", "libmp3lame")
    cover = hostile.camera_jpeg()
    body = b"\x00image/jpeg\x00\x03\x00" + cover
    frame = b"APIC" + len(body).to_bytes(4) + b"\x00\x00" + body
    size = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
    content = b"ID3\x03\x00\x00" + size + frame + song + b"APETAGEX" + cover
    result = rebuilt(content)
    assert result.kind is uploads.Kind.AUDIO
    assert b"JFIF" not in result.read()
    assert SECRET.encode() not in result.read()


def test_tags_between_joined_recordings_go(tmp_path: Path) -> None:
    song = hostile.sound(tmp_path / "a.mp3", "libmp3lame")
    result = rebuilt(song + SECRET.encode() * 20 + song)
    assert SECRET.encode() not in result.read()
    assert decoded_seconds(result) == pytest.approx(4, abs=0.4)


def test_length_of_an_mp3_frame_follows_from_its_header() -> None:
    assert frame_bytes(b"\xff\xfb\x90\x00") == 417  # MPEG-1, 128 kbit/s, 44.1 kHz
    assert frame_bytes(b"\xff\xfb\x92\x00") == 418  # padded
    assert frame_bytes(b"\xff\xf3\x84\x00") == 192  # MPEG-2, 64 kbit/s, 24 kHz
    assert frame_bytes(b"\xff\xfb\xf0\x00") is None
    assert frame_bytes(b"ID3\x03") is None
    assert frame_bytes(b"\xff") is None
    assert is_one_frame(b"\xff\xfb\x90\x00" + b"\x00" * 413)
    assert not is_one_frame(b"\xff\xfb\x90\x00" + b"\x00" * 414)


@pytest.mark.parametrize("form", ["mp3", "m4a", "mp4", "webm"])
def test_truncated_recording_is_refused(form: str, tmp_path: Path) -> None:
    content = recordings(tmp_path)[form]
    with pytest.raises(uploads.Rejected, match="incomplete"):
        rebuilt(content[: len(content) // 2])


@pytest.mark.parametrize(
    "content",
    [
        hostile.program(),
        hostile.document_with_macro(),
        hostile.camera_jpeg(),
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    with pytest.raises(uploads.Rejected, match="MP3, M4A"):
        rebuilt(content)


def test_recording_in_name_only_is_refused() -> None:
    for head in (b"ID3\x03" + b"\x00" * 20, b"\x00\x00\x00\x18ftypmp42", b"OggS"):
        with pytest.raises(uploads.Rejected):
            rebuilt(head + hostile.program() * 50)


def test_encoding_that_browsers_may_not_play_is_refused(tmp_path: Path) -> None:
    content = hostile.film(tmp_path / "a.mp4", video="mpeg4")
    with pytest.raises(uploads.Rejected, match="Browsers"):
        rebuilt(content)


def test_caps_on_length_size_and_bytes(tmp_path: Path) -> None:
    content = hostile.film(tmp_path / "a.mp4")
    with pytest.raises(uploads.Rejected, match="longer than"):
        rebuilt(content, seconds=1)
    with pytest.raises(uploads.Rejected, match="4K"):
        rebuilt(content, video_pixels=100)
    with pytest.raises(uploads.Rejected, match="larger than"):
        rebuilt(content, media_bytes=1000)
