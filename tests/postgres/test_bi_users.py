"""BI logins see the marts of their tenants and nothing else, whatever they type."""

from __future__ import annotations

import subprocess
from contextlib import suppress

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from agentmarts.settings import Settings
from agentmarts.tenancy.bi_users import BiUserError, NewBiUser, create_bi_user, list_bi_users, revoke_bi_user
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Connection, Role, connect, database_url
from agentmarts.warehouse.embedded import EmbeddedServer
from tests.support.marts.published_learning import LEARNING_MARTS, publish_learning
from tests.support.serving import Customer, publish_all, register


def login(settings: Settings, user: NewBiUser) -> Connection:
    url = database_url(settings, Role.MIGRATOR).set(username=user.role_name, password=user.password)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture
def customers(settings: Settings) -> tuple[Customer, Customer]:
    mine, foreign = register(settings, "mine"), register(settings, "foreign")
    publish_all(settings, mine, foreign)
    publish_learning(settings, mine, foreign)
    return mine, foreign


def slugs(connection: Connection) -> list[str]:
    return [slug for (slug,) in connection.execute("select slug from marts.dim_tenant order by slug")]


def marts(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.columns where table_schema = 'marts' and column_name = 'tenant_id'"
    )
    return [name for (name,) in rows]


def test_only_own_tenants(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    mine, foreign = customers
    user = create_bi_user(settings, tenants=["mine"])
    with login(settings, user) as connection:
        assert slugs(connection) == ["mine"]
        assert len(marts(connection)) >= 10
        attempts = [
            f"set app.tenant_id = '{foreign.tenant_id}'",
            f"select set_config('app.tenant_id', '{foreign.tenant_id}', false)",
            f"set app.portfolio_id = '{foreign.tenant_id}'",
            "set row_security = off",
            "set session characteristics as transaction read write",
            *(f"set role {role}" for role in ("am_owner", "am_publish", "api_reader", "am_migrator", "none", "bi_reader")),
            "set session authorization am_owner",
            f"alter role {user.role_name} bypassrls",
            "grant am_owner to current_user",
            f"insert into ops.bi_tenants values (current_user, '{foreign.tenant_id}')",
            "alter table marts.daily_metrics disable row level security",
            "drop policy bi on marts.daily_metrics",
        ]
        for attempt in attempts:
            with suppress(psycopg.Error):
                connection.execute(attempt.encode())
            for mart in marts(connection):
                query = sql.SQL("select count(*) from marts.{} where tenant_id = %s").format(sql.Identifier(mart))
                with suppress(psycopg.errors.InsufficientPrivilege):  # row_security = off: an error instead of rows
                    assert connection.execute(query, (foreign.tenant_id,)).fetchone() == (0,), attempt
            connection.execute("reset role")
            connection.execute("reset row_security")
        assert slugs(connection) == ["mine"]
        window = "'2025-06-01', '2025-06-18'"
        for tenant, conversations, actions in ((mine, 54, 9), (foreign, 0, 0)):
            for function in ("period_metrics", "roi"):
                row = connection.execute(f"select total_conversations from marts.{function}(%s, {window})", (tenant.tenant_id,)).fetchone()
                assert row == (conversations,)
            row = connection.execute(f"select total_actions from marts.outcome_counts(%s, {window})", (tenant.tenant_id,)).fetchone()
            assert row == (actions,)
        for mart in LEARNING_MARTS:
            rows = connection.execute(f"select distinct tenant_id from marts.{mart}".encode()).fetchall()
            assert rows == [(mine.tenant_id,)], mart


def test_nothing_beside_the_marts(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        # Rights on a database are not cloned with it: repeat what migration 0001 did.
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("revoke create, temporary on database {} from public").format(name))
    with login(settings, create_bi_user(settings, tenants=["mine"])) as connection:
        assert connection.execute("select count(*) from ops.bi_tenants").fetchone() == (1,)
        readings = ("raw.conversation_events", "raw.tenants", "ops.api_keys", "ops.publish_cursor", "build.run_window")
        for statement in (
            *(f"select * from {table}" for table in readings),
            *(f"create table {schema}.mine (i int)" for schema in ("marts", "public", "ops")),
            "create temporary table mine (i int)",
            "create schema mine",
            "update marts.daily_metrics set total_messages = 0",
            "delete from marts.conversations",
            "insert into marts.dim_date select * from marts.dim_date",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        keys = "select count(*) from information_schema.table_constraints where table_schema = 'marts' and constraint_type = 'FOREIGN KEY'"
        row = connection.execute(keys.encode()).fetchone()
        assert row is not None
        assert row[0] >= 10  # BI tools find the relations between marts


def test_psql(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    """The text printed for psql works as it is."""
    user = create_bi_user(settings, tenants=["mine"])
    address = user.connection_texts["psql"].removeprefix('psql "').removesuffix('"')
    program = EmbeddedServer(settings).binary("psql")
    if not program.exists():
        pytest.skip("this PostgreSQL came without psql")
    script = f"set app.tenant_id = '{customers[1].tenant_id}'; select distinct slug from marts.dim_tenant"
    done = subprocess.run([program, address, "-At", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["SET", "mine"]


def test_texts_for_the_tools(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    user = create_bi_user(settings, tenants=["acme"], connections=2)
    assert set(user.connection_texts) == {"psql", "Metabase", "Superset", "Power BI", "Tableau/JDBC", "Excel/ODBC"}
    for text in user.connection_texts.values():
        assert user.password in text
        assert user.role_name in text
    assert user.password not in repr(list_bi_users(settings))
    assert make_url(user.connection_texts["Superset"]).password == user.password
    connections = [login(settings, user), login(settings, user)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        login(settings, user)
    for connection in connections:
        connection.close()


def test_all_tenants_means_later_ones_too(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    user = create_bi_user(settings, all_tenants=True)
    create_tenant(settings, slug="later")
    listed = [one for one in list_bi_users(settings) if one.role_name == user.role_name]
    assert [(one.tenants, one.all_tenants) for one in listed] == [(["acme", "later"], True)]


def test_revoking_ends_sessions(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    user = create_bi_user(settings, tenants=["mine", "foreign"])
    connection = login(settings, user)
    assert slugs(connection) == ["foreign", "mine"]
    connection.execute("alter default privileges grant select on tables to public")  # something that hangs on the role
    revoke_bi_user(settings, user.role_name)
    with pytest.raises(psycopg.OperationalError):
        slugs(connection)
    with pytest.raises(psycopg.OperationalError):
        login(settings, user)
    assert user.role_name not in [one.role_name for one in list_bi_users(settings)]


def test_wrong_calls(settings: Settings) -> None:
    with pytest.raises(BiUserError, match="no tenant yet"):
        create_bi_user(settings, all_tenants=True)
    create_tenant(settings, slug="acme")
    with pytest.raises(BiUserError, match="one of the two"):
        create_bi_user(settings)
    with pytest.raises(BiUserError, match="one of the two"):
        create_bi_user(settings, tenants=["acme"], all_tenants=True)
    with pytest.raises(BiUserError, match="no tenant nobody"):
        create_bi_user(settings, tenants=["nobody"])
    for name in ("bi_nobody00", "bi_reader", "am_owner"):
        with pytest.raises(BiUserError, match="no BI login"):
            revoke_bi_user(settings, name)
    assert list_bi_users(settings) == []
