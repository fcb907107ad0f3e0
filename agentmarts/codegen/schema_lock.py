"""`make schema`: write sql_migrations/schema.lock.sql from a freshly migrated database, so that drift has something to differ from."""

from __future__ import annotations

import tempfile
from pathlib import Path

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import connect
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import LOCK_FILE, catalogue_dump, migrate_up


def write_schema_lock() -> int:
    """Migrate an empty server in a temporary folder and write its catalogue; returns the number of lines."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), DATABASE_URL=None)
        server = EmbeddedServer(settings)
        server.start()
        try:
            migrate_up(settings)
            with connect(settings) as connection:
                lines = list(catalogue_dump(connection))
        finally:
            server.stop()
    LOCK_FILE.write_text("".join(f"{line}\n" for line in lines))
    return len(lines)


if __name__ == "__main__":
    write_schema_lock()
