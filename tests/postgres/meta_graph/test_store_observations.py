"""Values: a row for what is new, a revision for what changed, nothing for what was said before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.meta_graph.accounts import Account, list_accounts
from agentmarts.meta_graph.model import Observation
from agentmarts.meta_graph.store.observations import StoredCount
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.meta_graph.stored import (
    MIDNIGHT,
    NOW,
    SOMEBODY_WAITS,
    an_account,
    collector,
    revisions,
    sample,
    stored,
    wait_until,
    window,
)

AS_OF = """
select distinct on (fact_id) window_start, value, state, is_final from raw.metric_observations
where tenant_id = %s and window_start is not null and observed_at <= %s order by fact_id, revision desc
"""


def test_everything_of_a_value_is_kept(settings: Settings) -> None:
    account = an_account(settings)
    value = window(
        224,
        media_product="REELS",
        dim_key="follow_type|media_product_type",
        dim_value="FOLLOWER|POST",
        raw_end_time="2026-11-20T08:00:00+0000",
    )
    with collector(settings) as connection:
        assert stored(connection, account, value) == StoredCount(new=1)
        row = connection.execute(
            "select fact_id, revision, group_name, platform, object_type, object_id, media_product, metric, period, dim_key, dim_value, "
            "window_start, window_end, raw_end_time, sample_slot, value, state, is_final, observed_at, catalogue_version, "
            "ingest_xid = pg_current_xact_id() from raw.metric_observations"
        ).fetchone()
    assert row == (
        value.fact_id(account.account_id), 1, "ig_total", "instagram", "ig_user", "17841", "REELS", "reach", "day",
        "follow_type|media_product_type", "FOLLOWER|POST", MIDNIGHT, MIDNIGHT + timedelta(days=1), "2026-11-20T08:00:00+0000", "",
        Decimal(224), "ok", False, NOW, "0123456789ab", True,
    )  # fmt: skip


def test_a_restated_window_keeps_its_history(settings: Settings) -> None:
    account = an_account(settings)
    zero = window(0, state="zero_provisional")
    with collector(settings) as connection:
        assert stored(connection, account, zero, window(7, day=1)) == StoredCount(new=2)
        assert stored(connection, account, zero, window(7, day=1)) == StoredCount(unchanged=2)
        assert stored(connection, account, window(5)) == StoredCount(revised=1)
        assert stored(connection, account, window(5, is_final=True)) == StoredCount(revised=1)
        assert stored(connection, account, window(None)) == StoredCount(revised=1)
        assert [(revision, value, state) for _, start, revision, value, state in revisions(connection, account) if start == MIDNIGHT] == [
            (1, 0, "zero_provisional"), (2, 5, "ok"), (3, 5, "ok"), (4, None, "empty"),
        ]  # fmt: skip


def test_what_was_known_then(settings: Settings) -> None:
    """Any past report can be rebuilt: the newest revision that had been observed by that instant."""
    account = an_account(settings)
    with collector(settings) as connection:
        for hours, value in ((0, 3), (24, 5), (72, 6)):
            stored(connection, account, window(value, observed_at=NOW + timedelta(hours=hours), is_final=hours == 72))

        def known(at: datetime) -> list[tuple[Any, ...]]:
            return [row[1:] for row in connection.execute(AS_OF, [account.tenant_id, at])]

        assert known(NOW - timedelta(seconds=1)) == []
        assert known(NOW) == known(NOW + timedelta(hours=23)) == [(3, "ok", False)]
        assert known(NOW + timedelta(hours=71)) == [(5, "ok", False)]
        assert known(NOW + timedelta(days=99)) == [(6, "ok", True)]


def test_a_sample_of_another_slot_is_another_fact(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert stored(connection, account, sample(5, "age:1h"), sample(5, "age:6h")) == StoredCount(new=2)
        assert stored(connection, account, sample(5, "age:6h")) == StoredCount(unchanged=1)
        assert stored(connection, account, sample(6, "age:6h")) == StoredCount(revised=1)


def test_a_repeated_empty_sample_adds_no_row(settings: Settings) -> None:
    account = an_account(settings)
    first, *others = (sample(None, f"day:2026-11-{day}", observed_at=NOW + timedelta(days=day - 20)) for day in range(20, 26))
    with collector(settings) as connection:
        assert stored(connection, account, first) == StoredCount(new=1)
        assert stored(connection, account, *others[:2]) == StoredCount(unchanged=2)
        # Something was said in between, or it is of another metric, object, group or dimension: empty is news.
        assert stored(connection, account, sample(4, "day:2026-11-23", observed_at=NOW + timedelta(days=3))) == StoredCount(new=1)
        assert stored(connection, account, others[3]) == StoredCount(new=1)
        changes: list[dict[str, Any]] = [{"metric": "views"}, {"object_id": "902"}, {"group_name": "ig_media_due"}, {"dim_value": "x"}]
        for change in changes:
            assert stored(connection, account, replace(others[4], **change)) == StoredCount(new=1), change
        assert stored(connection, account, others[4]) == StoredCount(unchanged=1)
        # A slot that had a value before is empty now: that is a change, whatever other slots say.
        assert stored(connection, account, sample(None, "day:2026-11-23", observed_at=NOW)) == StoredCount(revised=1)


def test_repeated_empty_samples_in_one_answer(settings: Settings) -> None:
    account = an_account(settings)
    values = [sample(value, f"age:{hours}h") for hours, value in ((1, None), (6, None), (24, 3), (48, None), (72, None))]
    values = [replace(one, observed_at=NOW + timedelta(hours=number)) for number, one in enumerate(values)]
    with collector(settings) as connection:
        assert stored(connection, account, *values) == StoredCount(new=3, unchanged=2)
        assert {slot for slot, *_ in revisions(connection, account)} == {"age:1h", "age:24h", "age:48h"}


def test_empty_windows_are_each_news(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert stored(connection, account, window(None), window(None, day=1)) == StoredCount(new=2)
        assert stored(connection, account, window(None), window(None, day=2)) == StoredCount(new=1, unchanged=1)


def test_an_answer_that_repeats_itself(settings: Settings) -> None:
    """Pages can come twice: equal values once, differing ones in order of arrival."""
    account = an_account(settings)
    with collector(settings) as connection:
        count = stored(connection, account, window(1), window(1), window(2), window(2), window(1))
        assert count == StoredCount(new=1, revised=2, unchanged=2)
        assert [value for *_, value, _ in revisions(connection, account)] == [1, 2, 1]
        assert stored(connection, account, window(1), window(2)) == StoredCount(revised=1, unchanged=1)
        assert stored(connection, account) == StoredCount()


@pytest.mark.parametrize(
    "impossible",
    [
        window(None, state="ok"),
        window(0, state="empty"),
        window(3, state="zero_provisional"),
        window(3, state="throttled"),
        window(3, window_end=MIDNIGHT),
        replace(window(3), value=Decimal("NaN")),
        window(3, platform="threads"),
    ],
)
def test_a_value_that_contradicts_its_state_is_refused(settings: Settings, impossible: Observation) -> None:
    account = an_account(settings)
    with collector(settings) as connection, pytest.raises(psycopg.errors.CheckViolation):
        stored(connection, account, impossible)


def test_texts_that_postgresql_refuses(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert stored(connection, account, window(3, dim_key="key", dim_value="a\x00b\ud800")) == StoredCount(new=1)
        assert connection.execute("select dim_value from raw.metric_observations").fetchone() == ("a\ufffdb\ufffd",)


def test_an_account_of_another_tenant_is_refused(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
        stored(connection, replace(ours, account_id=theirs.account_id), window())


def test_the_same_object_in_two_accounts(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection:
        assert stored(connection, ours, window(1), sample(None)) == StoredCount(new=2)
        assert stored(connection, theirs, window(1), sample(None)) == StoredCount(new=2)
        assert stored(connection, ours, window(2)) == StoredCount(revised=1)
        assert len(revisions(connection, theirs)) == 2


def test_a_writer_that_came_in_between_loses_nothing(settings: Settings) -> None:
    """The account's lock forbids it; if it happens all the same, both values stand, one after the other."""
    account = an_account(settings)
    with collector(settings) as one, collector(settings) as other, ThreadPoolExecutor(1) as thread:
        stored(one, account, window(1), window(7, day=1))
        waiting = thread.submit(stored, other, account, window(2), window(7, day=1), window(9, day=2))
        wait_until(settings, SOMEBODY_WAITS)
        one.commit()
        assert waiting.result() == StoredCount(new=1, revised=1, unchanged=1)
        other.commit()
        assert [(revision, value) for _, _, revision, value, _ in revisions(one, account)] == [(1, 1), (2, 2), (1, 7), (1, 9)]


facts = st.sampled_from(
    [
        *(window(1, day=day) for day in range(3)),
        *(sample(1, slot) for slot in ("age:1h", "age:6h")),
        *(window(1, metric="likes", dim_key="key", dim_value=one) for one in ("like", "love")),
    ]
)


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Observation]]:
    """Calls of the store with values of a few facts, restated at will."""
    values = st.builds(
        lambda fact, value, is_final: replace(
            fact, value=None if value is None else Decimal(value), is_final=is_final or bool(fact.sample_slot)
        ),
        facts,
        st.sampled_from([None, 0, 1, 2]),
        st.booleans(),
    )
    calls = draw(st.lists(st.lists(values, max_size=6), max_size=6))
    return [
        [replace(one, state="empty" if one.value is None else "ok", observed_at=NOW + timedelta(hours=hour)) for one in call]
        for hour, call in enumerate(calls)
    ]


@contextmanager
def rolled_back(settings: Settings) -> Iterator[tuple[Connection, Account]]:
    """One account for all examples; each leaves nothing behind."""
    with collector(settings) as connection:
        known = list_accounts(connection)
        connection.rollback()
        account = known[0] if known else an_account(settings)
        yield connection, account
        connection.rollback()


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=deliveries(), again=st.booleans())
def test_the_newest_revision_is_the_last_value(settings: Settings, calls: list[list[Observation]], again: bool) -> None:
    with rolled_back(settings) as (connection, account):
        count = StoredCount()
        for call in calls:
            count += stored(connection, account, *call)
            if again:
                # The last values of a call once more: nothing is new.
                last_of_call = {one.fact_id(account.account_id): one for one in call}
                assert stored(connection, account, *last_of_call.values()) == StoredCount(unchanged=len(last_of_call))
        rows = connection.execute(
            "select fact_id, revision, value, state, is_final from raw.metric_observations order by fact_id, revision"
        ).fetchall()
        last = {one.fact_id(account.account_id): one for call in calls for one in call}
        assert count.new + count.revised == len(rows)
        assert count.new + count.revised + count.unchanged == sum(map(len, calls))
        newest: dict[Any, tuple[Any, ...]] = {}
        for fact_id, revision, *said in rows:
            assert revision == (newest[fact_id][0] + 1 if fact_id in newest else 1)
            assert fact_id not in newest or newest[fact_id][1] != said
            newest[fact_id] = (revision, said)
        for fact_id, one in last.items():
            if fact_id in newest:
                assert newest[fact_id][1] == [one.value, one.state, one.is_final]
            else:  # only an empty sample can be no news at all
                assert (one.state, bool(one.sample_slot)) == ("empty", True)


def test_nobody_reads_or_changes_facts_without_leave(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection:
        stored(connection, ours, window())
        stored(connection, theirs, window())
        connection.commit()
        for statement in ("update raw.metric_observations set value = 1", "delete from raw.metric_observations"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
    with connect(settings, Role.TRANSFORM) as connection:
        assert connection.execute("select count(*) from raw.metric_observations").fetchone() == (2,)
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select from raw.metric_observations")


@pytest.mark.parametrize(
    "table", ["graph_accounts", "graph_objects", "graph_responses", "metric_observations", "collection_ledger", "graph_budgets"]
)
def test_a_reader_of_another_tenant_would_see_nothing(settings: Settings, table: str) -> None:
    """Even a right given by mistake shows no row: the policies name who sees what."""
    account = an_account(settings)
    with collector(settings) as connection:
        stored(connection, account, window())
        connection.commit()
    with connect(settings) as connection:
        connection.execute(f"grant usage on schema raw to api_reader; grant select on raw.{table} to api_reader")
        connection.execute("grant api_reader to current_user")
        connection.execute("set local role api_reader")
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(account.tenant_id)])
        assert connection.execute(f"select count(*) from raw.{table}").fetchone() == (0,)
        connection.rollback()
