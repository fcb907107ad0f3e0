"""What of the collection a person should look at: metrics that are left out, versions that end or are not served, tokens that end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from agentmarts.meta_graph.account_check import version_problem
from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.catalogue import ApiVersion
from agentmarts.meta_graph.ledger import IN_QUARANTINE
from agentmarts.warehouse.connection import Connection

LOOKED_BACK = timedelta(days=2)
"""How old an answer may be that tells which version serves an account."""

# As the planner leaves it out; what failed for another reason is due again, and no refusal of the metric.
_LEFT_OUT = f"""
select a.platform, a.graph_id, q.object_type, q.media_product, q.metric, q.group_name,
  max(q.state) as state, max(q.error_code) as error_code,
  min(q.finished_at) as since, nullif(max(q.retry_after), 'infinity') as until
from raw.collection_ledger q
join raw.graph_accounts a on a.tenant_id = q.tenant_id and a.account_id = q.account_id
where a.is_active and q.state <> 'error' and {IN_QUARANTINE}
group by a.platform, a.graph_id, q.object_type, q.media_product, q.metric, q.group_name
order by a.platform, a.graph_id, q.group_name, q.metric
"""  # noqa: S608 - constants

_SERVED = """
select distinct a.platform, a.graph_id, r.requested_version as pinned, r.served_version as served
from raw.graph_responses r
join raw.graph_accounts a on a.tenant_id = r.tenant_id and a.account_id = r.account_id
where a.is_active and r.fetched_at > %(since)s and r.requested_version = a.api_version and r.served_version <> r.requested_version
order by 1, 2
"""


@dataclass(frozen=True)
class LeftOut:
    """A metric that is not asked for now, because Meta refused it. Instants are UTC; `until` None: never again."""

    platform: str
    graph_id: str
    object_type: str
    media_product: str | None
    metric: str
    group_name: str
    state: str
    error_code: int | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class OtherVersion:
    """An account that another version of the API answers than the one it asks."""

    platform: str
    graph_id: str
    pinned: str
    served: str


def left_out(connection: Connection, at: datetime) -> list[LeftOut]:
    """Metrics of active accounts that are in quarantine at an instant. Metric `*`: all of the call group."""
    with connection.cursor(row_factory=class_row(LeftOut)) as cursor:
        return cursor.execute(_LEFT_OUT, {"at": at}).fetchall()


def other_versions(connection: Connection, at: datetime) -> list[OtherVersion]:
    """Active accounts whose pinned version did not answer in the last two days: Meta replaces a dead one without a word."""
    with connection.cursor(row_factory=class_row(OtherVersion)) as cursor:
        return cursor.execute(_SERVED, {"since": at - LOOKED_BACK}).fetchall()


def ending_versions(accounts: Iterable[Account], versions: Iterable[ApiVersion], at: datetime) -> list[tuple[Account, str]]:
    """Accounts whose pinned version ended or ends within 180 days, with what to do."""
    known = tuple(versions)
    found = ((one, version_problem(known, one.api_version, at)) for one in accounts)
    return [(one, problem) for one, problem in found if problem]


def ending_tokens(accounts: Iterable[Account]) -> list[Account]:
    """Accounts whose token is invalid, ends soon or lacks a permission, as far as was noted."""
    return [one for one in accounts if one.token_state not in ("ok", "unknown")]
