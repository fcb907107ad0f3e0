"""Keys of dictionaries are looked up once per object and run, and those of the run's own answers are known at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agentmarts.meta_graph.collecting import session as run_state
from agentmarts.meta_graph.collecting.session import RunState
from agentmarts.meta_graph.model import Observation, Parsed


def observed(object_id: str, metric: str, dim_key: str, dim_value: str) -> Observation:
    return cast(Observation, SimpleNamespace(object_id=object_id, metric=metric, dim_key=dim_key, dim_value=dim_value))


def test_an_object_is_looked_up_once_and_its_answers_add_to_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def look_up(connection: Any, tenant_id: Any, account_id: Any, object_ids: list[str]) -> Any:
        asked.append(object_ids)
        return {"post": {"reactions": frozenset({"like"})}}

    monkeypatch.setattr(run_state, "known_keys", look_up)
    state = RunState(cast(Any, SimpleNamespace(work=None, account=SimpleNamespace(tenant_id=1, account_id=2))))
    state.note_keys(Parsed((observed("reel", "reactions", "key", "sad"),)))  # nobody looked yet: the store will tell
    assert state.known_keys(["post"])["post"] == {"reactions": frozenset({"like"})}
    state.note_keys(Parsed((observed("post", "reactions", "key", "love"), observed("post", "views", "country", "DE"))))
    known = state.known_keys(["post", "reel"])
    assert known["post"] == {"reactions": frozenset({"like", "love"})}
    assert known["reel"] == {}
    assert asked == [["post"], ["reel"]]
