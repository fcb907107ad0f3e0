"""Every call is in the ledger once: of answers, of refusals, of lists of several pages, of tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.meta_graph.collecting import PAGE, SMALL, Collector, MakeCollector


def booked(collector: Collector) -> tuple[int, int]:
    """HTTP requests and counted calls in the ledger."""
    [row] = collector.rows("select sum(http_calls)::integer, sum(counted_calls)::integer from raw.collection_ledger")
    return (row[0], row[1])


def sent(collector: Collector) -> tuple[int, int]:
    """A run's calls by its own count, beside what the simulator was asked over HTTP."""
    collector.graph.forget("journal")
    counts = [one.outcome.counts for one in collector.run().values() if one.outcome]
    http_requests = sum(entry["batch_index"] is None for entry in collector.graph.asked())
    assert sum(one.http_calls for one in counts) == http_requests
    return http_requests, sum(one.counted_calls for one in counts)


def test_all_is_well(collector: Collector) -> None:
    assert sent(collector) == booked(collector)


def test_with_refused_metrics_and_lists_of_several_pages(collector_of: MakeCollector, short_past: None) -> None:
    collector = collector_of(replace(SMALL, posts=230, history_days=60, views_per_post=3))
    for object_type, metric in (("page", "page_views_total"), ("post", "post_clicks"), ("ig_media", "reposts"), ("ig_user", "likes")):
        collector.graph.remove(object_type, metric)
    first = sent(collector)
    assert first == booked(collector)
    collector.graph.advance(timedelta(days=1))
    second = sent(collector)
    assert booked(collector) == (first[0] + second[0], first[1] + second[1])


def test_with_an_invalid_token(collector: Collector) -> None:
    collector.graph.tell("tokens", {"name": "page", "revoked_by": 460})
    assert sent(collector) == booked(collector)


def test_with_a_budget_that_ends_between_two_attempts(collector: Collector) -> None:
    """The answer fails, and says that the budget is used up: it is not sent again, and what it cost is booked."""
    collector.graph.tell("usage", {"scope": "page", "id": PAGE, "pct": 90})
    collector.graph.fail(
        "error", error={"code": 2, "message": "(#2) Service temporarily unavailable", "is_transient": True}, path=f"^{PAGE}/"
    )
    before = sent(collector)
    assert before == booked(collector)
    assert collector.one("select count(*) from raw.collection_ledger where state = 'throttled' and asked_count = 0") == 1
