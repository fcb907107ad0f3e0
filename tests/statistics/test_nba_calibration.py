"""8,886 published win forecasts with their results, as actions and signals: the answers are known from the file alone."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, deliver
from tests.support.marts.calibration_reference import summary

DATA = os.environ.get("AGENTMARTS_TEST_DATA", "")
FILE = Path(DATA) / "calibration" / "nba_games.csv"
AS_OF = datetime(2022, 7, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not DATA or not FILE.exists(), reason="AGENTMARTS_TEST_DATA does not point to the NBA forecasts")


@pytest.fixture(scope="module")
def games() -> list[dict[str, str]]:
    with FILE.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings], games: list[dict[str, str]]) -> Settings:
    settings = new_built_warehouse()
    tenant_id = create_tenant(settings, slug="nba").tenant_id
    parcels: list[Parcel] = []
    for number, game in enumerate(games, start=1):
        won = float(game["prob1_outcome"])
        action = {
            "event_id": f"nba-a-{number}",
            "occurred_at": f"{game['date']}T12:00:00Z",
            "conversation_id": f"nba-{number}",
            "action_type": "nba_forecast",
            "outcome_type": "meeting_outcome",
            "predicted_confidence": float(game["prob1"]),
            "rep_id": game["team1"],
            "window_hours": 24,
        }
        signal = {
            "event_id": f"nba-s-{number}",
            "occurred_at": f"{game['date']}T18:00:00Z",
            "action_id": action["event_id"],
            "outcome_status": "positive" if won == 1 else "negative",
            "outcome_score": won,
            "signal_source": "automatic",
        }
        parcels += [(tenant_id, "agent_actions", action), (tenant_id, "outcome_signals", signal)]
    for start in range(0, len(parcels), 2000):
        results = deliver(settings, parcels[start : start + 2000], AS_OF)
        assert {result.status for result in results} == {"accepted"}
    refresh(settings, as_of=AS_OF)
    return settings


def test_the_known_answers(warehouse: Settings) -> None:
    with connect(warehouse, Role.MIGRATOR) as connection:
        row = connection.execute(
            "select n, brier_score, ece, positives, base_rate, mean_confidence, citl, is_calibrated, direction, status"
            " from marts.calibration_summary where label_policy = 'headline'"
        ).fetchone()
        bins = connection.execute(
            "select sample_count, outcome_sum from marts.calibration_bins where label_policy = 'headline' order by bin_index"
        ).fetchall()
    assert row is not None
    assert (row[0], row[3]) == (8886, 5080)
    assert row[1:3] == pytest.approx((0.21465, 0.04835), abs=5e-6)
    assert row[4:6] == pytest.approx((0.57169, 0.61915), abs=5e-6)
    assert row[6] == pytest.approx(0.0475, abs=5e-5)
    assert row[7:] == (False, "overconfident", "ok")
    assert [n for n, _ in bins] == [23, 176, 457, 727, 1056, 1345, 1655, 1588, 1404, 455]
    assert [positives for _, positives in bins] == [3, 31, 117, 225, 448, 679, 999, 1060, 1116, 402]


def test_every_figure(warehouse: Settings, games: list[dict[str, str]]) -> None:
    # Windows end in the order of the dates; on one date the action's id decides.
    ordered = sorted(enumerate(games, start=1), key=lambda game: (game[1]["date"], f"nba-a-{game[0]}"))
    expected = summary([(float(game["prob1"]), int(float(game["prob1_outcome"]))) for _, game in ordered])
    with connect(warehouse, Role.MIGRATOR) as connection:
        row = connection.execute(f"select {', '.join(expected)} from marts.calibration_summary where label_policy = 'headline'").fetchone()
    assert row is not None
    for column, found in zip(expected, row, strict=True):
        tolerance = {"abs": 1e-6} if column == "spiegelhalter_p" else {"abs": 1e-9, "rel": 1e-9}
        assert found == pytest.approx(expected[column], **tolerance), column
