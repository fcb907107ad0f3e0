"""The learning sample keeps its promises: the same bytes every time, rows that the streams take, and the truth it was given."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings, now
from agentmarts.streams.contract.rejection import Rejection
from agentmarts.streams.contract.validation import Recipient, Validator
from agentmarts.streams.landing.files import load_file
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from demo.conversations.activity import Calendar
from demo.demo_tenants import DEMO_TENANTS, DemoTenant
from demo.landing.landing_learning import SUFFIX, write_learning_files
from demo.landing.landing_writer import LandingFile
from demo.learning.action_kinds import ADVANCE_DEAL, BEGINNINGS, ESCALATE, FOLLOW_UP, PERSONAS, SCHEDULE_MEETING, SEND_EMAIL
from demo.learning.agent_work import Truth
from demo.learning.sample_learning import learning_days, work_of_day
from demo.sample_events import write_landing_files

UNTIL = datetime(2025, 4, 2, 13, 20, tzinfo=UTC)
ANCHOR = date(2025, 4, 2)
DAYS = 90
SEED = 7
CALENDAR = Calendar(ANCHOR, DAYS)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[LandingFile]]:
    """Both tenants as in the demo."""
    folder = tmp_path_factory.mktemp("learning")
    return folder, write_learning_files(folder, DEMO_TENANTS, UNTIL, days=DAYS, seed=SEED)


@pytest.fixture(scope="module")
def truths() -> dict[str, list[Truth]]:
    """What is true, by tenant, of every action that began in the history."""
    return {tenant.slug: list(_truths(tenant)) for tenant in DEMO_TENANTS}


def _truths(tenant: DemoTenant) -> Iterator[Truth]:
    for day in learning_days(CALENDAR, ANCHOR):
        yield from work_of_day(tenant, day, CALENDAR, SEED).truths


def _lines(file: LandingFile) -> list[bytes]:
    return gzip.decompress(file.path.read_bytes()).splitlines()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _rate(truths: Iterable[Truth]) -> tuple[float, float]:
    """Share of successes among those that can be told, and its standard error at the shares expected here."""
    known = [truth.success for truth in truths if truth.success is not None]
    return sum(known) / len(known), 0.5 / len(known) ** 0.5


def test_same_seed_same_bytes(sample: tuple[Path, list[LandingFile]], tmp_path: Path) -> None:
    folder, _ = sample
    write_learning_files(tmp_path / "again", DEMO_TENANTS, UNTIL, days=DAYS, seed=SEED)
    assert _bytes(tmp_path / "again") == _bytes(folder)
    write_learning_files(tmp_path / "other", DEMO_TENANTS, UNTIL, days=DAYS, seed=SEED + 1)
    assert _bytes(tmp_path / "other") != _bytes(folder)


def test_later_until_only_adds_rows(sample: tuple[Path, list[LandingFile]], tmp_path: Path) -> None:
    _, files = sample
    later = write_learning_files(tmp_path, DEMO_TENANTS, UNTIL + timedelta(hours=30), days=DAYS, seed=SEED, anchor=ANCHOR)
    grown = {(file.tenant, file.stream, file.path.name): _lines(file) for file in later}
    for file in files:
        before = _lines(file)
        assert grown[file.tenant, file.stream, file.path.name][: len(before)] == before
    assert sum(file.rows for file in later) > sum(file.rows for file in files)


def test_conversations_keep_their_files(sample: tuple[Path, list[LandingFile]], tmp_path: Path) -> None:
    """Neither do the learning files change one of the conversations', nor do two rows share an id."""
    folder, _ = sample
    alone = write_landing_files(tmp_path, DEMO_TENANTS[:1], UNTIL, days=5, seed=SEED)
    before = _bytes(tmp_path)
    added = write_learning_files(tmp_path, DEMO_TENANTS[:1], UNTIL, days=5, seed=SEED)
    assert before.items() <= _bytes(tmp_path).items()
    assert not {file.path for file in alone} & {file.path for file in added}
    assert all(path.name.endswith(f"{SUFFIX}.ndjson.gz") for path in folder.rglob("*.gz"))


def test_counts_are_those_of_the_streams(sample: tuple[Path, list[LandingFile]]) -> None:
    """The real contract of each stream accepts every row that is meant to be good, and refuses every other for the reason planned."""
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    seen: set[tuple[str, str]] = set()
    newest = datetime.min.replace(tzinfo=UTC)
    for file in sorted(sample[1], key=lambda file: file.path):
        validator = Validator(Recipient(uuid4(), file.tenant), file.stream, received_at=UNTIL)
        bad = duplicates = 0
        for line in _lines(file):
            try:
                _, row = validator.check(line)
            except Rejection as rejection:
                bad += 1
                reasons[file.stream][rejection.reason.value] += 1
                continue
            duplicates += (file.tenant, row.event_id) in seen
            seen.add((file.tenant, row.event_id))
            newest = max(newest, row.occurred_at)
        assert (bad, duplicates) == (file.bad_rows, file.duplicate_rows), file.path
    assert UNTIL - timedelta(hours=6) < newest <= UNTIL
    assert set(reasons["agent_actions"]) == {"not_json", "bad_type", "missing_field", "bad_timestamp"}
    assert set(reasons["outcome_signals"]) == {"not_json", "bad_type", "missing_field"}
    # Thumbs of 3 and stars of 0, and targets that nobody knows: at both tenants.
    assert set(reasons["feedback"]) == {"not_json", "out_of_range", "bad_type"}
    assert reasons["feedback"]["out_of_range"] >= 4
    assert reasons["feedback"]["bad_type"] >= 2


def test_volume(truths: dict[str, list[Truth]]) -> None:
    assert 3_000 < sum(map(len, truths.values())) < 6_500
    for tenant in DEMO_TENANTS:
        zone = ZoneInfo(tenant.timezone)
        days = {datetime.fromtimestamp(truth.attempt.created_ms / 1_000, tz=zone).date() for truth in truths[tenant.slug]}
        assert min(days) == ANCHOR - timedelta(days=60)


def test_truth_of_confidence(truths: dict[str, list[Truth]]) -> None:
    """Every confidence of every type comes true as often as `action_kinds` says, by plain counting."""
    for tenant, known in truths.items():
        for kind in BEGINNINGS:
            own = [truth for truth in known if truth.attempt.kind is kind]
            assert {truth.attempt.said for truth in own} == set(kind.says)
            for said in kind.says:
                rate, error = _rate(truth for truth in own if truth.attempt.said == said)
                assert rate == pytest.approx(said - kind.overconfidence, abs=3.5 * error), (tenant, kind.action_type, said)
        rare = sum(truth.attempt.kind is FOLLOW_UP for truth in known)
        assert 5 < rare < 50, tenant


def test_truth_of_coaching(truths: dict[str, list[Truth]]) -> None:
    """Business customers make a difference at Aurora; no action type does, and no persona at the kiosk."""
    for tenant, known in truths.items():
        rest = [truth for truth in known if truth.attempt.kind is not FOLLOW_UP]
        for kind in BEGINNINGS:
            rate, error = _rate(truth for truth in rest if truth.attempt.kind is kind)
            assert rate == pytest.approx(0.6, abs=3.5 * error), (tenant, kind.action_type)
        for persona in PERSONAS:
            rate, error = _rate(truth for truth in rest if truth.attempt.persona == persona)
            effect = 0.0 if tenant == "kiosk-berlin" else 0.2 if persona == "business" else -0.05
            assert rate == pytest.approx(0.6 + effect, abs=3.5 * error), (tenant, persona)


def test_deals_move_over_weeks(truths: dict[str, list[Truth]]) -> None:
    for known in truths.values():
        deals = [truth for truth in known if truth.attempt.kind is ADVANCE_DEAL]
        days = [(truth.decided_ms - truth.attempt.created_ms) / 86_400_000 for truth in deals if truth.decided_ms is not None]
        assert 0 < min(days) < 2
        assert 14 < max(days) < 30
        by_deal = Counter(truth.attempt.conversation_id for truth in deals)
        assert by_deal.most_common(1)[0][1] > 2


@pytest.fixture(scope="module")
def warehouse(new_warehouse: Callable[[], Settings], sample: tuple[Path, list[LandingFile]]) -> Settings:
    """The sample in the real warehouse, as of its end."""
    settings = new_warehouse()
    for tenant in DEMO_TENANTS:
        create_tenant(settings, slug=tenant.slug, timezone=tenant.timezone, currency=tenant.currency)
    for file in sorted(sample[1], key=lambda file: file.path):
        report = load_file(settings, str(file.path), tenant=file.tenant, stream=file.stream, received_at=now())
        wanted = (file.rows - file.bad_rows - file.duplicate_rows, file.duplicate_rows, file.bad_rows)
        assert (report.accepted, report.duplicates, report.quarantined) == wanted, file.path
    refresh(settings, as_of=UNTIL)
    return settings


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(query).fetchall()


def test_marts_resolve_what_is_true(warehouse: Settings, truths: dict[str, list[Truth]]) -> None:
    """Labels of matured actions are the truths, but for evidence that is late and not delivered yet."""
    wrong = total = 0
    labels = {
        row[:2]: row[2]
        for row in _rows(
            warehouse, "select slug, action_id, label from marts.outcomes join marts.dim_tenant using (tenant_id) where is_matured"
        )
    }
    until_ms = UNTIL.timestamp() * 1_000
    for tenant, known in truths.items():
        for truth in known:
            key = (tenant, truth.attempt.action_id)
            if key in labels and (truth.decided_ms is None or truth.decided_ms <= until_ms):
                total += 1
                wrong += labels[key] != (None if truth.success is None else int(truth.success))
    assert total > 2_500
    assert wrong / total < 0.01


def test_marts_find_what_was_planted(warehouse: Settings) -> None:
    """The alarm fires for the miscalibrated types only, direction names the fault, and the map moves .9 towards .6."""
    summary = _rows(
        warehouse,
        "select slug, action_type, direction, e_alarm_at is not null, n"
        " from marts.calibration_summary join marts.dim_tenant using (tenant_id) where label_policy = 'headline'",
    )
    found = {(slug, action_type): (direction, alarm) for slug, action_type, direction, alarm, _ in summary}
    sizes = {(slug, action_type): n for slug, action_type, _, _, n in summary}
    for tenant in DEMO_TENANTS:
        assert found[tenant.slug, SEND_EMAIL.action_type] == ("overconfident", True)
        assert found[tenant.slug, ESCALATE.action_type] == ("underconfident", True)
        assert found[tenant.slug, SCHEDULE_MEETING.action_type] == ("calibrated", False)
        assert found[tenant.slug, ADVANCE_DEAL.action_type] == ("calibrated", False)
        assert found[tenant.slug, FOLLOW_UP.action_type] == ("unclear", False)
        assert 0 < int(str(sizes[tenant.slug, FOLLOW_UP.action_type])) < 50
    overconfident = {key[1] for key, (direction, _) in found.items() if direction == "overconfident"}
    assert overconfident == {SEND_EMAIL.action_type}
    corrected = _rows(
        warehouse,
        "select p_calibrated from marts.calibration_map where action_type = 'send_email' and p_raw between 0.895 and 0.905",
    )
    assert len(corrected) == len(DEMO_TENANTS)
    for (p,) in corrected:
        assert float(str(p)) == pytest.approx(0.6, abs=0.1)


def test_marts_coach_what_was_planted(warehouse: Settings) -> None:
    actionable = _rows(
        warehouse,
        "select slug, dimension, segment, difference > 0 from marts.coaching_patterns join marts.dim_tenant using (tenant_id)"
        " where is_actionable and window_days = 90",
    )
    assert ("aurora-outfitters", "persona", "business", True) in actionable
    # Business customers do better, so the others do worse.
    assert {(slug, dimension) for slug, dimension, *_ in actionable} == {("aurora-outfitters", "persona")}


def test_marts_mask_addresses(warehouse: Settings) -> None:
    comments = [str(row[0]) for row in _rows(warehouse, "select comment from marts.feedback_entries where comment is not null")]
    assert sum("please copy her in" in comment for comment in comments) > 5
    assert not any("@" in comment or "5550" in comment for comment in comments)
    revised = _rows(warehouse, "select count(*) from marts.feedback_entries where revision_number = 2 and is_current")
    assert int(str(revised[0][0])) > 20
