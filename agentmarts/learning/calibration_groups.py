"""The published calibration of every group of forecasts, for those who watch over it rather than ask about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from agentmarts.learning.reliability_diagram import ReliabilityBin
from agentmarts.warehouse.connection import Connection


@dataclass(frozen=True)
class CalibrationGroup:
    """One tenant's forecasts of one action type under the headline policy, as last published. Times are UTC."""

    tenant: str
    action_type: str
    n: int
    brier_score: float | None
    direction: str
    e_value: float | None
    e_alarm_at: datetime | None
    e_alarm_n: int | None
    bins: tuple[ReliabilityBin, ...]

    @property
    def has_alarm(self) -> bool:
        """Whether the e-process reached 20 at some time: chance does that to at most 5 % of calibrated groups, ever."""
        return self.e_alarm_at is not None


def alarmed_groups(connection: Connection) -> list[CalibrationGroup]:
    """Groups whose calibration alarm has fired, the latest first. `connection`: of a role that reads all tenants."""
    alarmed = [group for group in _groups(connection) if group.e_alarm_at is not None]
    return sorted(alarmed, key=lambda group: group.e_alarm_at or datetime.min.replace(tzinfo=UTC), reverse=True)


def first_to_look_at(connection: Connection, limit: int) -> list[CalibrationGroup]:
    """At most `limit` groups with outcomes: alarmed ones, then those with the most outcomes."""
    known = [group for group in _groups(connection) if group.n]
    return sorted(known, key=lambda group: (not group.has_alarm, -group.n))[:limit]


def _groups(connection: Connection) -> list[CalibrationGroup]:
    rows = connection.execute(
        """
        select t.slug, c.action_type, c.n, c.brier_score, c.direction, c.e_value, c.e_alarm_at, c.e_alarm_n,
               array(select row_to_json(b) from marts.calibration_bins b
                     where b.tenant_id = c.tenant_id and b.action_type = c.action_type and b.label_policy = c.label_policy
                     order by b.bin_index)
        from marts.calibration_summary c join marts.dim_tenant t using (tenant_id)
        where c.label_policy = 'headline' order by t.slug, c.action_type
        """
    ).fetchall()
    return [_group(*row) for row in rows]


def _group(
    tenant: str,
    action_type: str,
    n: int,
    brier_score: float | None,
    direction: str,
    e_value: float | None,
    e_alarm_at: datetime | None,
    e_alarm_n: int | None,
    bins: list[dict[str, float]],
) -> CalibrationGroup:
    drawable = tuple(_bin(one) for one in bins)
    return CalibrationGroup(tenant, action_type, n, brier_score, direction, e_value, e_alarm_at, e_alarm_n, drawable)


def _bin(row: dict[str, float]) -> ReliabilityBin:
    return ReliabilityBin(
        bin_index=int(row["bin_index"]),
        sample_count=int(row["sample_count"]),
        mean_confidence=row["mean_confidence"],
        actual_rate=row["actual_rate"],
        actual_rate_low=row["actual_rate_low"],
        actual_rate_high=row["actual_rate_high"],
    )
