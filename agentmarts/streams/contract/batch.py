"""Events that will enter the warehouse in one transaction, checked and sorted out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.csv

from agentmarts.streams.contract.fast_checks import fast_checks
from agentmarts.streams.contract.registry import Stream
from agentmarts.streams.contract.rejection import Rejection
from agentmarts.streams.contract.validation import Row, Validator, encode_row


@dataclass(frozen=True)
class Unmapped:
    """A record that a mapping could not turn into events, and why."""

    record: bytes
    rejection: Rejection


_NO_HEADER = pa.csv.WriteOptions(include_header=False)

Payload = bytes | Mapping[str, object] | Unmapped
"""One JSON object as sent; or a typed row of CSV, Parquet or a mapping; or what a mapping failed on."""


def copied_columns(stream: Stream) -> tuple[str, ...]:
    """Columns of `raw.<stream>` that come from the event, in the order of `StreamRows.as_csv`."""
    discriminator = (stream.discriminator,) if stream.discriminator else ()
    return ("event_id", "occurred_at", "naive_timestamp", "event_data", *discriminator, *fast_checks(stream.name).columns)


class CheckedEvent(NamedTuple):
    """A checked event and where it stood."""

    position: int
    payload: bytes
    row: Row


@dataclass(frozen=True)
class Refused:
    """A row for the quarantine."""

    position: int
    payload: bytes
    stream: str
    event_id: str | None
    rejection: Rejection


@dataclass
class StreamRows:
    """Events of one stream: the first of each id, and those whose id came before in the same batch."""

    stream: Stream
    firsts: dict[str, CheckedEvent] = field(default_factory=dict)
    repeats: list[CheckedEvent] = field(default_factory=list)
    _csv: bytes | None = None

    def add(self, item: CheckedEvent) -> None:
        """Order of arrival matters: the first event of an id wins."""
        if self.firsts.setdefault(item.row.event_id, item) is not item:
            self.repeats.append(item)

    def as_csv(self) -> bytes:
        """The first events of each id for COPY: `copied_columns`, then the body hash.

        Every text is quoted, so that an empty one differs from NULL, which is nothing at all.
        """
        if self._csv is None:
            event_ids, hashes, instants, naive, event_data, values = zip(*(item.row for item in self.firsts.values()), strict=True)
            columns = [event_ids, instants, naive, event_data, *zip(*values, strict=True), hashes]
            arrays = [pa.array(column) for column in columns]
            target = io.BytesIO()
            pa.csv.write_csv(pa.table(arrays, names=[str(number) for number in range(len(arrays))]), target, _NO_HEADER)
            self._csv = target.getvalue()
        return self._csv


class Batch:
    """Collects events; `position` is whatever the caller wants to recognise them by."""

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.streams: dict[str, StreamRows] = {}
        self.refused: list[Refused] = []
        self.size = 0
        self.bytes = 0

    def add(self, position: int, payload: Payload) -> None:
        """Check one event and file it as row or as refusal."""
        text = payload if isinstance(payload, bytes) else payload.record if isinstance(payload, Unmapped) else encode_row(payload)
        self.size += 1
        self.bytes += len(text)
        try:
            if isinstance(payload, Unmapped):
                raise payload.rejection
            stream, row = self.validator.check(text)
        except Rejection as rejection:
            named, event_id = _names_in(text)
            self.refused.append(Refused(position, text, named or self.validator.default_stream or "unknown", event_id, rejection))
            return
        rows = self.streams.get(stream.name)
        if rows is None:
            rows = self.streams[stream.name] = StreamRows(stream)
        rows.add(CheckedEvent(position, text, row))

    def seal(self) -> None:
        """Make the text for COPY now, while the connection may still be busy with the batch before."""
        for rows in self.streams.values():
            rows.as_csv()


def _names_in(payload: bytes) -> tuple[str | None, str | None]:
    """(stream, event_id) of a refused event, as far as they can be read."""
    try:
        sent = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None, None
    if not isinstance(sent, dict):
        return None, None
    stream, event_id = sent.get("stream"), sent.get("event_id", sent.get("id"))
    return _storable(stream), _storable(event_id)


def _storable(name: object) -> str | None:
    return name[:200] if isinstance(name, str) and name and "\x00" not in name else None
