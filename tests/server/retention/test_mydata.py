"""My data: everything about me, nothing about others, made while it is read."""

import io
import json
import os
import tracemalloc
import zipfile
from uuid import UUID

from server.keys import DATABASE, FILES
from server.retention.archive import archive
from server.storage.files import CHUNK_BYTES
from tests.server.world import World


async def test_everything_about_me_and_nothing_about_others(world: World) -> None:
    sitting, other = await world.sitting(), await world.sitting()
    first = await world.video(sitting, 0, content=os.urandom(3 * CHUNK_BYTES + 1))
    await world.video(sitting, 1, content=b"")
    await world.video(other, 0, content=b"not mine")
    await sitting.team.reviewer.patch(f"/videos/{first}", {"feedback": "secret thoughts"})
    answer = await sitting.candidate.get("/me/data")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.raw)) as found:
        assert found.testzip() is None
        assert found.namelist() == [
            "me.json",
            "interview-1/interview.json",
            "interview-1/recording-1.webm",
            "interview-1/recording-2.webm",
        ]
        me = json.loads(found.read("me.json"))
        interview = json.loads(found.read("interview-1/interview.json"))
        key = f"interview_videos/{sitting.id}/{first}.webm"
        assert found.read("interview-1/recording-1.webm") == await world.app[FILES].get(key)
    assert me["email"] == sitting.candidate.email
    assert [one["interview"] for one in me["takes_part_in"]] == ["Engineer"]
    assert [mail["kind"] for mail in me["mails"]] == ["invite", "verify_email"]
    assert me["sign_ins"][0]["address"] == "127.0.0.1"
    assert interview["consents"][0]["full_name"] == "Casey Candidate"
    assert [video["question"] for video in interview["recordings"]] == ["Why?", "How?"]
    assert b"secret thoughts" not in answer.raw
    assert other.candidate.email.encode() not in answer.raw


async def test_it_is_made_in_pieces(world: World) -> None:
    sitting = await world.sitting()
    size = 64 * CHUNK_BYTES
    await world.video(sitting, 0, content=os.urandom(size))
    pieces = archive(world.app[DATABASE], world.app[FILES], UUID(sitting.candidate.id))
    total, largest = 0, 0
    tracemalloc.start()
    async for piece in pieces:
        total, largest = total + len(piece), max(largest, len(piece))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > size
    assert largest < 4 * CHUNK_BYTES
    assert peak < size / 2


async def test_nobody_elses_data(world: World) -> None:
    nobody = await world.somebody()
    assert (await nobody.get("/me/data")).refused == (401, "not_signed_in")
