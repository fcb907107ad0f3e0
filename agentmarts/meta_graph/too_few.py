"""Samples that Meta keeps back because too few people saw the object: unknown, with a state that says why."""

from __future__ import annotations

from datetime import datetime

from agentmarts.meta_graph.observations import Observation, Question


def too_few(question: Question, observed_at: datetime) -> tuple[Observation, ...]:
    """One observation without a value for each metric of a sample that was refused as `below_threshold`."""
    return tuple(
        Observation(
            group_name=question.group.name,
            platform=question.group.platform,
            object_type=question.object_type,
            object_id=question.object_id,
            metric=metric,
            period=question.group.period,
            value=None,
            state="below_threshold",
            is_final=True,
            observed_at=observed_at,
            media_product=question.media_product,
            sample_slot=question.sample_slot,
        )
        for metric in question.metrics
    )
