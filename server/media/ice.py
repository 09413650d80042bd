"""aioice's connection on shared ports, with a bounded queue and a policy for remote candidates."""

import asyncio
import ipaddress
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from aioice import Candidate, ice
from aioice.candidate import candidate_foundation, candidate_priority
from aiortc import RTCIceServer

from server.media.addresses import local_addresses
from server.media.udp import MediaPorts
from server.media.udp_port import Route
from server.media.virtual import VirtualTransport

logger = structlog.get_logger(__name__)

CandidatePolicy = Literal["all", "public", "none"]
MAX_REMOTE_CANDIDATES = 32
_MAX_QUEUED = 64
_ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - announced means: reached through somebody else's address


@dataclass(frozen=True, slots=True)
class IceOptions:
    """How connections are made.

    `servers` are the STUN and TURN servers the server itself uses. `announced` is the address put into
    answers instead of each local one, `host` or `host:port` (a NAT or a container in front). `candidates`
    says which of the browser's candidates are checked by us: all, those at public addresses, or none; its own
    checks are answered in any case, and are enough where the server can be reached.
    """

    ports: MediaPorts = field(default_factory=MediaPorts)
    servers: tuple[RTCIceServer, ...] = ()
    announced: str = ""
    candidates: CandidatePolicy = "all"


def usable_candidate(host: str, port: int, policy: CandidatePolicy) -> bool:
    """Whether the server may send connectivity checks to an address the browser names.

    Multicast, unspecified and reserved addresses and privileged ports never: a page could make the server
    knock on other people's doors.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    never = address.is_multicast or address.is_unspecified or address.is_reserved
    if policy == "none" or port < 1024 or never or host == "255.255.255.255":
        return False
    return policy == "all" or address.is_global


class IceConnection(ice.Connection):
    """ICE of one PeerConnection: its host candidates are views of the shared ports."""

    def __init__(self, options: IceOptions, **given: Any) -> None:
        super().__init__(**given)
        self._options = options
        self._queue: asyncio.Queue[tuple[bytes, int] | None] = asyncio.Queue(_MAX_QUEUED)
        self._route: Route | None = None
        self.dropped = 0

    def route_to(self, route: Route) -> None:
        """Deliver datagrams of checked addresses there."""
        self._route = route

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 - aioice's own
    ) -> list[Candidate]:
        """Host candidates on the shared ports, then what aioice gathers from STUN and TURN servers."""
        local = [_ANY_ADDRESS] if self._options.announced else local_addresses(addresses)
        hosts = [self._host_protocol(address, component) for address in local]
        protocols = [protocol for protocol in hosts if protocol is not None]
        self._protocols += protocols
        candidates = [protocol.local_candidate for protocol in protocols]
        candidates += await self._reflexive(protocols, timeout)
        candidates += await super().get_component_candidates(component, [], timeout)
        return candidates

    def _host_protocol(self, address: str, component: int) -> ice.StunProtocol | None:
        try:
            port = self._options.ports.port(address)
        except OSError as error:
            logger.warning("media_port_not_bound", address=address, error=str(error))
            return None
        protocol = ice.StunProtocol(self)
        protocol.connection_made(VirtualTransport(port, self.local_username, protocol))
        host, number = _announced(self._options.announced, port.address)
        protocol.local_candidate = Candidate(
            foundation=candidate_foundation("host", "udp", host),
            component=component,
            transport="udp",
            priority=candidate_priority(component, "host"),
            host=host,
            port=number,
            type="host",
        )
        return protocol

    async def _reflexive(self, protocols: list[ice.StunProtocol], timeout_seconds: float) -> list[Candidate]:
        server = self.stun_server
        if server is None:
            return []
        asked = [
            asyncio.create_task(ice.server_reflexive_candidate(protocol, server))
            for protocol in protocols
            if ipaddress.ip_address(protocol.local_candidate.host).version == 4
        ]
        if not asked:
            return []
        done, waiting = await asyncio.wait(asked, timeout=timeout_seconds)
        for task in waiting:
            task.cancel()
        return [task.result()[0] for task in done if task.exception() is None]

    def check_incoming(self, message: Any, addr: tuple[str, int], protocol: ice.StunProtocol) -> None:
        """Handle a browser's check; of its addresses the first 64 are looked at."""
        if self._closing:  # what was allowed in now would never be shut out again
            return
        known = any((c._network_host, c.port) == addr for c in self._remote_candidates)
        if not known and len(self._remote_candidates) >= 2 * MAX_REMOTE_CANDIDATES:
            return
        self._let_in(addr, protocol)
        self._thaw(addr, protocol)
        super().check_incoming(message, addr, protocol)

    def _let_in(self, addr: tuple[str, int], protocol: ice.StunProtocol) -> None:
        """Take what comes from there: the check was authenticated.

        A browser may choose this pair and send while our own check of it is on its way, or called off because
        another pair was chosen first. What we send waits for our own check.
        """
        transport = protocol.transport
        if self._route is not None and isinstance(transport, VirtualTransport):
            transport.route = self._route
            transport.port.allow(addr, self._route)

    def _thaw(self, addr: tuple[str, int], protocol: ice.StunProtocol) -> None:
        """Let a pair be checked again whose check aioice called off when another pair was chosen first."""
        for pair in self._check_list:
            called_off = pair.state == ice.CandidatePair.State.IN_PROGRESS and pair.task and pair.task.done()
            if called_off and pair.protocol is protocol and pair.remote_addr == addr:
                pair.task, pair.state = None, ice.CandidatePair.State.FROZEN

    def check_complete(self, pair: ice.CandidatePair) -> None:
        """A pair was checked: from now on its remote address may send."""
        if pair.state == ice.CandidatePair.State.SUCCEEDED and not self._closing:
            self._let_in(pair.remote_addr, pair.protocol)
        super().check_complete(pair)

    def data_received(self, data: bytes, component: int) -> None:
        """Queue a datagram for the DTLS transport; of 64 waiting ones the next is dropped."""
        if self._queue.full():
            self.dropped += 1
        else:
            super().data_received(data, component)

    async def connect(self) -> None:
        """Run the checks and start asking for consent, unless closed in between, which aioice does not ask.

        Raises ConnectionError when no pair was found or the connection was closed.
        """
        await super().connect()
        if self._closing and self._query_consent_task is not None:
            self._query_consent_task.cancel()
            raise ConnectionError("closed while it connected")

    async def close(self) -> None:
        """Close; room is made for the mark that ends the reading."""
        while self._queue.qsize() > _MAX_QUEUED - 4:
            self._queue.get_nowait()
        await super().close()


def _announced(setting: str, local: tuple[str, int]) -> tuple[str, int]:
    if not setting:
        return local
    host, separator, port = setting.rpartition(":")
    if not separator or not port.isdigit() or (":" in host.strip("[]") and not host.endswith("]")):
        return setting.strip("[]"), local[1]
    return host.strip("[]"), int(port)
