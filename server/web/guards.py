"""What every request passes: refusals rendered once, the Origin check, security headers."""

from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from server.errors import (
    BadRequest,
    BodyTooLarge,
    Internal,
    MethodNotAllowed,
    NotFound,
    OriginNotAllowed,
    VivaError,
)
from server.keys import SETTINGS
from server.settings import Settings
from server.web.operations import SAFE_METHODS
from server.web.routing import ON_RESPONSE, json_response

log = structlog.get_logger()

ACCESS_COOKIE = "viva_access"
REFRESH_COOKIE = "viva_refresh"
BODY_LIMIT_BYTES = 1024 * 1024

PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), screen-wake-lock=(self), "
    "autoplay=(self), geolocation=(), payment=(), usb=()"
)


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Render every error as {"error", "detail"}; what nobody foresaw is logged and says nothing of itself."""
    try:
        response = await handler(request)
    except VivaError as refusal:
        response = _render(refusal)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _render(_as_refusal(error))
    except (ConnectionResetError, ConnectionAbortedError):
        raise  # the client left; there is nobody to tell
    except Exception:
        log.exception("request_failed", method=request.method, path=request.path)
        response = _render(Internal())
    for change in request.get(ON_RESPONSE, ()):
        change(response)
    return response


def _render(refusal: VivaError) -> web.Response:
    response = json_response(refusal.body(), status=refusal.status)
    response.headers.update(refusal.headers)
    return response


def _as_refusal(error: web.HTTPException) -> VivaError:
    """aiohttp's own errors in our words."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        return MethodNotAllowed(headers={"Allow": ", ".join(sorted(error.allowed_methods))})
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return BodyTooLarge()
    if error.status == 404:
        return NotFound()
    return BadRequest(error.reason)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse changes that another site makes in a signed-in person's name."""
    if request.method not in SAFE_METHODS:
        check_origin(request)
    return await handler(request)


def check_origin(request: web.Request) -> None:
    """Raise OriginNotAllowed for a foreign Origin, and for none where cookies would sign the request in.

    Browsers send Origin with every unsafe request and every WebSocket; programs that send neither Origin nor
    cookies use a bearer token, which no other site can make a browser send.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        if ACCESS_COOKIE in request.cookies or REFRESH_COOKIE in request.cookies:
            raise OriginNotAllowed
        return
    if origin != request.app[SETTINGS].public_origin and _host_of(origin) != request.host:
        raise OriginNotAllowed


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # brackets that do not close
        return None


def client_address(request: web.Request) -> str:
    """The address a request came from; behind a trusted proxy what that proxy saw."""
    if request.app[SETTINGS].trust_proxy:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return plain(forwarded)[:45]
    return request.remote or "unknown"


def plain(header: str) -> str:
    """A header's text as a database can keep it: bytes that are no UTF-8 are shown as question marks."""
    return header.encode(errors="replace").decode()


def page_policy(settings: Settings, nonce: str = "") -> str:
    """What a page may load and run: our own files, and style elements that carry the page's `nonce`."""
    host = urlsplit(settings.public_url).netloc
    scheme = "wss" if settings.https else "ws"
    policy = {
        "default-src": "'self'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "style-src": f"'self' 'nonce-{nonce}'" if nonce else "'self'",
        "connect-src": f"'self' {scheme}://{host}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def security_headers(settings: Settings) -> dict[str, str]:
    """Headers of every response that does not bring its own."""
    headers = {
        "Content-Security-Policy": page_policy(settings),
        "Permissions-Policy": PERMISSIONS,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def add_security_headers(app: web.Application, settings: Settings) -> None:
    """Put them on everything the application sends, WebSocket handshakes and files included."""
    headers = security_headers(settings)

    async def prepare(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = "Viva"  # not which versions of what
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    app.on_response_prepare.append(prepare)
