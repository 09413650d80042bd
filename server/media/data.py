"""A PeerConnection that carries one data channel and no media."""

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from aiortc import RTCDataChannel

from server.media.connection import AnsweringConnection
from server.media.errors import SdpInvalid
from server.media.ice import IceOptions
from server.media.offers import parse_sections

logger = structlog.get_logger(__name__)

MAX_UNSENT_BYTES = 256 * 1024
MAX_MESSAGE_BYTES = 64 * 1024
_RECEIVE_WINDOW_BYTES = 128 * 1024
_MAX_MISORDERED_CHUNKS = 512
_MAX_STREAMS = 4


class DataListener(Protocol):
    """Whoever talks over the channel; called on the event loop, must not block."""

    def channel_opened(self, channel: "DataConnection") -> None:
        """The data channel is open: something may be sent."""

    def channel_heard(self, channel: "DataConnection", message: str | bytes) -> None:
        """The peer sent a text, or bytes."""

    def channel_closed(self, channel: "DataConnection") -> None:
        """Nothing more comes and nothing more can be sent; told once."""


class DataConnection(AnsweringConnection):
    """One PeerConnection with exactly one ordered, reliable data channel of the given label.

    The peer opens the channel. What does not keep to the protocol ends the connection, and so does a peer
    that leaves more than 256 KiB unread; `on_end` is then called to have it closed.
    """

    def __init__(
        self,
        label: str,
        listener: DataListener,
        *,
        ice: IceOptions,
        on_end: Callable[["DataConnection"], None],
    ) -> None:
        super().__init__(ice=ice, on_state=self._on_state)
        self._label = label
        self._listener = listener
        self._on_end = on_end
        self._channel: RTCDataChannel | None = None
        self._ended = False
        self.on("datachannel", self._on_channel)

    async def accept(self, offer: str) -> str:
        """Answer a browser's offer and start connecting; returns the answer's SDP.

        Raises SdpTooLarge or SdpInvalid; the connection is then closed by the caller.
        """
        description = parse_sections(offer)
        if [media.kind for media in description.media] != ["application"]:
            raise SdpInvalid("an offer for a channel has exactly one application section")
        self.on("signalingstatechange", self._guard_sctp)
        answer = await self._answer(offer)
        if self.sctp is None:
            raise SdpInvalid("the offer has no SCTP")
        # aiortc announces more than it should have to keep for one participant.
        size = self.sctp.getCapabilities().maxMessageSize
        return answer.replace(f"a=max-message-size:{size}", f"a=max-message-size:{MAX_MESSAGE_BYTES}")

    def send(self, text: str) -> None:
        """Send a text; without an open channel nothing happens."""
        channel = self._channel
        if self._ended or channel is None or channel.readyState != "open":
            return
        if channel.bufferedAmount + len(text.encode()) > MAX_UNSENT_BYTES:
            logger.info("data_channel_too_slow", unsent_bytes=channel.bufferedAmount)
            self.end()
            return
        try:
            channel.send(text)
        except ValueError:  # longer than the peer said it can take
            self.end()

    def end(self) -> None:
        """Give the channel up: nothing more is delivered, and whoever made the connection closes it."""
        if self._ended:
            return
        self._ended = True
        self._listener.channel_closed(self)
        self._on_end(self)

    def _on_state(self, state: str) -> None:
        if state in ("failed", "closed"):
            self.end()

    def _on_channel(self, channel: RTCDataChannel) -> None:
        reliable = channel.maxPacketLifeTime is None and channel.maxRetransmits is None
        if self._channel is not None or channel.label != self._label or not (channel.ordered and reliable):
            self.end()
            return
        self._channel = channel
        channel.on("message", self._on_message)
        channel.on("close", self.end)
        self._listener.channel_opened(self)

    def _on_message(self, message: str | bytes) -> None:
        if not self._ended:
            self._listener.channel_heard(self, message)

    def _guard_sctp(self) -> None:
        """Bound what aiortc keeps for the peer; what it cannot digest would end its transport silently."""
        sctp: Any = self.sctp
        if sctp is None or "_handle_data" in vars(sctp):
            return
        sctp._advertised_rwnd = _RECEIVE_WINDOW_BYTES
        handle = sctp._handle_data

        async def guarded(data: bytes) -> None:
            if self._ended:
                return
            try:
                await handle(data)
            except ConnectionError:
                raise
            except Exception as error:
                logger.info("data_channel_protocol_broken", error=repr(error))
                self.end()
                return
            if _overrun(sctp):
                logger.info("data_channel_overrun")
                self.end()

        sctp._handle_data = guarded


def _overrun(sctp: Any) -> bool:
    """Whether the peer sends more than it was allowed to, or in more pieces than any sender would."""
    return (
        sctp._advertised_rwnd < 0
        or len(sctp._sack_misordered) > _MAX_MISORDERED_CHUNKS
        or len(sctp._sack_duplicates) > _MAX_MISORDERED_CHUNKS
        or len(sctp._inbound_streams) > _MAX_STREAMS
    )
