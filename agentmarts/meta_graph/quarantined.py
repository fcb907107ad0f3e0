"""Metrics that Meta refused lately, and which questions may not ask for them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from agentmarts.meta_graph.catalogue import CallGroup


class Quarantined(NamedTuple):
    """A metric that is not asked for now."""

    object_type: str
    media_product: str | None
    """None: of any."""
    metric: str
    period: str
    """As the call group sends it; empty: it sends none."""
    group_name: str = ""
    """Set if only this call group was refused: its breakdown or its media, while others may well ask."""


def is_quarantined(group: CallGroup, media_product: str | None, metric: str, quarantined: Collection[Quarantined]) -> bool:
    """Whether a group leaves a metric out, of one media product or of all."""
    if not quarantined:
        return False
    # Stories are media of a kind of their own in the ledger.
    kinds = (group.object, "story") if group.cadence == "story" else (group.object,)
    return any(
        Quarantined(kind, product, metric, group.period, name) in quarantined
        for kind in kinds
        for product in {media_product, None}
        for name in ("", group.name)
    )
