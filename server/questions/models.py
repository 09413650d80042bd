"""Tables of questions, tags, banks and templates."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Edited, Identified, OrganisationOwned, choice


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Question(Identified, Created, Edited, OrganisationOwned, Base):
    """A question of the organisation's collection; interviews copy its text."""

    __tablename__ = "questions"

    text: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(String(50), default="custom")
    difficulty: Mapped[Difficulty] = mapped_column(
        choice(Difficulty, "difficulty"), default=Difficulty.MEDIUM
    )
    archived_at: Mapped[datetime | None]  # kept for the interviews that asked it, offered to no new one
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Tag(Identified, Created, Edited, OrganisationOwned, Base):
    """A word that questions and templates share; one spelling per organisation."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("organisation_id", "folded"),)

    name: Mapped[str] = mapped_column(String(50))
    folded: Mapped[str] = mapped_column(String(150))  # folding may make a name longer
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class QuestionTag(OrganisationOwned, Base):
    """A question has a tag."""

    __tablename__ = "question_tags"
    __table_args__ = (Index(None, "tag_id", "question_id"),)

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)


class QuestionBank(Identified, Created, Edited, OrganisationOwned, Base):
    """A named collection of questions in an order."""

    __tablename__ = "question_banks"

    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class BankQuestion(OrganisationOwned, Base):
    """A question's place in a bank."""

    __tablename__ = "bank_questions"
    __table_args__ = (Index(None, "question_id"),)

    bank_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_banks.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int]


class InterviewTemplate(Identified, Created, Edited, OrganisationOwned, Base):
    """How an interview is put together: how many questions, how difficult, from where."""

    __tablename__ = "interview_templates"
    __table_args__ = (
        CheckConstraint("difficulty BETWEEN 1 AND 5", name="difficulty"),
        CheckConstraint("question_count BETWEEN 1 AND 50", name="question_count"),
        CheckConstraint(
            "easy_percent >= 0 AND medium_percent >= 0 AND hard_percent >= 0"
            " AND easy_percent + medium_percent + hard_percent = 100",
            name="percentages",
        ),
        CheckConstraint("duration_minutes > 0", name="duration"),
    )

    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="", server_default="")
    difficulty: Mapped[int] = mapped_column(default=3, server_default="3")
    question_count: Mapped[int]
    easy_percent: Mapped[int] = mapped_column(default=33, server_default="33")
    medium_percent: Mapped[int] = mapped_column(default=34, server_default="34")
    hard_percent: Mapped[int] = mapped_column(default=33, server_default="33")
    duration_minutes: Mapped[int]
    interview_guide: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class TemplateTag(OrganisationOwned, Base):
    """A template draws questions with this tag."""

    __tablename__ = "template_tags"
    __table_args__ = (Index(None, "tag_id"),)

    template_id: Mapped[UUID] = mapped_column(
        ForeignKey("interview_templates.id", ondelete="CASCADE"), primary_key=True
    )
    # Not with the tag: without it the template would draw from everything.
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id"), primary_key=True)


class TemplateBank(OrganisationOwned, Base):
    """A template draws from this bank."""

    __tablename__ = "template_banks"
    __table_args__ = (Index(None, "bank_id"),)

    template_id: Mapped[UUID] = mapped_column(
        ForeignKey("interview_templates.id", ondelete="CASCADE"), primary_key=True
    )
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("question_banks.id"), primary_key=True)
