"""What may be asked of Meta, and how: the two seeds that the collector and dbt share, and the calendar of API versions."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from agentmarts.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
COLLECTED = frozenset({"valid", "valid_undocumented"})
"""Statuses that are asked for in production."""


class CatalogueError(ValueError):
    """The seeds contradict each other; the message names the group and the metric."""


@dataclass(frozen=True)
class Metric:
    """One row of graph_catalogue.csv. Key: platform, object, metric, period."""

    platform: str
    object: str
    metric: str
    period: str
    value_shape: str
    additive: bool
    algorithm_class: str | None
    introduced: date | None
    deprecated_on: date | None
    replaced_by: str | None
    status: str
    semantics: str
    metric_types: frozenset[str]
    breakdowns: frozenset[str]
    media_products: frozenset[str]
    """Empty: any."""
    unit: str
    includes_paid: str
    is_of_facebook_login: bool = False
    """Whether accounts that were connected by Instagram Login do not have it."""

    def is_alive(self, on: date) -> bool:
        """Whether Meta answers it on this day, as far as the calendar tells."""
        return (self.introduced is None or self.introduced <= on) and (self.deprecated_on is None or on < self.deprecated_on)

    def fits(self, media_product: str | None) -> bool:
        """Whether media of this product have it."""
        return not self.media_products or media_product is None or media_product in self.media_products


@dataclass(frozen=True)
class CallGroup:
    """One row of graph_call_groups.csv: metrics that are asked together, and how."""

    name: str
    platform: str
    object: str
    edge: str
    metrics: tuple[str, ...]
    period: str
    """Empty: not sent, so that all periods come."""
    metric_type: str | None
    breakdown: str | None
    media_products: frozenset[str]
    cadence: str
    """`daily` (once per local day), `window` (once per closed window), `age` (when objects reach an age), `story` (every 4 hours)."""
    restate_days: int
    max_window_days: int | None
    day_shift: int | None
    """Days from the UTC date of a stamp to the day it stands for; None: the account says."""
    permission: str


@dataclass(frozen=True)
class ApiVersion:
    """One row of graph_versions.csv. `ends_on` is None while no end is announced."""

    name: str
    released_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Catalogue:
    """The three seeds, checked against each other."""

    rows: tuple[Metric, ...]
    groups: tuple[CallGroup, ...]
    api_versions: tuple[ApiVersion, ...]
    version: str
    """First 12 hex digits of the SHA-256 over catalogue and call groups."""

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str, str], Metric]:
        return {(row.platform, row.object, row.metric, row.period): row for row in self.rows}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], list[Metric]]:
        found: dict[tuple[str, str, str], list[Metric]] = {}
        for row in self.rows:
            found.setdefault((row.platform, row.object, row.metric), []).append(row)
        return found

    def metric(self, platform: str, object_type: str, name: str, period: str) -> Metric | None:
        """The row of this key, None if the catalogue has none."""
        return self._by_key.get((platform, object_type, name, period))

    def group(self, name: str) -> CallGroup:
        """The call group of this name. Raises KeyError."""
        return {group.name: group for group in self.groups}[name]

    def rows_of(self, group: CallGroup, metric: str) -> tuple[Metric, ...]:
        """Catalogue rows that a metric of a group can answer: one per period when the group sends none.

        A node field stands in a group of insights where one request brings both.
        """
        periods = {group.period, "node"}
        found = self._by_name.get((group.platform, group.object, metric), [])
        return tuple(row for row in found if not group.period or row.period in periods)

    def asked(self, group: CallGroup, on: date, media_product: str | None = None, *, by_facebook_login: bool = True) -> tuple[str, ...]:
        """Metrics of a group to ask for on a day: collected, alive, fit for the media product and the login, in the order of the seed."""

        def is_asked(row: Metric) -> bool:
            has_login = by_facebook_login or not row.is_of_facebook_login
            return row.status in COLLECTED and row.is_alive(on) and row.fits(media_product) and has_login

        return tuple(metric for metric in group.metrics if any(is_asked(row) for row in self.rows_of(group, metric)))


def load_catalogue(folder: Path = SEEDS) -> Catalogue:
    """Read the seeds. Raises CatalogueError when a group names a metric the catalogue lacks."""
    catalogue_file, groups_file = folder / "graph_catalogue.csv", folder / "graph_call_groups.csv"
    catalogue = Catalogue(
        rows=tuple(_metric(row) for row in _rows(catalogue_file)),
        groups=tuple(_group(row) for row in _rows(groups_file)),
        api_versions=tuple(
            ApiVersion(row["api_version"], date.fromisoformat(row["released_on"]), _date(row["ends_on"]))
            for row in _rows(folder / "graph_versions.csv")
        ),
        version=hashlib.sha256(catalogue_file.read_bytes() + groups_file.read_bytes()).hexdigest()[:12],
    )
    for group in catalogue.groups:
        for metric in group.metrics:
            if not catalogue.rows_of(group, metric):
                raise CatalogueError(f"call group {group.name} asks for {metric}, which graph_catalogue.csv does not know")
    return catalogue


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _metric(row: dict[str, str]) -> Metric:
    return Metric(
        platform=row["platform"],
        object=row["object"],
        metric=row["metric"],
        period=row["period"],
        value_shape=row["value_shape"],
        additive=row["additive"] == "yes",
        algorithm_class=row["algorithm_class"] or None,
        introduced=_date(row["introduced"]),
        deprecated_on=_date(row["deprecated_on"]),
        replaced_by=row["replaced_by"] or None,
        status=row["status_2026_11"],
        semantics=row["semantics"],
        metric_types=_set(row["metric_type"]),
        breakdowns=_set(row["breakdowns"]),
        media_products=_set(row["media_products"]),
        unit=row["unit"],
        includes_paid=row["includes_paid"],
        is_of_facebook_login="Facebook Login only" in row["notes"],
    )


def _group(row: dict[str, str]) -> CallGroup:
    return CallGroup(
        name=row["group_name"],
        platform=row["platform"],
        object=row["object"],
        edge=row["edge"],
        metrics=tuple(row["metrics"].split("|")),
        period=row["period"],
        metric_type=row["metric_type"] or None,
        breakdown=row["breakdown"] or None,
        media_products=_set(row["media_products"]),
        cadence=row["cadence"],
        restate_days=int(row["restate_days"]),
        max_window_days=int(row["max_window_days"]) if row["max_window_days"] else None,
        day_shift=int(row["day_shift"]) if row["day_shift"] else None,
        permission=row["permission"],
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split("|")) if text else frozenset()
