"""Whether a policy was chosen, by whom, and whether it still holds; who has agreed keeps what they agreed to.

Policies of before watched for four types only. Sessions whose candidate has consented under one of them,
recorded or not, stay with it; organisations that never chose anything get today's standard from now on.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIRST_STANDARD = {
    "event_types": ["no_face", "multiple_faces", "analysis_degraded", "connection_lost"],
    "policy": {
        "version": "standard-1",
        "no_face": {
            "dwell_ms": 3000,
            "end_after_ms": 1500,
            "severities": [[0, "medium"], [10_000, "high"], [60_000, "critical"]],
        },
        "multiple_faces": {
            "dwell_ms": 2000,
            "end_after_ms": 1500,
            "severities": [[0, "high"], [10_000, "critical"]],
        },
        "present_min_score": 0.55,
        "second_face_min_score": 0.6,
        "second_face_min_width": 0.03,
        "min_share": 0.7,
        "min_observations": 3,
        "pending_gap_ms": 2500,
        "max_gap_ms": 5000,
        "update_every_ms": 1000,
        "degraded_severities": [[0, "low"], [10_000, "medium"]],
    },
}


def upgrade() -> None:
    op.add_column(
        "proctoring_policies", sa.Column("is_default", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("proctoring_policies", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("proctoring_policies", sa.Column("created_by", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_proctoring_policies_created_by"),
        "proctoring_policies",
        "users",
        ["created_by"],
        ["id"],
        ondelete="SET NULL",
    )
    op.execute(
        """
        UPDATE proctoring_policies SET is_default = true
        WHERE interview_id IS NULL AND rules -> 'policy' ->> 'version' = 'standard-1'
          AND jsonb_array_length(rules -> 'event_types') = 4
        """
    )
    op.execute(
        sa.text(
            """
            INSERT INTO proctoring_policies (id, organisation_id, interview_id, version, rules, is_default)
            SELECT gen_random_uuid(), agreed.organisation_id, NULL, 1, CAST(:rules AS jsonb), true
            FROM (SELECT DISTINCT organisation_id FROM consents WHERE withdrawn_at IS NULL) AS agreed
            WHERE NOT EXISTS (SELECT 1 FROM proctoring_policies AS policy
                              WHERE policy.organisation_id = agreed.organisation_id
                                AND policy.interview_id IS NULL)
            """
        ).bindparams(rules=json.dumps(FIRST_STANDARD))
    )
    op.execute(
        """
        INSERT INTO session_policies (organisation_id, session_id, policy_id)
        SELECT session.organisation_id, session.id,
               (SELECT policy.id FROM proctoring_policies AS policy
                WHERE policy.organisation_id = session.organisation_id
                  AND (policy.interview_id = session.interview_id OR policy.interview_id IS NULL)
                ORDER BY policy.interview_id IS NULL, policy.version DESC LIMIT 1)
        FROM interview_sessions AS session
        WHERE EXISTS (SELECT 1 FROM consents
                      WHERE consents.session_id = session.id AND consents.withdrawn_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM session_policies AS fixed WHERE fixed.session_id = session.id)
        """
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_proctoring_policies_created_by"), "proctoring_policies", type_="foreignkey")
    op.drop_column("proctoring_policies", "created_by")
    op.drop_column("proctoring_policies", "withdrawn_at")
    op.drop_column("proctoring_policies", "is_default")
