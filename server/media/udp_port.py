"""One socket that many connections share.

A socket serves up to `CONNECTIONS_PER_PORT` connections; STUN is told apart by user name (RFC 8445, 7.2.2)
and transaction, everything else by the address that passed a connectivity check. What comes from elsewhere
is dropped before anything is decrypted or parsed.
"""

import asyncio
import contextlib
import socket
import sys
import time
from typing import Any, Protocol

import structlog

from server.media import mmsg, stun
from server.media.mmsg import SLOT_BYTES, ReceiveBatch
from server.media.send_batch import SEND_SLOTS, SendBatch
from server.media.virtual import VirtualTransport

logger = structlog.get_logger(__name__)

CONNECTIONS_PER_PORT = 8
_CONNECTING_SECONDS = 3.0
_MAX_BATCHES = 16
_MAX_TRANSACTIONS = 256
_STUN_BELOW = 4


class PortOwner(Protocol):
    """Whoever has the ports read."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop of the ports."""

    @property
    def received(self) -> ReceiveBatch:
        """What was read last."""

    def hasten(self) -> float:
        """Read soon; returns the loop's time."""


class Route(Protocol):
    """A connection as the port sees it, once an address of it has passed a connectivity check."""

    def on_slots(self, port: "UdpPort", slots: list[int]) -> None:
        """Take the datagrams in these slots of the port's receive batch; they are overwritten afterwards.

        They came from one address, in this order, STUN among them. The port holds their `lengths` and
        `arrivals_ms`, the latter, like `now_ms`, in milliseconds of the loop's clock.
        """


class UdpPort:
    """One bound socket and everything that is sent and received through it."""

    def __init__(self, ports: PortOwner, sock: socket.socket) -> None:
        self.sock = sock
        self.address: tuple[str, int] = sock.getsockname()[:2]
        self.received = ports.received
        self.sending = SendBatch(sock)
        self.connections = 0
        self.refused = 0
        self.last_read = 0.0
        self.hurried_until = 0.0
        self.lengths: list[int] = []
        self.arrivals_ms: list[float] = []
        self.send_pointers: Any = None
        self._ports = ports
        self._short_keys = sock.family == socket.AF_INET
        self._routes: dict[bytes | int, Route] = {}
        self.now_ms = 0.0
        self.second = 0
        self._by_username: dict[str, VirtualTransport] = {}
        self._by_transaction: dict[bytes, VirtualTransport] = {}
        self._timestamps = mmsg.enable_timestamps(sock)

    # -- receiving

    def read(self) -> int:
        """Take in what waits; returns how many datagrams that were."""
        total = 0
        for _ in range(_MAX_BATCHES):
            count = self.received.receive(self.sock)
            if not count:
                break
            total += count
            self._dispatch(count)
            if count < mmsg.RECEIVE_SLOTS:
                break
        return total

    def _dispatch(self, count: int) -> None:
        """Hand datagrams to their connections, all of one address together.

        What a connection needs is in the cache after its first datagram.
        """
        batch, routes = self.received, self._routes
        keys: list[Any] = batch.keys(count) if self._short_keys else [batch.name(i) for i in range(count)]
        self.lengths = batch.lengths(count)
        self.arrivals_ms = self._arrivals_ms(count)
        together: dict[Any, list[int]] = {}
        for slot, key in enumerate(keys):
            if key in together:
                together[key].append(slot)
            else:
                together[key] = [slot]
        for key, slots in together.items():
            route = routes.get(key)
            try:
                if route is None:
                    self._on_strangers(slots)
                else:
                    route.on_slots(self, slots)
            except Exception:
                logger.exception("datagram_failed")

    def _arrivals_ms(self, count: int) -> list[float]:
        """Arrival times on the loop's clock; now, where the kernel's clock was set or noted none."""
        now_ms = self._ports.loop.time() * 1000
        self.now_ms = now_ms
        self.second = int(now_ms) // 1000
        offset_ms = now_ms - time.time() * 1000
        arrivals_ms = [noted_ms + offset_ms for noted_ms in self.received.arrivals_ms(count)]
        if min(arrivals_ms) <= now_ms - 1000 or max(arrivals_ms) > now_ms:
            return [at_ms if now_ms - 1000 < at_ms < now_ms else now_ms for at_ms in arrivals_ms]
        return arrivals_ms

    def _on_strangers(self, slots: list[int]) -> None:
        """Of addresses that passed no connectivity check only such checks are looked at."""
        for slot in slots:
            if self.received.data[slot * SLOT_BYTES] < _STUN_BELOW:
                self.on_stun(slot)
            else:
                self.refused += 1

    def on_stun(self, slot: int) -> None:
        """Pass a STUN message to the connection it names; without one it is dropped."""
        start = slot * SLOT_BYTES
        length = self.lengths[slot]
        message = bytes(self.received.view[start : start + length])
        if length < stun.HEADER_BYTES:
            return
        if message[0] & 1:
            transport = self._by_transaction.pop(message[8:20], None)
        else:
            transport = self._by_username.get(stun.local_username(message))
        if transport is None:
            self.refused += 1
            return
        transport.protocol.datagram_received(message, mmsg.unpack_address(self.received.name(slot)))

    # -- sending

    def slot(self, count: int = 1) -> int:
        """The slot of the send batch where the next datagram is to be written, with so many free from it on.

        They leave with others at the end of this turn of the loop.
        """
        if self.sending.used + count > SEND_SLOTS:
            self.flush()
        if not self.sending.used:
            self._ports.loop.call_soon(self.flush)
        return self.sending.used

    def flush(self) -> None:
        """Send what was written."""
        if self.sending.used:
            self.sending.flush()

    def hurry(self, seconds: float) -> None:
        """Be read often for so long: somebody waits."""
        self.hurried_until = max(self.hurried_until, self._ports.hasten() + seconds)

    def send_now(self, data: bytes, address: tuple[str, int]) -> None:
        """Send one datagram at once; lost when the kernel has no room, like on any wire."""
        with contextlib.suppress(OSError):
            self.sock.sendto(data, address)

    # -- who is behind which address

    def attach(self, username: str, transport: "VirtualTransport") -> None:
        """Deliver the STUN requests for this ICE user name."""
        self._by_username[username] = transport
        self.connections += 1
        self.hurry(_CONNECTING_SECONDS)

    def expect(self, transaction_id: bytes, transport: "VirtualTransport") -> None:
        """Deliver the answer to this STUN transaction."""
        if len(self._by_transaction) >= _MAX_TRANSACTIONS * CONNECTIONS_PER_PORT:
            self._by_transaction.pop(next(iter(self._by_transaction)))
        self._by_transaction[transaction_id] = transport

    def allow(self, address: tuple[str, int], route: Route) -> None:
        """Let datagrams of an address through: it passed a connectivity check of this connection."""
        name = mmsg.pack_address(address)
        self._routes[int.from_bytes(name[:8], sys.byteorder) if self._short_keys else name] = route

    def detach(self, username: str, transport: "VirtualTransport", route: Route | None) -> None:
        """Forget a connection."""
        if self._by_username.pop(username, None) is not None:
            self.connections -= 1
        self._routes = {name: other for name, other in self._routes.items() if other is not route}
        self._by_transaction = {
            identity: other for identity, other in self._by_transaction.items() if other is not transport
        }
