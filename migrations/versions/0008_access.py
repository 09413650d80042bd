"""Sign-ins as rows of their own, API tokens, mailed links, colleagues' invitations, other providers' names.

Who is signed in stays signed in: each family of refresh tokens becomes a sign-in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = ("super_admin", "admin", "recruiter", "interviewer", "reviewer", "candidate")
STAMP = sa.DateTime(timezone=True)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def created() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", STAMP, server_default=sa.text("now()"), nullable=False),
    ]


def person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )


def organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"],
        ["organisations.id"],
        name=op.f(f"fk_{table}_organisation_id"),
        ondelete="CASCADE",
    )


def index(table: str, *columns: str) -> None:
    name = "_".join(f"{table}_{column}" for column in columns)
    op.create_index(op.f(f"ix_{name}"), table, list(columns), unique=False)


def upgrade() -> None:
    op.add_column("memberships", sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False))
    index("audit_entries", "organisation_id", "id")
    _sign_ins()
    _tokens()
    _links()


def _sign_ins() -> None:
    op.create_table(
        "sign_in_families",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("auth_provider", choice("auth_provider", "local", "oidc"), nullable=False),
        sa.Column("last_used_at", STAMP, nullable=False),
        sa.Column("expires_at", STAMP, nullable=False),
        sa.Column("revoked_at", STAMP, nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        *created(),
        person("sign_in_families"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_families")),
    )
    index("sign_in_families", "user_id")
    op.execute(
        """
        INSERT INTO sign_in_families
            (id, user_id, auth_provider, created_at, last_used_at, expires_at, revoked_at, user_agent, ip)
        SELECT DISTINCT ON (family_id)
               family_id, user_id, 'local', min(created_at) OVER family, created_at, expires_at,
               CASE WHEN bool_or(is_revoked) OVER family THEN now() END, user_agent, ip
        FROM refresh_tokens
        WINDOW family AS (PARTITION BY family_id)
        ORDER BY family_id, created_at DESC, id DESC
        """
    )
    op.create_foreign_key(
        op.f("fk_refresh_tokens_family_id"),
        "refresh_tokens",
        "sign_in_families",
        ["family_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_table(
        "external_identities",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        *created(),
        person("external_identities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_identities_issuer_subject")),
    )
    index("external_identities", "user_id")


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scope", choice("scope", "read", "write"), nullable=False),
        sa.Column("expires_at", STAMP, nullable=False),
        sa.Column("last_used_at", STAMP, nullable=True),
        sa.Column("revoked_at", STAMP, nullable=True),
        *created(),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        person("api_tokens"),
        organisation("api_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    index("api_tokens", "user_id")
    index("api_tokens", "organisation_id")


def _links() -> None:
    op.create_table(
        "mailed_links",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("purpose", choice("purpose", "verify_email", "reset_password"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", STAMP, nullable=False),
        sa.Column("used_at", STAMP, nullable=True),
        *created(),
        person("mailed_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mailed_links_token_hash")),
    )
    index("mailed_links", "user_id")
    op.create_table(
        "colleague_invites",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", choice("role", *ROLES), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.UUID(), nullable=True),
        sa.Column("expires_at", STAMP, nullable=False),
        sa.Column("accepted_at", STAMP, nullable=True),
        sa.Column("revoked_at", STAMP, nullable=True),
        *created(),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_colleague_invites_invited_by"), ondelete="SET NULL"
        ),
        organisation("colleague_invites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_invites")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_colleague_invites_token_hash")),
    )
    index("colleague_invites", "organisation_id")


def downgrade() -> None:
    op.drop_table("colleague_invites")
    op.drop_table("mailed_links")
    op.drop_table("api_tokens")
    op.drop_table("external_identities")
    op.drop_constraint(op.f("fk_refresh_tokens_family_id"), "refresh_tokens", type_="foreignkey")
    op.drop_table("sign_in_families")
    op.drop_index(op.f("ix_audit_entries_organisation_id_audit_entries_id"), table_name="audit_entries")
    op.drop_column("memberships", "is_active")
