"""`make marts`: a new column is described once, in daily_metrics.yml; what follows from that is written here.

A rate becomes its five columns, weekly_metrics.yml and monthly_metrics.yml get the columns of daily_metrics.yml, and a column that has no
migration yet gets a draft of one, for a person to read. Where nothing is new, nothing changes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from agentmarts.settings import PROJECT_ROOT
from agentmarts.warehouse.migrations import migration_files

DAILY = "daily_metrics"
OWN_COLUMNS = {
    "weekly_metrics": {"metric_date": "week_start", "day_hours": "complete_days"},
    "monthly_metrics": {"metric_date": "month_start", "day_hours": "complete_days"},
}
"""By mart: which of its own columns stand where daily_metrics has another."""

_COLUMNS = re.compile(r"(?<=\n    columns:\n).*?(?=\n\n|\n\S|\n    \S|\Z)", re.S)
_RATES = re.compile(r"(?<=\n            rates: )\[.*?\]")
_INDENT = "      "


class ColumnError(ValueError):
    """A description of a column that nothing can be written from; the message names the remedy."""


def write_marts(root: Path = PROJECT_ROOT) -> list[Path]:
    """Bring the files of the project at `root` up to its daily_metrics.yml; returns those that changed. Raises ColumnError."""
    models = root / "dbt_project" / "models" / "marts"
    folder = models / "conversations"
    daily = with_rates_expanded((folder / f"{DAILY}.yml").read_text())
    wanted = {folder / f"{DAILY}.yml": daily}
    for mart, own in OWN_COLUMNS.items():
        path = folder / f"{mart}.yml"
        wanted[path] = with_columns_of(daily, path.read_text(), own)
    changed = [path for path, text in wanted.items() if path.read_text() != text]
    for path in changed:
        path.write_text(wanted[path])
    migrations = root / "sql_migrations"
    missing = {
        mart: columns
        for mart, described in _described_columns(models)
        if (columns := _missing(mart, described, _migrated_columns(migrations, mart)))
    }
    if missing:
        number = int(max(migration.version for migration in migration_files(migrations) if not migration.is_repeatable)) + 1
        draft = migrations / f"{number:04d}_draft_of_new_columns.sql"
        draft.write_text(draft_migration(missing))
        changed.append(draft)
    return changed


def with_rates_expanded(text: str) -> str:
    """The file of a mart in which every entry with `meta: {rate: {numerator, denominator}}` has become the five columns of that rate."""
    new_rates: list[str] = []

    def expanded(entry: str) -> str:
        column = yaml.safe_load(entry)[0]
        meta = column.get("config", {}).get("meta", {})
        if "rate" not in meta:
            return entry
        name, description = column["name"], " ".join(column["description"].split())
        why_null = re.search(r"NULL.*", description)
        if not name.endswith("_rate") or why_null is None:
            raise ColumnError(f"{name}: the name of a rate ends in _rate, and its description says when it is NULL")
        new_rates.append(name.removesuffix("_rate"))
        provisional = ", provisional: true" if meta.get("provisional") else ""
        return "".join(_rate_columns(name, description, why_null[0], meta["rate"], provisional))

    text = _COLUMNS.sub(lambda match: "".join(map(expanded, _entries(match[0]))).rstrip("\n"), text)
    return _RATES.sub(lambda match: "[" + ", ".join([match[0][1:-1], *new_rates]) + "]", text)


def _rate_columns(name: str, description: str, why_null: str, rate: Mapping[str, str], provisional: str) -> Iterator[str]:
    def entry(column: str, text: str, unit: str, formula: str) -> str:
        is_count = unit == "count"
        required = f"{_INDENT}  constraints: [{{type: not_null}}]\n" if is_count else ""
        return (
            f"{_INDENT}- name: {column}\n"
            f"{_INDENT}  description: {_quoted(text)}\n"
            f"{_INDENT}  data_type: {'integer' if is_count else 'double precision'}\n{required}"
            f"{_INDENT}  config: {{meta: {{unit: {_quoted(unit)}, formula: {_quoted(formula)}{provisional}}}}}\n"
        )

    low_n = "below small_sample of dim_tenant read the rate with care"
    yield entry(name, description, "rate 0..1", f"{name}_numerator / {name}_denominator")
    yield entry(f"{name}_numerator", f"Numerator of {name}.", "count", rate["numerator"])
    yield entry(f"{name}_denominator", f"Denominator of {name}; {low_n}.", "count", rate["denominator"])
    for end, of_interval in (("low", "Lower"), ("high", "Upper")):
        text = f"{of_interval} end of the 95 % interval of {name}. {why_null}"
        yield entry(f"{name}_{end}", text, "rate 0..1", f"{of_interval.lower()} end of the Wilson 95 % interval")


def with_columns_of(daily: str, text: str, own: Mapping[str, str]) -> str:
    """The file of a mart with the columns and rates of `daily`, but for its own columns."""
    mine = {_name(entry): entry for entry in _entries(_columns(text))}
    entries = [mine[own[name]] if (name := _name(entry)) in own else entry for entry in _entries(_columns(daily))]
    rates = _RATES.search(daily)
    assert rates is not None
    return _RATES.sub(lambda _: rates[0], _COLUMNS.sub(lambda _: "".join(entries).rstrip("\n"), text))


def draft_migration(missing: Mapping[str, list[Mapping[str, Any]]]) -> str:
    """The migration that gives marts the columns described for them."""
    return (
        "-- Drafted by `make marts`: read it, say here what the columns are for, name the file so; then `make comments`, `make schema`.\n"
        "-- The first refresh after it computes all rows anew, since the project is another one; until then NULL or a default is there.\n"
        "set local role am_owner;\n"
        + "".join(f"\nalter table marts.{mart}\n" + ",\n".join(_added(columns)) + ";\n" for mart, columns in missing.items())
        + "".join(
            f"alter table marts.{mart} alter column {column['name']} drop default;\n"
            for mart, columns in missing.items()
            for column in columns
            if _is_required(column)
        )
    )


def _added(columns: list[Mapping[str, Any]]) -> Iterator[str]:
    defaults = {"boolean": "false", "text": "''", "jsonb": "'{}'"}
    for column in columns:
        data_type = column["data_type"]
        required = f" not null default {defaults.get(data_type, '0')}" if _is_required(column) else ""
        yield f"  add column {column['name']} {data_type}{required}"


def _missing(mart: str, described: list[Mapping[str, Any]], migrated: set[str]) -> list[Mapping[str, Any]]:
    is_new = [bool(migrated) and column["name"] not in migrated for column in described]
    new = [column for column, yes in zip(described, is_new, strict=True) if yes]
    if any(is_new) and not all(is_new[is_new.index(True) :]):
        # PostgreSQL adds columns at the end, and a mart's file has the order of its table.
        raise ColumnError(f"{mart}: {new[0]['name']} is new and stands before older columns: move it to the end")
    return new


def _described_columns(models: Path) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    for path in sorted(models.rglob("*.yml")):
        for model in yaml.load(path.read_text(), Loader=yaml.CSafeLoader).get("models", []):
            yield model["name"], model["columns"]


def _migrated_columns(folder: Path, mart: str) -> set[str]:
    """Columns that migrations give a mart, dropped ones too; empty for a mart whose table none creates."""
    found: set[str] = set()
    for migration in migration_files(folder):
        if migration.is_repeatable:
            continue
        for created in re.findall(rf"create table marts\.{mart} \((.*?)\n\);", migration.text, re.S):
            found |= set(re.findall(r"^  (\w+) ", created, re.M))
        for altered in re.findall(rf"alter table marts\.{mart}\s(.*?);", migration.text, re.S):
            found |= set(re.findall(r"add column (\w+)", altered))
    return found


def _columns(text: str) -> str:
    found = _COLUMNS.search(text)
    if found is None:
        raise ColumnError("a file without `columns:`")
    return found[0]


def _entries(columns: str) -> list[str]:
    """The text of each entry, each with its line break."""
    return re.findall(rf"{_INDENT}- name: .*?(?={_INDENT}- name: |\Z)", columns.rstrip("\n") + "\n", re.S)


def _name(entry: str) -> str:
    return entry.split("\n", 1)[0].removeprefix(f"{_INDENT}- name: ").strip()


def _is_required(column: Mapping[str, Any]) -> bool:
    return any(constraint["type"] == "not_null" for constraint in column.get("constraints", []))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    try:
        for written in write_marts():
            sys.stdout.write(f"wrote {written.relative_to(PROJECT_ROOT)}\n")
    except ColumnError as error:
        sys.exit(str(error))
