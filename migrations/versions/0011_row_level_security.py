"""Row-level security: what belongs to an organisation is seen by that organisation's transactions only."""

from alembic import op

from server.storage.rls import (
    expose,
    grant_app_role,
    let_add_own,
    make_app_role,
    make_enter,
    protect,
    show_own,
)

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWNED = (
    "api_tokens",
    "audit_entries",
    "bank_questions",
    "colleague_invites",
    "consent_versions",
    "consents",
    "deletions",
    "interview_interviewers",
    "interview_questions",
    "interview_sessions",
    "interview_templates",
    "interview_videos",
    "interviews",
    "invites",
    "mails",
    "memberships",
    "participants",
    "proctoring_events",
    "proctoring_policies",
    "question_banks",
    "question_tags",
    "questions",
    "recording_segments",
    "session_interviewers",
    "session_policies",
    "tags",
    "template_banks",
    "template_tags",
)

MY_INTERVIEWS = "(SELECT interview_id FROM participants WHERE user_id = ME)"
MY_SESSIONS = "(SELECT id FROM interview_sessions WHERE candidate_id = ME)"
MY_VIDEOS = """(
    SELECT interview_videos.id FROM interview_videos
    JOIN interview_sessions ON interview_sessions.id = interview_videos.session_id
    WHERE candidate_id = ME
)"""
WHERE_I_TAKE_PART = "(SELECT organisation_id FROM participants WHERE user_id = ME)"
WHERE_I_WORK = "(SELECT organisation_id FROM memberships WHERE user_id = ME)"

OWN = {
    "api_tokens": "user_id = ME",
    "memberships": "user_id = ME",
    "organisations": f"id IN {WHERE_I_TAKE_PART} OR id IN {WHERE_I_WORK}",
    # What a candidate's own pages show of an organisation.
    "participants": "user_id = ME",
    "interviews": f"id IN {MY_INTERVIEWS}",
    "interview_questions": f"interview_id IN {MY_INTERVIEWS}",
    "interview_sessions": "candidate_id = ME",
    "session_interviewers": f"session_id IN {MY_SESSIONS}",
    "session_policies": f"session_id IN {MY_SESSIONS}",
    "proctoring_policies": (
        f"interview_id IN {MY_INTERVIEWS}"
        f" OR (interview_id IS NULL AND organisation_id IN {WHERE_I_TAKE_PART})"
    ),
    "consents": "user_id = ME",
    "interview_videos": f"session_id IN {MY_SESSIONS}",
    "recording_segments": f"video_id IN {MY_VIDEOS}",
}


def upgrade() -> None:
    make_app_role()
    make_enter()
    protect("organisations", column="id")
    for table in OWNED:
        protect(table)
    for table, condition in OWN.items():
        show_own(table, condition)
    # Somebody changes their own password: no organisation has a part in it.
    let_add_own("audit_entries", "organisation_id IS NULL AND actor_id = ME")
    grant_app_role()


def downgrade() -> None:
    for table in ("organisations", *OWNED):
        expose(table)
    op.execute("DROP FUNCTION viva_enter(text, text)")
