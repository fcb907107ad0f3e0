"""Where a run of the suite spends its time: which modules, and how many seconds in dbt, in cloning databases and in starting servers.

xdist hands out whole modules. The costly ones go first, or else the last of them keeps one worker busy while the others have nothing to do.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SECONDS_FILE = Path(__file__).with_name("module_seconds.json")
"""Seconds of each module as last measured; `pytest --note-seconds` writes it anew."""
WORTH_NOTING = 1.0
SHOWN = 10

_spent: Counter[str] = Counter()


@contextmanager
def spending(on: str) -> Iterator[None]:
    """Count the seconds of the block to `on`, in this process."""
    begun = time.monotonic()
    try:
        yield
    finally:
        _spent[on] += time.monotonic() - begun  # type: ignore[assignment]


def counted(function: Callable[..., Any], on: str) -> Callable[..., Any]:
    """The same function, whose seconds count to `on`."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with spending(on):
            return function(*args, **kwargs)

    return wrapper


def costly_first(items: list[pytest.Item]) -> None:
    """Sort tests by what their module costs, dearest first; modules that nobody measured are taken for small."""
    known: dict[str, float] = json.loads(SECONDS_FILE.read_text()) if SECONDS_FILE.exists() else {}
    items.sort(key=lambda item: (-known.get(_module(item.nodeid), 0.0), _module(item.nodeid)))


class SuiteReport:
    """Plugin of the process that outlives all workers: gathers what they spent and prints it at the end."""

    def __init__(self, *, notes_seconds: bool) -> None:
        self._notes_seconds = notes_seconds
        self._modules: defaultdict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()
        self._workers: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        module = _module(report.nodeid)
        self._modules[module] += report.duration
        self._tests[module] += report.when == "call"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        self._workers.update(getattr(node, "workeroutput", {}).get("spent", {}))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        slowest = sorted(self._modules.items(), key=lambda one: -one[1])
        terminalreporter.section(f"{SHOWN} slowest modules")
        for module, seconds in slowest[:SHOWN]:
            terminalreporter.write_line(f"{seconds:7.1f} s  {self._tests[module]:4} tests  {module}")
        spent = self._workers + _spent
        total = sum(self._modules.values())
        parts = ", ".join(f"{seconds:.0f} s in {what}" for what, seconds in spent.most_common())
        terminalreporter.write_line(f"{total:7.0f} s  of all workers" + (f"; of these {parts}" if parts else ""))
        if self._notes_seconds:
            noted = {module: round(seconds, 1) for module, seconds in slowest if seconds >= WORTH_NOTING}
            known = json.loads(SECONDS_FILE.read_text()) if SECONDS_FILE.exists() else {}
            kept = {module: seconds for module, seconds in known.items() if module not in self._modules and Path(module).exists()}
            SECONDS_FILE.write_text(json.dumps(dict(sorted((kept | noted).items())), indent=1) + "\n")


def hand_over(config: pytest.Config) -> None:
    """In a worker, at its end: tell the main process what was spent."""
    if hasattr(config, "workeroutput"):
        config.workeroutput["spent"] = dict(_spent)


def _module(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]
