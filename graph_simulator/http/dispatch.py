"""From a path to whoever answers it."""

from __future__ import annotations

from graph_simulator.http import errors
from graph_simulator.http.calls import Call
from graph_simulator.http.edges import list_edge, me, my_pages
from graph_simulator.http.fields import parse_fields
from graph_simulator.http.node_fields import children, insights_of, render
from graph_simulator.insights.answers import Json
from graph_simulator.insights.instagram import user_insights
from graph_simulator.insights.page import page_insights
from graph_simulator.simulator import Simulator
from graph_simulator.world.world import Account, GraphObject


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
