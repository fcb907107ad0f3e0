"""What was asked of the simulator: every request and every item of a batch, without secrets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

SECRETS = frozenset({"access_token", "appsecret_proof", "input_token", "fb_exchange_token", "client_secret"})


@dataclass(frozen=True)
class Entry:
    """One request, or one item of a batch, or one id of `ids=` (cost counts them singly)."""

    number: int
    at: str
    method: str
    path: str
    """Without the version."""
    version: str
    params: dict[str, str]
    """Without secrets; `batch` without its items."""
    token_hash: str
    token_name: str
    sent_by: str
    """How the token came: header, parameter, none."""
    has_proof: bool
    cost: int
    """Calls it counts in budgets; 0: it was refused before it counted, or only carries the items of a batch."""
    status: int
    error_code: int | None
    error_subcode: int | None
    batch_index: int | None
    """None: it was an HTTP request of its own."""


@dataclass
class Journal:
    """Entries in the order of their answers; items of a batch stand before it."""

    entries: list[Entry] = field(default_factory=list)

    def since(self, number: int) -> list[dict[str, Any]]:
        """Entries after the one of this number."""
        return [asdict(entry) for entry in self.entries if entry.number > number]
