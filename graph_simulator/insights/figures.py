"""What is served: a recipe over a window or up to an instant, as far as it is known by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32
from zoneinfo import ZoneInfo

from graph_simulator.insights.dimensions import value_of
from graph_simulator.insights.recipes import Recipe, Selection
from graph_simulator.insights.tally import Tallies
from graph_simulator.world.event_log import Event
from graph_simulator.world.instants import DAY, Day, day_of, midnight, the_day

Number = int | float
Value = Number | dict[str, Number]
BEGINNING = 0


@dataclass(frozen=True)
class Window:
    """`[since, until)` as far as it is known: all events before `settled_until`, and after it the counted ones of single days."""

    since: int
    until: int
    settled_until: int
    late: tuple[tuple[Day, float], ...] = ()
    """Days after `settled_until` that are not absent, and what share of each is counted."""
    is_absent: bool = False
    """Nothing is known yet: not even 0."""


@dataclass(frozen=True)
class Figures:
    """Computes what is served, from tallies."""

    tallies: Tallies

    def window(self, provisional: Provisional, account_id: str, metric: str, since: int, until: int, zone: ZoneInfo, now: int) -> Window:
        """What is known by `now` of `[since, until)`. `zone`: whose days they are. Absent: when the last day of the window is."""
        until = min(until, now)
        if until <= since:
            return Window(since, since, since, is_absent=True)
        settled = max(since, midnight(day_of(now - FINAL_AFTER, zone).date, zone))
        if settled >= until or not provisional.is_on:
            return Window(since, until, until)
        late, share, day = [], None, day_of(settled, zone)
        while day.start < until:
            share = provisional.share(account_id, metric, day.date, day.end, now)
            if share is not None:
                late.append((Day(day.date, max(day.start, since), min(day.end, until)), share))
            day = the_day(day_of(day.end, zone).date, zone)
        return Window(since, until, settled, tuple(late), is_absent=share is None)

    def value(self, scope: str, recipe: Recipe, window: Window, length_ms: int = 0) -> Value:
        """The figure of a window (counts of events, users, milliseconds, a rate times its scale); a dictionary if the recipe says so."""
        if recipe.measure == "length":
            return length_ms
        if recipe.by:
            return self._by_key(scope, recipe, window)
        if recipe.measure == "stock":
            return self.stock(scope, recipe, window.until)
        if recipe.measure == "rate":
            whole = self._number(scope, Recipe("count", recipe.among or recipe.selection), window)
            part = self._number(scope, Recipe("count", recipe.selection), window)
            return round(recipe.scale * part / whole, 4) if whole else 0
        return self._number(scope, recipe, window)

    def _number(self, scope: str, recipe: Recipe, window: Window) -> int:
        tally = self.tallies.of(scope, recipe.selection)
        bounds, late = tally.bounds(window.since, window.settled_until), self._late(scope, recipe.selection, window)
        if recipe.measure == "unique":
            return len(tally.users(bounds).union(event.user for event in late)) if late else len(tally.users(bounds))
        events = bounds[1] - bounds[0] + len(late)
        watched = tally.ms(bounds) + sum(event.ms for event in late)
        figures = {
            "count": tally.signs(bounds) + sum(event.sign for event in late),
            "events": events,
            "ms": watched,
            "average_ms": round(watched / events) if events else 0,
        }
        return figures[recipe.measure]

    def lifetime(self, scope: str, recipe: Recipe, now: int, length_ms: int = 0) -> Value:
        """The running total just before an instant."""
        return self.value(scope, recipe, Window(BEGINNING, now, now), length_ms)

    def trailing(self, scope: str, recipe: Recipe, until: int) -> Value:
        """The figure of the recipe's `trailing_days` times 24 hours before an instant."""
        return self.value(scope, recipe, Window(until - recipe.trailing_days * DAY, until, until))

    def stock(self, account_id: str, recipe: Recipe, at: int) -> int:
        """How many there were just before an instant."""
        tally = self.tallies.of(account_id, recipe.selection)
        return self.tallies.log.starts[account_id].stock(recipe.selection.acts[0]) + tally.signs(tally.bounds(BEGINNING, at))

    def split(self, scope: str, recipe: Recipe, dimensions: Sequence[str], window: Window) -> dict[tuple[str, ...], int]:
        """The figure for each combination of values that occurs. A user counts in each value in which they occur."""
        groups: defaultdict[tuple[str, ...], list[Event]] = defaultdict(list)
        for event in self.events(scope, recipe.selection, window):
            groups[tuple(value_of(dimension, event) for dimension in dimensions)].append(event)
        return {values: measured(recipe, its) for values, its in sorted(groups.items())}

    def events(self, scope: str, selection: Selection, window: Window) -> list[Event]:
        """The counted events themselves."""
        tally = self.tallies.of(scope, selection)
        first, last = tally.bounds(window.since, window.settled_until)
        return [*tally.events[first:last], *self._late(scope, selection, window)]

    def _late(self, scope: str, selection: Selection, window: Window) -> list[Event]:
        tally = self.tallies.of(scope, selection)
        found: list[Event] = []
        for day, share in window.late:
            first, last = tally.bounds(day.start, day.end)
            found += [event for event in tally.events[first:last] if is_counted(event, share)]
        return found

    def _by_key(self, scope: str, recipe: Recipe, window: Window) -> dict[str, Number]:
        groups = {values[0]: number for values, number in self.split(scope, recipe, [recipe.by], window).items()}
        found: dict[str, Number] = {
            key: number * recipe.scale if recipe.scale != 1.0 else number for key, number in groups.items() if number
        }
        if recipe.with_total:
            whole = measured(recipe, self.events(scope, recipe.selection, window))
            return {"total": whole, "paid": found.get("paid", 0), "unpaid": found.get("unpaid", 0)}
        return found


def measured(recipe: Recipe, events: Sequence[Event]) -> int:
    """Users, milliseconds, number or net count of some events."""
    if recipe.measure == "unique":
        return len({event.user for event in events})
    if recipe.measure == "ms":
        return sum(event.ms for event in events)
    if recipe.measure == "events":
        return len(events)
    return sum(event.sign for event in events)


def total(value: Value) -> Number:
    """A figure as one number: of a dictionary, the sum of its values."""
    return sum(value.values()) if isinstance(value, Mapping) else value


# The last days are not settled: absent or 0 at first, then part of the truth, then nearly all, and final 72 hours after their end.

FINAL_AFTER = 3 * DAY
ABSENT = None

# What part of a day's events is counted in its first, second and third 24 hours.
_COURSES: tuple[tuple[float | None, float | None, float], ...] = (
    (ABSENT, 0.0, 0.97),
    (0.0, 0.6, 0.95),
    (0.7, 0.9, 0.98),
    (ABSENT, ABSENT, 0.96),
    (0.0, 0.0, 0.99),
)


@dataclass(frozen=True, slots=True)
class Provisional:
    """How much of a day is known, by seed: the same question at the same instant always has the same answer."""

    seed: int
    is_on: bool = True

    def share(self, account_id: str, metric: str, day: date, closed_at: int, now: int) -> float | None:
        """What part (0..1) of a day's events is counted by now; None: the day is absent. An open day counts what there is."""
        age = now - closed_at
        if not self.is_on or age >= FINAL_AFTER or age < 0:
            return 1.0
        course = _COURSES[crc32(f"{self.seed}:{account_id}:{metric}:{day}".encode()) % len(_COURSES)]
        if metric == "follows_and_unfollows" and age < DAY:
            return ABSENT  # it comes a day late
        return course[age // DAY]


def is_counted(event: Event, share: float) -> bool:
    """Whether an event is among the counted part: the more of a day is counted, the more of the same events are."""
    return (event.at * 2_654_435_761 + event.user * 40_503) % 65_536 < share * 65_536
