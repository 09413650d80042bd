"""Asking to be forgotten."""

import asyncio

from sqlalchemy import func, or_, select

from server.accounts.models import AuditEntry, User
from server.interviews.models import Invite, Participant
from server.keys import BUS, FILES
from server.mail.models import Mail
from server.retention.models import Deletion, ErasureRequest
from server.retention.routes import KEEPER
from server.scheduling.models import InterviewSession
from server.settings import Settings
from tests.server.world import PASSWORD, Sitting, World


async def _traces(world: World, sitting: Sitting) -> int:
    """Rows that know this candidate, the audit log aside."""
    email, user_id = sitting.candidate.email, sitting.candidate.id
    async with world.database.begin() as uow:
        counts = [
            await uow.session.scalar(select(func.count()).select_from(table).where(condition)) or 0
            for table, condition in (
                (User, User.id == user_id),
                (Participant, Participant.user_id == user_id),
                (InterviewSession, InterviewSession.candidate_id == user_id),
                (Invite, or_(Invite.email == email, Invite.accepted_by == user_id)),
                (Mail, Mail.to_email == email),
            )
        ]
        return sum(counts)


async def test_who_asks_is_forgotten_in_every_organisation(world: World, settings: Settings) -> None:
    sitting, other = await world.sitting(), await world.sitting()
    await world.video(sitting, content=b"webm")
    second = await world.interview(other.team)
    code = await world.code(other.team, second, sitting.candidate.email)
    assert (await sitting.candidate.post("/candidate/interviews", {"code": code})).status == 201
    keeper = world.app[KEEPER]
    await keeper.close()
    asked = await sitting.candidate.post("/me/erasure", {"email": sitting.candidate.email.upper()})
    assert asked.status == 202
    assert asked.json["done_at"] is None
    assert (await sitting.candidate.get("/me")).refused == (401, "not_signed_in")
    sign_in = {"email": sitting.candidate.email, "password": PASSWORD}
    assert (await sitting.candidate.post("/auth/sign-in", sign_in)).refused == (401, "wrong_credentials")
    found = await sitting.team.admin.get(sitting.path)
    assert found.refused == (404, "session_not_found")
    await keeper.delete_due()
    assert await _traces(world, sitting) == 0
    assert await _traces(world, other) > 0
    assert not list((settings.data_dir / "files").rglob("*.webm"))
    async with world.database.begin() as uow:
        [request] = (await uow.session.scalars(select(ErasureRequest))).all()
        assert request.done_at is not None
        assert (request.due_at - request.requested_at).days == 30
        entries = await uow.session.scalars(
            select(AuditEntry).where(AuditEntry.actor_id == sitting.candidate.id).order_by(AuditEntry.id)
        )
        kept = [(entry.action, entry.entity_id) for entry in entries]
        assert ("session.deleted", sitting.id) in kept
        assert "erasure.requested" in {action for action, _ in kept}
    again = {"email": sitting.candidate.email, "password": PASSWORD, "full_name": "Casey"}
    assert (await sitting.candidate.post("/auth/sign-up", again)).status == 201


async def test_it_happens_by_itself_and_stops_what_is_recorded(world: World) -> None:
    sitting = await world.sitting()
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        await sitting.candidate.post("/me/erasure", {"email": sitting.candidate.email})
        said = await anext(messages)
    assert (said["type"], said["ended_at"] is not None) == ("session", True)
    async with asyncio.timeout(20):
        while await _traces(world, sitting):
            await asyncio.sleep(0.05)


async def test_it_waits_for_a_store_that_is_away(world: World, settings: Settings) -> None:
    sitting = await world.sitting()
    await world.video(sitting, content=b"webm")
    keeper = world.app[KEEPER]
    await keeper.close()
    loop = settings.data_dir / "files" / "interview_videos" / str(sitting.id) / "loop"
    loop.symlink_to(loop)
    await sitting.candidate.post("/me/erasure", {"email": sitting.candidate.email})
    await keeper.delete_due()
    async with world.database.begin() as uow:
        [request] = (await uow.session.scalars(select(ErasureRequest))).all()
        assert request.done_at is None
        [deletion] = (await uow.session.scalars(select(Deletion))).all()
        assert deletion.last_error
        deletion.next_attempt_at = uow.now
    loop.unlink()
    await keeper.delete_due()
    assert await _traces(world, sitting) == 0


async def test_a_slip_forgets_nobody(world: World) -> None:
    sitting = await world.sitting()
    answer = await sitting.candidate.post("/me/erasure", {"email": "other@example.com"})
    assert answer.refused == (422, "bad_request")
    assert (await sitting.candidate.get(sitting.path)).status == 200
    nobody = await world.somebody()
    assert (await nobody.post("/me/erasure", {"email": sitting.candidate.email})).status == 401


async def test_who_works_somewhere_keeps_the_account(world: World) -> None:
    team = await world.team()
    elsewhere = await world.team("Other")
    code = await world.code(elsewhere, await world.interview(elsewhere), team.recruiter.email)
    assert (await team.recruiter.post("/candidate/interviews", {"code": code})).status == 201
    assert (await team.recruiter.post("/me/erasure", {"email": team.recruiter.email})).status == 202
    assert (await team.recruiter.post("/me/erasure", {"email": team.recruiter.email})).status == 202
    await world.app[KEEPER].delete_due()
    assert (await team.recruiter.get("/me")).status == 200
    assert (await team.recruiter.get("/candidate/interviews")).json["items"] == []
    async with world.database.begin() as uow:
        requests = (await uow.session.scalars(select(ErasureRequest))).all()
        assert requests
        assert all(request.done_at is not None for request in requests)


async def test_files_of_others_stay(world: World) -> None:
    sitting, other = await world.sitting(), await world.sitting()
    for each in (sitting, other):
        await world.video(each, content=b"webm")
    await world.app[KEEPER].close()
    await sitting.candidate.post("/me/erasure", {"email": sitting.candidate.email})
    await world.app[KEEPER].delete_due()
    [video] = (await other.candidate.get(other.path)).json["videos"]
    file = await other.candidate.get(f"/videos/{video['id']}/file")
    assert file.raw == await world.app[FILES].get(f"interview_videos/{other.id}/{video['id']}.webm")
