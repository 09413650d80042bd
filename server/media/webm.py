"""Writes encoded frames as WebM, or Matroska for H.264 (RFC 9559), in whole clusters.

Written by hand because it runs for every frame of every recording: FFmpeg's muxer costs ten times as much
through its bindings, copies each frame twice and writes each on its own. A cluster goes to the file in one
system call, and what it holds is not copied. The finished file is made by FFmpeg (`finish.py`).
"""

import os
import struct
from collections.abc import Sequence
from pathlib import Path

from server.media import h264, tracks
from server.media.ports import EncodedFrame

_CLUSTER = bytes.fromhex("1F43B675")
_CLUSTER_MAX_MS = 1000
_SIZE_8 = 1 << 56
_SIZE_4 = 1 << 28
_TRACKS = {"video": 0x81, "audio": 0x82}
_MAX_BUFFERS = 1000  # of one system call; IOV_MAX is 1024
_block_header = struct.Struct(">BIBhB").pack
_cluster_header = struct.Struct(">4sQBBQ").pack


class WebmWriter:
    """One file; every method may block and may raise OSError.

    Between two calls the file holds whole clusters only, whatever error ended the last one.
    """

    def __init__(self, path: Path, *, with_audio: bool, with_video: bool) -> None:
        self._path = path
        self._kinds = [kind for kind, there in (("video", with_video), ("audio", with_audio)) if there]
        self._file: int | None = None
        self._size = 0
        self._last_pts = dict.fromkeys(self._kinds, -1)
        self.written_ms = 0

    def write(self, frames: Sequence[tuple[int, EncodedFrame]]) -> None:
        """Append frames and their times in milliseconds; times of one kind that do not grow are moved on.

        The first frames must hold a video keyframe when there is video. Raises OSError, or ValueError when
        H.264 comes without parameter sets.
        """
        blocks = self._in_order(frames)
        if not blocks:
            return
        buffers: list[bytes] = []
        size = 0
        if self._file is None:
            header = _file_header(self._kinds, [frame for _, frame in frames])
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
            buffers.append(header)
            size = len(header)
        start = 0
        for index in range(1, len(blocks) + 1):
            if index == len(blocks) or blocks[index][0] - blocks[start][0] >= _CLUSTER_MAX_MS:
                size += _add_cluster(buffers, blocks[start:index])
                start = index
        self._append(buffers, size)
        self.written_ms = max(self.written_ms, blocks[-1][0])

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            file, self._file = self._file, None
            os.close(file)

    def _in_order(self, frames: Sequence[tuple[int, EncodedFrame]]) -> list[tuple[int, EncodedFrame]]:
        last_pts = self._last_pts
        blocks = []
        for pts, frame in frames:
            last = last_pts.get(frame.kind)
            if last is None or pts < 0:
                continue
            if pts <= last:
                pts = last + 1  # noqa: PLW2901
            last_pts[frame.kind] = pts
            blocks.append((pts, frame))
        blocks.sort(key=lambda block: block[0])
        return blocks

    def _append(self, buffers: list[bytes], size: int) -> None:
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
            assert written == size
        except OSError:
            self._cut_off()
            raise
        self._size += size

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


def _add_cluster(buffers: list[bytes], blocks: Sequence[tuple[int, EncodedFrame]]) -> int:
    """Append one cluster's buffers; returns its length in bytes."""
    at = len(buffers)
    buffers.append(b"")
    first = blocks[0][0]
    content = 10
    for pts, frame in blocks:
        data = h264.length_prefixed(frame.data) if frame.codec == "h264" else frame.data
        length = len(data)
        flags = 0x80 if frame.keyframe else 0
        buffers += (
            _block_header(0xA3, _SIZE_4 | length + 4, _TRACKS[frame.kind], pts - first, flags),
            data,
        )
        content += length + 9
    buffers[at] = _cluster_header(_CLUSTER, _SIZE_8 | content, 0xE7, 0x88, first)
    return content + 12


def _file_header(kinds: Sequence[str], frames: Sequence[EncodedFrame]) -> bytes:
    """Everything before the first cluster, as the first video keyframe asks for."""
    entries, doc_type = [], "webm"
    if "video" in kinds:
        first = next(frame for frame in frames if frame.kind == "video")
        if first.codec == "h264":
            doc_type = "matroska"
            configuration = h264.avc_configuration(h264.parameter_sets(first.data))
            entries.append(tracks.h264_entry(1, configuration, first.width, first.height))
        else:
            entries.append(tracks.vp8_entry(1, first.width, first.height))
    if "audio" in kinds:
        entries.append(tracks.opus_entry(2))
    return tracks.file_header(doc_type, entries)
