"""What is past its retention goes, files with rows, wherever the server dies on the way."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.accounts.models import AuditEntry, Organisation
from server.evidence.models import ProctoringEvent
from server.evidence.service import record_change
from server.interviews.models import Invite, Participant
from server.keys import BUS, FILES
from server.mail.models import Mail, MailStatus
from server.recordings.models import InterviewVideo, VideoStatus
from server.recordings.service import WORKING_FOLDER, lock_video
from server.retention.deleting import LINGER, PATIENCE, wait_after
from server.retention.keeper import Keeper
from server.retention.models import Deletion
from server.scheduling.models import Consent, InterviewSession
from server.settings import Settings
from server.storage.base import new_id
from server.storage.db import Database
from tests.server.world import PASSWORD, Person, Sitting, VirtualClock, World

TABLES = (InterviewSession, InterviewVideo, ProctoringEvent, Consent, Participant, Invite, Mail)


@pytest.fixture
def stored(settings: Settings) -> Path:
    """The folder of the store."""
    return settings.data_dir / "files"


async def _recorded(world: World, settings: Settings, sitting: Sitting) -> None:
    """Two finished videos, a failed one with its folder, an incident's picture, and a file no row names."""
    for question in (0, 1):
        await world.video(sitting, question, content=b"webm")
    failed = await world.video(sitting, 0)
    folder = settings.data_dir / WORKING_FOLDER / str(failed)
    folder.mkdir(parents=True)
    (folder / "segment-000.mkv").write_bytes(b"matroska")
    incident = Incident(
        incident_id=new_id(),
        event_type=EventType.NO_FACE,
        severity=Severity.HIGH,
        started_ms=0,
        ended_ms=1,
        measured={},
        thresholds={},
        detector="d",
        model_version="1",
        snapshot=b"jpeg",
        snapshot_offset_ms=0,
    )
    async with world.database.begin() as uow:
        video = await lock_video(uow, failed)
        video.working_path = f"{WORKING_FOLDER}/{failed}"
        video.status, video.error = VideoStatus.FAILED, "nothing_recorded"
        change = IncidentChange(Phase.CLOSED, incident)
        files = world.app[FILES]
        await record_change(
            uow, files, session_id=sitting.id, video_id=failed, question_id=None, change=change
        )
        await files.put(f"interview_videos/{sitting.id}/upload-without-row.webm", b"webm")
    assert (await sitting.candidate.post(f"{sitting.path}/end")).status == 200


def files_in(settings: Settings) -> list[str]:
    """Everything of sessions on the disk."""
    roots = (settings.data_dir / "files", settings.data_dir / WORKING_FOLDER)
    return sorted(str(path) for root in roots for path in root.rglob("*") if path.is_file())


async def _rows(database: Database) -> dict[str, int]:
    """How many rows of organisations there are; letters about an account are nobody's."""
    async with database.begin() as uow:
        return {
            table.__tablename__: await uow.session.scalar(
                select(func.count()).select_from(table).where(table.organisation_id.is_not(None))
            )
            or 0
            for table in TABLES
        }


async def _later(person: Person) -> Person:
    """Somebody whose sign-in has run out signs in again."""
    answer = await person.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.status == 200, answer
    return person


async def _set_retention(world: World, sitting: Sitting, days: int) -> None:
    async with world.database.begin() as uow:
        organisation = await uow.session.get_one(Organisation, sitting.team.id)
        organisation.settings = {"retention_days": days}


async def test_what_is_past_its_retention_goes_and_nothing_else(
    world: World, settings: Settings, keeper: Keeper, clock: VirtualClock, stored: Path
) -> None:
    short, long = await world.sitting(), await world.sitting(await world.team("Other"))
    for sitting in (short, long):
        await _recorded(world, settings, sitting)
    await _set_retention(world, short, 10)
    clock.advance(days=9)
    await keeper.look_around()
    await keeper.delete_due()
    reviewer = await _later(short.team.reviewer)
    assert (await reviewer.get(f"{short.path}/review")).status == 200
    clock.advance(days=2)
    await keeper.look_around()
    await _later(reviewer)
    assert (await reviewer.get(f"{short.path}/review")).refused == (404, "session_not_found")
    assert (await reviewer.get("/sessions")).json["items"] == []
    await keeper.delete_due()
    assert not (stored / "interview_videos" / str(short.id)).exists()
    assert not (stored / "snapshots" / str(short.id)).exists()
    left = files_in(settings)
    assert len(left) == 5
    assert all(str(long.id) in path or WORKING_FOLDER in path for path in left)
    assert await _rows(world.database) == {
        "interview_sessions": 1,
        "interview_videos": 3,
        "proctoring_events": 1,
        "consents": 1,
        "participants": 1,
        "invites": 1,
        "mails": 1,
    }
    async with world.database.begin() as uow:
        entry = await uow.session.scalar(select(AuditEntry).where(AuditEntry.action == "session.deleted"))
        assert entry is not None
        assert (entry.entity_id, entry.organisation_id, entry.actor_id) == (short.id, short.team.id, None)
        assert entry.after == {"reason": "retention", "videos": 3, "bytes": 8}


async def test_a_store_that_fails_is_tried_again_and_stops_no_other(
    world: World, settings: Settings, keeper: Keeper, clock: VirtualClock, stored: Path
) -> None:
    sitting, other = await world.sitting(), await world.sitting()
    for each in (sitting, other):
        await world.video(each, content=b"webm")
        await each.candidate.post(f"{each.path}/end")
    loop = stored / "interview_videos" / str(sitting.id) / "loop"
    loop.symlink_to(loop)
    clock.advance(days=181)
    await keeper.look_around()
    await keeper.delete_due()
    async with world.database.begin() as uow:
        failed = (await uow.session.scalars(select(Deletion).where(Deletion.rows_gone_at.is_(None)))).all()
        assert [deletion.session_id for deletion in failed] == [sitting.id]
        assert failed[0].last_error
        assert failed[0].next_attempt_at == clock() + wait_after(1)
        assert await uow.session.get(InterviewSession, sitting.id) is not None
        assert await uow.session.get(InterviewSession, other.id) is None
    loop.unlink()
    clock.now += wait_after(1)
    await keeper.delete_due()
    assert files_in(settings) == []
    assert (await _rows(world.database))["interview_sessions"] == 0


async def test_what_is_being_recorded_ends_before_it_is_deleted(
    world: World, settings: Settings, keeper: Keeper, clock: VirtualClock
) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    clock.advance(days=181)
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        await keeper.look_around()
        assert (await anext(messages))["ended_at"] is not None
    async with world.database.begin() as uow:  # the database has a clock of its own
        [deletion] = (await uow.session.scalars(select(Deletion))).all()
        deletion.created_at = clock()
    await keeper.delete_due()
    assert (await _rows(world.database))["interview_videos"] == 1
    await world.finish(sitting, video_id)
    clock.advance(seconds=10)
    await keeper.delete_due()
    assert files_in(settings) == []
    assert (await _rows(world.database))["interview_videos"] == 0


async def test_what_never_ends_is_deleted_all_the_same_and_what_comes_late_too(
    world: World, settings: Settings, keeper: Keeper, clock: VirtualClock
) -> None:
    sitting = await world.sitting()
    await world.video(sitting)
    clock.advance(days=181)
    await keeper.look_around()
    clock.now += PATIENCE
    await keeper.delete_due()
    assert (await _rows(world.database))["interview_sessions"] == 0
    await world.app[FILES].put(f"interview_videos/{sitting.id}/late.webm", b"webm")
    draft = settings.data_dir / "files" / "interview_videos" / str(sitting.id) / "late.jpg#1"
    draft.write_bytes(b"half a pict")
    clock.now += LINGER
    await keeper.delete_due()
    assert files_in(settings) == []


async def test_nobody_loses_an_interview_they_may_still_begin(
    world: World, keeper: Keeper, clock: VirtualClock
) -> None:
    deadline = clock() + timedelta(days=300)
    sitting = await world.sitting(deadline=deadline.isoformat())
    clock.advance(days=299)
    await keeper.look_around()
    assert (await _rows(world.database))["participants"] == 1
    candidate = await _later(sitting.candidate)
    opened = await candidate.post(f"/candidate/interviews/{sitting.interview['id']}/session")
    assert opened.json["id"] == str(sitting.id)
    clock.advance(days=182)
    await keeper.look_around()
    await keeper.delete_due()
    assert set((await _rows(world.database)).values()) == {0}


async def test_invitations_nobody_took_up_are_forgotten(
    world: World, keeper: Keeper, clock: VirtualClock
) -> None:
    team = await world.team()
    interview = await world.interview(team)
    for number in range(3):
        await world.code(team, interview, f"never{number}@example.com")
    joined = await world.person()
    code = await world.code(team, interview, joined.email)
    assert (await joined.post("/candidate/interviews", {"code": code})).status == 201
    clock.advance(days=179)
    await keeper.look_around()
    assert (await _rows(world.database))["invites"] == 4
    clock.advance(days=16)
    await keeper.look_around()
    assert set((await _rows(world.database)).values()) == {0}
    await _later(joined)
    assert (await joined.get("/candidate/interviews")).json["items"] == []


async def test_letters_about_accounts_are_kept_for_a_month(
    world: World, keeper: Keeper, clock: VirtualClock
) -> None:
    person = await world.person()

    async def letters() -> int:
        async with world.database.begin() as uow:
            mine = (Mail.organisation_id.is_(None), Mail.to_email == person.email)
            return await uow.session.scalar(select(func.count()).select_from(Mail).where(*mine)) or 0

    await person.post("/auth/forgot-password", {"email": person.email})
    async with world.database.begin() as uow:
        await uow.session.execute(update(Mail).values(status=MailStatus.SENT))
    written = await letters()
    clock.advance(days=29)
    await keeper.look_around()
    assert await letters() == written > 0
    clock.advance(days=2)
    await keeper.look_around()
    assert await letters() == 0


async def test_strays_of_a_crash_are_swept_and_what_has_a_row_stays(
    world: World, settings: Settings, keeper: Keeper
) -> None:
    sitting = await world.sitting()
    kept = await world.video(sitting)
    async with world.database.begin() as uow:
        (await lock_video(uow, kept)).working_path = f"{WORKING_FOLDER}/kept"
    root = settings.data_dir / WORKING_FOLDER
    for name, age_days in (("kept", 2), ("stray", 2), ("fresh", 0)):
        (root / name).mkdir(parents=True)
        (root / name / "segment-000.mkv").write_bytes(b"x")
        then = time.time() - age_days * 86_400
        os.utime(root / name, (then, then))
    await keeper.look_around()
    assert sorted(path.name for path in root.iterdir()) == ["fresh", "kept"]
