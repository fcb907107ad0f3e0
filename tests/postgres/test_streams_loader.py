"""Acknowledged is in raw once or in quarantine: duplicates, conflicts, order, concurrency, batches of any size."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.settings import Settings
from agentmarts.streams.store import loader
from agentmarts.streams.store.loader import ItemResult, LoadReport, load, load_batch
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.strategies import conversation_events, quality_scores
from tests.support.facts.streams import RECEIVED_AT, a_tenant, ingest_connection, lines, message, numbered, quarantined, raw_rows, score

LATER = datetime(2026, 1, 1, tzinfo=UTC)


def loaded(settings: Settings, *payloads: Any, tenant: str = "acme", received_at: datetime = RECEIVED_AT) -> LoadReport:
    return load(
        settings, tenant=tenant, stream="conversation_events", rows=numbered(list(payloads)), source="f.ndjson", received_at=received_at
    )


def answered(settings: Settings, tenant_id: UUID, *payloads: Any, **more: Any) -> list[ItemResult]:
    with closing(ingest_connection(settings)) as connection:
        return load_batch(
            connection,
            tenant_id=tenant_id,
            items=payloads,
            default_stream="conversation_events",
            received_at=RECEIVED_AT,
            source="POST /v1/events",
            **more,
        )


def test_worked_example_6(settings: Settings) -> None:
    a_tenant(settings)
    report = loaded(settings, *lines(*(message(response_time_ms=ms) for ms in (900, 950, 900))))
    assert report == LoadReport(1, 1, 1, {"duplicate_conflict": 1})
    assert [row for row in raw_rows(settings) if 900 in row]
    assert quarantined(settings) == [("e1", "duplicate_conflict", 1, "f.ndjson:2")]


def test_the_same_across_loads(settings: Settings) -> None:
    a_tenant(settings)
    reports = [loaded(settings, *lines(message(response_time_ms=ms))) for ms in (900, 950, 900, 950)]
    assert [(one.accepted, one.duplicates, one.quarantined) for one in reports] == [(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1)]
    assert len(raw_rows(settings)) == 1
    assert quarantined(settings) == [("e1", "duplicate_conflict", 2, "f.ndjson:1")]


def test_within_a_batch_what_the_ledger_holds_wins(settings: Settings) -> None:
    tenant = a_tenant(settings)
    loaded(settings, *lines(message(response_time_ms=900)))
    results = answered(settings, tenant.tenant_id, *lines(*(message(response_time_ms=ms) for ms in (950, 900, 950))))
    assert [one.status for one in results] == ["quarantined", "duplicate", "quarantined"]


def test_an_id_that_comes_back_with_another_time_is_a_conflict(settings: Settings) -> None:
    a_tenant(settings)
    report = loaded(settings, *lines(message(), message(occurred_at="2025-06-09T09:00:00Z")))
    assert report.reasons == {"duplicate_conflict": 1}


def test_ids_belong_to_a_tenant_and_a_stream(settings: Settings) -> None:
    a_tenant(settings)
    a_tenant(settings, "globex")
    both = lines(message(event_id="x"), score(event_id="x"))
    assert loaded(settings, *both).accepted == 2
    assert loaded(settings, *both, tenant="globex").accepted == 2
    assert (len(raw_rows(settings)), len(raw_rows(settings, "quality_scores"))) == (2, 2)


def test_what_stands_in_raw(settings: Settings) -> None:
    tenant = a_tenant(settings)
    awkward = 'line one\nline two\t"quoted", \\. and \\N — ünïcode 😀\r\n\\.\n'
    sent = message(text=awkward, customer_id="", channel="", response_time_ms=0, confidence=0.1, occurred_at="2025-06-10T09:00", note="x")
    assert loaded(settings, *lines(sent, message(event_id="e2", text=""), score(error="", helpfulness=1))).accepted == 3
    with connect(settings, Role.INGEST) as connection:
        found = connection.execute(
            "select tenant_id, event_type, occurred_at, received_at, naive_timestamp, response_time_ms, confidence, customer_id, channel, "
            "text, event_data, ingest_xid is not null from raw.conversation_events order by event_id"
        ).fetchall()
        ledger = connection.execute("select count(*), min(occurred_month) from raw.event_ledger").fetchone()
        scores = connection.execute("select accuracy, helpfulness, politeness, error, event_data from raw.quality_scores").fetchall()
    at = datetime(2025, 6, 10, 9, tzinfo=UTC)
    assert found[0] == (
        tenant.tenant_id, "message_sent", at, RECEIVED_AT, True, 0, 0.1, None, None, awkward, {"note": "x"}, True,
    )  # fmt: skip
    assert found[1][9] == ""
    assert scores == [(0.5, 1.0, None, "", {})]
    assert ledger == (3, datetime(2025, 6, 1).date())  # noqa: DTZ001


def test_bad_rows_never_stop_good_ones(settings: Settings) -> None:
    a_tenant(settings)
    poison = [
        b"{not json",
        b"\xff\xfe",
        b'{"text": "\\u0000"}',
        b'{"text": "\\ud800"}',
        b'{"confidence": NaN}',
        b'{"confidence": 1e400}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"text": "' + b"x" * 10_000_000 + b'"}',
        *lines(message(event_id="bad", event_type="snoozed"), {"event_id": 5}, message(event_id="c", confidence=2)),
    ]
    good = lines(*(message(event_id=f"good-{number}") for number in range(5)))
    mixed = [payload for pair in zip(poison, good * 3, strict=False) for payload in pair]
    report = loaded(settings, *mixed)
    assert report.accepted == 5
    assert report.quarantined == len(poison)
    assert report.total == len(mixed)
    assert Counter(reason for _, reason, _, _ in quarantined(settings)) == report.reasons
    assert loaded(settings, *mixed).quarantined == len(poison)
    assert {times for _, _, times, _ in quarantined(settings)} == {2}


def test_the_quarantine_keeps_what_was_sent(settings: Settings) -> None:
    a_tenant(settings)
    loaded(settings, b'{"event_type": "snoozed", "text": "\xc3\xa9", "n": 1e400}', b"\xff\x00")
    with connect(settings, Role.INGEST) as connection:
        kept = connection.execute(
            "select payload, payload_encoding, first_seen = last_seen, detail from raw.quarantine order by reason"
        ).fetchall()
    assert {(payload, encoding) for payload, encoding, _, _ in kept} == {
        ('{"event_type": "snoozed", "text": "\\u00e9", "n": 1e400}', "json"),
        ("/wA=", "base64"),
    }


def test_an_unknown_tenant(settings: Settings) -> None:
    report = loaded(settings, *lines(message(), message(event_id="e2")), tenant="nobody")
    assert report == LoadReport(0, 0, 2, {"unknown_tenant": 2})
    assert quarantined(settings)[0] == ("e1", "unknown_tenant", 1, "nobody/f.ndjson:1")
    assert [one.reason for one in answered(settings, uuid4(), *lines(message()))] == ["unknown_tenant"]


def test_an_answer_per_item(settings: Settings) -> None:
    tenant = a_tenant(settings)
    results = answered(
        settings, tenant.tenant_id, *lines(message(), score(), message(), message(text="other"), message(event_id=None)), b"{", {"id": "x"}
    )
    assert [one.index for one in results] == list(range(7))
    assert [one.status for one in results] == ["accepted", "accepted", "duplicate", "quarantined", "accepted", "quarantined", "quarantined"]
    assert [one.reason for one in results if one.reason] == ["duplicate_conflict", "not_json", "missing_field"]
    assert [one.event_id for one in results][:4] == ["e1", "s1", "e1", "e1"]
    assert results[6].event_id == "x"
    assert len(results[4].event_id or "") == 64
    assert {source for _, _, _, source in quarantined(settings)} == {"POST /v1/events[3]", "POST /v1/events[5]", "POST /v1/events[6]"}


def test_an_empty_batch(settings: Settings) -> None:
    assert answered(settings, a_tenant(settings).tenant_id) == []
    assert loaded(settings) == LoadReport()


def test_all_or_nothing_in_a_batch(settings: Settings) -> None:
    tenant = a_tenant(settings)

    def fail(connection: Any, results: list[ItemResult]) -> None:
        assert [one.status for one in results] == ["accepted", "quarantined"]
        raise RuntimeError("no room for the answer")

    with pytest.raises(RuntimeError):
        answered(settings, tenant.tenant_id, *lines(message()), b"{", before_commit=fail)
    assert raw_rows(settings) == []
    assert quarantined(settings) == []
    assert answered(settings, tenant.tenant_id, *lines(message()))[0].status == "accepted"


def test_a_partition_dropped_in_between_is_made_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    a_tenant(settings)
    prepare = loader.StreamWriter.prepare
    dropped = []

    def prepare_and_drop(self: Any, *given: Any) -> None:
        prepare(self, *given)
        if not dropped:
            with connect(settings, Role.MIGRATOR) as connection:
                (name,) = connection.execute("delete from ops.event_partitions returning partition_name").fetchone() or ("",)
                connection.execute(f"drop table raw.{name}")
                dropped.append(name)

    monkeypatch.setattr(loader.StreamWriter, "prepare", prepare_and_drop)
    assert loaded(settings, *lines(message())).accepted == 1
    assert dropped


def test_progress_adds_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "ROWS_PER_TRANSACTION", 10)
    a_tenant(settings)
    seen: list[int] = []
    report = load(
        settings,
        tenant="acme",
        stream="conversation_events",
        rows=numbered(lines(*(message(event_id=f"e{number % 20}") for number in range(25)))),
        source="f",
        received_at=RECEIVED_AT,
        progress=lambda total: seen.append(total.total),
    )
    assert seen == [10, 20, 25]
    assert (report.accepted, report.duplicates) == (20, 5)


def test_old_events_share_a_partition_a_month(settings: Settings) -> None:
    a_tenant(settings)
    days = [f"2003-{month:02d}-{day:02d}T00:00:00Z" for month in range(1, 13) for day in range(1, 29)]
    assert loaded(settings, *lines(*(message(event_id=day, occurred_at=day) for day in days))).accepted == len(days)
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from ops.event_partitions").fetchone() == (12,)


def test_eight_writers_with_the_same_ids(settings: Settings) -> None:
    """Nobody deadlocks, every id has one content, and the answers of all writers together say what is in raw."""
    tenant = a_tenant(settings)
    ids = [f"e{number}" for number in range(60)]

    def write(worker: int) -> list[ItemResult]:
        rng = random.Random(worker)
        results: list[ItemResult] = []
        with closing(ingest_connection(settings)) as connection:
            for _ in range(12):
                chosen = rng.sample(ids, 20)
                payloads = lines(
                    *(message(event_id=one, response_time_ms=rng.choice([900, 950])) for one in chosen), score(event_id=chosen[0])
                )
                results += load_batch(
                    connection, tenant_id=tenant.tenant_id, items=payloads, default_stream="conversation_events",
                    received_at=RECEIVED_AT, source=f"w{worker}",
                )  # fmt: skip
        return results

    with ThreadPoolExecutor(8) as pool:
        results = [one for part in pool.map(write, range(8)) for one in part]
    statuses = Counter(one.status for one in results)
    rows = len(raw_rows(settings)) + len(raw_rows(settings, "quality_scores"))
    assert statuses["accepted"] == rows
    assert sum(times for _, _, times, _ in quarantined(settings)) == statuses["quarantined"] > 0
    assert statuses.total() == 8 * 12 * 21


# --- any delivery gives the same raw


def reset(settings: Settings) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("truncate raw.conversation_events, raw.quality_scores, raw.event_ledger, raw.quarantine")


bad_payloads = st.sampled_from([b"{", b"[]", b'{"text": "\\u0000"}', orjson.dumps(message(event_type="snoozed"))])


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_batches_any_repetition(settings: Settings, data: st.DataObject) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        known = connection.execute("select from raw.tenants").fetchone()
    if known is None:
        a_tenant(settings)
    events = data.draw(conversation_events(max_conversations=3))
    scores = [{**one, "stream": "quality_scores"} for one in data.draw(quality_scores(events))]
    bad = data.draw(st.lists(bad_payloads, max_size=3))
    payloads = [*lines(*events, *scores), *bad]
    reset(settings)
    first = loaded(settings, *payloads, received_at=LATER)
    expected = raw_rows(settings), raw_rows(settings, "quality_scores")
    assert first.accepted == len(expected[0]) + len(expected[1]) == len(events) + len(scores)
    assert first.quarantined == len(bad)

    reset(settings)
    deliveries = data.draw(st.permutations([*payloads, *data.draw(st.lists(st.sampled_from(payloads), max_size=8))]))
    acknowledged = LoadReport()
    while deliveries:
        size = data.draw(st.integers(1, len(deliveries)))
        acknowledged += loaded(settings, *deliveries[:size], received_at=LATER)
        deliveries = deliveries[size:]
    assert (raw_rows(settings), raw_rows(settings, "quality_scores")) == expected
    assert acknowledged.accepted == first.accepted
    assert sum(times for _, _, times, _ in quarantined(settings)) == acknowledged.quarantined
