"""A landing with things in it that cannot be loaded: they are named, the rest is loaded, and nothing is tried for ever."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from agentmarts import doctor
from agentmarts.settings import Settings, now
from agentmarts.streams.landing import files, landed
from agentmarts.streams.landing.landed import land, landing_problems, waiting_files
from agentmarts.streams.landing.read_options import LandingError, ReadOptions
from agentmarts.streams.landing.reading import Record, iter_rows
from agentmarts.streams.store import loader
from agentmarts.tenancy.tenants import create_tenant
from tests.support.facts.streams import lines, message, raw_rows

Put = Callable[[str, bytes], Path]


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A warehouse with a landing of its own."""
    return settings.model_copy(update={"landing": str(tmp_path / "landing")})


@pytest.fixture
def put(settings: Settings) -> Put:
    """Writes a file below the landing of a warehouse with two tenants."""
    for slug in ("acme", "globex"):
        create_tenant(settings, slug=slug)

    def write(name: str, content: bytes) -> Path:
        path = Path(settings.landing_url) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


def events(*ids: str) -> bytes:
    return b"\n".join(lines(*(message(event_id=one) for one in ids))) + b"\n"


def ids(settings: Settings) -> set[str]:
    return {str(row[1]) for row in raw_rows(settings)}


def test_what_cannot_be_loaded_is_named_and_stops_nothing(settings: Settings, put: Put) -> None:
    put("Acme/conversation_events/a.ndjson", events("wrong case"))
    put("acme/conversation_event/a.ndjson", events("mistyped stream"))
    put("acme/loose.ndjson", events("no folder"))
    put("acme/conversation_events/notes.docx", b"no format")
    put("acme/conversation_events/.DS_Store", b"nobody's business")
    put("acme/conversation_events/a.parquet", b"PAR1 and no more")
    put("acme/conversation_events/b.ndjson.gz", gzip.compress(events("cut off") * 200)[:60])
    put("acme/conversation_events/c.ndjson", events("good"))
    put("globex/conversation_events/a.ndjson", events("good too"))

    done = land(settings, "conversation_events")
    assert ids(settings) == {"good", "good too"}
    assert [one.file.name for one in done if one.problem] == ["acme/conversation_events/a.parquet", "acme/conversation_events/b.ndjson.gz"]
    assert [(one.name, one.problem.split(":")[0]) for one in landing_problems(settings)] == [
        ("Acme/conversation_events/a.ndjson", "there is no tenant 'Acme'"),
        ("acme/conversation_event/a.ndjson", "there is no stream 'conversation_event'"),
        ("acme/conversation_events/a.parquet", "cannot be read after row 0"),
        ("acme/conversation_events/b.ndjson.gz", "cannot be read after row 0"),
        (
            "acme/conversation_events/notes.docx",
            "the name must end in .ndjson, .jsonl, .json, .csv, .tsv, .parquet, .arrow, .feather, .xlsx, .xls, .ods, "
            "optionally with .gz, .bz2, .xz, .zst, .zip",
        ),
        ("acme/loose.ndjson", "a landing file lies in <tenant>/<stream>/"),
    ]
    assert waiting_files(settings) == [], "no sensor starts a run for what was tried and did not change"
    assert doctor._landing(settings).sentence.startswith("6 things in the landing are not loaded, first Acme/")


def test_a_mended_file_and_a_tenant_who_came_later_are_loaded(settings: Settings, put: Put) -> None:
    broken = put("acme/conversation_events/a.json", b"[{")
    put("initech/conversation_events/a.ndjson", events("early"))
    assert [one.problem is not None for one in land(settings)] == [True]

    broken.write_bytes(b"[" + events("mended") + b"]")
    os.utime(broken, (1, 1))
    create_tenant(settings, slug="initech")
    assert [one.problem for one in land(settings)] == [None, None]
    assert ids(settings) == {"mended", "early"}
    assert landing_problems(settings) == []
    assert doctor._landing(settings).severity == "ok"


def test_what_could_not_be_read_is_tried_again_after_an_hour(settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("acme/conversation_events/a.json", b"[{")
    land(settings)
    later = now() + timedelta(hours=1)
    monkeypatch.setattr(landed, "now", lambda: later)
    assert [file.name for file in waiting_files(settings)] == ["acme/conversation_events/a.json"]
    land(settings)
    assert waiting_files(settings) == []


def test_a_file_that_breaks_off_keeps_the_transactions_before(settings: Settings, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(url: str, options: ReadOptions) -> Iterator[tuple[int, Record]]:
        yield from islice(iter_rows(url, options), 2)
        raise LandingError("the connection is gone")

    monkeypatch.setattr(loader, "ROWS_PER_TRANSACTION", 2)
    monkeypatch.setattr(files, "iter_rows", broken_off)
    put("acme/conversation_events/a.ndjson", events("1", "2", "3"))
    (done,) = land(settings)
    assert (done.report.accepted, done.problem) == (2, "the connection is gone")
    assert ids(settings) == {"1", "2"}


def test_a_landing_that_cannot_be_looked_at_is_a_problem_and_no_failure_of_status(settings: Settings) -> None:
    unknown = settings.model_copy(update={"landing": "nowhere://user:secret@bucket"})
    (problem,) = landing_problems(unknown)
    assert problem.problem.startswith("cannot be looked at (")
    assert "secret" not in problem.problem
