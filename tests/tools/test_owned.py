"""What a test run starts ends with it, whatever becomes of the run."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 30

# A daemon as servers make them: it leaves its parent and its session, and ignores a polite request.
DAEMON = """
    import os, signal, subprocess, sys, time
    from pathlib import Path
    daemon = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    started = subprocess.Popen([sys.executable, "-c", daemon], start_new_session=True)
    Path(sys.argv[1]).write_text(f"{started.pid} {os.getpid()} {os.environ['TMPDIR']}")
"""


def start(tmp_path: Path, then: str, *options: str) -> tuple[subprocess.Popen[bytes], int, int, Path]:
    """Run a command that starts a daemon and does `then`; both pids and the temporary folder it was given."""
    note = tmp_path / "note"
    command = [sys.executable, "-c", textwrap.dedent(DAEMON) + then, str(note)]
    with (tmp_path / "output").open("wb") as output:
        owner = subprocess.Popen(
            [sys.executable, "-m", "tools.owned", "--grace", "0.5", *options, *command],
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    give_up_at = time.monotonic() + LIMIT_SECONDS
    while not (note.exists() and len(words := note.read_text().split()) == 3):
        assert time.monotonic() < give_up_at, (tmp_path / "output").read_text()
        time.sleep(0.02)
    return owner, int(words[0]), int(words[1]), Path(words[2])


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize(
    ("then", "options", "code"),
    [
        ("", (), 0),
        ("sys.exit(3)", (), 3),
        ("os.kill(os.getpid(), signal.SIGKILL)", (), 137),
        ("time.sleep(600)", ("--minutes", "0.02"), 124),
    ],
    ids=["passed", "failed", "killed", "deadline"],
)
def test_nothing_stays(tmp_path: Path, then: str, options: tuple[str, ...], code: int) -> None:
    owner, daemon, command, folder = start(tmp_path, then, *options)
    assert owner.wait(LIMIT_SECONDS) == code
    assert is_gone(daemon)
    assert is_gone(command)
    assert not folder.exists()


def test_nothing_stays_when_it_is_told_to_stop(tmp_path: Path) -> None:
    owner, daemon, command, folder = start(tmp_path, "time.sleep(600)")
    owner.send_signal(signal.SIGTERM)
    assert owner.wait(LIMIT_SECONDS) == 128 + signal.SIGTERM
    assert is_gone(daemon)
    assert is_gone(command)
    assert not folder.exists()


def test_the_command_ends_with_a_killed_owner(tmp_path: Path) -> None:
    owner, daemon, command, _folder = start(tmp_path, "time.sleep(600)")
    owner.kill()
    owner.wait(LIMIT_SECONDS)
    give_up_at = time.monotonic() + LIMIT_SECONDS
    while not is_gone(command) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert is_gone(command)
    os.kill(daemon, signal.SIGKILL)  # nobody can own it any more
