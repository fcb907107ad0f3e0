"""What the conversations of the bench look like: a deck of shapes, and ready-made ends of lines for each kind of event.

The bench wants many events fast, not good stories. So everything of an event that names no conversation and no instant
is encoded once, by orjson, into a pool to draw from.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import orjson

from demo.conversations.sample_texts import PHRASES

POOL_SIZE = 2_048

# One letter per event (see _MAKERS); 20 shapes of 6.5 events on average.
DECK: tuple[str, ...] = (
    *("SRKMXD",) * 4,
    *("SRKMRMD",) * 3,
    *("SRKMLXDC",) * 2,
    *("SRMRKMXD",) * 2,
    *("SRKM",) * 3,
    "SRKMR",
    "SRMA",
    *("SRKMEHRHVC",) * 2,
    "SRKMT",
    "SRMREHV",
)

Body = dict[str, object]
PoolEntry = tuple[int, str]
"""Milliseconds since the event before it in the conversation, and the end of the line after the common fields."""

_AI: Body = {"agent_id": "ai-1", "agent_kind": "ai"}
_TEXTS = PHRASES["en"]
_PRODUCTS = ("jacket", "phone", "lamp", "bicycle", "coffee machine", "tent", "keyboard", "sofa", "watch", "drill")
_QUESTIONS = (
    "Where is my {}?",
    "How do I return the {} I bought last week?",
    "Is the {} in stock, and when would it arrive?",
    "My {} arrived broken, what can I do about it?",
    "Which {} do you recommend for a small flat?",
    "Does the {} come with a warranty?",
    "Can I change the delivery address for the {}?",
    "The invoice for the {} is wrong.",
)


def make_pools(seed: int) -> dict[str, list[PoolEntry]]:
    """For every letter of the deck the entries to draw from."""
    rng = Random(f"{seed}/pools")
    return {letter: [_entry(make, rng) for _ in range(POOL_SIZE)] for letter, make in _MAKERS.items()}


def _entry(make: Callable[[Random], tuple[float, Body]], rng: Random) -> PoolEntry:
    seconds, body = make(rng)
    return round(seconds * 1_000), orjson.dumps(body).decode()[1:] + "\n"


def _question(rng: Random) -> str:
    return rng.choice(_TEXTS.openers) + rng.choice(_QUESTIONS).format(rng.choice(_PRODUCTS))


def _started(rng: Random) -> tuple[float, Body]:
    return 0.0, {"event_type": "conversation_started", "initiated_by": "agent" if rng.random() < 0.04 else "customer"}


def _received(rng: Random) -> tuple[float, Body]:
    return rng.lognormvariate(3.4, 0.8), {"event_type": "message_received", "text": _question(rng)}


def _thanks(rng: Random) -> tuple[float, Body]:
    text = rng.choice(_TEXTS.closings)
    return rng.lognormvariate(3, 0.6), {"event_type": "message_received", "text": text, "message_kind": "closing"}


def _retrieved(rng: Random) -> tuple[float, Body]:
    hits = 0 if rng.random() < 0.12 else rng.randint(1, 5)
    body: Body = {"event_type": "knowledge_retrieved", **_AI, "query": _question(rng), "result_count": hits}
    return rng.uniform(0.1, 0.8), body


def _ai_sent(rng: Random) -> tuple[float, Body]:
    seconds = min(20.0, 0.8 + rng.lognormvariate(1.1, 0.6))
    text = rng.choice(_TEXTS.follow_ups)[1]
    model = "support-small-1" if rng.random() < 0.5 else "support-large-2"
    body: Body = {"event_type": "message_sent", **_AI, "model": model, "text": text}
    body["confidence"] = round(rng.betavariate(8, 2.5), 3)
    if rng.random() < 0.8:
        body["response_time_ms"] = round(seconds * 1_000)
    return seconds, body


def _human_sent(rng: Random) -> tuple[float, Body]:
    text = rng.choice(_TEXTS.human_answers)
    body: Body = {
        "event_type": "message_sent",
        "agent_id": f"rep-{rng.randint(1, 9)}",
        "agent_kind": "human",
        "text": text,
    }
    return min(7_200.0, rng.lognormvariate(5.8, 0.9)), body


def _escalated(rng: Random) -> tuple[float, Body]:
    reason = rng.choice(("customer_request", "missing_knowledge", "policy_restriction", "tool_failure", "other"))
    return rng.uniform(1, 20), {"event_type": "conversation_escalated", "reason": reason, **_AI}


def _resolved_by_ai(rng: Random) -> tuple[float, Body]:
    body: Body = {"event_type": "conversation_resolved", "closed_by": "ai_agent", **_AI}
    if rng.random() < 0.3:
        body["customer_confirmed"] = True
    return rng.uniform(1, 60), body


def _resolved_by_human(rng: Random) -> tuple[float, Body]:
    return rng.uniform(20, 900), {"event_type": "conversation_resolved", "closed_by": "human", "agent_kind": "human"}


def _timed_out(rng: Random) -> tuple[float, Body]:
    return rng.uniform(43_200, 43_260), {
        "event_type": "conversation_resolved",
        "closed_by": "timeout",
        "agent_kind": "system",
    }


def _abandoned(rng: Random) -> tuple[float, Body]:
    return rng.uniform(300, 1_800), {"event_type": "conversation_abandoned", "reason": "no_reply"}


def _clicked(rng: Random) -> tuple[float, Body]:
    source = f"kb-{rng.randint(1, 80)}"
    return rng.uniform(3, 60), {
        "event_type": "citation_clicked",
        "citation_id": source,
        "url": f"https://shop.example/{source}",
    }


def _rated(rng: Random) -> tuple[float, Body]:
    return rng.uniform(10, 900), {
        "event_type": "csat_submitted",
        "rating": rng.choices((1, 2, 3, 4, 5), (6, 6, 12, 30, 46))[0],
    }


_MAKERS: dict[str, Callable[[Random], tuple[float, Body]]] = {
    "S": _started,
    "R": _received,
    "X": _thanks,
    "K": _retrieved,
    "M": _ai_sent,
    "H": _human_sent,
    "E": _escalated,
    "D": _resolved_by_ai,
    "V": _resolved_by_human,
    "T": _timed_out,
    "A": _abandoned,
    "L": _clicked,
    "C": _rated,
}
