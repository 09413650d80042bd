"""Live notifications between transactions and screens.

They only say that something changed: whoever reconnects, or is told to `resync`, reads the database again.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, Self

QUEUE_MESSAGES = 256
RESYNC: dict[str, Any] = {"type": "resync"}


class Subscription:
    """One listener's messages. When it falls behind, one `resync` replaces all that waits."""

    def __init__(self, size: int = QUEUE_MESSAGES) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue(size)

    def deliver(self, text: str) -> None:
        """Queue one message, as JSON."""
        if self._queue.full():
            self.resync()
        else:
            self._queue.put_nowait(text)

    def resync(self) -> None:
        """Replace everything that waits by the advice to read the database again."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(json.dumps(RESYNC))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self._queue.get())
        return message


class LiveBus(Protocol):
    """Publish to a topic; everybody subscribed at that moment gets it, in order, at most once."""

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Send a message that JSON can carry."""

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """Listen inside the block: whatever is published after entering it arrives."""

    async def close(self) -> None:
        """Stop; listeners get nothing more."""


class InProcessBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._topics: defaultdict[str, set[Subscription]] = defaultdict(set)

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Hand the message to the listeners of this process."""
        text = json.dumps(message)
        for subscription in self._topics.get(topic, ()):
            subscription.deliver(text)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[Subscription]:
        """Listen inside the block."""
        subscription = Subscription()
        self._topics[topic].add(subscription)
        try:
            yield subscription
        finally:
            self._topics[topic].discard(subscription)
            if not self._topics[topic]:
                del self._topics[topic]

    async def close(self) -> None:
        """Nothing is held."""


async def open_bus(redis_url: str | None) -> LiveBus:
    """The bus for this configuration: Redis when it has a URL, this process otherwise."""
    if redis_url is None:
        return InProcessBus()
    from server.live.redis_bus import RedisBus  # one process alone does without it, and without its memory

    return await RedisBus(redis_url).start()
