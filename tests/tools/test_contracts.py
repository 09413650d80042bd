"""The import contracts in pyproject.toml bite; anybody could commit each of these breaches in good faith."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    for package in ("server", "proctoring"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "breach", "contract"),
    [
        ("proctoring/worker/proto.py", "import server.errors", "The proctoring library knows nothing"),
        ("proctoring/rules/dwell.py", "import av", "Proctoring types and rules need only"),
        ("proctoring/worker/main.py", "import cv2", "LiteRT and OpenCV are imported by detectors only"),
        ("proctoring/detectors/face.py", "import mediapipe", "MediaPipe's own runtime is for tests"),
        (
            "proctoring/worker/client.py",
            "import proctoring.detectors.face",
            "The server process never loads LiteRT or OpenCV",
        ),
        ("server/sittings/hub.py", "import server.metrics.collector", "Wiring above requests"),
        ("server/media/recorder.py", "import server.storage.db", "Media is RTP only"),
        ("server/storage/db.py", "import server.keys", "Wiring above requests"),
        ("server/accounts/service.py", "import server.interviews.service", "recordings, evidence, review"),
        ("server/questions/service.py", "import server.interviews.service", "recordings, evidence, review"),
        (
            "server/scheduling/service.py",
            "import server.accounts.routes",
            "Routes are plugged in by app alone",
        ),
        ("server/recordings/models.py", "import server.recordings.schemas", "Tables know no services"),
    ],
)
def test_a_breach_is_named(copy: Path, file: str, breach: str, contract: str) -> None:
    target = copy / file
    original = target.read_text()
    target.write_text(f"{original}\n{breach}\n")
    try:
        result = lint(copy)
    finally:
        target.write_text(original)
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert result.returncode != 0
    assert any(contract in line for line in broken), result.stdout
