"""The pages of a node edge, by cursor: the addresses that Meta gives for pages carry the token and are never followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec
from pydantic import SecretStr

from agentmarts.meta_graph.api.client import GraphClient
from agentmarts.meta_graph.api.requests import Params
from agentmarts.meta_graph.api.response import Exchange, GraphResponse

MAX_PAGES = 2_000
"""Twice as many as the longest list has (10,000 media) at the smallest limit."""
MAX_PAGES_WITHOUT_NEWS = 50
MAX_VISITS = 3
"""How often a cursor may come back: Meta serves pages twice or in another order at times."""
SMALLEST_LIMIT = 10


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    exchange: Exchange
    """Of one or more calls: a page that was too heavy was asked for again."""
    objects: tuple[dict[str, Any], ...]
    """Objects by their `id` that no earlier page had; raw, so not to be stored as they are."""
    end: Literal["", "complete", "failed", "stuck", "refused"] = ""
    """Empty: another follows. `complete`: the list is whole. `failed`: see the fault. `stuck`: Meta's cursor leads nowhere.
    `refused`: nothing more may be sent now."""

    @property
    def response(self) -> GraphResponse:
        """The answer that holds the page, or the fault."""
        return self.exchange.attempts[-1]


def pages(client: GraphClient, path: str, params: Params, token: SecretStr, version: str) -> Iterator[Page]:
    """All pages of an edge of a node; the last has an `end`. Whoever stops at a short or an empty page loses objects.

    A page that is too heavy is asked for again with half of `limit`, down to 10. Raises OutgoingError.
    """
    seen: set[str] = set()
    visits: Counter[str] = Counter()
    asked, count, idle = dict(params), 0, 0
    heavy: tuple[GraphResponse, ...] = ()
    while True:
        exchange = client.get(path, asked, token, version)
        exchange = replace(exchange, attempts=(*heavy, *exchange.attempts))
        if exchange.refused is not None:
            yield Page(exchange, (), "refused")
            return
        response, heavy = exchange.answer, ()
        if response.fault is not None:
            limit = asked.get("limit")
            if response.fault.kind == "too_heavy" and isinstance(limit, int) and limit > SMALLEST_LIMIT:
                asked["limit"] = max(limit // 2, SMALLEST_LIMIT)
                heavy = exchange.attempts
                continue
            yield Page(exchange, (), "failed")
            return
        listing = _listing(response.body)
        objects = tuple(_news(listing, seen))
        count, idle = count + 1, 0 if objects else idle + 1
        if listing.paging is None or not listing.paging.next:
            yield Page(exchange, objects, "complete")
            return
        cursor = _cursor(listing.paging)
        if cursor is None or visits[cursor] >= MAX_VISITS or idle >= MAX_PAGES_WITHOUT_NEWS or count >= MAX_PAGES:
            yield Page(exchange, objects, "stuck")
            return
        yield Page(exchange, objects)
        visits[cursor] += 1
        asked["after"] = cursor


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    next: str | None = None
    cursors: _Cursors | None = None


class _Listing(msgspec.Struct):
    data: list[Any] = []
    paging: _Paging | None = None


def _listing(body: Any) -> _Listing:
    """The envelope of a page. One that cannot be read leads nowhere: to take it for the last would lose what follows."""
    try:
        return msgspec.convert(body, _Listing)
    except msgspec.ValidationError:
        return _Listing(paging=_Paging(next="unreadable"))


def _news(listing: _Listing, seen: set[str]) -> Iterator[dict[str, Any]]:
    for item in listing.data:
        if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"] not in seen:
            seen.add(item["id"])
            yield item


def _cursor(paging: _Paging) -> str | None:
    """The cursor that leads to the next page: where only the link has it, it is taken out of the link."""
    if paging.cursors is not None and paging.cursors.after:
        return paging.cursors.after
    return next(iter(parse_qs(urlsplit(paging.next or "").query).get("after", [])), None)
