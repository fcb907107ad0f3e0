"""API keys: how they look, how they are stored, and what an operator does with them.

`am_live_<id: 8>_<secret: 43><checksum: 6>`, all base62. Stored are the id and the SHA-256 of the secret, never the key. The secret has
256 random bits, so a slow hash would add nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row

from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Connection, Role, connect

PREFIX = "am_live_"
SCOPES = ("read", "write", "portfolio", "admin")
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LENGTH = 8
SECRET_LENGTH = 43
CHECKSUM_LENGTH = 6
ROTATION_OVERLAP = timedelta(hours=24)

_SHAPE = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{ID_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})")
_FIND = "select key_id, name, tenant_ids, scopes, created_at, expires_at, revoked_at, last_used_at from ops.api_keys"


class ApiKeyError(ValueError):
    """The key cannot be made or changed; the message says what would be right."""


@dataclass(frozen=True)
class ApiKey:
    """A stored key. Times are UTC."""

    key_id: str
    name: str
    tenant_ids: list[UUID]
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def create_key(
    settings: Settings, *, name: str, tenants: Sequence[str], scopes: Sequence[str] = ("read",), expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key for tenants (slugs); returns the stored row and the key itself, which is shown this once.

    Raises ApiKeyError for an unknown tenant or scope, or for several tenants without the scope `portfolio`.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ApiKeyError(f"unknown scope {', '.join(unknown) or '(none)'}: use some of {', '.join(SCOPES)}")
    if not tenants:
        raise ApiKeyError("a key needs a tenant: name its slug, see `agentmarts tenant list`")
    if len(set(tenants)) > 1 and "portfolio" not in scopes:
        raise ApiKeyError("a key of several tenants needs the scope portfolio")
    with connect(settings, Role.MIGRATOR) as connection:
        tenant_ids = _tenant_ids(connection, tenants)
        return _insert(connection, name, tenant_ids, list(dict.fromkeys(scopes)), expires_at)


def list_keys(settings: Settings, *, include_revoked: bool = False) -> list[ApiKey]:
    """Stored keys, oldest first."""
    with connect(settings, Role.MIGRATOR) as connection, connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        return cursor.execute(_FIND + " where %s or revoked_at is null order by created_at, key_id", (include_revoked,)).fetchall()


def rotate_key(settings: Settings, key_id: str) -> tuple[ApiKey, str]:
    """A new key with the same name, tenants, scopes and expiry; the old one works for 24 hours more.

    Raises ApiKeyError when there is no such key or it is revoked or expired.
    """
    with connect(settings, Role.MIGRATOR) as connection:
        at = now()
        with connection.cursor(row_factory=class_row(ApiKey)) as cursor:
            old = cursor.execute(_FIND + " where key_id = %s for update", (key_id,)).fetchone()
        if old is None or old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= at):
            raise ApiKeyError(f"no valid key {key_id}: see `agentmarts key list`")
        connection.execute("update ops.api_keys set expires_at = least(expires_at, %s) where key_id = %s", (at + ROTATION_OVERLAP, key_id))
        return _insert(connection, old.name, old.tenant_ids, old.scopes, old.expires_at)


def revoke_key(settings: Settings, key_id: str) -> None:
    """Make a key invalid; services notice within 5 seconds. Revoking again changes nothing. Raises ApiKeyError on an unknown id."""
    with connect(settings, Role.MIGRATOR) as connection:
        done = connection.execute("update ops.api_keys set revoked_at = coalesce(revoked_at, %s) where key_id = %s", (now(), key_id))
        if done.rowcount == 0:
            raise ApiKeyError(f"no key {key_id}: see `agentmarts key list`")


def generate_key() -> tuple[str, str, str]:
    """A fresh random key: its id, its secret, and the whole as a client sends it."""
    key_id = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    return key_id, secret, f"{PREFIX}{key_id}_{secret}{checksum(key_id, secret)}"


def parse_key(key: str) -> tuple[str, str] | None:
    """Id and secret of a well-formed key; None when shape or checksum are wrong, which needs no look into the database."""
    match = _SHAPE.fullmatch(key)
    if match is None or not hmac.compare_digest(checksum(match[1], match[2]), match[3]):
        return None
    return match[1], match[2]


def checksum(key_id: str, secret: str) -> str:
    """CRC-32 of all that stands before it, in 6 base62 digits: finds typing errors and lets scanners recognise leaked keys."""
    number = zlib.crc32(f"{PREFIX}{key_id}_{secret}".encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def secret_hash(secret: str) -> bytes:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def _tenant_ids(connection: Connection, slugs: Sequence[str]) -> list[UUID]:
    found: dict[str, UUID] = dict(
        connection.execute("select slug, tenant_id from raw.tenants where slug = any(%s)", (list(slugs),)).fetchall()
    )
    missing = sorted(set(slugs) - set(found))
    if missing:
        raise ApiKeyError(f"no tenant {', '.join(missing)}: see `agentmarts tenant list`")
    return [found[slug] for slug in dict.fromkeys(slugs)]


def _insert(
    connection: Connection, name: str, tenant_ids: list[UUID], scopes: list[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    key_id, secret, key = generate_key()
    connection.execute(
        "insert into ops.api_keys (key_id, secret_sha256, name, tenant_ids, scopes, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (key_id, secret_hash(secret), name, tenant_ids, scopes, now(), expires_at),
    )
    with connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        row = cursor.execute(_FIND + " where key_id = %s", (key_id,)).fetchone()
    assert row is not None
    return row, key
