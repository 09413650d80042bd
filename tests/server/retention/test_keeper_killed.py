"""A keeper that dies at any point: what it had begun goes on, and nothing is half there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from server.accounts.models import AuditEntry, User
from server.interviews.models import Interview, Participant
from server.keys import BUS, FILES
from server.recordings.models import InterviewVideo, VideoContainer, VideoSource, VideoStatus
from server.recordings.service import WORKING_FOLDER, storage_key, thumbnail_key
from server.retention.deleting import LINGER
from server.retention.keeper import Keeper
from server.retention.models import Deletion
from server.scheduling.models import InterviewSession
from server.scheduling.service import create_session
from server.settings import Settings
from server.storage.base import new_id
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files
from tests.server.retention.test_keeper import files_in
from tests.server.world import Json, VirtualClock, World


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
    files = files_in(settings)
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
        assert files_in(settings) == []
        clock.now += LINGER
        await keeper.delete_due()
        async with world.database.begin() as uow:
            for table in (InterviewSession, InterviewVideo, Participant, Deletion):
                assert await uow.session.scalar(select(func.count()).select_from(table)) == 0
            deleted = AuditEntry.entity_id == session_id
            assert await uow.session.scalar(select(func.count()).select_from(AuditEntry).where(deleted)) == 1
    assert at > 30
