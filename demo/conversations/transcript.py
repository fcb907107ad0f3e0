"""A conversation being written down: its setting, its clock, and the events so far in their external form."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from demo.conversations.sample_texts import PHRASES, Phrases, Shop, Topic
from demo.demo_tenants import DemoTenant
from demo.event_stamps import MS_PER_SECOND, rfc3339, time_ordered_id

CHANNEL_PACE = {"web_chat": 1.0, "whatsapp": 3.0, "instagram": 4.0, "email": 25.0}
"""How many times slower than in web chat customers write."""


class Event(NamedTuple):
    """One event: when it happened (ms UTC) and its body as the API takes it."""

    occurred_ms: int
    body: dict[str, object]


@dataclass(frozen=True)
class Setting:
    """What holds for a conversation before anybody writes. `maturity` is 0..1, `started_ms` in UTC."""

    tenant: DemoTenant
    conversation_id: str
    customer_id: str | None
    channel: str
    language: str
    topic: Topic
    model: str
    started_ms: int
    is_bad_week: bool
    maturity: float

    @property
    def shop(self) -> Shop:
        """The tenant's shop."""
        return self.tenant.shop

    @property
    def phrases(self) -> Phrases:
        """What is said in this conversation's language."""
        return PHRASES[self.language]


class Transcript:
    """The events of one conversation. Waiting moves the clock; what happens on the side is added by `add_later`."""

    def __init__(self, setting: Setting, rng: Random) -> None:
        self.setting = setting
        self.rng = rng
        self.now_ms = setting.started_ms
        self.question = ""
        self.ending = ""
        self._events: list[Event] = []
        self._common = {
            name: value
            for name, value in (
                ("customer_id", setting.customer_id),
                ("channel", setting.channel),
                ("language", setting.language),
            )
            if value is not None
        }

    def chance(self, probability: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < probability

    def say(self, choices: tuple[str, ...]) -> str:
        """One of the phrases, with the shop's name in it."""
        return self.rng.choice(choices).replace("{shop}", self.setting.shop.name)

    def wait(self, low_seconds: float, high_seconds: float) -> None:
        """Let time pass, evenly spread between the two."""
        self.now_ms += round(self.rng.uniform(low_seconds, high_seconds) * MS_PER_SECOND)

    def wait_for_customer(self) -> None:
        """Let the time pass that a customer takes to write again: half a minute in web chat, longer elsewhere."""
        seconds = min(7_200.0, self.rng.lognormvariate(3.5, 0.7) * CHANNEL_PACE[self.setting.channel])
        self.now_ms += round(seconds * MS_PER_SECOND)

    def add(self, event_type: str, **fields: object) -> None:
        """Something happens now. Fields that are None are left out."""
        self.add_later(0, event_type, **fields)

    def add_later(self, seconds: float, event_type: str, **fields: object) -> None:
        """Something happens that many seconds from now, without the conversation waiting for it."""
        occurred_ms = self.now_ms + round(seconds * MS_PER_SECOND)
        body: dict[str, object] = {
            "event_id": time_ordered_id(occurred_ms, self.rng),
            "conversation_id": self.setting.conversation_id,
            "event_type": event_type,
            "occurred_at": rfc3339(occurred_ms),
            **self._common,
        }
        body.update((name, value) for name, value in fields.items() if value is not None)
        self._events.append(Event(occurred_ms, body))

    @property
    def events(self) -> list[Event]:
        """The events in order of time."""
        return sorted(self._events, key=lambda event: event.occurred_ms)
