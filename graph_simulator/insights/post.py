"""`GET /{page}_{post}/insights` and `GET /{video}/video_insights`: running totals, and days of some metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_simulator.http import errors
from graph_simulator.http.calls import Call, listed
from graph_simulator.insights.answers import Json, asked_window, lifetime, point, series, time_links
from graph_simulator.insights.catalogue import Row
from graph_simulator.insights.figures import Window
from graph_simulator.insights.page import PERIODS, SMALLEST_PAGE, check_facebook_token, closed_days
from graph_simulator.insights.recipe_tables import object_type
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import PACIFIC
from graph_simulator.world.world import GraphObject

_NEEDS_A_BIGGER_PAGE = "post_total_media_view_unique"


def post_insights(sim: Simulator, call: Call, its: GraphObject, params: Mapping[str, str], *, is_tolerant: bool = False) -> Json:
    """The answer for all asked metrics. `is_tolerant`: inside a list, where a figure that is refused is left out instead."""
    check_facebook_token(call)
    type_, page = object_type(its), sim.account_of(its)
    metrics, period = listed(params.get("metric", "")), params.get("period", "")
    if not metrics:
        if type_ == "post":
            raise errors.no_metric()
        metrics = list(dict.fromkeys(row.metric for row in sim.catalogue.alive(type_, sim.today)))
    rows = sim.catalogue.of(type_, metrics, sim.today)
    if not all(rows.values()):
        raise errors.dead_facebook_metric()
    if period and period not in PERIODS:
        raise errors.parameter(f"period must be one of the following values: {', '.join(PERIODS)}")
    if params.get("breakdown") and any(params["breakdown"] not in row.breakdowns for listed_ in rows.values() for row in listed_):
        raise errors.unknown_error()
    call.token.needs("pages_read_engagement")
    is_small = sim.node_figure("page", "followers_count", page.id) < SMALLEST_PAGE
    if is_small and _NEEDS_A_BIGGER_PAGE in metrics:
        if not is_tolerant:
            raise errors.small_page()
        del rows[_NEEDS_A_BIGGER_PAGE]
    since, until = asked_window(params, sim.now, PACIFIC, default_days=2, max_days=sim.switches.fb_max_days)
    edge = "insights" if type_ == "post" else "video_insights"
    data: list[Json] = []
    if "read_insights" in call.token.scopes:
        for row in (row for listed_ in rows.values() for row in listed_ if period in {"", row.period}):
            data += _figures(sim, its, type_, row, since, until, params.get("breakdown", ""))
    return {"data": data, "paging": time_links(call, f"{its.id}/{edge}", params, since, until)}


def _figures(sim: Simulator, its: GraphObject, type_: str, row: Row, since: int, until: int, split: str) -> Iterator[Json]:
    recipe = sim.recipe(type_, row.metric)
    if recipe is None or (recipe.is_video and not its.length_ms):
        return  # a metric of videos has nothing to say of a photo
    if row.period == "lifetime":
        if split:
            groups = sim.figures.split(its.log_id, recipe, [split], Window(0, sim.now, sim.now))
            values = [{"value": groups.get((value,), 0), split: value} for value in ("0", "1")]
            yield lifetime(its.id, row.metric, 0) | {"values": values}
        else:
            yield lifetime(its.id, row.metric, sim.figures.lifetime(its.log_id, recipe, sim.now, its.length_ms))
    elif row.period == "day":
        page = sim.account_of(its)
        points = []
        for day in closed_days(since, min(until, sim.now)):
            window = sim.window(page, row.metric, day.start, day.end)
            if not window.is_absent and day.end > its.published_at:
                points.append(point(sim.figures.value(its.log_id, recipe, window, its.length_ms), day.end))
        yield series(its.id, row.metric, "day", points)
