"""Addresses of PostgreSQL databases, read and written as SQLAlchemy does; its own class costs a third of a second to import."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import parse_qsl, quote, quote_plus, unquote

_ADDRESS = r"""
    (?P<drivername>[\w\+]+)://
    (?: (?P<username>[^:/]*) (?: :(?P<password>[^@]*) )? @ )?
    (?: (?: \[(?P<ipv6host>[^/\?]+)\] | (?P<host>[^/:\?]+) )? (?: :(?P<port>[^/\?]*) )? )?
    (?: /(?P<database>[^\?]*) )?
    (?: \?(?P<query>.*) )?
    """


class PostgresUrlError(ValueError):
    """A text is no address; the message does not quote it, as it may hold a password."""


@dataclass(frozen=True)
class PostgresUrl:
    """The parts of an address, decoded; only `render_as_string(hide_password=False)` tells the password."""

    drivername: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    host: str | None = None
    port: int | None = None
    database: str | None = None
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `postgresql://user:password@host:port/database?name=value`. Raises PostgresUrlError when it is no address."""
        found = re.match(_ADDRESS, text, re.VERBOSE)
        if found is None:
            raise PostgresUrlError("the address of the database cannot be read: write postgresql://user:password@host:5432/database")
        port = found["port"]
        if port and not (port.isascii() and port.isdigit()):
            raise PostgresUrlError("the port in the address of the database is no number; an @ in a password is written %40")
        return cls(
            drivername=found["drivername"],
            username=None if found["username"] is None else unquote(found["username"]),
            password=None if found["password"] is None else unquote(found["password"]),
            host=found["host"] or found["ipv6host"],
            port=int(port) if port else None,
            database=found["database"],
            query=tuple(parse_qsl(found["query"] or "")),
        )

    def set(self, **parts: Any) -> Self:
        """The same address with other parts; None takes a part away."""
        return replace(self, **parts)

    def render_as_string(self, hide_password: bool = True) -> str:
        """The address as text, with *** for the password unless it is asked for."""
        text = f"{self.drivername}://"
        if self.username is not None:
            text += quote(self.username, safe=" +")
            if self.password is not None:
                text += ":" + ("***" if hide_password else quote(self.password, safe=" +"))
            text += "@"
        if self.host is not None:
            text += f"[{self.host}]" if ":" in self.host else self.host
        if self.port is not None:
            text += f":{self.port}"
        if self.database is not None:
            text += f"/{self.database}"
        if self.query:
            pairs = sorted(self.query, key=lambda pair: pair[0])
            text += "?" + "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
        return text
