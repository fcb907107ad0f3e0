"""Calling the SQL functions of schema marts, and comparing what they give."""

from __future__ import annotations

import math
from typing import Any

import pytest
from psycopg.rows import dict_row

from agentmarts.warehouse.connection import Connection

Row = dict[str, Any]


def rows_of(connection: Connection, call: str, *arguments: object) -> list[Row]:
    """The rows of a function of `marts`, called as `name(%s, …)`."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f"select * from marts.{call}".encode(), arguments).fetchall()


def row_of(connection: Connection, call: str, *arguments: object) -> Row:
    """The one row of a function."""
    [row] = rows_of(connection, call, *arguments)
    return row


def near(value: float | None) -> Any:
    """Equal but for the last bits of a double."""
    return None if value is None else pytest.approx(value, rel=1e-12, abs=1e-15)


def share(k: float, n: float) -> Any:
    """k / n, or None when there is nothing to divide by."""
    return near(k / n) if n else None


def two_sided(z: float) -> Any:
    """The p-value of z, to what the warehouse's normal distribution promises."""
    return pytest.approx(math.erfc(abs(z) / math.sqrt(2)), abs=1e-6)
