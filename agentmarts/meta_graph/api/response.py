"""One answer of Meta, alone or as an item of a batch: what raw.graph_responses keeps, and what the parser reads."""

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
