"""Commands of which the list knows a line of help and the place; what they import is imported when one of them is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_group


class LazyCommand(TyperCommand):
    """Stands for a command, or a group of them, in the list of its parent.

    `target` is its place, `module:attribute`: a function or a Typer. `line` is the first paragraph of its help, which the list shows.
    """

    def __init__(self, name: str, target: str, line: str) -> None:
        super().__init__(name, help=line)
        self.target = target

    def load(self) -> Any:
        """The command itself, as typer would have made it of `app.command` or `app.add_typer`."""
        module, attribute = self.target.split(":")
        target = getattr(import_module(module), attribute)
        parent = typer.Typer()
        if isinstance(target, typer.Typer):
            parent.add_typer(target, name=self.name)
        else:
            parent.command(self.name)(target)
        return get_group(parent).commands[str(self.name)]

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Calling, asking for its help and completing begin here; the context belongs to the command itself, which goes on with it."""
        return self.load().make_context(*args, **extra)
