"""dbt's unit tests (the worked examples of the specification) and all data tests, on a warehouse that has no events."""

from __future__ import annotations

from datetime import UTC, datetime

from agentmarts.settings import Settings
from agentmarts.warehouse.refresh import refresh
from agentmarts.warehouse.transform import run_dbt

AS_OF = datetime(2025, 6, 20, tzinfo=UTC)


def test_unit_tests_pass(settings: Settings) -> None:
    # dbt takes the types of given rows from the relations, so they must exist.
    refresh(settings, as_of=AS_OF)
    outcomes = run_dbt(settings, ["test"])
    kinds = {outcome.unique_id.split(".")[0] for outcome in outcomes}
    assert kinds >= {"unit_test", "test"}
    assert {outcome.status for outcome in outcomes} <= {"pass", "success"}
