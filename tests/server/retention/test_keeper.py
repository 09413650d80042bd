"""What is past its retention goes, files with rows, wherever the server dies on the way."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, update

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.accounts.models import AuditEntry, Organisation, User
from server.evidence.models import ProctoringEvent
from server.evidence.service import record_change
from server.interviews.models import Interview, Invite, Participant
from server.keys import BUS, FILES
from server.mail.models import Mail, MailStatus
from server.recordings.models import InterviewVideo, VideoContainer, VideoSource, VideoStatus
from server.recordings.service import WORKING_FOLDER, lock_video, storage_key, thumbnail_key
from server.retention.deleting import LINGER, PATIENCE, wait_after
from server.retention.keeper import Keeper
from server.retention.models import Deletion
from server.retention.routes import KEEPER
from server.scheduling.models import Consent, InterviewSession
from server.scheduling.service import create_session
from server.settings import Settings
from server.storage.base import new_id
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files
from tests.server.world import PASSWORD, Json, Person, Sitting, VirtualClock, World

TABLES = (InterviewSession, InterviewVideo, ProctoringEvent, Consent, Participant, Invite, Mail)


@pytest.fixture
async def keeper(world: World) -> Keeper:
    """The server's own; it does nothing by itself any more."""
    keeper = world.app[KEEPER]
    await keeper.close()
    return keeper


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


def _files(settings: Settings) -> list[str]:
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
    left = _files(settings)
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


class Killed(BaseException):
    """The process dies: nobody catches this, nobody notes anything."""


class _Death:
    """Comes at the n-th statement or file operation, before or after it takes effect."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.seen = 0

    def step(self) -> None:
        self.seen += 1
        if self.at is not None and self.seen == self.at:
            raise Killed


class _MortalFiles(Files):
    """The real store; the process may die around every deletion."""

    def __init__(self, files: Files, death: _Death) -> None:
        super().__init__(files._store, files._folder)
        self._death = death

    async def delete(self, key: str) -> None:
        self._death.step()
        await super().delete(key)
        self._death.step()


@contextmanager
def _mortal(database: Database, death: _Death) -> Iterator[None]:
    """Inside the block every statement may be the last one, and every commit."""
    engine = database.engine.sync_engine

    def step(*_: Any) -> None:
        death.step()

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, step)
    try:
        yield
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(engine, name, step)


async def _sitting_of_somebody(uow: UnitOfWork, files: Files, settings: Settings, interview: Json) -> UUID:
    """A recorded session of a new candidate, made without a browser: one is needed for each death."""
    one = await uow.session.get_one(Interview, UUID(interview["id"]))
    candidate = User(email=f"{new_id()}@example.com", full_name="Casey")
    uow.session.add(candidate)
    await uow.session.flush()
    participant = Participant(
        organisation_id=one.organisation_id, interview_id=one.id, user_id=candidate.id, joined_at=uow.now
    )
    uow.session.add(participant)
    await uow.session.flush()
    session = await create_session(uow, participant, one)
    session.ended_at = uow.now
    for status in (VideoStatus.READY, VideoStatus.FAILED):
        video = InterviewVideo(
            id=new_id(),
            organisation_id=one.organisation_id,
            session_id=session.id,
            participant_id=candidate.id,
            source=VideoSource.CAMERA,
            status=status,
            started_at=uow.now,
        )
        if status is VideoStatus.READY:
            video.storage_key = storage_key(session.id, video.id, VideoContainer.WEBM)
            await files.put(video.storage_key, b"webm")
            await files.put(thumbnail_key(session.id, video.id), b"jpeg")
        else:
            video.working_path = f"{WORKING_FOLDER}/{video.id}"
            (settings.data_dir / video.working_path).mkdir(parents=True)
            (settings.data_dir / video.working_path / "segment-000.mkv").write_bytes(b"matroska")
        uow.session.add(video)
    return session.id


async def _nothing_is_half_there(world: World, settings: Settings, session_id: UUID) -> None:
    """A file has a row that finds it; a row without its file is a session's that nobody finds."""
    async with world.database.begin() as uow:
        session = await uow.session.get(InterviewSession, session_id)
        found = select(func.count()).select_from(Deletion).where(Deletion.session_id == session_id)
        deletions = await uow.session.scalar(found)
    files = _files(settings)
    if session is None:
        assert (deletions, files) == (1, [])
    elif session.deleted_at is None:
        assert (deletions, len(files)) == (0, 3)
    else:
        assert deletions == 1


@pytest.mark.slow
async def test_it_goes_on_wherever_it_was_killed(
    world: World, settings: Settings, keeper: Keeper, clock: VirtualClock
) -> None:
    interview = await world.interview(await world.team())
    files, at, survived = world.app[FILES], 0, False
    while not survived:
        async with world.database.begin() as uow:
            session_id = await _sitting_of_somebody(uow, files, settings, interview)
        clock.advance(days=200)
        at += 1
        death = _Death(at)
        mortal = Keeper(world.database, _MortalFiles(files, death), world.app[BUS], settings.data_dir)
        with _mortal(world.database, death), suppress(Killed):
            await mortal.look_around()
            await mortal.delete_due()
            survived = True
        await _nothing_is_half_there(world, settings, session_id)
        clock.advance(minutes=11)  # nobody gives a claim back for the dead
        await keeper.look_around()
        await keeper.delete_due()
        assert _files(settings) == []
        clock.now += LINGER
        await keeper.delete_due()
        async with world.database.begin() as uow:
            for table in (InterviewSession, InterviewVideo, Participant, Deletion):
                assert await uow.session.scalar(select(func.count()).select_from(table)) == 0
            deleted = AuditEntry.entity_id == session_id
            assert await uow.session.scalar(select(func.count()).select_from(AuditEntry).where(deleted)) == 1
    assert at > 30


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
    assert _files(settings) == []
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
    assert _files(settings) == []
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
    assert _files(settings) == []


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
