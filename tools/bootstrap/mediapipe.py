"""MediaPipe's own runtime, which the tests and the bench compare ours with; production does without it."""

import os
import subprocess
from pathlib import Path

from tools.bootstrap import models
from tools.bootstrap.packages import DEVELOPMENT
from tools.bootstrap.shell import (
    PYTHON,
    Stop,
    digest,
    install_debian_packages,
    run,
    say,
    stamp,
    stamped,
    tail,
)

# Linked into its library, for a processor as for a graphics card.
LIBRARIES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
ATTEMPTS = 3  # the loader names one missing library at a time
PROBE = """
import sys
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import FaceDetector, FaceDetectorOptions
options = BaseOptions(model_asset_path=sys.argv[1])
FaceDetector.create_from_options(FaceDetectorOptions(base_options=options)).close()
"""


def ensure() -> None:
    """Make a detector with it once, installing the system libraries it lacks."""
    wanted = digest([DEVELOPMENT, Path(__file__).resolve()])
    if stamped("mediapipe") == wanted:
        return
    for _ in range(ATTEMPTS):
        lacking = missing_packages(models.folder())
        if not lacking:
            stamp("mediapipe", wanted)
            return
        if os.geteuid() != 0:
            say(f"no comparison with MediaPipe's own runtime: it lacks {', '.join(lacking)}")
            return
        install_debian_packages(lacking, why="MediaPipe, to compare with, lacks system libraries")
    raise Stop("MediaPipe's face detector still does not start")


def missing_packages(models_dir: Path) -> list[str]:
    """Debian packages without which no detector can be made; importing alone does not load its library.

    Raises Stop when something else is wrong.
    """
    try:
        run([PYTHON, "-c", PROBE, models_dir / "face_detection_short_range.tflite"])
    except subprocess.CalledProcessError as error:
        lacking = sorted(package for library, package in LIBRARIES.items() if library in error.output)
        if not lacking:
            raise Stop(f"MediaPipe's face detector does not start:\n{tail(error.output)}") from error
        return lacking
    return []
