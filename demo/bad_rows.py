"""Rows that must not get in, so that the quarantine has something to show. Every one of them breaks one rule only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import orjson

from .event_stamps import time_ordered_id
from .transcript import Event

Body = dict[str, object]


def spoil(stream: str, event: Event, rng: Random) -> bytes:
    """A copy of a good row with an id of its own and one thing wrong, as a line without its end."""
    body = {**event.body, "event_id": time_ordered_id(event.occurred_ms, rng)}
    kind = rng.choice(("cut_off", *_CHANGES[stream]))
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
}
