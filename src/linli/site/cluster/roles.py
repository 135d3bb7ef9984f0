"""The two roles: the owner migrates, the application reads and writes and bypasses nothing."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict

from linli.site.cluster.den import ClusterError

OWNER = "linli_owner"
APP = "linli_app"
DATABASE = "linli"

# A request that waits longer than this is lost to its user; long jobs raise their own limits.
APP_LIMITS = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


def prepare(owner_url: str, app_url: str) -> None:
    """Let the application's role use one database of any server, as the owner's role.

    Creates the application's role if the owner may; grants it rows of present and future tables,
    never their definition. Raises ClusterError, with the statement a database administrator must
    run, when the roles cannot be told apart or the application's role could pass the policies.
    """
    owner, app = conninfo_to_dict(owner_url), conninfo_to_dict(app_url)
    name = str(app.get("user") or "")
    if not name or name == owner.get("user"):
        raise ClusterError("The application and the owner must be two roles of the database server")
    with psycopg.connect(owner_url, autocommit=True) as link:
        _role(link, name, str(app.get("password") or ""))
        admit(link, str(link.info.user), name)
        faults = weaknesses(link, name)
    if faults:
        raise ClusterError(f"The role {name} is not safe for the application: {'; '.join(faults)}")


def found(link: Connection[Any], owner_password: str, app_password: str) -> None:
    """Make both roles and the database on a server of our own; `link` is its superuser."""
    for name, password in ((OWNER, owner_password), (APP, app_password)):
        exists = _one(link, "SELECT 1 FROM pg_roles WHERE rolname = %s", name)
        verb = "ALTER" if exists else "CREATE"
        link.execute(
            sql.SQL(
                verb + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}"
            ).format(
                sql.Identifier(name),
                sql.SQL("CREATEDB" if name == OWNER else "NOCREATEDB"),
                sql.Literal(password),
            )
        )
    _limit(link, APP)
    if not _one(link, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        link.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )


def admit(link: Connection[Any], owner: str, app: str) -> None:
    """In the connected database, give `app` the rows of what `owner` makes in schema public."""
    names = {"owner": sql.Identifier(owner), "app": sql.Identifier(app)}
    rows, counters = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
    first = not _one(
        link,
        "SELECT 1 FROM pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) a "
        "WHERE d.defaclrole = %s::regrole AND a.grantee = %s::regrole",
        owner,
        app,
    )
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        f"GRANT {rows} ON TABLES TO {{app}}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        f"GRANT {counters} ON SEQUENCES TO {{app}}",
    ]
    if first:
        # Later a migration may have taken a privilege away on purpose (facts are append-only).
        statements += [
            f"GRANT {rows} ON ALL TABLES IN SCHEMA public TO {{app}}",
            f"GRANT {counters} ON ALL SEQUENCES IN SCHEMA public TO {{app}}",
        ]
    with link.transaction():
        for statement in statements:
            link.execute(sql.SQL(statement).format(**names))


def weaknesses(link: Connection[Any], app: str) -> list[str]:
    """Ways in which `app` could pass row-level security in this database; empty is good."""
    asked = {
        "it is a superuser": "SELECT rolsuper FROM pg_roles WHERE rolname = %s",
        "it may bypass policies": "SELECT rolbypassrls FROM pg_roles WHERE rolname = %s",
        "it owns tables": "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
        "AND pg_has_role(%s, c.relowner, 'MEMBER'))",
        "it may act as the database's owner": "SELECT pg_has_role(%s, datdba, 'MEMBER') "
        "FROM pg_database WHERE datname = current_database()",
        "it may create tables": "SELECT has_schema_privilege(%s, 'public', 'CREATE')",
    }
    return [fault for fault, question in asked.items() if _one(link, question, app)]


def _role(link: Connection[Any], name: str, password: str) -> None:
    if _one(link, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        return
    statement = sql.SQL("CREATE ROLE {} LOGIN NOBYPASSRLS PASSWORD {}")
    try:
        link.execute(statement.format(sql.Identifier(name), sql.Literal(password)))
        _limit(link, name)
    except psycopg.errors.InsufficientPrivilege as refused:
        raise ClusterError(
            "The owner's role may not create roles; let an administrator run: "
            f"CREATE ROLE \"{name}\" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…'"
        ) from refused


def _limit(link: Connection[Any], name: str) -> None:
    for setting, value in APP_LIMITS.items():
        link.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
            )
        )


def _one(link: Connection[Any], query: str, *values: str) -> Any:
    row = link.execute(query.encode(), values).fetchone()
    return row[0] if row else None
