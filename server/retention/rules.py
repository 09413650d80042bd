"""What an organisation promises its candidates: how long it keeps things, and the text they agree to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from server.accounts.models import Organisation
from server.accounts.organisation import OrganisationSettings, settings_of
from server.accounts.service import audit, users_by_id
from server.errors import StaleVersion
from server.retention.expiry import expired_sessions
from server.retention.schemas import ConsentVersion, DataRules, SetDataRules
from server.scheduling import models
from server.storage.db import UnitOfWork

SHOWN = 50
"""Versions of the text, newest first."""


async def data_rules(uow: UnitOfWork, organisation_id: UUID) -> DataRules:
    """The rules in force, and the versions there were."""
    return await _shown(uow, await uow.session.get_one(Organisation, organisation_id))


async def _shown(uow: UnitOfWork, organisation: Organisation) -> DataRules:
    settings = settings_of(organisation)
    found = await uow.session.scalars(
        select(models.ConsentVersion)
        .where(models.ConsentVersion.organisation_id == organisation.id)
        .order_by(models.ConsentVersion.id.desc())
        .limit(SHOWN)
    )
    versions = found.all()
    people = await users_by_id(uow, [one.created_by for one in versions if one.created_by])
    return DataRules(
        retention_days=settings.retention_days,
        consent_version=settings.consent_version,
        consent_text=settings.consent_text,
        versions=[
            ConsentVersion(
                version=one.version,
                text=one.text,
                retention_days=one.retention_days,
                created_at=one.created_at,
                created_by=people[one.created_by].full_name if one.created_by in people else None,
            )
            for one in versions
        ],
    )


async def count_expired(uow: UnitOfWork, organisation_id: UUID, days: int) -> int:
    """How many sessions would be deleted if things were kept for so many days."""
    return await expired_sessions(uow, organisation_id, uow.now - timedelta(days=days))


async def set_data_rules(
    uow: UnitOfWork, organisation_id: UUID, rules: SetDataRules, *, by: UUID, address: str | None
) -> DataRules:
    """Keep things longer or shorter, have candidates agree to another text: either is a new version.

    Raises StaleVersion when the version it was made from is not the one in force.
    """
    organisation = await uow.session.get_one(
        Organisation, organisation_id, with_for_update=True, populate_existing=True
    )
    before = settings_of(organisation)
    if rules.consent_version != before.consent_version:
        raise StaleVersion
    wanted = {"retention_days": rules.retention_days, "consent_text": rules.consent_text}
    if wanted == {"retention_days": before.retention_days, "consent_text": before.consent_text.strip()}:
        return await _shown(uow, organisation)
    await _keep_first(uow, organisation, before)
    count = await uow.session.scalar(
        select(func.count()).where(models.ConsentVersion.organisation_id == organisation_id)
    )
    version = f"{uow.now:%Y}-v{(count or 0) + 1}"
    organisation.settings = organisation.settings | wanted | {"consent_version": version}
    _add(uow, organisation_id, version, wanted, by)
    audit(
        uow,
        action="data_rules.changed",
        entity=("organisation", organisation_id),
        organisation_id=organisation_id,
        actor_id=by,
        before=before.model_dump(include={*wanted, "consent_version"}),
        after=wanted | {"consent_version": version},
        address=address,
    )
    await uow.session.flush()
    return await _shown(uow, organisation)


async def _keep_first(uow: UnitOfWork, organisation: Organisation, first: OrganisationSettings) -> None:
    """The text everybody starts with becomes a version once there is another."""
    known = await uow.session.scalar(
        select(models.ConsentVersion.id)
        .where(models.ConsentVersion.organisation_id == organisation.id)
        .limit(1)
    )
    if known is None:
        kept = {"retention_days": first.retention_days, "consent_text": first.consent_text}
        _add(uow, organisation.id, first.consent_version, kept, None)
        await uow.session.flush()


def _add(
    uow: UnitOfWork, organisation_id: UUID, version: str, rules: dict[str, Any], by: UUID | None
) -> None:
    uow.session.add(
        models.ConsentVersion(
            organisation_id=organisation_id,
            version=version,
            text=rules["consent_text"],
            retention_days=rules["retention_days"],
            created_by=by,
        )
    )
