"""Model files, and the proof that a detector can be made from them on this machine."""

import os
import re
import subprocess
from pathlib import Path

from tools.bootstrap.shell import (
    PYTHON,
    ROOT,
    Stop,
    digest,
    install_debian_packages,
    must,
    run,
    stamp,
    stamped,
    tail,
)

REMEDY = re.compile(r"^run: apt-get install (?:-\S+ )*(.+)$", re.MULTILINE)
ATTEMPTS = 3  # the loader names one missing library at a time


def folder() -> Path:
    """Where the server will look for the models."""
    data = Path(os.environ.get("VIVA_DATA_DIR") or ROOT / "data")
    return Path(os.environ.get("VIVA_MODELS_DIR") or data / "models").absolute()


def ensure() -> None:
    """Fetch the pinned models once, and make a detector from them once."""
    target = folder()
    wanted = digest([ROOT / "proctoring" / "models.py", ROOT / "requirements.lock"], str(target))
    if stamped("models") == wanted and any(target.glob("*")):
        return
    must([PYTHON, "-m", "proctoring.models", "--dir", target], doing="model files")
    _ensure_detector(target)
    stamp("models", wanted)


def _ensure_detector(target: Path) -> None:
    for _ in range(ATTEMPTS):
        try:
            run([PYTHON, "-m", "proctoring.doctor", "--models", target], doing="face detector")
        except subprocess.CalledProcessError as error:
            remedy = REMEDY.search(error.output)
            if remedy is None:
                raise Stop(f"the face detector does not start:\n{tail(error.output)}") from error
            install_debian_packages(remedy[1].split(), why="the face detector lacks system libraries")
        else:
            return
    raise Stop("the face detector still does not start; see: .venv/bin/python -m proctoring.doctor")
