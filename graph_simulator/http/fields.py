"""The `fields` parameter: `id,shares,insights.metric(a,b).period(day){name,values},comments.limit(0).summary(true)`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graph_simulator.http.errors import GraphError

_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Field:
    """One asked field, its modifiers and the fields asked of what it holds."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    children: tuple[Field, ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """Fields in the order asked. GraphError 2500 if the text is not well-formed."""
    found, position = _list(text, 0)
    if position != len(text):
        raise _broken(text, position)
    return found


def _list(text: str, position: int) -> tuple[tuple[Field, ...], int]:
    fields: list[Field] = []
    while True:
        one, position = _one(text, _blank(text, position))
        fields.append(one)
        position = _blank(text, position)
        if text[position : position + 1] != ",":
            return tuple(fields), position
        position += 1


def _one(text: str, position: int) -> tuple[Field, int]:
    name, position = _name(text, position)
    modifiers: dict[str, str] = {}
    while text[position : position + 1] == ".":
        modifier, position = _name(text, position + 1)
        end = text.find(")", position)
        if text[position : position + 1] != "(" or end < 0:
            raise _broken(text, position)
        modifiers[modifier] = text[position + 1 : end]
        position = end + 1
    children: tuple[Field, ...] = ()
    if text[position : position + 1] == "{":
        children, position = _list(text, position + 1)
        if text[position : position + 1] != "}":
            raise _broken(text, position)
        position += 1
    return Field(name, modifiers, children), position


def _name(text: str, position: int) -> tuple[str, int]:
    found = _NAME.match(text, position)
    if not found:
        raise _broken(text, position)
    return found.group(), found.end()


def _blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _broken(text: str, position: int) -> GraphError:
    return GraphError(2500, f'Syntax error "Expected name." at character {position}: {text[:position]}')
