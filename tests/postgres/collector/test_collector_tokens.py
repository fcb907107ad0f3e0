"""The daily look at each token: an expired or shrinking one shows before data is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.collecting.token_check import read_token
from agentmarts.meta_graph.health import check_account
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector, hours

DAY = timedelta(days=1)
TINY = Size(posts=3, reels=1, stories=0, history_days=15, future_days=5, audience=100, followers=120, views_per_post=3)
STATE = "select token_state from raw.graph_accounts where graph_id = %s"
TOKEN_ROWS = """
select l.state, l.error_code, l.error_subcode from raw.collection_ledger l join raw.graph_accounts a using (tenant_id, account_id)
where l.group_name = 'token' and a.graph_id = %s order by ledger_id
"""


@pytest.fixture
def tiny(collector_of: MakeCollector, short_past: None) -> Collector:
    return collector_of(TINY)


def checks(collector: Collector) -> int:
    """How often Meta was asked about a token since the journal was forgotten last."""
    return sum(entry["path"] == "debug_token" for entry in collector.graph.asked())


def warnings(collector: Collector, graph_id: str) -> tuple[str, ...]:
    done = collector.run(graph_id)[graph_id]
    assert done.outcome is not None
    return done.outcome.warnings


@pytest.mark.usefixtures("short_past")
def test_once_per_account_and_local_day(collector_of: MakeCollector) -> None:
    collector = collector_of(TINY, timezone="Asia/Kolkata")  # a day begins at 18:30 UTC
    by_hour = {}
    for at in hours(collector.graph, 24):
        collector.graph.forget("journal")
        collector.run()
        by_hour[at.hour] = checks(collector)
    assert {hour: count for hour, count in by_hour.items() if count} == {13: 2, 19: 2}
    rows = collector.rows("select state, http_calls from raw.collection_ledger where group_name = 'token'")
    assert rows == [("ok", 1)] * 4
    noted = collector.rows("select token_state, token_checked_at is not null, token_fingerprint is not null from raw.graph_accounts")
    assert noted == [("ok", True, True)] * 2


@pytest.mark.parametrize("subcode", [460, 492])
def test_a_token_that_was_withdrawn(tiny: Collector, subcode: int) -> None:
    assert warnings(tiny, PAGE) == ()
    tiny.graph.tell("tokens", {"name": "page", "revoked_by": subcode})
    tiny.graph.advance(DAY)
    done = tiny.run()
    assert done[PAGE].outcome is not None
    assert done[PAGE].outcome.token_is_invalid
    assert "not valid" in done[PAGE].outcome.warnings[0]
    assert done[INSTAGRAM].is_complete
    assert tiny.rows(TOKEN_ROWS, PAGE) == [("ok", None, None), ("not_permitted", 190, subcode)]
    assert tiny.one(STATE, PAGE) == "invalid"

    tiny.graph.tell("tokens", {"name": "page", "revoked_by": None})
    tiny.graph.advance(timedelta(hours=1))
    assert tiny.run(PAGE)[PAGE].is_complete
    assert tiny.one(STATE, PAGE) == "ok", "its answers tell"
    tiny.graph.advance(DAY)
    assert warnings(tiny, PAGE) == ()


def test_a_permission_that_is_gone_shows_though_nothing_failed(tiny: Collector) -> None:
    all_of_them = next(token["scopes"] for token in tiny.graph.ask("tokens") if token["name"] == "page")
    tiny.graph.tell("tokens", {"name": "page", "scopes": [scope for scope in all_of_them if scope != "read_insights"]})
    done = tiny.run(PAGE)[PAGE]
    assert done.is_complete, "Meta answers, with empty data"
    assert done.outcome is not None
    assert done.outcome.warnings == ("the token lacks read_insights: grant them and make a new token",)
    assert tiny.one(STATE, PAGE) == "missing_scope"
    assert tiny.rows(TOKEN_ROWS, PAGE) == [("not_permitted", None, None)]


def test_a_token_that_ends_soon(tiny: Collector) -> None:
    end = tiny.graph.now() + 10 * DAY
    tiny.graph.tell("tokens", {"name": "system", "expires_at": end.isoformat()})
    assert warnings(tiny, INSTAGRAM) == (f"the token works until {end:%Y-%m-%d %H:%M} UTC only: renew it",)
    assert tiny.rows("select token_state, token_expires_at from raw.graph_accounts where graph_id = %s", INSTAGRAM) == [("expiring", end)]
    assert tiny.rows(TOKEN_ROWS, INSTAGRAM) == [("ok", None, None)]


def test_an_exchanged_token_is_looked_at_on_the_same_day(tiny: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.run(PAGE)
    user = next(token["value"] for token in tiny.graph.ask("tokens") if token["name"] == "system")
    monkeypatch.setenv("AGENTMARTS_GRAPH_TOKEN_PAGE", user)
    before = tiny.one("select token_fingerprint from raw.graph_accounts where graph_id = %s", PAGE)
    tiny.graph.forget("journal")
    tiny.run(PAGE)
    assert checks(tiny) == 1
    assert tiny.one("select token_fingerprint from raw.graph_accounts where graph_id = %s", PAGE) != before


@pytest.mark.parametrize("trouble", ["html", "the app is another one"])
def test_no_answer_about_a_token_stops_nothing_and_is_asked_again(tiny: Collector, trouble: str) -> None:
    settings = tiny.settings
    if trouble == "html":
        tiny.graph.fail("html", path="debug_token", times=10)
    else:
        tiny.settings = settings.model_copy(update={"graph_app_id": "1"})
    done = tiny.run(PAGE)[PAGE]
    assert done.is_complete
    assert done.outcome is not None
    assert "does not tell about the token" in done.outcome.warnings[0]
    assert tiny.one(STATE, PAGE) == "unknown"
    tiny.graph.forget("faults")
    tiny.settings = settings
    assert warnings(tiny, PAGE) == ()
    assert tiny.one(STATE, PAGE) == "ok"


def test_the_check_of_an_account_says_what_is_missing(tiny: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, account = load_catalogue(), tiny.accounts[INSTAGRAM]
    assert check_account(tiny.settings, account, catalogue, tiny.graph.now).problems == ()
    tiny.graph.tell("tokens", {"name": "system", "scopes": ["instagram_basic"]})
    found = check_account(tiny.settings, account, catalogue, tiny.graph.now)
    assert found.state == "missing_scope"
    assert found.problems == ("the token lacks instagram_manage_insights: grant them and make a new token",)
    assert tiny.one(STATE, INSTAGRAM) == "missing_scope"
    other = next(token["value"] for token in tiny.graph.ask("tokens") if token["name"] == "page")
    monkeypatch.setenv("AGENTMARTS_GRAPH_TOKEN_SYSTEM", other)
    tiny.graph.tell("tokens", {"name": "page", "revoked_by": 492})
    found = check_account(tiny.settings, account, catalogue, tiny.graph.now)
    assert found.state == "invalid"
    assert "administrator, editor, or moderator" in found.problems[0]
    monkeypatch.delenv("AGENTMARTS_GRAPH_TOKEN_SYSTEM")
    assert "AGENTMARTS_GRAPH_TOKEN_SYSTEM is not set" in check_account(tiny.settings, account, catalogue, tiny.graph.now).problems[0]


def answer(account: Account, targets: list[str] | None) -> dict[str, Any]:
    scopes = ["instagram_basic", "instagram_manage_insights"]
    granular = [{"scope": scopes[1], **({"target_ids": targets} if targets is not None else {})}]
    return {"data": {"is_valid": True, "scopes": scopes, "expires_at": 0, "data_access_expires_at": 0, "granular_scopes": granular}}


def test_a_permission_for_other_accounts_only_is_none(tiny: Collector) -> None:
    account, catalogue, at = tiny.accounts[INSTAGRAM], load_catalogue(), tiny.graph.now()
    for targets, state in ((None, "ok"), ([], "ok"), ([INSTAGRAM, "1"], "ok"), (["1"], "missing_scope")):
        reading = read_token(account, answer(account, targets), catalogue, at)
        assert reading.state == state, targets
    assert "for other accounts, not for instagram account" in reading.problems[0]


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (None, "unknown"),
        ([], "unknown"),
        ({"data": None}, "unknown"),
        ({"data": {"scopes": 7}}, "unknown"),
        ({"data": {"is_valid": True, "scopes": 7, "expires_at": "soon", "granular_scopes": [1, {}]}}, "unknown"),
        ({"data": {"is_valid": False, "error": "no"}}, "invalid"),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_valid_token(tiny: Collector, body: Any, state: str) -> None:
    assert read_token(tiny.accounts[PAGE], body, load_catalogue(), tiny.graph.now()).state == state
