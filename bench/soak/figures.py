"""What a server's process holds at one moment, and what a run makes of many such moments."""

import asyncio
import gc
import threading
import time
from collections import Counter
from dataclasses import dataclass

import psutil
from aiohttp import ClientSession

MAX_DRIFT_PCT = 5.0
SETTLE_SECONDS = 12.0
WATCHED = (
    "Source",
    "Recorder",
    "MediaConnection",
    "DataConnection",
    "IceConnection",
    "RTCPeerConnection",
    "VideoReceiver",
    "Sitting",
    "Seat",
    "Recording",
    "Pipeline",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server's process holds at one moment."""

    at_seconds: float
    rss_mb: float
    tasks: int
    threads: int
    fds: int
    sockets: int
    objects: dict[str, int]

    def like(self, other: "Sample") -> bool:
        """Whether as much is held, memory aside."""
        return (self.tasks, self.threads, self.fds, self.sockets, self.objects) == (
            other.tasks,
            other.threads,
            other.fds,
            other.sockets,
            other.objects,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of a run; what is left is counted against the moment after a first peer came and went."""

    minutes: float
    peers: int
    joins: int
    failed_joins: int
    frames: int
    recordings: int
    rss_mb_start: float
    rss_mb_end: float
    rss_mb_max: float
    rss_drift_pct: float
    tasks_left: int
    threads_left: int
    fds_left: int
    sockets_left: int
    objects_left: int

    def failures(self) -> list[str]:
        """What is not as it must be."""
        found = []
        if abs(self.rss_drift_pct) > MAX_DRIFT_PCT:
            from_to = f"{self.rss_mb_start} to {self.rss_mb_end} MB"
            found.append(f"resident memory moved by {self.rss_drift_pct} % ({from_to})")
        left = {
            "tasks": self.tasks_left,
            "threads": self.threads_left,
            "descriptors": self.fds_left,
            "sockets": self.sockets_left,
            "objects of connections": self.objects_left,
        }
        found += [f"{count} {name} left behind" for name, count in left.items() if count > 0]
        if not self.joins:  # an empty house leaves nothing behind either
            found.append("nobody ever joined")
        return found


def look(began: float, ports: int) -> Sample:
    """This process now, without its shared media ports: they stay, as many as the most connections needed."""
    gc.collect()
    process = psutil.Process()
    names = Counter(type(thing).__name__ for thing in gc.get_objects())
    return Sample(
        at_seconds=time.monotonic() - began,
        rss_mb=process.memory_info().rss / 1e6,
        tasks=len(asyncio.all_tasks()),
        threads=process.num_threads(),
        fds=process.num_fds() - ports,
        sockets=len(process.net_connections()) - ports,
        objects={name: names[name] for name in WATCHED},
    )


def names() -> dict[str, list[str]]:
    """Where each task waits and what the threads are called, for whoever has to find what was left."""
    return {
        "tasks": sorted(str(task.get_coro()) for task in asyncio.all_tasks()),
        "threads": sorted(thread.name for thread in threading.enumerate()),
    }


async def sample(http: ClientSession) -> Sample:
    """Look at the server."""
    async with http.get("/sample") as response:
        return Sample(**await response.json())
