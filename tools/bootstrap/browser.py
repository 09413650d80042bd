"""A Chromium for the tests in a real browser."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap import portable_chromium
from tools.bootstrap.shell import Stop, install_debian_packages, run, stamp, stamped

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def ensure() -> Path:
    """The path of a Chromium that starts: VIVA_CHROMIUM, PATH's, Debian's package, or one from npm."""
    given = os.environ.get("VIVA_CHROMIUM")
    if given:
        if not _starts(Path(given)):
            raise Stop(f"VIVA_CHROMIUM={given} does not start.")
        return Path(given)
    known = Path(stamped("chromium") or "/nonexistent")
    if os.access(known, os.X_OK):
        return known
    found = next(_candidates(), None)
    if found is None:
        raise Stop("no Chromium: install one and set VIVA_CHROMIUM to its path.")
    stamp("chromium", str(found))
    return found


def _candidates() -> Iterator[Path]:
    yield from _on_path()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian_packages(["chromium"], why="the tests in a real browser need Chromium")
        yield from _on_path()
    yield portable_chromium.ensure()


def _on_path() -> Iterator[Path]:
    paths = (shutil.which(name) for name in NAMES)
    yield from (Path(path) for path in paths if path and _starts(Path(path)))


def _starts(path: Path) -> bool:
    """Whether it runs at all: one that was copied lacks libraries on a bare system."""
    try:
        run([path, "--version"], timeout_seconds=30)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    return True
