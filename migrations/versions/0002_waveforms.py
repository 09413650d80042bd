"""How loud a recording is over time, stored beside its other facts; older recordings have none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "interview_videos", sa.Column("waveform", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("interview_videos", "waveform")
