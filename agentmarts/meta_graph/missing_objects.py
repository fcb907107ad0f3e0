"""Objects that Meta says it does not have: since when, going by the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from agentmarts.warehouse.connection import Connection

ASKED_AGAIN_AFTER = timedelta(days=1)
"""The same answer may be a throttle in disguise, which is lengthened by asking."""
DELETED_AFTER = timedelta(days=3)
"""How long Meta must have said so, with other requests of the account being answered, until an object counts as deleted."""

# An answer about the object ends its absence, and so does its burial: if it comes back, its time begins anew.
_SINCE = """
select q.object_id, min(q.finished_at) from raw.collection_ledger q
where q.tenant_id = %(tenant_id)s and q.account_id = %(account_id)s and q.object_id = any(%(object_ids)s) and q.metric = '*'
  and q.state = 'error' and q.retry_after is not null
  and not exists (
    select from raw.collection_ledger later
    where later.tenant_id = q.tenant_id and later.account_id = q.account_id and later.object_id = q.object_id
      and later.ledger_id > q.ledger_id and (later.answered_count > 0 or later.state = 'deleted'))
group by q.object_id
"""


def missing_since(connection: Connection, tenant_id: UUID, account_id: UUID, object_ids: Sequence[str]) -> dict[str, datetime]:
    """When Meta first said that it has none of these objects (UTC), by object_id; those that it has are left out."""
    values = {"tenant_id": tenant_id, "account_id": account_id, "object_ids": list(object_ids)}
    return dict(connection.execute(_SINCE, values).fetchall())
