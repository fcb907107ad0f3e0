"""/v1/learning/calibration and …/map: the curve, and what an agent should believe instead of its own confidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row
from tests.support.marts.published_learning import LEARNING_MARTS, action_row
from tests.support.oracle import wilson
from tests.support.serving import AS_OF, Customer, assert_problem, register, service

MIDPOINTS = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]
URL = "/v1/learning/calibration"
POLICIES = ("headline", "resolved_only", "expired_as_negative")


def publish_type(connection: Connection, tenant_id: UUID, action_type: str, counts: dict[int, tuple[int, int]], n_map: int = 517) -> None:
    """Calibration marts of one type: `counts` are n and positives by bin under the headline policy, doubled under the others."""
    for factor, policy in enumerate(POLICIES, start=1):
        bins = []
        for index, midpoint in enumerate(MIDPOINTS):
            n, positives = (factor * count for count in counts.get(index, (0, 0)))
            some = {
                "actual_rate": positives / n, "actual_rate_low": wilson(positives, n)[1], "actual_rate_high": wilson(positives, n)[2],
                "mean_confidence": midpoint + 0.0012345, "isotonic_rate": positives / n,
            } if n else {}  # fmt: skip
            bins.append(
                zero_row(
                    connection,
                    "calibration_bins",
                    tenant_id=tenant_id,
                    action_type=action_type,
                    label_policy=policy,
                    bin_index=index,
                    bin_midpoint=midpoint,
                    sample_count=n,
                    outcome_sum=positives,
                    **dict.fromkeys(("actual_rate", "actual_rate_low", "actual_rate_high", "mean_confidence", "isotonic_rate")) | some,
                )
            )
        insert_rows(connection, "calibration_bins", bins)
        n = sum(row["sample_count"] for row in bins)
        insert_rows(
            connection,
            "calibration_summary",
            [
                zero_row(
                    connection,
                    "calibration_summary",
                    tenant_id=tenant_id,
                    action_type=action_type,
                    label_policy=policy,
                    n=n,
                    brier_score=0.23456789 if n else None,
                    binned_calibration_error=0.0142031 if n else None,
                    base_rate=1 / 3 if n else None,
                    is_calibrated=False if n >= 50 else None,
                    direction="overconfident" if n >= 50 else "unclear",
                    status="ok" if n >= 50 else "low_n" if n else "no_data",
                )
            ],
        )
        insert_rows(
            connection,
            "calibration_adjustments",
            [
                zero_row(
                    connection,
                    "calibration_adjustments",
                    tenant_id=tenant_id,
                    action_type=action_type,
                    label_policy=policy,
                    old_threshold=1.0,
                    recommended_by="seed_rule",
                    qualifying_bins=len(counts),
                    direction="decrease",
                    magnitude=0.1,
                    new_threshold=0.9,
                    avg_gap=0.2512345,
                    reason=f"Average gap of {policy}.",
                )
            ],
        )
    status = "ok" if n_map >= 200 else "low_n"
    insert_rows(
        connection,
        "calibration_map",
        [
            zero_row(
                connection,
                "calibration_map",
                tenant_id=tenant_id,
                action_type=action_type,
                p_raw=Decimal(point) / 100,
                block_low=0.0 if point < 80 else 0.8,
                block_high=0.79 if point < 80 else 0.97,
                block_n=max(n_map - 60, n_map % 60) if point < 80 else min(60, n_map),
                block_rate=0.25 if point < 80 else 0.7,
                n=n_map,
                status=status,
                p_calibrated=point / 100 if n_map < 200 else (60 * 0.7 + 20 * point / 100) / 80 if point >= 80 else 0.25,
            )
            for point in range(101)
        ],
    )


def published_acme(settings: Settings) -> Customer:
    customer = register(settings, "acme")
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        publish_tenant(connection, "acme", "UTC", customer.tenant_id)
        publish_type(connection, customer.tenant_id, "send_email", {2: (55, 10), 7: (82, 50)})
        publish_type(connection, customer.tenant_id, "call/back & more", {9: (7, 7)}, n_map=7)
        log_version(connection, 1, AS_OF, LEARNING_MARTS, [customer.tenant_id])
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def data(client: httpx.Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["data"]
    return found


def test_curve(reader: httpx.Client) -> None:
    found = data(reader, f"{URL}/send_email")
    assert (found["action_type"], found["label_policy"], found["sample_count"], found["status"]) == ("send_email", "headline", 137, "ok")
    curve = found["curve"]
    assert list(curve) == ["midpoints", "mean_confidences", "actual_rates", "low", "high", "counts", "isotonic"]
    assert curve["midpoints"] == MIDPOINTS
    assert curve["counts"] == [0, 0, 55, 0, 0, 0, 0, 82, 0, 0]
    assert curve["mean_confidences"][2] == 0.2512
    assert (curve["actual_rates"][2], curve["isotonic"][2]) == (0.1818, 0.1818)
    _, low, high = wilson(10, 55)
    assert (curve["low"][2], curve["high"][2]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    for name in ("mean_confidences", "actual_rates", "low", "high", "isotonic"):
        assert curve[name][0] is None, "an empty bin has no rate"
    assert (found["brier_score"], found["binned_calibration_error"]) == (0.234568, 0.014203)
    assert (found["is_calibrated"], found["direction"], found["base_rate"]) == (False, "overconfident", 0.3333)
    assert found["adjustment"] == {
        "direction": "decrease", "magnitude": 0.1, "old_threshold": 1.0, "new_threshold": 0.9, "avg_gap": 0.2512,
        "reason": "Average gap of headline.", "qualifying_bins": 2, "qualifying_samples": 0, "has_opposing_gaps": False,
        "recommended_by": "seed_rule",
    }  # fmt: skip
    assert len(found["map"]["p_raw"]) == len(found["map"]["p_calibrated"]) == 101
    assert (found["map"]["p_raw"][83], found["map"]["p_calibrated"][83]) == (0.83, 0.7325)
    assert found["calibration_since"] is None


@pytest.mark.parametrize(
    ("policy", "n", "column"),
    [("headline", 137, "label"), ("resolved_only", 274, "label_resolved_only"), ("expired_as_negative", 411, "label_expired_as_negative")],
)
def test_policies(reader: httpx.Client, policy: str, n: int, column: str) -> None:
    found = data(reader, f"{URL}/send_email?label_policy={policy}")
    assert (found["label_policy"], found["sample_count"], sum(found["curve"]["counts"])) == (policy, n, n)
    assert found["adjustment"]["reason"] == f"Average gap of {policy}."
    assert found["map"]["label_policy"] == "headline"
    assert found["rows"][3] == f"/v1/marts/outcomes?action_type=eq.send_email&bin_index=eq.3&{column}=not.is.null"


def test_counts_lead_to_their_rows(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    """Those of a bin with a label, and none from before the agent was recalibrated."""
    with connect(settings, Role.PUBLISH) as connection:
        days = [datetime(2025, 6, day, tzinfo=UTC) for day in range(1, 11)]
        rows = [
            action_row(connection, acme.tenant_id, f"a{n}", day, status=status, confidence=0.75, action_type="call/back & more")
            for n, day in enumerate(days)
            for status in (["positive", "ambiguous"][n % 2],)
        ]
        insert_rows(connection, "outcomes", rows)
    [address] = [one for one in data(client, f"{URL}/call%2Fback%20%26%20more")["rows"] if "bin_index=eq.7" in one]
    assert {row["action_id"] for row in client.get(address).json()["data"]} == {"a0", "a2", "a4", "a6", "a8"}
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute(
            "insert into marts.dim_tenant_parameters values (%s, 'calibration_since', '0001-01-01', '2025-06-05', null, false, 1),"
            " (%s, 'calibration_since', '2025-06-19', '2025-06-09', null, false, 1)",
            (acme.tenant_id, acme.tenant_id),
        )
        log_version(connection, 2, AS_OF, ["dim_tenant_parameters"], [acme.tenant_id])
    found = data(client, f"{URL}/call%2Fback%20%26%20more")
    assert found["calibration_since"] == "2025-06-05", "the version that holds today"
    [address] = [one for one in found["rows"] if "bin_index=eq.7" in one]
    assert {row["action_id"] for row in client.get(address).json()["data"]} == {"a4", "a6", "a8"}


def test_whole_map(reader: httpx.Client) -> None:
    found = data(reader, f"{URL}/send_email/map")
    assert (found["action_type"], found["label_policy"], found["n"], found["status"]) == ("send_email", "headline", 517, "ok")
    points = found["points"]
    assert [point["p_raw"] for point in points] == [round(n / 100, 2) for n in range(101)]
    assert points[80] == {"p_raw": 0.8, "p_calibrated": 0.725, "block_low": 0.8, "block_high": 0.97, "block_n": 60, "block_rate": 0.7}
    assert found["adjustment"]["reason"] == "Average gap of headline."


@pytest.mark.parametrize(
    ("p", "grid_point", "calibrated"),
    [
        ("0", 0, 0.25), ("1", 1, 0.775), ("0.83", 0.83, 0.7325), ("0.834", 0.83, 0.7325), ("0.8349999999", 0.83, 0.7325),
        ("0.835", 0.84, 0.735), ("0.30000000000000004", 0.3, 0.25), ("1e-9", 0, 0.25), ("0.7949", 0.79, 0.25), ("0.795", 0.8, 0.725),
    ],
)  # fmt: skip
def test_one_confidence(reader: httpx.Client, p: str, grid_point: float, calibrated: float) -> None:
    found = data(reader, f"{URL}/send_email/map?p={p}")
    assert (found["p_raw"], found["grid_point"], found["p_calibrated"]) == (float(p), grid_point, calibrated)
    assert (found["n"], found["status"]) == (517, "ok")


def test_how_far_to_trust_it(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    found = data(client, f"{URL}/send_email/map?p=0.9")
    _, low, high = wilson(42, 60)
    assert found["block"] == {
        "low": 0.8, "high": 0.97, "n": 60, "rate": 0.7, "rate_low": pytest.approx(low, abs=5e-5), "rate_high": pytest.approx(high, abs=5e-5)
    }  # fmt: skip
    assert found["trust"] == "fair"
    assert "60 of 517" in found["trust_reason"]
    assert "70 % of them" in found["trust_reason"]
    assert f"interval {100 * low:.0f} to {100 * high:.0f})" in found["trust_reason"]
    assert data(client, f"{URL}/send_email/map?p=0.1")["trust"] == "good"
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.calibration_map set block_n = 49 where p_raw >= .8")
        log_version(connection, 2, AS_OF, ["calibration_map"], [acme.tenant_id])
    assert data(client, f"{URL}/send_email/map?p=0.9")["trust"] == "weak"


def test_too_few_outcomes_correct_nothing(reader: httpx.Client) -> None:
    found = data(reader, f"{URL}/{quote('call/back & more', safe='')}/map?p=0.9175")
    assert (found["p_raw"], found["grid_point"], found["p_calibrated"]) == (0.9175, 0.92, 0.9175)
    assert (found["n"], found["status"], found["trust"]) == (7, "low_n", "none")
    assert "only 7 matured outcomes" in found["trust_reason"]
    curve = data(reader, f"{URL}/{quote('call/back & more', safe='')}")
    assert (curve["is_calibrated"], curve["direction"], curve["status"]) == (None, "unclear", "low_n")


def test_unknown_types(reader: httpx.Client) -> None:
    for address in (f"{URL}/nothing", f"{URL}/nothing/map", f"{URL}/nothing/map?p=0.5", f"{URL}/Send_Email", f"{URL}/a%00b"):
        problem = assert_problem(reader.get(address), 404, "not-found")
        if "%00" not in address:
            assert problem["detail"].endswith("there are call/back & more, send_email.")
    assert_problem(reader.get(URL), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?label_policy=all", "#/query/label_policy"), ("?policy=headline", "#/query/policy"), ("?p=0.5", "#/query/p"),
        ("/map?p=1.01", "#/query/p"), ("/map?p=-0.01", "#/query/p"), ("/map?p=NaN", "#/query/p"), ("/map?p=x", "#/query/p"),
        ("/map?p=", "#/query/p"), ("/map?p=0.5&p=0.6", "#/query/p"), ("/map?label_policy=headline", "#/query/label_policy"),
    ],
)  # fmt: skip
def test_wrong_parameters(reader: httpx.Client, query: str, pointer: str) -> None:
    assert_problem(reader.get(f"{URL}/send_email{query}"), 400, "invalid-request", pointer)


def test_not_modified(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    address = f"{URL}/send_email/map?p=0.83"
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.calibration_map set p_calibrated = 0.5 where p_raw = 0.83")
        log_version(connection, 2, AS_OF, ["calibration_map"], [acme.tenant_id])
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.json()["data"]["p_calibrated"], again.json()["meta"]["version"]) == (200, 0.5, 2)


def test_other_tenants_have_other_types(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    other = register(settings, "other")
    with connect(settings, Role.PUBLISH) as connection:
        publish_tenant(connection, "other", "UTC", other.tenant_id)
        publish_type(connection, other.tenant_id, "secret_type", {5: (100, 10)})
        publish_type(connection, other.tenant_id, "send_email", {5: (300, 30)}, n_map=300)
        log_version(connection, 2, AS_OF, LEARNING_MARTS, [other.tenant_id])
    assert data(client, f"{URL}/send_email")["sample_count"] == 137
    assert data(client, f"{URL}/send_email/map?p=0.5")["n"] == 517
    for address in (f"{URL}/secret_type", f"{URL}/secret_type/map"):
        problem = assert_problem(client.get(address), 404, "not-found")
        assert problem["detail"].count("secret_type") == 1
        assert client.get(address, headers=other.headers).status_code == 200
    theirs = assert_problem(client.get(f"{URL}/call%2Fback", headers=other.headers), 404, "not-found")
    assert "there are secret_type, send_email" in theirs["detail"]


def test_before_the_first_publish(settings: Settings) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        client.headers.update(fresh.headers)
        for address in (f"{URL}/send_email", f"{URL}/send_email/map?p=0.5"):
            assert "No action has been published" in assert_problem(client.get(address), 404, "not-found")["detail"]
