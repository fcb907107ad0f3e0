"""The exact answer to any metric, by going through the whole log: what the tallies serve is compared with it."""

from __future__ import annotations

from collections.abc import Iterable

from .dimensions import value_of
from .event_log import Event, EventLog
from .recipes import Recipe

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
