"""The sample data keep their promises: the same bytes every time, nothing from the future, counts that are true."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from agentmarts.settings import PROJECT_ROOT
from bench.__main__ import app as bench_app
from bench.arrivals import zipf_shares
from bench.history import BenchTenant, write_bench_files
from demo.conversations.activity import Calendar, starts_of_day
from demo.event_stamps import rfc3339, time_ordered_id, to_ms
from demo.sample_events import DEMO_TENANTS, DemoTenant, LandingFile, app, write_landing_files

UNTIL = datetime(2025, 4, 2, 13, 20, tzinfo=UTC)
DAYS = 21
TENANTS = [
    DemoTenant("aurora-outfitters", "America/New_York", "outdoor", 80, "USD"),
    DemoTenant("kiosk-berlin", "Europe/Berlin", "kiosk", 50, "EUR"),
]
EVENT_TYPES = {
    "conversation_started",
    "message_sent",
    "message_received",
    "conversation_resolved",
    "conversation_escalated",
    "conversation_abandoned",
    "conversation_reopened",
    "knowledge_retrieved",
    "citation_clicked",
    "csat_submitted",
    "deal_stage_changed",
}
CLOSED_BY = {None, "ai_agent", "human", "customer", "timeout", "automation", "unknown"}
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[LandingFile]]:
    """Three weeks of the demo, over the change to summer time in Berlin."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_landing_files(folder, TENANTS, UNTIL, days=DAYS, seed=3)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[BenchTenant]]:
    """A small bench: history, next batch, tenants."""
    folder = tmp_path_factory.mktemp("bench")
    history, following = folder / "events", folder / "events-next"
    written = write_bench_files(history, 60_000, UNTIL, tenants=40, seed=3, batch_percent=2, next_folder=following)
    return history, following, written


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _lines(file: LandingFile) -> list[bytes]:
    return gzip.decompress(file.path.read_bytes()).splitlines()


def _accepted(line: bytes, stream: str) -> dict[str, Any] | None:
    """The row when it keeps the rules of its stream, else None. Written apart from generator and loader."""
    try:
        row: dict[str, Any] = json.loads(line)
        instant = datetime.fromisoformat(row["occurred_at"])
        ok = instant.tzinfo is not None and bool(row["conversation_id"]) and bool(UUID7.fullmatch(row["event_id"]))
        if stream == "quality_scores":
            names = ("helpfulness", "accuracy", "politeness", "completeness")
            scores = [row[name] for name in names if name in row]
            ok &= row["scorer_kind"] in {"judge", "human", "rule"} and bool(row["scorer"])
            ok &= all(0 <= score <= 1 for score in scores) and bool(scores or row.get("error"))
        else:
            ok &= row["event_type"] in EVENT_TYPES and 0 <= row.get("confidence", 0) <= 1
            ok &= 0 <= row.get("response_time_ms", 0) <= 2_592_000_000 and row.get("closed_by") in CLOSED_BY
            ok &= row["event_type"] != "csat_submitted" or row["rating"] in {1, 2, 3, 4, 5}
            ok &= row["event_type"] != "deal_stage_changed" or bool(row["deal_stage"])
    except (ValueError, KeyError):
        return None
    return row if ok else None


def _good_rows(files: list[LandingFile], stream: str, tenant: str | None = None) -> list[dict[str, Any]]:
    wanted = [file for file in files if file.stream == stream and tenant in {None, file.tenant}]
    rows = [row for file in wanted for line in _lines(file) if (row := _accepted(line, stream))]
    return list({row["event_id"]: row for row in rows}.values())


def test_same_seed_same_bytes(demo: tuple[Path, list[LandingFile]], tmp_path: Path) -> None:
    folder, _ = demo
    write_landing_files(tmp_path / "again", TENANTS, UNTIL, days=DAYS, seed=3)
    assert _bytes(tmp_path / "again") == _bytes(folder)
    write_landing_files(tmp_path / "other", TENANTS[:1], UNTIL, days=2, seed=4)
    write_landing_files(tmp_path / "third", TENANTS[:1], UNTIL, days=2, seed=5)
    assert _bytes(tmp_path / "other") != _bytes(tmp_path / "third")


def test_bytes_do_not_hang_on_the_process(tmp_path: Path) -> None:
    """String hashing differs from process to process; it must not reach the data."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for number, folder in enumerate(folders):
        subprocess.run(
            [sys.executable, "-m", "demo.sample_events", "--out", str(folder), "--days", "2"],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": str(number + 1)},
            cwd=PROJECT_ROOT,
        )
    assert _bytes(folders[0]) == _bytes(folders[1])


def test_later_until_only_adds_rows(demo: tuple[Path, list[LandingFile]], tmp_path: Path) -> None:
    _, files = demo
    anchor = date(2025, 4, 2)
    later = write_landing_files(tmp_path, TENANTS, UNTIL + timedelta(hours=30), days=DAYS, seed=3, anchor=anchor)
    grown = {(file.tenant, file.stream, file.path.name): _lines(file) for file in later}
    for file in files:
        before = _lines(file)
        assert grown[file.tenant, file.stream, file.path.name][: len(before)] == before
    assert sum(file.rows for file in later) > sum(file.rows for file in files)


def test_counts_are_true(demo: tuple[Path, list[LandingFile]]) -> None:
    folder, files = demo
    assert {file.path for file in files} == set(folder.rglob("*.ndjson.gz"))
    seen: set[tuple[str, bytes]] = set()
    for file in sorted(files, key=lambda file: file.path):
        bad = duplicates = 0
        lines = _lines(file)
        for line in lines:
            bad += _accepted(line, file.stream) is None
            duplicates += (file.tenant, line) in seen
            seen.add((file.tenant, line))
        assert (len(lines), bad, duplicates) == (file.rows, file.bad_rows, file.duplicate_rows), file.path
    rows = sum(file.rows for file in files)
    assert 0.0003 < sum(file.bad_rows for file in files) / rows < 0.003
    assert 0.001 < sum(file.duplicate_rows for file in files) / rows < 0.01


def test_no_id_means_two_things(demo: tuple[Path, list[LandingFile]]) -> None:
    bodies: dict[tuple[str, str], bytes] = {}
    for file in demo[1]:
        for line in _lines(file):
            if row := _accepted(line, file.stream):
                assert bodies.setdefault((file.tenant, row["event_id"]), line) == line


def test_nothing_is_in_the_future(demo: tuple[Path, list[LandingFile]]) -> None:
    _, files = demo
    for stream in ("conversation_events", "quality_scores"):
        instants = [datetime.fromisoformat(row["occurred_at"]) for row in _good_rows(files, stream)]
        assert UNTIL - timedelta(hours=6) < max(instants) <= UNTIL
        assert min(instants) >= UNTIL - timedelta(days=DAYS + 1)


def test_files_are_by_day_of_delivery(demo: tuple[Path, list[LandingFile]]) -> None:
    """An event stands in the file of its own day or of a later one; a few do so by days."""
    lag: Counter[int] = Counter()
    for file in demo[1]:
        delivered = date.fromisoformat(file.path.name.removesuffix(".ndjson.gz"))
        assert file.path.parent.name == file.stream
        assert file.path.parent.parent.name == file.tenant
        assert delivered <= UNTIL.date()
        for line in _lines(file):
            if row := _accepted(line, file.stream):
                lag[(delivered - datetime.fromisoformat(row["occurred_at"]).date()).days] += 1
    assert min(lag) == 0
    assert max(lag) <= 8
    assert 0.003 < sum(count for days, count in lag.items() if days) / lag.total() < 0.02
    assert any(days >= 2 for days in lag)


def test_every_kind_of_event_is_there(demo: tuple[Path, list[LandingFile]]) -> None:
    events = _good_rows(demo[1], "conversation_events")
    assert {row["event_type"] for row in events} == EVENT_TYPES
    assert {row.get("closed_by") for row in events} >= {"ai_agent", "customer", "timeout", "human"}
    assert {row.get("agent_kind") for row in events} >= {"ai", "human", "system"}
    assert {row["language"] for row in events} == {"en", "es", "de"}
    assert {row["channel"] for row in events} == {"web_chat", "email", "whatsapp", "instagram"}
    assert len({row["model"] for row in events if "model" in row}) == 2
    assert any("customer_id" not in row for row in events)
    assert any(row.get("result_count") == 0 for row in events)
    replies = [row for row in events if row["event_type"] == "message_sent" and "confidence" in row]
    measured = sorted(row["response_time_ms"] for row in replies if "response_time_ms" in row)
    assert 0.75 < len(measured) / len(replies) < 0.92
    assert 2_500 < measured[len(measured) // 2] < 10_000
    texts = {row["text"] for row in events if row["event_type"] == "message_received"}
    assert len(texts) > 1_000


def test_conversations_hold_together(demo: tuple[Path, list[LandingFile]]) -> None:
    """Each begins with conversation_started, and some customers have several."""
    events = _good_rows(demo[1], "conversation_events", "kiosk-berlin")
    conversations: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(events, key=lambda row: row["occurred_at"]):
        conversations.setdefault(row["conversation_id"], []).append(row)
    begun_right = sum(rows[0]["event_type"] == "conversation_started" for rows in conversations.values())
    assert begun_right / len(conversations) > 0.98  # The others' beginning is late and not delivered yet.
    customers = Counter(rows[0].get("customer_id") for rows in conversations.values())
    del customers[None]
    assert customers.most_common(1)[0][1] > 1
    assert 6 < len(events) / len(conversations) < 12


def test_quality_scores(demo: tuple[Path, list[LandingFile]]) -> None:
    _, files = demo
    tenant = "aurora-outfitters"
    scores = _good_rows(files, "quality_scores", tenant)
    conversations = {row["conversation_id"] for row in _good_rows(files, "conversation_events", tenant)}
    assert {row["conversation_id"] for row in scores} <= conversations
    judged = {row["conversation_id"] for row in scores if row["scorer_kind"] == "judge"}
    reviewed = {row["conversation_id"] for row in scores if row["scorer_kind"] == "human"}
    assert 0.3 < len(judged) / len(conversations) < 0.6
    assert 20 < len(reviewed) < len(judged)
    assert any("error" in row and "accuracy" not in row for row in scores)


def test_bad_week_shows(demo: tuple[Path, list[LandingFile]]) -> None:
    calendar = Calendar(anchor=date(2025, 4, 2), days=DAYS)
    zone = ZoneInfo("America/New_York")
    shares: dict[bool, list[float]] = {True: [], False: []}
    by_week: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row in _good_rows(demo[1], "conversation_events", "aurora-outfitters"):
        day = datetime.fromisoformat(row["occurred_at"]).astimezone(zone).date()
        by_week[calendar.is_bad(day)][row["event_type"]] += 1
        if row["event_type"] == "csat_submitted":
            shares[calendar.is_bad(day)].append(row["rating"])
    escalation = {bad: count["conversation_escalated"] / count["conversation_started"] for bad, count in by_week.items()}
    assert escalation[True] > escalation[False] * 1.2
    assert sum(shares[True]) / len(shares[True]) < sum(shares[False]) / len(shares[False]) - 0.3


def test_rhythm_and_growth_are_local() -> None:
    tenant = DEMO_TENANTS[0]
    calendar = Calendar(anchor=date(2025, 6, 30), days=90)
    zone = ZoneInfo(tenant.timezone)
    hours: Counter[int] = Counter()
    counts = []
    for offset in range(90):
        day = calendar.first_day + timedelta(days=offset)
        starts = starts_of_day(tenant, day, calendar, Random(offset))
        assert starts == sorted(starts)
        local = [datetime.fromtimestamp(start / 1_000, tz=zone) for start in starts]
        assert {instant.date() for instant in local} == {day}
        hours.update(instant.hour for instant in local)
        counts.append(len(starts))
    assert hours[11] > 5 * hours[4]
    assert sum(counts[-28:]) > 1.2 * sum(counts[:28])
    assert 70 < sum(counts) / 90 < 95


def test_days_with_23_and_25_hours() -> None:
    calendar = Calendar(anchor=date(2025, 12, 31), days=300)
    tenant = DemoTenant("t", "Europe/Berlin", "kiosk", 5_000)
    for day, hours in ((date(2025, 3, 30), 23), (date(2025, 10, 26), 25)):
        starts = starts_of_day(tenant, day, calendar, Random(1))
        local = [datetime.fromtimestamp(start / 1_000, tz=ZoneInfo("Europe/Berlin")) for start in starts]
        assert {instant.date() for instant in local} == {day}
        assert len({start // 3_600_000 for start in starts}) == hours


def test_until_needs_a_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_landing_files(tmp_path, TENANTS, datetime(2025, 4, 2), days=2)  # noqa: DTZ001


def test_stamps() -> None:
    instant = to_ms(datetime(2025, 3, 1, 10, 0, 0, 123_000, tzinfo=UTC))
    assert rfc3339(instant) == "2025-03-01T10:00:00.123Z"
    ids = [time_ordered_id(instant + step, Random(1)) for step in (0, 1, 70_000)]
    assert ids == sorted(ids)
    assert all(UUID7.fullmatch(one) for one in ids)
    assert int(ids[0].replace("-", "")[:12], 16) == instant


def test_bench_volume_and_skew(bench: tuple[Path, Path, list[BenchTenant]]) -> None:
    history, _, tenants = bench
    counts = [tenant.events for tenant in tenants]
    assert abs(sum(counts) / 60_000 - 1) < 0.01
    for count, share in zip(counts, zipf_shares(40), strict=True):
        assert count == pytest.approx(60_000 * share, rel=0.05, abs=15)
    assert counts[0] / counts[9] == pytest.approx(10**1.1, rel=0.1)
    rows = [line for tenant in tenants for line in (history / tenant.path).read_bytes().splitlines()]
    assert len(rows) == sum(counts)
    assert json.loads((history / "tenants.json").read_text())[0]["slug"] == "bench-001"


def test_bench_rows(bench: tuple[Path, Path, list[BenchTenant]]) -> None:
    history, following, tenants = bench
    ids: set[str] = set()
    conversations: set[tuple[str, str]] = set()
    late = total = 0
    for tenant in tenants:
        latest = ""
        for line in (history / tenant.path).read_bytes().splitlines():
            row = _accepted(line, "conversation_events")
            assert row is not None, line
            assert row["event_id"] not in ids
            assert int(row["event_id"].replace("-", "")[:12], 16) == to_ms(datetime.fromisoformat(row["occurred_at"]))
            ids.add(row["event_id"])
            conversations.add((tenant.slug, row["conversation_id"]))
            # In order of delivery: whatever is older than what stands before it came late.
            late += row["occurred_at"] < latest
            latest = max(latest, row["occurred_at"])
            total += 1
        assert latest <= rfc3339(to_ms(UNTIL))
    assert 6 <= total / len(conversations) <= 7
    assert 0.005 < late / total < 0.015
    assert following.is_dir()


def test_next_batch(bench: tuple[Path, Path, list[BenchTenant]]) -> None:
    """The hours after `until`: about the share asked for, new ids only, some of it late by up to a week."""
    history, following, tenants = bench
    full_hour = UNTIL.replace(minute=0)
    known = {json.loads(line)["event_id"] for tenant in tenants for line in (history / tenant.path).read_bytes().splitlines()}
    rows = [json.loads(line) for tenant in tenants if tenant.next_path for line in (following / tenant.next_path).read_bytes().splitlines()]
    assert len(rows) == sum(tenant.next_events for tenant in tenants)
    assert len(rows) == pytest.approx(1_200, rel=0.15)
    assert not known & {row["event_id"] for row in rows}
    instants = [datetime.fromisoformat(row["occurred_at"]) for row in rows]
    assert full_hour - timedelta(days=7) <= min(instants) < full_hour - timedelta(days=1)
    assert 0.5 < sum(instant > full_hour for instant in instants) / len(instants) < 1


def test_bench_is_the_same_with_and_without_next_batch(bench: tuple[Path, Path, list[BenchTenant]], tmp_path: Path) -> None:
    history, _, tenants = bench
    write_bench_files(tmp_path, 60_000, UNTIL, tenants=40, seed=3)
    for tenant in tenants:
        assert (tmp_path / tenant.path).read_bytes() == (history / tenant.path).read_bytes()


def test_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["--out", str(tmp_path / "c"), "--until", "2025-05-01"]).exit_code == 2
    shown = run(app, ["--out", str(tmp_path / "c"), "--days", "1"])
    assert shown.exit_code == 0
    assert "kiosk-berlin" in shown.output


def test_command_of_the_bench(tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        return CliRunner().invoke(bench_app, ["events", "--out", str(tmp_path / "b"), "--events", "2000", *arguments])

    done = run("--tenants", "5", "--batch-percent", "5")
    assert done.exit_code == 0, done.output
    assert len(json.loads((tmp_path / "b" / "tenants.json").read_text())) == 5
    assert (tmp_path / "b-next" / "bench-001" / "conversation_events" / "next_batch.ndjson").is_file()
    shrunk = run("--tenants", "4")
    assert shrunk.exit_code == 2
    assert "--out" in shrunk.output


def test_demo_knows_nothing_of_the_library() -> None:
    script = "import sys, demo.sample_events; sys.exit(any(name.split('.')[0] == 'agentmarts' for name in sys.modules))"
    root = PROJECT_ROOT
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=root).returncode == 0
