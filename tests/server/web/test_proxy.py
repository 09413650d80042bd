"""Whose address counts."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from server.keys import SETTINGS
from server.settings import Settings
from server.web.guards import client_address, security_headers


@pytest.mark.parametrize(
    ("trust", "header", "address"),
    [
        (False, "203.0.113.9", "unknown"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, " 203.0.113.9 ", "203.0.113.9"),
        (True, "", "unknown"),
    ],
)
def test_only_a_trusted_proxy_is_believed(*, trust: bool, header: str, address: str) -> None:
    app = web.Application()
    app[SETTINGS] = Settings(trust_proxy=trust)
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": header}, app=app)
    assert client_address(request) == address


def test_tls_is_insisted_on_once_it_is_there() -> None:
    headers = security_headers(Settings(public_url="https://viva.example"))
    assert "Strict-Transport-Security" in headers
    assert "wss://viva.example" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in security_headers(Settings())
