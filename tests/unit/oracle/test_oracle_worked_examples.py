"""The worked examples of the conversation specification against the oracle. Times are UTC unless said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from tests.support import oracle

Row = dict[str, Any]
Payload = dict[str, Any]
Mart = Callable[[list[oracle.Event], list[oracle.Score], oracle.Tenant, datetime], list[Row]]

BERLIN = oracle.Tenant("t", [(None, "Europe/Berlin")])
PLAIN = oracle.Tenant("t", [(None, "UTC")])
_numbers = count()


def event(event_type: str, at: str, conversation: str = "c1", **fields: Any) -> Payload:
    """One payload; `at` is an ISO time in UTC."""
    return {
        "event_id": f"e{next(_numbers):06d}",
        "conversation_id": conversation,
        "event_type": event_type,
        "occurred_at": at,
        **fields,
    }


def run(mart: Mart, payloads: list[Payload], as_of: str, tenant: oracle.Tenant = PLAIN) -> list[Row]:
    """A mart over payloads as they stand at as_of (UTC)."""
    return mart(oracle.accept(payloads, tenant), [], tenant, utc(as_of))


def by_day(rows: list[Row]) -> dict[date, Row]:
    """Rows of a mart with one row per day."""
    return {row["metric_date"]: row for row in rows}


def utc(text: str) -> datetime:
    """An ISO time without zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def pick(row: Row, *names: str) -> tuple[Any, ...]:
    """Some columns of a row."""
    return tuple(row[name] for name in names)


def test_01_midnight() -> None:
    payloads = [
        event("conversation_started", "2025-06-10T21:50:00", customer_id="a"),
        event("message_received", "2025-06-10T21:50:30"),
        event("message_sent", "2025-06-10T21:59:50", text="Yes."),
        event("message_received", "2025-06-10T22:01:00"),
        event("message_sent", "2025-06-10T22:03:00", text="Done."),
        event("conversation_resolved", "2025-06-10T22:05:00", closed_by="ai_agent"),
    ]
    days = by_day(run(oracle.daily_metrics, payloads, "2025-06-30T00:00:00", BERLIN))
    first, second = days[date(2025, 6, 10)], days[date(2025, 6, 11)]
    assert pick(first, "total_conversations", "resolved_conversations", "resolved_cohort", "total_messages") == (
        1,
        0,
        1,
        2,
    )
    assert pick(first, "responses", "avg_response_time_ms", "unique_customers") == (1, 560_000, 1)
    assert pick(second, "total_conversations", "resolved_conversations", "episodes_started") == (0, 1, 0)
    assert pick(second, "resolution_rate", "seed_resolution_rate") == (None, None)
    assert pick(second, "total_messages", "avg_response_time_ms", "unique_customers") == (2, 120_000, 1)
    week = run(oracle.weekly_metrics, payloads, "2025-06-30T00:00:00", BERLIN)[0]
    assert pick(week, "week_start", "unique_customers", "total_messages") == (date(2025, 6, 9), 1, 4)


def test_02_resolved_twice() -> None:
    payloads = [
        event("conversation_started", "2025-06-10T09:00:00"),
        event("conversation_resolved", "2025-06-10T10:00:00"),
        event("conversation_resolved", "2025-06-10T11:00:00"),
    ]
    (row,) = run(oracle.conversations, payloads, "2025-06-12T00:00:00")
    assert pick(row, "resolved_at", "resolve_event_count") == (utc("2025-06-10T10:00:00"), 2)
    days = by_day(run(oracle.daily_metrics, payloads, "2025-06-12T00:00:00"))
    assert days[date(2025, 6, 10)]["resolved_conversations"] == 1


REOPENED = [
    event("conversation_started", "2025-06-09T09:30:00", customer_id="a"),
    event("message_received", "2025-06-09T09:30:01"),
    event("message_sent", "2025-06-09T09:31:00", text="So."),
    event("conversation_resolved", "2025-06-09T10:00:00", closed_by="ai_agent"),
    event("message_received", "2025-06-10T09:00:00"),
    event("message_sent", "2025-06-10T09:01:00", text="Or so."),
    event("conversation_resolved", "2025-06-10T09:30:00", closed_by="ai_agent"),
]


def test_03_reopen() -> None:
    first, second = run(oracle.conversations, REOPENED, "2025-06-17T09:29:59")
    assert pick(first, "is_durable", "reopened_at") == (False, utc("2025-06-10T09:00:00"))
    assert pick(second, "reopen_reason", "resolution_ms", "is_durable") == ("customer_message", 1_800_000, None)
    assert second["reassess_at"] == utc("2025-06-17T09:30:00")
    assert run(oracle.conversations, REOPENED, "2025-06-17T09:30:00")[1]["is_durable"] is True
    days = by_day(run(oracle.daily_metrics, REOPENED, "2025-06-12T00:00:00"))
    assert [days[date(2025, 6, day)]["resolved_conversations"] for day in (9, 10)] == [1, 1]
    week = run(oracle.weekly_metrics, REOPENED, "2025-06-12T00:00:00")[0]
    assert pick(week, "resolved_conversations", "resolutions", "reopened_conversations") == (1, 2, 1)


def test_04_clock_changes() -> None:
    assert _bounds(BERLIN, date(2025, 3, 30)) == (utc("2025-03-29T23:00:00"), utc("2025-03-30T22:00:00"))
    assert _bounds(BERLIN, date(2025, 10, 26)) == (utc("2025-10-25T22:00:00"), utc("2025-10-26T23:00:00"))
    payloads = [
        event("message_received", "2025-10-26T00:30:00"),
        event("message_received", "2025-10-26T01:30:00"),
    ]
    hours = run(oracle.hourly_metrics, payloads, "2025-11-01T00:00:00", BERLIN)
    assert [row["hour_start"] for row in hours] == [utc("2025-10-26T00:00:00"), utc("2025-10-26T01:00:00")]
    assert {pick(row, "metric_date", "local_hour") for row in hours} == {(date(2025, 10, 26), 2)}
    days = by_day(run(oracle.daily_metrics, payloads, "2025-11-01T00:00:00", BERLIN))
    assert pick(days[date(2025, 10, 26)], "total_messages", "day_hours") == (2, 25)
    kolkata = oracle.Tenant("t", [(None, "Asia/Kolkata")])
    assert oracle.metric_date(kolkata, utc("2025-06-10T18:29:59")) == date(2025, 6, 10)
    assert oracle.metric_date(kolkata, utc("2025-06-10T18:30:00")) == date(2025, 6, 11)
    assert oracle.hour_start(kolkata, utc("2025-06-10T18:29:59")) == utc("2025-06-10T17:30:00")


def _bounds(tenant: oracle.Tenant, day: date) -> tuple[datetime, datetime]:
    return oracle.day_start(tenant, day), oracle.day_end(tenant, day)


def test_04_other_days_at_the_edge() -> None:
    # Havana repeats 00:00-01:00: the day begins the first time. Cairo skips 00:00-01:00: it begins at the skip.
    havana = oracle.Tenant("t", [(None, "America/Havana")])
    assert _bounds(havana, date(2025, 11, 2)) == (utc("2025-11-02T04:00:00"), utc("2025-11-03T05:00:00"))
    cairo = oracle.Tenant("t", [(None, "Africa/Cairo")])
    assert _bounds(cairo, date(2025, 4, 25)) == (utc("2025-04-24T22:00:00"), utc("2025-04-25T21:00:00"))
    lord_howe = oracle.Tenant("t", [(None, "Australia/Lord_Howe")])
    begins, ends = _bounds(lord_howe, date(2025, 4, 6))
    assert ends - begins == timedelta(hours=24, minutes=30)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "UTC"])
def test_04_days_tile_time(zone: str) -> None:
    tenant = oracle.Tenant("t", [(None, "Asia/Kolkata"), (date(2025, 7, 1), zone), (date(2025, 9, 1), "Etc/GMT+9")])
    day = date(2025, 1, 1)
    while day < date(2025, 12, 31):
        begins, ends = _bounds(tenant, day)
        assert oracle.metric_date(tenant, begins) == day
        assert oracle.metric_date(tenant, ends - timedelta(microseconds=1)) == day
        day += timedelta(days=1)


def test_06_conflict() -> None:
    reply = event("message_sent", "2025-06-10T09:00:00", text="Yes.")
    payloads = [{**reply, "response_time_ms": value} for value in (900, 950, 900)]
    (row,) = run(oracle.conversations, payloads, "2025-06-12T00:00:00")
    assert pick(row, "responses", "response_time_sum_ms", "event_count") == (1, 900, 1)


def test_07_unique_customers() -> None:
    payloads = [
        event("conversation_started", f"2025-06-{day:02d}T10:00:00", f"{day}{who}", customer_id=who)
        for day, who in [(9, "a"), (9, "b"), (10, "b"), (10, "c"), (13, "a"), (13, None)]
    ]
    days = by_day(run(oracle.daily_metrics, payloads, "2025-06-16T00:00:00"))
    assert [days[date(2025, 6, day)]["unique_customers"] for day in (9, 10, 13)] == [2, 2, 1]
    week = run(oracle.weekly_metrics, payloads, "2025-06-16T00:00:00")[0]
    assert pick(week, "unique_customers", "anonymous_conversations", "is_partial", "complete_days") == (3, 1, False, 7)
    customer_days = run(oracle.customer_days, payloads, "2025-06-16T00:00:00")
    assert [row["customer_id"] for row in customer_days if row["is_new_customer"]] == ["a", "b", "c"]


def test_08_percentile_merge() -> None:
    slow, quick = [1_000] * 90, [60_000] * 10
    merged = oracle.merge([oracle.histogram(slow), oracle.histogram(quick)])
    exact = [oracle.percentile_cont(slow + quick, q) for q in (0.5, 0.9)]
    assert exact == pytest.approx([1_000, 6_900])
    assert merged == {"349": 90, "556": 10}
    assert round(oracle.merged_percentile(merged, 0.5) or 0, 2) == 993.43
    assert round(oracle.merged_percentile(merged, 0.9) or 0, 2) == 6_883.36
    assert (oracle.bucket(0), oracle.estimate(-1), oracle.bucket(1), oracle.bucket(2)) == (-1, 0, 0, 36)


def _roi(ai_resolved: int, ai_cost: str, reworked: int = 0) -> Row:
    costs = oracle.Costs(Fraction(25), Fraction(8), Fraction(ai_cost), Fraction(8))
    return oracle.roi_columns([oracle.Case(costs, n < ai_resolved, False, False, n < reworked) for n in range(1_000)])


def test_09_roi_sign() -> None:
    dear = _roi(500, "2.00")
    names = ("savings", "roi_percentage", "net_savings", "roi_percentage_net")
    assert [round(float(dear[name]), 2) for name in names] == [666.67, 33.33, -333.33, -16.67]
    cheap = _roi(500, "0.05")
    assert [round(float(cheap[name]), 2) for name in names] == [1_641.67, 3_283.33, 1_616.67, 3_233.33]
    assert round(float(_roi(500, "0.05", reworked=50)["net_savings"]), 2) == 1_450.00


def test_09_roi_of_events() -> None:
    # Episode 1 was resolved by the AI and reopened in time; episode 2 is open, so not finally resolved by the AI.
    accepted = oracle.accept(REOPENED[:5], PLAIN)
    dates = (date(2025, 6, 9), date(2025, 6, 9))
    row = oracle.roi(accepted, [], PLAIN, utc("2025-06-10T12:00:00"), *dates)
    assert pick(row, "total_conversations", "ai_resolved_conversations", "reworked_conversations") == (1, 1, 1)
    free = oracle.roi(accepted, [], PLAIN, utc("2025-06-10T12:00:00"), *dates, ai_cost_per_conversation=0)
    assert pick(free, "roi_percentage", "roi_percentage_net") == (0, None)


def test_10_growth() -> None:
    assert oracle.growth(5, 0) == (1.0, "from_zero")
    assert oracle.growth(0, 0) == (0.0, "no_data")
    assert oracle.growth(50, 40) == (0.25, "ok")
    assert oracle.growth(50, None) == (None, "no_previous")
    assert oracle.percentage_points(0.66, 0.60) == pytest.approx(6.0)


def test_10_growth_of_events() -> None:
    starts = [("2025-06-09T10:00:00", 4), ("2025-06-10T10:00:00", 5), ("2025-06-11T10:00:00", 9)]
    payloads = [event("conversation_started", at, f"{at}-{n}") for at, many in starts for n in range(many)]
    accepted = oracle.accept(payloads, PLAIN)
    as_of = utc("2025-06-11T12:00:00")
    # 11 June isn't over: growth compares the complete 10 June with 9 June.
    row = oracle.period_metrics(accepted, [], PLAIN, as_of, date(2025, 6, 10), date(2025, 6, 11))
    assert pick(row, "total_conversations", "is_partial", "complete_days") == (14, True, 1)
    assert pick(row, "compared_from", "compared_to") == (date(2025, 6, 10), date(2025, 6, 10))
    assert pick(row, "previous_from", "previous_to") == (date(2025, 6, 9), date(2025, 6, 9))
    assert pick(row, "previous_total_conversations", "growth_rate", "absolute_change") == (4, 0.25, 1)
    assert row["growth_status"] == "ok"
    alone = oracle.period_metrics(accepted, [], PLAIN, as_of, date(2025, 6, 10), date(2025, 6, 11), "none")
    assert pick(alone, "growth_rate", "growth_status", "compared_from") == (None, "no_previous", None)


def test_10_same_days_of_another_month() -> None:
    accepted = oracle.accept([event("conversation_started", "2025-02-28T10:00:00")], PLAIN)
    window = (date(2025, 3, 30), date(2025, 3, 31))
    month = oracle.period_metrics(accepted, [], PLAIN, utc("2025-05-01T00:00:00"), *window, "month")
    assert pick(month, "previous_from", "previous_to") == (date(2025, 2, 28), date(2025, 2, 28))
    year = oracle.period_metrics(accepted, [], PLAIN, utc("2025-05-01T00:00:00"), *window, "year")
    assert pick(year, "previous_from", "previous_to") == (date(2024, 3, 30), date(2024, 3, 31))


def test_11_handoff_then_human_resolve() -> None:
    payloads = [
        event("conversation_started", "2025-06-10T09:00:00"),
        event("message_received", "2025-06-10T09:01:00"),
        event("message_sent", "2025-06-10T09:02:00", text="I'll connect you."),
        event("conversation_escalated", "2025-06-10T09:03:00", reason="customer_request"),
        event("message_sent", "2025-06-10T09:10:00", agent_kind="human", text="Done."),
        event("conversation_resolved", "2025-06-10T09:20:00", closed_by="human"),
    ]
    (row,) = run(oracle.conversations, payloads, "2025-06-12T00:00:00")
    assert pick(row, "outcome", "is_assisted", "is_contained", "is_ai_resolution") == ("escalated", True, False, False)
    assert pick(row, "first_human_response_ms", "human_resolution_ms") == (420_000, 1_020_000)
    day = by_day(run(oracle.daily_metrics, payloads, "2025-06-12T00:00:00"))[date(2025, 6, 10)]
    assert pick(day, "escalated_conversations", "resolved_conversations") == (1, 1)
    assert pick(day, "escalated_cohort", "resolved_cohort") == (1, 0)


CUSTOMER = event("message_received", "2025-06-10T09:00:00")


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        (event("message_sent", "2025-06-10T10:00:00", text="Which size?"), ("abandoned", "customer_silent")),
        (event("message_sent", "2025-06-10T10:00:00", text="Size 40 is in stock."), ("silent", None)),
        (event("message_received", "2025-06-10T10:00:00", text="Hello?"), ("abandoned", "unanswered")),
    ],
)
def test_12_silence(last: Payload, outcome: tuple[str, str | None]) -> None:
    (before,) = run(oracle.conversations, [CUSTOMER, last], "2025-06-11T09:59:59")
    assert pick(before, "outcome", "ended_at", "reassess_at") == ("open", None, utc("2025-06-11T10:00:00"))
    (row,) = run(oracle.conversations, [CUSTOMER, last], "2025-06-11T11:00:00")
    assert pick(row, "outcome", "abandon_kind") == outcome
    assert row["ended_at"] == utc("2025-06-11T10:00:00")


def test_12_closed_by_timeout() -> None:
    payloads = [
        CUSTOMER,
        event("message_sent", "2025-06-10T10:00:00", text="Size 40 is in stock."),
        event("conversation_resolved", "2025-06-10T10:30:00", closed_by="timeout"),
    ]
    (row,) = run(oracle.conversations, payloads, "2025-06-10T11:00:00")
    assert pick(row, "outcome", "is_ai_resolution", "is_assumed") == ("silent", False, True)
    day = by_day(run(oracle.daily_metrics, payloads, "2025-06-10T11:00:00"))[date(2025, 6, 10)]
    assert pick(day, "resolved_conversations", "resolved_cohort", "resolution_rate_numerator") == (1, 0, 0)


def test_12_nobody_wrote() -> None:
    payloads = [
        event("conversation_started", "2025-06-10T09:00:00"),
        event("knowledge_retrieved", "2025-06-10T10:00:00"),
    ]
    (row,) = run(oracle.conversations, payloads, "2025-06-11T10:00:00")
    assert pick(row, "outcome", "abandon_kind", "ended_at") == ("abandoned", "empty", utc("2025-06-11T10:00:00"))


@pytest.mark.parametrize(("explicit", "value"), [(None, 60_000), (850, 850)])
def test_13_turns(explicit: int | None, value: int) -> None:
    payloads = [
        event("message_received", "2025-06-10T10:00:00"),
        event("message_received", "2025-06-10T10:00:20"),
        event("message_sent", "2025-06-10T10:01:00", response_time_ms=explicit),
        event("message_sent", "2025-06-10T10:01:30"),
    ]
    (row,) = run(oracle.conversations, payloads, "2025-06-10T12:00:00")
    assert pick(row, "responses", "response_time_sum_ms", "first_response_ms") == (1, value, value)
    assert row["responses_explicit"] == (explicit is not None)


def test_14_business_hours() -> None:
    payloads = [event("message_received", "2025-06-06T14:30:00"), event("message_sent", "2025-06-10T08:15:00")]
    (row,) = run(oracle.conversations, payloads, "2025-06-12T00:00:00", BERLIN)
    assert pick(row, "first_response_ms", "first_response_business_ms") == (323_100_000, None)
    week = [{"weekday": weekday, "opens": "09:00", "closes": "17:00"} for weekday in range(1, 6)]
    parameters = {"business_hours": week, "holidays": ["2025-06-09"]}
    scheduled = oracle.Tenant("t", [(None, "Europe/Berlin")], [(None, parameters)])
    (row,) = run(oracle.conversations, payloads, "2025-06-12T00:00:00", scheduled)
    assert pick(row, "first_response_ms", "first_response_business_ms") == (323_100_000, 6_300_000)


def test_14_schedule_over_midnight_and_clock_change() -> None:
    # Two windows make a night shift; the night of 30 March 2025 has no 02:00-03:00, that of 26 October has it twice.
    night = [{"weekday": 6, "opens": "22:00", "closes": "24:00"}, {"weekday": 7, "opens": "00:00", "closes": "06:00"}]
    tenant = oracle.Tenant("t", [(None, "Europe/Berlin")], [(None, {"business_hours": night})])
    for saturday, hours in [(date(2025, 3, 29), 7), (date(2025, 6, 7), 8), (date(2025, 10, 25), 9)]:
        begins, _ = _bounds(tenant, saturday)
        assert oracle.business_ms(tenant, begins, begins + timedelta(days=3)) == hours * 3_600_000
    later = oracle.Tenant("t", tenant.zones, [(date(2025, 6, 8), {"business_hours": night})])
    assert oracle.business_ms(later, utc("2025-06-07T12:00:00"), utc("2025-06-08T12:00:00")) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(152, 200, 0.6963, 0.8139), (49, 152, 0.2532, 0.4003), (0, 5, 0.0, 0.4345)],
)
def test_16_wilson(numerator: int, denominator: int, low: float, high: float) -> None:
    rate, *interval = oracle.wilson(numerator, denominator)
    assert rate == numerator / denominator
    assert interval == pytest.approx([low, high], abs=5e-5)


def test_16_wilson_at_the_ends() -> None:
    assert oracle.wilson(0, 0) == (None, None, None)
    assert oracle.wilson(0, 5)[:2] == (0.0, 0.0)
    assert oracle.wilson(5, 5)[2] == 1.0


def _score(conversation: str, kind: str, overall: float | None, at: str = "2025-06-10T12:00:00") -> Payload:
    return {
        "event_id": f"s{next(_numbers):06d}",
        "conversation_id": conversation,
        "occurred_at": at,
        "scorer_kind": kind,
        "scorer": f"the {kind}",
        "accuracy": overall,
        "error": "timed out" if overall is None else None,
    }


def test_17_kappa() -> None:
    pairs = [(0.9, 0.9), (0.9, 0.7), (0.5, 0.3), (0.1, 0.1)]
    payloads = [event("conversation_started", "2025-06-10T10:00:00", f"c{n}") for n in range(4)]
    scores = [_score(f"c{n}", kind, pair[kind == "human"]) for n, pair in enumerate(pairs) for kind in ("judge", "human")]
    rows = oracle.quality_daily(oracle.accept(payloads, PLAIN), oracle.accept_scores(scores), PLAIN, utc("2025-06-11T00:00:00"))
    judge = next(row for row in rows if row["scorer_kind"] == "judge")
    assert judge["agreement_n"] == 4
    assert judge["weighted_kappa"] == pytest.approx(0.9091, abs=5e-5)
    assert (judge["mae"], judge["bias"]) == pytest.approx((0.10, 0.10))
    assert next(row for row in rows if row["scorer_kind"] == "human")["weighted_kappa"] is None


def test_17_headline_and_failed_attempts() -> None:
    scores = oracle.accept_scores(
        [
            _score("c1", "judge", 0.9, "2025-06-09T12:00:00"),
            _score("c1", "judge", None, "2025-06-10T12:00:00"),
            _score("c1", "rule", 0.5, "2025-06-10T13:00:00"),
        ]
    )
    events = oracle.accept(REOPENED, PLAIN)
    as_of = utc("2025-06-12T00:00:00")
    judge, rule = oracle.conversation_quality_scores(events, scores, PLAIN, as_of)
    assert pick(judge, "overall_score", "attempts", "failed_attempts", "is_headline") == (Decimal("0.90"), 2, 1, False)
    assert pick(rule, "overall_score", "is_headline") == (Decimal("0.50"), True)
    # The headline belongs to the episode current when it was scored.
    first, second = oracle.conversations(events, scores, PLAIN, as_of)
    assert pick(first, "quality_score", "is_verified") == (None, None)
    assert pick(second, "quality_score", "is_verified") == (0.5, False)


def test_17_change_against_the_28_days_before() -> None:
    starts = [("2025-06-01T10:00:00", 0.4), ("2025-06-02T10:00:00", 0.6), ("2025-06-29T10:00:00", 0.9), ("2025-06-30T10:00:00", 0.7)]
    payloads = [event("conversation_started", at, at) for at, _ in starts]
    scores = [_score(at, "judge", overall, "2025-07-01T00:00:00") for at, overall in starts]
    rows = oracle.quality_daily(oracle.accept(payloads, PLAIN), oracle.accept_scores(scores), PLAIN, utc("2025-07-02T00:00:00"))
    june_29, june_30 = (row for row in rows if row["metric_date"] > date(2025, 6, 28))
    # 29 June: 2 to 29 June hold .6 and .9, the 28 days before only .4.
    assert pick(june_29, "overall_mean_28d", "overall_change_28d", "overall_change_28d_z") == (0.75, 0.35, None)
    # 30 June: .9 and .7 against .4 and .6, both with a standard error of .1.
    assert june_30["overall_change_28d"] == pytest.approx(0.3)
    assert june_30["overall_change_28d_z"] == pytest.approx(0.3 / 0.02**0.5)
    assert pick(june_30, "low_quality", "overall_se") == (0, None)


def test_18_zone_change() -> None:
    to_berlin = oracle.Tenant("t", [(None, "America/New_York"), (date(2025, 6, 1), "Europe/Berlin")])
    begins, ends = _bounds(to_berlin, date(2025, 5, 31))
    assert (ends, ends - begins) == (utc("2025-05-31T22:00:00"), timedelta(hours=18))
    to_new_york = oracle.Tenant("t", [(None, "Europe/Berlin"), (date(2025, 6, 1), "America/New_York")])
    begins, ends = _bounds(to_new_york, date(2025, 6, 1))
    assert (begins, ends) == (utc("2025-05-31T22:00:00"), utc("2025-06-02T04:00:00"))
    assert ends - begins == timedelta(hours=30)
    payloads = [event("message_received", at) for at in ("2025-06-01T03:59:59", "2025-06-01T04:00:00")]
    days = by_day(run(oracle.daily_metrics, payloads, "2025-06-03T00:00:00", to_new_york))
    assert pick(days[date(2025, 6, 1)], "total_messages", "day_hours") == (2, 30)
