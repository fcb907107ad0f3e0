"""What dbt gives to Jinja, made on demand: for whoever looks, the same as made at once."""

from __future__ import annotations

from collections import ChainMap
from typing import Any

import pytest

from agentmarts.refresh.macros_on_demand import Generators, OnDemand


def on_demand(made: list[str]) -> OnDemand:
    def make(macro: str) -> Any:
        made.append(macro)
        return f"generator of {macro}"

    given = OnDemand()
    given.update({"this": "a model"})
    given.namespace = Generators({"ratio": "ratio", "median": "median"}, make)
    given.names = frozenset(given.namespace)
    return given


def test_only_what_is_named_is_made_and_once() -> None:
    made: list[str] = []
    given = on_demand(made)
    assert "ratio" in given
    assert "no_macro" not in given
    parent = ChainMap(given, {"global": 1})  # as dbt's templates see it
    assert parent
    assert made == []
    assert (parent["ratio"], parent["this"], parent["global"], given.get("ratio")) == (
        "generator of ratio",
        "a model",
        1,
        "generator of ratio",
    )
    assert made == ["ratio"]
    assert given.get("no_macro", 0) == 0
    with pytest.raises(KeyError):
        given["no_macro"]


@pytest.mark.parametrize(
    "look", [dict, lambda given: dict(given.items()), lambda given: {**given}, lambda given: {one: given[one] for one in given}]
)
def test_whoever_goes_through_all_of_it_gets_all_of_it(look: Any) -> None:
    assert look(on_demand([])) == {"this": "a model", "ratio": "generator of ratio", "median": "generator of median"}
    assert len(on_demand([])) == 3
