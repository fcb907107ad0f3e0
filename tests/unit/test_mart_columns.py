"""`make marts`: one new column of daily_metrics is written in one place, and the tree has nothing left to write."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentmarts.codegen.mart_columns import ColumnError, write_marts
from agentmarts.settings import PROJECT_ROOT
from agentmarts.warehouse.migrations import migration_files

MARTS = ("daily_metrics", "weekly_metrics", "monthly_metrics")
COUNT = """\
      - name: greeted_conversations
        description: "Conversations that began with a greeting."
        data_type: integer
        constraints: [{type: not_null}]
        config: {meta: {unit: "count", formula: "conversations whose first message greets"}}
"""
RATE = """\
      - name: greeting_rate
        description: "Share of the episodes that began with a greeting. NULL when none began."
        config: {meta: {rate: {numerator: "episodes that greet", denominator: "episodes_started"}, provisional: true}}
"""
PARTS = ("", "_numerator", "_denominator", "_low", "_high")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that it reads and writes, as they are committed."""
    for folder in ("dbt_project/models/marts", "sql_migrations"):
        shutil.copytree(PROJECT_ROOT / folder, tmp_path / folder)
    return tmp_path


def path_of(project: Path, mart: str) -> Path:
    return project / "dbt_project" / "models" / "marts" / "conversations" / f"{mart}.yml"


def add_column(project: Path, entry: str, before: str = "\nunit_tests:") -> None:
    path = path_of(project, "daily_metrics")
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, entry + before))


def model(project: Path, mart: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path_of(project, mart).read_text(), Loader=yaml.CSafeLoader)["models"][0]
    return found


def columns(project: Path, mart: str) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in model(project, mart)["columns"]}


def test_the_committed_files_are_current(project: Path) -> None:
    assert write_marts(project) == [], "run `make marts`"


def test_a_new_column_is_written_once(project: Path) -> None:
    add_column(project, COUNT)
    changed = write_marts(project)
    assert [path.name for path in changed[:-1]] == ["weekly_metrics.yml", "monthly_metrics.yml"]
    for mart in MARTS:
        assert list(columns(project, mart))[-1] == "greeted_conversations"
        assert columns(project, mart)["greeted_conversations"] == columns(project, "daily_metrics")["greeted_conversations"]
    draft = changed[-1]
    assert draft.name.startswith(f"{len(list((PROJECT_ROOT / 'sql_migrations').glob('[0-9]*'))) + 1:04d}_")
    for mart in MARTS:
        assert f"alter table marts.{mart}\n  add column greeted_conversations integer not null default 0;" in draft.read_text()
        assert f"alter table marts.{mart} alter column greeted_conversations drop default;" in draft.read_text()
    assert migration_files(project / "sql_migrations"), "the draft is a migration"
    assert write_marts(project) == [], "the draft is there: there is none to write"


def test_a_rate_becomes_its_five_columns(project: Path) -> None:
    add_column(project, RATE)
    draft = write_marts(project)[-1].read_text()
    for mart in MARTS:
        found = columns(project, mart)
        assert list(found)[-5:] == [f"greeting_rate{part}" for part in PARTS]
        assert model(project, mart)["data_tests"][0]["rows_are_valid"]["arguments"]["rates"][-1] == "greeting"
        assert found["greeting_rate_numerator"]["config"]["meta"] == {
            "unit": "count", "formula": "episodes that greet", "provisional": True,
        }  # fmt: skip
        assert found["greeting_rate_high"]["description"] == "Upper end of the 95 % interval of greeting_rate. NULL when none began."
        assert "add column greeting_rate_low double precision" in draft
    # But for its words the rate looks like any other.
    for part in PARTS:
        written, other = (columns(project, "daily_metrics")[f"{name}_rate{part}"] for name in ("greeting", "resolution"))
        assert (written["data_type"], written.get("constraints")) == (other["data_type"], other.get("constraints"))
        assert written["config"]["meta"]["unit"] == other["config"]["meta"]["unit"]
    assert draft.count("add column") == 15
    assert write_marts(project) == []


def test_a_column_of_any_mart_is_drafted(project: Path) -> None:
    path = project / "dbt_project" / "models" / "marts" / "learning" / "outcomes.yml"
    path.write_text(path.read_text().replace("\nunit_tests:", COUNT + "\nunit_tests:"))
    [draft] = write_marts(project)
    assert "alter table marts.outcomes\n  add column greeted_conversations" in draft.read_text()


def test_what_cannot_be_written_is_said(project: Path) -> None:
    add_column(project, COUNT, before="      - name: day_hours\n")
    with pytest.raises(ColumnError, match="daily_metrics: greeted_conversations is new and stands before older columns"):
        write_marts(project)


def test_a_rate_says_when_it_is_unknown(project: Path) -> None:
    add_column(project, RATE.replace(" NULL when none began.", ""))
    with pytest.raises(ColumnError, match=r"greeting_rate: .* says when it is NULL"):
        write_marts(project)
