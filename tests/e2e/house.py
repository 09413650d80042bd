"""The whole house as its users meet it: `viva serve --demo` in a process of its own.

Starting one takes seconds, and most tests do nothing to it: they are visits to the same house, each with a
candidate and interviews that no other test has.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar

from server.accounts.models import Role
from server.demo import CANDIDATE, DOMAIN, LIVE, ONE_WAY
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class Place(Protocol):
    """Where a test meets the house: its own, or a visit to one that is shared."""

    @property
    def url(self) -> str: ...

    @property
    def password(self) -> str: ...

    @property
    def candidate(self) -> str: ...

    def code(self, title: str) -> str: ...


class House:
    """A server that can be started, killed and started again on the same data."""

    def __init__(
        self,
        database_url: str,
        data_dir: Path,
        models_dir: Path,
        *,
        url: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.url = url or f"http://localhost:{self.port}"
        self.data_dir = data_dir
        self._environment = os.environ | {
            "DATABASE_URL": database_url,
            "VIVA_DATA_DIR": str(data_dir),
            "VIVA_MODELS_DIR": str(models_dir),
            "VIVA_PORT": str(self.port),
            "VIVA_PUBLIC_URL": self.url,
            "VIVA_WEB_DIR": str(ROOT / "web" / "dist"),
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def candidate(self) -> str:
        """The demo's candidate."""
        return CANDIDATE

    @property
    def runs(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.data_dir / "server.log"

    async def start(self) -> None:
        """Start and wait until it answers.

        Raises AssertionError with the log when it does not.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", "serve", "--demo"],
                env=self._environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
            )
        async with ClientSession(timeout=ClientTimeout(total=2)) as http:
            for _ in range(START_SECONDS * 10):
                assert self._process.poll() is None, self.log.read_text()
                try:
                    async with http.get(f"http://localhost:{self.port}/readyz") as response:
                        if response.status == 200:
                            return
                except (ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    async def stop(self) -> None:
        """End it in an orderly way."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            await asyncio.to_thread(self._process.wait, 30)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def password(self) -> str:
        """The password of everybody in the demo."""
        password: str = json.loads((self.data_dir / "demo.json").read_text())["password"]
        return password

    def code(self, title: str) -> str:
        """The candidate's invite code for one of the demo's interviews."""
        code: str = json.loads((self.data_dir / "demo.json").read_text())["codes"][title]
        return code


@dataclass(frozen=True, slots=True)
class Visit:
    """A house that others use too, with a candidate who is invited to interviews of their own."""

    url: str
    password: str
    candidate: str
    codes: Mapping[str, str]

    def code(self, title: str) -> str:
        """The candidate's invite code for their own copy of one of the demo's interviews."""
        return self.codes[title]


async def visit(house: House) -> Visit:
    """Make somebody new, and invite them to new interviews that are like the demo's."""
    candidate = f"candidate-{uuid4().hex}@{DOMAIN}"
    who = {"email": candidate, "password": house.password, "full_name": "Casey Candidate"}
    async with _client(house) as http:
        await _call(http, "auth/sign-up", who)
    async with _client(house) as http:
        recruiter = {"email": f"{Role.RECRUITER}@{DOMAIN}", "password": house.password}
        await _call(http, "auth/sign-in", recruiter)
        async with http.get("people") as response:
            panel = [
                person["id"]
                for person in (await response.json())["items"]
                if person["role"] in (Role.INTERVIEWER, Role.RECRUITER)
            ]
        codes = {}
        for like, who_leads in ((ONE_WAY, []), (LIVE, panel)):
            new = like.model_dump(mode="json") | {"interviewer_ids": who_leads}
            interview = await _call(http, "interviews", new)
            made = await _call(http, f"interviews/{interview['id']}/invites", {"emails": [candidate]})
            codes[like.title] = made["items"][0]["code"]
    return Visit(house.url, house.password, candidate, codes)


def _client(house: House) -> ClientSession:
    return ClientSession(
        f"{house.url}/api/v1/", headers={"Origin": house.url}, cookie_jar=CookieJar(unsafe=True)
    )


async def _call(http: ClientSession, path: str, body: Any) -> Any:
    """Send something to the API; what it answers."""
    async with http.post(path, json=body) as response:
        assert response.ok, await response.text()
        return await response.json()
