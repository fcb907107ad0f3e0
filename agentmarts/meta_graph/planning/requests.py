"""Paths and parameters of the requests of call groups and planned items. No token, no proof, no paging."""

from __future__ import annotations

from collections.abc import Sequence

from agentmarts.meta_graph.catalogue import CallGroup
from agentmarts.meta_graph.model import Call, Item
from agentmarts.meta_graph.planning.windows import Window

PAGE_LIMIT = 100
"""Objects per page of a list; Meta refuses more."""
LIST_EDGES = {"fb_posts": "published_posts", "fb_reels": "video_reels", "ig_media": "media", "ig_stories": "stories"}
"""Call groups whose objects are found by a list, and the edge that lists them."""
POST_FIELDS = ("id", "created_time", "permalink_url", "message")
REEL_FIELDS = ("id", "created_time", "permalink_url", "description")
MEDIA_FIELDS = ("id", "timestamp", "permalink", "caption", "media_type", "media_product_type")
LIST_FIELDS = {"published_posts": POST_FIELDS, "video_reels": REEL_FIELDS, "media": MEDIA_FIELDS, "stories": MEDIA_FIELDS}

Request = tuple[str, dict[str, str | int]]
"""Path below the version, and parameters."""


def node_request(graph_id: str, metrics: Sequence[str]) -> Request:
    """Fields of one object."""
    return f"/{graph_id}", {"fields": ",".join(metrics)}


def insights_request(graph_id: str, group: CallGroup, metrics: Sequence[str]) -> Request:
    """Metrics of an account; without a period Meta sends all it has."""
    params: dict[str, str | int] = {"metric": ",".join(metrics)}
    optional = {"period": group.period, "metric_type": group.metric_type, "breakdown": group.breakdown}
    return f"/{graph_id}/insights", params | {name: value for name, value in optional.items() if value}


def object_insights_request(object_id: str, group: CallGroup, metrics: Sequence[str]) -> Request:
    """Lifetime metrics of one reel, medium or story. A reel of a Page has its own edge."""
    return f"/{object_id}/{group.edge}", {"metric": ",".join(metrics)}


def list_request(graph_id: str, group: CallGroup, metrics: Sequence[str]) -> Request:
    """One page of a list, with the metrics it brings along: node fields, and on Facebook insights too.

    On Instagram insights are never expanded: one medium older than the business account fails the whole list.
    """
    edge = LIST_EDGES[group.name]
    fields = [*LIST_FIELDS[edge], *dict.fromkeys(metric.split(".")[0] for metric in metrics if _is_field(metric, group))]
    insights = [metric for metric in metrics if not _is_field(metric, group)]
    if insights:
        # Without it the daily values of some metrics come along.
        fields.append(f"insights.metric({','.join(insights)}).period({group.period})")
    return f"/{graph_id}/{edge}", {"fields": ",".join(fields), "limit": PAGE_LIMIT}


def window_parameters(group: CallGroup, window: Window) -> dict[str, str | int]:
    """`since` and `until` of a window of whole days: dates for Facebook, whose stamps begin a day after `since`, else seconds (UTC)."""
    if group.platform == "facebook":
        return {"since": window.first.isoformat(), "until": window.next_day.isoformat()}
    return {"since": str(int(window.start.timestamp())), "until": str(int(window.end.timestamp()))}


def _is_field(metric: str, group: CallGroup) -> bool:
    return group.period == "node" or "." in metric


# The request of a planned item, for all of its metrics or some of them.


def item_request(call: Call, item: Item, metrics: Sequence[str], metric_type: str | None = None) -> Request:
    """The item's request for these metrics. `metric_type`: of insights, instead of what the plan says."""
    if call.shape == "node":
        return node_request(item.question.object_id, metrics)
    if call.shape == "list":
        return list_request(item.path.split("/")[1], call.group, metrics)
    params = {**item.params, "metric": ",".join(metrics)}
    return item.path, params | ({"metric_type": metric_type} if metric_type else {})
