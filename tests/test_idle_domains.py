"""What a refresh leaves out is never missed: domains without any row, views and seeds between two versions of the project."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.publish import NeedsApprovalError
from agentmarts.warehouse.refresh import RefreshResult, publish_run, refresh
from agentmarts.warehouse.transform import NodeOutcome
from tests.delivery import Parcel, create_tenant, deliver
from tests.test_learning_marts_equal_rebuild import BERLIN, BERLIN_ID, CREATED, EMAIL, REPLY

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


def assert_equals_rebuild(settings: Settings) -> None:
    assert refresh(settings, full=True, as_of=AS_OF).published.changes == ()


def test_a_domain_is_built_from_its_first_row_on(settings: Settings) -> None:
    """The reply was in the marts for long when its action comes: nothing that was left out before is missed."""
    create_tenant(settings, BERLIN, "berlin")
    first = refresh(settings, as_of=AS_OF)
    assert first.window.mode == "full"
    assert {"stg_feedback", "outcomes", "daily_metrics"} <= built(first)
    assert built(first, "seed")

    deliver(settings, [REPLY], AS_OF)
    conversations = refresh(settings, as_of=AS_OF)
    assert count(settings, "select count(*) from marts.conversations") == 1
    assert "daily_metrics" in built(conversations)
    assert not {"stg_feedback", "outcomes", "int_core__touched_actions", "feedback_summary"} & built(conversations)
    assert not built(conversations, "seed")

    deliver(settings, [EMAIL], AS_OF)
    learning = refresh(settings, as_of=AS_OF)
    assert learning.window.mode == "incremental"
    assert {"daily_metrics", "outcomes", "feedback_summary"} <= built(learning)
    assert count(settings, "select outcome_status from marts.outcomes") == "positive"
    assert_equals_rebuild(settings)


def test_learning_alone_leaves_out_conversations(settings: Settings) -> None:
    create_tenant(settings, BERLIN, "berlin")
    refresh(settings, as_of=AS_OF)
    deliver(settings, [FEEDBACK], AS_OF)
    found = built(refresh(settings, as_of=AS_OF))
    assert "feedback_summary" in found
    assert not {"conversations", "daily_metrics", "int_core__touched_cells"} & found
    assert count(settings, "select count(*) from marts.feedback_entries") == 1
    assert_equals_rebuild(settings)


def test_rows_that_vanish_from_raw_vanish_from_the_marts_first(settings: Settings) -> None:
    """The marts are rebuilt without them; only then is the domain idle."""
    create_tenant(settings, BERLIN, "berlin")
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
    create_tenant(settings, BERLIN, "berlin")
    refresh(settings, as_of=AS_OF)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("drop view build.stg_feedback")
    deliver(settings, [FEEDBACK], AS_OF)
    result = refresh(settings, as_of=AS_OF)
    assert result.window.mode == "incremental"
    assert {"stg_feedback", "feedback_entries"} <= built(result)


def test_no_view_stands_on_what_two_threads_replace(settings: Settings) -> None:
    """Two tables dropped at once below one view would wait for each other: the views of the intermediate layer go before the build."""
    create_tenant(settings, BERLIN, "berlin")
    deliver(settings, [EMAIL, REPLY], AS_OF)
    refresh(settings, as_of=AS_OF)
    of_views = "select array_agg(viewname::text) from pg_views where schemaname = 'build' and viewname like 'int%'"
    views = count(settings, of_views)
    assert {"int_learning__known_actions", "int_conversations__assessed", "int_core__run_window"} <= set(views)
    seen: list[list[str]] = []

    def note(node: NodeOutcome) -> None:
        if not seen and node.unique_id.startswith("model."):
            seen.append(count(settings, of_views) or [])

    result = refresh(settings, as_of=AS_OF + timedelta(minutes=1), on_node=note)
    assert len(seen[0]) < 3, "only what this build made by then"
    assert "int_conversations__assessed" in built(result)
    assert sorted(count(settings, of_views)) == sorted(views)
