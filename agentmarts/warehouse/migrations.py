"""Forward-only SQL migrations: `sql_migrations/NNNN_name.sql` once each, `R__name.sql` again whenever they change.

One session advisory lock (it dies with the process), one transaction per file with its bookkeeping row, checksums that notice an
edited file, and a catalogue dump that notices drift.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from agentmarts import __version__
from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.connection import LOGIN_ROLES, Connection, Role, connect
from agentmarts.warehouse.locks import Lock

MIGRATIONS_FOLDER = PROJECT_ROOT / "sql_migrations"
LOCK_FILE = MIGRATIONS_FOLDER / "schema.lock.sql"
LOCK_TIMEOUT_ATTEMPTS = 6
SUPPORTED_VERSIONS = range(15, 19)


class MigrationError(RuntimeError):
    """A migration cannot be applied; the message names the file and the remedy."""


@dataclass(frozen=True)
class Migration:
    """One file of `sql_migrations`."""

    version: str
    """`0001` for a numbered file, `R__grants` for a repeatable one."""
    name: str
    path: Path

    @property
    def is_repeatable(self) -> bool:
        return self.version.startswith("R__")

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        return not self.text.startswith("-- no-transaction")


@dataclass(frozen=True)
class MigrationStatus:
    """A file and whether the database has it: `applied`, `pending` or `changed` (a repeatable file to apply again)."""

    migration: Migration
    state: str


def migration_files(folder: Path = MIGRATIONS_FOLDER) -> list[Migration]:
    """Numbered files in order, then repeatable ones by name. Raises MigrationError on a gap or a name that is neither."""
    numbered: list[Migration] = []
    repeatable: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        if path.name == LOCK_FILE.name:
            continue
        if match := re.fullmatch(r"(\d{4})_(\w+)\.sql", path.name):
            numbered.append(Migration(match[1], match[2], path))
        elif match := re.fullmatch(r"(R__(\w+))\.sql", path.name):
            repeatable.append(Migration(match[1], match[2], path))
        else:
            raise MigrationError(f"{path.name} is neither NNNN_name.sql nor R__name.sql: rename it")
    for expected, migration in enumerate(numbered, start=1):
        if int(migration.version) != expected:
            raise MigrationError(f"{migration.path.name} follows a gap: the next number is {expected:04d}")
    return numbered + repeatable


def migration_status(connection: Connection, folder: Path = MIGRATIONS_FOLDER) -> list[MigrationStatus]:
    """Compare the files with `ops.migrations`.

    Raises MigrationError when an applied file was edited, when the database has a version that the folder lacks, or when a file
    stands before the newest applied one without having been applied.
    """
    applied = _applied(connection)
    files = migration_files(folder)
    known = {migration.version for migration in files}
    unknown = sorted(version for version in applied if version not in known and not version.startswith("R__"))
    if unknown:
        raise MigrationError(
            f"the database is at migration {unknown[-1]}, which this version of agentmarts does not know: install the newer version"
        )
    newest = max((version for version in applied if not version.startswith("R__")), default="0000")
    result = []
    for migration in files:
        stored = applied.get(migration.version)
        if stored is None:
            if not migration.is_repeatable and migration.version < newest:
                raise MigrationError(f"{migration.path.name} is out of order: {newest} is applied already; give it the next number")
            result.append(MigrationStatus(migration, "pending"))
        elif stored == migration.sha256:
            result.append(MigrationStatus(migration, "applied"))
        elif migration.is_repeatable:
            result.append(MigrationStatus(migration, "changed"))
        else:
            raise MigrationError(
                f"{migration.path.name} was edited after it had been applied: restore the file and put the change into a new one"
            )
    return result


def is_at_head(connection: Connection, folder: Path = MIGRATIONS_FOLDER) -> bool:
    """Whether every file is applied in its present form."""
    return all(status.state == "applied" for status in migration_status(connection, folder))


def migrate_up(settings: Settings, report: Callable[[str], None] = lambda line: None, folder: Path = MIGRATIONS_FOLDER) -> list[Migration]:
    """Apply what is pending and set the passwords of the login roles; returns the files applied. Safe to repeat and to interrupt.

    Raises MigrationError (see `migration_status`), psycopg.Error when a file fails: its transaction is rolled back whole.
    """
    done: list[Migration] = []
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        check_server_version(connection)
        connection.execute("select pg_advisory_lock(%s)", (Lock.MIGRATE,))
        for status in migration_status(connection, folder):
            # Repeatable files see every table, so a new numbered file makes them due again.
            if status.state == "applied" and not (done and status.migration.is_repeatable):
                continue
            milliseconds = _apply_with_retry(connection, status.migration)
            report(f"{status.migration.path.name} ({milliseconds} ms)")
            done.append(status.migration)
        _set_role_passwords(connection, settings)
        _remember_cluster(connection)
    return done


def check_server_version(connection: Connection) -> None:
    """Raises MigrationError on a PostgreSQL that agentmarts does not support."""
    major = connection.info.server_version // 10000
    if major not in SUPPORTED_VERSIONS:
        raise MigrationError(f"PostgreSQL {major} is not supported: use {SUPPORTED_VERSIONS[0]} to {SUPPORTED_VERSIONS[-1]}")


def verify(connection: Connection, lock_file: Path = LOCK_FILE) -> str:
    """Compare the catalogue with `schema.lock.sql`; returns a unified diff, empty when they agree."""
    expected = lock_file.read_text().splitlines(keepends=True)
    found = [line + "\n" for line in catalogue_dump(connection)]
    return "".join(difflib.unified_diff(expected, found, "expected", "database"))


def catalogue_dump(connection: Connection) -> Iterator[str]:
    """The catalogue of raw, build (what migrations own), marts and ops as sorted lines: tables, columns, constraints, indexes,
    policies, grants, functions and comments. Day partitions are data, so they are left out."""
    query = (Path(__file__).parent / "catalogue_dump.sql").read_text()
    for (line,) in connection.execute(query):
        yield line


def catalogue_lint(connection: Connection) -> list[tuple[str, str]]:
    """(object, problem) for whatever breaks the rules of access (row level security, policies, views, keys); empty when clean."""
    query = (Path(__file__).parent / "catalogue_lint.sql").read_text()
    return [(str(name), str(problem)) for name, problem in connection.execute(query)]


def _applied(connection: Connection) -> dict[str, str]:
    exists = connection.execute("select to_regclass('ops.migrations') is not null").fetchone()
    if not exists or not exists[0]:
        return {}
    return {str(version): str(sha) for version, sha in connection.execute("select version, sha256 from ops.migrations")}


def _apply_with_retry(connection: Connection, migration: Migration) -> int:
    for attempt in range(LOCK_TIMEOUT_ATTEMPTS):
        try:
            return _apply(connection, migration)
        except psycopg.errors.LockNotAvailable:
            # A reader holds the table. Waiting in the lock queue would stop all other readers, so step back and try again.
            if attempt == LOCK_TIMEOUT_ATTEMPTS - 1:
                raise
            time.sleep(2.0**attempt / 4)
    raise AssertionError("unreachable: the last attempt raises")


def _apply(connection: Connection, migration: Migration) -> int:
    started = time.monotonic()
    if not migration.in_transaction:
        connection.execute(migration.text.encode())
    with connection.transaction():
        connection.execute("set local lock_timeout = '5s'")
        if migration.in_transaction:
            connection.execute(migration.text.encode())
        milliseconds = round((time.monotonic() - started) * 1000)
        connection.execute(
            "insert into ops.migrations (version, name, sha256, ms, app_version) values (%s, %s, %s, %s, %s) "
            "on conflict (version) do update set sha256 = excluded.sha256, applied_at = now(), ms = excluded.ms, "
            "app_version = excluded.app_version",
            (migration.version, migration.name, migration.sha256, milliseconds, __version__),
        )
    return milliseconds


def _set_role_passwords(connection: Connection, settings: Settings) -> None:
    for role in LOGIN_ROLES:
        password = sql.Literal(settings.derived_secret(f"role:{role}"))
        connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), password))


def _remember_cluster(connection: Connection) -> None:
    connection.execute(
        "insert into ops.cluster (system_identifier) select system_identifier from pg_control_system() on conflict do nothing"
    )
