"""One life of the worker process: start, hand over messages, watch, end."""

import asyncio
import os
import socket
import sys
import tempfile
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import structlog

import proctoring
from proctoring.worker.proto import Message, Ping, Pong, ProtocolError, Ready, encode, read_message
from proctoring.worker.work import read_work

log = structlog.get_logger(__name__)

INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
SINGLE_THREADED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TFLITE_NUM_THREADS": "1"}
WRITE_BUFFER_BYTES = 256 * 1024
END_TIMEOUT_SECONDS = 3.0
STDERR_LINES = 10


class WorkerDied(Exception):
    """The worker ended, fell silent or outgrew its limits; the message says which."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the supervisor is (seconds) and how large the worker may grow (bytes resident)."""

    start_timeout_seconds: float = 60.0
    ping_every_seconds: float = 1.0
    ping_deadline_seconds: float = 10.0
    memory_bytes: int = 1024 * 1024 * 1024


class WorkerProcess:
    """A running worker; made by `spawn`, always to be ended with `end`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: Limits,
        work: BinaryIO,
    ) -> None:
        self._work = work
        self._process = process
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._ponged = asyncio.get_running_loop().time()
        self._complaints: deque[str] = deque(maxlen=STDERR_LINES)
        self._stderr_task = asyncio.create_task(self._keep_stderr(), name="proctor-stderr")
        self.last_pong: Pong | None = None

    @classmethod
    async def spawn(cls, models_dir: Path, limits: Limits) -> "WorkerProcess":
        """Start the process; it is usable once `wait_ready` returns."""
        ours, theirs = socket.socketpair()
        work = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "proctoring.worker.main", "--fd", str(theirs.fileno())),
                *("--models", str(models_dir), "--work-fd", str(work.fileno())),
                pass_fds=(theirs.fileno(), work.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env=_environment(),
            )
        except BaseException:
            ours.close()
            work.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:  # stopped while it started: nobody else knows the process
            process.kill()
            await process.wait()
            work.close()
            raise
        writer.transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        return cls(process, reader, writer, limits, work)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def at_work(self) -> str | None:
        """The stream whose frame the worker has in hands, or had when it died."""
        return read_work(self._work.fileno())

    async def wait_ready(self) -> Ready:
        """Wait until the models are loaded; raises WorkerDied."""
        try:
            async with asyncio.timeout(self._limits.start_timeout_seconds):
                message = await self.read()
        except TimeoutError as error:
            raise WorkerDied("did not become ready in time") from error
        if not isinstance(message, Ready):
            raise WorkerDied(f"began with {type(message).__name__} instead of Ready")
        self._ponged = asyncio.get_running_loop().time()
        return message

    async def read(self) -> Message:
        """The next message; raises WorkerDied."""
        try:
            message = await read_message(self._reader)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerDied(await self._last_words()) from error
        except ProtocolError as error:
            raise WorkerDied(f"broke the protocol: {error}") from error
        if isinstance(message, Pong):
            self._ponged = asyncio.get_running_loop().time()
            self.last_pong = message
        return message

    async def send(self, *messages: Message) -> None:
        """Send in order, waiting while the worker is too far behind; raises WorkerDied."""
        try:
            self._writer.writelines([encode(message) for message in messages])
            await self._writer.drain()
        except ConnectionError as error:
            raise WorkerDied(await self._last_words()) from error

    async def watch(self) -> None:
        """Ping until something is wrong; always ends by raising WorkerDied."""
        loop, limits, token = asyncio.get_running_loop(), self._limits, 0
        while True:
            token += 1
            # Straight to the transport: a worker that does not read must not keep us from noticing.
            self._writer.write(encode(Ping(token)))
            await asyncio.sleep(limits.ping_every_seconds)
            if _is_stopped(self.pid):
                # Whoever stopped it may never let it go on: not waiting for the deadline saves nine seconds.
                raise WorkerDied("was stopped")
            if loop.time() - self._ponged > limits.ping_deadline_seconds:
                raise WorkerDied(f"no answer for {limits.ping_deadline_seconds:g} s")
            if self.last_pong is not None and self.last_pong.rss_bytes > limits.memory_bytes:
                raise WorkerDied(f"uses {self.last_pong.rss_bytes} bytes, the limit is {limits.memory_bytes}")

    async def end(self) -> None:
        """Close the pipe, then kill what does not end by itself; idempotent."""
        self._writer.close()
        try:
            async with asyncio.timeout(END_TIMEOUT_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._stderr_task.cancel()
        await asyncio.gather(self._stderr_task, return_exceptions=True)
        self._work.close()

    def kill(self) -> None:
        """End it at once, without asking."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _last_words(self) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._process.wait()
                await asyncio.shield(self._stderr_task)
        return f"ended with code {self._process.returncode}: {' | '.join(self._complaints) or 'no message'}"

    async def _keep_stderr(self) -> None:
        """Read on so that the pipe never fills; keep the last lines for the log."""
        stream = self._process.stderr
        while stream is not None and (chunk := await stream.read(4096)):
            lines = chunk.decode(errors="replace").splitlines()
            self._complaints.extend(line[:300] for line in lines if line.strip())


def _is_stopped(pid: int) -> bool:
    """Whether a signal or a debugger holds the process; False where nobody can tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] in (["T"], ["t"])


def _environment() -> dict[str, str]:
    """Only what Python needs: the process that decodes strangers' video gets no secrets of the server."""
    home = str(Path(proctoring.__file__).resolve().parent.parent)
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**kept, **SINGLE_THREADED, "PYTHONPATH": home, "PYTHONUNBUFFERED": "1"}
