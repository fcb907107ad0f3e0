"""Which raw streams exist. A new stream is a model, a migration, a line here and a staging model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args

from pydantic import TypeAdapter

from agentmarts.streams.contract.models import (
    EVENT_TYPE_ALIASES,
    AgentAction,
    AnyConversationEvent,
    AnyFeedback,
    Event,
    OutcomeSignal,
    QualityScore,
)


@dataclass(frozen=True)
class Stream:
    """One raw stream. Its idempotency key is (tenant_id, event_id), as of every stream: `raw.event_ledger` keeps it for ever."""

    name: str
    model: Any
    """A pydantic model, or a union of models told apart by one field, the discriminator."""
    columns: tuple[str, ...]
    """Fields of the model with a column of their own in `raw.<name>`; all others go to `event_data`."""
    is_partitioned: bool = False
    """Whether `raw.<name>` has a partition per UTC day of occurred_at."""
    event_type_aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Where accepted events go."""
        return f"raw.{self.name}"

    @cached_property
    def variants(self) -> tuple[type[Event], ...]:
        """The models of the union, or the one model."""
        if isinstance(self.model, type):
            return (self.model,)
        return get_args(get_args(self.model)[0])

    @cached_property
    def discriminator(self) -> str | None:
        """The field that tells the variants apart; None when there is one model only."""
        return None if isinstance(self.model, type) else str(get_args(self.model)[1].discriminator)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field that some event of the stream may have."""
        return frozenset(name for variant in self.variants for name in variant.model_fields)

    def adapter(self) -> TypeAdapter[Event]:
        """The contract, ready to validate one event in normal form."""
        return TypeAdapter(self.model)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of one event, for documentation and the API."""
        return self.adapter().json_schema()


_ALL = (
    Stream(
        name="conversation_events",
        model=AnyConversationEvent,
        columns=(
            "conversation_id",
            "event_type",
            "response_time_ms",
            "confidence",
            "customer_id",
            "channel",
            "agent_id",
            "agent_kind",
            "model",
            "closed_by",
            "message_kind",
            "text",
        ),
        is_partitioned=True,
        event_type_aliases=EVENT_TYPE_ALIASES,
    ),
    Stream(
        name="quality_scores",
        model=QualityScore,
        columns=("conversation_id", "scorer_kind", "scorer", "helpfulness", "accuracy", "politeness", "completeness", "error"),
    ),
    Stream(
        name="agent_actions",
        model=AgentAction,
        columns=("conversation_id", "action_type", "outcome_type", "predicted_confidence", "rep_id", "window_hours"),
    ),
    Stream(
        name="outcome_signals",
        model=OutcomeSignal,
        columns=("action_id", "outcome_status", "outcome_score", "signal_source"),
    ),
    Stream(
        name="feedback",
        model=AnyFeedback,
        columns=(
            "source",
            "rating",
            "target_type",
            "target_id",
            "conversation_id",
            "action_id",
            "reviewer_id",
            "reviewer_role",
            "comment",
        ),
    ),
)

STREAMS: Mapping[str, Stream] = {stream.name: stream for stream in _ALL}
"""Every stream by its name."""
