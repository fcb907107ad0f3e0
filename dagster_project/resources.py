"""The one resource: the warehouse of AGENTMARTS_HOME. It holds no configuration, so no secret can reach Dagster's storage."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from agentmarts.settings import Settings, load_settings
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
