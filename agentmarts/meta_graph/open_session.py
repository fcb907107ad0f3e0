"""Opening what one run over one account works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from agentmarts.meta_graph.account_lock import account_lock
from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.client import GraphClient
from agentmarts.meta_graph.gate import Gate
from agentmarts.meta_graph.keeping import Keeper
from agentmarts.meta_graph.secrets import app_of, token_of
from agentmarts.meta_graph.session import Session
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect

IN_USE = "another run collects this account"


@contextmanager
def open_session(
    settings: Settings,
    account: Account,
    *,
    timezone: str,
    catalogue: Catalogue,
    run_id: str,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Iterator[Session | None]:
    """A session that holds the account's lock while the block runs; None when somebody else holds it. Raises GraphSecretError."""
    app, token = app_of(settings), token_of(account.token_ref)
    with _connections(settings) as (work, budgets), account_lock(work, account.account_id) as is_mine:
        if not is_mine:
            yield None
            return
        gate = Gate(budgets, account, app.app_id, clock, sleep)
        with GraphClient.from_settings(
            settings, account.login_kind, before_send=gate.before_send, on_response=gate.on_response, clock=clock, sleep=sleep
        ) as client:
            yield Session(
                work=work,
                gate=gate,
                client=client,
                account=account,
                token=token,
                catalogue=catalogue,
                timezone=timezone,
                keeper=Keeper(work, account, catalogue, run_id),
                clock=clock,
            )


@contextmanager
def _connections(settings: Settings) -> Iterator[tuple[Connection, Connection]]:
    """One for an account's facts, one for the budgets, which must be committed whatever becomes of the facts."""
    with connect(settings, Role.INGEST) as work, connect(settings, Role.INGEST) as budgets:
        work.commit()
        budgets.commit()
        yield work, budgets
