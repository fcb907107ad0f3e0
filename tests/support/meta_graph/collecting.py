"""What the tests of the collector share: a simulated Meta over real HTTP, a warehouse, runs on the simulator's clock."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from agentmarts.meta_graph.accounts import Account, LoginKind, add_account
from agentmarts.meta_graph.api.secrets import appsecret_proof
from agentmarts.meta_graph.collecting.collector import Collected, collect
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from graph_simulator.server import running
from graph_simulator.world.build import DEFAULT_CLOCK, Size, build_world
from graph_simulator.world.world import World

SMALL = Size(posts=12, reels=3, stories=0, history_days=30, future_days=25, audience=400, followers=250, views_per_post=15)
PAGE, INSTAGRAM = "100000000000001", "17841400000000001"


@dataclass
class SimulatedGraph:
    """A running simulator and its control API."""

    world: World
    base_url: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60), repr=False)
    _now: datetime | None = None

    def ask(self, name: str, **params: str) -> Any:
        return self._said(self.http.get(f"{self.base_url}/_control/{name}", params=params))

    def tell(self, name: str, what: Any = None) -> Any:
        return self._said(self.http.post(f"{self.base_url}/_control/{name}", json=what))

    def forget(self, name: str) -> None:
        self._said(self.http.delete(f"{self.base_url}/_control/{name}"))

    def now(self) -> datetime:
        """The simulator's clock, which nobody else moves."""
        if self._now is None:
            self._now = datetime.fromisoformat(self.ask("clock")["now"])
        return self._now

    def advance(self, time: timedelta) -> None:
        self._now = datetime.fromisoformat(self.tell("clock", {"advance_seconds": math.ceil(time.total_seconds())})["now"])

    def reset(self) -> None:
        """Everything as it was in the beginning."""
        self.tell("reset")
        self._now = None

    def fail(self, kind: str, **how: Any) -> None:
        """The next matching request fails in this way."""
        self.tell("faults", {"kind": kind, **how})

    def remove(self, object_type: str, metric: str) -> None:
        """Meta knows this metric no more."""
        self.tell("metrics", {"remove": {"object": object_type, "metric": metric}})

    def asked(self) -> list[Mapping[str, Any]]:
        """Requests and items of batches since the journal was forgotten last."""
        entries: list[Mapping[str, Any]] = self.ask("journal")
        return entries

    def truth(self, metric: str, graph_id: str, **when: str) -> Any:
        return self.ask("truth", metric=metric, object=graph_id, **when)["value"]

    @staticmethod
    def _said(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()

    def secrets(self) -> list[str]:
        """All that must never be seen: tokens, proofs, the app's secret."""
        found = [self.world.app_secret]
        for token in self.ask("tokens"):
            found += [token["value"], token["proof"]]
            found.append(appsecret_proof(SecretStr(token["value"]), SecretStr(self.world.app_secret)).get_secret_value())
        return found


class Graphs:
    """Simulators by their world, each started once."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._running: dict[tuple[str, Size], SimulatedGraph] = {}

    def of(self, size: Size = SMALL, clock: str = DEFAULT_CLOCK) -> SimulatedGraph:
        """As it was in the beginning."""
        if (clock, size) not in self._running:
            world = build_world(7, clock, size)
            self._running[clock, size] = SimulatedGraph(world, self._stack.enter_context(running(world)))
        graph = self._running[clock, size]
        graph.reset()
        return graph

    def close(self) -> None:
        for graph in self._running.values():
            graph.http.close()
        self._stack.close()


@dataclass
class Collector:
    """A warehouse that collects from a simulator."""

    settings: Settings
    graph: SimulatedGraph
    accounts: dict[str, Account]
    """By graph_id."""
    before_sleep: Callable[[], None] = lambda: None

    def run(self, *graph_ids: str, days: tuple[date, date] | None = None) -> dict[str, Collected]:
        """One run over all accounts, or over some, on the simulator's clock; waiting moves it. By graph_id, in the order of the run."""
        wanted = [self.accounts[one].account_id for one in graph_ids] or None
        done = collect(
            self.settings,
            accounts=wanted,
            days=days,
            clock=self.graph.now,
            sleep=lambda s: self.graph.advance(timedelta(seconds=s)),
        )
        return {one.account.graph_id: one for one in done}

    def calls(self, *graph_ids: str) -> list[Mapping[str, Any]]:
        """What a run sends: HTTP requests and items of batches."""
        self.graph.forget("journal")
        self.run(*graph_ids)
        return self.graph.asked()

    def environment(self, **more: str) -> dict[str, str]:
        """Variables of a process that collects as this one does."""
        secret, app_secret = self.settings.secret_key, self.settings.graph_app_secret
        assert secret is not None
        assert app_secret is not None
        return {
            **os.environ,
            "AGENTMARTS_HOME": str(self.settings.home),
            "AGENTMARTS_SECRET_KEY": secret.get_secret_value(),
            "DATABASE_URL": self.settings.database_url.get_secret_value() if self.settings.database_url else "",
            "AGENTMARTS_GRAPH_BASE_URL": self.graph.base_url,
            "AGENTMARTS_GRAPH_APP_ID": str(self.settings.graph_app_id),
            "AGENTMARTS_GRAPH_APP_SECRET": app_secret.get_secret_value(),
            **more,
        }

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with connect(self.settings, Role.MIGRATOR) as connection:
            return connection.execute(sql, params or None).fetchall()

    def one(self, sql: str, *params: object) -> Any:
        """The only value of the only row."""
        ((value,),) = self.rows(sql, *params)
        return value

    def newest(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Value and state of each fact's newest revision, by what the fact is about."""
        return {row[:-2]: row[-2:] for row in self.rows(_NEWEST)}


_NEWEST = """
select distinct on (fact_id) fact_id, group_name, object_id, metric, period, dim_key, dim_value, window_start, window_end, sample_slot,
  value, state
from raw.metric_observations order by fact_id, revision desc
"""


def http_requests(journal: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without the items of batches."""
    return [entry for entry in journal if entry["batch_index"] is None]


def a_collector(
    settings: Settings,
    graph: SimulatedGraph,
    monkeypatch: pytest.MonkeyPatch,
    *,
    timezone: str = "UTC",
    slug: str = "acme",
    login_kind: LoginKind = "facebook_login",
) -> Collector:
    """A tenant with all accounts of the simulator, connected now. Pages have a token each, Instagram accounts the system user's."""
    tokens = {token["name"]: token["value"] for token in graph.ask("tokens")}
    app = graph.ask("accounts")
    mine = settings.model_copy(
        update={
            "database_url": SecretStr(f"{settings.database_url.get_secret_value()}?options=-csynchronous_commit%3Doff"),
            "graph_base_url": graph.base_url,
            "graph_instagram_base_url": graph.base_url,
            "graph_app_id": app["app_id"],
            "graph_app_secret": SecretStr(app["app_secret"]),
        }
    )
    for name, value in tokens.items():
        monkeypatch.setenv(f"AGENTMARTS_GRAPH_TOKEN_{name.replace('-', '_').upper()}", value)
    tenant = create_tenant(mine, slug=slug, timezone=timezone, currency="EUR")
    found: dict[str, Account] = {}
    now = graph.now()
    with connect(mine, Role.INGEST) as connection:
        for account in app["accounts"]:
            found[account["id"]] = add_account(
                connection,
                tenant_id=tenant.tenant_id,
                platform=account["platform"],
                graph_id=account["id"],
                login_kind=login_kind if account["platform"] == "instagram" else "facebook_login",
                token_ref=_token_of(graph, account["id"], account["platform"]),
                token_kind="page" if account["platform"] == "facebook" else "system_user",
                at=now,
                collect_from=now.date(),
                account_id=UUID(int=int(account["id"])),
            )
    return Collector(mine, graph, found)


def _token_of(graph: SimulatedGraph, graph_id: str, platform: str) -> str:
    if platform == "instagram":
        return "system"
    return next(token.name for token in graph.world.tokens if token.profile_id == graph_id).replace("-", "_")


def hours(graph: SimulatedGraph, count: int) -> Iterator[datetime]:
    """The next full hours, each in its turn, with the clock on it."""
    for _ in range(count):
        now = graph.now()
        graph.advance(now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - now)
        yield graph.now()


MakeCollector = Callable[..., Collector]
"""Makes the collector of a fresh warehouse and a simulator as it was in the beginning (fixture `collector_of`)."""
