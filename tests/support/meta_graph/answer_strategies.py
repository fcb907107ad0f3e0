"""Hypothesis: any JSON, well-formed answers with what they say, and real shapes with something broken in them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from agentmarts.meta_graph.model import Question
from tests.support.meta_graph.answers import Json, answer, breakdown, lifetime, question, series, total

Fact = tuple[str, str, str, str, str | None]
"""metric, period, names of dimensions, their values, stamp"""
SECRET_LINK = "https://graph.example/v25.0/17/insights?access_token=TOKEN"

_texts = st.one_of(
    st.text(max_size=8),
    st.text(st.characters(categories=["Cs", "Cc"]), min_size=1, max_size=3),
    st.sampled_from(["name", "period", "day", "value", "like", "views", "1", "1e999", "NaN", "2026-03-10T07:00:00+0000", SECRET_LINK]),
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**18),
    st.floats(),
    _texts,
    st.sampled_from([10**400, -(10**19), 5e-324]),
)
_keys = st.one_of(
    _texts, st.sampled_from(["data", "values", "total_value", "breakdowns", "dimension_keys", "results", "dimension_values", "end_time"])
)
any_json: st.SearchStrategy[Json] = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4), max_leaves=12
)

_numbers = st.one_of(st.integers(-(10**9), 10**12), st.decimals(-1000, 10**6, places=3, allow_nan=False).map(float))
_written = _numbers.flatmap(lambda number: st.sampled_from([number, str(number)]))
_stamps = [f"2026-03-{day:02}T07:00:00+0000" for day in range(1, 29)]
_names = st.text("abcdefgh ", min_size=1, max_size=6).filter(lambda text: text.strip() != "")


@dataclass(frozen=True)
class Said:
    """A question, a well-formed answer to it, and its numbers by fact."""

    question: Question
    body: Json
    facts: dict[Fact, Decimal]


def _decimal(number: Json) -> Decimal:
    return Decimal(str(number))


@st.composite
def _page(draw: st.DrawFn) -> Said:
    """Series per period of scalars and dictionaries."""
    asked = question("fb_page")
    facts: dict[Fact, Decimal] = {}
    entries = []
    for metric in draw(st.lists(st.sampled_from(asked.metrics), unique=True, max_size=4)):
        for period in draw(st.lists(st.sampled_from(["day", "week", "days_28"]), unique=True, max_size=3)):
            points = []
            for stamp in draw(st.lists(st.sampled_from(_stamps), unique=True, max_size=4)):
                if metric.endswith("reactions_total"):
                    value: Json = draw(st.dictionaries(_names, _written, min_size=1, max_size=3))
                    facts |= {(metric, period, "key", key, stamp): _decimal(number) for key, number in value.items()}
                else:
                    value = draw(_written)
                    facts[metric, period, "", "", stamp] = _decimal(value)
                points.append((value, stamp))
            entries.append(series(metric, *points, period=period))
    return Said(asked, answer(*entries), facts)


@st.composite
def _post(draw: st.DrawFn) -> Said:
    asked = question("fb_posts")
    facts: dict[Fact, Decimal] = {}
    entries = []
    for metric in draw(st.lists(st.sampled_from(asked.metrics[1:]), unique=True, max_size=5)):
        if "_by_" in metric:
            value: Json = draw(st.dictionaries(_names, _written, min_size=1, max_size=4))
            facts |= {(metric, "lifetime", "key", key, None): _decimal(number) for key, number in value.items()}
        else:
            value = draw(_written)
            facts[metric, "lifetime", "", "", None] = _decimal(value)
        entries.append(lifetime(metric, value))
    return Said(asked, answer(*entries), facts)


@st.composite
def _totals(draw: st.DrawFn) -> Said:
    """Totals with breakdowns of one or two dimensions."""
    asked = question("ig_total")
    facts: dict[Fact, Decimal] = {}
    entries = []
    for metric in draw(st.lists(st.sampled_from(asked.metrics), unique=True, max_size=4)):
        value = draw(_written)
        facts[metric, "day", "", "", None] = _decimal(value)
        splits = []
        for names in draw(st.sampled_from([[], [["follow_type"]], [["media_product_type", "follow_type"]], [["b", "a"], ["a"]]])):
            rows = draw(st.lists(st.tuples(*(_names for _ in names)), unique=True, max_size=4))
            numbers = [draw(_written) for _ in rows]
            splits.append(breakdown(names, *((list(row), number) for row, number in zip(rows, numbers, strict=True))))
            for row, number in zip(rows, numbers, strict=True):
                pairs = sorted(zip(names, row, strict=True))
                key = (metric, "day", "|".join(name for name, _ in pairs), "|".join(text for _, text in pairs), None)
                facts[key] = _decimal(number)
        entries.append(total(metric, value, *splits))
    return Said(asked, answer(*entries), facts)


@st.composite
def _splits(draw: st.DrawFn) -> Said:
    """The split of a Page in its shapes."""
    asked = question("fb_page_split_ads")
    facts: dict[Fact, Decimal] = {}
    entries = []
    for stamp in draw(st.lists(st.sampled_from(_stamps), unique=True, max_size=3)):
        numbers = draw(st.dictionaries(st.sampled_from(["0", "1"]), _written, min_size=1))
        facts |= {("page_media_view", "day", "is_from_ads", key, stamp): _decimal(number) for key, number in numbers.items()}
        if draw(st.booleans()):
            entries.append(series("page_media_view", (numbers, stamp)))
        else:
            entries += [series("page_media_view", (number, stamp), is_from_ads=key) for key, number in numbers.items()]
    return Said(asked, answer(*entries), facts)


well_formed: st.SearchStrategy[Said] = st.one_of(_page(), _post(), _totals(), _splits())


def paths(value: Json, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to all parts of a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, part in inner for path in paths(part, (*here, key)))]


@st.composite
def broken(draw: st.DrawFn, body: Json) -> Json:
    """A body in which one part is replaced, removed, put into a list or repeated."""
    path = draw(st.sampled_from([path for path in paths(body) if path]))
    result = copy.deepcopy(body)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    match draw(st.sampled_from(["replaced", "removed", "wrapped", "repeated"])):
        case "replaced":
            parent[path[-1]] = draw(any_json)
        case "removed":
            del parent[path[-1]]
        case "wrapped":
            parent[path[-1]] = [parent[path[-1]]]
        case _ if isinstance(parent, list):
            parent.append(parent[path[-1]])
        case _:
            parent[draw(_keys)] = parent[path[-1]]
    return result


@st.composite
def shuffled(draw: st.DrawFn, body: Json) -> Json:
    """The same body with lists and objects in another order; dimensions stay with their values."""
    if isinstance(body, dict):
        items = [(key, value if key in {"dimension_keys", "dimension_values"} else draw(shuffled(value))) for key, value in body.items()]
        return dict(draw(st.permutations(items)))
    if isinstance(body, list):
        return draw(st.permutations([draw(shuffled(item)) for item in body]))
    return body
