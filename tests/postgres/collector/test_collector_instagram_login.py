"""Accounts that were connected by Instagram Login: another address, and less to ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.health import check_account
from agentmarts.settings import Settings
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, Graphs, a_collector

SIZE = Size(posts=6, reels=1, stories=6, history_days=15, future_days=2, audience=200, followers=200, views_per_post=20)
NOT_BY_THIS_LOGIN = ("saved_count", "shares_count", "reposts_count", "link_clicks")
NOBODY = "http://127.0.0.1:1"
"""An address where nothing answers."""


@pytest.fixture
def by_login(settings: Settings, graphs: Graphs, short_past: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Collector]:
    """Makes a collector of an Instagram Login whose `instagram` or `facebook` address is the simulator's, while the other one is dead."""

    def make(where: str) -> Collector:
        graph = graphs.of(SIZE)
        graph.tell("tokens", {"name": "system", "login": "instagram"})
        made = a_collector(settings, graph, monkeypatch, login_kind="instagram_login")
        dead = {"facebook": "graph_instagram_base_url", "instagram": "graph_base_url"}[where]
        made.settings = made.settings.model_copy(update={dead: NOBODY})
        return made

    return make


def test_it_is_asked_at_its_address_for_what_its_login_has(by_login: Callable[[str], Collector]) -> None:
    collector = by_login("instagram")
    assert collector.run(INSTAGRAM)[INSTAGRAM].is_complete
    journal = collector.graph.asked()
    asked = " ".join(text for entry in journal for text in entry["params"].values())
    assert "comments_count" in asked
    assert [name for name in NOT_BY_THIS_LOGIN if name in asked] == []
    assert "debug_token" not in {entry["path"] for entry in journal}
    assert [entry for entry in journal if entry["error_code"]] == [], "nothing was asked in vain"
    metrics = {metric for (metric,) in collector.rows("select distinct metric from raw.metric_observations where object_type = 'ig_media'")}
    assert {"like_count", "comments_count", "reach", "saved"} <= metrics
    assert collector.calls(INSTAGRAM) == []


def test_the_other_address_is_for_the_other_login(by_login: Callable[[str], Collector]) -> None:
    collector = by_login("facebook")
    assert collector.run(PAGE)[PAGE].is_complete
    assert not collector.run(INSTAGRAM)[INSTAGRAM].is_complete


def test_its_check_knows_what_one_call_shows(by_login: Callable[[str], Collector]) -> None:
    collector = by_login("instagram")
    account, now = collector.accounts[INSTAGRAM], collector.graph.now
    assert account.login_kind == "instagram_login"
    found = check_account(collector.settings, account, load_catalogue(), now)
    assert (found.state, found.problems) == ("ok", ())
    collector.graph.tell("tokens", {"name": "system", "revoked_by": 460})
    found = check_account(collector.settings, account, load_catalogue(), now)
    assert found.state == "invalid"
    assert "does not reach instagram account" in found.problems[0]


def test_the_catalogue_says_what_the_login_lacks() -> None:
    catalogue = load_catalogue()
    on = next(one.released_on for one in catalogue.api_versions if one.name == "v26.0")
    for name in ("ig_media", "ig_stories", "ig_media_due"):
        group = catalogue.group(name)
        lost = set(catalogue.asked(group, on)) - set(catalogue.asked(group, on, by_facebook_login=False))
        assert lost == set(NOT_BY_THIS_LOGIN) & set(group.metrics)
    assert replace(catalogue.rows[0], is_of_facebook_login=True).is_of_facebook_login
