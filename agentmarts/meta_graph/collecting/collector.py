"""Collecting all accounts: each by itself, the one that waited longest first, so that one broken account costs no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from agentmarts.meta_graph.accounts import Account, list_accounts, note_token_answer
from agentmarts.meta_graph.api.secrets import GraphApp, GraphSecretError, app_of
from agentmarts.meta_graph.catalogue import Catalogue, load_catalogue
from agentmarts.meta_graph.collecting.account_run import AccountRun, Outcome, Planner
from agentmarts.meta_graph.collecting.day_rule import DayRuleCheck
from agentmarts.meta_graph.collecting.session import IN_USE, open_session
from agentmarts.meta_graph.collecting.token_check import TokenCheck
from agentmarts.meta_graph.model import Call
from agentmarts.meta_graph.planning.planner import Known, plan, plan_days
from agentmarts.meta_graph.store.responses import purge_old_responses
from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Role, connect

# What is asked beside the metrics feeds nobody. Failures count: an account that always fails would go first every time, and one whose
# failure stops the app would keep all others from their turn.
_WAITED = """
select account_id, max(finished_at) from raw.collection_ledger
where group_name not in ('token', 'ig_day_rule', 'metric_probe')
group by account_id
"""
_TIMEZONES = """
select distinct on (tenant_id) tenant_id, value #>> '{}' from raw.tenant_parameters
where parameter = 'timezone' and coalesce(valid_from, '-infinity') <= %s order by tenant_id, valid_from desc nulls last, parameter
"""


@dataclass(frozen=True)
class Collected:
    """One account's collection. `error`: why it could not begin or broke off; its requests are due again."""

    account: Account
    outcome: Outcome | None
    error: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything that was due was asked."""
        return self.error is None and self.outcome is not None and not self.outcome.stopped_by and not self.outcome.failures


def collect(
    settings: Settings,
    *,
    accounts: Sequence[UUID] | None = None,
    days: tuple[date, date] | None = None,
    clock: Callable[[], datetime] = now,
    sleep: Callable[[float], None] = time.sleep,
    run_id: str | None = None,
    on_account: Callable[[Collected], None] = lambda collected: None,
) -> list[Collected]:
    """Ask Meta for all that is due for the active accounts (or some of them) and keep it in raw. Safe to repeat, to kill and to run twice.

    With `days`, first and last inclusive, ask instead anew for the accounts' own metrics of these days, on the platform's calendar.

    Answers older than `graph_responses_days` are emptied first. What one account meets, be it an exception, stops no other; only Meta's
    limit of the app and a wrong app secret do. Raises GraphSecretError when there are accounts and the app is not configured.
    """
    purge_old_responses(settings, clock())
    due = due_accounts(settings, accounts, clock())
    if not due:
        return []
    app = app_of(settings)
    catalogue = load_catalogue()
    run = run_id or uuid4().hex
    planner = plan if days is None else partial(_of_days, days)
    done: list[Collected] = []
    for account, timezone in due:
        try:
            collected = _collect_account(settings, account, timezone, catalogue, app, clock, sleep, run, planner)
        except GraphSecretError as error:
            collected = Collected(account, None, str(error))
        except Exception as error:  # one account's trouble, whatever it is
            collected = Collected(account, None, f"{type(error).__name__}: {error}")
        done.append(collected)
        on_account(collected)
        if collected.outcome and collected.outcome.stops_app:
            break
    return done


def _collect_account(
    settings: Settings,
    account: Account,
    timezone: str,
    catalogue: Catalogue,
    app: GraphApp,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    run_id: str,
    planner: Planner,
) -> Collected:
    with open_session(settings, account, timezone=timezone, catalogue=catalogue, run_id=run_id, clock=clock, sleep=sleep) as session:
        if session is None:
            return Collected(account, None, IN_USE)
        outcome = AccountRun(session, before=[TokenCheck(app.token)], after=[DayRuleCheck()], planner=planner).run()
        if outcome.token_is_invalid or outcome.counts.answered:
            with session.work.transaction():
                note_token_answer(session.work, account, is_valid=not outcome.token_is_invalid, at=clock())
    return Collected(account, outcome)


def _of_days(days: tuple[date, date], known: Known, catalogue: Catalogue, at: datetime) -> list[Call]:
    return plan_days(known, catalogue, at, *days)


def due_accounts(settings: Settings, wanted: Sequence[UUID] | None, at: datetime) -> list[tuple[Account, str]]:
    """Active accounts (or some of them) and their tenant's time zone, those that waited longest first."""
    with connect(settings, Role.INGEST) as connection:
        last: dict[UUID, Any] = dict(connection.execute(_WAITED).fetchall())
        timezones: dict[UUID, str] = dict(connection.execute(_TIMEZONES, [at.date()]).fetchall())
        accounts = [one for one in list_accounts(connection) if wanted is None or one.account_id in wanted]
    accounts.sort(key=lambda one: (last.get(one.account_id) is not None, last.get(one.account_id)))
    return [(one, timezones.get(one.tenant_id, "UTC")) for one in accounts]
