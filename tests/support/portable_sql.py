"""SQL of the dbt project that only one engine understands: `python -m tests.support.portable_sql` names each place and what to write there.

It reads the templates themselves: models, data tests and macros, all but those of macros/dialect that are written for one engine. What
models compile to, with those macros by their names only, is looked at by a rule that `lint_models` adds to SQLFluff's own.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from jinja2 import Environment
from sqlglot import TokenType
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import TokenError
from sqlglot.tokens import Token

from agentmarts.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
DIALECT = DBT_PROJECT / "macros" / "dialect"
OF_ONE_ENGINE = re.compile(r"\{% macro postgres__.*?\{%-? endmacro %\}", re.S)


@dataclass(frozen=True)
class Spelling:
    """What must not be written; its pattern meets SQL in lower case with one space between tokens, every literal but infinity as ''."""

    what: str
    pattern: re.Pattern[str]
    instead: str


def _spelling(what: str, pattern: str, instead: str) -> Spelling:
    return Spelling(what, re.compile(pattern), instead)


SPELLINGS = (
    _spelling("a cast with ::", r"::", "cast(… as …)"),
    _spelling("double precision", r"\bdouble precision\b|\bas (float\d?|real)(?= \))", "type_double()"),
    _spelling("numeric without its digits", r"\bas (numeric|decimal)(?= \))|\bnumeric ''", "type_decimal(), or decimal(precision, scale)"),
    _spelling("the type text", r"\bas (text|char|varchar|character varying)(?= [()])", "type_text()"),
    _spelling("the type uuid", r"\bas uuid(?= \))|\buuid ''", "type_uuid()"),
    _spelling(
        "a timestamp",
        r"\btimestamptz\b|\bas timestamp( with(out)? time zone)?(?= \))|\btimestamp( with(out)? time zone)? ''",
        "type_instant(), local_time() or utc_midnight()",
    ),
    _spelling("a time of day", r"\bas time(?= \))|\btime ''", "wall_clock()"),
    _spelling("an interval", r"\binterval ''", "hours() or days()"),
    _spelling("infinity", r"'infinity'", "min_date(), max_date(), min_instant() or max_instant()"),
    _spelling("at time zone", r"\bat time zone\b", "local_time(), local_date(), instant_of() or utc_midnight()"),
    _spelling("an array or a subscript", r"[\w)\]] \[", "array_element(), first_in_order() or last_in_order()"),
    _spelling("an ordered aggregate", r"\b(array|string)_agg \(|\bwithin group\b", "first_in_order(), last_in_order() or percentiles()"),
    _spelling("distinct on", r"\bdistinct on\b", "row_number()"),
    _spelling("a series", r"\bgenerate_series\b", "date_series() or number_series()"),
    _spelling("parts of a text", r"\b(unnest|string_to_\w+|regexp_split_to_\w+) \(", "text_parts()"),
    _spelling(
        "JSON of PostgreSQL",
        r"->>?|#>>?|@>|<@|\?|\bas jsonb?(?= \))|\bjsonb? ''|\bjsonb_\w+ \(|\b(to_jsonb?|row_to_json|json_agg|json_build_\w+) \(",
        "a macro of macros/dialect/json.sql",
    ),
    _spelling(
        "a function of dates",
        r"\b(date_trunc|date_part|make_\w+|to_char|to_date|to_timestamp|age|justify_\w+) \(|\bextract \( (epoch|isodow|dow|isoyear)\b",
        "a macro of macros/dialect/dates.sql, seconds_between() or hour_start()",
    ),
    _spelling("a count of NULLs", r"\bnum_(non)?nulls \(", "count_not_null()"),
    _spelling("a regular expression", r"(?<= )!?~\*?(?= )|\bsimilar to\b|\bregexp_\w+ \(", "a macro of macros/dialect/text.sql"),
    _spelling("a collation", r"\bcollate\b", "bytewise()"),
)


def findings(sql: str) -> Iterator[tuple[int, Spelling]]:
    """Where SQL is not portable: offset of the token it begins with, and what is wrong."""
    tokens = _tokens(sql)
    text, begins = "", []
    for token in tokens:
        begins.append(len(text))
        text += f"{_normal(token)} "
    for spelling in SPELLINGS:
        for match in spelling.pattern.finditer(text):
            yield tokens[bisect_right(begins, match.start()) - 1].start, spelling


def _tokens(sql: str) -> list[Token]:
    try:
        return Postgres().tokenize(sql)
    except TokenError:
        # What a macro puts together may end inside of a literal.
        return Postgres().tokenize(f"{sql}'")


def _normal(token: Token) -> str:
    if token.token_type == TokenType.STRING:
        return "'infinity'" if token.text.lower().lstrip("+-") == "infinity" else "''"
    if token.token_type == TokenType.IDENTIFIER:
        return "quoted"
    return " ".join(token.text.lower().split())


def sql_of(template: str) -> Iterator[tuple[int, str]]:
    """The pieces of SQL in a template, each with its line: what stands outside of Jinja's tags, and every text inside of one.

    A text that is nothing but a word or two is a name, such as the types that no_rows() translates.
    """
    outside, line = "", 1
    for number, kind, value in Environment().lex(template):
        outside += "\n" * (number - line)
        line = max(line, number)
        if kind == "data":
            outside += value
            line += value.count("\n")
        elif kind == "variable_begin":
            outside += "jinja"
        elif kind == "string" and not re.fullmatch(r"[\w ]+", value[1:-1]):
            yield number, value[1:-1]
    yield 1, outside


def sql_of_data_tests(text: str) -> Iterator[tuple[int, str]]:
    """The rules of rows_are_valid in a file that describes a model, each with its line."""
    nodes = [yaml.compose(text)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value in ("expressions", "warnings") and isinstance(value, yaml.MappingNode):
                    yield from ((rule.start_mark.line + 1, rule.value) for _, rule in value.value)
                nodes.append(value)


def findings_of(path: Path) -> list[str]:
    """What is not portable in one file: a sentence for each, with the line."""
    text = path.read_text()
    if DIALECT in path.parents:
        text = OF_ONE_ENGINE.sub(lambda macro: "\n" * macro[0].count("\n"), text)
    places = {
        (first + sql.count("\n", 0, offset), f"{spelling.what}; write {spelling.instead}")
        for first, sql in (sql_of_data_tests if path.suffix == ".yml" else sql_of)(text)
        for offset, spelling in findings(sql)
    }
    return [f"{path.relative_to(PROJECT_ROOT)}:{line}: {words}" for line, words in sorted(places)]


def main() -> int:
    files = sorted(path for path in DBT_PROJECT.rglob("*") if path.suffix in (".sql", ".yml"))
    found = [line for path in files for line in findings_of(path)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
