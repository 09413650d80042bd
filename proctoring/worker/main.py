"""The worker process: `python -m proctoring.worker.main --fd N --models DIR`.

One thread, one pipe, many streams in turn. It ends when the pipe closes or its parent dies, and knows no
secrets.
"""

import argparse
import ctypes
import gc
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from proctoring.detectors.base import Detector
from proctoring.models import ModelError, ModelFiles, verify_models
from proctoring.worker.proto import (
    CloseStream,
    Drain,
    Drained,
    Frame,
    Message,
    MessageBuffer,
    OpenStream,
    Ping,
    Pong,
    ProtocolError,
    Ready,
    encode,
)
from proctoring.worker.stream import StreamAnalyser
from proctoring.worker.work import write_work

if TYPE_CHECKING:
    from proctoring.detectors.face import MediaPipeFaceDetector

READ_BYTES = 256 * 1024
READS_PER_TURN, FRAMES_A_TURN = 8, 4
NICENESS = 5
PR_SET_PDEATHSIG = 1
EXIT_MODELS, EXIT_PROTOCOL = 3, 4


class Worker:
    """Serves one connection until the other side closes it."""

    def __init__(self, connection: socket.socket, detector: Detector, work_fd: int) -> None:
        self._work_fd = work_fd
        self._connection = connection
        self._detector = detector
        self._buffer = MessageBuffer()
        self._streams: dict[str, StreamAnalyser] = {}

    def run(self) -> None:
        """Alternate between reading what has come and a turn of work; returns when the pipe is closed."""
        self._send(Ready(os.getpid(), self._detector.name, self._detector.model_version))
        while self._read(wait=not any(stream.waiting_frames for stream in self._streams.values())):
            self._work()

    def _read(self, wait: bool) -> bool:
        timeout = None if wait else 0
        for _ in range(READS_PER_TURN):
            if not select.select([self._connection], [], [], timeout)[0]:
                return True
            data = self._connection.recv(READ_BYTES)
            if not data:
                return False
            now = time.monotonic()
            for message in self._buffer.feed(data):
                self._handle(message, now)
            timeout = 0
        return True

    def _handle(self, message: Message, now: float) -> None:
        match message:
            case OpenStream(stream_id, codec):
                self._streams[stream_id] = StreamAnalyser(stream_id, codec, self._detector)
            case Frame() if message.stream_id in self._streams:
                self._streams[message.stream_id].add(message, now)
            case Drain(stream_id, token):
                stream = self._streams.get(stream_id)
                self._send(Drained(stream_id, token)) if stream is None else stream.add(message, now)
            case CloseStream(stream_id):
                self._streams.pop(stream_id, None)
            case Ping(token):
                self._send(self._pong(token, now))
            case _:
                pass

    def _pong(self, token: int, now: float) -> Pong:
        streams = self._streams.values()
        lag = max((stream.lag_seconds(now) for stream in streams), default=0.0)
        return Pong(
            token, resident_bytes(), round(lag * 1000), sum(stream.waiting_frames for stream in streams)
        )

    def _work(self) -> None:
        """A few frames of one stream; streams take turns, so one that floods waits for itself only."""
        for stream_id, stream in self._streams.items():
            if stream.waiting_frames:
                write_work(self._work_fd, stream_id)
                turn = range(min(FRAMES_A_TURN, stream.waiting_frames))
                messages = [message for _ in turn for message in stream.step(time.monotonic())]
                write_work(self._work_fd, "")
                for message in messages:
                    self._send(message)
                self._streams[stream_id] = self._streams.pop(stream_id)
                return

    def _send(self, message: Message) -> None:
        self._connection.sendall(encode(message))


def resident_bytes() -> int:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _load_detector(files: ModelFiles) -> "MediaPipeFaceDetector":
    """Only now: the libraries are large, and a worker with unusable models says so without them."""
    from proctoring.detectors.face import MediaPipeFaceDetector

    return MediaPipeFaceDetector(files)


def _depend_on_parent() -> None:
    """Die with the parent, and leave Ctrl-C to it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _step_back() -> None:
    """Let the media plane go first; only once loaded, since until then candidates go unwatched."""
    with suppress(OSError):
        os.nice(NICENESS)


def main(argv: list[str] | None = None) -> int:
    """Run the worker; exit code 3 when the models are unusable, 4 when the server spoke another protocol."""
    parser = argparse.ArgumentParser(prog="python -m proctoring.worker.main")
    parser.add_argument("--fd", type=int, required=True, help="inherited socket to the server")
    parser.add_argument("--models", type=Path, required=True, help="folder with verified model files")
    parser.add_argument(
        "--work-fd", type=int, required=True, help="inherited file for proctoring.worker.work"
    )
    arguments = parser.parse_args(argv)
    _depend_on_parent()
    try:
        files = verify_models(arguments.models)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_MODELS
    with socket.socket(fileno=arguments.fd) as connection, _load_detector(files) as detector:
        _step_back()
        gc.collect()
        gc.freeze()  # what the libraries brought stays: no collection needs to walk through it again
        try:
            Worker(connection, detector, arguments.work_fd).run()
        except ProtocolError as error:
            sys.stderr.write(f"{error}\n")
            return EXIT_PROTOCOL
        except (BrokenPipeError, ConnectionResetError):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
