"""What the demo pulled from its simulated Meta before anybody looked: ten days, as the schedules would have."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from uuid import UUID

from agentmarts.commands.demo.meta import PULLED_DAYS, TOKEN_REF, SimulatedMeta
from agentmarts.commands.output import out
from agentmarts.commands.progress_lines import ProgressLines
from agentmarts.meta_graph.accounts import Account, add_account, list_accounts
from agentmarts.meta_graph.collecting.collector import collect
from agentmarts.settings import Settings, load_settings, now
from agentmarts.warehouse.connection import Role, connect

PULL_EVERY = timedelta(hours=6)


def connected_on(settings: Settings, tenant_id: UUID) -> date:
    """The day since which the demo's accounts count as connected."""
    days = [one.collect_from for one in _accounts(settings, tenant_id) if one.collect_from]
    return min(days, default=now().date() - timedelta(days=PULLED_DAYS))


def pull_past(meta: SimulatedMeta, tenant_id: UUID, progress: ProgressLines) -> None:
    """Connect the accounts and pull every six hours since; an earlier demo's pulls are not made again."""
    settings = load_settings()
    accounts = _accounts(settings, tenant_id) or _connect_accounts(settings, meta, tenant_id)
    instants = _instants(settings, accounts)
    if not instants:
        return
    began = time.monotonic()
    requests = values = 0
    with _commits_in_the_background():
        for number, at in enumerate(instants, start=1):
            progress.doing("pulls", f"Facebook and Instagram as of {at:%Y-%m-%d %H:%M} UTC, pull {number} of {len(instants)}")
            meta.move_clock({"to": at.isoformat()})
            for one in collect(settings, accounts=[account.account_id for account in accounts], clock=_standing(at)):
                if one.error or one.outcome is None:
                    raise RuntimeError(f"pulling {one.account.platform} as of {at:%Y-%m-%d %H:%M} UTC: {one.error}")
                requests += one.outcome.counts.http_calls
                values += one.outcome.counts.facts.new
    progress.finished("pulls")
    meta.move_clock({"follow": True})
    out.print(
        f"Pulled {values:,} values of a simulated Page and Instagram account: {requests} requests in {len(instants)} pulls "
        f"of {PULLED_DAYS} days, {time.monotonic() - began:.0f} s."
    )


@contextmanager
def _commits_in_the_background() -> Iterator[None]:
    """Nobody waits for the disk after each of two thousand transactions: pulls that a crash takes are made again by the next demo."""
    before = os.environ.get("PGOPTIONS")
    os.environ["PGOPTIONS"] = f"{before or ''} -c synchronous_commit=off"
    try:
        yield
    finally:
        del os.environ["PGOPTIONS"]
        if before is not None:
            os.environ["PGOPTIONS"] = before


def _connect_accounts(settings: Settings, meta: SimulatedMeta, tenant_id: UUID) -> list[Account]:
    day = connected_on(settings, tenant_id)
    with connect(settings, Role.INGEST) as connection:
        return [
            add_account(
                connection, tenant_id=tenant_id, platform=one.platform, graph_id=one.id, login_kind="facebook_login", token_ref=TOKEN_REF,
                token_kind="system_user", at=now(), parent_graph_id=one.linked_id if one.platform == "instagram" else None,  # noqa: S106 - a kind, no token
                display_name=one.name, collect_from=day,
            )
            for one in meta.world.accounts.values()
        ]  # fmt: skip


def _accounts(settings: Settings, tenant_id: UUID) -> list[Account]:
    with connect(settings, Role.INGEST) as connection:
        return list_accounts(connection, tenant_id)


def _instants(settings: Settings, accounts: Sequence[Account]) -> list[datetime]:
    """06:00, 12:00, 18:00 and 00:00 UTC of every day since the accounts were connected, after the last pull."""
    with connect(settings, Role.INGEST) as connection:
        row = connection.execute("select max(finished_at) from raw.collection_ledger").fetchone()
    pulled = row[0] if row else None
    first = datetime.combine(min(one.collect_from for one in accounts if one.collect_from), clock_time(6), UTC)
    count = max(0, (now() - first) // PULL_EVERY + 1)
    return [at for at in (first + number * PULL_EVERY for number in range(count)) if pulled is None or at > pulled]


def _standing(at: datetime) -> Callable[[], datetime]:
    return lambda: at
