"""Consent: the text a candidate agrees to, giving it and withdrawing it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server.accounts.models import Organisation
from server.accounts.organisation import settings_of
from server.errors import ConsentRequired, ConsentVersionStale
from server.scheduling.models import Consent, InterviewSession
from server.scheduling.service import lock_session, refuse_if_over, topic
from server.storage.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What has to be agreed to before anything is recorded."""

    version: str
    text: str
    retention_days: int


async def consent_text(uow: UnitOfWork, organisation_id: UUID) -> ConsentText:
    """The organisation's current text."""
    organisation = await uow.session.get_one(Organisation, organisation_id)
    settings = settings_of(organisation)
    # Not str.format: a text written by an administrator must not be able to name anything else.
    text = settings.consent_text.replace("{organisation}", organisation.name)
    text = text.replace("{retention_days}", str(settings.retention_days))
    return ConsentText(settings.consent_version, text, settings.retention_days)


async def standing_consent(uow: UnitOfWork, session: InterviewSession) -> Consent | None:
    """The candidate's consent to this session that was not withdrawn, to whichever version."""
    return await uow.session.scalar(
        select(Consent).where(
            Consent.session_id == session.id,
            Consent.user_id == session.candidate_id,
            Consent.withdrawn_at.is_(None),
        )
    )


async def require_consent(uow: UnitOfWork, session: InterviewSession) -> None:
    """Raise ConsentRequired unless the candidate has agreed to the current text."""
    given = await standing_consent(uow, session)
    current = await consent_text(uow, session.organisation_id)
    if given is None or given.text_version != current.version:
        raise ConsentRequired


async def give_consent(
    uow: UnitOfWork, session_id: UUID, *, version: str, full_name: str, address: str | None
) -> Consent:
    """Note that the candidate agrees to the current text; agreeing again returns what stands.

    Raises SessionEnded, ConsentVersionStale.
    """
    session = await lock_session(uow, session_id)
    refuse_if_over(session)
    current = await consent_text(uow, session.organisation_id)
    if version != current.version:
        raise ConsentVersionStale
    standing = await standing_consent(uow, session)
    if standing is not None:
        if standing.text_version == version:
            return standing
        standing.withdrawn_at = uow.now  # replaced by the agreement to the newer text
        await uow.session.flush()
    given = Consent(
        organisation_id=session.organisation_id,
        session_id=session.id,
        user_id=session.candidate_id,
        text_version=version,
        text=current.text,
        retention_days=current.retention_days,
        full_name=full_name,
        given_at=uow.now,
        ip=address,
    )
    uow.session.add(given)
    await uow.session.flush()
    return given


async def withdraw_consent(uow: UnitOfWork, session_id: UUID) -> None:
    """Take consent back; whoever records hears of it on the session's topic and stops."""
    session = await lock_session(uow, session_id)
    standing = await standing_consent(uow, session)
    if standing is None:
        return
    standing.withdrawn_at = uow.now
    uow.publish(topic(session.id), {"type": "consent", "withdrawn": True})
