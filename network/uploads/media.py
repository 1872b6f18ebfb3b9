"""Audio and video, packed anew: the wanted streams and nothing that came with them.

Each file is opened as the one format that its content shows. FFmpeg never guesses, for
some formats that it would find are playlists that name other files and addresses.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import av
from av.container import InputContainer
from av.error import FFmpegError
from django.utils.translation import gettext as _

from network.uploads.files import (
    DEFAULT_LIMITS,
    Kind,
    Limits,
    RebuiltFile,
    Rejected,
    Upload,
    rebuilt,
    refuse_too_large,
)
from network.uploads.packings import PACKINGS, Packing, Wanted
from network.uploads.repack import repack
from network.uploads.sniff import format_of

COMPLETE = 0.9  # of the announced seconds; with less a file was cut short
MICROSECONDS = 1_000_000


def rebuild_media(file: Upload, *, limits: Limits = DEFAULT_LIMITS) -> RebuiltFile:
    """One picture stream and one sound stream at most, packed in the same codecs."""
    found = format_of(file)
    packing = PACKINGS.get(found) if found else None
    if packing is None:
        raise Rejected(
            _("This is no sound or film that we can take. Send MP3, M4A, OGG or MP4.")
        )
    refuse_too_large(file, limits.media_bytes)
    with _refusals():
        announced = _refuse_unplayable(file, packing, limits)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "rebuilt"
            seconds = _repacked(file, packing, target)
            _refuse_incomplete(seconds, announced, limits)
            return _described(target, packing, seconds)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (FFmpegError, ValueError, LookupError) as error:
        raise Rejected(
            _("This file is damaged or incomplete. Export it again and send it.")
        ) from error


@contextmanager
def _opened(file: Upload, packing: Packing) -> Iterator[InputContainer]:
    file.seek(0)
    with av.open(file, "r", format=packing.reader, metadata_errors="ignore") as source:
        yield source


def _refuse_unplayable(file: Upload, packing: Packing, limits: Limits) -> float | None:
    """Decodes one frame of each wanted stream; returns the seconds announced."""
    with _opened(file, packing) as source:
        wanted = packing.wanted(source)
        if (
            wanted.video
            and wanted.video.width * wanted.video.height > limits.video_pixels
        ):
            raise Rejected(_("This film is larger than 4K. Export it smaller."))
        announced = source.duration / MICROSECONDS if source.duration else None
        if announced is not None:
            _refuse_length(announced, limits)
        for stream in wanted.streams:
            next(iter(source.decode(stream)))
    return announced


def _refuse_length(seconds: float, limits: Limits) -> None:
    if seconds > limits.seconds:
        raise Rejected(
            _("This runs longer than %(minutes)d minutes. Send it in parts.")
            % {"minutes": limits.seconds // 60}
        )


def _refuse_incomplete(seconds: float, announced: float | None, limits: Limits) -> None:
    _refuse_length(seconds, limits)
    if seconds <= 0 or (announced and seconds < announced * COMPLETE):
        raise ValueError("cut short")


def _repacked(file: Upload, packing: Packing, target: Path) -> float:
    with ExitStack() as stack:
        source = stack.enter_context(_opened(file, packing))
        output = stack.enter_context(
            av.open(str(target), "w", format=packing.writer, options=packing.options)
        )
        return repack(source, output, packing.wanted(source))


def _described(target: Path, packing: Packing, seconds: float) -> RebuiltFile:
    with av.open(str(target), "r", format=packing.reader_of_output) as check:
        wanted = packing.wanted(check)
        return _filed(target.open("rb"), packing, wanted, seconds)


def _filed(
    content: IO[bytes], packing: Packing, wanted: Wanted, seconds: float
) -> RebuiltFile:
    # the open file outlives its name in the temporary folder
    video = wanted.video
    content_type, extension = packing.video_type if video else packing.audio_type
    return rebuilt(
        content,
        kind=Kind.VIDEO if video else Kind.AUDIO,
        content_type=content_type,
        extension=extension,
        width=video.width if video else None,
        height=video.height if video else None,
        duration=round(seconds, 2),
    )
