"""Landing files of every format, from a folder or another address, give the same rows."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest

from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.streams.contract.validation import encode_row
from agentmarts.streams.landing.files import load_file, stream_rows
from agentmarts.streams.landing.locations import landing_files
from agentmarts.streams.landing.read_options import LandingError
from agentmarts.streams.landing.reading import LONGEST_LINE, iter_rows
from agentmarts.streams.store.loader import LoadReport
from agentmarts.streams.store.quarantine import list_quarantine
from agentmarts.warehouse.connection import Role, dsn
from tests.support.facts.streams import RECEIVED_AT, a_tenant, lines, message, quarantined, raw_rows, row_of

EVENTS = [
    message(event_id="1", response_time_ms=900, confidence=0.25, text='with "quotes",\ncommas and ünïcode'),
    message(
        event_id="2", event_type="knowledge_retrieved", text=None, result_count=0, source_ids=["a", "b"], occurred_at="2025-06-10T09:00"
    ),
    message(event_id="3", event_type="conversation_resolved", text=None, customer_confirmed=False, customer_id="0017", note="mine"),
    message(event_id="4", event_type="csat_submitted", text=None, rating=5),
]


def as_ndjson() -> bytes:
    return b"\n".join(lines(*EVENTS)) + b"\n"


def as_csv() -> bytes:
    columns = sorted({name for event in EVENTS for name in event})
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    for event in EVENTS:
        writer.writerow({name: orjson.dumps(value).decode() if isinstance(value, list | bool) else value for name, value in event.items()})
    return text.getvalue().encode()


def as_parquet() -> bytes:
    target = io.BytesIO()
    pa.parquet.write_table(
        pa.Table.from_pylist([{name: event.get(name) for name in {k for e in EVENTS for k in e}} for event in EVENTS]), target
    )
    return target.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "e.ndjson": as_ndjson,
    "e.jsonl": lambda: b"\xef\xbb\xbf" + as_ndjson().replace(b"\n", b"\r\n\r\n"),
    "e.json": lambda: orjson.dumps(EVENTS, option=orjson.OPT_INDENT_2),
    "e.csv": as_csv,
    "e.parquet": as_parquet,
    "e.ndjson.gz": lambda: gzip.compress(as_ndjson()),
    "e.csv.gz": lambda: gzip.compress(b"\xef\xbb\xbf" + as_csv()),
    "e.csv.bz2": lambda: bz2.compress(as_csv()),
    "e.json.gz": lambda: gzip.compress(orjson.dumps(EVENTS)),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", ["folder", "memory"])
def test_every_format_gives_the_same_events(name: str, place: str, tmp_path: Path) -> None:
    url = str(tmp_path / name) if place == "folder" else f"memory://landing-{tmp_path.name}/{name}"
    with fsspec.open(url, "wb") as file:
        file.write(FILES[name]())
    rows = [
        row_of(payload if isinstance(payload, bytes) else encode_row(payload)) for _, payload in stream_rows(url, "conversation_events")
    ]
    assert rows == [row_of(event) for event in EVENTS]


def test_parquet_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "event_id": pa.array([1, 2]),
            "conversation_id": ["c", "c"],
            "event_type": ["message_sent", "message_sent"],
            "occurred_at": pa.array([1749546000_000000123, 1749546060_000000000], pa.timestamp("ns", "Europe/Berlin")),
            "confidence": pa.array([float("nan"), 1.0]),
            "event_data": [{"a": 1}, {"a": 2}],
        }
    )
    pa.parquet.write_table(table, tmp_path / "e.parquet")
    first, second = (row_of(encode_row(row)) for _, row in stream_rows(str(tmp_path / "e.parquet"), "conversation_events"))
    assert (first.event_id, first.occurred_at, first.event_data) == ("1", datetime(2025, 6, 10, 9, tzinfo=UTC), '{"a":1}')
    assert 1.0 not in first.values
    assert 1.0 in second.values


def test_cells_that_cannot_be_converted_are_explained(settings: Settings, tmp_path: Path) -> None:
    a_tenant(settings)
    path = tmp_path / "e.csv"
    path.write_text(
        "event_id,conversation_id,event_type,occurred_at,response_time_ms\n"
        "1,c,message_sent,2025-06-10T09:00:00Z,fast\n"
        "2,c,message_sent,2025-06-10T09:00:00Z,12\n"
        "\n"
        "3,c,message_sent,2025-06-10T09:00:00Z,12,13\n"
        "4,c,message_sent,2025-06-10T09:00:00Z\n"
    )
    report = loaded(settings, path)
    assert report == LoadReport(2, 0, 2, {"bad_type": 2})
    assert {one.source: one.detail for one in list_quarantine(settings)} == {
        f"{path}:2": "response_time_ms must be a whole number, got 'fast'",
        f"{path}:5": "an event must be a JSON object, got ['3', 'c', 'message_sent', '2025-06-10T09:00:00Z', '12', '1…",
    }


def loaded(settings: Settings, path: Path) -> LoadReport:
    return load_file(settings, str(path), tenant="acme", stream="conversation_events", received_at=RECEIVED_AT)


def test_a_line_longer_than_memory_should_hold(settings: Settings, tmp_path: Path) -> None:
    a_tenant(settings)
    path = tmp_path / "e.ndjson"
    path.write_bytes(b'{"text": "' + b"x" * (LONGEST_LINE + 100) + b'"}\n' + lines(message())[0])
    assert [(number, len(row)) for number, row in iter_rows(str(path))] == [(1, LONGEST_LINE), (2, len(lines(message())[0]))]
    assert loaded(settings, path) == LoadReport(1, 0, 1, {"body_too_large": 1})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("e.ndjson.gz", gzip.compress(as_ndjson() * 100)[:-20], "cannot be read after row"),
        ("e.ndjson.gz", b"not gzip at all", "cannot be read after row 0"),
        ("e.parquet", b"not parquet", "cannot be read after row 0"),
        ("e.json", b'{"one": "obj', "cannot be read after row 0"),
        ("e.xlsx", b"no workbook", "cannot be read after row 0"),
        ("e.docx", b"", "the name must end in"),
    ],
)
def test_files_that_cannot_be_read(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LandingError, match=words):
        list(iter_rows(str(tmp_path / name)))
    with pytest.raises(LandingError):
        list(iter_rows(str(tmp_path / "nothing.ndjson")))


@pytest.mark.parametrize("place", ["folder", "memory"])
def test_the_layout_of_a_landing(place: str, tmp_path: Path) -> None:
    root = str(tmp_path / "landing") if place == "folder" else f"memory://{tmp_path.name}"
    assert landing_files(root) == []
    names = [
        "acme/conversation_events/2025/b.ndjson.gz",
        "acme/conversation_events/a.csv",
        "acme/quality_scores/s.parquet",
        "globex/conversation_events/a.jsonl",
    ]
    ignored = [
        "acme/conversation_events/.hidden.ndjson",
        "acme/conversation_events/_tmp.ndjson",
        "acme/conversation_events/x.ndjson.part",
        "acme/conversation_events/readme.txt",
        "acme/stray.ndjson",
    ]
    for name in [*names, *ignored]:
        if place == "folder":
            Path(root, name).parent.mkdir(parents=True, exist_ok=True)
        with fsspec.open(f"{root}/{name}", "wb") as file:
            file.write(b"{}")
    files = landing_files(root)
    assert [file.name for file in files] == sorted(names)
    assert [(file.tenant, file.stream, file.size) for file in files if file.tenant == "globex"] == [("globex", "conversation_events", 2)]
    for file in files[:1]:
        with fsspec.open(file.url, "rb") as content:
            assert content.read() == b"{}"


def test_a_changed_file_has_another_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "acme" / "conversation_events" / "a.ndjson"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{}")
    os.utime(path, (1, 1))
    (before,) = landing_files(str(tmp_path))
    assert landing_files(str(tmp_path)) == [before]
    os.utime(path, (2, 2))
    (after,) = landing_files(str(tmp_path))
    assert after.fingerprint != before.fingerprint


PROGRAM = """
import sys
from datetime import datetime
from pydantic import SecretStr
from agentmarts.settings import Settings
from agentmarts.streams.store import loader
from agentmarts.streams.landing.files import load_file
loader.ROWS_PER_TRANSACTION = 20
settings = Settings(home=sys.argv[1], DATABASE_URL=sys.argv[2], secret_key=sys.argv[3])
load_file(settings, sys.argv[4], tenant="acme", stream="conversation_events", received_at=datetime.fromisoformat(sys.argv[5]))
"""


@pytest.mark.parametrize("point", ["ingest-after-read", "ingest-mid-copy", "ingest-before-commit", "ingest-after-commit"])
def test_killed_anywhere_and_loaded_again(settings: Settings, tmp_path: Path, point: str) -> None:
    a_tenant(settings)
    path = tmp_path / "e.ndjson"
    path.write_bytes(b"\n".join([*lines(*(message(event_id=f"e{number}") for number in range(50))), b"{", b"["]))
    assert settings.secret_key is not None
    arguments: list[Any] = [
        settings.home, dsn(settings, Role.MIGRATOR), settings.secret_key.get_secret_value(), path, RECEIVED_AT.isoformat(),
    ]  # fmt: skip
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)], cwd=PROJECT_ROOT, env={**os.environ, "AGENTMARTS_FAULT": point}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    survived = 20 if point == "ingest-after-commit" else 0
    assert len(raw_rows(settings)) == survived
    assert loaded(settings, path) == LoadReport(50 - survived, survived, 2, {"not_json": 2})
    assert len(raw_rows(settings)) == 50
    assert len(quarantined(settings)) == 2


def test_a_missing_package_of_an_address_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    for look in (lambda: landing_files("s3://bucket/landing"), lambda: list(iter_rows("s3://bucket/landing/acme/x/1.ndjson"))):
        with pytest.raises(LandingError, match="make s3"):
            look()
