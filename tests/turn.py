"""A TURN server (RFC 8656 over UDP) with time-limited credentials, as coturn runs one with `use-auth-secret`.

It lives in a thread with an event loop of its own: browsers and peers of any test can use it.
"""

import asyncio
import base64
import hashlib
import hmac
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aioice.stun import Class, Message, Method, parse_message

REALM, NONCE = "viva.test", b"a nonce for every test"
LIFETIME_SECONDS = 600
UNAUTHORISED, MISMATCH = (401, "Unauthorised"), (437, "Allocation mismatch")
HOST = "127.0.0.1"

Address = tuple[str, int]


class Allocation(asyncio.DatagramProtocol):
    """One client's port: whom they may hear there, and the channels they have bound."""

    def __init__(self, server: "TurnServer", client: Address, username: str) -> None:
        self.username = username
        self.channels: dict[int, Address] = {}
        self.permitted: set[str] = set()
        self._server = server
        self._client = client
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: Any) -> None:
        """The port is open."""
        self.transport = transport

    def datagram_received(self, data: bytes, peer: Any) -> None:
        """Something for the client, from somebody they want to hear or not."""
        if peer[0] not in self.permitted:
            return
        self._server.relayed += 1
        number = next((n for n, bound in self.channels.items() if bound == peer), None)
        if number is not None:
            self._server.send(struct.pack("!HH", number, len(data)) + data, self._client)
            return
        said = {"XOR-PEER-ADDRESS": peer, "DATA": data}
        self._server.send(bytes(Message(Method.DATA, Class.INDICATION, attributes=said)), self._client)

    def relay(self, data: bytes, peer: Address) -> None:
        """Something from the client."""
        if peer[0] in self.permitted:
            self._server.relayed += 1
            self.transport.sendto(data, peer)


class TurnServer(asyncio.DatagramProtocol):
    """Answers at `url`; notes the usernames it let in and those it refused, and counts what it passed on."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.allowed: list[str] = []
        self.refused: list[str] = []
        self.relayed = 0
        self.url = ""
        self._secret = secret.encode()
        self._allocations: dict[Address, Allocation] = {}
        self._transport: asyncio.DatagramTransport

    async def listen(self) -> None:
        """Open the port."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.url = "turn:{}:{}?transport=udp".format(*self._transport.get_extra_info("sockname"))

    def close(self) -> None:
        """Close all ports."""
        for allocation in self._allocations.values():
            allocation.transport.close()
        self._transport.close()

    def send(self, data: bytes, to: Address) -> None:
        """Send to a client."""
        self._transport.sendto(data, to)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A request, an indication, or what came through a channel."""
        if data and 0x40 <= data[0] <= 0x7F:
            self._from_channel(data, addr)
            return
        try:
            message = parse_message(data)
        except ValueError:
            return
        if message.message_class is Class.INDICATION:
            self._indicated(message, addr)
        elif message.message_class is Class.REQUEST:
            self._asked(message, addr)

    def _from_channel(self, data: bytes, client: Address) -> None:
        number, length = struct.unpack("!HH", data[:4])
        allocation = self._allocations.get(client)
        if allocation is not None and number in allocation.channels:
            allocation.relay(data[4 : 4 + length], allocation.channels[number])

    def _indicated(self, message: Message, client: Address) -> None:
        allocation = self._allocations.get(client)
        if allocation is not None and message.message_method is Method.SEND:
            allocation.relay(message.attributes["DATA"], message.attributes["XOR-PEER-ADDRESS"])

    def _asked(self, request: Message, client: Address) -> None:
        if request.message_method is Method.BINDING:
            self._answer(request, client, None, {"XOR-MAPPED-ADDRESS": client})
            return
        key = self._key(request)
        if key is None:
            self._refuse(request, client, UNAUTHORISED)
        elif request.message_method is Method.ALLOCATE:
            task = asyncio.get_running_loop().create_task(self._allocate(request, client, key))
            task.add_done_callback(lambda done: done.result())
        else:
            self._use(request, client, key)

    def _key(self, request: Message) -> bytes | None:
        """What the request is signed with; None when it is not, or not with a credential that lives."""
        username = request.attributes.get("USERNAME")
        if username is None:
            return None  # a first request asks for the realm
        digest = hmac.new(self._secret, username.encode(), hashlib.sha1).digest()
        password = base64.b64encode(digest).decode()
        key = hashlib.md5(f"{username}:{REALM}:{password}".encode()).digest()
        if int(username.partition(":")[0]) < self.clock() or not request.check_message_integrity(key):
            self.refused.append(username)
            return None
        return key

    async def _allocate(self, request: Message, client: Address, key: bytes) -> None:
        if client in self._allocations:
            self._refuse(request, client, MISMATCH)
            return
        made = self._allocations[client] = Allocation(self, client, request.attributes["USERNAME"])
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: made, local_addr=(HOST, 0))
        self.allowed.append(made.username)
        said = {
            "XOR-RELAYED-ADDRESS": made.transport.get_extra_info("sockname"),
            "XOR-MAPPED-ADDRESS": client,
            "LIFETIME": LIFETIME_SECONDS,
        }
        self._answer(request, client, key, said)

    def _use(self, request: Message, client: Address, key: bytes) -> None:
        allocation = self._allocations.get(client)
        if allocation is None:
            self._refuse(request, client, MISMATCH)
            return
        said: dict[str, Any] = {}
        if request.message_method is Method.REFRESH:
            said["LIFETIME"] = request.attributes.get("LIFETIME", LIFETIME_SECONDS)
            if said["LIFETIME"] == 0:
                self._allocations.pop(client).transport.close()
        else:
            peer = request.attributes["XOR-PEER-ADDRESS"]
            allocation.permitted.add(peer[0])
            if request.message_method is Method.CHANNEL_BIND:
                allocation.channels[request.attributes["CHANNEL-NUMBER"]] = peer
        self._answer(request, client, key, said)

    def _answer(self, request: Message, client: Address, key: bytes | None, said: dict[str, Any]) -> None:
        answer = Message(request.message_method, Class.RESPONSE, request.transaction_id, said)
        if key is not None:
            answer.add_message_integrity(key)
        self.send(bytes(answer), client)

    def _refuse(self, request: Message, client: Address, error: tuple[int, str]) -> None:
        said = {"ERROR-CODE": error, "REALM": REALM, "NONCE": NONCE}
        self.send(bytes(Message(request.message_method, Class.ERROR, request.transaction_id, said)), client)


@contextmanager
def turn_server(secret: str, clock: Callable[[], float] = time.time) -> Iterator[TurnServer]:
    """A running server that knows this secret; `clock` says which credentials live (seconds since 1970)."""
    server, loop, listening = TurnServer(secret, clock), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        await server.listen()
        listening.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()
        server.close()
        loop.run_until_complete(asyncio.sleep(0))  # ports close in the turn after they were told to
        loop.close()

    thread = threading.Thread(target=run, name="turn", daemon=True)
    thread.start()
    assert listening.wait(30)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
