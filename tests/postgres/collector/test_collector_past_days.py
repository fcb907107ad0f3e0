"""Days of the past, asked for by a person: whatever was answered before, and no further back than Meta keeps them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.planning.planner import Known, plan_days
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector

CATALOGUE = load_catalogue()
AT = datetime(2026, 10, 15, 12, tzinfo=UTC)
PAGE_KNOWN = Known(UUID(int=1), "facebook", "p1", "Europe/Berlin", "utc", date(2026, 10, 15))
PROFILE_KNOWN = replace(PAGE_KNOWN, account_id=UUID(int=2), platform="instagram", graph_id="i1")


def planned(known: Known, first: date, last: date) -> Counter[str]:
    return Counter(call.group.name for call in plan_days(known, CATALOGUE, AT, first, last))


def test_a_range_is_cut_into_what_a_request_may_span() -> None:
    assert planned(PAGE_KNOWN, date(2026, 4, 1), date(2026, 9, 30)) == {"fb_page": 3, "fb_page_split_ads": 3, "fb_page_split_followers": 3}
    assert planned(PROFILE_KNOWN, date(2026, 9, 1), date(2026, 9, 10)) == {
        "ig_total": 10, "ig_follows": 10, "ig_window_7": 10, "ig_window_28": 10,
    }  # fmt: skip


def test_what_meta_keeps_no_more_and_what_is_not_over_is_not_asked() -> None:
    assert planned(PAGE_KNOWN, date(2020, 1, 1), date(2020, 12, 31)) == {}
    assert planned(PAGE_KNOWN, date(2026, 10, 16), date(2026, 10, 20)) == {}
    [page] = [call for call in plan_days(PAGE_KNOWN, CATALOGUE, AT, date(2026, 10, 14), date(2026, 12, 1)) if call.group.name == "fb_page"]
    assert page.items[0].params["until"] == "2026-10-15"
    series = [
        call for call in plan_days(PROFILE_KNOWN, CATALOGUE, AT, date(2026, 8, 1), date(2026, 10, 14)) if call.group.name == "ig_series"
    ]
    assert [call.items[0].question.window_start for call in series] == [datetime(2026, 9, 15, tzinfo=UTC)]


def test_days_of_the_past_are_asked_anew_once_a_day(collector: Collector) -> None:
    collector.run()
    facts = collector.one("select count(*) from raw.metric_observations")
    yesterday = collector.graph.now().date() - timedelta(days=1)
    days = (yesterday - timedelta(days=19), yesterday - timedelta(days=10))

    done = collector.run(days=days)
    assert {one.is_complete for one in done.values()} == {True}
    asked = collector.rows(
        "select distinct group_name from raw.collection_ledger"
        " where run_id = (select run_id from raw.collection_ledger order by ledger_id desc limit 1)"
    )
    assert {group for (group,) in asked} == {
        "fb_page", "fb_page_split_ads", "fb_page_split_followers", "ig_series", "ig_total", "ig_follows", "ig_window_7", "ig_window_28",
    }  # fmt: skip
    first_day = collector.one("select min(window_start)::date from raw.metric_observations where group_name = 'ig_total'")
    assert first_day == days[0]
    assert collector.one("select count(*) from raw.metric_observations") > facts

    collector.graph.forget("journal")
    again = collector.run(days=days)
    assert collector.graph.asked() == []
    assert [one.outcome.counts.http_calls for one in again.values() if one.outcome] == [0, 0]

    collector.graph.advance(timedelta(days=1))
    known = collector.one("select count(*) from raw.metric_observations")
    next_day = collector.run(PAGE, INSTAGRAM, days=days)
    assert all(one.outcome and one.outcome.counts.http_calls for one in next_day.values())
    assert collector.one("select count(*) from raw.metric_observations") == known, "what was final is the same a day later"
