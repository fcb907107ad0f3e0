"""Keys of dictionaries that were seen earlier: Meta leaves out those that are 0 now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from agentmarts.warehouse.connection import Connection

_KEYS = """
select object_id, metric, array_agg(distinct dim_value) from raw.metric_observations
where tenant_id = %s and account_id = %s and object_id = any(%s) and dim_key = 'key' group by object_id, metric
"""


def known_keys(
    connection: Connection, tenant_id: UUID, account_id: UUID, object_ids: Sequence[str]
) -> dict[str, Mapping[str, frozenset[str]]]:
    """By object and metric: the keys ever observed. Objects of which none is known are left out."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for object_id, metric, keys in connection.execute(_KEYS, [tenant_id, account_id, list(object_ids)]):
        found.setdefault(object_id, {})[metric] = frozenset(keys)
    return dict(found)
