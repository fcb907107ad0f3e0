"""Tenants with a Page and an Instagram account in a warehouse, and what is published of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.conversation_facts import refreshed, values
from tests.support.facts.social_facts import Collector

POST = "page_1"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATE = datetime(2026, 11, 12, tzinfo=UTC)
"""As of here everything is known that the tests send."""
MARTS = ("account_reach", "engagement_metrics")


@dataclass
class World:
    """A tenant with a Page and an Instagram account, and what is published of it."""

    settings: Settings
    tenant: UUID
    collector: Collector

    def refreshed(self) -> None:
        refreshed(self.settings, LATE)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query in which {metrics}, {reach} and {restatements} are the tenant's rows of these marts."""
        names = {"metrics": "engagement_metrics", "reach": "account_reach", "restatements": "restatements"}
        ours = {key: f"(select * from marts.{mart} where tenant_id = '{self.tenant}') as {mart}" for key, mart in names.items()}
        return values(self.settings, query.format(**ours))

    def views(self, columns: str = "metric_date, value_increment") -> list[tuple[Any, ...]]:
        """Views of the one post by day."""
        return self.rows(f"select {columns} from {{metrics}} where object_id = '{POST}' and metric_name = 'views' order by metric_date")


def new_world(settings: Settings, zone: str, tenant: UUID | None = None) -> World:
    tenant = tenant or uuid4()
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, 'Somebody', 'EUR')", (tenant, f"t-{tenant}")
        )
        connection.execute(
            "insert into raw.tenant_parameters (tenant_id, parameter, value) values (%s, 'timezone', %s)", (tenant, Jsonb(zone))
        )
    collector = Collector(settings)
    collector.add_account(tenant)
    collector.add_account(tenant, "instagram")
    return World(settings, tenant, collector)


def built_rows(settings: Settings) -> dict[str, list[str]]:
    """Every row of the social marts as dbt built it, as text: floating-point numbers to their last bit."""
    found = {mart: values(settings, f"select m::text from build.{mart} m order by 1") for mart in MARTS}
    return {mart: [row[0] for row in rows] for mart, rows in found.items()}


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    corrected = built_rows(settings)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert rebuilt.window.mode == "full"
    again = built_rows(settings)
    for mart in MARTS:
        assert set(corrected[mart]) ^ set(again[mart]) == set(), f"{mart}: a rebuild gives other rows"
        assert len(corrected[mart]) == len(again[mart])
    assert rebuilt.published.changes == ()
