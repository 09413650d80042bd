"""The benches' handle on the serving process, and the relay between it and a page."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from playwright.async_api import Browser, Page

from bench.network import CLEAR, Conditions, Relay

_CANDIDATE = re.compile(r"a=candidate:(\S+) (\d) udp (\d+) (\S+) (\d+) typ host[^\r\n]*\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished recording."""

    path: Path
    duration_ms: int
    dropped_frames: int
    error: str | None


class Station:
    """Rooms and recorders behind a URL."""

    def __init__(self, port: int, folder: Path, http: ClientSession) -> None:
        self.url = f"http://localhost:{port}"
        self.folder = folder
        self._http = http

    async def facts(self, stream_id: str) -> dict[str, Any]:
        """What happened to a stream so far; see `bench.live.serve.Facts`."""
        async with self._http.get(f"{self.url}/facts/{stream_id}") as response:
            response.raise_for_status()
            found: dict[str, Any] = await response.json()
            return found

    async def finish(self, stream_id: str) -> Finished:
        """End a recording."""
        async with self._http.post(f"{self.url}/finish/{stream_id}") as response:
            response.raise_for_status()
            facts = json.loads(await response.text())
        return Finished(Path(facts["path"]), facts["duration_ms"], facts["dropped_frames"], facts["error"])

    async def page(self, browser: Browser) -> Page:
        """A new page with the script in it."""
        page = await browser.new_page()
        await page.goto(self.url)
        return page


@asynccontextmanager
async def station(folder: Path) -> AsyncIterator[Station]:
    """A station in a process of its own, recording into `folder`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.live.serve", str(folder), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with ClientSession() as http:
            yield Station(port, folder, http)
    finally:
        process.kill()
        await process.wait()


class Relays:
    """Leads a page's connections through relays, one for each connection."""

    def __init__(self, up: Conditions, down: Conditions, seed: int) -> None:
        self.running: list[Relay] = []
        self._up, self._down, self._seed = up, down, seed

    def divert(self, answer: str) -> str:
        """The answer with the relay's address instead of the server's.

        Raises ValueError when the answer names no IPv4 address.
        """
        found = next((match for match in _CANDIDATE.finditer(answer) if ":" not in match[4]), None)
        if found is None:
            raise ValueError("the answer has no IPv4 host candidate")
        relay = Relay((found[4], int(found[5])), up=self._up, down=self._down, seed=self._seed)
        relay.start()
        self.running.append(relay)
        host, port = relay.address
        line = f"a=candidate:{found[1]} {found[2]} udp {found[3]} {host} {port} typ host\r\n"
        first, last = answer.index(found[0]), 0
        for match in _CANDIDATE.finditer(answer):
            last = match.end()
        sections = re.split(r"(?=m=)", _CANDIDATE.sub("", answer))
        assert first < last
        return "".join(
            section if not section.startswith("m=") else section.rstrip("\r\n") + "\r\n" + line
            for section in sections
        )


@asynccontextmanager
async def relayed(
    page: Page, *, up: Conditions = CLEAR, down: Conditions = CLEAR, seed: int = 1
) -> AsyncIterator[Relays]:
    """From now on the page's connections go through relays with these conditions."""
    relays = Relays(up, down, seed)
    await page.expose_function("viaRelay", relays.divert)
    try:
        yield relays
    finally:
        for relay in relays.running:
            relay.stop()
