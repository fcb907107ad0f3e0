"""One event, one form: aliases resolved, `null` left out, keys of `event_data` beside the others.

Senders spell the same event in many ways. The normal form is what is validated, hashed and stored, so the same event sent again is
recognised however it is spelt, and a field that gets a column of its own some day does not change any hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentmarts.streams.contract.rejection import Reason, Rejection, shown

ID_ALIAS = "id"
OCCURRED_AT_ALIASES = ("timestamp", "created_at")
TENANT_FIELDS = ("store_id", "tenant_id", "tenant")

_ENVELOPE = frozenset(
    {"event_id", "occurred_at", "conversation_id", "event_type", "event_data", "stream", "received_at", *OCCURRED_AT_ALIASES, ID_ALIAS}
    | set(TENANT_FIELDS)
)
"""Names that say what, when and whose an event is. Inside `event_data` they are somebody's own keys and stay there."""


def normal_form(sent: dict[str, Any], event_type_aliases: Mapping[str, str]) -> dict[str, Any]:
    """The event in normal form; `sent` is used up. Key `event_data` remains only for inner keys named like the envelope.

    Of a name at top level and inside `event_data` the top level wins. Raises Rejection when `event_data` is not an object.
    """
    if None in sent.values():
        sent = _without_nulls(sent)
    if "event_id" not in sent and ID_ALIAS in sent:
        sent["event_id"] = sent.pop(ID_ALIAS)
    if "occurred_at" not in sent:
        for alias in OCCURRED_AT_ALIASES:
            if alias in sent:
                sent["occurred_at"] = sent.pop(alias)
                break
    sent.pop("received_at", None)
    inner = sent.pop("event_data", None)
    if inner is not None:
        if not isinstance(inner, dict):
            raise Rejection(Reason.BAD_TYPE, f"event_data must be an object, got {shown(inner)}")
        sent = _lift(_without_nulls(inner), sent)
    event_type = sent.get("event_type")
    if isinstance(event_type, str) and event_type in event_type_aliases:
        sent["event_type"] = event_type_aliases[event_type]
    return sent


def check_tenant(sent: dict[str, Any], own_names: Sequence[str]) -> None:
    """Take the tenant's name out of the event. Raises Rejection when it is none of `own_names`: those of whom it is sent for.

    Whether that other tenant exists is not said: a sender must not learn who else is here.
    """
    for name in TENANT_FIELDS:
        named = sent.pop(name, None)
        if named is not None and named not in own_names:
            raise Rejection(Reason.TENANT_MISMATCH, f"{name} {shown(named)} is not the tenant {own_names[0]!r} these events are sent for")


def stored_event_data(event: Mapping[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    """What of a normal form goes into the column `event_data`: all that has no column of its own."""
    rest = {name: event[name] for name in event.keys() - columns}
    rest.update(rest.pop("event_data", None) or {})
    return rest


def _without_nulls(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if value is not None}


def _lift(inner: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    own = {name: inner.pop(name) for name in _ENVELOPE & inner.keys()}
    lifted = {**inner, **sent}
    if own:
        lifted["event_data"] = own
    return lifted
