"""Hypothesis strategies: small worlds of agents' actions, evidence on them and opinions, with the edges where outcomes turn.

Everything drawn is JSON-able and valid. Evidence falls on the instant of an action, on the last one of its window and a microsecond beside
them; actions share conversations and instants; signals come for actions that nobody sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.support.facts.strategies import PLACES
from tests.support.oracle import Tenant
from tests.support.oracle.learning import STAGES, Action, outcomes, read_facts

Payload = dict[str, Any]
Draw = st.DrawFn
Streams = dict[str, list[Payload]]

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# How far from the anchor an action is created: often at the same instant as another.
DISTANCES = [timedelta(0), timedelta(0), -MICROSECOND, MICROSECOND, -HOUR, HOUR, -DAY, 2 * DAY, -9 * DAY, -35 * DAY]
OUTCOME_TYPES = [*["email_engagement"] * 4, *["deal_progression"] * 4, "meeting_outcome", "escalation_result", "upsell"]
WINDOWS = [None, None, 1, 2, 24, 25, 240]
CONFIDENCES = [
    *(tenth / 10 for tenth in range(11)),
    0.1 + 0.2, 0.299999999999, 0.85, 0.999, 1e-20, -0.2, 1.5, -1e300,
]  # fmt: skip
STATUSES = ["positive", "negative", "ambiguous"]
REACHED_STAGES = [*STAGES, *STAGES[2:], "closed_lost", "stalled", "on hold", "Discovery"]
# Ids in an order of bytes unlike that of the alphabet or of numbers, so that ties show.
PREFIXES = ["", "a", "B", "_", "é", "~"]


@dataclass(frozen=True)
class Case:
    """A tenant with all that it sends, by stream."""

    tenant: Tenant
    streams: Streams


@dataclass(frozen=True)
class World:
    """Tenants that live at the same time, and the instants (UTC, ascending) at which they are looked at."""

    cases: list[Case]
    moments: list[datetime]


@st.composite
def worlds(draw: Draw, tenants: int, looks: int) -> World:
    """The first tenant lives where the common anchor is difficult: at a local midnight, a clock change or a change of its zone."""
    zones, text = draw(st.sampled_from(PLACES))
    anchor = datetime.fromisoformat(text).replace(tzinfo=UTC)
    places: list[list[tuple[date | None, str]]] = [zones, *(draw(st.sampled_from(PLACES))[0] for _ in range(1, tenants))]
    cases = [
        Case(Tenant(f"00000000-0000-4000-8000-{number:012}", place), draw(streams(anchor))) for number, place in enumerate(places, start=1)
    ]
    instants = [instant for case in cases for instant in turning_points(case.streams)]
    some = st.sampled_from(sorted({*instants, *(anchor + days * DAY for days in (0, 1, 3, 10, 33, 70))}))
    return World(cases, sorted(draw(st.lists(some, min_size=looks, max_size=looks))))


def is_eventful(world: World) -> bool:
    """Whether every status, every kind of evidence and a shared touch is seen at some look: the first things hypothesis tries are empty."""
    seen = set().union(*(_seen(case, as_of) for case in world.cases for as_of in world.moments))
    return seen >= {*STATUSES, "expired", "pending", "reply", "deal_stage", "signal", "human_label", ("touches", 2)}


def _seen(case: Case, as_of: datetime) -> set[Any]:
    facts = read_facts(case.streams, lambda stream, event_id: as_of, as_of)
    rows = outcomes(facts, case.tenant, as_of)
    return {thing for row in rows for thing in (row["outcome_status"], row["evidence_kind"], ("touches", row["touch_count"]))}


def turning_points(sent: Streams) -> list[datetime]:
    """Just before and at the end of each window."""
    ends = [expires_at(action) for action in sent["agent_actions"]]
    return [instant for end in ends for instant in (end - MICROSECOND, end)]


def expires_at(action: Payload) -> datetime:
    """The end of the window of a payload."""
    return Action(
        action_id="",
        conversation_id=None,
        action_type="",
        outcome_type=action["outcome_type"],
        rep_id=None,
        predicted_confidence=0.0,
        created_at=datetime.fromisoformat(action["occurred_at"]),
        given_window_hours=action.get("window_hours"),
        event_data={},
    ).window_expires_at


@st.composite
def streams(draw: Draw, anchor: datetime, max_actions: int = 12) -> Streams:
    """All four streams of one tenant, each with ids of its own: an event and a signal may have the same."""
    actions = [draw(_action(number, anchor)) for number in range(draw(st.integers(1, max_actions)))]
    events: list[Payload] = []
    signals: list[Payload] = []
    for action in actions:
        for _ in range(draw(st.sampled_from([0, 1, 1, 2, 2]))):
            at = draw(_instant_around(action))
            if action.get("conversation_id") and draw(st.integers(0, 2)):
                events.append(draw(_event(len(events), action["conversation_id"], at)))
            else:
                signals.append(draw(_signal(len(signals), action["event_id"], at)))
    return {
        "agent_actions": actions,
        "conversation_events": events,
        "outcome_signals": signals,
        "feedback": draw(_feedback(actions, anchor)),
    }


@st.composite
def _action(draw: Draw, number: int, anchor: datetime) -> Payload:
    """Two types of action and three conversations, so that pairs and evidence are shared."""
    details = {
        "deal_stage_at_creation": draw(st.sampled_from([*[None] * 9, "discovery", *REACHED_STAGES])),
        "channel": draw(st.sampled_from([None, "email", "phone"])),
        "persona": draw(st.sampled_from([None, "buyer"])),
        "escalation_trigger": draw(st.sampled_from([None, "price"])),
    }
    payload = {
        "event_id": f"{draw(st.sampled_from(PREFIXES))}{number}",
        "occurred_at": (anchor + draw(st.sampled_from(DISTANCES))).isoformat(),
        "conversation_id": draw(st.sampled_from(["c0", "c0", "c0", "c1", "c1", "c2", None])),
        "action_type": draw(st.sampled_from(["send", "send", "send", "Send"])),
        "outcome_type": draw(st.sampled_from(OUTCOME_TYPES)),
        "predicted_confidence": draw(st.sampled_from(CONFIDENCES)),
        "window_hours": draw(st.sampled_from(WINDOWS)),
        "rep_id": draw(st.sampled_from([None, "rep-1"])),
        "event_data": {name: value for name, value in details.items() if value is not None},
    }
    return {name: value for name, value in payload.items() if value is not None}


@st.composite
def _instant_around(draw: Draw, action: Payload) -> datetime:
    """The edges of the window, within it, before it and long after it."""
    created_at, end = datetime.fromisoformat(action["occurred_at"]), expires_at(action)
    edges = [created_at, created_at + MICROSECOND, end - MICROSECOND, end, end + MICROSECOND]
    others = [created_at - 30 * HOUR, created_at + HOUR / 2, created_at + (end - created_at) / 3, end + HOUR, end + 30 * DAY]
    return draw(st.sampled_from([*edges, *others]))


@st.composite
def _event(draw: Draw, number: int, conversation_id: str, at: datetime) -> Payload:
    """A reply, a stage of a deal, or what the agent itself wrote; a stage stands beside event_data or in it."""
    what = {"conversation_id": conversation_id, "event_id": f"{draw(st.sampled_from(PREFIXES))}{number}", "occurred_at": at.isoformat()}
    event_type = draw(st.sampled_from(["message_received", "message_received", "deal_stage_changed", "deal_stage_changed", "message_sent"]))
    if event_type != "deal_stage_changed":
        return {**what, "event_type": event_type, "text": "Yes."}
    stage: Payload = {"deal_stage": draw(st.sampled_from(REACHED_STAGES))}
    return {**what, "event_type": event_type, **(stage if draw(st.booleans()) else {"event_data": stage})}


@st.composite
def _signal(draw: Draw, number: int, action_id: str, at: datetime) -> Payload:
    """Of a detector or a person, at times for an action that never comes."""
    return {
        "event_id": f"{draw(st.sampled_from(PREFIXES))}{number}",
        "occurred_at": at.isoformat(),
        "action_id": draw(st.sampled_from([action_id, action_id, action_id, "unheard-of"])),
        "outcome_status": draw(st.sampled_from(STATUSES)),
        "outcome_score": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "signal_source": draw(st.sampled_from(["automatic", "automatic", "human_label"])),
    }


@st.composite
def _feedback(draw: Draw, actions: list[Payload], anchor: datetime) -> list[Payload]:
    """Opinions that must leave every outcome alone; a reviewer may think again."""
    entries = []
    for number in range(draw(st.integers(0, 4))):
        source, ratings = draw(st.sampled_from([("inline", [-1, 0, 1]), ("dashboard", [1, 2, 3, 4, 5])]))
        entry = {
            "event_id": f"{draw(st.sampled_from(PREFIXES))}{number}",
            "occurred_at": (anchor + draw(st.sampled_from(DISTANCES))).isoformat(),
            "source": source,
            "rating": draw(st.sampled_from(ratings)),
            "target_type": draw(st.sampled_from(["message", "decision"])),
            "target_id": draw(st.sampled_from(["t0", "t1"])),
            "reviewer_id": draw(st.sampled_from(["ann", "bob", None])),
            "reviewer_role": draw(st.sampled_from(["manager", None])),
            "action_id": draw(st.sampled_from([None, actions[0]["event_id"]])),
            "comment": draw(st.sampled_from([None, "Write to ann@example.org or call +49 30 1234567."])),
        }
        entries.append({name: value for name, value in entry.items() if value is not None})
    return entries
