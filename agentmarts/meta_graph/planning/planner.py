"""Which requests are due for an account: a pure function of the clock, the catalogue and what the ledger has settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from agentmarts.meta_graph.catalogue import CallGroup, Catalogue
from agentmarts.meta_graph.model import Call, GraphObject, Item, Question, Urgency
from agentmarts.meta_graph.planning.quarantine import Quarantined, is_quarantined
from agentmarts.meta_graph.planning.requests import (
    LIST_EDGES,
    insights_request,
    list_request,
    node_request,
    object_insights_request,
    window_parameters,
)
from agentmarts.meta_graph.planning.slots import age_slot, day_slot, is_young, plan_key, story_slot
from agentmarts.meta_graph.planning.windows import (
    BACKFILL_DAYS,
    Window,
    calendar_of,
    last_closed_day,
    missing_windows,
    oldest_day,
    past_windows,
    restated_windows,
    rolling_windows,
)

BATCH_SIZE = 50
"""Meta's limit of requests in one batch."""
AFTER_MIDNIGHT = timedelta(hours=2)
"""How long after a local midnight ages of a week and more are still sampled as they are reached."""


@dataclass(frozen=True)
class Known:
    """What the planner knows of an account."""

    account_id: UUID
    platform: str
    graph_id: str
    timezone: str
    """The tenant's: local days of samples."""
    day_boundary: str
    """Of Instagram: utc, account or pacific."""
    collect_from: date
    """The day it was connected; the past before is backfilled once."""
    by_facebook_login: bool = True
    """False: an Instagram account that was connected by Instagram Login, which has less."""
    objects: Sequence[GraphObject] = ()
    settled: frozenset[str] = frozenset()
    """Plan keys that need nothing more."""
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of plan keys that do: metrics that have their answer."""
    covered: Mapping[str, Sequence[tuple[datetime, datetime]]] = field(default_factory=dict)
    """Per call group: windows that were answered or will never be."""
    quarantined: frozenset[Quarantined] = frozenset()
    resting: frozenset[tuple[str, str]] = frozenset()
    """(call group, object id) that Meta refused for a time or for ever."""

    @property
    def calendar(self) -> ZoneInfo:
        return calendar_of(self.platform, self.day_boundary, self.timezone)


def plan(known: Known, catalogue: Catalogue, at: datetime) -> list[Call]:
    """All requests that are due at an instant (UTC), most urgent first. Lists come first: plan again when they were read.

    Asked again with the same ledger it gives the same plan; items that the ledger has settled are not in it.
    """
    calls: list[Call] = []
    for group in catalogue.groups:
        if group.platform == known.platform:
            calls += _calls(_GroupPlan(known, catalogue, at, group))
    return sorted(calls, key=lambda call: (call.urgency, -_newest(call)))


def plan_days(known: Known, catalogue: Catalogue, at: datetime, first: date, last: date) -> list[Call]:
    """Requests that ask anew for an account's metrics of the days [first, last], whatever was answered before, newest first.

    Nothing is planned for posts and media, whose past Meta does not tell. Once answered they are not asked again on the same day.
    """
    calls: list[Call] = []
    for group in catalogue.groups:
        if group.platform == known.platform and group.max_window_days is not None:
            asking = _GroupPlan(known, catalogue, at, group)
            calls += _windows(asking, past_windows(group, first, last, at, known.calendar), Urgency.GAPS)
    return sorted(calls, key=_newest, reverse=True)


def sample_slot(known: Known, group: CallGroup, graph_object: GraphObject, at: datetime) -> str:
    """The slot of a sample that a list brings: the object's newest age if that is not sampled yet, else the local day."""
    slot = age_slot(graph_object.published_at, at) if graph_object.published_at and group.cadence == "age" else None
    if slot and sample_key(known, group, graph_object, slot) not in known.settled:
        return slot
    return day_slot(at, known.timezone)


def sample_key(known: Known, group: CallGroup, graph_object: GraphObject, slot: str) -> str:
    """The plan key of one object's sample in a slot."""
    return plan_key(known.account_id, group.name, slot, [graph_object.object_id])


@dataclass(frozen=True)
class _GroupPlan:
    """One call group at one instant."""

    known: Known
    catalogue: Catalogue
    at: datetime
    group: CallGroup

    def metrics(self, key: str, media_product: str | None = None) -> tuple[str, ...]:
        """What to ask: alive by the catalogue's dates, not in quarantine, without an answer yet."""
        answered = self.known.parts.get(key, frozenset())
        asked = self.catalogue.asked(self.group, self.at.date(), media_product, by_facebook_login=self.known.by_facebook_login)
        return tuple(m for m in asked if m not in answered and not is_quarantined(self.group, media_product, m, self.known.quarantined))

    def is_due(self, key: str) -> bool:
        return key not in self.known.settled

    def rests(self, object_id: str) -> bool:
        """Whether Meta said lately that it has no such object, or not for us."""
        return (self.group.name, object_id) in self.known.resting


def _calls(asking: _GroupPlan) -> Iterator[Call]:
    group = asking.group
    if group.edge == "node":
        yield from _node(asking)
    elif group.cadence == "window":
        yield from _windows(asking, rolling_windows(group, asking.at, asking.known.calendar), Urgency.DAYS)
    elif group.max_window_days is not None:
        yield from _windows(asking, restated_windows(group, asking.at, asking.known.calendar), Urgency.DAYS)
        yield from _windows(asking, _gaps(asking), Urgency.GAPS)
    else:
        yield from _lists(asking)
        if group.edge in ("video_insights", "insights"):
            yield from _samples(asking)


def _node(asking: _GroupPlan) -> Iterator[Call]:
    known, group = asking.known, asking.group
    slot = day_slot(asking.at, known.timezone)
    key = plan_key(known.account_id, group.name, slot, [known.graph_id])
    if asking.is_due(key) and not asking.rests(known.graph_id) and (metrics := asking.metrics(key)):
        question = Question(group, group.object, known.graph_id, metrics, sample_slot=slot)
        yield Call(group, "node", "node", Urgency.DAYS, (Item(key, *node_request(known.graph_id, metrics), question),))


def _windows(asking: _GroupPlan, windows: Iterable[Window], urgency: Urgency) -> Iterator[Call]:
    """Windows of an account, each once per day of its calendar as long as it is planned."""
    known, group = asking.known, asking.group
    if asking.rests(known.graph_id):
        return
    today = asking.at.astimezone(known.calendar).date()
    for one in windows:
        key = plan_key(known.account_id, group.name, (one.start, one.end), [known.graph_id], today)
        if asking.is_due(key) and (metrics := asking.metrics(key)):
            question = Question(group, group.object, known.graph_id, metrics, window_start=one.start, window_end=one.end)
            path, params = insights_request(known.graph_id, group, metrics)
            item = Item(key, path, params | window_parameters(group, one), question)
            yield Call(group, group.edge, "insights", urgency, (item,))


def _gaps(asking: _GroupPlan) -> list[Window]:
    """Days that no request answered, of the time since the account was connected and of the past that is asked on connecting.

    Not older than Meta keeps them: after a long outage a window that begins earlier would be refused for ever, with its younger days.
    """
    known, group = asking.known, asking.group
    closed = last_closed_day(asking.at, known.calendar)
    first = max(known.collect_from - timedelta(days=BACKFILL_DAYS[group.name]), oldest_day(group, closed))
    return missing_windows(group, first, closed - timedelta(days=group.restate_days), known.covered.get(group.name, ()), known.calendar)


def _lists(asking: _GroupPlan) -> Iterator[Call]:
    """The list of objects: once per local day, of stories every 4 hours; again for a young object that is due, if it brings samples."""
    known, group = asking.known, asking.group
    if group.name not in LIST_EDGES or asking.rests(known.graph_id):
        return
    edge = LIST_EDGES[group.name]
    slot = day_slot(asking.at, known.timezone)
    if group.cadence == "story":
        slot = f"story:{asking.at:%Y-%m-%d}T{asking.at.hour // 4 * 4:02}"
    key = plan_key(known.account_id, group.name, f"{edge} {slot}", ())
    metrics = asking.metrics(key)
    brings_samples = group.edge == edge
    if not asking.is_due(key):
        young = [key for _, slot, key in _due(asking) if is_young(slot)] if brings_samples and group.cadence == "age" else []
        key = plan_key(known.account_id, group.name, f"{edge} {slot}", young)
        if not asking.is_due(key):
            return
    question = Question(group, group.object, "", metrics if brings_samples else (), sample_slot=slot)
    yield Call(group, edge, "list", Urgency.LISTS, (Item(key, *list_request(known.graph_id, group, question.metrics), question),))


def _samples(asking: _GroupPlan) -> Iterator[Call]:
    """Insights of single objects that reached a new age, up to 50 in one batch."""
    group = asking.group
    items = []
    for graph_object, slot, key in _due(asking):
        if metrics := asking.metrics(key, graph_object.media_product):
            path, params = object_insights_request(graph_object.object_id, group, metrics)
            question = Question(
                group, graph_object.object_type, graph_object.object_id, metrics, graph_object.media_product, sample_slot=slot
            )
            items.append(Item(key, path, params, question, graph_object))
    urgency = Urgency.STORIES if group.cadence == "story" else Urgency.CHECKPOINTS
    for begin in range(0, len(items), BATCH_SIZE):
        yield Call(group, group.edge, "batch", urgency, tuple(items[begin : begin + BATCH_SIZE]))


def _due(asking: _GroupPlan) -> list[tuple[GraphObject, str, str]]:
    """Objects of the group whose newest age is not sampled yet, with slot and plan key, youngest first."""
    due = []
    for one in asking.known.objects:
        if one.published_at is None or one.is_deleted or not _belongs(one, asking.group):
            continue
        if asking.rests(one.object_id):
            continue
        slot = _slot(asking, one.published_at)
        if slot and asking.is_due(key := sample_key(asking.known, asking.group, one, slot)):
            due.append((one.published_at, one, slot, key))
    return [(one, slot, key) for _, one, slot, key in sorted(due, key=lambda entry: entry[0], reverse=True)]


def _slot(asking: _GroupPlan, published_at: datetime) -> str | None:
    """The slot an object is in. Ages of a week and more wait for the next local midnight, so that a day has few requests for all of them.

    Those reached in the two hours after it are taken at once: the next midnight may be 25 hours away, and a sample counts for 24.
    """
    if asking.group.cadence == "story":
        return story_slot(published_at, asking.at)
    slot = age_slot(published_at, asking.at)
    if slot is None or is_young(slot):
        return slot
    midnight = asking.at.astimezone(ZoneInfo(asking.known.timezone)).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    slot = age_slot(published_at, min(asking.at, midnight + AFTER_MIDNIGHT))
    return slot if slot and not is_young(slot) else None


def _belongs(graph_object: GraphObject, group: CallGroup) -> bool:
    if group.platform == "facebook":
        return graph_object.object_type == group.object
    return graph_object.media_product in group.media_products


def _newest(call: Call) -> float:
    end = call.items[0].question.window_end
    return end.timestamp() if end else 0.0
