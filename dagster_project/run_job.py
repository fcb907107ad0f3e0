"""`python -m dagster_project.run_job <job>`: run a job to its end in this process and leave a run like any other.

It begins with a line on its standard input: Dagster and dbt are imported while whoever started it still prepares what the job needs.

`dagster job execute` does almost that, but does not say of which code location the run is, and the UI's timeline shows only runs of code
locations that it has loaded. `dagster job launch` says it and needs a code server and a daemon that takes the run from the queue.
"""

import importlib
import os
import sys

import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import RemoteRepositoryOrigin
from dagster._core.workspace.load_target import WorkspaceFileTarget

from agentmarts.settings import PROJECT_ROOT

STATEMENT_MILLISECONDS = 60_000
CONNECTION_SECONDS = 3600


def run_job(instance: dg.DagsterInstance, name: str) -> bool:
    """Run a job of the code location in workspace.yaml; returns whether it succeeded. What it logs goes to stderr."""
    (location,) = WorkspaceFileTarget([str(PROJECT_ROOT / "workspace.yaml")]).create_origins()
    target = location.loadable_target_origin
    repository = ReconstructableRepository.for_module(target.module_name, target.module_name.rpartition(".")[2], str(PROJECT_ROOT))
    job = repository.get_reconstructable_job(name)
    run = instance.create_run_for_job(
        job.get_definition(),
        remote_job_origin=RemoteRepositoryOrigin(location, repository.get_definition().name).get_job_origin(name),
        job_code_origin=job.get_python_origin(),
    )
    return execute_run(job, run, instance).success


def main() -> None:
    """Run the job that the command line names, on the instance of DAGSTER_HOME."""
    os.chdir(PROJECT_ROOT)
    importlib.import_module("dagster_project.definitions")
    if not sys.stdin.readline():
        sys.exit("whoever wanted the run is gone")
    with dg.DagsterInstance.get() as instance:
        # Else each of some thousand events opens a connection of its own, or three.
        instance.optimize_for_webserver(STATEMENT_MILLISECONDS, CONNECTION_SECONDS, max_overflow=10)
        sys.exit(0 if run_job(instance, sys.argv[1]) else 1)


if __name__ == "__main__":
    main()
