"""Fields of nodes: what a page, an Instagram account, a post, a reel or media say of themselves when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from . import errors
from .answers import Json
from .calls import Call
from .fields import Field
from .insights_instagram import user_insights
from .insights_media import media_insights
from .insights_page import page_insights
from .insights_post import post_insights
from .instants import stamp
from .recipe_tables import object_type
from .simulator import Simulator
from .world import Account, GraphObject

NODE_TYPES = {"page": "Page", "ig_user": "InstagramUser", "post": "Post", "reel": "Video", "video": "Video", "ig_media": "InstagramMedia"}
_DEFAULTS: dict[str, tuple[str, ...]] = {"page": ("name",), "post": ("created_time", "message"), "reel": ("description", "updated_time")}
_SUMMARIES = {
    "reactions": "reactions.summary.total_count",
    "likes": "reactions.summary.total_count",
    "comments": "comments.summary.total_count",
}
_FACEBOOK_LOGIN_COUNTS = frozenset({"saved_count", "shares_count", "reposts_count", "total_like_count", "total_comments_count"})
Getter = Callable[[Simulator, Call, GraphObject], object]

_POST: dict[str, Getter] = {
    "created_time": lambda sim, call, its: stamp(its.published_at),
    "updated_time": lambda sim, call, its: stamp(its.published_at),
    "permalink_url": lambda sim, call, its: f"https://www.facebook.com/{its.id}",
    "message": lambda sim, call, its: its.message,
    "status_type": lambda sim, call, its: {"photo": "added_photos", "video": "added_video"}.get(its.media_type, "mobile_status_update"),
    "is_expired": lambda sim, call, its: its.is_expired,
    "is_published": lambda sim, call, its: True,
}
_VIDEO: dict[str, Getter] = {
    "created_time": _POST["created_time"],
    "updated_time": _POST["updated_time"],
    "permalink_url": lambda sim, call, its: f"/reel/{its.id}/" if its.kind == "reel" else f"/videos/{its.id}/",
    "description": _POST["message"],
    "title": _POST["message"],
    "length": lambda sim, call, its: its.length_ms / 1_000,
    "post_id": lambda sim, call, its: its.parent_id or None,
}
_MEDIA: dict[str, Getter] = {
    "timestamp": lambda sim, call, its: stamp(its.published_at),
    "caption": lambda sim, call, its: its.message or None,
    "media_type": lambda sim, call, its: its.media_type,
    "media_product_type": lambda sim, call, its: its.product,
    "permalink": lambda sim, call, its: f"https://www.instagram.com/{'reel' if its.product == 'REELS' else 'p'}/{its.id}/",
    "shortcode": lambda sim, call, its: its.id[-11:],
    "username": lambda sim, call, its: sim.account_of(its).name,
    "is_comment_enabled": lambda sim, call, its: True,
    "children": lambda sim, call, its: {"data": [{"id": child} for child in its.child_ids]} if its.child_ids else None,
}
_GETTERS = {"post": _POST, "reel": _VIDEO, "video": _VIDEO, "ig_media": _MEDIA}


def render(sim: Simulator, call: Call, thing: Account | GraphObject, fields: Sequence[Field], *, in_list: bool = False) -> Json:
    """The asked fields of a node, and its id. What the node has not (no shares, a hidden count) is left out, as Meta does.

    `in_list`: insights of Facebook leave out what is refused; insights of Instagram fail, and with them the whole list.
    """
    type_ = object_type(thing)
    found: Json = {}
    for field in fields or tuple(Field(name) for name in _DEFAULTS.get(type_, ())):
        if isinstance(thing, Account):
            value = _of_account(sim, call, thing, type_, field)
        else:
            value = _of_object(sim, call, thing, type_, field, in_list=in_list)
        if value is not None:
            found[field.name] = value
    found["id"] = thing.id
    return found


def _of_account(sim: Simulator, call: Call, account: Account, type_: str, field: Field) -> object:
    name = field.name
    if name == "insights":
        answer = page_insights if type_ == "page" else user_insights
        return answer(sim, call, account, field.modifiers)
    if type_ == "ig_user":
        call.token.needs_instagram("instagram_basic")
        values: Mapping[str, Callable[[], object]] = {
            "id": lambda: account.id,
            "username": lambda: account.name,
            "name": lambda: account.name,
            "followers_count": lambda: sim.node_figure("ig_user", "followers_count", account.id),
            "follows_count": lambda: 100 + sim.world.seed % 50,
            "media_count": lambda: account.archived_media + len(_published_media(sim, account)),
        }
    else:
        values = {
            "id": lambda: account.id,
            "name": lambda: account.name,
            "category": lambda: "Shopping & retail",
            "access_token": lambda: _page_token(sim, call, account),
            "tasks": lambda: list(call.token.tasks),
            "instagram_business_account": lambda: {"id": account.linked_id} if account.linked_id else None,
            "rating_count": lambda: 41,
            "overall_star_rating": lambda: 4.6,
            "were_here_count": lambda: 0,
            **{
                stock: lambda stock=stock: sim.node_figure("page", stock, account.id)  # type: ignore[misc]
                for stock in ("followers_count", "fan_count", "talking_about_count")
            },
        }
    if name not in values or not sim.catalogue.field_lives(type_, name, sim.today):
        raise errors.no_such_field(name, NODE_TYPES[type_])
    return values[name]()


def _page_token(sim: Simulator, call: Call, page: Account) -> str:
    call.token.needs("pages_show_list")
    return call.token.value if call.token.kind == "page" else sim.tokens.page_token(call.token, page.id).value


def _published_media(sim: Simulator, account: Account) -> list[GraphObject]:
    mine = (its for its in sim.objects.values() if its.account_id == account.id and its.kind == "media")
    return [its for its in mine if sim.is_there(its) and not its.is_deleted]


def _of_object(sim: Simulator, call: Call, its: GraphObject, type_: str, field: Field, *, in_list: bool) -> object:
    name = field.name
    if name == "id":
        return its.id
    if name in {"insights", "video_insights"}:
        return insights_of(sim, call, its, name, field.modifiers, is_tolerant=in_list)
    if type_ == "post" and name == "shares":
        count = sim.node_figure("post", "shares.count", its.id)
        return {"count": count} if count else None
    if type_ == "post" and name in _SUMMARIES:
        return _summary(sim, call, its, field)
    if type_ == "ig_media" and (name.endswith("_count")):
        return _media_count(sim, call, its, name)
    getter = _GETTERS[type_].get(name)
    if getter is None:
        raise errors.no_such_field(name, NODE_TYPES[type_])
    return getter(sim, call, its)


def insights_of(sim: Simulator, call: Call, its: GraphObject, edge: str, params: Mapping[str, str], *, is_tolerant: bool = False) -> Json:
    """`insights` of a post or of media, `video_insights` of a reel or video. GraphError 100 where there is no such edge."""
    type_ = object_type(its)
    if edge != {"post": "insights", "ig_media": "insights"}.get(type_, "video_insights"):
        raise errors.no_such_field(edge, NODE_TYPES[type_])
    if type_ == "ig_media":
        return media_insights(sim, call, its, params)
    return post_insights(sim, call, its, params, is_tolerant=is_tolerant)


def _summary(sim: Simulator, call: Call, its: GraphObject, field: Field) -> object:
    call.token.needs("pages_read_user_content")
    summary = {"total_count": sim.node_figure("post", _SUMMARIES[field.name], its.id)}
    return {"data": [], **({"summary": summary} if field.modifiers.get("summary") else {})}


def _media_count(sim: Simulator, call: Call, its: GraphObject, name: str) -> int | None:
    is_known = name in _GETTER_COUNTS and sim.catalogue.field_lives("ig_media", name, sim.today)
    if not is_known or (name in _FACEBOOK_LOGIN_COUNTS and call.token.login == "instagram"):
        raise errors.no_such_field(name, NODE_TYPES["ig_media"])
    is_absent = (
        (its.hides_likes and name in {"like_count", "total_like_count"})
        or (name == "total_views_count" and not its.length_ms)
        or (its.kind != "media" and name in _FACEBOOK_LOGIN_COUNTS)
    )
    return None if is_absent else sim.node_figure("ig_media", name, its.id)


_GETTER_COUNTS = _FACEBOOK_LOGIN_COUNTS | {"like_count", "comments_count", "total_views_count"}
