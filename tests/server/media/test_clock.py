"""One clock for sound and picture: wraps, late packets, jitter, pauses and sender reports."""

import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.media.clock import SourceClock

RATES = {"audio": 48_000, "video": 90_000}
EVERY_MS = {"audio": 20.0, "video": 33.0}
MOST_MS = 80.0


def ntp(milliseconds: float) -> int:
    return int((3_900_000_000_000 + milliseconds) / 1000 * (1 << 32))


@dataclass
class Stream:
    """A stream as a browser sends it: `captured_ms` are true capture times on the sender's clock."""

    kind: str
    base_ticks: int
    captured_ms: list[float]
    reports_ms: list[float]
    late_first_ms: float = 0.0
    encoding_ms: float = 0.0

    def rtp(self, at_ms: float) -> int:
        return (self.base_ticks + round(at_ms * RATES[self.kind] / 1000)) & 0xFFFFFFFF


@dataclass
class Played:
    """What came out: true capture time and the clock's, per stream, in order of arrival."""

    audio: list[tuple[float, float]] = field(default_factory=list)
    video: list[tuple[float, float]] = field(default_factory=list)

    def errors_ms(self, kind: str, after_ms: float = 0.0) -> list[float]:
        """How much each time differs from the truth; the delay of a perfect network is not an error."""
        return [ms - true for true, ms in getattr(self, kind) if true >= after_ms]

    def skew_ms(self, after_ms: float = 0.0) -> float:
        """The most that sound and picture captured within the same half second drift apart."""
        worst = 0.0
        video = [(true, ms - true) for true, ms in self.video if true >= after_ms]
        for true, ms in self.audio:
            for other, error in video:
                if abs(other - true) < 500:
                    worst = max(worst, abs(ms - true - error))
        return worst


def play(streams: list[Stream], *, jitter_ms: float, delay_ms: float, seed: int) -> Played:
    """Send the streams over a network that delays every packet by `delay_ms` and up to `jitter_ms` more."""
    chance = random.Random(seed)
    happens: list[tuple[float, int, Stream, float, bool]] = []
    for stream in streams:
        arrived = 0.0
        for index, at_ms in enumerate(stream.captured_ms):
            late = stream.late_first_ms if index == 0 else 0.0
            arrived = max(
                arrived, at_ms + stream.encoding_ms + delay_ms + late + chance.uniform(0, jitter_ms)
            )
            happens.append((arrived, 1, stream, at_ms, False))
        happens.extend(
            (at_ms + delay_ms + chance.uniform(0, jitter_ms), 0, stream, at_ms, True)
            for at_ms in stream.reports_ms
        )
    clock, played = SourceClock(), Played()
    for arrival_ms, _, stream, at_ms, is_report in sorted(happens, key=lambda item: item[:2]):
        if is_report:
            clock.on_sender_report(stream.kind, ntp(at_ms), stream.rtp(at_ms))
        else:
            ms = clock.stream(stream.kind, RATES[stream.kind]).to_ms(stream.rtp(at_ms), arrival_ms)
            getattr(played, stream.kind).append((at_ms, ms))
    return played


def times(kind: str, start_ms: float, end_ms: float) -> list[float]:
    every = EVERY_MS[kind]
    return [start_ms + index * every for index in range(int((end_ms - start_ms) / every))]


def sender(
    kind: str, base: int, start_ms: float, end_ms: float, first_report_ms: float, report_every_ms: float
) -> Stream:
    captured = times(kind, start_ms, end_ms)
    count = int(max(0, end_ms - start_ms - first_report_ms) / report_every_ms) + 1
    reports = [start_ms + first_report_ms + index * report_every_ms for index in range(count)]
    return Stream(kind, base, captured, reports)


bases = st.one_of(st.integers(0, 0xFFFFFFFF), st.integers(0xFFFFFFFF - 400_000, 0xFFFFFFFF))


def check_order(played: Played) -> None:
    for kind in ("audio", "video"):
        assert all(ms <= later for (_, ms), (_, later) in pairwise(getattr(played, kind)))


@settings(max_examples=60, deadline=None)
@given(
    bases,
    bases,
    st.floats(0, 35),
    st.floats(0, 45),
    st.floats(0, 300),
    st.sampled_from([0.0, 200.0, 5000.0]),
    st.floats(100, 6000),
    st.floats(100, 6000),
    st.integers(),
)
def test_sound_and_picture_stay_together(
    video_base: int,
    audio_base: int,
    jitter_ms: float,
    encoding_ms: float,
    delay_ms: float,
    audio_start_ms: float,
    first_video_ms: float,
    first_audio_ms: float,
    seed: int,
) -> None:
    video = sender("video", video_base, 0, 16_000, first_video_ms, 1000)
    video.encoding_ms = encoding_ms
    audio = sender("audio", audio_base, audio_start_ms, 16_000, first_audio_ms, 5000)
    played = play([video, audio], jitter_ms=jitter_ms, delay_ms=delay_ms, seed=seed)
    check_order(played)
    for kind in ("audio", "video"):
        assert all(abs(error - delay_ms) <= MOST_MS for error in played.errors_ms(kind))
    assert played.skew_ms() <= MOST_MS
    both_reported_ms = max(first_video_ms, audio_start_ms + first_audio_ms)
    assert played.skew_ms(after_ms=both_reported_ms + 2000) <= 5


@settings(max_examples=30, deadline=None)
@given(bases, st.floats(0, 60), st.floats(3000, 7000), st.floats(1200, 9000), st.booleans(), st.integers())
def test_a_picture_that_pauses_comes_back_in_its_place(
    base: int, jitter_ms: float, pause_at_ms: float, pause_ms: float, report_in_pause: bool, seed: int
) -> None:
    end_ms = pause_at_ms + pause_ms + 5000
    video = sender("video", base, 0, end_ms, 500, 1000)
    video.captured_ms = [at for at in video.captured_ms if at < pause_at_ms or at >= pause_at_ms + pause_ms]
    if not report_in_pause:
        video.reports_ms = [at for at in video.reports_ms if not pause_at_ms < at < pause_at_ms + pause_ms]
    audio = sender("audio", 7, 0, end_ms, 2400, 5000)
    played = play([video, audio], jitter_ms=jitter_ms, delay_ms=50, seed=seed)
    check_order(played)
    assert played.skew_ms() <= MOST_MS


@pytest.mark.parametrize("pause_ms", [1500, 4000, 15_000])
def test_a_sound_whose_timestamps_stood_still_comes_back_in_its_place(pause_ms: int) -> None:
    clock = SourceClock()
    worst = 0.0
    for index in range(1500):
        at_ms = index * 20.0
        clock.stream("video", 90_000).to_ms(round(at_ms * 90) & 0xFFFFFFFF, at_ms + 30)
        if index == 25:
            clock.on_sender_report("video", ntp(at_ms), round(at_ms * 90))
        if index == 120:
            clock.on_sender_report("audio", ntp(at_ms), round(at_ms * 48))
        if not 5000 <= at_ms < 5000 + pause_ms:
            media_ms = at_ms if at_ms < 5000 else at_ms - pause_ms
            ms = clock.stream("audio", 48_000).to_ms(round(media_ms * 48), at_ms + 35)
            worst = max(worst, abs(ms - at_ms - 30))
    assert worst <= 20


@settings(max_examples=30, deadline=None)
@given(st.floats(100, 300), st.integers())
def test_a_first_picture_that_waited_is_corrected_within_a_second(late_ms: float, seed: int) -> None:
    video = sender("video", 0, 0, 5000, 5000, 1000)
    video.late_first_ms = late_ms
    audio = sender("audio", 0, 0, 5000, 5000, 5000)
    played = play([video, audio], jitter_ms=20, delay_ms=20, seed=seed)
    check_order(played)
    assert played.skew_ms(after_ms=1000) <= MOST_MS / 2


def test_a_whole_recording_through_the_wrap_of_both_timestamps() -> None:
    video = sender("video", 0xFFFFFFFF - 90 * 3000, 0, 12_000, 500, 1000)
    audio = sender("audio", 0xFFFFFFFF - 48 * 7000, 0, 12_000, 2400, 2000)
    played = play([video, audio], jitter_ms=10, delay_ms=20, seed=1)
    check_order(played)
    assert played.skew_ms() <= 20
    assert played.video[-1][1] == pytest.approx(12_000, abs=100)


def test_late_packets_go_back_and_a_wrap_does_not() -> None:
    clock = SourceClock()
    base = (1 << 32) - 900
    assert clock.stream("video", 90_000).to_ms(base, 1000) == 1000
    assert clock.stream("video", 90_000).to_ms(900, 1020) == pytest.approx(1020)
    assert clock.stream("video", 90_000).to_ms(base, 1030) == pytest.approx(1000)
    assert clock.stream("video", 90_000).to_ms(1800, 1040) == pytest.approx(1030)


def test_another_ssrc_goes_on_where_the_last_one_ended() -> None:
    clock = SourceClock()
    for index in range(100):
        clock.stream("video", 90_000).to_ms(index * 3000, index * 33.33)
    clock.on_sender_report("video", ntp(0), 0)
    clock.restart("video")
    first = clock.stream("video", 90_000).to_ms(3_000_000_000, 3400)
    assert first == pytest.approx(3400)
    assert clock.stream("video", 90_000).to_ms(3_000_003_000, 3433.33) == pytest.approx(3433.33)
    clock.on_sender_report("video", ntp(3400), 3_000_000_000)
    assert clock.stream("video", 90_000).to_ms(3_000_006_000, 3466.66) == pytest.approx(3466.66, abs=5)


def test_clocks_that_drift_are_followed() -> None:
    clock = SourceClock()
    ms = 0.0
    for index in range(30 * 3600):  # an hour, the sender's clock 100 ppm slow
        at_ms = index * 100 / 3
        ms = clock.stream("video", 90_000).to_ms(round(at_ms * 90 * 0.9999) & 0xFFFFFFFF, at_ms + index % 7)
        if index % 150 == 0:
            clock.on_sender_report("video", ntp(at_ms * 0.9999), round(at_ms * 90 * 0.9999) & 0xFFFFFFFF)
    assert ms == pytest.approx(3_600_000, abs=50)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 0xFFFFFFFF), st.integers(0, (1 << 64) - 1)),
        min_size=1,
        max_size=60,
    )
)
def test_no_sender_can_lead_the_clock_far_from_arrival(sent: list[tuple[bool, int, int]]) -> None:
    clock = SourceClock()
    for index, (is_report, rtp_timestamp, ntp_timestamp) in enumerate(sent):
        if is_report:
            clock.on_sender_report("video", ntp_timestamp, rtp_timestamp)
        else:
            ms = clock.stream("video", 90_000).to_ms(rtp_timestamp, index * 33.0)
            assert -10_000 <= ms - index * 33.0 <= 4000


def test_an_empty_report_is_ignored() -> None:
    clock = SourceClock()
    clock.stream("video", 90_000).to_ms(0, 1000)
    clock.on_sender_report("video", 0, 0)
    clock.on_sender_report("audio", ntp(1), 0)
    assert clock.stream("video", 90_000).to_ms(9000, 1100) == pytest.approx(1100)
