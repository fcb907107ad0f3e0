"""What can be wrong with an answer of Meta, and what that means for the ledger and for sending again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from agentmarts.meta_graph.model import LedgerState

FaultKind = Literal[
    "transient",
    "timed_out_item",
    "too_heavy",
    "unsupported_breakdown",
    "throttled_app",
    "throttled_token",
    "throttled_asset",
    "deprecated_metric",
    "deprecated_metric_named",
    "wrong_metric_type",
    "not_for_media_product",
    "media_before_business",
    "missing_object",
    "our_bug",
    "bad_proof",
    "below_threshold",
    "not_permitted",
    "token_invalid",
    "unrecognised",
]
Then = Literal["retry", "drop_blamed", "halve", "as_total", "singly", "refuse_all", "stop_account", "stop_app"]
"""What is done about a fault:

    retry         nothing now: the request is due again in the next run
    drop_blamed   ask the rest without the metrics it blames; where it blames none, find them by halves
    halve         ask for one half of the metrics, then for the other
    as_total      ask for the blamed metrics as `total_value`, and for the rest as before
    singly        ask for each metric by itself; one that is refused alone is refused
    refuse_all    no metric of the request would fare better: none is asked again
    stop_account  no request of the account would fare better in this run
    stop_app      nor would one of any other account
"""
QUARANTINE = timedelta(days=7)
"""How long what Meta refused is left alone."""
ASKED_AGAIN_AFTER = timedelta(days=1)
"""An object that is missing may be a throttle in disguise, which is lengthened by asking."""
FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)
"""`retry_after` of what is never asked again; the table says infinity."""


@dataclass(frozen=True)
class Policy:
    """What a kind of fault means for the ledger, for the request and for all after it. Whoever meets a fault asks its row."""

    state: LedgerState
    """Of what was refused, in the ledger."""
    then: Then = "retry"
    attempts: int = 1
    """How often the same request may be sent in one run, all in all."""
    blocks: bool = False
    """A budget is used up: nothing may be sent on it until it regains."""
    metric_exists: bool | None = None
    """What the fault says of the metrics it blames; None: nothing."""
    retry_after: timedelta | Literal["never"] | None = None
    """How long what was refused is left alone; None: not at all."""
    of_object: bool = False
    """Whether that is so of this object alone and not of all objects of its kind."""

    @property
    def stops(self) -> bool:
        """Whether the run of the account ends."""
        return self.then in ("stop_account", "stop_app")

    @property
    def refuses(self) -> bool:
        """Whether what was asked will not be answered, so that it need not be asked again."""
        return self.then in ("drop_blamed", "singly", "refuse_all")

    def left_alone_until(self, at: datetime) -> datetime | None:
        """The instant (UTC) before which nobody asks again, of a refusal at an instant."""
        if isinstance(self.retry_after, timedelta):
            return at + self.retry_after
        return None if self.retry_after is None else FOR_EVER


POLICIES: Mapping[FaultKind, Policy] = MappingProxyType(
    {
        "transient": Policy("error", attempts=5),
        "timed_out_item": Policy("error", attempts=5),
        "too_heavy": Policy("error", "halve"),
        "our_bug": Policy("error"),
        "unrecognised": Policy("error"),
        "missing_object": Policy("error", retry_after=ASKED_AGAIN_AFTER, of_object=True),
        "wrong_metric_type": Policy("error", "as_total", metric_exists=True),
        "deprecated_metric": Policy("deprecated", "drop_blamed", metric_exists=False, retry_after=QUARANTINE),
        "deprecated_metric_named": Policy("deprecated", "drop_blamed", metric_exists=False, retry_after=QUARANTINE),
        "not_for_media_product": Policy("not_supported", "drop_blamed", retry_after=QUARANTINE),
        "unsupported_breakdown": Policy("not_supported", "singly", attempts=3, retry_after=QUARANTINE),
        "media_before_business": Policy("not_supported", "refuse_all", retry_after="never", of_object=True),
        "below_threshold": Policy("below_threshold", "refuse_all"),
        "not_permitted": Policy("not_permitted", "refuse_all"),
        "token_invalid": Policy("not_permitted", "stop_account"),
        "throttled_token": Policy("throttled", "stop_account", blocks=True),
        "throttled_asset": Policy("throttled", "stop_account", blocks=True),
        "throttled_app": Policy("throttled", "stop_app", blocks=True),
        "bad_proof": Policy("error", "stop_app"),
    }
)


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
    def policy(self) -> Policy:
        """What is done about it."""
        return POLICIES[self.kind]

    def blamed(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Which of the asked metrics, in the order sent, the fault is about; empty if Meta did not say: ask by halves."""
        return tuple(
            metric
            for position, metric in enumerate(asked)
            if metric in self.metrics or position in self.positions or (self.valid_metrics and metric not in self.valid_metrics)
        )
