"""Track headers of WebM and Matroska (RFC 9559), with the private data that players need.

That is the OpusHead of Opus (RFC 7845, 5.1) and the AVC configuration of H.264 (ISO/IEC 14496-15, 5.3.3.1).
PyAV can add a stream for foreign packets, but not with private data; a stream made from a template has it, so
the template is a file of a header and no packets.
"""

import io
import struct
from collections.abc import Sequence

import av
from av.container import OutputContainer
from av.stream import Stream

OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48000, 0, 0)
_UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
_VIDEO, _AUDIO = 1, 2


def _element(identifier: str, payload: bytes) -> bytes:
    size = len(payload)
    return bytes.fromhex(identifier) + (size | 1 << 56).to_bytes(8, "big") + payload


def _number(identifier: str, value: int) -> bytes:
    return _element(identifier, value.to_bytes(4, "big"))


def _entry(number: int, track_type: int, codec_id: str, private: bytes, settings: bytes) -> bytes:
    track = _number("D7", number) + _number("73C5", number) + _number("83", track_type) + _number("9C", 0)
    track += _element("86", codec_id.encode()) + settings
    return _element("AE", track + (_element("63A2", private) if private else b""))


def _video(width: int, height: int) -> bytes:
    return _element("E0", _number("B0", width) + _number("BA", height))


def opus_entry(number: int) -> bytes:
    """A stereo Opus track without pre-skip: RTP carries no encoder delay to leave out."""
    audio = _element("E1", _element("B5", struct.pack(">d", 48000.0)) + _number("9F", 2))
    return _entry(number, _AUDIO, "A_OPUS", OPUS_HEAD, audio)


def vp8_entry(number: int, width: int, height: int) -> bytes:
    """A VP8 track; width and height are in pixels."""
    return _entry(number, _VIDEO, "V_VP8", b"", _video(width, height))


def h264_entry(number: int, configuration: bytes, width: int, height: int) -> bytes:
    """An H.264 track for length-prefixed access units; width and height are in pixels."""
    return _entry(number, _VIDEO, "V_MPEG4/ISO/AVC", configuration, _video(width, height))


def file_header(doc_type: str, entries: Sequence[bytes]) -> bytes:
    """Everything of a file that comes before its first cluster; times are in milliseconds."""
    ebml = _element("4282", doc_type.encode()) + _number("4287", 4) + _number("4285", 2)
    info = _number("2AD7B1", 1_000_000) + _element("4D80", b"Viva") + _element("5741", b"Viva")
    segment = _element("1549A966", info) + _element("1654AE6B", b"".join(entries))
    return _element("1A45DFA3", ebml) + bytes.fromhex("18538067") + _UNKNOWN_SIZE + segment


def add_opus(container: OutputContainer) -> Stream:
    """Add a stereo Opus stream for packets that came over RTP."""
    empty_cluster = _element("1F43B675", _number("E7", 0))
    header = file_header("matroska", [opus_entry(1)]) + empty_cluster
    with av.open(io.BytesIO(header), format="matroska") as template:
        return container.add_stream_from_template(template.streams[0], opaque=True)
