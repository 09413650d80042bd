"""A data channel with real aiortc peers: what goes through, and what ends it."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiortc.rtcsctptransport import DataChunk

from server.media.data import MAX_MESSAGE_BYTES, DataConnection
from server.media.errors import MediaError, SdpInvalid, SdpTooLarge, UnknownStream
from server.media.ice import IceOptions
from server.media.offers import MAX_SDP_CHARS
from server.media.room import Room
from tests.server.media.peers import Publisher, candidates_of, until
from tests.server.media.talker import Talker
from tests.server.media.test_room import Listener


class Ear:
    """Remembers what happens to a channel, and answers what it hears."""

    def __init__(self) -> None:
        self.channel: DataConnection | None = None
        self.heard: list[str | bytes] = []
        self.closed = 0

    def channel_opened(self, channel: DataConnection) -> None:
        self.channel = channel

    def channel_heard(self, channel: DataConnection, message: str | bytes) -> None:
        self.heard.append(message)
        channel.send('{"type": "echo"}')

    def channel_closed(self, channel: DataConnection) -> None:
        self.closed += 1


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room(Listener(), ice=IceOptions(), max_bitrate_bps=2_000_000)
    yield room
    await room.close()


@pytest.fixture
async def talker() -> AsyncIterator[Talker]:
    talker = Talker()
    yield talker
    await talker.close()


async def connect(room: Room, talker: Talker, ear: Ear, who: str = "ann", stream_id: str = "chat-1") -> str:
    """Open a channel; the answer."""
    offer = await talker.offer()
    answer = await room.open_channel(who, stream_id, offer, ear)
    await talker.accept(answer)
    for line in candidates_of(offer):
        await room.add_candidate(who, stream_id, "channel", line, None, 0)
    return answer


async def test_texts_and_bytes_go_through(room: Room, talker: Talker) -> None:
    ear = Ear()
    answer = await connect(room, talker, ear)
    assert f"a=max-message-size:{MAX_MESSAGE_BYTES}\r\n" in answer
    await talker.opened()
    talker.send("hello")
    talker.send(b"\x00\x01")
    await talker.hear("echo")
    await talker.hear("echo")
    assert ear.heard == ["hello", b"\x00\x01"]
    room.leave("ann")
    assert ear.closed == 1
    await asyncio.wait_for(talker.closed.wait(), 10)


async def test_the_browser_closing_is_noticed_once(room: Room, talker: Talker) -> None:
    ear = Ear()
    await connect(room, talker, ear)
    await talker.opened()
    await until(lambda: ear.channel is not None)
    await talker.close()
    await until(lambda: ear.closed)
    room.leave("ann")
    assert ear.closed == 1


async def test_a_new_channel_replaces_the_older_one(room: Room, talker: Talker) -> None:
    ear, other_ear, other = Ear(), Ear(), Talker()
    await connect(room, talker, ear)
    await talker.opened()
    await connect(room, other, other_ear, stream_id="chat-2")
    assert (ear.closed, other_ear.closed) == (1, 0)
    await other.opened()
    other.send("again")
    await other.hear("echo")
    with pytest.raises(UnknownStream):
        await room.add_candidate("ann", "chat-1", "channel", None, None, 0)
    await other.close()


@pytest.mark.parametrize(
    ("label", "options"),
    [
        ("other", {}),
        ("chat", {"ordered": False}),
        ("chat", {"maxRetransmits": 1}),
        ("chat", {"maxPacketLifeTime": 9}),
    ],
)
async def test_another_kind_of_channel_is_closed(room: Room, label: str, options: dict[str, Any]) -> None:
    ear, talker = Ear(), Talker(label, **options)
    await connect(room, talker, ear)
    await asyncio.wait_for(talker.closed.wait(), 10)
    assert (ear.channel, ear.closed) == (None, 1)
    await talker.close()


async def test_a_second_channel_ends_the_connection(room: Room, talker: Talker) -> None:
    ear = Ear()
    await connect(room, talker, ear)
    await talker.opened()
    talker.pc.createDataChannel("chat")
    await asyncio.wait_for(talker.closed.wait(), 10)
    assert ear.closed == 1


async def test_who_does_not_read_is_dropped(room: Room, talker: Talker) -> None:
    ear = Ear()
    await connect(room, talker, ear)
    await talker.opened()
    await until(lambda: ear.channel is not None)
    assert ear.channel is not None
    sctp: Any = talker.pc.sctp

    async def deaf(data: bytes) -> None:
        """Acknowledge nothing."""

    sctp._handle_data = deaf
    for _ in range(8):
        ear.channel.send("x" * 30_000)
    assert ear.closed == 0
    ear.channel.send("x" * 30_000)
    assert ear.closed == 1
    ear.channel.send("x")  # and nothing more happens


async def test_what_the_peer_cannot_take_ends_the_channel(room: Room, talker: Talker) -> None:
    ear = Ear()
    offer = (await talker.offer()).replace("a=max-message-size:262144", "a=max-message-size:100")
    await talker.accept(await room.open_channel("ann", "chat-1", offer, ear))
    await until(lambda: ear.channel is not None)
    assert ear.channel is not None
    ear.channel.send("x" * 101)
    assert ear.closed == 1


async def test_a_message_that_never_ends_is_not_kept(room: Room, talker: Talker) -> None:
    ear = Ear()
    await connect(room, talker, ear)
    await talker.opened()
    sctp: Any = talker.pc.sctp
    for number in range(400):  # fragments without a last one, and no regard for the window
        chunk = DataChunk(flags=2 if number == 0 else 0)
        chunk.tsn, chunk.stream_id, chunk.stream_seq = sctp._local_tsn, talker.channel.id, 1
        chunk.protocol, chunk.user_data = 51, b"x" * 1000
        sctp._local_tsn += 1
        if ear.closed:
            break
        await sctp._send_chunk(chunk)
        await asyncio.sleep(0.001)  # the server reads along: none is lost on the way
    await until(lambda: ear.closed)
    assert number < 200


async def test_what_aiortc_cannot_digest_ends_the_channel(room: Room, talker: Talker) -> None:
    ear = Ear()
    await connect(room, talker, ear)
    await talker.opened()
    sctp: Any = talker.pc.sctp
    await sctp._send(talker.channel.id, 51, b"\xff\xfe")  # a text that is none
    await until(lambda: ear.closed)


@pytest.mark.parametrize(
    ("offer", "error"),
    [("", SdpInvalid), ("garbage", SdpInvalid), ("v=0\r\n" * (MAX_SDP_CHARS // 4), SdpTooLarge)],
)
async def test_bad_offers_are_refused(room: Room, offer: str, error: type[MediaError]) -> None:
    ear = Ear()
    with pytest.raises(error):
        await room.open_channel("ann", "chat-1", offer, ear)
    with pytest.raises(UnknownStream):
        await room.add_candidate("ann", "chat-1", "channel", None, None, 0)


async def test_an_offer_with_media_is_no_channel(room: Room, talker: Talker) -> None:
    publisher = Publisher()
    with pytest.raises(SdpInvalid, match="application"):
        await room.open_channel("ann", "chat-1", await publisher.offer(), Ear())
    publisher.pc.createDataChannel("chat")
    with pytest.raises(SdpInvalid, match="application"):
        await room.open_channel("ann", "chat-1", await publisher.offer(), Ear())
    with pytest.raises(SdpInvalid):
        await room.publish("ann", "camera-1", "camera", await talker.offer())
    await publisher.close()


async def test_candidates_are_filtered_as_elsewhere(room: Room, talker: Talker) -> None:
    await connect(room, talker, Ear())
    with pytest.raises(SdpInvalid):
        await room.add_candidate("ann", "chat-1", "channel", "candidate:nonsense", None, 0)
    with pytest.raises(UnknownStream):
        await room.add_candidate("bob", "chat-1", "channel", None, None, 0)


@pytest.mark.parametrize("gone_first", ["browser", "server"])
async def test_nothing_is_left_of_closed_channels(room: Room, gone_first: str) -> None:
    ear = Ear()
    warm = Talker()
    await connect(room, warm, ear)
    await warm.opened()
    await warm.close()
    await until(lambda: ear.closed == 1)
    await asyncio.sleep(0.5)
    tasks, connections = len(asyncio.all_tasks()), _connections()
    for number in range(5):
        talker = Talker()
        await connect(room, talker, ear, stream_id=f"chat {number}")
        await talker.opened()
        if gone_first == "server":
            room.leave("ann")
        await talker.close()
        del talker
        await until(lambda closed=number + 2: ear.closed == closed)
    ear.channel = None
    await until(lambda: len(asyncio.all_tasks()) <= tasks)
    await until(lambda: _connections() <= connections)


def _connections() -> int:
    gc.collect()
    return sum(1 for found in gc.get_objects() if isinstance(found, DataConnection))
