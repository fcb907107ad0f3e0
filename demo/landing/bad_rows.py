"""Rows that must not get in, so that the quarantine has something to show. Every one of them breaks one rule only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import orjson

from demo.conversations.transcript import Event
from demo.event_stamps import time_ordered_id

Body = dict[str, object]


def spoil(stream: str, event: Event, rng: Random) -> bytes:
    """A copy of a good row with an id of its own and one thing wrong, as a line without its end."""
    body = _copy(event, rng)
    return _spoilt(stream, rng.choice(kinds_of(stream)), body)


def spoil_as(stream: str, kind: str, event: Event, rng: Random) -> bytes:
    """As `spoil`, with the thing that is wrong chosen: one of `kinds_of(stream)`."""
    return _spoilt(stream, kind, _copy(event, rng))


def kinds_of(stream: str) -> tuple[str, ...]:
    """What may be wrong with a row of this stream."""
    return ("cut_off", *_CHANGES[stream])


def _copy(event: Event, rng: Random) -> Body:
    return {**event.body, "event_id": time_ordered_id(event.occurred_ms, rng)}


def _spoilt(stream: str, kind: str, body: Body) -> bytes:
    if kind == "cut_off":
        # ASCII only, so that the cut never falls inside a character: what is wrong shall be the JSON, not the encoding.
        text = orjson.dumps(body).decode().encode("ascii", "replace")
        return text[: len(text) * 2 // 3]
    return orjson.dumps(_CHANGES[stream][kind](body))


def _unknown_type(body: Body) -> Body:
    return {**body, "event_type": "conversation_snoozed"}


def _rating_of_nine(body: Body) -> Body:
    return {**body, "event_type": "csat_submitted", "rating": 9}


def _bad_timestamp(body: Body) -> Body:
    return {**body, "occurred_at": f"{str(body['occurred_at'])[:10]} 27:61"}


def _no_conversation(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "conversation_id"}


def _csat_without_rating(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "rating"} | {"event_type": "csat_submitted"}


def _confidence_in_percent(body: Body) -> Body:
    return {**body, "event_type": "message_sent", "confidence": 87}


def _score_in_percent(body: Body) -> Body:
    return {**body, "accuracy": 91}


def _no_scorer_kind(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "scorer_kind"}


def _confidence_of_nan(body: Body) -> Body:
    return {**body, "predicted_confidence": "NaN"}


def _no_action_type(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "action_type"}


def _unknown_status(body: Body) -> Body:
    return {**body, "outcome_status": "maybe"}


def _no_action(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "action_id"}


def _inline_rating_of_three(body: Body) -> Body:
    return {**body, "source": "inline", "rating": 3}


def _dashboard_rating_of_zero(body: Body) -> Body:
    return {**body, "source": "dashboard", "rating": 0}


def _unknown_target_type(body: Body) -> Body:
    return {**body, "target_type": "weather"}


_CHANGES: Mapping[str, Mapping[str, Callable[[Body], Body]]] = {
    "conversation_events": {
        "unknown_type": _unknown_type,
        "rating_of_nine": _rating_of_nine,
        "bad_timestamp": _bad_timestamp,
        "no_conversation": _no_conversation,
        "csat_without_rating": _csat_without_rating,
        "confidence_in_percent": _confidence_in_percent,
    },
    "quality_scores": {
        "bad_timestamp": _bad_timestamp,
        "no_conversation": _no_conversation,
        "score_in_percent": _score_in_percent,
        "no_scorer_kind": _no_scorer_kind,
    },
    "agent_actions": {
        "confidence_of_nan": _confidence_of_nan,
        "no_action_type": _no_action_type,
        "bad_timestamp": _bad_timestamp,
    },
    "outcome_signals": {
        "unknown_status": _unknown_status,
        "no_action": _no_action,
    },
    "feedback": {
        "inline_rating_of_three": _inline_rating_of_three,
        "dashboard_rating_of_zero": _dashboard_rating_of_zero,
        "unknown_target_type": _unknown_target_type,
    },
}
