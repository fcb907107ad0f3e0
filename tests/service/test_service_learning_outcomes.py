"""GET /v1/learning/outcomes and /v1/learning/feedback: rows newest first, filtered, page by page; every row once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant
from tests.support.marts.published_learning import LEARNING_MARTS, action_row, feedback_row
from tests.support.serving import AS_OF, Customer, assert_problem, register, service

OUTCOMES, FEEDBACK = "/v1/learning/outcomes", "/v1/learning/feedback"
ODD = "a&b=c,(d) é/%"
FATES = ("positive", "negative", "ambiguous", "expired", "pending")
BEGIN = datetime(2025, 6, 10, 20, tzinfo=UTC)


def published_acme(settings: Settings) -> Customer:
    """20 actions, three hours apart, pairs of them at the same instant; 8 entries of feedback."""
    customer = register(settings, "acme")
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        publish_tenant(connection, "acme", "UTC", customer.tenant_id)
        actions = [
            action_row(
                connection, customer.tenant_id, f"a{n:02}", BEGIN + timedelta(hours=3 * (n // 2)), status=FATES[n % 5],
                resolved_after=1 if n % 5 < 3 else None, action_type="send_email" if n % 2 else ODD, rep_id=ODD if n < 5 else "rep-1",
                conversation_id=f"c{n % 3}",
            )
            for n in range(20)
        ]  # fmt: skip
        feedback = [
            feedback_row(connection, customer.tenant_id, f"f{n}", BEGIN + timedelta(hours=3 * n), rating=1, conversation_id=f"c{n % 2}",
                         is_current=n != 3)
            for n in range(8)
        ]  # fmt: skip
        insert_rows(connection, "outcomes", actions)
        insert_rows(connection, "feedback_entries", feedback)
        log_version(connection, 1, AS_OF, LEARNING_MARTS, [customer.tenant_id])
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def rows(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["data"]
    return found


def names(client: httpx.Client, address: str) -> list[str]:
    return [row.get("action_id") if OUTCOMES in address else row["feedback_id"] for row in rows(client, address)]  # type: ignore[misc]


NEWEST_FIRST = [f"a{n:02}" for n in reversed(range(20))]


def test_newest_first_with_all_columns(reader: httpx.Client) -> None:
    assert names(reader, OUTCOMES) == NEWEST_FIRST, "of the same instant in order of their ids"
    found = rows(reader, OUTCOMES)
    mart = rows(reader, "/v1/marts/outcomes?order=metric_date.desc,created_at.desc")
    assert found == mart, "the same rows, columns and order as the mart's own address"
    assert names(reader, FEEDBACK) == [f"f{n}" for n in reversed(range(8))]
    assert rows(reader, FEEDBACK) == rows(reader, "/v1/marts/feedback_entries?order=metric_date.desc,occurred_at.desc")
    assert [row["feedback_id"] for row in rows(reader, FEEDBACK) if not row["is_current"]] == ["f3"], "replaced ratings too"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        *((f"outcome_status={status}", lambda n, place=place: n % 5 == place) for place, status in enumerate(FATES)),
        ("action_type=send_email", lambda n: n % 2 == 1),
        (f"action_type={quote(ODD, safe='')}", lambda n: n % 2 == 0),
        (f"rep_id={quote(ODD, safe='')}", lambda n: n < 5),
        ("rep_id=rep-1&outcome_status=positive", lambda n: n >= 5 and n % 5 == 0),
        ("conversation_id=c1", lambda n: n % 3 == 1),
        ("conversation_id=c2&action_type=send_email&outcome_status=negative&rep_id=rep-1", lambda n: n == 11),
        ("rep_id=nobody", lambda n: False),
        ("rep_id=", lambda n: False),
        ("rep_id=eq.rep-1", lambda n: False),
        ("action_type=SEND_EMAIL", lambda n: False),
        ("rep_id=rep-1'%20or%20'1'='1", lambda n: False),
    ],
)  # fmt: skip
def test_filters(reader: httpx.Client, query: str, kept: Any) -> None:
    assert names(reader, f"{OUTCOMES}?{query}") == [name for name in NEWEST_FIRST if kept(int(name[1:]))]


def test_feedback_of_a_conversation(reader: httpx.Client) -> None:
    assert names(reader, f"{FEEDBACK}?conversation_id=c1") == ["f7", "f5", "f3", "f1"]
    assert names(reader, f"{FEEDBACK}?conversation_id=c9") == []


@pytest.mark.parametrize(("address", "limit"), [(f"{OUTCOMES}?limit=", n) for n in (1, 3, 7, 20)] + [(f"{FEEDBACK}?limit=", 3)])
def test_pages_hold_every_row_once(reader: httpx.Client, address: str, limit: int) -> None:
    expected, found, next_address = names(reader, address.partition("?")[0]), [], f"{address}{limit}"
    for _ in range(25):
        response = reader.get(next_address)
        body = response.json()
        assert body["page"]["limit"] == limit
        assert len(body["data"]) <= limit
        found += [row.get("action_id") or row["feedback_id"] for row in body["data"]]
        if body["page"]["next"] is None:
            assert "link" not in response.headers
            break
        assert len(body["data"]) == limit
        next_address = response.headers["link"].removeprefix("<").partition(">")[0]
    assert found == expected


def test_pages_of_a_filter(reader: httpx.Client) -> None:
    first = reader.get(f"{OUTCOMES}?rep_id={quote(ODD, safe='')}&limit=2")
    second = reader.get(first.headers["link"].removeprefix("<").partition(">")[0])
    assert [row["action_id"] for row in first.json()["data"] + second.json()["data"]] == ["a04", "a03", "a02", "a01"]


def test_a_cursor_belongs_to_its_question(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    cursor = client.get(f"{OUTCOMES}?limit=2").json()["page"]["next"]
    assert len(rows(client, f"{OUTCOMES}?limit=5&cursor={cursor}")) == 5, "another length of page is the same question"
    for other in (f"{OUTCOMES}?rep_id=rep-1&cursor={cursor}", f"{FEEDBACK}?cursor={cursor}", f"{OUTCOMES}?cursor={cursor}x"):
        assert_problem(client.get(other), 400, "invalid-cursor", "#/query/cursor")
    with connect(settings, Role.PUBLISH) as connection:
        log_version(connection, 2, AS_OF, ["outcomes"], [acme.tenant_id])
    problem = assert_problem(client.get(f"{OUTCOMES}?limit=2&cursor={cursor}"), 409, "stale-cursor")
    assert "allow_moving" in client.get(problem["type"]).text
    moved = client.get(f"{OUTCOMES}?limit=2&cursor={cursor}&allow_moving=true")
    assert [row["action_id"] for row in moved.json()["data"]] == NEWEST_FIRST[2:4]


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (f"{OUTCOMES}?outcome_status=won", "outcome_status"), (f"{OUTCOMES}?outcome_status=", "outcome_status"),
        (f"{OUTCOMES}?limit=0", "limit"), (f"{OUTCOMES}?limit=10001", "limit"), (f"{OUTCOMES}?limit=x", "limit"),
        (f"{OUTCOMES}?cursor=", "cursor"), (f"{OUTCOMES}?cursor=x", "cursor"), (f"{OUTCOMES}?allow_moving=maybe", "allow_moving"),
        (f"{OUTCOMES}?action=send_email", "action"), (f"{OUTCOMES}?rep_id=a&rep_id=b", "rep_id"), (f"{OUTCOMES}?rep_id=a%00b", "rep_id"),
        (f"{OUTCOMES}?rep_id={'x' * 1100}", "rep_id"), (f"{OUTCOMES}?order=created_at", "order"), (f"{OUTCOMES}?label=eq.1", "label"),
        (f"{FEEDBACK}?action_type=send_email", "action_type"), (f"{FEEDBACK}?rating=1", "rating"), (f"{FEEDBACK}?limit=-1", "limit"),
    ],
)  # fmt: skip
def test_wrong_parameters(reader: httpx.Client, address: str, parameter: str) -> None:
    slug = "invalid-cursor" if parameter == "cursor" else "invalid-request"
    problem = assert_problem(reader.get(address), 400, slug, f"#/query/{parameter}")
    assert problem["errors"][0]["detail"], "it says what to mend"


def test_not_modified(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    tag = client.get(OUTCOMES).headers["etag"]
    assert client.get(OUTCOMES, headers={"If-None-Match": tag}).status_code == 304
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.outcomes set outcome_status = 'positive', label = 1 where action_id = 'a04'")
        log_version(connection, 2, AS_OF, ["outcomes"], [acme.tenant_id])
    again = client.get(OUTCOMES, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "a04" in names(client, f"{OUTCOMES}?outcome_status=positive")


def test_before_the_first_publish(settings: Settings) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        client.headers.update(fresh.headers)
        for address in (OUTCOMES, FEEDBACK):
            body = client.get(address).json()
            assert (body["data"], body["page"]["next"], body["meta"]["version"]) == ([], None, 0)
            assert body["meta"]["stale_reason"] == "nothing was published yet"
