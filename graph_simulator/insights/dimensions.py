"""By what a metric can be split: breakdowns of requests, and keys of metrics that are dictionaries."""

from __future__ import annotations

from collections.abc import Callable

from graph_simulator.world.event_log import Event
from graph_simulator.world.people import person

DISTRIBUTIONS = ("age", "city", "country", "gender")
"""Splits of people, not of events."""

_PRODUCTS = {"FEED": "POST", "CAROUSEL": "CAROUSEL_CONTAINER", "REELS": "REEL", "STORY": "STORY"}
_ACTIONS = {"reaction": "like", "comment": "comment", "share": "share"}


def _follow_type(event: Event) -> str:
    # Of follows, Meta says FOLLOWER for those gained and NON_FOLLOWER for those lost.
    follows = event.sign > 0 if event.act == "follow" else event.is_follower
    return "FOLLOWER" if follows else "NON_FOLLOWER"


_DIMENSIONS: dict[str, Callable[[Event], str]] = {
    "is_from_ads": lambda event: str(int(event.paid)),
    "is_from_followers": lambda event: str(int(event.is_follower)),
    "follow_type": _follow_type,
    "media_product_type": lambda event: "AD" if event.paid else _PRODUCTS.get(event.product, event.product),
    "contact_button_type": lambda event: event.key,
    "action_type": lambda event: event.key,
    "story_navigation_action_type": lambda event: event.key,
    "key": lambda event: event.key,
    "action": lambda event: _ACTIONS[event.act],
    "social_action": lambda event: event.act.upper(),
    "paid": lambda event: "paid" if event.paid else "unpaid",
    "hosting": lambda event: "page_uploaded",
    "distribution": lambda event: "page_owned",
    "liveness": lambda event: "vod",
    "country_id": lambda event: person(event.user).country,
    "region_id": lambda event: person(event.user).city,
    "age_and_gender": lambda event: f"{person(event.user).gender}.{person(event.user).age}",
}


def value_of(dimension: str, event: Event) -> str:
    """The value that an event has in a dimension."""
    return _DIMENSIONS[dimension](event)
