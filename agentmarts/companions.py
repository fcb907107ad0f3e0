"""Programs that run beside Dagster and the service, such as the demo's simulated Meta: the supervisor keeps them alive too.

They are noted in AGENTMARTS_HOME/run/companions.json (mode 0600, as their environment may hold tokens), so that `agentmarts up` finds
them again.
"""

from __future__ import annotations

import json
import os
from collections.abc import MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from agentmarts.settings import Settings


@dataclass(frozen=True)
class Companion:
    """One program, and what others must have in their environment to find it."""

    name: str
    command: tuple[str, ...]
    """Arguments of this installation's Python."""
    environment: dict[str, str] = field(default_factory=dict, repr=False)


def companions_path(settings: Settings) -> Path:
    """Where they are noted."""
    return settings.home_path / "run" / "companions.json"


def note_companions(settings: Settings, companions: Sequence[Companion]) -> None:
    """Replace what is noted. The supervisor starts them with its next start."""
    path = companions_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([asdict(one) for one in companions]))
    draft.replace(path)


def noted_companions(settings: Settings) -> list[Companion]:
    """Those that are noted; none where nobody noted any."""
    path = companions_path(settings)
    if not path.exists():
        return []
    return [Companion(one["name"], tuple(one["command"]), one["environment"]) for one in json.loads(path.read_text())]


def adopt_environment(settings: Settings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Let this process find the companions, wherever its environment does not say otherwise."""
    for one in noted_companions(settings):
        for name, value in one.environment.items():
            environment.setdefault(name, value)
