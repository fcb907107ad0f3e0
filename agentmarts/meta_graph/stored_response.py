"""An answer of Meta as raw.graph_responses keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agentmarts.meta_graph.response import GraphResponse


@dataclass(frozen=True)
class StoredResponse:
    """The columns of an answer; see store_responses.ResponseRecord."""

    method: str
    path: str
    params: Mapping[str, Any]
    requested_version: str | None
    served_version: str | None
    http_status: int | None
    error_code: int | None
    error_subcode: int | None
    usage: Mapping[str, Any] | None
    body: Any
    fetched_at: datetime
    duration_ms: int | None
    batch_index: int | None


def stored(response: GraphResponse) -> StoredResponse:
    """The part of an answer that may be kept: scrubbed, with what it said of the budgets."""
    fault = response.fault
    return StoredResponse(
        method=response.method,
        path=response.path,
        params=response.params,
        requested_version=response.requested_version,
        served_version=response.served_version,
        http_status=response.http_status,
        error_code=fault.code if fault else None,
        error_subcode=fault.subcode if fault else None,
        usage=asdict(response.usage),
        body=response.scrubbed_body,
        fetched_at=response.fetched_at,
        duration_ms=response.duration_ms,
        batch_index=response.batch_index,
    )
