"""The bad network: what it loses, when things arrive, and who gets the answers."""

import socket
import time

import pytest

from bench.network import CLEAR, Conditions, Direction, relayed


def outcomes(
    conditions: Conditions, count: int, *, seed: int = 1, every_ms: float = 1.0
) -> list[float | None]:
    """What becomes of `count` datagrams of 1000 octets: milliseconds under way, None when lost."""
    direction = Direction(conditions, seed)
    found = []
    for index in range(count):
        now = index * every_ms / 1000
        due = direction.due(1000, now)
        found.append(None if due is None else round((due - now) * 1000, 6))
    return found


def test_clear_passes_everything_at_once() -> None:
    assert outcomes(CLEAR, 5) == [0.0] * 5


def test_loss_is_random_and_repeatable() -> None:
    lost = [index for index, due in enumerate(outcomes(Conditions(loss=0.1), 2000)) if due is None]
    again = [index for index, due in enumerate(outcomes(Conditions(loss=0.1), 2000)) if due is None]
    other = [index for index, due in enumerate(outcomes(Conditions(loss=0.1), 2000, seed=2)) if due is None]
    assert lost == again != other
    assert len(lost) / 2000 == pytest.approx(0.1, abs=0.02)


def test_delay() -> None:
    assert outcomes(Conditions(delay_ms=40), 3) == [40.0] * 3


def test_a_bottleneck_queues_then_drops_the_tail() -> None:
    # 8 ms a datagram at 1000 kbit/s, one offered every 4 ms: the queue grows by 4 ms each time.
    found = outcomes(Conditions(rate_kbps=1000, queue_ms=20), 12, every_ms=4)
    assert found[:6] == [8.0, 12.0, 16.0, 20.0, 24.0, 28.0]
    assert None in found[6:]
    assert max(due for due in found if due is not None) <= 20 + 8


def test_a_bottleneck_carries_its_rate() -> None:
    found = outcomes(Conditions(rate_kbps=600), 2000, every_ms=1)
    assert sum(due is not None for due in found) * 8 / 2.0 == pytest.approx(600 + 600 * 0.3 / 2.0, rel=0.02)


def test_a_blackhole_swallows_everything() -> None:
    assert outcomes(Conditions(blackhole=True), 3) == [None] * 3


@pytest.fixture
def server() -> "socket.socket":
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(5)
    return made


def client() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.settimeout(5)
    return made


def test_each_client_gets_its_own_answers(server: socket.socket) -> None:
    with relayed(server.getsockname()) as relay, server, client() as ann, client() as bob:
        ann.sendto(b"from ann", relay.address)
        data, ann_seen = server.recvfrom(100)
        bob.sendto(b"from bob", relay.address)
        more, bob_seen = server.recvfrom(100)
        assert (data, more) == (b"from ann", b"from bob")
        assert ann_seen != bob_seen
        server.sendto(b"to bob", bob_seen)
        server.sendto(b"to ann", ann_seen)
        assert (ann.recv(100), bob.recv(100)) == (b"to ann", b"to bob")
        ann.sendto(b"again", relay.address)
        assert server.recvfrom(100) == (b"again", ann_seen)


def test_conditions_may_change_while_it_runs(server: socket.socket) -> None:
    with relayed(server.getsockname(), up=Conditions(blackhole=True)) as relay, server, client() as ann:
        ann.sendto(b"lost", relay.address)
        while not relay.up.tally.lost:
            time.sleep(0.005)
        relay.up.conditions = Conditions(delay_ms=30)
        ann.sendto(b"late", relay.address)
        assert server.recv(100) == b"late"
    assert relay.up.tally.passed == 1


def test_a_closed_server_port_does_not_stop_the_relay(server: socket.socket) -> None:
    address = server.getsockname()
    server.close()
    with relayed(address) as relay, client() as ann:
        for _ in range(3):
            ann.sendto(b"x", relay.address)
            time.sleep(0.02)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
            back.bind(address)
            back.settimeout(5)
            ann.sendto(b"y", relay.address)
            assert back.recv(100) == b"y"
