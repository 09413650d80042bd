"""What happens in front of a camera, from the film a peer sends to the row a reviewer reads.

The film is encoded beforehand and its RTP timestamps are its own: how busy the machine is changes neither
what the server is sent nor when it happened, only how often the worker looks. What Chromium makes of a camera
is seen in tests/e2e/test_live_interview.py.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from aiortc.mediastreams import MediaStreamTrack
from av.packet import Packet

from bench.proctor.film import I420, Encoded, Studio, encode
from bench.proctor.scene import FPS, Camera, Clip, steady
from bench.proctor.scripts import candidate as sitting
from bench.proctor.scripts import head_y, leaves, there_and_back
from tests.e2e.camera import HEIGHT, write_number
from tests.e2e.recording import Shown, decode
from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import RECRUITER, House
from tests.server.signalling.test_sessions import start_answer, video_when

# What happens, from which second of the film to which; how a head is usually held takes ten seconds to learn.
SPANS = {
    "multiple_faces": (9.0, 14.0),
    "looking_away": (18.0, 25.5),
    "face_partly_hidden": (29.0, 34.0),
    "no_face": (37.5, 43.5),
    "poor_lighting": (47.0, 55.0),
    "camera_covered": (58.5, 63.5),
    "camera_frozen": (67.0, 75.0),
}
SECONDS = 79.5
FACE_PX = 200.0
MOVE_SECONDS = 0.3
DIM = 0.12
EARLY_SECONDS, LATE_SECONDS = 1.0, 2.0
"""A worker that has little time may look away for two seconds before it says `analysis_degraded`."""
STILL_SECONDS = 4.0
"""What stands still is a still picture only after a while."""
LATE_END_SECONDS = 3.0
"""As long, and then the second look that an end asks for."""


def clip() -> Clip:
    """Somebody to whom all of it happens, one thing after the other."""
    somebody = sitting(3, FACE_PX, 520)
    somebody = leaves(somebody, [SPANS["no_face"]])
    somebody = replace(somebody, yaw=there_and_back([SPANS["looking_away"]], 0.0, 42.0))
    somebody = replace(somebody, held=((*SPANS["face_partly_hidden"], "hand"),))
    begin, end = SPANS["multiple_faces"]
    comes = (
        (0.0, 2000.0),
        (begin - MOVE_SECONDS, 2000.0),
        (begin, 960.0),
        (end, 960.0),
        (end + MOVE_SECONDS, 2000.0),
    )
    somebody_else = replace(sitting(8, 150), x=comes, y=steady(head_y(150)))
    dark_from, dark_until = SPANS["poor_lighting"]
    light = (
        (0.0, 1.0),
        (dark_from - MOVE_SECONDS, 1.0),
        (dark_from, DIM),
        (dark_until, DIM),
        (dark_until + MOVE_SECONDS, 1.0),
    )
    camera = Camera(brightness=light, covered=(SPANS["camera_covered"],), frozen=(SPANS["camera_frozen"],))
    return Clip("everything", SECONDS, 5, (somebody, somebody_else), camera=camera, room=2)


def pictures(models_dir: Path) -> Iterator[I420]:
    """The film; a picture carries its number unless it shows nothing or does not change."""
    plain = [SPANS["camera_covered"], SPANS["camera_frozen"]]
    for index, drawn in enumerate(Studio(models_dir).pictures(clip())):
        picture = drawn.copy()  # a frozen camera shows the same array again
        if not any(begin <= index / FPS < end for begin, end in plain):
            write_number(picture[:HEIGHT], index)  # the luma
        yield picture


class Projector(MediaStreamTrack):
    """Sends an encoded film in real time; its first picture, which stands alone, until `start` is called."""

    kind = "video"

    def __init__(self, film: list[Encoded]) -> None:
        super().__init__()
        self.ended = asyncio.Event()
        self._film = film
        self._rolls = False
        self._place = self._sent = 0
        self._began = asyncio.get_running_loop().time()

    def start(self) -> None:
        """Let the film run."""
        self._rolls = True

    async def recv(self) -> "Packet[Any]":
        """The next encoded picture, when it is due."""
        if self._place == len(self._film):
            self.ended.set()
            await asyncio.get_running_loop().create_future()  # nothing is left to send
        due = self._began + self._sent / FPS
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        packet: Packet[Any] = Packet(self._film[self._place].data)
        packet.pts, packet.time_base = round(self._sent * 90_000 / FPS), Fraction(1, 90_000)
        self._sent += 1
        self._place += self._rolls
        return packet


@pytest_asyncio.fixture
async def projector(models_dir: Path) -> Projector:
    return Projector(await asyncio.to_thread(lambda: list(encode(pictures(models_dir)))))


@pytest_asyncio.fixture
async def publisher(projector: Projector) -> AsyncIterator[Publisher]:
    publisher = Publisher(audio=False, video=projector)
    yield publisher
    await publisher.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("house_settings", [{"proctoring": True}], indirect=True)
async def test_every_event_of_the_picture(
    house: House,
    candidate: Participant,
    one_way: dict[str, Any],
    projector: Projector,
    publisher: Publisher,
) -> None:
    video_id = await start_answer(candidate, one_way, publisher)
    projector.start()
    await projector.ended.wait()
    await candidate.say("finish_answer", video_id=video_id)
    video = await video_when(candidate, one_way["id"], "ready")
    async with house.person(RECRUITER) as reviewer:
        review = await reviewer.call("GET", f"/sessions/{one_way['id']}/review")
        async with reviewer.http.get(video["file_url"]) as response:
            shown = await asyncio.to_thread(decode, await response.read())
    check(review["events"], shown)


def in_poor_light(span: tuple[float, float]) -> bool:
    """Whether a stretch of the film lies where it is nearly dark; eyes get used to the light again, too."""
    begin, end = SPANS["poor_lighting"]
    return begin - 1 < span[0] and span[1] < end + LATE_END_SECONDS


def check(events: list[dict[str, Any]], shown: list[Shown]) -> None:
    """Each deed raises its type once, where it happened, and nothing else is raised."""
    # Where the file is in the film is read from the file.
    at, second = [frame.at for frame in shown], [frame.number / FPS for frame in shown]
    found: dict[str, list[tuple[float, float]]] = {}
    for event in events:
        begin = event["offset_ms"] / 1000
        ends = np.interp([begin, begin + event["duration_seconds"]], at, second)
        found.setdefault(event["event_type"], []).append((float(ends[0]), float(ends[1])))
        print(f"{event['event_type']}: {ends[0]:.2f} to {ends[1]:.2f} s of the film")
    for event_type, (begin, end) in SPANS.items():
        # In poor light a face may look hidden or turned as well.
        dim = event_type != "poor_lighting"
        rows = [row for row in found.pop(event_type) if not (dim and in_poor_light(row))]
        assert len(rows) == 1, event_type
        began, ended = rows[0]
        late = STILL_SECONDS if event_type == "camera_frozen" else LATE_SECONDS
        assert -EARLY_SECONDS < began - begin < late, event_type
        assert -EARLY_SECONDS < ended - end < LATE_END_SECONDS, event_type
    found.pop("analysis_degraded", None)  # a busy machine says that it is busy
    assert all(in_poor_light(row) for rows in found.values() for row in rows), found
    assert not any(event["is_open"] for event in events)
