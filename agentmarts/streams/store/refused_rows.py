"""Refused events into `raw.quarantine`, once per payload and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from agentmarts.streams.contract.batch import Refused
from agentmarts.streams.contract.json_text import safe_text
from agentmarts.warehouse.connection import Connection

_WRITE = """
insert into raw.quarantine as q
  (tenant_id, stream, event_id, reason, detail, payload, payload_encoding, payload_hash, source, times_seen, first_seen, last_seen)
select %(tenant_id)s, n.*, %(received_at)s, %(received_at)s
from unnest(%(stream)s::text[], %(event_id)s::text[], %(reason)s::text[], %(detail)s::text[], %(payload)s::text[], %(encoding)s::text[],
            %(hash)s::uuid[], %(source)s::text[], %(times)s::integer[])
  as n (stream, event_id, reason, detail, payload, payload_encoding, payload_hash, source, times_seen)
on conflict (tenant_id, stream, payload_hash, reason) do update
set times_seen = q.times_seen + excluded.times_seen, last_seen = greatest(q.last_seen, excluded.last_seen), detail = excluded.detail,
    replayed_at = null
"""


def quarantine(
    connection: Connection, tenant_id: UUID | None, refused: Iterable[Refused], source_of: Callable[[int], str], received_at: datetime
) -> None:
    """Keep refused events with their reasons, inside the caller's transaction; `source_of(position)` says where each one stood.

    A payload seen again for the same reason is counted, not kept twice.
    """
    seen: dict[tuple[str, str, str], tuple[Refused, int]] = {}
    for one in refused:
        key = (one.stream, hashlib.sha256(one.payload).hexdigest()[:32], one.rejection.reason.value)
        first, times = seen.get(key, (one, 0))
        seen[key] = (first, times + 1)
    if not seen:
        return
    # In order of the key, as writers with common payloads must wait for each other in one direction only.
    ordered = sorted(seen.items(), key=lambda entry: entry[0])
    kept = [(first, *safe_text(first.payload)) for _, (first, _) in ordered]
    connection.execute(
        _WRITE,
        {
            "tenant_id": tenant_id,
            "received_at": received_at,
            "stream": [stream for (stream, _, _), _ in ordered],
            "hash": [payload_hash for (_, payload_hash, _), _ in ordered],
            "reason": [reason for (_, _, reason), _ in ordered],
            "times": [times for _, (_, times) in ordered],
            "event_id": [one.event_id for one, _, _ in kept],
            "detail": [one.rejection.detail for one, _, _ in kept],
            "source": [source_of(one.position) for one, _, _ in kept],
            "payload": [text for _, text, _ in kept],
            "encoding": [encoding for _, _, encoding in kept],
        },
    )
