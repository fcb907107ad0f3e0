"""Publishing by difference: only changed rows move, versions have no gaps, restatements tell what history said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agentmarts.refresh.publish import NeedsApprovalError, PublishError, publish
from agentmarts.refresh.window import WindowError, read_window
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.publishing import CUSTOMER_DAYS, NOON, OTHER_TENANT, TENANT, build, prepare, publish_window, published

MAY = date(2025, 5, 1)
JUNE = date(2025, 6, 1)


@pytest.fixture(autouse=True)
def _prepared(settings: Settings) -> None:
    prepare(settings)


def log_rows(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(
            "select version, tenant_id, rows_inserted, rows_updated, rows_deleted, cells_from, cells_to, cause"
            " from marts.publish_log order by version, tenant_id"
        ).fetchall()


def restatements(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(
            "select version, row_key, metric_date, column_name, old_value, new_value, old_number, new_number, cause"
            " from marts.restatements order by restatement_id"
        ).fetchall()


def test_the_first_publish_inserts_everything(settings: Settings) -> None:
    result = publish_window(settings, build(settings, [(TENANT, MAY, "a", 1), (OTHER_TENANT, MAY, "b", 2)], []))
    assert result.version == 1
    assert published(settings) == [("one", MAY, "a", 1, 1), ("two", MAY, "b", 2, 1)]
    assert log_rows(settings) == [(1, TENANT, 1, 0, 0, MAY, MAY, "events"), (1, OTHER_TENANT, 1, 0, 0, MAY, MAY, "events")]
    assert restatements(settings) == []


def test_only_changed_rows_of_touched_cells_are_written(settings: Settings) -> None:
    before = [(TENANT, MAY, "a", 1), (TENANT, MAY, "b", 1), (TENANT, JUNE, "a", 1)]
    publish_window(settings, build(settings, before, []))
    after = [(TENANT, MAY, "a", 1), (TENANT, MAY, "b", 5), (TENANT, JUNE, "a", 9)]
    result = publish_window(settings, build(settings, after, [(TENANT, MAY)]))
    # June was not touched, so what build says of it is not even looked at.
    assert published(settings) == [("one", MAY, "a", 1, 1), ("one", MAY, "b", 5, 2), ("one", JUNE, "a", 1, 1)]
    assert [(c.inserted, c.updated, c.deleted) for c in result.changes] == [(0, 1, 0)]


def test_a_row_that_left_a_touched_cell_is_deleted(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 1), (TENANT, JUNE, "a", 1)], []))
    publish_window(settings, build(settings, [(TENANT, JUNE, "a", 1)], [(TENANT, MAY)]))
    assert published(settings) == [("one", JUNE, "a", 1, 1)]


def test_nothing_changed_keeps_the_version_and_advances_the_cursor(settings: Settings) -> None:
    days = [(TENANT, MAY, "a", 1)]
    publish_window(settings, build(settings, days, []))
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("create table ops.something_else (n int)")  # uses up a transaction id
    window = build(settings, days, [(TENANT, MAY)], as_of=NOON + timedelta(hours=1))
    assert publish_window(settings, window).version == 1
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select xid_to::text::bigint, as_of, version from ops.publish_cursor").fetchone()
    assert row == (window.xid_to, NOON + timedelta(hours=1), 1)
    assert len(log_rows(settings)) == 1


def test_a_changed_value_of_a_past_day_is_a_restatement(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 41), (TENANT, NOON.date(), "a", 1)], []))
    touched = [(TENANT, MAY), (TENANT, NOON.date())]
    later = NOON + timedelta(hours=1)
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 43), (TENANT, NOON.date(), "a", 2)], touched, as_of=later))
    # The day that had not ended at the first publish changes without a word.
    assert restatements(settings) == [
        (2, "metric_date=2025-05-01;customer_id=a", MAY, "messages_received", "41", "43", 41, 43, "late_event")
    ]


def test_an_explicit_mark_names_the_cause(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 41)], []))
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause) values (%s, 'days', %s, %s, 'recalculation')",
            (TENANT, MAY, MAY),
        )
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 40)], [(TENANT, MAY)]))
    assert [row[-1] for row in restatements(settings)] == ["recalculation"]


def test_a_run_that_was_not_built_to_its_end_is_refused(settings: Settings) -> None:
    window = build(settings, [(TENANT, MAY, "a", 1)], [])
    with connect(settings, Role.TRANSFORM) as connection:
        connection.execute("update build.run_window set built_at = null")
        window = read_window(connection)
    with pytest.raises(PublishError, match="not all built and tested"):
        publish_window(settings, window)
    assert published(settings) == []


def test_a_run_whose_window_was_published_by_another_is_refused(settings: Settings) -> None:
    window = build(settings, [(TENANT, MAY, "a", 1)], [])
    publish_window(settings, window)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("update ops.publish_cursor set xid_to = '4'")
    with pytest.raises(PublishError, match="another run published"):
        publish_window(settings, window)


def test_an_overtaken_run_is_refused(settings: Settings) -> None:
    first = build(settings, [(TENANT, MAY, "a", 1)], [])
    second = build(settings, [(TENANT, MAY, "a", 2)], [])
    with pytest.raises(WindowError, match="newer run"):
        publish_window(settings, first)
    publish_window(settings, second)
    assert published(settings) == [("one", MAY, "a", 2, 1)]


def test_touched_cells_of_an_unpublished_run_are_kept(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 1)], []))
    build(settings, [(TENANT, MAY, "a", 2)], [(TENANT, MAY)])
    build(settings, [(TENANT, MAY, "a", 2)], [])
    with connect(settings, Role.MIGRATOR) as connection:
        kept = connection.execute("select relation, tenant_id, keys ->> 'metric_date' from build.touched_backlog").fetchall()
    assert kept == [("int_conversations__touched_cells", TENANT, "2025-05-01")]


def test_after_a_full_run_that_never_published_the_next_is_full_too(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 1)], []))
    assert build(settings, [(TENANT, MAY, "a", 2)], [], full=True).mode == "full"
    window = build(settings, [(TENANT, MAY, "a", 2)], [])
    assert window.mode == "full"
    publish_window(settings, window)
    assert published(settings) == [("one", MAY, "a", 2, 2)]
    assert build(settings, [(TENANT, MAY, "a", 2)], []).mode == "incremental"


def test_all_rows_of_a_tenant_vanishing_needs_approval(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 1), (OTHER_TENANT, MAY, "b", 1)], []))
    window = build(settings, [(OTHER_TENANT, MAY, "b", 1)], [(TENANT, MAY)])
    with pytest.raises(NeedsApprovalError, match="1 of 1 rows of customer_days would vanish"):
        publish_window(settings, window)
    assert len(published(settings)) == 2
    publish_window(settings, window, approved=True)
    assert published(settings) == [("two", MAY, "b", 1, 1)]


def test_over_half_of_more_than_a_hundred_rows_vanishing_needs_approval(settings: Settings) -> None:
    many = [(TENANT, MAY, f"c{n}", 1) for n in range(200)]
    publish_window(settings, build(settings, many, []))
    publish_window(settings, build(settings, many[:100], [(TENANT, MAY)]))
    with pytest.raises(NeedsApprovalError):
        publish_window(settings, build(settings, many[:0], [(TENANT, MAY)]))
    assert len(published(settings)) == 100


def test_rows_that_age_out_may_all_leave(settings: Settings) -> None:
    publish_window(settings, build(settings, [(TENANT, MAY, "a", 1)], []))
    window = build(settings, [], [(TENANT, MAY)])
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        publish(connection, window, [replace(CUSTOMER_DAYS, rows_may_leave=True)], published_at=window.as_of, approved=False)
    assert published(settings) == []


def test_rows_that_were_not_visible_hold_data_through_back(settings: Settings) -> None:
    received = datetime(2025, 6, 20, 9, tzinfo=UTC)
    with connect(settings, Role.INGEST) as writer:
        # An open writing transaction: its row has an xid at or above the window's end.
        writer.execute(
            "insert into raw.quality_scores (tenant_id, event_id, conversation_id, occurred_at, received_at, scorer_kind, scorer)"
            " values (%s, 'e', 'c', %s, %s, 'human', 'h')",
            (TENANT, received, received),
        )
        with connect(settings, Role.MIGRATOR) as other:
            other.execute("create table ops.another (n int)")
        window = build(settings, [(TENANT, MAY, "a", 1)], [])
    with connect(settings, Role.MIGRATOR) as connection:
        inside = connection.execute(
            "select count(*) from raw.quality_scores where ingest_xid < %s::text::xid8", (str(window.xid_to),)
        ).fetchone()
    assert inside == (0,)
