"""Recordings, their segments, and what the proctor saw."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001e"
down_revision = "0001d"


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("recording_segments")
    op.drop_table("proctoring_events")
    op.drop_table("interview_videos")
