"""Who speaks, as a room announces it: nobody who is not heard by the others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.media.ice import IceOptions
from server.media.ports import EncodedFrame
from server.media.room import Room
from server.media.source import Source
from server.media.speaker import SpeakerDetector
from tests.server.media.peers import Publisher, until
from tests.server.media.test_room import Listener, publish


class Ear(Listener):
    """Remembers who spoke."""

    def __init__(self) -> None:
        super().__init__()
        self.spoke: list[str | None] = []

    def speaking(self, participant_id: str | None) -> None:
        self.spoke.append(participant_id)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def room(ear: Ear) -> AsyncIterator[Room]:
    room = Room(ear, ice=IceOptions(), max_bitrate_bps=2_000_000)
    yield room
    await room.close()


async def talk(source: Source, packets: int) -> None:
    """Let a source carry a loud voice (that of an aiortc peer is silent)."""
    for _ in range(packets):
        now_ms = asyncio.get_running_loop().time() * 1000
        source.deliver(
            EncodedFrame(
                kind="audio",
                codec="opus",
                rtp_timestamp=0,
                timestamp_ms=now_ms,
                keyframe=True,
                data=b"x",
                payloads=[b"x"],
                audio_level_db=10,
            )
        )
        await asyncio.sleep(0.02)


async def test_who_is_not_in_the_room_does_not_speak(room: Room, ear: Ear) -> None:
    publisher = Publisher(audio=False)
    await publish(room, publisher)
    await until(lambda: ear.started)
    source = ear.started[0]
    await talk(source, 40)
    assert ear.spoke == []
    room.hear("ann")
    await talk(source, 40)
    assert ear.spoke == ["ann"]
    room.leave("ann")
    await until(lambda: ear.spoke == ["ann", None])
    await publisher.close()


def test_pauses_do_not_count_and_only_the_clearly_louder_takes_over() -> None:
    detector = SpeakerDetector()

    def hear(participant_id: str, level_db: int, at_ms: float) -> None:
        for _ in range(20):
            detector.update(participant_id, level_db, at_ms)

    assert not detector.decide(0)
    hear("ann", 30, 0)
    assert detector.decide(0)
    assert detector.current == "ann"
    assert not detector.decide(1100)  # a pause
    hear("bob", 27, 1150)
    assert not detector.decide(1150)  # not clearly louder
    hear("bob", 15, 1160)
    assert detector.decide(1160)
    assert detector.current == "bob"
    detector.forget("bob")
    assert detector.decide(5000)
    assert detector.current is None
