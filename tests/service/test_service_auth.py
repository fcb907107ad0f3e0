"""Keys at the door: what is refused, how, and that nothing but the key chooses the tenant."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from agentmarts.settings import Limits, Settings, now
from agentmarts.tenancy.api_keys import create_key, generate_key, parse_key, revoke_key, rotate_key
from agentmarts.warehouse.connection import Role, connect
from tests.support.serving import PLENTY, assert_problem, publish_all, register, service

URL = "/v1/marts/dim_tenant?select=slug"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_keys_that_are_not_valid_get_one_answer(settings: Settings) -> None:
    acme = register(settings, "acme")
    expired = create_key(settings, name="old", tenants=["acme"], expires_at=now() - timedelta(seconds=1))[1]
    revoked_key, revoked = create_key(settings, name="gone", tenants=["acme"])
    revoke_key(settings, revoked_key.key_id)
    key_id, secret = parse_key(acme.key) or ("", "")
    other_id, other_secret, unknown = generate_key()
    from agentmarts.tenancy.api_keys import checksum

    wrong_secret = f"am_live_{key_id}_{other_secret}{checksum(key_id, other_secret)}"
    wrong_checksum = acme.key[:-1] + ("a" if acme.key[-1] != "a" else "b")
    wrong_id = f"am_live_{other_id}_{secret}{checksum(other_id, secret)}"
    with service(settings) as client:
        assert client.get(URL, headers=acme.headers).status_code == 200
        details = set()
        for key in (expired, revoked, unknown, wrong_secret, wrong_checksum, wrong_id, "nonsense"):
            response = client.get(URL, headers=bearer(key))
            details.add(assert_problem(response, 401, "unauthenticated")["detail"])
            assert response.headers["www-authenticate"] == "Bearer"
        assert len(details) == 1
        assert_problem(client.get(URL), 401, "unauthenticated")
        assert_problem(client.get(URL, headers={"Authorization": f"Basic {acme.key}"}), 401, "unauthenticated")


def test_a_key_in_the_address_is_refused(settings: Settings) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        for query in (f"key={acme.key}", f"slug=eq.{acme.key}", f"{acme.key}=1", "x=am%5Flive_abc"):
            assert_problem(client.get(f"/v1/marts/dim_tenant?{query}", headers=acme.headers), 400, "key-in-url")
        assert_problem(client.get(f"/nowhere?api_key={acme.key}"), 400, "key-in-url")


def test_revocation_holds_within_seconds(settings: Settings) -> None:
    acme = register(settings, "acme")
    parsed = parse_key(acme.key)
    assert parsed is not None
    assert Limits().key_cache_seconds < 5
    with service(settings, Limits(key_cache_seconds=0.2)) as client:
        assert client.get(URL, headers=acme.headers).status_code == 200
        revoke_key(settings, parsed[0])
        time.sleep(0.25)
        assert_problem(client.get(URL, headers=acme.headers), 401, "unauthenticated")


def test_both_keys_work_after_rotation(settings: Settings) -> None:
    acme = register(settings, "acme")
    parsed = parse_key(acme.key)
    assert parsed is not None
    _, new = rotate_key(settings, parsed[0])
    with service(settings) as client:
        assert client.get(URL, headers=acme.headers).status_code == 200
        assert client.get(URL, headers=bearer(new)).status_code == 200


def test_scopes(settings: Settings) -> None:
    reader, writer = register(settings, "reader", ("read",)), register(settings, "writer", ("write",))
    with service(settings) as client:
        assert client.get(URL, headers=reader.headers).status_code == 200
        assert_problem(client.get(URL, headers=writer.headers), 403, "forbidden")
        assert_problem(client.post("/v1/events", headers=reader.headers, json=[]), 403, "forbidden")
        assert client.post("/v1/events", headers=writer.headers, json=[]).status_code == 200


def test_only_the_key_chooses_the_tenant(settings: Settings) -> None:
    mine, foreign = register(settings, "mine"), register(settings, "foreign")
    publish_all(settings, mine, foreign)
    with service(settings) as client:
        for name in ("tenant_id", "tenant", "store_id"):
            response = client.get(f"/v1/analytics/dashboard?{name}={foreign.tenant_id}", headers=mine.headers)
            assert_problem(response, 403, "forbidden")
            response = client.get(f"/v1/analytics/dashboard?{name}={mine.tenant_id}", headers=mine.headers)
            assert_problem(response, 400, "invalid-request")
        named = {**mine.headers, "X-Tenant-Id": str(foreign.tenant_id)}
        assert_problem(client.get(URL, headers=named), 403, "forbidden")
        assert_problem(client.get(URL, headers={**mine.headers, "X-Tenant-Id": "mine"}), 403, "forbidden")
        own = client.get(URL, headers={**mine.headers, "X-Tenant-Id": str(mine.tenant_id)})
        assert own.json()["data"] == [{"slug": "mine"}]
        # As a filter it is only that: it finds nothing.
        assert client.get(f"{URL}&tenant_id=eq.{foreign.tenant_id}", headers=mine.headers).json()["data"] == []


def test_a_key_of_several_tenants_names_one(settings: Settings) -> None:
    first, second = register(settings, "first"), register(settings, "second")
    publish_all(settings, first, second)
    _, key = create_key(settings, name="agency", tenants=["first", "second"], scopes=["read", "portfolio"])
    with service(settings) as client:
        assert_problem(client.get(URL, headers=bearer(key)), 400, "tenant-required")
        for customer in (first, second):
            response = client.get(URL, headers={**bearer(key), "X-Tenant-Id": str(customer.tenant_id)})
            assert response.json()["data"] == [{"slug": customer.slug}]


def test_rate_limit(settings: Settings) -> None:
    acme, other = register(settings, "acme"), register(settings, "other")
    with service(settings, Limits(requests_per_second=0.5, burst=3)) as client:
        answers = [client.get(URL, headers=acme.headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"default";q=3;w=6'
        assert answers[0].headers["ratelimit"].startswith('"default";r=2;')
        assert_problem(answers[3], 429, "rate-limited")
        assert 1 <= int(answers[3].headers["retry-after"]) <= 2
        assert client.get(URL, headers=other.headers).status_code == 200


def test_guessing_is_slowed_down_without_locking_out_others(settings: Settings) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        assert client.get(URL, headers=acme.headers).status_code == 200
        statuses = [client.get(URL, headers=bearer(generate_key()[2])).status_code for _ in range(25)]
        assert statuses[: PLENTY.failed_logins_per_minute] == [401] * PLENTY.failed_logins_per_minute
        assert set(statuses[PLENTY.failed_logins_per_minute + 1 :]) == {429}
        assert client.get(URL, headers=acme.headers).status_code == 200


@pytest.mark.parametrize("used", [True, False])
def test_last_use_is_noted(settings: Settings, used: bool) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        client.get(URL, headers=acme.headers if used else bearer(generate_key()[2]))
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select last_used_at is not null from ops.api_keys").fetchone()
    assert row == (used,)
