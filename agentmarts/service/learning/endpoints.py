"""/v1/learning: what agents did, what came of it, and what is to be learned from that."""

from __future__ import annotations

from fastapi import APIRouter

from agentmarts.service.learning import actions as learning_writes
from agentmarts.service.learning import coaching
from agentmarts.service.learning import dashboards as role_dashboards
from agentmarts.service.learning import outcomes as learning_rows
from agentmarts.service.learning.calibration import map_router
from agentmarts.service.learning.calibration import router as curve_router

router = APIRouter(prefix="/v1/learning", tags=["learning"])
# The map before the curve, whose path would take `…/map` for a part of the type's name.
for part in (learning_writes.router, learning_rows.router, map_router, curve_router, role_dashboards.router, coaching.router):
    router.include_router(part)
