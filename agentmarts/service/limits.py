"""How much one client, and all of them together, may ask of one process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Defaults of the service; a bench or a test may give others."""

    requests_per_second: float = 10.0
    burst: int = 50
    in_flight: int = 64
    exports_in_flight: int = 4
    connections: int = 12
    body_bytes: int = 2 * 1024**2
    ingest_body_bytes: int = 10 * 1024**2
    ingest_items: int = 10_000
    body_seconds: float = 30.0
    query_milliseconds: int = 2_000
    export_milliseconds: int = 60_000
    failed_logins_per_minute: int = 20
    cached_body_bytes: int = 32 * 1024**2
    key_cache_seconds: float = 4.0
    """How long a revoked key may still be believed; the promise is 5."""
