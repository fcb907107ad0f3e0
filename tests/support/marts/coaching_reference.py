"""Coaching patterns computed from rows of `outcomes` in plain Python, with SciPy for the tests: what coaching_patterns must equal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, variance
from typing import Any

from scipy.stats import fisher_exact, norm

from tests.support.marts.calibration_reference import wilson

Row = Mapping[str, Any]
"""A row of `outcomes`"""
Key = tuple[str, str]
"""(dimension, segment)"""
Pattern = dict[str, Any]

SMALLEST_SEGMENT = 5
DIMENSIONS: dict[str, Callable[[Row], str | None]] = {
    "action_type": lambda row: row["action_type"],
    "outcome_type": lambda row: row["outcome_type"],
    "hour": lambda row: f"{row['local_hour']:02}",
    "weekday": lambda row: str(row["local_weekday"]),
    "deal_stage": lambda row: row["deal_stage_at_creation"],
    "channel": lambda row: row["channel"],
    "persona": lambda row: row["persona"],
    "escalation_trigger": lambda row: row["escalation_trigger"],
}


def patterns(outcomes: Sequence[Row], today: date, window_days: int) -> dict[Key, Pattern]:
    """All listed patterns of a tenant, all columns but p, q and what follows from them."""
    inside = [row for row in outcomes if row["metric_date"] > today - timedelta(days=window_days)]
    labelled = [row for row in inside if row["is_matured"] and row["label"] is not None]
    closed = [row for row in inside if row["outcome_status"] != "pending"]
    found: dict[Key, Pattern] = {}
    for dimension, segment_of in DIMENSIONS.items():
        stratum = "action_type" if dimension == "outcome_type" else "outcome_type"
        scope = [row for row in labelled if in_scope(dimension, row)]
        pool = [row for row in closed if in_scope(dimension, row)]
        listed: dict[str, Pattern] = {}
        for segment in {segment_of(row) for row in scope} - {None}:
            mine = [row for row in scope if segment_of(row) == segment]
            rest = [row for row in scope if segment_of(row) != segment]
            if len(mine) >= SMALLEST_SEGMENT:
                pattern = compared(mine, rest, stratum)
                pattern["is_improvement_area"] = pattern["success_rate_high"] < fmean(row["label"] for row in labelled)
                pattern["sample_adequacy"] = min(1.0, len(mine) / (30 if dimension == "escalation_trigger" else 50))
                pattern |= original(dimension, [row for row in pool if segment_of(row) == segment], pool)
                assert segment is not None
                listed[segment] = pattern
        shrink(list(listed.values()))
        found |= {(dimension, segment): pattern for segment, pattern in listed.items()}
    ordered = sorted(found, key=lambda key: (-found[key]["success_rate_low"], -found[key]["n"], key[0], key[1].encode()))
    for place, key in enumerate(ordered, start=1):
        found[key]["rank"] = place
    return found


def in_scope(dimension: str, row: Row) -> bool:
    return dimension != "escalation_trigger" or bool(row["outcome_type"] == "escalation_result")


def compared(mine: Sequence[Row], rest: Sequence[Row], stratum: str) -> Pattern:
    """A segment against the rest."""
    n, k, m, j = len(mine), sum(row["label"] for row in mine), len(rest), sum(row["label"] for row in rest)
    low, high = wilson(k, n)
    pattern: Pattern = {
        "n": n, "positives": k, "success_rate": k / n, "success_rate_low": low, "success_rate_high": high, "rest_n": m, "rest_positives": j,
    }  # fmt: skip
    unknown = ("rest_rate", "difference", "difference_low", "difference_high", "z", "test", "p_value", "mh_difference", "simpson_flag")
    if m == 0:
        return pattern | dict.fromkeys(unknown)
    rest_low, rest_high = wilson(j, m)
    difference = k / n - j / m
    pooled = (k + j) / (n + m)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    z = difference / spread if spread else None
    expected = [side * share for side in (n, m) for share in (pooled, 1 - pooled)]
    is_exact = min(expected) < 5
    within = mantel_haenszel(mine, rest, stratum)
    return pattern | {
        "rest_rate": j / m,
        "difference": difference,
        "difference_low": difference - math.hypot(k / n - low, rest_high - j / m),
        "difference_high": difference + math.hypot(high - k / n, j / m - rest_low),
        "z": z,
        "test": "fisher" if is_exact else "z",
        "p_value": float(fisher_exact([[k, n - k], [j, m - j]]).pvalue) if is_exact or z is None else 2 * float(norm.sf(abs(z))),
        "mh_difference": within,
        "simpson_flag": None if within is None else within * difference < 0 and abs(within) > 1e-12,
    }


def mantel_haenszel(mine: Sequence[Row], rest: Sequence[Row], stratum: str) -> float | None:
    """The difference within strata, weighted by how much each can say."""
    above = below = 0.0
    for value in {row[stratum] for row in mine}:
        inside = [row["label"] for row in mine if row[stratum] == value]
        outside = [row["label"] for row in rest if row[stratum] == value]
        total = len(inside) + len(outside)
        above += (sum(inside) * len(outside) - sum(outside) * len(inside)) / total
        below += len(inside) * len(outside) / total
    return above / below if below else None


def shrink(dimension: Sequence[Pattern]) -> None:
    """Adds eb_rate to the patterns of one dimension."""
    for pattern in dimension:
        pattern["eb_rate"] = None
    if len(dimension) < 2:
        return
    mu = sum(p["positives"] for p in dimension) / sum(p["n"] for p in dimension)
    spread = variance(p["success_rate"] for p in dimension) - mu * (1 - mu) * fmean(1 / p["n"] for p in dimension)
    for pattern in dimension:
        if spread <= 0:
            pattern["eb_rate"] = mu
        else:
            weight = max(1.0, mu * (1 - mu) / spread - 1)
            pattern["eb_rate"] = (pattern["positives"] + mu * weight) / (pattern["n"] + weight)


def original(dimension: str, mine: Sequence[Row], pool: Sequence[Row]) -> Pattern:
    """What the replaced system would have said."""
    rate = fmean(row["outcome_status"] == "positive" for row in mine)
    difference = rate - fmean(row["outcome_status"] == "positive" for row in pool)
    would_tell = {"action_type": abs(difference) > 0.05 + 1e-12, "outcome_type": rate < 0.3, "escalation_trigger": True}
    return {
        "seed_success_rate": rate,
        "seed_difference": difference,
        "seed_is_pattern": len(mine) >= 5 and would_tell.get(dimension, False),
        "seed_is_improvement_area": len(mine) >= 5 and rate < 0.4,
    }
