"""Posts, reels, media and stories in `raw.graph_objects`, with revisions, and which of them Meta says it does not have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row

from agentmarts.meta_graph.model import GraphObject
from agentmarts.meta_graph.store.text import storable_rows
from agentmarts.warehouse.connection import Connection

_STORE = """
with incoming as (
  select distinct on (object_id) * from rows from (json_to_recordset(%(objects)s::json) as (
    object_id text, object_type text, published_at timestamptz, media_product text, media_type text, permalink text, message text,
    is_deleted boolean)
  ) with ordinality as i (object_id, object_type, published_at, media_product, media_type, permalink, message, is_deleted, n)
  order by object_id, n desc
),
merged as (
  select i.object_id, coalesce(newest.revision, 0) + 1 as revision, i.object_type,
    coalesce(i.media_product, newest.media_product) as media_product, coalesce(i.media_type, newest.media_type) as media_type,
    coalesce(i.published_at, newest.published_at) as published_at, coalesce(i.permalink, newest.permalink) as permalink,
    coalesce(i.message, newest.message) as message, i.is_deleted,
    (newest.object_type, newest.media_product, newest.media_type, newest.published_at, newest.permalink, newest.message,
     newest.is_deleted) as known
  from incoming i
  left join lateral (
    select o.* from raw.graph_objects o
    where o.tenant_id = %(tenant_id)s and o.account_id = %(account_id)s and o.object_id = i.object_id order by o.revision desc limit 1
  ) newest on true
)
insert into raw.graph_objects
  (tenant_id, account_id, object_id, revision, object_type, media_product, media_type, published_at, permalink, message, is_deleted,
   observed_at)
select %(tenant_id)s, %(account_id)s, object_id, revision, object_type, media_product, media_type, published_at, permalink, message,
  is_deleted, %(observed_at)s
from merged
where (object_type, media_product, media_type, published_at, permalink, message, is_deleted) is distinct from known
on conflict (tenant_id, account_id, object_id, revision) do nothing
"""

_KNOWN = """
select distinct on (object_id) object_id, object_type, published_at, media_product, media_type, permalink, message, is_deleted
from raw.graph_objects where tenant_id = %s and account_id = %s order by object_id, revision desc
"""


def store_objects(connection: Connection, tenant_id: UUID, account_id: UUID, objects: Sequence[GraphObject], observed_at: datetime) -> int:
    """Keep objects inside the caller's transaction, in one round trip; returns the number of new revisions.

    None means that this list does not tell: what was known stays. A deletion is an object with `is_deleted`; an object that is listed
    again comes back as one more revision. Of an object that stands twice in the list the last mention counts. `observed_at`: UTC.
    """
    if not objects:
        return 0
    given = {"tenant_id": tenant_id, "account_id": account_id, "observed_at": observed_at}
    return connection.execute(_STORE, {**given, "objects": storable_rows(vars(one) for one in objects)}).rowcount


def known_objects(connection: Connection, tenant_id: UUID, account_id: UUID) -> list[GraphObject]:
    """The newest revision of every object of the account, deleted ones too, by object_id."""
    with connection.cursor(row_factory=class_row(GraphObject)) as cursor:
        return cursor.execute(_KNOWN, [tenant_id, account_id]).fetchall()


# Objects that Meta says it does not have: since when, going by the ledger.

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
