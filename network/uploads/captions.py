"""Captions, read and written anew: times and words, no notes, styles or scripts."""

import io
import re
from html import escape, unescape

import webvtt
from django.utils.translation import gettext as _
from webvtt.errors import MalformedCaptionError, MalformedFileError

from network.uploads.files import (
    DEFAULT_LIMITS,
    Kind,
    Limits,
    RebuiltFile,
    Rejected,
    Upload,
    rebuilt,
    whole,
)

TAG = re.compile(r"<[^>]*>")
SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>\n]+)>")


def rebuild_captions(file: Upload, *, limits: Limits = DEFAULT_LIMITS) -> RebuiltFile:
    """WebVTT in UTF-8, its cues in order. A speaker's name stays, as `<v Name>`."""
    cues = _cues(whole(file, limits.captions_bytes).read())
    if not 0 < len(cues) <= limits.cues:
        raise Rejected(_("These captions are empty or far too long."))
    _refuse_disorder(cues)
    blocks = ["WEBVTT", *(_block(cue) for cue in cues)]
    return rebuilt(
        ("\n\n".join(blocks) + "\n").encode(),
        kind=Kind.CAPTIONS,
        content_type="text/vtt",
        extension="vtt",
        duration=cues[-1].end_in_seconds,
    )


def _cues(content: bytes) -> list[webvtt.Caption]:
    try:
        text = content.decode("utf-8-sig")
        if "\x00" in text:
            raise ValueError("binary")
        return list(webvtt.from_buffer(io.StringIO(text)).captions)
    except (ValueError, MalformedFileError, MalformedCaptionError) as error:
        raise Rejected(
            _("These captions cannot be read. Save them as WebVTT (.vtt) in UTF-8.")
        ) from error


def _refuse_disorder(cues: list[webvtt.Caption]) -> None:
    last = -1.0
    for number, cue in enumerate(cues, start=1):
        start, end = _seconds(cue.start), _seconds(cue.end)
        if not last <= start < end:
            raise Rejected(
                _("Caption %(number)d begins before the one above or ends too early.")
                % {"number": number}
            )
        last = start


def _seconds(time: str) -> float:
    parts = [float(part) for part in time.split(":")]
    hours, minutes, seconds = [0.0, *parts][-3:]
    return hours * 3600 + minutes * 60 + seconds


def _block(cue: webvtt.Caption) -> str:
    lines = [line for line in map(_plain_line, cue.lines) if line]
    return f"{cue.start} --> {cue.end}\n" + "\n".join(lines)


def _plain_line(line: str) -> str:
    speaker = SPEAKER.search(line)
    words = _plain(TAG.sub("", line))
    return f"<v {_plain(speaker[1])}>{words}" if speaker else words


def _plain(text: str) -> str:
    # an arrow would begin another cue
    return escape(unescape(text).strip(), quote=False).replace("--&gt;", "→")
