"""Migrations: applied once, repeatable, noticed when edited, and a catalogue that keeps the rules of access."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import connect
from agentmarts.warehouse.migrations import (
    MIGRATIONS_FOLDER,
    MigrationError,
    catalogue_lint,
    is_at_head,
    migrate_up,
    migration_files,
    migration_status,
    verify,
)


def copy_of_migrations(folder: Path) -> Path:
    shutil.copytree(MIGRATIONS_FOLDER, folder)
    return folder


def test_a_second_run_applies_nothing(settings: Settings) -> None:
    assert migrate_up(settings) == []
    with connect(settings) as connection:
        assert is_at_head(connection)


def test_the_catalogue_keeps_the_rules_of_access(settings: Settings) -> None:
    with connect(settings) as connection:
        assert catalogue_lint(connection) == []


def test_the_lint_notices_a_table_without_row_level_security(settings: Settings) -> None:
    with connect(settings) as connection:
        connection.execute("alter table marts.daily_metrics no force row level security")
        assert catalogue_lint(connection) == [("marts.daily_metrics", "not forced")]


def test_an_edited_file_is_refused_by_name(settings: Settings, tmp_path: Path) -> None:
    folder = copy_of_migrations(tmp_path / "sql")
    (folder / "0002_ops.sql").write_text("-- edited\n")
    with connect(settings) as connection, pytest.raises(MigrationError, match=r"0002_ops\.sql was edited"):
        migration_status(connection, folder)


def test_a_changed_repeatable_file_is_applied_again(settings: Settings, tmp_path: Path) -> None:
    folder = copy_of_migrations(tmp_path / "sql")
    with (folder / "R__grants.sql").open("a") as file:
        file.write("-- changed\n")
    assert migrate_up(settings, folder=folder)[0].version == "R__grants"
    assert migrate_up(settings, folder=folder) == []


def test_a_gap_in_the_numbers_is_refused(tmp_path: Path) -> None:
    folder = copy_of_migrations(tmp_path / "sql")
    (folder / "0003_raw_tenants.sql").unlink()
    with pytest.raises(MigrationError, match="follows a gap: the next number is 0003"):
        migration_files(folder)


def test_a_database_that_is_newer_than_the_code_is_refused(settings: Settings, tmp_path: Path) -> None:
    folder = copy_of_migrations(tmp_path / "sql")
    newest = max(path for path in folder.glob("0*.sql"))
    newest.unlink()
    with connect(settings) as connection, pytest.raises(MigrationError, match="install the newer version"):
        migration_status(connection, folder)


def test_a_failing_file_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    folder = copy_of_migrations(tmp_path / "sql")
    number = max(int(path.name[:4]) for path in folder.glob("0*.sql")) + 1
    (folder / f"{number:04d}_broken.sql").write_text("create table ops.half (n int); select 1/0;")
    with pytest.raises(Exception, match="division by zero"):
        migrate_up(settings, folder=folder)
    with connect(settings) as connection:
        row = connection.execute("select to_regclass('ops.half')").fetchone()
        assert row == (None,)


def test_the_catalogue_is_the_locked_one(settings: Settings) -> None:
    with connect(settings) as connection:
        assert verify(connection) == "", "the migrations changed the catalogue: run `make schema` and commit schema.lock.sql"


def test_verify_shows_a_manual_change_as_a_difference(settings: Settings) -> None:
    with connect(settings) as connection:
        connection.execute("alter table marts.daily_metrics add column sneaked_in int")
        difference = verify(connection)
    assert "+column marts.daily_metrics.sneaked_in integer" in difference
