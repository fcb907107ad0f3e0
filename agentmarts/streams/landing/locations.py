"""Landing files: where they are, in a folder or at any address fsspec can list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import fsspec  # type: ignore[import-untyped]

from agentmarts.streams.landing.reading import NAME_RULE, has_format, package_of

_DEPTH = 3
_UNFINISHED = (".tmp", ".part", ".crdownload")


@dataclass(frozen=True)
class LandingFile:
    """A file under the landing: `<tenant slug>/<stream>/…`."""

    url: str
    tenant: str
    stream: str
    size: int
    fingerprint: str
    """Changes whenever the file does."""
    name: str
    """Path below the landing."""


def landing_files(landing_url: str) -> list[LandingFile]:
    """Files of the layout `<landing>/<tenant slug>/<stream>/**` with an ending of FORMATS, by name; [] if there is no landing.

    Hidden files, those beginning with `_`, and those ending in .tmp or .part are somebody's unfinished work and left alone.
    """
    return landing_contents(landing_url)[0]


def landing_contents(landing_url: str) -> tuple[list[LandingFile], list[tuple[str, str]]]:
    """Landing files by name, and (path below the landing, why) of files that are none and nobody's unfinished work either."""
    files, strays = [], []
    for url, name, details in _found(landing_url):
        path = PurePosixPath(name)
        if _is_unfinished(path):
            continue
        if why := _why_stray(path):
            strays.append((name, why))
        else:
            files.append(_landing_file(url, name, details))
    return sorted(files, key=lambda file: file.name), sorted(strays)


def _found(landing_url: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(address, path below the landing, what its file system tells) of each file."""
    with package_of(landing_url):
        filesystem, root = fsspec.core.url_to_fs(landing_url)
    if not filesystem.exists(root):
        return
    prefix = root.rstrip("/") + "/"
    for path, details in filesystem.find(root, detail=True).items():
        yield filesystem.unstrip_protocol(path), path.removeprefix(prefix), details


def _is_unfinished(path: PurePosixPath) -> bool:
    return path.name.startswith((".", "_")) or path.name.endswith(_UNFINISHED)


def _why_stray(path: PurePosixPath) -> str | None:
    """Why a file is no landing file; None for one."""
    if len(path.parts) < _DEPTH:
        return "a landing file lies in <tenant>/<stream>/"
    if not has_format(path):
        return NAME_RULE
    return None


def _landing_file(url: str, name: str, details: Mapping[str, Any]) -> LandingFile:
    tenant, stream, *_ = PurePosixPath(name).parts
    size = int(details["size"])
    marks = (details.get(key) for key in ("ETag", "etag", "mtime", "LastModified", "created"))
    mark = next((str(mark) for mark in marks if mark is not None), "")
    return LandingFile(url, tenant, stream, size, f"{size} {mark}", name)
