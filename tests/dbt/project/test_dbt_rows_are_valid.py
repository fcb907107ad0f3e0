"""The one test of the rows of a model: any broken rule fails it and is named, and a refresh asks it of touched rows only."""

from __future__ import annotations

from datetime import timedelta
from typing import LiteralString

import pytest

from agentmarts.refresh.run import refresh
from agentmarts.refresh.transform import TransformError, run_dbt
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.conversation_facts import MONDAY, TENANT, create_tenant, refreshed, send, set_parameter, solved, values

pytestmark = pytest.mark.whole_builds

AS_OF = MONDAY + timedelta(days=4)


@pytest.fixture
def warehouse(built_warehouse: Settings) -> Settings:
    """A conversation on each day from Monday to Thursday, built and published."""
    create_tenant(built_warehouse, TENANT, "acme")
    set_parameter(built_warehouse, TENANT, "timezone", "Europe/Berlin")
    for day in range(4):
        send(built_warehouse, *solved(f"day {day}", MONDAY + timedelta(days=day)))
    refresh(built_warehouse, as_of=AS_OF)
    return built_warehouse


def damage(settings: Settings, *statements: LiteralString) -> None:
    """Change behind dbt's back what it built."""
    with connect(settings, Role.TRANSFORM) as connection:
        for statement in statements:
            connection.execute(statement)


def test_each_kind_of_rule_fails_and_is_named(warehouse: Settings) -> None:
    tests = ("test", "--select", "daily_metrics_rows_are_valid", "conversations_rows_are_valid", "post_checkpoints_rows_are_valid")
    run_dbt(warehouse, tests)
    damage(
        warehouse,
        "update build.daily_metrics set open_cohort = 9, resolution_rate = 2 where metric_date = '2025-06-02'",
        "update build.daily_metrics set open_cohort = 9 where metric_date = '2025-06-03'",
        # Unknown is no yes.
        "alter table build.daily_metrics alter column open_cohort drop not null",
        "update build.daily_metrics set open_cohort = null where metric_date = '2025-06-04'",
        "update build.daily_metrics set csat_rate = 0.5 where metric_date = '2025-06-05'",
        "update build.conversations set initiated_by = 'nobody' where conversation_id = 'day 0'",
        "update build.post_checkpoints set age_hours = null where checkpoint = '1h'",
    )
    with pytest.raises(TransformError) as failure:
        run_dbt(warehouse, tests)
    for told in (
        "broken rules of daily_metrics_rows_are_valid: cohorts_sum_to_episodes_started (2), csat_rate_within_bounds (1),"
        " resolution_rate_within_bounds (1)",
        "broken rules of conversations_rows_are_valid: initiated_by_is_an_accepted_value (1)",
        "broken rules of post_checkpoints_rows_are_valid: age_hours_is_not_null (1)",
    ):
        assert told in str(failure.value)
    assert "Got 4 results" in str(failure.value)


def test_a_rule_that_only_warns_hides_none_that_fails(warehouse: Settings) -> None:
    test = ("test", "--select", "collection_health_rows_are_valid")
    damage(
        warehouse,
        # Nothing but the key and what the rules ask for; the rest of the contract is not of interest here.
        "create table build.whole as table build.collection_health",
        "drop table build.collection_health cascade",
        "alter table build.whole rename to collection_health",
        "insert into build.collection_health (metric_name, status, http_calls, is_version_mismatch)"
        " values ('*', 'ok', 1, true), ('views', 'ok', null, false)",
    )
    [warned] = [outcome for outcome in run_dbt(warehouse, test) if outcome.status == "warn"]
    assert warned.message.endswith("broken rules of collection_health_rows_are_valid: is_answered_by_the_version_asked_for (1)")
    damage(warehouse, "update build.collection_health set http_calls = null where metric_name = '*'")
    with pytest.raises(TransformError, match=r"valid: knows_the_account_in_its_row_only \(1\)$"):
        run_dbt(warehouse, test)


def test_a_refresh_asks_only_of_rows_it_touched(warehouse: Settings) -> None:
    damage(warehouse, "update build.daily_metrics set open_cohort = 9 where metric_date = '2025-06-02'")
    send(warehouse, *solved("another", MONDAY + timedelta(days=3, hours=1)))
    refreshed(warehouse, AS_OF)
    with connect(warehouse, Role.INGEST) as connection:
        # What no validation lets through.
        connection.execute(
            "insert into raw.quality_scores (tenant_id, event_id, conversation_id, occurred_at, received_at, scorer_kind, scorer, accuracy)"
            " values (%s, 's', 'another', %s, %s, 'human', 'eve', 7)",
            (TENANT, MONDAY + timedelta(days=3, hours=2), AS_OF),
        )
    with pytest.raises(TransformError, match=r"conversation_quality_scores_rows_are_valid: scores_are_valid_or_null \(1\)"):
        refresh(warehouse, as_of=AS_OF)
    assert values(warehouse, "select count(*) from marts.conversation_quality_scores") == [(0,)]


def test_what_is_unique_without_a_test_is_so_by_an_index(built_warehouse: Settings) -> None:
    unique = values(
        built_warehouse,
        "select indrelid::regclass::text, array_agg(attname::text order by position)"
        " from pg_index cross join unnest(indkey) with ordinality as keys (key, position)"
        " inner join pg_attribute on attrelid = indrelid and attnum = key"
        " where indisunique and indisvalid and indrelid::regclass::text like 'build.%'"
        " group by indexrelid, indrelid",
    )
    for key in (
        ("build.coaching_patterns", ["tenant_id", "window_days", "rank"]),
        ("build.coaching_patterns", ["pattern_id"]),
        ("build.dim_tenant_parameters", ["tenant_id", "parameter", "valid_from"]),
        ("build.feedback_entries", ["tenant_id", "feedback_id"]),
        ("build.int_learning__coaching_segments", ["tenant_id", "window_days", "dimension", "segment"]),
        ("build.int_learning__local_days", ["tenant_id", "metric_date"]),
    ):
        assert key in unique
