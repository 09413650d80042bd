"""The live bus of several processes, through Redis."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import redis.asyncio as redis
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.live.bus import Subscription

log = structlog.get_logger()

CHANNEL_PREFIX = "viva:live:"
TIMEOUT_SECONDS = 5.0
RECONNECT_MIN_SECONDS = 0.1
RECONNECT_MAX_SECONDS = 5.0


class RedisBus:
    """The bus of several processes: one pub/sub connection each, fanned out to the listeners here.

    A lost connection is made again with backoff; everybody then gets `resync`, since messages were missed.
    """

    def __init__(self, url: str) -> None:
        self._client = redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
        )
        # The reader waits without end, and must learn of a lost connection: no time limit, no retry.
        self._listening = redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=None,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
            socket_keepalive=True,
        )
        self._topics: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._confirmed: dict[str, asyncio.Event] = {}
        self._changed = asyncio.Lock()
        self._pubsub: redis.client.PubSub | None = None
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> Self:
        """Connect; raises redis' ConnectionError when there is no server."""
        await self._client.ping()
        self._reader = asyncio.create_task(self._read_forever(), name="live-bus-reader")
        return self

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Send through Redis, to this process as well; raises redis' errors when that fails."""
        await self._client.publish(CHANNEL_PREFIX + topic, json.dumps(message))

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[Subscription]:
        """Listen inside the block; entering raises TimeoutError when Redis does not confirm."""
        channel = CHANNEL_PREFIX + topic
        subscription = Subscription()
        try:
            async with self._changed:
                self._topics[channel].add(subscription)
                if channel not in self._confirmed:
                    self._confirmed[channel] = asyncio.Event()
                    await self._send("subscribe", channel)
            await asyncio.wait_for(self._confirmed[channel].wait(), TIMEOUT_SECONDS)
            yield subscription
        finally:
            self._topics[channel].discard(subscription)
            async with self._changed:
                if not self._topics[channel]:
                    del self._topics[channel]
                    if self._confirmed.pop(channel, None) is not None:
                        await self._send("unsubscribe", channel)

    async def close(self) -> None:
        """Stop reading and disconnect."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        await self._listening.aclose()
        await self._client.aclose()

    async def _send(self, command: str, *channels: str) -> None:
        """Tell Redis; while there is no connection the reader does it when it has one again."""
        if self._pubsub is None:
            return
        with suppress(RedisError, OSError):  # the reader meets the same error, and makes a new connection
            await getattr(self._pubsub, command)(*channels)

    async def _read_forever(self) -> None:
        pause = RECONNECT_MIN_SECONDS
        while True:
            try:
                async with self._listening.pubsub() as pubsub:
                    await self._connect(pubsub)
                    pause = RECONNECT_MIN_SECONDS
                    await self._read(pubsub)
            except (RedisError, OSError) as error:
                log.warning("live_bus_disconnected", error=str(error), retry_seconds=pause)
            finally:
                self._pubsub = None
            await asyncio.sleep(pause)
            pause = min(pause * 2, RECONNECT_MAX_SECONDS)

    async def _connect(self, pubsub: redis.client.PubSub) -> None:
        """Subscribe to what is wanted, plus one channel of ours that keeps the connection in pub/sub mode."""
        async with self._changed:
            await pubsub.subscribe(CHANNEL_PREFIX, *self._confirmed)
            self._pubsub = pubsub

    def _subscribed(self, channel: str) -> None:
        """Redis has confirmed a channel; the second time, after a lost connection, messages were missed."""
        confirmed = self._confirmed.get(channel)
        if confirmed is None:
            return
        if confirmed.is_set():
            for subscription in self._topics.get(channel, ()):
                subscription.resync()
        confirmed.set()

    async def _read(self, pubsub: redis.client.PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=None)
            if message is None:
                continue
            channel = message["channel"]
            if message["type"] == "subscribe":
                self._subscribed(channel)
            elif message["type"] == "message":
                for subscription in self._topics.get(channel, ()):
                    subscription.deliver(message["data"])
