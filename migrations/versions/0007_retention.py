"""What is on its way out: sessions being deleted, and people who asked to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_requests",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
    )
    op.create_index(
        "uq_erasure_requests_open",
        "erasure_requests",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "deletions",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("erasure_id", sa.UUID(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "retention", "erasure", name="reason", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("rows_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure_requests.id"], name=op.f("fk_deletions_erasure_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_deletions_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
        sa.UniqueConstraint("session_id", name=op.f("uq_deletions_session_id")),
    )
    op.create_index("ix_deletions_next_attempt_at", "deletions", ["next_attempt_at"])
    op.create_index("ix_deletions_erasure_id", "deletions", ["erasure_id"])
    op.create_index(op.f("ix_deletions_organisation_id"), "deletions", ["organisation_id"])
    op.add_column("interview_sessions", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("interview_sessions", "deleted_at")
    op.drop_table("deletions")
    op.drop_table("erasure_requests")
