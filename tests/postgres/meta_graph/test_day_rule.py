"""The day rule of Instagram: measured against the simulator under each of its conventions, left alone where a person set it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.accounts import set_day_rule
from agentmarts.meta_graph.collecting.day_rule import days_to_compare, decide, points_in, total_in
from agentmarts.warehouse.connection import Role, connect
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, Collector, MakeCollector

DAY = timedelta(days=1)
SIZE = Size(posts=12, reels=0, stories=0, history_days=30, future_days=40, audience=400, followers=250, views_per_post=40)
RULE = "select ig_day_shift, ig_day_boundary, day_rule_source from raw.graph_accounts where graph_id = %s"
CHANGED = "select ingest_xid::text from raw.graph_accounts where graph_id = %s"
ROWS = "select state, http_calls, counted_calls from raw.collection_ledger where group_name = 'ig_day_rule' order by ledger_id"
DAYS = [date(2026, 2, 24), date(2026, 2, 25), date(2026, 2, 26)]
FIGURES = st.integers(0, 10**7).map(Decimal)


@pytest.fixture
def profile(collector_of: MakeCollector, short_past: None) -> Collector:
    return collector_of(SIZE)


def asked(collector: Collector) -> int:
    """How many batches asked for the rule: they have the only totals of reach beside the windows of 7 and 28 days."""
    return sum(entry["batch_index"] == 3 and entry["params"].get("metric") == "reach" for entry in collector.graph.asked())


@pytest.mark.parametrize("boundary", ["utc", "account", "pacific"])
@pytest.mark.parametrize(("stamp", "shift"), [("day", 0), ("end", -1)])
def test_it_is_measured_on_connecting(profile: Collector, boundary: str, stamp: str, shift: int) -> None:
    profile.graph.tell("switches", {"ig_stamp": stamp, "ig_day_boundary": boundary})
    assert profile.run(INSTAGRAM)[INSTAGRAM].is_complete
    assert profile.rows(RULE, INSTAGRAM) == [(shift, "utc", "calibrated")]
    assert profile.rows(ROWS) == [("ok", 1, 5)]


def test_once_a_month_and_what_changed_is_noticed(profile: Collector) -> None:
    profile.run(INSTAGRAM)
    assert asked(profile) == 1
    profile.graph.tell("switches", {"ig_stamp": "end"})
    for days in (1, 20):
        profile.graph.advance(days * DAY)
        profile.run(INSTAGRAM)
    assert asked(profile) == 1
    assert profile.rows(RULE, INSTAGRAM) == [(0, "utc", "calibrated")]
    before = profile.one(CHANGED, INSTAGRAM)
    profile.graph.advance(15 * DAY)
    profile.run(INSTAGRAM)
    assert asked(profile) == 2
    assert profile.rows(RULE, INSTAGRAM) == [(-1, "utc", "calibrated")]
    assert profile.one("select ingest_xid::text from raw.graph_accounts where graph_id = %s", INSTAGRAM) != before, (
        "its days are dated anew"
    )


def test_figures_that_do_not_tell_change_nothing(profile: Collector) -> None:
    profile.graph.fail("missing_metric", metric="reach", times=10_000)
    assert profile.run(INSTAGRAM)[INSTAGRAM].is_complete
    assert profile.rows(RULE, INSTAGRAM) == [(0, "utc", "default")]
    assert profile.rows(ROWS) == [("empty", 1, 5)]
    assert profile.calls(INSTAGRAM) == []


def test_a_rule_that_a_person_set_is_neither_asked_nor_overwritten(profile: Collector) -> None:
    with connect(profile.settings, Role.INGEST) as connection:
        assert set_day_rule(connection, profile.accounts[INSTAGRAM], shift=-1, boundary="account", source="manual", at=profile.graph.now())
    profile.run(INSTAGRAM)
    assert asked(profile) == 0
    assert profile.rows(RULE, INSTAGRAM) == [(-1, "account", "manual")]


def test_a_fault_is_asked_again_and_a_throttle_waited_for(profile: Collector) -> None:
    profile.graph.fail("http_500", times=1_000, method="POST")
    profile.run(INSTAGRAM)
    assert profile.rows(RULE, INSTAGRAM) == [(0, "utc", "default")]
    assert [row[0] for row in profile.rows(ROWS)] == ["error"]
    profile.graph.forget("faults")
    profile.run(INSTAGRAM)
    assert profile.rows(RULE, INSTAGRAM) == [(0, "utc", "calibrated")]
    assert [row[0] for row in profile.rows(ROWS)] == ["error", "ok"]


def test_days_are_final_utc_days() -> None:
    assert days_to_compare(datetime(2026, 3, 1, 0, 0, tzinfo=UTC)) == [date(2026, 2, 23), date(2026, 2, 24), date(2026, 2, 25)]
    assert days_to_compare(datetime(2026, 2, 28, 23, 59, tzinfo=UTC))[-1] == date(2026, 2, 24)


@given(st.lists(FIGURES, min_size=5, max_size=5), st.sampled_from([0, -1]))
def test_the_truth_is_never_missed_for_the_other(figures: list[Decimal], shift: int) -> None:
    """A series that is shifted by so much is read so, or not at all."""
    by_day = {DAYS[0] + (number - 1) * DAY: figure for number, figure in enumerate(figures)}
    totals = {day: by_day[day] for day in DAYS}
    stamped = {day - shift * DAY: figure for day, figure in by_day.items()}
    assert decide(totals, stamped) in (shift, None)


@given(st.dictionaries(st.sampled_from(DAYS), FIGURES), st.dictionaries(st.sampled_from([*DAYS, DAYS[-1] + DAY]), FIGURES))
def test_no_figures_are_an_error(totals: dict[date, Decimal], stamped: dict[date, Decimal]) -> None:
    assert decide(totals, stamped) in (0, -1, None)


def test_the_borders_of_agreement() -> None:
    total = {DAYS[0]: Decimal(1000)}
    assert decide(total, {DAYS[0]: Decimal(1010), DAYS[1]: Decimal(1051)}) == 0
    assert decide(total, {DAYS[0]: Decimal(1011), DAYS[1]: Decimal(1051)}) is None, "no agreement"
    assert decide(total, {DAYS[0]: Decimal(1010), DAYS[1]: Decimal(1050)}) is None, "no difference"
    assert decide(total, {DAYS[0]: Decimal(949), DAYS[1]: Decimal(990)}) == -1
    assert decide(total, {DAYS[0]: Decimal(1000)}) is None, "nothing to differ from"
    assert decide({DAYS[0]: Decimal(0)}, {DAYS[0]: Decimal(0), DAYS[1]: Decimal(7)}) is None
    # One day speaks for it, another against it.
    assert decide({**total, DAYS[1]: Decimal(500)}, {DAYS[0]: Decimal(1000), DAYS[1]: Decimal(700), DAYS[2]: Decimal(500)}) is None


def test_answers_that_make_no_sense_have_no_figures() -> None:
    for body in (None, {}, {"data": 3}, {"data": [3]}, {"data": [{"name": "reach"}]}, {"data": [{"name": "reach", "total_value": {}}]}):
        assert total_in(body, "reach") is None
        assert points_in(body, "reach") == {}
    points = [{"value": 1, "end_time": "soon"}, {"value": "x", "end_time": "2026-02-24T00:00:00+0000"}, 3, {"value": 4, "end_time": None}]
    assert points_in({"data": [{"name": "reach", "values": points}]}, "reach") == {}
