"""Refusals of the media plane; `code` is what the client is told."""


class MediaError(Exception):
    """A media request that cannot be served, with a stable code."""

    code = "media_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class SdpTooLarge(MediaError):
    """An SDP above the size limit."""

    code = "sdp_too_large"


class SdpInvalid(MediaError):
    """An SDP that does not parse or offers what nobody asked for."""

    code = "sdp_invalid"


class CodecUnsupported(MediaError):
    """An offer without VP8 or H.264 video, or without Opus audio."""

    code = "codec_unsupported"


class RoomFull(MediaError):
    """No seat left in the room."""

    code = "room_full"


class UnknownStream(MediaError):
    """No stream of that id in this room."""

    code = "unknown_stream"
