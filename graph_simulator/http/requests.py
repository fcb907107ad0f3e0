"""A request from its bytes to its answer: version, token, proof, budgets, scripted faults, journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from graph_simulator.http import errors
from graph_simulator.http.calls import VERSION, Call, budgets_of, listed, number_of, served_version
from graph_simulator.http.dispatch import answer
from graph_simulator.http.edges import debug_token, exchange
from graph_simulator.http.errors import GraphError
from graph_simulator.http.faults import CONTENT, Fault
from graph_simulator.http.journal import SECRETS, Entry
from graph_simulator.insights.answers import Json
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import iso
from graph_simulator.world.tokens import Token, hash_of


@dataclass(frozen=True)
class Incoming:
    """What came over the wire. `params`: of the query and the form; `bearer`: of the header Authorization, or empty."""

    method: str
    path: str
    params: Mapping[str, str] = field(repr=False)
    bearer: str = field(repr=False)
    base_url: str
    batch_index: int | None = None

    @property
    def token(self) -> str:
        """The token, however it was sent."""
        return self.bearer or self.params.get("access_token", "")


@dataclass
class Outgoing:
    """What goes back: the body before it is written out, and headers. `is_null`: an item of a batch that timed out."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    is_null: bool = False


def respond(sim: Simulator, incoming: Incoming) -> Outgoing:
    """Answer one request (or one item of a batch) and write it into the journal."""
    version, path = split_version(incoming.path)
    served, cost, fault = "", 0, None
    sim.answered += 1
    trace = "A" + hashlib.sha256(f"{sim.world.seed}:{sim.answered}".encode()).hexdigest()[:22]
    try:
        served = served_version(version, sim.now)
        fault = sim.faults.strike(CONTENT, incoming.method, path, dict(incoming.params))
        if number_of(served) >= 26 and "date_format" in incoming.params:
            raise errors.parameter("The parameter date_format is no longer supported")
        body, headers, cost = _body(sim, incoming, path, served, fault)
        outgoing = Outgoing(200, body, headers)
    except Refused as refused:
        cost = refused.cost
        outgoing = Outgoing(refused.error.status, refused.error.body(trace), refused.headers)
    except GraphError as error:
        outgoing = Outgoing(error.status, error.body(trace))
    outgoing.headers |= {"facebook-api-version": served or version, "x-fb-trace-id": trace}
    outgoing.is_null = fault is not None and fault.kind == "batch_null"
    write_down(sim, incoming, version, path, cost, outgoing)
    return outgoing


class Refused(Exception):
    """An error that came after the call was counted, and so has usage headers."""

    def __init__(self, error: GraphError, headers: dict[str, str], cost: int) -> None:
        super().__init__(error.message)
        self.error, self.headers, self.cost = error, headers, cost


def split_version(path: str) -> tuple[str, str]:
    """(v25.0, rest of the path without slashes at its ends); an empty version if the path names none."""
    first, _, rest = path.strip("/").partition("/")
    looks_like_one = VERSION.fullmatch(first) or (first.startswith("v") and first[1:2].isdigit())
    return (first, rest.strip("/")) if looks_like_one else ("", path.strip("/"))


def _body(sim: Simulator, incoming: Incoming, path: str, served: str, fault: Fault | None) -> tuple[Json, dict[str, str], int]:
    if path == "oauth/access_token":
        return exchange(sim, incoming.params), {}, 0
    if path == "debug_token" and sim.tokens.is_app_token(incoming.token):
        return debug_token(sim, incoming.params), {}, 1
    token = authenticate(sim, incoming.token, incoming.params.get("appsecret_proof"))
    if path == "debug_token":
        return debug_token(sim, incoming.params), {}, 1
    if incoming.method != "GET":
        raise errors.GraphError(100, "Unsupported post request. Please read the Graph API documentation", 33, type="GraphMethodException")
    ids = listed(incoming.params.get("ids", ""))
    call = Call(incoming.method, path, served, incoming.params, token, sim.now, incoming.base_url, fault)
    if not ids:
        return _counted(sim, call)
    found: Json = {}
    headers: dict[str, str] = {}
    cost = 0
    for id_ in ids:
        one = Call(call.method, f"{id_}/{path}".strip("/"), served, incoming.params, token, sim.now, incoming.base_url, fault)
        try:
            found[id_], headers, spent = _counted(sim, one)
        except Refused as refused:
            error = errors.no_alias(id_) if (refused.error.code, refused.error.subcode) == (100, 33) else refused.error
            raise Refused(error, refused.headers, cost + refused.cost) from None
        cost += spent
    return found, headers, cost


def authenticate(sim: Simulator, value: str, proof: str | None) -> Token:
    """The token of a request. GraphError 104, 190 or 100 if it is missing, not valid, or its proof is."""
    if not value:
        raise errors.no_token()
    token = sim.tokens.find(value)
    if token is None:
        raise errors.bad_token("Invalid OAuth access token - Cannot parse access token")
    sim.tokens.check_proof(value, proof, is_required=sim.switches.requires_proof)
    token.check(sim.now)
    return token


def _counted(sim: Simulator, call: Call) -> tuple[Json, dict[str, str], int]:
    budgets = budgets_of(sim, call)
    cost = sim.switches.expansion_cost if "insights" in call.params.get("fields", "") else 1
    try:
        for scope, id_, limit in budgets:
            sim.limits.spend(scope, id_, limit, cost, sim.now)
    except GraphError as error:
        disguised = errors.unsupported_get(call.path.split("/", 1)[0])
        raise Refused(disguised if sim.switches.disguises_throttle else error, sim.limits.headers(budgets, sim.now), 0) from None
    headers = sim.limits.headers(budgets, sim.now)
    try:
        if call.fault is not None and call.fault.kind == "error":
            raise GraphError(**call.fault.error)
        body = answer(sim, call)
    except GraphError as error:
        raise Refused(error, headers, cost) from None
    if call.fault is not None and call.fault.kind == "missing_metric":
        _leave_out(body, call.fault.metric)
    return body, headers, cost


def _leave_out(body: object, metric: str) -> None:
    """Take a metric out of every list of insights in an answer."""
    if isinstance(body, dict):
        if isinstance(body.get("data"), list):
            body["data"] = [one for one in body["data"] if not (isinstance(one, dict) and one.get("name") == metric)]
        for value in body.values():
            _leave_out(value, metric)
    elif isinstance(body, list):
        for value in body:
            _leave_out(value, metric)


def write_down(sim: Simulator, incoming: Incoming, version: str, path: str, cost: int, outgoing: Outgoing) -> None:
    """Put a request and its answer into the journal, without secrets."""
    token = sim.tokens.find(incoming.token)
    error = outgoing.body.get("error", {}) if isinstance(outgoing.body, dict) else {}
    params = {name: value for name, value in incoming.params.items() if name not in SECRETS}
    if "batch" in params:  # its items stand in the journal themselves, and may contain tokens
        params["batch"] = f"{len(outgoing.body)} items" if outgoing.status == 200 else "refused"
    sim.journal.entries.append(
        Entry(
            number=len(sim.journal.entries) + 1,
            at=iso(sim.now),
            method=incoming.method,
            path=path,
            version=version,
            params=params,
            token_hash=hash_of(incoming.token) if incoming.token else "",
            token_name=token.name if token else "",
            sent_by="header" if incoming.bearer else "parameter" if incoming.token else "none",
            has_proof="appsecret_proof" in incoming.params,
            cost=cost,
            status=outgoing.status,
            error_code=error.get("code"),
            error_subcode=error.get("error_subcode"),
            batch_index=incoming.batch_index,
        )
    )


# Batches: up to 50 calls in one POST with one token, each answered with its own code, headers and body, the body as a string.

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
