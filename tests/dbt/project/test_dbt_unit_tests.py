"""dbt's unit tests (the worked examples of the specification) and all data tests, on a warehouse that has no events."""

from __future__ import annotations

from agentmarts.refresh.transform import run_dbt
from agentmarts.settings import Settings


def test_unit_tests_pass(built_warehouse: Settings) -> None:
    # dbt takes the types of given rows from the relations, so they must exist.
    outcomes = run_dbt(built_warehouse, ["test"])
    kinds = {outcome.unique_id.split(".")[0] for outcome in outcomes}
    assert kinds >= {"unit_test", "test"}
    assert {outcome.status for outcome in outcomes} <= {"pass", "success"}
