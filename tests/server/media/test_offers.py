"""What Viva adds to aiortc's answer."""

from aiortc import sdp

from server.media.offers import Negotiated, complete_answer

ANSWER = "\r\n".join(
    (
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=rtpmap:111 opus/48000/2",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "c=IN IP4 0.0.0.0",
        "a=mid:1",
        "a=rtpmap:96 VP8/90000",
        "",
    )
)


def sections(answer: str) -> list[list[str]]:
    """The lines of each media section."""
    return [section.split("\r\n") for section in answer.split("\r\nm=")[1:]]


def test_a_video_section_says_how_much_may_be_sent() -> None:
    audio, video = sections(complete_answer(ANSWER, Negotiated(), 800_000))
    assert video[1:4] == [
        "c=IN IP4 0.0.0.0",
        "b=AS:800",
        "b=TIAS:800000",
    ]  # before every attribute (RFC 8866, 5)
    assert not [line for line in audio if line.startswith("b=")]


def test_the_start_is_no_higher_than_the_limit() -> None:
    _, video = sections(complete_answer(ANSWER, Negotiated(), 800_000))
    assert "a=fmtp:96 x-google-start-bitrate=800" in video
    _, video = sections(complete_answer(ANSWER, Negotiated(), 2_500_000))
    assert "a=fmtp:96 x-google-start-bitrate=1200" in video


def test_it_parses() -> None:
    found = sdp.SessionDescription.parse(complete_answer(ANSWER, Negotiated(3, audio_repair=True), 800_000))
    assert [media.kind for media in found.media] == ["audio", "video"]
