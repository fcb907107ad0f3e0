"""What a refresh leaves out is never missed: marts of which nothing is touched, views and seeds between two versions of the project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from agentmarts.refresh.publish import NeedsApprovalError
from agentmarts.refresh.run import RefreshResult, begin, build, publish_run, refresh, transform_lock
from agentmarts.refresh.transform import NodeOutcome
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, create_tenant, deliver
from tests.support.facts.learning_parcels import BERLIN, BERLIN_ID, CREATED, EMAIL, REPLY

AS_OF = CREATED + timedelta(days=2)
FEEDBACK: Parcel = (
    BERLIN_ID,
    "feedback",
    {
        "event_id": "f1",
        "occurred_at": CREATED.isoformat(),
        "target_type": "conversation",
        "target_id": "c1",
        "conversation_id": "c1",
        "source": "dashboard",
        "rating": 4,
    },
)


def built(result: RefreshResult, kind: str = "model") -> set[str]:
    """Names of the nodes of a kind that a refresh ran."""
    return {node.unique_id.split(".")[2] for node in result.nodes if node.unique_id.startswith(f"{kind}.")}


def count(settings: Settings, query: str) -> Any:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def rename_tenant(settings: Settings, name: str) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("update raw.tenants set name = %s", (name,))


@pytest.fixture
def settings(built_warehouse: Settings) -> Settings:
    """A warehouse with one tenant, published once before it had any."""
    create_tenant(built_warehouse, BERLIN, "berlin")
    return built_warehouse


def assert_equals_rebuild(settings: Settings) -> None:
    assert refresh(settings, full=True, as_of=AS_OF).published.changes == ()


@pytest.mark.whole_builds
def test_a_domain_is_built_from_its_first_row_on(new_warehouse: Callable[[], Settings]) -> None:
    """The reply was in the marts for long when its action comes: nothing that was left out before is missed."""
    settings = new_warehouse()
    create_tenant(settings, BERLIN, "berlin")
    first = refresh(settings, as_of=AS_OF)
    assert first.window.mode == "full"
    assert {"stg_feedback", "outcomes", "daily_metrics"} <= built(first)
    assert built(first, "seed")

    deliver(settings, [REPLY], AS_OF)
    conversations = refresh(settings, as_of=AS_OF)
    assert count(settings, "select count(*) from marts.conversations") == 1
    assert {"daily_metrics", "dim_tenant"} <= built(conversations)
    assert not {"stg_feedback", "outcomes", "int_learning__bin_sums", "feedback_summary", "dim_date"} & built(conversations)
    assert not built(conversations, "seed")
    assert all("outcomes" not in test for test in built(conversations, "test"))

    deliver(settings, [EMAIL], AS_OF)
    learning = refresh(settings, as_of=AS_OF)
    assert learning.window.mode == "incremental"
    assert {"outcomes", "calibration_bins"} <= built(learning)
    assert not {"daily_metrics", "feedback_summary", "engagement_metrics"} & built(learning)
    assert count(settings, "select outcome_status from marts.outcomes") == "positive"

    with connect(settings, Role.TRANSFORM) as connection:
        connection.execute("create table build.int_learning__as_it_was_called as select 1 as one")
    assert_equals_rebuild(settings)
    assert count(settings, "select to_regclass('build.int_learning__as_it_was_called')") is None, "no model has this name"
    assert count(settings, "select count(*) from build.run_window") == 1, "the two tables that dbt does not make stay"


def test_nothing_new_runs_no_model_and_moves_the_cursor(settings: Settings) -> None:
    deliver(settings, [REPLY, FEEDBACK], AS_OF)
    refresh(settings, as_of=AS_OF)
    marks = "select min(complete_through) from ops.stream_marks where stream in ('conversation_events', 'feedback')"
    before = count(settings, marks)
    later = AS_OF + timedelta(minutes=5)
    result = refresh(settings, as_of=later)
    assert result.nodes == ()
    assert result.published.changes == ()
    assert count(settings, "select as_of from ops.publish_cursor") == later
    assert count(settings, marks) > before, "what is left out is complete as far as what is built"
    deliver(settings, [REPLY, FEEDBACK], later)
    assert refresh(settings, as_of=later).nodes == (), "repeated rows are no news"


def test_a_run_that_was_built_and_never_published_is_not_trusted(settings: Settings) -> None:
    """It left small marts in `build` that look as they should and that no reader has seen."""
    deliver(settings, [REPLY], AS_OF)
    refresh(settings, as_of=AS_OF)
    rename_tenant(settings, "Somebody else")
    with transform_lock(settings):
        build(settings, begin(settings, run_id="killed", as_of=AS_OF))
    result = refresh(settings, as_of=AS_OF)
    assert "dim_tenant" in built(result)
    assert count(settings, "select name from marts.dim_tenant") == "Somebody else"
    assert refresh(settings, as_of=AS_OF).nodes == ()
    rename_tenant(settings, "And another")
    assert built(refresh(settings, as_of=AS_OF)) == {"dim_tenant"}
    assert_equals_rebuild(settings)


def test_a_new_year_makes_new_dates(settings: Settings) -> None:
    refresh(settings, as_of=AS_OF)
    assert "dim_date" in built(refresh(settings, as_of=AS_OF + timedelta(days=365)))
    assert count(settings, "select max(metric_date) from marts.dim_date") == date(AS_OF.year + 2, 12, 31)


def test_learning_alone_leaves_out_conversations(settings: Settings) -> None:
    refresh(settings, as_of=AS_OF)
    deliver(settings, [FEEDBACK], AS_OF)
    found = built(refresh(settings, as_of=AS_OF))
    assert "feedback_summary" in found
    assert not {"conversations", "daily_metrics", "int_conversations__touched_cells"} & found
    assert count(settings, "select count(*) from marts.feedback_entries") == 1
    assert_equals_rebuild(settings)


def test_rows_that_vanish_from_raw_vanish_from_the_marts_first(settings: Settings) -> None:
    """And only when somebody approved."""
    deliver(settings, [FEEDBACK, REPLY], AS_OF)
    refresh(settings, as_of=AS_OF)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("delete from raw.feedback")
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
            " values (%s, 'days', '2025-03-01', '2025-04-30', 'drift')",
            (BERLIN_ID,),
        )
    for attempt in ("first", "second"):
        with pytest.raises(NeedsApprovalError):
            refresh(settings, as_of=AS_OF, run_id=attempt)
    publish_run(settings, "second", approved=True)
    assert count(settings, "select count(*) from marts.feedback_entries") == 0
    assert "feedback_entries" not in built(refresh(settings, as_of=AS_OF))
    assert_equals_rebuild(settings)


def test_a_lost_view_is_made_again(settings: Settings) -> None:
    refresh(settings, as_of=AS_OF)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("drop view build.stg_feedback")
    deliver(settings, [FEEDBACK], AS_OF)
    result = refresh(settings, as_of=AS_OF)
    assert result.window.mode == "incremental"
    assert {"stg_feedback", "feedback_entries"} <= built(result)


def test_no_view_stands_on_what_two_threads_replace(settings: Settings) -> None:
    """Two tables dropped at once below one view would wait for each other: the views of the intermediate layer go before the build."""
    deliver(settings, [EMAIL, REPLY], AS_OF)
    refresh(settings, as_of=AS_OF)
    of_views = "select array_agg(viewname::text) from pg_views where schemaname = 'build' and viewname like 'int%'"
    views = count(settings, of_views)
    assert {"int_learning__known_actions", "int_conversations__assessed", "int_core__run_window"} <= set(views)
    seen: list[list[str]] = []

    def note(node: NodeOutcome) -> None:
        if not seen and node.unique_id.startswith("model."):
            seen.append(count(settings, of_views) or [])

    result = refresh(settings, as_of=AS_OF + timedelta(minutes=1), whole=True, on_node=note)
    assert len(seen[0]) < 3, "only what this build made by then"
    assert "int_conversations__assessed" in built(result)
    assert sorted(count(settings, of_views)) == sorted(views)
