"""Read-only SQL logins for analysts and BI tools: each sees the marts of its tenants, whatever it types.

Rights come from membership in `bi_reader`; which tenants a login sees stands in `ops.bi_tenants`, and the policies look there by
`current_user`, which a session cannot forge. Names are random: every login can read the names of all roles.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Connection, Role, connect, database_url
from agentmarts.warehouse.postgres_url import PostgresUrl

GROUP = "bi_reader"
PREFIX = "bi_"
NAME_LENGTH = 8
PASSWORD_LENGTH = 32
TEMPORARY_FILES = "2GB"


class BiUserError(ValueError):
    """The login cannot be made or dropped; the message says what would be right."""


@dataclass(frozen=True)
class NewBiUser:
    """A login just made; its password is stored nowhere."""

    role_name: str
    password: str
    tenants: list[str]
    connection_texts: dict[str, str]
    """What to enter, by tool."""


@dataclass(frozen=True)
class BiUser:
    """A login and the slugs of the tenants it sees; with all_tenants later ones are added by themselves."""

    role_name: str
    tenants: list[str]
    all_tenants: bool


def create_bi_user(settings: Settings, *, tenants: Sequence[str] = (), all_tenants: bool = False, connections: int = 5) -> NewBiUser:
    """Make a login for tenants (slugs), or for all of them, those to come included.

    Raises BiUserError when no tenant is named, one is unknown, or both tenants and all_tenants are given.
    """
    if bool(tenants) == all_tenants:
        raise BiUserError("name tenants by slug, or all of them: one of the two")
    name = PREFIX + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(NAME_LENGTH))
    password = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(PASSWORD_LENGTH))
    with connect(settings, Role.MIGRATOR) as connection:
        slugs = _tenants(connection, None if all_tenants else tenants)
        # Hashed here: a statement with the password itself could end up in the server's log.
        hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        connection.execute(
            sql.SQL("create role {} login password {} connection limit {}").format(
                sql.Identifier(name), sql.Literal(hashed), sql.Literal(connections)
            )
        )
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(GROUP), sql.Identifier(name)))
        _limit_temporary_files(connection, name)
        connection.cursor().executemany(
            "insert into ops.bi_tenants (role_name, tenant_id, all_tenants, created_at) values (%s, %s, %s, %s)",
            [(name, tenant_id, all_tenants, now()) for tenant_id in slugs.values()],
        )
    url = database_url(settings, Role.MIGRATOR).set(username=name, password=password)
    return NewBiUser(name, password, sorted(slugs), connection_texts(url))


def list_bi_users(settings: Settings) -> list[BiUser]:
    """All logins by name."""
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute(
            "select b.role_name::text, array_agg(t.slug order by t.slug), bool_or(b.all_tenants)"
            " from ops.bi_tenants b join raw.tenants t using (tenant_id) group by b.role_name order by 1"
        ).fetchall()
    return [BiUser(*row) for row in rows]


def revoke_bi_user(settings: Settings, role_name: str) -> None:
    """End the login's sessions and drop it. Raises BiUserError when there is no such login."""
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        known = connection.execute("select 1 from ops.bi_tenants where role_name = %s", (role_name,)).fetchone()
        exists = connection.execute("select 1 from pg_roles where rolname = %s", (role_name,)).fetchone()
        if not role_name.startswith(PREFIX) or not (known or exists) or role_name == GROUP:
            raise BiUserError(f"no BI login {role_name}: see `agentmarts bi-user list`")
        if exists:
            name = sql.Identifier(role_name)
            connection.execute(sql.SQL("alter role {} nologin").format(name))
            # Only a member may end a role's sessions and drop what hangs on it.
            connection.execute(sql.SQL("grant {} to current_user").format(name))
            connection.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", (role_name,))
            connection.execute(sql.SQL("drop owned by {}").format(name))
            connection.execute(sql.SQL("drop role {}").format(name))
        connection.execute("delete from ops.bi_tenants where role_name = %s", (role_name,))


def connection_texts(url: PostgresUrl) -> dict[str, str]:
    """How each tool connects to this address, password included: what `bi-user create` prints once."""
    host, port, database = url.host or "127.0.0.1", url.port or 5432, url.database or ""
    user, password = url.username or "", str(url.password or "")
    fields = f"host {host}, port {port}, database {database}, user {user}, password {password}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return {
        "psql": f'psql "{plain}"',
        "Metabase": f"PostgreSQL; {fields}; schemas: only marts",
        "Superset": url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False),
        "Power BI": f"PostgreSQL database; server {host}:{port}, database {database}; then as database user {user} with {password}",
        "Tableau/JDBC": f"jdbc:postgresql://{host}:{port}/{database}?currentSchema=marts; user {user}, password {password}",
        "Excel/ODBC": f"Driver={{PostgreSQL Unicode}};Server={host};Port={port};Database={database};Uid={user};Pwd={password};",
    }


def _tenants(connection: Connection, slugs: Sequence[str] | None) -> dict[str, UUID]:
    """tenant_id by slug; all tenants for None."""
    found: dict[str, UUID] = dict(connection.execute("select slug, tenant_id from raw.tenants").fetchall())
    if slugs is None:
        if not found:
            raise BiUserError("there is no tenant yet: `agentmarts tenant create`")
        return found
    missing = sorted(set(slugs) - set(found))
    if missing:
        raise BiUserError(f"no tenant {', '.join(missing)}: see `agentmarts tenant list`")
    return {slug: found[slug] for slug in slugs}


def _limit_temporary_files(connection: Connection, name: str) -> None:
    try:
        with connection.transaction():
            connection.execute(sql.SQL("alter role {} set temp_file_limit = {}").format(sql.Identifier(name), sql.Literal(TEMPORARY_FILES)))
    except psycopg.errors.InsufficientPrivilege:
        return  # only a superuser may, and the migrator need not be one
