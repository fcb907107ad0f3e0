"""What arrives: landing files and new raw rows."""

import json
import time

import dagster as dg

from agentmarts.refresh.due import new_rows_seen_by
from agentmarts.settings import now
from agentmarts.streams.landing.landed import waiting_files
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.run_lock import dead_runs
from dagster_project.jobs import EVERYTHING_JOB, LAND_JOB, REFRESH_JOB
from dagster_project.resources import Warehouse

OPEN_STATUSES = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 900
ORPHAN_AFTER_SECONDS = 20
LOOK_SECONDS = 15
"""Between two evaluations of a sensor that looks once: two of them and the daemon's own pause find a dead worker within a minute."""
WATCH_SECONDS = 20.0
"""How long `new_raw` watches; Dagster gives an evaluation 60 seconds."""
WATCH_EVERY_SECONDS = 1.0


def all_sensors(*, running: bool) -> list[dg.SensorDefinition]:
    """The sensors, switched on from the start when `running`."""
    status = dg.DefaultSensorStatus.RUNNING if running else dg.DefaultSensorStatus.STOPPED

    @dg.sensor(job_name=LAND_JOB, minimum_interval_seconds=LOOK_SECONDS, default_status=status)
    def landing_files(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Load landing files that are not in yet."""
        waiting = waiting_files(warehouse.settings)
        if not waiting:
            return dg.SkipReason("every landing file is loaded")
        obstacle = _obstacle(context.instance, LAND_JOB)
        return dg.SkipReason(f"{len(waiting)} files wait: {obstacle}") if obstacle else dg.RunRequest()

    @dg.sensor(job_name=REFRESH_JOB, minimum_interval_seconds=5, default_status=status)
    def new_raw(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Refresh when raw has rows that no publish has seen. What is new is told by ops.publish_cursor, not by this sensor's cursor.

        One evaluation watches for a while: asking PostgreSQL every second costs less than an evaluation every five.
        """
        deadline = time.monotonic() + WATCH_SECONDS
        with connect(warehouse.settings, Role.TRANSFORM, autocommit=True) as connection:
            while True:
                obstacle = "no rows since the last publish"
                if new_rows_seen_by(connection):
                    # A refresh may have ended between the two looks: then its rows are no longer new.
                    obstacle = _obstacle(context.instance, REFRESH_JOB) or ("" if new_rows_seen_by(connection) else obstacle)
                if not obstacle:
                    return dg.RunRequest()
                if time.monotonic() + WATCH_EVERY_SECONDS > deadline:
                    return dg.SkipReason(obstacle)
                time.sleep(WATCH_EVERY_SECONDS)

    @dg.sensor(minimum_interval_seconds=LOOK_SECONDS, default_status=status)
    def reap_orphans(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.SkipReason:
        """Fail runs whose worker is gone: after a reboot Dagster would leave them STARTED for ever, and their pool taken.

        A run is failed when two ticks in a row find nobody holding its lock, so that the moment between two steps never counts.
        A run wrongly declared dead could not publish anyway: the publish cursor fences it.
        """
        records = context.instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
        old = [r.dagster_run for r in records if r.start_time and now().timestamp() - r.start_time > ORPHAN_AFTER_SECONDS]
        suspected = set(json.loads(context.cursor)) if context.cursor else set()
        dead = set(dead_runs(warehouse.settings, [run.run_id for run in old]))
        for run in old:
            if run.run_id in dead & suspected:
                context.instance.report_run_failed(run, "worker is gone")
        context.update_cursor(json.dumps(sorted(dead - suspected)))
        return dg.SkipReason(f"{len(dead & suspected)} runs without a worker were failed")

    return [landing_files, new_raw, reap_orphans]


def pause_seconds(failures: int) -> int:
    """How long to wait after this many failed runs in a row: 0, 30, 60, … up to 900 seconds."""
    return 0 if failures == 0 else min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1))


def _obstacle(instance: dg.DagsterInstance, job: str) -> str:
    """Why the job must not start now: a run of it is under way, or the last ones failed moments ago. Empty: it may.

    Runs are asked for without run_key: a failed key can never be asked for again.
    """
    if any(instance.get_runs_count(dg.RunsFilter(job_name=one, statuses=OPEN_STATUSES)) for one in (job, EVERYTHING_JOB)):
        return "a run is under way; what it misses is found when it has ended"
    records = instance.get_run_records(dg.RunsFilter(job_name=job), limit=6)
    failures = 0
    for record in records:
        if record.dagster_run.status != dg.DagsterRunStatus.FAILURE:
            break
        failures += 1
    pause = pause_seconds(failures)
    if pause and records[0].end_time and now().timestamp() - records[0].end_time < pause:
        return f"the last {failures} runs failed: next try {pause} s after the last one"
    return ""
