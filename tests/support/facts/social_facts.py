"""Rows of the raw tables of the Meta Graph collector, as its store would write them, without a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from psycopg import sql

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect

NAMESPACE = UUID("7a1cf0a6-2f0c-5c0e-9a43-3f1b6d7e9c55")
PAGE = UUID(int=11)
INSTAGRAM = UUID(int=12)
PAGE_ID = "page"
INSTAGRAM_ID = "user"
Platform = Literal["facebook", "instagram"]


@dataclass(frozen=True)
class Fact:
    """One answer of Meta's: what raw.metric_observations holds but for identity, which follows from it."""

    tenant_id: UUID
    metric: str
    value: float | None
    observed_at: datetime
    platform: Platform = "facebook"
    object_type: str = "page"
    object_id: str = PAGE_ID
    period: str = "day"
    group_name: str = "group"
    media_product: str | None = None
    dim_key: str = ""
    dim_value: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None
    sample_slot: str = ""
    state: str = ""
    is_final: bool = True

    @property
    def account_id(self) -> UUID:
        return account_of(self.tenant_id, self.platform)

    @property
    def fact_id(self) -> UUID:
        parts = (self.account_id, self.group_name, self.object_type, self.object_id, self.metric, self.period, self.dim_key,
                 self.dim_value, self.window_start, self.window_end, self.sample_slot)  # fmt: skip
        return uuid5(NAMESPACE, "\x1f".join(map(str, parts)))


@dataclass
class Collector:
    """Writes facts; the revisions of a fact are numbered in order of arrival, as the store does."""

    settings: Settings
    revisions: dict[UUID, int] = field(default_factory=dict)

    def add_account(self, tenant_id: UUID, platform: Platform = "facebook", collect_from: date | None = None, day_shift: int = 0) -> None:
        """A Page, or an Instagram account whose days are those of UTC."""
        is_page = platform == "facebook"
        with connect(self.settings, Role.INGEST) as connection:
            connection.execute(
                "insert into raw.graph_accounts (tenant_id, account_id, platform, graph_id, login_kind, token_ref, token_kind,"
                " ig_day_shift, ig_day_boundary, collect_from, updated_at)"
                " values (%s, %s, %s, %s, 'facebook_login', 'token', 'page', %s, %s, %s, %s)",
                (tenant_id, account_of(tenant_id, platform), platform, PAGE_ID if is_page else INSTAGRAM_ID,
                 None if is_page else day_shift, None if is_page else "utc", collect_from, datetime(2026, 1, 1, tzinfo=UTC)),
            )  # fmt: skip

    def configure(self, tenant_id: UUID, platform: Platform, **columns: Any) -> None:
        """Change what an account's facts mean."""
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in columns.items()
        )
        with connect(self.settings, Role.INGEST) as connection:
            connection.execute(
                sql.SQL("update raw.graph_accounts set {}, ingest_xid = pg_current_xact_id() where account_id = %s").format(assignments),
                (account_of(tenant_id, platform),),
            )

    def add_object(
        self, tenant_id: UUID, object_id: str, published_at: datetime | None, *, platform: Platform = "facebook", kind: str = "post",
        product: str | None = None, revision: int = 1, observed_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """A revision of a post or medium as a list shows it."""
        with connect(self.settings, Role.INGEST) as connection:
            connection.execute(
                "insert into raw.graph_objects (tenant_id, account_id, object_id, revision, object_type, media_product, published_at,"
                " observed_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                (tenant_id, account_of(tenant_id, platform), object_id, revision, kind, product, published_at, observed_at or published_at),
            )

    def send(self, *facts: Fact) -> None:
        """One transaction."""
        with connect(self.settings, Role.INGEST) as connection:
            for fact in facts:
                revision = self.revisions[fact.fact_id] = self.revisions.get(fact.fact_id, 0) + 1
                connection.execute(
                    "insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type,"
                    " object_id, media_product, metric, period, dim_key, dim_value, window_start, window_end, sample_slot, value, state,"
                    " is_final, observed_at, response_id, catalogue_version)"
                    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'test')",
                    (
                        fact.tenant_id, fact.account_id, fact.fact_id, revision, fact.group_name, fact.platform, fact.object_type,
                        fact.object_id, fact.media_product, fact.metric, fact.period, fact.dim_key, fact.dim_value, fact.window_start,
                        fact.window_end, fact.sample_slot, fact.value, fact.state or ("empty" if fact.value is None else "ok"),
                        fact.is_final, fact.observed_at, UUID(int=0),
                    ),
                )  # fmt: skip


def account_of(tenant_id: UUID, platform: Platform) -> UUID:
    """One Page and one Instagram account per tenant."""
    return uuid5(tenant_id, platform)


def stamp(
    tenant_id: UUID, metric: str, end_time: datetime, value: float | None, *, after: timedelta = timedelta(hours=80), **given: Any
) -> Fact:
    """A point of a Page's series, answered so long after its end."""
    return Fact(tenant_id, metric, value, end_time + after, window_end=end_time, **given)


def asked(
    tenant_id: UUID, metric: str, first: date, days: int, value: float | None, *, after: timedelta = timedelta(hours=80), **given: Any
) -> Fact:
    """An Instagram account's total over whole UTC days."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = start + timedelta(days=days)
    return Fact(tenant_id, metric, value, end + after, "instagram", "ig_user", INSTAGRAM_ID, window_start=start, window_end=end, **given)


def sample(tenant_id: UUID, object_id: str, metric: str, at: datetime, value: float | None, **given: Any) -> Fact:
    """A running total of a post, or a field of any object."""
    common = {"object_type": "post", "period": "lifetime", "sample_slot": f"at:{at.isoformat()}"}
    return Fact(tenant_id, metric, value, at, object_id=object_id, **{**common, **given})
