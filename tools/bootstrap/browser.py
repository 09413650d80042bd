"""A Chromium for the end-to-end tests."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap.shell import PYTHON, Stop, install_debian_packages, run, stamp, stamped

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DOWNLOAD_TIMEOUT_SECONDS = 300
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def ensure() -> Path:
    """The path of a Chromium that starts: VIVA_CHROMIUM, Playwright's own, PATH's, or Debian's package."""
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
    downloaded = _download()
    if downloaded is not None and _starts(downloaded):
        yield downloaded
    yield from _on_path()
    install_debian_packages(["chromium"], why="the end-to-end tests need Chromium, and its download failed")
    yield from _on_path()


def _on_path() -> Iterator[Path]:
    paths = (shutil.which(name) for name in NAMES)
    yield from (Path(path) for path in paths if path and _starts(Path(path)))


def _download() -> Path | None:
    """Playwright's browser; None where its store cannot be reached."""
    try:
        run(
            [PYTHON, "-m", "playwright", "install", "chromium", "--no-shell"],
            doing="Chromium",
            timeout_seconds=DOWNLOAD_TIMEOUT_SECONDS,
        )
        return Path(run([PYTHON, "-c", WHERE]).strip())
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None


def _starts(path: Path) -> bool:
    """Whether it runs at all: a downloaded one lacks libraries on a bare system."""
    try:
        run([path, "--version"], timeout_seconds=30)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    return True
