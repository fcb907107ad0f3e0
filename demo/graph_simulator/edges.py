"""Lists of objects: posts and reels of a page, media and live stories of an Instagram account."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from . import errors
from .answers import Json
from .calls import Call, listed
from .days import UTC_ZONE
from .fields import Field, parse_fields
from .instants import asked_instant
from .node_fields import render
from .object_fields import NODE_TYPES
from .paging import Page, page_of, rendered
from .recipe_tables import object_type
from .simulator import Simulator
from .world import Account, GraphObject

POST_EDGES = ("published_posts", "posts", "feed")
_KINDS = {**dict.fromkeys(POST_EDGES, "post"), "video_reels": "reel", "videos": "video", "media": "media", "stories": "story"}
_OF_TYPE = {"page": {*POST_EDGES, "video_reels", "videos"}, "ig_user": {"media", "stories"}}


def list_edge(sim: Simulator, call: Call, account: Account, edge: str) -> Json:
    """One page of a list, newest first."""
    type_ = object_type(account)
    if edge not in _OF_TYPE[type_]:
        raise errors.no_such_field(edge, NODE_TYPES[type_])
    if type_ == "ig_user":
        call.token.needs_instagram("instagram_basic")
    else:
        call.token.needs("pages_read_engagement")
    if edge == "feed":
        call.token.needs("pages_read_user_content")
    fields = parse_fields(call.params["fields"]) if call.params.get("fields") else ()
    objects = _within(_shown(sim, account, edge), call)
    page = _faulty(page_of(objects, call.params, sim.switches.paging), objects, call)
    _check_weight(sim, len(page.objects), fields)
    return rendered(call, f"{account.id}/{edge}", call.params, page, lambda its: render(sim, call, its, fields, in_list=True))


def _shown(sim: Simulator, account: Account, edge: str) -> list[GraphObject]:
    mine = [its for its in sim.objects.values() if its.account_id == account.id and its.kind == _KINDS[edge]]
    there = [its for its in mine if sim.is_there(its) and not its.is_deleted and not its.is_expired]
    newest_first = sorted(there, key=lambda its: (-its.published_at, its.id))
    if edge == "media":
        return newest_first[: sim.switches.media_cap]
    if edge not in POST_EDGES:
        return newest_first
    of_year: Counter[int] = Counter()
    shown = []
    for its in newest_first:
        year = datetime.fromtimestamp(its.published_at, tz=UTC).year
        of_year[year] += 1
        if of_year[year] <= sim.switches.posts_per_year:
            shown.append(its)
    return shown


def _within(objects: list[GraphObject], call: Call) -> list[GraphObject]:
    bounds = {"since": 0, "until": call.now + 1}
    for name in bounds:
        if call.params.get(name):
            try:
                bounds[name] = asked_instant(call.params[name], UTC_ZONE)
            except ValueError:
                raise errors.parameter(f"{name} must be a UNIX timestamp or a date") from None
    return [its for its in objects if bounds["since"] <= its.published_at < bounds["until"]]


def _check_weight(sim: Simulator, objects: int, fields: tuple[Field, ...]) -> None:
    metrics = sum(len(listed(field.modifiers.get("metric", ""))) for field in fields if field.name == "insights")
    if objects * metrics > sim.switches.max_expansion:
        raise errors.too_much_data()


def _faulty(page: Page, objects: list[GraphObject], call: Call) -> Page:
    """The page as a scripted fault leaves it: reversed, or with the last of the page before again (on the first: its own first)."""
    if call.fault is None or not page.objects:
        return page
    found = list(page.objects)
    if call.fault.kind == "reorder_page":
        found.reverse()
    elif call.fault.kind == "duplicate_page":
        start = objects.index(found[0])
        found = [objects[max(0, start - 1)], *found]
    return Page(found, page.before, page.after, page.has_next)
