"""How many tenants without any effect are told to act upon a pattern, by our rule and by the original's."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.scratch_warehouse import figures, scratch_warehouse
from bench.simulated_actions import SimulatedAction, publish_actions

TYPES = 20
ACTIONS_PER_TYPE = 40
CHANCE = 0.45
DAYS = 85
CHANNELS = ("email", "phone", "web_chat", "whatsapp")
PERSONAS = ("new_customer", "regular", "business")
STAGES = ("discovery", "qualification", "evaluation", "negotiation")
WINDOWS = {"email_engagement": 24, "deal_progression": 72}
"""Hours, shorter than usual for deals: all shall have matured."""

QUERY = """
with tenants as (
  select t.tenant_id, count(p.pattern_id) filter (where window_days = 90) as patterns,
         coalesce(bool_or(p.is_actionable) filter (where window_days = 90), false) as actionable,
         coalesce(bool_or(p.is_actionable) filter (where window_days = 30), false) as actionable_30,
         coalesce(bool_or(p.is_actionable), false) as actionable_any,
         coalesce(bool_or(p.seed_is_pattern) filter (where window_days = 90), false) as seed_pattern
  from marts.dim_tenant t left join marts.coaching_patterns p using (tenant_id) group by t.tenant_id
)
select count(*) as tenants, avg(patterns) as listed_patterns, avg(actionable::integer) as actionable_share,
       avg(actionable_30::integer) as actionable_share_30_days, avg(actionable_any::integer) as actionable_share_either_window,
       avg(seed_pattern::integer) as original_pattern_share
from tenants
"""


def run(tenants: int, seed: int) -> dict[str, float]:
    """Shares of `tenants` tenants in whom everything succeeds equally often, whatever is compared."""
    with scratch_warehouse(27733) as (settings, folder):
        publish_actions(settings, folder, _actions(tenants, seed), seed)
        return {f"coaching_{name}": value for name, value in figures(settings, QUERY).items()}


def _actions(tenants: int, seed: int) -> Iterator[SimulatedAction]:
    rng = Random(f"{seed}/coaching")
    outcome_types = tuple(WINDOWS)
    for tenant in range(tenants):
        for number in range(TYPES * ACTIONS_PER_TYPE):
            outcome_type = outcome_types[number % TYPES % len(outcome_types)]
            window_hours = WINDOWS[outcome_type]
            yield SimulatedAction(
                tenant=f"without-effect-{tenant:03d}",
                action_type=f"type_{number % TYPES:02d}",
                outcome_type=outcome_type,
                days_ago=rng.uniform(window_hours / 24, DAYS),
                said=0.5,
                window_hours=window_hours,
                hours_to_success=rng.uniform(0, window_hours) if rng.random() < CHANCE else None,
                channel=rng.choice(CHANNELS),
                persona=rng.choice(PERSONAS),
                deal_stage=rng.choice(STAGES) if outcome_type == "deal_progression" else None,
            )
