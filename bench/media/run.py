"""Rounds of measurements: a server, its clients, and the server's CPU clock."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
from aiohttp import ClientSession

from bench.media import canned, janus
from bench.media.table import HEADING, Kind, Measured, Plan, Result, line, summary

WARM_UP_SECONDS = 12.0
"""A new connection is read and told more often: its sender searches for its rate for ten seconds."""
_SETTLE_SECONDS = 3.0


class ClientProcess:
    """One client program, spoken to over its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.clock = psutil.Process(process.pid)

    async def ask(self, **command: object) -> dict[str, int]:
        """Send a command and wait for its counts.

        Raises RuntimeError when the client is gone.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), 120)
        if not line:
            raise RuntimeError("the client process died")
        counts: dict[str, int] = json.loads(line)
        return counts


@asynccontextmanager
async def process(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is killed, and its children with it, at the end."""
    started = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield started
    finally:
        if started.returncode is None:
            for child in psutil.Process(started.pid).children(recursive=True):
                child.kill()
            started.kill()
        await started.wait()


@asynccontextmanager
async def server(kind: Kind, folder: Path, http: ClientSession) -> AsyncIterator[tuple[psutil.Process, int]]:
    """The measured process and the port of its signalling."""
    if kind == "janus":
        program = janus.installed()
        assert program is not None
        port = janus.configure(folder)
        with (folder / "janus.log").open("wb") as log:
            started = await asyncio.create_subprocess_exec(
                *janus.command(program, folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            await janus.wait_until_up(port, http)
            yield psutil.Process(started.pid), port
        finally:
            if started.returncode is None:
                started.kill()
            await started.wait()
        return
    async with process(sys.executable, "-m", f"bench.media.{kind}", str(folder)) as started:
        assert started.stdout is not None
        yield psutil.Process(started.pid), int(await started.stdout.readline())


def cpu_seconds(root: psutil.Process) -> float:
    """User and system time of a process and its children, ended ones too."""
    total = sum(root.cpu_times()[:4])
    for child in root.children(recursive=True):
        total += sum(child.cpu_times()[:2])
    return float(total)


class Round:
    """One server with its clients connected."""

    def __init__(self, kind: Kind, root: psutil.Process, port: int, http: ClientSession) -> None:
        self._kind = kind
        self._root = root
        self._port = port
        self._http = http
        self.clients: list[ClientProcess] = []

    async def counts(self) -> dict[str, int]:
        """Counts of all clients together."""
        total: dict[str, int] = {}
        for client in self.clients:
            for name, value in (await client.ask(do="count")).items():
                total[name] = total.get(name, 0) + value
        return total

    async def frames(self) -> int | None:
        """Frames the server took; Janus does not say."""
        if self._kind == "janus":
            return None
        async with self._http.get(f"http://127.0.0.1:{self._port}/count") as response:
            counted: int = (await response.json())["frames"]
            return counted

    async def stretch(self, seconds: float, peers: int, after_seconds: float = _SETTLE_SECONDS) -> Measured:
        """Measure for so long, after a while."""
        await asyncio.sleep(after_seconds)
        before, frames_before = await self.counts(), await self.frames()
        cpu, own = cpu_seconds(self._root), sum(cpu_seconds(client.clock) for client in self.clients)
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(seconds)
        cpu = cpu_seconds(self._root) - cpu
        own = sum(cpu_seconds(client.clock) for client in self.clients) - own
        elapsed = asyncio.get_running_loop().time() - began
        after, frames_after = await self.counts(), await self.frames()
        packets = after["packets"] - before["packets"]
        frames = None if frames_after is None or frames_before is None else frames_after - frames_before
        return Measured(
            kind=self._kind,
            peers=peers,
            cpu_pct_per_peer=cpu / elapsed * 100 / peers,
            us_per_packet=cpu / packets * 1e6,
            packets_per_second_per_peer=packets / elapsed / peers,
            client_cpu_pct=own / elapsed * 100,
            frames_per_second_per_peer=None if frames is None else frames / elapsed / peers,
            repaired=after["repaired"] - before["repaired"],
            keyframes=after["keyframe_requests"] - before["keyframe_requests"],
            viewed_frames_per_second=(after["viewed_frames"] - before["viewed_frames"]) / elapsed,
            rss_mb=self._root.memory_info().rss / 1e6,
        )


async def one_round(plan: Plan, kind: Kind, peers: int, source: Path) -> Measured:
    """Start a server and its clients, measure recording, then forwarding where Viva is measured."""
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(ClientSession())
            root, port = await stack.enter_async_context(server(kind, folder, http))
            current = Round(kind, root, port, http)
            shares = [peers // plan.clients + (index < peers % plan.clients) for index in range(plan.clients)]
            for index, share in enumerate(shares):
                command = (
                    sys.executable,
                    "-m",
                    "bench.media.client",
                    kind,
                    str(port),
                    str(source),
                    f"c{index}",
                )
                current.clients.append(ClientProcess(await stack.enter_async_context(process(*command))))
                await current.clients[-1].ask(do="publish", peers=share)
            recorded = await current.stretch(plan.seconds, peers, WARM_UP_SECONDS)
            check(folder, kind, peers)
            if kind != "viva" or not plan.viewers:
                return recorded
            await current.clients[0].ask(do="view", viewers=plan.viewers)
            viewed = await current.stretch(plan.seconds, peers)
            await current.clients[0].ask(do="unview")
            return with_forward(recorded, viewed, await current.stretch(plan.seconds, peers), plan.viewers)


def with_forward(before: Measured, viewed: Measured, after: Measured, viewers: int) -> Measured:
    """Recording as the mean of before and after, and what viewers added to it in between."""
    recorded = (before.cpu_pct_per_peer + after.cpu_pct_per_peer) / 2
    return replace(
        before,
        cpu_pct_per_peer=recorded,
        us_per_packet=(before.us_per_packet + after.us_per_packet) / 2,
        frames_per_second_per_viewer=viewed.viewed_frames_per_second / viewers,
        forward_cpu_pct_per_viewer=(viewed.cpu_pct_per_peer - recorded) * before.peers / viewers,
    )


def check(folder: Path, kind: Kind, peers: int) -> None:
    """Every peer must have been recorded, or the figure means nothing.

    Raises RuntimeError.
    """
    ending = {"viva": ".mkv", "janus": "-video-1.mjr", "mediarecorder": ".mp4"}[kind]
    written = [file for file in folder.rglob(f"*{ending}") if file.stat().st_size > 0]
    if len(written) < peers:
        raise RuntimeError(f"{kind} wrote {len(written)} recordings of {peers}")


async def measure_all(plan: Plan) -> Result:
    """All rounds; prints each as it is done."""
    kinds: list[Kind] = ["viva", "janus", "mediarecorder"]
    if janus.installed() is None:
        kinds.remove("janus")
        print("janus is not installed: no comparison with it")
    if plan.only:
        kinds = [plan.only]
    measured: list[Measured] = []
    folder = Path(tempfile.mkdtemp(prefix="viva-bench-source-"))
    try:
        source = folder / "canned"
        canned.make(plan.source_seconds).save(source)
        print(HEADING)
        for number in range(plan.rounds):
            for kind in kinds:
                peers = 1 if kind == "mediarecorder" else plan.peers
                if kind == "mediarecorder" and number:
                    continue
                measured.append(await one_round(plan, kind, peers, source))
                print(line(measured[-1]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return summary(plan, measured)
