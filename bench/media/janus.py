"""Janus VideoRoom with `record: true`, where `janus` is installed: its configuration and its HTTP API."""

import asyncio
import json
import shutil
import socket
import uuid
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

ROOM = 1
_START_SECONDS = 15
_JANUS = """
general: {{
    configs_folder = "{folder}"
    debug_level = 3
    interface = "127.0.0.1"
}}
nat: {{ nice_debug = false }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
"""
_HTTP = """
general: {{ base_path = "/janus", http = true, port = {port}, ip = "127.0.0.1", https = false }}
admin: {{ admin_http = false }}
"""
_ROOM = """
room-1: {{
    description = "bench"
    publishers = 64
    bitrate = 2500000
    audiocodec = "opus"
    videocodec = "vp8"
    record = true
    rec_dir = "{recordings}"
    notify_joining = false
}}
"""
_OTHER_PLUGINS = (
    "audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming", "textroom",
    "videocall", "voicemail",
)  # fmt: skip
_OTHER_TRANSPORTS = ("mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets")


def installed() -> str | None:
    """Path of the program, None where it is not installed."""
    return shutil.which("janus")


def configure(folder: Path) -> int:
    """Write a configuration with nothing but VideoRoom and HTTP into `folder`; the port of its API."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    recordings = folder / "recordings"
    recordings.mkdir()
    plugins = ",".join(f"libjanus_{name}.so" for name in _OTHER_PLUGINS)
    transports = ",".join(f"libjanus_{name}.so" for name in _OTHER_TRANSPORTS)
    main = _JANUS.format(folder=folder, plugins=plugins, transports=transports)
    (folder / "janus.jcfg").write_text(main)
    (folder / "janus.transport.http.jcfg").write_text(_HTTP.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text(_ROOM.format(recordings=recordings))
    return port


def command(program: str, folder: Path) -> list[str]:
    """How to start it."""
    return [
        program,
        "--configs-folder",
        str(folder),
        "--config",
        str(folder / "janus.jcfg"),
        "--disable-colors",
    ]


async def wait_until_up(port: int, http: ClientSession) -> None:
    """Wait until the API answers.

    Raises TimeoutError.
    """
    async with asyncio.timeout(_START_SECONDS):
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/janus/info") as response:
                    if response.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.1)


class JanusApi:
    """One session; a handle for each publisher."""

    def __init__(self, port: int, http: ClientSession) -> None:
        self._url = f"http://127.0.0.1:{port}/janus"
        self._http = http
        self._session = ""
        self._poll: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def open(self) -> None:
        """Create the session and listen for its events."""
        created = await self._post(self._url, {"janus": "create"})
        self._session = f"{self._url}/{created['data']['id']}"
        self._poll = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """End the session."""
        if self._poll is not None:
            self._poll.cancel()
            await self._post(self._session, {"janus": "destroy"})

    async def publish(self, name: str, offer: str) -> str:
        """Join the room as a publisher; the answer's SDP.

        Raises RuntimeError when Janus refuses, TimeoutError when it does not answer.
        """
        attached = await self._post(self._session, {"janus": "attach", "plugin": "janus.plugin.videoroom"})
        handle = f"{self._session}/{attached['data']['id']}"
        body = {"request": "joinandconfigure", "room": ROOM, "ptype": "publisher", "display": name}
        message = {"janus": "message", "body": body | {"filename": name, "record": True}}
        event = await self._request(handle, message | {"jsep": {"type": "offer", "sdp": offer}})
        if "jsep" not in event:
            raise RuntimeError(f"janus refused: {event.get('plugindata')}")
        answer: str = event["jsep"]["sdp"]
        return answer

    async def _request(self, url: str, message: dict[str, Any]) -> dict[str, Any]:
        transaction = uuid.uuid4().hex
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        await self._post(url, message | {"transaction": transaction})
        return await asyncio.wait_for(waiting, 10)

    async def _post(self, url: str, message: dict[str, Any]) -> dict[str, Any]:
        async with self._http.post(url, json={"transaction": uuid.uuid4().hex} | message) as response:
            answer: dict[str, Any] = json.loads(await response.text())
        if answer.get("janus") == "error":
            raise RuntimeError(f"janus refused: {answer['error']}")
        return answer

    async def _listen(self) -> None:
        while True:
            async with self._http.get(self._session, params={"maxev": "10"}) as response:
                events = json.loads(await response.text())
            for event in events if isinstance(events, list) else [events]:
                waiting = self._waiting.pop(event.get("transaction", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(event)
