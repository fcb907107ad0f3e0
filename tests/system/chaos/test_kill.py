"""SIGKILL of the process at work, or of PostgreSQL under it, in the middle of ingest, of dbt and of publish.

Afterwards nobody repairs anything: PostgreSQL is started as the supervisor starts it, the client sends again what was not
acknowledged, the next refresh runs. Then everything acknowledged is in raw or in quarantine, and a full rebuild from raw finds
nothing to change in the marts.

One seed per combination in `make test`, and one rebuild after all of them; AGENTMARTS_CHAOS_SEEDS=10 (`make chaos`) for the long run, with
a rebuild after each.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agentmarts.settings import now
from agentmarts.warehouse.embedded import free_port
from demo.demo_tenants import DemoTenant
from demo.landing.landing_files import write_landing_files
from tests.system.chaos.installation import TENANT, Installation, is_ingesting, is_publishing, is_transforming, pause

SEEDS = range(int(os.environ.get("AGENTMARTS_CHAOS_SEEDS", "1")))
STAGES = {"ingest": (is_ingesting, 0.4), "dbt": (is_transforming, 3.0), "publish": (is_publishing, 0.15)}
"""When the stage is recognised, and how many seconds of it the seeded moment is taken from."""


@pytest.fixture(scope="module")
def installation(built_template: str, run_folder: Path) -> Iterator[Installation]:
    """With a dbt project that other tests have parsed already."""
    home = run_folder / "chaos"
    shutil.copytree(run_folder / "home" / "dbt", home / "dbt")
    until = now() - timedelta(hours=1)
    rounds = len(SEEDS) * len(STAGES) * 2
    tenant = DemoTenant(TENANT, "Europe/Berlin", "kiosk", 60)
    written = write_landing_files(home / "files", [tenant], until, days=rounds + 4, seed=11)
    files = [file.path for file in written if file.stream == "conversation_events"]
    one = Installation(home, files, free_port(26433))
    one.server.start()
    one.run("migrate", "up")
    one.run("tenant", "create", TENANT, "--timezone", "Europe/Berlin")
    one.deliver(*[files.pop(0) for _ in range(3)])
    one.refresh(now())
    yield one
    one.server.stop()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("victim", ["process", "postgres"])
@pytest.mark.parametrize("stage", list(STAGES))
def test_nothing_is_lost_and_nobody_repairs_anything(installation: Installation, stage: str, victim: str, seed: int) -> None:
    rng = random.Random(f"{stage} {victim} {seed}")
    new = installation.files.pop(0)
    if stage == "ingest":
        process = installation.start(*installation.ingest_arguments(*installation.delivered, new))
    else:
        installation.deliver(new)
        process = installation.start("refresh", "--json")
    before = installation.stored()
    at_work, longest = STAGES[stage]
    struck = installation.wait_for(at_work, process)
    pause(rng, longest)
    if victim == "process":
        process.kill()
    else:
        installation.kill_postgres()
    process.communicate(timeout=120)
    assert struck, "the stage was over before it was recognised: the fault hit nothing"

    installation.heal()
    after = installation.stored()
    assert after[0] >= before[0], "a row that had been acknowledged is gone"
    assert after[1] >= before[1], "a quarantined row is gone"
    if stage == "ingest":
        installation.deliver(new)
    as_of = now()  # time alone changes open episodes, so both runs look at the same instant
    installation.refresh(as_of)
    assert_everything_acknowledged_is_stored(installation)
    if len(SEEDS) > 1:
        assert_rebuild_finds_nothing(installation, as_of)


def test_a_rebuild_after_all_of_them_finds_nothing_to_change(installation: Installation) -> None:
    """What no later delivery touched is still as the killed runs left it."""
    as_of = now()
    installation.refresh(as_of)
    assert_rebuild_finds_nothing(installation, as_of)


def assert_rebuild_finds_nothing(installation: Installation, as_of: datetime) -> None:
    assert installation.refresh(as_of, full=True).published.changes == (), "a full rebuild found something to change"


def assert_everything_acknowledged_is_stored(installation: Installation) -> None:
    """Delivering every acknowledged file once more finds only duplicates and rows that are in quarantine."""
    before = installation.stored()
    reports = installation.run(*installation.ingest_arguments(*installation.delivered))
    assert sum(report["accepted"] for report in reports) == 0
    assert installation.stored() == before
