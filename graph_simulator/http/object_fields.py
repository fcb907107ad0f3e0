"""Fields of posts, reels, videos and Instagram media: None is what a node has not, and what the answer leaves out."""

from __future__ import annotations

from collections.abc import Callable

from graph_simulator.http import errors
from graph_simulator.http.calls import Call
from graph_simulator.http.fields import Field
from graph_simulator.insights.answers import Json
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import stamp
from graph_simulator.world.world import Account, GraphObject

NODE_TYPES = {"page": "Page", "ig_user": "InstagramUser", "post": "Post", "reel": "Video", "video": "Video", "ig_media": "InstagramMedia"}
Getter = Callable[[Simulator, Call, GraphObject, Field], object]
_OF_FACEBOOK_LOGIN = frozenset({"saved_count", "shares_count", "reposts_count", "total_like_count", "total_comments_count"})


def _shares(sim: Simulator, call: Call, its: GraphObject, field: Field) -> Json | None:
    count = sim.node_figure("post", "shares.count", its.id)
    return {"count": count} if count else None


def _summary(metric: str) -> Getter:
    def get(sim: Simulator, call: Call, its: GraphObject, field: Field) -> Json:
        call.token.needs("pages_read_user_content")
        summary = {"total_count": sim.node_figure("post", metric, its.id)}
        return {"data": [], **({"summary": summary} if field.modifiers.get("summary") else {})}

    return get


def _count(name: str) -> Getter:
    def get(sim: Simulator, call: Call, its: GraphObject, field: Field) -> int | None:
        needs_facebook = name in _OF_FACEBOOK_LOGIN
        if not sim.catalogue.field_lives("ig_media", name, sim.today) or (needs_facebook and call.token.login == "instagram"):
            raise errors.no_such_field(name, NODE_TYPES["ig_media"])
        is_hidden = its.hides_likes and name in {"like_count", "total_like_count"}
        is_of_others = (name == "total_views_count" and not its.length_ms) or (its.kind != "media" and needs_facebook)
        return None if is_hidden or is_of_others else sim.node_figure("ig_media", name, its.id)

    return get


def _created(sim: Simulator, call: Call, its: GraphObject, field: Field) -> str:
    return stamp(its.published_at)


def _message(sim: Simulator, call: Call, its: GraphObject, field: Field) -> str | None:
    return its.message or None


POST: dict[str, Getter] = {
    "created_time": _created,
    "updated_time": _created,
    "message": _message,
    "permalink_url": lambda sim, call, its, field: f"https://www.facebook.com/{its.id}",
    "status_type": lambda sim, call, its, field: {"photo": "added_photos", "video": "added_video"}.get(
        its.media_type, "mobile_status_update"
    ),
    "is_expired": lambda sim, call, its, field: its.is_expired,
    "is_published": lambda sim, call, its, field: True,
    "shares": _shares,
    "reactions": _summary("reactions.summary.total_count"),
    "likes": _summary("reactions.summary.total_count"),
    "comments": _summary("comments.summary.total_count"),
}

VIDEO: dict[str, Getter] = {
    "created_time": _created,
    "updated_time": _created,
    "description": _message,
    "title": _message,
    "permalink_url": lambda sim, call, its, field: f"/reel/{its.id}/" if its.kind == "reel" else f"/videos/{its.id}/",
    "length": lambda sim, call, its, field: its.length_ms / 1_000,
    "post_id": lambda sim, call, its, field: its.parent_id or None,
}

MEDIA: dict[str, Getter] = {
    "timestamp": _created,
    "caption": _message,
    "media_type": lambda sim, call, its, field: its.media_type,
    "media_product_type": lambda sim, call, its, field: its.product,
    "permalink": lambda sim, call, its, field: f"https://www.instagram.com/{'reel' if its.product == 'REELS' else 'p'}/{its.id}/",
    "shortcode": lambda sim, call, its, field: its.id[-11:],
    "username": lambda sim, call, its, field: sim.account_of(its).name,
    "is_comment_enabled": lambda sim, call, its, field: True,
    **{name: _count(name) for name in ("like_count", "comments_count", "total_views_count", *sorted(_OF_FACEBOOK_LOGIN))},
}


# Fields of a page and of an Instagram account: stocks at the instant of the call, names, the token of a page.

AccountGetter = Callable[[Simulator, Call, Account], object]


def _stock(type_: str, name: str) -> AccountGetter:
    return lambda sim, call, account: sim.node_figure(type_, name, account.id)


def _page_token(sim: Simulator, call: Call, page: Account) -> str:
    call.token.needs("pages_show_list")
    return call.token.value if call.token.kind == "page" else sim.tokens.page_token(call.token, page.id).value


def _media_count(sim: Simulator, call: Call, account: Account) -> int:
    mine = (its for its in sim.objects.values() if its.account_id == account.id and its.kind == "media")
    return account.archived_media + sum(sim.is_there(its) and not its.is_deleted for its in mine)


PAGE: dict[str, AccountGetter] = {
    "name": lambda sim, call, account: account.name,
    "category": lambda sim, call, account: "Shopping & retail",
    "access_token": _page_token,
    "tasks": lambda sim, call, account: list(call.token.tasks),
    "instagram_business_account": lambda sim, call, account: {"id": account.linked_id} if account.linked_id else None,
    "rating_count": lambda sim, call, account: 41,
    "overall_star_rating": lambda sim, call, account: 4.6,
    "were_here_count": lambda sim, call, account: 0,
    **{stock: _stock("page", stock) for stock in ("followers_count", "fan_count", "talking_about_count")},
}

INSTAGRAM_USER: dict[str, AccountGetter] = {
    "username": lambda sim, call, account: account.name,
    "name": lambda sim, call, account: account.name,
    "followers_count": _stock("ig_user", "followers_count"),
    "follows_count": lambda sim, call, account: 100 + sim.world.seed % 50,
    "media_count": _media_count,
}
