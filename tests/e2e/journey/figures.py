"""What the journey amounts to: figures, and what is wanted of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.journey.travel import WATCHED, Found, Taken
from tests.house.camera import FPS, Film
from tests.house.live import DWELL_SECONDS, Live
from tests.house.recording import begins, missing, number_at
from tests.house.review import PRE_ROLL_SECONDS

KILLED = "worker_restarted"
SMOOTH = 0.8
"""Share of the recorded frames that the interviewer saw too."""
Seen = bool | int | float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `seen` is None where there was nothing to measure, which is a miss."""

    name: str
    seen: Seen
    wanted: str
    good: Callable[[float], bool]

    @property
    def ok(self) -> bool:
        """Whether it is as wanted."""
        return self.seen is not None and self.good(self.seen)


@dataclass(frozen=True, slots=True)
class Journey:
    """All that was brought home from it."""

    film: Film
    live: Live
    room: Taken
    answer: Taken
    found: list[Found]
    server_mb: float
    worker_mb: float

    def count(self, kind: str) -> int:
        """How many incidents of a kind there are in all recordings."""
        events = [*self.room.review["events"], *self.answer.review["events"]]
        return sum(event["event_type"] == kind for event in events)

    def missing(self) -> int:
        """Frames that were in front of the camera and encoded, and are in no file."""
        return sum(
            max(0, len(missing(one.shown, one.seen, self.film)) - one.dropped)
            for one in (self.room, self.answer)
        )

    def onset(self) -> float | None:
        """How far the worst incident begins from the first recorded frame of its scene, in frames."""
        offs = [
            abs(one.event["offset_ms"] / 1000 - begins(self.room.shown, self.film, WATCHED[kind])) * FPS
            for one in self.found
            if (kind := one.event["event_type"])
        ]
        return round(max(offs), 1) if len(offs) >= len(WATCHED) else None

    def snapshots(self) -> bool:
        """Whether each incident's picture is one of its scene, and there are pictures of all."""
        kinds = {
            one.event["event_type"]
            for one in self.found
            if one.snapshot is not None and self.film.scene(one.snapshot) == WATCHED[one.event["event_type"]]
        }
        return kinds == set(WATCHED)

    def gap(self) -> float | None:
        """Seconds of the recording nobody looked at when the worker was killed; frames wait for the next."""
        gaps = [
            event["duration_seconds"]
            for event in self.room.review["events"]
            if event["event_type"] == "analysis_degraded" and event["measured"]["reason"] == KILLED
        ]
        return round(max(gaps), 2) if gaps else None

    def survived(self) -> bool:
        """Whether the one incident that was open when the worker was killed went on to its end."""
        events = self.room.review["events"]
        gaps = [event for event in events if event["event_type"] == "analysis_degraded"]
        return any(
            event["offset_ms"] < gap["offset_ms"]
            and event["offset_ms"] / 1000 + event["duration_seconds"] > gap["offset_ms"] / 1000
            for event in events
            for gap in gaps
            if event["event_type"] == "no_face"
        )

    def to_screen(self) -> float | None:
        """How long after its dwell time the slowest incident was on the interviewer's screen, s."""
        late = []
        for kind, scene in WATCHED.items():
            came = [at for number, at in self.live.shown if self.film.scene(number) == scene]
            if kind in self.live.appeared and came:
                late.append(self.live.appeared[kind] - came[0] - DWELL_SECONDS[kind])
        return round(max(late), 2) if len(late) == len(WATCHED) else None

    def seek(self) -> int | None:
        """How far the player is from what was recorded three seconds before an incident, in frames."""
        offs = []
        for one in self.found:
            aim = max(0.0, one.event["offset_ms"] / 1000 - PRE_ROLL_SECONDS)
            if one.sought is not None:
                offs.append(abs(self.film.ahead(one.sought, number_at(self.room.shown, aim))))
        return max(offs) if len(offs) == len(self.found) >= len(WATCHED) else None

    def figures(self) -> list[Figure]:
        """All figures, in the order they are printed."""
        videos = [*self.room.review["videos"], *self.answer.review["videos"]]
        ready = all(video["status"] == "ready" for video in videos)
        most = round(SMOOTH * len(self.room.shown))
        heard = self.live.heard.samples > 0 and self.live.heard.energy > 0
        return [
            Figure("rows_ready", ready, "true", bool),
            Figure("frames_missing", self.missing(), "0", lambda seen: seen == 0),
            Figure("no_face_count", self.count("no_face"), "1", lambda seen: seen == 1),
            Figure("multiple_faces_count", self.count("multiple_faces"), "1", lambda seen: seen == 1),
            Figure("onset_error_frames_max", self.onset(), f"<= {FPS}", lambda seen: seen <= FPS),
            Figure("snapshot_right", self.snapshots(), "true", bool),
            Figure("interviewer_frames_decoded", self.live.decoded, f">= {most}", lambda seen: seen >= most),
            Figure("interviewer_audio_heard", heard, "true", bool),
            Figure("incident_to_screen_s", self.to_screen(), "<= 2", lambda seen: seen <= 2),
            Figure("killed_worker_back_s", self.live.worker_back_s, "<= 3", lambda seen: seen <= 3),
            Figure("killed_worker_gap_s", self.gap(), "<= 3", lambda seen: seen <= 3),
            Figure("incident_survived_kill", self.survived(), "true", bool),
            Figure("seek_error_frames_max", self.seek(), f"<= {FPS // 2}", lambda seen: seen <= FPS // 2),
            Figure("server_rss_mb", round(self.server_mb), "<= 200", lambda seen: seen <= 200),
            Figure("worker_rss_mb", round(self.worker_mb), "<= 200", lambda seen: 0 < seen <= 200),
        ]


def lines(figures: list[Figure]) -> list[str]:
    """A table for people, and as its last line one JSON object for programs."""
    rows = [("figure", "seen", "wanted", "")]
    rows += [(one.name, json.dumps(one.seen), one.wanted, "ok" if one.ok else "MISSED") for one in figures]
    table = [f"{name:<28}{seen:>10}  {wanted:<10}{verdict}" for name, seen, wanted, verdict in rows]
    return [*table, json.dumps({one.name: one.seen for one in figures})]
