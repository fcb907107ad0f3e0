"""What exists in the simulated Graph: accounts, their posts and media, tokens of an app, and the log of what users did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph_simulator.world.event_log import EventLog

Kind = Literal["post", "reel", "video", "media", "story", "child"]


@dataclass(frozen=True)
class Account:
    """A Facebook Page or an Instagram professional account."""

    id: str
    platform: Literal["facebook", "instagram"]
    name: str
    linked_id: str
    """The Instagram account of a page, the page of an Instagram account; empty: none."""
    timezone: str = "America/New_York"
    converted_at: int = 0
    """When an Instagram account became a professional one: older media have no insights."""
    archived_media: int = 3
    """What `media_count` counts and the list does not show."""


@dataclass(frozen=True)
class GraphObject:
    """A post, a reel, the video of a post, Instagram media, a story, or a child of a carousel."""

    id: str
    account_id: str
    kind: Kind
    product: str
    """POST, REEL of Facebook; FEED, REELS, STORY of Instagram."""
    media_type: str
    """photo, video, status of Facebook; IMAGE, VIDEO, CAROUSEL_ALBUM of Instagram."""
    published_at: int
    message: str = ""
    length_ms: int = 0
    """0: no video."""
    is_boosted: bool = False
    parent_id: str = ""
    """The post of a video, the carousel of a child."""
    child_ids: tuple[str, ...] = ()
    """The video of a post, the children of a carousel."""
    is_crossposted: bool = False
    hides_likes: bool = False
    refuses: frozenset[str] = frozenset()
    """Metrics that answer "does not support" for this very media, as some do in the wild."""
    is_deleted: bool = False
    is_expired: bool = False

    @property
    def log_id(self) -> str:
        """The object under which the log holds its events."""
        return self.parent_id if self.kind == "video" else self.id


@dataclass(frozen=True)
class TokenSeed:
    """A token that exists when the simulator starts. `name` is how the control API calls it."""

    name: str
    value: str = field(repr=False)
    kind: Literal["user", "page", "system_user"]
    user_id: str
    profile_id: str = ""
    """The page of a page token."""
    assets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class World:
    """Everything there is and happens, from `begins_at` to `ends_at`; what of it is visible is a matter of the clock."""

    seed: int
    begins_at: int
    clock: int
    """Where the clock of a simulator starts."""
    ends_at: int
    app_id: str
    app_secret: str = field(repr=False)
    accounts: dict[str, Account] = field(repr=False)
    objects: dict[str, GraphObject] = field(repr=False)
    tokens: Sequence[TokenSeed] = field(repr=False)
    log: EventLog = field(repr=False)

    def pages(self) -> list[Account]:
        """The Facebook Pages."""
        return [account for account in self.accounts.values() if account.platform == "facebook"]

    def instagram_users(self) -> list[Account]:
        """The Instagram accounts."""
        return [account for account in self.accounts.values() if account.platform == "instagram"]

    def token(self, name: str) -> str:
        """The value of a token by its name: `user`, `system`, `page`, `page-2`, …"""
        return next(token.value for token in self.tokens if token.name == name)
