"""H.264 in RTP (RFC 6184, packetization mode 1) to Annex B, and what its parameter sets say."""

_START = b"\x00\x00\x00\x01"
_STAP_A = 24
_FU_A = 28
_IDR, _SPS, _PPS = 5, 7, 8
_PROFILES_WITH_CHROMA = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})


def depacketise(payload: bytes) -> bytes:
    """Turn one RTP payload into Annex B bytes; a fragment after the first comes without a start code.

    Raises ValueError when it is truncated or of a type that mode 1 does not have.
    """
    if len(payload) < 2:
        raise ValueError("H.264 payload is too short")
    nal_type = payload[0] & 0x1F
    if 1 <= nal_type <= 23:
        return _START + payload
    if nal_type == _FU_A:
        header = payload[1]
        if header & 0x80:
            return _START + bytes([(payload[0] & 0xE0) | (header & 0x1F)]) + payload[2:]
        return payload[2:]
    if nal_type == _STAP_A:
        return _aggregate(payload)
    raise ValueError(f"H.264 NAL unit type {nal_type} is not supported")


def _aggregate(payload: bytes) -> bytes:
    parts: list[bytes] = []
    position = 1
    while position < len(payload):
        size = int.from_bytes(payload[position : position + 2], "big")
        position += 2
        if not size or position + size > len(payload):
            raise ValueError("H.264 STAP-A is truncated")
        parts += (_START, payload[position : position + size])
        position += size
    return b"".join(parts)


def starts_frame(payload: bytes) -> bool:
    """Tell whether this payload can be the first of an access unit (not a later fragment)."""
    return len(payload) >= 2 and ((payload[0] & 0x1F) != _FU_A or bool(payload[1] & 0x80))


def nal_units(data: bytes) -> list[bytes]:
    """Split an Annex B access unit made by `depacketise` into NAL units."""
    return [unit for unit in data.split(_START) if unit]


def is_keyframe(data: bytes) -> bool:
    """Tell whether an Annex B access unit can be decoded on its own."""
    return any(unit[0] & 0x1F == _IDR for unit in nal_units(data))


def parameter_sets(data: bytes) -> bytes:
    """The SPS and PPS of an access unit in Annex B form; empty when it carries none."""
    units = [unit for unit in nal_units(data) if unit[0] & 0x1F in (_SPS, _PPS)]
    return b"".join(_START + unit for unit in units)


class _Bits:
    """Reads an RBSP bit by bit; Exp-Golomb codes as in ITU-T H.264, 9.1."""

    def __init__(self, rbsp: bytes) -> None:
        self._bits = int.from_bytes(rbsp, "big")
        self._left = len(rbsp) * 8

    def take(self, count: int) -> int:
        """The next bits as a number; ValueError past the end."""
        if count > self._left:
            raise ValueError("the parameter set is truncated")
        self._left -= count
        return self._bits >> self._left & (1 << count) - 1

    def unsigned(self) -> int:
        """The next ue(v)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """The next se(v)."""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def _skip_scaling_lists(bits: _Bits, chroma_format: int) -> None:
    for index in range(12 if chroma_format == 3 else 8):
        if not bits.take(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.signed()) % 256
            last = following or last


def _skip_order_count(bits: _Bits) -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(255, bits.unsigned())):
            bits.signed()


def sps_size(sps: bytes) -> tuple[int, int]:
    """Width and height in pixels that an SPS NAL unit declares (ITU-T H.264, 7.3.2.1.1), cropping applied.

    Raises ValueError when it is truncated.
    """
    bits = _Bits(sps[1:].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.take(8)
    bits.take(16)
    bits.unsigned()
    chroma_format = 1
    if profile in _PROFILES_WITH_CHROMA:
        chroma_format = bits.unsigned()
        if chroma_format == 3:
            bits.take(1)
        bits.unsigned()
        bits.unsigned()
        bits.take(1)
        if bits.take(1):
            _skip_scaling_lists(bits, chroma_format)
    bits.unsigned()
    _skip_order_count(bits)
    bits.unsigned()
    bits.take(1)
    width = (bits.unsigned() + 1) * 16
    map_units = bits.unsigned() + 1
    frames_only = bits.take(1)
    height = map_units * 16 * (2 - frames_only)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    if not bits.take(1):
        return width, height
    left, right, top, bottom = (bits.unsigned() for _ in range(4))
    across = 2 if chroma_format in (1, 2) else 1
    down = (2 if chroma_format == 1 else 1) * (2 - frames_only)
    return width - across * (left + right), height - down * (top + bottom)


def keyframe_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels from an access unit's SPS, (0, 0) when it has none that parses."""
    for unit in nal_units(data):
        if unit[0] & 0x1F == _SPS:
            try:
                return sps_size(unit)
            except ValueError:
                return 0, 0
    return 0, 0


def length_prefixed(data: bytes) -> bytes:
    """An Annex B access unit as Matroska and MP4 carry it: each NAL unit behind its length in four bytes."""
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in nal_units(data))


def avc_configuration(sets: bytes) -> bytes:
    """The AVCDecoderConfigurationRecord of Annex B parameter sets (ISO/IEC 14496-15, 5.3.3.1).

    Raises ValueError without an SPS or a PPS.
    """
    units = nal_units(sets)
    sps = [unit for unit in units if unit[0] & 0x1F == _SPS]
    pps = [unit for unit in units if unit[0] & 0x1F == _PPS]
    if not sps or not pps:
        raise ValueError("the keyframe carries no parameter sets")
    record = bytes([1, *sps[0][1:4], 0xFF, 0xE0 | len(sps)])
    record += b"".join(len(unit).to_bytes(2, "big") + unit for unit in sps)
    return record + bytes([len(pps)]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in pps)
