"""Runs a command and ends everything it started: however the run goes, no process of it stays.

    python3 -m tools.owned --minutes 10 .venv/bin/python -m pytest

A test run starts servers, browsers and databases, some of which leave their parent or rewrite their
environment. This process adopts them all (PR_SET_CHILD_SUBREAPER), has a deadline, and kills what is left
until nothing is.
Temporary files go to one short folder that is removed with it: paths of sockets end at 107 bytes.
"""

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
POLL_SECONDS = 0.05
GRACE_SECONDS = 10.0
"""How long a command that is told to end may take for its own tidying."""
LEAVING_SECONDS = 3.0
"""How long children may take to leave after the command has ended."""
TIMED_OUT = 124


class Ended(Exception):
    """We were told to stop."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; its exit code, or 124 when the deadline ended it."""
    parser = argparse.ArgumentParser(prog="tools.owned", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="the deadline")
    parser.add_argument("--grace", type=float, default=GRACE_SECONDS, help="seconds to end in when told to")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    if not given.command:
        parser.error("no command")
    _adopt_orphans()
    with _own_temporary_folder() as folder:
        return _run(given.command, given.minutes * 60, given.grace, folder)


def _run(command: Sequence[str], limit_seconds: float, grace_seconds: float, folder: Path) -> int:
    process: subprocess.Popen[bytes] | None = None
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": str(folder)},
            preexec_fn=lambda: _die_with_parent(signal.SIGKILL),  # noqa: PLW1509 (there are no threads here)
        )
        code = _wait(process, limit_seconds)
        if code is None:
            sys.stderr.write(f"owned: no end after {limit_seconds:.0f} s, ending it\n")
            _ask_to_end(process, grace_seconds)
            return TIMED_OUT
        return code if code >= 0 else 128 - code
    except Ended:
        if process is not None:
            _ask_to_end(process, grace_seconds)
        return 128 + signal.SIGTERM
    finally:
        _end_descendants(min(LEAVING_SECONDS, grace_seconds))


def _wait(process: subprocess.Popen[bytes], limit_seconds: float) -> int | None:
    """The exit code; None when the limit came first. Orphans that were adopted are reaped on the way."""
    give_up_at = time.monotonic() + limit_seconds
    while time.monotonic() < give_up_at:
        code = process.poll()
        if code is not None:
            return code
        _reap(but=process.pid)
        time.sleep(POLL_SECONDS)
    return None


def _ask_to_end(process: subprocess.Popen[bytes], grace_seconds: float) -> None:
    """SIGINT lets pytest tear its fixtures down; SIGTERM would not."""
    for how in (signal.SIGINT, signal.SIGTERM):
        with suppress(ProcessLookupError):
            process.send_signal(how)
        if _wait(process, grace_seconds / 2) is not None:
            return


def _end_descendants(leaving_seconds: float) -> None:
    """Let children leave for a moment, then kill what is left until nothing is, and say what it was."""
    give_up_at = time.monotonic() + leaving_seconds
    while _descendants() and time.monotonic() < give_up_at:
        _reap()
        time.sleep(POLL_SECONDS)
    for pid in _descendants():
        sys.stderr.write(f"owned: still there, killed: {pid} {_command_line(pid)}\n")
    while left := _descendants():
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        _reap()
        time.sleep(POLL_SECONDS)


def _descendants() -> list[int]:
    """Everything below this process that is not a zombie."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
    found = [os.getpid()]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found[1:]


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:160]
    return "(ended meanwhile)"


def _reap(but: int | None = None) -> None:
    """Collect zombies that were handed to us; `but` belongs to a Popen that wants its own exit code."""
    with suppress(ChildProcessError):
        while True:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None or ended.si_pid == but:
                return
            os.waitpid(ended.si_pid, 0)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def _adopt_orphans() -> None:
    def told_to_stop(_signal: int, _frame: FrameType | None) -> None:
        raise Ended

    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, told_to_stop)
    _die_with_parent(signal.SIGTERM)


def _die_with_parent(how: signal.Signals) -> None:
    _prctl(PR_SET_PDEATHSIG, how)


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="viva-"))
    folder.chmod(0o755)  # PostgreSQL's sockets lie below it, under another account
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
