"""Tokens: whose they are, what they may do, when they end, and the proof that whoever sends one knows the app's secret."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from graph_simulator.http import errors
from graph_simulator.world.instants import DAY
from graph_simulator.world.world import World

ALL_SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "read_insights",
    "instagram_basic",
    "instagram_manage_insights",
    "business_management",
)
ALL_TASKS = ("ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE")
LONG_LIFE = 60 * DAY
ACCESS_LIFE = 90 * DAY
NEVER = 0

_REVOKED = {
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: The user must log in at https://www.facebook.com/.",
    460: "Error validating access token: The session has been invalidated because the user changed their password "
    "or Facebook has changed the session for security reasons.",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
    467: "Error validating access token: The session is invalid because the user logged out.",
    492: "Error validating access token: The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
}


@dataclass
class Token:
    """One access token and what is true of it now."""

    name: str
    value: str = field(repr=False)
    kind: Literal["user", "page", "system_user"]
    user_id: str
    profile_id: str
    assets: frozenset[str]
    scopes: tuple[str, ...] = ALL_SCOPES
    tasks: tuple[str, ...] = ALL_TASKS
    issued_at: int = 0
    expires_at: int = NEVER
    data_access_expires_at: int = NEVER
    revoked_by: int | None = None
    """A subcode of 190: 458, 459, 460, 464, 467, 492."""
    login: Literal["facebook", "instagram"] = "facebook"

    @property
    def hash(self) -> str:
        """How journals name it: the first 12 hex digits of its SHA-256."""
        return hash_of(self.value)

    def check(self, now: int) -> None:
        """Raise 190 if it is not valid at an instant."""
        if self.revoked_by is not None:
            raise errors.bad_token(_REVOKED[self.revoked_by], self.revoked_by)
        for end in (self.expires_at, self.data_access_expires_at):
            if end != NEVER and now >= end:
                ended, current = (datetime.fromtimestamp(at, tz=UTC).strftime("%A, %d-%b-%y %H:%M:%S UTC") for at in (end, now))
                message = f"Error validating access token: Session has expired on {ended}. The current time is {current}."
                raise errors.bad_token(message, 463)

    def needs(self, scope: str) -> None:
        """Raise code 10 if it lacks a permission of Facebook."""
        if scope not in self.scopes:
            raise errors.missing_permission(scope)

    def needs_instagram(self, scope: str) -> None:
        """Raise code 10 if it lacks a permission of Instagram."""
        if scope not in self.scopes:
            raise errors.missing_instagram_permission()


def hash_of(value: str) -> str:
    """The first 12 hex digits of a token's SHA-256."""
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def proof_of(app_secret: str, token: str) -> str:
    """appsecret_proof: HMAC-SHA256 of the token under the app's secret, 64 hex digits."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class Tokens:
    """All tokens of the app."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_value: dict[str, Token] = {}
        self._made = 0
        for seed in world.tokens:
            token = Token(seed.name, seed.value, seed.kind, seed.user_id, seed.profile_id, seed.assets, issued_at=world.clock - DAY)
            if seed.kind == "user":
                token.expires_at = world.clock + LONG_LIFE - DAY
            if seed.kind != "system_user":
                token.data_access_expires_at = world.clock + ACCESS_LIFE - DAY
            self.add(token)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._by_value.values())

    def add(self, token: Token) -> None:
        """Make a token known."""
        self._by_value[token.value] = token

    def new_value(self) -> str:
        """A canary that no token has yet: later ones are recognisable too."""
        self._made += 1
        return f"EAAG-canary-{self._world.seed}-{len(self._world.tokens) + self._made}"

    def by_name(self, name: str) -> Token:
        """A token by the name that the control API uses. KeyError if there is none."""
        for token in self._by_value.values():
            if token.name == name:
                return token
        raise KeyError(name)

    def find(self, value: str) -> Token | None:
        """A token by its value, valid or not."""
        return self._by_value.get(value)

    def is_app_token(self, value: str) -> bool:
        """Whether it is `app id|app secret`."""
        return hmac.compare_digest(value.encode(), f"{self._world.app_id}|{self._world.app_secret}".encode())

    def page_token(self, user: Token, page_id: str) -> Token:
        """The page token that a user's token gets: the existing one, or a new one of a user who had none."""
        for token in self._by_value.values():
            if token.kind == "page" and token.profile_id == page_id and token.user_id == user.user_id:
                return token
        page = self._world.accounts[page_id]
        assets = frozenset({page_id, page.linked_id} - {""})
        made = Token(f"page-of-{user.name}-{page_id}", self.new_value(), "page", user.user_id, page_id, assets, scopes=user.scopes)
        made.tasks, made.issued_at, made.data_access_expires_at = user.tasks, user.issued_at, user.data_access_expires_at
        self.add(made)
        return made

    def check_proof(self, token: str, proof: str | None, *, is_required: bool) -> None:
        """Raise code 100 if the proof is missing though required, or wrong."""
        if proof is None:
            if is_required:
                raise errors.missing_proof()
        elif not hmac.compare_digest(proof_of(self._world.app_secret, token).encode(), proof.encode()):
            raise errors.bad_proof()
