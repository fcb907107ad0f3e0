"""What is to be reached: one row per figure with a goal, and what to say when it is missed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """`row` is its name in the table; `missed` says why a figure may be missed and what would help."""

    row: str
    figure: str
    what: str
    goal: float
    at_least: bool = False
    stretch: float | None = None
    missed: str = ""

    def is_reached(self, value: float) -> bool:
        """Whether the goal is reached."""
        return value >= self.goal if self.at_least else value <= self.goal

    def verdict(self, value: float) -> str:
        """The goal and whether it is reached."""
        text = f"{'at least' if self.at_least else 'at most'} {self.goal:g}"
        return f"{text}: {'reached' if self.is_reached(value) else 'MISSED'}"


_TWO_CORES = (
    "Checking in Python and writing in PostgreSQL already share both cores; a third core would let a second writer run. "
    "COPY straight into the tables would help, but PostgreSQL refuses it where row security holds."
)

GOALS = (
    Goal("P1", "P1_ingest_to_copy", "ingest of NDJSON ÷ raw COPY of the same rows", 0.40, True, 0.55, _TWO_CORES),
    Goal("P2", "P2_ingest_to_sqlalchemy", "ingest ÷ SQLAlchemy inserts of the same rows", 2.0, True, 4.0, _TWO_CORES),
    Goal("P3", "P3_replay_to_first", "a batch replayed and refreshed ÷ its first ingest and refresh", 0.3, stretch=0.2),
    Goal("P3", "P3_replay_rows_changed", "rows of marts that the replay changed", 0),
    Goal(
        "P4",
        "P4_batch_to_full",
        "SQL of refresh and publish after a 1 % batch ÷ full build and publish",
        0.05,
        stretch=0.03,
        missed="A third of it are the months and weeks that the batch's days lie in, which are read whole for their exact percentiles.",
    ),
    Goal("P5", "P5_batch_on_3_histories", "the same batch on 3 × the history ÷ on 1 ×", 2.0, stretch=1.2),
    Goal("P6", "P6_scattered_to_full", "1 % of events scattered over all days and tenants ÷ full", 0.6, stretch=0.4),
    Goal(
        "P7",
        "P7_full_to_one_statement",
        "full build of conversations ÷ one statement written by hand for counts, exact percentiles and distinct customers of each day",
        3.0,
        stretch=2.0,
        missed="The statement by hand knows no episodes, no outcomes and no late replies; the build keeps what later batches stand on: "
        "events in order, spans, replies and one row per conversation, and from them five marts more.",
    ),
    Goal(
        "P8",
        "P8_calibration_to_full",
        "calibration bins and summary after 1 % new outcomes ÷ full",
        0.05,
        stretch=0.02,
        missed="The outcomes lie on all days of all tenants, so nearly every row of both marts is touched; together that is a second.",
    ),
    Goal("P10", "P10_dashboard_to_select_one", "dashboard requests ÷ `select 1` through the tenant's transaction", 0.65, True, 0.9),
    Goal("P11", "P11_dashboard_to_bare_select_one", "dashboard requests ÷ `select 1` without key and transaction", 0.40, True, 0.55),
    Goal("P12", "P12_not_modified_to_nothing", "304 ÷ an endpoint with a key that touches no database", 0.5, True, 0.8),
    Goal("P13", "P13_export_to_copy", "rows of a CSV export ÷ COPY of the same query", 0.4, True, 0.7),
    Goal("P13", "P13_export_memory_mb", "MB of memory that the export takes", 64),
    *(
        Goal(f"{row}, 10 M", f"{figure}_at_size", f"{what}, on 10 M events", goal, at_least)
        for row, figure, what, goal, at_least in (
            ("P10", "P10_dashboard_to_select_one", "dashboard ÷ `select 1`", 0.65, True),
            ("P11", "P11_dashboard_to_bare_select_one", "dashboard ÷ bare `select 1`", 0.40, True),
            ("P12", "P12_not_modified_to_nothing", "304 ÷ nothing", 0.5, True),
            ("P13", "P13_export_to_copy", "CSV export ÷ COPY", 0.4, True),
            ("P13", "P13_export_memory_mb", "MB of the export", 64, False),
        )
    ),
    Goal("P14", "live_click_to_published_seconds", "seconds from “Launch run” to published", 15, stretch=6),
    Goal(
        "pages",
        "page_per_second",
        "pages of 100 rows of the widest mart a second, none remembered",
        300,
        True,
        missed="100 rows of 67 columns are 170 kB of JSON: 2 ms in PostgreSQL and 2 ms in the one thread of the service, on two cores. "
        "`select=` of the columns one needs costs a fraction.",
    ),
    Goal(
        "posts",
        "post_to_file_rate",
        "events posted in requests of 1,000, two at a time ÷ events of a file",
        0.5,
        True,
        missed="A request is checked, written and made durable before its answer; four at a time instead of two reach it.",
    ),
    Goal("two", "two_processes_to_one", "two processes loading for two tenants ÷ one", 1.6, True, missed=_TWO_CORES),
    Goal("memory", "ingest_memory_mb", "MB that the ingest of a file takes", 400),
    Goal("growth", "growth_full", "exponent of a full build against history", 1.1),
    Goal("growth", "growth_batch", "exponent of a batch's refresh against history", 0.3),
    Goal("growth", "growth_outcome_daily", "exponent of `outcome_daily` against history", 1.1),
    Goal("growth", "growth_e_process", "exponent of `int_learning__e_process` against history", 1.1),
    *(Goal("idle", f"nothing_new_sql_seconds_{n}_filled", f"seconds of SQL, nothing new, {n} of 3 domains", 0.3) for n in (1, 2, 3)),
    *(Goal("idle", f"nothing_new_wall_seconds_{n}_filled", f"seconds on the wall, nothing new, {n} of 3 domains", 1.5) for n in (1, 2, 3)),
    *(Goal("one", f"one_conversation_sql_seconds_{n}_filled", f"seconds of SQL, one conversation, {n} of 3", 1.5) for n in (1, 2, 3)),
    *(Goal("one", f"one_conversation_wall_seconds_{n}_filled", f"seconds on the wall, one conversation, {n} of 3", 4.0) for n in (1, 2, 3)),
    Goal("live", "live_raw_to_mart_p95_seconds", "seconds from an accepted event to the mart, p95", 30),
    Goal("live", "live_idle_cpu_seconds_a_minute", "seconds of CPU a minute of an idle installation", 5),
    Goal("live", "live_memory_mb", "MB of an idle installation", 900),
    Goal(
        "agency",
        "graph_scale_full_wall_seconds",
        "seconds of a full build, 100 accounts × 2 years",
        600,
        missed="A sixth of it is the first publish, in which PostgreSQL looks up tenant and date of each of 11 million rows, one by one.",
    ),
    Goal(
        "agency",
        "graph_scale_new_day_sql_seconds",
        "seconds of SQL of one new day of all accounts",
        30,
        missed="What is new of an account reads its samples from the beginning: the last one before would do for most series.",
    ),
    Goal("agency", "graph_scale_full_exponent", "exponent of its full build against history", 1.1),
    Goal("agency", "graph_scale_new_day_exponent", "exponent of its new day against history", 1.1),
    Goal("statistics", "calibration_false_alarm_share", "share of false calibration alarms", 0.05),
    Goal("statistics", "calibration_detection_median_confident", "outcomes until 10 points of overconfidence are found", 150),
    Goal("statistics", "coaching_actionable_share", "share of tenants without effect shown a pattern", 0.10),
    Goal("statistics", "bias_matured_largest", "largest bias of a matured success rate", 0.01),
    *(
        Goal("statistics", f"graph_year_{name}", f"{what} in a simulated year", 0)
        for name, what in (
            ("wrong_days_facebook", "wrong days of a Page"),
            ("wrong_days_instagram", "wrong days of an Instagram account"),
            ("wrong_weeks", "wrong weeks"),
            ("wrong_windows", "wrong windows"),
            ("wrong_posts", "wrong posts"),
            ("rows_a_rebuild_changes", "rows that a rebuild changes"),
        )
    ),
)
BY_FIGURE = {goal.figure: goal for goal in GOALS}
NOT_YET = {
    "P8 (KPI snapshots)": "they are not built yet",
    "P9": "anomalies are not built yet",
    "P15": "retention is not built yet",
}
