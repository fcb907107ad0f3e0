"""What arrives: landing files and new raw rows."""

import json

import dagster as dg

from agentmarts.settings import now
from agentmarts.streams.landed import waiting_files
from agentmarts.warehouse.due import new_rows
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


def all_sensors(*, running: bool) -> list[dg.SensorDefinition]:
    """The sensors, switched on from the start when `running`."""
    status = dg.DefaultSensorStatus.RUNNING if running else dg.DefaultSensorStatus.STOPPED

    @dg.sensor(job_name=LAND_JOB, minimum_interval_seconds=15, default_status=status)
    def landing_files(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Load landing files that are not in yet."""
        waiting = waiting_files(warehouse.settings)
        if not waiting:
            return dg.SkipReason("every landing file is loaded")
        if _is_open(context.instance, LAND_JOB, EVERYTHING_JOB):
            return dg.SkipReason(f"{len(waiting)} files wait for the run that is under way")
        return _unless_pausing(context, LAND_JOB)

    @dg.sensor(job_name=REFRESH_JOB, minimum_interval_seconds=15, default_status=status)
    def new_raw(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Refresh when raw has rows that no publish has seen. What is new is told by ops.publish_cursor, not by this sensor's cursor."""
        found = new_rows(warehouse.settings)
        if not found:
            return dg.SkipReason("no rows since the last publish")
        if _is_open(context.instance, REFRESH_JOB, EVERYTHING_JOB):
            return dg.SkipReason("a refresh is under way; what it misses is found at the next tick")
        return _unless_pausing(context, REFRESH_JOB)

    @dg.sensor(minimum_interval_seconds=15, default_status=status)
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


def _is_open(instance: dg.DagsterInstance, *jobs: str) -> bool:
    return any(instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=OPEN_STATUSES)) for job in jobs)


def _unless_pausing(context: dg.SensorEvaluationContext, job: str) -> dg.RunRequest | dg.SkipReason:
    """A run without run_key (a failed key can never be asked for again), unless the last runs failed moments ago."""
    records = context.instance.get_run_records(dg.RunsFilter(job_name=job), limit=6)
    failures = 0
    for record in records:
        if record.dagster_run.status != dg.DagsterRunStatus.FAILURE:
            break
        failures += 1
    pause = pause_seconds(failures)
    if pause and records[0].end_time and now().timestamp() - records[0].end_time < pause:
        return dg.SkipReason(f"the last {failures} runs failed: next try {pause} s after the last one")
    return dg.RunRequest()
