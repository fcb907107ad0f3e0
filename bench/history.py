"""Events for measuring: many tenants of very different size, 90 days, some of the events late. Made for speed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TextIO

import orjson

from bench.arrivals import ZONES, Intensity, hours_for_share, intensities, zipf_shares
from bench.shapes import DECK, PoolEntry, make_pools
from demo.event_stamps import MS_PER_DAY, MS_PER_HOUR, day_text, to_ms

LATE_SHARE = 0.01
LATEST_MS = 7 * MS_PER_DAY
EVENTS_PER_CONVERSATION = sum(map(len, DECK)) / len(DECK)
CHANNELS = ("web_chat", "web_chat", "web_chat", "whatsapp", "email", "instagram")
LANGUAGES = ("en", "en", "en", "de", "es")


@dataclass(frozen=True)
class BenchTenant:
    """One tenant of the bench: its files, and how many events each holds. `next_path` is None without a next batch."""

    slug: str
    timezone: str
    currency: str
    path: str
    events: int
    next_path: str | None
    next_events: int


@dataclass(frozen=True)
class _Span:
    """What all tenants share: instants in ms UTC, each at a full hour; `next_ms` is where the next batch ends."""

    since_ms: int
    until_ms: int
    next_ms: int
    seed: int


def write_bench_files(
    folder: Path,
    events: int,
    until: datetime,
    *,
    tenants: int = 200,
    days: int = 90,
    seed: int = 7,
    batch_percent: float = 0.0,
    next_folder: Path | None = None,
    on_tenant: Callable[[BenchTenant], None] | None = None,
) -> list[BenchTenant]:
    """Write `<folder>/<slug>/conversation_events/history.ndjson` per tenant, in order of delivery, and `tenants.json`.

    Holds about `events` events (within 1 %) of the `days` days before `until` (aware, cut to the full hour), as
    delivered up to then: 1 % come up to 7 days late. With `batch_percent` the events delivered in the hours after
    `until` go to `<next_folder>/<slug>/conversation_events/next_batch.ndjson`: so many hours that it is about that
    share of the volume, with the conversations that go on and the late events of the week before. The history has the
    same bytes with and without a next batch.
    """
    until_ms = to_ms(until) // MS_PER_HOUR * MS_PER_HOUR
    since_ms = until_ms - days * MS_PER_DAY
    end_ms = until_ms + (days * MS_PER_DAY if batch_percent > 0 else MS_PER_HOUR)
    shares = zipf_shares(tenants)
    rhythms = intensities(since_ms, end_ms)
    next_ms = until_ms
    if batch_percent > 0:
        hours = hours_for_share(rhythms, shares, since_ms=since_ms, until_ms=until_ms, end_ms=end_ms, share=batch_percent / 100)
        next_ms += hours * MS_PER_HOUR
    span = _Span(since_ms, until_ms, next_ms, seed)
    pools = make_pools(seed)
    clock = _clock_texts()
    written = []
    for rank, share in enumerate(shares):
        timezone, currency = ZONES[rank % len(ZONES)]
        slug = f"bench-{rank + 1:03d}"
        conversations = max(1, round(events * share / EVENTS_PER_CONVERSATION))
        writer = _TenantWriter(slug, conversations, span=span, rhythm=rhythms[timezone], pools=pools, clock=clock)
        path = folder / slug / "conversation_events" / "history.ndjson"
        count = writer.write_history(path)
        next_path = (next_folder / slug / "conversation_events" / "next_batch.ndjson") if next_folder else None
        next_count = writer.write_next(next_path) if next_path and next_ms > until_ms else 0
        tenant = BenchTenant(
            slug=slug,
            timezone=timezone,
            currency=currency,
            path=str(path.relative_to(folder)),
            events=count,
            next_path=str(next_path.relative_to(next_folder)) if next_folder and next_path and next_count else None,
            next_events=next_count,
        )
        written.append(tenant)
        if on_tenant:
            on_tenant(tenant)
    (folder / "tenants.json").write_bytes(orjson.dumps([asdict(tenant) for tenant in written], option=orjson.OPT_INDENT_2))
    return written


def _clock_texts() -> list[str]:
    """Every second of a day as HH:MM:SS, so that no timestamp needs formatting."""
    return [f"{hour:02d}:{minute:02d}:{second:02d}" for hour in range(24) for minute in range(60) for second in range(60)]


class _TenantWriter:
    """Makes the lines of one tenant day by day. A day leaves memory when only later conversations are to come."""

    def __init__(
        self,
        slug: str,
        conversations: int,
        *,
        span: _Span,
        rhythm: Intensity,
        pools: dict[str, list[PoolEntry]],
        clock: list[str],
    ) -> None:
        self._slug = slug
        self._count = conversations
        self._span = span
        self._rhythm = rhythm
        self._pools = pools
        self._clock = clock
        self._customers = max(1, conversations * 3 // 5)
        self._buckets: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        self._next: list[tuple[int, str]] = []
        self._deck: list[str] = []

    def write_history(self, path: Path) -> int:
        """Write what is delivered up to `until`; keep what comes in the hours after it. Gives the number of events."""
        span = self._span
        rng = Random(f"{span.seed}/{self._slug}/history")
        starts = self._rhythm.draw(self._count, span.since_ms, span.until_ms, rng)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            position = 0
            for day in range(span.since_ms // MS_PER_DAY, span.until_ms // MS_PER_DAY + 1):
                first = position
                while position < len(starts) and starts[position] < (day + 1) * MS_PER_DAY:
                    position += 1
                self._make(starts[first:position], first, rng)
                written += self._flush(day, file)
        for bucket in self._buckets.values():
            self._next += bucket
        self._buckets.clear()
        return written

    def write_next(self, path: Path) -> int:
        """Write what is delivered in (until, next]: `write_history` comes first. No file when there is nothing."""
        span = self._span
        rng = Random(f"{span.seed}/{self._slug}/next")
        ratio = self._rhythm.between(span.until_ms, span.next_ms) / self._rhythm.between(span.since_ms, span.until_ms)
        # Chance decides about the fraction, or small tenants would never have anything new.
        count = int(self._count * ratio + rng.random())
        self._make(self._rhythm.draw(count, span.until_ms, span.next_ms, rng), self._count, rng)
        for bucket in self._buckets.values():
            self._next += bucket
        rows = sorted(row for row in self._next if span.until_ms < row[0] <= span.next_ms)
        if rows:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(line for _, line in rows), encoding="utf-8", newline="\n")
        return len(rows)

    def _flush(self, day: int, file: TextIO) -> int:
        rows = self._buckets.pop(day, [])
        rows.sort()
        if (day + 1) * MS_PER_DAY > self._span.until_ms:
            self._next += [row for row in rows if row[0] > self._span.until_ms]
            rows = [row for row in rows if row[0] <= self._span.until_ms]
        file.write("".join([line for _, line in rows]))
        return len(rows)

    def _make(self, starts: list[int], first_number: int, rng: Random) -> None:
        """Lines of the conversations that begin at these instants. The inner loop is the cost, hence local names."""
        random, getrandbits = rng.random, rng.getrandbits
        buckets, pools, clock, day_of = self._buckets, self._pools, self._clock, day_text
        deck = self._deck
        pool_size = len(pools["S"])
        for number, instant_ms in enumerate(starts, start=first_number):
            if not deck:
                deck += DECK
                rng.shuffle(deck)
            who = self._who(number, rng)
            for letter in deck.pop():
                delay_ms, rest = pools[letter][int(random() * pool_size)]
                instant_ms += delay_ms  # noqa: PLW2901
                day, ms = divmod(instant_ms, MS_PER_DAY)
                bits = getrandbits(74)
                line = (
                    f'{{"event_id":"{instant_ms >> 16:08x}-{instant_ms & 0xFFFF:04x}-7{bits >> 62:03x}'
                    f"-{0x8000 | (bits >> 48) & 0x3FFF:04x}-{bits & 0xFFFF_FFFF_FFFF:012x}"
                    f'","occurred_at":"{day_of(day)}T{clock[ms // 1_000]}.{ms % 1_000:03d}Z",{who}{rest}'
                )
                if random() < LATE_SHARE:
                    delivered_ms = instant_ms + int(random() * LATEST_MS)
                    buckets[delivered_ms // MS_PER_DAY].append((delivered_ms, line))
                else:
                    buckets[day].append((instant_ms, line))

    def _who(self, number: int, rng: Random) -> str:
        """The fields that all events of a conversation share, as the middle of a line."""
        body: dict[str, object] = {"conversation_id": f"c-{number:08d}"}
        if rng.random() >= 0.05:
            body["customer_id"] = f"u-{int(rng.random() * self._customers):07d}"
        body["channel"] = CHANNELS[int(rng.random() * len(CHANNELS))]
        body["language"] = LANGUAGES[int(rng.random() * len(LANGUAGES))]
        return orjson.dumps(body).decode()[1:-1] + ","
