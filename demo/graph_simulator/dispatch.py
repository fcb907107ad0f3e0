"""From a path to whoever answers it."""

from __future__ import annotations

from . import errors
from .answers import Json
from .calls import Call
from .edges import list_edge
from .fields import parse_fields
from .insights_instagram import user_insights
from .insights_page import page_insights
from .node_fields import children, insights_of, render
from .simulator import Simulator
from .token_edges import me, my_pages
from .world import Account, GraphObject


def answer(sim: Simulator, call: Call) -> Json:
    """The body of one call whose token is checked and counted. GraphError where Meta answers with one."""
    segments = [segment for segment in call.path.split("/") if segment]
    if segments == ["me"]:
        return me(sim, call)
    if segments == ["me", "accounts"]:
        return my_pages(sim, call)
    if segments and segments[0] == "me" and call.token.kind == "page":
        segments[0] = call.token.profile_id
    if not 1 <= len(segments) <= 2:
        raise errors.unknown_path(f"/{call.path}")
    thing = sim.find(segments[0], call.token)
    if len(segments) == 1:
        return render(sim, call, thing, parse_fields(call.params["fields"]) if call.params.get("fields") else ())
    return _edge(sim, call, thing, segments[1])


def _edge(sim: Simulator, call: Call, thing: Account | GraphObject, edge: str) -> Json:
    if isinstance(thing, GraphObject):
        fields = parse_fields(call.params["fields"]) if call.params.get("fields") else ()
        if edge == "children" and (found := children(sim, call, thing, call.params, fields)) is not None:
            return found
        return insights_of(sim, call, thing, edge, call.params)
    if edge == "insights":
        return (page_insights if thing.platform == "facebook" else user_insights)(sim, call, thing, call.params)
    return list_edge(sim, call, thing, edge)
