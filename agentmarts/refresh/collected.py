"""Raw tables that our own collector fills. They are no streams: nobody sends them, but their rows arrive and are published alike."""

from __future__ import annotations

ARRIVED_AT = {"collection_ledger": "finished_at", "graph_objects": "observed_at", "metric_observations": "observed_at"}
"""Tables of facts by name, with the column (timestamptz) that says when Meta's answer came. A request leaves a row in the ledger whatever
becomes of it; the answers themselves (graph_responses) come with it, so they need not be watched."""
CONFIGURATION = ("graph_accounts",)
"""Tables whose changed rows are told by ingest_xid only."""
