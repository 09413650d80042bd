"""Short ways to mails."""

from collections.abc import Sequence

from sqlalchemy import select

from server.accounts.models import Organisation
from server.mail.models import Mail
from server.mail.service import enqueue
from server.storage.db import Database

INVITATION = {
    "name": "Casey",
    "title": "Engineer",
    "description": "",
    "facts": ["Until Friday"],
    "link": "https://viva.example/i/token",
    "code": "123456",
    "asked_by": "Rosa",
}


async def post(database: Database, *addresses: str, company: str = "Northwind") -> None:
    """Queue an invitation to each address, in one transaction."""
    async with database.begin() as uow:
        organisation = await uow.session.scalar(select(Organisation).where(Organisation.name == company))
        if organisation is None:
            organisation = Organisation(name=company, slug=f"c{hash(company)}", settings={})
            uow.session.add(organisation)
            await uow.session.flush()
        for address in addresses:
            await enqueue(uow, kind="invite", to=address, context=INVITATION, organisation=organisation)


async def mails(database: Database) -> Sequence[Mail]:
    """The organisations' mails, oldest first."""
    async with database.begin() as uow:
        return (
            await uow.session.scalars(select(Mail).where(Mail.organisation_id.is_not(None)).order_by(Mail.id))
        ).all()
