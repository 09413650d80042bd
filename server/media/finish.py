"""One playable file of a recording's segments: duration, cues, gaps in place, checksum, thumbnail, waveform.

Runs in a process of its own (see `FinishPool`): the server process neither decodes nor waits for disks.
"""

import asyncio
import ctypes
import hashlib
import io
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import av
from av.container import OutputContainer
from av.stream import Stream

from server.media import tracks
from server.media.timeline import Item, Timeline
from server.media.waveform import Waveform, waveform

_THUMBNAIL_WIDTH = 480
_THUMBNAIL_AT_MS = 1000
_NICE = 5
_PR_SET_PDEATHSIG = 1
_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A segment on disk; it begins `offset_ms` into the recording, None: right after the one before."""

    path: Path
    offset_ms: int | None


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """Facts of a finished recording; `thumbnail` is a JPEG or None when no picture decodes.

    `waveform` is None without sound.
    """

    path: Path
    container: str
    video_codec: str | None
    audio_codec: str | None
    width: int
    height: int
    duration_ms: int
    size_bytes: int
    sha256: str
    thumbnail: bytes | None
    waveform: Waveform | None
    segment_durations_ms: dict[Path, int]


class NothingRecorded(Exception):
    """No segment holds a single packet that can be read."""


@dataclass(slots=True)
class _Segment:
    """A readable segment: what its streams are, and its packets one by one."""

    file: SegmentFile
    video_codec: str | None
    audio_codec: str | None
    width: int
    height: int


def finish_recording(segments: list[SegmentFile], out: Path) -> FinishedFile:
    """Remux segments into `out`; a segment cut off by a crash counts up to its last whole packet.

    Raises NothingRecorded.
    """
    probed = [segment for file in segments if (segment := _probe(file)) is not None]
    if not probed:
        raise NothingRecorded("no segment can be read")
    first = next((segment for segment in probed if segment.video_codec), probed[0])
    has_audio = any(segment.audio_codec for segment in probed)
    container_format = "matroska" if first.video_codec == "h264" else "webm"
    durations: dict[Path, int] = {}
    with av.open(str(out), "w", format=container_format, options={"cues_to_front": "1"}) as container:
        streams: dict[str, Stream] = {}
        if first.video_codec:
            streams["video"] = _video_stream(container, first)
        if has_audio:
            streams["audio"] = tracks.add_opus(container)
        timeline = Timeline(container, streams)
        for segment in probed:
            durations[segment.file.path] = _add_segment(timeline, segment.file)
        end_ms = timeline.end_ms
    if end_ms == 0 and not any(durations.values()):
        raise NothingRecorded("no segment holds a packet")
    return _facts(out, first, has_audio, container_format, durations)


def _add_segment(timeline: Timeline, file: SegmentFile) -> int:
    """Put a segment's packets at its place; returns its length in milliseconds."""
    offset_ms = timeline.end_ms if file.offset_ms is None else file.offset_ms
    timeline.sound_until(offset_ms)
    end_ms = offset_ms
    for item in _items(file.path):
        item.pts_ms += offset_ms
        end_ms = max(end_ms, item.pts_ms)
        timeline.add(item)
    return end_ms - offset_ms


def _video_stream(container: OutputContainer, first: _Segment) -> Stream:
    """A video track like the first segment's, private data included."""
    with av.open(str(first.file.path)) as template:
        return container.add_stream_from_template(template.streams.video[0], opaque=True)


def _probe(file: SegmentFile) -> _Segment | None:
    try:
        with av.open(str(file.path)) as container:
            video = container.streams.video[0] if container.streams.video else None
            audio = container.streams.audio[0] if container.streams.audio else None
            segment = _Segment(
                file=file,
                video_codec=video.codec_context.name if video else None,
                audio_codec=audio.codec_context.name if audio else None,
                width=video.codec_context.width if video else 0,
                height=video.codec_context.height if video else 0,
            )
            seen = {packet.stream.type for packet in container.demux() if packet.size}
    except (av.FFmpegError, OSError):
        return None
    if not seen:
        return None
    segment.video_codec = segment.video_codec if "video" in seen else None
    segment.audio_codec = segment.audio_codec if "audio" in seen else None
    return segment


def _items(path: Path) -> Iterator[Item]:
    """Packets of a segment in file order; stops quietly where a crash cut the file."""
    try:
        with av.open(str(path)) as container:
            for packet in container.demux():
                if packet.size and packet.pts is not None and packet.stream.type in ("audio", "video"):
                    assert packet.time_base is not None
                    pts_ms = round(packet.pts * packet.time_base * 1000)
                    yield Item(packet.stream.type, pts_ms, packet.is_keyframe, bytes(packet))
    except av.FFmpegError:
        return


def _facts(
    out: Path, first: _Segment, has_audio: bool, container: str, durations: dict[Path, int]
) -> FinishedFile:
    with av.open(str(out)) as file:
        duration_ms = round((file.duration or 0) / 1000)
    with out.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FinishedFile(
        path=out,
        container=container,
        video_codec=first.video_codec,
        audio_codec="opus" if has_audio else None,
        width=first.width,
        height=first.height,
        duration_ms=duration_ms,
        size_bytes=out.stat().st_size,
        sha256=digest,
        thumbnail=thumbnail(out) if first.video_codec else None,
        waveform=waveform(out, duration_ms) if has_audio else None,
        segment_durations_ms=durations,
    )


def thumbnail(path: Path) -> bytes | None:
    """A JPEG of the picture one second in (or the last one before), 480 px wide; None when none decodes."""
    picture: av.VideoFrame | None = None
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                picture = frame
                if frame.time * 1000 >= _THUMBNAIL_AT_MS:
                    break
    except (av.FFmpegError, IndexError):
        pass
    return None if picture is None else _jpeg(picture)


def _jpeg(picture: av.VideoFrame) -> bytes:
    height = max(2, round(picture.height * _THUMBNAIL_WIDTH / picture.width / 2) * 2)
    small = picture.reformat(width=_THUMBNAIL_WIDTH, height=height, format="yuvj420p")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = _THUMBNAIL_WIDTH, height, "yuvj420p"
        small.pts = 0
        small.time_base = Fraction(1, 1)
        container.mux(stream.encode(small))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _begin(parent: int) -> None:
    """End with the server, also when that is killed: who waits for work of nobody waits for ever."""
    with suppress(OSError, AttributeError):  # Linux alone has it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    os.nice(_NICE)


class FinishPool:
    """One low-priority process that finishes recordings, so that the media plane goes first."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def finish(self, segments: list[SegmentFile], out: Path) -> FinishedFile:
        """Finish a recording.

        Raises NothingRecorded, OSError (no space), BrokenProcessPool, or TimeoutError after ten minutes.
        """
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
            )
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                return await loop.run_in_executor(self._pool, finish_recording, segments, out)
        except BrokenProcessPool:  # the process was killed; the next call gets a new one
            self._pool = None
            raise

    def close(self) -> None:
        """Stop the process; what it was doing is done again at the next start."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def remove_working_files(folder: Path) -> None:
    """Delete a recording's working folder once its file is stored."""
    shutil.rmtree(folder, ignore_errors=True)
