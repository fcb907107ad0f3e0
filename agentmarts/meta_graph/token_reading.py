"""What `/debug_token` says of an account's token: valid or not, until when, with which permissions for which accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agentmarts.meta_graph.accounts import Account, TokenState
from agentmarts.meta_graph.catalogue import Catalogue

EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True)
class TokenReading:
    """Instants are UTC; None: never, or not told."""

    state: TokenState
    problems: tuple[str, ...]
    """What stops the collection, or soon will, each with what to do."""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    error_code: int | None = None
    error_subcode: int | None = None
    """Why Meta takes it for invalid: 190 with 463 for expired, 492 for a role that is gone, …"""


def needed_permissions(catalogue: Catalogue, platform: str) -> frozenset[str]:
    """Permissions that the call groups of a platform need."""
    return frozenset(group.permission for group in catalogue.groups if group.platform == platform)


def read_token(account: Account, body: Any, catalogue: Catalogue, at: datetime) -> TokenReading:
    """Read the answer of `/debug_token` at an instant. `invalid` counts more than `missing_scope`, and that more than `expiring`."""
    data = _mapping(_mapping(body).get("data"))
    if not isinstance(data.get("is_valid"), bool):
        return TokenReading("unknown", ("Meta's answer about the token cannot be read",))
    listed = data.get("scopes")
    scopes = tuple(sorted(scope for scope in listed if isinstance(scope, str))) if isinstance(listed, list) else ()
    expires_at, access_ends_at = _instant(data.get("expires_at")), _instant(data.get("data_access_expires_at"))
    needed = needed_permissions(catalogue, account.platform)
    missing, elsewhere = sorted(needed - set(scopes)), _granted_elsewhere(account, data) & needed & set(scopes)
    problems: list[str] = []
    state: TokenState = "ok"
    ends = [one for one in (expires_at, access_ends_at) if one is not None]
    if ends and min(ends) - at < EXPIRES_SOON:
        state = "expiring"
        problems.append(f"the token works until {min(ends):%Y-%m-%d %H:%M} UTC only: renew it")
    if missing:
        state = "missing_scope"
        problems.append(f"the token lacks {', '.join(missing)}: grant them and make a new token")
    if elsewhere:
        state = "missing_scope"
        where = f"{account.platform} account {account.graph_id}"
        problems.append(f"the token has {', '.join(sorted(elsewhere))} for other accounts, not for {where}: grant it there too")
    error = _mapping(data.get("error"))
    if not data["is_valid"]:
        state = "invalid"
        reason = f" ({error['message']})" if isinstance(error.get("message"), str) else ""
        problems.insert(0, f"Meta says the token is not valid{reason}: make a new one")
    code, subcode = _integer(error.get("code")), _integer(error.get("subcode"))
    return TokenReading(state, tuple(problems), scopes, expires_at, access_ends_at, code, subcode)


def _granted_elsewhere(account: Account, data: Mapping[str, Any]) -> frozenset[str]:
    """Permissions that were granted for some accounts without this one. Meta names no accounts where all are meant."""
    mine = {account.graph_id, account.parent_graph_id}
    granular = data.get("granular_scopes")
    found = set()
    for one in granular if isinstance(granular, list) else ():
        scope, targets = _mapping(one).get("scope"), _mapping(one).get("target_ids")
        if isinstance(scope, str) and isinstance(targets, list) and targets and not mine & {str(target) for target in targets}:
            found.add(scope)
    return frozenset(found)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _instant(seconds: Any) -> datetime | None:
    """Meta writes 0 for never."""
    whole = _integer(seconds)
    return datetime.fromtimestamp(whole, UTC) if whole is not None and whole > 0 else None
