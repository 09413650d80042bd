"""aiortc's peer connection with Viva's transports, receivers and senders under its transceivers."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport, connection_kwargs
from aiortc.rtcrtptransceiver import RTCRtpTransceiver
from aiortc.sdp import candidate_from_sdp

from server.media.audio import AudioReceiver
from server.media.dtls import MediaTransport
from server.media.errors import CodecUnsupported, SdpInvalid
from server.media.ice import MAX_REMOTE_CANDIDATES, IceConnection, IceOptions, usable_candidate
from server.media.offers import Negotiated, complete_answer, negotiate, parse_offer, without_candidates
from server.media.sender import AudioSender, VideoSender
from server.media.source import Source
from server.media.standin import StandIn
from server.media.video import VideoReceiver

logger = structlog.get_logger(__name__)

_ANSWER_TIMEOUT_SECONDS = 10.0


class AnsweringConnection(RTCPeerConnection):
    """A PeerConnection on the shared ports that always answers, never offers, and filters what it is told.

    `on_state` is called with aiortc's connection state at each change.
    """

    def __init__(self, *, ice: IceOptions, on_state: Callable[[str], None]) -> None:
        super().__init__(RTCConfiguration(iceServers=[]))
        self._ice = ice
        self._candidates = 0
        self._answering = asyncio.Lock()
        self._answer_time: asyncio.Timeout | None = None
        self._connecting: set[asyncio.Task[None]] = set()
        self._ending = False
        self._dtls_role = "auto"
        self.on("connectionstatechange", lambda: on_state(self.connectionState))

    # aiortc creates its transports here and has no seam of its own; the names are its private ones.
    def _RTCPeerConnection__createDtlsTransport(self) -> MediaTransport:
        private: Any = self
        gatherer = RTCIceGatherer(iceServers=[])
        gatherer._connection = IceConnection(
            self._ice, ice_controlling=False, **connection_kwargs(list(self._ice.servers))
        )
        gatherer.on("statechange", private._RTCPeerConnection__updateIceGatheringState)
        ice_transport = RTCIceTransport(gatherer)
        ice_transport.on("statechange", private._RTCPeerConnection__updateIceConnectionState)
        ice_transport.on("statechange", private._RTCPeerConnection__updateConnectionState)
        private._RTCPeerConnection__iceTransports.add(ice_transport)
        transport = MediaTransport(ice_transport, private._RTCPeerConnection__certificates)
        transport._set_role(self._dtls_role)
        transport.on("statechange", private._RTCPeerConnection__updateConnectionState)
        private._RTCPeerConnection__dtlsTransports.add(transport)
        private._RTCPeerConnection__updateIceGatheringState()
        private._RTCPeerConnection__updateIceConnectionState()
        private._RTCPeerConnection__updateConnectionState()
        return transport

    async def _RTCPeerConnection__connect(self) -> None:
        """Connect in a task that `close` can end."""
        task: asyncio.Task[None] | None = asyncio.current_task()
        if self._ending or task is None:
            return
        private: Any = super()
        self._connecting.add(task)
        try:
            await private._RTCPeerConnection__connect()
        finally:
            self._connecting.discard(task)

    async def _answer(self, offer: str) -> str:
        """Answer an offer that was checked and start connecting; returns aiortc's answer.

        Raises SdpInvalid or CodecUnsupported; the connection is then closed by the caller.
        """
        try:
            async with self._answering, asyncio.timeout(_ANSWER_TIMEOUT_SECONDS) as self._answer_time:
                await self.setRemoteDescription(RTCSessionDescription(without_candidates(offer), "offer"))
                await self.setLocalDescription(await self.createAnswer())
        except OperationError as error:
            raise CodecUnsupported(str(error)) from error
        except (ValueError, KeyError, IndexError, AttributeError, AssertionError, TypeError) as error:
            raise SdpInvalid("the offer does not parse") from error
        except (InvalidAccessError, InvalidStateError, TimeoutError) as error:
            raise SdpInvalid(str(error) or "the offer could not be answered in time") from error
        finally:
            self._answer_time = None
        answer: str = self.localDescription.sdp
        return answer

    async def close(self) -> None:
        """Close; an answer that is being made fails first, or what it still makes would be left behind.

        The same for connecting: a handshake that ended meanwhile would start senders that were stopped.
        """
        if self._answer_time is not None:
            self._answer_time.reschedule(asyncio.get_running_loop().time())
        async with self._answering:
            self._ending = True
            for task in self._connecting:
                task.cancel()
            if self._connecting:
                await asyncio.wait(self._connecting)
            await super().close()

    async def add_candidate(
        self, line: str | None, sdp_mid: str | None, sdp_m_line_index: int | None
    ) -> None:
        """Add a trickled remote candidate, if the policy lets the server send to its address.

        The end marker and mDNS names are ignored: the browser's own checks reach us, and its address is
        learnt from them (RFC 8445, 7.3.1.3). Raises SdpInvalid when the line does not parse.
        """
        if not line or ".local" in line:
            return
        if self._candidates >= MAX_REMOTE_CANDIDATES:
            return
        self._candidates += 1
        try:
            candidate = candidate_from_sdp(line.removeprefix("candidate:"))
        except (ValueError, AssertionError, IndexError) as error:
            raise SdpInvalid("the candidate does not parse") from error
        if candidate.protocol.lower() != "udp":
            return
        if not usable_candidate(candidate.ip, candidate.port, self._ice.candidates):
            return
        candidate.sdpMid, candidate.sdpMLineIndex = sdp_mid, sdp_m_line_index
        if candidate.sdpMid is None and candidate.sdpMLineIndex is None:
            candidate.sdpMLineIndex = 0
        try:
            await self.addIceCandidate(candidate)
        except (ValueError, InvalidAccessError) as error:
            raise SdpInvalid(str(error)) from error


class MediaConnection(AnsweringConnection):
    """One PeerConnection for one stream in one direction."""

    def __init__(
        self,
        source: Source,
        *,
        publishing: bool,
        ice: IceOptions,
        max_bitrate_bps: int,
        on_state: Callable[[str], None],
    ) -> None:
        super().__init__(ice=ice, on_state=on_state)
        self._source = source
        self._publishing = publishing
        self._max_bitrate_bps = max_bitrate_bps
        self._negotiated = Negotiated()

    # The name is aiortc's private one, as above.
    def _RTCPeerConnection__createTransceiver(
        self, direction: str, kind: str, sender_track: Any = None
    ) -> RTCRtpTransceiver:
        private: Any = self
        transceivers: list[RTCRtpTransceiver] = private._RTCPeerConnection__transceivers
        bundled = bool(transceivers)
        if bundled:
            transport = transceivers[0].receiver.transport
        else:
            transport = self._RTCPeerConnection__createDtlsTransport()
        receiver, sender = self._build(kind, transport)
        transceiver = RTCRtpTransceiver(direction=direction, kind=kind, receiver=receiver, sender=sender)
        receiver._set_rtcp_ssrc(sender._ssrc)
        transceiver._bundled = bundled
        transceivers.append(transceiver)
        return transceiver

    def _build(self, kind: str, transport: Any) -> tuple[Any, Any]:
        source, idle = self._source, StandIn(kind, transport)
        if not self._publishing:
            sender = VideoSender if kind == "video" else AudioSender
            return idle, sender(transport, source)
        if kind == "video":
            return VideoReceiver(transport, source, self._negotiated, self._max_bitrate_bps), idle
        return AudioReceiver(transport, source, self._negotiated), idle

    async def accept(self, offer: str) -> str:
        """Answer a browser's offer and start connecting; returns the answer's SDP.

        Raises SdpTooLarge, SdpInvalid or CodecUnsupported; the connection is then closed by the caller.
        """
        description = parse_offer(offer, publishing=self._publishing)
        if all(media.dtls is None or media.dtls.role != "server" for media in description.media):
            self._dtls_role = "server"  # who answers the handshake chooses the cipher (RFC 5764, 4.1.1)
        if not self._publishing:
            for media in description.media:
                self._RTCPeerConnection__createTransceiver("sendonly", media.kind)
            return await self._answer(offer)
        self._source.has_audio = any(media.kind == "audio" for media in description.media)
        self._source.has_video = any(media.kind == "video" for media in description.media)
        offered = negotiate(description)
        self._negotiated.transport_sequence_id = offered.transport_sequence_id
        self._negotiated.audio_repair = offered.audio_repair
        return complete_answer(await self._answer(offer), self._negotiated, self._max_bitrate_bps)
