"""Landing files, each loaded once: what the raw assets do. One that cannot be loaded is named and stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentmarts.settings import Settings, now
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.landing.locations import LandingFile, landing_contents
from agentmarts.streams.landing.read_options import LandingError
from agentmarts.streams.store.loader import LoadReport, open_writer
from agentmarts.tenancy.tenants import list_tenants
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.redaction import redact

TRIED_AGAIN_AFTER = timedelta(hours=1)
"""A file that could not be read is tried again when it changes; and then, since the fault may have been the network's."""

_NOTE_PROBLEM = """
insert into ops.landing_problems values (%s, %s, %s, %s)
on conflict (url) do update set (fingerprint, problem, tried_at) = (excluded.fingerprint, excluded.problem, excluded.tried_at)
"""


@dataclass(frozen=True)
class LandedFile:
    """A landing file and what became of its rows. `problem`: why it could not be read to its end."""

    file: LandingFile
    report: LoadReport
    problem: str | None = None


@dataclass(frozen=True)
class LandingProblem:
    """Something in the landing that is not loaded, by its path below the landing, and why."""

    name: str
    problem: str


@dataclass(frozen=True)
class _Landing:
    """What lies in the landing: what waits to be loaded, and what nobody loads."""

    waiting: list[LandingFile]
    problems: list[LandingProblem]


def _look(settings: Settings, at: datetime) -> _Landing:
    tenants = {tenant.slug for tenant in list_tenants(settings)}
    with connect(settings, Role.INGEST) as connection:
        loaded = set(connection.execute("select stream, url, fingerprint from ops.landed_files").fetchall())
        noted = {
            (url, fingerprint): (problem, tried_at)
            for url, fingerprint, problem, tried_at in connection.execute(
                "select url, fingerprint, problem, tried_at from ops.landing_problems"
            )
        }
    files, strays = landing_contents(settings.landing_url)
    waiting, problems = [], [LandingProblem(name, why) for name, why in strays]
    for file in files:
        if (file.stream, file.url, file.fingerprint) in loaded:
            continue
        if why := _misplaced(file, tenants):
            problems.append(LandingProblem(file.name, why))
            continue
        problem, tried_at = noted.get((file.url, file.fingerprint), (None, None))
        if problem is not None:
            problems.append(LandingProblem(file.name, problem))
        if tried_at is None or at - tried_at >= TRIED_AGAIN_AFTER:
            waiting.append(file)
    return _Landing(waiting, problems)


def _misplaced(file: LandingFile, tenants: set[str]) -> str | None:
    if file.tenant not in tenants:
        return f"there is no tenant {file.tenant!r}: rename the folder, or `agentmarts tenant create {file.tenant}`"
    if file.stream not in STREAMS:
        return f"there is no stream {file.stream!r}: name the folder {', '.join(STREAMS)}"
    return None


def waiting_files(settings: Settings, stream: str | None = None) -> list[LandingFile]:
    """Landing files (of one stream or of all) that were not loaded yet in their present form and can be, in order of name."""
    return [file for file in _look(settings, now()).waiting if stream in (None, file.stream)]


def landing_problems(settings: Settings) -> list[LandingProblem]:
    """All that lies in the landing and is not loaded: in a folder of no tenant or stream, of no known format, or not readable.

    A landing that cannot be looked at is a problem too: whoever asks has other things to tell.
    """
    try:
        return sorted(_look(settings, now()).problems, key=lambda one: one.name)
    except Exception as error:  # whatever the file system of the landing raises
        return [LandingProblem("the landing", f"cannot be looked at ({redact(str(error))}): see AGENTMARTS_LANDING")]


def land(
    settings: Settings, stream: str | None = None, on_file: Callable[[LandedFile, int, int], None] = lambda landed, done, total: None
) -> list[LandedFile]:
    """Load every waiting file; `on_file(landed, number, total)` is called after each. A file cut short by a crash is loaded again.

    One that cannot be read is noted with its problem and stops no other; what of it was committed before stays.
    """
    files = waiting_files(settings, stream)
    tenants = {tenant.slug: tenant.tenant_id for tenant in list_tenants(settings)}
    landed = []
    with open_writer(settings) as writer:
        for number, file in enumerate(files, start=1):
            received_at = now()
            read = LoadReport()

            def note(total: LoadReport) -> None:
                nonlocal read
                read = total

            try:
                report = load_file(
                    settings,
                    file.url,
                    tenant=file.tenant,
                    stream=file.stream,
                    source=file.name,
                    received_at=received_at,
                    progress=note,
                    writer=writer,
                )
            except LandingError as error:
                problem = str(error).removeprefix(f"{file.url} ")
                writer.connection.execute(_NOTE_PROBLEM, (file.url, file.fingerprint, problem, now()))
                landed.append(LandedFile(file, read, problem))
            else:
                writer.connection.execute(
                    "insert into ops.landed_files values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
                    (
                        file.stream, file.url, file.fingerprint, file.size, tenants[file.tenant],
                        report.accepted, report.duplicates, report.quarantined, received_at,
                    ),
                )  # fmt: skip
                writer.connection.execute("delete from ops.landing_problems where url = %s", (file.url,))
                landed.append(LandedFile(file, report))
            on_file(landed[-1], number, len(files))
    return landed
