"""The document says what the server does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from server.app import openapi_document
from server.web.operations import Operation
from server.web.routing import OPERATIONS
from tests.server.world import Person

METHODS = ("get", "post", "put", "patch", "delete")
NAMES = {
    "Me", "CandidateInterview", "SessionDetail", "SessionRow", "Video", "ProctoringEvent", "Review",
    "Interview", "Invite", "ErrorBody",
}  # fmt: skip


def _described() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi_document()["paths"].items():
        for method, described in methods.items():
            yield method, path, described


async def test_every_route_is_in_the_document(app: web.Application) -> None:
    described = {(method.upper(), path) for method, path, _ in _described()}
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/")
    }
    assert {route for route in served if route[0] != "HEAD"} == described


async def test_the_server_serves_what_the_command_prints(stranger: Person) -> None:
    assert (await stranger.get("/openapi.json")).json == openapi_document()
    assert json.dumps(openapi_document()) == json.dumps(openapi_document())


async def test_every_declared_refusal_is_listed(app: web.Application) -> None:
    paths = openapi_document()["paths"]
    operations: list[Operation] = app[OPERATIONS]
    assert len(operations) > 25
    for operation in operations:
        responses = paths["/api/v1" + operation.path][operation.method.lower()]["responses"]
        for refusal in operation.refusals:
            content = responses[str(refusal.status)]["content"]["application/json"]["schema"]
            assert refusal.code in content["allOf"][1]["properties"]["error"]["enum"]


def test_names_are_unique_and_references_lead_somewhere() -> None:
    document = openapi_document()
    schemas = document["components"]["schemas"]
    assert set(schemas) >= NAMES
    names = [described["operationId"] for _, _, described in _described()]
    assert len(set(names)) == len(names)
    text = json.dumps(document)
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in schemas


@pytest.mark.parametrize(("method", "path", "described"), list(_described()))
def test_every_operation_is_described(method: str, path: str, described: dict[str, Any]) -> None:
    assert method in METHODS
    assert described["summary"]
    assert "500" in described["responses"]
    signed_in = described["security"] != []
    assert (
        signed_in == ("401" in described["responses"])
        or "/auth/" in path
        or path.endswith(("/live", "/socket"))
    )
