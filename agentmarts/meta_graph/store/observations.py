"""Values into `raw.metric_observations`: a row only for what is new, a revision only for what changed; and the keys known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from agentmarts.meta_graph.model import Observation
from agentmarts.meta_graph.store.text import storable_rows, storable_text
from agentmarts.warehouse.connection import Connection

ATTEMPTS = 5
_TEXTS = (
    "group_name", "platform", "object_type", "object_id", "media_product", "metric", "period", "dim_key", "dim_value", "raw_end_time",
    "sample_slot",
)  # fmt: skip

_STORE = """
with incoming as materialized (
  select * from rows from (json_to_recordset(%(observations)s::json) as (
    fact_id uuid, group_name text, platform text, object_type text, object_id text, media_product text, metric text, period text,
    dim_key text, dim_value text, window_start timestamptz, window_end timestamptz, raw_end_time text, sample_slot text, value numeric,
    state text, is_final boolean, observed_at timestamptz)
  ) with ordinality as i (
    fact_id, group_name, platform, object_type, object_id, media_product, metric, period, dim_key, dim_value, window_start, window_end,
    raw_end_time, sample_slot, value, state, is_final, observed_at, n)
),
-- Each beside what arrived just before it: in this call, else the newest revision in the table.
compared as (
  select i.*, coalesce(newest.revision, 0) as base,
    case when lag(i.n) over fact is null
      then newest.revision is null or (i.value, i.state, i.is_final) is distinct from (newest.value, newest.state, newest.is_final)
      else (i.value, i.state, i.is_final) is distinct from (lag(i.value) over fact, lag(i.state) over fact, lag(i.is_final) over fact)
    end as differs,
    newest.revision is null and lag(i.n) over fact is null as is_first,
    max(i.observed_at) filter (where i.state <> 'empty' and i.sample_slot <> '') over (
      partition by i.group_name, i.object_id, i.metric, i.period
      order by i.observed_at groups between unbounded preceding and 1 preceding) as said_here,
    max(i.observed_at) filter (where i.state = 'empty' and i.sample_slot <> '') over (
      partition by i.group_name, i.object_id, i.metric, i.period, i.dim_key, i.dim_value
      order by i.observed_at groups between unbounded preceding and 1 preceding) as empty_here
  from incoming i
  left join lateral (
    select o.revision, o.value, o.state, o.is_final from raw.metric_observations o
    where o.tenant_id = %(tenant_id)s and o.fact_id = i.fact_id order by o.revision desc limit 1
  ) newest on true
  window fact as (partition by i.fact_id order by i.n)
),
-- The first sample of a slot says nothing new when it is empty and the sample before it, of whatever slot, was empty too. Only what was
-- observed earlier counts, so that the same answer stored again meets the same rule.
kept as (
  select c.* from compared c
  where c.differs and not (
    c.is_first and c.sample_slot <> '' and c.state = 'empty' and coalesce((
      select greatest(c.empty_here, max(s.observed_at) filter (
               where s.state = 'empty' and s.dim_key = c.dim_key and s.dim_value = c.dim_value))
             >= coalesce(greatest(c.said_here, max(s.observed_at) filter (where s.state <> 'empty')), '-infinity')
      from raw.metric_observations s
      where s.tenant_id = %(tenant_id)s and s.account_id = %(account_id)s and s.group_name = c.group_name and s.object_id = c.object_id
        and s.metric = c.metric and s.period = c.period and s.sample_slot <> '' and s.observed_at < c.observed_at), false))
),
numbered as (
  select k.*, k.base + row_number() over (partition by k.fact_id order by k.n) as revision from kept k
),
written as (
  insert into raw.metric_observations
    (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, media_product, metric, period, dim_key,
     dim_value, window_start, window_end, raw_end_time, sample_slot, value, state, is_final, observed_at, response_id, catalogue_version)
  select %(tenant_id)s, %(account_id)s, fact_id, revision, group_name, platform, object_type, object_id, media_product, metric, period,
    dim_key, dim_value, window_start, window_end, raw_end_time, sample_slot, value, state, is_final, observed_at, %(response_id)s,
    %(catalogue_version)s
  from numbered order by fact_id, revision  -- one order for all writers
  on conflict (tenant_id, fact_id, revision) do nothing
  returning fact_id, revision
)
select (select count(*) from written where revision = 1), (select count(*) from written where revision > 1),
  array(select distinct n.fact_id from numbered n
        where not exists (select from written w where (w.fact_id, w.revision) = (n.fact_id, n.revision)))
"""


@dataclass(frozen=True)
class StoredCount:
    """What became of the values of one call. Counts add up to their number."""

    new: int = 0
    """Facts seen for the first time."""
    revised: int = 0
    """Revisions of facts that were there."""
    unchanged: int = 0

    def __add__(self, other: StoredCount) -> StoredCount:
        return StoredCount(self.new + other.new, self.revised + other.revised, self.unchanged + other.unchanged)


class StoreConflictError(RuntimeError):
    """Somebody else kept writing the same facts; the transaction should be rolled back and tried again."""


def store_observations(
    connection: Connection,
    tenant_id: UUID,
    account_id: UUID,
    response_id: UUID,
    catalogue_version: str,
    observations: Sequence[Observation],
) -> StoredCount:
    """Keep the values of one answer inside the caller's transaction, in one round trip; their order is the order of arrival.

    A value with the value, state and is_final of the fact's newest revision adds no row, be it of a window or of a sample's slot;
    otherwise it is the next revision. The first sample of a slot adds no row either when it is empty and so was the sample observed
    before it of the same metric, dimension and object, whatever its slot.

    A writer that came in between (the account's lock forbids it) costs another round trip and loses no newest value. Raises
    StoreConflictError if that happens again and again, psycopg.errors.CheckViolation for a value that contradicts its state (0 for
    unknown).
    """
    total = StoredCount()
    left = [_storable(one) for one in observations]
    for _ in range(ATTEMPTS):
        if not left:
            return total
        row = connection.execute(
            _STORE,
            {
                "observations": storable_rows({**vars(one), "fact_id": one.fact_id(account_id)} for one in left),
                "tenant_id": tenant_id,
                "account_id": account_id,
                "response_id": response_id,
                "catalogue_version": catalogue_version,
            },
        ).fetchone()
        assert row is not None
        new, revised, missed = row
        # Of a fact that somebody else wrote meanwhile only the last value matters now.
        conflicting = set(missed)
        last = {fact_id: one for one in left if (fact_id := one.fact_id(account_id)) in conflicting}
        total += StoredCount(new, revised, len(left) - new - revised - len(last))
        left = list(last.values())
    raise StoreConflictError(f"{len(left)} facts of account {account_id} are being written by somebody else")


def _storable(one: Observation) -> Observation:
    """Before its id is made of it, so that the same text names the same fact."""
    changes = {name: clean for name in _TEXTS if (clean := storable_text(text := getattr(one, name))) != text}
    return replace(one, **changes) if changes else one


# Keys of dictionaries that were seen earlier: Meta leaves out those that are 0 now.

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
