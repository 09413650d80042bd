"""The integrity score: the sum itself, and how it follows verdicts, events and weights."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.types import EventType, Incident, IncidentChange, Phase
from proctoring.types import Severity as Grade
from server.evidence import service
from server.evidence.models import Severity, Verdict
from server.evidence.score import Counted, Weights, integrity_score, score_value
from server.keys import FILES
from tests.server.world import Sitting, World

WEIGHTS = {
    "no_face": Weights(dict(zip(Severity, (2, 4, 8, 15), strict=True)), 20),
    "paste": Weights(dict(zip(Severity, (0.5, 1, 2, 3), strict=True)), 90),
    "connection_lost": Weights(dict.fromkeys(Severity, 0), 0),
}


def _event(kind: str, severity: str, verdict: str = "none") -> Counted:
    return Counted(uuid4(), kind, Severity(severity), Verdict(verdict))


def test_nothing_takes_nothing_off() -> None:
    assert integrity_score([], WEIGHTS).value == 100


def test_the_sum_line_by_line() -> None:
    events = [
        _event("paste", "low"),
        _event("no_face", "medium"),
        _event("no_face", "high", "confirmed"),
        _event("no_face", "medium"),
        _event("no_face", "critical", "dismissed"),
        _event("connection_lost", "medium"),
        _event("unheard_of", "critical"),
    ]
    found = integrity_score(events, WEIGHTS)
    assert [
        (line.event_type, line.severity, line.count, line.points_each, line.points) for line in found.lines
    ] == [
        ("no_face", "high", 1, 8, 8),
        ("no_face", "medium", 2, 4, 8),
        ("paste", "low", 1, 0.5, 0.5),
        ("connection_lost", "medium", 1, 0, 0),
    ]
    assert set(found.lines[1].event_ids) == {events[1].id, events[3].id}
    assert (found.value, found.points) == (83.5, 16.5)


def test_a_type_takes_at_most_its_most() -> None:
    found = integrity_score(
        [_event("no_face", "high") for _ in range(2)] + [_event("no_face", "medium")] * 3, WEIGHTS
    )
    assert [line.points for line in found.lines] == [16, 4]
    assert {line.most_points for line in found.lines} == {20}
    assert found.value == 80


def test_it_is_never_below_nothing() -> None:
    weights = {kind: Weights(dict.fromkeys(Severity, 60), 60) for kind in ("no_face", "paste")}
    found = integrity_score([_event("no_face", "low"), _event("paste", "low")], weights)
    assert (found.value, found.points) == (0, 120)


EVENTS = st.lists(
    st.builds(
        Counted,
        st.uuids(),
        st.sampled_from([*WEIGHTS, "unheard_of"]),
        st.sampled_from(Severity),
        st.sampled_from(Verdict),
    ),
    max_size=40,
)


@given(events=EVENTS, seed=st.randoms())
def test_the_lines_make_the_sum_in_any_order(events: list[Counted], seed: Any) -> None:
    found = integrity_score(events, WEIGHTS)
    assert found.points == pytest.approx(sum(line.points for line in found.lines))
    assert found.value == pytest.approx(max(0, 100 - found.points))
    shuffled = list(events)
    seed.shuffle(shuffled)
    assert integrity_score(shuffled, WEIGHTS) == found
    counted = [each for line in found.lines for each in line.event_ids]
    assert sorted(counted) == sorted(
        event.id for event in events if event.event_type in WEIGHTS and event.verdict is not Verdict.DISMISSED
    )


@given(events=EVENTS)
def test_the_value_of_lists_is_that_of_the_sum(events: list[Counted]) -> None:
    counts = Counter(
        (event.event_type, event.severity) for event in events if event.verdict is not Verdict.DISMISSED
    )
    assert score_value(counts, WEIGHTS) == pytest.approx(integrity_score(events, WEIGHTS).value, abs=0.011)


# --- in the API


async def _raise(world: World, sitting: Sitting, video_id: UUID, kind: EventType, grade: Grade) -> str:
    incident = Incident(uuid4(), kind, grade, 0, 5000, {}, {}, "d", "1")
    async with world.database.begin() as uow:
        await service.record_change(
            uow,
            world.app[FILES],
            session_id=sitting.id,
            video_id=video_id,
            question_id=None,
            change=IncidentChange(Phase.CLOSED, incident),
        )
    return str(incident.incident_id)


async def _score(sitting: Sitting) -> Any:
    """The score as the review shows it; the list has to say the same."""
    score = (await sitting.team.recruiter.get(f"{sitting.path}/review")).json["score"]
    rows = (await sitting.team.recruiter.get("/sessions")).json["items"]
    [listed] = [row["integrity_score"] for row in rows if row["id"] == str(sitting.id)]
    assert listed == (score["value"] if score else None)
    return score


async def test_there_is_no_score_where_nothing_was_looked_at(world: World) -> None:
    sitting = await world.sitting()
    assert await _score(sitting) is None, "nothing is recorded yet"
    await world.video(sitting)
    assert (await _score(sitting))["value"] == 100
    team = await world.team("Other")
    await team.admin.put("/proctoring/policy", {"version": 0, "preset": "off"})
    unwatched = await world.sitting(team)
    await world.video(unwatched)
    assert await _score(unwatched) is None, "nothing was watched for"


async def test_it_follows_verdicts(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    one = await _raise(world, sitting, video_id, EventType.NO_FACE, Grade.HIGH)
    await _raise(world, sitting, video_id, EventType.CONNECTION_LOST, Grade.MEDIUM)
    score = await _score(sitting)
    assert (score["value"], score["points"], score["policy_origin"]) == (92, 8, "preset")
    assert score["lines"][0] == {
        "event_type": "no_face",
        "severity": "high",
        "count": 1,
        "points_each": 8,
        "points": 8,
        "most_points": 40,
        "event_ids": [one],
    }
    recruiter = sitting.team.recruiter
    for verdict, value in (("confirmed", 92), ("dismissed", 100), ("none", 92)):
        await recruiter.patch(f"/events/{one}", {"verdict": verdict})
        assert (await _score(sitting))["value"] == value
    await _raise(world, sitting, video_id, EventType.PASTE, Grade.MEDIUM)
    assert (await _score(sitting))["value"] == 87


async def test_it_follows_the_weights_in_force(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    await _raise(world, sitting, video_id, EventType.NO_FACE, Grade.HIGH)
    team = sitting.team
    await team.admin.put("/proctoring/policy", {"version": 0, "preset": "gentle"})
    score = await _score(sitting)
    assert (score["value"], score["policy_origin"]) == (96, "organisation")
    path = f"/interviews/{sitting.interview['id']}/proctoring-policy"
    await team.recruiter.put(path, {"version": 0, "preset": "strict"})
    score = await _score(sitting)
    assert (score["value"], score["policy_origin"], score["policy_version"]) == (88, "interview", 1)
    await team.recruiter.delete(f"{path}?version=1")
    assert (await _score(sitting))["value"] == 96


async def test_two_reviewers_at_once_leave_the_right_sum(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    events = [await _raise(world, sitting, video_id, EventType.NO_FACE, Grade.MEDIUM) for _ in range(6)]
    assert (await _score(sitting))["value"] == 76
    first, second = sitting.team.recruiter, sitting.team.admin
    answers = await asyncio.gather(
        *(first.patch(f"/events/{event}", {"verdict": "dismissed"}) for event in events[:3]),
        *(second.patch(f"/events/{event}", {"verdict": "dismissed"}) for event in events[2:5]),
    )
    assert {answer.status for answer in answers} == {200}
    score = await _score(sitting)
    assert (score["value"], score["lines"][0]["event_ids"]) == (96, [events[5]])
