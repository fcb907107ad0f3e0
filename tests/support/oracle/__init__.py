"""An oracle for the conversation marts: the specification once more, in plain Python, slow and clear.

It knows nothing of the project's own code. Property tests feed it the same events as the warehouse and compare.
Lines that begin with "reading:" say how a sentence of the specification was read where it leaves a choice.
All instants are aware datetimes in UTC, all dates are the tenant's local days.
"""

from .activity import customer_days
from .business_hours import business_ms
from .conversations import conversations
from .events import Event, accept
from .feedback import feedback_entries, feedback_summary
from .hourly import hourly_metrics
from .localtime import day_end, day_start, hour_start, metric_date
from .metrics import daily_metrics, monthly_metrics, weekly_metrics
from .percentiles import bucket, estimate, histogram, merge, merged_percentile, percentile_cont
from .period import growth, percentage_points, period_metrics
from .quality import agreement, conversation_quality_scores, quality_daily
from .roi import Case, Costs, roi, roi_columns
from .scores import Score, accept_scores
from .tenant import DEFAULTS, Tenant
from .wilson import wilson

__all__ = [
    "DEFAULTS",
    "Case",
    "Costs",
    "Event",
    "Score",
    "Tenant",
    "accept",
    "accept_scores",
    "agreement",
    "bucket",
    "business_ms",
    "conversation_quality_scores",
    "conversations",
    "customer_days",
    "daily_metrics",
    "day_end",
    "day_start",
    "estimate",
    "feedback_entries",
    "feedback_summary",
    "growth",
    "histogram",
    "hour_start",
    "hourly_metrics",
    "merge",
    "merged_percentile",
    "metric_date",
    "monthly_metrics",
    "percentage_points",
    "percentile_cont",
    "period_metrics",
    "quality_daily",
    "roi",
    "roi_columns",
    "weekly_metrics",
    "wilson",
]
