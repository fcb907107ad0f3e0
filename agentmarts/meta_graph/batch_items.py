"""A batch on its way out, and the items of its answer: logical HTTP answers whose bodies are texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson

from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.http_exchange import Exchange
from agentmarts.meta_graph.outgoing import GraphRequest


def batch_form(items: Iterable[GraphRequest]) -> dict[str, str]:
    """The fields of the form that is posted, without token and proof."""
    batch = [{"method": "GET", "relative_url": _relative_url(item)} for item in items]
    return {"batch": orjson.dumps(batch).decode(), "include_headers": "true"}


def _relative_url(item: GraphRequest) -> str:
    """Without a version: items take that of the address the batch is posted to."""
    params = urlencode(item.public_params)
    return item.path.removeprefix("/") + (f"?{params}" if params else "")


def item_exchange(part: Any, whole: Exchange) -> tuple[Exchange, Fault | None]:
    """One item of the answer to a batch as an exchange of its own, and what is wrong with it whatever it holds.

    `part`: null if Meta timed out before it. `whole`: the exchange of the batch.
    """
    nothing = replace(whole, http_status=None, content=b"", broken="no answer to this item")
    if part is None:
        return nothing, Fault("timed_out_item", "Meta did not get to this item of a batch.")
    status, body, headers = (part.get(name) for name in ("code", "body", "headers")) if isinstance(part, dict) else (None, None, None)
    if not isinstance(status, int) or isinstance(status, bool):
        return nothing, Fault("transient", "The answer to this item of a batch cannot be read.")
    content = body.encode(errors="replace") if isinstance(body, str) else b"" if body is None else orjson.dumps(body)
    own = {
        header["name"].lower(): header["value"]
        for header in (headers if isinstance(headers, list) else [])
        if isinstance(header, dict) and isinstance(header.get("name"), str) and isinstance(header.get("value"), str)
    }
    return replace(whole, http_status=status, headers=own, content=content), None
