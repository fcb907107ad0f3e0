"""The last days are not settled: absent or 0 at first, then part of the truth, then nearly all, and final 72 hours after their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from .event_log import Event
from .instants import DAY

FINAL_AFTER = 3 * DAY
ABSENT = None

# What part of a day's events is counted in its first, second and third 24 hours.
_COURSES: tuple[tuple[float | None, float | None, float], ...] = (
    (ABSENT, 0.0, 0.97),
    (0.0, 0.6, 0.95),
    (0.7, 0.9, 0.98),
    (ABSENT, ABSENT, 0.96),
    (0.0, 0.0, 0.99),
)


@dataclass(frozen=True, slots=True)
class Provisional:
    """How much of a day is known, by seed: the same question at the same instant always has the same answer."""

    seed: int
    is_on: bool = True

    def share(self, account_id: str, metric: str, day: date, closed_at: int, now: int) -> float | None:
        """What part (0..1) of a day's events is counted by now; None: the day is absent. An open day counts what there is."""
        age = now - closed_at
        if not self.is_on or age >= FINAL_AFTER or age < 0:
            return 1.0
        course = _COURSES[crc32(f"{self.seed}:{account_id}:{metric}:{day}".encode()) % len(_COURSES)]
        if metric == "follows_and_unfollows" and age < DAY:
            return ABSENT  # it comes a day late
        return course[age // DAY]


def is_counted(event: Event, share: float) -> bool:
    """Whether an event is among the counted part: the more of a day is counted, the more of the same events are."""
    return (event.at * 2_654_435_761 + event.user * 40_503) % 65_536 < share * 65_536
