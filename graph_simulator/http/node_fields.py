"""What a node says of itself when asked for fields, nested insights and children among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_simulator.http import errors, object_fields
from graph_simulator.http import object_fields as account_fields
from graph_simulator.http.calls import Call
from graph_simulator.http.fields import Field
from graph_simulator.http.object_fields import NODE_TYPES
from graph_simulator.http.paging import page_of, rendered
from graph_simulator.insights.answers import Json
from graph_simulator.insights.instagram import user_insights
from graph_simulator.insights.media import media_insights
from graph_simulator.insights.page import page_insights
from graph_simulator.insights.post import post_insights
from graph_simulator.insights.recipe_tables import object_type
from graph_simulator.simulator import Simulator
from graph_simulator.world.world import Account, GraphObject

_DEFAULTS: dict[str, tuple[str, ...]] = {"page": ("name",), "post": ("created_time", "message"), "reel": ("description", "updated_time")}
_OF_ACCOUNTS = {"page": account_fields.PAGE, "ig_user": account_fields.INSTAGRAM_USER}
_OF_OBJECTS = {"post": object_fields.POST, "reel": object_fields.VIDEO, "video": object_fields.VIDEO, "ig_media": object_fields.MEDIA}


def render(sim: Simulator, call: Call, thing: Account | GraphObject, fields: Sequence[Field], *, in_list: bool = False) -> Json:
    """The asked fields of a node, and its id. What the node has not (no shares, a hidden count) is left out, as Meta does.

    `in_list`: insights of Facebook leave out what is refused; insights of Instagram fail, and with them the whole list.
    """
    type_ = object_type(thing)
    if type_ == "ig_user":
        call.token.needs_instagram("instagram_basic")
    found: Json = {}
    for field in fields or tuple(Field(name) for name in _DEFAULTS.get(type_, ())):
        if field.name == "id":
            continue
        if isinstance(thing, Account):
            value = _of_account(sim, call, thing, type_, field)
        else:
            value = _of_object(sim, call, thing, type_, field, in_list=in_list)
        if value is not None:
            found[field.name] = value
    found["id"] = thing.id
    return found


def _of_account(sim: Simulator, call: Call, account: Account, type_: str, field: Field) -> object:
    if field.name == "insights":
        return (page_insights if type_ == "page" else user_insights)(sim, call, account, field.modifiers)
    if field.name == "instagram_business_account" and type_ == "page" and account.linked_id and field.children:
        return render(sim, call, sim.find(account.linked_id, call.token), field.children)
    getter = _OF_ACCOUNTS[type_].get(field.name)
    if getter is None or not sim.catalogue.field_lives(type_, field.name, sim.today):
        raise errors.no_such_field(field.name, NODE_TYPES[type_])
    return getter(sim, call, account)


def _of_object(sim: Simulator, call: Call, its: GraphObject, type_: str, field: Field, *, in_list: bool) -> object:
    if field.name in {"insights", "video_insights"}:
        return insights_of(sim, call, its, field.name, field.modifiers, is_tolerant=in_list)
    if field.name == "children" and type_ == "ig_media":
        return children(sim, call, its, field.modifiers, field.children)
    getter = _OF_OBJECTS[type_].get(field.name)
    if getter is None:
        raise errors.no_such_field(field.name, NODE_TYPES[type_])
    return getter(sim, call, its, field)


def insights_of(sim: Simulator, call: Call, its: GraphObject, edge: str, params: Mapping[str, str], *, is_tolerant: bool = False) -> Json:
    """`insights` of a post or of media, `video_insights` of a reel or video. GraphError 100 where there is no such edge."""
    type_ = object_type(its)
    if edge != {"post": "insights", "ig_media": "insights"}.get(type_, "video_insights"):
        raise errors.no_such_field(edge, NODE_TYPES[type_])
    if type_ == "ig_media":
        return media_insights(sim, call, its, params)
    return post_insights(sim, call, its, params, is_tolerant=is_tolerant)


def children(sim: Simulator, call: Call, carousel: GraphObject, params: Mapping[str, str], fields: Sequence[Field]) -> Json | None:
    """Media of a carousel, by `limit` and `after`; None: it is no carousel."""
    if carousel.media_type != "CAROUSEL_ALBUM":
        return None
    page = page_of([sim.objects[child] for child in carousel.child_ids], params, "full")
    return rendered(call, f"{carousel.id}/children", params, page, lambda child: render(sim, call, child, fields, in_list=True))
