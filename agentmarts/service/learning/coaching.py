"""/v1/learning/coaching: what goes with success, and what does not, tested before it is said."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.http.answers import whole_body
from agentmarts.service.http.openapi import json_doc, read_doc, shape_of
from agentmarts.service.http.parameters import Parameters
from agentmarts.service.state import service_for
from agentmarts.service.warehouse.auth import Reader
from agentmarts.service.warehouse.database import Statement

router = APIRouter()

RATES = (
    "success_rate", "success_rate_low", "success_rate_high", "rest_rate", "difference", "difference_low", "difference_high",
    "eb_rate", "mh_difference", "sample_adequacy", "seed_success_rate", "seed_difference",
)  # fmt: skip
CHANCES = ("p_value", "q_value")
PLAIN = (
    "dimension", "segment", "outcome_type", "window_days", "n", "positives", "rest_n", "rest_positives", "test", "simpson_flag",
    "is_actionable", "is_improvement_area", "rank", "seed_is_pattern", "seed_is_improvement_area",
)  # fmt: skip
SUPPORTING_DATA = ", ".join(
    [
        *(f"'{name}', c.{name}" for name in PLAIN),
        *(f"'{name}', round(c.{name}::numeric, 4)" for name in (*RATES, "z")),
        *(f"'{name}', round(c.{name}::numeric, 6)" for name in CHANCES),
    ]
)

PATTERNS = f"""
    select coalesce(json_agg(json_build_object(
      'pattern_id', c.pattern_id, 'pattern_type', c.pattern_type, 'description', c.description,
      'confidence', round(c.confidence::numeric, 4), 'sample_size', c.n,
      'supporting_data', json_build_object({SUPPORTING_DATA}),
      'recommendation', c.recommendation
    ) order by c.rank, c.pattern_id), '[]')::text
    from marts.coaching_patterns c
    where c.tenant_id = %(tenant)s and c.window_days = %(days)s and (%(actionable)s::boolean is null or c.is_actionable = %(actionable)s)
"""  # noqa: S608 (constants only)


class WindowDays(IntEnum):
    """Windows that patterns are looked for in."""

    NINETY = 90
    THIRTY = 30


class CoachingParameters(Parameters):
    days: WindowDays = Field(WindowDays.NINETY, description="Local days looked at, up to as_of.")
    actionable: bool | None = Field(None, description="true: only patterns to act on; false: only the others.")


EXAMPLE = [
    {
        "pattern_id": "1f6b0c7d9a3e5f24",
        "pattern_type": "action_effectiveness",
        "description": "cold_call is associated with a success rate of 18 % (n = 50, 95 % interval 10 to 31 %), elsewhere 45 %.",
        "confidence": 0.99,
        "sample_size": 50,
        "supporting_data": {
            "dimension": "action_type",
            "segment": "cold_call",
            "outcome_type": "*",
            "n": 50,
            "positives": 9,
            "success_rate": 0.18,
            "success_rate_low": 0.0977,
            "success_rate_high": 0.308,
            "rest_rate": 0.4519,
            "difference": -0.2719,
            "p_value": 0.000254,
            "q_value": 0.001015,
            "is_actionable": True,
            "rank": 5,
        },
        "recommendation": "Associated with 27 points less success (n = 50, 95 % interval -37 to -13): look at what is different there "
        "before doing more of it.",
    }
]


@router.get(
    "/coaching",
    summary="Patterns of success",
    **read_doc(json_doc("Patterns by rank.", shape_of(EXAMPLE), EXAMPLE)),
)
async def coaching(request: Request, caller: Reader, parameters: Annotated[CoachingParameters, Query()]) -> Response:
    """Segments whose matured actions succeed more or less often than the rest, ranked by the lower end of their success rate.

    All that is listed was tested (`supporting_data`: difference with interval, p and false-discovery q); `actionable` keeps what is
    unlikely to be chance (q at most .10), large enough to matter and no artefact of mixed types. Segments below 5 actions are not listed.
    """
    bound = {"tenant": caller.tenant_id, "days": parameters.days.value, "actionable": parameters.actionable}
    return await service_for(request).answers.of(request, caller, ["coaching_patterns"], [Statement(PATTERNS, bound)], whole_body)
