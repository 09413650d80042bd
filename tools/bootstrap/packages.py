"""The Python environment `.venv`, filled from a lock file by uv, or by pip where uv reaches no index."""

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.bootstrap.shell import (
    PYTHON,
    ROOT,
    VENV,
    Stop,
    digest,
    install_debian_packages,
    must,
    run,
    say,
    stamp,
    stamped,
)

RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
INSTALLER = ROOT / "requirements-uv.lock"
UV = VENV / "bin" / "uv"
UV_SETTINGS = {"UV_SYSTEM_CERTS": "1", "UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy"}
"""Certificates of the system: behind a company's own authority uv fails without."""
PROJECT = ROOT / "pyproject.toml"


def ensure(*, development: bool) -> None:
    """Make `.venv` hold exactly the locked releases, and the project itself by reference."""
    if _is_current(DEVELOPMENT) or (not development and _is_current(RUNTIME)):
        return
    _ensure_environment()
    lock = DEVELOPMENT if development else RUNTIME
    install_locked(lock, doing="Python packages")
    must([*pip(), "install", "--no-deps", "--no-build-isolation", "--editable", ROOT], doing="Viva itself")
    stamp(lock.name, _key(lock))


def pip() -> list[str | Path]:
    """The environment's pip, asking nothing and not looking for a newer one."""
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]


def install_locked(lock: Path, *, doing: str, target: Path | None = None) -> None:
    """Install what a lock file names, refusing anything whose hash is another."""
    exactly = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    where: list[str | Path] = ["--target", target] if target else []
    if _has_uv():
        try:
            words = [
                UV,
                "pip",
                "install",
                "--quiet",
                "--python",
                PYTHON,
                *exactly,
                *where,
                "--requirement",
                lock,
            ]
            run(words, doing=doing, env=UV_SETTINGS)
        except subprocess.CalledProcessError as error:
            # uv knows nothing of pip's settings, so of an index that only pip was told of.
            say(f"uv could not, pip goes on: {(error.output or '').strip().splitlines()[-1:]}")
        else:
            return
    upgrade = ["--upgrade"] if target else []
    must([*pip(), "install", *exactly, *where, *upgrade, "--requirement", lock], doing=doing)


def _has_uv() -> bool:
    if stamped("uv") == digest([INSTALLER]) and UV.exists():
        return True
    words = [*pip(), "install", "--no-deps", "--require-hashes", "--requirement", INSTALLER]
    try:
        run(words, doing="installer")
    except subprocess.CalledProcessError:
        return False
    stamp("uv", digest([INSTALLER]))
    return True


def _key(lock: Path) -> str:
    # The place counts too: programs in an environment name it in their first line.
    project = tomllib.loads(PROJECT.read_text())
    installed = [project["project"], project["build-system"], project["tool"]["hatch"]]
    return digest([lock], str(VENV), str(installed))


def _is_current(lock: Path) -> bool:
    return stamped(lock.name) == _key(lock) and PYTHON.exists()


def _ensure_environment() -> None:
    if _is_ours():
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_debian_packages([f"python{version}-venv"], why="Python's venv module is missing")
    say(f"environment {VENV.relative_to(ROOT)} with Python {sys.version.split()[0]}")
    must([sys.executable, "-m", "venv", "--clear", VENV], doing="virtual environment")
    if not _is_ours():
        raise Stop(f"{VENV} was made and does not work: remove it and try again.")


def _is_ours() -> bool:
    """Whether the environment works, is new enough, and was made in this place."""
    program = VENV / "bin" / "pip"
    try:
        made_here = str(VENV) in program.read_text(errors="replace")[:4096]
        run([PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return made_here
