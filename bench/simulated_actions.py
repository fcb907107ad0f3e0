"""Actions whose truth is known, into the warehouse the way any action goes: NDJSON, loader, refresh, publish."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.tenancy.tenants import create_tenant
from demo.event_stamps import MS_PER_HOUR, rfc3339, time_ordered_id, to_ms

AS_OF = datetime(2025, 5, 1, tzinfo=UTC)
"""Fixed, so that a simulation gives the same figures every time."""


@dataclass(frozen=True)
class SimulatedAction:
    """An action that succeeds `hours_to_success` after its creation, or (None) runs out its window in silence, which is a failure.

    `days_ago`: created so many days before AS_OF. Of an outcome type whose expiry counts as failure.
    """

    tenant: str
    action_type: str
    outcome_type: str
    days_ago: float
    said: float
    window_hours: int
    hours_to_success: float | None
    channel: str | None = None
    persona: str | None = None
    deal_stage: str | None = None


def publish_actions(settings: Settings, folder: Path, actions: Iterable[SimulatedAction], seed: int) -> None:
    """Load the actions and their outcomes, build everything and publish it, as of AS_OF."""
    rng = Random(f"{seed}/ids")
    as_of_ms = to_ms(AS_OF)
    lines: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
    for action in actions:
        created_ms = as_of_ms - round(action.days_ago * 24 * MS_PER_HOUR)
        action_id = time_ordered_id(created_ms, rng)
        body = {
            "event_id": action_id,
            "occurred_at": rfc3339(created_ms),
            "action_type": action.action_type,
            "outcome_type": action.outcome_type,
            "predicted_confidence": action.said,
            "window_hours": action.window_hours,
        }
        body |= {name: value for name in ("channel", "persona") if (value := getattr(action, name)) is not None}
        if action.deal_stage is not None:
            body["deal_stage_at_creation"] = action.deal_stage
        lines[action.tenant, "agent_actions"].append(orjson.dumps(body))
        if action.hours_to_success is not None:
            # What comes at the instant of the action itself is no evidence of it.
            resolved_ms = created_ms + max(1, round(action.hours_to_success * MS_PER_HOUR))
            if resolved_ms <= as_of_ms:
                lines[action.tenant, "outcome_signals"].append(_success(action_id, resolved_ms, rng))
    begun = time.monotonic()
    for tenant in dict.fromkeys(tenant for tenant, _ in lines):
        create_tenant(settings, slug=tenant)
    rows = sum(_load(settings, folder, tenant, stream, content) for (tenant, stream), content in lines.items())
    loaded = time.monotonic()
    nodes = refresh(settings, as_of=AS_OF).nodes
    print(f"  {rows:,} rows loaded in {loaded - begun:.0f} s, built and published in {time.monotonic() - loaded:.0f} s")
    for node in sorted(nodes, key=lambda node: -node.seconds)[:4]:
        print(f"    {node.seconds:7.2f} s  {node.unique_id.split('.', 2)[-1][:100]}")


def _success(action_id: str, resolved_ms: int, rng: Random) -> bytes:
    return orjson.dumps(
        {
            "event_id": time_ordered_id(resolved_ms, rng),
            "occurred_at": rfc3339(resolved_ms),
            "action_id": action_id,
            "outcome_status": "positive",
            "signal_source": "automatic",
        }
    )


def _load(settings: Settings, folder: Path, tenant: str, stream: str, lines: list[bytes]) -> int:
    path = folder / f"{tenant}.{stream}.ndjson"
    path.write_bytes(b"\n".join(lines))
    report = load_file(settings, str(path), tenant=tenant, stream=stream, received_at=now())
    path.unlink()
    assert report.accepted == len(lines), report.reasons
    return report.accepted
