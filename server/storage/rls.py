"""Row-level security as migrations set it up: whose rows a transaction may see (scope.py).

What a migration has used must not change here: a new form gets a new function.
"""

import re

from alembic import op

# In sub-selects, so that they are worked out once a statement and not once a row.
IS_SYSTEM = "(SELECT coalesce(current_setting('viva.system', true), '') <> '')"
ORGANISATIONS = "(SELECT nullif(current_setting('viva.organisations', true), '')::uuid[])::uuid[]"
USER = "(SELECT nullif(current_setting('viva.user', true), '')::uuid)"


def protect(table: str, *, column: str = "organisation_id") -> None:
    """Its own organisation sees, changes and makes rows of a table, and nobody else, not even its owner."""
    condition = f"{IS_SYSTEM} OR {column} = ANY ({ORGANISATIONS})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    # PostgreSQL looks at policies from Z to A, and only as far as it needs: this one is the cheapest.
    op.execute(f"CREATE POLICY whole_organisation ON {table} USING ({condition}) WITH CHECK ({condition})")


def show_own(table: str, condition: str) -> None:
    """A person may also read the rows for which the condition holds; the word ME in it is their id."""
    op.execute(f"CREATE POLICY own ON {table} FOR SELECT USING ({_of_me(condition)})")


def let_add_own(table: str, condition: str) -> None:
    """A person may also add rows for which the condition holds; the word ME in it is their id."""
    op.execute(f"CREATE POLICY own_new ON {table} FOR INSERT WITH CHECK ({_of_me(condition)})")


def _of_me(condition: str) -> str:
    return re.sub(r"\bME\b", USER, condition)


def expose(table: str) -> None:
    """Take a table's policies away again."""
    for policy in ("whole_organisation", "own", "own_new"):
        op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def make_app_role() -> None:
    """The role of every transaction: no superuser, cannot sign in, bound by every policy.

    Where the migrating role may not make roles an administrator has to; the error says with which statements.
    """
    op.execute(
        """
        DO $$
        DECLARE
            how text := 'As an administrator of this PostgreSQL run: ';
            before text := current_setting('role');
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'viva_app') THEN
                BEGIN
                    CREATE ROLE viva_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
                EXCEPTION
                    WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration
                    WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'The role viva_app is missing. %', how || format(
                            'CREATE ROLE viva_app NOLOGIN; GRANT viva_app TO %I;', session_user);
                END;
            END IF;
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'viva_app' AND (rolsuper OR rolbypassrls)) THEN
                RAISE EXCEPTION 'No policy binds the role viva_app. %',
                    how || 'ALTER ROLE viva_app NOSUPERUSER NOBYPASSRLS;';
            END IF;
            BEGIN
                PERFORM set_config('role', 'viva_app', true);
                PERFORM set_config('role', before, true);
            EXCEPTION WHEN insufficient_privilege THEN
                BEGIN
                    EXECUTE format('GRANT viva_app TO %I', session_user);
                EXCEPTION WHEN insufficient_privilege THEN
                    RAISE EXCEPTION '% may not act as viva_app. %', session_user,
                        how || format('GRANT viva_app TO %I;', session_user);
                END;
            END;
        END
        $$
        """
    )


def make_enter() -> None:
    """The function that begins a person's transaction; their own memberships say where they work."""
    op.execute(
        """
        CREATE FUNCTION viva_enter(person text, more text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM set_config('viva.system', '', true), set_config('viva.user', person, true),
                set_config('viva.organisations', more, true);
            PERFORM set_config('viva.organisations', (more::uuid[] || array_agg(organisation_id))::text, true)
            FROM memberships WHERE user_id = person::uuid AND is_active AND role <> 'candidate';
        END
        $$
        """
    )


def grant_app_role() -> None:
    """What there is, and what later migrations make, may be read and written."""
    op.execute(
        """
        DO $$
        DECLARE
            place text := quote_ident(current_schema());
            rights text := 'SELECT, INSERT, UPDATE, DELETE';
        BEGIN
            IF NOT has_schema_privilege('viva_app', current_schema(), 'USAGE') THEN
                EXECUTE 'GRANT USAGE ON SCHEMA ' || place || ' TO viva_app';
            END IF;
            EXECUTE 'GRANT ' || rights || ' ON ALL TABLES IN SCHEMA ' || place || ' TO viva_app';
            EXECUTE 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA ' || place || ' TO viva_app';
            EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || place
                || ' GRANT ' || rights || ' ON TABLES TO viva_app';
            EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || place
                || ' GRANT USAGE ON SEQUENCES TO viva_app';
        END
        $$
        """
    )
    op.execute("REVOKE ALL ON alembic_version FROM viva_app")
