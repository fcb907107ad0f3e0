"""Tables as text: which characters, which delimiter, and how many lines stand before the header, told or as it looks."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import charset_normalizer

from agentmarts.streams.landing.read_options import LandingError, ReadOptions

LONGEST_CELL = 16 * 1024 * 1024
SAMPLE_BYTES = 256 * 1024
DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "koi8_r"]
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")


@dataclass(frozen=True)
class Dialect:
    """How the text of a table is to be read."""

    encoding: str
    delimiter: str
    quote: str
    skip_lines: int

    def __str__(self) -> str:
        return f"{self.encoding}, delimiter {self.delimiter!r}" + (f", header in line {self.skip_lines + 1}" if self.skip_lines else "")


def csv_rows(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[tuple[int, bytes | Mapping[str, object]]]:
    """(line number, row) of a table; an empty cell is absent. A row longer than the header is JSON of its cells, which nothing accepts.

    Raises LandingError where the bytes are no text of the encoding, saying what they look like.
    """
    reader = io.BufferedReader(file, SAMPLE_BYTES)  # type: ignore[type-var]
    sample = reader.peek(SAMPLE_BYTES)
    dialect = dialect_of(sample, name, options)
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(reader, dialect.encoding, newline="")
    try:
        for _ in range(dialect.skip_lines):
            text.readline()
        rows = csv.reader(text, delimiter=dialect.delimiter, quotechar=dialect.quote)
        header = [cell.strip() for cell in next(rows, [])]
        for cells in rows:
            number = dialect.skip_lines + rows.line_num
            if len(cells) > len(header):
                yield number, json.dumps(cells).encode()
            elif any(cell.strip() for cell in cells):
                pairs = zip(header, cells, strict=False)
                yield number, {column: _cell(cell, options.decimal) for column, cell in pairs if cell.strip()}
    except UnicodeDecodeError as error:
        looks = looks_like(error.object)
        how = f"say `read: {{encoding: {looks}}}` in the mapping, or --encoding {looks}"
        raise LandingError(f"it is no {dialect.encoding}, it looks like {looks}: {how}") from error


def dialect_of(sample: bytes, name: str, options: ReadOptions) -> Dialect:
    """What was told, and for the rest what the beginning of the file looks like."""
    encoding = options.encoding or looks_like(sample)
    text = sample.decode(encoding, errors="ignore")
    skip_lines = options.skip_lines
    delimiter = options.delimiter
    if (line := _SEPARATOR_LINE.match(text)) and not skip_lines:  # what Excel writes for Excel
        skip_lines, delimiter = 1, delimiter or line[1]
    body = "".join(islice(io.StringIO(text, newline=""), skip_lines, None))
    if delimiter is None:
        delimiter = "\t" if name.endswith((".tsv", ".tab")) else _most_columns(body, options.quote)
    return Dialect(encoding, delimiter, options.quote, skip_lines)


def looks_like(sample: bytes) -> str:
    """The encoding of some text: told by its mark, UTF-8 if it can be, else the likeliest one."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # the last character may be cut off
        return "utf-8"
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(sample[:65_536], cp_isolation=_LIKELY).best()
    if best is None or sample.decode(best.encoding, "replace") == sample.decode("cp1252", "replace"):
        return "cp1252"  # what Windows writes in western Europe
    return best.encoding


def _most_columns(text: str, quote: str) -> str:
    """The delimiter that cuts the first lines into the most columns, as many in each line as in the header."""

    def columns(delimiter: str) -> tuple[bool, int]:
        rows = [row for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote), 20) if row]
        # The last line may be cut off.
        widths = {len(row) for row in (rows[:-1] if len(rows) > 2 else rows)}
        return len(widths) == 1, len(rows[0]) if rows else 0

    return max(DELIMITERS, key=lambda delimiter: ((found := columns(delimiter))[1] > 1, *found))


def _cell(text: str, decimal: str) -> str:
    if decimal == "," and _DECIMAL_COMMA.fullmatch(text.strip()):
        return text.strip().replace(".", "").replace(",", ".")
    return text
