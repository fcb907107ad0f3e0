"""The mart `outcome_daily`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil

from tests.support.oracle.localtime import day_end, days_between, metric_date
from tests.support.oracle.tenant import Tenant
from tests.support.oracle.wilson import wilson

from .aalen_johansen import Estimate, FollowUp, aalen_johansen
from .outcomes import Row

STATUSES = ("positive", "negative", "ambiguous", "expired", "pending")
CAUSES = {"positive": 1, "negative": 2}
SHORTEST_COHORT_DAYS = 30


def outcome_daily(rows: Iterable[Row], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.outcome_daily from those of outcomes, on every day from the pair's first action to that of as_of."""
    rows = list(rows)
    today = metric_date(tenant, as_of)
    return [
        {
            "tenant_id": tenant.tenant_id,
            "metric_date": day,
            "action_type": pair[0],
            "outcome_type": pair[1],
            **_day(mine, day, tenant, as_of),
        }
        for pair in sorted({(row["action_type"], row["outcome_type"]) for row in rows})
        for mine in [[row for row in rows if (row["action_type"], row["outcome_type"]) == pair]]
        for day in days_between(min(row["metric_date"] for row in mine), today)
    ]


def _day(pair: list[Row], day: date, tenant: Tenant, as_of: datetime) -> Row:
    of_day = [row for row in pair if row["metric_date"] == day]
    counts = {status: sum(row["outcome_status"] == status for row in of_day) for status in STATUSES}
    matured = [row for row in of_day if row["is_matured"]]
    labelled = sum(row["label"] is not None for row in matured)
    succeeded = sum(row["label"] == 1 for row in matured)
    rate, low, high = wilson(succeeded, labelled)
    # The running day is not over: nothing is known of its end.
    midnight = day_end(tenant, day)
    estimate = _estimate(pair, day, midnight) if midnight <= as_of else None
    return {
        "actions": len(of_day),
        **counts,
        "matured": len(matured),
        "matured_labelled": labelled,
        "matured_positive": succeeded,
        "success_rate": rate,
        "success_rate_low": low,
        "success_rate_high": high,
        "success_rate_resolved": _share(counts["positive"], counts["positive"] + counts["negative"]),
        "success_rate_all_closed": _share(counts["positive"], len(of_day) - counts["pending"]),
        "success_rate_all_created": _share(counts["positive"], len(of_day)),
        "aj_success_rate": estimate.rate if estimate else None,
        "aj_n": estimate.n if estimate else None,
        "aj_at_risk": estimate.at_risk if estimate else None,
        "is_provisional": len(matured) < len(of_day),
    }


def _share(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def _estimate(pair: list[Row], day: date, midnight: datetime) -> Estimate:
    window_hours = modal_window_hours(row["window_hours"] for row in pair)
    cohort_days = max(SHORTEST_COHORT_DAYS, ceil(3 * window_hours / 24))
    cohort = [row for row in pair if day - timedelta(days=cohort_days) < row["metric_date"] <= day]
    return aalen_johansen([follow_up(row, midnight) for row in cohort], timedelta(hours=window_hours))


def modal_window_hours(hours: Iterable[int]) -> int:
    """reading: the window of most actions of the pair, whenever they were taken; of equally many the longer."""
    return max(Counter(hours).items(), key=lambda item: (item[1], item[0]))[0]


def follow_up(row: Row, midnight: datetime) -> FollowUp:
    """From creation to evidence, window end or midnight, whichever came first.

    reading: outcomes are today's. Evidence from after midnight was not known, so the action is censored; a label that a person gave after
    the window, but before midnight, counts at the window's end.
    """
    known = row["resolved_at"] is not None and row["resolved_at"] <= midnight
    ended = min(row["window_expires_at"], row["resolved_at"] if known else midnight)
    return FollowUp(ended - row["created_at"], CAUSES.get(row["outcome_status"], 0) if known else 0)
