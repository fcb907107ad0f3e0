"""`GET /{ig-user}/insights`: totals of a window of whole days, series by day, demographics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from graph_simulator.http import errors
from graph_simulator.http.calls import Call, listed
from graph_simulator.insights.answers import Json, asked_window, breakdown, point, series, skeleton, time_links, total_value
from graph_simulator.insights.catalogue import Row
from graph_simulator.insights.dimensions import DISTRIBUTIONS
from graph_simulator.insights.figures import Window
from graph_simulator.insights.recipes import Recipe
from graph_simulator.insights.recipes_instagram import ENGAGED, REACHED
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import DAY, UTC_ZONE, Day, day_of, days_starting_in, midnight
from graph_simulator.world.people import by_attributes
from graph_simulator.world.world import Account

MAX_DAYS = 30
FEWEST_FOLLOWERS = 100
FREEZES_AFTER = 366 * DAY
PERIODS = ("day", "week", "days_28", "month", "lifetime", "total_over_range")
TIMEFRAMES = {"this_week": 7, "last_14_days": 14, "this_month": 30, "last_30_days": 30, "prev_month": 30, "last_90_days": 90}
"""Days before now that a timeframe means, near enough."""
_OF_FOLLOWERS = frozenset({"follower_count", "follows_and_unfollows", "online_followers"})
_DAYS_OF_PERIOD = {"day": 1, "week": 7, "days_28": 28}


def user_insights(sim: Simulator, call: Call, user: Account, params: Mapping[str, str]) -> Json:
    """The answer for all asked metrics, or the error that one of them brings upon all."""
    metrics, period = listed(params.get("metric", "")), params.get("period", "")
    if not metrics:
        raise errors.no_metric()
    if not period:
        raise errors.parameter("The parameter period is required")
    if period not in PERIODS:
        raise errors.parameter(f"period must be one of the following values: {', '.join(PERIODS)}")
    rows = _rows(sim, metrics, period)
    is_total = _is_total(rows, params.get("metric_type", ""))
    dimensions = listed(params.get("breakdown", "")) if is_total else []  # of a series it is dropped silently
    if any(dimension not in row.breakdowns for row in rows for dimension in dimensions):
        raise errors.unknown_error()
    since, until = asked_window(params, sim.now, UTC_ZONE, default_days=1, max_days=MAX_DAYS)
    call.token.needs_instagram("instagram_basic")
    call.token.needs_instagram("instagram_manage_insights")
    is_small = sim.node_figure("ig_user", "followers_count", user.id) < FEWEST_FOLLOWERS
    days = _days(sim, user, params, since, until)
    data: list[Json] = []
    for row in rows:
        if is_small and (row.metric in _OF_FOLLOWERS or row.semantics == "distribution"):
            continue
        if row.semantics == "distribution":
            data += _demographics(sim, user, row, dimensions, params.get("timeframe", ""))
        elif is_total:
            # Without a window, a total is of the last 24 hours to the second.
            data += _total(sim, user, row, dimensions, days if params.get("since") or params.get("until") else [], (since, until))
        else:
            data += _series(sim, user, row, _closed(sim, days, until))
    return {"data": data, "paging": time_links(call, f"{user.id}/insights", params, since, until)}


def _rows(sim: Simulator, metrics: Sequence[str], period: str) -> list[Row]:
    found = sim.catalogue.of("ig_user", metrics, sim.today)
    for position, metric in enumerate(metrics):
        if not found[metric]:
            raise errors.dead_instagram_metric(position, dict.fromkeys(row.metric for row in sim.catalogue.alive("ig_user", sim.today)))
    rows = []
    for metric, its in found.items():
        of_period = [row for row in its if row.period == period]
        if not of_period:
            raise errors.parameter(f"Incompatible period ({period}) with metric ({metric})")
        rows += of_period
    return rows


def _is_total(rows: Sequence[Row], metric_type: str) -> bool:
    if metric_type not in {"", "total_value", "time_series"}:
        raise errors.parameter("metric_type must be one of the following values: time_series, total_value")
    wrong = [row.metric for row in rows if row.metric_types and (metric_type or "time_series") not in row.metric_types]
    if wrong:
        raise errors.needs_time_series(wrong) if metric_type == "total_value" else errors.needs_total_value(wrong)
    return metric_type == "total_value"


def _days(sim: Simulator, user: Account, params: Mapping[str, str], since: int, until: int) -> list[Day]:
    """Whole days that begin in the asked window; yesterday of a series, if none was asked for."""
    zone = sim.zone_of(user)
    if not params.get("since") and not params.get("until"):
        return [day_of(sim.now - DAY, zone)]
    return list(days_starting_in(since, until, zone)) or [day_of(since, zone)]


def _closed(sim: Simulator, days: Sequence[Day], until: int) -> list[Day]:
    """Where days are the account's own, those that end after `until` are left out."""
    return [day for day in days if sim.switches.ig_day_boundary != "account" or day.end <= until]


def _total(
    sim: Simulator, user: Account, row: Row, dimensions: Sequence[str], days: Sequence[Day], exact: tuple[int, int]
) -> Iterator[Json]:
    recipe = sim.recipe("ig_user", row.metric)
    if recipe is None:
        return
    since, until = (days[0].start, days[-1].end) if days else exact
    window = sim.window(user, row.metric, since, until)
    if not days:
        window = Window(since, until, until)
    if window.is_absent or (row.metric == "follows_and_unfollows" and not dimensions):
        yield skeleton(user.id, row.metric, row.period)
        return
    value = sim.figures.value(user.id, recipe, window)
    split = breakdown(dimensions, _split(sim, user, row, recipe, dimensions, window)) if dimensions else None
    if row.metric == "follows_and_unfollows":
        yield {**skeleton(user.id, row.metric, row.period), "total_value": {"breakdowns": [split]}}
    else:
        yield total_value(user.id, row.metric, row.period, value, split)


def _split(
    sim: Simulator, user: Account, row: Row, recipe: Recipe, dimensions: Sequence[str], window: Window
) -> dict[tuple[str, ...], int]:
    frozen_at = sim.now - FREEZES_AFTER
    if row.metric == "reach" and "follow_type" in dimensions and window.since < frozen_at:
        start = day_of(frozen_at, sim.zone_of(user)).start
        window = Window(start, start + window.until - window.since, start + window.until - window.since)
    groups = sim.figures.split(user.id, recipe, dimensions, window)
    if recipe.measure == "unique" and groups and sim.switches.breakdown_error:
        largest = max(groups, key=lambda values: (groups[values], values))
        groups[largest] += max(1, round(sum(groups.values()) * sim.switches.breakdown_error))
    if sim.switches.upper_case_breakdowns:
        return groups
    return {tuple(value.lower() for value in values): figure for values, figure in groups.items()}


def _series(sim: Simulator, user: Account, row: Row, days: Sequence[Day]) -> Iterator[Json]:
    recipe = sim.recipe("ig_user", row.metric)
    if recipe is None:
        return
    zone = sim.zone_of(user)
    points = []
    for day in days:
        since = midnight(day.date - timedelta(days=_DAYS_OF_PERIOD[row.period] - 1), zone)
        window = sim.window(user, row.metric, since, day.end)
        if not window.is_absent:
            stamped = day.start if sim.switches.ig_stamp == "day" else day.end
            points.append(point(sim.figures.value(user.id, recipe, window), stamped))
    yield series(user.id, row.metric, row.period, points)


def _demographics(sim: Simulator, user: Account, row: Row, dimensions: Sequence[str], timeframe: str) -> Iterator[Json]:
    if not row.metric.endswith("_demographics"):
        return
    if timeframe not in TIMEFRAMES:
        raise errors.parameter(f"timeframe must be one of the following values: {', '.join(TIMEFRAMES)}")
    if not dimensions or any(dimension not in DISTRIBUTIONS for dimension in dimensions):
        yield skeleton(user.id, row.metric, row.period)
        return
    since = sim.now - TIMEFRAMES[timeframe] * DAY
    if row.metric == "follower_demographics":
        users = sim.log.followers_at(user.id, sim.now)
    else:
        recipe = ENGAGED if row.metric == "engaged_audience_demographics" else REACHED
        users = {event.user for event in sim.figures.events(user.id, recipe.selection, Window(since, sim.now, sim.now))}
    split = breakdown(dimensions, by_attributes(users, dimensions))
    yield {**skeleton(user.id, row.metric, row.period), "total_value": {"breakdowns": [split]}}
