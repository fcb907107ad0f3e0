"""Programs beside an installation: noted where only its owner reads, found again, never over what the environment says."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path

import httpx
import pytest

from agentmarts.companions import Companion, adopt_environment, companions_path, note_companions, noted_companions
from agentmarts.settings import Settings
from agentmarts.supervisor import Child, stop_all
from agentmarts.warehouse.embedded import free_port

META = Companion("meta_simulator", ("-m", "graph_simulator"), {"AGENTMARTS_GRAPH_APP_SECRET": "secret", "AGENTMARTS_GRAPH_APP_ID": "1"})


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_what_is_noted_is_found_and_only_by_its_owner(installation: Settings) -> None:
    assert noted_companions(installation) == []
    note_companions(installation, [META])
    assert noted_companions(installation) == [META]
    assert stat.S_IMODE(companions_path(installation).stat().st_mode) == 0o600
    assert "secret" not in repr(META)
    note_companions(installation, [])
    assert noted_companions(installation) == []


def test_what_the_environment_says_stays(installation: Settings) -> None:
    note_companions(installation, [META])
    environment = {"AGENTMARTS_GRAPH_APP_ID": "mine"}
    adopt_environment(installation, environment)
    assert environment == {"AGENTMARTS_GRAPH_APP_ID": "mine", "AGENTMARTS_GRAPH_APP_SECRET": "secret"}


def test_a_companion_is_kept_alive_and_lives_in_the_present(installation: Settings) -> None:
    port = free_port(8177)
    command = [sys.executable, "-m", "graph_simulator", "--port", str(port), "--posts", "2", "--days", "5", "--follow"]
    child = Child("meta_simulator", command, {"PATH": ""}, installation.home_path / "meta.log")
    try:
        child.keep_alive()
        before = _clock(port)
        assert child.process is not None
        child.process.kill()
        child.process.wait()
        child.started -= 120
        child.keep_alive()
        assert _clock(port) >= before
        assert before.startswith("20")
        assert before > "2026-03-01", "the wall clock, not the day around which the world is laid out"
    finally:
        stop_all([child])


def _clock(port: int) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/_control/clock", timeout=5, trust_env=False)
        except httpx.TransportError:
            continue
        return str(answer.json()["now"])
    raise AssertionError("no answer")
