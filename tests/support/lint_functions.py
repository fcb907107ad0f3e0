"""SQLFluff over what the SQL functions do: `python -m tests.support.lint_functions sql_migrations/R__functions*.sql`.

To SQLFluff the body of a function is one literal, so it is given each of them by itself: of plpgsql the query that is returned.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from sqlfluff.core import FluffConfig, Linter

# Patches SQLFluff so that it walks a parsed statement once for all rules of layout.
from tests.support import lint_models as _spared  # noqa: F401

PROCESSES = 2
LONGEST_LINE = 140
# Beside those of models: parameters look like columns without a table, the layout is denser, and functions run on PostgreSQL alone.
NOT_HERE = ("CV11", "PO01", "RF03", "AL01", "AL08", "LT02", "LT08", "LT09", "LT14", "ST05", "ST07", "ST09")
_FUNCTION = re.compile(r"^create (?:or replace )?function (?P<name>\S+?)\((?P<head>.*?)as \$\$\n(?P<body>.*?)^(?:end )?\$\$;", re.S | re.M)
_QUERY = re.compile(r"^ *return query\n(.*?);\s*\Z", re.S | re.M)


class Query(NamedTuple):
    """What one function runs; `line` is where it begins in its file."""

    path: Path
    line: int
    text: str


def queries(path: Path) -> Iterator[Query]:
    """The query of each function of a file; none of a plpgsql function that returns no query."""
    text = path.read_text()
    for function in _FUNCTION.finditer(text):
        body, start = function["body"], function.start("body")
        if "language plpgsql" in function["head"]:
            returned = _QUERY.search(body)
            if returned is None:
                continue
            body, start = returned[1] + "\n", start + returned.start(1)
        yield Query(path, text.count("\n", 0, start) + 1, dedent(body))


def findings(query: Query) -> list[str]:
    """What SQLFluff has against a query, as `path:line: rule what`."""
    excluded = ",".join([FluffConfig.from_root().get("exclude_rules"), *NOT_HERE])
    config = FluffConfig.from_root(overrides={"templater": "raw", "exclude_rules": excluded})
    found = Linter(config=config).lint_string(query.text, fname=query.path.name).get_violations()
    return [f"{query.path}:{query.line + one.line_no - 1}: {one.rule_code()} {one.desc()}" for one in found]


def long_lines(path: Path) -> Iterator[str]:
    """Lines of a file, comments on functions too, that nobody reads to their end."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            yield f"{path}:{number}: {len(line)} characters, at most {LONGEST_LINE}"


def main(paths: list[Path]) -> int:
    """Print what is wrong with the functions of these files; 1 if anything is."""
    with Pool(PROCESSES) as pool:
        wrong = [line for lines in pool.imap(findings, [query for path in paths for query in queries(path)]) for line in lines]
    wrong += [line for path in paths for line in long_lines(path)]
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
