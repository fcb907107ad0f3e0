"""Parts of answers that no rule of the parser reads, into `raw.quarantine`: the rest of the answer is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from agentmarts.meta_graph.observations import Unreadable
from agentmarts.meta_graph.storable import names_a_secret, storable_json
from agentmarts.streams.batch import Refused
from agentmarts.streams.refused_rows import quarantine
from agentmarts.streams.rejection import Reason, Rejection
from agentmarts.warehouse.connection import Connection

STREAM = "metric_observations"


def quarantine_unreadable(
    connection: Connection, tenant_id: UUID, parts: Sequence[Unreadable], *, source: str, received_at: datetime
) -> None:
    """Keep parts with their reasons inside the caller's transaction; one that was seen before is counted, not kept twice.

    `source`: what was asked, for the person who looks at it, e.g. `ig_total 17841400000000000`. A part that names a token or proof is
    withheld: only its reason is kept. These rows are not replayed: the loader of streams could not read them either.
    """
    refused = [
        Refused(position, _payload(part), STREAM, None, Rejection(Reason.UNREADABLE_ANSWER, f"{part.metric}: {part.reason}"))
        for position, part in enumerate(parts)
    ]
    quarantine(connection, tenant_id, refused, lambda position: f"{source}[{position}]", received_at)


def _payload(part: Unreadable) -> bytes:
    text = storable_json({"metric": part.metric, "fragment": part.fragment})
    if text is None or names_a_secret(text):
        text = storable_json({"metric": part.metric, "fragment": "withheld: it names a secret"}) or ""
    return text.encode()
