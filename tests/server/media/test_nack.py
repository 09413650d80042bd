"""Missing packets are asked for at once, again, and not for ever."""

from server.media.nack import NackTracker, SequenceExtender


def test_sequence_numbers_are_extended_over_the_wrap() -> None:
    extend = SequenceExtender()
    first = extend(65534)
    assert extend(65535) == first + 1
    assert extend(1) == first + 3
    assert extend(0) == first + 2
    assert extend(65533) == first - 1


def test_a_gap_is_asked_for_at_once_and_again() -> None:
    tracker = NackTracker(retry_ms=40, deadline_ms=400)
    tracker.received(100, 0)
    assert tracker.received(103, 10)
    assert tracker.due(10) == [101, 102]
    assert tracker.due(30) == []
    assert tracker.due(50) == [101, 102]
    tracker.received(101, 60)
    assert tracker.due(90) == [102]
    tracker.received(102, 95)
    assert tracker.due(200) == []
    assert len(tracker) == 0


def test_a_packet_is_given_up_after_the_deadline() -> None:
    tracker = NackTracker(retry_ms=40, deadline_ms=400)
    tracker.received(100, 0)
    tracker.received(102, 10)
    assert tracker.expired(409) is None
    assert tracker.expired(410) == 102
    assert tracker.due(420) == []


def test_a_restart_of_the_sender_is_not_a_loss_of_hundreds() -> None:
    tracker = NackTracker()
    tracker.received(100, 0)
    assert tracker.received(100 + NackTracker.MAX_GAP + 1, 10)
    assert tracker.due(10) == []


def test_how_long_the_first_missing_packet_is_missed() -> None:
    tracker = NackTracker()
    assert tracker.longest_ms(50) == 0
    tracker.received(10, 0)
    tracker.received(12, 100)
    tracker.received(14, 150)
    assert tracker.longest_ms(300) == 200
    tracker.received(11, 310)
    assert tracker.longest_ms(320) == 170
