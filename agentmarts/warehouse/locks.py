"""Advisory locks of the warehouse: they die with their connection, so nothing is ever left locked."""

from __future__ import annotations

from enum import IntEnum


class Lock(IntEnum):
    """Keys of pg_advisory_lock; any 64-bit numbers will do as long as they differ."""

    MIGRATE = 0x616D_0001
    TRANSFORM = 0x616D_0002
    PUBLISH = 0x616D_0003
