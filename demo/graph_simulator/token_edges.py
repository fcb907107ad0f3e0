"""Edges about tokens: `/debug_token`, `/me`, `/me/accounts`, `/oauth/access_token`."""

from __future__ import annotations

from collections.abc import Mapping

from . import errors
from .answers import Json
from .calls import Call
from .errors import GraphError
from .fields import parse_fields
from .node_fields import render
from .simulator import Simulator
from .tokens import LONG_LIFE, Token

_TYPES = {"user": "USER", "page": "PAGE", "system_user": "SYSTEM_USER"}


def debug_token(sim: Simulator, params: Mapping[str, str]) -> Json:
    """What is true of `input_token`; also of one that is no longer valid."""
    token = sim.tokens.find(params.get("input_token", ""))
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    data: Json = {
        "app_id": sim.world.app_id,
        "type": _TYPES[token.kind],
        "application": "agentmarts demo",
        "data_access_expires_at": token.data_access_expires_at,
        "expires_at": token.expires_at,
        "issued_at": token.issued_at,
        "is_valid": True,
        "scopes": list(token.scopes),
        "granular_scopes": [{"scope": scope, "target_ids": _targets(sim, token, scope)} for scope in token.scopes],
        "user_id": token.user_id,
    }
    if token.kind == "page":
        data["profile_id"] = token.profile_id
    try:
        token.check(sim.now)
    except GraphError as error:
        data |= {"is_valid": False, "error": {"code": error.code, "message": error.message, "subcode": error.subcode}}
    return {"data": data}


def _targets(sim: Simulator, token: Token, scope: str) -> list[str]:
    platform = "instagram" if scope.startswith("instagram") else "facebook"
    return sorted(id_ for id_ in token.assets if sim.world.accounts[id_].platform == platform)


def me(sim: Simulator, call: Call) -> Json:
    """The user, or of a page's token the page."""
    if call.token.kind == "page":
        fields = parse_fields(call.params["fields"]) if call.params.get("fields") else ()
        return render(sim, call, sim.world.accounts[call.token.profile_id], fields)
    return {"id": call.token.user_id, "name": "Sample Person"}


def my_pages(sim: Simulator, call: Call) -> Json:
    """Pages of a user, each with its token and what the user may do there."""
    if call.token.kind == "page":
        raise errors.no_such_field("accounts", "Page")
    call.token.needs("pages_show_list")
    fields = parse_fields(call.params.get("fields") or "access_token,category,name,tasks")
    pages = [page for page in sim.world.pages() if page.id in call.token.assets]
    return {"data": [render(sim, call, page, fields) for page in pages]}


def exchange(sim: Simulator, params: Mapping[str, str]) -> Json:
    """A user's token for a long-lived one of about 60 days."""
    if params.get("grant_type") != "fb_exchange_token":
        raise errors.parameter("grant_type must be fb_exchange_token")
    if params.get("client_id") != sim.world.app_id or params.get("client_secret") != sim.world.app_secret:
        raise GraphError(1, "Error validating client secret.")
    old = sim.tokens.find(params.get("fb_exchange_token", ""))
    if old is None:
        raise errors.bad_token("Invalid OAuth access token - Cannot parse access token")
    old.check(sim.now)
    value = sim.tokens.new_value()
    new = Token(f"exchanged-{value.rsplit('-', 1)[1]}", value, old.kind, old.user_id, old.profile_id, old.assets, old.scopes, old.tasks)
    new.issued_at, new.expires_at, new.data_access_expires_at = sim.now, sim.now + LONG_LIFE, old.data_access_expires_at
    sim.tokens.add(new)
    return {"access_token": value, "token_type": "bearer", "expires_in": LONG_LIFE}
