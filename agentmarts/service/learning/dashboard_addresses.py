"""SQL of the role dashboards: beside each count the address under /v1/marts that lists exactly the rows it counts."""

from __future__ import annotations

_PERIOD = "metric_date=gte.%%1$s&metric_date=lte.%%2$s"
_OUTCOMES = f"outcomes?{_PERIOD}%%3$s"
_DEALS = f"{_OUTCOMES}&outcome_type=eq.deal_progression"
_WON = "outcomes?select=conversation_id&distinct=true&closed_won_at=gte.%%4$s&closed_won_at=lt.%%5$s%%3$s"

# %1$s and %2$s are the first and last day, %3$s the filter of the representative, %4$s and %5$s the instants at which the period begins
# and ends. Percent signs are doubled: the driver reads the statement for placeholders.
ROWS_BEHIND = {
    "total_actions": _OUTCOMES,
    "positive_outcomes": f"{_OUTCOMES}&outcome_status=eq.positive",
    "negative_outcomes": f"{_OUTCOMES}&outcome_status=eq.negative",
    "ambiguous_outcomes": f"{_OUTCOMES}&outcome_status=eq.ambiguous",
    "expired_outcomes": f"{_OUTCOMES}&outcome_status=eq.expired",
    "pending_outcomes": f"{_OUTCOMES}&outcome_status=eq.pending",
    "success_rate_numerator": f"{_OUTCOMES}&label=eq.1",
    "success_rate_denominator": f"{_OUTCOMES}&label=not.is.null",
    "overall_success_rate_numerator": f"{_OUTCOMES}&label=eq.1",
    "overall_success_rate_denominator": f"{_OUTCOMES}&label=not.is.null",
    "deals_progressed": f"{_DEALS}&outcome_status=eq.positive",
    "deals_stalled": f"{_DEALS}&outcome_status=eq.negative",
    "deals_closed_won": _WON,
    "stage_advancement_rate_numerator": f"{_DEALS}&label=eq.1",
    "stage_advancement_rate_denominator": f"{_DEALS}&label=not.is.null",
    "escalation_rate_numerator": "conversations?outcome=eq.escalated&start_date=gte.%%1$s&start_date=lte.%%2$s",
    "escalation_rate_denominator": "conversations?start_date=gte.%%1$s&start_date=lte.%%2$s",
    "escalation_history": "conversations?escalated_date=gte.%%1$s&escalated_date=lte.%%2$s",
    "total_feedbacks": f"feedback_entries?{_PERIOD}",
    "ratings": f"feedback_entries?{_PERIOD}&is_current=is.true",
}  # fmt: skip


def rows_behind(*names: str) -> str:
    """`rows`: an address beside each of these counts."""
    return f"'rows', {addresses(*names)}"


def addresses(*names: str) -> str:
    """The address of each of these counts; NULL while no period is known."""
    instant = "to_char({} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    values = f"c.first_day, c.last_day, %(rep_filter)s::text, {instant.format('c.period_start')}, {instant.format('c.period_end')}"
    each = (f"'{name}', format('/v1/marts/{ROWS_BEHIND[name]}', {values})" for name in names)
    return f"case when c.last_day is not null then json_build_object({', '.join(each)}) end"


ROWS_OF_REPRESENTATIVE = f"""format('/v1/marts/outcomes?{_PERIOD}&rep_id=%%3$s', c.first_day, c.last_day,
          case when r.rep_id is null then 'is.null' else 'eq.' || marts.url_part(r.rep_id) end)"""
"""The address of the actions of a row `r` of representative_outcomes."""
