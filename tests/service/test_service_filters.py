"""Filters, selection and order: every operator against what the rows say, and every way to get them wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.service.http.problems import Problem
from agentmarts.service.marts.filters import OPERATORS, checked_value, parse_filter
from agentmarts.service.marts.query import RESERVED, parse_mart_query
from agentmarts.service.warehouse.catalogue import Column, Family, ServedMart
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.published import insert_rows, zero_row
from tests.support.serving import AS_OF, Customer, assert_problem, publish_all, register, service

NAMES = ["a,b", 'q"uote', "per%cent", "under_score", "back\\slash", "(bracket)", "plain", "Größe", "=1+1", "eq.x", "null"]


@pytest.fixture
def acme(settings: Settings) -> Customer:
    """A customer with conversations of awkward names, channel `chat` or none."""
    customer = register(settings, "acme")
    publish_all(settings, customer)
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("delete from marts.conversations")
        common = {"tenant_id": customer.tenant_id, "episode_no": 1, "started_at": AS_OF, "start_date": AS_OF.date(), "outcome": "open"}
        rows = [
            zero_row(
                connection, "conversations", conversation_id=name, channel="chat" if number % 2 else None, total_messages=number,
                avg_confidence=number / 10, is_contained=[True, False, None][number % 3], **common,
            )
            for number, name in enumerate(NAMES)
        ]  # fmt: skip
        insert_rows(connection, "conversations", rows)
    return customer


def test_operators(settings: Settings, acme: Customer) -> None:
    def numbers(keep: Any) -> list[str]:
        return [name for number, name in enumerate(NAMES) if keep(number)]

    expected: dict[tuple[tuple[str, str], ...], list[str]] = {
        (("conversation_id", "eq.a,b"),): ["a,b"],
        (("conversation_id", "eq.eq.x"),): ["eq.x"],
        (("conversation_id", "eq.null"),): ["null"],
        (("conversation_id", "neq.plain"),): [name for name in NAMES if name != "plain"],
        (("conversation_id", 'in.("a,b",plain,"q\\"uote","back\\\\slash","(bracket)")'),): [
            "a,b",
            'q"uote',
            "back\\slash",
            "(bracket)",
            "plain",
        ],
        (("conversation_id", "in.()"),): [],
        (("conversation_id", "not.in.(plain)"),): [name for name in NAMES if name != "plain"],
        (("conversation_id", "like.*_*"),): ["under_score"],
        (("conversation_id", "like.*%*"),): ["per%cent"],
        (("conversation_id", "like.back\\*"),): ["back\\slash"],
        (("conversation_id", "like.PLAIN"),): [],
        (("conversation_id", "ilike.PL*"),): ["plain"],
        (("conversation_id", "not.like.*a*"),): [name for name in NAMES if "a" not in name],
        (("total_messages", "gt.7"),): numbers(lambda n: n > 7),
        (("total_messages", "gte.7"),): numbers(lambda n: n >= 7),
        (("total_messages", "lt.2"),): numbers(lambda n: n < 2),
        (("total_messages", "lte.2"),): numbers(lambda n: n <= 2),
        (("total_messages", "gt.2"), ("total_messages", "lt.5")): numbers(lambda n: 2 < n < 5),
        (("total_messages", "in.(1,3,99)"),): numbers(lambda n: n in (1, 3)),
        (("avg_confidence", "gte.0.5"),): numbers(lambda n: n / 10 >= 0.5),
        (("avg_confidence", "lt.1e-1"),): numbers(lambda n: n == 0),
        (("channel", "is.null"),): numbers(lambda n: n % 2 == 0),
        (("channel", "not.is.null"),): numbers(lambda n: n % 2),
        (("channel", "neq.chat"),): [],
        (("is_contained", "is.true"),): numbers(lambda n: n % 3 == 0),
        (("is_contained", "is.false"),): numbers(lambda n: n % 3 == 1),
        (("is_contained", "not.is.true"),): numbers(lambda n: n % 3),
        (("is_contained", "eq.false"),): numbers(lambda n: n % 3 == 1),
        (("start_date", "eq.2025-06-18"),): NAMES,
        (("start_date", "gt.2025-06-18"),): [],
        (("started_at", "eq.2025-06-18T12:00:00Z"),): NAMES,
        (("started_at", "eq.2025-06-18T14:00:00+02:00"),): NAMES,
        (("started_at", "gte.2025-06-18T12:00:00"),): NAMES,
        (("started_at", "gt.2025-06-18"),): NAMES,
        (("tenant_id", f"eq.{acme.tenant_id}"),): NAMES,
        (("tenant_id", f"in.({acme.tenant_id})"),): NAMES,
    }
    with service(settings) as client:
        for filters, names in expected.items():
            parameters = [*filters, ("select", "conversation_id")]
            response = client.get("/v1/marts/conversations", params=parameters, headers=acme.headers)
            assert response.status_code == 200, (filters, response.text)
            assert sorted(row["conversation_id"] for row in response.json()["data"]) == sorted(names), filters
        # A plus sign that nobody escaped.
        response = client.get("/v1/marts/conversations?started_at=eq.2025-06-18T14:00:00+02:00", headers=acme.headers)
        assert len(response.json()["data"]) == len(NAMES)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("nope=eq.1", "#/query/nope"),
        ("Metric_date=eq.2025-06-01", "#/query/Metric_date"),
        ("metric_date=2025-06-01", "#/query/metric_date"),
        ("metric_date=is.2025-06-01", "#/query/metric_date"),
        ("metric_date=equals.2025-06-01", "#/query/metric_date"),
        ("metric_date=eq.", "#/query/metric_date"),
        ("metric_date=eq.2025-02-30", "#/query/metric_date"),
        ("metric_date=eq.20250601", "#/query/metric_date"),
        ("metric_date=eq.yesterday", "#/query/metric_date"),
        ("metric_date=like.2025*", "#/query/metric_date"),
        ("metric_date=not.not.eq.2025-06-01", "#/query/metric_date"),
        ("metric_date=in.2025-06-01", "#/query/metric_date"),
        ("metric_date=in.(2025-06-01,x)", "#/query/metric_date"),
        ("total_messages=eq.1.5", "#/query/total_messages"),
        ("total_messages=eq.2147483648", "#/query/total_messages"),
        ("total_messages=eq.١", "#/query/total_messages"),
        ("total_messages=gt.", "#/query/total_messages"),
        ("response_time_sum_ms=eq.9223372036854775808", "#/query/response_time_sum_ms"),
        ("resolution_rate=eq.1e400", "#/query/resolution_rate"),
        ("resolution_rate=eq.1e-400", "#/query/resolution_rate"),
        ("resolution_rate=eq.NaN", "#/query/resolution_rate"),
        ("is_partial=gt.true", "#/query/is_partial"),
        ("is_partial=eq.1", "#/query/is_partial"),
        ("is_partial=is.maybe", "#/query/is_partial"),
        ("total_messages=is.true", "#/query/total_messages"),
        ("response_time_hist=eq.1", "#/query/response_time_hist"),
        ("tenant_id=eq.me", "#/query/tenant_id"),
        ("select=nope", "#/query/select"),
        ("select=", "#/query/select"),
        ("select=metric_date,metric_date", "#/query/select"),
        ("select=metric_date&select=metric_date", "#/query/select"),
        ("select=*", "#/query/select"),
        ("order=nope", "#/query/order"),
        ("order=metric_date.down", "#/query/order"),
        ("order=metric_date,metric_date.desc", "#/query/order"),
        ("order=response_time_hist", "#/query/order"),
        ("distinct=true&select=is_partial&order=metric_date", "#/query/order"),
        ("distinct=true", "#/query/select"),
        ("distinct=yes", "#/query/distinct"),
        ("limit=0", "#/query/limit"),
        ("limit=10001", "#/query/limit"),
        ("limit=-1", "#/query/limit"),
        ("limit=ten", "#/query/limit"),
        ("count=all", "#/query/count"),
        ("allow_moving=1", "#/query/allow_moving"),
        ("bigint=text", "#/query/bigint"),
        ("a~b/c=eq.1", "#/query/a~0b~1c"),
    ],
)
def test_what_is_wrong_is_named(query: str, pointer: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_mart_query(DAILY, query.encode())
    assert caught.value.kind.status == 400
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


def test_limits_of_filters() -> None:
    many = "&".join(["total_messages=gt.1"] * 21)
    items = f"total_messages=in.({','.join(['1'] * 201)})"
    long = "scorer=eq." + "x" * 1025
    pattern = "scorer=like." + "x" * 101
    nul = "scorer=eq.a%00b"
    bad = "scorer=eq.%FF"
    for query in (many, items, long, pattern, nul, bad, "&".join(["x=1"] * 100)):
        with pytest.raises(Problem):
            parse_mart_query(DAILY, query.encode())
    parse_mart_query(DAILY, "&".join(["total_messages=gt.1"] * 20).encode())
    parse_mart_query(DAILY, f"total_messages=in.({','.join(['1'] * 200)})".encode())


def column(name: str, data_type: str) -> Column:
    return Column(name, data_type, True, None, None, None, False)


DAILY = ServedMart(
    "daily_metrics", None, None, ("tenant_id", "metric_date"),
    {
        name: column(name, data_type)
        for name, data_type in {
            "tenant_id": "uuid", "metric_date": "date", "total_messages": "integer", "response_time_sum_ms": "bigint",
            "resolution_rate": "double precision", "is_partial": "boolean", "response_time_hist": "jsonb", "scorer": "text",
            "amount": "numeric", "hour_start": "timestamp with time zone",
        }.items()
    },
)  # fmt: skip
TYPES = [column for column in DAILY.columns.values() if column.family is not Family.NESTED]


def test_what_python_lets_through_postgres_takes(settings: Settings) -> None:
    """Whatever passes the check casts without an error: no request can make the database complain."""
    with connect(settings, Role.API, autocommit=True) as connection:

        @given(st.sampled_from(TYPES), st.one_of(st.text(max_size=20), st.from_regex(r"[+-]?[0-9.:eETZ-]{0,20}", fullmatch=True)))
        def check(one: Column, value: str) -> None:
            try:
                checked = checked_value(one, value)
            except Problem:
                return
            if "\x00" not in checked:
                connection.execute(f"select %s::{one.type}", (checked,))

        check()


@given(st.sampled_from(TYPES), st.sampled_from(["", "not."]), st.sampled_from(OPERATORS), st.text(max_size=30))
def test_no_value_enters_the_statement(one: Column, negation: str, operator: str, value: str) -> None:
    """The text of the condition depends on column and operator alone."""
    try:
        condition = parse_filter(one, f"{negation}{operator}.{value}")
    except Problem:
        return
    text = condition.condition.as_string(None)
    assert text.replace(f'"{one.name}"', "").replace("%s", "").replace(one.type, "").strip(" ()=<>:[]") in {
        "", "not", "any", "not (any", "not ( = any", "= any", "is null", "is true", "is false", "like", "ilike",
        "not ( like", "not ( ilike", "not ( is null", "not ( is true", "not ( is false", "not ( ", "not (", "not ( =", "not ( <", "not ( >",
        "not ( <>", "not ( <=", "not ( >=", "= any(", "not ( = any(",
    }, text  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "metric_date;drop table x=eq.1",
        'select="metric_date"',
        "select=metric_date;select 1",
        "select=(select secret_sha256 from ops.api_keys)",
        "select=metric_date::text",
        "order=metric_date desc; select 1",
        "order=(select 1)",
        "limit=1; drop table x",
        "1=1",
        "metric_date=eq.2025-06-01'--",
        "metric_date=eq.2025-06-01' or '1'='1",
        "tenant_id=in.(select tenant_id from ops.bi_tenants)",
    ],
)
def test_injection_finds_no_way_in(query: str) -> None:
    with pytest.raises(Problem):
        parse_mart_query(DAILY, query.encode())


def test_injection_as_a_value_is_only_a_value(settings: Settings, acme: Customer) -> None:
    with service(settings) as client:
        for value in ("'; drop table marts.conversations; --", "%s", "%(x)s", "{}", "$1", "\\", "' or true --"):
            for operator in ("eq", "like", "neq"):
                parameters = {"conversation_id": f"{operator}.{value}", "select": "conversation_id"}
                response = client.get("/v1/marts/conversations", params=parameters, headers=acme.headers)
                assert response.status_code == 200, response.text
                found = len(response.json()["data"])
                assert found == (len(NAMES) if operator == "neq" else 0)
        for path in ("conversations'--", "ops.api_keys", "../ops/api_keys", "pg_catalog", "%00"):
            assert_problem(client.get(f"/v1/marts/{path}", headers=acme.headers), 404, "not-found")


def test_no_column_is_named_like_a_parameter(settings: Settings) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute("select column_name from information_schema.columns where table_schema = 'marts'").fetchall()
    assert {name for (name,) in rows} & RESERVED == set()
