"""The proctoring bench on somebody's own material: a folder of faces, a folder of labelled films."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import skimage.data
from av.video.stream import VideoStream

from bench.proctor import __main__ as bench
from bench.proctor import cast, own
from bench.proctor.film import Studio
from bench.proctor.live import detector, models_dir
from bench.proctor.report import figures
from bench.proctor.run import run
from bench.proctor.scene import Clip
from bench.proctor.score import Outcome
from bench.proctor.scripts import absence, candidate
from proctoring.detectors.picture import Picture
from proctoring.types import EventType

ANGLES = {"dark": -50.0, "middle": 5.0, "light": 55.0}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files with the same face, said to be of three colours, and one whose light decides its colour."""
    folder = tmp_path_factory.mktemp("faces")
    whole = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    square = cv2.resize(whole[20:212, 128:320], (320, 320))
    lines = ["file,label,ita_degrees", "light-1a.jpg,spot,10"]
    for skin, degrees in ANGLES.items():
        cv2.imwrite(str(folder / f"origin-{skin}.jpg"), cv2.cvtColor(square, cv2.COLOR_RGB2BGR))
        lines.append(f"origin-{skin}.jpg,somewhere,{degrees}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_frontal_faces_are_read_darkest_first(faces: Path) -> None:
    assert [(each.file, each.skin) for each in cast.read(faces)] == [
        (f"origin-{skin}.jpg", skin) for skin in ANGLES
    ]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (None, "has no labels.csv"),
        ("file,label\norigin-1.jpg,x", "ita_degrees"),
        ("file,label,ita_degrees\norigin-1.jpg,x,pale", "pale"),
        ("file,label,ita_degrees\norigin-1.jpg,x,10", "which is not there"),
        ("file,label,ita_degrees\nlight-1.jpg,x,10", "dark, middle and light"),
    ],
)
def test_a_folder_that_is_none_says_why(tmp_path: Path, lines: str | None, complaint: str) -> None:
    if lines is not None:
        (tmp_path / "labels.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        cast.read(tmp_path)


def test_each_class_of_skin_gets_the_same_films(faces: Path) -> None:
    clips = list(cast.photographed(cast.read(faces)))
    assert len({clip.name for clip in clips}) == len(clips)
    kinds = {
        skin: sorted(
            (str(clip.tests), dict(clip.condition)["brightness"])
            for clip in clips
            if dict(clip.condition).get("skin") == skin
        )
        for skin in ANGLES
    }
    assert kinds["dark"] == kinds["middle"] == kinds["light"]
    assert {kind for kind, _ in kinds["dark"]} == {"no_face", "multiple_faces", "looking_away"}
    assert any(not actor.alive for clip in clips for actor in clip.actors)


def test_a_photographed_person_is_found_where_they_sit(faces: Path) -> None:
    (photo, *_) = cast.read(faces)
    clip = Clip("photo", 0.3, 5, (cast.person(photo, 5, 150, 400),))
    *_, flat = Studio(models_dir(), faces).pictures(clip)
    rgb = np.asarray(cv2.cvtColor(flat, cv2.COLOR_YUV2RGB_I420), np.uint8)
    with detector() as eyes:
        (face,) = eyes.detect(Picture.from_rgb(rgb))
    assert abs((face.box.x + face.box.width / 2) * 1280 - 400) < 45
    with pytest.raises(ValueError, match="--faces"):
        next(Studio(models_dir()).pictures(clip))


def test_the_larger_gap_between_skins_counts(faces: Path) -> None:
    clips = [clip for clip in cast.photographed(cast.read(faces)) if clip.tests is EventType.NO_FACE]
    result = figures([Outcome(clip, ()) for clip in clips])
    assert result["recall_by_skin_of_faces"] == {"dark": 0.0, "middle": 0.0, "light": 0.0}
    assert result["recall_gap_skin_tone"] == 0


def film(path: Path, pictures: list[np.ndarray], fps: int) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libvpx", rate=fps)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = pictures[0].shape[0] * 2 // 3, pictures[0].shape[1]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 2_000_000
        stream.options = {"deadline": "realtime", "cpu-used": "-8"}
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
        out.mux(stream.encode(None))


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    film(tmp_path / "grey.webm", [np.full((540, 640), 128, np.uint8)] * 60, 30)
    return tmp_path


def test_own_films_are_read_with_their_truths(grey: Path) -> None:
    (grey / "clips.csv").write_text(
        "file,start,end,what\ngrey.webm,0.5,1.5,no_face\ngrey.webm,,,\n", encoding="utf-8"
    )
    (clip,) = own.clips(grey)
    assert clip.seconds == pytest.approx(2.0, abs=0.1)
    assert [(each.event_type, each.from_s, each.until_s) for each in clip.truths] == [("no_face", 0.5, 1.5)]
    assert not clip.ordinary
    shown = list(own.pictures(grey / "grey.webm"))
    assert len(shown) == pytest.approx(15, abs=1)
    assert shown[0].shape == (540, 640)


def test_a_film_without_truths_counts_as_ordinary_behaviour(grey: Path) -> None:
    (grey / "clips.csv").write_text("file,start,end,what\ngrey.webm,,,\n", encoding="utf-8")
    (clip,) = own.clips(grey)
    assert clip.ordinary
    assert clip.truths == ()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("gone.webm,0,1,no_face", "cannot be read"),
        ("grey.webm,0,1,smiles", "line 2: smiles is none of"),
        ("grey.webm,1,1,no_face", "no span"),
        ("grey.webm,a,1,no_face", "line 2"),
        ("grey.webm,5,6,no_face", "nothing happens at 5 s"),
        ("clips.csv,0,1,no_face", "cannot be read"),
    ],
)
def test_wrong_labels_are_named(grey: Path, row: str, complaint: str) -> None:
    (grey / "clips.csv").write_text(f"file,start,end,what\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        own.clips(grey)


def test_the_command_refuses_a_folder_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("--faces", "--clips"):
        monkeypatch.setattr("sys.argv", ["bench.proctor", folder, str(tmp_path), "--skip-cost"])
        with pytest.raises(SystemExit) as ended:
            bench.main()
        assert ended.value.code == 2


@pytest.mark.slow
def test_an_absence_in_an_own_film_is_raised(tmp_path: Path) -> None:
    script = absence("short", 5, candidate(5), count=1)
    film(tmp_path / "me.webm", list(Studio(models_dir()).pictures(script)), 15 // 2)
    (span,) = script.truths
    stretched = 7.5 / 7  # a file counts whole frames a second
    (tmp_path / "clips.csv").write_text(
        f"file,start,end,what\nme.webm,{span.from_s * stretched},{span.until_s * stretched},no_face\n",
        encoding="utf-8",
    )
    (outcome,) = run(own.clips(tmp_path), 1, None)
    assert [each.event_type for each in outcome.raised] == [EventType.NO_FACE]
    assert figures([outcome])["by_type"]["no_face"]["recall"] == 1.0  # type: ignore[index]
