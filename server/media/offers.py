"""Session descriptions: what is checked before aiortc sees an offer, and what Viva adds to its answer."""

import re
from dataclasses import dataclass

from aiortc import sdp

from server.media import twcc
from server.media.errors import SdpInvalid, SdpTooLarge

MAX_SDP_CHARS = 64 * 1024
_START_BITRATE_KBPS = 1200
_KEPT_EXTENSIONS = ("urn:ietf:params:rtp-hdrext:ssrc-audio-level", twcc.URI)


@dataclass(slots=True)
class Negotiated:
    """What Viva adds to aiortc's answer.

    `transport_sequence_id` is the id of the transport-wide sequence number extension of video, 0 without it;
    `audio_repair`: the browser repeats lost audio when asked.
    """

    transport_sequence_id: int = 0
    audio_repair: bool = False


def parse_offer(offer: str, *, publishing: bool) -> sdp.SessionDescription:
    """Check an offer of media before aiortc sees it.

    Raises SdpTooLarge or SdpInvalid.
    """
    description = parse_sections(offer)
    kinds = [media.kind for media in description.media]
    if not kinds or any(kind not in ("audio", "video") for kind in kinds) or len(kinds) != len(set(kinds)):
        raise SdpInvalid("an offer has one audio and one video section at most, and nothing else")
    wanted = ("sendonly", "sendrecv") if publishing else ("recvonly", "sendrecv")
    for media in description.media:
        if media.direction not in wanted:
            raise SdpInvalid(f"an offer to {'publish' if publishing else 'subscribe'} must be {wanted[0]}")
    return description


def parse_sections(offer: str) -> sdp.SessionDescription:
    """Parse an offer of bounded size whose sections can all be connected to.

    Raises SdpTooLarge or SdpInvalid.
    """
    if len(offer) > MAX_SDP_CHARS:
        raise SdpTooLarge(f"an SDP may have {MAX_SDP_CHARS} characters")
    try:
        description = sdp.SessionDescription.parse(offer)
    except Exception as error:  # aiortc's parser raises whatever its int() and split() meet
        raise SdpInvalid("the offer does not parse") from error
    for media in description.media:
        ice = media.ice
        if ice is None or not ice.usernameFragment or not ice.password or not media.dtls:
            raise SdpInvalid("the offer lacks ICE or DTLS parameters")
    return description


def without_candidates(offer: str) -> str:
    """The offer without its candidates: those are trickled and pass the filter."""
    return re.sub(r"a=(candidate:|end-of-candidates)[^\r\n]*\r?\n", "", offer)


def negotiate(description: sdp.SessionDescription) -> Negotiated:
    """What a publisher's offer allows beyond what aiortc negotiates."""
    found = Negotiated()
    for media in description.media:
        feedback = {(each.type, each.parameter) for codec in media.rtp.codecs for each in codec.rtcpFeedback}
        if media.kind == "audio":
            found.audio_repair = ("nack", None) in feedback
        elif ("transport-cc", None) in feedback:
            ids = [each.id for each in media.rtp.headerExtensions if each.uri == twcc.URI]
            found.transport_sequence_id = ids[0] if ids else 0
    return found


def complete_answer(answer: str, negotiated: Negotiated, max_bitrate_bps: int) -> str:
    """aiortc's answer to a publisher with what it cannot negotiate itself.

    Transport-wide feedback for video, repetition of lost audio, the most that may be sent (`b=`, RFC 8866 and
    RFC 3890: with transport-wide feedback Chromium heeds no REMB), and a start near the target bitrate
    instead of Chromium's 300 kbit/s (`x-google-start-bitrate`; others ignore it). Header extensions nobody
    reads are left out.
    """
    head, *sections = re.split(r"(?=^m=)", answer, flags=re.MULTILINE)
    return head + "".join(_complete(section, negotiated, max_bitrate_bps) for section in sections)


def _complete(section: str, negotiated: Negotiated, max_bitrate_bps: int) -> str:
    lines = [line for line in section.split("\r\n") if line and not _is_unread_extension(line)]
    for line in list(lines):
        lines += _codec_lines(line, negotiated, max_bitrate_bps // 1000)
    if section.startswith("m=video"):
        if negotiated.transport_sequence_id:
            lines.append(f"a=extmap:{negotiated.transport_sequence_id} {twcc.URI}")
        first = next((at for at, line in enumerate(lines) if line.startswith("a=")), len(lines))
        lines[first:first] = [f"b=AS:{max_bitrate_bps // 1000}", f"b=TIAS:{max_bitrate_bps}"]
    return "\r\n".join(lines) + "\r\n"


def _codec_lines(line: str, negotiated: Negotiated, max_kbps: int) -> list[str]:
    """What a codec's `rtpmap` line is completed with."""
    match = re.match(r"a=rtpmap:(\d+) (VP8|H264|opus)/", line, re.IGNORECASE)
    if match is None:
        return []
    payload_type, name = match.group(1), match.group(2).lower()
    if name == "opus":
        return [f"a=rtcp-fb:{payload_type} nack"] if negotiated.audio_repair else []
    lines = [f"a=rtcp-fb:{payload_type} transport-cc"] if negotiated.transport_sequence_id else []
    if name == "vp8":
        lines.append(f"a=fmtp:{payload_type} x-google-start-bitrate={min(_START_BITRATE_KBPS, max_kbps)}")
    return lines


def _is_unread_extension(line: str) -> bool:
    return line.startswith("a=extmap:") and not line.endswith(_KEPT_EXTENSIONS)
