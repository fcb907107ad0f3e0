"""Pulling again: nothing changed is nothing new, and what Meta restates is one more revision."""

from __future__ import annotations

from datetime import timedelta

from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector

DAY = timedelta(days=1)
RAW = ("graph_objects", "graph_responses", "metric_observations", "collection_ledger")


def stored(collector: Collector) -> list[int]:
    return [collector.one(f"select count(*) from raw.{table}") for table in RAW]


def test_pulling_twice_sends_nothing_and_adds_nothing(collector: Collector) -> None:
    first = collector.run()
    assert {one.is_complete for one in first.values()} == {True}
    assert set(first) == {PAGE, INSTAGRAM}
    before = stored(collector)
    assert all(before)

    assert collector.calls() == []
    assert stored(collector) == before


def test_an_hour_later_only_what_is_new_is_asked(collector: Collector) -> None:
    collector.run()
    facts = stored(collector)[2]
    collector.graph.advance(timedelta(hours=1))
    paths = [entry["path"] for entry in collector.calls()]
    assert all(path.endswith("published_posts") or path.endswith("insights") or path == "" for path in paths), paths
    asked_again = collector.rows(
        "select object_id, metric from raw.metric_observations group by fact_id, object_id, metric having count(*) > 1"
    )
    assert asked_again == []
    assert stored(collector)[2] >= facts


def test_a_restatement_arrives_at_the_next_days_run_as_a_further_revision(collector: Collector) -> None:
    collector.run()
    first = collector.graph.now()
    earlier = collector.newest()
    collector.graph.advance(DAY)
    collector.run()

    restated = collector.rows(
        """
        select o.window_end, o.value, p.value, o.observed_at, p.observed_at, o.state, p.state
        from raw.metric_observations o join raw.metric_observations p using (tenant_id, fact_id)
        where o.revision = 2 and p.revision = 1 and o.sample_slot = '' and o.value is distinct from p.value
        """
    )
    assert len(restated) > 20
    for window_end, _, _, observed_at, observed_before, *_ in restated:
        assert observed_at == first + DAY
        assert observed_before == first, "what was known then is still there"
        assert window_end > first - timedelta(days=4), "older days are settled"
    assert any(value > before for _, value, before, *_ in restated if before is not None)
    # A report of yesterday can be made again.
    at_first = {
        row[:-2]: row[-2:]
        for row in collector.rows(
            """
            select distinct on (fact_id) fact_id, group_name, object_id, metric, period, dim_key, dim_value, window_start, window_end,
              sample_slot, value, state
            from raw.metric_observations where observed_at <= %s order by fact_id, revision desc
            """,
            first,
        )
    }
    assert at_first == earlier


def test_after_72_hours_a_day_is_final_and_stays(collector: Collector) -> None:
    collector.run()
    for _ in range(5):
        collector.graph.advance(DAY)
        collector.run()
    final = "select fact_id, min(revision) from raw.metric_observations where is_final and sample_slot = '' group by 1"
    after_final = collector.rows(
        f"select count(*) from raw.metric_observations join ({final}) f (fact_id, final) using (fact_id) where revision > final"
    )
    assert after_final == [(0,)]
    not_final = collector.rows(
        """
        select window_end from (
          select distinct on (fact_id) * from raw.metric_observations where sample_slot = '' order by fact_id, revision desc) newest
        where not is_final and group_name not like 'ig_window_%' and not exists (
          -- that there was no key yet is no news once there are keys
          select from raw.metric_observations key
          where key.metric = newest.metric and key.window_end = newest.window_end and key.dim_key <> '' and newest.dim_key = '')
        """
    )
    assert not_final
    assert min(end for (end,) in not_final) > collector.graph.now() - timedelta(days=4)
