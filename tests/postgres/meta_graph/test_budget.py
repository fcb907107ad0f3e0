"""Budgets: never a call while blocked, the rest of the hour spread, one asset's block never another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.rate_limit.budgets import Budget, ThrottleKind, UsageReading, block, budget_to_block, may_send, note_usage
from agentmarts.meta_graph.rate_limit.limiter import budget_readings
from agentmarts.meta_graph.rate_limit.pacing import (
    HOUR,
    PACE_FROM,
    STOP_AT,
    BudgetState,
    Decision,
    decide,
    next_after_send,
    spacing,
    stop_until,
)
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection
from tests.support.meta_graph.stored import NOW, SOMEBODY_WAITS, collector, wait_until

TENANT = UUID("00000000-0000-4000-8000-000000000001")
OTHER_TENANT = UUID("00000000-0000-4000-8000-000000000002")
APP = Budget("app1", "app", "app1")
USER = Budget("app1", "user", "u1")
PAGE = Budget("app1", "page", "1001")
INSTAGRAM = Budget("app1", "instagram", "17841")
CALL = (APP, INSTAGRAM)
MINUTE = timedelta(minutes=1)

percents = st.decimals(0, 150, places=1)
instants = st.integers(-200, 200).map(lambda minutes: NOW + minutes * MINUTE)
states = st.builds(BudgetState, st.none() | percents, st.none() | instants, st.none() | instants, st.none() | instants)


def asks(connection: Connection, at: datetime, *budgets: Budget, tenant: UUID = TENANT) -> Decision:
    return may_send(connection, tenant, budgets or CALL, at)


def used(pct: float, regain_minutes: int | None = None) -> UsageReading:
    return UsageReading(Decimal(str(pct)), Decimal(1), None, regain_minutes)


@given(one=st.none() | percents, other=st.none() | percents)
def test_spacing_rises_with_usage(one: Decimal | None, other: Decimal | None) -> None:
    assert (one or 0) > (other or 0) or spacing(one) <= spacing(other)
    assert timedelta(0) <= spacing(one) <= HOUR
    assert (spacing(one) > timedelta(0)) == (one is not None and one >= PACE_FROM)


@given(start=st.decimals(60, 84, places=0))
def test_the_rest_is_spread_over_the_hour(start: Decimal) -> None:
    """At a point a call, the points left to 85 % last for the hour."""
    assert abs(spacing(start) * float(STOP_AT - start) - HOUR) < timedelta(milliseconds=1)


@given(state=states, at=instants)
def test_nothing_is_sent_while_blocked(state: BudgetState, at: datetime) -> None:
    decision = decide(state, at)
    if state.blocked_until is not None and at < state.blocked_until:
        assert decision == Decision(refused_until=state.blocked_until, reason=decision.reason)
        assert decision.reason
    else:
        assert decision.refused_until is None
        assert decision.send_at == max(at, state.next_send_at or at)


@given(state=states, at=instants, later=instants)
def test_who_asks_later_is_not_served_earlier(state: BudgetState, at: datetime, later: datetime) -> None:
    def earliest(moment: datetime) -> datetime:
        decision = decide(state, moment)
        found = decision.refused_until or decision.send_at
        assert found is not None
        return found

    at, later = sorted((at, later))
    assert earliest(at) <= earliest(later)
    assert earliest(at) >= at


@given(state=states, at=instants)
def test_the_wait_after_a_send_is_bounded(state: BudgetState, at: datetime) -> None:
    following = next_after_send(state, at)
    assert following is None or at < following <= at + HOUR
    if state.used_at is None or state.used_at + HOUR <= at:
        assert following is None  # an old reading says nothing any more


@given(pct=st.none() | percents, minutes=st.none() | st.integers(0, 1500))
def test_when_a_usage_stops(pct: Decimal | None, minutes: int | None) -> None:
    until = stop_until(pct, NOW, minutes)
    if minutes:
        assert until == NOW + timedelta(minutes=minutes), "announced, whatever the percentages say"
    else:
        assert until == (None if pct is None or pct < STOP_AT else NOW + HOUR)


def test_a_misread_header_silences_nobody_for_ever() -> None:
    assert stop_until(Decimal(100), NOW, 1e300) == stop_until(Decimal(100), NOW, 60 * 24 * 365) == NOW + timedelta(days=7)


@given(start=st.integers(0, 84), calls=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 5)), max_size=80))
def test_an_eager_collector_never_meets_the_throttle(start: int, calls: list[tuple[int, int]]) -> None:
    """It asks when it likes; its calls cost up to 5 points, of which nothing comes back within the hour."""
    used_pct, at, state = Decimal(start), NOW, BudgetState(Decimal(start), NOW)
    for seconds, cost in calls:
        at += timedelta(seconds=seconds)
        if at >= NOW + HOUR:
            break
        if decide(state, at).send_at != at:
            continue
        assert used_pct < STOP_AT
        assert state.next_send_at is None or at >= state.next_send_at
        used_pct += cost
        state = BudgetState(used_pct, at, next_after_send(BudgetState(used_pct, at), at), stop_until(used_pct, at, None))
    assert used_pct < 100


def test_an_unknown_budget_lets_pass(settings: Settings) -> None:
    with collector(settings) as connection:
        assert asks(connection, NOW) == Decision(send_at=NOW)
        assert asks(connection, NOW) == Decision(send_at=NOW)
        rows = connection.execute("select scope, tenant_id, call_pct from raw.graph_budgets order by scope").fetchall()
        assert rows == [("app", None, None), ("instagram", TENANT, None)]


@pytest.mark.parametrize("pct", [0, 59.9])
def test_below_60_percent_nothing_waits(settings: Settings, pct: float) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(pct)}, NOW)
        assert asks(connection, NOW) == Decision(send_at=NOW)
        assert asks(connection, NOW) == Decision(send_at=NOW)


def test_from_60_percent_calls_are_spread(settings: Settings) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(60)}, NOW)
        first = NOW + HOUR / 25
        assert asks(connection, NOW) == Decision(send_at=first, reason="app app1: paced: 60 % used")
        assert asks(connection, NOW).send_at == first  # asking books nothing
        assert asks(connection, first) == Decision(send_at=first)
        assert asks(connection, first).send_at == first + HOUR / 25  # a second collector gets the next place
        # The largest of the three counts, and a low one ends the waiting.
        note_usage(connection, TENANT, {APP: UsageReading(Decimal(3), Decimal(5), Decimal(80))}, first)
        assert asks(connection, first).send_at == first + HOUR / 5
        note_usage(connection, TENANT, {APP: used(20)}, first + MINUTE)
        assert asks(connection, first + MINUTE) == Decision(send_at=first + MINUTE)


def test_a_reading_fades_after_an_hour(settings: Settings) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(84)}, NOW)
        assert asks(connection, NOW + HOUR) == Decision(send_at=NOW + HOUR)
        assert asks(connection, NOW + HOUR) == Decision(send_at=NOW + HOUR)


@pytest.mark.parametrize(("regain", "minutes"), [(None, 60), (0, 60), (25, 25), (300, 300)])
def test_from_85_percent_nothing_is_sent(settings: Settings, regain: int | None, minutes: int) -> None:
    until = NOW + minutes * MINUTE
    with collector(settings) as connection:
        note_usage(connection, TENANT, {INSTAGRAM: used(85, regain)}, NOW)
        refusal = Decision(refused_until=until, reason=f"instagram 17841: blocked until {until.isoformat()}")
        assert asks(connection, NOW) == refusal
        assert asks(connection, until - timedelta(seconds=1)) == refusal
        assert asks(connection, until, INSTAGRAM).refused_until is None
        assert connection.execute("select blocked_by_code from raw.graph_budgets where scope = 'instagram'").fetchone() == (None,)


def test_a_throttle_blocks_its_budget_only(settings: Settings) -> None:
    elsewhere = Budget("app1", "instagram", "999")
    with collector(settings) as connection:
        assert block(connection, TENANT, INSTAGRAM, NOW, 80002, 30) == NOW + 30 * MINUTE
        assert asks(connection, NOW).refused_until == NOW + 30 * MINUTE
        assert asks(connection, NOW, APP, elsewhere) == Decision(send_at=NOW)
        assert asks(connection, NOW, APP, PAGE, tenant=OTHER_TENANT) == Decision(send_at=NOW)
        assert asks(connection, NOW + 30 * MINUTE) == Decision(send_at=NOW + 30 * MINUTE)


def test_code_4_blocks_the_app_for_all(settings: Settings) -> None:
    with collector(settings) as connection:
        assert block(connection, TENANT, budget_to_block("throttled_app", CALL), NOW, 4) == NOW + HOUR
        for budgets in (CALL, (APP, PAGE), (APP,)):
            assert asks(connection, NOW, *budgets, tenant=OTHER_TENANT).refused_until == NOW + HOUR
        assert asks(connection, NOW, Budget("app2", "app", "app2")) == Decision(send_at=NOW)


def test_a_block_is_never_shortened(settings: Settings) -> None:
    with collector(settings) as connection:
        block(connection, TENANT, APP, NOW, 4, 120)
        block(connection, TENANT, APP, NOW, 17, 5)
        note_usage(connection, TENANT, {APP: used(90, 10)}, NOW)
        note_usage(connection, TENANT, {APP: used(1)}, NOW + MINUTE)
        assert asks(connection, NOW + 119 * MINUTE).refused_until == NOW + 120 * MINUTE
        assert connection.execute("select blocked_by_code from raw.graph_budgets where scope = 'app'").fetchone() == (4,)
        block(connection, TENANT, APP, NOW, None, 120.5)
        assert connection.execute("select blocked_by_code from raw.graph_budgets where scope = 'app'").fetchone() == (None,)


def test_the_latest_block_and_the_slowest_budget_decide(settings: Settings) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(60), INSTAGRAM: used(80)}, NOW)
        assert asks(connection, NOW) == Decision(send_at=NOW + HOUR / 5, reason="instagram 17841: paced: 80 % used")
        block(connection, TENANT, APP, NOW, 4, 10)
        block(connection, TENANT, INSTAGRAM, NOW, 80002, 20)
        assert asks(connection, NOW).refused_until == NOW + 20 * MINUTE


def test_every_use_case_of_an_asset_counts(settings: Settings) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {Budget("app1", "page", "1001", "pages"): used(100, 15)}, NOW)
        assert asks(connection, NOW, APP, PAGE) == Decision(
            refused_until=NOW + 15 * MINUTE, reason=f"page 1001 pages: blocked until {(NOW + 15 * MINUTE).isoformat()}"
        )


def test_an_older_reading_that_arrives_late_says_nothing(settings: Settings) -> None:
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(30)}, NOW)
        note_usage(connection, TENANT, {APP: used(95)}, NOW - MINUTE)
        assert asks(connection, NOW) == Decision(send_at=NOW)
        found = connection.execute("select call_pct, cpu_pct, time_pct, last_usage, used_at from raw.graph_budgets where scope = 'app'")
        assert found.fetchone() == (
            30, 1, None, {"call_pct": 30, "cpu_pct": 1, "time_pct": None, "regain_minutes": None}, NOW,
        )  # fmt: skip


def test_two_collectors_take_turns(settings: Settings) -> None:
    """The row lock: the second one decides on what the first one booked."""
    at = NOW + 10 * MINUTE
    with collector(settings) as one, collector(settings) as other, ThreadPoolExecutor(1) as thread:
        note_usage(one, TENANT, {APP: used(60)}, NOW)
        one.commit()
        assert asks(one, at) == Decision(send_at=at)
        waiting = thread.submit(asks, other, at, APP, PAGE, tenant=OTHER_TENANT)
        wait_until(settings, SOMEBODY_WAITS)
        one.commit()
        assert waiting.result().send_at == at + HOUR / 25


@pytest.mark.parametrize(
    ("kind", "budgets", "stopped"),
    [
        ("throttled_app", (PAGE, USER, APP), APP),
        ("throttled_token", (APP, USER, PAGE), USER),
        ("throttled_token", (APP, PAGE), PAGE),
        ("throttled_asset", (APP, USER, PAGE), PAGE),
        ("throttled_asset", (APP, PAGE, INSTAGRAM), INSTAGRAM),
        ("throttled_asset", (APP, USER), USER),
    ],
)
def test_what_a_throttle_stops(kind: ThrottleKind, budgets: tuple[Budget, ...], stopped: Budget) -> None:
    assert budget_to_block(kind, budgets) == stopped


@pytest.mark.parametrize(("kind", "budgets"), [("throttled_asset", [APP]), ("throttled_token", [APP]), ("throttled_app", [PAGE])])
def test_a_throttle_without_its_budget_is_an_error(kind: ThrottleKind, budgets: list[Budget]) -> None:
    with pytest.raises(ValueError, match=f"{kind}, but the call counts against no"):
        budget_to_block(kind, budgets)


@dataclass(frozen=True)
class Load:
    """One budget as the client reads it from a header."""

    call_pct: float | None = None
    cpu_pct: float | None = None
    time_pct: float | None = None
    regain_minutes: float | None = None


@dataclass(frozen=True)
class BusinessLoad:
    """One asset and use case of a header."""

    asset_id: str
    use_case: str
    load: Load


@dataclass(frozen=True)
class Headers:
    """Usage as the client reads it."""

    app: Load | None = None
    page: Load | None = None
    business: tuple[BusinessLoad, ...] = ()


def test_headers_become_readings_of_budgets() -> None:
    told = Headers(Load(10, 3, 12.5), Load(7), (BusinessLoad("5555", "pages", Load(86, 2, 1, 9)),))
    readings = budget_readings(told, "app1", PAGE)
    assert readings == {
        APP: UsageReading(Decimal(10), Decimal(3), Decimal("12.5")),
        PAGE: UsageReading(Decimal(7)),
        Budget("app1", "page", "1001", "pages"): UsageReading(Decimal(86), Decimal(2), Decimal(1), 9),
    }
    assert readings[APP].used_pct == Decimal("12.5")
    assert UsageReading().used_pct is None


def test_headers_of_several_assets_name_them() -> None:
    told = Headers(business=(BusinessLoad("17841", "instagram", Load(5)), BusinessLoad("999", "instagram", Load(6))))
    assert set(budget_readings(told, "app1", INSTAGRAM)) == {Budget("app1", "instagram", one, "instagram") for one in ("17841", "999")}


def test_a_use_case_of_another_kind_keeps_its_id() -> None:
    told = Headers(business=(BusinessLoad("1001", "pages", Load(5)),))
    assert set(budget_readings(told, "app1", INSTAGRAM)) == {Budget("app1", "page", "1001", "pages")}


def test_missing_headers_say_nothing(settings: Settings) -> None:
    assert budget_readings(Headers(), "app1", PAGE) == {}
    with collector(settings) as connection:
        note_usage(connection, TENANT, {APP: used(90)}, NOW)
        note_usage(connection, TENANT, {}, NOW + MINUTE)
        assert asks(connection, NOW + MINUTE).refused_until == NOW + HOUR
