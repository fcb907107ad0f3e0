"""A refresh: open the window, derive what is touched, build and test that with dbt, publish the difference. Dagster or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from agentmarts.refresh.marts import read_marts
from agentmarts.refresh.publish import NeedsApprovalError, PublishResult, publish
from agentmarts.refresh.selection import backlog_relations, marts_among, models_to_build, spare_views, tests_to_run, unchanging
from agentmarts.refresh.touched import derivations, derive, missing_relations
from agentmarts.refresh.transform import (
    NIGHTLY_ARGS,
    REFRESH_ARGS,
    NodeOutcome,
    compile_models,
    definition_hash,
    load_manifest,
    run_dbt,
)
from agentmarts.refresh.window import RunWindow, mark_built, note_marts, open_window, read_window
from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.faults import fault_point
from agentmarts.warehouse.locks import Lock
from agentmarts.warehouse.migrations import is_at_head

UNCHANGING = ("path:dbt_project/models/staging", "path:dbt_project/seeds")
"""Views of raw, and seeds: the same after every run until the project changes, and then the run is full."""
Report = Callable[[NodeOutcome], None]


class RefreshError(RuntimeError):
    """The refresh cannot start; the message names the command that mends it."""


@dataclass(frozen=True)
class RefreshResult:
    """What a refresh looked at and what it published."""

    window: RunWindow
    published: PublishResult
    nodes: tuple[NodeOutcome, ...]


def refresh(
    settings: Settings,
    *,
    full: bool = False,
    whole: bool = False,
    as_of: datetime | None = None,
    run_id: str | None = None,
    on_node: Report = lambda node: None,
) -> RefreshResult:
    """Bring the marts up to date with raw as of one instant (default: now, UTC). Safe to repeat, to kill and to run twice at once.

    Builds only what is touched, unless it is the `whole` project; `full` also reads all of raw again. Raises RefreshError when migrations
    are pending, TransformError when a model or test fails, PublishError when the result must not be published. In each case readers keep
    the version they have.
    """
    run = run_id or uuid4().hex
    with transform_lock(settings):
        window = begin(settings, run_id=run, as_of=as_of, full=full)
        with noted_failure(settings, run):
            nodes = build(settings, window, whole=whole, on_node=on_node)
            complete(settings, run)
            fault_point("refresh-between-build-and-publish")
            result = publish_run(settings, run)
    return RefreshResult(window, result, tuple(nodes))


def begin(settings: Settings, *, run_id: str, as_of: datetime | None = None, full: bool = False) -> RunWindow:
    """Open the window of a run. The caller holds `transform_lock`."""
    _require_head(settings)
    manifest = load_manifest(settings)
    opened_at = now()
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        window = open_window(
            connection,
            run_id=run_id,
            as_of=as_of or opened_at,
            opened_at=opened_at,
            definition_hash=definition_hash(manifest),
            full=full,
            touched=backlog_relations(manifest),
        )
    _note_state(settings, run_id, "running", None)
    return window


def build(settings: Settings, window: RunWindow, *, whole: bool = False, on_node: Report = lambda node: None) -> list[NodeOutcome]:
    """Build and test what the window touches; how each node of dbt ended. The caller holds `transform_lock`.

    Raises TransformError when a model or test fails.
    """
    plan = plan_build(settings, window, whole=whole)
    return run_dbt(settings, plan.dbt_arguments, on_node) if plan.dbt_arguments else []


@dataclass(frozen=True)
class BuildPlan:
    """What dbt has to do in a run."""

    dbt_arguments: tuple[str, ...]
    """Empty: nothing is touched, and dbt has nothing to do."""
    summary: str
    """The same in words."""
    marts: tuple[str, ...] | None = None
    """Marts that are built, and may be published; None: all."""
    derived: tuple[str, ...] = ()
    """Models that are made already."""


def plan_build(settings: Settings, window: RunWindow, *, whole: bool = False, picked: Sequence[str] | None = None) -> BuildPlan:
    """Derive what the window touches, and choose what to build of it. The caller holds `transform_lock`.

    Full runs and `whole` ones build everything, and so does one that finds relations of `build` missing. With `picked` models of these
    names are built as they stand, for somebody who looks at them: such a run is not to be published.
    """
    manifest = load_manifest(settings)
    rebuild = ("--full-refresh",) if window.mode == "full" else ()
    if picked is not None:
        return BuildPlan((*REFRESH_ARGS, *rebuild, "--select", " ".join(picked)), f"{len(picked)} picked models, not to be published")
    if window.mode == "full":
        return BuildPlan((*REFRESH_ARGS, *rebuild), "everything, from all of raw")
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        missing = missing_relations(manifest, connection)
        if missing & set(unchanging(manifest)):
            return BuildPlan(REFRESH_ARGS, f"everything: {', '.join(sorted(missing))} missing in build")
        if whole or missing - spare_views(manifest):
            *arguments, nightly = REFRESH_ARGS
            return BuildPlan((*arguments, " ".join([nightly, *UNCHANGING])), "every model")
        statements = derivations(
            manifest,
            connection,
            settings.home_path / "dbt" / f"derivations-{connection.info.dbname}.json",
            window.definition_hash,
            lambda names: compile_models(settings, names),
        )
        derived = derive(connection, manifest, statements, is_trusted=window.follows_published)
        models = models_to_build(manifest, touched=derived.touched, changed=derived.changed, missing=missing)
        marts = marts_among(manifest, models)
        note_marts(connection, window.run_id, marts)
    made = tuple(one.name for one in statements)
    if not models:
        return BuildPlan((), "nothing is touched", (), made)
    names = sorted(manifest["nodes"][key]["name"] for key in (*models, *tests_to_run(manifest, models)))
    touched = ", ".join(sorted(derived.touched)) or "small marts"
    return BuildPlan((*REFRESH_ARGS, "--select", " ".join(names)), f"{len(models)} models; touched: {touched}", tuple(marts), made)


def complete(settings: Settings, run_id: str) -> None:
    """Note that dbt built every model of the run and every test passed."""
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        mark_built(connection, run_id, now())


def publish_run(settings: Settings, run_id: str, *, approved: bool = False) -> PublishResult:
    """Publish the run that was built under `run_id`.

    Raises WindowError when a newer run has begun, PublishError or NeedsApprovalError when it must not be published.
    """
    _require_head(settings)
    manifest = load_manifest(settings)
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        window = read_window(connection, run_id)
        marts = read_marts(manifest, connection)
        result = publish(connection, window, marts, published_at=now(), approved=approved)
    _note_state(settings, run_id, "published" if result.rows_changed else "unchanged", None)
    return result


def check_whole_tables(settings: Settings, on_node: Report = lambda node: None) -> list[NodeOutcome]:
    """Run the nightly tests, which look at all rows of the built marts and not only at what the last run touched.

    Raises TransformError when one fails: the marts are published already, so somebody must look.
    """
    with transform_lock(settings):
        return run_dbt(settings, NIGHTLY_ARGS, on_node)


@contextmanager
def transform_lock(settings: Settings) -> Iterator[None]:
    """Only one run builds and publishes at a time. The lock lives on a connection of its own and dies with the process."""
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (Lock.TRANSFORM,))
        yield


@contextmanager
def noted_failure(settings: Settings, run_id: str) -> Iterator[None]:
    """Write into ops.refresh_state why the run did not publish, for /readyz and `agentmarts status`, and let the exception go on."""
    try:
        yield
    except NeedsApprovalError as error:
        _note_state(settings, run_id, "needs_approval", str(error))
        raise
    except Exception as error:
        _note_state(settings, run_id, "failed", f"{type(error).__name__}: {error}"[:2000])
        raise


def _note_state(settings: Settings, run_id: str, status: str, reason: str | None) -> None:
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        connection.execute(
            "update ops.refresh_state set status = %(status)s, reason = %(reason)s, run_id = %(run_id)s,"
            " started_at = case when %(status)s = 'running' then %(now)s else started_at end,"
            " finished_at = case when %(status)s <> 'running' then %(now)s end",
            {"status": status, "reason": reason, "run_id": run_id, "now": now()},
        )


def _require_head(settings: Settings) -> None:
    with connect(settings, Role.PUBLISH) as connection:
        if not is_at_head(connection):
            raise RefreshError("the database is not at the newest migration: run `agentmarts migrate up`")
