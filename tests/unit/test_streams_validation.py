"""What is accepted, what is refused and why; and that the fast checks never disagree with the contract."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmarts.streams.contract.json_text import MAX_BYTES, MAX_DEPTH, original_bytes, safe_text
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.streams.contract.rejection import Reason, Rejection
from agentmarts.streams.contract.validation import Recipient, Row, Validator
from tests.support.facts.strategies import conversation_events, quality_scores
from tests.support.facts.streams import RECEIVED_AT, SOMEBODY, action, message, rating, row_of, score, signal, validator


def refusal(payload: bytes | dict[str, Any]) -> Rejection:
    with pytest.raises(Rejection) as caught:
        validator().check(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    return caught.value


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(levels):
        value = {"deeper": value}
    return {"event_data": value}


BAD: list[tuple[str, bytes | dict[str, Any], Reason, str]] = [
    ("half an object", b'{"event_id": "e1", "conv', Reason.NOT_JSON, "not readable as JSON"),
    ("nothing", b"", Reason.NOT_JSON, "not readable"),
    ("two objects", b"{} {}", Reason.NOT_JSON, "not readable"),
    ("NaN", b'{"confidence": NaN}', Reason.NOT_JSON, "NaN is not JSON"),
    ("Infinity", b'{"confidence": -Infinity}', Reason.NOT_JSON, "-Infinity is not JSON"),
    ("Latin-1", b'{"text": "caf\xe9"}', Reason.NOT_JSON, "not UTF-8 at byte 13"),
    ("a list", b"[1, 2]", Reason.BAD_TYPE, "must be a JSON object"),
    ("64 KiB and a byte", b" " * (MAX_BYTES - 1) + b"{}", Reason.BODY_TOO_LARGE, "65,537 bytes"),
    ("10 MB", b'{"text": "' + b"x" * 10_000_000 + b'"}', Reason.BODY_TOO_LARGE, "at most 65,536"),
    ("33 levels", message(**nested(MAX_DEPTH)), Reason.TOO_DEEP, "more than 32 levels"),
    ("10,000 levels", b"[" * 10_000 + b"]" * 10_000, Reason.TOO_DEEP, "more than 32 levels"),
    ("NUL in a value", b'{"event_data": {"a": ["\\u0000"]}}', Reason.BAD_TEXT, "NUL"),
    ("NUL in a key", b'{"a\\u0000b": 1}', Reason.BAD_TEXT, "NUL"),
    ("lone surrogate", b'{"text": "\\ud83d"}', Reason.BAD_TEXT, "half of a surrogate pair"),
    ("1e400", b'{"confidence": 1e400}', Reason.OUT_OF_RANGE, "too large for double precision"),
    ("5,000 digits", b'{"amount": ' + b"9" * 5_000 + b"}", Reason.OUT_OF_RANGE, "too large"),
    ("unknown stream", message(stream="feelings"), Reason.UNKNOWN_STREAM, "'feelings' is not one of conversation_events"),
    ("foreign store", message(store_id="globex"), Reason.TENANT_MISMATCH, "store_id 'globex' is not the tenant 'acme'"),
    ("no conversation", message(conversation_id=None), Reason.MISSING_FIELD, "conversation_id is missing"),
    ("no type", message(event_type=None), Reason.MISSING_FIELD, "event_type is missing"),
    ("no time", message(occurred_at=None), Reason.MISSING_FIELD, "occurred_at is missing"),
    ("no rating", message(event_type="csat_submitted"), Reason.MISSING_FIELD, "rating is missing"),
    ("no deal stage", message(event_type="deal_stage_changed"), Reason.MISSING_FIELD, "deal_stage is missing"),
    ("unknown type", message(event_type="snoozed"), Reason.UNKNOWN_EVENT_TYPE, "event_type 'snoozed' is not known"),
    ("numeric type", message(event_type=7), Reason.BAD_TYPE, "event_type must be text, got 7"),
    ("numeric text", message(text=12), Reason.BAD_TYPE, "text must be text, got 12"),
    ("confidence as text", message(confidence="0.9"), Reason.BAD_TYPE, "confidence must be a number, got '0.9'"),
    ("truth as number", message(response_time_ms=True), Reason.BAD_TYPE, "response_time_ms must be a whole number"),
    ("half a millisecond", message(response_time_ms=900.5), Reason.BAD_TYPE, "whole number, got 900.5"),
    ("unknown kind", message(agent_kind="bot"), Reason.BAD_TYPE, "agent_kind must be one of 'ai', 'human' or 'system', got 'bot'"),
    ("numeric id", message(event_id=17), Reason.BAD_TYPE, "event_id must be text, got 17"),
    ("event_data as text", message(event_data="{}"), Reason.BAD_TYPE, "event_data must be an object"),
    ("own field inside", message(event_type="csat_submitted", event_data={"rating": "5"}), Reason.BAD_TYPE, "rating must be a whole"),
    ("confidence in percent", message(confidence=87), Reason.OUT_OF_RANGE, "confidence must be at most 1"),
    ("rating of nine", message(event_type="csat_submitted", rating=9), Reason.OUT_OF_RANGE, "rating must be at most 5, got 9"),
    ("negative time", message(response_time_ms=-1), Reason.OUT_OF_RANGE, "response_time_ms must be at least 0, got -1"),
    ("31 days", message(response_time_ms=2_592_000_001), Reason.OUT_OF_RANGE, "at most 2592000000"),
    ("results", message(event_type="knowledge_retrieved", result_count=-1), Reason.OUT_OF_RANGE, "result_count must be at least 0"),
    ("long id", message(event_id="x" * 201), Reason.OUT_OF_RANGE, "event_id may have at most 200 characters, got 201"),
    ("empty conversation", message(conversation_id=""), Reason.OUT_OF_RANGE, "conversation_id is empty"),
    ("a date", message(occurred_at="2025-06-10"), Reason.BAD_TIMESTAMP, "'2025-06-10' is no timestamp"),
    ("garbage", message(occurred_at="yesterday"), Reason.BAD_TIMESTAMP, "'yesterday' is no timestamp"),
    ("27:61", message(occurred_at="2025-06-10 27:61"), Reason.BAD_TIMESTAMP, "is no timestamp"),
    ("epoch", message(occurred_at=1749546000), Reason.BAD_TIMESTAMP, "must be text such as"),
    ("30 February", message(occurred_at="2025-02-30T00:00:00Z"), Reason.BAD_TIMESTAMP, "is no timestamp"),
    ("year 1", message(occurred_at="0001-01-01T00:00:00+14:00"), Reason.OCCURRED_TOO_OLD, "before the year 2000"),
    ("1999", message(occurred_at="1999-12-31T23:59:59Z"), Reason.OCCURRED_TOO_OLD, "before the year 2000"),
    ("year 9999", message(occurred_at="9999-12-31T23:59:59-12:00"), Reason.OCCURRED_IN_FUTURE, "5 minutes ahead"),
    ("6 minutes ahead", message(occurred_at="2025-06-10T12:06:00Z"), Reason.OCCURRED_IN_FUTURE, "5 minutes ahead of 2025-06-10T12:00"),
    ("no score", score(accuracy=None), Reason.MISSING_FIELD, "one of helpfulness, accuracy"),
    ("score in percent", score(accuracy=91), Reason.OUT_OF_RANGE, "accuracy must be at most 1"),
    ("no scorer", score(scorer=None), Reason.MISSING_FIELD, "scorer is missing"),
    ("unknown scorer", score(scorer_kind="oracle"), Reason.BAD_TYPE, "scorer_kind must be one of"),
    ("no forecast", action(predicted_confidence=None), Reason.MISSING_FIELD, "predicted_confidence is missing"),
    ("forecast as text", action(predicted_confidence="0.7"), Reason.BAD_TYPE, "predicted_confidence must be a number"),
    ("no outcome type", action(outcome_type=None), Reason.MISSING_FIELD, "outcome_type is missing"),
    ("no window", action(window_hours=0), Reason.OUT_OF_RANGE, "window_hours must be at least 1, got 0"),
    ("half an hour", action(window_hours=0.5), Reason.BAD_TYPE, "window_hours must be a whole number, got 0.5"),
    ("a window of years", action(window_hours=8_761), Reason.OUT_OF_RANGE, "window_hours must be at most 8760"),
    ("a signal of nothing", signal(action_id=None), Reason.MISSING_FIELD, "action_id is missing"),
    ("pending by signal", signal(outcome_status="pending"), Reason.BAD_TYPE, "outcome_status must be one of 'positive', 'negative'"),
    ("a guess", signal(signal_source="guess"), Reason.BAD_TYPE, "signal_source must be one of 'automatic' or 'human_label'"),
    ("outcome in percent", signal(outcome_score=40), Reason.OUT_OF_RANGE, "outcome_score must be at most 1.0, got 40"),
    ("two thumbs", rating(rating=2), Reason.OUT_OF_RANGE, "rating must be at most 1, got 2"),
    ("no stars", rating(source="dashboard", rating=0), Reason.OUT_OF_RANGE, "rating must be at least 1, got 0"),
    ("unknown source", rating(source="survey"), Reason.BAD_TYPE, "source 'survey' is not known: 'inline', 'dashboard'"),
    ("no source", rating(source=None), Reason.MISSING_FIELD, "source is missing"),
    ("numeric source", rating(source=1), Reason.BAD_TYPE, "source must be text, got 1"),
    ("unknown target", rating(target_type="mood"), Reason.BAD_TYPE, "target_type must be one of"),
]


@pytest.mark.parametrize(("payload", "reason", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_refusal(payload: bytes | dict[str, Any], reason: Reason, words: str) -> None:
    rejection = refusal(payload)
    assert rejection.reason is reason
    assert words in rejection.detail
    assert len(rejection.detail) < 300


def test_every_reason_of_validation_has_a_case() -> None:
    elsewhere = {Reason.DUPLICATE_CONFLICT, Reason.UNKNOWN_TENANT, Reason.UNREADABLE_ANSWER, Reason.MAPPING}
    assert {case[2] for case in BAD} | elsewhere == set(Reason)


def test_a_tenant_that_does_not_exist() -> None:
    with pytest.raises(Rejection) as caught:
        Validator(None, "conversation_events", RECEIVED_AT).check(orjson.dumps(message()))
    assert caught.value.reason is Reason.UNKNOWN_TENANT


def test_the_plain_event() -> None:
    row = row_of(message(response_time_ms=900, confidence=1, foo={"bar": [1, None]}, language="de"))
    assert row.event_id == "e1"
    assert row.occurred_at == datetime(2025, 6, 10, 9, tzinfo=UTC)
    assert not row.naive_timestamp
    assert json.loads(row.event_data) == {"foo": {"bar": [1, None]}, "language": "de"}
    assert values(row)["response_time_ms"] == 900
    assert values(row)["confidence"] == 1.0
    assert values(row)["closed_by"] is None


def values(row: Row) -> dict[str, Any]:
    columns = ["event_type", *(name for name in STREAMS["conversation_events"].columns if name != "event_type")]
    return dict(zip(columns, row.values, strict=True))


def test_a_forecast_outside_0_to_1_is_kept_as_sent() -> None:
    stream, row = validator().check(orjson.dumps(action(predicted_confidence=1.2, window_hours=24.0, persona="buyer")))
    stored = dict(zip(stream.columns, row.values, strict=True))
    assert (stored["predicted_confidence"], stored["window_hours"]) == (1.2, 24)
    assert json.loads(row.event_data) == {"persona": "buyer"}


@pytest.mark.parametrize(("source", "stars"), [("inline", -1), ("inline", 1), ("dashboard", 1), ("dashboard", 5)])
def test_each_source_of_feedback_has_its_own_scale(source: str, stars: int) -> None:
    stream, row = validator().check(orjson.dumps(rating(source=source, rating=stars)))
    assert dict(zip(stream.columns, row.values, strict=True))["rating"] == stars


def test_aliases_lifting_and_nulls_make_one_event() -> None:
    plain = message(event_type="conversation_resolved", closed_by="human", customer_id="ann", note="x")
    other = {
        "id": "e1",
        "store_id": "acme",
        "stream": "conversation_events",
        "event_type": "resolved",
        "timestamp": "2025-06-10T11:00:00+02:00",
        "received_at": "2025-06-10T11:00:01+02:00",
        "conversation_id": "c1",
        "channel": None,
        "customer_id": None,
        "event_data": {"closed_by": "human", "customer_id": "ann", "text": "It left yesterday.", "note": "x", "model": None},
    }
    assert row_of(other) == row_of(plain)


def test_the_top_level_wins_over_event_data() -> None:
    assert values(row_of(message(channel="chat", event_data={"channel": "email"})))["channel"] == "chat"


def test_names_of_the_envelope_inside_event_data_are_somebodys_own() -> None:
    row = row_of(message(event_data={"id": 17, "timestamp": "noon", "event_id": "x", "conversation_id": "other", "store_id": "globex"}))
    assert row.event_id == "e1"
    assert values(row)["conversation_id"] == "c1"
    assert json.loads(row.event_data) == {
        "id": 17,
        "timestamp": "noon",
        "event_id": "x",
        "conversation_id": "other",
        "store_id": "globex",
    }
    assert row.body_hash != row_of(message()).body_hash


def test_a_later_alias_of_the_time_stays_in_event_data() -> None:
    row = row_of(message(created_at="2025-06-10T08:00:00Z"))
    assert row.occurred_at == datetime(2025, 6, 10, 9, tzinfo=UTC)
    assert json.loads(row.event_data) == {"created_at": "2025-06-10T08:00:00Z"}


def test_of_duplicate_keys_the_last_wins() -> None:
    payload = orjson.dumps(message())[:-1] + b', "text": "second", "event_type": "message_sent", "text": "third"}'
    assert values(row_of(payload))["text"] == "third"


def test_an_event_without_id_gets_one_from_its_content() -> None:
    first, again, other = (row_of(message(event_id=None, text=text)) for text in ("a", "a", "b"))
    assert first.event_id == again.event_id != other.event_id
    assert len(first.event_id) == 64
    globex = Validator(Recipient(UUID(int=2), "globex"), "conversation_events", RECEIVED_AT)
    assert globex.check(orjson.dumps(message(event_id=None, text="a")))[1].event_id != first.event_id


def test_an_empty_id_names_nobody() -> None:
    row = row_of(message(event_id="", customer_id="", agent_id=""))
    assert len(row.event_id) == 64
    assert values(row)["customer_id"] is None


def test_numbers_are_compared_by_value() -> None:
    assert row_of(message(confidence=1, response_time_ms=900)) == row_of(message(confidence=1.0, response_time_ms=900.0))


@pytest.mark.parametrize(
    ("sent", "instant", "is_naive"),
    [
        ("2025-06-10T09:00:00Z", "2025-06-10T09:00:00", False),
        ("2025-06-10t09:00:00z", "2025-06-10T09:00:00", False),
        ("2025-06-10 11:00:00.5+02:00", "2025-06-10T09:00:00.500000", False),
        ("2025-06-10T09:00", "2025-06-10T09:00:00", True),
        ("2025-06-10T09:00:00.123456789Z", "2025-06-10T09:00:00.123456", False),
        ("2025-03-30T02:30:00+01:00", "2025-03-30T01:30:00", False),
        ("2025-06-10T12:05:00Z", "2025-06-10T12:05:00", False),
        ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00", False),
    ],
)
def test_clocks(sent: str, instant: str, is_naive: bool) -> None:
    row = row_of(message(occurred_at=sent))
    assert row.occurred_at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert row.naive_timestamp is is_naive


def test_32_levels_are_not_too_deep() -> None:
    assert row_of(message(**nested(MAX_DEPTH - 1))).event_id == "e1"


def test_brackets_inside_text_are_no_levels() -> None:
    assert values(row_of(message(text="[{" * 100 + '\\"')))["text"].startswith("[{[{")


def test_an_event_of_exactly_64_kib_is_accepted() -> None:
    frame = len(orjson.dumps(message(text="")))
    payload = orjson.dumps(message(text="x" * (MAX_BYTES - frame)))
    assert len(payload) == MAX_BYTES
    assert row_of(payload).event_id == "e1"


def test_integers_beyond_64_bits_stay_whole_in_event_data() -> None:
    row = row_of(b'{"big": 123456789012345678901234567890, ' + orjson.dumps(message())[1:])
    assert row.event_data == '{"big":123456789012345678901234567890}'


@pytest.mark.parametrize(
    "payload",
    [b"{}", b'{"a": "\xc3\xa9\xf0\x9f\x98\x80"}', b'{"a": 1e400, "a": "\\u0000"}', b'{"a": "\\ud800"}', b"\xff\x00", b"[" * 10_000, b"NaN"],
)
def test_the_quarantine_keeps_payloads_as_ascii(payload: bytes) -> None:
    text, encoding = safe_text(payload)
    assert text.isascii()
    assert "\x00" not in text
    back = original_bytes(text, encoding)
    if encoding == "base64":
        assert back == payload
    else:
        assert repr(json.loads(back)) == repr(json.loads(payload))


def test_a_schema_for_every_stream() -> None:
    schema = STREAMS["conversation_events"].json_schema()
    assert len(schema["oneOf"]) == 11
    assert "rating" in schema["$defs"]["CsatSubmitted"]["required"]
    assert set(STREAMS["feedback"].json_schema()["$defs"]) == {"InlineFeedback", "DashboardFeedback"}
    assert STREAMS["quality_scores"].json_schema()["required"] == ["occurred_at", "conversation_id", "scorer_kind", "scorer"]


# --- the fast way and the contract agree


def verdict(check: Any, payload: bytes) -> tuple[str, Row] | Reason:
    try:
        stream, row = check(payload)
    except Rejection as rejection:
        return rejection.reason
    return stream.name, row


def assert_agreement(payload: bytes) -> tuple[str, Row] | Reason:
    one, other = verdict(validator().check, payload), verdict(validator().check_by_model, payload)
    assert one == other
    return one


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["", "ai", "message_sent", "2025-06-10T09:00:00Z", "\x00", "\ud800", "é" * 201, 0, 1, 0.5, 1e300, 5, -1, 2**63, "acme"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
field_names = st.sampled_from(
    [
        *sorted({name for stream in STREAMS.values() for name in stream.fields}),
        *("id", "timestamp", "created_at", "event_data", "stream", "store_id", "tenant_id", "received_at", "foo", "model_config", "one_of"),
    ]
)
event_types = st.sampled_from(
    [variant.model_fields["event_type"].annotation.__args__[0] for variant in STREAMS["conversation_events"].variants]
)


@settings(max_examples=600, deadline=None)
@given(
    base=st.builds(lambda event_type: message(event_type=event_type, rating=3, deal_stage="won"), event_types)
    | st.sampled_from([score(), action(), signal(), rating(), rating(source="dashboard", rating=5)]),
    changes=st.dictionaries(field_names, json_values, max_size=4),
    inner=st.none() | st.dictionaries(field_names, json_values, max_size=3),
    doubled=st.booleans(),
)
def test_mutated_events_get_the_same_verdict(base: dict[str, Any], changes: dict[str, Any], inner: Any, doubled: bool) -> None:
    event = {**base, **changes, **({"event_data": inner} if inner is not None else {})}
    payload = json.dumps(event).encode()
    if doubled:
        payload = payload[:-1] + b", " + json.dumps(base).encode()[1:]
    assert_agreement(payload)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_realistic_events_are_accepted_both_ways(data: st.DataObject) -> None:
    events = data.draw(conversation_events())
    for event in [*events, *({**one, "stream": "quality_scores"} for one in data.draw(quality_scores(events)))]:
        late = Validator(SOMEBODY, "conversation_events", RECEIVED_AT + timedelta(days=900))
        payload = orjson.dumps(event)
        assert verdict(late.check, payload) == verdict(late.check_by_model, payload)
        assert not isinstance(verdict(late.check, payload), Reason), event


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_get_a_verdict(payload: bytes) -> None:
    assert isinstance(assert_agreement(payload), Reason)


@settings(max_examples=200, deadline=None)
@given(event=st.dictionaries(field_names, json_values, max_size=5), order=st.randoms())
def test_the_same_event_in_any_order_of_keys_is_the_same(event: dict[str, Any], order: Any) -> None:
    event = {**message(), **{name: value for name, value in event.items() if name not in ("event_id", "id")}}
    names = list(event)
    order.shuffle(names)
    one = verdict(validator().check, json.dumps(event).encode())
    other = verdict(validator().check, json.dumps({name: event[name] for name in names}, indent=1).encode())
    assert one == other


def test_floats_survive() -> None:
    row = row_of(message(event_type="deal_stage_changed", deal_stage="won", amount=19.99))
    assert math.isclose(json.loads(row.event_data)["amount"], 19.99, rel_tol=0)
