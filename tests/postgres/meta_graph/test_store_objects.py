"""Objects: the newest revision is what is known; what a list does not tell stays known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.meta_graph.accounts import list_accounts
from agentmarts.meta_graph.model import GraphObject
from agentmarts.meta_graph.store.objects import known_objects, store_objects
from agentmarts.settings import Settings
from tests.support.meta_graph.stored import NOW, an_account, collector

REEL = GraphObject("901", "ig_media", NOW - timedelta(days=3), "REELS", "VIDEO", "https://www.instagram.com/reel/x/", "New \x00 boots")
KEPT = replace(REEL, message="New \ufffd boots")


def test_what_was_shown_is_known(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        assert known_objects(connection, account.tenant_id, account.account_id) == []
        assert store_objects(connection, account.tenant_id, account.account_id, [REEL, replace(REEL, object_id="902")], NOW) == 2
        assert store_objects(connection, account.tenant_id, account.account_id, [REEL], NOW) == 0
        assert store_objects(connection, account.tenant_id, account.account_id, [], NOW) == 0
        assert known_objects(connection, account.tenant_id, account.account_id) == [KEPT, replace(KEPT, object_id="902")]


def test_a_deletion_and_a_return_are_revisions(settings: Settings) -> None:
    account = an_account(settings)
    gone = GraphObject("901", "ig_media", None, is_deleted=True)
    with collector(settings) as connection:
        for hour, (shown, expected) in enumerate([(REEL, KEPT), (gone, replace(KEPT, is_deleted=True)), (REEL, KEPT)]):
            at = NOW + timedelta(hours=hour)
            assert store_objects(connection, account.tenant_id, account.account_id, [shown], at) == 1
            assert known_objects(connection, account.tenant_id, account.account_id) == [expected]
        rows = connection.execute("select revision, is_deleted, observed_at from raw.graph_objects order by revision").fetchall()
    assert rows == [(1, False, NOW), (2, True, NOW + timedelta(hours=1)), (3, False, NOW + timedelta(hours=2))]


def test_a_list_that_tells_less_makes_no_revision(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        store_objects(connection, account.tenant_id, account.account_id, [REEL], NOW)
        assert store_objects(connection, account.tenant_id, account.account_id, [GraphObject("901", "ig_media", None)], NOW) == 0
        assert store_objects(connection, account.tenant_id, account.account_id, [replace(REEL, message="Boots")], NOW) == 1
        assert known_objects(connection, account.tenant_id, account.account_id) == [replace(REEL, message="Boots")]


def test_the_last_mention_in_a_list_counts(settings: Settings) -> None:
    """Pages can repeat an object that moved while they were read."""
    account = an_account(settings)
    with collector(settings) as connection:
        assert store_objects(connection, account.tenant_id, account.account_id, [REEL, replace(REEL, message="Boots")], NOW) == 1
        assert known_objects(connection, account.tenant_id, account.account_id) == [replace(REEL, message="Boots")]


def test_an_account_knows_its_own_objects_only(settings: Settings) -> None:
    ours, theirs = an_account(settings), an_account(settings, "globex")
    with collector(settings) as connection:
        assert store_objects(connection, ours.tenant_id, ours.account_id, [REEL], NOW) == 1
        assert known_objects(connection, theirs.tenant_id, theirs.account_id) == []
        assert known_objects(connection, theirs.tenant_id, ours.account_id) == []
        assert store_objects(connection, theirs.tenant_id, theirs.account_id, [REEL], NOW) == 1


mentions = st.builds(
    GraphObject,
    st.sampled_from(["1", "2"]),
    st.sampled_from(["post", "reel"]),
    st.sampled_from([None, NOW, NOW - timedelta(days=1)]),
    message=st.sampled_from([None, "a", "b"]),
    is_deleted=st.booleans(),
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.lists(mentions, max_size=4, unique_by=lambda one: one.object_id), max_size=6))
def test_what_is_known_is_what_was_told_last(settings: Settings, lists: list[list[GraphObject]]) -> None:
    with collector(settings) as connection:
        known = list_accounts(connection)
        connection.rollback()
        account = known[0] if known else an_account(settings)
        expected: dict[str, GraphObject] = {}
        changes = 0
        for shown in lists:
            told = {}
            for one in shown:
                before = expected.get(one.object_id, one)
                told[one.object_id] = replace(
                    one, published_at=one.published_at or before.published_at, message=one.message or before.message
                )
            changes += sum(expected.get(key) != one for key, one in told.items())
            expected.update(told)
            store_objects(connection, account.tenant_id, account.account_id, shown, NOW)
        assert known_objects(connection, account.tenant_id, account.account_id) == [one for _, one in sorted(expected.items())]
        assert connection.execute("select count(*) from raw.graph_objects").fetchone() == (changes,)
        connection.rollback()
