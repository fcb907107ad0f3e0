"""Hypothesis strategies: small streams of conversation events and quality scores, realistic and nasty.

Everything drawn is JSON-able and valid. Instants cluster around an anchor where calendars are difficult:
local midnight, clock changes, the end of a month, a change of the tenant's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tests.support.oracle import Tenant, metric_date

Payload = dict[str, Any]
Draw = st.DrawFn

TENANT_ID = "00000000-0000-4000-8000-000000000001"

# (zones of the tenant, an instant in UTC where they are difficult)
PLACES: list[tuple[list[tuple[date | None, str]], str]] = [
    ([(None, "Europe/Berlin")], "2025-03-30T01:00"),  # 02:00 -> 03:00
    ([(None, "Europe/Berlin")], "2024-10-27T01:00"),  # 03:00 -> 02:00
    ([(None, "Europe/Berlin")], "2025-05-31T22:00"),  # midnight at a month's end
    ([(None, "America/New_York")], "2025-03-09T07:00"),
    ([(None, "America/New_York")], "2024-11-03T06:00"),
    ([(None, "America/New_York")], "2025-01-01T05:00"),  # midnight at a year's end
    ([(None, "America/Phoenix")], "2025-06-09T07:00"),  # no clock changes; a Monday begins
    ([(None, "Asia/Kolkata")], "2025-06-10T18:30"),  # half-hour zone
    ([(None, "Australia/Lord_Howe")], "2025-04-05T15:00"),  # 02:00 -> 01:30
    ([(None, "America/Havana")], "2024-11-03T05:00"),  # 01:00 -> 00:00, midnight comes twice
    ([(None, "Africa/Cairo")], "2025-04-24T22:00"),  # 00:00 -> 01:00, midnight never comes
    ([(None, "Europe/Berlin"), (date(2025, 6, 1), "America/New_York")], "2025-06-01T04:00"),
    ([(None, "America/New_York"), (date(2025, 6, 1), "Europe/Berlin")], "2025-05-31T22:00"),
    ([(None, "Asia/Kolkata"), (date(2025, 6, 1), "Europe/Berlin")], "2025-05-31T22:00"),
]

# Steps in ms: mostly short, with the edges of an hour, a day and a week among them.
SHORT_STEPS = [0, 0, 1, 999, 1_000, 20_000, 30_500, 60_000, 599_999, 1_800_000]
LONG_STEPS = [
    3_599_999,
    3_600_000,
    10_800_000,
    86_399_999,
    86_400_000,
    86_400_001,
    90_000_000,
    604_799_999,
    604_800_000,
]

# What people's products send, as names of actions.
SCRIPTS = [
    ["start", "ask", "answer", "resolve_ai"],
    ["start", "ask", "answer", "thanks", "resolve_customer", "rate"],
    ["start", "ask", "ask", "question", "ask", "retrieve", "answer", "click"],
    ["start", "ask", "answer", "resolve_ai", "ask", "answer", "resolve_ai"],
    ["start", "ask", "answer", "resolve_ai", "reopen", "answer", "resolve_human"],
    ["start", "ask", "answer", "escalate", "human", "resolve_human", "rate"],
    ["start", "ask", "answer", "resolve_ai", "escalate", "human", "resolve_human"],
    ["start", "ask", "auto", "note", "human", "resolve_timeout"],
    ["start_by_agent", "greet", "ask", "answer", "resolve_unknown"],
    ["start", "ask", "answer", "resolve_timeout"],
    ["start", "ask", "abandon"],
    ["start", "ask", "question"],
    ["start", "ask", "answer"],
    ["start", "ask"],
    ["start", "greet"],
    ["start"],
    ["start", "resolve_ai"],
    ["start", "escalate", "resolve_unknown", "resolve_unknown"],
    ["ask", "answer", "resolve_customer"],
    ["answer", "answer"],
    ["system", "retrieve", "deal"],
]

ACTIONS: dict[str, Payload] = {
    "start": {"event_type": "conversation_started"},
    "start_by_agent": {"event_type": "conversation_started", "initiated_by": "agent"},
    "ask": {"event_type": "message_received", "text": "Where is my order?"},
    "thanks": {"event_type": "message_received", "text": "Thank you!", "message_kind": "closing"},
    "answer": {"event_type": "message_sent", "text": "It left yesterday."},
    "question": {"event_type": "message_sent", "text": "Which size?", "agent_kind": "ai"},
    "greet": {"event_type": "message_sent", "text": "Welcome.", "message_kind": "greeting"},
    "auto": {"event_type": "message_sent", "text": "We got your message.", "message_kind": "auto_reply"},
    "note": {"event_type": "message_sent", "text": "VIP", "message_kind": "private_note", "agent_kind": "human"},
    "human": {"event_type": "message_sent", "text": "I'll see to it.", "agent_kind": "human"},
    "system": {"event_type": "message_sent", "text": "The chat was moved.", "agent_kind": "system"},
    "retrieve": {"event_type": "knowledge_retrieved"},
    "click": {"event_type": "citation_clicked", "url": "https://example.org/help"},
    "rate": {"event_type": "csat_submitted"},
    "deal": {"event_type": "deal_stage_changed", "deal_stage": "won"},
    "escalate": {"event_type": "conversation_escalated"},
    "reopen": {"event_type": "conversation_reopened"},
    "abandon": {"event_type": "conversation_abandoned"},
    "resolve_ai": {"event_type": "conversation_resolved", "closed_by": "ai_agent"},
    "resolve_human": {"event_type": "conversation_resolved", "agent_kind": "human"},
    "resolve_customer": {"event_type": "conversation_resolved", "closed_by": "customer"},
    "resolve_timeout": {"event_type": "conversation_resolved", "closed_by": "timeout"},
    "resolve_unknown": {"event_type": "conversation_resolved"},
}

SHORT_NAMES = {
    "conversation_started": "started",
    "conversation_resolved": "resolved",
    "conversation_escalated": "escalated",
    "conversation_abandoned": "abandoned",
}
KEPT_ON_TOP = {"event_id", "conversation_id", "event_type", "occurred_at"}
CUSTOMERS = ["ann", "Bob", "ünal", None]
REASONS = ["customer_request", "missing_knowledge", "usage_limit", None]


def rarely(draw: Draw) -> bool:
    """True about one time in eight."""
    return draw(st.integers(0, 7)) == 7


def anchors() -> st.SearchStrategy[datetime]:
    """A difficult instant (UTC)."""
    return st.sampled_from([_instant(text) for _, text in PLACES])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@st.composite
def conversation_events(
    draw: Draw, anchor: datetime | None = None, max_conversations: int = 4, with_repeats: bool = False
) -> list[Payload]:
    """Payloads of conversation_events as a product would post them, in order of arrival: shuffled over conversations.

    All instants lie within about three weeks of the anchor. With `with_repeats` some are delivered again, unchanged.
    """
    around = anchor or draw(anchors())
    payloads: list[Payload] = []
    for number in range(draw(st.integers(1, max_conversations))):
        payloads += draw(_conversation(f"c{number}", around))
    payloads = draw(st.permutations(payloads))
    if with_repeats:
        payloads = payloads + draw(st.lists(st.sampled_from(payloads), max_size=5))
    return payloads


@st.composite
def _conversation(draw: Draw, conversation_id: str, anchor: datetime) -> list[Payload]:
    """One conversation: a script, often spoilt by additions and omissions."""
    script = list(draw(st.sampled_from(SCRIPTS)))
    for extra in draw(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=4)):
        script.insert(draw(st.integers(0, len(script))), extra)
    if len(script) > 1 and rarely(draw):
        script.pop(0)
    customer_id = draw(st.sampled_from(CUSTOMERS))
    channel = draw(st.sampled_from(["chat", "email", None]))
    distance = timedelta(milliseconds=draw(st.sampled_from([*SHORT_STEPS, *LONG_STEPS])))
    at = anchor - distance if draw(st.booleans()) else anchor + distance
    payloads = []
    for number, action in enumerate(script):
        # Ids in an order of bytes unlike that of the alphabet or of numbers, so that ties show.
        prefix = draw(st.sampled_from(["", "a", "B", "_", "é", "~"]))
        payload = {
            "event_id": f"{prefix}{conversation_id}-{number}",
            "conversation_id": conversation_id,
            "customer_id": draw(st.sampled_from(CUSTOMERS)) if rarely(draw) else customer_id,
            "channel": channel if number == 0 else None,
            **ACTIONS[action],
            **draw(_details(ACTIONS[action]["event_type"])),
        }
        payloads.append(draw(_spelt(payload, at)))
        steps = LONG_STEPS if draw(st.integers(0, 3)) == 3 else SHORT_STEPS
        at += timedelta(milliseconds=draw(st.sampled_from(steps)))
    return payloads


@st.composite
def _details(draw: Draw, event_type: str) -> Payload:
    """Fields that vary from event to event; None = not sent."""
    if event_type == "message_sent":
        agent = draw(st.sampled_from([{}, {"agent_id": "bot-1", "model": "m-1"}, {"agent_id": "bot-2"}]))
        explicit = draw(st.sampled_from([0, 1, 850, 60_000, 2_592_000_000])) if rarely(draw) else None
        confidence = draw(st.sampled_from([None, 0.0, 0.69, 0.7, 0.95]))
        return {**agent, "response_time_ms": explicit, "confidence": confidence}
    by_type: dict[str, st.SearchStrategy[Payload]] = {
        "conversation_resolved": _one_of("customer_confirmed", [None, True, False]),
        "conversation_escalated": _one_of("reason", REASONS),
        "knowledge_retrieved": _one_of("result_count", [None, 0, 3]),
        "csat_submitted": _one_of("rating", [1, 2, 3, 4, 5]),
        "conversation_started": _one_of("event_data", [{"language": "de"}, {"language": "en"}]),
    }
    return draw(by_type.get(event_type, st.just({})))


def _one_of(name: str, values: list[Any]) -> st.SearchStrategy[Payload]:
    """A field with one of these values."""
    return st.sampled_from(values).map(lambda value: {name: value})


@st.composite
def _spelt(draw: Draw, payload: Payload, at: datetime) -> Payload:
    """The payload as one of many products would write it: zones, aliases, fields inside event_data."""
    sent = {name: value for name, value in payload.items() if value is not None}
    sent["occurred_at"] = draw(_written(at))
    if not rarely(draw):
        return sent
    nested = {name: sent.pop(name) for name in list(sent) if name not in KEPT_ON_TOP | {"event_data"} and draw(st.booleans())}
    if nested:
        sent["event_data"] = {**sent.get("event_data", {}), **nested}
    sent["event_type"] = SHORT_NAMES.get(sent["event_type"], sent["event_type"])
    sent[draw(st.sampled_from(["timestamp", "created_at"]))] = sent.pop("occurred_at")
    sent["id"] = sent.pop("event_id")
    return sent


@st.composite
def _written(draw: Draw, at: datetime) -> str:
    """The same instant in ISO 8601, mostly in UTC, at times with an offset or without a zone (which means UTC)."""
    style = draw(st.integers(0, 9))
    if style == 9:
        return at.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(timespec="milliseconds")
    text = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text if style == 8 else f"{text}Z"


@st.composite
def quality_scores(draw: Draw, events: list[Payload], anchor: datetime | None = None, max_size: int = 6) -> list[Payload]:
    """Payloads of quality_scores for conversations of these events, now and then for one nobody has heard of."""
    ids = sorted({event["conversation_id"] for event in events} | {"unheard-of"})
    around = anchor or draw(anchors())
    payloads = []
    for number in range(draw(st.integers(0, max_size))):
        scorer_kind = draw(st.sampled_from(["human", "rule", "judge"]))
        is_failed = rarely(draw)
        present = draw(st.lists(st.sampled_from(DIMENSIONS), min_size=1, unique=True))
        value = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
        scores = {} if is_failed else {name: draw(value) for name in present}
        at = around + timedelta(milliseconds=draw(st.sampled_from([*SHORT_STEPS, *LONG_STEPS])))
        payloads.append(
            {
                "event_id": f"{draw(st.sampled_from(['', 'a', 'B', 'é']))}s-{number}",
                "conversation_id": draw(st.sampled_from(ids)),
                "occurred_at": draw(_written(at)),
                "scorer_kind": scorer_kind,
                "scorer": f"{scorer_kind}-{draw(st.integers(1, 2))}",
                **scores,
                **({"error": "timed out"} if is_failed else {}),
            }
        )
    return payloads


DIMENSIONS = ["helpfulness", "accuracy", "politeness", "completeness"]

WINDOWS = [{"weekday": weekday, "opens": "09:00", "closes": "17:30"} for weekday in range(1, 6)]
NIGHTS = [
    {"weekday": weekday, "opens": opens, "closes": closes}
    for weekday in range(1, 8)
    for opens, closes in [("22:00", "24:00"), ("00:00", "05:00")]
]


@st.composite
def parameters(draw: Draw, change_on: date) -> list[tuple[date | None, Payload]]:
    """Versions of a tenant's parameters: mostly none; else some from the start and some from `change_on`."""
    values = st.fixed_dictionaries(
        {},
        optional={
            "assume_after_hours": st.sampled_from([1, 24, 48]),
            "abandon_after_hours": st.sampled_from([1, 24, 48]),
            "durable_days": st.sampled_from([1, 7]),
            "repeat_days": st.sampled_from([1, 3, 14]),
            "verified_threshold": st.sampled_from([0.5, 0.7]),
            "gap_confidence_threshold": st.sampled_from([0.69, 0.95]),
            "business_hours": st.sampled_from([WINDOWS, NIGHTS]),
            "holidays": st.just([change_on.isoformat()]),
            "ai_cost_per_conversation": st.sampled_from([0.05, 2.0]),
            "rework_minutes": st.sampled_from([4.0, 12.5]),
        },
    )
    return draw(st.one_of(st.just([]), st.tuples(values, values).map(lambda two: [(None, two[0]), (change_on, two[1])])))


@dataclass(frozen=True)
class Case:
    """A tenant with its events and scores, and the instant (UTC) at which it is looked at."""

    tenant: Tenant
    events: list[Payload]
    scores: list[Payload]
    as_of: datetime


@st.composite
def cases(draw: Draw, max_conversations: int = 4, with_repeats: bool = False) -> Case:
    """A whole case: zones, an anchor difficult for just these zones, parameters, events, scores and as_of."""
    zones, text = draw(st.sampled_from(PLACES))
    anchor = _instant(text)
    plain = Tenant(TENANT_ID, zones)
    tenant = Tenant(TENANT_ID, zones, draw(parameters(metric_date(plain, anchor))))
    events = draw(conversation_events(anchor, max_conversations, with_repeats))
    scores = draw(quality_scores(events, anchor))
    days = draw(st.sampled_from([30, 30, 8, 7, 2, 1, 0]))
    hours = draw(st.sampled_from([0, 0, 1, -1]))
    return Case(tenant, events, scores, anchor + timedelta(days=days, hours=hours))
