"""Running dbt against the warehouse, in this process, as am_transform."""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from agentmarts.refresh.warm_dbt import keep_dbt_warm
from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.connection import Role, database_url

if TYPE_CHECKING:  # dbt takes two seconds to import: only who runs it pays
    from dbt.cli.main import dbtRunnerResult
    from dbt_common.events.base_types import EventMsg

NIGHTLY = "tag:nightly"
REFRESH_ARGS = ("build", "--exclude-resource-type", "unit_test", "--exclude", NIGHTLY)
"""What a refresh runs. Unit tests need no data of ours: they run in `make test`."""
NIGHTLY_ARGS = ("test", "--select", NIGHTLY)
"""The tests that look at whole tables, too slow for every refresh."""


class TransformError(RuntimeError):
    """dbt could not parse, build or test; the message names the models and tests and what they said."""


@dataclass(frozen=True)
class NodeOutcome:
    """How one dbt node ended: `success`, `pass`, `warn`, `error`, `fail` or `skipped`."""

    unique_id: str
    status: str
    message: str
    seconds: float


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Environment variables that profiles/profiles.yml and dbt_project.yml read. Holds a password: pass it on, never print it."""
    url = database_url(settings, Role.TRANSFORM)
    folder = settings.home_path / "dbt"
    return {
        "AGENTMARTS_DBT_HOST": url.host or "127.0.0.1",
        "AGENTMARTS_DBT_PORT": str(url.port or 5432),
        "AGENTMARTS_DBT_USER": url.username or "",
        "AGENTMARTS_DBT_PASSWORD": str(url.password or ""),
        "AGENTMARTS_DBT_DBNAME": url.database or "",
        "AGENTMARTS_DBT_THREADS": str(settings.dbt_threads),
        "AGENTMARTS_DBT_TARGET": str(folder / "target"),
        "AGENTMARTS_DBT_LOGS": str(folder / "logs"),
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT / "profiles"),
        # Both have dbt settings of their own, which win over dbt_project.yml.
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def manifest_path(settings: Settings) -> Path:
    """Where dbt leaves its parsed project."""
    return settings.home_path / "dbt" / "target" / "manifest.json"


def manifest_is_current(settings: Settings) -> bool:
    """Whether the parsed project is newer than every file it was parsed from."""
    path = manifest_path(settings)
    if not path.exists():
        return False
    parsed_at = path.stat().st_mtime
    sources = [PROJECT_ROOT / "dbt_project.yml", *(PROJECT_ROOT / "profiles").glob("*.yml")]
    sources += [file for file in (PROJECT_ROOT / "dbt_project").rglob("*") if file.is_file()]
    return all(file.stat().st_mtime <= parsed_at for file in sources)


def ensure_manifest(settings: Settings) -> Path:
    """Parse the dbt project unless that was done since its last change; returns the path of manifest.json.

    Raises TransformError with dbt's own words when the project does not parse.
    """
    path = manifest_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent.parent / "parse.lock"):
        if not manifest_is_current(settings):
            run_dbt(settings, ["parse"])
            path.touch()
    return path


def load_manifest(settings: Settings) -> Mapping[str, Any]:
    """The parsed project as a dictionary (see dbt's manifest schema), read once per process and version. Do not change it."""
    path = ensure_manifest(settings)
    return _read_manifest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_manifest(path: Path, modified_ns: int) -> Mapping[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    return manifest


def definition_hash(manifest: Mapping[str, Any]) -> str:
    """SHA-256 over models, their columns, seeds, own macros and what is said of logs and functions.

    Where it is not that of the last publish, history must be recomputed.
    """
    digest = hashlib.sha256()
    for key, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] in ("model", "seed"):
            columns = [(name, column.get("data_type")) for name, column in node["columns"].items()]
            digest.update(f"{key} {node['checksum']['checksum']} {columns}\n".encode())
    for key, source in sorted(manifest["sources"].items()):
        digest.update(f"{key} {[(name, column.get('data_type')) for name, column in source['columns'].items()]}\n".encode())
    for key, macro in sorted(manifest["macros"].items()):
        if macro["package_name"] == manifest["metadata"]["project_name"]:
            digest.update(f"{key} {macro['macro_sql']}\n".encode())
    return digest.hexdigest()


def run_dbt(settings: Settings, args: Sequence[str], on_node: Callable[[NodeOutcome], None] = lambda outcome: None) -> list[NodeOutcome]:
    """Run one dbt command; `on_node` is called as each node ends. Never call it twice at once in one process: dbt forbids it.

    Raises TransformError when dbt fails or any node ends in error or failure.
    """

    said: dict[str, str] = {}

    def forward(event: EventMsg) -> None:
        if event.info.name == "JinjaLogInfo":
            # Of a test: which rules were broken (macros/materializations/test.sql).
            said[event.data.node_info.unique_id] = f"; {event.data.msg}"
        if event.info.name in ("LogModelResult", "LogTestResult", "LogSeedResult"):
            info = event.data.node_info
            on_node(NodeOutcome(info.unique_id, info.node_status, str(info.node_status), float(event.data.execution_time)))

    result = invoke_dbt(settings, args, [forward])
    outcomes = [
        NodeOutcome(str(one.node.unique_id), str(one.status), f"{one.message or ''}{said.get(one.node.unique_id, '')}", one.execution_time)
        for one in getattr(result.result, "results", None) or []
        if hasattr(one, "node")
    ]
    if not result.success:
        raise TransformError(_failure_text(outcomes, result.exception)) from result.exception
    return outcomes


def compile_models(settings: Settings, names: Sequence[str]) -> Mapping[str, str]:
    """SQL of models by their id, as an incremental run would execute it.

    Raises TransformError when dbt cannot compile one.
    """
    result = invoke_dbt(settings, ["compile", "--select", " ".join(names)], [])
    if not result.success:
        raise TransformError(_failure_text([], result.exception)) from result.exception
    return {str(one.node.unique_id): str(getattr(one.node, "compiled_code", "")) for one in getattr(result.result, "results", ())}


def invoke_dbt(settings: Settings, args: Sequence[str], callbacks: list[Callable[[EventMsg], None]]) -> dbtRunnerResult:
    """Run one dbt command in this process, which parses the project once per version of it and not for each command."""
    from dbt.cli.main import dbtRunner

    keep_dbt_warm()
    with _environment(dbt_environment(settings)):
        # An inline query becomes part of the project that it is compiled in.
        if args[0] == "parse" or "--inline" in args:
            return dbtRunner(callbacks=callbacks).invoke(["--log-level", "none", *args])
        path = ensure_manifest(settings)
        parsed = _parsed_project(path, path.stat().st_mtime_ns)
        result = dbtRunner(manifest=parsed, callbacks=callbacks).invoke(["--log-level", "none", *_artifacts(args), *args])
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception  # dbt takes it for one more failure; whoever ends this process means more
    return result


@lru_cache(maxsize=1)
def _parsed_project(path: Path, modified_ns: int) -> Any:
    """dbt's own form of the parsed project: what it left beside manifest.json, or else parsed anew."""
    from dbt.cli.main import dbtRunner

    result = dbtRunner().invoke(["--log-level", "none", "--no-write-json", "parse"])
    if not result.success:
        raise TransformError(_failure_text([], result.exception)) from result.exception
    # Three hundred thousand objects that stay: the garbage collector need not walk through them in each command. What was parsed before
    # is let go.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return result.result


def _artifacts(args: Sequence[str]) -> Sequence[str]:
    """With a build dbt would write twice what it parsed, which takes most of a second, and nobody reads it."""
    return ["--no-write-json"] if args[0] in ("build", "run", "test") else []


def _failure_text(outcomes: Sequence[NodeOutcome], exception: BaseException | None) -> str:
    broken = [one for one in outcomes if one.status in ("error", "fail", "runtime error")]
    if broken:
        return "; ".join(f"{one.unique_id.split('.', 2)[-1]}: {' '.join(one.message.split())}" for one in broken)
    if exception is not None:
        # Some say nothing but their kind.
        return str(exception) or f"dbt ended with {type(exception).__name__}; see the log under AGENTMARTS_HOME/dbt/logs"
    return "dbt failed without saying why; see the log under AGENTMARTS_HOME/dbt/logs"


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
