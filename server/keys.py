"""What hangs on the application and on a request."""

from collections.abc import Callable
from uuid import UUID

from aiohttp import web

from server.live.bus import LiveBus
from server.settings import Settings
from server.signing import SigningKeys
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files

Presence = Callable[[UUID], bool]
"""Whether somebody is connected to the session with this id."""

SETTINGS = web.AppKey("settings", Settings)
SIGNING = web.AppKey("signing", SigningKeys)
DATABASE = web.AppKey("database", Database)
FILES = web.AppKey("files", Files)
BUS = web.AppKey[LiveBus]("bus")
PRESENCE = web.AppKey[Presence]("presence")

UOW = web.RequestKey("uow", UnitOfWork)
