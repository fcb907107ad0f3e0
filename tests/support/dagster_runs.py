"""Dagster's own runs over a warehouse of the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dagster as dg
import pytest

from agentmarts.settings import Settings
from dagster_project.definitions import definitions


@contextmanager
def pointed_at(settings: Settings, **variables: str) -> Iterator[None]:
    """Let the environment, from which Dagster's code reads its settings, name this warehouse; `variables` are more of it."""
    assert settings.database_url is not None
    assert settings.secret_key is not None
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", settings.database_url.get_secret_value())
        environment.setenv("AGENTMARTS_SECRET_KEY", settings.secret_key.get_secret_value())
        environment.setenv("AGENTMARTS_HOME", str(settings.home_path))
        for name, value in variables.items():
            environment.setenv(name, value)
        yield


def execute(instance: dg.DagsterInstance, job: str, ops: Mapping[str, object] | None = None) -> dg.ExecuteInProcessResult:
    """Run a job of the code location to its end, also when it fails."""
    repository = definitions().get_repository_def()
    return repository.get_job(job).execute_in_process(instance=instance, raise_on_error=False, run_config={"ops": ops} if ops else None)


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """The last evaluation of each check by its name, for checks whose names are theirs alone."""
    return {one.check_name: one for one in result.get_asset_check_evaluations()}
