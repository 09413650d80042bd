"""Invites know when their link was first followed; lists of people have indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invites", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_invites_interview_id_invites_id"), "invites", ["interview_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_invites_organisation_id_invites_created_at"),
        "invites",
        ["organisation_id", "created_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_invites_organisation_id_invites_created_at"), table_name="invites")
    op.drop_index(op.f("ix_invites_interview_id_invites_id"), table_name="invites")
    op.drop_column("invites", "opened_at")
