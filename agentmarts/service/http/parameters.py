"""Parameters of an address: none unknown, none twice."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from agentmarts.service.http.problems import query_problem
from agentmarts.service.state import Service, service_of


class Parameters(BaseModel):
    """The parameters an endpoint takes; any other is refused."""

    model_config = ConfigDict(extra="forbid")


NoParameters = Annotated[Parameters, Query()]
"""Of an address that takes none."""


def service_for(request: Request) -> Service:
    """The service; raises Problem 400 for a parameter given twice, of which one value would silently be lost."""
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise query_problem(next(name for name in names if names.count(name) > 1), "given more than once")
    return service_of(request)
