"""Copies compressed packets from one container into another."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from network.uploads.mp3 import is_one_frame
from network.uploads.packings import Wanted

Stream = VideoStream | AudioStream
AnyPacket: TypeAlias = "Packet[Any]"
# H.264 units of type 6 carry what cameras add: place, time, serial number
WITHOUT_REMARKS = "filter_units=remove_types=6"


def repack(source: InputContainer, output: OutputContainer, wanted: Wanted) -> float:
    """Returns how many seconds were written."""
    lanes = {stream.index: Lane(stream, output) for stream in wanted.streams}
    for packet in source.demux(*wanted.streams):
        for clean in lanes[packet.stream.index].cleaned(packet):
            output.mux(clean)
    return max(lane.seconds for lane in lanes.values())


class Lane:
    """One stream's way from the source to the output."""

    def __init__(self, stream: Stream, output: OutputContainer) -> None:
        self.target = output.add_stream_from_template(stream)
        self.target.metadata.clear()
        self.filter = _remark_filter(stream, self.target)
        self.accepts = _check_of_packets(stream)
        self.first: float | None = None
        self.end = 0.0

    @property
    def seconds(self) -> float:
        return self.end - (self.first or 0.0)

    def cleaned(self, packet: AnyPacket) -> Iterator[AnyPacket]:
        for clean in self._filtered(packet):
            if not self.accepts(bytes(clean)):
                continue
            self._note_time(clean)
            clean.stream = self.target
            yield clean

    def _filtered(self, packet: AnyPacket) -> list[AnyPacket]:
        if packet.dts is None and not packet.size:
            # the demuxer's sign that a stream is over
            return self.filter.filter(None) if self.filter else []
        return self.filter.filter(packet) if self.filter else [packet]

    def _note_time(self, packet: AnyPacket) -> None:
        if packet.pts is None or packet.time_base is None:
            return
        start = float(packet.pts * packet.time_base)
        self.first = start if self.first is None else min(self.first, start)
        self.end = max(
            self.end, start + float((packet.duration or 0) * packet.time_base)
        )


def _codec(stream: Stream) -> str:
    return str(stream.codec_context.codec.canonical_name)


def _remark_filter(stream: Stream, target: Stream) -> BitStreamFilterContext | None:
    if _codec(stream) != "h264":
        return None
    # the target is told of the changed layout, or what is written cannot be played
    return BitStreamFilterContext(WITHOUT_REMARKS, stream, target)


def _check_of_packets(stream: Stream) -> Callable[[bytes], bool]:
    return is_one_frame if _codec(stream) == "mp3" else bool
