"""What old answers of Meta said goes; version, usage, facts, ledger and young answers stay, and nobody else may delete."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from agentmarts.meta_graph.store.responses import purge_old_responses
from agentmarts.warehouse.connection import Role, connect
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, Collector, MakeCollector

DAY = timedelta(days=1)
SIZE = Size(posts=5, reels=0, stories=0, history_days=15, future_days=1, audience=60, followers=120, views_per_post=3)
COUNTS = """
select (select count(*) from raw.graph_responses where not is_purged), (select count(*) from raw.metric_observations),
  (select count(*) from raw.collection_ledger)
"""


@pytest.fixture
def collected(collector_of: MakeCollector, short_past: None) -> Collector:
    collector = collector_of(SIZE)
    collector.run(INSTAGRAM)
    return collector


def counts(collector: Collector) -> tuple[int, int, int]:
    ((responses, facts, ledger),) = collector.rows(COUNTS)
    return responses, facts, ledger


def test_after_ninety_days_only_what_was_answered_is_gone(collected: Collector) -> None:
    responses, facts, ledger = counts(collected)
    at = collected.graph.now()
    assert purge_old_responses(collected.settings, at + 90 * DAY) == 0, "to the second"
    assert purge_old_responses(collected.settings, at + 90 * DAY + timedelta(seconds=1)) == responses
    assert counts(collected) == (0, facts, ledger)
    emptied = "select count(*) from raw.graph_responses where body is null and params = '{}' and path = '' and served_version is not null"
    assert collected.one(emptied) == responses
    assert purge_old_responses(collected.settings, at + 91 * DAY) == 0
    assert collected.calls(INSTAGRAM) == [], "what was answered is not asked again for that"


def test_in_small_parts_oldest_first_and_as_long_as_set(collected: Collector) -> None:
    responses, *_ = counts(collected)
    settings = collected.settings.model_copy(update={"graph_responses_days": 7})
    at = collected.graph.now() + 8 * DAY
    assert purge_old_responses(settings, at, at_once=3, turns=2) == 6
    assert counts(collected)[0] == responses - 6
    assert purge_old_responses(settings, at, at_once=3) == responses - 6


def test_the_collector_does_it(collected: Collector) -> None:
    first = collected.one("select min(response_id::text) from raw.graph_responses")
    collected.settings = collected.settings.model_copy(update={"graph_responses_days": 1})
    collected.graph.advance(DAY + timedelta(hours=1))
    collected.run(INSTAGRAM)
    assert collected.one("select is_purged from raw.graph_responses where response_id::text = %s", first)
    assert collected.one("select count(*) from raw.graph_responses where not is_purged") > 0


def test_it_needs_no_account(collected: Collector) -> None:
    """What a client's posts said must go also when the client has left."""
    with connect(collected.settings, Role.INGEST) as connection:
        connection.execute("update raw.graph_accounts set is_active = false")
    collected.graph.advance(91 * DAY)
    assert collected.run() == {}
    assert counts(collected)[0] == 0


@pytest.mark.parametrize("role", [Role.INGEST, Role.TRANSFORM, Role.PUBLISH])
def test_nobody_deletes_otherwise(collected: Collector, role: Role) -> None:
    with connect(collected.settings, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from raw.graph_responses")
    if role is not Role.INGEST:
        with connect(collected.settings, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select raw.purge_graph_responses('infinity', 1)")


def test_half_a_call_deletes_nothing(collected: Collector) -> None:
    with connect(collected.settings, Role.INGEST) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("select raw.purge_graph_responses(null, 1)")
    assert counts(collected)[0] > 0
