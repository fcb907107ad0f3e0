"""Counting fast: events of one selection of one scope, in order, with running sums, so that a window costs two binary searches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter

from graph_simulator.insights.recipes import Selection
from graph_simulator.world.event_log import Event, EventLog


class Tally:
    """Events of a selection, ascending in time."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._times = [event.at for event in events]
        self._signs = [0, *accumulate(event.sign for event in events)]
        self._ms = [0, *accumulate(event.ms for event in events)]
        self._uniques: dict[tuple[int, int], frozenset[int]] = {}

    def bounds(self, since: int, until: int) -> tuple[int, int]:
        """Positions `[first, last)` of the events in `[since, until)`."""
        first = bisect_left(self._times, since)
        return first, max(first, bisect_left(self._times, until))

    def signs(self, bounds: tuple[int, int]) -> int:
        """How many were done less how many undone."""
        return self._signs[bounds[1]] - self._signs[bounds[0]]

    def ms(self, bounds: tuple[int, int]) -> int:
        """Time watched."""
        return self._ms[bounds[1]] - self._ms[bounds[0]]

    def users(self, bounds: tuple[int, int]) -> frozenset[int]:
        """Different users. Kept: the log never changes, and the same closed windows are asked for again and again."""
        found = self._uniques.get(bounds)
        if found is None:
            found = self._uniques[bounds] = frozenset(event.user for event in self.events[bounds[0] : bounds[1]])
        return found


class Tallies:
    """Tallies of a log, each made when it is first asked for."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._made: dict[tuple[str, Selection], Tally] = {}
        self._by_act: dict[str, dict[str, list[Event]]] = {}

    def of(self, scope: str, selection: Selection) -> Tally:
        """The tally of an account's or object's events of this selection."""
        found = self._made.get((scope, selection))
        if found is None:
            acts = self._acts(scope)
            candidates = (event for act in selection.acts for event in acts.get(act, ()) if selection.matches(event))
            found = self._made[scope, selection] = Tally(sorted(candidates, key=attrgetter("at")))
        return found

    def _acts(self, scope: str) -> dict[str, list[Event]]:
        """Events of a scope by their act: most selections are of rare acts, and views are most of a log."""
        found = self._by_act.get(scope)
        if found is None:
            found = self._by_act[scope] = {}
            for event in self.log.of(scope):
                found.setdefault(event.act, []).append(event)
        return found
