"""The company's colour: who may set it, which ones can be read, and where it shows."""

import pytest

from tests.server.world import World

PATH = "/organisation/branding"


async def test_the_colour_shows_on_the_invitation_and_in_the_audit_log(
    world: World,
) -> None:
    team = await world.team()
    assert (await team.admin.get(PATH)).json == {"accent_color": None}
    changed = await team.admin.put(PATH, {"accent_color": "#663399"})
    assert (changed.status, changed.json) == (200, {"accent_color": "#663399"})
    assert (await team.admin.get(PATH)).json == {"accent_color": "#663399"}
    [entry] = (await team.admin.get("/audit?action=branding.")).json["items"]
    assert (entry["before"], entry["after"]) == ({"accent_color": None}, {"accent_color": "#663399"})
    rules = (await team.admin.get("/organisation/data-rules")).json
    kept = {name: rules[name] for name in ("consent_version", "retention_days", "consent_text")}
    longer = kept | {"retention_days": kept["retention_days"] + 1}
    assert (await team.admin.put("/organisation/data-rules", longer)).status == 200
    assert (await team.admin.get(PATH)).json == {"accent_color": "#663399"}
    assert (await team.admin.put(PATH, {"accent_color": None})).json == {"accent_color": None}


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "#12345g", "#663399; x", "", 5])
async def test_what_is_no_colour_is_refused(world: World, color: object) -> None:
    team = await world.team()
    assert (await team.admin.put(PATH, {"accent_color": color})).refused == (422, "bad_request")


async def test_a_colour_on_which_no_words_are_read_well_is_refused(world: World) -> None:
    team = await world.team()
    refused = await team.admin.put(PATH, {"accent_color": "#7a7a7a"})
    assert refused.refused == (422, "bad_request")
    assert refused.json["detail"][0]["field"] == "accent_color"
    for color in ("#6a6a6a", "#8a8a8a", "#ffff00", "#000000"):
        assert (await team.admin.put(PATH, {"accent_color": color})).status == 200


async def test_recruiters_see_it_and_only_administrators_set_it(world: World) -> None:
    team = await world.team()
    assert (await team.recruiter.get(PATH)).json == {"accent_color": None}
    for person in (team.interviewer, team.reviewer, await world.person()):
        assert (await person.get(PATH)).refused == (403, "not_allowed")
    for person in (team.recruiter, team.interviewer, team.reviewer, await world.person()):
        assert (await person.put(PATH, {"accent_color": "#663399"})).refused == (403, "not_allowed")
