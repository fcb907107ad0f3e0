"""The contract of each stream: fields, types and bounds of one event.

Documentation, JSON schema and the sentences of rejections come from these models; `validation.py` compiles its fast checks from
them. They describe the normal form: aliases resolved, keys of `event_data` beside the others, `null` left out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

IDENTIFIER_LENGTH = 200
LONGEST_RESPONSE_MS = 2_592_000_000
LONGEST_WINDOW_HOURS = 8_760


def _integral(value: object) -> object:
    # JSON knows one kind of number: 900.0 is 900.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _absent_if_empty(value: object) -> object:
    # An empty id names nobody; kept, all the unknown would count as one.
    return None if value == "" else value


Identifier = Annotated[str, MinLen(1), MaxLen(IDENTIFIER_LENGTH)]
OptionalIdentifier = Annotated[Identifier | None, BeforeValidator(_absent_if_empty)]
Proportion = Annotated[float, Ge(0), Le(1)]
Count = Annotated[int, Ge(0), Le(2**63 - 1), BeforeValidator(_integral)]
Milliseconds = Annotated[int, Ge(0), Le(LONGEST_RESPONSE_MS), BeforeValidator(_integral)]
Rating = Annotated[int, Ge(1), Le(5), BeforeValidator(_integral)]
Thumb = Annotated[int, Ge(-1), Le(1), BeforeValidator(_integral)]
WindowHours = Annotated[int, Ge(1), Le(LONGEST_WINDOW_HOURS), BeforeValidator(_integral)]


class Event(BaseModel):
    """What every event of every stream has."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    one_of: ClassVar[tuple[str, ...]] = ()
    """Fields of which at least one must be there."""

    event_id: OptionalIdentifier = Field(
        default=None,
        description="Names the event for ever: the same id again is no new event. Alias `id`. Missing: SHA-256 of tenant and content.",
    )
    occurred_at: datetime = Field(
        description="When it happened, RFC 3339; without zone read as UTC. Aliases `timestamp`, `created_at`. "
        "Not before 2000, at most 5 minutes ahead of its receipt."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.one_of and all(getattr(self, name) is None for name in self.one_of):
            raise PydanticCustomError("missing", "one of {names} must be there", {"names": ", ".join(self.one_of)})
        return self


class ConversationEvent(Event):
    """Something that happened in a conversation. Fields without a column of their own are kept in `event_data`."""

    conversation_id: Identifier
    customer_id: OptionalIdentifier = None
    channel: OptionalIdentifier = None
    agent_id: OptionalIdentifier = None
    agent_kind: Literal["ai", "human", "system"] | None = None
    model: OptionalIdentifier = Field(default=None, description="Language model that acted.")
    response_time_ms: Milliseconds | None = Field(default=None, description="As measured by the sender; replaces the measured one.")
    confidence: Proportion | None = None
    closed_by: Literal["ai_agent", "human", "customer", "timeout", "automation", "unknown"] | None = None
    message_kind: Literal["answer", "question", "greeting", "auto_reply", "private_note", "closing"] | None = None
    text: str | None = None
    language: str | None = None


class ConversationStarted(ConversationEvent):
    """The conversation was opened."""

    event_type: Literal["conversation_started"]
    initiated_by: Literal["customer", "agent"] | None = None
    customer_context: Any = None


class MessageSent(ConversationEvent):
    """A message by the agent side."""

    event_type: Literal["message_sent"]


class MessageReceived(ConversationEvent):
    """A message by the customer; `message_kind` closing = thanks or goodbye."""

    event_type: Literal["message_received"]


class ConversationResolved(ConversationEvent):
    """The conversation was closed as solved."""

    event_type: Literal["conversation_resolved"]
    customer_confirmed: bool | None = None


class ConversationEscalated(ConversationEvent):
    """The conversation was handed to a human."""

    event_type: Literal["conversation_escalated"]
    reason: (
        Literal[
            "customer_request",
            "missing_knowledge",
            "unsupported_request",
            "policy_restriction",
            "tool_failure",
            "pending_clarification",
            "usage_limit",
            "other",
        ]
        | None
    ) = None


class ConversationAbandoned(ConversationEvent):
    """The product says the customer left."""

    event_type: Literal["conversation_abandoned"]
    reason: str | None = None


class ConversationReopened(ConversationEvent):
    """Work on the conversation resumes."""

    event_type: Literal["conversation_reopened"]
    reason: str | None = None


class KnowledgeRetrieved(ConversationEvent):
    """A search in the knowledge base."""

    event_type: Literal["knowledge_retrieved"]
    query: str | None = None
    result_count: Count | None = None
    top_score: float | None = None
    source_ids: list[str] | None = None


class CitationClicked(ConversationEvent):
    """The customer opened a source."""

    event_type: Literal["citation_clicked"]
    citation_id: str | None = None
    url: str | None = None


class CsatSubmitted(ConversationEvent):
    """An answer to the satisfaction survey."""

    event_type: Literal["csat_submitted"]
    rating: Rating
    comment: str | None = None


class DealStageChanged(ConversationEvent):
    """A sales stage was reached."""

    event_type: Literal["deal_stage_changed"]
    deal_stage: Annotated[str, MinLen(1)]
    deal_id: str | None = None
    amount: float | None = None


AnyConversationEvent = Annotated[
    ConversationStarted
    | MessageSent
    | MessageReceived
    | ConversationResolved
    | ConversationEscalated
    | ConversationAbandoned
    | ConversationReopened
    | KnowledgeRetrieved
    | CitationClicked
    | CsatSubmitted
    | DealStageChanged,
    Field(discriminator="event_type"),
]

EVENT_TYPE_ALIASES = {
    "started": "conversation_started",
    "resolved": "conversation_resolved",
    "escalated": "conversation_escalated",
    "abandoned": "conversation_abandoned",
}


class QualityScore(Event):
    """A judge, a rule or a human scored a conversation; `error` instead of scores when the attempt failed."""

    one_of: ClassVar[tuple[str, ...]] = ("helpfulness", "accuracy", "politeness", "completeness", "error")

    conversation_id: Identifier
    scorer_kind: Literal["judge", "human", "rule"]
    scorer: Identifier
    helpfulness: Proportion | None = None
    accuracy: Proportion | None = None
    politeness: Proportion | None = None
    completeness: Proportion | None = None
    error: str | None = None


class AgentAction(Event):
    """An agent acted and predicted how likely it is that the action succeeds; `event_id` is the action's id.

    Dimensions of coaching are kept in `event_data`: `channel`, `persona`, `escalation_trigger`, `deal_stage_at_creation`.
    """

    conversation_id: OptionalIdentifier = None
    action_type: Identifier
    outcome_type: Identifier = Field(
        description="What success means: email_engagement, deal_progression, meeting_outcome, escalation_result, or a type of your own."
    )
    predicted_confidence: float = Field(description="Probability of success as predicted; outside 0..1 it is clamped and marked.")
    rep_id: OptionalIdentifier = None
    window_hours: WindowHours | None = Field(default=None, description="Hours after the action in which evidence counts.")
    channel: str | None = None
    persona: str | None = None
    escalation_trigger: str | None = None
    deal_stage_at_creation: str | None = None


class OutcomeSignal(Event):
    """Evidence on an action: of a detector, or a person's label, which wins over everything; the latest label counts."""

    action_id: Identifier
    outcome_status: Literal["positive", "negative", "ambiguous"]
    outcome_score: Proportion | None = None
    signal_source: Literal["automatic", "human_label"]
    comment: str | None = None


class Feedback(Event):
    """A person rated something. Opinion, never evidence on an action."""

    target_type: Literal["message", "decision", "conversation"]
    target_id: Identifier
    conversation_id: OptionalIdentifier = None
    action_id: OptionalIdentifier = None
    reviewer_id: OptionalIdentifier = None
    reviewer_role: OptionalIdentifier = None
    comment: str | None = None


class InlineFeedback(Feedback):
    """A thumb beside a message."""

    source: Literal["inline"]
    rating: Thumb


class DashboardFeedback(Feedback):
    """Stars given in a dashboard."""

    source: Literal["dashboard"]
    rating: Rating


AnyFeedback = Annotated[InlineFeedback | DashboardFeedback, Field(discriminator="source")]
