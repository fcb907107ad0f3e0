"""/v1/learning: what agents did, what came of it, and what is to be learned from that."""

from __future__ import annotations

from fastapi import APIRouter

from agentmarts.service import calibration, coaching, learning_rows, learning_writes, role_dashboards

router = APIRouter(prefix="/v1/learning", tags=["learning"])
for part in (learning_writes, learning_rows, calibration, role_dashboards, coaching):
    router.include_router(part.router)
