"""What `/_control/truth` says: the exact figure of a metric, whatever is provisional, withheld or refused."""

from __future__ import annotations

from collections.abc import Mapping

from .answers import Json
from .instants import from_iso, iso
from .recipe_tables import object_type, recipe_of
from .simulator import Simulator
from .truth import truth
from .world import GraphObject


def exact(sim: Simulator, params: Mapping[str, str]) -> Json:
    """`metric`, `object` (id), then `since` and `until` for a window, or `at` for a total or stock at that instant (now if left out).

    `dimension`: split by it. `paid` true or false: of advertisements alone, or without them. Instants are ISO 8601.
    ValueError says what is wrong.
    """
    id_, metric = params.get("object", ""), params.get("metric", "")
    thing = sim.world.accounts.get(id_) or sim.objects.get(id_)
    if thing is None:
        raise ValueError(f"no account or object {id_!r}")
    type_ = object_type(thing)
    recipe = recipe_of(type_, sim.catalogue.computed_like(type_, metric))
    if recipe is None:
        raise ValueError(f"no metric {metric!r} of {type_} that the simulator computes")
    if "paid" in params:
        recipe = recipe.of(paid=params["paid"].lower() == "true")
    since = from_iso(params["since"]) if "since" in params else None
    if since is not None and "until" not in params:
        raise ValueError("since needs until")
    until = from_iso(params.get("until") or params.get("at") or iso(sim.now))
    scope, length = (thing.log_id, thing.length_ms) if isinstance(thing, GraphObject) else (thing.id, 0)
    value = truth(sim.log, scope, recipe, since=since, until=until, dimension=params.get("dimension", ""), length_ms=length)
    asked = {"since": None if since is None else iso(since), "until": iso(until)}
    return {"metric": metric, "object": id_, "object_type": type_, **asked, "value": value}
