"""Settings: documented one by one, and secrets that stay the same between processes."""

from __future__ import annotations

from pathlib import Path

from agentmarts.settings import PROJECT_ROOT, Settings


def test_every_setting_is_documented() -> None:
    text = (PROJECT_ROOT / "docs" / "settings.md").read_text()
    names = {
        str(field.validation_alias) if field.validation_alias else f"AGENTMARTS_{name.upper()}"
        for name, field in Settings.model_fields.items()
    }
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Settings(home=tmp_path).derived_secret("role:am_api")
    assert Settings(home=tmp_path).derived_secret("role:am_api") == first
    assert Settings(home=tmp_path).derived_secret("role:am_ingest") != first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_relative_home_is_the_same_from_everywhere() -> None:
    assert Settings(home=Path(".agentmarts")).home_path == PROJECT_ROOT / ".agentmarts"
