"""SQLFluff's command line, sparing itself what it did before: `python -m tests.support.lint_models lint dbt_project/models`.

SQLFluff compiles all macros of the project anew for every model, and lays a model out anew for every rule of layout. What it finds is
the same, and one thing more: SQL of one engine in what a model compiles to, where dialect macros stand by their names (dbt_project/lint).
"""

from __future__ import annotations

import sys
from copy import copy
from types import CodeType
from typing import Any

from jinja2 import Environment
from sqlfluff.cli.commands import cli
from sqlfluff.core.config import FluffConfig
from sqlfluff.core.parser.segments import BaseSegment
from sqlfluff.core.plugin import hookimpl
from sqlfluff.core.plugin.host import get_plugin_manager
from sqlfluff.core.rules import BaseRule, LintResult, RuleContext
from sqlfluff.core.rules.crawlers import RootOnlyCrawler
from sqlfluff.utils.reflow import ReflowSequence

from tests.support.portable_sql import findings

_compile = Environment.compile
_compiled: dict[tuple[Any, ...], CodeType] = {}


def _compile_once(environment: Environment, source: Any, *given: Any, **named: Any) -> Any:
    """As Environment.compile; what is compiled depends on the source and on the syntax, extensions and filters of the environment."""
    if not isinstance(source, str):
        return _compile(environment, source, *given, **named)
    syntax = (
        type(environment), environment.block_start_string, environment.variable_start_string, environment.comment_start_string,
        environment.trim_blocks, environment.lstrip_blocks, environment.keep_trailing_newline,
        tuple(sorted(environment.extensions)), tuple(sorted(environment.filters)), tuple(sorted(environment.tests)),
    )  # fmt: skip
    key = (syntax, source, given, tuple(sorted(named.items())))
    if key not in _compiled:
        _compiled[key] = _compile(environment, source, *given, **named)
    return _compiled[key]


class Rule_PO01(BaseRule):
    """SQL that only one engine understands stands in macros/dialect."""

    groups = ("all",)
    crawl_behaviour = RootOnlyCrawler(works_on_unparsable=True)
    targets_templated = True

    def _eval(self, context: RuleContext) -> list[LintResult]:
        places = {segment.pos_marker.templated_slice.start: segment for segment in context.segment.raw_segments if segment.pos_marker}
        return [
            LintResult(anchor=places.get(offset, context.segment), description=f"{spelling.what}; write {spelling.instead}.")
            for offset, spelling in findings(context.segment.raw)
        ]


@hookimpl
def get_rules() -> list[type[BaseRule]]:
    return [Rule_PO01]


_from_root = ReflowSequence.from_root
_last: list[tuple[BaseSegment, ReflowSequence]] = []


def _laid_out_once(root_segment: BaseSegment, config: FluffConfig) -> ReflowSequence:
    """As ReflowSequence.from_root for the model looked at; a rule copies the elements before it moves any."""
    if not _last or _last[0][0] is not root_segment:
        _last[:] = [(root_segment, _from_root(root_segment, config))]
    return copy(_last[0][1])


# At import, since SQLFluff's worker processes import this module and no more.
get_plugin_manager().register(sys.modules[__name__])
Environment.compile = _compile_once  # type: ignore[method-assign]
ReflowSequence.from_root = _laid_out_once  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(cli())
