"""One file into its stream, with or without a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from agentmarts.settings import Settings
from agentmarts.streams.contract.batch import Payload, Unmapped
from agentmarts.streams.contract.rejection import Rejection
from agentmarts.streams.contract.validation import encode_row
from agentmarts.streams.landing.mapping import EventMapping
from agentmarts.streams.landing.read_options import ReadOptions
from agentmarts.streams.landing.reading import AS_TOLD, is_table, iter_rows
from agentmarts.streams.landing.typed_rows import typed_row
from agentmarts.streams.store.loader import LoadReport, load
from agentmarts.streams.store.writer import StreamWriter


def load_file(
    settings: Settings,
    url: str,
    *,
    tenant: str,
    stream: str,
    received_at: datetime,
    source: str | None = None,
    mapping: EventMapping | None = None,
    options: ReadOptions | None = None,
    progress: Callable[[LoadReport], None] | None = None,
    writer: StreamWriter | None = None,
) -> LoadReport:
    """Load a file for a tenant (slug); loading it again changes nothing. Raises LandingError when it cannot be read.

    `source` is its name in the quarantine (default: the url). With `mapping` one record gives any number of events.
    `options`: how to read it, instead of what the mapping says. `writer`: see `load`.
    """
    rows = stream_rows(url, stream, options or AS_TOLD) if mapping is None else mapped_rows(url, mapping, options)
    return load(
        settings, tenant=tenant, stream=stream, rows=rows, source=source or url, received_at=received_at, progress=progress, writer=writer
    )


def stream_rows(url: str, stream: str, options: ReadOptions = AS_TOLD) -> Iterator[tuple[int, Payload]]:
    """Rows of a file in our own columns; cells of tables take the types of the stream's fields."""
    if not is_table(url):
        yield from iter_rows(url, options)
        return
    for number, row in iter_rows(url, options):
        yield number, typed_row(row, stream) if isinstance(row, Mapping) else row


def mapped_rows(url: str, mapping: EventMapping, options: ReadOptions | None = None) -> Iterator[tuple[int, Payload]]:
    """Events that a mapping makes of a file's records; each has the number of its record. `index` in the mapping counts from 0."""
    for index, (number, record) in enumerate(iter_rows(url, options or mapping.read)):
        try:
            # All or nothing: a record that fails half way must not leave half a conversation.
            events = list(mapping.events(index, record))
        except Rejection as rejection:
            yield number, Unmapped(record if isinstance(record, bytes) else encode_row(record), rejection)
            continue
        for event in events:
            yield number, event
