"""From a simulated Meta to the marts: every number of a post is the truth of its instant, and the health is what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from agentmarts.refresh.run import refresh
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector, hours

SIZE = Size(posts=8, reels=3, stories=3, history_days=9, future_days=9, audience=300, followers=200, views_per_post=20)
CLOCK = "2026-03-06T12:00:00Z"
DAYS, HOURLY = 6, 36
CHECKPOINTS = {
    "1h": (1, 1),
    "6h": (6, 3),
    "24h": (24, 6),
    "48h": (48, 6),
    "72h": (72, 6),
    "7d": (168, 24),
    "14d": (336, 24),
    "28d": (672, 24),
}
DEAD = "page_views_total"
SOURCES: dict[str, dict[str, str]] = {
    "post": {
        "views": "post_media_view", "reach": "post_total_media_view_unique", "clicks": "post_clicks", "shares": "shares.count",
        "reactions": "post_reactions_by_type_total", "video_view_time_ms": "post_video_view_time",
        "average_watch_ms": "post_video_avg_time_watched",
    },
    "reel": {
        "views": "fb_reels_total_plays", "reactions": "post_video_likes_by_reaction_type", "video_view_time_ms": "post_video_view_time",
        "average_watch_ms": "post_video_avg_time_watched",
    },
    "FEED": {
        name: name
        for name in ("views", "reach", "likes", "comments", "shares", "saved", "reposts", "total_interactions", "follows", "profile_visits")
    },
    "REELS": {
        **{name: name for name in ("views", "reach", "likes", "comments", "shares", "saved", "reposts", "total_interactions")},
        "video_view_time_ms": "ig_reels_video_view_total_time", "average_watch_ms": "ig_reels_avg_watch_time",
    },
    "STORY": {name: name for name in ("views", "reach", "shares", "reposts", "total_interactions", "replies", "link_clicks", "follows")},
}  # fmt: skip
"""Columns of post_performance and Meta's names of them, by object type or media product."""


@pytest.fixture
def collected(collector_of: MakeCollector, short_past: None) -> Collector:
    """Hourly for a day and a half, then every six hours to the end of the sixth day; on the third a metric dies."""
    collector = collector_of(SIZE, CLOCK, timezone="Europe/Berlin")
    collector.run()
    refresh(collector.settings, as_of=collector.graph.now())
    for _ in hours(collector.graph, HOURLY):
        collector.run()
    for hour in range(HOURLY + 6, 24 * DAYS + 1, 6):
        collector.graph.advance(timedelta(hours=6))
        if hour == 72:
            collector.graph.remove("page", DEAD)
            refresh(collector.settings, as_of=collector.graph.now())
        collector.run()
    refresh(collector.settings, as_of=collector.graph.now())
    return collector


def rows_of(collector: Collector, mart: str) -> list[dict[str, Any]]:
    return [row for (row,) in collector.rows(f"select to_jsonb(m) from marts.{mart} m")]


def kind_of(collector: Collector, row: dict[str, Any]) -> str:
    if row["platform"] == "instagram":
        return str(row["media_product"])
    return str(collector.one("select distinct object_type from raw.graph_objects where object_id = %s", row["platform_post_id"]))


def is_refused(collector: Collector, metric: str, row: dict[str, Any]) -> bool:
    """Whether Meta had said by then that media of this product do not have the metric: it is left alone for a week."""
    refusals = (
        "select count(*) from raw.collection_ledger where metric = %s and media_product = %s and finished_at <= %s and retry_after > %s"
    )
    return bool(collector.one(refusals, metric, row["media_product"], row["sample_at"], row["sample_at"]))


def total(truth: Any) -> float:
    return sum(truth.values()) if isinstance(truth, dict) else truth


def test_marts_tell_the_truth(collected: Collector) -> None:
    posts = rows_of(collected, "post_performance")
    compared = list(compare_posts(collected, posts))
    assert len(compared) > 300
    check_checkpoints(collected, posts)
    check_health(collected)
    built = "select p::text from build.post_performance p union all select h::text from build.collection_health h"
    corrected = collected.rows(built)
    rebuilt = refresh(collected.settings, full=True, as_of=collected.graph.now())
    assert set(corrected) ^ set(collected.rows(built)) == set()
    assert {change.mart for change in rebuilt.published.changes} & {"post_performance", "collection_health"} == set()


def compare_posts(collector: Collector, posts: list[dict[str, Any]]) -> Iterator[str]:
    """Each known number is the simulator's at sample_at; what is unknown is 0 there, or was refused."""
    seen: set[str] = set()
    for row in posts:
        if row["sample_at"] is None:
            continue
        kind = kind_of(collector, row)
        seen.add(kind)
        at, post = row["sample_at"], row["platform_post_id"]
        for column, metric in SOURCES[kind].items():
            truth = total(collector.graph.truth(metric, post, at=at))
            assert row[column] == pytest.approx(truth) or (row[column] is None and (not truth or is_refused(collector, metric, row))), (
                kind,
                post,
                row["checkpoint"],
                column,
                truth,
            )
            yield column
        if kind in ("post", "reel"):
            actions = collector.graph.truth("post_activity_by_action_type" if kind == "post" else "post_video_social_actions", post, at=at)
            comments = {key.lower(): value for key, value in actions.items()}.get("comment", 0)
            assert row["comments"] == comments or (row["comments"] is None and not actions)
            parts = [row["reactions"], row["comments"], row["shares"]]
        else:
            parts = [row["shares"]] if kind == "STORY" else [row["likes"], row["comments"], row["shares"], row["saved"]]
        interactions = None if None in parts else sum(parts)
        assert row["interactions"] == interactions
        for rate, side in (("engagement_rate_by_reach", "reach"), ("engagement_rate_by_views", "views")):
            expected = interactions / row[side] if interactions is not None and row[side] else None
            assert row[rate] == (None if expected is None else pytest.approx(expected))
    assert seen == {"post", "reel", "FEED", "REELS", "STORY"}


def check_checkpoints(collector: Collector, posts: list[dict[str, Any]]) -> None:
    """What was published while somebody looked was sampled at every age from 24 hours on that it reached, within the tolerances."""
    now = collector.graph.now()
    by_post: dict[str, dict[str, dict[str, Any]]] = {}
    for row in posts:
        by_post.setdefault(row["platform_post_id"], {})[row["checkpoint"]] = row
    watched = 0
    for rows in by_post.values():
        published = datetime.fromisoformat(rows["latest"]["published_at"])
        is_story = rows["latest"]["media_product"] == "STORY"
        reached = {name for name, (age, _) in CHECKPOINTS.items() if published + timedelta(hours=age) <= now and (age < 24 or not is_story)}
        assert set(rows) == reached | {"latest"}
        for name in reached if published > datetime.fromisoformat(CLOCK) and not is_story else ():
            age, tolerance = CHECKPOINTS[name]
            is_open = published + timedelta(hours=age + tolerance) > now
            if rows[name]["sample_at"] is None:
                # Nobody announced the post, and lists are read once a day: its first hours may be over by then.
                assert is_open or age < 24, (rows[name]["platform_post_id"], name)
                assert rows[name]["is_provisional"] == is_open
            else:
                watched += 1
                assert age <= rows[name]["age_hours"] <= age + tolerance
    assert watched > 10


def check_health(collector: Collector) -> None:
    """Counts are the ledger's by local day, the dead metric is in quarantine, and days are complete 72 hours after their end."""
    account = {graph_id: str(one.account_id) for graph_id, one in collector.accounts.items()}
    health = rows_of(collector, "collection_health")
    whole = {(row["account_id"], row["collection_date"]): row for row in health if row["metric_name"] == "*"}
    expected = collector.rows(
        """
        with item as (
          select distinct on (account_id, day, plan_key) account_id::text, day::text, asked_count, answered_count
          from raw.collection_ledger cross join lateral (select (finished_at at time zone 'Europe/Berlin')::date as day) d
          where metric = '*' order by account_id, day, plan_key, ledger_id desc
        ), cost as (
          select account_id::text, (finished_at at time zone 'Europe/Berlin')::date::text as day, sum(http_calls)::integer as http_calls
          from raw.collection_ledger group by 1, 2
        )
        select account_id, day, sum(asked_count)::integer, sum(answered_count)::integer, min(http_calls)
        from item join cost using (account_id, day) group by 1, 2
        """
    )
    assert {(one, day): (whole[one, day]["asked_count"], whole[one, day]["answered_count"], whole[one, day]["http_calls"])
            for one, day in whole} == {(one, day): rest for one, day, *others in expected for rest in [tuple(others)]}  # fmt: skip
    assert len(whole) == 2 * (DAYS + 1)
    assert {row["status"] for row in whole.values()} <= {"ok", "partial"}
    assert {(row["pinned_version"], row["served_version"], row["is_version_mismatch"]) for row in whole.values()} == {
        ("v25.0", "v25.0", False)
    }
    dead = {row["collection_date"]: row for row in health if row["metric_name"] == DEAD}
    quarantined = {day for day, row in dead.items() if row["status"] == "quarantined"}
    died_on = (datetime.fromisoformat(CLOCK) + timedelta(days=3)).date()
    assert quarantined == {str(died_on + timedelta(days=after)) for after in range(0 if str(died_on) in quarantined else 1, DAYS - 2)}
    assert all(whole[account[PAGE], day]["status"] == "partial" for day in quarantined)

    # A day of a Page ends at 08:00 UTC, one of Instagram at 00:00: both are final on the fourth day after, and asked for within the hour.
    first = datetime.fromisoformat(CLOCK).date()
    for graph_id in (PAGE, INSTAGRAM):
        through = [whole[account[graph_id], str(first + timedelta(days=day))]["data_through"] for day in range(DAYS + 1)]
        assert through == [None] * 4 + [str(first + timedelta(days=day)) for day in range(DAYS - 3)], (graph_id, through)
