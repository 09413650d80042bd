"""Playing videos, choosing takes, noting what was seen."""

import os

import pytest

from server.keys import FILES
from server.recordings.models import InterviewVideo
from server.recordings.service import thumbnail_key
from tests.server.world import World, unknown_id

CONTENT = os.urandom(600_000)


async def test_a_player_reads_the_parts_it_wants(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    path = f"/videos/{video_id}/file"
    whole = await sitting.candidate.get(path)
    assert whole.status == 200
    assert whole.raw == CONTENT
    assert whole.headers["Content-Type"] == "video/webm"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"] == f'"{"0" * 64}"'
    size = len(CONTENT)
    for wanted, part, said in [
        ("bytes=0-99", CONTENT[:100], f"bytes 0-99/{size}"),
        ("bytes=599990-", CONTENT[599_990:], f"bytes 599990-599999/{size}"),
        ("bytes=-7", CONTENT[-7:], f"bytes 599993-599999/{size}"),
        ("bytes=599999-700000", CONTENT[-1:], f"bytes 599999-599999/{size}"),
    ]:
        answer = await sitting.candidate.get(path, headers={"Range": wanted})
        assert (answer.status, answer.raw, answer.headers["Content-Range"]) == (206, part, said)
    past = await sitting.candidate.get(path, headers={"Range": "bytes=600000-"})
    assert past.refused == (416, "range_not_satisfiable")
    assert past.headers["Content-Range"] == "bytes */600000"


async def test_a_player_that_has_the_file_gets_nothing(world: World) -> None:
    sitting = await world.sitting()
    path = f"/videos/{await world.video(sitting, content=CONTENT)}/file"
    etag = (await sitting.candidate.get(path)).headers["ETag"]
    same = await sitting.candidate.get(path, headers={"If-None-Match": etag})
    assert (same.status, same.raw) == (304, b"")
    changed = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert (await sitting.candidate.get(path, headers=changed)).status == 200
    unchanged = {"Range": "bytes=0-9", "If-Range": etag}
    assert (await sitting.candidate.get(path, headers=unchanged)).status == 206


async def test_who_may_watch(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    other = await world.team("Other")
    for person in (sitting.candidate, sitting.team.recruiter, sitting.team.admin):
        assert (await person.get(f"/videos/{video_id}/file")).status == 200
    outsiders = [*other.everybody.values(), await world.person(), sitting.team.interviewer]
    for person in outsiders:
        for path in ("file", "thumbnail"):
            refused = (await person.get(f"/videos/{video_id}/{path}")).refused
            assert refused == (404, "video_not_found")
        assert (await person.post(f"/videos/{video_id}/select")).refused == (404, "video_not_found")
        assert (await person.patch(f"/videos/{video_id}", {"feedback": "x"})).status == 404
    assert (await other.admin.get(f"/videos/{unknown_id()}/file")).refused == (404, "video_not_found")
    assert (await (await world.somebody()).get(f"/videos/{video_id}/file")).status == 401


async def test_an_unfinished_video_has_no_file(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    assert (await sitting.candidate.get(f"/videos/{video_id}/file")).refused == (409, "video_not_ready")
    assert (await sitting.candidate.get(f"/videos/{video_id}/thumbnail")).refused == (404, "file_not_found")


async def test_a_lost_file_is_named(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    async with world.database.begin() as uow:
        video = await uow.session.get_one(InterviewVideo, video_id)
        await world.app[FILES].delete(str(video.storage_key))
    assert (await sitting.candidate.get(f"/videos/{video_id}/file")).refused == (404, "file_not_found")


async def test_a_thumbnail(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    async with world.database.begin() as uow:
        video = await uow.session.get_one(InterviewVideo, video_id)
        video.thumbnail_key = thumbnail_key(sitting.id, video_id)
        await world.app[FILES].put(video.thumbnail_key, b"\xff\xd8jpeg")
    [shown] = (await sitting.candidate.get(sitting.path)).json["videos"]
    answer = await sitting.candidate.get(shown["thumbnail_url"].removeprefix("/api/v1"))
    assert (answer.raw, answer.headers["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")


async def test_the_newest_take_counts_until_another_is_chosen(world: World) -> None:
    sitting = await world.sitting()
    first = await world.video(sitting, content=CONTENT)
    second = await world.video(sitting, content=CONTENT)
    other_question = await world.video(sitting, question=1, content=CONTENT)

    async def selected() -> set[str]:
        videos = (await sitting.candidate.get(sitting.path)).json["videos"]
        return {video["id"] for video in videos if video["is_selected"]}

    assert await selected() == {str(second), str(other_question)}
    chosen = await sitting.candidate.post(f"/videos/{first}/select")
    assert chosen.json["is_selected"]
    assert await selected() == {str(first), str(other_question)}


@pytest.mark.parametrize("role", ["recruiter", "admin"])
async def test_only_the_candidate_chooses(world: World, role: str) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    answer = await sitting.team.everybody[role].post(f"/videos/{video_id}/select")
    assert answer.refused == (403, "not_allowed")


async def test_no_choice_after_the_end_or_before_the_file(world: World) -> None:
    sitting = await world.sitting()
    done = await world.video(sitting, content=CONTENT)
    running = await world.video(sitting)
    assert (await sitting.candidate.post(f"/videos/{running}/select")).refused == (409, "video_not_ready")
    await sitting.candidate.post(f"{sitting.path}/end")
    assert (await sitting.candidate.post(f"/videos/{done}/select")).refused == (409, "session_ended")


async def test_feedback_is_for_staff_only(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=CONTENT)
    noted = await sitting.team.recruiter.patch(f"/videos/{video_id}", {"feedback": "Clear and calm."})
    assert noted.json["feedback"] == "Clear and calm."
    assert (await sitting.team.recruiter.patch(f"/videos/{video_id}", {})).json[
        "feedback"
    ] == "Clear and calm."
    [seen] = (await sitting.candidate.get(sitting.path)).json["videos"]
    assert seen["feedback"] is None
    answer = await sitting.candidate.patch(f"/videos/{video_id}", {"feedback": "Great!"})
    assert answer.refused == (403, "not_allowed")
