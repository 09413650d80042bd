"""A machine without a network still has a candidate to offer."""

from server.media.addresses import local_addresses


def test_loopback_is_offered_only_when_there_is_nothing_else() -> None:
    assert local_addresses([]) == ["127.0.0.1"]
    assert local_addresses(["192.0.2.7"]) == ["192.0.2.7"]
