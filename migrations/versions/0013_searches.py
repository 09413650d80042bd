"""People are searched in one folded column; the audit log by the beginning of an action; mails by address."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed("lower(full_name::text) || chr(10) || email::text", persisted=True),
            nullable=False,
        ),
    )
    # Byte by byte, so that the beginning of an action is a range of the index wherever the server runs.
    op.execute('ALTER TABLE audit_entries ALTER COLUMN action TYPE varchar(80) COLLATE "C"')
    op.create_index("ix_audit_entries_action", "audit_entries", ["organisation_id", "action", "id"])
    op.drop_index("ix_mails_organisation", table_name="mails")
    op.create_index(
        "ix_mails_organisation", "mails", ["organisation_id", "id"], postgresql_include=["to_email"]
    )


def downgrade() -> None:
    op.drop_index("ix_mails_organisation", table_name="mails")
    op.create_index("ix_mails_organisation", "mails", ["organisation_id", "id"])
    op.drop_index("ix_audit_entries_action", table_name="audit_entries")
    op.execute('ALTER TABLE audit_entries ALTER COLUMN action TYPE varchar(80) COLLATE "default"')
    op.drop_column("users", "search")
