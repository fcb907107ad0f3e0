"""The exact answer to any metric, by going through the whole log: what the tallies serve is compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph_simulator.insights.answers import Json
from graph_simulator.insights.dimensions import value_of
from graph_simulator.insights.recipe_tables import object_type, recipe_of
from graph_simulator.insights.recipes import Recipe
from graph_simulator.simulator import Simulator
from graph_simulator.world.event_log import Event, EventLog
from graph_simulator.world.instants import from_iso, iso
from graph_simulator.world.world import GraphObject

Truth = int | float | dict[str, int | float]


def truth(log: EventLog, scope: str, recipe: Recipe, *, since: int | None, until: int, dimension: str = "", length_ms: int = 0) -> Truth:
    """The figure of `[since, until)`, or with `since` None of everything before `until`; nothing is provisional here.

    `scope`: id of an account or object. `dimension`: a dictionary by its values, instead of what the recipe says. Units are the recipe's.
    """
    if recipe.measure == "length":
        return length_ms
    if recipe.measure == "stock":
        standing = set(log.starts[scope].followers if recipe.selection.acts == ("follow",) else log.starts[scope].fans)
        for event in log.of(scope):
            if event.at < until and event.act in recipe.selection.acts:
                (standing.add if event.sign > 0 else standing.discard)(event.user)
        return len(standing)
    if recipe.trailing_days:
        since = until - recipe.trailing_days * 86_400
    within = [event for event in log.of(scope) if (since is None or event.at >= since) and event.at < until]
    chosen = [event for event in within if recipe.selection.matches(event)]
    split = dimension or recipe.by
    if split:
        values = sorted({value_of(split, event) for event in chosen})
        found = {value: _figure(recipe, [event for event in chosen if value_of(split, event) == value], within) for value in values}
        if recipe.with_total and not dimension:
            return {"total": _figure(recipe, chosen, within), "paid": found.get("paid", 0), "unpaid": found.get("unpaid", 0)}
        return {value: figure for value, figure in found.items() if figure or dimension}
    return _figure(recipe, chosen, within)


def _figure(recipe: Recipe, chosen: list[Event], within: Iterable[Event]) -> int | float:
    if recipe.measure == "unique":
        return len({event.user for event in chosen})
    if recipe.measure == "count":
        return sum(event.sign for event in chosen)
    if recipe.measure == "events":
        return len(chosen)
    if recipe.measure == "rate":
        among = [event for event in within if recipe.among and recipe.among.matches(event)]
        return round(recipe.scale * len(chosen) / len(among), 4) if among else 0
    watched = sum(event.ms for event in chosen)
    if recipe.measure == "average_ms":
        return round(watched / len(chosen)) if chosen else 0
    return watched * recipe.scale if recipe.scale != 1.0 else watched


# What `/_control/truth` says: the exact figure of a metric, whatever is provisional, withheld or refused.


def exact(sim: Simulator, params: Mapping[str, str]) -> Json:
    """`metric`, `object` (id), then `since` and `until` for a window, or `at` for a total or stock at that instant (now if left out).

    `dimension`: split by it. `paid` true or false: of advertisements alone, or without them. Instants are ISO 8601.
    ValueError says what is wrong.
    """
    id_, metric = params.get("object", ""), params.get("metric", "")
    thing = sim.world.accounts.get(id_) or sim.objects.get(id_)
    if thing is None:
        raise ValueError(f"no account or object {id_!r}")
    type_ = object_type(thing)
    recipe = recipe_of(type_, sim.catalogue.computed_like(type_, metric))
    if recipe is None:
        raise ValueError(f"no metric {metric!r} of {type_} that the simulator computes")
    if "paid" in params:
        recipe = recipe.of(paid=params["paid"].lower() == "true")
    since = from_iso(params["since"]) if "since" in params else None
    if since is not None and "until" not in params:
        raise ValueError("since needs until")
    until = from_iso(params.get("until") or params.get("at") or iso(sim.now))
    scope, length = (thing.log_id, thing.length_ms) if isinstance(thing, GraphObject) else (thing.id, 0)
    value = truth(sim.log, scope, recipe, since=since, until=until, dimension=params.get("dimension", ""), length_ms=length)
    asked = {"since": None if since is None else iso(since), "until": iso(until)}
    return {"metric": metric, "object": id_, "object_type": type_, **asked, "value": value}
