"""Who answers the DTLS handshake, which cipher comes of it, and hellos in several pieces."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    SRTPProtectionProfile,
)

from server.media.ice import IceOptions
from server.media.room import Room
from tests.server.media.peers import Publisher, until
from tests.server.media.test_room import Listener, publish

HANDSHAKE, CLIENT_HELLO = 22, 1
RECORD_HEADER_BYTES, MESSAGE_HEADER_BYTES = 13, 12
FAR_NUMBER = 60
"""Of a record: the client's next ones are 1, 2, …, and each number may come once."""


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A room on ports of its own."""
    ice = IceOptions()
    room = Room(Listener(), ice=ice, max_bitrate_bps=2_000_000)
    yield room
    await room.close()
    ice.ports.close()


def transport_of(publisher: Publisher) -> Any:
    """The browser's side."""
    return publisher.pc.getSenders()[0].transport


async def picture_arrives(room: Room, publisher: Publisher) -> None:
    """The server takes in what the publisher sends."""
    listener: Any = room._listener
    await until(lambda: listener.started and listener.started[0].video_frames > 0)
    await publisher.close()


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([SRTP_AES128_CM_SHA1_80, SRTP_AEAD_AES_128_GCM], SRTP_AEAD_AES_128_GCM),
        ([SRTP_AES128_CM_SHA1_80], SRTP_AES128_CM_SHA1_80),
    ],
    ids=["as Chromium offers", "nothing else"],
)
async def test_the_server_takes_the_cipher_that_costs_least(
    room: Room, offered: list[SRTPProtectionProfile], chosen: SRTPProtectionProfile
) -> None:
    publisher = Publisher(audio=False)
    transport_of(publisher)._srtp_profiles = offered
    await publish(room, publisher)
    await until(lambda: publisher.pc.connectionState == "connected")
    found = transport_of(publisher)._ssl.get_selected_srtp_profile()
    assert found == chosen.openssl_profile
    await picture_arrives(room, publisher)


def in_pieces(record: bytes) -> list[bytes]:
    """A ClientHello's record as two, each with half of it (RFC 6347, 4.2.3)."""
    head, hello = record[:RECORD_HEADER_BYTES], record[RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES :]
    kind_and_length_and_number = record[RECORD_HEADER_BYTES : RECORD_HEADER_BYTES + 6]
    records = []
    for number, begin, end in ((0, 0, len(hello) // 2), (FAR_NUMBER, len(hello) // 2, len(hello))):
        place = begin.to_bytes(3, "big") + (end - begin).to_bytes(3, "big")
        message = kind_and_length_and_number + place + hello[begin:end]
        records.append(head[:5] + number.to_bytes(6, "big") + len(message).to_bytes(2, "big") + message)
    return records


async def test_a_hello_in_several_pieces_is_understood(room: Room) -> None:
    """Browsers' hellos no longer fit into one datagram, since they carry keys against quantum computers."""
    publisher = Publisher(audio=False)
    parted: list[bytes] = []
    ice_transport = transport_of(publisher).transport
    send = ice_transport._send

    async def send_in_pieces(data: bytes) -> None:
        hello = data[0] == HANDSHAKE and data[RECORD_HEADER_BYTES] == CLIENT_HELLO
        pieces = in_pieces(data) if hello else [data]
        parted.extend(pieces[1:])
        for piece in pieces:
            await send(piece)

    ice_transport._send = send_in_pieces
    await publish(room, publisher)
    await picture_arrives(room, publisher)
    assert parted


async def test_who_wants_to_answer_the_handshake_may(room: Room) -> None:
    publisher = Publisher(audio=False)
    publisher_offer = publisher.offer

    async def offer() -> str:
        return (await publisher_offer()).replace("a=setup:actpass", "a=setup:passive")

    publisher.offer = offer  # type: ignore[method-assign]
    await publish(room, publisher)
    assert "a=setup:active" in publisher.pc.remoteDescription.sdp
    await picture_arrives(room, publisher)
