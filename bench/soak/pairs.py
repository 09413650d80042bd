"""Pairs of people in live sessions of the whole server: invite, consent, meet, drop out, come back, end."""

import asyncio
import json
import random
import sys
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, CookieJar, TCPConnector, WSMsgType

from bench.media.endpoint import Counts
from bench.media.peer import Peer
from bench.soak.crowd import small_camera, vanish

PASSWORD = "coming and going"
REFRESH_SECONDS = 600.0
NEWS_SECONDS = 15.0
MOST_HEARD = 200
WARM_UP_PAIRS = 6


class Person:
    """Somebody with cookies of their own, at most one signalling socket, and PeerConnections."""

    def __init__(self, address: str, email: str) -> None:
        self.email = email
        jar = CookieJar(unsafe=True)  # the server is an address, not a name
        connector = TCPConnector(force_close=True)  # an idle connection would be the server's descriptor
        self._http = ClientSession(address, headers={"Origin": address}, cookie_jar=jar, connector=connector)
        self._socket: ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._heard: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._refreshed = asyncio.get_running_loop().time()
        self.peers: list[Peer] = []
        self.id = ""

    async def sign_up(self, full_name: str, **organisation: str) -> None:
        """Become somebody; with `organisation_name` a recruiter of one's own company."""
        body = {"email": self.email, "password": PASSWORD, "full_name": full_name, **organisation}
        self.id = (await self.call("POST", "/auth/sign-up", **body))["user"]["id"]

    async def call(self, method: str, path: str, **body: Any) -> Any:
        """One request; the JSON answered. Raises ClientError when it is refused."""
        async with self._http.request(method, f"/api/v1{path}", json=body or None) as response:
            response.raise_for_status()
            text = await response.text()
            return json.loads(text) if text else None

    async def stay_signed_in(self) -> None:
        """Access tokens hold for 15 minutes."""
        now = asyncio.get_running_loop().time()
        if now - self._refreshed > REFRESH_SECONDS:
            self._refreshed = now
            await self.call("POST", "/auth/refresh")

    async def hello(self, session_id: str) -> None:
        """Open the signalling socket; a seat still warm is taken over."""
        self._heard.clear()
        self._socket = await self._http.ws_connect(f"/api/v1/sessions/{session_id}/socket", max_msg_size=0)
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.say("hello", take_over=True)
        await self.hear("welcome")

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._heard.append(json.loads(message.data))
                del self._heard[:-MOST_HEARD]
                self._news.set()

    async def say(self, kind: str, **fields: Any) -> None:
        """Send one message."""
        if self._socket is None or self._socket.closed:
            raise ConnectionError("no socket")
        await self._socket.send_json({"type": kind, **fields})

    async def hear(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of this type with these values; raises TimeoutError."""
        async with asyncio.timeout(NEWS_SECONDS):
            while True:
                for place, message in enumerate(self._heard):
                    if message["type"] == kind and fields.items() <= message.items():
                        del self._heard[: place + 1]
                        return message
                self._news.clear()
                await self._news.wait()

    async def connect(self, peer: Peer, kind: str, stream_id: str, **fields: Any) -> None:
        """Publish or subscribe over a new PeerConnection."""
        self.peers.append(peer)
        offer = await peer.offer()
        await self.say(kind, stream_id=stream_id, sdp=offer, **fields)
        answer = await self.hear("answer", stream_id=stream_id)
        for line in offer.splitlines():
            if line.startswith("a=candidate:"):
                await self.say(
                    "candidate", stream_id=stream_id, direction=kind, candidate=line[2:], sdp_m_line_index=0
                )
        await peer.accept(answer["sdp"])

    async def drop(self, *, silently: bool) -> None:
        """Be gone: without another packet, or with the goodbye of a closed tab."""
        peers, self.peers = self.peers, []
        await (vanish(peers) if silently else asyncio.gather(*(peer.close() for peer in peers)))
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
        if self._reader is not None:
            await asyncio.wait([self._reader])
            self._reader = None

    async def close(self) -> None:
        """Put everything away."""
        await self.drop(silently=False)
        await self._http.close()


class Pairs:
    """As many live sessions at once as there are pairs of peers, until they are told to stop."""

    def __init__(self, http: ClientSession, address: str, stay_seconds: tuple[float, float]) -> None:
        self._address = address
        self._stay_seconds = stay_seconds
        self._chance = random.Random(7)
        self._canned, self._counts = small_camera(), Counts()
        self._pairs: dict[str, tuple[Person, Person]] = {}
        self.joins = self.failed_joins = self.recordings = self.frames = 0
        self.stopping = asyncio.Event()

    async def warm_up(self) -> None:
        """As many pairs meet as will at once later: what the server keeps for good is there after that."""
        pairs = await asyncio.gather(*(self._pair(f"first-{number}") for number in range(WARM_UP_PAIRS)))
        await asyncio.gather(*(self._meeting(*pair) for pair in pairs))

    async def empty(self, _http: ClientSession) -> None:
        """Nobody is in a session any more when this is called."""

    async def end(self, _http: ClientSession) -> dict[str, int]:
        """Everybody goes home."""
        for candidate, interviewer in self._pairs.values():
            await candidate.close()
            await interviewer.close()
        return {"frames": self.frames, "recordings": self.recordings}

    async def live(self, who: str) -> None:
        """One pair: meeting after meeting. Every second of the peers leads one."""
        if int(who.rpartition("-")[2]) % 2:
            return
        candidate, interviewer = await self._pair(who)
        while not self.stopping.is_set():
            await self._pause(self._chance.uniform(0, 1))
            try:
                await self._meeting(candidate, interviewer)
            except (ClientError, TimeoutError, ConnectionError, OSError) as error:
                self.failed_joins += 1
                print(f"meeting failed: {error!r}", file=sys.stderr)
            await asyncio.gather(candidate.drop(silently=False), interviewer.drop(silently=False))

    async def _pair(self, who: str) -> tuple[Person, Person]:
        candidate = Person(self._address, f"candidate-{who}@soak.example")
        interviewer = Person(self._address, f"interviewer-{who}@soak.example")
        self._pairs[who] = candidate, interviewer
        await candidate.sign_up(f"Candidate {who}")
        await interviewer.sign_up(f"Interviewer {who}", organisation_name=f"Soak {who}")
        return candidate, interviewer

    async def _meeting(self, candidate: Person, interviewer: Person) -> None:
        """A whole live interview, in which the candidate drops out up to two times."""
        session_id = await self._invited(candidate, interviewer)
        await interviewer.hello(session_id)
        await interviewer.say("enter")
        await interviewer.hear("entered")
        await interviewer.connect(Peer(self._counts, self._canned), "publish", str(uuid4()), source="camera")
        for round_number in range(self._chance.choice((1, 2, 3))):
            await self._sit(candidate, interviewer, session_id, first=round_number == 0)
            if self.stopping.is_set():
                break
        await interviewer.say("end_session")
        await interviewer.hear("session_ended")
        self.recordings += 1

    async def _invited(self, candidate: Person, interviewer: Person) -> str:
        for person in (candidate, interviewer):
            await person.stay_signed_in()
        interview = await interviewer.call(
            "POST",
            "/interviews",
            title="Soak",
            description="",
            kind="live",
            think_seconds=0,
            answer_seconds=600,
            takes=1,
            questions=[{"text": "Are you still there?"}],
            interviewer_ids=[interviewer.id],
        )
        path = f"/interviews/{interview['id']}/invites"
        invited = await interviewer.call("POST", path, emails=[candidate.email])
        await candidate.call("POST", "/candidate/interviews", code=invited["items"][0]["code"])
        session = await candidate.call("POST", f"/candidate/interviews/{interview['id']}/session")
        version = session["consent"]["required_version"]
        await candidate.call("POST", f"/sessions/{session['id']}/consent", version=version, full_name="Soak")
        return str(session["id"])

    async def _sit(self, candidate: Person, interviewer: Person, session_id: str, *, first: bool) -> None:
        """The candidate comes in, is seen, stays, and goes; the last one's end is the session's."""
        await candidate.hello(session_id)
        stream_id = str(uuid4())
        await candidate.connect(Peer(self._counts, self._canned), "publish", stream_id, source="camera")
        await candidate.say("enter")
        if first:
            await candidate.hear("waiting")
            await interviewer.say("admit", participant_id=candidate.id)
        await candidate.hear("entered")
        await interviewer.connect(Peer(self._counts, None), "subscribe", stream_id)
        self.joins += 2
        await self._pause(self._chance.uniform(*self._stay_seconds))
        await candidate.drop(silently=self._chance.random() < 0.5)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            pass
