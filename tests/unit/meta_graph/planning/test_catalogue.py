"""The seeds of the collector: consistent with each other, and dated."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agentmarts.meta_graph.catalogue import COLLECTED, SEEDS, CatalogueError, load_catalogue

TODAY = date(2026, 11, 21)
CATALOGUE = load_catalogue()


def test_keys_are_unique() -> None:
    keys = Counter((row.platform, row.object, row.metric, row.period) for row in CATALOGUE.rows)
    assert [key for key, count in keys.items() if count > 1] == []
    assert len(keys) == 396
    assert len({group.name for group in CATALOGUE.groups}) == len(CATALOGUE.groups)


def test_every_grouped_metric_is_collected_today() -> None:
    """A status that is only probed, or a date that has passed, would silently leave a hole."""
    for group in CATALOGUE.groups:
        assert CATALOGUE.asked(group, TODAY) == group.metrics, group.name


def test_groups_send_what_their_metrics_accept() -> None:
    for group in CATALOGUE.groups:
        for metric in group.metrics:
            rows = CATALOGUE.rows_of(group, metric)
            assert any(row.status in COLLECTED for row in rows)
            if group.metric_type:
                assert all(group.metric_type in row.metric_types for row in rows), (group.name, metric)
            if group.breakdown:
                assert all(group.breakdown in row.breakdowns for row in rows), (group.name, metric)


def test_a_date_decides_what_is_asked() -> None:
    group = CATALOGUE.group("fb_page")
    assert "page_media_view" not in CATALOGUE.asked(group, date(2025, 8, 14))
    assert "page_media_view" in CATALOGUE.asked(group, date(2025, 8, 15))
    dying = replace(
        CATALOGUE, rows=tuple(replace(row, deprecated_on=TODAY) if row.metric == "page_follows" else row for row in CATALOGUE.rows)
    )
    assert "page_follows" in dying.asked(group, date(2026, 11, 20))
    assert "page_follows" not in dying.asked(group, TODAY)


@pytest.mark.parametrize(
    ("product", "own", "foreign"), [("FEED", "profile_visits", "reels_skip_rate"), ("REELS", "reels_skip_rate", "profile_visits")]
)
def test_media_are_asked_by_product(product: str, own: str, foreign: str) -> None:
    asked = CATALOGUE.asked(CATALOGUE.group("ig_media_due"), TODAY, product)
    assert own in asked
    assert foreign not in asked


def test_a_group_of_an_unknown_metric_is_refused(tmp_path: Path) -> None:
    for seed in SEEDS.glob("graph_*.csv"):
        shutil.copy(seed, tmp_path)
    groups = tmp_path / "graph_call_groups.csv"
    groups.write_text(groups.read_text().replace("page_views_total", "page_view_total"))
    with pytest.raises(CatalogueError, match="fb_page asks for page_view_total"):
        load_catalogue(tmp_path)


def test_the_version_names_the_content(tmp_path: Path) -> None:
    for seed in SEEDS.glob("graph_*.csv"):
        shutil.copy(seed, tmp_path)
    assert load_catalogue(tmp_path).version == CATALOGUE.version
    with (tmp_path / "graph_call_groups.csv").open("a") as file:
        file.write("\n")
    assert load_catalogue(tmp_path).version != CATALOGUE.version
