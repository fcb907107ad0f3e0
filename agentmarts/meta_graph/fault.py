"""What can be wrong with an answer of Meta, and what that means for the ledger and for sending again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from agentmarts.meta_graph.model import LedgerState

FaultKind = Literal[
    "transient",
    "timed_out_item",
    "too_heavy",
    "unsupported_breakdown",
    "throttled_app",
    "throttled_token",
    "throttled_asset",
    "dead_metric",
    "dead_metric_named",
    "wrong_metric_type",
    "not_for_media_product",
    "media_before_business",
    "unavailable_object",
    "our_bug",
    "bad_proof",
    "below_threshold",
    "not_permitted",
    "token_invalid",
    "unrecognised",
]
STATES: Mapping[FaultKind, LedgerState] = MappingProxyType(
    {
        "transient": "error",
        "timed_out_item": "error",
        "too_heavy": "error",
        "unsupported_breakdown": "not_supported",
        "throttled_app": "throttled",
        "throttled_token": "throttled",
        "throttled_asset": "throttled",
        "dead_metric": "deprecated",
        "dead_metric_named": "deprecated",
        "wrong_metric_type": "error",
        "not_for_media_product": "not_supported",
        "media_before_business": "not_supported",
        "unavailable_object": "error",
        "our_bug": "error",
        "bad_proof": "error",
        "below_threshold": "below_threshold",
        "not_permitted": "not_permitted",
        "token_invalid": "not_permitted",
        "unrecognised": "error",
    }
)
_ATTEMPTS: Mapping[FaultKind, int] = MappingProxyType({"transient": 5, "timed_out_item": 5, "unsupported_breakdown": 3})


@dataclass(frozen=True)
class Fault:
    """Why an answer is no answer. `message` is scrubbed and safe to store and to show."""

    kind: FaultKind
    message: str
    code: int | None = None
    subcode: int | None = None
    metrics: frozenset[str] = frozenset()
    """Metrics and fields the message blames by name."""
    positions: frozenset[int] = frozenset()
    """Places of blamed metrics in the list that was sent, from 0."""
    valid_metrics: frozenset[str] = frozenset()
    """The names Meta says it would accept; empty if it lists none."""
    regain_minutes: float | None = None
    """When a throttle ends, if Meta announced it."""

    @property
    def state(self) -> LedgerState:
        """The state of the ledger row of what was asked."""
        return STATES[self.kind]

    @property
    def is_throttle(self) -> bool:
        """A budget is used up: nothing may be sent on it until it regains."""
        return self.state == "throttled"

    @property
    def stops_app(self) -> bool:
        """Whether no call of the whole app makes sense now: only code 4 and a bad proof."""
        return self.kind in ("throttled_app", "bad_proof")

    @property
    def attempts(self) -> int:
        """How often the same request may be sent in all."""
        return _ATTEMPTS.get(self.kind, 1)

    def blamed(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Which of the asked metrics, in the order sent, the fault is about; empty if Meta did not say: ask by halves."""
        return tuple(
            metric
            for position, metric in enumerate(asked)
            if metric in self.metrics or position in self.positions or (self.valid_metrics and metric not in self.valid_metrics)
        )
