"""Every setting of agentmarts, and the one place that reads the wall clock."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The checkout: dbt_project.yml, sql_migrations and workspace.yaml stand here."""


class Settings(BaseSettings):
    """Read from the environment (`AGENTMARTS_<NAME>`); nothing has to be set for the demo."""

    model_config = SettingsConfigDict(env_prefix="AGENTMARTS_", extra="ignore", frozen=True)

    home: Path = Field(default=Path(".agentmarts"), description="All state of this installation: data, logs, secrets.")
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="postgresql://… of a server of one's own (15 to 18). The role must own the database and may create "
        "roles. Unset: the embedded server under AGENTMARTS_HOME.",
    )
    dagster_database_url: SecretStr | None = Field(
        default=None,
        description="postgresql://… of Dagster's own storage. Unset: database `dagster` on the same server.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Passwords of the database roles and signatures of cursors derive from it. Unset: made once and "
        "kept in AGENTMARTS_HOME/secret_key.",
    )
    landing: str | None = Field(
        default=None,
        description="Where landing files arrive: <landing>/<tenant>/<stream>/*.ndjson|csv|parquet|…; a folder or any "
        "fsspec address (s3://…). Unset: AGENTMARTS_HOME/landing.",
    )
    automation: Literal["on", "off"] = Field(default="off", description="Whether schedules and sensors start switched on.")
    operator_timezone: str = Field(default="UTC", description="IANA zone of the daily schedules.")
    postgres_port: int = Field(default=5433, description="First port the embedded server tries on 127.0.0.1.")
    service_port: int = Field(default=8000, description="First port the service tries on 127.0.0.1.")
    ui_port: int = Field(default=3000, description="First port the Dagster UI tries on 127.0.0.1.")
    dbt_threads: int = Field(default=4, ge=1, le=16, description="Threads of a dbt run; more than 4 bought nothing.")

    graph_base_url: str = Field(
        default="https://graph.facebook.com",
        description="Where the Meta Graph API answers. Tokens go there: plain http only to this machine or a private network.",
    )
    graph_instagram_base_url: str = Field(
        default="https://graph.instagram.com",
        description="Where it answers for Instagram accounts that were connected by Instagram Login, without a Page.",
    )
    graph_responses_days: int = Field(
        default=90, ge=1, description="How many days Meta's answers are kept whole, as evidence. Facts, the ledger, version and usage stay."
    )
    graph_app_id: str | None = Field(default=None, description="Id of the Meta app the tokens were issued to.")
    graph_app_secret: SecretStr | None = Field(
        default=None, description="Its app secret: every call to Meta carries a proof made with it, the secret itself is never sent along."
    )

    @cached_property
    def home_path(self) -> Path:
        """AGENTMARTS_HOME as an absolute path; a relative one counts from the checkout, so that it is the same from everywhere."""
        return self.home if self.home.is_absolute() else PROJECT_ROOT / self.home

    @property
    def landing_url(self) -> str:
        """Folder or fsspec address under which landing files arrive."""
        return self.landing or str(self.home_path / "landing")

    @cached_property
    def _secret(self) -> bytes:
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.home_path / "secret_key"
        if not path.exists():
            self.home_path.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"secret_key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(32))
            with contextlib.suppress(FileExistsError):  # the first process wins, the others read its key
                os.link(draft, path)
            draft.unlink()
        return path.read_bytes()

    def derived_secret(self, purpose: str) -> str:
        """A secret for one purpose (64 hex digits): HMAC-SHA256 of the purpose under the secret key."""
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).hexdigest()


class Limits(BaseSettings):
    """How much one client, and all of them together, may ask of one process of the service (`AGENTMARTS_SERVICE_<NAME>`)."""

    model_config = SettingsConfigDict(env_prefix="AGENTMARTS_SERVICE_", extra="ignore", frozen=True)

    requests_per_second: float = Field(default=10.0, gt=0, description="Requests a second that one key may make in the long run.")
    burst: int = Field(default=50, ge=1, description="Requests that a key which has rested may make at once.")
    in_flight: int = Field(default=64, ge=1, description="Requests that are answered at the same time; more get 503 with Retry-After.")
    exports_in_flight: int = Field(default=4, ge=0, description="Files of whole marts that are streamed at the same time.")
    connections: int = Field(default=12, ge=1, description="Connections to PostgreSQL for reading.")
    body_bytes: int = Field(default=2 * 1024**2, ge=1, description="Bytes of a body, after inflating, where no events are sent.")
    ingest_body_bytes: int = Field(default=10 * 1024**2, ge=1, description="Bytes of a body of events, after inflating.")
    ingest_items: int = Field(default=10_000, ge=1, description="Events in one request.")
    body_seconds: float = Field(default=30.0, gt=0, description="Seconds in which a body must have arrived.")
    query_milliseconds: int = Field(default=2_000, ge=1, description="Milliseconds a query may take.")
    export_milliseconds: int = Field(default=60_000, ge=1, description="Milliseconds the query of an export may take.")
    failed_logins_per_minute: int = Field(default=20, ge=1, description="Wrong keys an address may try in a minute.")
    cached_body_bytes: int = Field(default=32 * 1024**2, ge=0, description="Bytes of answers that are remembered until the next publish.")
    key_cache_seconds: float = Field(default=4.0, ge=0, le=4.5, description="Seconds a revoked key may still be believed; 5 are promised.")


def load_settings() -> Settings:
    """Settings of this process, read from the environment at the moment of the call."""
    return Settings()


def now() -> datetime:
    """The wall clock, in UTC. Nothing else in the project reads it: `--as-of` and `--now` can replace it everywhere."""
    return datetime.now(UTC)
