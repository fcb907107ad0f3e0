"""The quarantine: seen, explained, replayed once the reason is gone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from types import MappingProxyType

import pytest

from agentmarts.settings import Settings
from agentmarts.streams.contract import registry, validation
from agentmarts.streams.store.loader import load
from agentmarts.streams.store.quarantine import ReplayReport, list_quarantine, replay
from tests.support.facts.streams import RECEIVED_AT, a_tenant, lines, message, numbered, raw_rows, score

LATER = RECEIVED_AT + timedelta(hours=1)


def load_all(settings: Settings, *payloads: bytes, tenant: str = "acme") -> None:
    load(settings, tenant=tenant, stream="conversation_events", rows=numbered(list(payloads)), source="f.ndjson", received_at=RECEIVED_AT)


def test_the_list_says_what_is_wrong(settings: Settings) -> None:
    a_tenant(settings)
    load_all(settings, *lines(message(event_type="snoozed"), score(accuracy=7)), b"{")
    (unreadable,) = list_quarantine(settings, reason="not_json")
    assert (unreadable.tenant, unreadable.stream, unreadable.source) == ("acme", "conversation_events", "f.ndjson:3")
    assert (unreadable.payload, unreadable.payload_encoding, unreadable.times_seen) == ("ew==", "base64", 1)
    assert len(list_quarantine(settings)) == 3
    (unknown,) = list_quarantine(settings, reason="unknown_event_type")
    assert unknown.detail.startswith("event_type 'snoozed' is not known: 'conversation_started', 'message_sent', ")
    assert [one.event_id for one in list_quarantine(settings, stream="quality_scores")] == ["s1"]
    assert list_quarantine(settings, tenant="globex") == []
    assert list_quarantine(settings, since=LATER) == []
    assert len(list_quarantine(settings, limit=2)) == 2


def test_replay_after_an_upgrade(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    a_tenant(settings)
    load_all(settings, *lines(message(event_type="closed"), message(event_id="e2", event_type="snoozed")), b"{")
    assert replay(settings, received_at=LATER) == ReplayReport(0, 3)
    assert raw_rows(settings) == []

    old = registry.STREAMS["conversation_events"]
    newer = dataclasses.replace(old, event_type_aliases={**old.event_type_aliases, "closed": "conversation_resolved"})
    monkeypatch.setattr(validation, "STREAMS", MappingProxyType({**registry.STREAMS, "conversation_events": newer}))
    assert replay(settings, received_at=LATER) == ReplayReport(1, 2)
    assert len(raw_rows(settings)) == 1
    assert {one.reason for one in list_quarantine(settings)} == {"unknown_event_type", "not_json"}
    done = next(one for one in list_quarantine(settings, include_replayed=True) if one.event_id == "e1")
    assert done.replayed_at == LATER

    before = list_quarantine(settings, include_replayed=True)
    assert replay(settings, received_at=LATER + timedelta(hours=1)) == ReplayReport(0, 2)
    assert list_quarantine(settings, include_replayed=True) == before
    assert len(raw_rows(settings)) == 1


def test_what_was_in_the_future_is_accepted_when_its_time_has_come(settings: Settings) -> None:
    a_tenant(settings)
    load_all(settings, *lines(message(occurred_at="2025-06-10T12:30:00Z")))
    assert [one.reason for one in list_quarantine(settings)] == ["occurred_in_future"]
    assert replay(settings, received_at=LATER, reason="occurred_in_future") == ReplayReport(1, 0)


def test_a_tenant_created_later(settings: Settings) -> None:
    load_all(settings, *lines(message(), score()), tenant="globex")
    assert replay(settings, received_at=LATER) == ReplayReport(0, 2)
    a_tenant(settings, "globex")
    assert replay(settings, received_at=LATER) == ReplayReport(2, 0)
    assert len(raw_rows(settings)) == len(raw_rows(settings, "quality_scores")) == 1


def test_the_reason_is_todays(settings: Settings) -> None:
    a_tenant(settings)
    load_all(settings, *lines(message(occurred_at="2025-06-10T12:30:00Z")))
    load_all(settings, *lines(message(text="it arrived before")))
    assert replay(settings, received_at=LATER) == ReplayReport(0, 1)
    assert [(one.reason, one.times_seen) for one in list_quarantine(settings)] == [("duplicate_conflict", 1)]


def test_what_arrived_meanwhile_is_done(settings: Settings) -> None:
    a_tenant(settings)
    future = lines(message(occurred_at="2025-06-10T12:30:00Z"))
    load_all(settings, *future)
    load(settings, tenant="acme", stream="conversation_events", rows=numbered(future), source="g", received_at=LATER)
    assert replay(settings, received_at=LATER) == ReplayReport(1, 0)
    assert len(raw_rows(settings)) == 1


def test_replay_by_the_piece(settings: Settings) -> None:
    a_tenant(settings)
    load_all(settings, *lines(*(message(event_id=f"e{number}", occurred_at="2025-06-10T12:30:00Z") for number in range(5))))
    assert replay(settings, received_at=LATER, limit=2) == ReplayReport(2, 0)
    assert replay(settings, received_at=LATER, tenant="globex") == ReplayReport(0, 0)
    assert replay(settings, received_at=LATER, stream="conversation_events") == ReplayReport(3, 0)
