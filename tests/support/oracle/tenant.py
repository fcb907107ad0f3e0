"""The tenant: its zones and parameters, each with the local date from which it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

DEFAULTS: dict[str, Any] = {
    "assume_after_hours": 24,
    "abandon_after_hours": 24,
    "durable_days": 7,
    "repeat_days": 7,
    "verified_threshold": 0.70,
    "small_sample": 30,
    "gap_confidence_threshold": 0.70,
    "gap_window_days": 30,
    "gap_distance": 0.85,
    "avg_human_agent_cost_per_hour": 25.0,
    "avg_conversation_time_minutes": 8.0,
    "ai_cost_per_conversation": 0.05,
    "rework_minutes": None,  # None: as avg_conversation_time_minutes
    "business_hours": None,  # None: no schedule; else [{"weekday": 1, "opens": "09:00", "closes": "17:00"}, ...]
    "holidays": [],  # ISO dates
}


@dataclass(frozen=True)
class Tenant:
    """A tenant. `zones`: (valid_from, IANA zone), the first valid_from is None. `parameters`: (valid_from, values)."""

    tenant_id: str
    zones: list[tuple[date | None, str]]
    parameters: list[tuple[date | None, dict[str, Any]]] = field(default_factory=list)

    def parameter(self, name: str, on: date) -> Any:
        """The value in force on a local day.

        reading: parameters are versioned one by one: of the versions that hold a value for this name and have
        valid_from <= the day, the latest counts; of equal valid_from the later in the list; else the default.
        """
        value, since = DEFAULTS[name], date.min
        for valid_from, values in self.parameters:
            begins = valid_from or date.min
            if name in values and since <= begins <= on:
                value, since = values[name], begins
        return value
