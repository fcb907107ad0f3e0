"""The control API under `/_control/`: what a test or a demo does to the simulated world, and what it may know of it. JSON both ways.

| path | GET | POST | DELETE |
|---|---|---|---|
| `clock` | `{now}` | `{to: ISO}`, `{advance_seconds: n}` or `{follow: true}`: the wall clock from now on | |
| `journal` | entries, `?since=number` | | forget them |
| `tokens` | name, value, proof, scopes, … | `{name, …changed attributes}` | |
| `metrics` | removed and added | `{remove: {object, metric}}`, `{restore: …}`, `{add: {object, metric, like}}` | |
| `usage` | budgets | `{scope, id, limit}`, `{scope, id, pct}`, `{scope, id, block_code, minutes}`, `{scope, id, clear: true}` | |
| `faults` | scripts left | one script or a list | forget them |
| `switches` | all | `{name: value}` | |
| `objects` | objects, `?account=id` | `{object, …changed attributes}`: is_deleted, is_expired, hides_likes, is_crossposted, refuses | |
| `accounts` | accounts, app id and secret | | |
| `truth` | `?metric=&object=&since=&until=` or `&at=`, `&dimension=`, `&paid=` | | |
| `reset` | | everything back to the start | |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from graph_simulator.http.faults import Fault
from graph_simulator.http.limits import Budget, Scope
from graph_simulator.insights.answers import Json
from graph_simulator.insights.truth import exact
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import from_iso, iso
from graph_simulator.world.tokens import proof_of

_TOKEN_ATTRIBUTES = ("scopes", "tasks", "expires_at", "data_access_expires_at", "revoked_by", "login")
_OBJECT_ATTRIBUTES = ("is_deleted", "is_expired", "hides_likes", "is_crossposted", "refuses", "published_at")
Body = Mapping[str, Any]


def control(sim: Simulator, method: str, path: str, params: Mapping[str, str], body: Any) -> Any:
    """The answer to a call of the control API. ValueError or KeyError: the call was wrong."""
    name = path.strip("/")
    handlers: dict[tuple[str, str], Callable[[], Any]] = {
        ("GET", "clock"): lambda: {"now": iso(sim.now)},
        ("POST", "clock"): lambda: _move_clock(sim, body),
        ("GET", "journal"): lambda: sim.journal.since(int(params.get("since", "0"))),
        ("DELETE", "journal"): lambda: _done(sim.journal.entries.clear),
        ("GET", "tokens"): lambda: [_token(sim, token.name) for token in sim.tokens],
        ("POST", "tokens"): lambda: _change_token(sim, body),
        ("GET", "metrics"): lambda: _metrics(sim),
        ("POST", "metrics"): lambda: _change_metrics(sim, body),
        ("GET", "usage"): lambda: [_budget(sim, budget) for budget in sim.limits.budgets.values()],
        ("POST", "usage"): lambda: _change_usage(sim, body),
        ("GET", "faults"): lambda: [asdict(fault) for fault in sim.faults.scripts if fault.times > 0],
        ("POST", "faults"): lambda: _add_faults(sim, body),
        ("DELETE", "faults"): lambda: _done(sim.faults.scripts.clear),
        ("GET", "switches"): lambda: asdict(sim.switches),
        ("POST", "switches"): lambda: _change_switches(sim, body),
        ("GET", "objects"): lambda: [
            _object(sim, id_) for id_, its in sim.objects.items() if params.get("account") in {None, its.account_id}
        ],
        ("POST", "objects"): lambda: _change_object(sim, body),
        ("GET", "accounts"): lambda: _accounts(sim),
        ("GET", "truth"): lambda: exact(sim, params),
        ("POST", "reset"): lambda: _done(sim.reset),
    }
    handler = handlers.get((method, name))
    if handler is None:
        raise ValueError(f"no {method} {name}; there are {', '.join(' '.join(one) for one in handlers)}")
    return handler()


def _done(act: Callable[[], object]) -> Json:
    act()
    return {"done": True}


def _move_clock(sim: Simulator, body: Body) -> Json:
    sim.follows_wall_clock = bool(body.get("follow", False))
    if not sim.follows_wall_clock:
        sim.now = from_iso(body["to"]) if "to" in body else sim.now + int(body["advance_seconds"])
    return {"now": iso(sim.now)}


def _token(sim: Simulator, name: str) -> Json:
    token = sim.tokens.by_name(name)
    return {**asdict(token), "assets": sorted(token.assets), "hash": token.hash, "proof": proof_of(sim.world.app_secret, token.value)}


def _change_token(sim: Simulator, body: Body) -> Json:
    token = sim.tokens.by_name(body["name"])
    changed = {name: value for name, value in body.items() if name != "name"}
    if unknown := changed.keys() - set(_TOKEN_ATTRIBUTES):
        raise ValueError(f"a token has no {', '.join(sorted(unknown))} to change; there are {', '.join(_TOKEN_ATTRIBUTES)}")
    for name, value in changed.items():
        is_instant = name in {"expires_at", "data_access_expires_at"} and isinstance(value, str)
        setattr(token, name, from_iso(value) if is_instant else tuple(value) if isinstance(value, list) else value)
    return _token(sim, token.name)


def _metrics(sim: Simulator) -> Json:
    added = [{"object": type_, "metric": metric, "like": like} for (type_, metric), like in sim.catalogue.added.items()]
    return {"removed": [{"object": type_, "metric": metric} for type_, metric in sorted(sim.catalogue.removed)], "added": added}


def _change_metrics(sim: Simulator, body: Body) -> Json:
    for action in body:
        if action not in {"remove", "restore", "add"}:
            raise ValueError(f"no action {action!r}; there are remove, restore, add")
    for action, its in body.items():
        key = (its["object"], its["metric"])
        if action == "remove":
            sim.catalogue.removed.add(key)
        else:
            sim.catalogue.removed.discard(key)
        if action == "add":
            sim.catalogue.added[key] = its.get("like", its["metric"])
    return _metrics(sim)


def _budget(sim: Simulator, budget: Budget) -> Json:
    blocked = budget.blocked_until > sim.now
    return {
        "scope": budget.scope,
        "id": budget.id,
        "calls": budget.used(sim.now),
        "limit": budget.forced_limit,
        "default_limit": budget.limit,
        "pct": budget.forced_pct,
        "blocked_until": iso(budget.blocked_until) if blocked else None,
        "blocked_code": budget.blocked_code if blocked else None,
    }


def _change_usage(sim: Simulator, body: Body) -> Json:
    scopes: dict[str, Scope] = {"app": "app", "user": "user", "page": "page", "instagram": "instagram"}
    if body["scope"] not in scopes:
        raise ValueError(f"no scope {body['scope']!r}; there are {', '.join(scopes)}")
    scope = scopes[body["scope"]]
    budget = sim.limits.budget(scope, str(body["id"]) if "id" in body else sim.world.app_id)
    if body.get("clear"):
        budget.calls.clear()
        budget.forced_limit, budget.forced_pct, budget.blocked_until = None, None, 0
    if "limit" in body:
        budget.forced_limit = int(body["limit"])
    if "pct" in body:
        budget.forced_pct = float(body["pct"])
    if "block_code" in body:
        sim.limits.block(budget, int(body["block_code"]), int(body.get("minutes", sim.switches.regain_minutes)), sim.now)
    return _budget(sim, budget)


def _add_faults(sim: Simulator, body: Any) -> list[Json]:
    try:
        scripts = [Fault(**one) for one in (body if isinstance(body, list) else [body])]
    except TypeError as error:
        raise ValueError(str(error)) from None
    sim.faults.scripts += scripts
    return [asdict(fault) for fault in sim.faults.scripts]


def _change_switches(sim: Simulator, body: Body) -> Json:
    sim.switches.change(dict(body))
    return asdict(sim.switches)


def _object(sim: Simulator, id_: str) -> Json:
    its = sim.objects[id_]
    return {**asdict(its), "refuses": sorted(its.refuses), "published_at": iso(its.published_at), "is_there": sim.is_there(its)}


def _change_object(sim: Simulator, body: Body) -> Json:
    changed = {name: value for name, value in body.items() if name != "object"}
    if unknown := changed.keys() - set(_OBJECT_ATTRIBUTES):
        raise ValueError(f"an object has no {', '.join(sorted(unknown))} to change; there are {', '.join(_OBJECT_ATTRIBUTES)}")
    if "refuses" in changed:
        changed["refuses"] = frozenset(changed["refuses"])
    if "published_at" in changed:
        changed["published_at"] = from_iso(changed["published_at"])
    sim.objects[body["object"]] = replace(sim.objects[body["object"]], **changed)
    return _object(sim, body["object"])


def _accounts(sim: Simulator) -> Json:
    accounts = [asdict(account) for account in sim.world.accounts.values()]
    return {"app_id": sim.world.app_id, "app_secret": sim.world.app_secret, "accounts": accounts}
