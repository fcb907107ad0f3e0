"""One metric that Meta refuses costs nobody else, and what is wrong with the token or the budget stops at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.collecting.asking import ask_all
from agentmarts.meta_graph.fault import Fault, FaultKind

METRICS = tuple(f"m{number}" for number in range(20))


@dataclass
class Meta:
    """Answers as Meta does: a dead name fails the whole request; `names` says whether it tells which."""

    dead: frozenset[str] = frozenset()
    names: bool = False
    total_only: frozenset[str] = frozenset()
    heavy_above: int = 100
    throttled_after: int = 10_000
    calls: list[tuple[str, ...]] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)

    def __call__(self, metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        self.calls.append(tuple(metrics))
        if len(self.calls) > self.throttled_after:
            return Fault("throttled_app", "Application request limit reached")
        if self.dead & set(metrics):
            if self.names:
                return Fault(
                    "deprecated_metric_named", "…must be one of the following values", valid_metrics=frozenset(METRICS) - self.dead
                )
            return Fault("deprecated_metric", "The value must be a valid insights metric")
        if metric_type is None and (wrong := self.total_only & set(metrics)):
            return Fault("wrong_metric_type", "should be specified with parameter metric_type=total_value", metrics=wrong)
        if len(metrics) > self.heavy_above:
            return Fault("too_heavy", "Please reduce the amount of data")
        self.answered.update(metrics)
        return None


def test_nothing_wrong_is_one_request() -> None:
    meta = Meta()
    verdicts = ask_all(METRICS, meta)
    assert (verdicts.refused, verdicts.unasked, verdicts.stopped_by) == ({}, (), None)
    assert meta.calls == [METRICS]


@pytest.mark.parametrize(("names", "most"), [(False, 10), (True, 1)])
@pytest.mark.parametrize("dead", METRICS)
def test_one_of_twenty_dies(dead: str, names: bool, most: int) -> None:
    meta = Meta(frozenset({dead}), names)
    verdicts = ask_all(METRICS, meta)
    assert set(verdicts.refused) == {dead}
    assert verdicts.refused[dead].policy.state == "deprecated"
    assert meta.answered == Counter(metric for metric in METRICS if metric != dead)
    assert len(meta.calls) - 1 <= most


@given(
    st.sets(st.sampled_from(METRICS)), st.booleans(), st.sets(st.sampled_from(METRICS)), st.integers(1, 30), st.sampled_from([2, 5, 10_000])
)
def test_each_metric_is_answered_once_refused_or_left_for_later(
    dead: set[str], names: bool, total_only: set[str], heavy_above: int, throttled_after: int
) -> None:
    # Too heavy a request of names that are refused in halves is Meta's business; here weight is the only other fault.
    meta = Meta(frozenset(dead), names, frozenset(total_only) if not dead else frozenset(), heavy_above if names or not dead else 100)
    meta.throttled_after = throttled_after
    verdicts = ask_all(METRICS, meta)
    assert all(count == 1 for count in meta.answered.values())
    ends = [set(meta.answered), set(verdicts.refused), set(verdicts.unasked)]
    assert set().union(*ends) == set(METRICS)
    assert sum(map(len, ends)) == len(METRICS)
    assert set(verdicts.refused) <= dead
    assert bool(verdicts.unasked) <= (verdicts.stopped_by is not None)
    if throttled_after == 10_000 and verdicts.stopped_by is None:
        assert set(verdicts.refused) == dead


@pytest.mark.parametrize(
    "kind", ["throttled_asset", "token_invalid", "transient", "bad_proof", "our_bug", "unrecognised", "missing_object"]
)
def test_what_is_not_about_metrics_stops_at_once(kind: FaultKind) -> None:
    calls: list[Sequence[str]] = []

    def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        calls.append(metrics)
        return Fault(kind, "…")

    verdicts = ask_all(METRICS, send)
    assert verdicts.stopped_by is not None
    assert verdicts.stopped_by.kind == kind
    assert verdicts.unasked == METRICS
    assert len(calls) == 1


@pytest.mark.parametrize("kind", ["below_threshold", "not_permitted", "media_before_business"])
def test_what_holds_for_the_object_refuses_all_without_another_request(kind: FaultKind) -> None:
    verdicts = ask_all(METRICS, lambda metrics, *, metric_type=None: Fault(kind, "…"))
    assert set(verdicts.refused) == set(METRICS)
    assert verdicts.stopped_by is None


def test_an_unsupported_breakdown_is_tried_metric_by_metric() -> None:
    answered = []

    def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        if "m3" in metrics:
            return Fault("unsupported_breakdown", "An unknown error has occurred.")
        answered.extend(metrics)
        return None

    verdicts = ask_all(METRICS[:5], send)
    assert set(verdicts.refused) == {"m3"}
    assert verdicts.refused["m3"].policy.state == "not_supported"
    assert answered == ["m0", "m1", "m2", "m4"]
