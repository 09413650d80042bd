"""The server of a house: `viva serve --demo` in a process of its own that can be killed and started again."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 60, 30
WORKER = "proctoring.worker"
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def dies_with(parent: int) -> Callable[[], None]:
    """What a child of `parent` does before anything else, so that it never outlives it."""

    def arrange() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


class House:
    """A server, its worker and its data. Without `database_url` it brings a database of its own."""

    def __init__(self, data_dir: Path, models_dir: Path, database_url: str | None = None) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings: Mapping[str, str] = {
            "DATABASE_URL": database_url or "",
            "VIVA_DATA_DIR": str(data_dir),
            "VIVA_MODELS_DIR": str(models_dir),
            "VIVA_PORT": str(self.port),
            "VIVA_PUBLIC_URL": self.url,
            "VIVA_WEB_DIR": str(ROOT / "web" / "dist"),
            # All of it stays on this machine, also where it has no other address.
            "VIVA_MEDIA_ANNOUNCED": "127.0.0.1",
            "VIVA_PROCTORING_WORKERS": "1",
        }
        self._environment = os.environ | settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.data_dir / "server.log"

    @property
    def password(self) -> str:
        """The password of everybody in the demo."""
        password: str = json.loads((self.data_dir / "demo.json").read_text())["password"]
        return password

    def start(self) -> None:
        """Start and wait until it answers; raises AssertionError with the log when it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", "serve", "--demo"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
                preexec_fn=dies_with(os.getpid()),  # noqa: PLW1509 - no thread of ours holds a lock
            )
        give_up_at = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.runs, self.log.read_text()
            assert time.monotonic() < give_up_at, self.log.read_text()
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/v1/health", timeout=2) as response:
                return bool(response.status == 200)
        except (URLError, TimeoutError, ConnectionError):
            return False

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """End it in an orderly way, and whatever is left of it."""
        if self._process is None:
            return
        if self.runs:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOP_SECONDS)

    def kill_worker(self) -> float:
        """End its proctoring worker as a crash would; seconds until the server has another that is ready.

        Raises AssertionError when none comes.
        """
        ready, killed = self._workers_ready(), time.monotonic()
        for worker in self._workers():
            worker.kill()
        while self._workers_ready() == ready:
            assert time.monotonic() - killed < START_SECONDS, self.log.read_text()
            time.sleep(0.05)
        return time.monotonic() - killed

    def _workers_ready(self) -> int:
        return self.log.read_text(errors="replace").count("proctor_worker_ready")

    def _workers(self) -> list[psutil.Process]:
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return [child for child in children if WORKER in _command(child)]

    def resident_mb(self) -> tuple[float, float]:
        """Megabytes in memory: of the server, and of its largest proctoring worker."""
        assert self._process is not None
        workers = [_resident(worker) for worker in self._workers()]
        return _resident(psutil.Process(self._process.pid)), max(workers, default=0.0)


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.Error:  # it has ended meanwhile
        return 0.0


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
