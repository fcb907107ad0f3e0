"""The collector in Dagster against a simulated Meta: kinds of metrics as assets, a warning when one dies, no secret anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import dagster as dg
import httpx
import pytest

from agentmarts.meta_graph.accounts import Platform, add_account
from agentmarts.settings import Settings, now
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from dagster_project.assets.graph import CHECK, KINDS, graph_asset_key
from graph_simulator.server import running
from graph_simulator.world.build import Size, build_world
from graph_simulator.world.world import World
from tests.support.dagster_runs import evaluations, execute, pointed_at


@pytest.fixture(scope="module")
def world() -> World:
    """A small world whose present is the wall clock's: a run in Dagster knows no other."""
    return build_world(7, f"{now():%Y-%m-%dT%H:00:00Z}", Size(pages=1, instagram_users=1, posts=8, history_days=20))


@pytest.fixture
def simulator(world: World) -> Iterator[str]:
    with running(world) as base_url:
        yield base_url


@pytest.fixture
def installation(new_warehouse: Callable[[], Settings], world: World, simulator: str) -> Iterator[Settings]:
    """A warehouse with one Page and one Instagram account of the simulated world, known by their tokens in the environment."""
    settings = new_warehouse()
    tenant = create_tenant(settings, slug="acme", timezone="Europe/Berlin")
    page, profile = world.pages()[0], world.instagram_users()[0]
    accounts: list[tuple[Platform, str, str]] = [("facebook", page.id, "page"), ("instagram", profile.id, "system")]
    with connect(settings, Role.INGEST) as connection:
        for platform, graph_id, token in accounts:
            add_account(
                connection, tenant_id=tenant.tenant_id, platform=platform, graph_id=graph_id, login_kind="facebook_login",
                token_ref=token, token_kind="system_user", at=now(), collect_from=now().date(),
            )  # fmt: skip
    with pointed_at(
        settings,
        AGENTMARTS_GRAPH_BASE_URL=simulator,
        AGENTMARTS_GRAPH_APP_ID=world.app_id,
        AGENTMARTS_GRAPH_APP_SECRET=world.app_secret,
        AGENTMARTS_GRAPH_TOKEN_PAGE=world.token("page"),
        AGENTMARTS_GRAPH_TOKEN_SYSTEM=world.token("system"),
    ):
        yield settings


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as one:
        yield one


def collect_in_dagster(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return execute(instance, "collect_graph")


def check_of(result: dg.ExecuteInProcessResult, kind: str) -> dg.AssetCheckEvaluation:
    found = [
        event.asset_check_evaluation_data
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and event.asset_check_evaluation_data.asset_key == graph_asset_key(kind)
        and event.asset_check_evaluation_data.check_name == CHECK
    ]
    assert len(found) == 1
    return found[0]


def observed(settings: Settings) -> dict[str, int]:
    with connect(settings, Role.MIGRATOR) as connection:
        return dict(connection.execute("select group_name, count(value) from raw.metric_observations group by 1").fetchall())


def observed_rows(settings: Settings) -> dict[str, int]:
    with connect(settings, Role.MIGRATOR) as connection:
        return dict(connection.execute("select group_name, count(*) from raw.metric_observations group by 1").fetchall())


def everything_stored(settings: Settings) -> str:
    """Every row of the collector's tables, and of the quarantine, as text."""
    collector = ("graph_accounts", "graph_objects", "graph_responses", "metric_observations", "collection_ledger", "graph_budgets")
    with connect(settings, Role.MIGRATOR) as connection:
        return "\n".join(
            str(row[0]) for table in (*collector, "quarantine") for row in connection.execute(f"select t::text from raw.{table} t")
        )


def test_kinds_of_metrics_are_assets(
    installation: Settings, instance: dg.DagsterInstance, world: World, simulator: str, capfd: pytest.CaptureFixture[str]
) -> None:
    result = collect_in_dagster(instance)
    assert result.success
    for kind in KINDS:
        assert instance.get_latest_materialization_event(graph_asset_key(kind)) is not None
        assert check_of(result, kind).passed, kind
    values = instance.get_latest_materialization_event(graph_asset_key("metric_observations"))
    assert values is not None
    assert values.asset_materialization is not None
    assert values.asset_materialization.metadata["values_new"].value == sum(observed_rows(installation).values())
    first = observed(installation)
    assert {"fb_node", "fb_page", "fb_posts", "ig_node", "ig_series", "ig_total", "ig_media", "ig_media_due"} <= set(first)

    again = collect_in_dagster(instance)
    assert again.success
    assert observed(installation) == first

    # No secret left the process but in requests.
    secrets = [world.app_secret, *(token.value for token in world.tokens)]
    events = "\n".join(str(entry) for run in instance.get_runs() for entry in instance.all_logs(run.run_id))
    shown = capfd.readouterr()
    for text in (everything_stored(installation), events, shown.out, shown.err):
        assert not [secret for secret in secrets if secret in text]


def test_a_metric_that_died_warns_is_shown_in_quarantine_and_costs_no_other(
    installation: Settings, instance: dg.DagsterInstance, simulator: str
) -> None:
    answer = httpx.post(f"{simulator}/_control/metrics", json={"remove": {"object": "page", "metric": "page_views_total"}})
    assert answer.status_code == 200, answer.text
    result = collect_in_dagster(instance)
    assert result.success
    page = check_of(result, "page_metrics")
    assert not page.passed
    assert page.severity == dg.AssetCheckSeverity.WARN
    assert page.metadata["deprecated"].value >= 1
    assert check_of(result, "instagram_account_metrics").passed
    with connect(installation, Role.MIGRATOR) as connection:
        metrics = {row[0] for row in connection.execute("select distinct metric from raw.metric_observations where group_name = 'fb_page'")}
    assert "page_views_total" not in metrics
    assert len(metrics) == 11
    shown = look(instance)["no_metric_in_quarantine"]
    assert not shown.passed
    assert [record.data["metric"] for record in shown.metadata["accounts"].value.records] == ["page_views_total"]


def look(instance: dg.DagsterInstance) -> dict[str, dg.AssetCheckEvaluation]:
    return evaluations(execute(instance, "checks"))


def test_what_should_be_looked_at_warns(installation: Settings, instance: dg.DagsterInstance, simulator: str) -> None:
    names = {"api_version_lasts", "pinned_version_answers", "tokens_last", "no_metric_in_quarantine"}
    httpx.post(f"{simulator}/_control/reset").raise_for_status()
    collect_in_dagster(instance)
    found = look(instance)
    assert {name: found[name].passed for name in names} == dict.fromkeys(names, True)

    # v20.0 ended, and Meta answers with the oldest version that lives.
    with connect(installation, Role.MIGRATOR) as connection:
        connection.execute("update raw.graph_accounts set api_version = 'v20.0', token_state = 'expiring' where platform = 'facebook'")
        connection.execute("delete from raw.collection_ledger where group_name = 'fb_node'")
    httpx.post(f"{simulator}/_control/metrics", json={"remove": {"object": "page", "metric": "fan_count"}}).raise_for_status()
    collect_in_dagster(instance)
    warned = look(instance)
    for name in ("api_version_lasts", "pinned_version_answers", "tokens_last"):
        assert not warned[name].passed, name
        assert warned[name].severity == dg.AssetCheckSeverity.WARN
    [row] = warned["pinned_version_answers"].metadata["accounts"].value.records
    assert row.data["pinned"] == "v20.0"
    assert row.data["served"] != "v20.0"
    [row] = warned["api_version_lasts"].metadata["accounts"].value.records
    assert "v20.0 ended on 2026-09-24" in str(row.data["problem"])


def test_days_of_the_past_by_a_job(installation: Settings, instance: dg.DagsterInstance, simulator: str) -> None:
    httpx.post(f"{simulator}/_control/reset").raise_for_status()
    day = now().date() - timedelta(days=12)
    config = {"ask_for_past_days": {"config": {"date_from": f"{day - timedelta(days=2)}", "date_to": f"{day}"}}}
    assert execute(instance, "backfill_graph", config).success
    assert observed(installation).keys() == {
        "fb_page", "fb_page_split_ads", "fb_page_split_followers", "ig_series", "ig_total", "ig_follows", "ig_window_7", "ig_window_28",
    }  # fmt: skip
    assert instance.get_latest_materialization_event(graph_asset_key("page_metrics")) is not None


def test_the_probe_fails_its_check_when_meta_and_the_catalogue_differ(
    installation: Settings, instance: dg.DagsterInstance, simulator: str
) -> None:
    httpx.post(f"{simulator}/_control/reset").raise_for_status()
    collect_in_dagster(instance)
    agreed = evaluations(execute(instance, "probe_graph"))["catalogue_agrees"]
    facts = observed(installation)
    httpx.post(f"{simulator}/_control/metrics", json={"remove": {"object": "page", "metric": "page_views_total"}}).raise_for_status()
    drifted = evaluations(execute(instance, "probe_graph"))["catalogue_agrees"]
    assert not drifted.passed
    found = {(row.data["metric"], row.data["drift"]) for row in drifted.metadata["metrics"].value.records}
    before = set() if agreed.passed else {(row.data["metric"], row.data["drift"]) for row in agreed.metadata["metrics"].value.records}
    assert found - before == {("page_views_total", "dead")}
    assert observed(installation) == facts, "a probe keeps no fact"


def test_without_accounts_there_is_nothing_to_do(new_warehouse: Callable[[], Settings], instance: dg.DagsterInstance) -> None:
    with pointed_at(new_warehouse()):
        result = collect_in_dagster(instance)
    assert result.success
    assert check_of(result, "page_metrics").passed
