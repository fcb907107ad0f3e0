"""Mapping files: somebody else's records become our events, and mistakes are explained."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import orjson
import pytest

from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.streams.contract.batch import Unmapped
from agentmarts.streams.contract.rejection import Rejection
from agentmarts.streams.contract.validation import encode_row
from agentmarts.streams.landing.files import load_file, mapped_rows
from agentmarts.streams.landing.mapping import MappingError, parse_mapping, read_mapping
from agentmarts.streams.landing.mapping_expressions import ExpressionError, compile_value
from agentmarts.streams.store.loader import LoadReport
from agentmarts.streams.store.quarantine import list_quarantine
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts import tau_bench
from tests.support.facts.streams import RECEIVED_AT, a_tenant, row_of

TAU_MAPPING = PROJECT_ROOT / "tests" / "support" / "mappings" / "tau_bench.yaml"
DATA = os.environ.get("AGENTMARTS_TEST_DATA")
with_data = pytest.mark.skipif(DATA is None, reason="AGENTMARTS_TEST_DATA names no folder")

FLAT = """
version: 1
stream: conversation_events
events:
  - when: record.Status != 'spam'
    fields:
      event_id: "ticket-{{ record.Id }}"
      conversation_id: "{{ record.Ticket }}"
      event_type: message_sent
      occurred_at: "{{ instant(record.Sent, 'Europe/Berlin', '%d.%m.%Y %H:%M') }}"
      agent_kind: human
      text: "{{ record.Body }}"
      response_time_ms: "{{ record.Seconds | float * 1000 if record.Seconds }}"
      customer_id: "{{ record.Customer }}"
      event_data:
        subject: "{{ record.Subject }}"
        source: helpdesk
        label: "{{ record.Queue }}/{{ record.Team }}"
"""


def events_of(mapping: str, *records: dict[str, Any]) -> list[dict[str, Any]]:
    compiled = parse_mapping(dedent(mapping))
    return [event for index, record in enumerate(records) for event in compiled.events(index, record)]


def test_a_flat_export() -> None:
    (event,) = events_of(
        FLAT,
        {"Id": 7, "Ticket": 12, "Sent": "10.06.2025 10:30", "Body": "{{ no template }}", "Seconds": "1.5", "Customer": 99, "Queue": "A"},
        {"Id": 8, "Ticket": 12, "Status": "spam"},
    )
    row = row_of(encode_row(event))
    assert row.event_id == "ticket-7"
    assert row.occurred_at == datetime(2025, 6, 10, 8, 30, tzinfo=UTC)
    assert event["conversation_id"] == "12"
    assert event["customer_id"] == "99"
    assert event["response_time_ms"] == 1500.0
    assert event["text"] == "{{ no template }}"
    assert event["event_data"] == {"source": "helpdesk"}


@pytest.mark.parametrize(
    ("expression", "record", "expected"),
    [
        ("record.score | float", {}, None),
        ("record.score | float", {"score": None}, None),
        ("record.score | float * 1000", {}, None),
        ("record.score | float(decimal=',')", {"score": "0,25"}, 0.25),
        ("record.score | float(decimal=',', thousands='.')", {"score": "1.234,5"}, 1234.5),
        ("record.score | float(decimal=',')", {"score": "0.25"}, 0.25),
        ("record.score | float(0.5)", {"score": "n/a"}, 0.5),
        ("record.score | int", {"score": "12345678901234567890"}, 12345678901234567890),
        ("record.score | int", {"score": 12.0}, 12),
        ("sha256(record['E-Mail'])", {}, None),
        ("sha256(record['E-Mail'])", {"E-Mail": ""}, None),
        ("instant(record.sent)", {}, None),
        ("instant(record.sent) + seconds(record.wait)", {"sent": "2025-06-10T09:00:00Z"}, None),
        ("(record.stars - 1) / 4", {"stars": None}, None),
        ("record.stars > 3", {}, None),
        ("record.name | upper", {}, None),
        ("record.name | default('nobody') | upper", {"name": None}, "NOBODY"),
        ("record.a.b.c", {"a": None}, None),
        ("record.a is none and record.b == none", {"a": None}, True),
        ("[record.a, record.b]", {"a": 1}, [1, None]),
        # 30 March 2025, 2:30 was jumped over in Berlin; 26 October 2025, 2:30 came twice.
        ("instant('2025-03-30T02:30:00', 'Europe/Berlin')", {}, datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
        ("instant('2025-10-26T02:30:00', 'Europe/Berlin')", {}, datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
    ],
)
def test_what_is_not_there_stays_away(expression: str, record: dict[str, Any], expected: object) -> None:
    assert compile_value(f"{{{{ {expression} }}}}", ["record"])({"record": record}) == expected


@pytest.mark.parametrize("text", ["n/a", "0,25", "45%", "1,234", "", "nan", "inf", "1e999"])
@pytest.mark.parametrize("filter", ["float", "int"])
def test_what_is_no_number_is_refused(text: str, filter: str) -> None:
    with pytest.raises(ExpressionError, match="is no number"):
        compile_value(f"{{{{ record.score | {filter} }}}}", ["record"])({"record": {"score": text}})


def test_two_events_of_a_record_with_one_id_refuse_it() -> None:
    mapping = """
    version: 1
    stream: conversation_events
    defaults:
      conversation_events:
        {event_id: "t-{{ record.id }}", conversation_id: "{{ record.id }}", occurred_at: "{{ instant(record.when) }}"}
    events:
      - fields: {event_type: message_received}
      - {when: record.done, fields: {event_type: conversation_resolved}}
    """
    (event,) = events_of(mapping, {"id": 1, "when": "2025-06-10T10:00:00"})
    assert event["event_id"] == "t-1"
    with pytest.raises(Rejection, match=r"one event_id, 't-1': events\[0\] and events\[1\]"):
        events_of(mapping, {"id": 1, "when": "2025-06-10T10:00:00", "done": True})


def test_lists_within_lists_know_their_parents() -> None:
    """A page of conversations, each with its parts: positions and totals are those within one conversation."""
    events = events_of(
        """
        version: 1
        stream: conversation_events
        items: [record.conversations, "[{'id': 0}] + item.parts"]
        running: {waited: item.wait or 0}
        defaults:
          conversation_events:
            event_id: "{{ parents[0].id }}-{{ item.id }}"
            conversation_id: "{{ parents[0].id }}"
            occurred_at: "{{ instant(parents[0].at) + seconds(waited) }}"
        events:
          - {when: not is_last, fields: {event_type: message_received, text: "{{ position }}"}}
          - {when: is_last, fields: {event_type: conversation_resolved, closed_by: "{{ parents[0].closed_by }}"}}
        """,
        {
            "conversations": [
                {"id": "a", "at": "2025-06-10T09:00:00Z", "closed_by": "human", "parts": [{"id": 1, "wait": 10}, {"id": 2, "wait": 5}]},
                {"id": "b", "at": "2025-06-11T09:00:00Z", "parts": []},
                {"id": "c", "parts": None},
            ][:2]
        },
    )
    assert [(event["event_id"], event["occurred_at"].isoformat()[8:19], event.get("text"), event.get("closed_by")) for event in events] == [
        ("a-0", "10T09:00:00", "0", None),
        ("a-1", "10T09:00:10", "1", None),
        ("a-2", "10T09:00:15", None, "human"),
        ("b-0", "11T09:00:00", None, None),
    ]


def test_a_mapping_says_how_its_files_are_read(settings: Settings, tmp_path: Path) -> None:
    a_tenant(settings)
    path = tmp_path / "report.csv"
    path.write_bytes("Stand: Juni\nNr;Größe;Zeit\n1;1,5;2025-06-10T09:00:00Z\n".encode("cp1252"))
    mapping = """
    version: 1
    stream: conversation_events
    read: {encoding: cp1252, delimiter: ";", decimal: ",", skip_lines: 1}
    events:
      - fields:
          conversation_id: "{{ record.Nr }}"
          event_type: message_sent
          occurred_at: "{{ instant(record.Zeit) }}"
          confidence: "{{ record['Größe'] | float / 2 }}"
    """
    report = load_file(
        settings, str(path), tenant="acme", stream="conversation_events", mapping=parse_mapping(dedent(mapping)), received_at=RECEIVED_AT
    )
    assert report == LoadReport(accepted=1)
    with pytest.raises(MappingError, match=r"read\.delimeter"):
        parse_mapping("version: 1\nread: {delimeter: x}\nevents: []")


def test_csv_records_load(settings: Settings, tmp_path: Path) -> None:
    a_tenant(settings)
    path = tmp_path / "tickets.csv"
    path.write_text(
        "Id,Ticket,Sent,Body,Seconds,Status\n"
        "7,12,10.06.2025 10:30,hello,1.5,open\n"
        "8,12,yesterday,hello,,open\n"
        "9,12,10.06.2025 10:31,x,,spam\n"
    )
    report = load_file(
        settings, str(path), tenant="acme", stream="conversation_events", mapping=parse_mapping(FLAT), received_at=RECEIVED_AT
    )
    assert report == LoadReport(1, 0, 1, {"bad_type": 1})
    (refused,) = list_quarantine(settings)
    assert refused.source == f"{path}:3"
    assert "the mapping's events[0].fields.occurred_at cannot be computed" in refused.detail
    assert orjson.loads(refused.payload)["Sent"] == "yesterday"


def test_a_record_is_mapped_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    mapping = parse_mapping(
        dedent("""
        version: 1
        stream: quality_scores
        items: record.scores
        events:
          - fields: {conversation_id: c, occurred_at: "2025-06-10T09:00:00Z", scorer: s, scorer_kind: rule, accuracy: "{{ item / 10 }}"}
        """)
    )
    (tmp_path / "r.ndjson").write_text('{"scores": [1, "x"]}\n{"scores": [5, 6]}\n{"scores": 3}\n{}\nnot json\n')
    rows = list(mapped_rows(str(tmp_path / "r.ndjson"), mapping))
    assert [number for number, _ in rows] == [1, 2, 2, 3, 5]
    assert [type(row) is Unmapped for _, row in rows] == [True, False, False, True, True]
    assert [row["accuracy"] for _, row in rows if isinstance(row, dict)] == [0.5, 0.6]


def test_running_totals_and_positions() -> None:
    events = events_of(
        """
        version: 1
        stream: conversation_events
        per_record:
          begins: "{{ from_epoch(record.start) }}"
        items: record.turns
        running:
          elapsed: item.pause
          turns: 1
        per_item:
          at: "{{ begins + seconds(elapsed) }}"
        defaults:
          conversation_events: {conversation_id: "{{ record.id }}-{{ index }}", occurred_at: "{{ at }}"}
        events:
          - when: is_first
            fields: {event_type: started, event_data: {source: "{{ sha256(record.id)[:4] }}"}}
          - fields: {event_type: message_received, text: "turn {{ turns }}"}
          - when: is_last
            fields: {event_type: conversation_resolved}
        """,
        {"id": "a", "start": 1749546000, "turns": [{"pause": 1}, {"pause": 2.5}]},
        {"id": "b", "start": 0, "turns": []},
    )
    assert [(event["event_type"], event["occurred_at"].second, event.get("text")) for event in events] == [
        ("started", 1, None),
        ("message_received", 1, "turn 1"),
        ("message_received", 3, "turn 2"),
        ("conversation_resolved", 3, None),
    ]
    assert events[0]["event_data"] == {"source": "ca97"}


RULE = "\nevents:\n  - fields: {conversation_id: c, event_type: message_sent, occurred_at: '2025-06-10T09:00:00Z'"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 2", "version"),
        ("[1, 2]", "the file"),
        ("{a: b: c", "no YAML"),
        ("version: 1\nevents: []", "events: List should have at least 1"),
        ("version: 1\nevnts: []", "events: Field required|evnts"),
        ("version: 1" + RULE + "}", r"events\[0\] has no stream"),
        ("version: 1\nstream: feelings" + RULE + "}", "'feelings' is no stream, choose one of conversation_events"),
        ("version: 1\nstream: conversation_events" + RULE + ", respons_time_ms: 1}", "did you mean response_time_ms"),
        ("version: 1\nstream: conversation_events" + RULE + ", zzz: 1}", "its fields are .* event_data"),
        ("version: 1\nstream: conversation_events\nevents:\n  - fields: {event_type: message_sent}", "conversation_id is missing"),
        (
            "version: 1\nstream: conversation_events" + RULE.replace("message_sent", "csat_submitted") + "}",
            "rating",
        ),
        ("version: 1\nstream: conversation_events\nevents:\n  - fields: {event_type: snoozed}", "'snoozed' is no event_type"),
        ("version: 1\nstream: conversation_events" + RULE + ", text: '{{ recrd.x }}'}", "unknown name 'recrd'.*known here: .*record"),
        ("version: 1\nstream: conversation_events" + RULE + ", text: '{{ record. }}'}", r"events\[0\].fields.text: expected name"),
        ("version: 1\nstream: conversation_events\nitems: '{{ record.x }}'" + RULE + "}", "items is an expression already"),
        ("version: 1\nstream: conversation_events\nper_record: {record: 1}" + RULE + "}", "per_record.record: a name must be a new one"),
        ("version: 1\nstream: conversation_events\ndefaults: {x: {}}" + RULE + "}", "defaults: 'x' is no stream"),
    ],
)
def test_mistakes_are_explained(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text)
    with pytest.raises(MappingError, match=words) as caught:
        read_mapping(path)
    assert str(path) in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "nothing.yaml")


@pytest.mark.parametrize(
    "expression", ["record.__class__.__mro__", "''.__class__", "record.items.__globals__", "record.clear()", "instant.__globals__"]
)
def test_expressions_reach_nothing_but_the_record(expression: str) -> None:
    mapping = parse_mapping(
        "version: 1\nstream: conversation_events" + RULE + ", text: '{{ EXPR }}'}".replace("EXPR", expression.replace("'", '"'))
    )
    record = {"a": 1}
    try:
        (event,) = mapping.events(0, record)
    except Rejection:
        pass
    else:
        assert "text" not in event
    assert record == {"a": 1}


def test_the_example_of_the_documentation_is_a_mapping() -> None:
    text = (PROJECT_ROOT / "docs" / "mapping.md").read_text()
    examples = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
    assert examples
    for example in examples:  # one shows a part that may stand in any
        parse_mapping(example if example.startswith("version: 1") else example + FLAT)


@with_data
def test_tau_bench_is_mapped_event_by_event() -> None:
    path = Path(str(DATA)) / "tau_bench" / "gpt-4o-airline.json"
    scores = [{**one, "stream": "quality_scores"} for one in tau_bench.scores(path)]
    expected = sorted(tau_bench_row(one) for one in [*tau_bench.events(path), *scores])
    found = sorted(tau_bench_row(row) for _, row in mapped_rows(str(path), read_mapping(TAU_MAPPING)) if isinstance(row, dict))
    assert len(found) == 4_024
    assert found == expected


def tau_bench_row(event: dict[str, Any]) -> tuple[Any, ...]:
    row = row_of(encode_row(event))
    return row.event_id, row.body_hash


@with_data
def test_tau_bench_loads(settings: Settings) -> None:
    a_tenant(settings, "tau")
    path = str(Path(str(DATA)) / "tau_bench" / "gpt-4o-airline.json")
    report = load_file(
        settings, path, tenant="tau", stream="conversation_events", mapping=read_mapping(TAU_MAPPING), received_at=RECEIVED_AT
    )
    assert report == LoadReport(4_024, 0, 0, {})
    with connect(settings, Role.INGEST) as connection:
        counts = dict(connection.execute("select event_type, count(*) from raw.conversation_events group by 1").fetchall())
        assert connection.execute("select count(*), sum(accuracy) from raw.quality_scores").fetchone() == (200, 84.0)
        empty = connection.execute(
            "select count(*), count(distinct conversation_id) from raw.conversation_events where (event_data ->> 'result_count')::int = 0"
        ).fetchone()
    assert counts == {
        "conversation_started": 200,
        "message_received": 1_461,
        "message_sent": 1_290,
        "knowledge_retrieved": 678,
        "conversation_resolved": 147,
        "conversation_escalated": 48,
    }
    assert empty == (28, 16)
