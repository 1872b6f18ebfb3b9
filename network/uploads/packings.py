"""How each format of sound and film is read and written, and what it may hold."""

from dataclasses import dataclass, field

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream
from django.utils.translation import gettext as _

from network.uploads.files import Rejected
from network.uploads.sniff import Format

ContentType = tuple[str, str]  # with its extension


@dataclass(frozen=True)
class Wanted:
    video: VideoStream | None
    audio: AudioStream | None

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        return [stream for stream in (self.video, self.audio) if stream is not None]


@dataclass(frozen=True)
class Packing:
    reader: str
    writer: str
    audio: frozenset[str]
    audio_type: ContentType
    video: frozenset[str] = frozenset()
    video_type: ContentType = ("", "")
    more_options: dict[str, str] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, str]:
        # without it the muxer signs with its version
        return {"fflags": "+bitexact", **self.more_options}

    @property
    def reader_of_output(self) -> str:
        return self.writer if self.reader == "aac" else self.reader

    def wanted(self, source: InputContainer) -> Wanted:
        """The first film and sound stream. Raises `Rejected` for codecs that browsers
        may not play; covers, captions, chapters and further tracks are passed over."""
        films = [s for s in source.streams.video if not _is_cover(s)]
        wanted = Wanted(
            films[0] if films and self.video else None,
            source.streams.audio[0] if source.streams.audio else None,
        )
        if not wanted.streams:
            raise ValueError("neither sound nor film")
        self._refuse_codecs(wanted)
        return wanted

    def _refuse_codecs(self, wanted: Wanted) -> None:
        codecs = {
            stream.codec_context.codec.canonical_name for stream in wanted.streams
        }
        if not codecs <= self.audio | self.video:
            raise Rejected(
                _(
                    "Browsers may not play this file's encoding. Export films as MP4 "
                    "(H.264 with AAC) and sound as MP3 or M4A."
                )
            )


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


MP4 = Packing(
    reader="mp4",
    writer="mp4",
    audio=frozenset({"aac", "mp3"}),
    audio_type=("audio/mp4", "m4a"),
    video=frozenset({"h264"}),
    video_type=("video/mp4", "mp4"),
    # the index in front, so that playing starts before all has come
    more_options={"movflags": "+faststart"},
)
PACKINGS = {
    Format.MP3: Packing(
        reader="mp3",
        writer="mp3",
        audio=frozenset({"mp3"}),
        audio_type=("audio/mpeg", "mp3"),
        more_options={"id3v2_version": "0", "write_id3v1": "0"},
    ),
    Format.AAC: Packing(
        reader="aac",
        writer="mp4",
        audio=frozenset({"aac"}),
        audio_type=("audio/mp4", "m4a"),
        more_options=MP4.more_options,
    ),
    Format.OGG: Packing(
        reader="ogg",
        writer="ogg",
        audio=frozenset({"opus", "vorbis"}),
        audio_type=("audio/ogg", "ogg"),
    ),
    Format.MP4: MP4,
    Format.WEBM: Packing(
        reader="webm",
        writer="webm",
        # Vorbis would carry its comments along in the codec's own data
        audio=frozenset({"opus"}),
        audio_type=("audio/webm", "webm"),
        video=frozenset({"vp8", "vp9"}),
        video_type=("video/webm", "webm"),
    ),
}
