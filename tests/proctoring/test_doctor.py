"""The check that names what is missing."""

from pathlib import Path

import pytest

from proctoring.doctor import Diagnosis, diagnose, main, missing_packages


def test_this_machine_can_detect(models_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--models", str(models_dir)]) == 0
    assert capsys.readouterr().out.startswith("ok: face detector works (mediapipe-0.10.21/")
    assert diagnose().ok


def test_a_broken_library_is_named_with_the_command(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "libstdc++.so.6").write_bytes(b"")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    for arguments in ([], ["--models", str(models_dir)]):
        assert main(arguments) == 1
        said = capsys.readouterr().out
        assert "libstdc++.so.6" in said
        assert "run: apt-get install -y --no-install-recommends libstdc++6" in said


def test_missing_models_are_named(tmp_path: Path) -> None:
    diagnosis = diagnose(tmp_path)
    assert not diagnosis.ok
    assert "python -m proctoring.models" in diagnosis.detail
    assert diagnosis.remedy is None


def test_messages_of_the_loader() -> None:
    gone = "libxcb.so.1: cannot open shared object file: No such file or directory"
    assert missing_packages(gone) == ("libxcb1",)
    assert missing_packages("all is well") == ()
    assert Diagnosis(ok=True, detail="").remedy is None
