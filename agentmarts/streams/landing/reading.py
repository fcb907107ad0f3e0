"""What rows a file holds: lines of JSON, records of a JSON document, rows of a table; compressed or not, from wherever fsspec can read."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, time
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import fsspec  # type: ignore[import-untyped]
import ijson  # type: ignore[import-untyped]
import msgspec
import pyarrow as pa
import pyarrow.parquet
import zstandard
from python_calamine import CalamineError, CalamineWorkbook

from agentmarts.streams.landing.csv_text import LONGEST_CELL, csv_rows
from agentmarts.streams.landing.read_options import LandingError, ReadOptions

Record = bytes | Mapping[str, object]
"""A line of JSON as it stands, or a typed row."""

COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst", ".zip")
LINES = (".ndjson", ".jsonl")
TABLES = (".csv", ".tsv", ".parquet", ".arrow", ".feather", ".xlsx", ".xls", ".ods")
FORMATS = (*LINES, ".json", *TABLES)
NAME_RULE = f"the name must end in {', '.join(FORMATS)}, optionally with {', '.join(COMPRESSIONS)}"
LONGEST_LINE = LONGEST_CELL
"""Bytes of a line that are read; the rest of a longer one is skipped, and what was read is refused as too large anyway."""
SMALL_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a JSON document that is read at once, so that each record stays the text it is; a larger one is streamed."""
_FAULTS = (
    OSError, EOFError, ValueError, LookupError, csv.Error, zlib.error, zipfile.BadZipFile, zstandard.ZstdError,
    msgspec.MsgspecError, ijson.JSONError, pa.ArrowException, CalamineError,
)  # fmt: skip
"""Of readers whose file is not what its name says."""
AS_TOLD = ReadOptions.model_validate({})
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 10_000
_BLOCK = 1024 * 1024


def iter_rows(url: str, options: ReadOptions = AS_TOLD) -> Iterator[tuple[int, Record]]:
    """(line or row number from 1, row) of a file, in constant memory but for JSON documents of up to 64 MB, Arrow and Excel.

    NDJSON lines come as bytes, exactly as they stand; blank lines are skipped. An empty cell is absent; cells of CSV are text, those of
    Excel and Parquet keep their types; a time without zone stays without. Raises LandingError.
    """
    suffix = format_of(url)
    is_zip = url.split("?", maxsplit=1)[0].endswith(".zip")
    number = 0
    try:
        with package_of(url):
            opened = fsspec.open(url, "rb", compression=None if is_zip else "infer")
        with opened as stored, _only_member(stored) if is_zip else nullcontext(stored) as file:
            for number, row in _rows_of(suffix, file, options):
                yield number, row
    except LandingError as error:
        raise LandingError(f"{url} cannot be read after row {number}: {error}") from error
    except _FAULTS as error:
        raise LandingError(f"{url} cannot be read after row {number}: {error}") from error


@contextmanager
def _only_member(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file in a .zip; of several, fsspec would read the first and nobody would miss the others."""
    with zipfile.ZipFile(file) as archive:
        members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
        if len(members) != 1:
            names = ", ".join(one.filename for one in members[:5]) or "none"
            raise LandingError(f"it holds {len(members)} files ({names}): put each into a .zip of its own, or unpack it")
        with archive.open(members[0]) as member:
            yield member  # type: ignore[misc]


def _rows_of(suffix: str, file: BinaryIO, options: ReadOptions) -> Iterator[tuple[int, Record]]:
    if suffix in LINES:
        return _lines(file)
    if suffix == ".json":
        return _documents(file, options.records)
    if suffix in (".csv", ".tsv"):
        return csv_rows(file, suffix, options)
    if suffix == ".parquet":
        return _arrow_rows(pa.parquet.ParquetFile(file).iter_batches(_ROWS_AT_ONCE))
    if suffix in (".arrow", ".feather"):
        return _arrow_rows(pa.ipc.open_file(io.BytesIO(file.read())).read_all().to_batches(_ROWS_AT_ONCE))
    return _sheet_rows(file, options)


def is_table(url: str) -> bool:
    """Whether the rows of the file are cells of a table, to be converted to what a stream wants."""
    return format_of(url) in TABLES


def format_of(url: str) -> str:
    """The ending that tells the format. Raises LandingError."""
    path = PurePosixPath(url.split("?", maxsplit=1)[0])
    if not has_format(path):
        raise LandingError(f"{url}: {NAME_RULE}")
    return _uncompressed(path).suffix


def has_format(path: PurePosixPath) -> bool:
    """Whether the name tells a format that can be read."""
    return _uncompressed(path).suffix in FORMATS


def _uncompressed(path: PurePosixPath) -> PurePosixPath:
    return path.with_suffix("") if path.suffix in COMPRESSIONS else path


@contextmanager
def package_of(url: str) -> Iterator[None]:
    """What reads an address is a package of its own, and few need one."""
    try:
        yield
    except ImportError as error:
        how = "run `make s3`" if url.startswith("s3") else "install it into .venv with pip"
        raise LandingError(f"{url} needs a package that is not installed ({error}): {how}, then try again") from error


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


def _documents(file: BinaryIO, records: str | None) -> Iterator[tuple[int, Record]]:
    """Elements of a list; or of the list that lies at `records`; or each object that stands for itself."""
    beginning = file.read(SMALL_DOCUMENT + 1)
    is_small = len(beginning) <= SMALL_DOCUMENT
    beginning = beginning.removeprefix(_BYTE_ORDER_MARK)
    source = io.BufferedReader(_Chained(beginning, file), _BLOCK)
    is_list = beginning.lstrip()[:1] == b"["
    if records is not None:
        return _found(ijson.items(source, f"{records}.item", use_float=True), records, beginning)
    if is_small and is_list:
        # Each element stays the text it is, so that a bad one is judged alone.
        return ((number, bytes(row)) for number, row in enumerate(msgspec.json.decode(beginning, type=list[msgspec.Raw]), start=1))
    if is_list:
        return enumerate(ijson.items(source, "item", use_float=True), start=1)
    if is_small and _is_one_document(beginning):
        return iter([(1, beginning.strip())])
    if is_small:  # several, one after the other
        return enumerate(ijson.items(source, "", multiple_values=True, use_float=True), start=1)
    raise LandingError("it is one JSON object of more than 64 MB: say where its list lies, `read: {records: data.items}`, or --records")


def _found(rows: Iterator[Any], records: str, beginning: bytes) -> Iterator[tuple[int, Record]]:
    first = next(rows, None)
    if first is None:
        named = ", ".join(_lists_in(beginning)) or "none near its beginning"
        raise LandingError(f"it has no list with anything in it at {records!r}; lists in it: {named}")
    return enumerate(chain([first], rows), start=1)


def _lists_in(beginning: bytes) -> list[str]:
    """Where lists begin in a document, as far as it has been read."""
    places: dict[str, None] = {}
    try:
        for prefix, event, _ in ijson.parse(io.BytesIO(beginning)):
            if event == "start_array" and "item" not in prefix.split("."):
                places[prefix] = None
    except ijson.JSONError:
        pass  # it was cut off, or breaks off
    return list(places)[:10]


def _is_one_document(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.MsgspecError:
        return False
    return True


class _Chained(io.RawIOBase):
    """What was read already, then the rest of the file."""

    def __init__(self, beginning: bytes, file: BinaryIO) -> None:
        self._beginning = io.BytesIO(beginning)
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._beginning.read(len(buffer)) or self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _arrow_rows(batches: Iterator[Any] | list[Any]) -> Iterator[tuple[int, Record]]:
    number = 0
    for batch in batches:
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


def _sheet_rows(file: BinaryIO, options: ReadOptions) -> Iterator[tuple[int, Record]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    if options.sheet is not None and options.sheet not in workbook.sheet_names:
        raise LandingError(f"it has no sheet {options.sheet!r}, but {', '.join(map(repr, workbook.sheet_names))}")
    sheet = workbook.get_sheet_by_name(options.sheet) if options.sheet is not None else workbook.get_sheet_by_index(0)
    rows = iter(sheet.to_python(skip_empty_area=False))
    for _ in range(options.skip_lines):
        next(rows, None)
    header = [str(cell).strip() for cell in next(rows, [])]
    for number, cells in enumerate(rows, start=options.skip_lines + 2):
        row = {name: _sheet_cell(cell) for name, cell in zip(header, cells, strict=False) if name and cell != ""}
        if row:
            yield number, row


def _sheet_cell(cell: Any) -> object:
    """Excel keeps whole numbers as floats, and a day as its midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, date | time) and not isinstance(cell, datetime):
        return cell.isoformat()
    return cell
