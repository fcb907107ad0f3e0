"""SIGKILL of the Meta collector at seeded points of a run, and once more in the next: the third ends with the facts of an undisturbed one.

What Meta answered and the first runs kept is not asked again. One seed per point in `make test`, more in `make chaos`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.faults import VARIABLE
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import Collector, Graphs, a_collector, http_requests

SEEDS = range(int(os.environ.get("AGENTMARTS_CHAOS_SEEDS", "1")))
POINTS = ("graph-before-send", "graph-after-answer", "graph-mid-keep", "graph-before-commit")
SIZE = Size(posts=70, reels=8, stories=6, history_days=30, future_days=1, audience=150, followers=150, views_per_post=6)
"""More media than one batch holds."""
DEAD = (("page", "page_views_total"), ("ig_user", "likes"))
"""Refused metrics: a run may be killed in the search for the one that Meta does not name."""
TOKENS = "select count(distinct account_id) from raw.collection_ledger where group_name = 'token'"
LISTS = ("published_posts", "video_reels", "media", "stories")
TIMEOUT_SECONDS = 120

FACTS = """
select fact_id, revision, group_name, object_type, object_id, metric, period, dim_key, dim_value, window_start, window_end, raw_end_time,
  sample_slot, value, state, is_final
from raw.metric_observations order by fact_id, revision
"""
OBJECTS = """
select account_id, object_id, revision, object_type, media_product, media_type, published_at, permalink, message, is_deleted
from raw.graph_objects order by account_id, object_id, revision
"""
SETTLED = """
select distinct plan_key, group_name, object_id, window_start, window_end, sample_slot, state
from raw.collection_ledger where metric = '*' and state not in ('throttled', 'error')
"""
KEPT = "select path, params from raw.graph_responses where error_code is null"
FINISHED_LISTS = "select distinct edge from raw.collection_ledger where metric = '*' and state = 'ok' and edge = any(%s)"
HELD = """
select exists (
  select from pg_locks
  where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))
"""

Asked = tuple[str, str, str, str, str]
"""Path, since, until, breakdown, and one metric or field of it."""


@dataclass(frozen=True)
class Ending:
    """What a warehouse knows after a run; no ids and no instants of asking."""

    facts: list[tuple[Any, ...]]
    objects: list[tuple[Any, ...]]
    settled: set[tuple[Any, ...]]


@pytest.fixture(scope="module")
def graphs() -> Iterator[Graphs]:
    found = Graphs()
    yield found
    found.close()


@pytest.fixture
def new_collector(new_warehouse: Callable[[], Settings], graphs: Graphs, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Collector]:
    """Makes an empty warehouse, and the simulator as it was in the beginning."""

    def make() -> Collector:
        made = a_collector(new_warehouse(), graphs.of(SIZE), monkeypatch)
        for object_type, metric in DEAD:
            made.graph.remove(object_type, metric)
        return made

    return make


_undisturbed: dict[str, tuple[Ending, int]] = {}


@pytest.fixture
def undisturbed(new_collector: Callable[[], Collector]) -> tuple[Ending, int]:
    """How a run ends that nobody kills, and how many HTTP requests it sends; made once."""
    if "run" not in _undisturbed:
        collector = new_collector()
        assert pull(collector) == 0
        _undisturbed["run"] = ending(collector), len(http_requests(collector.graph.asked()))
    return _undisturbed["run"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_run_goes_on(
    new_collector: Callable[[], Collector], undisturbed: tuple[Ending, int], point: str, seed: int
) -> None:
    rng = random.Random(f"{point} {seed}")
    expected, sent = undisturbed
    collector = new_collector()
    turn = rng.randint(1, sent - 5)
    assert pull(collector, f"{point}@{turn}") == -signal.SIGKILL
    kept = kept_answers(collector)
    assert kept <= asked(collector), "both are written alike"
    if sent - turn > 10:
        collector.graph.forget("journal")
        assert pull(collector, f"{rng.choice(POINTS)}@{rng.randint(1, sent - turn - 8)}") == -signal.SIGKILL
        assert asked(collector) & kept == set()
        kept = kept_answers(collector)

    collector.graph.forget("journal")
    known_tokens = collector.one(TOKENS)
    assert pull(collector) == 0
    assert asked(collector), "something was left to do"
    assert sum(entry["path"] == "debug_token" for entry in collector.graph.asked()) == len(collector.accounts) - known_tokens
    assert asked(collector) & kept == set(), "what was answered and kept is not asked again"

    now = ending(collector)
    assert now.facts == expected.facts
    assert now.objects == expected.objects
    assert now.settled == expected.settled
    collector.graph.forget("journal")
    assert pull(collector) == 0
    assert collector.graph.asked() == []


def pull(collector: Collector, fault: str = "") -> int:
    """Collect in a process of its own, at the simulator's present; returns its exit code once the server has noticed that it is gone."""
    command = [sys.executable, "-m", "tests.system.chaos.pull_in_a_process", collector.graph.now().isoformat()]
    variables = collector.environment(**{VARIABLE: fault})
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=variables, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stdout + done.stderr
    with connect(collector.settings, Role.MIGRATOR, autocommit=True) as connection:
        while is_held(connection):
            pass
    return done.returncode


def is_held(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server still takes somebody for the collector of an account."""
    return connection.execute(HELD).fetchone() == (True,)


def ending(collector: Collector) -> Ending:
    return Ending(collector.rows(FACTS), collector.rows(OBJECTS), set(collector.rows(SETTLED)))


def kept_answers(collector: Collector) -> set[Asked]:
    """What was asked for and is in raw. A list counts once it was read to its end: it restarts from the top."""
    finished = {edge for (edge,) in collector.rows(FINISHED_LISTS, list(LISTS))}
    answers = collector.rows(KEPT)
    return {one for path, params in answers if is_kept(path, finished) for one in parts(path, params)}


def is_kept(path: str, finished: set[str]) -> bool:
    edge = path.rsplit("/", 1)[-1]
    return path != "/debug_token" and (edge not in LISTS or edge in finished)


def asked(collector: Collector) -> set[Asked]:
    """What the simulator was asked for since its journal was forgotten last."""
    return {one for entry in collector.graph.asked() if entry["path"] for one in parts(f"/{entry['path'].strip('/')}", entry["params"])}


def parts(path: str, params: Mapping[str, str]) -> Iterator[Asked]:
    """A request as the single things it asks for: without one that is settled it is another request."""
    window = (params.get("since", ""), params.get("until", ""), params.get("breakdown", ""))
    for name in (params.get("metric") or params.get("fields") or "").split(","):
        yield (path, *window, name)
