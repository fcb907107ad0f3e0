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
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.dagster_runs import evaluations, execute, pointed_at

STARTED = datetime(2025, 3, 1, 9, tzinfo=UTC)
ACTIONS = 60


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as one:
        yield one


@pytest.fixture(scope="module")
def installation(new_built_warehouse: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse that the environment points to, and landing files of an agent that is sure and never right."""
    settings, folder = new_built_warehouse(), tmp_path_factory.mktemp("arrivals")
    create_tenant(settings, slug="acme", timezone="Europe/Berlin")
    times = [STARTED + timedelta(hours=number) for number in range(ACTIONS)]
    land(
        folder,
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
        folder,
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
    with pointed_at(settings, AGENTMARTS_LANDING=str(folder / "landing")):
        yield settings


@pytest.fixture(scope="module")
def everything(installation: Settings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """The run of "Materialize all"."""
    result = execute(instance, "ingest_build_publish")
    assert result.success
    return result


def land(folder: Path, stream: str, events: list[dict[str, object]]) -> None:
    path = folder / "landing" / "acme" / stream / "march.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(map(orjson.dumps, events)) + b"\n")


def test_a_confident_agent_that_fails_is_found(
    installation: Settings, instance: dg.DagsterInstance, everything: dg.ExecuteInProcessResult
) -> None:
    with connect(installation, Role.MIGRATOR) as connection:
        row = connection.execute(
            "select n, positives, direction, e_alarm_n from marts.calibration_summary where label_policy = 'headline'"
        ).fetchone()
    # By hand: after nine failed forecasts of .9 the e-value is 19.36, after ten 32.05.
    assert row == (ACTIONS, 0, "overconfident", 10)

    alarm = evaluations(everything)["calibration_alarm"]
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


@pytest.mark.usefixtures("everything")
def test_the_checks_run_alone(instance: dg.DagsterInstance) -> None:
    result = execute(instance, "checks")
    assert result.success
    assert not evaluations(result)["calibration_alarm"].passed
    assert evaluations(result)["access_rules"].passed
    assert evaluations(result)["streams_are_fresh"].passed
