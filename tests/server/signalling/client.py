"""A participant without a browser: signs in over HTTP, talks the protocol, sends media with aiortc."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType
from aiohttp.test_utils import BaseTestServer

from tests.server.media.peers import Publisher, Viewer, candidates_of
from tests.server.media.talker import Talker


class Participant:
    """One person with cookies of their own and at most one signalling socket."""

    def __init__(self, server: BaseTestServer, email: str, password: str) -> None:
        self._email = email
        self._password = password
        origin = str(server.make_url("/")).rstrip("/")
        jar = CookieJar(unsafe=True)  # the server is an address, not a name
        self.http = ClientSession(origin, headers={"Origin": origin}, cookie_jar=jar)
        self.socket: ClientWebSocketResponse | None = None
        self.heard: list[dict[str, Any]] = []
        self.close_code: int | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Participant":
        await self.call("POST", "/auth/sign-in", email=self._email, password=self._password)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()
        await self.http.close()

    async def call(self, method: str, path: str, expect: int | None = None, **body: Any) -> Any:
        """One API request; the JSON answered. Raises AssertionError for a status that was not expected."""
        async with self.http.request(method, f"/api/v1{path}", json=body or None) as response:
            text = await response.text()
            expected = response.status < 300 if expect is None else response.status == expect
            assert expected, f"{method} {path}: {response.status} {text}"
            return json.loads(text) if text else None

    async def consent(self, session_id: str) -> None:
        """Agree to the current text."""
        detail = await self.call("GET", f"/sessions/{session_id}")
        version = detail["consent"]["required_version"]
        await self.call(
            "POST", f"/sessions/{session_id}/consent", version=version, full_name="Casey Candidate"
        )

    async def connect(self, session_id: str) -> None:
        """Open the signalling socket."""
        self.heard.clear()
        self.close_code = None
        self.socket = await self.http.ws_connect(f"/api/v1/sessions/{session_id}/socket", max_msg_size=0)
        self._reader = asyncio.create_task(self._read(self.socket))

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.heard.append(json.loads(message.data))
                self._news.set()
        self.close_code = socket.close_code
        self._news.set()

    async def hang_up(self) -> None:
        """Drop the socket without a word."""
        if self.socket is not None:
            await self.socket.close()
            self.socket = None
        if self._reader is not None:
            await self._reader

    async def say(self, kind: str, /, **fields: Any) -> None:
        """Send one message."""
        assert self.socket is not None
        await self.socket.send_json({"type": kind, **fields})

    async def hear(self, kind: str, /, timeout_seconds: float = 10, **fields: Any) -> dict[str, Any]:
        """The next message of this type with these values; it and what came before it are not heard again."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                for place, message in enumerate(self.heard):
                    if message["type"] == kind and fields.items() <= message.items():
                        del self.heard[: place + 1]
                        return message
                self._news.clear()
                await self._news.wait()

    async def closed(self, timeout_seconds: float = 10) -> int | None:
        """Wait until the server closed the socket; its close code."""
        assert self._reader is not None
        await asyncio.wait_for(asyncio.shield(self._reader), timeout_seconds)
        return self.close_code

    async def hello(self, session_id: str, **fields: Any) -> dict[str, Any]:
        """Connect and say hello; the welcome."""
        await self.connect(session_id)
        await self.say("hello", **fields)
        return await self.hear("welcome")

    async def publish(self, publisher: Publisher, source: str = "camera") -> str:
        """Send a camera or screen; returns its stream id once the server has told what it receives."""
        stream_id = await self.offer(publisher, source)
        await self.hear("stream_stats", stream_id=stream_id)
        return stream_id

    async def offer(self, publisher: Publisher, source: str = "camera") -> str:
        """Begin to send a camera or screen; its stream id."""
        stream_id = str(uuid4())
        offer = await publisher.offer()
        await self.say("publish", stream_id=stream_id, source=source, sdp=offer)
        answer = await self.hear("answer", stream_id=stream_id)
        await publisher.accept(answer["sdp"])
        await self._trickle(stream_id, "publish", offer)
        return stream_id

    async def subscribe(self, viewer: Viewer, stream_id: str) -> None:
        """Receive a stream."""
        offer = await viewer.offer()
        await self.say("subscribe", stream_id=stream_id, sdp=offer)
        answer = await self.hear("answer", stream_id=stream_id, direction="subscribe")
        await viewer.accept(answer["sdp"])
        await self._trickle(stream_id, "subscribe", offer)

    async def open_channel(self, talker: Talker) -> None:
        """Open the chat's data channel."""
        stream_id = str(uuid4())
        offer = await talker.offer()
        await self.say("channel", stream_id=stream_id, sdp=offer)
        answer = await self.hear("answer", stream_id=stream_id, direction="channel")
        await talker.accept(answer["sdp"])
        await self._trickle(stream_id, "channel", offer)
        await talker.opened()

    async def enter(self, session_id: str) -> dict[str, Any]:
        """Say hello and enter; the welcome. A candidate then waits in the lobby."""
        welcome = await self.hello(session_id)
        await self.say("enter", ref="enter")
        async with asyncio.timeout(10):
            while not any(message["ref"] == "enter" for message in self.heard):
                self._news.clear()
                await self._news.wait()
        return welcome

    async def silent(self, kind: str, /, **fields: Any) -> None:
        """Nothing of the kind was said before now: the server answers in the order in which it is asked."""
        await self.say("ping", sent_at_ms=4711)
        before = list(self.heard)
        await self.hear("pong", sent_at_ms=4711)
        unheard = [message for message in before if fields.items() <= message.items()]
        assert not [message for message in unheard if message["type"] == kind]

    async def _trickle(self, stream_id: str, direction: str, offer: str) -> None:
        for line in [*candidates_of(offer), None]:
            await self.say(
                "candidate", stream_id=stream_id, direction=direction, candidate=line, sdp_m_line_index=0
            )
