"""Can this machine run the detectors? `python -m proctoring.doctor [--models DIR]`

The test is made in a process of its own, because a broken native library may end the process that loads it.
"""

import argparse
import importlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import proctoring
from proctoring.models import ModelError, verify_models

APT_PACKAGES = {
    "libstdc++.so.6": "libstdc++6",
    "libxcb.so.1": "libxcb1",
    "libGL.so.1": "libgl1",
}
APT_COMMAND = "apt-get install -y --no-install-recommends"
TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`ok`, or what is wrong; `packages` are the Debian packages that cure it."""

    ok: bool
    detail: str
    packages: tuple[str, ...] = ()

    @property
    def remedy(self) -> str | None:
        """The exact command, None when packages are not the cure."""
        return f"{APT_COMMAND} {' '.join(self.packages)}" if self.packages else None


def diagnose(models_dir: Path | None = None) -> Diagnosis:
    """Load the native libraries and, with `models_dir`, run a detector, in a separate process."""
    command = [sys.executable, "-m", "proctoring.doctor", "--here"]
    if models_dir is not None:
        command += ["--models", str(models_dir.resolve())]
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            cwd=Path(proctoring.__file__).resolve().parent.parent,
        )
    except subprocess.TimeoutExpired:
        return Diagnosis(False, f"creating a face detector took more than {TIMEOUT_SECONDS} s")
    if result.returncode == 0:
        return Diagnosis(True, result.stdout.strip())
    words = result.stderr.strip()
    last = words.splitlines()[-1] if words else f"the test process ended with code {result.returncode}"
    packages = missing_packages(words)
    return Diagnosis(False, last, packages)


def missing_packages(message: str) -> tuple[str, ...]:
    """Debian packages for the shared libraries a loader message names, one library at a time."""
    return tuple(sorted({package for library, package in APT_PACKAGES.items() if library in message}))


def _check_here(models_dir: Path | None) -> str:
    """The test itself; raises whatever is wrong."""
    face = importlib.import_module("proctoring.detectors.face")
    if models_dir is None:
        return "face detection libraries load"
    files = verify_models(models_dir)
    picture = importlib.import_module("proctoring.detectors.picture")
    numpy = importlib.import_module("numpy")
    with face.MediaPipeFaceDetector(files) as detector:
        detector.detect(picture.Picture.from_rgb(numpy.zeros((360, 640, 3), numpy.uint8)))
    return f"face detector works ({files.version})"


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 and one line when all is well; 1 and the remedy otherwise."""
    parser = argparse.ArgumentParser(prog="python -m proctoring.doctor", description="Check face detection.")
    parser.add_argument(
        "--models", type=Path, help="folder of the model files; without it only libraries are tried"
    )
    parser.add_argument("--here", action="store_true", help="test in this very process")
    arguments = parser.parse_args(argv)
    if arguments.here:
        try:
            sys.stdout.write(_check_here(arguments.models) + "\n")
        except (ImportError, OSError, RuntimeError, ValueError, ModelError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return 0
    diagnosis = diagnose(arguments.models)
    sys.stdout.write(f"{'ok' if diagnosis.ok else 'failed'}: {diagnosis.detail}\n")
    if diagnosis.remedy:
        sys.stdout.write(f"run: {diagnosis.remedy}\n")
    return 0 if diagnosis.ok else 1


if __name__ == "__main__":
    sys.exit(main())
