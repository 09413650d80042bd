"""What the media side reports about recordings."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from server.errors import AlreadyRecording, QuestionNotFound, SessionEnded, TakesExhausted, VideoNotFound
from server.interviews.models import Interview, InterviewQuestion
from server.keys import BUS
from server.recordings import reading, service
from server.recordings.models import EndReason, InterviewVideo, VideoContainer, VideoSource, VideoStatus
from server.storage.db import Database
from tests.server.world import Sitting, VirtualClock, World, unknown_id


async def _start(world: World, sitting: Sitting, **changes: object) -> InterviewVideo:
    given: dict[str, object] = {
        "session_id": sitting.id,
        "question_id": sitting.question(),
        "participant_id": UUID(sitting.candidate.id),
        "source": VideoSource.CAMERA,
    }
    async with world.database.begin() as uow:
        return await service.start_video(uow, **(given | changes))  # type: ignore[arg-type]


async def test_a_recording_begins_the_session(world: World) -> None:
    sitting = await world.sitting()
    video = await _start(world, sitting)
    assert (video.status, video.take_number) == (VideoStatus.RECORDING, 1)
    session = (await sitting.candidate.get(sitting.path)).json
    assert session["status"] == "in_progress"
    assert session["started_at"] is not None
    [shown] = session["videos"]
    assert (shown["id"], shown["status"], shown["segments"]) == (str(video.id), "recording", [])


async def test_a_source_is_recorded_once_at_a_time(world: World) -> None:
    sitting = await world.sitting()
    await _start(world, sitting)
    for question in (sitting.question(0), sitting.question(1), None):
        with pytest.raises(AlreadyRecording):
            await _start(world, sitting, question_id=question)
    screen = await _start(world, sitting, source=VideoSource.SCREEN)
    assert screen.status is VideoStatus.RECORDING


async def test_of_two_starts_at_once_one_wins(world: World) -> None:
    sitting = await world.sitting()
    results = await asyncio.gather(*(_start(world, sitting) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(result, InterviewVideo) for result in results) == 1
    assert sum(isinstance(result, AlreadyRecording) for result in results) == 2


async def test_takes_run_out_but_failed_ones_cost_nothing(world: World) -> None:
    sitting = await world.sitting()
    first = await _start(world, sitting)
    async with world.database.begin() as uow:
        await service.mark_failed(uow, first.id, "nothing arrived")
    for take in (2, 3):
        video = await _start(world, sitting)
        assert video.take_number == take
        await world.finish(sitting, video.id)
    with pytest.raises(TakesExhausted):
        await _start(world, sitting)
    assert (await _start(world, sitting, question_id=sitting.question(1))).take_number == 1


async def test_a_question_of_another_interview_is_unknown(world: World) -> None:
    sitting = await world.sitting()
    other = await world.sitting(sitting.team)
    for question in (other.question(), unknown_id()):
        with pytest.raises(QuestionNotFound):
            await _start(world, sitting, question_id=question)


async def test_nothing_is_added_to_what_is_over(world: World) -> None:
    sitting = await world.sitting()
    await sitting.candidate.post(f"{sitting.path}/end")
    with pytest.raises(SessionEnded):
        await _start(world, sitting)


async def test_segments_come_and_go(world: World, database: Database, clock: VirtualClock) -> None:
    sitting = await world.sitting()
    video = await _start(world, sitting)
    began = clock()
    for index, reason in enumerate((EndReason.CONNECTION_LOST, EndReason.FINISHED)):
        started_at = began + timedelta(seconds=10 * index)
        async with database.begin() as uow:
            await service.open_segment(
                uow,
                video.id,
                index=index,
                key=f"{index}.webm",
                started_at=started_at,
                offset_ms=10_000 * index,
            )
        for _ in range(2):  # told twice, it changes nothing
            async with database.begin() as uow:
                ended_at = started_at + timedelta(seconds=5)
                await service.close_segment(
                    uow, video.id, index=index, ended_at=ended_at, duration_ms=5000, reason=reason
                )
    [shown] = (await sitting.candidate.get(sitting.path)).json["videos"]
    assert [(s["index"], s["offset_ms"], s["duration_ms"], s["end_reason"]) for s in shown["segments"]] == [
        (0, 0, 5000, "connection_lost"),
        (1, 10_000, 5000, "finished"),
    ]


async def test_a_finished_video_says_what_it_is_and_stays_so(world: World, database: Database) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=b"webm" * 10)
    async with database.begin() as uow:
        await service.mark_failed(uow, video_id, "too late")
    [shown] = (await sitting.candidate.get(sitting.path)).json["videos"]
    assert shown["status"] == "ready"
    assert (shown["width"], shown["height"], shown["duration_ms"], shown["bytes"]) == (1280, 720, 12_000, 40)
    assert shown["error"] is None
    assert shown["is_selected"]
    async with database.begin() as uow:
        assert await reading.unfinished(uow) == []


async def test_what_a_crash_leaves_is_found_and_recovered(world: World, database: Database) -> None:
    sitting = await world.sitting()
    recording = await world.video(sitting)
    async with database.begin() as uow:
        [found] = await reading.unfinished(uow)
        assert (found.id, found.segments) == (recording, [])
        facts = service.FinishedFile(
            container=VideoContainer.WEBM,
            video_codec="vp8",
            audio_codec=None,
            width=640,
            height=360,
            duration_ms=900,
            bytes=10,
            sha256="1" * 64,
            storage_key="k",
            thumbnail_key=None,
        )
        await service.mark_ready(uow, recording, facts, recovered=True)
    [shown] = (await sitting.candidate.get(sitting.path)).json["videos"]
    assert shown["status"] == "recovered"


async def test_each_change_is_announced_after_its_commit(world: World, database: Database) -> None:
    sitting = await world.sitting()
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        video_id = await world.video(sitting, content=b"x")
        seen = [await anext(messages) for _ in range(4)]
    assert [message["type"] for message in seen] == ["session", "video", "video", "video"]
    assert [message["video"]["status"] for message in seen[1:]] == ["recording", "finalising", "ready"]
    assert {message["video"]["id"] for message in seen[1:]} == {str(video_id)}


async def _start_and_fail(world: World, sitting: Sitting) -> None:
    async with world.database.begin() as uow:
        await service.start_video(
            uow,
            session_id=sitting.id,
            question_id=None,
            participant_id=UUID(sitting.candidate.id),
            source=VideoSource.CAMERA,
        )
        raise ZeroDivisionError


async def test_what_is_rolled_back_is_not_announced(world: World) -> None:
    sitting = await world.sitting()
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        with pytest.raises(ZeroDivisionError):
            await _start_and_fail(world, sitting)
        await world.app[BUS].publish(f"session:{sitting.id}", {"type": "next"})
        assert await anext(messages) == {"type": "next"}


async def test_an_unknown_video_is_named(database: Database) -> None:
    with pytest.raises(VideoNotFound):
        async with database.begin() as uow:
            await service.mark_finalising(uow, unknown_id())


async def test_an_answer_may_be_as_long_as_its_question_says_or_else_its_interview(world: World) -> None:
    sitting = await world.sitting()
    async with world.database.begin() as uow:
        question = await uow.session.get_one(InterviewQuestion, sitting.question())
        interview = await uow.session.get_one(Interview, question.interview_id)
        question.answer_seconds, interview.answer_seconds = None, 90
        await uow.session.flush()
        assert await reading.answer_seconds(uow, question.id) == 90
        question.answer_seconds = 30
        await uow.session.flush()
        assert await reading.answer_seconds(uow, question.id) == 30
