"""Landing files: where they are and what rows they hold, from a folder or any address fsspec can read."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import fsspec  # type: ignore[import-untyped]
import msgspec
import pyarrow as pa
import pyarrow.parquet

Record = bytes | Mapping[str, object]
"""A line of JSON as it stands, or a typed row."""

COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
FORMATS = (".ndjson", ".jsonl", ".json", ".csv", ".parquet")
LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of a line that are read; the rest of a longer one is skipped, and what was read is refused as too large anyway."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 10_000
_BLOCK = 1024 * 1024
_DEPTH = 3
_UNFINISHED = (".tmp", ".part", ".crdownload")


class LandingError(RuntimeError):
    """A file cannot be read; the message says which and why."""


@dataclass(frozen=True)
class LandingFile:
    """A file under the landing: `<tenant slug>/<stream>/…`."""

    url: str
    tenant: str
    stream: str
    size: int
    fingerprint: str
    """Changes whenever the file does."""
    name: str
    """Path below the landing."""


def landing_files(landing_url: str) -> list[LandingFile]:
    """Files of the layout `<landing>/<tenant slug>/<stream>/**.{ndjson,jsonl,json,csv,parquet}[.gz]`, by name; [] if there is no landing.

    Hidden files, those beginning with `_`, and those ending in .tmp or .part are somebody's unfinished work and left alone.
    """
    return landing_contents(landing_url)[0]


def landing_contents(landing_url: str) -> tuple[list[LandingFile], list[tuple[str, str]]]:
    """Landing files by name, and (path below the landing, why) of files that are none and nobody's unfinished work either."""
    files, strays = [], []
    for url, name, details in _found(landing_url):
        path = PurePosixPath(name)
        if _is_unfinished(path):
            continue
        if why := _why_stray(path):
            strays.append((name, why))
        else:
            files.append(_landing_file(url, name, details))
    return sorted(files, key=lambda file: file.name), sorted(strays)


def _found(landing_url: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(address, path below the landing, what its file system tells) of each file."""
    with _package_of(landing_url):
        filesystem, root = fsspec.core.url_to_fs(landing_url)
    if not filesystem.exists(root):
        return
    prefix = root.rstrip("/") + "/"
    for path, details in filesystem.find(root, detail=True).items():
        yield filesystem.unstrip_protocol(path), path.removeprefix(prefix), details


def iter_rows(url: str) -> Iterator[tuple[int, Record]]:
    """(line or row number from 1, row) of a file, in constant memory but for `.json`, which is read whole.

    NDJSON lines come as bytes, exactly as they stand; blank lines are skipped. An empty CSV cell is absent; the other cells are text.
    Parquet values keep their types; a timestamp without zone stays without. Raises LandingError.
    """
    suffix = _format_of(url)
    readers = {".ndjson": _lines, ".jsonl": _lines, ".json": _json_array, ".csv": _csv_rows, ".parquet": _parquet_rows}
    number = 0
    try:
        with _package_of(url):
            opened = fsspec.open(url, "rb", compression="infer")
        with opened as file:
            for number, row in readers[suffix](file):
                yield number, row
    except (OSError, EOFError, ValueError, csv.Error, zlib.error, msgspec.MsgspecError, pa.ArrowException) as error:
        raise LandingError(f"{url} cannot be read after row {number}: {error}") from error


@contextmanager
def _package_of(url: str) -> Iterator[None]:
    """What reads an address is a package of its own, and few need one."""
    try:
        yield
    except ImportError as error:
        how = "run `make s3`" if url.startswith("s3") else "install it into .venv with pip"
        raise LandingError(f"{url} needs a package that is not installed ({error}): {how}, then try again") from error


def is_typed_text(url: str) -> bool:
    """Whether the rows of the file are cells of a table, to be converted to what a stream wants."""
    return _format_of(url) in (".csv", ".parquet")


def _format_of(url: str) -> str:
    path = PurePosixPath(url.split("?", maxsplit=1)[0])
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    if path.suffix not in FORMATS:
        raise LandingError(f"{url}: the name must end in {', '.join(FORMATS)}, optionally with .gz")
    return path.suffix


def _is_unfinished(path: PurePosixPath) -> bool:
    return path.name.startswith((".", "_")) or path.name.endswith(_UNFINISHED)


def _why_stray(path: PurePosixPath) -> str | None:
    """Why a file is no landing file; None for one."""
    if len(path.parts) < _DEPTH:
        return "a landing file lies in <tenant>/<stream>/"
    if (path.with_suffix("") if path.suffix in COMPRESSIONS else path).suffix not in FORMATS:
        return f"the name must end in {', '.join(FORMATS)}, optionally with .gz"
    return None


def _landing_file(url: str, name: str, details: Mapping[str, Any]) -> LandingFile:
    tenant, stream, *_ = PurePosixPath(name).parts
    size = int(details["size"])
    marks = (details.get(key) for key in ("ETag", "etag", "mtime", "LastModified", "created"))
    mark = next((str(mark) for mark in marks if mark is not None), "")
    return LandingFile(url, tenant, stream, size, f"{size} {mark}", name)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(_bounded_lines(file), start=1):
        text = (line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).strip()
        if text:
            yield number, text


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines without their end; of one that is too long its beginning."""
    rest = b""
    is_cut = False
    while block := file.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if not is_cut:
                yield line[:LONGEST_LINE]
            is_cut = False
        if is_cut:
            rest = b""
        elif len(rest) > LONGEST_LINE:
            yield rest[:LONGEST_LINE]
            rest, is_cut = b"", True
    if not is_cut:
        yield rest


def _json_array(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    # Each element stays the text it is, so that a bad one is judged alone.
    for number, row in enumerate(msgspec.json.decode(file.read().removeprefix(_BYTE_ORDER_MARK), type=list[msgspec.Raw]), start=1):
        yield number, bytes(row)


def _csv_rows(file: BinaryIO) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
    header = next(reader, [])
    for cells in reader:
        if len(cells) > len(header):
            yield reader.line_num, json.dumps(cells).encode()  # fits no header: refused as it stands
        elif any(cells):
            yield reader.line_num, {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}


def _parquet_rows(file: BinaryIO) -> Iterator[tuple[int, Record]]:
    number = 0
    for batch in pa.parquet.ParquetFile(file).iter_batches(_ROWS_AT_ONCE):
        for row in _microseconds(batch).to_pylist():
            number += 1
            yield number, row


def _microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Python's datetime, and ours, has microseconds."""
    for position, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            column = batch.column(position).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(position, field.name, column)
    return batch
