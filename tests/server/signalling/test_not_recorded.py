"""A live interview on a disk that takes nothing: all are told, the row says why, the call goes on."""

from typing import Any

from tests.server.media.peers import Publisher, Viewer, until
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import video_when


async def room_of_latecomer(person: Participant, session_id: str) -> dict[str, Any]:
    """The room as somebody reads it who comes back into it."""
    await person.hang_up()
    await person.enter(session_id)
    await person.say("enter", ref="later")
    room: dict[str, Any] = (await person.hear("entered", ref="later"))["room"]
    return room


async def test_everybody_hears_that_nothing_is_written(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    folder = house.settings.data_dir / "recordings"
    folder.write_text("no folder")  # root may write into any that is one
    publisher, viewer = Publisher(), Viewer()
    await candidate.consent(live["id"])
    await interviewer.enter(live["id"])
    me = (await candidate.enter(live["id"]))["participant_id"]
    camera = await candidate.publish(publisher)
    await interviewer.say("admit", participant_id=me)
    for person in (candidate, interviewer):
        failed = await person.hear("recording", state="failed", error="write_failed", timeout_seconds=30)
        assert (failed["question_id"], failed["offset_ms"]) == (None, 0)
    video = await video_when(interviewer, live["id"], "failed")
    assert video["error"]
    assert (video["duration_ms"], video["segments"]) == (None, [])
    await interviewer.subscribe(viewer, camera)
    await until(lambda: viewer.received["video"] > 10 and viewer.received["audio"] > 10, 30)
    later = await room_of_latecomer(interviewer, live["id"])
    assert [(each["state"], each["offset_ms"]) for each in later["recordings"]] == [("failed", 0)]
    folder.unlink()
    again = Publisher()
    await candidate.publish(again)
    await interviewer.hear("recording", state="recording", timeout_seconds=30)
    for peer in (publisher, again, viewer):
        await peer.close()
