"""Writes face_mesh.json: where MediaPipe's own graph sees the points of a face that ours are compared with.

    python -m tests.proctoring.record_face_mesh

Today's Tasks API runs landmark models out of a bundle that no release carries. The last release that runs the
one we use as it is, 0.10.21, wants NumPy 1 and Python 3.12 or older: it gets an environment of its own.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from tests.proctoring.video import Rgb, scene

RECORDED = Path(__file__).with_name("face_mesh.json")
USED = (1, 10, 33, 133, 152, 234, 263, 362, 454)
"""The points that pose and gaze are read from."""
POINTS = sorted({*USED, *range(0, 468, 6)})
PACKAGES = (
    "absl-py",
    "attrs",
    "flatbuffers",
    "matplotlib",
    "numpy<2",
    "opencv-contrib-python-headless<4.12",
    "protobuf<5",
)
RECORD = """
import json, sys
import mediapipe, numpy
source, target, *indices = sys.argv[1:]
found = {}
for name, picture in numpy.load(source).items():
    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1) as mesh:
        (face,) = mesh.process(picture).multi_face_landmarks
    height, width = picture.shape[:2]
    points = [face.landmark[int(index)] for index in indices]
    found[name] = [[round(p.x * width, 2), round(p.y * height, 2), round(p.z * width, 2)] for p in points]
lines = ",\\n".join(json.dumps(name) + ": " + json.dumps(points) for name, points in found.items())
open(target, "w").write("{\\n" + lines + "\\n}\\n")
"""


def upright() -> Rgb:
    """One face, level, in good light."""
    return scene((240, 640, 100))


def tilted(degrees: float) -> Rgb:
    """The same face with the picture turned."""
    turn = cv2.getRotationMatrix2D((640, 360), degrees, 1)
    return np.asarray(cv2.warpAffine(upright(), turn, (1280, 720)), np.uint8)


PICTURES: dict[str, Callable[[], Rgb]] = {
    "left": partial(scene, (180, 300, 60)),
    "large, right": partial(scene, (340, 900, 20)),
    "mirrored": lambda: np.ascontiguousarray(upright()[:, ::-1]),
    "dim": lambda: np.asarray(upright() * 0.45, np.uint8),
    "tilted to the right": partial(tilted, -20),
    "tilted to the left": partial(tilted, 15),
}


def recorded() -> dict[str, list[list[float]]]:
    """x, y and depth in pixels of each of POINTS, by picture."""
    found: dict[str, list[list[float]]] = json.loads(RECORDED.read_text())
    return found


def main() -> None:
    """Install the old release beside us and let it look."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pictures.npz"
        np.savez(source, **{name: picture() for name, picture in PICTURES.items()})  # type: ignore[arg-type]
        venv.create(Path(folder) / "venv", with_pip=True)
        python = Path(folder) / "venv" / "bin" / "python"
        for packages in (["--no-deps", "mediapipe==0.10.21"], PACKAGES):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        indices = [str(index) for index in POINTS]
        subprocess.run([python, "-c", RECORD, source, RECORDED, *indices], check=True)
    sys.stdout.write(f"{RECORDED.name}: {len(recorded())} pictures\n")


if __name__ == "__main__":
    main()
