"""Answers of Meta, alone or as items of a batch: what raw.graph_responses keeps, what the parser reads, and how a call ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agentmarts.meta_graph.api.usage import Usage
from agentmarts.meta_graph.fault import Fault


@dataclass(frozen=True)
class GraphResponse:
    """What came back on one attempt. Its repr and all fields but `body` are free of secrets."""

    method: str
    path: str
    """Without version and parameters."""
    params: Mapping[str, str]
    """What was asked, without secrets and cursors."""
    requested_version: str
    served_version: str | None
    """Header facebook-api-version: the only witness that Meta served another one. None if it did not say."""
    http_status: int | None
    """None if no answer came."""
    body: Any = field(repr=False)
    """The JSON as it came, tokens and paging links included: to be read, not to be stored. None if there is none."""
    scrubbed_body: Any = field(repr=False)
    """The body as it may be stored."""
    fault: Fault | None
    usage: Usage
    fetched_at: datetime
    """UTC, when the answer was there."""
    duration_ms: int
    """Of the HTTP exchange; the items of a batch share it."""
    batch_index: int | None = None
    """Place in the list given to `GraphClient.batch`, whatever was sent again; None for a call of its own."""
    attempt: int = 1
    """From 1, within one call of the client."""
    http_calls: int = 1
    """HTTP exchanges this answer stands for: 0 for all items of a batch but the first. Sums are right."""

    @property
    def counted_calls(self) -> int:
        """What Meta's limits count: HTTP exchanges and items of batches (graph_api.md, 4.4)."""
        return self.http_calls + (self.batch_index is not None)


class NotSentError(Exception):
    """Raised by a client's `before_send`: the request may not go out now."""


@dataclass(frozen=True)
class Exchange:
    """What came of one call of the client: every attempt, oldest first, failed ones too, each to be stored."""

    attempts: tuple[GraphResponse, ...] = ()
    refused: NotSentError | None = None
    """Why a further attempt was not sent; nothing more may go out now."""

    @property
    def answer(self) -> GraphResponse:
        """The last attempt of a call for one thing. Raises what `before_send` raised if there was to be another."""
        self.raise_if_refused()
        return self.attempts[-1]

    @property
    def answers(self) -> tuple[GraphResponse, ...]:
        """The last attempt of each item of a batch, in their order; of an item that was never sent there is none."""
        latest = {one.batch_index or 0: one for one in self.attempts}
        return tuple(latest[index] for index in sorted(latest))

    def of_item(self, index: int) -> tuple[GraphResponse, ...]:
        """The attempts of one item of a batch; 0 where the call was for one thing."""
        return tuple(one for one in self.attempts if (one.batch_index or 0) == index)

    def raise_if_refused(self) -> None:
        """Raise what `before_send` raised; whoever stored the attempts is done with them."""
        if self.refused is not None:
            raise self.refused
