"""/v1/learning/calibration/{action_type}: whether the predicted confidences of an action type came true."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.auth import Reader
from agentmarts.service.calibration_type import ADJUSTMENT, MARTS, TYPES, LabelPolicy, answer_of_type
from agentmarts.service.openapi import json_doc, read_doc, shape_of
from agentmarts.service.parameters import Parameters, service_for

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
      from marts.dim_tenant_parameters p
      join marts.dim_tenant t on t.tenant_id = p.tenant_id
      cross join (
        select max(l.as_of) as as_of
        from unnest(%(marts)s::text[]) as m (mart)
        cross join lateral (
          select as_of from marts.publish_log where tenant_id = %(tenant)s and mart = m.mart order by version desc limit 1
        ) l
      ) newest
      where p.tenant_id = %(tenant)s and p.parameter = 'calibration_since'
        and p.valid_from <= (newest.as_of at time zone t.timezone)::date
      order by p.valid_from desc limit 1
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
