"""Behaviour 21: uniques are no sums, rolling windows are stamped daily, breakdowns miss their total, an old one freezes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tests.support.facts.simulated_graph import Graph, figure, names, points, split


def total(graph: Graph, metric: str, since: str, until: str, **more: str) -> dict[str, object]:
    return graph.ok(f"{graph.gram}/insights", metric=metric, period="day", metric_type="total_value", since=since, until=until, **more)


def test_28_days_of_reach_add_to_far_more_than_the_reach_of_28_days(graph: Graph) -> None:
    window = {"since": "2026-01-26", "until": "2026-02-23"}
    days = points(graph.ok(f"{graph.gram}/insights", metric="reach", period="day", **window), "reach")
    assert len(days) == 28
    whole = figure(total(graph, "reach", **window), "reach")
    assert sum(value for _, value in days) > 1.3 * whole
    assert whole == len(
        {
            event.user
            for event in graph.world.log.of(graph.gram)
            if event.act == "view"
            and datetime(2026, 1, 26, tzinfo=UTC).timestamp() <= event.at < datetime(2026, 2, 23, tzinfo=UTC).timestamp()
        }
    )


def test_counts_of_days_do_add_up(graph: Graph) -> None:
    first = datetime(2026, 2, 1, tzinfo=UTC)
    days = [(first + timedelta(days=n)).strftime("%Y-%m-%d") for n in range(8)]
    each = [figure(total(graph, "views", since, until), "views") for since, until in pairwise(days)]
    assert sum(each) == figure(total(graph, "views", days[0], days[-1]), "views")


def test_rolling_stamps_are_windows_and_not_sums(graph: Graph) -> None:
    metrics = "page_media_view,page_total_media_view_unique"
    asked = {"metric": metrics, "since": "2026-01-01", "until": "2026-02-20"}
    body = graph.ok(f"{graph.page}/insights", **asked)
    days, weeks = (dict(points(body, "page_media_view", period)) for period in ("day", "week"))
    month = dict(points(body, "page_media_view", "days_28"))
    assert set(days) == set(weeks) == set(month)
    stamps = sorted(days)
    for position in range(27, len(stamps)):
        assert weeks[stamps[position]] == sum(days[stamp] for stamp in stamps[position - 6 : position + 1])
        assert month[stamps[position]] == sum(days[stamp] for stamp in stamps[position - 27 : position + 1])
    daily, weekly = (dict(points(body, "page_total_media_view_unique", period)) for period in ("day", "week"))
    assert all(weekly[stamp] <= sum(daily[one] for one in stamps[n - 6 : n + 1]) for n, stamp in enumerate(stamps) if n >= 6)
    assert weekly[stamps[-1]] < sum(daily[stamp] for stamp in stamps[-7:])


def test_a_total_over_a_range_of_a_page(graph: Graph) -> None:
    asked = {"metric": "page_total_media_view_unique", "period": "total_over_range", "since": "2026-02-01", "until": "2026-02-20"}
    (point,) = points(graph.ok(f"{graph.page}/insights", **asked), "page_total_media_view_unique", "total_over_range")
    window = {"since": "2026-02-01T08:00:00Z", "until": "2026-02-20T08:00:00Z"}
    assert point == ("2026-02-20T08:00:00+0000", graph.truth("page_total_media_view_unique", graph.page, **window))


def test_breakdown_values_miss_their_total_by_about_one_percent(graph: Graph) -> None:
    window = {"since": "2026-02-01", "until": "2026-02-21"}
    exact = {"since": "2026-02-01T00:00:00Z", "until": "2026-02-21T00:00:00Z"}
    body = total(graph, "reach", **window, breakdown="follow_type")
    parts = split(body, "reach")
    assert figure(body, "reach") == graph.truth("reach", graph.gram, **exact)
    truth = graph.truth("reach", graph.gram, dimension="follow_type", **exact)
    assert set(parts) == {("FOLLOWER",), ("NON_FOLLOWER",)}
    assert 0.003 < abs(sum(parts.values()) / sum(truth.values()) - 1) < 0.02
    graph.steer("switches", breakdown_error=0.0)
    parts = split(total(graph, "reach", **window, breakdown="follow_type"), "reach")
    assert {key: value for (key,), value in parts.items()} == truth


def test_two_dimensions_keep_both_values(graph: Graph) -> None:
    graph.steer("switches", breakdown_error=0.0)
    body = total(graph, "views", "2026-02-01", "2026-02-21", breakdown="media_product_type,follow_type")
    found = split(body, "views")
    assert body["data"][0]["total_value"]["breakdowns"][0]["dimension_keys"] == ["media_product_type", "follow_type"]  # type: ignore[index]
    assert {product for product, _ in found} == {"AD", "POST", "CAROUSEL_CONTAINER", "REEL", "STORY"}
    assert sum(found.values()) == figure(body, "views")


def test_breakdown_values_in_either_case(graph: Graph) -> None:
    graph.steer("switches", upper_case_breakdowns=False)
    assert set(split(total(graph, "views", "2026-02-01", "2026-02-21", breakdown="follow_type"), "views")) == {
        ("follower",),
        ("non_follower",),
    }


def test_reach_by_follow_type_freezes_past_366_days(odd: Graph) -> None:
    def at(since: str, until: str) -> dict[tuple[str, ...], int]:
        return split(total(odd, "reach", since, until, breakdown="follow_type"), "reach")

    assert at("2025-01-10", "2025-01-20") == at("2024-11-10", "2024-11-20") == at("2024-06-01", "2024-06-11")
    assert at("2025-03-10", "2025-03-20") != at("2025-04-10", "2025-04-20")
    plain = [figure(total(odd, "reach", *window), "reach") for window in (("2025-01-10", "2025-01-20"), ("2024-11-10", "2024-11-20"))]
    assert plain[0] != plain[1]


def test_a_shape_without_value_is_no_zero(graph: Graph) -> None:
    graph.steer("clock", to="2026-03-02T00:00:00Z")
    body = total(graph, "follows_and_unfollows", "2026-03-01", "2026-03-02", breakdown="follow_type")
    assert names(body) == ["follows_and_unfollows"]
    assert body["data"][0]["total_value"] == {}  # type: ignore[index]
