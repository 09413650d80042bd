"""STUN and TURN servers for one participant, with credentials for a day (draft-uberti-behave-turn-rest)."""

import base64
import hashlib
import hmac
import time

from aiortc import RTCIceServer

from server.media.ice import IceOptions
from server.media.udp import MediaPorts
from server.protocol.from_server import IceServer
from server.settings import Settings

CREDENTIAL_SECONDS = 24 * 3600


def ice_servers_for(settings: Settings, user_id: str) -> list[IceServer]:
    """What this participant's browser may use."""
    servers = [IceServer(urls=list(settings.stun_urls))] if settings.stun_urls else []
    if settings.turn_urls and settings.turn_secret is not None:
        username = f"{int(time.time()) + CREDENTIAL_SECONDS}:{user_id}"
        key = settings.turn_secret.get_secret_value().encode()
        digest = hmac.new(key, username.encode(), hashlib.sha1).digest()  # the TURN REST scheme says SHA-1
        servers.append(
            IceServer(
                urls=list(settings.turn_urls), username=username, credential=base64.b64encode(digest).decode()
            )
        )
    return servers


def own_ice(settings: Settings, ports: MediaPorts) -> IceOptions:
    """How the server's own side of every connection is made."""
    stun = (RTCIceServer(urls=list(settings.stun_urls)),) if settings.stun_urls else ()
    return IceOptions(ports, stun, settings.media_announced, settings.media_candidates)
