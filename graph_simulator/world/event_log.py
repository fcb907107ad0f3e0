"""The one log of what users did, from which every metric of the simulator is computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Event(NamedTuple):
    """A user did something, or undid it (`sign` −1).

    `act`: view, reaction, comment, share, save, repost, reply, click, navigation, visit (of the profile), tap (on a contact button),
    website (click), follow, fan (like of a page), facebook_view (of crossposted Instagram media).
    """

    at: int
    """Seconds since 1970."""
    user: int
    act: str
    object_id: str
    """What it was done to; empty: the account itself."""
    product: str
    """POST, REEL of Facebook; FEED, CAROUSEL, REELS, STORY of Instagram; empty: the account itself."""
    paid: bool
    """It came of an advertisement."""
    sign: int
    key: str
    """Which reaction, click, button, navigation, or way a video began to play."""
    ms: int
    """How long a video was watched; 0: no video."""
    is_complete: bool
    """The video was watched to its end."""
    is_follower: bool
    """The user followed the account at that instant."""
    is_repeat: bool
    """The user had seen the object before."""


@dataclass(frozen=True)
class Start:
    """What an account had before its log begins: its followers, and how many of them are fans (page likes)."""

    followers: frozenset[int]
    fans: frozenset[int]

    def stock(self, act: str) -> int:
        """How many there were of `follow` or `fan`."""
        return len(self.followers if act == "follow" else self.fans)


class EventLog:
    """Events of all accounts, ascending in time. Never changes: what an instant knows of it is what came before it."""

    def __init__(self, events: Mapping[str, Sequence[Event]], starts: Mapping[str, Start]) -> None:
        self.accounts = {account_id: sorted(its, key=lambda event: event.at) for account_id, its in events.items()}
        self.starts = dict(starts)
        objects: defaultdict[str, list[Event]] = defaultdict(list)
        for its in self.accounts.values():
            for event in its:
                if event.object_id:
                    objects[event.object_id].append(event)
        self._objects = dict(objects)

    def of(self, scope: str) -> Sequence[Event]:
        """Events of an account (id) or of one object of it (id), ascending in time."""
        return self.accounts[scope] if scope in self.accounts else self._objects.get(scope, [])

    def followers_at(self, account_id: str, instant: int) -> set[int]:
        """Who followed the account just before an instant."""
        users = set(self.starts[account_id].followers)
        for event in self.accounts[account_id]:
            if event.at >= instant:
                break
            if event.act == "follow":
                (users.add if event.sign > 0 else users.discard)(event.user)
        return users
