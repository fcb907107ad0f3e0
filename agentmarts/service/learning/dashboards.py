"""/v1/learning/dashboards: the same figures for three readers, with the keys of the original system and none of its placeholders."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.http.answers import whole_body
from agentmarts.service.http.openapi import Doc, json_doc, read_doc, shape_of
from agentmarts.service.http.parameters import Parameters
from agentmarts.service.http.problems import query_problem
from agentmarts.service.learning import dashboard_shapes as shapes
from agentmarts.service.learning.dashboard_addresses import rows_behind
from agentmarts.service.state import Service, service_for
from agentmarts.service.warehouse.auth import Caller, Reader
from agentmarts.service.warehouse.database import Statement

router = APIRouter(prefix="/dashboards")

# outcome_daily is not read, but it grows with every local day: by its log the period moves on when nothing else happens.
MARTS = (
    "outcomes", "outcome_daily", "calibration_summary", "coaching_patterns", "feedback_entries", "conversations", "daily_metrics",
    "dim_tenant", "dim_tenant_parameters",
)  # fmt: skip


def _dashboard(role: str, joins: tuple[str, ...], *metrics: str) -> str:
    return f"""
    select json_build_object(
      'role', '{role}', 'rep_id', %(rep)s::text, 'period', %(period)s::text,
      'date_range', json_build_object('from', c.first_day, 'to', c.last_day),
      'generated_at', c.as_of,
      'metrics', json_build_object({", ".join(metrics)})
    )::text
    from (values (1)) one (row)
    left join marts.last_complete_days(%(tenant)s, %(days)s, %(marts)s) c on true
    {" ".join(joins)}
    """  # noqa: S608 (constants only)


REP = _dashboard(
    "rep",
    (shapes.OUTCOMES, shapes.FEEDBACK, shapes.CALIBRATION),
    f"'response_rates', {shapes.RESPONSE_RATES}",
    f"'deal_impact', {shapes.DEAL_IMPACT}",
    f"'feedback_scores', {shapes.FEEDBACK_SCORES}",
    f"'calibration_summary', {shapes.calibration_of_types('action_types')}",
    f"'escalation_history', {shapes.ESCALATION_HISTORY}",
    f"'escalation_history_rows', {shapes.ESCALATION_HISTORY_ROWS}",
)

MANAGER = _dashboard(
    "manager",
    (shapes.OUTCOMES, shapes.TREND, shapes.HEALTH, shapes.CALIBRATION, shapes.ESCALATIONS, shapes.COACHING),
    f"""'team_trends', json_build_object(
      'total_outcomes', f.total_actions, {shapes.plain("f", *shapes.OUTCOME_COUNTS)}, {shapes.rate("f", "success_rate")},
      {shapes.OTHER_SUCCESS_RATES}, {shapes.trend("trend", "daily_activity")},
      {rows_behind(*shapes.OUTCOME_COUNTS, *shapes.SUCCESS_COUNTS)})""",
    f"'comparative_performance', {shapes.REPRESENTATIVES}",
    shapes.actionable_patterns("coaching_opportunities", 5),
    f"'aggregate_calibration', {shapes.calibration_of_types('by_action_type')}",
    shapes.ESCALATION_RATE,
    rows_behind(*shapes.ESCALATION_COUNTS),
    f"'feedback_health', {shapes.FEEDBACK_HEALTH}",
)

EXECUTIVE = _dashboard(
    "executive",
    (shapes.OUTCOMES, shapes.TREND, shapes.SAVED, shapes.CALIBRATION, shapes.ESCALATIONS, shapes.COACHING),
    f"""'roi_metrics', json_build_object(
      {shapes.plain("f", "total_actions", "positive_outcomes")}, {shapes.TIME_SAVED}, {shapes.DEALS},
      'cost_per_interaction', null, 'cost_per_interaction_status', 'no_input',
      {rows_behind("total_actions", "positive_outcomes", *shapes.DEAL_ADDRESSES)})""",
    f"""'agent_effectiveness', json_build_object(
      {shapes.rate("f", "success_rate", "overall_success_rate")}, {shapes.OTHER_SUCCESS_RATES}, {shapes.OVERALL_BRIER},
      'qualification_completion_rate', null, 'qualification_completion_rate_status', 'no_input',
      {shapes.ESCALATION_RATE},
      {rows_behind(*(f"overall_{name}" for name in shapes.SUCCESS_COUNTS), *shapes.ESCALATION_COUNTS)})""",
    f"'engagement_trends', json_build_object({shapes.trend('trend_direction', 'daily')})",
    shapes.actionable_patterns("strategic_insights", 3),
)


class DashboardParameters(Parameters):
    days: int = Field(30, ge=1, le=365, description="The last so many complete local days.")
    rep_id: str | None = Field(None, min_length=1, max_length=200, description="Only the actions for this representative.")


def _example(role: str, **metrics: Any) -> Doc:
    return {
        "role": role,
        "rep_id": None,
        "period": "last_30_days",
        "date_range": {"from": "2025-05-21", "to": "2025-06-19"},
        "generated_at": "2025-06-20T09:59:30+00:00",
        "metrics": metrics,
    }


def _figures_doc(example: Doc) -> Doc:
    return read_doc(json_doc("The figures.", shape_of(example), example))


_SUCCESS = {
    "success_rate": 0.4118,
    "success_rate_numerator": 168,
    "success_rate_denominator": 408,
    "success_rate_low": 0.3651,
    "success_rate_high": 0.4601,
    "success_rate_status": "provisional",
}
REP_EXAMPLE = _example(
    "rep",
    response_rates={
        "total_actions": 512,
        "positive_outcomes": 211,
        "negative_outcomes": 64,
        "ambiguous_outcomes": 3,
        "expired_outcomes": 150,
        "pending_outcomes": 84,
        **_SUCCESS,
        "success_rate_resolved": 0.7673,
        "aj_success_rate": 0.4382,
        "aj_n": 512,
        "rows": {"total_actions": "/v1/marts/outcomes?metric_date=gte.2025-05-21&metric_date=lte.2025-06-19"},
    },
    deal_impact={"deals_progressed": 21, "deals_stalled": 6, "deals_closed_won": 4, "stage_advancement_rate": 0.4375},
    feedback_scores={
        "total_feedbacks": 83,
        "average_rating": None,
        "average_rating_status": "mixed_sources",
        "normalized_avg": 0.6912,
        "recent_trend": "stable",
        "recent_trend_p": 0.5098,
    },
    calibration_summary={
        "overall_brier": 0.221904,
        "action_types": [{"action_type": "send_email", "n": 517, "direction": "overconfident"}],
    },
    escalation_history=[
        {"conversation_id": "c-1042", "episode_no": 1, "escalated_at": "2025-06-19T15:02:11+00:00", "reason": "customer_request"}
    ],
)
MANAGER_EXAMPLE = _example(
    "manager",
    team_trends={"total_outcomes": 512, **_SUCCESS, "trend": "stable", "trend_p": 0.311022},
    comparative_performance=[{"rep_id": "rep-7", "total_actions": 131, "success_rate": 0.4811, "success_rate_low": 0.3886}],
    coaching_opportunities=[{"pattern": "segment associated with …", "recommendation": "…", "confidence": 0.98}],
    coaching_opportunities_status="ok",
    aggregate_calibration={"overall_brier": 0.221904, "by_action_type": []},
    escalation_rate=0.0731,
    feedback_health={"submission_rate": 2.7667, "coverage_percent": 11.33, "coverage_status": "ok", "has_poor_feedback": False},
)
EXECUTIVE_EXAMPLE = _example(
    "executive",
    roi_metrics={
        "total_actions": 512,
        "positive_outcomes": 211,
        "estimated_time_saved_hours": 17.6,
        "minutes_per_action": 5.0,
        "deals_closed_won": 4,
        "cost_per_interaction": None,
        "cost_per_interaction_status": "no_input",
    },
    agent_effectiveness={
        "overall_success_rate": 0.4118,
        "qualification_completion_rate": None,
        "qualification_completion_rate_status": "no_input",
        "escalation_rate": 0.0731,
    },
    engagement_trends={"trend_direction": "stable", "trend_p": 0.311022, "daily": []},
    strategic_insights=[{"pattern": "segment associated with …", "recommendation": "…", "confidence": 0.98}],
)


@router.get("/rep", summary="What a representative's agent achieves", **_figures_doc(REP_EXAMPLE))
async def rep(request: Request, caller: Reader, parameters: Annotated[DashboardParameters, Query()]) -> Response:
    """Actions of the last complete days and what came of them, of one representative or all.

    `success_rate` counts matured actions only: early successes would flatter the newest days. `aj_success_rate` uses the open ones too.
    Feedback is of the actions of the representative; calibration of the action types used, whoever used them.
    """
    return await _answer(service_for(request), request, caller, REP, parameters)


@router.get("/manager", summary="How the team does", **_figures_doc(MANAGER_EXAMPLE))
async def manager(request: Request, caller: Reader, parameters: Annotated[DashboardParameters, Query()]) -> Response:
    """Trend, comparison of representatives (by the lower end of their interval), coaching, calibration, escalations, feedback.

    A trend compares the two halves of the period and moves only when a test at 5 % says so and the change is beyond 10 %. Escalations are
    of all conversations, whoever acted in them.
    """
    return await _answer(service_for(request), request, caller, MANAGER, parameters)


@router.get("/executive", summary="What it is worth", **_figures_doc(EXECUTIVE_EXAMPLE))
async def executive(request: Request, caller: Reader, parameters: Annotated[DashboardParameters, Query()]) -> Response:
    """Time saved by successful actions (tenant parameter minutes_per_action), effectiveness, trend and insights.

    What has no input yet is null and its `…_status` says `no_input`; nothing is filled in.
    """
    return await _answer(service_for(request), request, caller, EXECUTIVE, parameters)


async def _answer(service: Service, request: Request, caller: Caller, query: str, parameters: DashboardParameters) -> Response:
    rep_id = parameters.rep_id
    if rep_id is not None and "\x00" in rep_id:
        raise query_problem("rep_id", "a NUL character cannot be in a value")
    bound = {
        "tenant": caller.tenant_id,
        "marts": list(MARTS),
        "days": parameters.days,
        "period": f"last_{parameters.days}_days",
        "rep": rep_id,
        "rep_filter": "" if rep_id is None else f"&rep_id=eq.{quote(rep_id, safe='')}",
    }
    return await service.answers.of(request, caller, MARTS, [Statement(query, bound)], whole_body)
