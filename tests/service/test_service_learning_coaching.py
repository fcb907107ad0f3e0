"""/v1/learning/coaching: patterns by rank with what supports them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_tenant, zero_row
from tests.support.serving import AS_OF, Customer, assert_problem, register, service

URL = "/v1/learning/coaching"
COLD_CALL = {
    "n": 50, "positives": 9, "success_rate": 0.18, "success_rate_low": 0.09772912, "success_rate_high": 0.30800341,
    "rest_n": 374, "rest_positives": 169, "rest_rate": 169 / 374, "difference": -0.27187166, "difference_low": -0.36851899,
    "difference_high": -0.13460012, "z": -3.658391, "p_value": 0.0002538, "test": "z", "q_value": 0.0010152, "eb_rate": 0.20138,
    "mh_difference": -0.25, "simpson_flag": False, "confidence": 0.9899848, "sample_adequacy": 1.0, "is_actionable": True,
    "is_improvement_area": True, "seed_success_rate": 0.15, "seed_difference": -0.2, "seed_is_pattern": True,
    "seed_is_improvement_area": True,
}  # fmt: skip


def pattern(connection: Connection, customer: Customer, segment: str, rank: int, days: int = 90, **given: Any) -> dict[str, Any]:
    return zero_row(
        connection, "coaching_patterns", tenant_id=customer.tenant_id, window_days=days, dimension="action_type", segment=segment,
        outcome_type="*", rank=rank, pattern_id=f"id-{segment}", pattern_type="action_effectiveness",
        description=f"{segment} is associated with …", recommendation=f"Look at {segment}.", **given,
    )  # fmt: skip


def published_acme(settings: Settings) -> Customer:
    """cold_call of the worked example; a pattern with nothing to compare it with; one of 30 days."""
    customer = register(settings, "acme")
    with connect(settings, Role.PUBLISH) as connection:
        publish_tenant(connection, "acme", "UTC", customer.tenant_id)
        rows = [
            pattern(connection, customer, "cold_call", 2, **COLD_CALL),
            pattern(connection, customer, "the only one", 1, n=30, positives=20),
            pattern(connection, customer, "of 30 days", 1, days=30, n=10, positives=9, is_actionable=True),
        ]
        insert_rows(connection, "coaching_patterns", rows)
        log_version(connection, 1, AS_OF, ["coaching_patterns"], [customer.tenant_id])
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def data(client: httpx.Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["data"]
    return found


def test_a_pattern_with_what_supports_it(reader: httpx.Client) -> None:
    found = data(reader)[1]
    assert found == {
        "pattern_id": "id-cold_call", "pattern_type": "action_effectiveness", "description": "cold_call is associated with …",
        "confidence": 0.99, "sample_size": 50, "supporting_data": found["supporting_data"], "recommendation": "Look at cold_call.",
    }  # fmt: skip
    assert found["supporting_data"] == {
        "dimension": "action_type", "segment": "cold_call", "outcome_type": "*", "window_days": 90, "n": 50, "positives": 9, "rest_n": 374,
        "rest_positives": 169, "test": "z", "simpson_flag": False, "is_actionable": True, "is_improvement_area": True, "rank": 2,
        "seed_is_pattern": True, "seed_is_improvement_area": True, "success_rate": 0.18, "success_rate_low": 0.0977,
        "success_rate_high": 0.308, "rest_rate": 0.4519, "difference": -0.2719, "difference_low": -0.3685, "difference_high": -0.1346,
        "eb_rate": 0.2014, "mh_difference": -0.25, "sample_adequacy": 1.0, "seed_success_rate": 0.15, "seed_difference": -0.2,
        "z": -3.6584, "p_value": 0.000254, "q_value": 0.001015,
    }  # fmt: skip


def test_nothing_to_compare_with(reader: httpx.Client) -> None:
    found = data(reader)[0]
    assert (found["sample_size"], found["confidence"]) == (30, None)
    unknown = {name for name, value in found["supporting_data"].items() if value is None}
    assert unknown == {
        "test", "simpson_flag", "rest_rate", "difference", "difference_low", "difference_high", "eb_rate", "mh_difference", "z",
        "p_value", "q_value", "seed_success_rate", "seed_difference",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "segments"),
    [
        ("", ["the only one", "cold_call"]),
        ("?days=90", ["the only one", "cold_call"]),
        ("?days=30", ["of 30 days"]),
        ("?actionable=true", ["cold_call"]),
        ("?actionable=false", ["the only one"]),
        ("?days=30&actionable=false", []),
    ],
)
def test_by_rank_and_filter(reader: httpx.Client, query: str, segments: list[str]) -> None:
    assert [one["supporting_data"]["segment"] for one in data(reader, query)] == segments


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("days=60", "days", "90 or 30"), ("days=x", "days", "90 or 30"), ("days=", "days", "90 or 30"),
        ("actionable=maybe", "actionable", "boolean"), ("actionable=", "actionable", "boolean"),
        ("window_days=30", "window_days", "not permitted"),
        ("days=30&days=90", "days", "more than once"),
    ],
)  # fmt: skip
def test_wrong_parameters(reader: httpx.Client, query: str, parameter: str, hint: str) -> None:
    problem = assert_problem(reader.get(f"{URL}?{query}"), 400, "invalid-request", f"#/query/{parameter}")
    assert hint in problem["errors"][0]["detail"]


def test_not_modified(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    tag = client.get(URL).headers["etag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("delete from marts.coaching_patterns where segment = 'cold_call'")
        log_version(connection, 2, AS_OF, ["coaching_patterns"], [acme.tenant_id])
    again = client.get(URL, headers={"If-None-Match": tag})
    assert [one["pattern_id"] for one in again.json()["data"]] == ["id-the only one"]


def test_before_the_first_publish(settings: Settings) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        client.headers.update(fresh.headers)
        assert data(client) == []
        assert client.get(URL).json()["meta"]["stale_reason"] == "nothing was published yet"
