"""Lists of objects: posts and reels of a page, media and live stories of an Instagram account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from graph_simulator.http import errors
from graph_simulator.http.calls import Call, listed
from graph_simulator.http.errors import GraphError
from graph_simulator.http.fields import Field, parse_fields
from graph_simulator.http.node_fields import render
from graph_simulator.http.object_fields import NODE_TYPES
from graph_simulator.http.paging import Page, page_of, rendered
from graph_simulator.insights.answers import Json
from graph_simulator.insights.recipe_tables import object_type
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import UTC_ZONE, asked_instant
from graph_simulator.world.tokens import LONG_LIFE, Token
from graph_simulator.world.world import Account, GraphObject

POST_EDGES = ("published_posts", "posts", "feed")
_KINDS = {**dict.fromkeys(POST_EDGES, "post"), "video_reels": "reel", "videos": "video", "media": "media", "stories": "story"}
_OF_TYPE = {"page": {*POST_EDGES, "video_reels", "videos"}, "ig_user": {"media", "stories"}}


def list_edge(sim: Simulator, call: Call, account: Account, edge: str) -> Json:
    """One page of a list, newest first."""
    type_ = object_type(account)
    if edge not in _OF_TYPE[type_]:
        raise errors.no_such_field(edge, NODE_TYPES[type_])
    if type_ == "ig_user":
        call.token.needs_instagram("instagram_basic")
    else:
        call.token.needs("pages_read_engagement")
    if edge == "feed":
        call.token.needs("pages_read_user_content")
    fields = parse_fields(call.params["fields"]) if call.params.get("fields") else ()
    objects = _within(_shown(sim, account, edge), call)
    page = _faulty(page_of(objects, call.params, sim.switches.paging), objects, call)
    _check_weight(sim, len(page.objects), fields)
    return rendered(call, f"{account.id}/{edge}", call.params, page, lambda its: render(sim, call, its, fields, in_list=True))


def _shown(sim: Simulator, account: Account, edge: str) -> list[GraphObject]:
    mine = [its for its in sim.objects.values() if its.account_id == account.id and its.kind == _KINDS[edge]]
    there = [its for its in mine if sim.is_there(its) and not its.is_deleted and not its.is_expired]
    newest_first = sorted(there, key=lambda its: (-its.published_at, its.id))
    if edge == "media":
        return newest_first[: sim.switches.media_cap]
    if edge not in POST_EDGES:
        return newest_first
    of_year: Counter[int] = Counter()
    shown = []
    for its in newest_first:
        year = datetime.fromtimestamp(its.published_at, tz=UTC).year
        of_year[year] += 1
        if of_year[year] <= sim.switches.posts_per_year:
            shown.append(its)
    return shown


def _within(objects: list[GraphObject], call: Call) -> list[GraphObject]:
    bounds = {"since": 0, "until": call.now + 1}
    for name in bounds:
        if call.params.get(name):
            try:
                bounds[name] = asked_instant(call.params[name], UTC_ZONE)
            except ValueError:
                raise errors.parameter(f"{name} must be a UNIX timestamp or a date") from None
    return [its for its in objects if bounds["since"] <= its.published_at < bounds["until"]]


def _check_weight(sim: Simulator, objects: int, fields: tuple[Field, ...]) -> None:
    metrics = sum(len(listed(field.modifiers.get("metric", ""))) for field in fields if field.name == "insights")
    if objects * metrics > sim.switches.max_expansion:
        raise errors.too_much_data()


def _faulty(page: Page, objects: list[GraphObject], call: Call) -> Page:
    """The page as a scripted fault leaves it: reversed, or with the last of the page before again (on the first: its own first)."""
    if call.fault is None or not page.objects:
        return page
    found = list(page.objects)
    if call.fault.kind == "reorder_page":
        found.reverse()
    elif call.fault.kind == "duplicate_page":
        start = objects.index(found[0])
        found = [objects[max(0, start - 1)], *found]
    return Page(found, page.before, page.after, page.has_next)


# Edges about tokens: `/debug_token`, `/me`, `/me/accounts`, `/oauth/access_token`.

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
