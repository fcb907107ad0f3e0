"""Deliveries as files: one gzipped NDJSON file per tenant, stream and UTC day of delivery, or a few days at once."""

from __future__ import annotations

import gzip
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from demo.event_stamps import MS_PER_DAY, day_text
from demo.landing.deliveries import Delivery


@dataclass(frozen=True)
class LandingFile:
    """A file as written, and what a loader shall find in it.

    `rows` counts every line, so `rows - bad_rows - duplicate_rows` are new, good rows. The row that a duplicate repeats
    stands before it in the same file or in the file of an earlier day.
    """

    path: Path
    tenant: str
    stream: str
    rows: int
    bad_rows: int
    duplicate_rows: int


def write_stream(
    folder: Path, tenant: str, stream: str, deliveries: Iterable[Delivery], until_ms: int, *, suffix: str = "", file_days: int = 1
) -> list[LandingFile]:
    """Write what was delivered up to `until_ms` (UTC, inclusive) to `<folder>/<tenant>/<stream>/<day><suffix>.ndjson.gz`.

    A file holds the deliveries of `file_days` days and is named after the first of them.
    """
    by_day: defaultdict[int, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.delivered_ms <= until_ms:
            day = delivery.delivered_ms // MS_PER_DAY
            by_day[day - day % file_days].append(delivery)
    target = folder / tenant / stream
    target.mkdir(parents=True, exist_ok=True)
    files = []
    for day in sorted(by_day):
        rows = sorted(by_day[day])
        path = target / f"{day_text(day)}{suffix}.ndjson.gz"
        _write_gzip(path, b"".join(row.line + b"\n" for row in rows))
        files.append(
            LandingFile(
                path=path,
                tenant=tenant,
                stream=stream,
                rows=len(rows),
                bad_rows=sum(row.kind == "bad" for row in rows),
                duplicate_rows=sum(row.kind == "duplicate" for row in rows),
            )
        )
    return files


def _write_gzip(path: Path, content: bytes) -> None:
    """Replace the file in one step, so that nobody watching the folder reads half of it; no time or name inside it."""
    packed = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=6) as stream:
        stream.write(content)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(packed.getvalue())
    os.replace(unfinished, path)
