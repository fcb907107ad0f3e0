"""How often the calibration alarm is false, and how soon it is right, beside a test that must not be looked at twice."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.scratch_warehouse import figures, scratch_warehouse
from bench.simulated_actions import SimulatedAction, publish_actions

OUTCOMES = 300
DAYS = 60
WINDOW_HOURS = 24
TYPES = 20
"""Action types of a tenant."""
OVERCONFIDENCE = 0.1
CONFIDENT = (0.8, 0.85, 0.9, 0.95)
"""What agents mostly say. `spread` groups say anything between .2 and .95."""
FIRST_LOOK = 30
"""Outcomes before which nobody looks at the z-test."""

QUERY = f"""
with groups as (
  select left(t.slug, -3) as cohort, c.*,
         exists (
           select 1 from marts.calibration_history h
           where h.tenant_id = c.tenant_id and h.action_type = c.action_type and h.n >= {FIRST_LOOK} and abs(h.citl_z) >= 1.96
         ) as is_z_alarm
  from marts.calibration_summary c join marts.dim_tenant t using (tenant_id) where label_policy = 'headline'
)
select count(*) filter (where cohort like 'calibrated%') as calibrated_groups,
       min(n) as outcomes_per_group_min, max(n) as outcomes_per_group_max,
       avg((e_alarm_at is not null)::integer) filter (where cohort like 'calibrated%') as false_alarm_share,
       avg((e_alarm_at is not null)::integer) filter (where cohort = 'calibrated-confident') as false_alarm_share_confident,
       avg((e_alarm_at is not null)::integer) filter (where cohort = 'calibrated-spread') as false_alarm_share_spread,
       avg(is_z_alarm::integer) filter (where cohort like 'calibrated%') as daily_z_test_false_alarm_share,
       avg((abs(citl_z) >= 1.96)::integer) filter (where cohort like 'calibrated%') as one_look_z_test_false_alarm_share,
       avg((not is_calibrated)::integer) filter (where cohort like 'calibrated%') as called_miscalibrated_share,
       avg((e_alarm_at is not null)::integer) filter (where cohort = 'overconfident-confident') as detected_share_confident,
       percentile_cont(0.5) within group (order by coalesce(e_alarm_n, {OUTCOMES + 1}))
         filter (where cohort = 'overconfident-confident') as detection_median_confident,
       avg((e_alarm_at is not null)::integer) filter (where cohort = 'overconfident-spread') as detected_share_spread,
       percentile_cont(0.5) within group (order by coalesce(e_alarm_n, {OUTCOMES + 1}))
         filter (where cohort = 'overconfident-spread') as detection_median_spread
from groups
"""


def run(groups: int, seed: int) -> dict[str, float]:
    """Shares of alarms over `groups` calibrated groups, and the outcomes needed for half as many that are overconfident by 10 points.

    A group without an alarm counts as one outcome more than it has in the median.
    """
    with scratch_warehouse(27633) as (settings, folder):
        publish_actions(settings, folder, _actions(groups, seed), seed)
        return {f"calibration_{name}": value for name, value in figures(settings, QUERY).items()}


def _actions(groups: int, seed: int) -> Iterator[SimulatedAction]:
    rng = Random(f"{seed}/calibration")
    cohorts = {
        ("calibrated", "confident"): groups // 2,
        ("calibrated", "spread"): groups - groups // 2,
        ("overconfident", "confident"): groups // 4,
        ("overconfident", "spread"): groups // 4,
    }
    for (kind, manner), size in cohorts.items():
        for group in range(size):
            for _ in range(OUTCOMES):
                said = rng.choice(CONFIDENT) if manner == "confident" else round(rng.uniform(0.2, 0.95), 2)
                chance = said - (OVERCONFIDENCE if kind == "overconfident" else 0)
                yield SimulatedAction(
                    tenant=f"{kind}-{manner}-{group // TYPES:02d}",
                    action_type=f"type_{group % TYPES:02d}",
                    outcome_type="email_engagement",
                    days_ago=rng.uniform(WINDOW_HOURS / 24, DAYS),
                    said=said,
                    window_hours=WINDOW_HOURS,
                    # Successes come early, failures show at the end of the window only.
                    hours_to_success=WINDOW_HOURS * rng.random() ** 2 if rng.random() < chance else None,
                )
