"""People who use the API, and short ways to the situations tests need."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from server.accounts.models import Role
from server.accounts.service import add_member
from server.keys import FILES
from server.recordings.models import VideoContainer, VideoSource
from server.recordings.service import FinishedFile, mark_finalising, mark_ready, start_video, storage_key
from server.storage.base import new_id
from server.storage.db import Database

PASSWORD = "correct horse battery"
API = "/api/v1"
Json = Any


class VirtualClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)


@dataclass(slots=True)
class Answer:
    """A response, read."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    json: Json

    @property
    def refused(self) -> tuple[int, str]:
        """Status and code of a refusal."""
        return self.status, self.json["error"]


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.origin = str(client.make_url("/")).rstrip("/")
        self.me: Json = None

    async def ask(self, method: str, path: str, body: Json = None, **options: Any) -> Answer:
        """Send a request as this person's browser would."""
        headers = {"Origin": self.origin} if method != "GET" else {}
        headers |= options.pop("headers", {})
        async with self.client.request(method, API + path, json=body, headers=headers, **options) as response:
            raw = await response.read()
            is_json = response.content_type == "application/json" and raw
            return Answer(response.status, response.headers, raw, await response.json() if is_json else None)

    async def get(self, path: str, **options: Any) -> Answer:
        """Read."""
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Json = None, **options: Any) -> Answer:
        """Create or act."""
        return await self.ask("POST", path, body, **options)

    async def put(self, path: str, body: Json, **options: Any) -> Answer:
        """Replace."""
        return await self.ask("PUT", path, body, **options)

    async def patch(self, path: str, body: Json, **options: Any) -> Answer:
        """Change."""
        return await self.ask("PATCH", path, body, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        """Remove."""
        return await self.ask("DELETE", path, **options)

    def watch(self, path: str, **options: Any) -> Any:
        """Open a WebSocket."""
        headers = {"Origin": self.origin} | options.pop("headers", {})
        return self.client.ws_connect(API + path, headers=headers, **options)

    @property
    def id(self) -> str:
        """The person's id."""
        return str(self.me["user"]["id"])

    @property
    def email(self) -> str:
        """The person's e-mail."""
        return str(self.me["user"]["email"])


@dataclass(slots=True)
class Team:
    """An organisation with one person of each role."""

    id: UUID
    admin: Person
    recruiter: Person
    interviewer: Person
    reviewer: Person

    @property
    def everybody(self) -> dict[str, Person]:
        """The people by role."""
        return {
            "admin": self.admin,
            "recruiter": self.recruiter,
            "interviewer": self.interviewer,
            "reviewer": self.reviewer,
        }


@dataclass(slots=True)
class Sitting:
    """A candidate in an interview."""

    team: Team
    candidate: Person
    interview: Json
    session: Json

    @property
    def id(self) -> UUID:
        """The session's id."""
        return UUID(self.session["id"])

    @property
    def path(self) -> str:
        """The session's path in the API."""
        return f"/sessions/{self.id}"

    def question(self, index: int = 0) -> UUID:
        """The id of a question."""
        return UUID(self.session["questions"][index]["id"])


class World:
    """Makes people and situations."""

    def __init__(
        self, server: TestServer, database: Database, clock: VirtualClock, stack: AsyncExitStack
    ) -> None:
        app = server.app
        assert isinstance(app, web.Application)
        self.app = app
        self.database = database
        self.clock = clock
        self._server = server
        self._stack = stack
        self._count = 0

    async def somebody(self) -> Person:
        """A browser nobody has signed in with."""
        jar = aiohttp.CookieJar(unsafe=True)  # the test server has an address, not a name
        client: TestClient[Any, Any] = TestClient(self._server, cookie_jar=jar)
        self._stack.push_async_callback(client.session.close)
        return Person(client)

    async def person(self, name: str = "Sam Sample", organisation: str | None = None) -> Person:
        """Somebody who has just signed up."""
        self._count += 1
        person = await self.somebody()
        body = {"email": f"person{self._count}@example.com", "password": PASSWORD, "full_name": name}
        if organisation:
            body["organisation_name"] = organisation
        answer = await person.post("/auth/sign-up", body)
        assert answer.status == 201, answer
        person.me = answer.json
        return person

    async def team(self, name: str = "Northwind") -> Team:
        """An organisation with its people."""
        admin = await self.person("Ada Admin", organisation=name)
        organisation_id = UUID(admin.me["memberships"][0]["organisation"]["id"])
        people = {}
        for role in (Role.RECRUITER, Role.INTERVIEWER, Role.REVIEWER):
            people[role.value] = await self.person(f"{role.value.title()} of {name}")
            async with self.database.begin() as uow:
                add_member(uow, organisation_id, UUID(people[role.value].id), role)
        return Team(organisation_id, admin, **people)

    async def interview(self, team: Team, kind: str = "one_way", **changes: Any) -> Json:
        """An interview with two questions."""
        body: Json = {
            "title": "Engineer",
            "description": "A conversation",
            "kind": kind,
            "think_seconds": 10,
            "answer_seconds": 60,
            "takes": 2,
            "questions": [{"text": "Why?"}, {"text": "How?", "answer_seconds": 30}],
            "interviewer_ids": [] if kind == "one_way" else [team.interviewer.id, team.recruiter.id],
        }
        answer = await team.recruiter.post("/interviews", body | changes)
        assert answer.status == 201, answer
        return answer.json

    async def code(self, team: Team, interview: Json, email: str) -> str:
        """The code of a fresh invitation."""
        answer = await team.recruiter.post(f"/interviews/{interview['id']}/invites", {"emails": [email]})
        assert answer.status == 201, answer
        assert answer.json["items"][0]["error"] is None, answer
        return str(answer.json["items"][0]["code"])

    async def sitting(
        self, team: Team | None = None, kind: str = "one_way", *, consent: bool = True, **changes: Any
    ) -> Sitting:
        """A candidate who has accepted an invitation and, unless told otherwise, agreed."""
        team = team or await self.team()
        candidate = await self.person("Casey Candidate")
        interview = await self.interview(team, kind, **changes)
        code = await self.code(team, interview, candidate.email)
        assert (await candidate.post("/candidate/interviews", {"code": code})).status == 201
        opened = await candidate.post(f"/candidate/interviews/{interview['id']}/session")
        assert opened.status == 200, opened
        sitting = Sitting(team, candidate, interview, opened.json)
        if consent:
            version = opened.json["consent"]["required_version"]
            agreed = {"version": version, "full_name": "Casey Candidate"}
            assert (await candidate.post(f"{sitting.path}/consent", agreed)).status == 201
        return sitting

    async def video(self, sitting: Sitting, question: int | None = 0, content: bytes | None = None) -> UUID:
        """A recording; with `content` it is finished and in the store."""
        async with self.database.begin() as uow:
            video = await start_video(
                uow,
                session_id=sitting.id,
                question_id=None if question is None else sitting.question(question),
                participant_id=UUID(sitting.candidate.id),
                source=VideoSource.CAMERA,
            )
        if content is not None:
            await self.finish(sitting, video.id, content)
        return video.id

    async def finish(self, sitting: Sitting, video_id: UUID, content: bytes = b"webm" * 100) -> None:
        """A recording's file is made."""
        key = storage_key(sitting.id, video_id, VideoContainer.WEBM)
        await self.app[FILES].put(key, content)
        file = FinishedFile(
            container=VideoContainer.WEBM,
            video_codec="vp8",
            audio_codec="opus",
            width=1280,
            height=720,
            duration_ms=12_000,
            bytes=len(content),
            sha256="0" * 64,
            storage_key=key,
            thumbnail_key=None,
        )
        async with self.database.begin() as uow:
            await mark_finalising(uow, video_id)
            await mark_ready(uow, video_id, file)


def unknown_id() -> UUID:
    """An id of nothing."""
    return new_id()
