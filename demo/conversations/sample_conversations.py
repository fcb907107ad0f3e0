"""All conversations of one tenant, day by day, as their events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from demo.conversations.activity import Calendar, starts_of_day
from demo.conversations.endings import end_conversation, quality_of
from demo.conversations.sample_texts import Topic
from demo.conversations.transcript import Event, Setting, Transcript
from demo.conversations.turns import MODELS, ai_answers, ai_asks_back, customer_asks, follow_up, open_conversation
from demo.demo_tenants import DemoTenant
from demo.event_stamps import MS_PER_DAY

RECENT_MS = 7 * MS_PER_DAY
DELIVERY_TROUBLE = 5.0
"""How many times more questions about deliveries there are in the bad week."""


@dataclass(frozen=True)
class Conversation:
    """One conversation: its events in order of time, and how good the AI was in truth (0..1)."""

    setting: Setting
    events: list[Event]
    quality: float


@dataclass(frozen=True)
class _Customer:
    customer_id: str
    language: str
    channel: str
    topic: Topic
    last_seen_ms: int


class Clientele:
    """Who writes: new customers, customers of the last seven days who come back, old ones, people without a name."""

    def __init__(self, tenant: DemoTenant) -> None:
        self._shop = tenant.shop
        self._recent: deque[_Customer] = deque()
        self._old: list[_Customer] = []
        self._count = 0

    def next_visit(self, started_ms: int, topic_factor: float, rng: Random) -> tuple[str | None, str, str, Topic]:
        """Customer id (None: anonymous), language, channel and topic of the conversation that begins now (ms UTC)."""
        while self._recent and self._recent[0].last_seen_ms < started_ms - RECENT_MS:
            self._old.append(self._recent.popleft())
        share = rng.random()
        known: _Customer | None = None
        if share < 0.13 and self._recent:
            known = rng.choice(self._recent)
        elif share < 0.3 and self._old:
            known = rng.choice(self._old)
        shop = self._shop
        language = known.language if known else rng.choices(list(shop.languages), list(shop.languages.values()))[0]
        channel = known.channel if known else rng.choices(list(shop.channels), list(shop.channels.values()))[0]
        if known and share < 0.06:
            topic = known.topic  # The same trouble again.
        else:
            topics = shop.topics_in(language)
            weights = [topic.weight * (topic_factor if topic.is_delivery else 1.0) for topic in topics]
            topic = rng.choices(topics, weights)[0]
        if known is None and channel == "web_chat" and rng.random() < 0.1:
            return None, language, channel, topic
        if known is None:
            self._count += 1
        customer_id = known.customer_id if known else f"cust-{self._count:05d}"
        self._recent.append(_Customer(customer_id, language, channel, topic, started_ms))
        return customer_id, language, channel, topic


def conversations_of_day(tenant: DemoTenant, day: date, calendar: Calendar, clientele: Clientele, seed: int) -> Iterator[Conversation]:
    """Conversations that begin on this local day, in order. Days must be asked for in order, each once.

    Everything hangs on seed, tenant, day and calendar, never on the present: tomorrow's history begins with today's.
    """
    rng = Random(f"{seed}/{tenant.slug}/{day.isoformat()}")
    is_bad = calendar.is_bad(day)
    for number, started_ms in enumerate(starts_of_day(tenant, day, calendar, rng), start=1):
        customer_id, language, channel, topic = clientele.next_visit(started_ms, DELIVERY_TROUBLE if is_bad else 1.0, rng)
        maturity = calendar.maturity(day)
        setting = Setting(
            tenant=tenant,
            conversation_id=f"conv-{day:%Y%m%d}-{number:04d}",
            customer_id=customer_id,
            channel=channel,
            language=language,
            topic=topic,
            # The shop tries the second model on a few conversations first, then moves over.
            model=MODELS[1] if rng.random() < (0.1 if maturity < 0.55 else 0.8) else MODELS[0],
            started_ms=started_ms,
            is_bad_week=is_bad,
            maturity=maturity,
        )
        yield _hold(setting, rng)


def _hold(setting: Setting, rng: Random) -> Conversation:
    talk = Transcript(setting, rng)
    open_conversation(talk)
    customer_asks(talk)
    if setting.topic.has_article and talk.chance(0.1):
        ai_asks_back(talk)
    ai_answers(talk)
    if setting.topic.is_sales and talk.chance(0.35):
        _sell(talk)
    for _ in range(rng.choices((0, 1, 2, 3), (46, 32, 15, 7))[0]):
        follow_up(talk)
    end_conversation(talk)
    return Conversation(setting, talk.events, quality_of(talk))


def _sell(talk: Transcript) -> None:
    """Advice that may become an order within three days."""
    rng = talk.rng
    deal_id = f"deal-{rng.randrange(16**8):08x}"
    deal: dict[str, object] = {
        "deal_id": deal_id,
        "amount": round(rng.lognormvariate(4.6, 0.6), 2),
        "currency": talk.setting.tenant.currency,
        "agent_kind": "system",
    }
    talk.add_later(rng.uniform(1, 5), "deal_stage_changed", deal_stage="qualification", **deal)
    if talk.chance(0.75):
        stage = "closed_won" if talk.chance(0.65) else "closed_lost"
        talk.add_later(rng.uniform(1_800, 72 * 3_600), "deal_stage_changed", deal_stage=stage, **deal)
