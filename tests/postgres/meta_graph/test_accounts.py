"""Accounts: configuration, the news of their tokens, their day rule, and one collector at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from agentmarts.cli import app
from agentmarts.meta_graph.accounts import Account, AccountError, add_account, list_accounts, note_token_state, set_active, set_day_rule
from agentmarts.meta_graph.collecting.collector import due_accounts
from agentmarts.meta_graph.collecting.session import account_lock
from agentmarts.meta_graph.store.ledger import record
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import list_tenants
from agentmarts.warehouse.connection import Connection
from tests.conftest import TEST_SECRET
from tests.support.facts.streams import a_tenant
from tests.support.meta_graph.stored import NOW, TOKEN, account_values, an_account, collector, ledger_row, stored, window

LATER = NOW + timedelta(hours=1)


def stamped(connection: Connection) -> int:
    """Transaction that last changed what the account's facts mean."""
    row = connection.execute("select ingest_xid::text::bigint from raw.graph_accounts").fetchone()
    assert row is not None
    return int(row[0])


def test_an_account_as_it_begins(settings: Settings) -> None:
    tenant = a_tenant(settings)
    with collector(settings) as connection:
        values = account_values(tenant.tenant_id)
        instagram = add_account(connection, **values, display_name="Acme", parent_graph_id="1001", collect_from=date(2026, 11, 1))
        page = add_account(
            connection, **{**account_values(tenant.tenant_id), "platform": "facebook", "graph_id": "1001"}, api_version="v26.0"
        )
        assert list_accounts(connection) == [page, instagram]
    assert instagram == Account(
        tenant.tenant_id, instagram.account_id, "instagram", "17841", "1001", "Acme", "facebook_login", "v25.0", "acme_instagram", "page",
        None, "unknown", None, None, None, None, 0, "utc", "default", date(2026, 11, 1), True, NOW,
    )  # fmt: skip
    assert (page.ig_day_shift, page.ig_day_boundary, page.api_version) == (None, None, "v26.0")


def test_an_account_is_connected_once(settings: Settings) -> None:
    account = an_account(settings)
    other = an_account(settings, "globex")
    with collector(settings) as connection:
        with pytest.raises(AccountError, match="has the instagram account 17841 already"):
            add_account(connection, **account_values(account.tenant_id))
        with pytest.raises(AccountError, match="no tenant"):
            add_account(connection, **account_values(uuid4()))
        assert list_accounts(connection, account.tenant_id) == [account]
        assert list_accounts(connection, other.tenant_id) == [other]


@pytest.mark.parametrize("secret", [TOKEN, TOKEN[:80], "a b", "", "17841"])
def test_a_token_is_no_name_of_a_secret(settings: Settings, secret: str) -> None:
    tenant = a_tenant(settings)
    with collector(settings) as connection:
        with pytest.raises(AccountError, match="is no name") as refusal:
            add_account(connection, **{**account_values(tenant.tenant_id), "token_ref": secret})
        assert not secret or secret not in str(refusal.value)
        with pytest.raises(psycopg.errors.CheckViolation) as violation:
            connection.execute(
                "insert into raw.graph_accounts (tenant_id, platform, graph_id, login_kind, token_ref, token_kind, updated_at) "
                "values (%s, 'facebook', '1', 'facebook_login', %s, 'page', %s)",
                [tenant.tenant_id, secret, NOW],
            )
        assert not secret or secret not in str(violation.value)


@pytest.mark.parametrize(
    "wrong", [{"platform": "threads"}, {"login_kind": "none"}, {"token_kind": "app"}, {"api_version": "25"}, {"graph_id": "x y"}]
)
def test_values_that_make_no_sense(settings: Settings, wrong: dict[str, Any]) -> None:
    tenant = a_tenant(settings)
    with collector(settings) as connection, pytest.raises(psycopg.errors.CheckViolation):
        add_account(connection, **{**account_values(tenant.tenant_id), **wrong})


def test_news_of_the_token(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        before = stamped(connection)
        note_token_state(
            connection, account, state="missing_scope", checked_at=LATER, fingerprint="0f" * 6, scopes=["read_insights"], expires_at=LATER
        )
        assert list_accounts(connection) == [
            replace(
                account, token_state="missing_scope", token_fingerprint="0f" * 6, token_scopes=["read_insights"], token_expires_at=LATER,
                token_checked_at=LATER, updated_at=LATER,
            )
        ]  # fmt: skip
        assert stamped(connection) == before
        with pytest.raises(psycopg.errors.CheckViolation):
            note_token_state(connection, account, state="fine", checked_at=LATER)  # type: ignore[arg-type]


def test_the_day_rule_changes_what_facts_mean(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        begun = stamped(connection)
        assert set_day_rule(connection, account, shift=0, boundary="utc", source="calibrated", at=LATER)
        assert stamped(connection) == begun
        assert not set_day_rule(connection, account, shift=0, boundary="utc", source="calibrated", at=LATER)
        assert set_day_rule(connection, account, shift=-1, boundary="pacific", source="calibrated", at=LATER)
        assert stamped(connection) > begun
        (found,) = list_accounts(connection)
        assert (found.ig_day_shift, found.ig_day_boundary, found.day_rule_source, found.updated_at) == (-1, "pacific", "calibrated", LATER)


def test_calibration_leaves_a_manual_rule_alone(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert set_day_rule(connection, account, shift=-1, boundary="account", source="manual", at=LATER)
        assert not set_day_rule(connection, account, shift=0, boundary="utc", source="calibrated", at=LATER)
        assert set_day_rule(connection, account, shift=0, boundary="account", source="manual", at=LATER)


def test_facebook_has_no_day_rule(settings: Settings) -> None:
    page = an_account(settings, platform="facebook", graph_id="1001")
    with collector(settings) as connection:
        assert not set_day_rule(connection, page, shift=0, boundary="utc", source="manual", at=LATER)


def test_an_account_at_rest_is_not_listed(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert set_active(connection, account, active=False, at=LATER)
        assert not set_active(connection, account, active=False, at=LATER)
        assert list_accounts(connection) == []
        assert list_accounts(connection, active_only=False) == [replace(account, is_active=False, updated_at=LATER)]
        assert set_active(connection, account, active=True, at=LATER)


def test_a_person_pauses_and_resumes_an_account(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    account = an_account(settings)
    assert settings.database_url is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("AGENTMARTS_HOME", str(settings.home))
    monkeypatch.setenv("AGENTMARTS_SECRET_KEY", TEST_SECRET)
    slug = next(one.slug for one in list_tenants(settings) if one.tenant_id == account.tenant_id)

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["graph", "account", *arguments])
        return f"{done.exit_code} {done.output}"

    assert "collected no longer" in said("pause", slug, account.graph_id)
    assert "It was so before" in said("pause", slug, account.graph_id)
    with collector(settings) as connection:
        assert list_accounts(connection) == []
    assert account.graph_id in said("list"), "a paused account is still shown"
    assert said("resume", slug, account.graph_id).startswith("0 ")
    with collector(settings) as connection:
        assert [one.graph_id for one in list_accounts(connection)] == [account.graph_id]
    assert said("pause", slug, "no such id").startswith("2 ")


def test_instants_come_back_as_they_went(settings: Settings) -> None:
    account = an_account(settings, at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert account.updated_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_two_collectors_compete_for_an_account(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as one, collector(settings) as other:
        with account_lock(one, account.account_id) as first:
            with account_lock(other, account.account_id) as second, account_lock(other, uuid4()) as elsewhere:
                assert (first, second, elsewhere) == (True, False, True)
            stored(one, account, window())
            one.commit()  # the lock outlives the transactions of single requests
            with account_lock(other, account.account_id) as second:
                assert not second
            one.execute("select 1")
            one.rollback()
            with account_lock(other, account.account_id) as second:
                assert not second
        with account_lock(other, account.account_id) as second:
            assert second


def test_a_lock_is_given_up_after_a_failure_and_the_half_done_with_it(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as one, collector(settings) as other:

        def fail_halfway() -> None:
            with account_lock(one, account.account_id):
                stored(one, account, window())
                stored(one, account, window(None, state="ok"))

        with pytest.raises(psycopg.errors.CheckViolation):
            fail_halfway()
        with account_lock(other, account.account_id) as held:
            assert held
            assert other.execute("select count(*) from raw.metric_observations").fetchone() == (0,)
            other.rollback()


def test_a_lock_dies_with_its_connection(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as other:
        with collector(settings) as one, account_lock(one, account.account_id) as held:
            assert held
            gone = one.info.backend_pid
            one.close()
        # The server notices in its own time.
        for _ in range(600):
            if not other.execute("select pg_sleep(0.05) from pg_stat_activity where pid = %s", [gone]).fetchall():
                break
        other.commit()
        with account_lock(other, account.account_id) as held:
            assert held


def test_a_lock_wants_everything_committed(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as one:
        one.execute("select 1")
        with pytest.raises(RuntimeError, match="without an open transaction"), account_lock(one, account.account_id):
            pass
        one.rollback()
        with pytest.raises(RuntimeError, match="not committed"), account_lock(one, account.account_id):
            stored(one, account, window())
        assert one.execute("select count(*) from raw.metric_observations").fetchone() == (0,)


def test_an_account_that_always_fails_does_not_go_first(settings: Settings) -> None:
    """Its failure may stop the app, and would keep the others from their turn for ever."""
    failing, waiting = an_account(settings), an_account(settings, "other", graph_id="17842")
    with collector(settings) as connection:
        for account, state, hours in ((failing, "error", 0), (waiting, "ok", 1)):
            row = ledger_row(metric="*", state=state, finished_at=NOW - timedelta(hours=hours))
            record(connection, account.tenant_id, account.account_id, [row])
        connection.commit()
    order = [account.graph_id for account, _ in due_accounts(settings, None, NOW)]
    assert order == [waiting.graph_id, failing.graph_id]
