"""Makes worlds: seeded, of any size, the same for the same arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from graph_simulator.world.event_log import EventLog, Start
from graph_simulator.world.happenings import Crowd
from graph_simulator.world.instants import DAY, HOUR, from_iso
from graph_simulator.world.world import Account, GraphObject, Kind, TokenSeed, World

DEFAULT_CLOCK = "2026-03-01T12:00:00Z"
_WORDS = (
    "autumn",
    "trail",
    "coffee",
    "behind the scenes",
    "new in",
    "how we make it",
    "weekend",
    "question for you",
    "repair day",
    "offer",
)


@dataclass(frozen=True)
class Size:
    """How big a world is. Counts of posts, media, reels and stories are those published up to the clock, per account."""

    pages: int = 1
    instagram_users: int = 1
    history_days: int = 120
    future_days: int = 45
    """How far the clock can be moved on with things still happening."""
    posts: int = 100
    reels: int = 12
    """Facebook reels; on Instagram every fifth of the media is one."""
    stories: int = 40
    audience: int = 2_500
    followers: int = 900
    growth: float = 1.0
    """How willing people are to follow; 0: an account keeps at most the followers that it starts with."""
    timezone: str = "America/New_York"
    """Of the accounts; it matters where days of Instagram are the account's own."""
    views_per_post: int = 90
    media_before_conversion: int = 0
    """How many of the oldest Instagram media are older than the professional account."""


def build_world(seed: int = 7, clock: str = DEFAULT_CLOCK, size: Size | None = None) -> World:
    """A world whose clock starts at `clock` (ISO 8601, UTC). Page n is linked with Instagram account n."""
    size = size or Size()
    now = from_iso(clock)
    begins_at, ends_at = now - size.history_days * DAY, now + size.future_days * DAY
    accounts: dict[str, Account] = {}
    objects: dict[str, GraphObject] = {}
    events, starts = {}, {}
    for number in range(1, max(size.pages, size.instagram_users) + 1):
        page_id, instagram_id = f"1{number:014d}", f"1784140{number:010d}"
        both = number <= min(size.pages, size.instagram_users)
        if number <= size.pages:
            accounts[page_id] = Account(page_id, "facebook", f"Page {number}", instagram_id if both else "", size.timezone)
        if number <= size.instagram_users:
            accounts[instagram_id] = Account(instagram_id, "instagram", f"gram_{number}", page_id if both else "", size.timezone)
    for account in list(accounts.values()):
        rng = Random(f"{seed}:{account.id}")
        its = list(
            _facebook(account, size, rng, now, begins_at, ends_at)
            if account.platform == "facebook"
            else _instagram(account, size, rng, now, begins_at, ends_at)
        )
        if size.media_before_conversion and account.platform == "instagram":
            media = sorted(one.published_at for one in its if one.kind == "media")
            accounts[account.id] = Account(**{**vars(account), "converted_at": media[size.media_before_conversion - 1] + 1})
        objects |= {one.id: one for one in its}
        audience = range(10_000, 10_000 + size.audience)
        followers = sorted(rng.sample(audience, min(size.followers, size.audience)))
        starts[account.id] = Start(
            frozenset(followers), frozenset(followers[: len(followers) * 9 // 10]) if account.platform == "facebook" else frozenset()
        )
        events[account.id] = Crowd(account, rng, audience, starts[account.id], ends_at, size.growth).run(
            its, begins_at, size.views_per_post
        )
    return World(
        seed=seed,
        begins_at=begins_at,
        clock=now,
        ends_at=ends_at,
        app_id=f"99{seed:010d}",
        app_secret=f"app-secret-canary-{seed}",
        accounts=accounts,
        objects=objects,
        tokens=list(_tokens(seed, accounts)),
        log=EventLog(events, starts),
    )


def _tokens(seed: int, accounts: dict[str, Account]) -> Iterator[TokenSeed]:
    everything = frozenset(accounts)
    yield TokenSeed("user", f"EAAG-canary-{seed}-1", "user", "700000000000001", assets=everything)
    yield TokenSeed("system", f"EAAG-canary-{seed}-2", "system_user", "700000000000002", assets=everything)
    pages = [account for account in accounts.values() if account.platform == "facebook"]
    for number, page in enumerate(pages, 1):
        name = "page" if number == 1 else f"page-{number}"
        assets = frozenset({page.id, page.linked_id} - {""})
        yield TokenSeed(name, f"EAAG-canary-{seed}-{number + 2}", "page", "700000000000001", page.id, assets)


def _publishing(count: int, now: int, begins_at: int, ends_at: int, rng: Random) -> Iterator[int]:
    """Instants: `count` of them evenly spread and shaken over the history, then at the same rhythm until the end."""
    if not count:
        return
    step = (now - HOUR - begins_at) / count
    number = 0
    while (slot := begins_at + number * step) < ends_at:
        yield int(slot + rng.random() * 0.8 * step)
        number += 1


def _facebook(account: Account, size: Size, rng: Random, now: int, begins_at: int, ends_at: int) -> Iterator[GraphObject]:
    for number, at in enumerate(_publishing(size.posts, now, begins_at, ends_at, rng), 1):
        media_type = rng.choices(("photo", "video", "status"), (60, 25, 15))[0]
        length = rng.randrange(20_000, 180_000) if media_type == "video" else 0
        id_ = f"{account.id}_{200_000_000 + number}"
        video_id = f"{account.id[-4:]}30{number:09d}"
        children = (video_id,) if length else ()
        boosted = rng.random() < 0.2
        yield GraphObject(id_, account.id, "post", "POST", media_type, at, _text(rng, number), length, boosted, child_ids=children)
        if length:
            yield GraphObject(video_id, account.id, "video", "POST", "video", at, _text(rng, number), length, boosted, parent_id=id_)
    for number, at in enumerate(_publishing(size.reels, now, begins_at, ends_at, rng), 1):
        length = rng.randrange(8_000, 60_000)
        yield GraphObject(
            f"{account.id[-4:]}40{number:09d}", account.id, "reel", "REEL", "video", at, _text(rng, number), length, rng.random() < 0.2
        )


def _instagram(account: Account, size: Size, rng: Random, now: int, begins_at: int, ends_at: int) -> Iterator[GraphObject]:
    for number, at in enumerate(_publishing(size.posts, now, begins_at, ends_at, rng), 1):
        media_type = "VIDEO" if number % 5 == 0 else rng.choices(("IMAGE", "CAROUSEL_ALBUM"), (70, 30))[0]
        length = rng.randrange(8_000, 60_000) if media_type == "VIDEO" else 0
        id_ = f"179{account.id[-3:]}{number:011d}"
        children = tuple(f"178{account.id[-3:]}{number:07d}{child:04d}" for child in range(3)) if media_type == "CAROUSEL_ALBUM" else ()
        yield GraphObject(
            id_,
            account.id,
            "media",
            "REELS" if length else "FEED",
            media_type,
            at,
            _text(rng, number),
            length,
            rng.random() < 0.2,
            child_ids=children,
            is_crossposted=bool(length) and rng.random() < 0.5,
        )
        for child in children:
            yield GraphObject(child, account.id, "child", "FEED", "IMAGE", at, parent_id=id_)
    for number, at in enumerate(_publishing(size.stories, now, begins_at, ends_at, rng), 1):
        kind: Kind = "story"
        yield GraphObject(f"180{account.id[-3:]}{number:011d}", account.id, kind, "STORY", "IMAGE", at)


def _text(rng: Random, number: int) -> str:
    return f"{rng.choice(_WORDS).capitalize()}, no. {number}"
