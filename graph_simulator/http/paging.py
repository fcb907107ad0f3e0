"""Pages of a list: cursors, pages that are short or empty and still have `next`, and links that contain the token."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from graph_simulator.http.calls import Call
from graph_simulator.http.errors import parameter
from graph_simulator.insights.answers import Json
from graph_simulator.world.world import GraphObject

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
_GAP = "gap:"
"""A cursor that leads to an empty page in the middle."""


@dataclass(frozen=True)
class Page:
    """One page: objects, the cursors around them, and whether Meta says there is more."""

    objects: Sequence[GraphObject]
    before: str
    after: str
    has_next: bool


def asked_limit(params: Mapping[str, str]) -> int:
    """`limit`, 25 if not given. GraphError 100 unless it is 1 to 100."""
    text = params.get("limit") or str(DEFAULT_LIMIT)
    if not text.isdigit() or not 0 < int(text) <= MAX_LIMIT:
        raise parameter(f"The parameter limit must be between 1 and {MAX_LIMIT}")
    return int(text)


def page_of(objects: Sequence[GraphObject], params: Mapping[str, str], style: Literal["full", "short", "empty"]) -> Page:
    """The page after the cursor `after` (or before `before`). GraphError 100 for a cursor whose object is gone."""
    limit = asked_limit(params)
    ids = [its.id for its in objects]
    start = 0
    if params.get("before"):
        end = _position(ids, _decode(params["before"]))
        start, limit = max(0, end - limit), min(limit, end)
    elif params.get("after"):
        cursor = _decode(params["after"])
        start = _position(ids, cursor.removeprefix(_GAP)) + 1
        if style == "empty" and not cursor.startswith(_GAP) and start == limit - _shortage(ids[0], limit):
            gap = _encode(_GAP + ids[start - 1])
            return Page([], gap, gap, True)
    if style != "full":
        limit -= _shortage(ids[start], limit) if start < len(ids) else 0
    found = objects[start : start + limit]
    if not found:
        return Page([], "", "", False)
    # In the short style not even the last page knows that it is the last.
    has_next = start + limit < len(objects) or style != "full"
    return Page(found, _encode(found[0].id), _encode(found[-1].id), has_next)


def rendered(call: Call, path: str, params: Mapping[str, str], page: Page, render: Callable[[GraphObject], Json]) -> Json:
    """The JSON of a page; `paging` is absent when there is nothing."""
    body: Json = {"data": [render(its) for its in page.objects]}
    if page.after:
        body["paging"] = {"cursors": {"before": page.before, "after": page.after}}
        if page.has_next:
            body["paging"]["next"] = call.link(path, params, after=page.after)
    return body


def _shortage(id_: str, limit: int) -> int:
    return min(limit - 1, 1 + crc32(id_.encode()) % 3)


def _position(ids: Sequence[str], id_: str) -> int:
    try:
        return ids.index(id_)
    except ValueError:
        raise parameter("The cursor is invalid: its object is no longer in the list") from None


def _encode(id_: str) -> str:
    return base64.urlsafe_b64encode(id_.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise parameter("The cursor is invalid") from None
