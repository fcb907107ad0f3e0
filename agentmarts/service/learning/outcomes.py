"""GET /v1/learning/outcomes and /v1/learning/feedback: rows, newest first, by the filters of the original system."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.http.openapi import PAGE_DOC, json_doc, read_doc, shape_of
from agentmarts.service.http.parameters import Parameters
from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.service.marts.page import answer_page
from agentmarts.service.marts.query import DEFAULT_LIMIT, MAX_LIMIT, parse_mart_query
from agentmarts.service.state import Service, service_for
from agentmarts.service.warehouse.auth import Caller, Reader

router = APIRouter()


class PageParameters(Parameters):
    """How much, and from where on."""

    conversation_id: str | None = Field(None, description="Only of this conversation.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Rows per page.")
    cursor: str | None = Field(None, description="`page.next` of the page before.")
    allow_moving: bool = Field(False, description="Go on with a cursor though the mart was published again.")


class OutcomeParameters(PageParameters):
    """Filters on `outcomes`."""

    action_type: str | None = Field(None, description="Only actions of this type.")
    outcome_status: Literal["pending", "positive", "negative", "ambiguous", "expired"] | None = Field(None, description="As it is now.")
    rep_id: str | None = Field(None, description="Only actions for this representative.")


OUTCOME_EXAMPLE = {
    "action_id": "6f0c1b5e-6d1f-4a52-9a55-1c1a3f6f8a10",
    "conversation_id": "c-1042",
    "action_type": "send_email",
    "outcome_type": "email_engagement",
    "rep_id": "rep-7",
    "predicted_confidence": 0.72,
    "created_at": "2025-06-18T09:58:41+00:00",
    "outcome_status": "positive",
    "outcome_score": 1.0,
    "evidence_kind": "reply",
    "hours_to_resolution": 3.2,
    "label": 1,
}
FEEDBACK_EXAMPLE = {
    "feedback_id": "0b7cfa58-2c2d-4a0e-a3f3-7d5b0f0d9c11",
    "occurred_at": "2025-06-18T13:20:05+00:00",
    "source": "inline",
    "rating": -1,
    "rating_normalized": 0.0,
    "target_type": "message",
    "target_id": "m-881",
    "reviewer_id": "u-17",
    "revision_number": 2,
    "is_current": True,
}


@router.get(
    "/outcomes",
    summary="Actions and what came of them",
    **read_doc(
        json_doc("A page of rows of the mart `outcomes`, newest action first.", shape_of([OUTCOME_EXAMPLE]), [OUTCOME_EXAMPLE], PAGE_DOC),
        409,
    ),
)
async def outcomes(request: Request, caller: Reader, parameters: Annotated[OutcomeParameters, Query()]) -> Response:
    """One row per action with all columns of the mart. Other filters, orders and files: /v1/marts/outcomes."""
    return await _rows(service_for(request), request, caller, "outcomes", "metric_date.desc,created_at.desc", parameters)


@router.get(
    "/feedback",
    summary="Feedback that was given",
    **read_doc(
        json_doc(
            "A page of rows of the mart `feedback_entries`, newest first.", shape_of([FEEDBACK_EXAMPLE]), [FEEDBACK_EXAMPLE], PAGE_DOC
        ),
        409,
    ),
)
async def feedback(request: Request, caller: Reader, parameters: Annotated[PageParameters, Query()]) -> Response:
    """One row per entry with all columns of the mart, replaced ratings too (`is_current` false).

    Other filters, orders and files: /v1/marts/feedback_entries.
    """
    return await _rows(service_for(request), request, caller, "feedback_entries", "metric_date.desc,occurred_at.desc", parameters)


async def _rows(service: Service, request: Request, caller: Caller, mart: str, order: str, parameters: PageParameters) -> Response:
    found = (await service.catalogue.get()).get(mart)
    if found is None:
        raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.")
    # The date first: its index gives the order of the days, and only within a day rows are sorted.
    query = {"order": order, "limit": str(parameters.limit), "allow_moving": "true" if parameters.allow_moving else "false"}
    if parameters.cursor is not None:
        query["cursor"] = parameters.cursor
    filters = parameters.model_dump(exclude=set(PageParameters.model_fields) - {"conversation_id"}, exclude_none=True)
    query |= {column: f"eq.{value}" for column, value in filters.items()}
    return await answer_page(service, request, caller, parse_mart_query(found, urlencode(query).encode()))
