"""Dagster as its users meet it: materialize everything, a failing test that publishes nothing, sensors and a recalculation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import orjson
import pytest

from agentmarts.refresh.due import NewRows, new_rows_seen_by
from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Connection, Role, connect
from agentmarts.warehouse.run_lock import run_lock
from dagster_project import sensors
from dagster_project.definitions import definitions
from dagster_project.resources import Warehouse
from dagster_project.run_job import run_job
from dagster_project.sensors import pause_seconds
from tests.support.dagster_runs import execute, pointed_at

STARTED = datetime(2025, 6, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds `landing`, where files arrive."""
    return tmp_path_factory.mktemp("arrivals")


@pytest.fixture(scope="module")
def installation(new_built_warehouse: Callable[[], Settings], folder: Path) -> Iterator[Settings]:
    """A warehouse that the environment points to, with one tenant and a landing folder of its own. All tests share it."""
    settings = new_built_warehouse()
    create_tenant(settings, slug="acme", timezone="Europe/Berlin")
    with pointed_at(settings, AGENTMARTS_LANDING=str(folder / "landing")):
        yield settings


@pytest.fixture(scope="module")
def lasting_instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as one:
        yield one


@pytest.fixture(scope="module")
def everything(installation: Settings, lasting_instance: dg.DagsterInstance, folder: Path) -> dg.ExecuteInProcessResult:
    """The run of "Materialize all" after the first five conversations arrived."""
    land(folder, "monday", 5)
    result = execute(lasting_instance, "ingest_build_publish")
    assert result.success
    assert total_conversations(installation) == 5
    return result


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """One without any run."""
    with dg.DagsterInstance.ephemeral() as one:
        yield one


def land(folder: Path, name: str, conversations: int, begin: datetime = STARTED) -> None:
    """Write a landing file of short resolved conversations, one an hour."""
    path = folder / "landing" / "acme" / "conversation_events" / f"{name}.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(conversations):
        at = begin + timedelta(hours=number)
        for second, event in enumerate(
            (
                {"event_type": "started"},
                {"event_type": "message_received", "text": "Where is my order?", "customer_id": f"c{number}"},
                {"event_type": "message_sent", "text": "On its way.", "response_time_ms": 900, "confidence": 0.9},
                {"event_type": "resolved", "closed_by": "ai_agent"},
            )
        ):
            event |= {
                "event_id": f"{name}-{number}-{second}",
                "conversation_id": f"{name}-{number}",
                "occurred_at": (at + timedelta(seconds=second)).isoformat(),
            }
            lines.append(orjson.dumps(event))
    path.write_bytes(b"\n".join(lines) + b"\n")


def total_conversations(settings: Settings) -> int:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select coalesce(sum(total_conversations), 0) from marts.daily_metrics").fetchone()
    assert row is not None
    return int(row[0])


def version(settings: Settings) -> int:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select max(version) from marts.publish_log").fetchone()
    assert row is not None
    return int(row[0])


def test_the_ui_can_load_all_of_it(installation: Settings) -> None:
    """Names of jobs, ops and assets do not clash, which running one job does not show."""
    dg.Definitions.validate_loadable(definitions())


def test_dg_sees_what_the_ui_sees(installation: Settings) -> None:
    """Dagster's command line, which people and agents drive projects with."""
    dg_command = [str(Path(sys.executable).with_name("dg")), "list", "defs", "--json"]
    done = subprocess.run(dg_command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    repository = definitions().get_repository_def()
    graph = repository.asset_graph
    assert {tuple(asset["asset_key_parts"]) for asset in seen["assets"]} == {tuple(key.path) for key in graph.get_all_asset_keys()}
    assert len(seen["asset_checks"]) == len(graph.asset_check_keys)
    assert {one["name"] for one in seen["schedules"]} == {one.name for one in repository.schedule_defs}
    assert {one["name"] for one in seen["sensors"]} >= {one.name for one in repository.sensor_defs}


def test_materializing_everything_runs_the_whole_way(
    installation: Settings, lasting_instance: dg.DagsterInstance, folder: Path, everything: dg.ExecuteInProcessResult
) -> None:
    raw = lasting_instance.get_latest_materialization_event(dg.AssetKey(["raw", "conversation_events"]))
    assert raw is not None
    assert raw.asset_materialization is not None
    assert raw.asset_materialization.metadata["dagster/row_count"].value == 20
    checks = [event for event in everything.all_events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    assert len(checks) > 20, "dbt's data tests show as asset checks"
    assert all(event.asset_check_evaluation_data.passed for event in checks)

    before = total_conversations(installation)
    land(folder, "tuesday", 2, STARTED + timedelta(days=1))
    assert execute(lasting_instance, "land").success
    assert execute(lasting_instance, "refresh").success
    assert total_conversations(installation) == before + 2
    # No action was ever recorded: nothing of its domain is touched, and its marts are published as they are.
    outcomes = lasting_instance.get_latest_materialization_event(dg.AssetKey(["build", "outcomes"]))
    assert outcomes is not None
    assert outcomes.asset_materialization is not None
    assert outcomes.asset_materialization.metadata["left_out"].value == "nothing of it is touched"
    published = lasting_instance.get_latest_materialization_event(dg.AssetKey(["marts", "outcomes"]))
    assert published is not None
    assert published.asset_materialization is not None
    assert published.asset_materialization.metadata["version"].value == version(installation)


@pytest.mark.usefixtures("installation")
def test_a_run_outside_of_the_daemon_belongs_to_the_code_location(instance: dg.DagsterInstance) -> None:
    assert run_job(instance, "land")
    (run,) = instance.get_runs()
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.remote_job_origin is not None, "the timeline shows runs of code locations only"
    assert run.remote_job_origin.repository_origin.get_label() == "__repository__@agentmarts"
    assert run.job_code_origin is not None, "without it nobody could run it again"


@pytest.mark.usefixtures("everything")
def test_a_failing_dbt_test_publishes_nothing(installation: Settings, lasting_instance: dg.DagsterInstance, folder: Path) -> None:
    before = total_conversations(installation)
    land(folder, "wednesday", 2, STARTED + timedelta(days=2))
    with connect(installation, Role.MIGRATOR) as connection:
        # What no validation lets through: a score of 7 where 0..1 is meant.
        connection.execute(
            "insert into raw.quality_scores (tenant_id, event_id, conversation_id, occurred_at, received_at, scorer_kind, scorer, accuracy)"
            " select tenant_id, 'bad', 'monday-1', '2025-06-02T12:00Z', now(), 'human', 'h', 7 from raw.tenants"
        )
    assert not execute(lasting_instance, "ingest_build_publish").success
    assert total_conversations(installation) == before, "readers keep the version they have"
    with connect(installation, Role.MIGRATOR) as connection:
        state = connection.execute("select status, reason from ops.refresh_state").fetchone()
        connection.execute("delete from raw.quality_scores")
    assert state is not None
    assert state[0] == "failed"
    assert execute(lasting_instance, "refresh").success
    assert total_conversations(installation) == before + 2


@pytest.mark.usefixtures("everything")
def test_a_recalculation_by_job(installation: Settings, lasting_instance: dg.DagsterInstance) -> None:
    with connect(installation, Role.MIGRATOR) as connection:
        before = connection.execute("select count(*) from marts.restatements").fetchone()
    config = {"mark_and_refresh": {"config": {"date_from": "2025-06-02", "date_to": "2025-06-02", "tenants": ["acme"]}}}
    assert execute(lasting_instance, "recalculate", config).success
    with connect(installation, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from marts.restatements").fetchone() == before
        assert connection.execute("select count(*) from raw.touch_marks").fetchone() == (1,)


@pytest.mark.usefixtures("installation", "everything")
def test_the_nightly_tests_pass(lasting_instance: dg.DagsterInstance) -> None:
    assert execute(lasting_instance, "nightly_tests").success


def sensor(name: str) -> dg.SensorDefinition:
    return definitions().get_repository_def().get_sensor_def(name)


def tick(name: str, instance: dg.DagsterInstance, cursor: str | None = None) -> tuple[dg.RunRequest | dg.SkipReason | None, str | None]:
    repository = definitions().get_repository_def()
    resources = {"warehouse": Warehouse()}
    with dg.build_sensor_context(instance=instance, cursor=cursor, repository_def=repository, resources=resources) as context:
        data = sensor(name).evaluate_tick(context)
        if data.run_requests:
            return data.run_requests[0], data.cursor
        return dg.SkipReason(data.skip_message), data.cursor


def test_sensors_ask_for_runs_only_when_there_is_something_to_do(
    installation: Settings, instance: dg.DagsterInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensors, "WATCH_SECONDS", 0.0)
    assert isinstance(tick("landing_files", instance)[0], dg.SkipReason)
    land(folder, "for a sensor", 1)
    assert isinstance(tick("landing_files", instance)[0], dg.RunRequest)
    assert execute(instance, "land").success
    assert isinstance(tick("landing_files", instance)[0], dg.SkipReason)
    assert isinstance(tick("new_raw", instance)[0], dg.RunRequest)
    assert execute(instance, "refresh").success
    assert isinstance(tick("new_raw", instance)[0], dg.SkipReason)


def test_new_raw_watches_and_asks_for_a_run_as_soon_as_rows_have_come_and_no_refresh_is_under_way(
    installation: Settings, instance: dg.DagsterInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensors, "WATCH_EVERY_SECONDS", 0.05)
    looks: list[int] = []

    def look(connection: Connection) -> list[NewRows]:
        looks.append(len(looks))
        if looks[-1] == 2:
            land(folder, "while watching", 1)
            assert execute(instance, "land").success
        if looks[-1] == 5:
            instance.report_run_canceled(open_run)
        return new_rows_seen_by(connection)

    monkeypatch.setattr(sensors, "new_rows_seen_by", look)
    open_run = instance.create_run_for_job(definitions().get_repository_def().get_job("refresh"), status=dg.DagsterRunStatus.STARTED)
    assert isinstance(tick("new_raw", instance)[0], dg.RunRequest)
    assert len(looks) == 7, "twice nothing, three times a refresh under way, then asked, and asked once more"

    failed = instance.create_run_for_job(definitions().get_repository_def().get_job("refresh"), status=dg.DagsterRunStatus.STARTED)
    instance.report_run_failed(failed)
    monkeypatch.setattr(sensors, "WATCH_SECONDS", 0.0)
    reason, _ = tick("new_raw", instance)
    assert isinstance(reason, dg.SkipReason)
    assert reason.skip_message == "the last 1 runs failed: next try 30 s after the last one"


def test_a_failing_refresh_is_asked_for_again_after_a_growing_pause() -> None:
    assert [pause_seconds(failures) for failures in (0, 1, 2, 3, 6, 20)] == [0, 30, 60, 120, 900, 900]


def test_a_run_whose_worker_is_gone_is_failed_at_the_second_look(installation: Settings, instance: dg.DagsterInstance) -> None:
    job = definitions().get_repository_def().get_job("land")
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    instance.report_engine_event("started", run)
    with instance.run_storage.connect() as storage:
        storage.exec_driver_sql("update runs set start_time = ?", (now().timestamp() - 60,))
    _, cursor = tick("reap_orphans", instance)
    first = instance.get_run_by_id(run.run_id)
    assert first is not None
    assert first.status == dg.DagsterRunStatus.STARTED
    with run_lock(installation, run.run_id):
        _, while_alive = tick("reap_orphans", instance, cursor)
    assert while_alive == "[]"
    tick("reap_orphans", instance, cursor)
    second = instance.get_run_by_id(run.run_id)
    assert second is not None
    assert second.status == dg.DagsterRunStatus.FAILURE
