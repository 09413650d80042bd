"""What a peer may not do to the server: wrong addresses, floods, broken packets, bad candidates."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aioice import stun

from server.media import dtls, dtls_sending, mmsg
from server.media.errors import SdpInvalid
from server.media.ice import IceConnection, IceOptions, usable_candidate
from server.media.room import Room
from server.media.send_batch import SEND_SLOTS, SendBatch
from server.media.stun import local_username
from server.media.udp import MediaPorts
from server.media.udp_port import UdpPort
from tests.server.media.peers import Publisher, candidates_of, until
from tests.server.media.test_room import Listener


@pytest.mark.parametrize(
    ("host", "port", "policy", "usable"),
    [
        ("192.0.2.1", 5000, "all", True),
        ("127.0.0.1", 5000, "all", True),
        ("8.8.8.8", 5000, "public", True),
        ("192.168.1.5", 5000, "public", False),
        ("8.8.8.8", 5000, "none", False),
        ("8.8.8.8", 53, "all", False),
        ("224.0.0.1", 5000, "all", False),
        ("0.0.0.0", 5000, "all", False),
        ("255.255.255.255", 5000, "all", False),
        ("example.org", 5000, "all", False),
        ("ff02::1", 5000, "all", False),
        ("2606:4700::1111", 5000, "public", True),
    ],
)
def test_only_some_addresses_are_knocked_at(host: str, port: int, policy: Any, usable: bool) -> None:
    assert usable_candidate(host, port, policy) is usable


@pytest.fixture
async def ice() -> AsyncIterator[IceOptions]:
    """Ports of one test."""
    options = IceOptions(ports=MediaPorts())
    yield options
    options.ports.close()


@pytest.fixture
async def listener() -> Listener:
    """Notes what the room says."""
    return Listener()


@pytest.fixture
async def room(ice: IceOptions, listener: Listener) -> AsyncIterator[Room]:
    """A room on those ports."""
    made = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    yield made
    await made.close()


async def connect(room: Room, listener: Listener, publisher: Publisher) -> dtls.MediaTransport:
    """Publish and wait; returns the server's transport of the stream."""
    offer = await publisher.offer()
    await publisher.accept(await room.publish("ann", "camera", "camera", offer))
    for line in candidates_of(offer):
        await room.add_candidate("ann", "camera", "publish", line, "0", 0)
    await until(lambda: listener.started and listener.started[0].video_frames > 3)
    connection = room._publications["camera"].connection
    transport = connection.getTransceivers()[0].receiver.transport
    assert isinstance(transport, dtls.MediaTransport)
    return transport


def ports_of(ice: IceOptions) -> list[UdpPort]:
    return [port for ports in ice.ports._ports.values() for port in ports]


async def test_datagrams_of_unknown_addresses_are_dropped(
    ice: IceOptions, room: Room, listener: Listener
) -> None:
    publisher = Publisher()
    transport = await connect(room, listener, publisher)
    refused = sum(port.refused for port in ports_of(ice))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for port in ports_of(ice):
            if ":" not in port.address[0]:
                stranger.sendto(b"\x80\x61" + bytes(60), port.address)
                stranger.sendto(b"\x16\xfe\xfd" + bytes(60), port.address)
                stranger.sendto(b"", port.address)
    await until(lambda: sum(port.refused for port in ports_of(ice)) >= refused + 2)
    assert transport.undecipherable == 0
    frames = listener.started[0].video_frames
    await until(lambda: listener.started[0].video_frames > frames + 5)
    await publisher.close()


async def test_a_request_with_a_wrong_password_opens_nothing(
    ice: IceOptions, room: Room, listener: Listener
) -> None:
    publisher = Publisher()
    transport = await connect(room, listener, publisher)
    connection = transport.transport._connection
    assert isinstance(connection, IceConnection)
    known = len(connection._remote_candidates)
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    request.attributes["USERNAME"] = f"{connection.local_username}:{connection.remote_username}"
    request.attributes["PRIORITY"] = 1
    request.add_message_integrity(b"not the password at all")
    message = bytes(request)
    assert local_username(message) == connection.local_username
    port = next(port for port in ports_of(ice) if ":" not in port.address[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(message, port.address)
        stranger.settimeout(5)
        answer = stun.parse_message(await asyncio.to_thread(stranger.recv, 2048))
    assert answer.attributes["ERROR-CODE"][0] == 401
    assert len(connection._remote_candidates) == known
    await publisher.close()


def _pair_to(connection: Any, sock: socket.socket) -> Any:
    address = sock.getsockname()[:2]
    return next((pair for pair in connection._check_list if pair.remote_addr == address), None)


async def test_a_second_way_that_was_checked_may_be_used_at_once_and_chosen_later(
    ice: IceOptions, room: Room, listener: Listener
) -> None:
    """A browser with two networks nominates both; the check of the slower one is called off by aioice."""
    publisher = Publisher()
    transport = await connect(room, listener, publisher)
    connection: Any = transport.transport._connection
    first_way = connection._nominated[1]
    port = first_way.protocol.transport.port

    def check() -> bytes:
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{connection.local_username}:{connection.remote_username}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = 1
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(connection.local_password.encode())
        return bytes(request)

    with socket.socket(port.sock.family, socket.SOCK_DGRAM) as other:
        other.bind((port.address[0], 0))
        other.settimeout(5)
        other.sendto(check(), port.address)
        # the first way need not head the list: a pair is told by its address
        await until(lambda: _pair_to(connection, other) is not None)
        second_way = _pair_to(connection, other)
        await until(lambda: second_way.remote_nominated)
        dtls_transport: Any = transport
        refused, received = port.refused, dtls_transport._RTCDtlsTransport__rx_packets
        other.sendto(b"\x16\xfe\xfd" + bytes(60), port.address)
        await until(lambda: dtls_transport._RTCDtlsTransport__rx_packets > received)
        assert port.refused == refused
        assert connection._nominated[1] is first_way
        second_way.task.cancel()  # as connect() does with all that are still on their way
        await until(second_way.task.done)
        other.sendto(check(), port.address)
        while connection._nominated[1] is first_way:
            message = stun.parse_message(await asyncio.to_thread(other.recv, 2048))
            if message.message_class == stun.Class.REQUEST:
                answer = stun.Message(
                    message_method=stun.Method.BINDING,
                    message_class=stun.Class.RESPONSE,
                    transaction_id=message.transaction_id,
                )
                answer.attributes["XOR-MAPPED-ADDRESS"] = port.address
                answer.add_message_integrity(connection.remote_password.encode())
                other.sendto(bytes(answer), port.address)
                await asyncio.sleep(0.05)
        assert connection._nominated[1] is second_way
    await publisher.close()


async def test_a_flood_is_held_to_the_budget_and_the_rest_goes_on(
    ice: IceOptions, room: Room, listener: Listener
) -> None:
    publisher = Publisher()
    transport = await connect(room, listener, publisher)
    pair: Any = transport.transport._connection._nominated[1]
    sender = publisher.pc.getTransceivers()[0].sender.transport.transport._connection._nominated[1]
    forged = b"\x80\x61" + bytes(60)
    for _ in range(dtls.MAX_PACKETS_PER_SECOND + 2000):
        sender.protocol.transport.sendto(forged, sender.remote_addr)
    await until(lambda: transport.flood_dropped > 0)
    assert transport.undecipherable <= dtls.MAX_PACKETS_PER_SECOND * 2
    assert pair.protocol.transport.port.refused == 0
    frames = listener.started[0].video_frames
    await until(lambda: listener.started[0].video_frames > frames + 5)
    await publisher.close()


async def test_broken_packets_of_the_peer_itself_are_survived(
    ice: IceOptions, room: Room, listener: Listener
) -> None:
    publisher = Publisher()
    transport = await connect(room, listener, publisher)
    own = publisher.pc.getTransceivers()[0].sender.transport
    for rtp in (
        b"\x90\x61" + bytes(10) + b"\xbe\xde\xff\xff" + bytes(4),  # an extension longer than the packet
        b"\xb0\x61" + bytes(10) + b"\xbe\xde\x00\x01\x1f\x00\x00\xff",  # padding longer than the packet
        b"\x8f\x61" + bytes(10),  # fifteen CSRCs that are not there
        b"\x80\x61" + bytes(10),  # no payload
        b"\x80\x61" + bytes(10) + b"\xf0\xff\xff",  # a descriptor that says more than there is
    ):
        transport._on_rtp(memoryview(rtp), 0, len(rtp), 1e6)  # libsrtp refuses to encrypt most of these
        await transport._handle_rtp_data(rtp[:11], 0)
    await own._send_rtp(b"\x8f\xcd\x00\x01" + bytes(4))
    await own._send_rtp(b"\x81\xc9\x00\x01" + bytes(4))
    frames = listener.started[0].video_frames
    await until(lambda: listener.started[0].video_frames > frames + 5)
    assert transport.state == "connected"
    await publisher.close()


async def test_a_candidate_that_does_not_parse_is_refused(room: Room, listener: Listener) -> None:
    publisher = Publisher()
    await connect(room, listener, publisher)
    with pytest.raises(SdpInvalid):
        await room.add_candidate("ann", "camera", "publish", "candidate:1 2 3", "0", 0)
    await publisher.close()


async def test_everything_is_given_back(ice: IceOptions, room: Room, listener: Listener) -> None:
    publisher = Publisher()
    await connect(room, listener, publisher)
    await room.close()
    await publisher.close()
    for port in ports_of(ice):
        assert (port.connections, port._routes, port._by_username, port._by_transaction) == (0, {}, {}, {})


async def test_closed_ports_can_be_collected() -> None:
    for _ in range(20):
        ports = MediaPorts()
        port = ports.port("127.0.0.1")
        assert len(dtls._receive_pointers(port.received)) == mmsg.RECEIVE_SLOTS
        assert len(dtls_sending._send_pointers(port).data) == SEND_SLOTS
        start = port.slot() * mmsg.SLOT_BYTES
        port.sending.data[start : start + 3] = b"\x80\x61\x00"
        port.sending.lengths[port.sending.used] = 3
        port.sending.add(1, mmsg.Destination(port.address))
        port.flush()
        await until(lambda port=port: port.refused == 1)
        ports.close()
        del ports, port
        gc.collect()


@pytest.mark.parametrize("many", [True, False], ids=["recvmmsg", "one by one"])
async def test_more_than_a_batch_arrives_whole_and_in_order(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not many:
        monkeypatch.setattr(mmsg, "_LIBC", None)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inbound,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outbound,
    ):
        inbound.bind(("127.0.0.1", 0))
        outbound.bind(("127.0.0.1", 0))
        inbound.setblocking(False)
        outbound.setblocking(False)
        sending, received = SendBatch(outbound), mmsg.ReceiveBatch()
        for number in range(mmsg.RECEIVE_SLOTS):
            start = sending.used * mmsg.SLOT_BYTES
            sending.data[start : start + 2] = number.to_bytes(2, "big")
            sending.lengths[sending.used] = 2
            sending.add(1, mmsg.Destination(inbound.getsockname()))
            if sending.used == SEND_SLOTS:
                sending.flush()
        outbound.sendto(b"last", inbound.getsockname())
        assert received.receive(inbound) == mmsg.RECEIVE_SLOTS
        assert bytes(received.view[mmsg.SLOT_BYTES * 63 :][:2]) == (63).to_bytes(2, "big")
        assert received.lengths(mmsg.RECEIVE_SLOTS)[63] == 2
        assert mmsg.unpack_address(received.name(63)) == outbound.getsockname()
        assert received.receive(inbound) == 1
        assert bytes(received.view[:4]) == b"last"
        assert received.receive(inbound) == 0
