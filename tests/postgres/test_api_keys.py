"""API keys: their form, and what an operator does with them."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.settings import Settings, now
from agentmarts.tenancy.api_keys import (
    ALPHABET,
    ApiKeyError,
    create_key,
    generate_key,
    list_keys,
    parse_key,
    revoke_key,
    rotate_key,
    secret_hash,
)
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect


def test_form() -> None:
    key_id, secret, key = generate_key()
    assert key == f"am_live_{key_id}_{secret}{key[-6:]}"
    assert (len(key_id), len(secret), len(key)) == (8, 43, 8 + 8 + 1 + 43 + 6)
    assert set(key_id + secret + key[-6:]) <= set(string.ascii_letters + string.digits)
    assert parse_key(key) == (key_id, secret)
    assert generate_key()[2] != key


@given(st.integers(8, 65), st.sampled_from(ALPHABET))
def test_every_typing_error_is_noticed(position: int, other: str) -> None:
    _, _, key = generate_key()
    if key[position] in ("_", other):
        return
    assert parse_key(key[:position] + other + key[position + 1 :]) is None


@pytest.mark.parametrize("text", ["", "am_live_", "am_test_" + "a" * 58, "Bearer x", "am_live_" + "é" * 58])
def test_what_is_no_key(text: str) -> None:
    assert parse_key(text) is None
    assert parse_key(generate_key()[2] + "\n") is None


def test_only_a_hash_is_stored(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    stored, key = create_key(settings, name="dashboard", tenants=["acme"], scopes=["read", "write", "read"])
    parsed = parse_key(key)
    assert parsed is not None
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select k::text, secret_sha256 from ops.api_keys k").fetchone()
    assert row is not None
    assert parsed[1] not in row[0]
    assert row[1] == secret_hash(parsed[1])
    assert (stored.key_id, stored.name, stored.scopes, len(stored.tenant_ids)) == (parsed[0], "dashboard", ["read", "write"], 1)
    assert list_keys(settings) == [stored]


def test_wrong_calls(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    create_tenant(settings, slug="other")
    with pytest.raises(ApiKeyError, match="unknown scope root"):
        create_key(settings, name="", tenants=["acme"], scopes=["root"])
    with pytest.raises(ApiKeyError, match="unknown scope"):
        create_key(settings, name="", tenants=["acme"], scopes=[])
    with pytest.raises(ApiKeyError, match="no tenant nobody"):
        create_key(settings, name="", tenants=["nobody"])
    with pytest.raises(ApiKeyError, match="needs a tenant"):
        create_key(settings, name="", tenants=[])
    with pytest.raises(ApiKeyError, match="scope portfolio"):
        create_key(settings, name="", tenants=["acme", "other"])
    with pytest.raises(ApiKeyError, match="no key"):
        revoke_key(settings, "unknown1")
    with pytest.raises(ApiKeyError, match="no valid key"):
        rotate_key(settings, "unknown1")
    assert list_keys(settings) == []


def test_rotation_overlaps_by_a_day(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    old, old_text = create_key(settings, name="dashboard", tenants=["acme"], scopes=["write"])
    new, new_text = rotate_key(settings, old.key_id)
    assert new_text != old_text
    assert (new.name, new.scopes, new.tenant_ids, new.expires_at) == (old.name, old.scopes, old.tenant_ids, None)
    left = list_keys(settings)[0].expires_at
    assert left is not None
    assert timedelta(hours=23, minutes=59) < left - now() <= timedelta(hours=24)
    soon = now() + timedelta(hours=1)
    brief, _ = create_key(settings, name="brief", tenants=["acme"], expires_at=soon)
    rotate_key(settings, brief.key_id)
    assert {key.expires_at for key in list_keys(settings) if key.name == "brief"} == {soon}


def test_revoking_is_for_good(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    key, _ = create_key(settings, name="dashboard", tenants=["acme"])
    revoke_key(settings, key.key_id)
    first = list_keys(settings, include_revoked=True)[0].revoked_at
    revoke_key(settings, key.key_id)
    assert first is not None
    assert list_keys(settings, include_revoked=True)[0].revoked_at == first
    assert list_keys(settings) == []
    with pytest.raises(ApiKeyError, match="no valid key"):
        rotate_key(settings, key.key_id)
