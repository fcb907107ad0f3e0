"""Batches: up to 50 calls in one POST with one token, each answered with its own code, headers and body, the body as a string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from . import errors
from .errors import GraphError
from .faults import Fault
from .requests import Incoming, Outgoing, authenticate, respond, split_version, write_down
from .simulator import Simulator
from .versions import served_version

MAX_ITEMS = 50
_ITEM_FAULTS = ("http_500", "http_503")


def respond_to_batch(sim: Simulator, incoming: Incoming) -> Outgoing:
    """Run the items in their order. A token of an item counts only in its `relative_url`; the one of the batch is demanded all the same."""
    version, path = split_version(incoming.path)
    with_headers = incoming.params.get("include_headers", "true").lower() != "false"
    headers: dict[str, str] = {}
    try:
        headers["facebook-api-version"] = served_version(version, sim.now)
        authenticate(sim, incoming.token, incoming.params.get("appsecret_proof"))
        items = _items(incoming.params["batch"])
        answers = [_item(sim, incoming, version, index, item, with_headers) for index, item in enumerate(items)]
        outgoing = Outgoing(200, answers, headers)
    except GraphError as error:
        outgoing = Outgoing(error.status, error.body("Abatch"), headers)
    write_down(sim, incoming, version, path, 0, outgoing)
    return outgoing


def _items(text: str) -> list[Mapping[str, Any]]:
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) and isinstance(item.get("relative_url"), str) for item in items):
        raise errors.parameter("batch parameter must be a JSON array of objects with a relative_url")
    if len(items) > MAX_ITEMS:
        raise GraphError(1, f"Too many requests in batch message. Maximum batch size is {MAX_ITEMS}", type="GraphBatchException")
    return items


def _item(sim: Simulator, batch: Incoming, version: str, index: int, item: Mapping[str, Any], with_headers: bool) -> object:
    address = urlsplit(str(item["relative_url"]))
    params = dict(parse_qsl(address.query, keep_blank_values=True)) | dict(parse_qsl(str(item.get("body", ""))))
    own = params.get("access_token") if "access_token=" in address.query else None
    params["access_token"] = own or batch.token
    if own is None and "appsecret_proof" in batch.params:
        params["appsecret_proof"] = batch.params["appsecret_proof"]
    path = address.path.lstrip("/")
    if not split_version(path)[0] and version:
        path = f"{version}/{path}"
    method = str(item.get("method", "GET")).upper()
    struck = sim.faults.strike(_ITEM_FAULTS, method, split_version(path)[1], params)
    answer = respond(sim, Incoming(method, path, params, "", batch.base_url, index))
    if answer.is_null:
        return None
    status, body = (_failure(struck), "") if struck else (answer.status, orjson.dumps(answer.body).decode())
    headers = [{"name": name, "value": value} for name, value in answer.headers.items()]
    return {"code": status, **({"headers": headers} if with_headers else {}), "body": body}


def _failure(fault: Fault) -> int:
    return 500 if fault.kind == "http_500" else 503
