"""Sessions know how many events they have, and how many nobody looked at; counting people reads indexes only."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("event_count", "unreviewed_count"):
        op.add_column("interview_sessions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        """
        UPDATE interview_sessions SET event_count = events, unreviewed_count = unreviewed
        FROM (SELECT session_id, count(*) AS events, count(*) FILTER (WHERE NOT reviewed) AS unreviewed
            FROM proctoring_events GROUP BY session_id) counted
        WHERE counted.session_id = interview_sessions.id
        """
    )
    # When a session began stands in the first of three columns that is set: of that the planner knows nothing.
    op.execute(
        "CREATE STATISTICS st_interview_sessions_began"
        " ON (coalesce(started_at, scheduled_start, created_at)) FROM interview_sessions"
    )
    op.drop_index("ix_proctoring_events_reviewed", table_name="proctoring_events")
    op.drop_index("ix_interview_sessions_ended", table_name="interview_sessions")
    op.create_index(
        "ix_interview_sessions_ended",
        "interview_sessions",
        ["organisation_id", "ended_at"],
        postgresql_include=["candidate_id"],
    )
    op.drop_index("ix_interview_sessions_interview_id", table_name="interview_sessions")
    op.create_index(
        "ix_interview_sessions_progress",
        "interview_sessions",
        ["interview_id", "participant_id"],
        postgresql_include=[
            "status",
            "started_at",
            "ended_at",
            "event_count",
            "unreviewed_count",
            "organisation_id",
            "candidate_id",
        ],
    )
    op.drop_index("ix_interview_sessions_participant_id", table_name="interview_sessions")
    op.create_index(
        "ix_interview_sessions_participant_id_interview_sessions_id",
        "interview_sessions",
        ["participant_id", "id"],
    )
    op.create_index(
        "ix_invites_progress",
        "invites",
        ["interview_id"],
        postgresql_include=["id", "status", "opened_at", "accepted_at", "created_at", "organisation_id"],
    )
    op.create_index(
        "ix_participants_progress",
        "participants",
        ["interview_id"],
        postgresql_include=["joined_at", "organisation_id", "user_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_participants_progress", table_name="participants")
    op.drop_index(
        "ix_interview_sessions_participant_id_interview_sessions_id", table_name="interview_sessions"
    )
    op.create_index("ix_interview_sessions_participant_id", "interview_sessions", ["participant_id"])
    op.drop_index("ix_interview_sessions_progress", table_name="interview_sessions")
    op.create_index("ix_interview_sessions_interview_id", "interview_sessions", ["interview_id"])
    op.drop_index("ix_invites_progress", table_name="invites")
    op.drop_index("ix_interview_sessions_ended", table_name="interview_sessions")
    op.create_index("ix_interview_sessions_ended", "interview_sessions", ["organisation_id", "ended_at"])
    op.create_index(
        "ix_proctoring_events_reviewed",
        "proctoring_events",
        ["session_id"],
        postgresql_include=["reviewed", "organisation_id"],
    )
    op.execute("DROP STATISTICS st_interview_sessions_began")
    for name in ("unreviewed_count", "event_count"):
        op.drop_column("interview_sessions", name)
