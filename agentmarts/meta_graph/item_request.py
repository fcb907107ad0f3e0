"""The request of a planned item, for all of its metrics or some of them."""

from __future__ import annotations

from collections.abc import Sequence

from agentmarts.meta_graph.plans import Call, Item
from agentmarts.meta_graph.requests import Request, list_request, node_request


def item_request(call: Call, item: Item, metrics: Sequence[str], metric_type: str | None = None) -> Request:
    """The item's request for these metrics. `metric_type`: of insights, instead of what the plan says."""
    if call.shape == "node":
        return node_request(item.question.object_id, metrics)
    if call.shape == "list":
        return list_request(item.path.split("/")[1], call.group, metrics)
    params = {**item.params, "metric": ",".join(metrics)}
    return item.path, params | ({"metric_type": metric_type} if metric_type else {})
