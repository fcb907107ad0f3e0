"""/v1/analytics: dashboard, trends, return on investment and exports of conversations, with the keys of the original system."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from agentmarts.service.http.answers import whole_body
from agentmarts.service.http.openapi import Doc, json_doc, problem_docs, read_doc
from agentmarts.service.http.parameters import Parameters
from agentmarts.service.http.problems import Problem, ProblemKind, query_problem
from agentmarts.service.marts.export import ExportFormat, export_answer
from agentmarts.service.marts.query import parse_mart_query
from agentmarts.service.state import service_for
from agentmarts.service.warehouse.auth import Reader
from agentmarts.service.warehouse.database import Statement

router = APIRouter(prefix="/v1/analytics", tags=["conversations"])


def _iso_date(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write a date as YYYY-MM-DD")
    return value


LocalDate = Annotated[date, BeforeValidator(_iso_date)]
"""A day in the tenant's time zone."""


class Period(StrEnum):
    """Calendar periods, each from its first day to the day of `as_of`."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


COMPARED_WITH = {
    Period.DAY: "previous",
    Period.WEEK: "week",
    Period.MONTH: "month",
    Period.QUARTER: "quarter",
    Period.YEAR: "year",
}
DASHBOARD_MARTS = ("daily_metrics", "conversations", "customer_days", "quality_daily", "dim_tenant", "dim_tenant_parameters")

ORIGINAL_SEVEN = (
    "total_conversations", "resolved_conversations", "escalated_conversations", "abandoned_conversations", "avg_response_time_ms",
    "total_messages", "unique_customers",
)  # fmt: skip
RATES = tuple(
    f"{rate}_rate{part}"
    for rate in ("resolution", "escalation", "abandonment")
    for part in ("", "_numerator", "_denominator", "_low", "_high")
)
METRICS = (*ORIGINAL_SEVEN, *RATES, "avg_conversation_length", "seed_resolution_rate")
HOURLY_METRICS = (*ORIGINAL_SEVEN, "responses", "p50_response_time_ms", "p90_response_time_ms", "p95_response_time_ms")

# The address under /v1/marts that lists exactly the rows a count counts; %1$s and %2$s are the first and last day.
ROWS_BEHIND = {
    "total_conversations": "conversations?episode_no=eq.1&start_date=gte.%1$s&start_date=lte.%2$s",
    "resolved_conversations": "conversations?select=conversation_id&distinct=true&resolved_date=gte.%1$s&resolved_date=lte.%2$s",
    "escalated_conversations": "conversations?select=conversation_id&distinct=true&escalated_date=gte.%1$s&escalated_date=lte.%2$s",
    "abandoned_conversations": "conversations?select=conversation_id&distinct=true&abandoned_date=gte.%1$s&abandoned_date=lte.%2$s",
    "unique_customers": "customer_days?select=customer_id&distinct=true&metric_date=gte.%1$s&metric_date=lte.%2$s",
    "resolution_rate_numerator": "conversations?outcome=eq.resolved&start_date=gte.%1$s&start_date=lte.%2$s",
    "escalation_rate_numerator": "conversations?outcome=eq.escalated&start_date=gte.%1$s&start_date=lte.%2$s",
    "abandonment_rate_numerator": "conversations?outcome=eq.abandoned&start_date=gte.%1$s&start_date=lte.%2$s",
    "resolution_rate_denominator": "conversations?start_date=gte.%1$s&start_date=lte.%2$s",
    "escalation_rate_denominator": "conversations?start_date=gte.%1$s&start_date=lte.%2$s",
    "abandonment_rate_denominator": "conversations?start_date=gte.%1$s&start_date=lte.%2$s",
}


def _metrics(row: str, names: tuple[str, ...], *more: str) -> str:
    return "json_build_object(" + ", ".join([*(f"'{name}', {row}.{name}" for name in names), *more]) + ")"


def _rows_behind(first: str, last: str) -> str:
    # Percent signs are doubled: the driver reads the statement for placeholders.
    addresses = (f"'{name}', format('/v1/marts/{address}', {first}, {last})" for name, address in ROWS_BEHIND.items())
    return ("'rows', json_build_object(" + ", ".join(addresses) + ")").replace("%", "%%")


DASHBOARD = f"""
    with calendar as (
      select d.last_day + 1 as today, date_trunc(%(period)s, (d.last_day + 1)::timestamp)::date as first_day
      from marts.last_complete_days(%(tenant)s, 1, array['daily_metrics']) d
    )
    select json_build_object(
      'period', %(period)s::text,
      'date_range', json_build_object('from', c.first_day, 'to', c.today, 'is_partial', w.is_partial,
                                      'compared_from', w.compared_from, 'compared_to', w.compared_to),
      'metrics', {_metrics("p", METRICS, _rows_behind("c.first_day", "c.today"))},
      'previous_period', case when w.previous_from is not null then json_build_object(
        'date_range', json_build_object('from', w.previous_from, 'to', w.previous_to, 'is_partial', false),
        'metrics', {_metrics("b", METRICS, _rows_behind("w.previous_from", "w.previous_to"))}) end,
      'growth_rate', w.growth_rate,
      'growth_status', coalesce(w.growth_status, 'no_previous'),
      'absolute_change', w.absolute_change,
      'roi', case when r.total_conversations is not null then row_to_json(r) end,
      'quality', (select coalesce(json_agg(q order by q.scorer_kind, q.scorer), '[]')
                  from marts.quality_by_scorer(%(tenant)s, c.first_day, c.today) q)
    )::text
    from (values (1)) one (row)
    left join calendar c on true
    left join lateral marts.period_growth(%(tenant)s, c.first_day, c.today, %(compare)s) w on true
    left join lateral marts.period_counts(%(tenant)s, c.first_day, c.today) p on true
    left join lateral marts.period_counts(%(tenant)s, w.previous_from, w.previous_to) b on true
    left join lateral marts.roi(%(tenant)s, c.first_day, c.today) r on true
"""  # noqa: S608 (constants only)

DASHBOARD_EXAMPLE = {
    "period": "month",
    "date_range": {
        "from": "2025-06-01",
        "to": "2025-06-20",
        "is_partial": True,
        "compared_from": "2025-06-01",
        "compared_to": "2025-06-19",
    },
    "metrics": {
        "total_conversations": 2419,
        "resolved_conversations": 1604,
        "avg_response_time_ms": 2110,
        "resolution_rate": 0.6631,
        "resolution_rate_numerator": 1604,
        "resolution_rate_denominator": 2419,
        "resolution_rate_low": 0.644,
        "resolution_rate_high": 0.6817,
        "rows": {"total_conversations": "/v1/marts/conversations?episode_no=eq.1&start_date=gte.2025-06-01&start_date=lte.2025-06-20"},
    },
    "previous_period": {
        "date_range": {"from": "2025-05-01", "to": "2025-05-19", "is_partial": False},
        "metrics": {"total_conversations": 2105},
    },
    "growth_rate": 0.1021,
    "growth_status": "ok",
    "absolute_change": 215,
    "roi": {"savings": 5228.33, "net_savings": 5187.61},
    "quality": [
        {"scorer_kind": "judge", "scorer": "judge-v2", "attempts": 240, "scored": 238, "failed": 2, "overall_mean": 0.81, "low_quality": 19}
    ],
}

OBJECT = {"type": "object"}


class DashboardParameters(Parameters):
    period: Period = Field(Period.MONTH, description="Calendar period up to as_of; compared with the one before, shifted likewise.")


@router.get("/dashboard", summary="Key figures of a period", **read_doc(json_doc("The figures.", OBJECT, DASHBOARD_EXAMPLE)))
async def dashboard(request: Request, caller: Reader, parameters: Annotated[DashboardParameters, Query()]) -> Response:
    """The running day, week, month, quarter or year in the tenant's time zone, as of the newest publish, and the same days before.

    Growth compares complete days only. Each count has beside it, in `rows`, the address that lists exactly what it counts.
    """
    bound = {"tenant": caller.tenant_id, "period": parameters.period.value, "compare": COMPARED_WITH[parameters.period]}
    return await service_for(request).answers.of(request, caller, DASHBOARD_MARTS, [Statement(DASHBOARD, bound)], whole_body)


class Granularity(StrEnum):
    """Length of the steps of a trend."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LONGEST_DAYS = {Granularity.HOUR: 31, Granularity.DAY: 731, Granularity.WEEK: 3660, Granularity.MONTH: 3660}

TRENDS = {
    Granularity.HOUR: (
        "hourly_metrics",
        "select m.hour_start as period_start, m.hour_start + interval '1 hour' > (select marts.newest_as_of(%(tenant)s,"
        " array['hourly_metrics'])) as is_partial, m.* from marts.hourly_metrics m"
        " where m.tenant_id = %(tenant)s and m.metric_date between %(first)s and %(last)s",
        HOURLY_METRICS,
    ),
    Granularity.DAY: (
        "daily_metrics",
        "select m.metric_date as period_start, m.* from marts.daily_metrics m"
        " where m.tenant_id = %(tenant)s and m.metric_date between %(first)s and %(last)s",
        METRICS,
    ),
    Granularity.WEEK: (
        "weekly_metrics",
        "select m.week_start as period_start, m.* from marts.weekly_metrics m"
        " where m.tenant_id = %(tenant)s and m.week_start between date_trunc('week', %(first)s::timestamp) and %(last)s",
        METRICS,
    ),
    Granularity.MONTH: (
        "monthly_metrics",
        "select m.month_start as period_start, m.* from marts.monthly_metrics m"
        " where m.tenant_id = %(tenant)s and m.month_start between date_trunc('month', %(first)s::timestamp) and %(last)s",
        METRICS,
    ),
}


class TrendParameters(Parameters):
    start_date: LocalDate = Field(description="First local day.", examples=["2025-06-01"])
    end_date: LocalDate = Field(description="Last local day, included.", examples=["2025-06-20"])
    granularity: Granularity = Field(Granularity.DAY, description="Weeks and months that the days touch are given whole.")


TREND_EXAMPLE = [{"period_start": "2025-06-19", "metrics": {"total_conversations": 128, "resolution_rate": 0.66}, "is_partial": False}]


@router.get(
    "/conversations/trends",
    summary="Key figures over time",
    **read_doc(json_doc("One item per hour, day, week or month, in order.", {"type": "array", "items": OBJECT}, TREND_EXAMPLE)),
)
async def trends(request: Request, caller: Reader, parameters: Annotated[TrendParameters, Query()]) -> Response:
    """Figures per step, from the mart of that grain: nothing is averaged. At most 31 days by hour, 731 by day, ten years else.

    Hours without any event are left out; weeks and months are whole even where the days asked for cut them.
    """
    first, last = parameters.start_date, parameters.end_date
    _check_order(first, last)
    longest = LONGEST_DAYS[parameters.granularity]
    if (last - first).days + 1 > longest:
        raise query_problem("end_date", f"at most {longest} days by {parameters.granularity.value}")
    mart, rows, names = TRENDS[parameters.granularity]
    step = f"json_build_object('period_start', m.period_start, 'metrics', {_metrics('m', names)}, 'is_partial', m.is_partial)"
    query = f"select coalesce(json_agg({step} order by m.period_start), '[]')::text from ({rows}) m"  # noqa: S608 (constants only)
    statement = Statement(query, {"tenant": caller.tenant_id, "first": first, "last": last})
    return await service_for(request).answers.of(request, caller, [mart], [statement], whole_body)


def _check_order(first: date, last: date) -> None:
    if last < first:
        raise query_problem("end_date", "it lies before start_date")


COSTS = ("avg_human_agent_cost_per_hour", "avg_conversation_time_minutes", "ai_cost_per_conversation", "rework_minutes")
ROI_MARTS = ("conversations", "daily_metrics", "dim_tenant_parameters")
Money = Annotated[Decimal | None, Field(None, ge=0, le=1_000_000, max_digits=18, decimal_places=6)]

ROI = """
    with span as (
      select coalesce(%(first)s::date, d.last_complete - %(days)s::integer + 1) as first_day,
             coalesce(%(last)s::date, d.last_complete) as last_day
      from (select max(metric_date) as last_complete from marts.daily_metrics where tenant_id = %(tenant)s and not is_partial) d
    )
    select json_build_object(
      'date_range', json_build_object('from', s.first_day, 'to', s.last_day),
      'total_conversations', r.total_conversations, 'ai_resolved_conversations', r.ai_resolved_conversations,
      'reworked_conversations', r.reworked_conversations, 'human_agent_cost', r.human_agent_cost, 'ai_cost', r.ai_cost,
      'savings', r.savings, 'roi_percentage', r.roi_percentage, 'human_cost_avoided', r.human_cost_avoided, 'rework_cost', r.rework_cost,
      'net_savings', r.net_savings, 'net_savings_low', r.net_savings_low, 'net_savings_high', r.net_savings_high,
      'roi_percentage_net', r.roi_percentage_net, 'parameter_versions', r.parameter_versions,
      'parameters', (select coalesce(json_agg(u order by u.parameter, u.valid_from nulls first), '[]') from marts.roi_parameters(
        %(tenant)s, s.first_day, s.last_day, %(avg_human_agent_cost_per_hour)s, %(avg_conversation_time_minutes)s,
        %(ai_cost_per_conversation)s, %(rework_minutes)s) u)
    )::text
    from span s
    left join lateral marts.roi(%(tenant)s, s.first_day, s.last_day, %(avg_human_agent_cost_per_hour)s, %(avg_conversation_time_minutes)s,
                                %(ai_cost_per_conversation)s, %(rework_minutes)s) r on true
"""

ROI_EXAMPLE = {
    "date_range": {"from": "2025-05-21", "to": "2025-06-19"},
    "total_conversations": 1000,
    "ai_resolved_conversations": 500,
    "savings": 1641.67,
    "roi_percentage": 3283.33,
    "net_savings": 1616.67,
    "parameter_versions": 1,
    "parameters": [{"parameter": "ai_cost_per_conversation", "valid_from": None, "value": 0.05, "source": "default"}],
}


class RoiParameters(Parameters):
    period_days: int | None = Field(None, ge=1, le=365, description="The last so many complete days; default 30.")
    start_date: LocalDate | None = Field(None, description="First local day, instead of period_days.")
    end_date: LocalDate | None = Field(None, description="Last local day, included.")
    avg_human_agent_cost_per_hour: Money
    avg_conversation_time_minutes: Money
    ai_cost_per_conversation: Money
    rework_minutes: Money


@router.get("/roi", summary="What the AI saved", **read_doc(json_doc("The columns of marts.roi().", OBJECT, ROI_EXAMPLE)))
async def roi(request: Request, caller: Reader, parameters: Annotated[RoiParameters, Query()]) -> Response:
    """Costs and savings of conversations that began in the window, in the tenant's currency.

    Each is costed with the parameters that held on its first day, unless the request gives others; `parameters` lists all that applied.
    `savings` and `roi_percentage` are the original formulas, which charge the AI only for what it resolved;
    `net_savings` charges it for all.
    """
    first, last = parameters.start_date, parameters.end_date
    if (first is None) != (last is None):
        raise query_problem("end_date" if last is None else "start_date", "start_date and end_date come together")
    if first is not None and last is not None:
        if parameters.period_days is not None:
            raise query_problem("period_days", "either period_days or start_date and end_date")
        _check_order(first, last)
    bound: dict[str, Any] = {
        "tenant": caller.tenant_id,
        "first": first,
        "last": last,
        "days": parameters.period_days or 30,
        **{name: getattr(parameters, name) for name in COSTS},
    }
    return await service_for(request).answers.of(request, caller, ROI_MARTS, [Statement(ROI, bound)], whole_body)


class ExportParameters(Parameters):
    start_date: LocalDate = Field(description="First local day.")
    end_date: LocalDate = Field(description="Last local day, included.")
    format: ExportFormat = Field(ExportFormat.CSV, description="Format of the file.")
    mart: str = Field("daily_metrics", description="Any mart with a date.", max_length=63)


EXPORT_DOC: Doc = {
    "responses": {
        200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}, "application/json": {"schema": OBJECT}}},
        **problem_docs(400, 401, 403, 404, 429, 500, 503),
    }
}


@router.get("/export", summary="A mart as a file", **EXPORT_DOC)
async def export(request: Request, caller: Reader, parameters: Annotated[ExportParameters, Query()]) -> Response:
    """All rows of a mart whose day, week or month lies in the window, streamed: there is no limit of rows."""
    service = service_for(request)
    _check_order(parameters.start_date, parameters.end_date)
    mart = (await service.catalogue.get()).get(parameters.mart)
    if mart is None:
        raise Problem(ProblemKind.NOT_FOUND, f"There is no mart {parameters.mart!r}: /v1/marts lists them.")
    if mart.date_column is None:
        raise query_problem("mart", f"{mart.name} has no date; see /v1/marts/{mart.name}.csv")
    window = f"{mart.date_column}=gte.{parameters.start_date}&{mart.date_column}=lte.{parameters.end_date}"
    query = parse_mart_query(mart, window.encode())
    file_name = f"{mart.name}_{parameters.start_date}_{parameters.end_date}.{parameters.format.value}"
    return await export_answer(service, request, caller, query, parameters.format, file_name)
