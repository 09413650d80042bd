"""How far people have come is counted for many at once: indexes hold all that is read."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_proctoring_events_reviewed",
        "proctoring_events",
        ["session_id"],
        postgresql_include=["reviewed", "organisation_id"],
    )
    op.create_index(
        "ix_mails_failed",
        "mails",
        ["invite_id"],
        postgresql_where=sa.text("status = 'failed'"),
        postgresql_include=["organisation_id"],
    )
    op.create_index("ix_interview_sessions_ended", "interview_sessions", ["organisation_id", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_interview_sessions_ended", table_name="interview_sessions")
    op.drop_index("ix_mails_failed", table_name="mails")
    op.drop_index("ix_proctoring_events_reviewed", table_name="proctoring_events")
