"""The live bus: the same behaviour in one process and through a real redis-server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from server.live.bus import QUEUE_MESSAGES, InProcessBus, LiveBus, open_bus
from server.live.redis_bus import RedisBus


@pytest.fixture(params=["in process", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[LiveBus]:
    """Each kind in turn."""
    url = request.getfixturevalue("redis_session_url") if request.param == "redis" else None
    bus = await open_bus(url)
    yield bus
    await bus.close()


async def test_a_message_reaches_every_listener_of_its_topic(bus: LiveBus) -> None:
    async with bus.subscribe("a") as one, bus.subscribe("a") as two, bus.subscribe("b") as other:
        await bus.publish("a", {"n": 1, "text": "ü"})
        await bus.publish("b", {"n": 2})
        assert await anext(one) == await anext(two) == {"n": 1, "text": "ü"}
        assert await anext(other) == {"n": 2}


async def test_messages_keep_their_order(bus: LiveBus) -> None:
    async with bus.subscribe("a") as messages:
        for n in range(100):
            await bus.publish("a", {"n": n})
        assert [(await anext(messages))["n"] for _ in range(100)] == list(range(100))


async def test_nobody_hears_what_was_said_before_or_after(bus: LiveBus) -> None:
    await bus.publish("a", {"n": 0})
    async with bus.subscribe("a") as messages:
        await bus.publish("a", {"n": 1})
        assert await anext(messages) == {"n": 1}
    await bus.publish("a", {"n": 2})
    async with bus.subscribe("a") as messages:
        await bus.publish("a", {"n": 3})
        assert await anext(messages) == {"n": 3}


async def test_a_listener_that_stays_is_not_hurt_by_one_that_leaves(bus: LiveBus) -> None:
    async with bus.subscribe("a") as staying:
        async with bus.subscribe("a"):
            pass
        await bus.publish("a", {"n": 1})
        assert await anext(staying) == {"n": 1}


async def test_a_slow_listener_is_told_to_resync_and_goes_on(bus: LiveBus) -> None:
    async with bus.subscribe("a") as slow, bus.subscribe("a") as quick:
        for n in range(QUEUE_MESSAGES + 1):
            await bus.publish("a", {"n": n})
            assert await anext(quick) == {"n": n}
        assert await anext(slow) == {"type": "resync"}
        await bus.publish("a", {"n": -1})
        assert await anext(slow) == {"n": -1}


async def test_subscribing_and_leaving_at_once(bus: LiveBus) -> None:
    async def visit(topic: str) -> None:
        async with bus.subscribe(topic) as messages:
            await bus.publish(topic, {"from": topic})
            assert (await anext(messages))["from"] == topic

    await asyncio.wait_for(asyncio.gather(*(visit(f"t{n % 5}") for n in range(40))), 10)


async def test_a_message_is_a_copy() -> None:
    bus = InProcessBus()
    async with bus.subscribe("a") as messages:
        said = {"list": [1]}
        await bus.publish("a", said)
        said["list"].append(2)
        assert await anext(messages) == {"list": [1]}


async def test_two_processes_hear_each_other(redis_url: str) -> None:
    one, other = await RedisBus(redis_url).start(), await RedisBus(redis_url).start()
    async with one.subscribe("a") as messages:
        await other.publish("a", {"n": 1})
        assert await anext(messages) == {"n": 1}
    await one.close()
    await other.close()


async def test_a_lost_connection_comes_back_and_says_resync(redis_url: str) -> None:
    bus = await RedisBus(redis_url).start()
    async with bus.subscribe("a") as messages, Redis.from_url(redis_url) as redis:
        await redis.client_kill_filter(_type="pubsub")
        assert await asyncio.wait_for(anext(messages), 10) == {"type": "resync"}
        await bus.publish("a", {"n": 1})
        assert await asyncio.wait_for(anext(messages), 10) == {"n": 1}
        async with bus.subscribe("b") as later:
            await bus.publish("b", {"n": 2})
            assert await asyncio.wait_for(anext(later), 10) == {"n": 2}
    await bus.close()
