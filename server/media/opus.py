"""What the recorder has to know of Opus packets (RFC 6716, 3.1)."""

SILENCE = bytes.fromhex("F8FFFE")  # 20 ms of nothing, CELT
SILENCE_MS = 20
_SILK_MS = (10.0, 20.0, 40.0, 60.0)
_HYBRID_MS = (10.0, 20.0)
_CELT_MS = (2.5, 5.0, 10.0, 20.0)


def duration_ms(packet: bytes) -> float:
    """How long a packet sounds, in milliseconds; 0 when it is empty."""
    if not packet:
        return 0.0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame_ms = _SILK_MS[config & 3]
    elif config < 16:
        frame_ms = _HYBRID_MS[config & 1]
    else:
        frame_ms = _CELT_MS[config & 3]
    if code == 3:
        return frame_ms * (packet[1] & 0x3F) if len(packet) > 1 else 0.0
    return frame_ms if code == 0 else 2 * frame_ms
