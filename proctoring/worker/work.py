"""A note both processes see: which stream's frame the worker has in hands, so that a killer can be told."""

import os

NOTE_BYTES = 64


def write_work(descriptor: int, stream_id: str) -> None:
    """Note the stream; an empty string: none."""
    os.pwrite(descriptor, stream_id.encode()[:NOTE_BYTES].ljust(NOTE_BYTES, b"\0"), 0)


def read_work(descriptor: int) -> str | None:
    """The noted stream, None when there is none."""
    return os.pread(descriptor, NOTE_BYTES, 0).rstrip(b"\0").decode(errors="replace") or None
