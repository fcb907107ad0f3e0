"""What a long command is doing right now: a line every few seconds, on a terminal and in a log alike."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from agentmarts.commands.output import err

LINE_SECONDS = 5.0


class ProgressLines:
    """While the block runs, a line on stderr every five seconds names all that is under way, with the seconds since the beginning."""

    def __init__(self, seconds: float = LINE_SECONDS) -> None:
        self._seconds = seconds
        self._started = time.monotonic()
        self._doing: dict[str, str] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._print_lines, name="progress-lines", daemon=True)

    def __enter__(self) -> ProgressLines:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    def doing(self, task: str, text: str) -> None:
        """A task has come so far."""
        self._doing = {**self._doing, task: text}

    def finished(self, task: str) -> None:
        """A task is no longer under way."""
        self._doing = {name: text for name, text in self._doing.items() if name != task}

    def _print_lines(self) -> None:
        while not self._done.wait(self._seconds):
            if doing := self._doing:
                err.print(f"{time.monotonic() - self._started:4.0f} s  {'; '.join(doing.values())} …", markup=False)
