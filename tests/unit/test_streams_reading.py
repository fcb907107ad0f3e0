"""Files as people have them: every delimiter, encoding and envelope opens as it looks or as it was told, or says what would open it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.streams.landing import reading
from agentmarts.streams.landing.csv_text import looks_like
from agentmarts.streams.landing.read_options import LandingError, ReadOptions
from agentmarts.streams.landing.reading import iter_rows

NINE, NOON = datetime.fromisoformat("2025-06-10T09:00:00"), datetime.fromisoformat("2025-06-10T12:00:00")
GERMAN = "Ticket;Betreff;Gelöst am\n101;Rückgabe der Größe XL;10.06.2025 14:30\n102;Überweisung;\n"
ROWS = [{"Ticket": "101", "Betreff": "Rückgabe der Größe XL", "Gelöst am": "10.06.2025 14:30"}, {"Ticket": "102", "Betreff": "Überweisung"}]


def rows_of(path: Path, **told: Any) -> list[Any]:
    return [json.loads(row) if isinstance(row, bytes) else row for _, row in iter_rows(str(path), ReadOptions.model_validate(told))]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_opens_as_it_looks(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = written(tmp_path, "t.csv", GERMAN.replace(";", delimiter).encode(encoding))
    assert rows_of(path) == ROWS


def test_what_stands_before_the_header(tmp_path: Path) -> None:
    excel = written(tmp_path, "excel.csv", b"sep=|\r\nid|text\r\n1|a,b;c\r\n")
    assert rows_of(excel) == [{"id": "1", "text": "a,b;c"}]
    report = written(tmp_path, "report.csv", b"Report of June\n\nid;hours\n1;1.234,5\n2;-0,25\n3;n/a\n")
    assert rows_of(report, skip_lines=2, decimal=",") == [
        {"id": "1", "hours": "1234.5"},
        {"id": "2", "hours": "-0.25"},
        {"id": "3", "hours": "n/a"},
    ]
    assert [number for number, _ in iter_rows(str(report), ReadOptions(skip_lines=2))] == [4, 5, 6]


def test_delimiters_inside_quotes_do_not_count(tmp_path: Path) -> None:
    path = written(tmp_path, "q.csv", b'id,text\n1,"a;b;c;d\ne;f"\n2,"x;y;z"\n')
    assert rows_of(path) == [{"id": "1", "text": "a;b;c;d\ne;f"}, {"id": "2", "text": "x;y;z"}]
    assert rows_of(written(tmp_path, "one.csv", b"id\n1\n2\n")) == [{"id": "1"}, {"id": "2"}]
    assert rows_of(written(tmp_path, "t.tsv", b"id\ttext\n1\ta,b,c\n")) == [{"id": "1", "text": "a,b,c"}]


def test_empty_cells_and_rows_are_absent(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, "e.csv", b"a,b,c\n1,, \n,,\n \t,,\n2,x,\n")) == [{"a": "1"}, {"a": "2", "b": "x"}]


def test_text_that_turns_out_to_be_another(tmp_path: Path) -> None:
    path = written(tmp_path, "late.csv", b"a,b\n" + b"x,y\n" * 100_000 + "ü,y\n".encode("cp1252"))
    with pytest.raises(LandingError, match=r"after row \d+: it is no utf-8, it looks like cp1252: say `read: {encoding: cp1252}`"):
        rows_of(path)
    assert len(rows_of(path, encoding="cp1252")) == 100_001
    with pytest.raises(LandingError, match="unknown encoding"):
        rows_of(path, encoding="utf-9")


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=1))
def test_unicode_is_recognised(text: str) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        sample = text.encode(encoding)
        assert sample.decode(looks_like(sample)) == text
    assert text.encode().decode(looks_like(text.encode())) in (text, text.removeprefix("\ufeff"))


LIST = [{"id": 1, "text": "ä"}, {"id": 2, "parts": [{"n": 1}]}]


@pytest.mark.parametrize(
    ("content", "told", "expected"),
    [
        (json.dumps(LIST), {}, LIST),
        (json.dumps(LIST, indent=2), {}, LIST),
        ("\ufeff" + json.dumps(LIST), {}, LIST),
        (json.dumps({"data": LIST}), {}, [{"data": LIST}]),
        (json.dumps({"data": LIST}, indent=2), {"records": "data"}, LIST),
        (json.dumps({"page": {"items": LIST}, "x": [9]}), {"records": "page.items"}, LIST),
        (json.dumps([{"rows": [1]}, {"rows": [2, 3]}]), {"records": "item.rows"}, [1, 2, 3]),
        ("\n".join(map(json.dumps, LIST)), {}, LIST),
        ("\n".join(json.dumps(one, indent=2) for one in LIST), {}, LIST),
    ],
)
@pytest.mark.parametrize("small", [reading.SMALL_DOCUMENT, 4])
def test_a_document_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, told: dict[str, Any], expected: list[Any], small: int
) -> None:
    """Also one that is too large to be read at once, but for a lone object whose list nobody named."""
    monkeypatch.setattr(reading, "SMALL_DOCUMENT", small)
    path = written(tmp_path, "d.json", content.encode())
    if small == 4 and not told and content.lstrip("\ufeff")[0] == "{":
        with pytest.raises(LandingError, match="say where its list lies"):
            rows_of(path)
    else:
        assert rows_of(path, **told) == expected


def test_a_list_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    path = written(tmp_path, "d.json", b'{"meta": {"tags": []}, "data": [{"id": 1, "parts": []}]}')
    with pytest.raises(LandingError, match=r"no list with anything in it at 'items'; lists in it: meta.tags, data$"):
        rows_of(path, records="items")


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".zip": lambda content: _zipped("t.csv", content),
}


@pytest.mark.parametrize("suffix", COMPRESSED)
def test_compressed_files_open(tmp_path: Path, suffix: str) -> None:
    assert rows_of(written(tmp_path, f"t.csv{suffix}", COMPRESSED[suffix](GERMAN.encode("cp1252")))) == ROWS


def test_a_zip_of_several_files_loses_none_quietly(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        for name in ("a.csv", "__MACOSX/._a.csv"):
            archive.writestr(name, "id\n1\n")
    assert rows_of(tmp_path / "t.csv.zip") == [{"id": "1"}]
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "a") as archive:
        archive.writestr("b.csv", "id\n2\n")
    with pytest.raises(LandingError, match=r"it holds 2 files \(a.csv, b.csv\): put each into a .zip of its own"):
        rows_of(tmp_path / "t.csv.zip")


def test_arrow_opens(tmp_path: Path) -> None:
    pyarrow.feather.write_feather(pa.table({"id": [1, 2], "at": [NINE, None]}), str(tmp_path / "t.feather"))
    assert rows_of(tmp_path / "t.feather") == [{"id": 1, "at": NINE}, {"id": 2, "at": None}]


def test_excel_opens_with_its_dates(tmp_path: Path) -> None:
    path = written(
        tmp_path, "t.xlsx", workbook({"Cover": [["June"]], "Tickets": [["id", "sent", "score"], [7, 45818.5, 0.25], [8, "", 1.0]]})
    )
    assert rows_of(path, sheet="Tickets") == [{"id": 7, "sent": NOON, "score": 0.25}, {"id": 8, "score": 1}]
    assert rows_of(path) == []
    with pytest.raises(LandingError, match="it has no sheet 'Ticket', but 'Cover', 'Tickets'"):
        rows_of(path, sheet="Ticket")


@pytest.mark.parametrize("name", ["t.xlsx", "t.parquet", "t.feather", "t.csv.gz", "t.csv.zip", "t.csv.zst", "t.json"])
def test_what_is_something_else_says_so(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, b"no such file at all")
    with pytest.raises(LandingError, match="cannot be read after row 0"):
        rows_of(path)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """An Excel file; a number above 40,000 is shown as a time."""

    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c s='{int(value > 40_000)}'><v>{value}</v></c>"

    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = list(sheets)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="s{n}" Type="{relations}/worksheet" Target="worksheets/s{n}.xml"/>' for n in range(1, len(names) + 1))
        + f'<Relationship Id="st" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/s{n}.xml"] = f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()
