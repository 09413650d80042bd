"""Asking to be forgotten, and what that takes: sessions leave through the same door as expired ones."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select

from server.accounts.identity import STAFF, SignedIn, access_changed
from server.accounts.models import Attempt, Membership, User
from server.accounts.service import audit
from server.errors import BadRequest, FieldProblem
from server.interviews.models import Invite, Participant
from server.mail.models import Mail
from server.retention.models import Deletion, DeletionReason, ErasureRequest
from server.scheduling.models import InterviewSession
from server.scheduling.service import take_away
from server.storage.db import UnitOfWork
from server.storage.scope import system

TOPIC = "retention"
"""Woken over the live bus: somebody asked to be forgotten."""
ERASED_WITHIN = timedelta(days=30)
"""What the law of Illinois allows at most (820 ILCS 42); it usually takes seconds."""


async def put_on_the_way_out(
    uow: UnitOfWork, session_id: UUID, *, reason: DeletionReason, erasure_id: UUID | None = None
) -> None:
    """From now on nobody finds the session; its files and then its rows go in a while."""
    session = await take_away(uow, session_id)
    if session is None:
        return
    uow.session.add(
        Deletion(
            organisation_id=session.organisation_id,
            session_id=session.id,
            erasure_id=erasure_id,
            reason=reason,
            next_attempt_at=uow.now,
        )
    )
    await uow.session.flush()


async def erasure_of(uow: UnitOfWork, user_id: UUID) -> ErasureRequest | None:
    """The newest request of a person."""
    return await uow.session.scalar(
        select(ErasureRequest)
        .where(ErasureRequest.user_id == user_id)
        .order_by(ErasureRequest.id.desc())
        .limit(1)
    )


async def request_erasure(
    uow: UnitOfWork, who: SignedIn, *, email: str, address: str | None
) -> ErasureRequest:
    """Forget a person: recording stops, nobody finds their sessions, they are signed out for good.

    Who works for an organisation keeps the account. Asking twice is asking once. Raises BadRequest unless
    `email` is the account's.
    """
    if email != who.user.email:
        raise BadRequest([FieldProblem(field="email", problem="This is not the e-mail of your account.")])
    await uow.enter(system("erasure"))  # of whatever any organisation keeps about them
    user = await uow.session.get_one(User, who.id, with_for_update=True)
    request = await erasure_of(uow, user.id)
    if request is not None and request.done_at is None:
        return request
    request = ErasureRequest(user_id=user.id, requested_at=uow.now, due_at=uow.now + ERASED_WITHIN)
    uow.session.add(request)
    await uow.session.flush()
    sessions = await uow.session.scalars(
        select(InterviewSession.id).where(InterviewSession.candidate_id == user.id)
    )
    for session_id in sessions.all():
        await put_on_the_way_out(uow, session_id, reason=DeletionReason.ERASURE, erasure_id=request.id)
    if not who.is_staff:
        user.is_active = False
    access_changed(uow, user.id)
    audit(
        uow,
        action="erasure.requested",
        entity=("user", user.id),
        organisation_id=None,
        actor_id=user.id,
        after={"due_at": request.due_at.isoformat()},
        address=address,
    )
    uow.publish(TOPIC, {"type": "erasure"})
    return request


async def forget_person(uow: UnitOfWork, request: ErasureRequest) -> bool:
    """The last step: invitations, mails and the account; False while there are sessions still."""
    user = await uow.session.get(User, request.user_id, with_for_update=True)
    if user is not None:
        if await _sessions_left(uow, user, request):
            return False
        await _forget(uow, user)
    request.done_at = uow.now
    audit(
        uow,
        action="erasure.done",
        entity=("user", request.user_id),
        organisation_id=None,
        actor_id=None,
        after={"requested_at": request.requested_at.isoformat()},
    )
    return True


async def _sessions_left(uow: UnitOfWork, user: User, request: ErasureRequest) -> bool:
    """Whether a session of theirs is still there; one that began meanwhile goes the way of the others."""
    found = await uow.session.scalars(
        select(InterviewSession.id).where(InterviewSession.candidate_id == user.id)
    )
    left = found.all()
    for session_id in left:
        await put_on_the_way_out(uow, session_id, reason=DeletionReason.ERASURE, erasure_id=request.id)
    return bool(left)


async def _forget(uow: UnitOfWork, user: User) -> None:
    mine = or_(Invite.email == user.email, Invite.accepted_by == user.id)
    guesses = Attempt.subject.startswith(f"email:{user.email}", autoescape=True)
    for forgotten in (
        delete(Participant).where(Participant.user_id == user.id),
        delete(Invite).where(mine),
        delete(Mail).where(Mail.to_email == user.email),
        delete(Attempt).where(guesses),
    ):
        await uow.session.execute(forgotten)
    at_work = select(Membership.id).where(Membership.user_id == user.id, Membership.role.in_(STAFF))
    if await uow.session.scalar(at_work.limit(1)) is None:
        await uow.session.delete(user)
