"""Peers of the bare media plane: join, watch somebody, go in one of four ways, come back."""

import asyncio
import random
import sys
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiohttp import ClientError, ClientSession

from bench.media.canned import Canned, encode_audio, packetise
from bench.media.endpoint import Counts
from bench.media.peer import Peer


def small_camera() -> Canned:
    """Two seconds of a small grey picture with a little noise, and a microphone."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = 160, 120, "yuv420p"
    codec.bit_rate, codec.time_base, codec.gop_size = 60_000, Fraction(1, 30), 60
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    chance = np.random.default_rng(1)
    frames = []
    for index in range(60):
        grey = chance.integers(100, 104, (120, 160), np.uint8)
        picture = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
        picture.pts = index
        frames += [packetise(bytes(packet)) for packet in codec.encode(picture)]
    return Canned(frames, encode_audio())


def _into_the_void(data: bytes, address: object = None) -> None:
    """What a network does that is not there any more."""


async def vanish(peers: list[Peer]) -> None:
    """Not another packet; what is left of the peers is cleared away on this side."""
    for peer in peers:
        for transceiver in peer.getTransceivers():
            connection: Any = transceiver.sender.transport.transport._connection
            for protocol in connection._protocols:
                protocol.transport.sendto = _into_the_void
    await asyncio.gather(*(peer.close() for peer in peers))


class Crowd:
    """Peers that come and go until they are told to stop."""

    def __init__(self, http: ClientSession, stay_seconds: tuple[float, float]) -> None:
        self._http = http
        self._stay_seconds = stay_seconds
        self._canned = small_camera()
        self._counts = Counts()
        self._chance = random.Random(7)
        self._streams: dict[str, str] = {}
        self._numbers = 0
        self.joins = self.failed_joins = 0
        self.stopping = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()

    async def warm_up(self) -> None:
        """A first peer comes and goes."""
        await self.visit("first")

    async def empty(self, http: ClientSession) -> None:
        """The room closes."""
        async with http.post("/close"):
            pass

    async def end(self, http: ClientSession) -> dict[str, int]:
        """The room closes; what was received."""
        async with http.post("/close") as response:
            done: dict[str, int] = await response.json()
        return done

    async def live(self, who: str) -> None:
        """One person: join, watch somebody, go in one of four ways, come back."""
        while not self.stopping.is_set():
            await self._pause(self._chance.uniform(0, 1))
            try:
                await self.visit(who)
                self.joins += 1
            except (ClientError, TimeoutError, ConnectionError, OSError) as error:
                self.failed_joins += 1
                print(f"join failed: {error!r}", file=sys.stderr)

    async def visit(self, who: str) -> None:
        """Publish, view, stay, go."""
        stream_id = f"{who}-{self._numbers}"
        self._numbers += 1
        ways = [self._leave, self._close_tab, self._vanish, self._come_back]
        way = self._chance.choice(ways)
        peers = [await self._join("publish", stream_id, who)]
        self._streams[who] = stream_id
        try:
            others = [other for name, other in self._streams.items() if name != who]
            if others:
                peers += await self._watch(self._chance.choice(others), who)
            await self._pause(self._chance.uniform(*self._stay_seconds))
        finally:
            self._streams.pop(who, None)
            await way(who, peers)

    async def _watch(self, stream_id: str, who: str) -> list[Peer]:
        try:
            return [await self._join("subscribe", stream_id, who)]
        except (ClientError, TimeoutError):
            return []  # whom we wanted to see has just left

    async def _join(self, direction: str, stream_id: str, who: str) -> Peer:
        peer = Peer(self._counts, self._canned if direction == "publish" else None)
        asked = {"direction": direction, "stream_id": stream_id, "who": who, "sdp": await peer.offer()}
        try:
            async with self._http.post("/connect", json=asked) as response:
                response.raise_for_status()
                answer = await response.json()
            await peer.accept(answer["sdp"])
        except BaseException:
            await peer.close()
            raise
        return peer

    async def _leave(self, who: str, peers: list[Peer]) -> None:
        """Goodbye over signalling."""
        async with self._http.post("/leave", json={"who": who}):
            pass
        await self._close_tab(who, peers)

    async def _close_tab(self, _who: str, peers: list[Peer]) -> None:
        """The browser says goodbye on its connections only."""
        await asyncio.gather(*(peer.close() for peer in peers))

    async def _vanish(self, _who: str, peers: list[Peer]) -> None:
        """Not another packet."""
        await vanish(peers)

    async def _come_back(self, who: str, peers: list[Peer]) -> None:
        """A reload: the same person publishes anew while the old connection still stands."""
        again: list[Peer] = []
        try:
            if not self.stopping.is_set():
                self._numbers += 1
                again.append(await self._join("publish", f"{who}-{self._numbers}", who))
                self.joins += 1
                await self._pause(0.5)
        finally:
            await self._vanish(who, peers)
            await self._close_tab(who, again)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            pass
