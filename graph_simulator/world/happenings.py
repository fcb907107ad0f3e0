"""What users of an account do, simulated event by event: who views may react, undo it, comment, click, follow and leave again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from graph_simulator.world.event_log import Event, Start
from graph_simulator.world.instants import DAY, HOUR
from graph_simulator.world.world import Account, GraphObject

REACTIONS = {"like": 78, "love": 10, "haha": 5, "wow": 4, "sorry": 2, "anger": 1}
FACEBOOK_CLICKS = {"link clicks": 5, "photo view": 3, "other clicks": 2}
FACEBOOK_BUTTONS = {"call": 3, "email": 2, "directions": 2, "website": 3}
INSTAGRAM_BUTTONS = {"CALL": 3, "EMAIL": 3, "DIRECTION": 2, "TEXT": 1, "BOOK_NOW": 1}
NAVIGATION = {"tap_forward": 70, "tap_back": 10, "tap_exit": 12, "swipe_forward": 8}
_ON_FACEBOOK = {"reaction": 0.08, "comment": 0.02, "share": 0.012, "click": 0.06, "visit": 0.02, "follow": 0.006}
_ON_INSTAGRAM = {"reaction": 0.09, "comment": 0.015, "share": 0.01, "save": 0.02, "repost": 0.004, "visit": 0.03, "follow": 0.008}
_IN_STORIES = {
    "navigation": 0.8,
    "reply": 0.02,
    "share": 0.01,
    "repost": 0.003,
    "visit": 0.02,
    "website": 0.02,
    "tap": 0.01,
    "follow": 0.004,
}
UNDONE = {"reaction": 0.1, "comment": 0.05, "share": 0.05, "save": 0.05, "repost": 0.1, "follow": 0.12}
"""How often an act is taken back later. What can be undone, a user does once at a time."""
PAID_SHARE = 0.4
"""How many views of a boosted post come of the advertisement."""


@dataclass
class Crowd:
    """Simulates one account. `audience`: user numbers that can ever show up; the first ones show up most."""

    account: Account
    rng: Random
    audience: Sequence[int]
    start: Start
    ends_at: int
    growth: float = 1.0
    """How willing people are to follow; 0: nobody new comes."""
    events: list[Event] = field(default_factory=list)
    _queue: list[tuple[int, int, Callable[[int], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _followers: set[int] = field(default_factory=set)
    _fans: set[int] = field(default_factory=set)
    _standing: set[tuple[int, str, str]] = field(default_factory=set)
    _seen: set[tuple[int, str]] = field(default_factory=set)

    def run(self, objects: Sequence[GraphObject], begins_at: int, views_per_object: int) -> list[Event]:
        """All events in `[begins_at, ends_at)`, ascending in time."""
        self._followers, self._fans = set(self.start.followers), set(self.start.fans)
        for its in objects:
            if its.kind in {"post", "reel", "media", "story"}:
                self._plan_views(its, views_per_object)
        self._plan_profile(begins_at)
        while self._queue:
            at, _, act = heapq.heappop(self._queue)
            act(at)
        return self.events

    def _at(self, instant: float, act: Callable[[int], None]) -> None:
        if instant < self.ends_at:
            heapq.heappush(self._queue, (int(instant), next(self._order), act))

    def _someone(self) -> int:
        # Squared: some come daily, many come once, so that a week has fewer people than its days together.
        return self.audience[int(len(self.audience) * self.rng.random() ** 2)]

    def _plan_views(self, its: GraphObject, views_per_object: int) -> None:
        rng = self.rng
        wanted = int(views_per_object * rng.lognormvariate(-0.15, 0.55)) + 1
        if its.kind == "story":
            wanted = 3 if rng.random() < 0.15 else wanted // 3 + 8
        for _ in range(wanted):
            if its.kind == "story":
                age = DAY * rng.random() ** 1.5
            else:
                age = rng.expovariate(1 / (12 * HOUR)) if rng.random() < 0.75 else rng.expovariate(1 / (20 * DAY))
            paid = its.is_boosted and rng.random() < PAID_SHARE
            self._at(its.published_at + 60 + age, lambda at, paid=paid: self._view(at, self._someone(), its, paid))  # type: ignore[misc]

    def _plan_profile(self, begins_at: int) -> None:
        rng = self.rng
        buttons = FACEBOOK_BUTTONS if self.account.platform == "facebook" else INSTAGRAM_BUTTONS
        daily = {"visit": 6, "tap": 1.5, "website": 1.0, "follow": 2.0, "leave": 1.2}
        daily["follow"] *= self.growth
        for kind, per_day in daily.items():
            if not per_day:
                continue
            at = begins_at + rng.expovariate(per_day / DAY)
            while at < self.ends_at:
                if kind == "follow":
                    self._at(at, lambda now: self._follow(now, self._someone(), None, False))
                elif kind == "leave":
                    self._at(at, self._leave)
                else:
                    key = rng.choices(list(buttons), list(buttons.values()))[0] if kind == "tap" else ""
                    self._at(at, lambda now, kind=kind, key=key: self._write(now, self._someone(), kind, None, key=key))  # type: ignore[misc]
                at += rng.expovariate(per_day / DAY)

    def _view(self, at: int, user: int, its: GraphObject, paid: bool) -> None:
        rng = self.rng
        watched = int(rng.expovariate(1 / (0.5 * its.length_ms))) if its.length_ms else 0
        key = ("autoplayed" if rng.random() < 0.8 else "clicked_to_play") if its.length_ms else ""
        self._write(at, user, "view", its, paid=paid, key=key, ms=watched, is_complete=0 < its.length_ms <= watched)
        self._seen.add((user, its.id))
        if its.is_crossposted and rng.random() < 0.3:
            self._write(at, user, "facebook_view", its, key=key, ms=watched)
        elsewhere = _ON_FACEBOOK if self.account.platform == "facebook" else _ON_INSTAGRAM
        chances = _IN_STORIES if its.kind == "story" else elsewhere
        for act, chance in chances.items():
            if rng.random() < (chance * self.growth if act == "follow" else chance):
                self._at(at + rng.expovariate(1 / 60), lambda now, act=act: self._act(now, user, act, its, paid))  # type: ignore[misc]

    def _act(self, at: int, user: int, act: str, its: GraphObject, paid: bool) -> None:
        rng = self.rng
        if act == "follow":
            self._follow(at, user, its, paid)
            return
        choices = {"reaction": REACTIONS, "click": FACEBOOK_CLICKS, "navigation": NAVIGATION, "tap": INSTAGRAM_BUTTONS}.get(act)
        if act == "reaction" and self.account.platform == "instagram":
            choices = {"like": 1}
        key = rng.choices(list(choices), list(choices.values()))[0] if choices else ""
        if act not in UNDONE:
            self._write(at, user, act, its, paid=paid, key=key)
            return
        standing = (user, act, its.id)
        if standing in self._standing:
            return
        self._standing.add(standing)
        self._write(at, user, act, its, paid=paid, key=key)
        if rng.random() < UNDONE[act]:
            self._at(at + 60 + rng.expovariate(1 / (3 * DAY)), lambda now: self._undo(now, standing, its, paid, key))

    def _undo(self, at: int, standing: tuple[int, str, str], its: GraphObject, paid: bool, key: str) -> None:
        self._standing.discard(standing)
        self._write(at, standing[0], standing[1], its, paid=paid, sign=-1, key=key)

    def _follow(self, at: int, user: int, its: GraphObject | None, paid: bool) -> None:
        if user in self._followers:
            return
        self._write(at, user, "follow", its, paid=paid)
        self._followers.add(user)
        if self.account.platform == "facebook" and user not in self._fans and self.rng.random() < 0.7:
            self._fans.add(user)
            self._write(at, user, "fan", its, paid=paid)

    def _leave(self, at: int) -> None:
        user = self._someone()
        if user not in self._followers:
            return
        self._write(at, user, "follow", None, sign=-1)
        self._followers.discard(user)
        if user in self._fans:
            self._fans.discard(user)
            self._write(at, user, "fan", None, sign=-1)

    def _write(
        self,
        at: int,
        user: int,
        act: str,
        its: GraphObject | None,
        *,
        paid: bool = False,
        sign: int = 1,
        key: str = "",
        ms: int = 0,
        is_complete: bool = False,
    ) -> None:
        object_id = its.id if its else ""
        product = "" if its is None else "CAROUSEL" if its.media_type == "CAROUSEL_ALBUM" else its.product
        seen = (user, object_id) in self._seen
        self.events.append(Event(at, user, act, object_id, product, paid, sign, key, ms, is_complete, user in self._followers, seen))
