"""Who may know whom (DESIGN, section 3): dependencies point one way, and importing anything does no work."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentmarts.settings import PROJECT_ROOT

LIBRARY = PROJECT_ROOT / "agentmarts"
LAYERS = ("warehouse", "streams", "meta_graph", "learning", "service", "commands")
"""From the bottom up: a package imports from its own layer and those before it."""


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def violations(folder: Path, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(PROJECT_ROOT)} imports {name}"
        for path in modules(folder)
        for name in sorted(imports(path))
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    ]


def test_the_library_does_not_know_dagster() -> None:
    assert violations(LIBRARY, "dagster", "dagster_dbt", "dagster_project") == []


@pytest.mark.parametrize("layer", LAYERS)
def test_dependencies_point_one_way(layer: str) -> None:
    above = [f"agentmarts.{name}" for name in LAYERS[LAYERS.index(layer) + 1 :]] + ["agentmarts.cli"]
    assert violations(LIBRARY / layer, *above) == []


def test_the_service_knows_neither_dbt_nor_dagster() -> None:
    assert violations(LIBRARY / "service", "dbt", "dagster_project", "agentmarts.warehouse.transform", "agentmarts.warehouse.refresh") == []


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
    assert writers == ["agentmarts/warehouse/publish.py"]


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
