"""Advisory locks of the warehouse: they die with their connection, so nothing is ever left locked."""

from __future__ import annotations

import hashlib
from enum import IntEnum


class Lock(IntEnum):
    """Keys of pg_advisory_lock; any 64-bit numbers will do as long as they differ."""

    MIGRATE = 0x616D_0001
    TRANSFORM = 0x616D_0002
    PUBLISH = 0x616D_0003


def key_of(name: str) -> int:
    """Key of a lock with a name: the first 8 bytes of the name's SHA-256, as PostgreSQL's signed bigint."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
