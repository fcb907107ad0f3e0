"""Meta's headers of usage, read as budgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from agentmarts.meta_graph.budget import Budget, Scope, Usage

_ASSETS: Mapping[str, Scope] = {"pages": "page", "instagram": "instagram"}


def usage_readings(headers: Mapping[str, Any], app_id: str, asset: Budget) -> dict[Budget, Usage]:
    """What the headers of one answer say, by budget. Missing headers say nothing, and nothing is not zero.

    `headers`: X-App-Usage, X-Page-Usage, X-Business-Use-Case-Usage in any case, as JSON text or already read; others are passed over, and
    so is what cannot be read. `asset`: what the call was about. A use-case header with one id speaks of it, whatever the id (Meta may
    name the business); one with several ids names its assets itself.
    """
    read = {name.lower(): _object(value) for name, value in headers.items()}
    found: dict[Budget, Usage] = {}
    if app := read.get("x-app-usage"):
        found[Budget(app_id, "app", app_id)] = _usage(app)
    if page := read.get("x-page-usage"):
        found[asset] = _usage(page)
    cases = read.get("x-business-use-case-usage", {})
    for business, entry in _entries(cases):
        kind = str(entry.get("type", ""))
        scope = _ASSETS.get(kind, asset.scope)
        scope_id = asset.scope_id if len(cases) == 1 and scope == asset.scope else business
        found[Budget(app_id, scope, scope_id, kind)] = _usage(entry)
    return found


def _entries(cases: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for business, entries in cases.items():
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                yield business, entry


def _usage(entry: Mapping[str, Any]) -> Usage:
    regain = _number(entry.get("estimated_time_to_regain_access"))
    return Usage(
        call_pct=_number(entry.get("call_count")),
        cpu_pct=_number(entry.get("total_cputime")),
        time_pct=_number(entry.get("total_time")),
        regain_minutes=int(regain) if regain is not None else None,
        header=entry,
    )


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str | bytes):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> Decimal | None:
    """A percentage or minutes, not negative; None for anything else."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
