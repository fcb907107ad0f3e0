"""The lint of SQL that only one engine understands finds each spelling where it is SQL, and only there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from agentmarts.settings import PROJECT_ROOT
from tests.support import portable_sql
from tests.support.portable_sql import DIALECT, SPELLINGS, findings, findings_of, sql_of, sql_of_data_tests

EXAMPLES = {
    "a cast with ::": [
        "a::integer",
        "{{ ratio('a', 'b') }}::numeric(3, 2)",
        "{{ first_in_order('a::int', 'b') }}",
        "max(a) filter (where b) :: date",
    ],
    "double precision": [
        "cast(a as double precision)",
        "cast(a as\n  Double Precision)",
        "cast(a as float8)",
        "{{ 'cast(' ~ a ~ ' as real)' }}",
    ],
    "numeric without its digits": ["cast(a as numeric)", "cast(a as decimal)", "numeric '1'"],
    "the type text": ["cast(a as text)", "cast(a as varchar(10))"],
    "the type uuid": ["cast(a as uuid)", "uuid '00000000-0000-0000-0000-000000000001'"],
    "a timestamp": ["cast(a as timestamptz)", "cast(a as timestamp)", "timestamp '2026-01-01'", "cast(a as timestamp with time zone)"],
    "a time of day": ["day + cast(a as time)", "time '12:00'"],
    "an interval": ["a - interval '1 day'", "{{ between('a', \"b - interval '1 hour'\") }}"],
    "infinity": ["date 'infinity'", "date '-infinity'", "coalesce(a, 'Infinity')"],
    "at time zone": ["a at time zone 'UTC'", "a AT TIME ZONE zone"],
    "an array or a subscript": ["a[1]", "(b)[c]", "{{ percentiles('a', [0.5]) }}[1]", "array[1, 2]"],
    "an ordered aggregate": ["array_agg(a order by b)", "string_agg(a, ',')", "percentile_cont(0.5) within group (order by a)"],
    "distinct on": ["select distinct on (a) b"],
    "a series": ["from generate_series(1, 3)"],
    "parts of a text": ["unnest(a)", "string_to_array(a, ',')"],
    "JSON of PostgreSQL": ["a ->> 'b'", "a -> 'b'", "a #>> '{}'", "a @> b", "a ? 'b'", "jsonb_typeof(a)", "cast(a as jsonb)", "jsonb '{}'"],
    "a function of dates": [
        "date_trunc('month', a)",
        "extract(epoch from a)",
        "extract(isodow from a)",
        "to_char(a, 'Day')",
        "make_interval(days => 1)",
    ],
    "a count of NULLs": ["num_nonnulls(a, b)"],
    "a regular expression": ["a ~ 'b'", "a !~* 'b'", "regexp_replace(a, 'b', 'c')"],
    "a collation": ['a collate "C"'],
}
PORTABLE = """
-- a::integer, double precision, date 'infinity'
{# cast(a as numeric) #}
/* a[1] at time zone 'UTC' */
{% set names = ['numeric', 'double precision', 'timestamptz'] %}
{%- set first = names[0] ~ rows[0][1] -%}
select
    'a::integer or [1] at time zone, interval ''1 day''' as words,
    'to infinity' as more_words,
    "a::b[1]" as quoted,
    cast(cast(a as decimal(18, 12)) as {{ type_double() }}) as number,
    cast(b as integer) + {{ days(6) }} as later,
    date '2026-01-01' as day,
    extract(hour from c) as hour,
    count(*) filter (where d) as found,
    {{ array_element('percentiles', 1) }} as median
from {{ ref('facts') }} as facts
where e is distinct from f
"""


def found(template: str) -> list[str]:
    return [spelling.what for _, sql in sql_of(template) for _, spelling in findings(sql)]


@pytest.mark.parametrize("what", [spelling.what for spelling in SPELLINGS])
def test_each_spelling_is_found(what: str) -> None:
    assert EXAMPLES[what]
    for example in EXAMPLES[what]:
        assert what in found(f"select {example} as a"), example


def test_comments_literals_and_what_every_engine_knows_are_left_alone() -> None:
    assert found(PORTABLE) == []


def test_a_finding_names_file_line_and_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable_sql, "PROJECT_ROOT", tmp_path)
    model = tmp_path / "facts.sql"
    model.write_text("{# of\n facts #}\n{%- set one = 'a::integer' -%}\n\nselect\n    {{ one }},\n    a[1]\n")
    assert findings_of(model) == [
        "facts.sql:3: a cast with ::; write cast(… as …)",
        "facts.sql:7: an array or a subscript; write array_element(), first_in_order() or last_in_order()",
    ]


def test_what_a_model_compiles_to_is_looked_at_too() -> None:
    """Put together by Jinja it stands in no template; what a dialect macro makes does not count."""
    model = "select\n    cast(a as {{ 'double' }} precision) as b,\n    {{ local_date('a', 'zone') }} as c\nfrom facts\n"
    assert found(model) == []
    command = [sys.executable, "-m", "tests.support.lint_models", "lint", "--rules", "PO01", "--disable-progress-bar", "-"]
    lint = subprocess.run(command, cwd=PROJECT_ROOT, input=model, capture_output=True, text=True, check=False)
    assert re.findall(r"L: +(\d+) .*PO01 \| (.*)", lint.stdout) == [("2", "double precision; write type_double().")]


def test_rules_of_data_tests_are_sql_too() -> None:
    text = """
models:
  - name: facts
    description: a::integer
    data_tests:
      - rows_are_valid:
          arguments:
            expressions: {right: a > 0}
            warnings:
              late: a::integer > 0
"""
    assert sorted(sql_of_data_tests(text)) == [(8, "a > 0"), (10, "a::integer > 0")]


def test_the_dialect_says_it_for_one_engine_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In macros/dialect too, what is not of one engine is portable."""
    for path in DIALECT.glob("*.sql"):
        assert findings_of(path) == []
    monkeypatch.setattr(portable_sql, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(portable_sql, "DIALECT", tmp_path)
    macros = tmp_path / "dates.sql"
    macros.write_text("{% macro postgres__a(b) -%}\n    b::date\n{%- endmacro %}\n\n{% macro a(b) -%}\n    b::date\n{%- endmacro %}\n")
    assert findings_of(macros) == ["dates.sql:6: a cast with ::; write cast(… as …)"]
