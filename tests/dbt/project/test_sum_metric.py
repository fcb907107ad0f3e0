"""Macro sum_metric() adds what may be added, and does not compile for anything else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from agentmarts.refresh.transform import TransformError, manifest_path, run_dbt
from agentmarts.settings import Settings
from tests.support.facts.conversation_facts import values


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """With all models, and without facts."""
    return new_built_warehouse()


@pytest.mark.parametrize("metric", ["views", "likes", "comments", "shares", "saved", "link_clicks", "profile_visits", "follower_growth"])
def test_what_is_additive_may_be_summed(warehouse: Settings, metric: str) -> None:
    assert values(
        warehouse, f"select bool_and(additive) from build.stg_metric_series where metric_name = '{metric}' and kind <> 'rolling'"
    ) == [(True,)]


def summed(warehouse: Settings, metric: str, rows: str = "('views', 3)") -> object:
    """sum_metric() of rows (metric_name, metric_value) written as VALUES."""
    query = f"select {{{{ sum_metric('{metric}') }}}} from (values {rows}) as given (metric_name, metric_value)"
    run_dbt(warehouse, ["compile", "--inline", query])
    results = json.loads(manifest_path(warehouse).with_name("run_results.json").read_bytes())
    [(total,)] = values(warehouse, results["results"][0]["compiled_code"])
    return total


def test_the_sum_is_of_the_known_values_of_the_metric(warehouse: Settings) -> None:
    assert summed(warehouse, "views", "('views', 3), ('views', null), ('likes', 100), ('views', 4)") == 7
    assert summed(warehouse, "views", "('views', cast(null as numeric)), ('likes', 100)") is None


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("reach", "reach is not additive"),
        ("followers", "followers is not additive"),
        ("ig_reels_avg_watch_time", "ig_reels_avg_watch_time is not additive"),
        ("impressions_of_nobody", "the catalogue has no metric impressions_of_nobody"),
    ],
)
def test_what_is_not_additive_or_not_known_does_not_compile(warehouse: Settings, metric: str, reason: str) -> None:
    with pytest.raises(TransformError, match=reason):
        summed(warehouse, metric)
