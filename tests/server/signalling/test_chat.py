"""The chat of a live session over real data channels."""

from typing import Any
from uuid import uuid4

import pytest

from tests.server.media.peers import Publisher
from tests.server.media.talker import Talker
from tests.server.signalling.client import Participant
from tests.server.signalling.test_lobby import admitted


async def test_people_write_to_each_other(
    candidate: Participant, interviewer: Participant, recruiter: Participant, live: dict[str, Any]
) -> None:
    talkers = casey, host, late = Talker(), Talker(), Talker()
    await interviewer.enter(live["id"])
    await interviewer.open_channel(host)
    assert (await host.hear("history"))["messages"] == []
    host.say(str(uuid4()), "Before you came")
    await host.hear("said")
    me = (await candidate.enter(live["id"]))["participant_id"]
    await candidate.open_channel(casey)
    casey.say(str(uuid4()), "Let me in")
    await casey.hear("refused", error="not_allowed")
    await interviewer.say("admit", participant_id=me)
    assert (await casey.hear("history"))["messages"] == []
    message_id = str(uuid4())
    casey.say(message_id, "Hello")
    for talker in (casey, host):
        said = await talker.hear("said")
        assert (said["id"], said["participant_id"], said["text"]) == (message_id, me, "Hello")
        assert said["full_name"] == "Casey Candidate"
    await recruiter.enter(live["id"])
    await recruiter.open_channel(late)
    history = (await late.hear("history"))["messages"]
    assert [message["text"] for message in history] == ["Before you came", "Hello"]
    for talker in talkers:
        await talker.close()


async def test_a_new_channel_goes_on_where_the_old_one_ended(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    first, second = Talker(), Talker()
    await admitted(candidate, interviewer, live["id"])
    await candidate.open_channel(first)
    message_id = str(uuid4())
    first.say(message_id, "Did this arrive?")
    await first.hear("said")
    await candidate.open_channel(second)
    history = (await second.hear("history"))["messages"]
    assert [message["id"] for message in history] == [message_id]
    second.say(message_id, "Did this arrive?")
    second.say(str(uuid4()), "Next")
    assert (await second.hear("said"))["text"] == "Next"
    await first.closed.wait()
    await first.close()
    await second.close()


async def test_the_channel_closes_with_the_seat(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    talker = Talker()
    me = await admitted(candidate, interviewer, live["id"])
    await candidate.open_channel(talker)
    await talker.hear("history")
    await interviewer.say("remove", participant_id=me)
    await talker.closed.wait()
    assert await candidate.closed() == 4403
    await talker.close()


async def test_the_channel_outlives_the_socket(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    talker = Talker()
    await interviewer.enter(live["id"])
    token = (await candidate.enter(live["id"]))["resume_token"]
    await interviewer.hear("participant_joined")
    await candidate.open_channel(talker)
    await candidate.hang_up()
    me = await _resume(candidate, live["id"], token)
    await interviewer.say("admit", participant_id=me)
    await talker.hear("history")
    talker.say(str(uuid4()), "Still here")
    await talker.hear("said")
    await talker.close()


async def _resume(person: Participant, session_id: str, token: str) -> str:
    participant_id: str = (await person.hello(session_id, resume_token=token))["participant_id"]
    return participant_id


@pytest.mark.parametrize(("offer", "code"), [("garbage", "sdp_invalid"), ("x" * 70_000, "sdp_too_large")])
async def test_bad_offers_are_named(
    candidate: Participant, live: dict[str, Any], offer: str, code: str
) -> None:
    await candidate.enter(live["id"])
    await candidate.say("channel", stream_id=str(uuid4()), sdp=offer, ref="bad")
    await candidate.hear("error", ref="bad", error=code, fatal=False)
    talker = Talker()
    await candidate.open_channel(talker)
    await talker.close()


async def test_a_camera_is_no_channel_and_a_channel_no_camera(
    candidate: Participant, live: dict[str, Any]
) -> None:
    publisher, talker = Publisher(), Talker()
    await candidate.consent(live["id"])
    await candidate.enter(live["id"])
    await candidate.say("channel", stream_id=str(uuid4()), sdp=await publisher.offer(), ref="camera")
    await candidate.hear("error", ref="camera", error="sdp_invalid")
    offer = await talker.offer()
    await candidate.say("publish", stream_id=str(uuid4()), source="camera", sdp=offer, ref="channel")
    await candidate.hear("error", ref="channel", error="sdp_invalid")
    unknown = str(uuid4())
    await candidate.say("candidate", stream_id=unknown, direction="channel", candidate=None, ref="unknown")
    await candidate.hear("error", ref="unknown", error="unknown_stream")
    await publisher.close()
    await talker.close()
