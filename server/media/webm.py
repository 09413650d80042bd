"""Writes encoded frames as WebM, or Matroska for H.264 (RFC 9559), in whole clusters.

Written by hand because it runs for every frame of every recording: FFmpeg's muxer costs ten times as much
through its bindings, copies each frame twice and writes each on its own. A cluster goes to the file in one
system call, and what it holds is not copied. The finished file is made by FFmpeg (`finish.py`).
"""

import os
import struct
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from server.media import h264, tracks
from server.media.ports import Kind

_CLUSTER = bytes.fromhex("1F43B675")
_CLUSTER_MAX_MS = 1000
_SIZE_8 = 1 << 56
_SIZE_4 = 1 << 28
_TRACKS = {"video": 0x81, "audio": 0x82}
_MAX_BUFFERS = 1000  # of one system call; IOV_MAX is 1024
_block_header = struct.Struct(">BIBhB").pack
_TIME = itemgetter(0)
_cluster_header = struct.Struct(">4sQBBQ").pack


class VideoFormat(NamedTuple):
    """What a track header says of pictures; sizes are in pixels."""

    codec: str
    width: int
    height: int


Block = tuple[float, Kind, bool, bytes]
"""What a file keeps of a frame: time in milliseconds, kind, whether it is a keyframe, the bitstream."""


class WebmWriter:
    """One file; every method may block and may raise OSError.

    Without `video` there are no pictures in it. Between two calls the file holds whole clusters only,
    whatever error ended the last one.
    """

    def __init__(self, path: Path, *, video: VideoFormat | None, with_audio: bool) -> None:
        self._path = path
        self._video = video
        self._length_prefixed = video is not None and video.codec == "h264"
        self._file: int | None = None
        self._size = 0
        self._last_pts = {"video": -1} if video is not None else {}
        if with_audio:
            self._last_pts["audio"] = -1
        self.counts = {"video": 0, "audio": 0}
        self.written_ms = 0

    def write(self, blocks: Sequence[Block], base_ms: float = 0.0) -> None:
        """Append frames; times count from `base_ms`, and those of one kind that do not grow are moved on.

        The first blocks must hold a video keyframe when there is video. Raises OSError, or ValueError when
        H.264 comes without parameter sets.
        """
        clusters = self._clusters(sorted(blocks, key=_TIME), base_ms)
        if not clusters:
            return
        buffers: list[bytes] = []
        if self._file is None:
            buffers.append(self._header(blocks))
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
        for first, pieces in clusters:
            buffers.append(_cluster_header(_CLUSTER, _SIZE_8 | 10 + sum(map(len, pieces)), 0xE7, 0x88, first))
            buffers += pieces
            for kind, byte in _TRACKS.items():
                self.counts[kind] += sum(1 for piece in pieces[::2] if piece[5] == byte)
        self._append(buffers)
        self.written_ms = max(self.written_ms, *self._last_pts.values())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            file, self._file = self._file, None
            os.close(file)

    def _clusters(self, blocks: Sequence[Block], base_ms: float) -> list[tuple[int, list[bytes]]]:
        """Clusters as their first time, and block headers with the data behind each."""
        last_pts, prefixed = self._last_pts, self._length_prefixed
        clusters: list[tuple[int, list[bytes]]] = []
        first, pieces = 0, list[bytes]()
        for at_ms, kind, keyframe, data in blocks:
            last, pts = last_pts.get(kind), round(at_ms - base_ms)
            if last is None or pts < 0:
                continue
            if pts <= last:
                pts = last + 1
            last_pts[kind] = pts
            if not pieces or pts - first >= _CLUSTER_MAX_MS:
                first, pieces = pts, []
                clusters.append((first, pieces))
            if prefixed and kind == "video":
                data = h264.length_prefixed(data)  # noqa: PLW2901
            size, flags = _SIZE_4 | len(data) + 4, 0x80 if keyframe else 0
            pieces += (_block_header(0xA3, size, _TRACKS[kind], pts - first, flags), data)
        return clusters

    def _header(self, blocks: Sequence[Block]) -> bytes:
        """Everything before the first cluster."""
        entries, doc_type, video = [], "webm", self._video
        if video is not None and video.codec == "h264":
            doc_type = "matroska"
            data = next(data for _, kind, _, data in blocks if kind == "video")
            configuration = h264.avc_configuration(h264.parameter_sets(data))
            entries.append(tracks.h264_entry(1, configuration, video.width, video.height))
        elif video is not None:
            entries.append(tracks.vp8_entry(1, video.width, video.height))
        if "audio" in self._last_pts:
            entries.append(tracks.opus_entry(2))
        return tracks.file_header(doc_type, entries)

    def _append(self, buffers: list[bytes]) -> None:
        assert self._file is not None
        try:
            written = 0
            for start in range(0, len(buffers), _MAX_BUFFERS):
                part = buffers[start : start + _MAX_BUFFERS]
                expected = sum(map(len, part))
                count = os.writev(self._file, part)
                if count < expected:  # a disk that fills up takes a part; the next call says why
                    _write_all(self._file, memoryview(b"".join(part))[count:])
                written += expected
        except OSError:
            self._cut_off()
            raise
        self._size += written

    def _cut_off(self) -> None:
        """Leave no half cluster behind."""
        assert self._file is not None
        try:
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
        except OSError:
            pass


def _write_all(file: int, rest: memoryview) -> None:
    while rest:
        rest = rest[os.write(file, rest) :]
