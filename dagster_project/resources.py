"""The one resource: the warehouse of AGENTMARTS_HOME. It holds no configuration, so no secret can reach Dagster's storage."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from agentmarts.settings import PROJECT_ROOT, Settings, load_settings
from agentmarts.warehouse.run_lock import run_lock


class Warehouse(dg.ConfigurableResource):
    """Settings of this installation, read from the environment of the run's process.

    While a run uses it, it holds the run's lock in the warehouse: that is how `reap_orphans` tells a run whose worker is gone.
    """

    @property
    def settings(self) -> Settings:
        return load_settings()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        if context.run is None:
            yield self
        else:
            with run_lock(self.settings, context.run.run_id):
                yield self


def dbt_resource() -> DbtCliResource:
    """dbt's command line of this very environment: `dbt` on the PATH may be another one, or none."""
    return DbtCliResource(
        project_dir=str(PROJECT_ROOT),
        profiles_dir=str(PROJECT_ROOT / "profiles"),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
