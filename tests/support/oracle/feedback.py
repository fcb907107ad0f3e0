"""Feedback: who rated what, which ratings count, and the sums of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from math import sqrt
from typing import Any

from .events import parse_instant
from .localtime import metric_date
from .tenant import Tenant
from .wilson import wilson

RATINGS = {"inline": (-1, 0, 1), "dashboard": (1, 2, 3, 4, 5)}
POSITIVE = {"inline": 1, "dashboard": 4}
SENT = ("conversation_id", "target_type", "target_id", "source", "rating", "reviewer_id", "reviewer_role", "action_id")


def normalized(source: str, rating: int) -> Fraction:
    """0 for the worst rating of the scale, 1 for the best."""
    scale = RATINGS[source]
    return Fraction(rating - scale[0], scale[-1] - scale[0])


def feedback_entries(payloads: Iterable[dict[str, Any]], tenant: Tenant, as_of: datetime) -> list[dict[str, Any]]:
    """One row per rating that exists. Comments are left out: what is masked in them has tests of its own."""
    accepted: dict[str, dict[str, Any]] = {}
    for payload in payloads:
        if payload["rating"] in RATINGS[payload["source"]] and parse_instant(payload["occurred_at"]) <= as_of:
            accepted.setdefault(payload["event_id"], payload)
    ordered = sorted(accepted.values(), key=lambda one: (parse_instant(one["occurred_at"]), one["event_id"].encode()))
    revisions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in ordered:
        # reading: nobody knows whether two anonymous ratings are of one person, so each has an order of its own.
        reviewer = ("somebody", one["event_id"]) if one.get("reviewer_id") is None else ("reviewer", one["reviewer_id"])
        one_order = revisions[*reviewer, one["target_type"], one["target_id"], one["source"]]
        one_order.append(one["event_id"])
    places = {
        event_id: (number, number == len(one_order))
        for one_order in revisions.values()
        for number, event_id in enumerate(one_order, start=1)
    }
    return [
        {
            "feedback_id": one["event_id"],
            "occurred_at": parse_instant(one["occurred_at"]),
            "metric_date": metric_date(tenant, parse_instant(one["occurred_at"])),
            **{name: one.get(name) for name in SENT},
            "rating_normalized": float(normalized(one["source"], one["rating"])),
            "revision_number": places[one["event_id"]][0],
            "is_current": places[one["event_id"]][1],
        }
        for one in ordered
    ]


def feedback_summary(payloads: Iterable[dict[str, Any]], tenant: Tenant, as_of: datetime) -> list[dict[str, Any]]:
    """One row per day, source, target type and role with any entry."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for entry in feedback_entries(payloads, tenant, as_of):
        groups[entry["metric_date"], entry["source"], entry["target_type"], entry["reviewer_role"] or "unknown"].append(entry)
    rows = []
    for (day, source, target_type, role), entries in groups.items():
        ratings = [entry["rating"] for entry in entries if entry["is_current"]]
        n, total = len(ratings), sum(ratings)
        mean = Fraction(total, n) if n else None
        squared_error = sum((rating - mean) ** 2 for rating in ratings) / (n - 1) / n if mean is not None and n > 1 else None
        positive = sum(rating >= POSITIVE[source] for rating in ratings)
        share, low, high = wilson(positive, n)
        rows.append(
            {
                "metric_date": day,
                "source": source,
                "target_type": target_type,
                "reviewer_role": role,
                "entries": len(entries),
                "ratings": n,
                **{f"rating_{'m1' if rating < 0 else rating}": ratings.count(rating) for rating in range(-1, 6)},
                "rating_sum": total if n else None,
                "average_rating": None if mean is None else float(mean),
                "average_rating_se": None if squared_error is None else sqrt(squared_error),
                "positive_count": positive,
                "positive_share": share,
                "positive_share_low": low,
                "positive_share_high": high,
                "normalized_sum": float(sum(normalized(source, rating) for rating in ratings)) if n else None,
            }
        )
    return rows
