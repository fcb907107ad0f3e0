"""The SQL functions that say which days a figure is of and how to read it, and those over the calibration marts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.functions import Row, near, row_of, rows_of
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row
from tests.support.marts.published_learning import action_row, feedback_row
from tests.support.oracle import wilson

DAY = date(2025, 6, 2)


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Connection]:
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        yield connection


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((None, 30, False), "no_data"), ((0, 30, True), "no_data"), ((29, 30, True), "low_n"), ((30, 30, True), "provisional"),
        ((30, 30, False), "ok"), ((30, 30, None), "ok"), ((5, None, False), "ok"),
    ],
)  # fmt: skip
def test_sample_status(warehouse: Connection, arguments: tuple[Any, ...], status: str) -> None:
    assert row_of(warehouse, "sample_status(%s, %s, %s)", *arguments) == {"sample_status": status}


def test_last_complete_days(warehouse: Connection) -> None:
    """Local days: where clocks are 14 hours ahead the day of as_of has just begun, and a day may have 23 hours."""
    noon = datetime(2025, 3, 31, 12, tzinfo=UTC)
    zones = {"UTC": date(2025, 3, 30), "Pacific/Kiritimati": date(2025, 3, 31), "Europe/Berlin": date(2025, 3, 30)}
    tenants = {zone: publish_tenant(warehouse, zone.lower().replace("/", "-"), zone) for zone in zones}
    log_version(warehouse, 1, noon, ["outcomes", "daily_metrics"], tenants.values())
    for zone, last in zones.items():
        found = row_of(warehouse, "last_complete_days(%s, %s)", tenants[zone], 7)
        assert (found["as_of"], found["first_day"], found["last_day"]) == (noon, last - timedelta(days=6), last)
    found = row_of(warehouse, "last_complete_days(%s, 1)", tenants["Europe/Berlin"])
    assert found["period_end"] - found["period_start"] == timedelta(hours=23), "clocks were put forward"
    assert found["period_end"] == datetime(2025, 3, 30, 22, tzinfo=UTC)


def test_the_newest_publish_of_the_marts_named(warehouse: Connection) -> None:
    tenant, fresh = publish_tenant(warehouse, "acme"), publish_tenant(warehouse, "fresh")
    instants = [datetime(2025, 6, day, tzinfo=UTC) for day in (1, 2, 3)]
    log_version(warehouse, 1, instants[0], ["outcomes", "daily_metrics"], [tenant])
    log_version(warehouse, 2, instants[2], ["post_performance"], [tenant])
    log_version(warehouse, 3, instants[1], ["outcomes"], [tenant])

    def as_of(owner: UUID, marts: list[str] | None) -> Any:
        return row_of(warehouse, "newest_as_of(%s, %s)", owner, marts)["newest_as_of"]

    assert [as_of(tenant, marts) for marts in (["daily_metrics"], ["daily_metrics", "outcomes"], None)] == instants
    assert (as_of(tenant, ["none"]), as_of(tenant, []), as_of(fresh, None), as_of(uuid4(), None)) == (None,) * 4
    log_version(warehouse, 4, instants[0], ["post_performance"], [tenant])
    assert as_of(tenant, ["post_performance"]) == instants[0], "somebody looked at an older instant: the newest version is of it"
    assert set(row_of(warehouse, "last_complete_days(%s, 30)", fresh).values()) == {None}
    assert rows_of(warehouse, "last_complete_days(%s, 30)", uuid4()) == []
    assert rows_of(warehouse, "last_complete_days(%s, null)", tenant) == []
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="below 1"):
        rows_of(warehouse, "last_complete_days(%s, 0)", tenant)


def test_parameter_on(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme", parameters=[(DAY, {"durable_days": 9})])

    def value(day: date | None, parameter: str = "durable_days") -> list[Any]:
        return [(row["number_value"], row["is_default"]) for row in rows_of(warehouse, "parameter_on(%s, %s, %s)", tenant, parameter, day)]

    before = value(DAY - timedelta(days=1))
    assert len(before) == 1
    assert before[0][1] is True
    assert value(DAY) == value(DAY + timedelta(days=100)) == [(9, False)]
    assert value(None) == value(DAY, "unknown") == []


@pytest.mark.parametrize(
    ("last", "compare", "is_partial", "compared", "counts", "growth"),
    [
        (DAY + timedelta(days=1), "previous", False, (DAY, DAY + timedelta(days=1)), (30, 10), (2.0, "ok", 20)),
        (DAY + timedelta(days=2), "previous", True, (DAY, DAY + timedelta(days=1)), (30, 10), (2.0, "ok", 20)),
        (DAY, "week", False, (DAY, DAY), (10, 0), (1.0, "from_zero", 10)),
        (DAY, "none", False, (None, None), (None, None), (None, "no_previous", None)),
    ],
)
def test_growth_is_that_of_period_metrics(
    warehouse: Connection, last: date, compare: str, is_partial: bool, compared: tuple[Any, Any], counts: tuple[Any, Any], growth: Any
) -> None:
    """10 conversations on the first of June, then 10, 20 and, until now, 40."""
    tenant = publish_tenant(warehouse, "acme")
    rows = [
        zero_row(
            warehouse, "daily_metrics", tenant_id=tenant, metric_date=DAY + timedelta(days=n), total_conversations=count,
            is_partial=n == 2, day_hours=24.0,
        )
        for n, count in ((-1, 10), (0, 10), (1, 20), (2, 40))
    ]  # fmt: skip
    insert_rows(warehouse, "daily_metrics", rows)
    found = row_of(warehouse, "period_growth(%s, %s, %s, %s)", tenant, DAY, last, compare)
    assert found["is_partial"] is is_partial
    assert (found["compared_from"], found["compared_to"]) == compared
    assert (found["total_conversations"], found["previous_total_conversations"]) == counts
    assert (found["growth_rate"], found["growth_status"], found["absolute_change"]) == growth
    whole = row_of(warehouse, "period_metrics(%s, %s, %s, %s)", tenant, DAY, last, compare)
    same = set(found) - {"total_conversations"}
    assert {name: found[name] for name in same} == {name: whole[name] for name in same}


def test_growth_before_the_first_day(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    found = row_of(warehouse, "period_growth(%s, %s, %s)", tenant, DAY, DAY)
    assert found.pop("growth_status") == "no_previous"
    assert set(found.values()) == {None}
    assert rows_of(warehouse, "period_growth(%s, %s, null)", tenant, DAY) == []


def test_quality_by_scorer(warehouse: Connection) -> None:
    """A mean is weighted by what was scored; a day on which all failed has none."""
    tenant = publish_tenant(warehouse, "acme")

    def day(n: int, kind: str, attempts: int, scored: int, mean: float | None) -> Row:
        return zero_row(
            warehouse, "quality_daily", tenant_id=tenant, metric_date=DAY + timedelta(days=n), scorer_kind=kind, scorer="s",
            attempts=attempts, scored=scored, failed=attempts - scored, overall_mean=mean, low_quality=1,
        )  # fmt: skip

    rows = [day(0, "judge", 3, 2, 0.5), day(1, "judge", 9, 8, 0.75), day(2, "judge", 1, 0, None), day(0, "human", 1, 0, None)]
    insert_rows(warehouse, "quality_daily", [*rows, day(3, "judge", 100, 100, 0.0)])
    found = {row["scorer_kind"]: row for row in rows_of(warehouse, "quality_by_scorer(%s, %s, %s)", tenant, DAY, DAY + timedelta(days=2))}
    assert found == {
        "judge": {"scorer_kind": "judge", "scorer": "s", "attempts": 13, "scored": 10, "failed": 3, "overall_mean": near(0.7),
                  "low_quality": 3},
        "human": {"scorer_kind": "human", "scorer": "s", "attempts": 1, "scored": 0, "failed": 1, "overall_mean": None, "low_quality": 1},
    }  # fmt: skip
    assert rows_of(warehouse, "quality_by_scorer(%s, null, %s)", tenant, DAY) == []


def test_calibration_of_types_together(warehouse: Connection) -> None:
    """Headline only, each type weighted by its outcomes; of a representative the types that he used in the period."""
    tenant = publish_tenant(warehouse, "acme")
    assert list(row_of(warehouse, "overall_calibration(%s, %s, %s)", tenant, DAY, DAY).values()) == [None, None, "no_data"]
    scores = {"a": (30, 0.2), "b": (10, 0.1), "c": (0, None)}
    rows = [
        zero_row(
            warehouse, "calibration_summary", tenant_id=tenant, action_type=action_type, label_policy=policy, n=n,
            brier_score=brier if policy == "headline" else 0.9, direction="unclear", status="ok",
        )
        for action_type, (n, brier) in scores.items()
        for policy in ("headline", "resolved_only")
    ]  # fmt: skip
    insert_rows(warehouse, "calibration_summary", rows)
    begin = datetime(2025, 6, 2, 9, tzinfo=UTC)
    actions = [
        action_row(warehouse, tenant, "used", begin, action_type="a", rep_id="rep-1"),
        action_row(warehouse, tenant, "later", begin + timedelta(days=1), action_type="b", rep_id="rep-1"),
    ]
    insert_rows(warehouse, "outcomes", actions)
    assert list(row_of(warehouse, "overall_calibration(%s, %s, %s)", tenant, DAY, DAY).values()) == [near(0.175), 40, "low_n"]
    found = row_of(warehouse, "overall_calibration(%s, %s, %s, 'rep-1')", tenant, DAY, DAY)
    assert list(found.values()) == [near(0.2), 30, "low_n"]
    assert [row["action_type"] for row in rows_of(warehouse, "calibration_by_type(%s, %s, %s, 'rep-1')", tenant, DAY, DAY)] == ["a"]
    assert {
        row["action_type"]: (row["n"], row["brier_score"]) for row in rows_of(warehouse, "calibration_by_type(%s, null, null)", tenant)
    } == scores


@pytest.mark.parametrize(("confidence", "point"), [("0.834", "0.83"), ("0.835", "0.84"), ("0", "0"), ("1", "1"), ("0.004999", "0")])
def test_calibrated_confidence(warehouse: Connection, confidence: str, point: str) -> None:
    """The nearest point, halves upwards; trust by the size of the block."""
    tenant = publish_tenant(warehouse, "acme")
    sizes = {"good": 200, "fair": 199, "weak": 49}
    for trust, n in sizes.items():
        publish_map(warehouse, tenant, trust, n, "ok")
    publish_map(warehouse, tenant, "none", 150, "low_n")
    for trust, n in sizes.items():
        found = row_of(warehouse, "calibrated_confidence(%s, %s, %s)", tenant, trust, Decimal(confidence))
        positives = round(n * 0.7)
        _, low, high = wilson(positives, n)
        assert low is not None
        assert high is not None
        assert (found["grid_point"], found["p_calibrated"], found["trust"]) == (Decimal(point), Decimal(point) / 2, trust)
        assert (found["block_n"], found["n"], found["block_rate_low"], found["block_rate_high"]) == (n, 500, near(low), near(high))
        interval = f"{100 * low:.0f} to {100 * high:.0f}"
        evidence = f"{n} of 500 matured outcomes were predicted like this and {100 * positives / n:.0f} % of them succeeded"
        assert found["trust_reason"].startswith(f"{evidence} (95 % interval {interval}); ")
    found = row_of(warehouse, "calibrated_confidence(%s, 'none', %s)", tenant, Decimal(confidence))
    assert (found["p_calibrated"], found["trust"], found["status"]) == (Decimal(confidence), "none", "low_n"), "as it came"
    assert found["trust_reason"].startswith("only 500 matured outcomes")


def test_no_calibrated_confidence(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    publish_map(warehouse, tenant, "known", 200, "ok")
    for action_type, confidence in (("unknown", Decimal("0.5")), ("known", Decimal("1.01")), ("known", None), (None, Decimal("0.5"))):
        assert rows_of(warehouse, "calibrated_confidence(%s, %s, %s)", tenant, action_type, confidence) == []


def publish_map(connection: Connection, tenant: UUID, action_type: str, block_n: int, status: str) -> None:
    """101 points in one block, of which 70 % succeeded."""
    rows = [
        zero_row(
            connection, "calibration_map", tenant_id=tenant, action_type=action_type, p_raw=Decimal(n) / 100, block_low=0.0, block_high=1.0,
            block_n=block_n, block_rate=round(block_n * 0.7) / block_n, p_calibrated=n / 200, n=500, status=status,
        )
        for n in range(101)
    ]  # fmt: skip
    insert_rows(connection, "calibration_map", rows)


ARGUMENTS: dict[str, object] = {
    "p_from": DAY - timedelta(days=1), "p_to": DAY, "p_on": DAY, "p_days": 30, "p_parameter": "durable_days", "p_action_type": "known",
    "p_confidence": Decimal("0.5"),
}  # fmt: skip


def test_every_function_keeps_tenants_apart(settings: Settings, warehouse: Connection) -> None:
    """Of another tenant each gives what it gives of one that nobody has; of the own tenant something else."""
    mine, theirs = publish_tenant(warehouse, "mine"), publish_tenant(warehouse, "theirs")
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    log_version(warehouse, 1, noon, ["outcomes"], [mine, theirs])
    publish_map(warehouse, theirs, "known", 200, "ok")
    insert_rows(warehouse, "outcomes", [action_row(warehouse, theirs, "a", noon, status="positive", resolved_after=1)])
    insert_rows(warehouse, "feedback_entries", [feedback_row(warehouse, theirs, "f", noon, rating=1, reviewer_id="u", action_id="a")])
    escalated = {"handoff_at": noon, "escalated_date": DAY, "outcome": "escalated", "is_ai_resolution": False}
    one = {"conversation_id": "c", "episode_no": 1, "started_at": noon, "start_date": DAY}
    insert_rows(warehouse, "conversations", [zero_row(warehouse, "conversations", tenant_id=theirs, **one, **escalated)])
    counts = {"total_conversations": 1, "escalation_rate_denominator": 1, "day_hours": 24.0}
    insert_rows(warehouse, "daily_metrics", [zero_row(warehouse, "daily_metrics", tenant_id=theirs, metric_date=DAY, **counts)])
    insert_rows(
        warehouse,
        "quality_daily",
        [zero_row(warehouse, "quality_daily", tenant_id=theirs, metric_date=DAY, scorer="s", scorer_kind="judge")],
    )
    pattern = {"window_days": 30, "dimension": "channel", "segment": "s", "outcome_type": "*", "pattern_id": "p"}
    insert_rows(warehouse, "coaching_patterns", [zero_row(warehouse, "coaching_patterns", tenant_id=theirs, **pattern)])
    summary = {"action_type": "known", "label_policy": "headline", "n": 1, "direction": "unclear", "status": "low_n"}
    insert_rows(warehouse, "calibration_summary", [zero_row(warehouse, "calibration_summary", tenant_id=theirs, **summary)])
    warehouse.commit()
    functions = warehouse.execute(
        "select proname, proargnames[2:pronargs - pronargdefaults] from pg_proc"
        " where pronamespace = 'marts'::regnamespace and proargnames[1] = 'p_tenant' order by proname"
    ).fetchall()
    assert len(functions) >= 20
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        for name, required in functions:
            given = [ARGUMENTS[argument] for argument in required]
            call = f"{name}({', '.join(['%s'] * (len(given) + 1))})"
            connection.execute("select set_config('app.tenant_id', %s, true)", (str(mine),))
            nobodys = rows_of(connection, call, uuid4(), *given)
            assert rows_of(connection, call, theirs, *given) == nobodys, name
            connection.execute("select set_config('app.tenant_id', %s, true)", (str(theirs),))
            assert rows_of(connection, call, theirs, *given) != nobodys, f"{name}: nothing of it was there to be seen"
