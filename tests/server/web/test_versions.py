"""Versions over HTTP: ETag on what is read, If-Match on what is written."""

import pytest
from aiohttp.test_utils import make_mocked_request

from server.app import openapi_document
from server.errors import StaleVersion
from server.web.versions import IfMatch, etag, read_if_match
from tests.server.world import World


@pytest.mark.parametrize(
    ("sent", "matches", "stale"),
    [
        (None, (1, 2, 900), ()),
        ("*", (1, 2, 900), ()),
        ('"3"', (3,), (2, 4, 33)),
        ('W/"3"', (3,), (2,)),
        ("3", (3,), (2,)),
        ('"3", "5"', (3, 5), (4,)),
        ('"3", *', (3, 4), ()),
        ('"of another house"', (), (1, 2)),
        ("", (), (1,)),
        ('"-1"', (), (1,)),
        ('"99999999999999999999"', (), (1,)),
    ],
)
def test_a_change_is_for_the_versions_it_names(
    sent: str | None, matches: tuple[int, ...], stale: tuple[int, ...]
) -> None:
    headers = {} if sent is None else {"If-Match": sent}
    asked = read_if_match(make_mocked_request("PATCH", "/", headers=headers))
    for version in matches:
        asked.check(version)
    for version in stale:
        with pytest.raises(StaleVersion) as refused:
            asked.check(version)
        assert refused.value.headers["ETag"] == etag(version)


def test_tags_in_several_headers_count_together() -> None:
    from multidict import CIMultiDict

    headers = CIMultiDict([("If-Match", '"1"'), ("If-Match", '"2"')])
    assert read_if_match(make_mocked_request("PUT", "/", headers=headers)) == IfMatch(frozenset({1, 2}))


async def test_what_has_a_version_carries_it_as_etag(world: World) -> None:
    team = await world.team()
    interview = await world.interview(team)
    answer = await team.recruiter.get(f"/interviews/{interview['id']}")
    assert answer.headers["ETag"] == etag(answer.json["version"]) == '"1"'
    assert "ETag" not in (await team.recruiter.get("/interviews")).headers


def test_the_document_names_the_header() -> None:
    described = openapi_document()["paths"]["/api/v1/interviews/{interview_id}"]["get"]
    assert described["responses"]["200"]["headers"]["ETag"]["required"] is True
