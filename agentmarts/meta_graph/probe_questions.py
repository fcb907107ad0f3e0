"""What a probe asks: each metric alone, in the way its call group asks it, of one object that has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.catalogue import COLLECTED, CallGroup, Catalogue, Metric
from agentmarts.meta_graph.observations import GraphObject
from agentmarts.meta_graph.requests import Request, insights_request, node_request, object_insights_request, window_parameters
from agentmarts.meta_graph.session import OBJECTS, duty_group
from agentmarts.meta_graph.slots import DAY, STORY_LIVES
from agentmarts.meta_graph.windows import calendar_of, last_closed_day, window

UNDECIDED = frozenset({"conflict", "valid_in_sdk"})
"""Statuses of metrics that are not collected because nobody knows whether Meta answers them."""
TIMEFRAME = "this_month"
"""Of demographics, which know no window."""
_EDGES = {"reel": "video_insights", "post": "insights", "ig_media": "insights", "story": "insights"}


@dataclass(frozen=True)
class ProbeQuestion:
    """One metric and how it is asked. `request` None: there is no object to ask."""

    object_type: str
    """As in the catalogue: page, post, reel, ig_user, ig_media."""
    metric: str
    period: str
    """As the call group sends it, so that an answer lifts the metric's quarantine."""
    status: str
    """Of the catalogue."""
    is_expected: bool | None
    """Whether the catalogue says that Meta answers it today; None: it has no opinion."""
    request: Request | None
    asked: GraphObject | None = None
    """None: the account itself."""


def probe_questions(
    account: Account, timezone: str, objects: Sequence[GraphObject], catalogue: Catalogue, at: datetime
) -> list[ProbeQuestion]:
    """All metrics of an account's platform that are planned or undecided, in the order of the catalogue.

    `objects`: what the lists showed; the newest of a kind is asked. `timezone`: the tenant's.
    """
    sight = _Sight(account, timezone, objects, catalogue, at)
    found: dict[tuple[str, str], ProbeQuestion] = {}
    for group in catalogue.groups:
        if group.platform == account.platform:
            for metric in group.metrics:
                found.setdefault((group.object, metric), sight.planned(group, metric))
    for row in catalogue.rows:
        if row.platform == account.platform and row.status in UNDECIDED and (row.object in _EDGES or row.object == OBJECTS[row.platform]):
            key = (row.object, row.metric) if (row.object, row.metric) not in found else (row.object, f"{row.metric} {row.period}")
            found.setdefault(key, sight.undecided(row))
    return list(found.values())


@dataclass(frozen=True)
class _Sight:
    """The account as a probe sees it."""

    account: Account
    timezone: str
    objects: Sequence[GraphObject]
    catalogue: Catalogue
    at: datetime

    def planned(self, group: CallGroup, metric: str) -> ProbeQuestion:
        rows = self.catalogue.rows_of(group, metric)
        collected = [row for row in rows if row.status in COLLECTED]
        is_expected = any(row.is_alive(self.at.date()) for row in collected) if collected else None
        status = (collected or list(rows))[0].status
        products = group.media_products & frozenset(product for row in rows for product in row.media_products) or group.media_products
        asked = self._told(group.object, products)
        request = None
        if asked is not None or group.object == OBJECTS[group.platform]:
            request = self._request(group, metric, asked, is_field=any(row.period == "node" for row in rows))
        return ProbeQuestion(group.object, metric, group.period, status, is_expected, request, asked)

    def undecided(self, row: Metric) -> ProbeQuestion:
        # Where its date has passed the catalogue has an opinion after all.
        is_expected = None if row.is_alive(self.at.date()) else False
        asked = self._told(row.object, row.media_products)
        request: Request | None = None
        if asked is not None:
            request = f"/{asked.object_id}/{_EDGES[row.object]}", {"metric": row.metric, "period": row.period}
        elif row.object == OBJECTS[row.platform]:
            request = f"/{self.account.graph_id}/insights", dict(self._parameters(row))
        return ProbeQuestion(row.object, row.metric, row.period, row.status, is_expected, request, asked)

    def _request(self, group: CallGroup, metric: str, asked: GraphObject | None, *, is_field: bool) -> Request:
        if is_field:
            return node_request(asked.object_id if asked else self.account.graph_id, [metric.split(".", maxsplit=1)[0]])
        if asked is None:
            path, params = insights_request(self.account.graph_id, group, [metric])
            return path, params | self._window(group)
        if group.edge == _EDGES[asked.object_type]:
            return object_insights_request(asked.object_id, group, [metric])
        return f"/{asked.object_id}/{_EDGES[asked.object_type]}", {"metric": metric, "period": group.period}

    def _parameters(self, row: Metric) -> Iterator[tuple[str, str | int]]:
        yield "metric", row.metric
        yield "period", row.period
        if row.metric_types:
            yield "metric_type", "time_series" if "time_series" in row.metric_types else min(row.metric_types)
        if row.period != "lifetime":
            yield from self._window(duty_group(self.account, "", "insights", ())).items()
        elif row.breakdowns:
            yield "breakdown", min(row.breakdowns)
            yield "timeframe", TIMEFRAME

    def _window(self, group: CallGroup) -> dict[str, str | int]:
        """The last day that has ended."""
        calendar = calendar_of(self.account.platform, self.account.ig_day_boundary or "utc", self.timezone)
        last = last_closed_day(self.at, calendar)
        return window_parameters(group, window(last, last, calendar))

    def _told(self, object_type: str, products: frozenset[str]) -> GraphObject | None:
        """The newest of a kind that people had a day to see; of stories, which live no longer, the oldest."""
        fitting = [one for one in self.objects if self._is_there(one) and _is_of(one, object_type, products)]
        begun = sorted((one for one in fitting if one.published_at is not None), key=lambda one: one.published_at or self.at)
        seen = [one for one in begun if one.published_at is not None and self.at - one.published_at >= DAY]
        return seen[-1] if seen else begun[0] if begun else None

    def _is_there(self, one: GraphObject) -> bool:
        is_over = one.object_type == "story" and one.published_at is not None and self.at - one.published_at >= STORY_LIVES
        return not one.is_deleted and not is_over


def _is_of(one: GraphObject, object_type: str, products: frozenset[str]) -> bool:
    if object_type != "ig_media":
        return one.object_type == object_type
    if products:
        return one.media_product in products
    return one.object_type == "ig_media"
