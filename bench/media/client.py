"""The browsers' side, in a process of its own: a command is a line of JSON and so is its answer.

{"do": "publish", "peers": n} · {"do": "view", "viewers": n} · {"do": "unview"} ·
{"do": "count"} · {"do": "close"}
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop
from aiohttp import ClientSession

from bench.media.canned import FPS, Canned
from bench.media.endpoint import Counts
from bench.media.janus import JanusApi
from bench.media.peer import Peer
from bench.media.sender import offer_what_chromium_offers

Exchange = Callable[[str, str, str, str], Awaitable[str]]


class Client:
    """Peers and viewers against one server."""

    def __init__(self, canned: Canned, prefix: str, exchange: Exchange) -> None:
        self._canned = canned
        self._prefix = prefix
        self._exchange = exchange
        self._peers: list[Peer] = []
        self._viewers: list[Peer] = []
        self.counts = Counts()

    async def publish(self, peers: int) -> None:
        """Connect so many senders, their frames spread over the frame time."""
        for index in range(peers):
            name = f"{self._prefix}-{index}"
            self._peers.append(Peer(self.counts, self._canned, index / peers / FPS))
            await self._connect(self._peers[-1], "publish", name, name)

    async def view(self, viewers: int) -> None:
        """Connect so many viewers of the first sender."""
        for index in range(viewers):
            who = f"{self._prefix}-viewer-{index}"
            self._viewers.append(Peer(self.counts, None))
            await self._connect(self._viewers[-1], "subscribe", f"{self._prefix}-0", who)

    async def unview(self) -> None:
        """Let all viewers go."""
        viewers, self._viewers = self._viewers, []
        await asyncio.gather(*(viewer.close() for viewer in viewers))

    async def _connect(self, peer: Peer, direction: str, stream_id: str, who: str) -> None:
        await peer.accept(await self._exchange(direction, stream_id, who, await peer.offer()))

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(peer.close() for peer in self._peers + self._viewers))


async def over_http(url: str, http: ClientSession) -> Exchange:
    """Offers and answers as the Python servers of this bench take them."""

    async def exchange(direction: str, stream_id: str, who: str, sdp: str) -> str:
        asked = {"direction": direction, "stream_id": stream_id, "who": who, "sdp": sdp}
        async with http.post(f"{url}/connect", json=asked) as response:
            answer: str = (await response.json())["sdp"]
            return answer

    return exchange


async def over_janus(port: int, http: ClientSession) -> tuple[JanusApi, Exchange]:
    """Offers and answers as Janus takes them; publishing only."""
    api = JanusApi(port, http)
    await api.open()

    async def exchange(direction: str, stream_id: str, _who: str, sdp: str) -> str:
        assert direction == "publish"
        return await api.publish(stream_id, sdp)

    return api, exchange


async def run(kind: str, port: int, canned: Canned, prefix: str) -> None:
    """Take commands until `close` or the end of input."""
    loop = asyncio.get_running_loop()
    async with ClientSession() as http:
        api: JanusApi | None = None
        if kind == "janus":
            api, exchange = await over_janus(port, http)
        else:
            exchange = await over_http(f"http://127.0.0.1:{port}", http)
        client = Client(canned, prefix, exchange)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            asked: dict[str, Any] = json.loads(line)
            if asked["do"] == "publish":
                await client.publish(asked["peers"])
            elif asked["do"] == "view":
                await client.view(asked["viewers"])
            elif asked["do"] == "unview":
                await client.unview()
            print(json.dumps(asdict(client.counts)), flush=True)
            if asked["do"] == "close":
                break
        await client.close()
        if api is not None:
            await api.close()


def main() -> None:
    """`client.py KIND PORT CANNED PREFIX`."""
    kind, port, canned, prefix = sys.argv[1:5]
    offer_what_chromium_offers()
    uvloop.run(run(kind, int(port), Canned.load(Path(canned)), prefix))


if __name__ == "__main__":
    main()
