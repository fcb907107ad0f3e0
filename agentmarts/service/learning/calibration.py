"""/v1/learning/calibration/{action_type} and its map: whether predicted confidences came true, and what to believe instead."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.http.answers import Body
from agentmarts.service.http.openapi import json_doc, read_doc, shape_of
from agentmarts.service.http.parameters import Parameters
from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.service.state import Service, service_for
from agentmarts.service.warehouse.auth import Caller, Reader
from agentmarts.service.warehouse.database import Row, Statement
from agentmarts.service.warehouse.freshness import Freshness

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
    return await service.answers.of(request, caller, MARTS, [Statement(query, parameters)], render)


def _unknown(action_type: str, known: list[str]) -> str:
    if not known:
        return "No action has been published yet, so there is no calibration."
    listed = ", ".join(known[:LISTED_TYPES]) + (", …" if len(known) > LISTED_TYPES else "")
    return f"The marts have no actions of type {action_type[:100]!r}: there are {listed}."


# /v1/learning/calibration/{action_type}/map: what an agent should believe instead of its own confidence.

map_router = APIRouter()


class MapParameters(Parameters):
    p: Decimal | None = Field(
        None, ge=0, le=1, decimal_places=30, description="A raw confidence; without it the whole map.", examples=["0.83"]
    )


MAP = f"""
    with {TYPES}, {ADJUSTMENT},
    whole as (
      select json_build_object(
        'action_type', %(action_type)s::text, 'label_policy', 'headline', 'n', max(n), 'status', max(status),
        'points', json_agg(json_build_object(
          'p_raw', p_raw, 'p_calibrated', round(p_calibrated::numeric, 4), 'block_low', block_low, 'block_high', block_high,
          'block_n', block_n, 'block_rate', round(block_rate::numeric, 4)) order by p_raw),
        'adjustment', (select found from adjustment)) as found
      from marts.calibration_map where tenant_id = %(tenant)s and action_type = %(action_type)s having count(*) > 0
    ),
    one as (
      select json_build_object(
        'action_type', %(action_type)s::text, 'label_policy', 'headline',
        'p_raw', %(p)s::numeric,
        'grid_point', grid_point,
        -- What came and was not corrected goes back as it came.
        'p_calibrated', case when status = 'ok' then round(p_calibrated, 4) else p_calibrated end,
        'block', case when block_n is not null then json_build_object(
          'low', block_low, 'high', block_high, 'n', block_n, 'rate', round(block_rate::numeric, 4),
          'rate_low', round(block_rate_low::numeric, 4), 'rate_high', round(block_rate_high::numeric, 4)) end,
        'n', n, 'status', status, 'trust', trust, 'trust_reason', trust_reason) as found
      from marts.calibrated_confidence(%(tenant)s, %(action_type)s, %(p)s)
    )
    select (case when %(p)s::numeric is null then (select found from whole) else (select found from one) end)::text, types.known
    from types
"""  # noqa: S608 (constants only)

MAP_EXAMPLE = {
    "action_type": "send_email",
    "label_policy": "headline",
    "p_raw": 0.834,
    "grid_point": 0.83,
    "p_calibrated": 0.7323,
    "block": {"low": 0.8, "high": 0.89, "n": 58, "rate": 0.7069, "rate_low": 0.5796, "rate_high": 0.8083},
    "n": 517,
    "status": "ok",
    "trust": "fair",
    "trust_reason": "58 of 517 matured outcomes were predicted like this and 71 % of them succeeded (95 % interval 58 to 81); "
    "the answer leans on the raw confidence with the weight of 20 more",
}


@map_router.get(
    "/calibration/{action_type:path}/map",
    summary="From raw to calibrated confidence",
    **read_doc(json_doc("One confidence, or 101 points and the adjustment.", shape_of(MAP_EXAMPLE), MAP_EXAMPLE), 404),
)
async def calibration_map(action_type: str, request: Request, caller: Reader, parameters: Annotated[MapParameters, Query()]) -> Response:
    """What an agent reads back: how often actions predicted with confidence `p` really succeed, with the evidence for it.

    The map has points .01 apart; `p` between two takes the nearer, named in `grid_point`. `trust` is none (below 200 outcomes `p` comes
    back unchanged), weak, fair (50 outcomes in the block) or good (200). Without `p`: all points, and the adjustment by the original rule.
    """
    bound = {"p": parameters.p, "policy": LabelPolicy.HEADLINE.value}
    return await answer_of_type(service_for(request), request, caller, action_type, MAP, bound)


# /v1/learning/calibration/{action_type}: whether the predicted confidences of an action type came true.

router = APIRouter()

LABELS = {
    LabelPolicy.HEADLINE: "label",
    LabelPolicy.RESOLVED_ONLY: "label_resolved_only",
    LabelPolicy.EXPIRED_AS_NEGATIVE: "label_expired_as_negative",
}

CURVE = f"""
    with {TYPES}, {ADJUSTMENT},
    since as (
      select nullif(p.value, '0001-01-01') as first_day
      from marts.last_complete_days(%(tenant)s, 1, %(marts)s) d
      cross join lateral marts.parameter_on(%(tenant)s, 'calibration_since', d.last_day + 1) p
    ),
    curve as (
      select
        json_build_object(
          'midpoints', json_agg(round(bin_midpoint::numeric, 2) order by bin_index),
          'mean_confidences', json_agg(round(mean_confidence::numeric, 4) order by bin_index),
          'actual_rates', json_agg(round(actual_rate::numeric, 4) order by bin_index),
          'low', json_agg(round(actual_rate_low::numeric, 4) order by bin_index),
          'high', json_agg(round(actual_rate_high::numeric, 4) order by bin_index),
          'counts', json_agg(sample_count order by bin_index),
          'isotonic', json_agg(round(isotonic_rate::numeric, 4) order by bin_index)) as found,
        json_agg(format('/v1/marts/outcomes?action_type=eq.%%s&bin_index=eq.%%s&%%s=not.is.null%%s', %(type_in_url)s::text, bin_index,
                        %(label)s::text, (select '&metric_date=gte.' || first_day from since)) order by bin_index) as rows
      from marts.calibration_bins
      where tenant_id = %(tenant)s and action_type = %(action_type)s and label_policy = %(policy)s
    ),
    map as (
      select json_build_object(
        'label_policy', 'headline', 'n', max(n), 'status', max(status),
        'p_raw', json_agg(p_raw order by p_raw), 'p_calibrated', json_agg(round(p_calibrated::numeric, 4) order by p_raw),
        'href', format('/v1/learning/calibration/%%s/map', %(type_in_url)s::text)) as found
      from marts.calibration_map where tenant_id = %(tenant)s and action_type = %(action_type)s having count(*) > 0
    )
    select
      case when s.action_type is not null then json_build_object(
        'action_type', s.action_type, 'label_policy', s.label_policy,
        'curve', c.found,
        'brier_score', round(s.brier_score::numeric, 6),
        'binned_calibration_error', round(s.binned_calibration_error::numeric, 6),
        'sample_count', s.n, 'status', s.status,
        'base_rate', round(s.base_rate::numeric, 4),
        'base_rate_low', round(s.base_rate_low::numeric, 4),
        'base_rate_high', round(s.base_rate_high::numeric, 4),
        'mean_confidence', round(s.mean_confidence::numeric, 4),
        'is_calibrated', s.is_calibrated, 'direction', s.direction, 'seed_is_calibrated', s.seed_is_calibrated,
        'e_value', s.e_value, 'e_alarm_at', s.e_alarm_at,
        'map', (select found from map),
        'adjustment', (select found from adjustment),
        'calibration_since', (select first_day from since),
        'rows', c.rows) end::text,
      types.known
    from types
    left join marts.calibration_summary s
      on s.tenant_id = %(tenant)s and s.action_type = %(action_type)s and s.label_policy = %(policy)s
    left join curve c on true
"""  # noqa: S608 (constants only)

CURVE_EXAMPLE = {
    "action_type": "send_email",
    "label_policy": "headline",
    "curve": {
        "midpoints": [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
        "mean_confidences": [None, None, 0.2511, 0.3507, 0.4488, 0.5503, 0.6512, 0.7499, 0.8498, None],
        "actual_rates": [None, None, 0.1818, 0.2459, 0.3208, 0.4302, 0.5106, 0.6087, 0.7241, None],
        "low": [None, None, 0.0985, 0.1549, 0.2307, 0.3307, 0.4112, 0.5007, 0.5980, None],
        "high": [None, None, 0.3108, 0.3673, 0.4269, 0.5358, 0.6090, 0.7072, 0.8225, None],
        "counts": [0, 0, 55, 61, 81, 86, 94, 82, 58, 0],
        "isotonic": [None, None, 0.1818, 0.2459, 0.3208, 0.4302, 0.5106, 0.6087, 0.7241, None],
    },
    "brier_score": 0.231847,
    "binned_calibration_error": 0.014203,
    "sample_count": 517,
    "status": "ok",
    "base_rate": 0.4507,
    "is_calibrated": False,
    "direction": "overconfident",
    "map": {"label_policy": "headline", "n": 517, "status": "ok", "p_raw": [0.0, 0.01], "p_calibrated": [0.0, 0.0071]},
    "adjustment": {"direction": None, "magnitude": None, "old_threshold": 1.0, "new_threshold": None, "avg_gap": 0.1213},
    "rows": ["/v1/marts/outcomes?action_type=eq.send_email&bin_index=eq.0&label=not.is.null"],
}


class CurveParameters(Parameters):
    label_policy: LabelPolicy = Field(
        LabelPolicy.HEADLINE,
        description="headline: matured actions, and a known silence is a failure; resolved_only: what was decided (the original); "
        "expired_as_negative: every expiry is a failure.",
    )


@router.get(
    "/calibration/{action_type:path}",
    summary="Predicted against actual success",
    **read_doc(json_doc("The reliability curve and what follows from it.", shape_of(CURVE_EXAMPLE), CURVE_EXAMPLE), 404),
)
async def calibration(action_type: str, request: Request, caller: Reader, parameters: Annotated[CurveParameters, Query()]) -> Response:
    """Ten bins of confidence: how sure the agent was (`mean_confidences`) and how often it was right (`actual_rates`, 95 % interval).

    `brier_score` is the mean squared error; `binned_calibration_error` is what the original called so. `is_calibrated` is null below 50
    outcomes. `map` is always that of the headline policy; the whole of it, or one confidence at a time, at `map.href`.
    """
    policy = parameters.label_policy
    bound = {"policy": policy.value, "label": LABELS[policy], "type_in_url": quote(action_type, safe=""), "marts": list(MARTS)}
    return await answer_of_type(service_for(request), request, caller, action_type, CURVE, bound)
