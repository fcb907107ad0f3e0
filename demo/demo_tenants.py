"""The tenants of the demo, and which kind of shop each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demo.conversations.kiosk_shop import KIOSK_SHOP
from demo.conversations.outdoor_shop import OUTDOOR_SHOP
from demo.conversations.sample_texts import Shop

SHOPS: Mapping[str, Shop] = {"outdoor": OUTDOOR_SHOP, "kiosk": KIOSK_SHOP}
"""Shops by the name that `DemoTenant.profile` uses."""


@dataclass(frozen=True)
class DemoTenant:
    """One tenant to make up. `timezone` is an IANA name, `profile` a key of `SHOPS`, `currency` ISO 4217.

    `conversations_per_day` is the average over the first 90 days; the days themselves grow and swing around it.
    """

    slug: str
    timezone: str
    profile: str
    conversations_per_day: int
    currency: str = "USD"

    @property
    def shop(self) -> Shop:
        """What this tenant sells and is asked."""
        return SHOPS[self.profile]


DEMO_TENANTS: tuple[DemoTenant, ...] = (
    DemoTenant("aurora-outfitters", "America/New_York", "outdoor", 80, "USD"),
    DemoTenant("kiosk-berlin", "Europe/Berlin", "kiosk", 50, "EUR"),
)
