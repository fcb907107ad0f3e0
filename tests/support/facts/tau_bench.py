"""The tau-bench airline runs as events and scores, in the form the events endpoint takes. The file has no clock: the
times are made up by a fixed rule, all in UTC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Payload = dict[str, Any]
TIME_ZONE = "America/New_York"
AS_OF = datetime(2025, 5, 1, tzinfo=UTC)
STOP = "###STOP###"
FIRST_START = datetime(2025, 3, 1, tzinfo=UTC)


def events(path: Path) -> list[Payload]:
    """Payloads of conversation_events in order of the file."""
    return [event for i, run in enumerate(_runs(path)) for event in _conversation(i, run)]


def scores(path: Path) -> list[Payload]:
    """Payloads of quality_scores: the reward of each run, 60 s after its last message."""
    return [
        {
            "event_id": f"{_conversation_id(run)}-score",
            "conversation_id": _conversation_id(run),
            "occurred_at": _iso(_times(i, run)[-1] + timedelta(seconds=60)),
            "scorer_kind": "rule",
            "scorer": "tau_bench_reward",
            "accuracy": run["reward"],
        }
        for i, run in enumerate(_runs(path))
    ]


def _runs(path: Path) -> list[dict[str, Any]]:
    """`path` is the JSON file."""
    runs: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return runs


def _conversation_id(run: dict[str, Any]) -> str:
    return f"tau-{run['task_id']:02d}-{run['trial']}"


def _times(i: int, run: dict[str, Any]) -> list[datetime]:
    """The instant of each message of conversation i."""
    times = [FIRST_START + timedelta(seconds=13_000 * i)]
    for j, message in enumerate(run["traj"][1:], start=1):
        step = {"user": 60 + (11 * i + 7 * j) % 241, "assistant": 1 + (5 * i + 3 * j) % 13, "tool": 1}[message["role"]]
        times.append(times[-1] + timedelta(seconds=step))
    return times


def _conversation(i: int, run: dict[str, Any]) -> Iterator[Payload]:
    conversation_id = _conversation_id(run)
    common = {
        "conversation_id": conversation_id,
        "customer_id": run["info"]["task"]["user_id"],
        "channel": "chat",
    }
    for j, (message, at) in enumerate(zip(run["traj"], _times(i, run), strict=True)):
        here = {"event_id": f"{conversation_id}-{j}", **common, "occurred_at": _iso(at)}
        role, content = message["role"], message.get("content") or ""
        if role == "system":
            yield {**here, "event_type": "conversation_started"}
        elif role == "user":
            yield from _user_message(here, content, at)
        elif role == "assistant":
            yield from _assistant_message(here, message, content)
        elif message["name"].startswith(("get_", "search_", "list_")):
            yield {**here, "event_type": "knowledge_retrieved", "result_count": _result_count(content)}


def _user_message(here: Payload, content: str, at: datetime) -> Iterator[Payload]:
    """A customer message; the stop token also resolves the conversation a second later."""
    text, is_last = content.replace(STOP, "").strip(), STOP in content
    if text:
        received = {**here, "event_type": "message_received", "text": text}
        yield {**received, "message_kind": "closing"} if is_last else received
    if is_last:
        resolved = {
            **here,
            "event_id": f"{here['event_id']}-stop",
            "event_type": "conversation_resolved",
            "occurred_at": _iso(at + timedelta(seconds=1)),
            "closed_by": "customer",
        }
        yield {**resolved, "customer_confirmed": "thank" in text.lower()} if text else resolved


def _assistant_message(here: Payload, message: dict[str, Any], content: str) -> Iterator[Payload]:
    """An answer or a handoff. Text beside any other tool call was never shown to the customer."""
    calls = message.get("tool_calls") or []
    if not calls:
        agent = {"agent_kind": "ai", "agent_id": "gpt-4o", "model": "gpt-4o"}
        yield {**here, "event_type": "message_sent", **agent, "text": content}
    elif calls[0]["function"]["name"] == "transfer_to_human_agents":
        yield {**here, "event_type": "conversation_escalated"}


def _result_count(content: str) -> int:
    if content.startswith("Error"):
        return 0
    try:
        value = json.loads(content)
    except ValueError:
        return 1
    return len(value) if isinstance(value, list) else 1


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
