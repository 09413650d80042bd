"""RTCP that the server sends (RFC 3550, RFC 4585, draft-alvestrand-rmcat-remb)."""

import struct
from collections.abc import Iterable, Sequence

from aiortc import rtp

_NTP_EPOCH_SECONDS = 2_208_988_800
_HALF = 1 << 31
_REPORT_HEADER = struct.Struct("!BBHI")
_REPORT_BLOCK = struct.Struct("!6I")


def ntp_now(unix_seconds: float) -> int:
    """A Unix time as a 64-bit NTP timestamp."""
    return int((unix_seconds + _NTP_EPOCH_SECONDS) * (1 << 32))


def pli(own_ssrc: int, media_ssrc: int) -> bytes:
    """Picture loss indication: please send a keyframe."""
    return bytes(rtp.RtcpPsfbPacket(fmt=rtp.RTCP_PSFB_PLI, ssrc=own_ssrc, media_ssrc=media_ssrc))


def nack(own_ssrc: int, media_ssrc: int, lost: Iterable[int]) -> bytes:
    """Ask for the packets of these extended sequence numbers again."""
    packet = rtp.RtcpRtpfbPacket(fmt=rtp.RTCP_RTPFB_NACK, ssrc=own_ssrc, media_ssrc=media_ssrc)
    packet.lost = sorted({number & 0xFFFF for number in lost})
    return bytes(packet)


def remb(own_ssrc: int, bitrate_bps: int, media_ssrcs: list[int]) -> bytes:
    """The most the sender may send to these streams together."""
    fci = rtp.pack_remb_fci(bitrate_bps, media_ssrcs)
    return bytes(rtp.RtcpPsfbPacket(fmt=rtp.RTCP_PSFB_APP, ssrc=own_ssrc, media_ssrc=0, fci=fci))


def remb_bps(fci: bytes) -> int | None:
    """The estimate in a REMB message's feedback control information; None when it is something else."""
    try:
        bitrate_bps, _ = rtp.unpack_remb_fci(fci)
    except (ValueError, struct.error, IndexError):
        return None
    return bitrate_bps


def sender_report(
    ssrc: int, cname: str, ntp_timestamp: int, rtp_timestamp: int, packets: int, octets: int
) -> bytes:
    """Sender report with the CNAME that ties a participant's audio and video together."""
    report = rtp.RtcpSrPacket(
        ssrc=ssrc,
        sender_info=rtp.RtcpSenderInfo(
            ntp_timestamp=ntp_timestamp,
            rtp_timestamp=rtp_timestamp & 0xFFFFFFFF,
            packet_count=packets & 0xFFFFFFFF,
            octet_count=octets & 0xFFFFFFFF,
        ),
    )
    names = rtp.RtcpSdesPacket(chunks=[rtp.RtcpSourceInfo(ssrc=ssrc, items=[(1, cname.encode())])])
    return bytes(report) + bytes(names)


def receiver_report(own_ssrc: int, blocks: Sequence[bytes]) -> bytes:
    """A receiver report of these blocks, 31 at most (RFC 3550, 6.4.2)."""
    words = 1 + len(blocks) * _REPORT_BLOCK.size // 4
    return _REPORT_HEADER.pack(0x80 | len(blocks), rtp.RTCP_RR, words, own_ssrc) + b"".join(blocks)


class ReceptionReport:
    """Counts of one received stream and the report made of them (RFC 3550, 6.4.1 and A.8)."""

    def __init__(self, ssrc: int, clock_rate: int) -> None:
        self.ssrc = ssrc
        self.received = 0
        self._rate_per_ms = clock_rate / 1000
        self._base: int | None = None
        self._highest = 0
        self._jitter = 0.0
        self._last_transit = float("-inf")
        self._prior = (0, 0)
        self._last_report: tuple[int, float] | None = None

    @property
    def lost(self) -> int:
        """Packets that never came, as far as known now."""
        if self._base is None:
            return 0
        return max(0, self._highest - self._base + 1 - self.received)

    def add(self, sequence: int, rtp_timestamp: int, now_ms: float) -> int:
        """Count a packet; returns its sequence number extended to one that does not wrap (RFC 3550, A.1)."""
        self.received += 1
        step = (sequence - self._highest) & 0xFFFF
        if self._base is None:
            # Offset by a full cycle, so that numbers before the first stay positive.
            self._base = self._highest = sequence + 65536
        elif step < 0x8000:
            self._highest += step
        else:
            return self._highest + step - 65536
        self._measure_jitter(rtp_timestamp, now_ms)
        return self._highest

    def add_run(self, last: int, rtp_timestamp: int, packets: int, first_ms: float) -> int:
        """Count a frame's packets up to the sequence number `last`; returns that number extended.

        They came in order. A repair may have come before them for a packet that was never counted, hence the
        number. Jitter is that of the first one: the others were sent after it, not captured after it.
        """
        self.received += packets
        self._highest += (last - self._highest) & 0xFFFF
        self._measure_jitter(rtp_timestamp, first_ms)
        return self._highest

    def _measure_jitter(self, rtp_timestamp: int, now_ms: float) -> None:
        transit = now_ms * self._rate_per_ms - rtp_timestamp
        delta = transit - self._last_transit
        self._last_transit = transit
        if -_HALF < delta < _HALF:
            self._jitter += ((delta if delta > 0 else -delta) - self._jitter) * 0.0625

    def extended(self, sequence: int) -> int:
        """The extended number of a packet that is not counted, near the highest one seen."""
        step = (sequence - self._highest) & 0xFFFF
        return self._highest + (step if step < 0x8000 else step - 65536)

    def on_sender_report(self, ntp_timestamp: int, now_ms: float) -> None:
        """Remember the middle of the NTP time, for the round trip the sender computes."""
        self._last_report = ((ntp_timestamp >> 16) & 0xFFFFFFFF, now_ms)

    def block(self, now_ms: float) -> bytes:
        """A report block about this stream since the previous one (RFC 3550, 6.4.1)."""
        expected = self._highest - (self._base or 0) + 1 if self._base is not None else 0
        expected_now, received_now = expected - self._prior[0], self.received - self._prior[1]
        self._prior = (expected, self.received)
        lost_now = max(0, expected_now - received_now)
        fraction = min(255, (lost_now << 8) // expected_now) if expected_now > 0 else 0
        last_sr, at_ms = self._last_report or (0, now_ms)
        return _REPORT_BLOCK.pack(
            self.ssrc,
            fraction << 24 | rtp.clamp_packets_lost(self.lost),
            self._highest & 0xFFFFFFFF,
            int(self._jitter) & 0xFFFFFFFF,
            last_sr,
            int((now_ms - at_ms) * 65.536) & 0xFFFFFFFF if last_sr else 0,
        )
