"""Settings: documented one by one, and secrets that stay the same between processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from agentmarts.settings import PROJECT_ROOT, Limits, Settings


def test_every_setting_is_documented() -> None:
    text = (PROJECT_ROOT / "docs" / "settings.md").read_text()
    names = {
        str(field.validation_alias) if field.validation_alias else f"{kind.model_config['env_prefix']}{name.upper()}"
        for kind in (Settings, Limits)
        for name, field in kind.model_fields.items()
    }
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_limits_of_the_service_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMARTS_SERVICE_REQUESTS_PER_SECOND", "250")
    assert Limits().requests_per_second == 250
    monkeypatch.setenv("AGENTMARTS_SERVICE_BURST", "0")
    with pytest.raises(ValidationError, match="burst"):
        Limits()


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Settings(home=tmp_path).derived_secret("role:am_api")
    assert Settings(home=tmp_path).derived_secret("role:am_api") == first
    assert Settings(home=tmp_path).derived_secret("role:am_ingest") != first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_relative_home_is_the_same_from_everywhere() -> None:
    assert Settings(home=Path(".agentmarts")).home_path == PROJECT_ROOT / ".agentmarts"
