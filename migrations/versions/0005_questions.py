"""Tags, banks of questions, templates; questions have versions and can be archived.

Interviews say how long they take and carry a guide for those who conduct them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def _common() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
    ]


def _organisation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_organisation_id")
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=name, ondelete="CASCADE")


def _index_organisation(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"], unique=False)


def _link(
    table: str,
    owner: tuple[str, str],
    one: tuple[str, str],
    one_ondelete: str | None,
    *more: sa.Column[object],
) -> None:
    """A table of pairs, with an index that leads from the second to the first."""
    op.create_table(
        table,
        sa.Column(owner[0], sa.UUID(), nullable=False),
        sa.Column(one[0], sa.UUID(), nullable=False),
        *more,
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            [owner[0]], [f"{owner[1]}.id"], name=op.f(f"fk_{table}_{owner[0]}"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            [one[0]], [f"{one[1]}.id"], name=op.f(f"fk_{table}_{one[0]}"), ondelete=one_ondelete
        ),
        _organisation(table),
        sa.PrimaryKeyConstraint(owner[0], one[0], name=op.f(f"pk_{table}")),
    )
    _index_organisation(table)


def upgrade() -> None:
    op.add_column("questions", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "questions", sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False)
    )
    op.add_column("questions", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.alter_column("questions", "version", server_default=None)
    op.create_index(
        op.f("ix_interview_questions_question_id"), "interview_questions", ["question_id"], unique=False
    )
    op.add_column("interviews", sa.Column("duration_minutes", sa.Integer(), nullable=True))
    op.add_column("interviews", sa.Column("interview_guide", sa.Text(), server_default="", nullable=False))
    op.create_check_constraint(op.f("ck_interviews_duration"), "interviews", "duration_minutes > 0")
    op.create_table(
        "tags",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("folded", sa.String(length=150), nullable=False),
        *_common(),
        _organisation("tags"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("organisation_id", "folded", name=op.f("uq_tags_organisation_id_folded")),
    )
    _index_organisation("tags")
    op.create_table(
        "question_banks",
        sa.Column("name", sa.String(length=200), nullable=False),
        *_common(),
        _organisation("question_banks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_banks")),
    )
    _index_organisation("question_banks")
    op.create_table(
        "interview_templates",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("difficulty", sa.Integer(), server_default="3", nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("easy_percent", sa.Integer(), server_default="33", nullable=False),
        sa.Column("medium_percent", sa.Integer(), server_default="34", nullable=False),
        sa.Column("hard_percent", sa.Integer(), server_default="33", nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("interview_guide", sa.Text(), server_default="", nullable=False),
        *_common(),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 5", name=op.f("ck_interview_templates_difficulty")),
        sa.CheckConstraint(
            "question_count BETWEEN 1 AND 50", name=op.f("ck_interview_templates_question_count")
        ),
        sa.CheckConstraint(
            "easy_percent >= 0 AND medium_percent >= 0 AND hard_percent >= 0"
            " AND easy_percent + medium_percent + hard_percent = 100",
            name=op.f("ck_interview_templates_percentages"),
        ),
        sa.CheckConstraint("duration_minutes > 0", name=op.f("ck_interview_templates_duration")),
        _organisation("interview_templates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_templates")),
    )
    _index_organisation("interview_templates")
    question, tag, bank = ("question_id", "questions"), ("tag_id", "tags"), ("bank_id", "question_banks")
    template = ("template_id", "interview_templates")
    _link("question_tags", question, tag, "CASCADE")
    _link("bank_questions", bank, question, "CASCADE", sa.Column("position", sa.Integer(), nullable=False))
    _link("template_tags", template, tag, None)
    _link("template_banks", template, bank, None)
    op.create_index(
        op.f("ix_question_tags_tag_id_question_tags_question_id"),
        "question_tags",
        ["tag_id", "question_id"],
        unique=False,
    )
    op.create_index(op.f("ix_bank_questions_question_id"), "bank_questions", ["question_id"], unique=False)
    op.create_index(op.f("ix_template_tags_tag_id"), "template_tags", ["tag_id"], unique=False)
    op.create_index(op.f("ix_template_banks_bank_id"), "template_banks", ["bank_id"], unique=False)


def downgrade() -> None:
    for table in (
        "template_banks",
        "template_tags",
        "bank_questions",
        "question_tags",
        "interview_templates",
        "question_banks",
        "tags",
    ):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_interviews_duration"), "interviews", type_="check")
    op.drop_column("interviews", "interview_guide")
    op.drop_column("interviews", "duration_minutes")
    op.drop_index(op.f("ix_interview_questions_question_id"), table_name="interview_questions")
    op.drop_column("questions", "version")
    op.drop_column("questions", "updated_at")
    op.drop_column("questions", "archived_at")
