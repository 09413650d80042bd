"""Sessions, consents and who sits in."""

import sqlalchemy as sa
from alembic import op

revision = "0001d"
down_revision = "0001c"


def upgrade() -> None:
    op.create_table(
        "interview_sessions",
        sa.Column("interview_id", sa.UUID(), nullable=False),
        sa.Column("participant_id", sa.UUID(), nullable=False),
        sa.Column("candidate_id", sa.UUID(), nullable=False),
        sa.Column("organizer_id", sa.UUID(), nullable=True),
        sa.Column(
            "type",
            sa.Enum(
                "phone",
                "video",
                "in_person",
                "technical",
                "panel",
                "assessment",
                "final",
                "culture_fit",
                "case_study",
                "behavioral",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "video",
                "phone",
                "in_person",
                "ai",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "confirmed",
                "in_progress",
                "completed",
                "cancelled",
                "no_show",
                "rescheduled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scheduled_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scheduled_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("candidate_timezone", sa.String(length=64), nullable=True),
        sa.Column(
            "meeting_provider",
            sa.Enum(
                "viva",
                "zoom",
                "teams",
                "meet",
                "webex",
                "custom",
                name="meeting_provider",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("meeting_url", sa.Text(), nullable=True),
        sa.Column("meeting_id", sa.String(length=200), nullable=True),
        sa.Column("meeting_password", sa.String(length=200), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("preparation_notes", sa.Text(), nullable=True),
        sa.Column("interview_guide", sa.Text(), nullable=True),
        sa.Column("meeting_notes", sa.Text(), nullable=True),
        sa.Column("reschedule_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_sent_1day", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_sent_1hour", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_sent_15min", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar_uid", sa.String(length=200), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["users.id"],
            name=op.f("fk_interview_sessions_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_interview_sessions_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interview_sessions_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organizer_id"],
            ["users.id"],
            name=op.f("fk_interview_sessions_organizer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_interview_sessions_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_sessions")),
    )
    op.create_index(
        op.f("ix_interview_sessions_candidate_id"), "interview_sessions", ["candidate_id"], unique=False
    )
    op.create_index(
        op.f("ix_interview_sessions_interview_id"), "interview_sessions", ["interview_id"], unique=False
    )
    op.create_index(
        op.f("ix_interview_sessions_organisation_id"), "interview_sessions", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_interview_sessions_organisation_id_interview_sessions_id"),
        "interview_sessions",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interview_sessions_participant_id"), "interview_sessions", ["participant_id"], unique=False
    )
    op.create_index(
        "uq_interview_sessions_open",
        "interview_sessions",
        ["participant_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND status NOT IN ('cancelled', 'no_show')"),
    )
    op.create_table(
        "consents",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_consents_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["interview_sessions.id"], name=op.f("fk_consents_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consents_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_organisation_id"), "consents", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_consents_session_id"), "consents", ["session_id"], unique=False)
    op.create_index(
        "uq_consents_standing",
        "consents",
        ["session_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "session_interviewers",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "panel_role",
            sa.Enum(
                "lead",
                "member",
                "observer",
                name="panel_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_session_interviewers_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["interview_sessions.id"],
            name=op.f("fk_session_interviewers_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_session_interviewers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f("pk_session_interviewers")),
    )
    op.create_index(
        op.f("ix_session_interviewers_organisation_id"),
        "session_interviewers",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_interviewers_user_id"), "session_interviewers", ["user_id"], unique=False
    )
    op.create_table(
        "session_policies",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_session_policies_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["proctoring_policies.id"],
            name=op.f("fk_session_policies_policy_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["interview_sessions.id"],
            name=op.f("fk_session_policies_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_policies")),
    )
    op.create_index(
        op.f("ix_session_policies_organisation_id"), "session_policies", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_session_policies_policy_id"), "session_policies", ["policy_id"], unique=False)


def downgrade() -> None:
    op.drop_table("session_policies")
    op.drop_table("session_interviewers")
    op.drop_table("consents")
    op.drop_table("interview_sessions")
