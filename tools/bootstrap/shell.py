"""What the steps share: messages, commands that are quiet until they fail, stamps, Debian packages."""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".viva"
LAST_LINES = 40


class Stop(Exception):
    """The preparation cannot go on; the message says what to do."""


def say(message: str) -> None:
    """Tell the person at the terminal one line."""
    sys.stdout.write(f"viva: {message}\n")
    sys.stdout.flush()


def run(
    command: Sequence[str | Path],
    *,
    doing: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout_seconds: float = 1800,
) -> str:
    """Run a command and return what it printed; raises subprocess.CalledProcessError with the output.

    `doing` is shown while it works and with the seconds it took.
    """
    words = [str(word) for word in command]
    if doing:
        say(f"{doing} …")
    started = time.monotonic()
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout_seconds,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, words, output=done.stdout)
    if doing:
        say(f"{doing}: {time.monotonic() - started:.0f} s")
    return done.stdout


def must(
    command: Sequence[str | Path], *, doing: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> str:
    """Like `run`, but a failure stops the preparation and shows the end of the output."""
    try:
        return run(command, doing=doing, cwd=cwd, env=env)
    except subprocess.CalledProcessError as error:
        raise Stop(f"{doing}: failed.\n{tail(error.output)}\n  {shlex.join(error.cmd)}") from error
    except subprocess.TimeoutExpired as error:
        raise Stop(f"{doing}: no end after {error.timeout:.0f} s.") from error


def tail(output: str) -> str:
    """The last lines of a command's output."""
    return "\n".join(output.splitlines()[-LAST_LINES:])


def digest(files: Iterable[Path], *words: str) -> str:
    """A key that changes when a file's name or content, or a word, changes."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    for word in words:
        total.update(f"{word}\0".encode())
    return total.hexdigest()


def stamped(name: str) -> str:
    """What was noted under this name by an earlier run, or nothing."""
    try:
        return (STAMPS / name).read_text()
    except FileNotFoundError:
        return ""


def stamp(name: str, value: str) -> None:
    """Note that a step is done; written last and at once, so that an interrupted step is done again."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    draft = STAMPS / f".{name}.{os.getpid()}"
    draft.write_text(value)
    draft.replace(STAMPS / name)


def install_debian_packages(names: Sequence[str], *, why: str) -> None:
    """Install with apt where we may; otherwise stop with the exact command."""
    command = f"apt-get install -y {' '.join(names)}"
    if shutil.which("apt-get") is None:
        raise Stop(f"{why}. On Debian and Ubuntu: {command}; on other systems install what corresponds.")
    if os.geteuid() != 0:
        raise Stop(f"{why}. Run:\n  sudo {command}")
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    say(f"{why}: {command}")
    try:
        run(install, env=env)
    except subprocess.CalledProcessError:
        must([*apt, "update"], doing="apt-get update", env=env)
        must(install, doing=command, env=env)
