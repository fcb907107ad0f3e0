"""/v1/marts: paging, counting, conditional requests and files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from agentmarts.settings import Limits, Settings, now
from agentmarts.tenancy.api_keys import create_key
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.published import insert_rows, log_version, zero_row
from tests.support.serving import AS_OF, PLENTY, TENANT_MARTS, Customer, assert_problem, publish_all, register, service

ROWS = "/v1/marts/conversations"


def published_acme(settings: Settings) -> Customer:
    """49 days of 3 conversations, a third of them resolved."""
    customer = register(settings, "acme")
    publish_all(settings, customer)
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def all_pages(client: httpx.Client, url: str, **parameters: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(200):
        response = client.get(url, params={**parameters, **cursor})
        assert response.status_code == 200, response.text
        rows += response.json()["data"]
        after = response.json()["page"]["next"]
        if after is None:
            return rows
        cursor = {"cursor": after}
    raise AssertionError("paging does not end")


def test_catalogue(settings: Settings, client: httpx.Client) -> None:
    marts = {mart["mart"]: mart for mart in client.get("/v1/marts").json()["data"]}
    with connect(settings, Role.MIGRATOR) as connection:
        tables = connection.execute("select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'r'").fetchall()
        connection.execute("comment on table marts.daily_metrics is 'One row per tenant and local day.'")
        connection.execute(
            "insert into marts.metric_definitions values ('daily_metrics', 'total_messages', 7, 'integer', 'tenant, local day', 'count',"
            " 'messages of the day', 'Public messages.', false, true, 2)"
        )
        connection.execute("update ops.publish_cursor set definition_hash = 'another'")
    assert set(marts) == {name for (name,) in tables}
    daily = marts["daily_metrics"]
    assert daily["key"] == ["tenant_id", "metric_date"]
    assert daily["href"] == "/v1/marts/daily_metrics"
    columns = {column["name"]: column for column in daily["columns"]}
    assert columns["metric_date"]["type"] == "date"
    assert not columns["total_messages"]["nullable"]
    assert columns["published_version"]["type"] == "bigint"
    with service(settings, PLENTY) as later:
        described = {mart["mart"]: mart for mart in later.get("/v1/marts", headers=client.headers).json()["data"]}["daily_metrics"]
    total = next(column for column in described["columns"] if column["name"] == "total_messages")
    assert (described["description"], described["grain"]) == ("One row per tenant and local day.", "tenant, local day")
    assert (total["unit"], total["formula"], total["description"], total["provisional"]) == (
        "count", "messages of the day", "Public messages.", True,
    )  # fmt: skip
    assert_problem(client.get("/v1/marts?limit=3"), 400, "invalid-request")


def test_shape_and_meta(reader: httpx.Client) -> None:
    response = reader.get(f"{ROWS}?limit=2&select=conversation_id,is_ai_resolution,csat_rating,started_at,published_version")
    body = response.json()
    assert list(body) == ["data", "page", "meta"]
    assert body["data"][0] == {
        "conversation_id": "acme-2025-05-01-0",
        "is_ai_resolution": True,
        "csat_rating": None,
        "started_at": "2025-05-01T00:00:00+00:00",
        "published_version": 1,
    }
    assert body["meta"] == {
        "version": 1,
        "as_of": "2025-06-18T12:00:00Z",
        "published_at": "2025-06-18T12:00:00Z",
        "data_through": "2025-06-18T12:00:00Z",
        "stale": True,
        "stale_reason": "data are complete only through 2025-06-18T12:00:00Z",
    }
    assert response.headers["cache-control"] == "private, max-age=0, must-revalidate"
    assert response.headers["vary"] == "Authorization, Cookie, Accept, Accept-Encoding"
    assert response.headers["last-modified"] == "Wed, 18 Jun 2025 12:00:00 GMT"
    assert response.headers["x-data-through"] == "2025-06-18T12:00:00Z"
    assert response.headers["x-stale"] == "true"


@pytest.mark.parametrize(
    "order",
    [None, "start_date.desc", "resolved_date", "resolved_date.desc,start_date", "is_ai_resolution,resolved_at.desc", "total_messages"],
)
@pytest.mark.parametrize("limit", [1, 7, 50, 147])
def test_pages_join_without_gap_or_repeat(reader: httpx.Client, order: str | None, limit: int) -> None:
    if limit == 1 and order is not None:
        return
    parameters = {"limit": limit, "select": "conversation_id,start_date,resolved_date", **({"order": order} if order else {})}
    rows = all_pages(reader, ROWS, **parameters) if limit > 1 else all_pages(reader, ROWS, **parameters, start_date="gte.2025-06-10")
    whole = reader.get(ROWS, params={**parameters, "limit": 10_000, **({"start_date": "gte.2025-06-10"} if limit == 1 else {})}).json()
    assert whole["page"]["next"] is None
    assert rows == whole["data"]
    assert len({row["conversation_id"] for row in rows}) == (27 if limit == 1 else 147)
    if order == "resolved_date":
        resolved = [row["resolved_date"] for row in rows]
        assert resolved == sorted(filter(None, resolved)) + [None] * 98
    if order == "start_date.desc":
        assert [row["start_date"] for row in rows] == sorted((row["start_date"] for row in rows), reverse=True)


def test_the_link_leads_on(reader: httpx.Client) -> None:
    response = reader.get(f"{ROWS}?limit=100&select=conversation_id&start_date=gte.2025-05-01")
    link = response.headers["link"]
    assert link.endswith('>; rel="next"')
    address = urlsplit(link.removeprefix("<").split(">")[0])
    after = reader.get(f"{address.path}?{address.query}")
    assert len(after.json()["data"]) == 47
    assert "link" not in after.headers
    assert not {row["conversation_id"] for row in response.json()["data"]} & {row["conversation_id"] for row in after.json()["data"]}


def test_counting(reader: httpx.Client) -> None:
    page = reader.get(f"{ROWS}?limit=1&count=exact&outcome=eq.resolved")
    assert page.json()["page"]["count"] == 49
    assert page.headers["x-total-count"] == "49"
    planned = reader.get(f"{ROWS}?limit=1&count=planned&conversation_id=eq.acme-2025-05-01-0").json()["page"]["count"]
    assert isinstance(planned, int)
    assert "count" not in reader.get(f"{ROWS}?limit=1").json()["page"]
    after = reader.get(ROWS, params={"limit": 1, "count": "exact", "outcome": "eq.resolved", "cursor": page.json()["page"]["next"]})
    assert after.json()["page"]["count"] == 49


def test_distinct(reader: httpx.Client) -> None:
    rows = all_pages(reader, ROWS, select="start_date,outcome", distinct="true", limit=10, order="start_date.desc")
    assert len(rows) == 49 * 2
    assert rows[0] == {"start_date": "2025-06-18", "outcome": "resolved"}
    counted = reader.get(f"{ROWS}?select=customer_id&distinct=true&count=exact").json()
    assert counted["data"] == [{"customer_id": "acme-visitor"}]
    assert counted["page"]["count"] == 1


def test_bigint_as_text(reader: httpx.Client) -> None:
    url = f"{ROWS}?limit=1&select=response_time_sum_ms,episode_no"
    assert reader.get(url).json()["data"] == [{"response_time_sum_ms": 0, "episode_no": 1}]
    assert reader.get(f"{url}&bigint=string").json()["data"] == [{"response_time_sum_ms": "0", "episode_no": 1}]


def test_cursors_cannot_be_forged(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    url = f"{ROWS}?limit=2"
    cursor = client.get(url).json()["page"]["next"]
    assert client.get(f"{url}&cursor={cursor}").status_code == 200
    tampered = [cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "A" + cursor[1:], cursor[:-4], cursor + "AAAA", "", "%%%", "é", "AAAA"]
    for bad in tampered:
        assert_problem(client.get(url, params={"limit": 2, "cursor": bad}), 400, "invalid-cursor", "#/query/cursor")
    for other in ("&order=start_date", "&outcome=eq.open", "&distinct=true&select=conversation_id"):
        assert_problem(client.get(f"{url}{other}&cursor={cursor}"), 400, "invalid-cursor")
    assert_problem(client.get(f"/v1/marts/daily_metrics?cursor={cursor}"), 400, "invalid-cursor")
    _, second = create_key(settings, name="second", tenants=["acme"])
    assert_problem(client.get(f"{url}&cursor={cursor}", headers={"Authorization": f"Bearer {second}"}), 400, "invalid-cursor")
    # Page size and selected columns may change on the way.
    assert client.get(f"{ROWS}?limit=5&select=outcome&cursor={cursor}").status_code == 200


def test_a_new_version_makes_cursors_stale(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    cursor = client.get(f"{ROWS}?limit=2").json()["page"]["next"]
    with connect(settings, Role.PUBLISH) as connection:
        log_version(connection, 2, AS_OF, ["daily_metrics"], [acme.tenant_id])
    assert client.get(f"{ROWS}?limit=2&cursor={cursor}").status_code == 200, "another mart changed"
    with connect(settings, Role.PUBLISH) as connection:
        log_version(connection, 3, AS_OF, ["conversations"], [acme.tenant_id])
    assert_problem(client.get(f"{ROWS}?limit=2&cursor={cursor}"), 409, "stale-cursor", "#/query/cursor")
    moving = client.get(f"{ROWS}?limit=2&cursor={cursor}&allow_moving=true")
    assert moving.status_code == 200
    assert moving.json()["meta"]["version"] == 3


def test_conditional_requests(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    url = f"{ROWS}?limit=2"
    first = client.get(url)
    tag = first.headers["etag"]
    assert tag.startswith('W/"1-')
    for sent in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        response = client.get(url, headers={"If-None-Match": sent})
        assert response.status_code == 304
        assert response.content == b""
        for name in ("etag", "last-modified", "x-data-through", "x-stale", "cache-control", "vary"):
            assert response.headers[name] == first.headers[name]
    assert client.get(url, headers={"If-None-Match": '"1-other"'}).status_code == 200
    assert client.get(f"{ROWS}?limit=3").headers["etag"] != tag
    assert client.get(f"{ROWS}.csv?limit=2").headers["etag"] != tag
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.conversations set total_messages = 7 where conversation_id = 'acme-2025-05-01-0'")
        log_version(connection, 2, AS_OF, ["conversations"], [acme.tenant_id])
    changed = client.get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["data"][0]["total_messages"] == 7
    assert changed.json()["meta"]["version"] == 2
    assert client.get(url).json()["data"] == changed.json()["data"]


def test_a_remembered_body_never_outlives_its_version(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    url = f"{ROWS}?limit=1&select=total_messages"
    for version in range(2, 6):
        with connect(settings, Role.PUBLISH) as connection:
            connection.execute("update marts.conversations set total_messages = %s", (version,))
            log_version(connection, version, AS_OF, ["conversations"], [acme.tenant_id])
        for _ in range(3):
            body = client.get(url).json()
            assert (body["data"], body["meta"]["version"]) == ([{"total_messages": version}], version)


def test_freshness_moves_without_a_version(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    url = f"{ROWS}?limit=1"
    tag = client.get(url).headers["etag"]
    recent = now() - timedelta(seconds=30)
    with connect(settings, Role.PUBLISH) as connection:
        for stream in ("conversation_events", "quality_scores"):
            connection.execute("insert into ops.stream_marks values (%s, %s, %s)", (stream, acme.tenant_id, recent))
    fresh = client.get(url, headers={"If-None-Match": tag})
    assert (fresh.status_code, fresh.headers["x-stale"]) == (304, "false")
    meta = client.get(url).json()["meta"]
    assert (meta["stale"], meta["stale_reason"], meta["version"]) == (False, None, 1)
    assert datetime.fromisoformat(meta["data_through"]) == recent
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update ops.refresh_state set status = 'failed', reason = 'secret detail of a test'")
    meta = client.get(url).json()["meta"]
    assert (meta["stale"], meta["stale_reason"]) == (True, "the last refresh did not publish")


def test_formats_by_suffix_and_accept(reader: httpx.Client) -> None:
    url = "/v1/marts/customer_days"
    for path, accept, media in [
        (url, None, "application/json"),
        (url, "*/*", "application/json"),
        (url, "text/csv", "text/csv; charset=utf-8"),
        (url, "text/*, application/json;q=0.5", "text/csv; charset=utf-8"),
        (url, "text/csv;q=0.4, application/json;q=0.5", "application/json"),
        (f"{url}.csv", "application/json", "text/csv; charset=utf-8"),
        (f"{url}.json", "text/csv", "application/json"),
    ]:
        response = reader.get(f"{path}?limit=1", headers={"Accept": accept} if accept else {})
        assert (response.status_code, response.headers["content-type"]) == (200, media)
    for path, accept in [(f"{url}.xml", "*/*"), (f"{url}.csv.gz", "*/*"), (url, "text/html"), (url, "application/json;q=0")]:
        assert_problem(reader.get(path, headers={"Accept": accept}), 406, "not-acceptable")
    assert_problem(reader.get("/v1/marts/nothing.csv"), 404, "not-found")


def test_csv(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    formulas = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝x", "＋x", "－x", "＠x"]
    harmless = ["plain", "a,b", 'say "x"', "two\r\nlines", "a=b", "", "'quoted", "1-1"]
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("delete from marts.conversations")
        common = {"tenant_id": acme.tenant_id, "episode_no": 1, "started_at": AS_OF + timedelta(microseconds=5), "start_date": AS_OF.date()}
        rows = [
            zero_row(connection, "conversations", conversation_id=f"{n:02}", model=text, outcome="open", resolution_ms=-5, **common)
            for n, text in enumerate([*formulas, *harmless])
        ]
        rows.append(zero_row(connection, "conversations", conversation_id="99", outcome="open", **common))
        insert_rows(connection, "conversations", rows)
    url = f"{ROWS}.csv?select=conversation_id,model,resolution_ms,start_inferred,started_at,start_date"
    response = client.get(url)
    assert response.headers["content-disposition"] == 'attachment; filename="conversations.csv"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["transfer-encoding"] == "chunked"
    text = response.content.decode()
    assert text.startswith("conversation_id,model,resolution_ms,start_inferred,started_at,start_date\r\n")
    found = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [row[1] for row in found] == [*("'" + text for text in formulas), *harmless, ""]
    assert {row[2] for row in found[:-1]} == {"-5"}
    assert {tuple(row[3:]) for row in found} == {("false", "2025-06-18T12:00:00.000005Z", "2025-06-18")}
    assert text.count("\r\n") == len(found) + 1 + 1, "lines end with CR LF, and one value holds one"
    assert text.splitlines()[-1].startswith("99,,,"), "NULL is empty, an empty text is quoted"
    plain = list(csv.reader(io.StringIO(client.get(f"{url}&formula_escape=off").text, newline="")))[1:]
    assert [row[1] for row in plain] == [*formulas, *harmless, ""]
    assert client.get(f"{url}&bom=1").content.startswith(b"\xef\xbb\xbfconversation_id")
    json_rows = client.get(f"{ROWS}?select=model").json()["data"]
    assert [row["model"] for row in json_rows] == [*formulas, *harmless, None]


def test_csv_obeys_the_query(reader: httpx.Client) -> None:
    url = f"{ROWS}.csv?select=conversation_id,start_date&outcome=eq.resolved&order=start_date.desc"
    whole = reader.get(f"{url}&count=exact")
    assert whole.headers["x-total-count"] == "49"
    rows = list(csv.reader(io.StringIO(whole.text)))
    assert rows[1] == ["acme-2025-06-18-0", "2025-06-18"]
    assert len(rows) == 50
    assert len(reader.get(f"{url}&limit=3").text.splitlines()) == 4
    assert len(reader.get(f"{ROWS}.csv?select=outcome&distinct=true").text.splitlines()) == 3
    assert reader.get(f"{url}&count=exact", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert_problem(reader.get(f"{url}&nope=1"), 400, "invalid-request")
    assert_problem(reader.get(f"{url}&cursor=x"), 400, "invalid-request", "#/query/cursor")


def test_exports_are_limited(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(exports_in_flight=0)) as client:
        response = client.get(f"{ROWS}.csv", headers=acme.headers)
        assert_problem(response, 503, "overloaded")
        assert int(response.headers["retry-after"]) > 0


def test_head(reader: httpx.Client) -> None:
    for path in (f"{ROWS}?limit=1", f"{ROWS}.csv", "/v1/marts", "/livez"):
        head, get = reader.head(path), reader.get(path)
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-type", "etag", "content-length"):
            assert head.headers.get(name) == get.headers.get(name)
    assert reader.head("/nowhere").status_code == 404


def test_every_mart_can_be_read(reader: httpx.Client) -> None:
    for mart in reader.get("/v1/marts").json()["data"]:
        for path in (mart["href"], f"{mart['href']}.csv"):
            response = reader.get(path, params={"limit": 5})
            assert response.status_code == 200, (path, response.text)
        data = reader.get(mart["href"], params={"limit": 5}).json()["data"]
        assert all(list(row) == [column["name"] for column in mart["columns"]] for row in data)


def test_before_the_first_publish(settings: Settings) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        response = client.get(ROWS, headers=fresh.headers)
        body = response.json()
        assert (response.status_code, body["data"], body["page"]["next"]) == (200, [], None)
        assert body["meta"] == {
            **dict.fromkeys(["as_of", "published_at", "data_through"]),
            "version": 0, "stale": True, "stale_reason": "nothing was published yet",
        }  # fmt: skip
        assert client.get(f"{ROWS}.csv", headers=fresh.headers).text.splitlines()[0].startswith("tenant_id,conversation_id")
        tag = response.headers["etag"]
        assert client.get(ROWS, headers={**fresh.headers, "If-None-Match": tag}).status_code == 304


def test_a_large_export_arrives_whole(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute(
            "insert into marts.customer_days select %s, %s, 'customer-' || n, 1, 1, %s, false, 2 from generate_series(1, 20000) n",
            (acme.tenant_id, AS_OF.date(), AS_OF),
        )
        log_version(connection, 2, datetime(2025, 6, 19, tzinfo=UTC), TENANT_MARTS, [acme.tenant_id])
    with client.stream("GET", "/v1/marts/customer_days.csv?count=exact") as response:
        assert response.headers["x-total-count"] == "20049"
        assert b"".join(response.iter_bytes()).count(b"\r\n") == 20_050
    whole = client.get("/v1/analytics/export?start_date=2025-06-18&end_date=2025-06-18&mart=customer_days&format=json")
    body = json.loads(whole.content)
    assert len(body["data"]) == 20_001
    assert body["meta"]["version"] == 2
