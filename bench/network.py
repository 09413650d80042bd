"""A bad network on loopback: a UDP relay between browsers and the server that loses, delays and throttles.

The browser is told the relay's address instead of the server's. Each address that sends to the relay gets a
socket of its own towards the server, so the server sees as many clients as there are. Both directions have
their own conditions; what is lost follows from a seed and the order of the datagrams.
"""

import heapq
import itertools
import random
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Address = tuple[str, int]
_MAX_DATAGRAM = 2048
_MAX_CLIENTS = 256
_SOCKET_BUFFER_OCTETS = 1 << 20


@dataclass(frozen=True, slots=True)
class Conditions:
    """What one direction does to datagrams.

    `loss` is the share lost at random, 0 to 1. `rate_kbps` is the bottleneck's rate (None: none); what
    would wait for it longer than `queue_ms` is dropped (tail drop). `blackhole` loses everything.
    """

    loss: float = 0.0
    delay_ms: float = 0.0
    rate_kbps: float | None = None
    queue_ms: float = 300.0
    blackhole: bool = False


CLEAR = Conditions()


@dataclass(slots=True)
class Tally:
    """What one direction did so far."""

    passed: int = 0
    lost: int = 0
    overflowed: int = 0


class Direction:
    """One direction: decides of each datagram when it arrives, or that it does not."""

    def __init__(self, conditions: Conditions, seed: int) -> None:
        self.conditions = conditions
        self.tally = Tally()
        self._random = random.Random(seed)
        self._free_at = 0.0

    def due(self, octets: int, now: float) -> float | None:
        """When a datagram that enters now (seconds) leaves at the other end; None when it is lost."""
        given = self.conditions
        if given.blackhole or self._random.random() < given.loss:
            self.tally.lost += 1
            return None
        leaves = now
        if given.rate_kbps is not None:
            leaves = max(now, self._free_at)
            if (leaves - now) * 1000 > given.queue_ms:
                self.tally.overflowed += 1
                return None
            leaves += octets * 8 / (given.rate_kbps * 1000)
            self._free_at = leaves
        self.tally.passed += 1
        return leaves + given.delay_ms / 1000


class Relay:
    """The relay; runs in a thread of its own between `start` and `stop`.

    `up` is the direction from the browsers to the server, `down` the other; their `conditions` may be
    replaced while it runs.
    """

    def __init__(
        self, server: Address, *, up: Conditions = CLEAR, down: Conditions = CLEAR, seed: int = 1
    ) -> None:
        self.server = server
        self.up = Direction(up, seed)
        self.down = Direction(down, seed + 1)
        self._listening = _udp_socket()
        self._listening.bind((server[0], 0))
        self.address: Address = self._listening.getsockname()
        self._clients: dict[Address, socket.socket] = {}
        self._waiting: list[tuple[float, int, socket.socket, bytes, Address | None]] = []
        self._numbers = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Begin to pass datagrams on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, drop what is on its way and close all sockets."""
        self._stopping.set()
        with _udp_socket() as waking:
            waking.sendto(b"", self.address)
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            timeout = None if not self._waiting else max(0.0, self._waiting[0][0] - time.monotonic())
            for key, _ in self._selector.select(timeout):
                assert isinstance(key.fileobj, socket.socket)
                self._read(key.fileobj, key.data)
            self._send_due()
        self._selector.close()
        for client in (self._listening, *self._clients.values()):
            client.close()

    def _read(self, source: socket.socket, client: Address | None) -> None:
        """Take everything that is there; `client` is set on sockets towards the server."""
        while True:
            try:
                data, sender = source.recvfrom(_MAX_DATAGRAM)
            except OSError:  # nothing more, or the server's port is closed
                return
            now = time.monotonic()
            if client is not None:
                self._queue(self.down.due(len(data), now), self._listening, data, client)
            elif data and (upstream := self._upstream(sender)) is not None:
                self._queue(self.up.due(len(data), now), upstream, data, None)

    def _upstream(self, client: Address) -> socket.socket | None:
        found = self._clients.get(client)
        if found is None and len(self._clients) < _MAX_CLIENTS:
            found = self._clients[client] = _udp_socket()
            found.connect(self.server)
            self._selector.register(found, selectors.EVENT_READ, client)
        return found

    def _queue(self, due: float | None, through: socket.socket, data: bytes, to: Address | None) -> None:
        if due is not None:
            heapq.heappush(self._waiting, (due, next(self._numbers), through, data, to))

    def _send_due(self) -> None:
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            _, _, through, data, to = heapq.heappop(self._waiting)
            try:
                if to is None:
                    through.send(data)
                else:
                    through.sendto(data, to)
            except OSError:  # a full socket buffer or a closed port loses datagrams, as networks do
                continue


def _udp_socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SOCKET_BUFFER_OCTETS)
    return made


@contextmanager
def relayed(
    server: Address, *, up: Conditions = CLEAR, down: Conditions = CLEAR, seed: int = 1
) -> Iterator[Relay]:
    """A running relay to `server` (host and port)."""
    relay = Relay(server, up=up, down=down, seed=seed)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()
