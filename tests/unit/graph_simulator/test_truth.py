"""Behaviour 22: one log yields every metric. What is served, what `truth` says and what the log says by hand are three computations."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph_simulator.insights.catalogue import read_catalogue
from graph_simulator.insights.figures import Figures, Window
from graph_simulator.insights.recipe_tables import INSIGHTS, NODES, object_type
from graph_simulator.insights.recipes import Recipe
from graph_simulator.insights.tally import Tallies
from graph_simulator.insights.truth import truth
from graph_simulator.world.build import Size, build_world
from graph_simulator.world.event_log import Event
from graph_simulator.world.instants import Day, iso
from graph_simulator.world.world import Account, GraphObject, World
from tests.support.facts.simulated_graph import Graph, figure, points

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ENGAGED = {"reaction", "comment", "share", "click"}
INTERACTIONS = {"reaction", "comment", "save", "share", "reply", "repost"}


def within(graph: Graph, scope: str, since: float, until: float) -> list[Event]:
    return [event for event in graph.world.log.of(scope) if since <= event.at < until]


def test_a_day_of_a_page(graph: Graph) -> None:
    start = datetime(2026, 2, 14, tzinfo=LOS_ANGELES)
    events = within(graph, graph.page, start.timestamp(), (start + timedelta(days=1)).timestamp())
    views = [event for event in events if event.act == "view"]
    done = [event for event in events if event.sign > 0]
    wanted = {
        "page_media_view": len(views),
        "page_total_media_view_unique": len({event.user for event in views}),
        "page_views_total": sum(event.act == "visit" for event in events),
        "page_post_engagements": sum(event.act in ENGAGED for event in done),
        "page_total_actions": sum(event.act == "tap" for event in events),
        "page_daily_follows": sum(event.act == "follow" for event in done),
        "page_daily_follows_unique": len({event.user for event in done if event.act == "follow"}),
        "page_daily_unfollows_unique": len({event.user for event in events if event.act == "follow" and event.sign < 0}),
        "page_video_views": sum(event.ms >= 3_000 for event in views),
        "page_video_views_paid": sum(event.ms >= 3_000 and event.paid for event in views),
        "page_video_views_organic": sum(event.ms >= 3_000 and not event.paid for event in views),
        "page_video_view_time": sum(event.ms for event in views),
        "page_actions_post_reactions_total": dict(Counter(event.key for event in done if event.act == "reaction")),
    }
    body = graph.ok(f"{graph.page}/insights", metric=",".join(wanted), period="day", since="2026-02-14", until="2026-02-15")
    assert {one["name"]: one["values"][0]["value"] for one in body["data"]} == wanted
    window = {"since": iso(int(start.timestamp())), "until": iso(int(start.timestamp()) + 86_400)}
    assert {metric: graph.truth(metric, graph.page, **window) for metric in wanted} == wanted
    assert all(wanted.values())


def test_paid_and_organic(graph: Graph) -> None:
    asked = {"metric": "page_media_view", "period": "day", "since": "2026-02-01", "until": "2026-02-20", "breakdown": "is_from_ads"}
    values = graph.ok(f"{graph.page}/insights", **asked)["data"][0]["values"]
    window = {"since": "2026-02-01T08:00:00Z", "until": "2026-02-20T08:00:00Z"}
    for paid in ("0", "1"):
        served = sum(value["value"] for value in values if value["is_from_ads"] == paid)
        assert served == graph.truth("page_media_view", graph.page, paid=paid == "1", **window) > 0


def test_a_day_of_an_instagram_account(graph: Graph) -> None:
    start = datetime(2026, 2, 10, tzinfo=UTC).timestamp()
    events = within(graph, graph.gram, start, start + 7 * 86_400)
    done = [event for event in events if event.sign > 0]
    wanted = {
        "reach": len({event.user for event in events if event.act == "view"}),
        "views": sum(event.act == "view" for event in events),
        "accounts_engaged": len({event.user for event in done if event.act in INTERACTIONS}),
        "likes": sum(event.act == "reaction" for event in done),
        "saves": sum(event.act == "save" for event in done),
        "total_interactions": sum(event.act in INTERACTIONS for event in done),
        "profile_views": sum(event.act == "visit" for event in events),
        "profile_links_taps": sum(event.act == "tap" for event in events),
        "website_clicks": sum(event.act == "website" for event in events),
    }
    asked = {"period": "day", "metric_type": "total_value", "since": "2026-02-10", "until": "2026-02-17"}
    body = graph.ok(f"{graph.gram}/insights", metric=",".join(wanted), **asked)
    assert {one["name"]: one["total_value"]["value"] for one in body["data"]} == wanted
    assert all(wanted.values())


def test_totals_of_media_and_their_scopes(graph: Graph) -> None:
    graph.steer("clock", to="2026-03-12T00:00:00Z")
    media = next(its for its in graph.objects(graph.gram, "media") if its["is_boosted"] and its["product"] == "FEED")
    events = within(graph, media["id"], 0, datetime(2026, 3, 12, tzinfo=UTC).timestamp())
    likes, views = ([event for event in events if event.act == act] for act in ("reaction", "view"))
    wanted = {
        "reach": len({event.user for event in views}),
        "views": sum(not event.paid for event in views),
        "total_views": len(views),
        "likes": sum(event.sign for event in likes if not event.paid),
        "total_likes": sum(event.sign for event in likes),
        "saved": sum(event.sign for event in events if event.act == "save"),
        "total_interactions": sum(event.sign for event in events if event.act in INTERACTIONS and not event.paid),
    }
    body = graph.ok(f"{media['id']}/insights", metric=",".join(wanted))
    assert {one["name"]: one["values"][0]["value"] for one in body["data"]} == wanted
    assert wanted["total_views"] > wanted["views"]


def test_an_unlike_makes_a_total_fall(graph: Graph) -> None:
    undone = next(
        event
        for event in graph.world.log.of(graph.gram)
        if event.act == "reaction" and event.sign < 0 and not event.paid and event.at > graph.world.clock - 9 * 86_400
    )
    figures = []
    for instant in (undone.at, undone.at + 1):
        graph.steer("clock", to=iso(instant))
        asked = graph.ok(f"{undone.object_id}/insights", metric="likes,total_interactions")
        counted = graph.ok(undone.object_id, fields="like_count")["like_count"]
        figures.append((figure(asked, "likes"), figure(asked, "total_interactions"), counted))
    assert figures[0][0] - figures[1][0] == figures[0][1] - figures[1][1] == figures[0][2] - figures[1][2] == 1


def test_stocks_are_what_came_and_went(graph: Graph) -> None:
    starts = graph.world.log.starts[graph.page]
    follows = sum(event.sign for event in within(graph, graph.page, 0, graph.world.clock) if event.act == "follow")
    fans = sum(event.sign for event in within(graph, graph.page, 0, graph.world.clock) if event.act == "fan")
    node = graph.ok(graph.page, fields="followers_count,fan_count")
    assert (node["followers_count"], node["fan_count"]) == (len(starts.followers) + follows, len(starts.fans) + fans)
    assert graph.truth("followers_count", graph.page) == node["followers_count"]
    assert len(graph.world.log.followers_at(graph.page, graph.world.clock)) == node["followers_count"]
    body = graph.ok(
        f"{graph.page}/insights", metric="page_follows,page_daily_follows", period="day", since="2026-02-01", until="2026-02-20"
    )
    assert points(body, "page_follows")[-1][1] == graph.truth("page_follows", graph.page, at="2026-02-20T08:00:00Z")


def test_shares_are_left_out_at_0_and_hidden_likes_always(graph: Graph) -> None:
    posts = graph.ok(f"{graph.page}/published_posts", limit=100, fields="id,shares")["data"]
    for post in posts:
        shares = sum(event.sign for event in within(graph, post["id"], 0, graph.world.clock) if event.act == "share")
        assert post.get("shares") == ({"count": shares} if shares else None)
    assert {"shares" in post for post in posts} == {True, False}
    media = graph.objects(graph.gram, "media")[5]["id"]
    assert "like_count" in graph.ok(media, fields="like_count,comments_count")
    graph.steer("objects", object=media, hides_likes=True)
    assert graph.ok(media, fields="like_count,comments_count").keys() == {"comments_count", "id"}


def test_counts_of_media_are_born_in_april(graph: Graph) -> None:
    assert graph.error(f"{graph.gram}/media", fields="saved_count")["code"] == 100
    graph.steer("clock", to="2026-04-23T00:00:00Z")
    fields = "like_count,comments_count,saved_count,shares_count,reposts_count"
    media = graph.ok(f"{graph.gram}/media", fields=fields, limit=3)["data"]
    assert all({*fields.split(","), "id"} == one.keys() for one in media)
    assert [one["saved_count"] for one in media] == [graph.truth("saved", one["id"]) for one in media]
    graph.steer("tokens", name="page", login="instagram")
    assert graph.error(f"{graph.gram}/media", fields="saved_count")["code"] == 100
    assert graph.get(f"{graph.gram}/media", fields="like_count").status_code == 200


RECIPES = [
    (kind, recipe)
    for tables in (INSIGHTS, NODES)
    for kind, table in tables.items()
    for recipe in table.values()
    if not recipe.trailing_days
]


@cache
def small_world() -> World:
    size = Size(history_days=30, future_days=5, posts=25, reels=5, stories=8, audience=300, followers=150, views_per_post=40)
    return build_world(seed=3, size=size)


@cache
def small_figures() -> Figures:
    return Figures(Tallies(small_world().log))


@cache
def scopes(type_: str) -> list[str]:
    """Accounts or objects of this type, as the log calls them."""
    things: list[Account | GraphObject] = [*small_world().accounts.values(), *small_world().objects.values()]
    return [thing.log_id if isinstance(thing, GraphObject) else thing.id for thing in things if object_type(thing) == type_]


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_tallies_and_truth_agree_on_every_recipe_and_window(data: st.DataObject) -> None:
    """Also where part of the window is made of single days that are counted one by one."""
    world, figures = small_world(), small_figures()
    kind, recipe = data.draw(st.sampled_from(RECIPES))
    scope = data.draw(st.sampled_from(scopes(kind)))
    of_scope = [event.at for event in world.log.of(scope)] or [world.clock]
    instants = st.integers(world.begins_at - 10, world.ends_at + 10) | st.sampled_from(of_scope)
    since, settled, until = sorted(data.draw(st.tuples(instants, instants, instants)))
    exact = truth(world.log, scope, recipe, since=since, until=until, length_ms=9)
    assert figures.value(scope, recipe, Window(since, until, until), length_ms=9) == exact
    in_days = Window(since, until, settled, ((Day(date(2026, 1, 1), settled, until), 1.0),))
    assert figures.value(scope, recipe, in_days, length_ms=9) == exact


@hypothesis_settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_windows_that_touch_add_up_and_uniques_never_exceed_their_sum(data: st.DataObject) -> None:
    world, figures = small_world(), small_figures()
    kind = data.draw(st.sampled_from(["page", "ig_user"]))
    countable: list[Recipe] = [
        recipe for its, recipe in RECIPES if its == kind and recipe.measure in {"count", "ms", "unique"} and not recipe.by
    ]
    recipe, scope = data.draw(st.sampled_from(countable)), scopes(kind)[0]
    a, b, c = sorted(data.draw(st.lists(st.integers(world.begins_at, world.ends_at), min_size=3, max_size=3)))
    whole, left, right = (figures.value(scope, recipe, Window(*window, window[1])) for window in ((a, c), (a, b), (b, c)))
    assert isinstance(whole, int)
    assert isinstance(left, int)
    assert isinstance(right, int)
    if recipe.measure == "unique":
        assert max(left, right) <= whole <= left + right
    else:
        assert whole == left + right


def test_recipes_have_the_names_of_the_catalogue() -> None:
    known = {(row.object, row.metric) for row in read_catalogue()}
    tables = [(kind, metric) for tables in (INSIGHTS, NODES) for kind, table in tables.items() for metric in table]
    assert [one for one in tables if one not in known] == []


def test_every_metric_that_the_collector_plans_has_a_recipe() -> None:
    silent = {
        (row.object, row.metric)
        for row in read_catalogue()
        if row.status in {"valid", "valid_undocumented"}
        and row.object in INSIGHTS
        and row.period != "node"
        and row.metric not in INSIGHTS[row.object]
    }
    assert all(
        "monetization" in metric
        or "ad_break" in metric
        or "demographics" in metric
        or "retention" in metric
        or metric
        in {
            "page_follows_city",
            "page_follows_country",
            "post_video_views_sound_on",
            "post_video_views_live",
            "post_video_live_current_viewers",
        }
        for _, metric in silent
    ), silent
