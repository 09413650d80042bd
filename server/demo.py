"""The demo organisation: people, a one-way and a live interview, and codes to enter them with."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from server.accounts.models import Organisation, Role, User
from server.accounts.service import add_member, create_organisation, sign_up
from server.demo_questions import add_questions
from server.interviews.addresses import entry_of
from server.interviews.invites import status_of
from server.interviews.inviting import Desk, invite
from server.interviews.models import Interview, InterviewKind, Invite, InviteStatus
from server.interviews.schemas import CreateInterview, CreateQuestion
from server.interviews.service import create_interview
from server.settings import Settings
from server.signing import SigningKeys, keyed_hash
from server.storage.db import Database, UnitOfWork
from server.storage.scope import system

ORGANISATION = "Northwind Studio"
DOMAIN = "northwind.example"
CANDIDATE = f"candidate@{DOMAIN}"
STAFF = {
    Role.ADMIN: "Ada Admin",
    Role.RECRUITER: "Rosa Recruiter",
    Role.INTERVIEWER: "Ivan Interviewer",
    Role.REVIEWER: "Rhea Reviewer",
}
ONE_WAY = CreateInterview(
    title="Product engineer: first conversation",
    description="Three short questions. Answer each in your own words; there are no trick questions.",
    kind=InterviewKind.ONE_WAY,
    think_seconds=15,
    answer_seconds=90,
    takes=2,
    questions=[
        CreateQuestion(text="Tell us about a piece of work you are proud of. What was your part in it?"),
        CreateQuestion(text="Describe a decision you would take differently today, and why."),
        CreateQuestion(text="What do you need from a team to do your best work?"),
    ],
)
LIVE = CreateInterview(
    title="Product engineer: meet the team",
    description="Half an hour with two of your future colleagues.",
    kind=InterviewKind.LIVE,
    think_seconds=0,
    answer_seconds=1800,
    questions=[CreateQuestion(text="Walk us through a system you know well.")],
)


@dataclass(slots=True)
class Demo:
    """What is needed to try the demo: the password all its people share, and a code for each interview."""

    password: str
    emails: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # title -> code

    def lines(self) -> list[str]:
        """For people, to be printed."""
        width = max(map(len, self.emails))
        signs = [f"  {email:<{width}}  {self.password}" for email in self.emails]
        codes = [f"  {code[:3]} {code[3:]}  {title}" for title, code in self.codes.items()]
        return ["Demo sign-ins (e-mail, password):", *signs, f"Invite codes for {CANDIDATE}:", *codes]


async def seed(database: Database, settings: Settings) -> Demo:
    """Make the demo organisation unless it is there, and a new code where one has expired."""
    path = settings.data_dir / "demo.json"
    demo = _read(path) or Demo(secrets.token_urlsafe(9))
    desk = Desk(SigningKeys.derive(settings.secret).invite_codes, settings.public_url.rstrip("/"))
    async with database.begin(system("demo")) as uow:
        organisation = await uow.session.scalar(select(Organisation).where(Organisation.name == ORGANISATION))
        if organisation is None:
            demo = Demo(demo.password)
            organisation = await _people(uow, demo)
        await add_questions(uow, organisation.id)
        await _codes(uow, organisation.id, demo, desk)
    _write(path, demo)
    return demo


async def _people(uow: UnitOfWork, demo: Demo) -> Organisation:
    """The organisation, one person of each role, the candidate, and both interviews."""
    organisation = await create_organisation(uow, ORGANISATION)
    staff: dict[Role, User] = {}
    for role, name in STAFF.items():
        email = f"{role}@{DOMAIN}"
        staff[role] = await _person(uow, email, demo.password, name)
        add_member(uow, organisation.id, staff[role].id, role)
        demo.emails.append(email)
    await _person(uow, CANDIDATE, demo.password, "Casey Candidate")
    demo.emails.append(CANDIDATE)
    await uow.session.flush()
    recruiter = staff[Role.RECRUITER].id
    panel = [staff[Role.INTERVIEWER].id, recruiter]
    for new in (ONE_WAY, LIVE.model_copy(update={"interviewer_ids": panel})):
        await create_interview(uow, organisation_id=organisation.id, recruiter_id=recruiter, new=new)
    return organisation


async def _person(uow: UnitOfWork, email: str, password: str, full_name: str) -> User:
    """Somebody whose address counts as confirmed: nobody reads its mail."""
    user = await sign_up(uow, email=email, password=password, full_name=full_name)
    user.is_verified = True
    return user


async def _codes(uow: UnitOfWork, organisation_id: UUID, demo: Demo, desk: Desk) -> None:
    """Invite the candidate to every interview of the demo whose code is not known or has expired."""
    interviews: Sequence[Interview] = (
        await uow.session.scalars(
            select(Interview)
            .where(
                Interview.organisation_id == organisation_id, Interview.title.in_([ONE_WAY.title, LIVE.title])
            )
            .order_by(Interview.id)
        )
    ).all()
    for interview in interviews:
        known = demo.codes.get(interview.title)
        if known is None or await _expired(uow, interview.id, keyed_hash(desk.code_key, known)):
            [made] = await invite(
                uow, interview, [entry_of(CANDIDATE, 1)], invited_by=interview.recruiter_id, desk=desk
            )
            if made.secrets is not None:
                demo.codes[interview.title] = made.secrets.code


async def _expired(uow: UnitOfWork, interview_id: UUID, code_hash: bytes) -> bool:
    found = await uow.session.scalar(
        select(Invite)
        .where(Invite.interview_id == interview_id, Invite.code_hash == code_hash)
        .order_by(Invite.id.desc())
        .limit(1)
    )
    return found is None or status_of(found, uow.now) is InviteStatus.EXPIRED


def _read(path: Path) -> Demo | None:
    return Demo(**json.loads(path.read_text())) if path.exists() else None


def _write(path: Path, demo: Demo) -> None:
    """Keep it where only we can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(demo), file, indent=2)
