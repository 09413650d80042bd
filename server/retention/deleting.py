"""Deletes sessions that are on their way out: files first, then rows, and later what was written late.

Every step may be done twice and in any process. A crash leaves a `Deletion` behind, and whoever finds it next
begins again: the rows, which name the files, are there until no file is.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from server.accounts.service import audit
from server.evidence import service as evidence
from server.interviews.models import Participant
from server.recordings import service as recordings
from server.recordings.models import InterviewVideo
from server.retention.expiry import forget_participants
from server.retention.models import Deletion, DeletionReason, ErasureRequest
from server.scheduling.models import InterviewSession
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files, remove_folder

log = structlog.get_logger(__name__)

BATCH = 10
CLAIM = timedelta(minutes=10)
"""How long nobody else touches what was taken on."""
PATIENCE = timedelta(minutes=10)
"""How long a recording may take to end before it is deleted all the same."""
RECORDING_WAIT = timedelta(seconds=10)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LINGER = timedelta(hours=1)
"""When to look once more for files that were on their way into the store."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What there is of a session besides its rows."""

    folders: tuple[Path, ...]
    videos: int
    bytes: int
    unfinished: bool


class Deleter:
    """Deletes what is due; `data_dir` holds unfinished recordings."""

    def __init__(self, database: Database, files: Files, data_dir: Path) -> None:
        self._database = database
        self._files = files
        self._data_dir = data_dir

    async def delete_due(self) -> None:
        """Delete all that is due now; what fails is noted, tried again later, and stops nothing else."""
        while claimed := await self._claim():
            for deletion in claimed:
                try:
                    await self._go_on(deletion)
                except Exception as error:
                    log.exception("deletion_failed", session_id=str(deletion.session_id))
                    await self._try_later(deletion, error)

    async def _claim(self) -> Sequence[Deletion]:
        async with self._database.begin() as uow:
            due = await uow.session.scalars(
                select(Deletion)
                .where(Deletion.next_attempt_at <= uow.now)
                .order_by(Deletion.next_attempt_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            claimed = due.all()
            for deletion in claimed:
                deletion.attempts += 1
                deletion.next_attempt_at = uow.now + CLAIM
            return claimed

    async def _go_on(self, deletion: Deletion) -> None:
        if deletion.rows_gone_at is not None:
            await self._delete_files(deletion.session_id, ())
            async with self._database.begin() as uow:
                await uow.session.execute(delete(Deletion).where(Deletion.id == deletion.id))
            return
        content = await self._content(deletion.session_id)
        if content.unfinished and self._database.clock() < deletion.created_at + PATIENCE:
            await self._wait_for_recording(deletion)
            return
        await self._delete_files(deletion.session_id, content.folders)
        async with self._database.begin() as uow:
            await _delete_rows(uow, deletion.id, content)

    async def _content(self, session_id: UUID) -> _Content:
        async with self._database.begin() as uow:
            found = await uow.session.execute(
                select(InterviewVideo.working_path, InterviewVideo.bytes, InterviewVideo.status).where(
                    InterviewVideo.session_id == session_id
                )
            )
            rows = found.all()
        return _Content(
            folders=tuple(self._data_dir / path for path, _, _ in rows if path is not None),
            videos=len(rows),
            bytes=sum(size or 0 for _, size, _ in rows),
            unfinished=any(status in recordings.RUNNING for _, _, status in rows),
        )

    async def _delete_files(self, session_id: UUID, folders: Sequence[Path]) -> None:
        """By prefix, so that what no row names goes too."""
        for prefix in (recordings.stored_under(session_id), evidence.stored_under(session_id)):
            await self._files.delete_under(prefix)
        for folder in folders:
            await asyncio.to_thread(remove_folder, folder)

    async def _wait_for_recording(self, deletion: Deletion) -> None:
        async with self._database.begin() as uow:
            waiting = await uow.session.get_one(Deletion, deletion.id, with_for_update=True)
            waiting.attempts -= 1
            waiting.next_attempt_at = uow.now + RECORDING_WAIT

    async def _try_later(self, deletion: Deletion, error: Exception) -> None:
        async with self._database.begin() as uow:
            failed = await uow.session.get(Deletion, deletion.id, with_for_update=True)
            if failed is not None:
                failed.last_error = f"{type(error).__name__}: {error}"[:500]
                failed.next_attempt_at = uow.now + wait_after(failed.attempts)


async def _delete_rows(uow: UnitOfWork, deletion_id: UUID, content: _Content) -> None:
    """The session with all that hangs on it, and an expired one's participant with the invitation."""
    deletion = await uow.session.get_one(Deletion, deletion_id, with_for_update=True)
    session = await uow.session.get(InterviewSession, deletion.session_id, with_for_update=True)
    if session is not None:
        await uow.session.execute(delete(InterviewSession).where(InterviewSession.id == session.id))
        await _forget_participant(uow, session.participant_id)
        await _audit(uow, deletion, content)
    deletion.rows_gone_at = uow.now
    deletion.next_attempt_at = uow.now + LINGER
    deletion.attempts, deletion.last_error = 0, None


async def _forget_participant(uow: UnitOfWork, participant_id: UUID) -> None:
    """Unless another session of theirs is left."""
    found = await uow.session.execute(
        select(Participant.invite_id).where(
            Participant.id == participant_id,
            ~select(InterviewSession.id).where(InterviewSession.participant_id == participant_id).exists(),
        )
    )
    invites = found.scalars().all()
    if invites:
        await forget_participants(uow, [participant_id], invites)


async def _audit(uow: UnitOfWork, deletion: Deletion, content: _Content) -> None:
    request = None
    if deletion.reason is DeletionReason.ERASURE and deletion.erasure_id is not None:
        request = await uow.session.get(ErasureRequest, deletion.erasure_id)
    audit(
        uow,
        action="session.deleted",
        entity=("session", deletion.session_id),
        organisation_id=deletion.organisation_id,
        actor_id=request.user_id if request is not None else None,
        after={"reason": deletion.reason.value, "videos": content.videos, "bytes": content.bytes},
    )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubled each time."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 10)))
