"""The mart `conversations`: one row per episode."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from math import fsum

from . import ladder
from .business_hours import business_ms
from .durations import elapsed_ms
from .ending import ending, first
from .episodes import Conversation, Episode, gather
from .events import Event
from .ladder import Row
from .localtime import metric_date
from .quality import Headline, headlines
from .responses import walk
from .scores import Score
from .tenant import Tenant


def conversations(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.conversations at as_of, in order of the primary key; instants in UTC, dates local."""
    headline_of = headlines(scores, as_of)
    rows: list[Row] = []
    for conversation in gather(events, as_of):
        headline = headline_of.get(conversation.conversation_id)
        for episode in conversation.episodes:
            rows.append(_row(conversation, episode, headline, tenant, as_of))
    for row in rows:
        row["is_durable"] = ladder.durable(row, tenant, as_of)
        row["is_no_repeat"] = ladder.no_repeat(row, rows, tenant, as_of)
        row["reassess_at"] = ladder.reassess_at(row, row.pop("window_ends_at"), row.pop("next_event_at"), tenant, as_of)
    return rows


def _row(conversation: Conversation, episode: Episode, headline: Headline | None, tenant: Tenant, as_of: datetime) -> Row:
    """One episode, without what depends on other conversations."""
    ordered = episode.events
    started_at = ordered[0].occurred_at
    start_date = metric_date(tenant, started_at)
    following = conversation.episodes[episode.number :]
    reopened_at = following[0].events[0].occurred_at if following else None
    started = conversation.started

    handoff = first(ordered, "conversation_escalated")
    resolve = first(ordered, "conversation_resolved")
    abandon = first(ordered, "conversation_abandoned")
    handoff_at = handoff.occurred_at if handoff else None
    resolved_at = resolve.occurred_at if resolve else None
    abandoned_at = abandon.occurred_at if abandon else None
    end = ending(ordered, tenant, start_date, as_of)

    received = [event for event in ordered if event.event_type == "message_received"]
    messages = [event for event in ordered if event.is_public_message]
    replies, has_open_turn = walk(ordered)
    ai_replies = [reply.event for reply in replies if reply.event.agent_kind == "ai"]
    human_replies = [reply.event for reply in replies if reply.event.agent_kind == "human"]
    values = [reply.response_ms for reply in replies if reply.response_ms is not None]
    confidences = [reply.event.confidence for reply in replies if reply.event.confidence is not None]
    retrievals = [event for event in ordered if event.event_type == "knowledge_retrieved"]
    surveys = [event for event in ordered if event.event_type == "csat_submitted"]

    # reading: initiated_by belongs to episode 1 and is NULL when the start is inferred; later episodes have no
    # initiated_by and no inferred start.
    initiated_by = started.initiated_by if started and episode.number == 1 else None

    # reading: first_customer_message_at takes any message_received, a `closing` one included.
    first_customer_message_at = received[0].occurred_at if received else None
    first_human_reply_at = human_replies[0].occurred_at if human_replies else None
    first_answer = next((reply for reply in replies if reply.turn_started_at is not None), None)
    if initiated_by == "agent":
        first_answer = None
    # reading: the FIRST human reply of the episode counts, so one before the handoff is a negative duration.
    first_human_response_ms, human_skew = elapsed_ms(handoff_at or first_customer_message_at, first_human_reply_at)
    resolution_ms, resolution_skew = elapsed_ms(started_at, resolved_at)
    human_resolution_ms, human_resolution_skew = elapsed_ms(handoff_at, resolved_at)

    quality = _quality_of(headline, started_at, reopened_at)
    row: Row = {
        "tenant_id": tenant.tenant_id,
        "conversation_id": conversation.conversation_id,
        "episode_no": episode.number,
        "customer_id": conversation.customer_id,
        "channel": conversation.channel,
        # reading: agent_id and model as the episode's first AI reply carries them, NULL if it carries none.
        "agent_id": ai_replies[0].agent_id if ai_replies else None,
        "model": ai_replies[0].model if ai_replies else None,
        "language": conversation.language,
        "started_at": started_at,
        "start_date": start_date,
        "start_inferred": episode.number == 1 and started is None,
        "initiated_by": initiated_by,
        "reopen_reason": episode.reopen_reason,
        "first_customer_message_at": first_customer_message_at,
        "first_ai_reply_at": ai_replies[0].occurred_at if ai_replies else None,
        "first_human_reply_at": first_human_reply_at,
        "last_message_at": messages[-1].occurred_at if messages else None,
        "handoff_at": handoff_at,
        "escalated_date": metric_date(tenant, handoff_at) if handoff_at else None,
        "handoff_reason": handoff.reason if handoff else None,
        "resolved_at": resolved_at,
        "resolved_date": metric_date(tenant, resolved_at) if resolved_at else None,
        "closed_by": resolve.closed_by if resolve else None,
        "customer_confirmed": resolve.customer_confirmed if resolve else None,
        "resolve_event_count": sum(event.event_type == "conversation_resolved" for event in ordered),
        "abandoned_at": abandoned_at,
        "abandoned_date": metric_date(tenant, abandoned_at) if abandoned_at else None,
        "ended_at": end.ended_at,
        "outcome": end.outcome,
        "abandon_kind": end.abandon_kind,
        # reading: all four counts are of public messages; system messages count in the total only.
        "customer_messages": len(received),
        "ai_messages": sum(event.event_type == "message_sent" and event.agent_kind == "ai" for event in messages),
        "human_messages": sum(event.event_type == "message_sent" and event.agent_kind == "human" for event in messages),
        "total_messages": len(messages),
        "responses": len(values),
        "responses_explicit": sum(reply.is_explicit for reply in replies),
        "response_time_sum_ms": sum(values),
        "unanswered_turns": int(has_open_turn and end.outcome == "abandoned"),
        "first_response_ms": first_answer.response_ms if first_answer else None,
        "first_human_response_ms": first_human_response_ms,
        "resolution_ms": resolution_ms,
        "human_resolution_ms": human_resolution_ms,
        # reading: business time runs from the turn's first message to the reply, also when the reply carries
        # response_time_ms; it is NULL where first_response_ms is.
        "first_response_business_ms": (
            business_ms(tenant, first_answer.turn_started_at, first_answer.event.occurred_at)
            if first_answer and first_answer.turn_started_at
            else None
        ),
        "resolution_business_ms": business_ms(tenant, started_at, resolved_at) if resolved_at else None,
        "min_confidence": min(confidences, default=None),
        "avg_confidence": fsum(confidences) / len(confidences) if confidences else None,
        "knowledge_retrievals": len(retrievals),
        "zero_hit_retrievals": sum(event.result_count == 0 for event in retrievals),
        "citation_clicks": sum(event.event_type == "citation_clicked" for event in ordered),
        "csat_rating": surveys[-1].rating if surveys else None,
        "csat_at": surveys[-1].occurred_at if surveys else None,
        "quality_score": None if quality is None else float(quality),
        "quality_scorer_kind": headline.scorer_kind if headline and quality is not None else None,
        "reopened_at": reopened_at,
        "event_count": len(ordered),
        "has_clock_skew": human_skew or resolution_skew or human_resolution_skew,
    }
    row.update(ladder.facts(row, ordered, quality, tenant))
    row["window_ends_at"], row["next_event_at"] = end.window_ends_at, conversation.next_event_at
    return row


def _quality_of(headline: Headline | None, started_at: datetime, reopened_at: datetime | None) -> Fraction | None:
    """The conversation's headline score, if this episode is the one current at scored_at.

    reading: one headline per conversation; current is the last episode with started_at <= scored_at, so a score from
    before the first event belongs to no episode.
    """
    if headline is None or headline.scored_at < started_at:
        return None
    return headline.overall if reopened_at is None or headline.scored_at < reopened_at else None
