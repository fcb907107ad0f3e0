"""When conversations begin and when people are there to answer: the rhythm of a shop in its local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from demo.demo_tenants import DemoTenant
from demo.event_stamps import to_ms

BAD_WEEK_VOLUME = 1.45
GROWTH_FROM, GROWTH_TO = 0.75, 1.25


@dataclass(frozen=True)
class Calendar:
    """The dates that the whole picture hangs on, all of them local to the tenant.

    Growth runs from `first_day` to `anchor` and then stays. The bad week is a Monday to Sunday, about two fifths of the
    way back from the anchor, so that it lies inside every period a page shows by default but is not the newest one.
    """

    anchor: date
    days: int

    @property
    def first_day(self) -> date:
        """The first day with conversations."""
        return self.anchor - timedelta(days=self.days)

    @property
    def bad_week_start(self) -> date:
        """The Monday of the bad week."""
        middle = self.anchor - timedelta(days=round(self.days * 0.4))
        return middle - timedelta(days=middle.weekday())

    def is_bad(self, day: date) -> bool:
        """Whether this day is in the bad week."""
        return self.bad_week_start <= day < self.bad_week_start + timedelta(days=7)

    def maturity(self, day: date) -> float:
        """How far the shop has come: 0 on the first day, 1 from the anchor on."""
        return min(1.0, max(0.0, (day - self.first_day).days / max(1, self.days)))


def starts_of_day(tenant: DemoTenant, day: date, calendar: Calendar, rng: Random) -> list[int]:
    """Instants (ms, ascending) at which conversations begin on a local day."""
    shop = tenant.shop
    expected = tenant.conversations_per_day * shop.weekday_weights[day.weekday()]
    expected *= GROWTH_FROM + (GROWTH_TO - GROWTH_FROM) * calendar.maturity(day)
    if calendar.is_bad(day):
        expected *= BAD_WEEK_VOLUME
    # A normal approximation of Poisson: near enough for the counts of a shop, and the standard library has it.
    count = max(0, round(rng.gauss(expected, expected**0.5)))
    zone = ZoneInfo(tenant.timezone)
    starts = []
    for hour in rng.choices(range(24), shop.hour_weights, k=count):
        ms_in_hour = rng.randrange(3_600_000)
        # fold=1 for half of them, so that the hour that comes twice in autumn is busy both times.
        local = datetime(day.year, day.month, day.day, hour, tzinfo=zone, fold=rng.randrange(2))
        starts.append(to_ms(local) + ms_in_hour)
    return sorted(starts)


def next_staffed(tenant: DemoTenant, instant_ms: int, rng: Random) -> int:
    """The instant itself while people are at work, else shortly after they begin again (ms)."""
    zone = ZoneInfo(tenant.timezone)
    opens, closes = tenant.shop.staffed_hours
    local = datetime.fromtimestamp(instant_ms / 1_000, tz=zone)
    if local.isoweekday() in tenant.shop.staffed_weekdays and opens <= local.hour < closes:
        return instant_ms
    day = local.date() if local.hour < opens else local.date() + timedelta(days=1)
    while day.isoweekday() not in tenant.shop.staffed_weekdays:
        day += timedelta(days=1)
    # Whoever comes in works through the night's queue for an hour.
    return to_ms(datetime(day.year, day.month, day.day, opens, tzinfo=zone)) + rng.randrange(3_600_000)
