"""What an agent did on one local day and everything that came of it, being written down as events of several streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from demo.conversations.transcript import Event
from demo.demo_tenants import DemoTenant
from demo.event_stamps import MS_PER_HOUR, MS_PER_SECOND, rfc3339, time_ordered_id
from demo.learning.action_kinds import PERSONAS, ActionKind, true_chance

LEARNING_STREAMS = ("agent_actions", "outcome_signals", "feedback", "conversation_events")


@dataclass(frozen=True)
class Attempt:
    """An action before it is known what came of it. `created_ms` in UTC, `chance` the true probability of success."""

    action_id: str
    kind: ActionKind
    created_ms: int
    said: float
    chance: float
    persona: str
    conversation_id: str | None


@dataclass(frozen=True)
class Truth:
    """What came of an action in truth. `success` None: nobody will ever say, or nobody can tell.

    `decided_ms` (UTC): when the evidence happens that decides for good; None when the end of the window decides.
    """

    attempt: Attempt
    success: bool | None
    decided_ms: int | None


class AgentWork:
    """The events of one tenant and day by stream, and the truths behind them."""

    def __init__(self, tenant: DemoTenant, rng: Random) -> None:
        self.tenant = tenant
        self.rng = rng
        self.truths: list[Truth] = []
        self._events: defaultdict[str, list[Event]] = defaultdict(list)

    def act(
        self, kind: ActionKind, created_ms: int, *, conversation_id: str | None = None, persona: str | None = None, **fields: object
    ) -> Attempt:
        """The agent acts and says how sure it is; fields that are None are left out."""
        rng = self.rng
        said = rng.choice(kind.says)
        towards = persona or rng.choices(list(PERSONAS), list(PERSONAS.values()))[0]
        attempt = Attempt(
            action_id=time_ordered_id(created_ms, rng),
            kind=kind,
            created_ms=created_ms,
            said=said,
            chance=true_chance(self.tenant.slug, kind, said, towards),
            persona=towards,
            conversation_id=conversation_id,
        )
        self._add(
            "agent_actions",
            created_ms,
            attempt.action_id,
            conversation_id=conversation_id,
            action_type=kind.action_type,
            outcome_type=kind.outcome_type,
            predicted_confidence=said,
            rep_id=rng.choice(self.tenant.shop.human_agents),
            channel=rng.choice(kind.channels),
            persona=towards,
            **fields,
        )
        return attempt

    def succeeds(self, attempt: Attempt) -> bool:
        """Let chance decide."""
        return self.rng.random() < attempt.chance

    def conclude(self, attempt: Attempt, success: bool | None, decided_ms: int | None) -> None:
        """Note the truth."""
        self.truths.append(Truth(attempt, success, decided_ms))

    def signal(self, attempt: Attempt, occurred_ms: int, status: str, source: str = "automatic", comment: str | None = None) -> None:
        """Something or somebody says how the action ended."""
        score = {"positive": 1.0, "negative": 0.0}.get(status)
        self.add(
            "outcome_signals",
            occurred_ms,
            action_id=attempt.action_id,
            outcome_status=status,
            outcome_score=score,
            signal_source=source,
            comment=comment,
        )

    def talk(self, conversation_id: str, occurred_ms: int, event_type: str, **fields: object) -> None:
        """An event of a conversation."""
        self.add("conversation_events", occurred_ms, conversation_id=conversation_id, event_type=event_type, **fields)

    def add(self, stream: str, occurred_ms: int, **fields: object) -> None:
        """An event of any stream with an id of its own; fields that are None are left out."""
        self._add(stream, occurred_ms, time_ordered_id(occurred_ms, self.rng), **fields)

    def _add(self, stream: str, occurred_ms: int, event_id: str, **fields: object) -> None:
        body: dict[str, object] = {"event_id": event_id, "occurred_at": rfc3339(occurred_ms)}
        body.update((name, value) for name, value in fields.items() if value is not None)
        self._events[stream].append(Event(occurred_ms, body))

    @property
    def events(self) -> Mapping[str, Sequence[Event]]:
        """The events of every learning stream in order of time."""
        return {stream: sorted(self._events[stream], key=lambda event: event.occurred_ms) for stream in LEARNING_STREAMS}


def hours(number: float) -> int:
    """Hours in milliseconds."""
    return round(number * MS_PER_HOUR)


def seconds(number: float) -> int:
    """Seconds in milliseconds."""
    return round(number * MS_PER_SECOND)
