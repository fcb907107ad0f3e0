"""Calibration marts of groups of many shapes, against scikit-learn and SciPy."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.rows import dict_row

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, deliver
from tests.support.marts.calibration_reference import Row, bin_of, e_values, isotonic_rates, summary

START = datetime(2025, 3, 1, tzinfo=UTC)
AS_OF = datetime(2025, 6, 20, tzinfo=UTC)
POLICIES = ("headline", "resolved_only", "expired_as_negative")

Forecast = tuple[float, str]
"""(predicted confidence, outcome status)"""


def drawn(seed: int, n: int, truth: Callable[[float], float], forecasts: Callable[[random.Random], float]) -> list[Forecast]:
    """Forecasts drawn at random, each coming true with the chance `truth` gives it."""
    rng = random.Random(seed)
    drawn = [forecasts(rng) for _ in range(n)]
    return [(p, "positive" if rng.random() < truth(p) else "negative") for p in drawn]


def at(p: float, positives: int, n: int) -> list[Forecast]:
    return [(p, "positive")] * positives + [(p, "negative")] * (n - positives)


NEIGHBOURS = [q for k in range(11) for q in (math.nextafter(k / 10, 0), k / 10, math.nextafter(k / 10, 1))]

# Each is an action type of outcome type meeting_outcome, whose headline leaves expired ones out.
GROUPS: dict[str, list[Forecast]] = {
    "empty": [(0.4, "pending")] * 3,
    "expired only": [(0.4, "expired")] * 3,
    "one positive": [(0.7, "positive")],
    "one negative": [(0.7, "negative")],
    "only positives": [(0.1 * k, "positive") for k in range(1, 9)] * 4,
    "only negatives": [(0.1 * k, "negative") for k in range(1, 9)] * 4,
    "all one half": at(0.5, 30, 60),
    "all certain": [(1.0, "positive")] * 30 + [(0.0, "negative")] * 25 + [(1.0, "negative")] * 5,
    "every tenth": [(k / 10, "positive" if (k * 7 + i) % 3 else "negative") for k in range(11) for i in range(6)],
    "neighbours of tenths": [(p, "positive" if i % 3 else "negative") for i, p in enumerate(NEIGHBOURS)],
    "beyond 0 and 1": [(-0.5, "negative"), (0.0, "positive"), (1.0, "negative"), (1.5, "positive")] * 5,
    "ties": drawn(1, 400, lambda p: p, lambda rng: rng.choice([0.2, 0.35, 0.5, 0.65, 0.9])),
    "all distinct": drawn(2, 500, lambda p: p, lambda rng: rng.random()),
    "overconfident": drawn(3, 300, lambda p: p - 0.25, lambda rng: rng.uniform(0.6, 0.95)),
    "underconfident": drawn(4, 300, lambda p: min(1, p + 0.25), lambda rng: rng.uniform(0.2, 0.6)),
    "upside down": drawn(5, 300, lambda p: 1 - p, lambda rng: rng.random()),
    "nearly sure": drawn(6, 200, lambda p: p, lambda rng: rng.choice([1e-9, 0.001, 0.999, 0.999999])),
    "mixed": [*drawn(7, 80, lambda p: p, lambda rng: round(rng.random(), 2)), *[(0.33, "expired")] * 20, *[(0.8, "ambiguous")] * 5],
    "example B": at(0.3, 1, 4) + at(0.6, 3, 4) + at(0.7, 2, 4),
    "example B, one bin": [(0.62, "negative"), (0.62, "positive"), (0.68, "positive"), (0.68, "positive")],
    "example C, falling": at(0.85, 12, 20) + at(0.65, 12, 30) + at(0.25, 0, 9),
    "example C, opposing": at(0.85, 11, 20) + at(0.25, 11, 20),
    "example C, at the threshold": at(0.95, 32, 40),
    "example C, bets": [(0.8, "negative")] * 9,
}


def parcels(tenant_id: UUID) -> list[Parcel]:
    found: list[Parcel] = []
    for group, forecasts in GROUPS.items():
        for number, (confidence, status) in enumerate(forecasts):
            action_id, created_at = f"{group}-{number:04}", START + timedelta(hours=number)
            if status == "pending":
                created_at = AS_OF - timedelta(hours=1)
            action = {
                "event_id": action_id,
                "occurred_at": created_at.isoformat(),
                "action_type": group,
                "outcome_type": "meeting_outcome",
                "predicted_confidence": confidence,
                "window_hours": 24,
            }
            found.append((tenant_id, "agent_actions", action))
            if status in ("positive", "negative", "ambiguous"):
                signal = {
                    "event_id": f"signal-{action_id}",
                    "occurred_at": (created_at + timedelta(hours=3)).isoformat(),
                    "action_id": action_id,
                    "outcome_status": status,
                    "signal_source": "automatic",
                }
                found.append((tenant_id, "outcome_signals", signal))
    return found


def labelled(group: str, policy: str) -> list[Row]:
    """Rows of a group that have a label, in the order in which their windows end."""
    labels = {"positive": 1, "negative": 0}
    if policy == "expired_as_negative":
        labels["expired"] = 0
    return [(min(1.0, max(0.0, p)), labels[status]) for p, status in GROUPS[group] if status in labels]


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    settings = new_built_warehouse()
    tenant_id = create_tenant(settings, slug="acme", timezone="Europe/Berlin").tenant_id
    results = deliver(settings, parcels(tenant_id), AS_OF)
    assert {result.status for result in results} == {"accepted"}
    refresh(settings, as_of=AS_OF)
    return settings


def rows(settings: Settings, mart: str, **where: object) -> list[dict[str, Any]]:
    condition = " and ".join(f"{column} = %({column})s" for column in where)
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return cursor.execute(f"select * from marts.{mart} where {condition} order by 1, 2, 3, 4", where).fetchall()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("group", GROUPS)
def test_every_figure_of_the_summary(warehouse: Settings, group: str, policy: str) -> None:
    (found,) = rows(warehouse, "calibration_summary", action_type=group, label_policy=policy)
    cohort = labelled(group, policy)
    if not cohort:
        assert (found["n"], found["positives"], found["status"], found["direction"]) == (0, 0, "no_data", "unclear")
        known = {column for column, value in found.items() if value is not None}
        assert known == {
            "tenant_id", "action_type", "label_policy", "n", "positives", "corp_is_rounded", "direction", "status", "published_version",
        }  # fmt: skip
        return
    expected = summary(cohort)
    if policy != "headline":
        assert (found["e_value"], found["e_value_max"], found["e_alarm_at"], found["e_alarm_n"]) == (None, None, None, None)
        expected = {column: value for column, value in expected.items() if not column.startswith("e_value")}
    for column, value in expected.items():
        tolerance = {"abs": 1e-6} if column == "spiegelhalter_p" else {"abs": 1e-9, "rel": 1e-9}
        assert found[column] == (None if value is None else pytest.approx(value, **tolerance)), column


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("group", GROUPS)
def test_ten_bins(warehouse: Settings, group: str, policy: str) -> None:
    found = rows(warehouse, "calibration_bins", action_type=group, label_policy=policy)
    assert [row["bin_index"] for row in found] == list(range(10))
    cohort = labelled(group, policy)
    isotonic = isotonic_rates(cohort) if cohort else {}
    for k, row in enumerate(found):
        inside = [(p, y) for p, y in cohort if bin_of(p) == k]
        statuses = [status for p, status in GROUPS[group] if bin_of(min(1.0, max(0.0, p))) == k]
        assert (row["sample_count"], row["outcome_sum"]) == (len(inside), sum(y for _, y in inside))
        assert [row["expired_count"], row["ambiguous_count"], row["pending_count"]] == [
            statuses.count(status) for status in ("expired", "ambiguous", "pending")
        ]
        if not inside:
            assert row["actual_rate"] is row["mean_confidence"] is row["isotonic_rate"] is row["last_updated"] is None
            continue
        rate, mean = sum(y for _, y in inside) / len(inside), sum(p for p, _ in inside) / len(inside)
        assert row["actual_rate"] == pytest.approx(rate)
        assert row["mean_confidence"] == pytest.approx(mean)
        assert row["calibration_gap"] == pytest.approx(mean - rate, abs=1e-12)
        assert row["gap_midpoint"] == pytest.approx((k + 0.5) / 10 - rate, abs=1e-12)
        assert row["brier_contribution"] == pytest.approx(((k + 0.5) / 10 - rate) ** 2, abs=1e-12)
        assert row["sum_squared_error"] == pytest.approx(sum((p - y) ** 2 for p, y in inside), abs=1e-9)
        assert row["isotonic_rate"] == pytest.approx(isotonic[k], abs=1e-9)


def test_tenths_and_their_neighbours_are_in_the_right_bin(warehouse: Settings) -> None:
    with connect(warehouse, Role.MIGRATOR) as connection:
        found = connection.execute(
            "select predicted_confidence, bin_index from marts.outcomes where action_type = 'neighbours of tenths' order by action_id"
        ).fetchall()
    assert [p for p, _ in found] == NEIGHBOURS
    # Binary neighbours of a tenth are the tenth: 0.30000000000000004 and 0.29999999999999998 mean 0.3.
    assert [index for _, index in found] == [min(9, k) for k in range(11) for _ in range(3)]


def test_the_alarm_fires_at_the_outcome_that_reaches_twenty(warehouse: Settings) -> None:
    fired = 0
    for group, forecasts in GROUPS.items():
        (found,) = rows(warehouse, "calibration_summary", action_type=group, label_policy="headline")
        values = e_values(labelled(group, "headline"))
        first = next((t for t, value in enumerate(values, start=1) if value >= 20), None)
        assert found["e_alarm_n"] == first, group
        assert (found["e_alarm_at"] is None) == (first is None)
        if first is not None:
            fired += 1
            decided = [number for number, (_, status) in enumerate(forecasts) if status in ("positive", "negative")]
            assert found["e_alarm_at"] == START + timedelta(hours=decided[first - 1] + 24)
    assert fired >= 4


def test_verdicts(warehouse: Settings) -> None:
    with connect(warehouse, Role.MIGRATOR) as connection:
        verdicts = {
            group: rest
            for group, *rest in connection.execute(
                "select action_type, is_calibrated, direction, status from marts.calibration_summary where label_policy = 'headline'"
            ).fetchall()
        }
    assert verdicts["ties"] == [True, "calibrated", "ok"]
    assert verdicts["all distinct"] == [True, "calibrated", "ok"]
    assert verdicts["overconfident"] == [False, "overconfident", "ok"]
    assert verdicts["underconfident"] == [False, "underconfident", "ok"]
    assert verdicts["upside down"] == [False, "unclear", "ok"]
    assert verdicts["one positive"] == [None, "unclear", "low_n"]


def test_worked_examples_of_the_adjustments(warehouse: Settings) -> None:
    def adjustment(group: str) -> dict[str, Any]:
        (found,) = rows(warehouse, "calibration_adjustments", action_type=group, label_policy="headline")
        return found

    falling = adjustment("example C, falling")
    assert (falling["qualifying_bins"], falling["qualifying_samples"]) == (2, 50)
    assert falling["avg_gap"] == pytest.approx(0.25)
    assert (falling["direction"], falling["magnitude"], falling["new_threshold"]) == ("decrease", 0.1, 0.9)
    assert falling["reason"] == "Average gap of 0.250 across 2 bins (50 samples) exceeds threshold of 0.15. Agent is overconfident."
    opposing = adjustment("example C, opposing")
    assert opposing["avg_gap"] == pytest.approx(0, abs=1e-12)
    assert (opposing["direction"], opposing["new_threshold"], opposing["has_opposing_gaps"]) == (None, None, True)
    at_the_threshold = adjustment("example C, at the threshold")
    assert at_the_threshold["avg_gap"] == pytest.approx(0.15)
    assert (at_the_threshold["direction"], at_the_threshold["has_opposing_gaps"]) == (None, False)
    nothing = adjustment("empty")
    assert (nothing["qualifying_bins"], nothing["avg_gap"], nothing["direction"]) == (0, None, None)


def test_the_map_is_the_isotonic_fit_drawn_to_the_forecast(warehouse: Settings) -> None:
    for group in GROUPS:
        found = rows(warehouse, "calibration_map", action_type=group)
        assert [float(row["p_raw"]) for row in found] == [k / 100 for k in range(101)]
        cohort = sorted(labelled(group, "headline"))
        calibrated = [row["p_calibrated"] for row in found]
        if len(cohort) < 200:
            assert calibrated == [k / 100 for k in range(101)]
            assert {row["status"] for row in found} == {"low_n" if cohort else "no_data"}
            continue
        assert calibrated == sorted(calibrated)
        blocks = _blocks(cohort)
        highest = 0.0
        for row in found:
            p_raw = float(row["p_raw"])
            low, high, n, positives = next((b for b in reversed(blocks) if b[0] <= p_raw + 1e-12), blocks[0])
            assert (row["block_n"], row["block_low"], row["block_high"]) == (n, pytest.approx(low), pytest.approx(high))
            assert row["block_rate"] == pytest.approx(positives / n)
            highest = max(highest, (positives + 20 * p_raw) / (n + 20))
            assert row["p_calibrated"] == pytest.approx(highest, abs=1e-12)


def _blocks(cohort: list[Row]) -> list[tuple[float, float, int, int]]:
    """Pool adjacent violators over sorted rows: (low, high, n, positives), rates strictly rising."""
    blocks: list[tuple[float, float, int, int]] = []
    distinct: dict[float, tuple[int, int]] = {}
    for p, y in cohort:
        n, positives = distinct.get(p, (0, 0))
        distinct[p] = (n + 1, positives + y)
    for p, counts in distinct.items():
        low, high, (n, positives) = p, p, counts
        while blocks and blocks[-1][3] * n >= positives * blocks[-1][2]:
            low, _, more, more_positives = blocks.pop()
            n, positives = n + more, positives + more_positives
        blocks.append((low, high, n, positives))
    return blocks


def test_the_last_day_of_the_history_is_the_summary(warehouse: Settings) -> None:
    for group in GROUPS:
        (found,) = rows(warehouse, "calibration_summary", action_type=group, label_policy="headline")
        history = rows(warehouse, "calibration_history", action_type=group)
        assert bool(history) == bool(found["n"])
        if not history:
            continue
        last = history[-1]
        assert last["as_of_date"] == (AS_OF - timedelta(days=1)).date()
        for column in (
            "n", "positives", "base_rate", "mean_confidence", "brier_score", "ece", "binned_calibration_error", "debiased_rmsce", "citl_z",
            "spiegelhalter_z", "e_value", "is_calibrated",
        ):  # fmt: skip
            assert last[column] == found[column], (group, column)


def test_the_history_of_each_day_is_that_of_the_outcomes_by_then(warehouse: Settings) -> None:
    group = "overconfident"
    history = rows(warehouse, "calibration_history", action_type=group)
    days = {row["as_of_date"]: row for row in history}
    assert len(days) == (AS_OF.date() - min(days)).days
    # Windows end hour by hour from 2 March, 01:00 in Berlin; Sunday 30 March has 23 hours.
    for count, day in ((23, date(2025, 3, 2)), (23 + 24 * 5, date(2025, 3, 7)), (300, date(2025, 3, 30))):
        expected = summary(labelled(group, "headline")[:count])
        row = days[day]
        assert row["n"] == count
        for column in ("positives", "mean_confidence", "brier_score", "ece", "debiased_rmsce", "citl_z", "spiegelhalter_z", "e_value"):
            assert row[column] == pytest.approx(expected[column], abs=1e-9, rel=1e-9), column
