"""Runs that end in the middle of their build, as if their process had been killed."""

from __future__ import annotations

from datetime import datetime

from agentmarts.refresh.run import begin, plan_build, transform_lock
from agentmarts.refresh.transform import run_dbt
from agentmarts.settings import Settings


def killed_after(settings: Settings, last: str, *, as_of: datetime, run_id: str) -> None:
    """Begin a run and build of it only what leads to the model `last`: each model commits alone, so the state is torn."""
    with transform_lock(settings):
        planned = plan_build(settings, begin(settings, run_id=run_id, as_of=as_of)).dbt_arguments
        if planned:
            run_dbt(settings, ["run", "--select", " ".join(f"+{last},{name}" for name in planned[-1].split())])
