"""/v1/learning: what agents did, what came of it, and what is to be learned from that."""

from __future__ import annotations

from fastapi import APIRouter

from agentmarts.service import calibration, calibration_map, coaching, learning_rows, learning_writes, role_dashboards

router = APIRouter(prefix="/v1/learning", tags=["learning"])
# The map before the curve, whose path would take `…/map` for a part of the type's name.
for part in (learning_writes, learning_rows, calibration_map, calibration, role_dashboards, coaching):
    router.include_router(part.router)
