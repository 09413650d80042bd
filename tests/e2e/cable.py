"""The network between browser and server as a cable that can be pulled: TCP and UDP go through it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bench.network import CLEAR, Conditions, Relay
from tests.services import free_port

_DEAD = Conditions(blackhole=True)
_CHUNK = 65_536


def free_udp_port() -> int:
    """A UDP port on loopback that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cable:
    """Pulled, nothing passes and nothing is refused: neither side is told, as with a lost radio network."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.media_port = free_udp_port()
        self.relay = Relay(("127.0.0.1", self.media_port))
        self._server_port = 0
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost: list[asyncio.StreamWriter] = []

    @property
    def settings(self) -> dict[str, str]:
        """What the server must be told so that its media goes through the cable too."""
        return {
            "VIVA_MEDIA_PORT": str(self.media_port),
            "VIVA_MEDIA_ANNOUNCED": "{}:{}".format(*self.relay.address),
            "VIVA_MEDIA_CANDIDATES": "none",
        }

    def pull(self) -> None:
        """From now on nothing passes."""
        self._plugged.clear()
        self.relay.up.conditions = self.relay.down.conditions = _DEAD

    def plug_in(self) -> None:
        """Everything passes again; TCP repeats what it had sent meanwhile."""
        self.relay.up.conditions = self.relay.down.conditions = CLEAR
        self._plugged.set()

    @asynccontextmanager
    async def to(self, server_port: int) -> AsyncIterator[None]:
        """Lead to a server while the context lasts."""
        self._server_port = server_port
        self.relay.start()
        listening = await asyncio.start_server(self._accepted, "127.0.0.1", self.port)
        try:
            yield
        finally:
            listening.close()
            self.relay.stop()
            for writer in self._lost:
                writer.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._plugged.is_set():
            self._lost.append(writer)  # never answered, also later: whoever asked must ask again
            return
        try:
            there = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.close()
            return
        for source, sink in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(self._pass_on(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._plugged.wait()
                sink.write(data)
                await sink.drain()
        await self._plugged.wait()
        sink.close()
