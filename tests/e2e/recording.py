"""What a recording shows, read from the recording itself."""

import io
from bisect import bisect_left
from dataclasses import dataclass
from statistics import median

import av
import numpy as np
from av.video.frame import VideoFrame

from tests.e2e.camera import FPS, Act, Scene, frames_of, read_number, start_of

NOTES_AT_AN_END = 16
CLUSTER, CUES = bytes.fromhex("1F43B675"), bytes.fromhex("1C53BB6B")


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame: its time in the file in seconds, and the film's frame number it shows."""

    at: float
    number: int


def decode(content: bytes) -> list[Shown]:
    """Decode every frame; raises av.FFmpegError where the file is damaged."""
    shown = []
    with av.open(io.BytesIO(content), "r") as container:
        for frame in container.decode(video=0):
            assert isinstance(frame, VideoFrame)
            luma = frame.reformat(format="gray").to_ndarray()
            number = read_number(np.asarray(luma, np.uint8))
            if number is not None:
                shown.append(Shown(frame.time, number))
    return shown


def keyframe_seconds(content: bytes) -> list[float]:
    """When the file has keyframes: a player seeks from the one before."""
    with av.open(io.BytesIO(content), "r") as container:
        packets = container.demux(video=0)
        return [
            float(packet.pts * packet.time_base)
            for packet in packets
            if packet.is_keyframe and packet.pts is not None
        ]


def unwrapped(shown: list[Shown], film: tuple[Act, ...]) -> list[Shown]:
    """Numbers that go on counting when the film begins again."""
    rounds, last, result = 0, shown[0].number, []
    for frame in shown:
        if frame.number < last - frames_of(film) // 2:
            rounds += 1
        last = frame.number
        result.append(Shown(frame.at, frame.number + rounds * frames_of(film)))
    return result


def scene_span(shown: list[Shown], film: tuple[Act, ...], scene: Scene) -> tuple[float, float]:
    """When the file begins and ends to show a scene that the film has once, in seconds."""
    frames = unwrapped(shown, film)
    numbers = [frame.number for frame in frames]
    first = start_of(film, scene)
    length = round(next(act.seconds for act in film if act.scene == scene) * FPS)
    return frames[bisect_left(numbers, first)].at, frames[bisect_left(numbers, first + length)].at


def sent_seconds(
    shown: list[Shown], notes: list[tuple[float, int]], film: tuple[Act, ...], started_at: float
) -> float:
    """How long, by the sender's clock, it took from the first recorded frame to the last.

    `notes` are (time in seconds, frame number) as the sending page saw them; `started_at` is about when the
    first frame was recorded, to tell the rounds of the film apart. Single notes may name the frame beside
    theirs: what counts is how much later those of the last seconds are than those of the first.
    """
    frames = unwrapped(shown, film)
    seen = unwrapped([Shown(at, number) for at, number in notes], film)
    numbers, times = [frame.number for frame in seen], [frame.at for frame in seen]
    then = float(np.interp(started_at, times, numbers))
    offset = round((frames[0].number - then) / frames_of(film)) * frames_of(film)
    recorded_at = {frame.number - offset: frame.at for frame in frames}
    lags = [note.at - recorded_at[note.number] for note in seen if note.number in recorded_at]
    later = median(lags[-NOTES_AT_AN_END:]) - median(lags[:NOTES_AT_AN_END])
    return frames[-1].at - frames[0].at + later


def has_cues_in_front(content: bytes) -> bool:
    """Whether the index stands before the first cluster."""
    return 0 <= content.find(CUES) < content.find(CLUSTER)
