"""How a metric is made of the event log: which events, and what is counted of them. The tables of metrics stand beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from graph_simulator.world.event_log import Event

Measure = Literal["count", "events", "unique", "ms", "average_ms", "rate", "stock", "length"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events. Empty or None: any. `sign` 1: what was done, −1: what was undone, None: both, so that counts are net."""

    acts: tuple[str, ...]
    sign: int | None = None
    paid: bool | None = None
    key: str = ""
    from_ms: int = 0
    below_ms: int = 0
    is_complete: bool | None = None
    is_repeat: bool | None = None
    is_follower: bool | None = None

    def matches(self, event: Event) -> bool:
        """Whether an event is one of them."""
        return (
            event.act in self.acts
            and self.sign in {None, event.sign}
            and self.paid in {None, event.paid}
            and self.key in {"", event.key}
            and event.ms >= self.from_ms
            and (not self.below_ms or event.ms < self.below_ms)
            and self.is_complete in {None, event.is_complete}
            and self.is_repeat in {None, event.is_repeat}
            and self.is_follower in {None, event.is_follower}
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is counted of a selection.

    `count`: what was done less what was undone. `events`: how many there were, whatever their sign. `unique`: different users.
    `ms`: time watched. `average_ms`: per event. `rate`: share among `among`, times `scale`. `length`: of the video itself.
    `stock`: what there was at the start plus what came and went.
    """

    measure: Measure
    selection: Selection
    by: str = ""
    """A dimension: the metric is a dictionary of its values that occur."""
    with_total: bool = False
    """The dictionary has the key `total` besides, and every key even at 0."""
    among: Selection | None = None
    scale: float = 1.0
    trailing_days: int = 0
    """The window is this many days that end with the bucket, whatever the bucket is."""
    is_video: bool = False
    """Only videos have it."""

    def of(self, *, paid: bool) -> Recipe:
        """The same of paid or organic events alone."""
        return replace(self, selection=replace(self.selection, paid=paid))


def done(*acts: str, **more: object) -> Selection:
    """Acts as they happened, whatever was undone later: what flows of days are made of."""
    return Selection(acts, sign=1, **more)  # type: ignore[arg-type]


def net(*acts: str, **more: object) -> Selection:
    """Acts less what was undone: what lifetime totals are made of."""
    return Selection(acts, **more)  # type: ignore[arg-type]
