"""What only the clock can cause: local days that end, windows that run out, and the nightly pass."""

import dagster as dg

from agentmarts.meta_graph.accounts import list_accounts
from agentmarts.refresh.due import clock_is_due
from agentmarts.settings import now
from agentmarts.warehouse.connection import Role, connect
from dagster_project.jobs import CHECKS_JOB, EVERYTHING_JOB, GRAPH_JOB, NIGHTLY_JOB, PROBE_JOB, REFRESH_JOB
from dagster_project.resources import Warehouse


def all_schedules(*, running: bool, timezone: str) -> list[dg.ScheduleDefinition]:
    """The schedules, switched on from the start when `running`; `timezone` is the operator's IANA zone."""
    status = dg.DefaultScheduleStatus.RUNNING if running else dg.DefaultScheduleStatus.STOPPED

    # 15 minutes, because zones have offsets of :30 and :45.
    @dg.schedule(job_name=REFRESH_JOB, cron_schedule="*/15 * * * *", default_status=status, name="clock")
    def clock(context: dg.ScheduleEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Refresh when time alone has changed something: a silence or outcome window, a provisional day, a local midnight."""
        if clock_is_due(warehouse.settings, now()):
            return dg.RunRequest()
        return dg.SkipReason("no window ended and no local day began since the last publish")

    daily = dg.ScheduleDefinition(
        name="daily",
        job_name=EVERYTHING_JOB,
        cron_schedule="30 2 * * *",
        execution_timezone=timezone,
        default_status=status,
        description="Once a day the whole way, whatever the sensors did: late landing files, marts, checks.",
    )

    # The plan says what is due: most hours only stories and young posts are. Its first run after midnight takes the daily figures.
    @dg.schedule(job_name=GRAPH_JOB, cron_schedule="5 * * * *", execution_timezone=timezone, default_status=status, name="graph_hourly")
    def graph_hourly(context: dg.ScheduleEvaluationContext, warehouse: Warehouse) -> dg.RunRequest | dg.SkipReason:
        """Collect young posts, stories, and what is due once a day."""
        with connect(warehouse.settings, Role.INGEST) as connection:
            accounts = list_accounts(connection)
        return dg.RunRequest() if accounts else dg.SkipReason("no account is connected: `agentmarts graph account add`")

    graph_daily = dg.ScheduleDefinition(
        name="graph_daily",
        job_name=GRAPH_JOB,
        cron_schedule="0 6 * * *",
        execution_timezone=timezone,
        default_status=status,
        description="Yesterday of every account, when Meta has most of it.",
    )
    graph_weekly = dg.ScheduleDefinition(
        name="graph_weekly",
        job_name=PROBE_JOB,
        cron_schedule="30 5 * * 1",
        execution_timezone=timezone,
        default_status=status,
        description="Every metric alone: what died and what came, before a request fails of it.",
    )
    nightly = dg.ScheduleDefinition(
        name="nightly",
        job_name=NIGHTLY_JOB,
        cron_schedule="30 3 * * *",
        execution_timezone=timezone,
        default_status=status,
        description="The tests that look at whole tables, an hour after the daily run.",
    )
    six_hourly = dg.ScheduleDefinition(
        name="six_hourly",
        job_name=CHECKS_JOB,
        cron_schedule="0 */6 * * *",
        execution_timezone=timezone,
        default_status=status,
        description="Calibration alarm, quiet streams, access rules and quarantine, whether or not anything was materialized.",
    )
    return [clock, daily, graph_hourly, graph_daily, graph_weekly, nightly, six_hourly]
