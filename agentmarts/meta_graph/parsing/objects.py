"""Posts, reels, media and stories as the list edges show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentmarts.meta_graph.model import GraphObject, Unreadable
from agentmarts.meta_graph.parsing.insights import ALL_METRICS
from agentmarts.meta_graph.parsing.values import NotReadableError, dimension_of, fragment_of, instant_of, shown, storable

OBJECT_TYPES: Mapping[str, str] = {
    "published_posts": "post",
    "posts": "post",
    "feed": "post",
    "video_reels": "reel",
    "media": "ig_media",
    "stories": "story",
}
"""Type of the objects that an edge lists."""
FACEBOOK = "https://www.facebook.com"


@dataclass(frozen=True)
class Listed:
    """An object of a list, and the item that showed it: parse_item reads its metrics."""

    object: GraphObject
    item: Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """One page of a list edge."""

    listed: tuple[Listed, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def parse_objects(edge: str, body: Any) -> Listing:
    """Objects of one page (JSON, parsed) of a list edge, in its order. Pure; raises for no body whatsoever, KeyError for an unknown edge.

    Children of carousels are no objects of their own: they have no insights. An object is listed even if one of its fields is
    unreadable; without an id it is none. The same item twice is one; the first counts if two differ.
    """
    object_type = OBJECT_TYPES[edge]
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list):
        return Listing(unreadable=(Unreadable(ALL_METRICS, "the answer has no list `data`", fragment_of(body)),))
    listed: dict[str, Listed] = {}
    unreadable: list[Unreadable] = []
    for item in data:
        object_id = _id(item)
        if object_id is None:
            unreadable.append(Unreadable(ALL_METRICS, "an item of the list has no id", fragment_of(item)))
        elif object_id not in listed:
            graph_object, refused = _object(object_type, object_id, item)
            listed[object_id] = Listed(graph_object, item)
            unreadable += refused
        elif fragment_of(listed[object_id].item) != fragment_of(item):
            unreadable.append(Unreadable(ALL_METRICS, f"the list shows {object_id} twice, and not the same", fragment_of(item)))
    return Listing(tuple(listed.values()), tuple(unreadable))


def _object(object_type: str, object_id: str, item: Mapping[str, Any]) -> tuple[GraphObject, list[Unreadable]]:
    fields = _Fields(item)
    graph_object = GraphObject(
        object_id=object_id,
        object_type=object_type,
        published_at=fields.instant("created_time", "timestamp"),
        media_product=_upper(fields.text("media_product_type")) or ("STORY" if object_type == "story" else None),
        media_type=_upper(fields.text("media_type")),
        permalink=_absolute(fields.text("permalink_url", "permalink")),
        message=fields.text("message", "caption", "description"),
    )
    return graph_object, fields.refused


class _Fields:
    """Fields of an item, and those that could not be read."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self._item = item
        self.refused: list[Unreadable] = []

    def text(self, *names: str) -> str | None:
        name, value = self._first(names)
        if isinstance(value, str):
            return storable(value)
        if value is not None:
            self._refuse(name, f"the field `{name}` is {shown(value)}, not a text", value)
        return None

    def instant(self, *names: str) -> datetime | None:
        name, value = self._first(names)
        try:
            return None if value is None else instant_of(value)
        except NotReadableError as error:
            self._refuse(name, f"the field `{name}`: {error}", value)
            return None

    def _first(self, names: Iterable[str]) -> tuple[str, Any]:
        return next(((name, self._item[name]) for name in names if self._item.get(name) is not None), ("", None))

    def _refuse(self, name: str, reason: str, value: object) -> None:
        self.refused.append(Unreadable(ALL_METRICS, reason, {"id": fragment_of(self._item["id"]), name: fragment_of(value)}))


def _id(item: object) -> str | None:
    value = item.get("id") if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        dimension_of(value)
    except NotReadableError:
        return None
    return str(value)


def _upper(text: str | None) -> str | None:
    return text.upper() if text else None


def _absolute(permalink: str | None) -> str | None:
    """Reels come with the path alone."""
    return f"{FACEBOOK}{permalink}" if permalink and permalink.startswith("/") else permalink
