"""What was asked: settled items, quarantined metrics, resting objects, and the name of a need."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from typing import Any, get_args
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.model import UNSETTLED, LedgerState
from agentmarts.meta_graph.planning.quarantine import Quarantined
from agentmarts.meta_graph.planning.slots import plan_key
from agentmarts.meta_graph.store.ledger import (
    FOR_EVER,
    WHOLE,
    LedgerRow,
    last_attempts,
    quarantined,
    record,
    resting_objects,
    settled,
    settled_windows,
)
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection
from tests.support.meta_graph.stored import MIDNIGHT, NOW, RESPONSE, an_account, collector, ledger_row

WEEK = timedelta(days=7)
ACCOUNT = UUID("00000000-0000-4000-8000-00000000000b")
DEAD = {"state": "deprecated", "answered_count": 0, "error_code": 100, "retry_after": NOW + WEEK}


def recorded(connection: Connection, account: Account, *rows: LedgerRow) -> int:
    return record(connection, account.tenant_id, account.account_id, rows)


def quarantined_at(connection: Connection, account: Account, at: datetime) -> set[Quarantined]:
    return quarantined(connection, account.tenant_id, account.account_id, at)


def resting_at(connection: Connection, account: Account, at: datetime) -> set[tuple[str, str, str]]:
    return resting_objects(connection, account.tenant_id, account.account_id, at)


def test_everything_of_a_row_is_kept_once(settings: Settings) -> None:
    account = an_account(settings)
    row = ledger_row(
        media_product="REELS", object_id="901", window_start=MIDNIGHT, window_end=NOW, sample_slot="age:24h", error_code=100,
        error_subcode=33, retry_after=NOW + WEEK, response_id=RESPONSE, state="error",
    )  # fmt: skip
    with collector(settings) as connection:
        assert recorded(connection, account, row, row, ledger_row()) == 2
        assert recorded(connection, account, row) == 0
        assert recorded(connection, account) == 0
        found = connection.execute(
            "select run_id, plan_key, attempt, group_name, edge, object_type, metric, period, asked_count, answered_count, state, "
            "http_calls, counted_calls, finished_at, media_product, object_id, window_start, window_end, sample_slot, error_code, "
            "error_subcode, retry_after, response_id from raw.collection_ledger where object_id <> ''"
        ).fetchone()
    assert found is not None
    assert LedgerRow(*found) == row


@pytest.mark.parametrize("state", get_args(LedgerState))
def test_what_is_settled(settings: Settings, state: Any) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(state=state, metric=WHOLE))
        assert settled(connection, account.tenant_id, account.account_id).items == (set() if state in UNSETTLED else {"k1"})


def test_a_later_attempt_settles(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection:
        recorded(
            connection,
            ours,
            *(ledger_row(metric=WHOLE, **row) for row in ({"state": "throttled"}, {"state": "error", "attempt": 2}, {"plan_key": "k2"})),
        )
        assert settled(connection, ours.tenant_id, ours.account_id).items == {"k2"}
        assert last_attempts(connection, ours.tenant_id, ours.account_id, ["k1", "k2", "k3"]) == {"k1": 2, "k2": 1}
        recorded(connection, ours, ledger_row(attempt=3, metric=WHOLE))
        assert settled(connection, ours.tenant_id, ours.account_id).items == {"k1", "k2"}
        assert settled(connection, theirs.tenant_id, theirs.account_id).items == set()
        assert last_attempts(connection, theirs.tenant_id, theirs.account_id, ["k1"]) == {}


def test_a_part_of_an_item_settles_only_itself(settings: Settings) -> None:
    """A crash or a throttle may come between the requests of one item: what was answered is not asked again, the rest is."""
    account = an_account(settings)
    with collector(settings) as connection:
        rows = [ledger_row(metric="reach"), ledger_row(metric="views", state="deprecated"), ledger_row(metric=WHOLE, state="throttled")]
        recorded(connection, account, *rows)
        found = settled(connection, account.tenant_id, account.account_id)
        assert (found.items, found.parts) == (frozenset(), {"k1": frozenset({"reach", "views"})})
        recorded(connection, account, ledger_row(metric=WHOLE, attempt=2))
        found = settled(connection, account.tenant_id, account.account_id)
        assert (found.items, found.parts) == (frozenset({"k1"}), {})


def test_windows_are_settled_whole_or_not(settings: Settings) -> None:
    account = an_account(settings)
    window = {"window_start": MIDNIGHT, "window_end": NOW, "finished_at": NOW + timedelta(days=4)}
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(metric="reach", **window), ledger_row(metric=WHOLE, state="error", **window))
        assert settled_windows(connection, account.tenant_id, account.account_id, NOW) == {}
        rows = [ledger_row(metric=WHOLE, attempt=2, **window), ledger_row(metric=WHOLE, plan_key="slot")]
        recorded(connection, account, *rows)
        assert settled_windows(connection, account.tenant_id, account.account_id, NOW) == {rows[0].group_name: [(MIDNIGHT, NOW)]}


def test_what_was_provisional_when_it_was_asked_is_not_settled(settings: Settings) -> None:
    account = an_account(settings)
    day = timedelta(days=1)
    with collector(settings) as connection:
        asked = ledger_row(metric=WHOLE, window_start=MIDNIGHT - 7 * day, window_end=MIDNIGHT, finished_at=MIDNIGHT)
        recorded(connection, account, asked, ledger_row(metric=WHOLE, plan_key="k2", window_start=MIDNIGHT - day, window_end=MIDNIGHT))
        found = settled_windows(connection, account.tenant_id, account.account_id, NOW)
        assert found == {asked.group_name: [(MIDNIGHT - 7 * day, MIDNIGHT - 3 * day)]}


def test_a_dead_metric_rests_for_its_time(settings: Settings) -> None:
    account = an_account(settings)
    key = Quarantined("ig_media", "REELS", "plays", "lifetime")
    dead = ledger_row(**DEAD, object_type="ig_media", media_product="REELS", metric="plays", period="lifetime")
    with collector(settings) as connection:
        recorded(connection, account, dead, ledger_row(**DEAD, metric="profile_views"), ledger_row(metric="views"))
        assert quarantined_at(connection, account, NOW) == {key, Quarantined("ig_user", None, "profile_views", "day")}
        assert quarantined_at(connection, account, NOW + WEEK - timedelta(seconds=1)) != set()
        assert quarantined_at(connection, account, NOW + WEEK) == set()


def test_an_answer_ends_a_quarantine(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(**DEAD))
        # Silence, a throttle, or an answer to something else is no sign of life.
        others: list[dict[str, Any]] = [{"metric": "views"}, {"period": "week"}, {"media_product": "FEED"}, {"object_type": "ig_media"}]
        recorded(connection, account, *(ledger_row(plan_key=f"o{number}", **other) for number, other in enumerate(others)))
        recorded(connection, account, ledger_row(plan_key="t", state="throttled", answered_count=0))
        assert len(quarantined_at(connection, account, NOW)) == 1
        recorded(connection, account, ledger_row(plan_key="probe", group_name="metric_probe"))
        assert quarantined_at(connection, account, NOW) == set()
        recorded(connection, account, ledger_row(plan_key="k2", **DEAD))
        assert len(quarantined_at(connection, account, NOW)) == 1


def test_a_breakdown_that_is_not_supported_is_the_matter_of_its_group(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(**{**DEAD, "state": "not_supported"}, group_name="split"))
        [found] = quarantined_at(connection, account, NOW)
        assert found.group_name == "split"
        recorded(connection, account, ledger_row(plan_key="k2", group_name="other"))
        assert quarantined_at(connection, account, NOW) == {found}
        recorded(connection, account, ledger_row(plan_key="k3", group_name="split"))
        assert quarantined_at(connection, account, NOW) == set()


def test_a_throttle_quarantines_nothing(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(**{**DEAD, "state": "throttled"}))
        assert quarantined_at(connection, account, NOW) == set()


def test_one_object_s_grave_is_not_the_metric_s(settings: Settings) -> None:
    account = an_account(settings)
    grave = {"object_type": "ig_media", "object_id": "901", "group_name": "ig_media_due", "metric": "*", "answered_count": 0}
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(**grave, state="not_supported", retry_after=FOR_EVER))
        recorded(connection, account, ledger_row(**{**grave, "object_id": "902"}, state="error", retry_after=NOW + timedelta(days=1)))
        assert quarantined_at(connection, account, NOW) == set()
        forever = ("ig_media_due", "901", "*")
        assert resting_at(connection, account, NOW) == {forever, ("ig_media_due", "902", "*")}
        assert resting_at(connection, account, NOW + timedelta(days=1)) == {forever}
        assert resting_at(connection, account, datetime(9000, 1, 1, tzinfo=UTC)) == {forever}
        assert connection.execute("select count(*) from raw.collection_ledger where retry_after = 'infinity'").fetchone() == (1,)
        recorded(connection, account, ledger_row(**{**grave, "object_id": "902", "answered_count": 1}, plan_key="k9"))
        assert resting_at(connection, account, NOW) == {forever}


def test_accounts_rest_apart(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection:
        recorded(connection, ours, ledger_row(**DEAD), ledger_row(**DEAD, object_id="901"))
        assert quarantined_at(connection, theirs, NOW) == set()
        assert resting_at(connection, theirs, NOW) == set()
        recorded(connection, theirs, ledger_row())
        assert len(quarantined_at(connection, ours, NOW)) == 1


@pytest.mark.parametrize("wrong", [{"state": "fine"}, {"attempt": 0}, {"asked_count": -1}, {"http_calls": -1}])
def test_rows_that_make_no_sense(settings: Settings, wrong: dict[str, Any]) -> None:
    account = an_account(settings)
    with collector(settings) as connection, pytest.raises(psycopg.errors.CheckViolation):
        recorded(connection, account, ledger_row(**wrong))


def test_the_name_of_a_need_stays() -> None:
    """Changing it would send everything again: the value is pinned."""
    assert plan_key(ACCOUNT, "ig_media_due", "age:24h", ["902", "901"]) == "a3059ab1cbca36aa62b26bdb0e102772"


def test_the_order_of_objects_and_the_zone_of_a_window_do_not_matter() -> None:
    window = (MIDNIGHT, NOW)
    elsewhere = tuple(moment.astimezone(timezone(timedelta(hours=-8))) for moment in window)
    assert plan_key(ACCOUNT, "g", window, ["1", "2", "2"]) == plan_key(ACCOUNT, "g", (elsewhere[0], elsewhere[1]), ["2", "1"])
    with pytest.raises(ValueError, match="no zone"):
        plan_key(ACCOUNT, "g", (MIDNIGHT.replace(tzinfo=None), NOW), [])


asked = st.one_of(st.sampled_from(["age:24h", "day:2026-11-20"]), st.sampled_from([MIDNIGHT, NOW]).map(lambda start: (start, NOW + WEEK)))
needs = st.tuples(
    st.sampled_from([ACCOUNT, RESPONSE]),
    st.sampled_from(["g", "h"]),
    asked,
    st.frozensets(st.sampled_from(["1", "2", "12"])),
    st.sampled_from([None, date(2026, 11, 20), date(2026, 11, 21)]),
)


@given(one=needs, other=needs)
def test_different_needs_have_different_names(one: Any, other: Any) -> None:
    assert (plan_key(*one) == plan_key(*other)) == (one == other)


def test_no_two_parts_of_a_name_run_together() -> None:
    keys = {plan_key(ACCOUNT, group, slot, objects) for group, slot, objects in product(("a", "ab"), ("b", ""), ([], ["b"], ["", "b"]))}
    assert len(keys) == 12


def test_what_was_refused_for_want_of_a_permission_is_missing_again_after_a_week(settings: Settings) -> None:
    account = an_account(settings)
    window = {"window_start": MIDNIGHT, "window_end": NOW, "finished_at": NOW + timedelta(days=4)}
    with collector(settings) as connection:
        recorded(connection, account, ledger_row(metric=WHOLE, state="not_permitted", **window))
        for days, is_covered in ((10, True), (11, False)):
            found = settled_windows(connection, account.tenant_id, account.account_id, NOW + timedelta(days=days))
            assert bool(found) is is_covered
