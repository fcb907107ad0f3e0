"""Two customers, two keys: nothing of the one ever shows in an answer to the other."""

from __future__ import annotations

import ast
import re
import threading
from pathlib import Path

import pytest

import agentmarts.service
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.published import insert_rows, log_version, zero_row
from tests.support.marts.published_learning import LEARNING_MARTS, publish_learning
from tests.support.serving import AS_OF, Customer, publish_all, register, service

WINDOW = "start_date=2025-05-01&end_date=2025-06-18"


def every_address(marts: list[str]) -> list[str]:
    addresses = [
        "/v1/marts",
        *(f"/v1/analytics/dashboard?period={period}" for period in ("day", "week", "month", "quarter", "year")),
        *(f"/v1/analytics/conversations/trends?{WINDOW}&granularity={step}" for step in ("day", "week", "month")),
        "/v1/analytics/conversations/trends?start_date=2025-06-01&end_date=2025-06-18&granularity=hour",
        "/v1/analytics/roi",
        f"/v1/analytics/roi?{WINDOW}",
        *(f"/v1/learning/dashboards/{role}{query}" for role in ("rep", "manager", "executive") for query in ("", "?days=365")),
        "/v1/learning/dashboards/rep?rep_id=nobody",
        "/v1/learning/calibration/send_email",
        "/v1/learning/calibration/send_email/map",
        "/v1/learning/calibration/send_email/map?p=0.5",
        "/v1/learning/coaching",
        "/v1/learning/coaching?days=30&actionable=true",
        "/v1/learning/outcomes",
        "/v1/learning/outcomes?outcome_status=positive",
        "/v1/learning/feedback",
        "/v1/social/utm?url=https://shop.example/&platform=facebook&campaign_slug=spring&post_id=1",
    ]
    for mart in marts:
        addresses += [f"/v1/marts/{mart}?limit=10000&count=exact", f"/v1/marts/{mart}.csv?count=exact"]
    for mart in ("daily_metrics", "conversations", "customer_days", "quality_daily"):
        addresses += [f"/v1/analytics/export?{WINDOW}&mart={mart}&format={form}" for form in ("csv", "json")]
    return addresses


@pytest.fixture
def customers(settings: Settings) -> tuple[Customer, Customer]:
    """`secret` has twice as much of everything, and restatements."""
    mine, secret = register(settings, "mine"), register(settings, "secret")
    publish_all(settings, mine, secret)
    publish_learning(settings, mine, secret)
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute(
            "insert into marts.restatements (version, mart, tenant_id, row_key, column_name, old_value, new_value, cause, restated_at)"
            " values (1, 'daily_metrics', %s, 'secret', 'total_messages', '1', '2', 'late_event', %s)",
            (secret.tenant_id, AS_OF),
        )
        connection.execute("insert into ops.stream_marks values ('conversation_events', %s, '2025-06-19 08:08:08+00')", (secret.tenant_id,))
    return mine, secret


def test_no_endpoint_shows_another_tenant(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    mine, secret = customers
    with service(settings) as client:
        marts = [mart["mart"] for mart in client.get("/v1/marts", headers=mine.headers).json()["data"]]
        assert len(marts) >= 14
        own, alone = {}, {}
        for address in every_address(marts):
            for customer, other in ((mine, secret), (secret, mine)):
                response = client.get(address, headers=customer.headers)
                assert response.status_code == 200, (address, response.text)
                assert other.slug not in response.text, address
                assert str(other.tenant_id) not in response.text, address
                own[address, customer.slug] = response
            # A tag of another tenant says nothing of one's own version.
            foreign_tag = own[address, "secret"].headers["etag"]
            assert client.get(address, headers={**mine.headers, "If-None-Match": foreign_tag}).status_code == 200
            assert "2025-06-19T08:08:08" not in own[address, "mine"].text
    with connect(settings, Role.PUBLISH) as connection:
        of_conversations = ("quality_daily", "customer_days", "daily_metrics", "conversations", "publish_log", "restatements")
        for mart in (*of_conversations, *LEARNING_MARTS):
            connection.execute(f"delete from marts.{mart} where tenant_id = %s".encode(), (secret.tenant_id,))
    with service(settings) as client:
        for address in every_address([]):
            alone[address] = client.get(address, headers=mine.headers).json() if "csv" not in address else None
            if alone[address]:
                assert alone[address] == own[address, "mine"].json(), "the other tenant's rows counted"


def test_every_reading_endpoint_is_tried(settings: Settings) -> None:
    """An endpoint added later is added to `every_address` too."""
    tried = {address.partition("?")[0] for address in every_address(["daily_metrics"])}
    with service(settings) as client:
        paths = client.get("/openapi.json").json()["paths"]
    for path in (path for path, operations in paths.items() if path.startswith("/v1/") and "get" in operations):
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        assert path == "/v1/marts/{mart}/schema" or any(pattern.fullmatch(one) for one in tried), path


@pytest.mark.parametrize(
    "address",
    [
        "outcomes?rep_id=secret-rep", "outcomes?conversation_id=secret-2025-06-10-0", "feedback?conversation_id=secret-2025-06-10-0",
        "dashboards/rep?rep_id=secret-rep", "dashboards/manager?rep_id=secret-rep", "dashboards/executive?rep_id=secret-rep",
        "calibration/secret_type", "calibration/secret_type/map?p=0.5",
    ],
)  # fmt: skip
def test_names_of_another_tenant_find_nothing(settings: Settings, customers: tuple[Customer, Customer], address: str) -> None:
    """The answer is the one to a name that nobody has."""
    mine, secret = customers
    nobody = address.replace("secret", "nobody")
    with service(settings) as client:
        theirs = client.get(f"/v1/learning/{address}", headers=mine.headers)
        unknown = client.get(f"/v1/learning/{nobody}", headers=mine.headers)
        assert theirs.status_code == unknown.status_code
        request_id = re.compile(r"urn:request:\w+")
        assert request_id.sub("", theirs.text).replace("secret", "nobody") == request_id.sub("", unknown.text)
        if theirs.status_code == 200:
            assert client.get(f"/v1/learning/{address}", headers=secret.headers).text != theirs.text


def test_cursors_and_publishes_of_others_do_not_matter(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    mine, secret = customers
    with service(settings) as client:
        page = client.get("/v1/marts/conversations?limit=2", headers=mine.headers)
        cursor = page.json()["page"]["next"]
        assert client.get(f"/v1/marts/conversations?limit=2&cursor={cursor}", headers=secret.headers).status_code == 400
        with connect(settings, Role.PUBLISH) as connection:
            log_version(connection, 2, AS_OF, ["conversations"], [secret.tenant_id])
        again = client.get("/v1/marts/conversations?limit=2", headers={**mine.headers, "If-None-Match": page.headers["etag"]})
        assert again.status_code == 304
        assert client.get(f"/v1/marts/conversations?limit=2&cursor={cursor}", headers=mine.headers).status_code == 200


def test_connections_are_shared_without_mixing(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    """Both customers at once over the same few connections, with errors and aborted exports in between."""
    faults: list[str] = []

    def work(customer: Customer, other: Customer) -> None:
        for number in range(40):
            if number % 10 == 3:
                client.get("/v1/marts/conversations?resolution_ms=eq.x", headers=customer.headers)
                with client.stream("GET", "/v1/marts/conversations.csv", headers=customer.headers):
                    pass  # hang up before the file is read
            response = client.get(f"/v1/marts/dim_tenant?select=slug&limit={number + 1}", headers=customer.headers)
            if response.status_code != 200 or response.json()["data"] != [{"slug": customer.slug}]:
                faults.append(response.text)

    with service(settings) as client:
        threads = [threading.Thread(target=work, args=pair) for pair in (customers, customers[::-1]) * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []


def test_one_version_at_a_time(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    """While versions are published, rows and `meta.version` of an answer always belong together."""
    mine, _ = customers
    stop = threading.Event()
    seen: set[int] = set()
    mixed: list[object] = []

    def read() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            url = f"/v1/marts/dim_date?select=published_version&distinct=true&iso_week=gt.{-number % 7 - 7}"
            body = client.get(url, headers=mine.headers).json()
            versions = [row["published_version"] for row in body["data"]]
            seen.update(versions)
            if versions != [body["meta"]["version"]]:
                mixed.append(body)

    with service(settings) as client, connect(settings, Role.PUBLISH, autocommit=True) as connection:
        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for version in range(2, 30):
            with connection.transaction():
                connection.execute("update marts.dim_date set published_version = %s", (version,))
                log_version(connection, version, AS_OF, ["dim_date"], [None])
        stop.set()
        for reader in readers:
            reader.join()
    assert mixed == []
    assert len(seen) > 3


def test_a_tenant_without_rows_sees_none(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    empty = register(settings, "empty")
    with service(settings) as client:
        for mart in ("conversations", "daily_metrics", "dim_tenant", "restatements"):
            assert client.get(f"/v1/marts/{mart}", headers=empty.headers).json()["data"] == []
        shared = client.get("/v1/marts/publish_log?mart=eq.dim_date", headers=empty.headers).json()["data"]
        assert [row["tenant_id"] for row in shared] == [None]
        for address in ("outcomes", "feedback", "coaching"):
            assert client.get(f"/v1/learning/{address}", headers=empty.headers).json()["data"] == []


def test_only_one_module_speaks_of_roles_and_settings() -> None:
    """The rule that makes the tenant safe stands in one place, so that it can be read there."""
    folder = Path(agentmarts.service.__file__).parent
    forbidden = re.compile(r"set_config|(^|;)\s*(set|reset)\s+(local\s+|session\s+)?\w+|app\.tenant_id|row_security", re.IGNORECASE)
    allowed = folder / "warehouse" / "database.py"
    checked = 0
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text())
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _begins_with_text(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                checked += 1
                if "." in node.value or " " in node.value:
                    assert path == allowed or not forbidden.search(node.value), f"{path}: {node.value[:80]}"
    assert checked > 500
    assert forbidden.search("select set_config('app.tenant_id', '', false)")
    assert forbidden.search("SET LOCAL ROLE api_reader")


def _begins_with_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and bool(node.body)
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    )


def test_rows_behind_a_tenant_filter(settings: Settings, customers: tuple[Customer, Customer]) -> None:
    mine, secret = customers
    with connect(settings, Role.PUBLISH) as connection:
        row = zero_row(
            connection, "conversations", tenant_id=secret.tenant_id, conversation_id="mine-2025-05-01-0", episode_no=1, started_at=AS_OF,
            start_date=AS_OF.date(), outcome="escalated",
        )  # fmt: skip
        insert_rows(connection, "conversations", [row])
    with service(settings) as client:
        found = client.get("/v1/marts/conversations?conversation_id=eq.mine-2025-05-01-0&select=outcome", headers=mine.headers).json()
        assert found["data"] == [{"outcome": "resolved"}], "equal ids of two tenants are two conversations"
