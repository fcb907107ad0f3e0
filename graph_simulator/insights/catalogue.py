"""Which metrics exist at an instant: the rows of `graph_catalogue.csv`, their dates, and what the control API removed or added."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "graph_catalogue.csv"
_UNSERVED = frozenset({"derived", "valid_in_sdk"})
"""Computed elsewhere, or only named in an SDK: unknown to the interface until the control API adds them."""
RESTRICTED_UNTIL = datetime(2024, 7, 2, tzinfo=UTC)
"""A restricted metric lives on for media that are older."""


@dataclass(frozen=True)
class Row:
    """A metric of a type of object in a period."""

    object: str
    metric: str
    period: str
    value_shape: str
    semantics: str
    status: str
    introduced: date | None
    deprecated_on: date | None
    metric_types: tuple[str, ...]
    breakdowns: tuple[str, ...]
    products: tuple[str, ...]

    def lives_on(self, day: date, published: datetime | None = None) -> bool:
        """Whether a request of that day (UTC) may name it. `published`: when the media it is asked of appeared."""
        if self.status == "restricted" and published is not None and published < RESTRICTED_UNTIL:
            return True
        born = self.introduced is None or self.introduced <= day
        return born and self.status not in _UNSERVED and (self.deprecated_on is None or day < self.deprecated_on)


@lru_cache(maxsize=1)
def read_catalogue() -> tuple[Row, ...]:
    """Rows of the catalogue that the interface answers, in the order of the file."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


def _row(line: dict[str, str]) -> Row:
    return Row(
        object=line["object"],
        metric=line["metric"],
        period=line["period"],
        value_shape=line["value_shape"],
        semantics=line["semantics"],
        status=line["status_2026_11"],
        introduced=date.fromisoformat(line["introduced"]) if line["introduced"] else None,
        deprecated_on=date.fromisoformat(line["deprecated_on"]) if line["deprecated_on"] else None,
        metric_types=_several(line["metric_type"]),
        breakdowns=_several(line["breakdowns"]),
        products=_several(line["media_products"]),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


@dataclass
class Catalogue:
    """The catalogue of one simulator."""

    rows: tuple[Row, ...] = field(default_factory=read_catalogue)
    removed: set[tuple[str, str]] = field(default_factory=set)
    added: dict[tuple[str, str], str] = field(default_factory=dict)
    """(object type, metric) → the metric it is computed like."""

    def __post_init__(self) -> None:
        self._by_object: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self._by_object[row.object].append(row)

    def alive(self, object_type: str, day: date, published: datetime | None = None) -> Iterator[Row]:
        """Rows of a type of object that a request of that day may name, node fields left out."""
        for row in self._by_object[object_type]:
            key = (object_type, row.metric)
            if row.period != "node" and key not in self.removed and (key in self.added or row.lives_on(day, published)):
                yield row
        for (type_, metric), like in self.added.items():
            known = {row.metric for row in self._by_object[object_type]}
            if type_ == object_type and metric not in known and (type_, metric) not in self.removed:
                yield from (replace(row, metric=metric, status="valid") for row in self._by_object[object_type] if row.metric == like)

    def of(self, object_type: str, metrics: Iterable[str], day: date, published: datetime | None = None) -> dict[str, list[Row]]:
        """Living rows of the asked metrics; a dead or unknown name has an empty list."""
        found: dict[str, list[Row]] = {metric: [] for metric in metrics}
        for row in self.alive(object_type, day, published):
            if row.metric in found:
                found[row.metric].append(row)
        return found

    def field_lives(self, object_type: str, name: str, day: date) -> bool:
        """Whether a node field that the catalogue lists exists on that day; fields it does not list always do."""
        rows = [row for row in self._by_object[object_type] if row.metric == name and row.period == "node"]
        return (object_type, name) not in self.removed and (not rows or any(row.lives_on(day) for row in rows))

    def computed_like(self, object_type: str, metric: str) -> str:
        """The metric whose recipe serves this one: itself, unless it was added as the likeness of another."""
        return self.added.get((object_type, metric), metric)
