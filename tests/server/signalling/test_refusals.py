"""Bad input gets a named error and loses nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import WSServerHandshakeError

from server.accounts.standing import ACCESS_ENDED_CODE
from server.demo import CANDIDATE
from server.protocol.from_client import MAX_MESSAGE_BYTES
from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import start_answer, video_when


async def test_a_stranger_does_not_see_the_session(house: House, one_way: dict[str, Any]) -> None:
    async with house.person("interviewer@northwind.example") as interviewer:
        with pytest.raises(WSServerHandshakeError) as refused:
            await interviewer.connect(one_way["id"])
        assert refused.value.status == 404
        with pytest.raises(WSServerHandshakeError) as refused:
            await interviewer.connect(str(uuid4()))
        assert refused.value.status == 404


async def test_another_site_cannot_open_the_socket(candidate: Participant, one_way: dict[str, Any]) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await candidate.http.ws_connect(
            f"/api/v1/sessions/{one_way['id']}/socket", headers={"Origin": "https://evil.example"}
        )
    assert refused.value.status == 403


async def test_signed_out_people_are_refused(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    candidate.http.cookie_jar.clear()
    with pytest.raises(WSServerHandshakeError) as refused:
        await candidate.connect(one_way["id"])
    assert refused.value.status == 401


async def test_hello_comes_first(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.connect(one_way["id"])
    await candidate.say("enter")
    error = await candidate.hear("error")
    assert (error["error"], error["fatal"]) == ("hello_expected", True)
    assert await candidate.closed() == 4401


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", '{"type": "fly"}', '{"type": "mute", "kind": "smell", "muted": true}'],
)
async def test_a_bad_message_is_named_and_the_conversation_goes_on(
    candidate: Participant, one_way: dict[str, Any], text: str
) -> None:
    await candidate.hello(one_way["id"])
    assert candidate.socket is not None
    await candidate.socket.send_str(text)
    await candidate.hear("error", error="bad_message", fatal=False)
    await candidate.say("ping", sent_at_ms=17)
    assert (await candidate.hear("pong"))["sent_at_ms"] == 17


async def test_ten_bad_messages_are_enough(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.hello(one_way["id"])
    for _ in range(10):
        await candidate.say("fly")
    await candidate.hear("error", error="bad_message", fatal=True)
    assert await candidate.closed() == 4400


async def test_a_message_of_a_megabyte_is_refused(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.hello(one_way["id"])
    await candidate.say("publish", stream_id=str(uuid4()), source="camera", sdp="v=0\r\n" * 200_000)
    await candidate.hear("error", error="message_too_large", fatal=True)
    assert await candidate.closed() == 1009


async def test_a_flood_is_cut_off(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.hello(one_way["id"])
    for number in range(300):
        try:
            await candidate.say("ping", sent_at_ms=number)
        except ConnectionError:
            break
    await candidate.hear("error", error="rate_limited", fatal=True)
    assert await candidate.closed() == 4429


async def test_offers_without_end_are_cut_off(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.hello(one_way["id"])
    for _ in range(45):
        try:
            await candidate.say("publish", stream_id=str(uuid4()), source="camera", sdp="v=0\r\n")
        except ConnectionError:
            break
    await candidate.hear("error", error="rate_limited", fatal=True)
    assert await candidate.closed() == 4429


async def test_bad_offers_are_named_and_a_good_one_still_works(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    await candidate.consent(one_way["id"])
    await candidate.hello(one_way["id"])
    for sdp, code in (
        ("garbage", "sdp_invalid"),
        ("v=0\r\n", "sdp_invalid"),
        ("v=0\r\n" * (MAX_MESSAGE_BYTES // 12), "sdp_too_large"),
    ):
        await candidate.say("publish", stream_id=str(uuid4()), source="camera", sdp=sdp, ref=code)
        error = await candidate.hear("error", ref=code)
        assert (error["error"], error["fatal"]) == (code, False)
    publisher = Publisher()
    await candidate.publish(publisher)
    await publisher.close()


async def test_nothing_is_taken_in_before_consent(candidate: Participant, one_way: dict[str, Any]) -> None:
    publisher = Publisher()
    await candidate.hello(one_way["id"])
    await candidate.say(
        "publish", stream_id=str(uuid4()), source="camera", sdp=await publisher.offer(), ref="early"
    )
    assert (await candidate.hear("error", ref="early"))["error"] == "consent_required"
    await publisher.close()


async def test_unknown_things_are_named(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.consent(one_way["id"])
    await candidate.hello(one_way["id"])
    question = one_way["questions"][0]["id"]
    for kind, fields, code in (
        ("subscribe", {"stream_id": str(uuid4()), "sdp": "v=0"}, "unknown_stream"),
        ("unpublish", {"stream_id": str(uuid4())}, "unknown_stream"),
        ("start_answer", {"question_id": question}, "not_publishing"),
        ("finish_answer", {"video_id": str(uuid4())}, "unknown_video"),
    ):
        await candidate.say(kind, ref=kind, **fields)
        assert (await candidate.hear("error", ref=kind))["error"] == code
    publisher = Publisher()
    await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=str(uuid4()), ref="question")
    assert (await candidate.hear("error", ref="question"))["error"] == "unknown_question"
    await publisher.close()


async def test_a_recording_that_cannot_be_written_says_so_and_the_call_goes_on(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    (house.settings.data_dir / "recordings").write_text("no folder")
    publisher = Publisher()
    await candidate.consent(one_way["id"])
    await candidate.hello(one_way["id"])
    await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=one_way["questions"][0]["id"])
    await candidate.hear("recording", state="failed", error="write_failed")
    video = await video_when(candidate, one_way["id"], "failed")
    assert video["error"] is not None
    (house.settings.data_dir / "recordings").unlink()
    await candidate.say("start_answer", question_id=one_way["questions"][0]["id"])  # a failed take costs none
    await candidate.hear("recording", state="recording")
    await publisher.close()


async def test_a_question_has_so_many_takes(candidate: Participant, one_way: dict[str, Any]) -> None:
    publisher = Publisher()
    question = one_way["questions"][0]["id"]
    video_id = await start_answer(candidate, one_way, publisher)
    await candidate.say("start_answer", question_id=question, ref="twice")
    assert (await candidate.hear("error", ref="twice"))["error"] == "already_recording"
    await asyncio.sleep(0.5)
    await candidate.say("finish_answer", video_id=video_id)
    await candidate.hear("recording", state="ready", timeout_seconds=20)
    await candidate.say("finish_answer", video_id=video_id, ref="again")
    assert (await candidate.hear("error", ref="again"))["error"] == "not_recording"
    await candidate.say("start_answer", question_id=question)
    second = await candidate.hear("recording", state="recording")
    await asyncio.sleep(0.5)
    await candidate.say("finish_answer", video_id=second["video_id"])
    await candidate.hear("recording", state="ready", timeout_seconds=20)
    await candidate.say("start_answer", question_id=question, ref="third")
    assert (await candidate.hear("error", ref="third"))["error"] == "takes_exhausted"
    await publisher.close()


async def test_a_second_tab_is_refused_and_may_take_over(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher, other = Publisher(), Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    async with house.person(CANDIDATE) as second_tab:
        await second_tab.connect(one_way["id"])
        await second_tab.say("hello")
        await second_tab.hear("error", error="already_connected", fatal=True)
        assert await second_tab.closed() == 4409
        await candidate.hear("stream_stats")  # the first tab goes on undisturbed
        await second_tab.hello(one_way["id"], take_over=True)
        await candidate.hear("error", error="superseded", fatal=True)
        assert await candidate.closed() == 4410
        await second_tab.publish(other)
        await asyncio.sleep(1)
        await second_tab.say("finish_answer", video_id=video_id)
        video = await video_when(second_tab, one_way["id"], "ready")
        assert len(video["segments"]) == 2  # what the first tab recorded is kept
    await publisher.close()
    await other.close()


async def test_an_unknown_resume_token_is_named(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.connect(one_way["id"])
    await candidate.say("hello", resume_token="made-up")
    await candidate.hear("error", error="resume_unknown", fatal=False)
    await candidate.say("hello")
    assert (await candidate.hear("welcome"))["resumed"] is False


async def test_an_ended_session_takes_nobody(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.call("POST", f"/sessions/{one_way['id']}/end")
    await candidate.connect(one_way["id"])
    await candidate.say("hello")
    await candidate.hear("error", error="session_ended", fatal=True)
    assert await candidate.closed() == 4411


@pytest.mark.parametrize("house_settings", [{"offer_timeout_seconds": 1.0}], indirect=True)
async def test_a_socket_that_never_offers_is_ended(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.consent(one_way["id"])
    await candidate.hello(one_way["id"])
    await candidate.hear("error", error="offer_timeout", fatal=True)
    assert await candidate.closed() == 4408


@pytest.mark.parametrize("house_settings", [{"warm_seat_seconds": 1.0}], indirect=True)
async def test_a_seat_that_stays_cold_is_given_up_and_its_recording_kept(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await candidate.hang_up()
    video = await video_when(candidate, one_way["id"], "ready")
    assert video["duration_ms"] > 1000
    await publisher.close()


async def test_whose_sign_in_ends_gives_up_the_seat_and_loses_no_recording(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(2)
    await candidate.call("POST", "/auth/sign-out-everywhere")
    error = await candidate.hear("error")
    assert (error["error"], error["fatal"]) == ("access_ended", True)
    assert await candidate.closed() == ACCESS_ENDED_CODE
    await publisher.close()
    async with house.person(CANDIDATE) as again:
        video = await video_when(again, one_way["id"], "ready")
        assert video["id"] == video_id
        assert (await again.hello(one_way["id"]))["resumed"] is False
