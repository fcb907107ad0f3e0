"""`GET /{ig-media}/insights`: running totals, by media product; one refused metric refuses all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from graph_simulator.http import errors
from graph_simulator.http.calls import Call, listed, number_of
from graph_simulator.insights.answers import Json, breakdown, lifetime
from graph_simulator.insights.catalogue import Row
from graph_simulator.insights.figures import Window
from graph_simulator.insights.recipes_instagram import REACHED
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import TWO_YEARS
from graph_simulator.world.world import GraphObject

FEWEST_VIEWERS = 5
_OF_FACEBOOK_LOGIN = frozenset({"link_clicks", "total_likes", "total_comments", "total_views"})
_OF_CROSSPOSTED = frozenset({"facebook_views", "crossposted_views"})


def media_insights(sim: Simulator, call: Call, media: GraphObject, params: Mapping[str, str]) -> Json:
    """The answer for all asked metrics, or the error that one of them brings upon all."""
    metrics = listed(params.get("metric", ""))
    if not metrics:
        raise errors.no_metric()
    rows = _rows(sim, call, media, metrics)
    dimensions = listed(params.get("breakdown", ""))
    if any(dimension not in row.breakdowns for row in rows for dimension in dimensions):
        raise errors.unknown_error()
    call.token.needs_instagram("instagram_basic")
    call.token.needs_instagram("instagram_manage_insights")
    if media.published_at < sim.account_of(media).converted_at:
        raise errors.before_conversion()
    _check_product(media, rows)
    if media.kind == "story" and sim.figures.lifetime(media.id, REACHED, sim.now) in range(FEWEST_VIEWERS):
        raise errors.not_enough_viewers()
    if media.published_at < sim.now - TWO_YEARS:
        return {"data": []}
    return {"data": [answer for row in rows for answer in _figure(sim, media, row, dimensions)]}


def _rows(sim: Simulator, call: Call, media: GraphObject, metrics: Sequence[str]) -> list[Row]:
    published = datetime.fromtimestamp(media.published_at, tz=UTC)
    found = sim.catalogue.of("ig_media", metrics, sim.today, published)
    for position, metric in enumerate(metrics):
        if call.token.login == "instagram" and metric in _OF_FACEBOOK_LOGIN:
            found[metric] = []
        if not found[metric]:
            if metric == "impressions" and number_of(call.version) >= 22:
                raise errors.no_longer_supported(metric, "v22.0")
            raise errors.dead_instagram_metric(position, dict.fromkeys(row.metric for row in sim.catalogue.alive("ig_media", sim.today)))
    return [row for rows in found.values() for row in rows]


def _check_product(media: GraphObject, rows: Sequence[Row]) -> None:
    for row in rows:
        if media.kind == "child" or (row.products and media.product not in row.products) or row.metric in media.refuses:
            raise errors.not_for_this_product(row.metric)
        if row.metric in _OF_CROSSPOSTED and not media.is_crossposted:
            raise errors.not_for_this_product(row.metric, 2207086)


def _figure(sim: Simulator, media: GraphObject, row: Row, dimensions: Sequence[str]) -> list[Json]:
    recipe = sim.recipe("ig_media", row.metric)
    if recipe is None:
        return []
    value = sim.figures.lifetime(media.id, recipe, sim.now)
    answer = lifetime(media.id, row.metric, value)
    if "total_value_breakdowns" in row.value_shape:
        # These two carry their figure twice.
        answer["total_value"] = {"value": value}
        if dimensions:
            groups = sim.figures.split(media.id, recipe, dimensions, Window(0, sim.now, sim.now))
            answer["total_value"]["breakdowns"] = [breakdown(dimensions, groups)]
    return [answer]
