"""The most memory that a house took while it was watched."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.house.server import House

LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Most:
    """Resident megabytes."""

    server_mb: float = 0.0
    worker_mb: float = 0.0


@contextmanager
def watched(house: House) -> Iterator[Most]:
    """Look twice a second, from a thread of its own."""
    most, over = Most(), threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            server, worker = house.resident_mb()
            most.server_mb, most.worker_mb = max(most.server_mb, server), max(most.worker_mb, worker)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()
