"""Model files: pinned, atomic, offline the second time."""

import zipfile
from pathlib import Path

import pytest

from proctoring.models import (
    FULL_RANGE,
    IN_WHEEL,
    IRIS,
    LANDMARKS,
    SHORT_RANGE,
    ModelChecksumError,
    ModelDownloadError,
    ModelFiles,
    ModelMissingError,
    ensure_models,
    main,
    verify_models,
)


def no_network(folder: Path) -> Path:
    raise AssertionError(f"nothing should be fetched into {folder}")


def wheel_with(contents: dict[str, bytes], folder: Path) -> Path:
    path = folder / "mediapipe-test.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(IN_WHEEL[name], data)
    return path


def contents_of(files: ModelFiles) -> dict[str, bytes]:
    return {
        FULL_RANGE: files.full_range.read_bytes(),
        SHORT_RANGE: files.short_range.read_bytes(),
        LANDMARKS: files.landmarks.read_bytes(),
        IRIS: files.iris.read_bytes(),
    }


def test_offline_once_fetched(models_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ensure_models(models_dir, no_network)
    assert files.full_range.stat().st_size > 500_000
    assert main(["--dir", str(models_dir)]) == 0
    assert files.version in capsys.readouterr().out


def test_extracts_from_the_wheel(model_files: ModelFiles, tmp_path: Path) -> None:
    contents = contents_of(model_files)
    files = ensure_models(tmp_path / "new" / "folder", lambda folder: wheel_with(contents, folder))
    assert contents_of(files) == contents
    assert sorted(path.name for path in files.full_range.parent.iterdir()) == sorted(contents)


def test_a_wheel_with_another_model_is_refused(model_files: ModelFiles, tmp_path: Path) -> None:
    contents = contents_of(model_files) | {SHORT_RANGE: b"something else"}
    with pytest.raises(ModelChecksumError, match="face_detection_short_range"):
        ensure_models(tmp_path, lambda folder: wheel_with(contents, folder))
    assert not (tmp_path / SHORT_RANGE).exists()


def test_a_damaged_file_is_found_and_replaced(model_files: ModelFiles, tmp_path: Path) -> None:
    contents = contents_of(model_files)
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data[:-1])
    with pytest.raises(ModelChecksumError):
        verify_models(tmp_path)
    ensure_models(tmp_path, lambda folder: wheel_with(contents, folder))
    verify_models(tmp_path)


def test_a_folder_of_an_earlier_version_gets_what_is_new(model_files: ModelFiles, tmp_path: Path) -> None:
    contents = contents_of(model_files)
    for name in (FULL_RANGE, SHORT_RANGE):
        (tmp_path / name).write_bytes(contents[name])
    with pytest.raises(ModelMissingError, match="face_landmark"):
        verify_models(tmp_path)
    files = ensure_models(tmp_path, lambda folder: wheel_with(contents, folder))
    assert contents_of(files) == contents


def test_missing_files_name_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"python -m proctoring\.models --dir"):
        verify_models(tmp_path)


def test_a_wheel_without_models_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelDownloadError, match="does not carry"):
        ensure_models(tmp_path, lambda folder: wheel_with({}, folder))


def test_failing_download_is_one_line_and_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert main(["--dir", str(tmp_path / "models")]) == 1
    assert capsys.readouterr().err.startswith("models: pip download of mediapipe==0.10.21 failed")
