"""The page that Prometheus reads."""

import hmac

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from server.errors import NotFound, NotSignedIn
from server.keys import SETTINGS

REGISTRY = web.AppKey("registry", CollectorRegistry)
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="metrics"'}


def add_metrics(app: web.Application) -> None:
    """Serve `/metrics` from a registry of this application's own, with the figures of this process in it."""
    app[REGISTRY] = registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    app.router.add_get("/metrics", get_metrics)


async def get_metrics(request: web.Request) -> web.Response:
    """All figures as they are now; outside any transaction, so that it answers while the database does not.

    Raises NotFound where no token is set, and NotSignedIn for another one or none.
    """
    token = request.app[SETTINGS].metrics_token
    if token is None:
        raise NotFound
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(_bytes(given.strip()), _bytes(token.get_secret_value()))
    if scheme.lower() != "bearer" or not known:
        raise NotSignedIn("The bearer token of the metrics is another one.", headers=_CHALLENGE)
    return web.Response(
        body=generate_latest(request.app[REGISTRY]),
        headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"},
    )


def _bytes(text: str) -> bytes:
    """What was sent, whatever it was: a header's bytes need not be UTF-8."""
    return text.encode("utf-8", "surrogateescape")
