"""What a recording shows, read from the recording itself."""

import io
from dataclasses import dataclass

import av
import numpy as np
from av.video.frame import VideoFrame

from tests.house.camera import Film, Scene, read_number

CLUSTER, CUES = bytes.fromhex("1F43B675"), bytes.fromhex("1C53BB6B")


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame: its time in the file in seconds, and the number of the film's frame it shows."""

    at: float
    number: int


def decode(content: bytes) -> list[Shown]:
    """Decode every frame; raises av.FFmpegError where the file is damaged."""
    shown = []
    with av.open(io.BytesIO(content), "r") as container:
        for frame in container.decode(video=0):
            assert isinstance(frame, VideoFrame)
            number = read_number(np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8))
            if number is not None:
                shown.append(Shown(frame.time, number))
    return shown


def sound_seconds(content: bytes) -> float:
    """How much sound a file holds."""
    with av.open(io.BytesIO(content), "r") as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def has_cues_in_front(content: bytes) -> bool:
    """Whether the index stands before the first cluster: a player can seek at once."""
    return 0 <= content.find(CUES) < content.find(CLUSTER)


def counted_on(numbers: list[int], film: Film, after: int | None = None) -> list[int]:
    """The same numbers, counting on when the film begins again; `after` is one counted shortly before."""
    counted, last = [], numbers[0] if after is None else after
    for number in numbers:
        last += film.ahead(number, last)
        counted.append(last)
    return counted


def begins(shown: list[Shown], film: Film, scene: Scene) -> float:
    """When the file first shows a scene, in seconds."""
    return next(frame.at for frame in shown if film.scene(frame.number) == scene)


def number_at(shown: list[Shown], seconds: float) -> int:
    """The number of the frame that a player shows at a time of the file."""
    before = [frame for frame in shown if frame.at <= seconds + 0.001]
    return (before[-1] if before else shown[0]).number


def missing(recorded: list[Shown], seen: list[int], film: Film) -> list[int]:
    """Numbers that were seen in front of the camera while it recorded and that the file does not hold.

    `seen` are numbers in the order they were seen, beginning less than half a film from the file's first.
    """
    held = counted_on([frame.number for frame in recorded], film)
    wanted = counted_on(seen, film, after=held[0])
    return sorted({number for number in wanted if held[0] <= number <= held[-1]} - set(held))
