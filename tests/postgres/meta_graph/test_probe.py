"""The probe: one verdict per metric, and a drift wherever Meta and the catalogue differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from agentmarts.cli import app
from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.collecting.probe import UNDECIDED, Probed, Verdict, probe, probe_questions
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector, http_requests

SIZE = Size(posts=6, reels=2, stories=30, history_days=15, future_days=10, audience=300, followers=200, views_per_post=40)
ROWS = """
select metric, state, answered_count, object_type, period from raw.collection_ledger where group_name = 'metric_probe' order by ledger_id
"""
UNPLANNED_DAY = datetime(2026, 7, 1, tzinfo=UTC)
"""After the day that the catalogue gives for the end of page_posts_impressions_*."""


@pytest.fixture
def pulled(collector_of: MakeCollector, short_past: None) -> Collector:
    """One Page and one Instagram account that were collected once."""
    collector = collector_of(SIZE)
    collector.run()
    collector.graph.forget("journal")
    return collector


def probed(collector: Collector) -> dict[str, Probed]:
    done = probe(collector.settings, clock=collector.graph.now, sleep=lambda s: collector.graph.advance(timedelta(seconds=s)))
    return {one.account.graph_id: one for one in done}


def by_metric(one: Probed) -> dict[str, Verdict]:
    return {verdict.question.metric: verdict for verdict in one.verdicts}


def test_each_metric_alone_and_no_drift_where_both_agree(pulled: Collector) -> None:
    facts = pulled.newest()
    done = probed(pulled)
    journal = pulled.graph.asked()
    assert set(done) == {PAGE, INSTAGRAM}
    for one in done.values():
        assert one.error is None
        assert one.drifted == ()
        assert one.http_calls <= 2
    assert len(http_requests(journal)) == sum(one.http_calls for one in done.values())
    items = [entry["params"].get("metric") or entry["params"]["fields"] for entry in journal if entry["batch_index"] is not None]
    assert [names for names in items if "," in names] == []

    catalogue = load_catalogue()
    planned = {(group.platform, metric) for group in catalogue.groups for metric in group.metrics}
    asked = {(one.account.platform, metric) for one in done.values() for metric, verdict in by_metric(one).items() if verdict.state}
    assert planned <= asked
    states = {verdict.state for one in done.values() for verdict in one.verdicts if verdict.question.is_expected}
    assert states <= {"ok", "empty"}
    undecided = [verdict for one in done.values() for verdict in one.verdicts if verdict.question.status in UNDECIDED]
    assert True not in {verdict.question.is_expected for verdict in undecided}
    assert {verdict.question.metric for verdict in undecided} >= {"page_posts_impressions_paid", "content_views", "reach"}
    assert by_metric(done[INSTAGRAM])["content_views"].is_alive is False

    rows = pulled.rows(ROWS)
    assert {(metric, state) for metric, state, *_ in rows} == {
        (verdict.question.metric, verdict.state) for one in done.values() for verdict in one.verdicts if verdict.state
    }
    assert pulled.newest() == facts, "a probe adds no fact"
    assert pulled.calls() == [], "and settles nothing that is due, nor puts it off"


@pytest.mark.parametrize(
    ("object_type", "metric", "graph_id"),
    [
        ("page", "page_views_total", PAGE),
        ("post", "post_clicks", PAGE),
        ("reel", "post_video_social_actions", PAGE),
        ("ig_user", "profile_views", INSTAGRAM),
        ("ig_media", "saved", INSTAGRAM),
        ("ig_media", "navigation", INSTAGRAM),
        ("page", "followers_count", PAGE),
    ],
)
def test_a_metric_that_meta_dropped_is_dead(pulled: Collector, object_type: str, metric: str, graph_id: str) -> None:
    pulled.graph.remove(object_type, metric)
    done = probed(pulled)
    drifted = {(verdict.question.object_type, verdict.question.metric, verdict.drift) for one in done.values() for verdict in one.drifted}
    assert drifted == {(object_type, metric, "dead")}
    verdict = by_metric(done[graph_id])[metric]
    assert verdict.state == "deprecated"
    assert verdict.message
    assert {row[1] for row in pulled.rows(ROWS) if (row[0], row[3]) == (metric, verdict.question.object_type)} <= {"deprecated"}


def test_a_metric_that_outlives_its_day_is_alive(pulled: Collector) -> None:
    """The catalogue has a day for its end; Meta answers on."""
    late = timedelta(days=1) + UNPLANNED_DAY - pulled.graph.now()
    dead = {
        one.metric
        for one in probe_questions(pulled.accounts[PAGE], "UTC", (), load_catalogue(), pulled.graph.now() + late)
        if one.status == "conflict" and one.is_expected is False
    }
    assert "page_posts_impressions_paid" in dead
    alive = probe(pulled.settings, accounts=[pulled.accounts[PAGE].account_id], clock=lambda: UNPLANNED_DAY, sleep=lambda seconds: None)
    drifted = {verdict.question.metric: verdict.drift for verdict in alive[0].drifted}
    assert {metric: drifted[metric] for metric in dead if metric in drifted} == dict.fromkeys(dead & set(drifted), "alive")
    assert "page_posts_impressions_paid" in drifted


def test_an_answer_lifts_the_quarantine(pulled: Collector) -> None:
    pulled.graph.remove("ig_user", "profile_views")
    pulled.graph.advance(timedelta(days=1))
    pulled.run(INSTAGRAM)
    pulled.graph.tell("metrics", {"restore": {"object": "ig_user", "metric": "profile_views"}})
    asks = [entry for entry in pulled.calls(INSTAGRAM) if "profile_views" in entry["params"].get("metric", "")]
    assert asks == []
    probed(pulled)
    pulled.graph.advance(timedelta(days=1))
    assert [entry for entry in pulled.calls(INSTAGRAM) if "profile_views" in entry["params"].get("metric", "")]


def test_budgets_hold(pulled: Collector) -> None:
    pulled.graph.tell("usage", {"scope": "page", "id": PAGE, "block_code": 80001, "minutes": 60})
    done = probed(pulled)
    assert done[INSTAGRAM].error is None
    assert done[PAGE].error
    assert {verdict.drift for verdict in done[PAGE].verdicts} == {None}
    pulled.graph.forget("journal")
    again = probed(pulled)
    assert again[PAGE].error is not None
    assert [entry for entry in pulled.graph.asked() if entry["token_name"] == "page"] == [], "blocked: nothing is sent"
    assert {verdict.state for verdict in again[PAGE].verdicts} == {None}


def test_the_command_tells_of_drift_by_its_exit_code(pulled: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in pulled.environment().items():
        monkeypatch.setenv(name, value)
    command = ["graph", "probe", "--now", pulled.graph.now().isoformat()]
    done = CliRunner().invoke(app, [*command, "--json", "--account", INSTAGRAM])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert {row["platform"] for row in rows} == {"instagram"}
    assert {row["drift"] for row in rows} == {None}
    pulled.graph.remove("ig_user", "profile_views")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert "ig_user profile_views is dead, the catalogue says otherwise" in " ".join(done.stderr.split())
    assert "profile_views" in done.stdout
    wrong = CliRunner().invoke(app, [*command, "--account", "42"])
    assert wrong.exit_code == 2
