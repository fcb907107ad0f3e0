"""/v1/learning/calibration/{action_type}/map: what an agent should believe instead of its own confidence."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from agentmarts.service.auth import Reader
from agentmarts.service.calibration_type import ADJUSTMENT, TYPES, LabelPolicy, answer_of_type
from agentmarts.service.openapi import json_doc, read_doc, shape_of
from agentmarts.service.parameters import Parameters, service_for

router = APIRouter()

GRID = Decimal("0.01")


class MapParameters(Parameters):
    p: Decimal | None = Field(
        None, ge=0, le=1, decimal_places=30, description="A raw confidence; without it the whole map.", examples=["0.83"]
    )


MAP = f"""
    with {TYPES}, {ADJUSTMENT},
    points as (
      select
        m.*, marts.wilson_low(hits, block_n) as low, marts.wilson_high(hits, block_n) as high
      from (
        select *, round(block_n * block_rate)::integer as hits
        from marts.calibration_map where tenant_id = %(tenant)s and action_type = %(action_type)s
      ) m
    ),
    whole as (
      select json_build_object(
        'action_type', %(action_type)s::text, 'label_policy', 'headline', 'n', max(n), 'status', max(status),
        'points', json_agg(json_build_object(
          'p_raw', p_raw, 'p_calibrated', round(p_calibrated::numeric, 4), 'block_low', block_low, 'block_high', block_high,
          'block_n', block_n, 'block_rate', round(block_rate::numeric, 4)) order by p_raw),
        'adjustment', (select found from adjustment)) as found
      from points having count(*) > 0
    ),
    one as (
      select json_build_object(
        'action_type', %(action_type)s::text, 'label_policy', 'headline',
        'p_raw', %(p)s::numeric,
        'grid_point', p_raw,
        -- Below the minimum nothing is corrected: what came goes back.
        'p_calibrated', case when status = 'ok' then round(p_calibrated::numeric, 4) else %(p)s::numeric end,
        'block', case when block_n is not null then json_build_object(
          'low', block_low, 'high', block_high, 'n', block_n, 'rate', round(block_rate::numeric, 4),
          'rate_low', round(low::numeric, 4), 'rate_high', round(high::numeric, 4)) end,
        'n', n, 'status', status,
        'trust', case
          when status = 'ok' and block_n >= 200 then 'good'
          when status = 'ok' and block_n >= 50 then 'fair'
          when status = 'ok' then 'weak'
          else 'none'
        end,
        'trust_reason', case
          when status <> 'ok' then format(
            'only %%s matured outcomes with a known result: below 200 nothing is corrected and the confidence is returned as it came', n)
          else format(
            '%%s of %%s matured outcomes were predicted like this and %%s %%%% of them succeeded (95 %%%% interval %%s to %%s); '
            'the answer leans on the raw confidence with the weight of 20 more', block_n, n, round(100 * block_rate::numeric),
            round(100 * low::numeric), round(100 * high::numeric))
        end) as found
      from points where p_raw = %(grid_point)s
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


@router.get(
    "/calibration/{action_type:path}/map",
    summary="From raw to calibrated confidence",
    **read_doc(json_doc("One confidence, or 101 points and the adjustment.", shape_of(MAP_EXAMPLE), MAP_EXAMPLE), 404),
)
async def calibration_map(action_type: str, request: Request, caller: Reader, parameters: Annotated[MapParameters, Query()]) -> Response:
    """What an agent reads back: how often actions predicted with confidence `p` really succeed, with the evidence for it.

    The map has points .01 apart; `p` between two takes the nearer, named in `grid_point`. `trust` is none (below 200 outcomes `p` comes
    back unchanged), weak, fair (50 outcomes in the block) or good (200). Without `p`: all points, and the adjustment by the original rule.
    """
    grid_point = None if parameters.p is None else parameters.p.quantize(GRID, ROUND_HALF_UP)
    bound = {"p": parameters.p, "grid_point": grid_point, "policy": LabelPolicy.HEADLINE.value}
    return await answer_of_type(service_for(request), request, caller, action_type, MAP, bound)
