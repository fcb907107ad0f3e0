"""The curl commands of a page of docs, as a shell would run them, sent to the service under test."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from agentmarts.settings import PROJECT_ROOT

BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Command:
    """One curl command: of its options those that the pages use."""

    words: list[str]

    def _values(self, *options: str) -> list[str]:
        return [value for option, value in itertools.pairwise(self.words) if option in options]

    @property
    def method(self) -> str:
        return next(iter(self._values("-X")), "GET")

    @property
    def path(self) -> str:
        """With the query, as the address of the command has it."""
        assert self.words[-1].startswith(BASE), self.words
        return self.words[-1].removeprefix(BASE)

    def send(self, client: httpx.Client, variables: Mapping[str, str]) -> httpx.Response:
        """Run it. Variables of the shell stand in the address and in headers."""

        def filled(text: str) -> str:
            for name, value in variables.items():
                text = text.replace(f"${name}", value)
            return text

        headers = dict(filled(text).split(": ", 1) for text in self._values("-H"))
        data = self._values("-d", "--data-urlencode")
        if "-G" in self.words:
            parameters = dict(text.split("=", 1) for text in data)
            return client.request(self.method, filled(self.path), headers=headers, params=parameters)
        return client.request(self.method, filled(self.path), headers=headers, content=data[0] if data else None)


def commands(page: str) -> list[Command]:
    """Those of docs/<page>."""
    text = (Path(PROJECT_ROOT) / "docs" / page).read_text().replace("\\\n", "")
    return [Command(shlex.split(line.removeprefix("$ "))) for line in text.splitlines() if line.startswith("$ curl ")]
