"""How an organisation's letters and its candidates' pages look."""

from uuid import UUID

from server.accounts.identity import SignedIn
from server.accounts.models import Organisation
from server.accounts.organisation import Branding, settings_of
from server.accounts.service import audit
from server.errors import BadRequest, FieldProblem
from server.mail.letters import legibility
from server.storage.db import UnitOfWork

LEAST_CONTRAST = 4.5
"""What WCAG 2 asks of words (AA)."""


async def branding_of(uow: UnitOfWork, organisation_id: UUID) -> Branding:
    """The branding in force."""
    return settings_of(await uow.session.get_one(Organisation, organisation_id)).branding


async def set_branding(
    uow: UnitOfWork, who: SignedIn, organisation_id: UUID, wanted: Branding, *, address: str | None
) -> Branding:
    """Change it; raises BadRequest for a colour on which neither light nor dark words can be read well."""
    if wanted.accent_color is not None and legibility(wanted.accent_color) < LEAST_CONTRAST:
        said = "Words on this colour are hard to read, light or dark ones. Take a lighter or a darker one."
        raise BadRequest([FieldProblem(field="accent_color", problem=said)])
    organisation = await uow.session.get_one(
        Organisation, organisation_id, with_for_update=True, populate_existing=True
    )
    before = settings_of(organisation).branding
    organisation.settings = organisation.settings | {"branding": wanted.model_dump()}
    audit(
        uow,
        action="branding.changed",
        entity=("organisation", organisation_id),
        organisation_id=organisation_id,
        actor_id=who.id,
        before=before.model_dump(),
        after=wanted.model_dump(),
        address=address,
    )
    await uow.session.flush()
    return wanted
