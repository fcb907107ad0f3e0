"""Landing files, each loaded once: what the raw assets and `agentmarts ingest --landing` do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agentmarts.settings import Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.landing.locations import LandingFile, landing_files
from agentmarts.streams.store.loader import LoadReport, open_writer
from agentmarts.tenancy.tenants import TenantError, list_tenants
from agentmarts.warehouse.connection import Role, connect


@dataclass(frozen=True)
class LandedFile:
    """A landing file and what became of its rows."""

    file: LandingFile
    report: LoadReport


def waiting_files(settings: Settings, stream: str | None = None) -> list[LandingFile]:
    """Landing files (of one stream or of all) that were not loaded yet in their present form, in order of name."""
    files = [file for file in landing_files(settings.landing_url) if stream in (None, file.stream)]
    with connect(settings, Role.INGEST) as connection:
        loaded = set(connection.execute("select stream, url, fingerprint from ops.landed_files").fetchall())
    return [file for file in files if (file.stream, file.url, file.fingerprint) not in loaded]


def land(
    settings: Settings, stream: str | None = None, on_file: Callable[[LandedFile, int, int], None] = lambda landed, done, total: None
) -> list[LandedFile]:
    """Load every waiting file; `on_file(landed, number, total)` is called after each. A file cut short by a crash is loaded again.

    Raises TenantError for a folder that names no tenant, LandingError for a file that cannot be read: the files before it are in.
    """
    files = waiting_files(settings, stream)
    tenants = {tenant.slug: tenant.tenant_id for tenant in list_tenants(settings)}
    landed = []
    with open_writer(settings) as writer:
        for number, file in enumerate(files, start=1):
            if file.tenant not in tenants:
                raise TenantError(f"{file.name}: there is no tenant {file.tenant!r}: `agentmarts tenant create {file.tenant}`")
            received_at = now()
            report = load_file(
                settings, file.url, tenant=file.tenant, stream=file.stream, source=file.name, received_at=received_at, writer=writer
            )
            writer.connection.execute(
                "insert into ops.landed_files values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
                (
                    file.stream, file.url, file.fingerprint, file.size, tenants[file.tenant],
                    report.accepted, report.duplicates, report.quarantined, received_at,
                ),
            )  # fmt: skip
            landed.append(LandedFile(file, report))
            on_file(landed[-1], number, len(files))
    return landed
