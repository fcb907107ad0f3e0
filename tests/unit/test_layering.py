"""What the contracts of import-linter in pyproject.toml cannot say: who reads the clock, who writes marts, that imports do no work."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from agentmarts.settings import PROJECT_ROOT

LIBRARY = PROJECT_ROOT / "agentmarts"


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def test_only_settings_reads_the_wall_clock() -> None:
    clocks = {"now", "utcnow", "today"}
    found = [
        f"{path.relative_to(PROJECT_ROOT)}:{node.lineno}"
        for folder in (LIBRARY, PROJECT_ROOT / "dagster_project")
        for path in modules(folder)
        if path != LIBRARY / "settings.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert found == []


def test_only_publish_writes_marts() -> None:
    writers = [
        str(path.relative_to(PROJECT_ROOT))
        for path in modules(LIBRARY)
        if any(f"{verb} marts." in path.read_text().lower() for verb in ("insert into", "update", "delete from", "truncate"))
    ]
    assert writers == ["agentmarts/refresh/publish_statements.py"]


def test_the_service_computes_no_figure() -> None:
    """It calls functions of the warehouse, where a figure has its definition, and shapes and rounds what they give."""
    formula = re.compile(
        r"\b(sum|avg|stddev\w*|percentile_cont|sqrt|exp|ln|wilson\w*|two_\w+_[pz]|rate_trend|count_trend|growth_\w+|sample_status)\(| / "
    )
    found = [
        f"{path.relative_to(PROJECT_ROOT)}: {line.strip()}"
        for domain in ("analytics", "learning")
        for path in modules(LIBRARY / "service" / domain)
        for line in path.read_text().splitlines()
        if formula.search(line)
    ]
    assert found == []


def test_importing_everything_does_no_work() -> None:
    """No connection, no file, no network at import: proved by importing all modules with all three forbidden."""
    names = [
        ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts).removesuffix(".__init__")
        for folder in (LIBRARY, PROJECT_ROOT / "dagster_project")
        for path in modules(folder)
    ]
    program = (
        "import sys, socket, pathlib, importlib\n"
        "def refuse(*a, **k): raise SystemExit(f'work at import: {a}')\n"
        "import dagster, dagster_dbt, dagster_postgres, fastapi, uvicorn, psycopg, psycopg_pool, typer, rich, pyarrow, fsspec\n"
        "socket.socket.connect = refuse\n"
        "psycopg.connect = psycopg.Connection.connect = refuse\n"
        "pathlib.Path.read_text = pathlib.Path.write_text = pathlib.Path.mkdir = refuse\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:] or done.stdout[-2000:]
