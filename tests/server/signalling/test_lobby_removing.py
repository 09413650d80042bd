"""Who is put out, and who may do so."""

from typing import Any
from uuid import uuid4

import pytest

from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.test_lobby import admitted, my_id


async def test_a_removed_candidate_knocks_again(
    candidate: Participant, interviewer: Participant, recruiter: Participant, live: dict[str, Any]
) -> None:
    publisher = Publisher()
    await candidate.consent(live["id"])
    me = await admitted(candidate, interviewer, live["id"])
    await recruiter.enter(live["id"])
    await candidate.publish(publisher)
    await interviewer.hear("recording", state="recording")
    await interviewer.say("remove", participant_id=me)
    error = await candidate.hear("error", error="removed")
    assert error["fatal"] is True
    assert await candidate.closed() == 4403
    for person in (interviewer, recruiter):
        await person.hear("participant_left", participant_id=me, reason="removed")
    await interviewer.hear("recording", state="ready", timeout_seconds=20)
    await candidate.hello(live["id"])
    await candidate.say("enter", ref="again")
    await candidate.hear("waiting", ref="again")
    await publisher.close()


async def test_a_removed_interviewer_may_not_come_back(
    candidate: Participant, interviewer: Participant, recruiter: Participant, live: dict[str, Any]
) -> None:
    await interviewer.enter(live["id"])
    them = (await recruiter.enter(live["id"]))["participant_id"]
    await interviewer.say("remove", participant_id=them)
    await recruiter.hear("error", error="removed", fatal=True)
    assert await recruiter.closed() == 4403
    await interviewer.say("leave")
    await interviewer.closed()
    await recruiter.connect(live["id"])  # not even once everybody is gone
    await recruiter.say("hello")
    await recruiter.hear("error", error="removed", fatal=True)
    assert await recruiter.closed() == 4403


async def test_somebody_is_asked_to_mute(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    me = await admitted(candidate, interviewer, live["id"])
    await interviewer.say("ask_mute", participant_id=me, kind="audio")
    asked = await candidate.hear("mute_asked", kind="audio")
    assert asked["by"] == await my_id(interviewer)
    await interviewer.silent("participant_changed", muted={"audio": True, "video": False})
    await candidate.say("mute", kind="audio", muted=True)
    changed = await interviewer.hear("participant_changed")
    assert changed["participant"]["muted"] == {"audio": True, "video": False}


@pytest.mark.parametrize(("kind", "fields"), [("admit", {}), ("remove", {}), ("ask_mute", {"kind": "video"})])
async def test_who_decides_is_checked(
    candidate: Participant,
    interviewer: Participant,
    recruiter: Participant,
    live: dict[str, Any],
    kind: str,
    fields: dict[str, Any],
) -> None:
    me = await admitted(candidate, interviewer, live["id"])
    host = await my_id(interviewer)
    await candidate.say(kind, participant_id=host, ref="mine", **fields)
    await candidate.hear("error", ref="mine", error="not_allowed", fatal=False)
    await recruiter.hello(live["id"])  # still at the device check
    await recruiter.say(kind, participant_id=me, ref="early", **fields)
    await recruiter.hear("error", ref="early", error="not_allowed")
    for stranger in (str(uuid4()), await my_id(recruiter)):
        await interviewer.say(kind, participant_id=stranger, ref=stranger, **fields)
        await interviewer.hear("error", ref=stranger, error="unknown_participant", fatal=False)
    await interviewer.say(kind, participant_id="nobody", ref="bad", **fields)
    await interviewer.hear("error", error="bad_message")


async def test_nobody_removes_themselves(interviewer: Participant, live: dict[str, Any]) -> None:
    me = (await interviewer.enter(live["id"]))["participant_id"]
    await interviewer.say("remove", participant_id=me, ref="me")
    await interviewer.hear("error", ref="me", error="not_allowed")
