"""docs/performance.md: what was measured, between the two marks; the words around them are written by hand."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psutil

from agentmarts.settings import PROJECT_ROOT
from bench.goals import GOALS, NOT_YET, Goal
from bench.report import kept

PAGE = PROJECT_ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PACKAGES = ("dbt-core", "dbt-postgres", "dagster", "psycopg", "pyarrow", "msgspec", "fastapi", "uvicorn")
GROWTH = {
    "growth_ingest": "ingest of the whole history",
    "growth_full": "full build and publish",
    "growth_batch": "refresh after the same batch",
    "growth_one_conversation": "refresh after one conversation",
    "growth_nothing_new": "refresh with nothing new",
    "growth_outcome_daily": "`outcome_daily` in a full build",
    "growth_e_process": "`int_learning__e_process` in a full build",
}


def write_page() -> None:
    """Put what is kept of the measurements into the page."""
    figures = {name: float(str(one["value"])) for name, one in kept().items()}
    days = {name: str(one["day"]) for name, one in kept().items()}
    text = "\n".join([BEGIN, "", *_machine(), *_table(figures, days), *_missed(figures), *_growth(figures), *_time(figures), END])
    before, after = re.split(re.escape(BEGIN) + ".*" + re.escape(END), PAGE.read_text(), flags=re.DOTALL)
    PAGE.write_text(before + text + after)


def _machine() -> Iterator[str]:
    memory = psutil.virtual_memory().total / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield f"Measured on {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()} {platform.release()}, "
    yield f"Python {platform.python_version()}, the embedded PostgreSQL; {versions}."
    yield ""


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _table(figures: dict[str, float], days: dict[str, str]) -> Iterator[str]:
    yield "| row | what | measured | goal | stretch | | on |"
    yield "|---|---|---|---|---|---|---|"
    for goal in GOALS:
        if goal.figure in figures:
            sign = "≥" if goal.at_least else "≤"
            stretch = f"{sign} {goal.stretch:g}" if goal.stretch is not None else ""
            verdict = "reached" if goal.is_reached(figures[goal.figure]) else "**missed**"
            measured = _number(figures[goal.figure])
            yield f"| {goal.row} | {goal.what} | {measured} | {sign} {goal.goal:g} | {stretch} | {verdict} | {days[goal.figure]} |"
    for row, why in NOT_YET.items():
        yield f"| {row} | {why} | | | | | |"
    yield ""


def _missed(figures: dict[str, float]) -> Iterator[str]:
    missed: dict[str, list[Goal]] = {}
    for goal in GOALS:
        if goal.figure in figures and not goal.is_reached(figures[goal.figure]):
            missed.setdefault(goal.missed, []).append(goal)
    if missed:
        yield "### What is missed, and what would help"
        yield ""
        for why, goals in missed.items():
            yield f"- **{', '.join(dict.fromkeys(goal.row for goal in goals))}**: {why or 'not looked into yet.'}"
        yield ""


def _growth(figures: dict[str, float]) -> Iterator[str]:
    yield "### How cost grows with history"
    yield ""
    yield "Three times the events over three times the days; 1 is linear, 0 is flat."
    yield ""
    yield "| cost | exponent |"
    yield "|---|---|"
    for figure, what in GROWTH.items():
        if figure in figures:
            yield f"| {what} | {figures[figure]:.2f} |"
    yield ""


def _time(figures: dict[str, float]) -> Iterator[str]:
    yield "### Where a full build's time goes"
    yield ""
    yield "| model | conversations alone, s | all three domains, s |"
    yield "|---|---|---|"
    models = {name.split("_", 2)[2] for name in figures if re.match(r"node_[13]_", name)}
    slowest = sorted(models, key=lambda model: -max(figures.get(f"node_{n}_{model}", 0.0) for n in (1, 3)))[:14]
    for model in slowest:
        seconds = (figures.get(f"node_{number}_{model}") for number in (1, 3))
        yield f"| `{model}` | {' | '.join('' if one is None else f'{one:.1f}' for one in seconds)} |"
    yield ""


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
