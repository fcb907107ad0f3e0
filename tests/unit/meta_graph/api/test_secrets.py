"""Secrets come from the environment only, and nothing that is stored or shown holds one."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agentmarts.meta_graph.api.secrets import (
    GraphSecretError,
    app_of,
    appsecret_proof,
    fingerprint,
    scrub,
    scrub_params,
    scrub_text,
    token_of,
)
from agentmarts.settings import Settings
from agentmarts.warehouse.redaction import redact

CANARY = "EAAcanary0123456789abcdefghijk"
TOKEN = SecretStr(CANARY)


def test_an_account_names_its_token() -> None:
    environment = {"AGENTMARTS_GRAPH_TOKEN_ACME_PAGE": f"{CANARY}\n"}
    assert token_of("acme_page", environment).get_secret_value() == CANARY
    assert CANARY not in repr(token_of("acme_page", environment)) + str(token_of("acme_page", environment))


def test_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMARTS_GRAPH_TOKEN_X1", CANARY)
    assert token_of("x1") == TOKEN


@pytest.mark.parametrize(
    ("ref", "value"), [("a", ""), ("a", "  "), ("a", f"{CANARY} x"), ("a", f"{CANARY}é"), ("a-b", CANARY), (CANARY * 3, "")]
)
def test_a_token_that_cannot_be_used(ref: str, value: str) -> None:
    with pytest.raises(GraphSecretError) as raised:
        token_of(ref, {"AGENTMARTS_GRAPH_TOKEN_A": value, "AGENTMARTS_GRAPH_TOKEN_A-B": value})
    assert "canary" not in str(raised.value)
    if ref == "a":
        assert "AGENTMARTS_GRAPH_TOKEN_A" in str(raised.value)


def test_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(Settings(graph_app_id="17", graph_app_secret=SecretStr("app-canary")))
    assert app.token.get_secret_value() == "17|app-canary"
    assert "canary" not in repr(app) + repr(app.token)
    for settings in (
        Settings(),
        Settings(graph_app_id="17"),
        Settings(graph_app_secret=SecretStr("x")),
        Settings(graph_app_id="17", graph_app_secret=SecretStr("a b")),
    ):
        with pytest.raises(GraphSecretError, match="AGENTMARTS_GRAPH_APP_SECRET"):
            app_of(settings)
    monkeypatch.setenv("AGENTMARTS_GRAPH_APP_SECRET", "app-canary")
    assert "canary" not in repr(Settings())


def test_the_proof() -> None:
    """Against the definition, and against RFC 4231, test case 2."""
    expected = hmac.new(b"app", CANARY.encode(), hashlib.sha256).hexdigest()
    assert appsecret_proof(TOKEN, SecretStr("app")).get_secret_value() == expected
    vector = appsecret_proof(SecretStr("what do ya want for nothing?"), SecretStr("Jefe")).get_secret_value()
    assert vector == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_fingerprints_tell_tokens_apart() -> None:
    marks = {fingerprint(SecretStr(f"{CANARY}{number}")) for number in range(100)}
    assert len(marks) == 100
    assert fingerprint(TOKEN) == fingerprint(SecretStr(CANARY))
    assert all(len(mark) == 12 and int(mark, 16) >= 0 for mark in marks)
    assert fingerprint(TOKEN) not in hashlib.sha256(CANARY.encode()).hexdigest()


def test_a_body_without_its_secrets() -> None:
    body: dict[str, Any] = {
        "data": [{"id": "1", "access_token": CANARY, "message": f"call me {CANARY}", "insights": {"data": [], "paging": {"next": "u"}}}],
        "paging": {"cursors": {"after": "cursor-canary"}, "next": f"https://graph.facebook.com/x?access_token={CANARY}"},
        "next": "https://graph.facebook.com/?after=cursor-canary",
        "error": {"code": 190, "message": f'Malformed access token {CANARY}, sent as {{"access_token":"{CANARY}"}}'},
        "values": [{"value": {"next": 3, "after": 4}}, 1.5, None, True],
        "Page_Access_Token": "canary",
    }
    scrubbed = scrub(body)
    assert "canary" not in json.dumps(scrubbed)
    assert "access_token" not in json.dumps(scrubbed).lower()
    assert scrubbed["data"][0]["insights"] == {"data": []}
    assert scrubbed["values"] == body["values"], "keys of a breakdown may be called anything"
    assert scrubbed["error"]["code"] == 190
    assert body["data"][0]["access_token"] == CANARY, "what the parser reads is left alone"


def test_known_secrets_go_whatever_they_look_like() -> None:
    known = [SecretStr("12|a/b c")]
    for form in ("12|a/b c", "12%7Ca%2Fb%20c", "12%7Ca%2Fb+c"):
        assert scrub_text(f"x={form}!", known) == "x=***!"
    assert scrub({"12|a/b c": ["12|a/b c"]}, known) == {"***": ["***"]}


@pytest.mark.parametrize("name", ["access_token", "input_token", "appsecret_proof", "client_secret", "fb_exchange_token", "ACCESS_TOKEN"])
@pytest.mark.parametrize(
    "form", ["?{}=canary&x=1", "{} = canary", '{{"{}": "canary"}}', '{{\\"{}\\":\\"canary\\"}}', "{}%3Dcanary", "{{'{}': 'canary'}}"]
)
def test_secrets_by_the_name_before_them(name: str, form: str) -> None:
    assert "canary" not in scrub_text(form.format(name))
    assert "canary" not in redact(form.format(name))


def test_params_as_they_may_be_stored() -> None:
    params: dict[str, str | int | SecretStr] = {
        "metric": "reach",
        "limit": 25,
        "after": "cursor",
        "input_token": TOKEN,
        "client_secret": "x",
        "q": f"see {CANARY}",
    }
    assert scrub_params(params) == {"metric": "reach", "limit": "25", "q": "see ***"}


def test_what_postgres_cannot_store() -> None:
    assert scrub({"a\x00": ["b\x00"]}) == {"a\ufffd": ["b\ufffd"]}


def test_a_body_without_a_bottom() -> None:
    deep: Any = "end"
    for _ in range(900):
        deep = [deep]
    assert "end" not in json.dumps(scrub(deep))


texts = st.text(st.characters(codec="ascii", exclude_characters='"\\'), max_size=12)
secrets = st.text("abcXYZ019_-|.", min_size=12, max_size=20)


@given(st.data(), secrets)
def test_no_body_holds_a_known_secret(data: st.DataObject, secret: str) -> None:
    planted = st.tuples(texts, st.sampled_from([secret, quote(secret, safe=""), "access_token", f"access_token={secret}"]), texts).map(
        "".join
    )
    body = data.draw(
        st.recursive(
            planted | st.integers() | st.none() | texts,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(planted | texts, inner, max_size=3),
            max_leaves=10,
        )
    )
    dumped = json.dumps(scrub(body, [SecretStr(secret)]))
    assert secret not in dumped
    assert "access_token" not in dumped.lower()
