"""Frames of MP3, for the reader takes what stands between two of them for sound.

Tags stand there when recordings were joined. Bit rates and lengths: ISO/IEC 11172-3
and 13818-3, layer III.
"""

HEADER_BYTES = 4
MPEG1_RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s
MPEG2_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
SAMPLE_RATES = (44100, 48000, 32000)
MPEG1, MPEG2, MPEG25 = 3, 2, 0
SLOWER = {MPEG1: 1, MPEG2: 2, MPEG25: 4}  # divides the sample rate
LAYER_3 = 1


def is_one_frame(packet: bytes) -> bool:
    """Whether the packet is as long as its own header says, to the byte."""
    return frame_bytes(packet[:HEADER_BYTES]) == len(packet)


def frame_bytes(header: bytes) -> int | None:
    """The length that a header announces; `None` for what is no header."""
    bits = int.from_bytes(header)
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    rate, sampling, padding = bits >> 12 & 15, bits >> 10 & 3, bits >> 9 & 1
    if len(header) < HEADER_BYTES or bits >> 21 != 0x7FF or layer != LAYER_3:
        return None
    if version not in SLOWER or rate in (0, 15) or sampling == 3:
        return None
    rates, samples = (MPEG1_RATES, 144) if version == MPEG1 else (MPEG2_RATES, 72)
    hertz = SAMPLE_RATES[sampling] // SLOWER[version]
    return samples * 1000 * rates[rate - 1] // hertz + padding
