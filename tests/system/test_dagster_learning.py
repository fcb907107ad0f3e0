"""The learning domain in Dagster: landing files of its streams become marts, miscalibration warns, and the page shows the diagram."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import orjson
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.tenants import create_tenant
from dagster_project.definitions import definitions

STARTED = datetime(2025, 3, 1, 9, tzinfo=UTC)
ACTIONS = 60


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as one:
        yield one


@pytest.fixture
def installation(new_warehouse: Callable[[], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty warehouse that the environment points to, and landing files of an agent that is sure and never right."""
    settings = new_warehouse()
    assert settings.database_url is not None
    assert settings.secret_key is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("AGENTMARTS_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("AGENTMARTS_HOME", str(settings.home_path))
    monkeypatch.setenv("AGENTMARTS_LANDING", str(tmp_path / "landing"))
    create_tenant(settings, slug="acme", timezone="Europe/Berlin")
    times = [STARTED + timedelta(hours=number) for number in range(ACTIONS)]
    land(
        tmp_path,
        "agent_actions",
        [
            {
                "event_id": f"a{number}",
                "occurred_at": at.isoformat(),
                "action_type": "call",
                "outcome_type": "meeting_outcome",
                "predicted_confidence": 0.9,
                "window_hours": 24,
            }
            for number, at in enumerate(times)
        ],
    )
    land(
        tmp_path,
        "outcome_signals",
        [
            {
                "event_id": f"s{number}",
                "occurred_at": (at + timedelta(hours=2)).isoformat(),
                "action_id": f"a{number}",
                "outcome_status": "negative",
                "signal_source": "automatic",
            }
            for number, at in enumerate(times)
        ],
    )
    return settings


def land(folder: Path, stream: str, events: list[dict[str, object]]) -> None:
    path = folder / "landing" / "acme" / stream / "march.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(map(orjson.dumps, events)) + b"\n")


def execute(instance: dg.DagsterInstance, job: str) -> dg.ExecuteInProcessResult:
    return definitions().get_repository_def().get_job(job).execute_in_process(instance=instance, raise_on_error=False)


def evaluation(result: dg.ExecuteInProcessResult, check: str) -> dg.AssetCheckEvaluation:
    found = [one for one in result.get_asset_check_evaluations() if one.check_name == check]
    assert len(found) == 1
    return found[0]


def test_a_confident_agent_that_fails_is_found(installation: Settings, instance: dg.DagsterInstance) -> None:
    result = execute(instance, "ingest_build_publish")
    assert result.success
    with connect(installation, Role.MIGRATOR) as connection:
        row = connection.execute(
            "select n, positives, direction, e_alarm_n from marts.calibration_summary where label_policy = 'headline'"
        ).fetchone()
    # By hand: after nine failed forecasts of .9 the e-value is 19.36, after ten 32.05.
    assert row == (ACTIONS, 0, "overconfident", 10)

    alarm = evaluation(result, "calibration_alarm")
    assert not alarm.passed
    assert alarm.severity == dg.AssetCheckSeverity.WARN
    assert alarm.metadata["alarms"].value == 1

    # The page shows the last materialization, also when that changed nothing.
    assert execute(instance, "refresh").success
    page = instance.get_latest_materialization_event(dg.AssetKey(["marts", "calibration_summary"]))
    assert page is not None
    assert page.asset_materialization is not None
    text = str(page.asset_materialization.metadata["reliability_diagrams"].value)
    svg = base64.b64decode(text.split("base64,", 1)[1].split(")", 1)[0]).decode()
    assert "acme · call · overconfident: 60 forecasts in 1 bins." in svg


def test_the_checks_run_alone(installation: Settings, instance: dg.DagsterInstance) -> None:
    assert execute(instance, "ingest_build_publish").success
    result = execute(instance, "checks")
    assert result.success
    assert not evaluation(result, "calibration_alarm").passed
    assert evaluation(result, "access_rules").passed
    assert evaluation(result, "streams_are_fresh").passed
