"""`GET /{page}/insights`: Pacific days stamped with the instant at which they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from graph_simulator.http import errors
from graph_simulator.http.calls import Call, listed
from graph_simulator.insights.answers import Json, asked_window, point, series, time_links
from graph_simulator.insights.catalogue import Row
from graph_simulator.insights.dimensions import value_of
from graph_simulator.insights.figures import Value, Window, measured
from graph_simulator.insights.recipes import Recipe
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import DAY, PACIFIC, Day, day_of, days_starting_in, midnight
from graph_simulator.world.people import by_attribute
from graph_simulator.world.world import Account

PERIODS = ("day", "week", "days_28", "month", "lifetime", "total_over_range")
DAYS_OF_PERIOD = {"day": 1, "week": 7, "days_28": 28}
SMALLEST_PAGE = 100
"""Pages with fewer likes have no insights."""
SPLIT_VALUES = ("0", "1")


def check_facebook_token(call: Call) -> None:
    """Raise 190 for a user's token: Page insights want that of the page (or of a system user)."""
    if call.token.kind == "user":
        raise errors.bad_token("(#190) This method must be called with a Page Access Token")


def page_insights(sim: Simulator, call: Call, page: Account, params: Mapping[str, str]) -> Json:
    """The answer for all asked metrics, or the error that one of them brings upon all."""
    check_facebook_token(call)
    metrics, period = listed(params.get("metric", "")), params.get("period", "")
    if not metrics:
        raise errors.no_metric()
    rows = sim.catalogue.of("page", metrics, sim.today)
    if not all(rows.values()):
        raise errors.dead_facebook_metric()
    if period and period not in PERIODS:
        raise errors.parameter(f"period must be one of the following values: {', '.join(PERIODS)}")
    split = params.get("breakdown", "")
    if split and any(split not in row.breakdowns for its in rows.values() for row in its):
        raise errors.unknown_error()
    since, until = asked_window(params, sim.now, PACIFIC, default_days=2, max_days=sim.switches.fb_max_days)
    call.token.needs("pages_read_engagement")
    if "ANALYZE" not in call.token.tasks:
        raise errors.missing_task("ANALYZE")
    paging = time_links(call, f"{page.id}/insights", params, since, until)
    if "read_insights" not in call.token.scopes or sim.node_figure("page", "fan_count", page.id) < SMALLEST_PAGE:
        return {"data": [], "paging": paging}
    days = closed_days(since, min(until, sim.now))
    data: list[Json] = []
    for its in rows.values():
        if period == "total_over_range":
            data += _over_range(sim, page, its, days)
        for row in its:
            if period in {"", row.period}:
                data += _series(sim, page, row, days, split)
    return {"data": data, "paging": paging}


def closed_days(since: int, until: int) -> list[Day]:
    """Pacific days from the one in which `since` lies that have ended at `until`."""
    return [day for day in days_starting_in(day_of(since, PACIFIC).start, until, PACIFIC) if day.end <= until]


def bucket_start(day: Day, period: str) -> int:
    """Where the bucket of a period begins that ends with this day."""
    return midnight(day.date - timedelta(days=DAYS_OF_PERIOD[period] - 1), PACIFIC)


def _series(sim: Simulator, page: Account, row: Row, days: Sequence[Day], split: str) -> Iterator[Json]:
    if row.semantics == "distribution":
        yield from _followers_by(sim, page, row, days)
        return
    recipe = sim.recipe("page", row.metric)
    if recipe is None or row.period not in DAYS_OF_PERIOD:
        return
    points: list[Json] = []
    known: list[Window] = []
    for day in days:
        since = day.end - recipe.trailing_days * DAY if recipe.trailing_days else bucket_start(day, row.period)
        window = sim.window(page, row.metric, since, day.end)
        if window.is_absent:
            continue
        known.append(window)
        if split:
            points += _split(sim, page, recipe, window, day, split)
        else:
            points.append(point(sim.figures.value(page.id, recipe, window), day.end))
    if split and sim.switches.page_split_shape == "total_value":
        yield _split_total(sim, page, row, recipe, known, split)
    else:
        yield series(page.id, row.metric, row.period, points)


def _split(sim: Simulator, page: Account, recipe: Recipe, window: Window, day: Day, split: str) -> Iterator[Json]:
    groups = sim.figures.split(page.id, recipe, [split], window)
    values: dict[str, Value] = {value: groups.get((value,), 0) for value in SPLIT_VALUES}
    if sim.switches.page_split_shape == "dict":
        yield {"value": values} | {"end_time": point(0, day.end)["end_time"]}
    else:
        yield from (point(figure, day.end, **{split: value}) for value, figure in values.items())


def _split_total(sim: Simulator, page: Account, row: Row, recipe: Recipe, known: Sequence[Window], split: str) -> Json:
    """All asked days in one; of a rolling period, its last stamp."""
    windows = known if row.period == "day" else known[-1:]
    events = [event for window in windows for event in sim.figures.events(page.id, recipe.selection, window)]
    results = [
        {"dimension_values": [value], "value": measured(recipe, [event for event in events if value_of(split, event) == value])}
        for value in SPLIT_VALUES
    ]
    total = {"value": measured(recipe, events), "breakdowns": [{"dimension_keys": [split], "results": results}]}
    named = series(page.id, row.metric, row.period, [])
    del named["values"]
    return named | {"total_value": total}


def _over_range(sim: Simulator, page: Account, rows: Sequence[Row], days: Sequence[Day]) -> Iterator[Json]:
    recipe = sim.recipe("page", rows[0].metric)
    if recipe is not None and days:
        window = sim.window(page, rows[0].metric, days[0].start, days[-1].end)
        points = [] if window.is_absent else [point(sim.figures.value(page.id, recipe, window), days[-1].end)]
        yield series(page.id, rows[0].metric, "total_over_range", points)


def _followers_by(sim: Simulator, page: Account, row: Row, days: Sequence[Day]) -> Iterator[Json]:
    dimension = row.metric.rsplit("_", 1)[1]
    if dimension in {"city", "country"}:
        points = [point(dict(by_attribute(sim.log.followers_at(page.id, day.end), dimension)), day.end) for day in days]
        yield series(page.id, row.metric, row.period, points)
