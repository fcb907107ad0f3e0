"""What the calibration endpoints share: one action type, its adjustment, and the names of the others when there is none such."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fastapi import Request
from starlette.responses import Response

from agentmarts.service.answers import Body, answer
from agentmarts.service.auth import Caller
from agentmarts.service.freshness import Freshness
from agentmarts.service.problems import Problem, ProblemKind
from agentmarts.service.service import Service
from agentmarts.service.tenant_transaction import Row, Statement

MARTS = ("calibration_bins", "calibration_summary", "calibration_map", "calibration_adjustments", "outcomes", "dim_tenant_parameters")
LISTED_TYPES = 20


class LabelPolicy(StrEnum):
    """Which outcomes count as failures."""

    HEADLINE = "headline"
    RESOLVED_ONLY = "resolved_only"
    EXPIRED_AS_NEGATIVE = "expired_as_negative"


# The names of the tenant's own types, for whoever asked for one that is none.
TYPES = """
    types as (
      select json_agg(action_type) as known
      from (select distinct action_type from marts.calibration_summary where tenant_id = %(tenant)s order by action_type limit 21) t
    )
"""

ADJUSTMENT = """
    adjustment as (
      select json_build_object(
        'direction', direction, 'magnitude', round(magnitude::numeric, 4), 'old_threshold', old_threshold,
        'new_threshold', round(new_threshold::numeric, 4), 'avg_gap', round(avg_gap::numeric, 4), 'reason', reason,
        'qualifying_bins', qualifying_bins, 'qualifying_samples', qualifying_samples, 'has_opposing_gaps', has_opposing_gaps,
        'recommended_by', recommended_by) as found
      from marts.calibration_adjustments
      where tenant_id = %(tenant)s and action_type = %(action_type)s and label_policy = %(policy)s
    )
"""


async def answer_of_type(
    service: Service, request: Request, caller: Caller, action_type: str, query: str, bound: dict[str, Any]
) -> Response:
    """The first column of the row of `query`; Problem 404 naming the tenant's types (second column) when it is NULL."""

    def render(_fresh: Freshness, rows: list[list[Row]]) -> Body:
        data, known = rows[0][0]
        if data is None:
            raise Problem(ProblemKind.NOT_FOUND, _unknown(action_type, known or []))
        return Body(data.encode())

    if "\x00" in action_type:
        raise Problem(ProblemKind.NOT_FOUND, _unknown(action_type, []))
    parameters = {"tenant": caller.tenant_id, "action_type": action_type, **bound}
    return await answer(service, request, caller, MARTS, [Statement(query, parameters)], render)


def _unknown(action_type: str, known: list[str]) -> str:
    if not known:
        return "No action has been published yet, so there is no calibration."
    listed = ", ".join(known[:LISTED_TYPES]) + (", …" if len(known) > LISTED_TYPES else "")
    return f"The marts have no actions of type {action_type[:100]!r}: there are {listed}."
