"""Stories told in step: one refresh for all that wait for an instant, and what stops one story is the failure of that one alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.marts.stories import Stories, Told

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def test_one_refresh_serves_all_that_wait_for_it() -> None:
    stories, seen, refreshes = Stories(), [], []

    @stories.tell
    def early(world: str) -> Told:
        yield NOON
        seen.append(("early", len(refreshes)))

    @stories.tell
    def both(world: str) -> Told:
        yield NOON
        seen.append(("both", len(refreshes)))
        yield LATER
        seen.append(("both again", len(refreshes)))

    assert stories.told(lambda: "a world", refreshes.append) == {"early": None, "both": None}
    assert refreshes == [NOON, LATER]
    assert seen == [("early", 1), ("both", 1), ("both again", 2)]


def test_what_stops_one_story_fails_its_test_and_no_other() -> None:
    stories = Stories()

    @stories.tell
    def wrong(world: str) -> Told:
        yield NOON
        raise AssertionError("not what was expected")

    @stories.tell
    def backwards(world: str) -> Told:
        yield LATER
        yield NOON

    @stories.tell
    def right(world: str) -> Told:
        yield LATER

    outcomes = stories.told(lambda: "a world", lambda as_of: None)
    with pytest.raises(AssertionError, match="not what was expected"):
        wrong(outcomes)
    with pytest.raises(AssertionError, match="when others are at"):
        backwards(outcomes)
    right(outcomes)


def test_a_failing_refresh_stops_those_that_wait_for_it() -> None:
    stories = Stories()

    @stories.tell
    def waits(world: str) -> Told:
        yield NOON

    @stories.tell
    def waits_longer(world: str) -> Told:
        yield LATER

    def refresh(as_of: datetime) -> None:
        if as_of == NOON:
            raise RuntimeError("no refresh at noon")

    outcomes = stories.told(lambda: "a world", refresh)
    with pytest.raises(RuntimeError, match="no refresh at noon"):
        waits(outcomes)
    waits_longer(outcomes)
