"""Which recipe belongs to which metric of which type of object, by the names of the catalogue."""

from __future__ import annotations

from graph_simulator.insights import recipes_facebook as facebook
from graph_simulator.insights import recipes_instagram as instagram
from graph_simulator.insights.recipes import Recipe
from graph_simulator.world.world import Account, GraphObject

INSIGHTS: dict[str, dict[str, Recipe]] = {
    "page": facebook.PAGE,
    "post": facebook.POST,
    "reel": facebook.REEL,
    "video": facebook.VIDEO,
    "ig_user": instagram.USER,
    "ig_media": instagram.MEDIA,
}
NODES: dict[str, dict[str, Recipe]] = {
    "page": facebook.NODE_PAGE,
    "post": facebook.NODE_POST,
    "ig_user": instagram.NODE_USER,
    "ig_media": instagram.NODE_MEDIA,
}


def object_type(thing: Account | GraphObject) -> str:
    """What the catalogue calls this type of object: page, ig_user, post, reel, video, ig_media."""
    if isinstance(thing, Account):
        return "page" if thing.platform == "facebook" else "ig_user"
    return {"media": "ig_media", "story": "ig_media", "child": "ig_media"}.get(thing.kind, thing.kind)


def recipe_of(type_: str, metric: str) -> Recipe | None:
    """The recipe of a metric, whether it stands in insights or on a node. None: the simulator has nothing to say."""
    return INSIGHTS.get(type_, {}).get(metric) or NODES.get(type_, {}).get(metric)
