"""Model files and a detector, fetched and loaded once per run; a worker's client, and what it told."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.models import ModelFiles, ensure_models
from proctoring.worker.client import ProctorClient
from tests.proctoring.feeding import Recorder

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Folder with verified models: VIVA_MODELS_DIR or data/models of the repository."""
    folder = Path(os.environ.get("VIVA_MODELS_DIR") or REPOSITORY / "data" / "models")
    ensure_models(folder)
    return folder


@pytest.fixture(scope="session")
def model_files(models_dir: Path) -> ModelFiles:
    """The verified model files."""
    return ensure_models(models_dir)


@pytest.fixture(scope="session")
def detector(model_files: ModelFiles) -> Iterator[MediaPipeFaceDetector]:
    """The real detector."""
    with MediaPipeFaceDetector(model_files) as face_detector:
        yield face_detector


@pytest.fixture
def told() -> Recorder:
    return Recorder()


@pytest.fixture
async def client(models_dir: Path, told: Recorder) -> AsyncIterator[ProctorClient]:
    proctor = ProctorClient(models_dir, told.on_observation, told.keyframes.append, told.on_degraded)
    await proctor.start()
    yield proctor
    await proctor.stop()
