"""How far the success rate of matured actions is from the truth when successes come early, evenly or late, beside the original's rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from bench.scratch_warehouse import figures, scratch_warehouse
from bench.simulated_actions import SimulatedAction, publish_actions

TRUTH = 0.4
WINDOW_DAYS = 30
DAYS = 60
"""Half of the actions have matured, as in a dashboard of two months over deals."""

DELAYS: Mapping[str, Callable[[Random], float]] = {
    "early": lambda rng: rng.random() ** 4,
    "uniform": lambda rng: rng.random(),
    "late": lambda rng: 1 - rng.random() ** 4,
}
"""When a success comes, as a share of the window."""

RATES = ("matured", "aalen_johansen", "closed", "created")
_COLUMNS = ", ".join(f"max({rate}) filter (where slug = '{delay}') as {rate}_{delay}" for rate in RATES for delay in DELAYS)
QUERY = f"""
with rates as (
  select t.slug,
         sum(matured_positive)::double precision / sum(matured_labelled) - {TRUTH} as matured,
         sum(positive)::double precision / sum(positive + negative + expired) - {TRUTH} as closed,
         sum(positive)::double precision / sum(actions) - {TRUTH} as created,
         (array_agg(aj_success_rate order by metric_date desc) filter (where aj_success_rate is not null))[1] - {TRUTH} as aalen_johansen,
         sum(matured_labelled) as n
  from marts.outcome_daily join marts.dim_tenant t using (tenant_id) group by t.slug
)
select {_COLUMNS},
       max(abs(matured)) as matured_largest, min(n) as matured_n
from rates
"""


def run(actions: int, seed: int) -> dict[str, float]:
    """Measured minus true success rate by profile of delays, `actions` actions each. `closed`, `created`: the original's denominators."""
    with scratch_warehouse(27833) as (settings, folder):
        publish_actions(settings, folder, _actions(actions, seed), seed)
        return {f"bias_{name}": value for name, value in figures(settings, QUERY).items()}


def _actions(actions: int, seed: int) -> Iterator[SimulatedAction]:
    rng = Random(f"{seed}/bias")
    for delay, draw in DELAYS.items():
        for _ in range(actions):
            yield SimulatedAction(
                tenant=delay,
                action_type="advance_deal",
                outcome_type="deal_progression",
                days_ago=rng.uniform(0, DAYS),
                said=TRUTH,
                window_hours=WINDOW_DAYS * 24,
                hours_to_success=WINDOW_DAYS * 24 * draw(rng) if rng.random() < TRUTH else None,
            )
