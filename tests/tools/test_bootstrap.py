"""What the preparation says of a machine that lacks something, and when the web app is built anew."""

import re
from pathlib import Path

import pytest

from tools.bootstrap import mediapipe
from tools.bootstrap.shell import ROOT, Stop
from tools.bootstrap.web import WEB, sources


@pytest.fixture
def loadable(models_dir: Path) -> Path:
    """The models, on a machine where MediaPipe's own runtime can load: no ordinary user sees to that."""
    if lacking := mediapipe.missing_packages(models_dir):
        assert set(lacking) <= set(mediapipe.LIBRARIES.values())
        pytest.skip(f"MediaPipe cannot load here: it lacks {', '.join(lacking)}")
    return models_dir


@pytest.mark.parametrize(("library", "package"), mediapipe.LIBRARIES.items())
def test_a_library_that_mediapipe_lacks_is_named_by_its_package(
    library: str, package: str, loadable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models_dir = loadable
    (tmp_path / library).write_bytes(b"")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    assert mediapipe.missing_packages(models_dir) == [package]


@pytest.mark.usefixtures("loadable")
def test_what_no_package_cures_is_shown(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"face_detection_short_range\.tflite"):
        mediapipe.missing_packages(tmp_path)


def test_the_web_app_is_built_of_every_file_it_reads() -> None:
    """What it imports from outside its folder too: a page left out of this stays as old as the last build."""
    found = set(sources())
    outside = {
        (path.parent / named).resolve()
        for path in (WEB / "src").rglob("*.ts*")
        for named in re.findall(r"'((?:\.\./)+docs/[^']+)'", path.read_text(encoding="utf-8"))
    }
    assert outside == {ROOT / "docs" / "PROCTORING.md"}
    assert {*outside, WEB / "index.html", WEB / "package-lock.json"} <= found
    assert not any("node_modules" in path.parts for path in found)
