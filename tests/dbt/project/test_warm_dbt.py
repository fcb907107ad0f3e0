"""What dbt keeps between commands of one process changes no result: the same as in a process that has run nothing before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from agentmarts.refresh.transform import compile_models, invoke_dbt
from agentmarts.settings import Settings
from tests.conftest import TEST_SECRET

NAMES = ("daily_metrics", "int_social__windows", "calibration_summary")
SELECTORS = (" ".join(NAMES), "daily_metrics_rows_are_valid", "marts", "marts.social", "+weekly_metrics core.*", "none_such")
COLD = """
import json, sys
from agentmarts.settings import Settings
from agentmarts.refresh import transform
from tests.dbt.project.test_warm_dbt import NAMES, SELECTORS, selected
transform.keep_dbt_warm = lambda: None
settings = Settings()
print(json.dumps([[selected(settings, one) for one in SELECTORS], dict(transform.compile_models(settings, NAMES))]))
"""


def selected(settings: Settings, selector: str) -> list[str]:
    result = invoke_dbt(settings, ["list", "--output", "name", "--select", selector], [])
    assert result.success, result.exception
    return sorted(str(name) for name in result.result or ())  # type: ignore[union-attr]


def test_a_cold_dbt_selects_and_compiles_the_same(built_warehouse: Settings) -> None:
    """Names, a test, folders, a graph operator beside a pattern, and nothing; asked twice, the second time from what was kept."""
    url = built_warehouse.database_url
    assert url is not None
    environment = {
        **os.environ,
        "AGENTMARTS_HOME": str(built_warehouse.home),
        "AGENTMARTS_SECRET_KEY": TEST_SECRET,
        "DATABASE_URL": url.get_secret_value(),
    }
    cold = subprocess.run([sys.executable, "-c", COLD], env=environment, capture_output=True, text=True, check=True)
    names, compiled = json.loads(cold.stdout.splitlines()[-1])
    assert [bool(one) for one in names] == [True] * 5 + [False]
    for _ in range(2):
        assert [selected(built_warehouse, one) for one in SELECTORS] == names
        assert compile_models(built_warehouse, NAMES) == compiled


def test_what_stands_under_target_is_not_written_anew(built_warehouse: Settings) -> None:
    compile_models(built_warehouse, NAMES)
    files = {path: path.stat().st_mtime_ns for name in NAMES for path in _compiled(built_warehouse, name)}
    assert len(files) == len(NAMES)
    changed = next(iter(files))
    right = changed.read_text()
    changed.write_text("select 1")
    compile_models(built_warehouse, NAMES)
    assert changed.read_text() == right
    assert {path: path.stat().st_mtime_ns for path in files if path != changed} == {
        path: time for path, time in files.items() if path != changed
    }


def _compiled(settings: Settings, name: str) -> list[Path]:
    found = (settings.home_path / "dbt" / "target" / "compiled").rglob(f"models/**/{name}.sql")
    return [path for path in found if path.parent.suffix != ".yml"]  # those are of unit tests
