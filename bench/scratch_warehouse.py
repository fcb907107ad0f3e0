"""A warehouse of its own for one measurement: an embedded server in a temporary folder, migrated, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up


@contextmanager
def scratch_warehouse(port: int) -> Iterator[tuple[Settings, Path]]:
    """Settings of an empty warehouse and a folder for its files. The server is stopped at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, postgres_port=port, DATABASE_URL=None)  # type: ignore[call-arg]
        server = EmbeddedServer(settings)
        server.start()
        try:
            migrate_up(settings)
            yield settings, home
        finally:
            server.stop()


def figures(settings: Settings, query: str) -> dict[str, float]:
    """The one row a query gives, by the names of its columns; NULL is not a number."""
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone()
        assert row is not None
        assert cursor.description is not None
        return {
            column.name: float("nan") if value is None else float(str(value)) for column, value in zip(cursor.description, row, strict=True)
        }
