"""The one resource: the warehouse of AGENTMARTS_HOME. It holds no configuration, so no secret can reach Dagster's storage."""

import sys
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from agentmarts.settings import PROJECT_ROOT, Settings, load_settings


class Warehouse(dg.ConfigurableResource):
    """Settings of this installation, read from the environment of the run's process."""

    @property
    def settings(self) -> Settings:
        return load_settings()


def dbt_resource() -> DbtCliResource:
    """dbt's command line of this very environment: `dbt` on the PATH may be another one, or none."""
    return DbtCliResource(
        project_dir=str(PROJECT_ROOT),
        profiles_dir=str(PROJECT_ROOT / "profiles"),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
