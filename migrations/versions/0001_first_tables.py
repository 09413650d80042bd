# ruff: noqa: PLR0915 - one statement per table and index
"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_entries is append-only';
END
$$
"""
APPEND_ONLY_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(
        op.f("ix_attempts_kind_attempts_subject_attempts_at"),
        "attempts",
        ["kind", "subject", "at"],
        unique=False,
    )
    op.create_table(
        "audit_entries",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.UUID(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        op.f("ix_audit_entries_entity_type_audit_entries_entity_id"),
        "audit_entries",
        ["entity_type", "entity_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_entries_organisation_id_audit_entries_at"),
        "audit_entries",
        ["organisation_id", "at"],
        unique=False,
    )
    op.create_table(
        "organisations",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("company_number", sa.String(length=40), nullable=True),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    op.create_table(
        "users",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column(
            "auth_provider",
            sa.Enum(
                "local", "oidc", name="auth_provider", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("is_verified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("locale", sa.String(length=35), server_default="en", nullable=False),
        sa.Column("timezone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "interviews",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("recruiter_id", sa.UUID(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "inactive",
                "completed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "one_way", "live", "panel", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("think_seconds", sa.Integer(), nullable=False),
        sa.Column("answer_seconds", sa.Integer(), nullable=False),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("practice_question", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "share_settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.CheckConstraint("takes >= 1", name=op.f("ck_interviews_takes")),
        sa.CheckConstraint("think_seconds >= 0 AND answer_seconds > 0", name=op.f("ck_interviews_times")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interviews_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recruiter_id"], ["users.id"], name=op.f("fk_interviews_recruiter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    op.create_index(op.f("ix_interviews_organisation_id"), "interviews", ["organisation_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "super_admin",
                "admin",
                "recruiter",
                "interviewer",
                "reviewer",
                "candidate",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_memberships_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "organisation_id", "user_id", name=op.f("uq_memberships_organisation_id_user_id")
        ),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "questions",
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("category", sa.String(length=50), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_questions_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_organisation_id"), "questions", ["organisation_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("family_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_revoked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_refresh_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(op.f("ix_refresh_tokens_family_id"), "refresh_tokens", ["family_id"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_user_id"), "refresh_tokens", ["user_id"], unique=False)
    op.create_table(
        "interview_interviewers",
        sa.Column("interview_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_interview_interviewers_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interview_interviewers_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_interview_interviewers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "user_id", name=op.f("pk_interview_interviewers")),
    )
    op.create_index(
        op.f("ix_interview_interviewers_organisation_id"),
        "interview_interviewers",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "interview_questions",
        sa.Column("interview_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("order_index", sa.Integer(), nullable=False),
        sa.Column("think_seconds", sa.Integer(), nullable=True),
        sa.Column("answer_seconds", sa.Integer(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_interview_questions_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interview_questions_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_interview_questions_question_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_questions")),
        sa.UniqueConstraint(
            "interview_id",
            "order_index",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_interview_questions_interview_id_order_index"),
        ),
    )
    op.create_index(
        op.f("ix_interview_questions_organisation_id"),
        "interview_questions",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "invites",
        sa.Column("interview_id", sa.UUID(), nullable=False),
        sa.Column("invited_by", sa.UUID(), nullable=True),
        sa.Column("accepted_by", sa.UUID(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "accepted",
                "completed",
                "expired",
                "revoked",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "delivery_status",
            sa.Enum(
                "not_sent",
                "sent",
                "failed",
                name="delivery_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("delivery_error", sa.Text(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["users.id"], name=op.f("fk_invites_accepted_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_invites_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_invites_invited_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invites_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invites_token_hash")),
    )
    op.create_index("ix_invites_code", "invites", ["code_hash"], unique=False)
    op.create_index(
        "ix_invites_due",
        "invites",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(op.f("ix_invites_organisation_id"), "invites", ["organisation_id"], unique=False)
    op.create_index(
        "uq_invites_live_email",
        "invites",
        ["interview_id", "email"],
        unique=True,
        postgresql_where=sa.text("status IN ('pending', 'accepted')"),
    )
    op.create_index(
        "uq_invites_open_code",
        "invites",
        ["code_hash"],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "proctoring_policies",
        sa.Column("interview_id", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_proctoring_policies_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_proctoring_policies_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proctoring_policies")),
        sa.UniqueConstraint(
            "organisation_id",
            "interview_id",
            "version",
            name=op.f("uq_proctoring_policies_organisation_id_interview_id_version"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("ix_proctoring_policies_organisation_id"),
        "proctoring_policies",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "participants",
        sa.Column("interview_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("invite_id", sa.UUID(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "completed",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_participants_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invite_id"], ["invites.id"], name=op.f("fk_participants_invite_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_participants_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_participants_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("interview_id", "user_id", name=op.f("uq_participants_interview_id_user_id")),
    )
    op.create_index(
        op.f("ix_participants_organisation_id"), "participants", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_participants_user_id"), "participants", ["user_id"], unique=False)
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
        "interview_videos",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=True),
        sa.Column("participant_id", sa.UUID(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("camera", "screen", name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "recording",
                "finalising",
                "ready",
                "recovered",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("thumbnail_key", sa.Text(), nullable=True),
        sa.Column("working_path", sa.Text(), nullable=True),
        sa.Column(
            "container",
            sa.Enum(
                "webm", "matroska", name="container", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("video_codec", sa.String(length=20), nullable=True),
        sa.Column("audio_codec", sa.String(length=20), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("take_number", sa.Integer(), nullable=False),
        sa.Column("is_selected", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_interview_videos_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["users.id"],
            name=op.f("fk_interview_videos_participant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["interview_questions.id"],
            name=op.f("fk_interview_videos_question_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["interview_sessions.id"],
            name=op.f("fk_interview_videos_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_videos")),
    )
    op.create_index(
        op.f("ix_interview_videos_organisation_id"), "interview_videos", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_interview_videos_participant_id"), "interview_videos", ["participant_id"], unique=False
    )
    op.create_index(
        op.f("ix_interview_videos_session_id_interview_videos_question_id"),
        "interview_videos",
        ["session_id", "question_id"],
        unique=False,
    )
    op.create_index(
        "ix_interview_videos_unfinished",
        "interview_videos",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('recording', 'finalising')"),
    )
    op.create_index(
        "uq_interview_videos_running",
        "interview_videos",
        ["session_id", "participant_id", "source"],
        unique=True,
        postgresql_where=sa.text("status = 'recording'"),
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
    op.create_table(
        "proctoring_events",
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("video_id", sa.UUID(), nullable=True),
        sa.Column("question_id", sa.UUID(), nullable=True),
        sa.Column("event_type", sa.String(length=40), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "low",
                "medium",
                "high",
                "critical",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.Double(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("snapshot_key", sa.Text(), nullable=True),
        sa.Column("snapshot_offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("measured", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("thresholds", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("detector", sa.String(length=80), server_default="", nullable=False),
        sa.Column("model_version", sa.String(length=120), server_default="", nullable=False),
        sa.Column("flagged", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("reviewed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reviewed_by", sa.UUID(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewer_notes", sa.Text(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "none",
                "confirmed",
                "dismissed",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_proctoring_events_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["interview_questions.id"],
            name=op.f("fk_proctoring_events_question_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["users.id"], name=op.f("fk_proctoring_events_reviewed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["interview_sessions.id"],
            name=op.f("fk_proctoring_events_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["interview_videos.id"],
            name=op.f("fk_proctoring_events_video_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proctoring_events")),
    )
    op.create_index(
        "ix_proctoring_events_open",
        "proctoring_events",
        ["video_id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        op.f("ix_proctoring_events_organisation_id"), "proctoring_events", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_proctoring_events_session_id_proctoring_events_offset_ms"),
        "proctoring_events",
        ["session_id", "offset_ms"],
        unique=False,
    )
    op.create_index(
        op.f("ix_proctoring_events_session_id_proctoring_events_severity"),
        "proctoring_events",
        ["session_id", "severity"],
        unique=False,
    )
    op.create_index(op.f("ix_proctoring_events_video_id"), "proctoring_events", ["video_id"], unique=False)
    op.create_table(
        "recording_segments",
        sa.Column("video_id", sa.UUID(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "finished",
                "connection_lost",
                "crash",
                "resolution",
                "error",
                name="end_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_recording_segments_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["interview_videos.id"],
            name=op.f("fk_recording_segments_video_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_segments")),
        sa.UniqueConstraint("video_id", "index", name=op.f("uq_recording_segments_video_id_index")),
    )
    op.create_index(
        op.f("ix_recording_segments_organisation_id"), "recording_segments", ["organisation_id"], unique=False
    )
    op.execute(APPEND_ONLY)
    op.execute(APPEND_ONLY_TRIGGER)


def downgrade() -> None:
    op.drop_index(op.f("ix_recording_segments_organisation_id"), table_name="recording_segments")
    op.drop_table("recording_segments")
    op.drop_index(op.f("ix_proctoring_events_video_id"), table_name="proctoring_events")
    op.drop_index(
        op.f("ix_proctoring_events_session_id_proctoring_events_severity"), table_name="proctoring_events"
    )
    op.drop_index(
        op.f("ix_proctoring_events_session_id_proctoring_events_offset_ms"), table_name="proctoring_events"
    )
    op.drop_index(op.f("ix_proctoring_events_organisation_id"), table_name="proctoring_events")
    op.drop_index(
        "ix_proctoring_events_open", table_name="proctoring_events", postgresql_where=sa.text("is_open")
    )
    op.drop_table("proctoring_events")
    op.drop_index(op.f("ix_session_policies_policy_id"), table_name="session_policies")
    op.drop_index(op.f("ix_session_policies_organisation_id"), table_name="session_policies")
    op.drop_table("session_policies")
    op.drop_index(op.f("ix_session_interviewers_user_id"), table_name="session_interviewers")
    op.drop_index(op.f("ix_session_interviewers_organisation_id"), table_name="session_interviewers")
    op.drop_table("session_interviewers")
    op.drop_index(
        "uq_interview_videos_running",
        table_name="interview_videos",
        postgresql_where=sa.text("status = 'recording'"),
    )
    op.drop_index(
        "ix_interview_videos_unfinished",
        table_name="interview_videos",
        postgresql_where=sa.text("status IN ('recording', 'finalising')"),
    )
    op.drop_index(
        op.f("ix_interview_videos_session_id_interview_videos_question_id"), table_name="interview_videos"
    )
    op.drop_index(op.f("ix_interview_videos_participant_id"), table_name="interview_videos")
    op.drop_index(op.f("ix_interview_videos_organisation_id"), table_name="interview_videos")
    op.drop_table("interview_videos")
    op.drop_index(
        "uq_consents_standing", table_name="consents", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index(op.f("ix_consents_session_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_organisation_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(
        "uq_interview_sessions_open",
        table_name="interview_sessions",
        postgresql_where=sa.text("ended_at IS NULL AND status NOT IN ('cancelled', 'no_show')"),
    )
    op.drop_index(op.f("ix_interview_sessions_participant_id"), table_name="interview_sessions")
    op.drop_index(
        op.f("ix_interview_sessions_organisation_id_interview_sessions_id"), table_name="interview_sessions"
    )
    op.drop_index(op.f("ix_interview_sessions_organisation_id"), table_name="interview_sessions")
    op.drop_index(op.f("ix_interview_sessions_interview_id"), table_name="interview_sessions")
    op.drop_index(op.f("ix_interview_sessions_candidate_id"), table_name="interview_sessions")
    op.drop_table("interview_sessions")
    op.drop_index(op.f("ix_participants_user_id"), table_name="participants")
    op.drop_index(op.f("ix_participants_organisation_id"), table_name="participants")
    op.drop_table("participants")
    op.drop_index(op.f("ix_proctoring_policies_organisation_id"), table_name="proctoring_policies")
    op.drop_table("proctoring_policies")
    op.drop_index(
        "uq_invites_open_code", table_name="invites", postgresql_where=sa.text("status = 'pending'")
    )
    op.drop_index(
        "uq_invites_live_email",
        table_name="invites",
        postgresql_where=sa.text("status IN ('pending', 'accepted')"),
    )
    op.drop_index(op.f("ix_invites_organisation_id"), table_name="invites")
    op.drop_index("ix_invites_due", table_name="invites", postgresql_where=sa.text("status = 'pending'"))
    op.drop_index("ix_invites_code", table_name="invites")
    op.drop_table("invites")
    op.drop_index(op.f("ix_interview_questions_organisation_id"), table_name="interview_questions")
    op.drop_table("interview_questions")
    op.drop_index(op.f("ix_interview_interviewers_organisation_id"), table_name="interview_interviewers")
    op.drop_table("interview_interviewers")
    op.drop_index(op.f("ix_refresh_tokens_user_id"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_family_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_questions_organisation_id"), table_name="questions")
    op.drop_table("questions")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_organisation_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_interviews_organisation_id"), table_name="interviews")
    op.drop_table("interviews")
    op.drop_table("users")
    op.drop_table("organisations")
    op.drop_index(op.f("ix_audit_entries_organisation_id_audit_entries_at"), table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_entity_type_audit_entries_entity_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_attempts_kind_attempts_subject_attempts_at"), table_name="attempts")
    op.drop_table("attempts")
    op.execute("DROP FUNCTION refuse_change() CASCADE")
