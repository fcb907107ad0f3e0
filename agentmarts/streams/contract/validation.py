"""From what was sent to a row of `raw`: the fast way for what is plainly good, the pydantic model for everything else."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from pydantic import TypeAdapter, ValidationError

from agentmarts.streams.contract.explanation import explain
from agentmarts.streams.contract.fast_checks import FastChecks, fast_checks
from agentmarts.streams.contract.instants import OLDEST, parse_instant, utc_within_bounds
from agentmarts.streams.contract.json_text import is_suspect, read_object
from agentmarts.streams.contract.models import Event
from agentmarts.streams.contract.normal_form import check_tenant, normal_form, stored_event_data
from agentmarts.streams.contract.registry import STREAMS, Stream
from agentmarts.streams.contract.rejection import Reason, Rejection, shown

_canonical = msgspec.json.Encoder(order="sorted").encode
_encode_row = msgspec.json.Encoder(decimal_format="number").encode


class Row(msgspec.Struct, frozen=True, gc=False):
    """An event fit for `raw.<stream>`."""

    event_id: str
    body_hash: str
    """First 128 bits of the SHA-256 of the normal form as sorted-key JSON, without event_id and received_at, in hex."""
    occurred_at: datetime
    """UTC."""
    naive_timestamp: bool
    event_data: str
    """JSON object."""
    values: tuple[Any, ...]
    """Of the stream's columns, in order."""


@dataclass(frozen=True)
class Recipient:
    """Whose events these are."""

    tenant_id: UUID
    slug: str


class Validator:
    """Checks events that arrive together: for one tenant, at one instant."""

    def __init__(self, recipient: Recipient | None, default_stream: str | None, received_at: datetime) -> None:
        """`recipient` None: nobody is known by the name the events came with, so all are refused. `received_at`: aware."""
        self.recipient = recipient
        self.default_stream = default_stream
        self.received_at = received_at
        self._default = STREAMS.get(default_stream or "") if recipient else None
        self._fast = fast_checks(self._default.name) if self._default else None
        self._own_names = (recipient.slug, str(recipient.tenant_id)) if recipient else ()

    def check(self, payload: bytes) -> tuple[Stream, Row]:
        """The stream an event belongs to and its row. Raises Rejection."""
        if self._default is not None and self._fast is not None and not is_suspect(payload):
            try:
                return self._default, self._fast_row(self._fast, self._default.discriminator is not None, payload)
            except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError, Rejection):
                pass  # Something is unusual: the model has the last word, and the words.
        return self.check_by_model(payload)

    def check_by_model(self, payload: bytes) -> tuple[Stream, Row]:
        """As `check`, by the contract alone. Raises Rejection."""
        stream, event = self._normalise(read_object(payload))
        kind = event.get(stream.discriminator) if stream.discriminator else None
        if kind is not None and not isinstance(kind, str):
            raise Rejection(Reason.BAD_TYPE, f"{stream.discriminator} must be text, got {shown(kind)}")
        sent_at = self._occurred_at(event)
        try:
            checked = _adapter(stream.name).validate_python({**event, "occurred_at": utc_within_bounds(sent_at, self.received_at)})
        except ValidationError as error:
            raise explain(error, stream.discriminator) from None
        good = {name: value for name, value in checked if value is not None}
        return stream, self._row(stream, {**good, "occurred_at": sent_at})

    def _fast_row(self, checks: FastChecks, is_tagged: bool, payload: bytes) -> Row:
        event = checks.decode(payload)
        sent_at = parse_instant(event.occurred_at)  # type: ignore[arg-type]
        is_plain = sent_at.tzinfo is UTC and OLDEST <= sent_at <= self.received_at
        occurred_at = sent_at if is_plain else utc_within_bounds(sent_at, self.received_at)
        if event.store_id is not None and event.store_id not in self._own_names:
            raise ValueError("a foreign event")
        event_id = event.event_id
        # What is left is the normal form.
        event.stream = event.store_id = event.event_id = None
        event.occurred_at = occurred_at if sent_at.tzinfo else sent_at
        canonical = _canonical(event)
        values, own = checks.take_apart(event)
        return Row(
            event_id or self._made_up_id(canonical),
            hashlib.sha256(canonical).hexdigest()[:32],
            occurred_at,
            sent_at.tzinfo is None,
            _canonical(own).decode(),
            (type(event).__struct_config__.tag, *values) if is_tagged else values,  # type: ignore[attr-defined]
        )

    def _normalise(self, sent: dict[str, Any]) -> tuple[Stream, dict[str, Any]]:
        name = sent.pop("stream", None) or self.default_stream
        stream = STREAMS.get(name) if isinstance(name, str) else None
        if stream is None:
            raise Rejection(Reason.UNKNOWN_STREAM, f"stream {shown(name)} is not one of {', '.join(STREAMS)}")
        if not self._own_names:
            raise Rejection(Reason.UNKNOWN_TENANT, "the tenant these events are sent for does not exist")
        check_tenant(sent, self._own_names)
        return stream, normal_form(sent, stream.event_type_aliases)

    def _occurred_at(self, event: Mapping[str, Any]) -> datetime:
        sent = event.get("occurred_at")
        if sent is None:
            raise Rejection(Reason.MISSING_FIELD, "occurred_at is missing")
        if not isinstance(sent, str):
            raise Rejection(Reason.BAD_TIMESTAMP, f"occurred_at must be text such as 2025-06-10T21:50:00Z, got {shown(sent)}")
        try:
            return parse_instant(sent)
        except ValueError as error:
            raise Rejection(Reason.BAD_TIMESTAMP, f"occurred_at {shown(sent)} is no timestamp: {error}") from None

    def _row(self, stream: Stream, event: dict[str, Any]) -> Row:
        """The row of a checked event in normal form with occurred_at as a datetime; `event` is used up."""
        sent_at: datetime = event["occurred_at"]
        occurred_at = utc_within_bounds(sent_at, self.received_at)
        # Without zone it stays without: the mark naive_timestamp is part of what is stored, so it is part of the hash.
        event["occurred_at"] = occurred_at if sent_at.tzinfo else sent_at
        event_id = event.pop("event_id", None)
        canonical = _canonical(event)
        columns = fast_checks(stream.name).columns
        values = tuple(event.get(name) for name in columns)
        return Row(
            event_id or self._made_up_id(canonical),
            hashlib.sha256(canonical).hexdigest()[:32],
            occurred_at,
            sent_at.tzinfo is None,
            _canonical(stored_event_data(event, frozenset(stream.columns) | {"occurred_at"})).decode(),
            (event[stream.discriminator], *values) if stream.discriminator else values,
        )

    def _made_up_id(self, canonical: bytes) -> str:
        """Id of an event that has none: the same content for the same tenant is the same event."""
        assert self.recipient is not None
        return hashlib.sha256(self.recipient.tenant_id.bytes + canonical).hexdigest()


def encode_row(row: Mapping[str, object]) -> bytes:
    """A typed row (CSV, Parquet, mapping) as the JSON text its sender could have sent; NaN becomes null, as nothing was known."""
    try:
        return _encode_row(row)
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form, but an escaped one.
        return json.dumps(row, default=str).encode()


@functools.cache
def _adapter(stream: str) -> TypeAdapter[Event]:
    return STREAMS[stream].adapter()
