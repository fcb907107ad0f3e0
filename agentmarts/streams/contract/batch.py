"""Events that will enter the warehouse in one transaction, checked and sorted out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import msgspec

from agentmarts.streams.contract.copy_text import copy_text
from agentmarts.streams.contract.fast_checks import fast_checks
from agentmarts.streams.contract.registry import Stream
from agentmarts.streams.contract.rejection import Rejection
from agentmarts.streams.contract.validation import Row, Validator, encode_row


@dataclass(frozen=True)
class Unmapped:
    """A record that a mapping could not turn into events, and why."""

    record: bytes
    rejection: Rejection


Payload = bytes | Mapping[str, object] | Unmapped
"""One JSON object as sent; or a typed row of CSV, Parquet or a mapping; or what a mapping failed on."""


def copied_columns(stream: Stream) -> tuple[str, ...]:
    """Columns of `raw.<stream>` that come from the event, in the order of `StreamRows.as_copy_text`."""
    discriminator = (stream.discriminator,) if stream.discriminator else ()
    return ("event_id", "occurred_at", "naive_timestamp", "event_data", *discriminator, *fast_checks(stream.name).columns)


class CheckedEvent(msgspec.Struct, frozen=True, gc=False):
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
    _sealed: bytes | None = None

    def add(self, item: CheckedEvent) -> None:
        """Order of arrival matters: the first event of an id wins."""
        if self.firsts.setdefault(item.row.event_id, item) is not item:
            self.repeats.append(item)

    def seal(self) -> None:
        """Make the text of all first events before somebody asks for it."""
        self._sealed = self._copy_text(())

    def as_copy_text(self, without: Collection[str] = ()) -> bytes:
        """The first events of each id for COPY, at least one: `copied_columns`, then the body hash; in order of their ids.

        `without`: ids to leave out.
        """
        if not without and self._sealed is not None:
            return self._sealed
        return self._copy_text(without)

    def _copy_text(self, without: Collection[str]) -> bytes:
        rows = [self.firsts[event_id].row for event_id in sorted(self.firsts) if event_id not in without]
        return copy_text(
            (
                [row.event_id for row in rows],
                msgspec.to_builtins([row.occurred_at for row in rows]),
                [row.naive_timestamp for row in rows],
                [row.event_data for row in rows],
                *zip(*[row.values for row in rows], strict=True),
                [row.body_hash for row in rows],
            )
        )


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
            rows.seal()


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
