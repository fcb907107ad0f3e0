"""Delivering events of several tenants the way the world does: shuffled, repeated, in batches of any size, late."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from agentmarts.settings import Settings
from agentmarts.streams.store.loader import ItemResult, load_batch
from agentmarts.warehouse.connection import Role, connect
from tests.support.oracle import Tenant

Parcel = tuple[UUID, str, dict[str, Any]]
"""(tenant, stream, payload)"""


def create_tenant(settings: Settings, tenant: Tenant, slug: str) -> None:
    """A tenant with exactly the zones and parameters the oracle knows."""
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, %s, 'USD')", (tenant.tenant_id, slug, slug)
        )
        values = [(since, "timezone", zone) for since, zone in tenant.zones]
        values += [
            (since, name, value) for since, parameters in tenant.parameters for name, value in parameters.items() if value is not None
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into raw.tenant_parameters (tenant_id, parameter, valid_from, value) values (%s, %s, %s, %s)",
                [(tenant.tenant_id, name, since, Jsonb(value)) for since, name, value in values],
            )


def batches(rng: random.Random, parcels: Sequence[Parcel], times: int) -> list[list[Parcel]]:
    """Every parcel `times` times, in any order, cut into batches of any size."""
    everything = list(parcels) * times
    rng.shuffle(everything)
    cut: list[list[Parcel]] = []
    while everything:
        size = rng.randint(1, max(1, len(parcels)))
        cut.append(everything[:size])
        everything = everything[size:]
    return cut


def deliver(settings: Settings, parcels: Iterable[Parcel], received_at: datetime) -> list[ItemResult]:
    """Send parcels as POST /v1/events would, one request per tenant and stream."""
    grouped: dict[tuple[UUID, str], list[bytes]] = {}
    for tenant, stream, payload in parcels:
        grouped.setdefault((tenant, stream), []).append(orjson.dumps(payload))
    results: list[ItemResult] = []
    for (tenant, stream), items in grouped.items():
        with connect(settings, Role.INGEST, autocommit=True) as connection:
            results += load_batch(connection, tenant_id=tenant, items=items, default_stream=stream, received_at=received_at, source="tests")
    return results
