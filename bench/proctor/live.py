"""The live path with a clock of its own: worker's analyser and server's rules, frame by frame."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.proctor.film import Encoded
from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.models import ensure_models
from proctoring.pipeline import Pipeline
from proctoring.types import EventType, Incident, IncidentChange, Observation, Phase
from proctoring.worker.proto import Frame, MessageBuffer, ObservationMessage, encode
from proctoring.worker.stream import StreamAnalyser

REPOSITORY = Path(__file__).resolve().parents[2]
ADVANCE_MS = 1000


def models_dir() -> Path:
    """Folder of the models: VIVA_MODELS_DIR or data/models of the repository; fetched when missing."""
    folder = Path(os.environ.get("VIVA_MODELS_DIR") or REPOSITORY / "data" / "models")
    ensure_models(folder)
    return folder


@contextmanager
def detector() -> Iterator[MediaPipeFaceDetector]:
    """The detector the worker loads."""
    with MediaPipeFaceDetector(ensure_models(models_dir())) as loaded:
        yield loaded


@dataclass(frozen=True, slots=True)
class Raised:
    """An incident as it was at its end, and the offset at which it was first told."""

    event_type: EventType
    opened_ms: int
    started_ms: int
    ended_ms: int
    dwell_ms: int


def observe(
    frames: Iterable[Encoded], eyes: MediaPipeFaceDetector
) -> Iterator[tuple[int, Observation | None]]:
    """What the worker says after each frame, and the frame's offset; the clock is the recording's."""
    analyser = StreamAnalyser("bench", "vp8", eyes)
    for frame in frames:
        now = frame.offset_ms / 1000
        analyser.add(Frame("bench", frame.offset_ms, frame.keyframe, frame.data), now)
        told: Observation | None = None
        while analyser.waiting_frames:
            for message in analyser.step(now):
                told = _over_the_pipe(message) if isinstance(message, ObservationMessage) else told
        yield frame.offset_ms, told


def _over_the_pipe(message: ObservationMessage) -> Observation:
    """The observation as it arrives at the server."""
    (arrived,) = MessageBuffer().feed(encode(message))
    assert isinstance(arrived, ObservationMessage)
    return arrived.observation


def judge(seen: Iterable[tuple[int, Observation | None]], pipeline: Pipeline) -> tuple[list[Raised], int]:
    """Incidents the rules make of it, and how many observations there were."""
    opened: dict[object, int] = {}
    ended: dict[object, Incident] = {}
    count, advanced, offset_ms = 0, 0, 0

    def note(changes: list[IncidentChange]) -> None:
        for change in changes:
            identity = change.incident.incident_id
            if change.phase is Phase.OPENED:
                opened.setdefault(identity, offset_ms)
            ended[identity] = change.incident

    for offset_ms, observation in seen:
        if observation is not None:
            count += 1
            note(pipeline.observe(observation))
        if offset_ms - advanced >= ADVANCE_MS:
            advanced = offset_ms
            note(pipeline.advance(offset_ms))
    note(pipeline.finish(offset_ms))
    return [_raised(each, opened[identity], offset_ms) for identity, each in ended.items()], count


def _raised(incident: Incident, opened_ms: int, end_ms: int) -> Raised:
    dwell = incident.thresholds.get("dwell_ms")
    return Raised(
        event_type=incident.event_type,
        opened_ms=opened_ms,
        started_ms=incident.started_ms,
        ended_ms=end_ms if incident.ended_ms is None else incident.ended_ms,
        dwell_ms=int(dwell) if isinstance(dwell, int | float) else 0,
    )
