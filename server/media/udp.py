"""The sockets all media travels through: few, shared, read in batches on a tick.

A socket serves up to `CONNECTIONS_PER_PORT` connections; STUN is told apart by user name (RFC 8445, 7.2.2)
and transaction, everything else by the address that passed a connectivity check. What comes from elsewhere
is dropped before anything is decrypted or parsed.
"""

import asyncio
import contextlib
import ipaddress
import socket
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

import structlog

from server.media import mmsg, stun
from server.media.beat import BEAT_SECONDS, seconds_to_beat
from server.media.mmsg import SLOT_BYTES, ReceiveBatch, SendBatch
from server.media.virtual import VirtualTransport

logger = structlog.get_logger(__name__)

CONNECTIONS_PER_PORT = 8
LIVE_TICK_SECONDS = 0.01
RECORDING_TICK_SECONDS = BEAT_SECONDS
_LIVE_FOR_SECONDS = 1.0
_CONNECTING_SECONDS = 3.0
_IDLE_SECONDS = 1.0
_MAX_BATCHES = 16
_BUFFER_BYTES = 4 * 1024 * 1024
_MAX_TRANSACTIONS = 256
_STUN_BELOW = 4


class Route(Protocol):
    """A connection as the port sees it, once an address of it has passed a connectivity check."""

    def on_slots(self, port: "UdpPort", begin: int, end: int) -> None:
        """Take the datagrams in these slots of the port's receive batch; they are overwritten afterwards.

        They came from one address, STUN among them. The port holds their `lengths` and `arrivals_ms`, the
        latter in milliseconds of the loop's clock.
        """


class UdpPort:
    """One bound socket and everything that is sent and received through it."""

    def __init__(self, ports: "MediaPorts", sock: socket.socket) -> None:
        self.sock = sock
        self.address: tuple[str, int] = sock.getsockname()[:2]
        self.received = ReceiveBatch()
        self.sending = SendBatch()
        self.connections = 0
        self.refused = 0
        self.last_read = 0.0
        self.forwarding = False
        self.lengths: list[int] = []
        self.arrivals_ms: list[float] = []
        self.receive_pointers: list[Any] = []
        self.send_pointers: list[Any] = []
        self._ports = ports
        self._short_keys = sock.family == socket.AF_INET
        self._routes: dict[bytes | int, Route] = {}
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
            if count < mmsg.SLOTS:
                break
        return total

    def _dispatch(self, count: int) -> None:
        """Hand datagrams to their connections, those that came in a row from one address together."""
        batch, routes = self.received, self._routes
        keys: list[Any] = batch.keys(count) if self._short_keys else [batch.name(i) for i in range(count)]
        self.lengths = batch.lengths(count)
        self.arrivals_ms = self._arrivals_ms(count)
        begin = 0
        while begin < count:
            key, end = keys[begin], begin + 1
            while end < count and keys[end] == key:
                end += 1
            route = routes.get(key)
            if route is None:
                self._on_strangers(begin, end)
            else:
                try:
                    route.on_slots(self, begin, end)
                except Exception:
                    logger.exception("datagram_failed")
            begin = end

    def _arrivals_ms(self, count: int) -> list[float]:
        """Arrival times on the loop's clock; now, where the kernel's clock was set or noted none."""
        now_ms = self._ports.loop.time() * 1000
        self.second = int(now_ms) // 1000
        offset_ms = now_ms - time.time() * 1000
        arrivals_ms = [noted_ms + offset_ms for noted_ms in self.received.arrivals_ms(count)]
        if min(arrivals_ms) <= now_ms - 1000 or max(arrivals_ms) > now_ms:
            return [at_ms if now_ms - 1000 < at_ms < now_ms else now_ms for at_ms in arrivals_ms]
        return arrivals_ms

    def _on_strangers(self, begin: int, end: int) -> None:
        """Of addresses that passed no connectivity check only such checks are looked at."""
        for slot in range(begin, end):
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

    def slot(self) -> int:
        """The byte of the send batch's buffer where the next datagram is to be written."""
        if self.sending.used == mmsg.SLOTS:
            self.flush()
        if not self.sending.used:
            self._ports.loop.call_soon(self.flush)
        return self.sending.used * SLOT_BYTES

    def flush(self) -> None:
        """Send what was written."""
        if self.sending.used:
            self.sending.flush(self.sock)
            if self.forwarding:
                self.forwarding = False
                self._ports.hurry(_LIVE_FOR_SECONDS)

    def send_now(self, data: bytes, address: tuple[str, int]) -> None:
        """Send one datagram at once; lost when the kernel has no room, like on any wire."""
        with contextlib.suppress(OSError):
            self.sock.sendto(data, address)

    # -- who is behind which address

    def attach(self, username: str, transport: "VirtualTransport") -> None:
        """Deliver the STUN requests for this ICE user name."""
        self._by_username[username] = transport
        self.connections += 1
        self._ports.hurry(_CONNECTING_SECONDS)

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


class MediaPorts:
    """The UDP ports of this process; made on demand, read together on one tick.

    `first_port` 0 takes any free port; otherwise ports are taken upward from it. A file can wait, people
    cannot: the tick is 10 ms while media is forwarded or a connection is being made, else 20 ms. A port where
    nothing arrived for a second leaves the tick and is watched by the loop instead.
    """

    def __init__(self, first_port: int = 0) -> None:
        self._first_port = first_port
        self._ports: dict[str, list[UdpPort]] = {}
        self._active: list[UdpPort] = []
        self._hurry_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @cached_property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop of the first connection."""
        return asyncio.get_running_loop()

    def port(self, address: str) -> UdpPort:
        """A port at a local address that has room for one more connection.

        Raises OSError when none can be bound.
        """
        ports = self._ports.setdefault(address, [])
        for port in ports:
            if port.connections < CONNECTIONS_PER_PORT:
                return port
        port = UdpPort(self, self._bind(address, len(ports)))
        ports.append(port)
        self._watch(port)
        return port

    def __iter__(self) -> Iterator[UdpPort]:
        """The ports there are now."""
        return iter(self._all())

    def close(self) -> None:
        """Close every socket."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for port in self._all():
            self.loop.remove_reader(port.sock)
            port.sock.close()
        self._ports.clear()
        self._active.clear()

    def _all(self) -> list[UdpPort]:
        return [port for ports in self._ports.values() for port in ports]

    def _bind(self, address: str, index: int) -> socket.socket:
        family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM | getattr(socket, "SOCK_NONBLOCK", 0))
        try:
            sock.setblocking(False)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                sock.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
            sock.bind((address, self._first_port + index if self._first_port else 0))
        except BaseException:
            sock.close()
            raise
        return sock

    def _watch(self, port: UdpPort) -> None:
        self.loop.add_reader(port.sock, self._wake, port)

    def _wake(self, port: UdpPort) -> None:
        """Something arrived after a silence: read this port on the tick from now on."""
        self.loop.remove_reader(port.sock)
        port.last_read = self.loop.time()
        self._active.append(port)
        if self._timer is None:
            self._tick()

    def hurry(self, seconds: float) -> None:
        """Read often for so long: somebody waits."""
        self._hurry_until = max(self._hurry_until, self.loop.time() + seconds)

    def _tick(self) -> None:
        now = self.loop.time()
        for port in self._active:
            if port.read():
                port.last_read = now
            elif now - port.last_read > _IDLE_SECONDS:
                self._active = [other for other in self._active if other is not port]
                self._watch(port)
        seconds = LIVE_TICK_SECONDS if now < self._hurry_until else RECORDING_TICK_SECONDS
        self._timer = None
        if self._active:
            self._timer = self.loop.call_later(seconds_to_beat(now, seconds, seconds), self._tick)
