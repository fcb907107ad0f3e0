"""A small warehouse to publish from: one mart (customer_days), its build table, and windows opened without dbt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from agentmarts.refresh.marts import Mart
from agentmarts.refresh.publish import PublishResult, publish
from agentmarts.refresh.window import RunWindow, mark_built, open_window, read_window
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect

TENANT = UUID("00000000-0000-0000-0000-000000000001")
OTHER_TENANT = UUID("00000000-0000-0000-0000-000000000002")
NOON = datetime(2025, 6, 20, 12, tzinfo=UTC)

TOUCHED = "int_conversations__touched_cells"
CUSTOMER_DAYS = Mart(
    name="customer_days",
    columns=(
        "tenant_id", "metric_date", "customer_id", "conversations_started", "messages_received", "first_seen_at", "is_new_customer",
    ),
    key=("tenant_id", "metric_date", "customer_id"),
    touched_by=TOUCHED,
    touched_keys=("tenant_id", "metric_date"),
    streams=frozenset({"conversation_events"}),
    provisional=frozenset(),
)  # fmt: skip

Day = tuple[UUID, date, str, int]
"""(tenant, local day, customer, messages)"""


def prepare(settings: Settings) -> None:
    """Two tenants, the dates of 2025 and an empty build table of the mart."""
    with connect(settings, Role.MIGRATOR) as connection:
        for tenant, slug in ((TENANT, "one"), (OTHER_TENANT, "two")):
            connection.execute("insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, %s, 'USD')", (tenant, slug, slug))
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute(
            "insert into marts.dim_date select d, 1, 'x', d, d, d, d, 1, 2025, false, 0"
            " from generate_series('2025-01-01'::date, '2025-12-31', '1 day') g cross join lateral (select g::date) s (d)"
        )
        for tenant, slug in ((TENANT, "one"), (OTHER_TENANT, "two")):
            connection.execute(
                "insert into marts.dim_tenant values (%s, %s, %s, 'UTC', 'USD', null, 30, now(), null, 0)", (tenant, slug, slug)
            )
    with connect(settings, Role.TRANSFORM) as connection:
        connection.execute("create table build.conversations (n int)")
        connection.execute(
            "create table build.customer_days (tenant_id uuid, metric_date date, customer_id text, conversations_started int,"
            " messages_received int, first_seen_at timestamptz, is_new_customer boolean)"
        )
        connection.execute("create table build.int_conversations__touched_cells (tenant_id uuid, metric_date date)")


def build(
    settings: Settings, days: list[Day], touched: list[tuple[UUID, date]], *, as_of: datetime = NOON, full: bool = False
) -> RunWindow:
    """Do what a dbt run would: open a window, build exactly these rows, mark the run as built."""
    run_id = uuid4().hex
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        open_window(connection, run_id=run_id, as_of=as_of, opened_at=as_of, definition_hash="same", full=full, touched=[TOUCHED])
        connection.execute("truncate build.customer_days, build.int_conversations__touched_cells")
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into build.customer_days values (%s, %s, %s, 0, %s, %s, false)",
                [(tenant, day, customer, messages, datetime(2025, 1, 1, tzinfo=UTC)) for tenant, day, customer, messages in days],
            )
            cursor.executemany("insert into build.int_conversations__touched_cells values (%s, %s)", touched)
        mark_built(connection, run_id, as_of)
        return read_window(connection)


def publish_window(settings: Settings, window: RunWindow, *, approved: bool = False) -> PublishResult:
    """Publish the one mart."""
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        return publish(connection, window, [CUSTOMER_DAYS], published_at=window.as_of, approved=approved)


def published(settings: Settings) -> list[tuple[str, date, str, int, int]]:
    """(tenant slug, day, customer, messages, published_version) of every row, sorted."""
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(
            "select t.slug, metric_date, customer_id, messages_received, c.published_version"
            " from marts.customer_days c join marts.dim_tenant t using (tenant_id) order by 1, 2, 3"
        ).fetchall()
