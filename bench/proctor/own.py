"""Films of one's own: a folder of video files, and `clips.csv` (file, start, end, what): what is in them.

`start` and `end` are seconds of the file, `what` is the event type that should be raised between them. A row
without `what` says that a file shows nothing that should be; its other columns may be empty.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from bench.proctor.film import I420
from bench.proctor.report import FROM_PICTURE
from bench.proctor.rooms import HEIGHT, WIDTH
from bench.proctor.scene import FPS, Clip, Truth
from proctoring.detectors.picture import fit
from proctoring.types import EventType

LABELS = "clips.csv"


def clips(folder: Path) -> list[Clip]:
    """One clip per file, in the order of their names; ValueError names what is wrong with the folder."""
    labels = folder / LABELS
    if not labels.is_file():
        raise ValueError(f"{folder} has no {LABELS} with the columns file, start, end, what")
    truths: defaultdict[str, list[Truth]] = defaultdict(list)
    with labels.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                truth = _truth(row)
                truths[(row["file"] or "").strip()] += [truth] if truth else []
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{labels}, line {number}: {error}") from error
    return [_clip(folder, file, truths[file]) for file in sorted(truths)]


def _truth(row: dict[str, str | None]) -> Truth | None:
    what = (row["what"] or "").strip()
    if not what:
        return None
    if what not in FROM_PICTURE:
        raise ValueError(f"{what} is none of {', '.join(FROM_PICTURE)}")
    begin, end = float(row["start"] or ""), float(row["end"] or "")
    if not 0 <= begin < end:
        raise ValueError(f"from {begin:g} to {end:g} s is no span")
    return Truth(EventType(what), begin, end)


def _clip(folder: Path, file: str, truths: list[Truth]) -> Clip:
    seconds = _seconds(folder / file)
    late = [truth for truth in truths if truth.from_s >= seconds]
    if late:
        raise ValueError(f"{file} is {seconds:.0f} s long: nothing happens at {late[0].from_s:g} s")
    return Clip(
        file, seconds, 0, (), tuple(truths), axis="own clips" if truths else "ordinary",
        tests=truths[0].event_type if truths else None, condition=(("file", file),),
        source=str(folder / file),
    )  # fmt: skip


def _seconds(path: Path) -> float:
    try:
        with av.open(str(path)) as film:
            if not film.streams.video or film.duration is None:
                raise ValueError(f"{path} has no picture, or does not say how long it is")
            return film.duration / av.time_base
    except (FFmpegError, OSError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def pictures(path: Path) -> Iterator[I420]:
    """The film at 7.5 pictures a second, at most 1280 x 720, as a camera would give it."""
    due, last = 0.0, None
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            second = float(frame.time or 0.0)
            while last is not None and due < second:
                yield last
                due += 1 / FPS
            longer = round(min(WIDTH, frame.width * HEIGHT / frame.height))
            width, height = fit(frame.width, frame.height, longer if frame.width >= frame.height else HEIGHT)
            last = np.asarray(
                frame.reformat(width=width, height=height, format="yuv420p").to_ndarray(), np.uint8
            )
    if last is not None:
        yield last
