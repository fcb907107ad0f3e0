"""What the endpoints share: one object per process, made at start, reached through `request.app.state.service`."""

from __future__ import annotations

from fastapi import Request

from agentmarts.service.events.writer import EventWriter
from agentmarts.service.http.answers import Answers, BodyCache
from agentmarts.service.http.cursor import CursorCodec
from agentmarts.service.http.problems import query_problem
from agentmarts.service.http.rate_limit import RateLimit
from agentmarts.service.warehouse.auth import KeyRing
from agentmarts.service.warehouse.catalogue import CatalogueReader
from agentmarts.service.warehouse.database import TenantDatabase
from agentmarts.service.warehouse.freshness import FreshnessReader
from agentmarts.settings import Limits, Settings


class Service:
    """Everything with state. Making one does no I/O; `start` and `stop` do."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self.settings = settings
        self.limits = limits
        self.database = TenantDatabase(settings, limits)
        self.keys = KeyRing(self.database, limits)
        self.rate_limit = RateLimit(limits.requests_per_second, limits.burst)
        self.catalogue = CatalogueReader(self.database)
        self.freshness = FreshnessReader(self.database)
        self.events = EventWriter(settings)
        self.answers = Answers(self.database, self.freshness, BodyCache(limits.cached_body_bytes))
        self.exports_free = limits.exports_in_flight
        self._cursors: CursorCodec | None = None

    @property
    def cursors(self) -> CursorCodec:
        """Made when first needed: its secret may have to be read from a file."""
        if self._cursors is None:
            self._cursors = CursorCodec(self.settings.derived_secret("cursor"))
        return self._cursors


def service_of(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service


def service_for(request: Request) -> Service:
    """The service; raises Problem 400 for a parameter given twice, of which one value would silently be lost."""
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise query_problem(next(name for name in names if names.count(name) > 1), "given more than once")
    return service_of(request)
