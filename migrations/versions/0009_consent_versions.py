"""The texts candidates agree to, by version, and the days that each agreement promised; videos are listed by age."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_versions",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_consent_versions_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_consent_versions_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_versions")),
        sa.UniqueConstraint(
            "organisation_id", "version", name=op.f("uq_consent_versions_organisation_id_version")
        ),
    )
    op.create_index(op.f("ix_consent_versions_organisation_id"), "consent_versions", ["organisation_id"])
    # What was promised before is what the organisation had set: read from there while it is null.
    op.add_column("consents", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.create_index(
        "ix_interview_videos_organisation_id_interview_videos_id",
        "interview_videos",
        ["organisation_id", "id"],
    )


def downgrade() -> None:
    op.drop_index("ix_interview_videos_organisation_id_interview_videos_id", "interview_videos")
    op.drop_column("consents", "retention_days")
    op.drop_table("consent_versions")
