"""The UDP ports of this process: few, shared, read in batches on a tick."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from functools import cached_property

from server.media.beat import BEAT_SECONDS, seconds_to_beat
from server.media.mmsg import ReceiveBatch
from server.media.udp_port import CONNECTIONS_PER_PORT, UdpPort

LIVE_TICK_SECONDS = 0.02
RECORDING_TICK_SECONDS = BEAT_SECONDS
_IDLE_SECONDS = 1.0
_BUFFER_BYTES = 4 * 1024 * 1024
_CALM_BUFFER_BYTES = 1024 * 1024
_SMALL_BUFFER_TICK_SECONDS = 0.02


class MediaPorts:
    """The UDP ports of this process; made on demand, read together on one tick.

    `first_port` 0 takes any free port; otherwise ports are taken upward from it. A file can wait, people
    cannot: a port is read every 20 ms while what comes in there is forwarded, a connection is being made or
    packets are missing, else every 60 ms (20 where the kernel keeps less than a megabyte for us meanwhile). A
    port where nothing arrived for a second leaves the tick and is watched by the loop instead.
    """

    def __init__(self, first_port: int = 0) -> None:
        self._first_port = first_port
        self._ports: dict[str, list[UdpPort]] = {}
        self._active: list[UdpPort] = []
        self._calm_seconds = RECORDING_TICK_SECONDS
        self._calm_tick = 0
        self._timer: asyncio.TimerHandle | None = None

    @cached_property
    def received(self) -> ReceiveBatch:
        """What was read last, from whichever port."""
        return ReceiveBatch()

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
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) < _CALM_BUFFER_BYTES:
                self._calm_seconds = _SMALL_BUFFER_TICK_SECONDS
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
        self._active = [*self._active, port]
        self._read(port, port.last_read)
        if self._timer is None:
            self._schedule(port.last_read, LIVE_TICK_SECONDS)
        else:
            self.hasten()

    def hasten(self) -> float:
        """Somebody waits at a port: do not sleep for long. Returns the loop's time."""
        now = self.loop.time()
        if self._timer is not None and self._timer.when() > now + LIVE_TICK_SECONDS:
            self._timer.cancel()
            self._schedule(now, LIVE_TICK_SECONDS)
        return now

    def _tick(self) -> None:
        now = self.loop.time()
        self._timer = None
        tick = int(now / self._calm_seconds + 0.05)
        everyone, self._calm_tick = tick != self._calm_tick, tick
        for port in self._active:
            if everyone or now < port.hurried_until:
                self._read(port, now)
        if self._active and self._timer is None:
            hurried = any(now < port.hurried_until for port in self._active)
            self._schedule(now, LIVE_TICK_SECONDS if hurried else self._calm_seconds)

    def _read(self, port: UdpPort, now: float) -> None:
        if port.read():
            port.last_read = now
        elif now - port.last_read > _IDLE_SECONDS:
            self._active = [other for other in self._active if other is not port]
            self._watch(port)

    def _schedule(self, now: float, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds_to_beat(now, seconds, seconds), self._tick)
