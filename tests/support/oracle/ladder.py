"""The six rungs of automation. None = not assessable: outside the population, or pending."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from .ending import has_ai_answer_to_customer
from .events import Event
from .scores import exact
from .tenant import Tenant

Row = dict[str, Any]
RUNGS = ("contained", "assumed", "confirmed", "verified", "durable", "no_repeat")


def facts(row: Row, ordered: list[Event], quality: Fraction | None, tenant: Tenant) -> Row:
    """Everything but no_repeat and durable, which need to look beyond the episode."""
    messages = [event for event in ordered if event.event_type in ("message_sent", "message_received")]
    ai_replies = [event for event in ordered if event.is_public_reply and event.agent_kind == "ai"]
    # reading: a handoff without reason counts as for a reason other than usage_limit.
    handed_off_by_ai = row["handoff_at"] is not None and row["handoff_reason"] != "usage_limit"
    is_ai_involved = bool(ai_replies) or handed_off_by_ai or not messages

    outcome, closed_by = row["outcome"], row["closed_by"]
    is_open = outcome == "open"
    # reading: "before ended_at" in the order of events, where a message precedes a resolution of the same instant.
    human_before_end = row["first_human_reply_at"] is not None and (
        row["ended_at"] is None or row["first_human_reply_at"] <= row["ended_at"]
    )
    is_contained = not is_open and row["handoff_at"] is None and not human_before_end
    is_assumed = is_contained and has_ai_answer_to_customer(ordered) and outcome in ("resolved", "silent")
    is_confirmed = is_contained and (row["customer_confirmed"] is True or (row["csat_rating"] or 0) >= 4)
    threshold = exact(tenant.parameter("verified_threshold", row["start_date"]))
    is_verified = is_contained and quality is not None and quality >= threshold

    # reading: any public AI message of kind `answer` is an AI answer here, also without a customer message before it.
    has_ai_answer = any(event.message_kind == "answer" for event in ai_replies)
    is_closed_by_ai = closed_by == "ai_agent" or (closed_by in ("customer", "unknown") and (has_ai_answer or not messages))
    return {
        "is_ai_involved": is_ai_involved,
        # reading: is_ai_resolution and is_assisted are never NULL; an open or not AI-involved episode is false.
        "is_ai_resolution": is_ai_involved and outcome == "resolved" and is_contained and is_closed_by_ai,
        "is_assisted": is_ai_involved and closed_by in ("human", "customer", "unknown") and not is_contained,
        "is_contained": is_contained if is_ai_involved and not is_open else None,
        "is_assumed": is_assumed if is_ai_involved and not is_open else None,
        "is_confirmed": is_confirmed if is_ai_involved and not is_open else None,
        # reading: an unscored episode is pending (NULL) even when it isn't contained.
        "is_verified": is_verified if is_ai_involved and not is_open and quality is not None else None,
    }


def durable(row: Row, tenant: Tenant, as_of: datetime) -> bool | None:
    """Did the AI's resolution last. False at once when reopened in time, True only after durable_days."""
    if not row["is_ai_involved"] or row["outcome"] == "open":
        return None
    if not row["is_ai_resolution"]:
        return False
    ends = durable_ends_at(row, tenant)
    # reading: "within n days" is half-open, [resolved_at, resolved_at + n * 24 h).
    if row["reopened_at"] is not None and row["reopened_at"] < ends:
        return False
    return True if ends <= as_of else None


def no_repeat(row: Row, rows: list[Row], tenant: Tenant, as_of: datetime) -> bool | None:
    """Durable, and the customer came with nothing else.

    reading: three-valued AND of durable and "no repeat" (a known repeat is false at once, though durability may be
    pending); NULL whenever the customer is unknown, even if durable is false, else anonymous episodes could only
    lower the rate.
    """
    if not row["is_ai_involved"] or row["outcome"] == "open" or row["customer_id"] is None:
        return None
    if row["is_durable"] is False:
        return False
    ends = repeat_ends_at(row, tenant)
    # reading: any other conversation of the customer counts, whoever began it, whose episode 1 starts strictly after
    # resolved_at and strictly before resolved_at + repeat_days * 24 h.
    has_repeat = any(
        other["customer_id"] == row["customer_id"]
        and other["conversation_id"] != row["conversation_id"]
        and other["episode_no"] == 1
        and row["resolved_at"] < other["started_at"] < ends
        for other in rows
    )
    if has_repeat:
        return False
    return True if row["is_durable"] and ends <= as_of else None


def durable_ends_at(row: Row, tenant: Tenant) -> datetime:
    """When the durability of an AI resolution is settled (UTC)."""
    resolved_at: datetime = row["resolved_at"]
    return resolved_at + timedelta(days=tenant.parameter("durable_days", row["start_date"]))


def repeat_ends_at(row: Row, tenant: Tenant) -> datetime:
    """When a repeat can no longer come (UTC)."""
    resolved_at: datetime = row["resolved_at"]
    return resolved_at + timedelta(days=tenant.parameter("repeat_days", row["start_date"]))


def reassess_at(
    row: Row, window_ends_at: datetime | None, next_event_at: datetime | None, tenant: Tenant, as_of: datetime
) -> datetime | None:
    """The next instant (UTC, after as_of) at which time alone changes the row.

    reading: the earliest of: the end of the silence window while not ended; the end of the durability window while
    durable is NULL for an AI resolution; once durable is settled, the end of the repeat window while no_repeat is NULL
    for a known customer; the conversation's first event after as_of (for all its episodes).
    """
    instants = [window_ends_at if row["ended_at"] is None else None, next_event_at]
    if row["is_ai_resolution"]:
        if row["is_durable"] is None:
            instants.append(durable_ends_at(row, tenant))
        elif row["is_no_repeat"] is None and row["customer_id"] is not None:
            instants.append(repeat_ends_at(row, tenant))
    return min((instant for instant in instants if instant is not None and instant > as_of), default=None)
