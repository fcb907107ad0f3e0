"""Parameters of an address: none unknown, none twice."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """The parameters an endpoint takes; any other is refused."""

    model_config = ConfigDict(extra="forbid")


NoParameters = Annotated[Parameters, Query()]
"""Of an address that takes none."""
