"""The service under test: the real application over a warehouse whose marts were filled by hand."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import uvicorn

from agentmarts.service.app import create_app
from agentmarts.settings import Limits, Settings
from agentmarts.tenancy.api_keys import create_key
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row

AS_OF = datetime(2025, 6, 18, 12, tzinfo=UTC)
"""A Wednesday noon."""

TENANT_MARTS = (
    "conversations",
    "hourly_metrics",
    "daily_metrics",
    "weekly_metrics",
    "monthly_metrics",
    "customer_days",
    "conversation_quality_scores",
    "quality_daily",
    "dim_tenant",
    "dim_tenant_parameters",
)
PLENTY = Limits(requests_per_second=10_000, burst=10_000)


@dataclass(frozen=True)
class Customer:
    """A tenant of the service with a key that may read and write."""

    slug: str
    tenant_id: UUID
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def register(settings: Settings, slug: str, scopes: tuple[str, ...] = ("read", "write")) -> Customer:
    """A tenant with a key, not yet in any mart."""
    tenant = create_tenant(settings, slug=slug)
    _, key = create_key(settings, name=f"key of {slug}", tenants=[slug], scopes=scopes)
    return Customer(slug, tenant.tenant_id, key)


def publish_customer(connection: Connection, customer: Customer, timezone: str = "UTC", conversations: int = 3) -> None:
    """Some days of marts for a customer: `conversations` a day from 1 May to the day of AS_OF, each named after its tenant."""
    publish_tenant(connection, customer.slug, timezone, customer.tenant_id)
    today = AS_OF.date()
    days = [date(2025, 5, 1) + timedelta(days=n) for n in range((today - date(2025, 5, 1)).days + 1)]
    daily, episodes, customers, hours = [], [], [], []
    tenant = {"tenant_id": customer.tenant_id}
    for day in days:
        at = datetime.combine(day, datetime.min.time(), UTC)
        counts = {
            "total_conversations": conversations,
            "episodes_started": conversations,
            "resolved_conversations": 1,
            "resolved_cohort": 1,
        }
        rate = {"resolution_rate_numerator": 1, "resolution_rate_denominator": conversations, "resolution_rate": 1 / conversations}
        daily.append(
            zero_row(connection, "daily_metrics", **tenant, metric_date=day, day_hours=24.0, is_partial=day == today, **counts, **rate)
        )
        hours.append(zero_row(connection, "hourly_metrics", **tenant, metric_date=day, hour_start=at, total_conversations=conversations))
        customers.append(
            zero_row(connection, "customer_days", **tenant, metric_date=day, customer_id=f"{customer.slug}-visitor", first_seen_at=at)
        )
        for number in range(conversations):
            is_resolved = number == 0
            fate = {"outcome": "resolved", "resolved_date": day, "resolved_at": at} if is_resolved else {"outcome": "open"}
            name = f"{customer.slug}-{day}-{number}"
            episodes.append(
                zero_row(
                    connection,
                    "conversations",
                    **tenant,
                    conversation_id=name,
                    episode_no=1,
                    started_at=at,
                    start_date=day,
                    **fate,
                    is_ai_resolution=is_resolved,
                    customer_id=f"{customer.slug}-visitor",
                )
            )
    quality = {"scorer_kind": "judge", "scorer": f"{customer.slug}-judge", "attempts": 2, "scored": 2, "overall_mean": 0.8}
    insert_rows(connection, "daily_metrics", daily)
    insert_rows(connection, "hourly_metrics", hours)
    insert_rows(connection, "customer_days", customers)
    insert_rows(connection, "conversations", episodes)
    insert_rows(connection, "quality_daily", [zero_row(connection, "quality_daily", **tenant, metric_date=today, **quality)])
    week, month = date(2025, 6, 16), date(2025, 6, 1)
    insert_rows(connection, "weekly_metrics", [zero_row(connection, "weekly_metrics", **tenant, week_start=week, total_conversations=9)])
    insert_rows(
        connection, "monthly_metrics", [zero_row(connection, "monthly_metrics", **tenant, month_start=month, total_conversations=54)]
    )


def publish_all(settings: Settings, *customers: Customer, version: int = 1) -> None:
    """The calendar, some days of marts for each customer, and the log of that publish."""
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2024, 1, 1), date(2025, 12, 31))
        for customer in customers:
            publish_customer(connection, customer)
        log_version(connection, version, AS_OF, TENANT_MARTS, [customer.tenant_id for customer in customers])
        log_version(connection, version, AS_OF, ["dim_date", "metric_definitions"], [None])


@contextmanager
def service(settings: Settings, limits: Limits = PLENTY) -> Iterator[httpx.Client]:
    """A client of the application, which runs behind a real server on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings, limits), log_config=None, access_log=False, timeout_graceful_shutdown=5)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the service did not start"
                time.sleep(0.01)
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
            _wait_for_sessions_to_end(settings)


def _wait_for_sessions_to_end(settings: Settings) -> None:
    """A closed connection's server process takes a moment to go, and a database in use cannot be dropped by the next test."""
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        for _ in range(200):
            row = connection.execute(
                "select count(*) from pg_stat_activity where datname = current_database() and usename in ('am_api', 'am_ingest')"
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.02)


def assert_problem(response: Any, status: int, slug: str, pointer: str | None = None) -> dict[str, Any]:
    """It is problem details of this kind, and tells nothing it should not."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert body["instance"] == f"urn:request:{response.headers['x-request-id']}"
    assert body["title"]
    assert body["detail"]
    for secret in ("select ", "psycopg", "Traceback", "am_live_"):
        assert secret not in response.text
    if pointer is not None:
        assert [error["pointer"] for error in body["errors"]] == [pointer]
    return body
