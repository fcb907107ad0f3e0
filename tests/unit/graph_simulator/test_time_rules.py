"""Behaviours 18 to 20: whose midnight, which stamp, how long a window, and how the last days are restated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.facts.simulated_graph import Graph, figure, points

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def count(graph: Graph, account: str, start: datetime, end: datetime) -> int:
    """Views of an account in a window, from the log."""
    return sum(event.act == "view" and start.timestamp() <= event.at < end.timestamp() for event in graph.world.log.of(account))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 7), 24), (date(2026, 3, 8), 23), (date(2026, 3, 9), 24)])
def test_facebook_days_end_at_pacific_midnight(graph: Graph, day: date, hours: int) -> None:
    graph.steer("clock", to="2026-04-01T00:00:00Z")
    tomorrow = day + timedelta(days=1)
    body = graph.ok(f"{graph.page}/insights", metric="page_media_view", period="day", since=day, until=tomorrow)
    start = datetime(day.year, day.month, day.day, tzinfo=LOS_ANGELES)
    end = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=LOS_ANGELES)
    assert end.timestamp() - start.timestamp() == hours * 3_600
    stamp = end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    assert points(body, "page_media_view") == [(stamp, count(graph, graph.page, start, end))]
    assert stamp.startswith(f"{tomorrow}T{'08' if tomorrow <= date(2026, 3, 8) else '07'}:00:00")


def test_the_autumn_day_has_25_hours(odd: Graph) -> None:
    # The page of this world has too few likes for insights; its post has days of video metrics.
    post = next(its for its in odd.objects(odd.page, "post") if its["length_ms"] and its["published_at"] < "2025-10-20")
    body = odd.ok(f"{post['id']}/insights", metric="post_video_views", period="day", since="2025-11-01", until="2025-11-04")
    stamps = [stamp for stamp, _ in points(body, "post_video_views")]
    assert stamps == ["2025-11-02T07:00:00+0000", "2025-11-03T08:00:00+0000", "2025-11-04T08:00:00+0000"]


def test_the_first_stamp_is_a_day_after_since(graph: Graph) -> None:
    body = graph.ok(f"{graph.page}/insights", metric="page_follows", period="day", since="2026-02-01", until="2026-02-05")
    assert [stamp[:10] for stamp, _ in points(body, "page_follows")] == ["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05"]


def test_instagram_series_are_stamped_with_the_day_or_its_end(graph: Graph) -> None:
    asked = {"metric": "reach", "period": "day", "since": "2026-02-01", "until": "2026-02-04"}
    days = points(graph.ok(f"{graph.gram}/insights", **asked), "reach")
    assert [stamp for stamp, _ in days] == [f"2026-02-0{day}T00:00:00+0000" for day in (1, 2, 3)]
    graph.steer("switches", ig_stamp="end")
    ends = points(graph.ok(f"{graph.gram}/insights", **asked), "reach")
    assert [stamp for stamp, _ in ends] == [f"2026-02-0{day}T00:00:00+0000" for day in (2, 3, 4)]
    assert [value for _, value in ends] == [value for _, value in days]


@pytest.mark.parametrize(("boundary", "zone"), [("utc", "UTC"), ("pacific", "America/Los_Angeles"), ("account", "America/New_York")])
def test_the_boundary_of_instagram_days(graph: Graph, boundary: str, zone: str) -> None:
    graph.steer("switches", ig_day_boundary=boundary)
    midnight = datetime(2026, 2, 10, tzinfo=ZoneInfo(zone))
    asked = {"since": "2026-02-10T00:00:00Z", "until": "2026-02-11T00:00:00Z"}
    total = graph.ok(f"{graph.gram}/insights", metric="views", period="day", metric_type="total_value", **asked)
    assert figure(total, "views") == count(graph, graph.gram, midnight, midnight + timedelta(days=1))
    one = {"metric": "reach", "period": "day", **asked}
    one |= {"until": "2026-02-11T12:00:00Z"} if boundary == "account" else {}
    series = points(graph.ok(f"{graph.gram}/insights", **one), "reach")
    assert series == [(midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"), figure(_total(graph, "reach", asked), "reach"))]


def _total(graph: Graph, metric: str, asked: dict[str, str]) -> dict[str, object]:
    return graph.ok(f"{graph.gram}/insights", metric=metric, period="day", metric_type="total_value", **asked)


def test_instagram_answers_the_last_24_hours_when_not_asked_for_a_window(graph: Graph) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    body = graph.ok(f"{graph.gram}/insights", metric="views", period="day", metric_type="total_value")
    assert figure(body, "views") == count(graph, graph.gram, now - timedelta(days=1), now)


@pytest.mark.parametrize(("days", "is_allowed"), [(90, True), (91, False)])
def test_facebook_windows_have_90_days(graph: Graph, days: int, is_allowed: bool) -> None:
    since = date(2026, 2, 28) - timedelta(days=days)
    response = graph.get(f"{graph.page}/insights", metric="page_media_view", period="day", since=since, until="2026-02-28")
    assert (response.status_code == 200) is is_allowed
    graph.steer("switches", fb_max_days=93)
    response = graph.get(f"{graph.page}/insights", metric="page_media_view", period="day", since=since, until="2026-02-28")
    assert response.status_code == 200


def test_the_error_of_a_window_that_is_too_long(graph: Graph) -> None:
    graph.steer("switches", fb_max_days=93)
    asked = {"metric": "page_media_view", "period": "day", "since": "2025-10-01", "until": "2026-02-01"}
    assert graph.error(f"{graph.page}/insights", **asked)["message"] == (
        "(#100) There cannot be more than 93 days (8035200 s) between since and until"
    )


def test_a_window_of_90_days_with_the_autumn_change(graph: Graph) -> None:
    asked = {"metric": "page_media_view", "period": "day", "since": "2025-10-20", "until": "2026-01-18"}
    assert len(points(graph.ok(f"{graph.page}/insights", **asked), "page_media_view")) == 90


def test_instagram_windows_have_30_days(graph: Graph) -> None:
    asked = {"metric": "reach", "period": "day", "until": "1772323200"}
    assert graph.get(f"{graph.gram}/insights", since=1_772_323_200 - 2_592_000, **asked).status_code == 200
    error = graph.error(f"{graph.gram}/insights", since=1_772_323_200 - 2_592_001, **asked)
    assert error["message"] == "(#100) There cannot be more than 30 days (2592000 s) between since and until"


@pytest.mark.parametrize("account", ["page", "gram"])
def test_nothing_older_than_two_years(graph: Graph, account: str) -> None:
    asked = {"metric": "page_media_view" if account == "page" else "reach", "period": "day", "since": "2024-02-01", "until": "2024-02-10"}
    assert "last 2 years" in graph.error(f"{getattr(graph, account)}/insights", **asked)["message"]


def test_a_window_that_ends_before_it_begins(graph: Graph) -> None:
    assert graph.error(f"{graph.gram}/insights", metric="reach", period="day", since="2026-02-10", until="2026-02-10")["code"] == 100


def test_the_last_days_are_absent_or_0_and_restated_upwards_until_72_hours(graph: Graph) -> None:
    """Each day of a fortnight is followed from the hour it ends: what is said of it only grows, and is the truth after 72 hours."""
    metrics = ("page_media_view", "page_total_media_view_unique", "page_post_engagements")
    said: dict[tuple[str, str], dict[int, int]] = {}
    absent, began = 0, datetime(2026, 3, 1, 9, tzinfo=UTC)
    for hours in range(0, 12 * 24, 6):
        now = began + timedelta(hours=hours)
        graph.steer("clock", to=now.isoformat())
        body = graph.ok(f"{graph.page}/insights", token="system", metric=",".join(metrics), period="day", since="2026-02-26")
        for metric in metrics:
            found = dict(points(body, metric))
            for day in range(1, 14):
                end = datetime(2026, 2, 27, 8, tzinfo=UTC) + timedelta(days=day)
                age = (now - end).total_seconds() / 3_600
                stamp = end.astimezone(LOS_ANGELES).replace(hour=0).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
                if age >= 0:
                    absent += stamp not in found
                    if stamp in found:
                        said.setdefault((metric, stamp), {})[int(age)] = found[stamp]
                    else:
                        assert age < 48
    assert absent > 0
    assert any(figures[min(figures)] == 0 for figures in said.values())
    for (metric, stamp), figures in said.items():
        values = [figures[age] for age in sorted(figures)]
        assert values == sorted(values), (metric, stamp)
        end = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S%z")
        start = datetime.combine((end - timedelta(hours=12)).astimezone(LOS_ANGELES).date(), datetime.min.time(), LOS_ANGELES)
        exact = graph.truth(metric, graph.page, since=start.isoformat(), until=end.isoformat())
        finals = [value for age, value in figures.items() if age >= 72]
        assert all(value == exact for value in finals)
        assert all(value <= exact for value in values)
    for metric in metrics:
        courses = [[figures[age] for age in sorted(figures)] for (its, _), figures in said.items() if its == metric]
        assert any(0 < value < values[-1] for values in courses for value in values)
    assert max(len(set(figures.values())) for figures in said.values()) >= 4  # nothing, part, nearly all, all
    assert sum(any(value < figures[max(figures)] for value in figures.values()) for figures in said.values()) > 10


def test_instagram_totals_of_yesterday_are_restated_too(graph: Graph) -> None:
    asked = {"metric": "views,likes,profile_views,reach", "since": "2026-02-28", "until": "2026-03-01"}
    early = graph.ok(f"{graph.gram}/insights", period="day", metric_type="total_value", **asked)
    graph.steer("clock", to="2026-03-04T00:00:00Z")
    late = graph.ok(f"{graph.gram}/insights", period="day", metric_type="total_value", **asked)
    window = {"since": "2026-02-28T00:00:00Z", "until": "2026-03-01T00:00:00Z"}
    exact = {metric: graph.truth(metric, graph.gram, **window) for metric in asked["metric"].split(",")}
    assert {one["name"]: one["total_value"]["value"] for one in late["data"]} == exact
    before = {one["name"]: one["total_value"].get("value") for one in early["data"]}
    assert before != exact
    assert all(value is None or value <= exact[metric] for metric, value in before.items())


def test_without_the_switch_every_day_is_final_at_once(graph: Graph) -> None:
    graph.steer("switches", provisional=False)
    body = graph.ok(f"{graph.page}/insights", metric="page_media_view", period="day", since="2026-02-28", until="2026-03-01")
    start = datetime(2026, 2, 28, tzinfo=LOS_ANGELES)
    assert points(body, "page_media_view") == [("2026-03-01T08:00:00+0000", count(graph, graph.page, start, start + timedelta(days=1)))]


def test_two_simulators_of_one_seed_say_the_same(graph: Graph) -> None:
    from graph_simulator.world.build import build_world

    twin = build_world(seed=graph.world.seed)
    assert twin.log.accounts == graph.world.log.accounts
    assert twin.objects == graph.world.objects
    assert build_world(seed=8).log.accounts != graph.world.log.accounts
