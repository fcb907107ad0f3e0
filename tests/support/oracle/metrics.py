"""daily_metrics, weekly_metrics, monthly_metrics: one function counts any set of local days afresh."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from .durations import round_half_up
from .events import Event
from .ladder import RUNGS, Row
from .localtime import day_end, day_start, month_start, week_start
from .percentiles import histogram, percentile_cont
from .scores import Score
from .tenant import Tenant
from .wilson import rate_columns
from .world import World, build, is_provisional

OUTCOMES = {"resolved": "resolution", "escalated": "escalation", "silent": "silence", "abandoned": "abandonment"}


def ratio(numerator: float, denominator: int) -> float | None:
    """numerator / denominator; None when there is nothing to divide by."""
    return numerator / denominator if denominator else None


def rounded_average(total: int, count: int) -> int | None:
    """round(total::numeric / count), halves away from zero; None without values."""
    return round_half_up(Fraction(total, count)) if count else None


def distinct_conversations(episodes: Iterable[Row]) -> int:
    """Number of different conversations."""
    return len({row["conversation_id"] for row in episodes})


def columns(world: World, days: Set[date]) -> Row:
    """All columns that every grain has, recounted from episodes, messages, replies and activities of these days."""
    return {**happenings(world, days), **cohort(world, days), **confidence_counts(world, days)}


def happenings(world: World, days: Set[date]) -> Row:
    """What happened on these days, whenever its conversation began."""
    episodes = world.episodes
    total = sum(row["episode_no"] == 1 and row["start_date"] in days for row in episodes)
    resolved = [row for row in episodes if row["resolved_date"] in days]
    resolved_conversations = distinct_conversations(resolved)
    active = [act for act in world.activities if act.day in days]
    replies = [reply for moment, reply, _ in world.replies if moment.day in days and reply.response_ms is not None]
    values = [reply.response_ms for reply in replies if reply.response_ms is not None]
    return {
        "total_conversations": total,
        "resolved_conversations": resolved_conversations,
        "escalated_conversations": distinct_conversations(r for r in episodes if r["escalated_date"] in days),
        "abandoned_conversations": distinct_conversations(r for r in episodes if r["abandoned_date"] in days),
        "avg_response_time_ms": rounded_average(sum(values), len(values)),
        "total_messages": sum(moment.day in days for moment in world.messages),
        "unique_customers": len({act.customer_id for act in active if act.customer_id is not None}),
        # reading: active as in customer_days: started (not by the agent), wrote, clicked or rated.
        "anonymous_conversations": len({act.conversation_id for act in active if act.customer_id is None}),
        "reopened_conversations": distinct_conversations(row for row in episodes if row["episode_no"] > 1 and row["start_date"] in days),
        "resolutions": len(resolved),
        "responses": len(values),
        "responses_explicit": sum(reply.is_explicit for reply in replies),
        "response_time_sum_ms": sum(values),
        "response_time_hist": histogram(values),
        "p50_response_time_ms": percentile_cont(values, 0.50),
        "p90_response_time_ms": percentile_cont(values, 0.90),
        "p95_response_time_ms": percentile_cont(values, 0.95),
        "seed_resolution_rate": ratio(resolved_conversations, total),
    }


def cohort(world: World, days: Set[date]) -> Row:
    """The episodes that began on these days, with all that became of them."""
    started = [row for row in world.episodes if row["start_date"] in days]
    counts = {outcome: sum(row["outcome"] == outcome for row in started) for outcome in [*OUTCOMES, "open"]}
    # reading: an AI-resolved conversation counts on the day its episode 1 began, whichever episode was resolved.
    begun = {row["conversation_id"] for row in started if row["episode_no"] == 1}
    ai_resolved = [row for row in world.episodes if row["is_ai_resolution"] and row["conversation_id"] in begun]
    result: Row = {"episodes_started": len(started)}
    result.update({f"{outcome}_cohort": count for outcome, count in counts.items()})
    for outcome, name in {**OUTCOMES, "open": "open"}.items():
        result.update(rate_columns(name, counts[outcome], len(started)))
    result["ai_involved"] = sum(row["is_ai_involved"] for row in started)
    result["ai_resolved_conversations"] = distinct_conversations(ai_resolved)
    result.update(_ladder(started))
    result["avg_conversation_length"] = ratio(sum(row["total_messages"] for row in started), len(started))
    result["unanswered_conversations"] = sum(row["unanswered_turns"] > 0 for row in started)
    result.update(_times(started))
    result.update(_satisfaction(started))
    return result


def _ladder(started: list[Row]) -> Row:
    """Rates and pending counts of the rungs, over AI-involved episodes."""
    involved = [row for row in started if row["is_ai_involved"]]
    result: Row = {}
    for rung in RUNGS:
        known = [row[f"is_{rung}"] for row in involved if row[f"is_{rung}"] is not None]
        if rung == "verified":
            scored = [r["is_verified"] for r in involved if r["is_contained"] and r["quality_score"] is not None]
            result.update(rate_columns("verified_of_contained", sum(scored), len(scored)))
        else:
            result.update(rate_columns(rung, sum(known), len(known)))
        result[f"{rung}_pending"] = len(involved) - len(known)
    contained, verified = result["contained_rate"], result["verified_of_contained_rate"]
    result["verified_rate"] = None if contained is None or verified is None else contained * verified
    return result


def _times(started: list[Row]) -> Row:
    """Averages and percentiles of the cohort's durations in ms, over non-null values."""

    def values(column: str) -> list[int]:
        return [row[column] for row in started if row[column] is not None]

    first, resolution = values("first_response_ms"), values("resolution_ms")
    return {
        "avg_first_response_ms": ratio(sum(first), len(first)),
        "p50_first_response_ms": percentile_cont(first, 0.50),
        "p90_first_response_ms": percentile_cont(first, 0.90),
        "p95_first_response_ms": percentile_cont(first, 0.95),
        "p50_first_response_business_ms": percentile_cont(values("first_response_business_ms"), 0.50),
        "avg_resolution_ms": ratio(sum(resolution), len(resolution)),
        "p50_resolution_ms": percentile_cont(resolution, 0.50),
        "p90_resolution_ms": percentile_cont(resolution, 0.90),
        "p50_resolution_business_ms": percentile_cont(values("resolution_business_ms"), 0.50),
    }


def _satisfaction(started: list[Row]) -> Row:
    """Survey answers of the cohort."""
    ratings = [row["csat_rating"] for row in started if row["csat_rating"] is not None]
    # reading: the response rate counts answers of ended episodes only, so it never exceeds 1.
    ended = [row for row in started if row["ended_at"] is not None]
    answered = sum(row["csat_rating"] is not None for row in ended)
    return {
        **rate_columns("csat", sum(rating >= 4 for rating in ratings), len(ratings)),
        **rate_columns("csat_response", answered, len(ended)),
        "avg_csat": ratio(sum(ratings), len(ratings)),
    }


def confidence_counts(world: World, days: Set[date]) -> Row:
    """Public replies of these days that carry a confidence."""
    carrying = [(reply, is_low) for moment, reply, is_low in world.replies if moment.day in days]
    return {
        "replies_with_confidence": sum(reply.event.confidence is not None for reply, _ in carrying),
        "low_confidence_replies": sum(is_low for _, is_low in carrying),
    }


def daily_metrics(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.daily_metrics: every local day from the first event to as_of."""
    world = build(events, scores, tenant, as_of)
    rows = []
    for day in world.days:
        begins, ends = day_start(tenant, day), day_end(tenant, day)
        rows.append(
            {
                "tenant_id": tenant.tenant_id,
                "metric_date": day,
                **columns(world, {day}),
                "day_hours": (ends - begins) / timedelta(hours=1),
                "is_partial": ends > as_of,
                "is_provisional": is_provisional(world, day, ends),
            }
        )
    return rows


def weekly_metrics(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.weekly_metrics: every week that has a daily row."""
    return _periods(build(events, scores, tenant, as_of), "week_start", week_start, lambda d: d + timedelta(days=7))


def monthly_metrics(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.monthly_metrics: every month that has a daily row."""
    return _periods(
        build(events, scores, tenant, as_of),
        "month_start",
        month_start,
        lambda d: month_start(d + timedelta(days=31)),
    )


def complete_days(world: World, days: Set[date]) -> int:
    """reading: days with a daily row (so not before the first event) that have ended by as_of."""
    return sum(day in days and day_end(world.tenant, day) <= world.as_of for day in world.days)


def _periods(world: World, key: str, start_of: Callable[[date], date], next_start: Callable[[date], date]) -> list[dict[str, Any]]:
    rows = []
    for start in sorted({start_of(day) for day in world.days}):
        days = {day for day in world.days if start_of(day) == start}
        last_day = next_start(start) - timedelta(days=1)
        ends = day_end(world.tenant, last_day)
        rows.append(
            {
                "tenant_id": world.tenant.tenant_id,
                key: start,
                **columns(world, days),
                "complete_days": complete_days(world, days),
                "is_partial": ends > world.as_of,
                "is_provisional": is_provisional(world, last_day, ends),
            }
        )
    return rows
