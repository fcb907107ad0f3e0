"""Coaching patterns of tenants of many kinds, against SciPy and plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from psycopg.rows import dict_row
from scipy.stats import false_discovery_control

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, deliver
from tests.support.marts.coaching_reference import Pattern, patterns

AS_OF = datetime(2025, 6, 20, 22, 30, tzinfo=UTC)
NOON = datetime(2025, 6, 10, 12, tzinfo=UTC)
WINDOWS = (90, 30)
OUTCOME_TYPES = ("email_engagement", "meeting_outcome", "escalation_result")
ZONES = {"broad": "Pacific/Auckland", "rare": "America/New_York"}

Draw = tuple[dict[str, Any], str]
"""(fields of an action, what becomes of it)"""


def broad(rng: random.Random) -> Iterator[Draw]:
    """Everything varies, with effects of type, hour and channel, over more days than any window."""
    for _ in range(900):
        created_at = AS_OF - timedelta(hours=rng.uniform(0.1, 110 * 24))
        fields: dict[str, Any] = {
            "occurred_at": created_at,
            "action_type": rng.choice(["send_email", "call", "demo", "nurture"]),
            "outcome_type": rng.choice(OUTCOME_TYPES),
            "channel": rng.choice(["email", "sms", "phone", None, ""]),
            "persona": rng.choice(["buyer", "user", "Ünïcode", None]),
            "deal_stage_at_creation": rng.choice(["discovery", "negotiation", None]),
            "escalation_trigger": rng.choice(["anger", "price", None]),
        }
        chance = {"send_email": 0.3, "call": 0.4, "demo": 0.7, "nurture": 0.35}[fields["action_type"]]
        chance += 0.15 * (fields["channel"] == "phone") - 0.2 * (created_at.hour < 4)
        yield fields, rng.choices(["positive", "negative", "nothing", "ambiguous"], [chance, 0.8 - chance, 0.15, 0.05])[0]


def rare(rng: random.Random) -> Iterator[Draw]:
    """Successes so rare that the exact test is called for everywhere."""
    for number in range(400):
        fields = {
            "occurred_at": NOON - timedelta(hours=3 * number),
            "action_type": rng.choice(["call", "demo"] * 5 + ["visit"]),
            "outcome_type": "meeting_outcome",
            "channel": f"channel-{number % 40}",
        }
        yield fields, "positive" if rng.random() < (0.15 if fields["action_type"] == "visit" else 0.01) else "negative"


def by_counts(column: str, counts: dict[str, tuple[int, int]], **fields: Any) -> Iterator[Draw]:
    """So many of so many succeeded, all within an hour of one day."""
    number = 0
    for value, (k, n) in counts.items():
        for i in range(n):
            number += 1
            yield (
                {"action_type": "call", "outcome_type": "meeting_outcome"}
                | fields
                | {column: value, "occurred_at": NOON + timedelta(milliseconds=number)},
                "positive" if i < k else "negative",
            )


def turned_round() -> Iterator[Draw]:
    """Chat is better for both outcome types, and worse over all: it gets the harder ones."""
    counts = {
        ("chat", "upsell"): (20, 100),
        ("mail", "upsell"): (2, 20),
        ("chat", "meeting_outcome"): (18, 20),
        ("mail", "meeting_outcome"): (80, 100),
    }
    for number, ((channel, outcome_type), (k, n)) in enumerate(counts.items()):
        for i in range(n):
            fields = {"channel": channel, "action_type": "call", "outcome_type": outcome_type}
            yield fields | {"occurred_at": NOON + timedelta(seconds=number, milliseconds=i)}, "positive" if i < k else "negative"


TENANTS: dict[str, Callable[[], Iterator[Draw]]] = {
    "broad": lambda: broad(random.Random(1)),
    "rare": lambda: rare(random.Random(2)),
    "example-e": lambda: by_counts(
        "action_type", {"send_email": (60, 150), "cold_call": (9, 50), "demo": (14, 20), "chat": (92, 200), "nurture": (3, 4)}
    ),
    "turned-round": turned_round,
    "alone": lambda: by_counts("channel", {"chat": (3, 8)}),
    "all-succeed": lambda: by_counts("channel", {"chat": (30, 30), "mail": (40, 40)}),
    "alike": lambda: by_counts("channel", {"chat": (10, 40), "mail": (10, 40), "phone": (20, 80)}),
    "too-few": lambda: by_counts("channel", {"chat": (1, 4)}),
    # 25 % against 20 % of 1,000 each: five points exactly.
    "five-points": lambda: by_counts("channel", {"chat": (250, 1000), "mail": (200, 1000)}),
    "long-names": lambda: by_counts("persona", {"x" * 5000: (2, 6), "y" * 200: (4, 6)}),
}


def parcels(tenant_id: UUID, draws: Iterator[Draw]) -> list[Parcel]:
    found: list[Parcel] = []
    for number, (fields, status) in enumerate(draws):
        action_id, created_at = f"action-{number:05}", fields["occurred_at"]
        action = {"event_id": action_id, "predicted_confidence": 0.5, "window_hours": 24} | fields
        given = {key: value for key, value in action.items() if value is not None}
        found.append((tenant_id, "agent_actions", given | {"occurred_at": created_at.isoformat()}))
        if status != "nothing":
            signal = {
                "event_id": f"signal-{number:05}",
                "occurred_at": (created_at + timedelta(hours=3)).isoformat(),
                "action_id": action_id,
                "outcome_status": status,
                "signal_source": "automatic",
            }
            found.append((tenant_id, "outcome_signals", signal))
    return found


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    settings = new_built_warehouse()
    for slug, draws in TENANTS.items():
        tenant_id = create_tenant(settings, slug=slug, timezone=ZONES.get(slug, "UTC")).tenant_id
        results = deliver(settings, parcels(tenant_id, draws()), AS_OF + timedelta(days=1))
        assert {result.status for result in results} == {"accepted"}
    refresh(settings, as_of=AS_OF)
    return settings


def rows(settings: Settings, mart: str, slug: str) -> list[dict[str, Any]]:
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return cursor.execute(
            f"select m.* from marts.{mart} m join marts.dim_tenant t using (tenant_id) where t.slug = %s", (slug,)
        ).fetchall()


def found_patterns(settings: Settings, slug: str, window_days: int) -> dict[tuple[str, str], Pattern]:
    found = [row for row in rows(settings, "coaching_patterns", slug) if row["window_days"] == window_days]
    assert len({(row["dimension"], row["segment"]) for row in found}) == len(found)
    return {(row["dimension"], row["segment"]): row for row in found}


def shortened(row: dict[str, Any]) -> dict[str, Any]:
    """Free text as segments are made of it."""
    free = ("deal_stage_at_creation", "channel", "persona", "escalation_trigger")
    return row | {column: row[column][:200] or None for column in free if row[column] is not None}


@pytest.mark.parametrize("window_days", WINDOWS)
@pytest.mark.parametrize("slug", TENANTS)
def test_every_figure(warehouse: Settings, slug: str, window_days: int) -> None:
    today = AS_OF.astimezone(ZoneInfo(ZONES.get(slug, "UTC"))).date()
    expected = patterns([shortened(row) for row in rows(warehouse, "outcomes", slug)], today, window_days)
    found = found_patterns(warehouse, slug, window_days)
    assert set(found) == set(expected)
    assert bool(found) == (slug != "too-few")
    for key, pattern in expected.items():
        for column, value in pattern.items():
            tolerance = {"abs": 1e-6} if column == "p_value" else {"abs": 1e-9, "rel": 1e-9}
            wanted = pytest.approx(value, **tolerance) if isinstance(value, float) else value
            assert found[key][column] == wanted, (key, column)


@pytest.mark.parametrize("window_days", WINDOWS)
@pytest.mark.parametrize("slug", TENANTS)
def test_what_follows_from_the_tests(warehouse: Settings, slug: str, window_days: int) -> None:
    found = found_patterns(warehouse, slug, window_days)
    tested = [row for row in found.values() if row["p_value"] is not None]
    if tested:
        discovery = false_discovery_control([row["p_value"] for row in tested])
        for row, q in zip(tested, discovery, strict=True):
            assert row["q_value"] == pytest.approx(q, abs=1e-12)
            assert row["confidence"] == pytest.approx(min(1 - q, 0.99), abs=1e-12)
    for row in found.values():
        if row["rest_n"] == 0:
            assert (row["p_value"], row["q_value"], row["confidence"], row["is_actionable"]) == (None, None, None, False)
            continue
        is_large = abs(row["difference"]) >= 0.05 - 1e-12
        assert row["is_actionable"] == (row["q_value"] <= 0.1 and row["n"] >= 20 and is_large and row["simpson_flag"] is not True)
        percent = (200 * row["positives"] + row["n"]) // (2 * row["n"])
        assert f" is associated with a success rate of {percent} % (n = {row['n']}, 95 % interval " in row["description"]


def test_every_kind_of_row_is_among_them(warehouse: Settings) -> None:
    everything = [row for slug in TENANTS for row in rows(warehouse, "coaching_patterns", slug)]
    assert {row["test"] for row in everything} == {"z", "fisher", None}
    assert {row["simpson_flag"] for row in everything} == {True, False, None}
    assert {row["is_actionable"] for row in everything} == {True, False}
    assert {row["dimension"] for row in everything} == {
        "action_type", "outcome_type", "hour", "weekday", "deal_stage", "channel", "persona", "escalation_trigger",
    }  # fmt: skip
    assert {row["outcome_type"] for row in everything} == {"*", "escalation_result"}
    assert len({row["pattern_id"] for row in everything}) == len(everything)
    # Windows differ, and actions without a channel are the rest of every channel.
    ninety, thirty = (found_patterns(warehouse, "broad", days) for days in WINDOWS)
    assert ninety["action_type", "demo"]["n"] > thirty["action_type", "demo"]["n"]
    channels = [row for (dimension, _), row in ninety.items() if dimension == "channel"]
    assert len(channels) == 3
    assert sum(row["n"] for row in channels) < channels[0]["n"] + channels[0]["rest_n"]


def test_worked_example(warehouse: Settings) -> None:
    for window_days in WINDOWS:
        found = found_patterns(warehouse, "example-e", window_days)
        types = {segment: row for (dimension, segment), row in found.items() if dimension == "action_type"}
        assert set(types) == {"send_email", "cold_call", "demo", "chat"}
        cold_call = types["cold_call"]
        assert cold_call["z"] == pytest.approx(-3.658391, abs=5e-7)
        assert cold_call["p_value"] == pytest.approx(0.000254, abs=1e-6)
        assert cold_call["q_value"] == pytest.approx(0.001015, abs=4e-6)
        assert (cold_call["difference_low"], cold_call["difference_high"]) == pytest.approx((-0.368519, -0.134600), abs=5e-7)
        assert (cold_call["rest_n"], cold_call["rest_positives"]) == (374, 169)
        assert (types["demo"]["q_value"], types["demo"]["is_actionable"]) == (pytest.approx(0.018589, abs=1e-6), True)
        assert (types["chat"]["q_value"], types["chat"]["is_actionable"]) == (pytest.approx(0.150802, abs=1e-6), False)
        assert types["demo"]["eb_rate"] == pytest.approx(0.643639, abs=5e-7)
        assert cold_call["description"] == (
            "cold_call is associated with a success rate of 18 % (n = 50, 95 % interval 10 to 31 %), elsewhere 45 %."
        )


def test_verdicts(warehouse: Settings) -> None:
    (chat, mail) = (found_patterns(warehouse, "turned-round", 90)["channel", channel] for channel in ("chat", "mail"))
    assert (chat["q_value"] < 0.01, chat["difference"] < -0.05, chat["mh_difference"] > 0.05) == (True, True, True)
    assert (chat["simpson_flag"], chat["is_actionable"], mail["is_actionable"]) == (True, False, False)
    assert "within outcome types the difference turns round" in chat["recommendation"]
    alone = found_patterns(warehouse, "alone", 90)
    assert {row["test"] for row in alone.values()} == {None}
    assert {row["eb_rate"] for row in alone.values()} == {None}
    assert {row["rank"] for row in alone.values()} == set(range(1, len(alone) + 1))
    alike = found_patterns(warehouse, "alike", 90)
    assert [alike["channel", channel]["eb_rate"] for channel in ("chat", "mail", "phone")] == [pytest.approx(0.25)] * 3
    five_points = found_patterns(warehouse, "five-points", 90)
    assert [five_points["channel", channel]["is_actionable"] for channel in ("chat", "mail")] == [True, True]
    assert set(found_patterns(warehouse, "long-names", 90)) >= {("persona", "x" * 200), ("persona", "y" * 200)}
