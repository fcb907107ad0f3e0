"""Stories: tests of one warehouse that are told in step, so that one refresh serves all of them.

A story is a generator with a tenant of its own. It yields the instant as of which it wants the marts, and goes on when they are refreshed
as of that instant; until then the refreshes of others pass over what it has sent, as they would anywhere. Time only goes forward.

    stories = Stories()

    @stories.tell
    def test_a_day_is_the_local_one(world: World) -> Told:
        world.send(...)
        yield NOON
        assert world.rows(...) == ...

    @pytest.fixture(scope="module")
    def told(warehouse: Settings) -> Outcomes:
        return stories.told(lambda: new_world(warehouse), lambda as_of: refreshed(warehouse, as_of))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Told = Iterator[datetime]
Outcomes = dict[str, BaseException | None]
"""By the name of a story: what stopped it, or None when it was told to its end."""


class Stories:
    """The stories of a module, in the order in which they stand there."""

    def __init__(self) -> None:
        self._stories: list[Callable[[Any], Told]] = []

    def tell(self, story: Callable[[Any], Told]) -> Callable[[Outcomes], None]:
        """A test that passes when its story was told to its end."""
        self._stories.append(story)

        def test(told: Outcomes) -> None:
            stopped_by = told[story.__name__]
            if stopped_by is not None:
                raise stopped_by

        test.__name__, test.__doc__, test.__module__ = story.__name__, story.__doc__, story.__module__
        return test

    def told(self, new_world: Callable[[], Any], refresh: Callable[[datetime], None]) -> Outcomes:
        """Tell them all, each with a world of its own. What stops one leaves the others; a failing refresh stops those that wait for it."""
        outcomes: Outcomes = {}
        waiting: list[tuple[datetime, str, Told]] = []

        def go_on(name: str, story: Told, reached: datetime | None) -> None:
            try:
                wanted = next(story)
                assert reached is None or wanted >= reached, f"asks for {wanted}, when others are at {reached} already"
            except StopIteration:
                outcomes[name] = None
            except Exception as error:
                outcomes[name] = error
            else:
                waiting.append((wanted, name, story))

        for story in self._stories:
            go_on(story.__name__, story(new_world()), None)
        while waiting:
            as_of = min(wanted for wanted, _, _ in waiting)
            ready = [one for one in waiting if one[0] == as_of]
            waiting[:] = [one for one in waiting if one[0] != as_of]
            try:
                refresh(as_of)
            except Exception as error:
                outcomes |= {name: error for _, name, _ in ready}
                continue
            for _, name, story in ready:
                go_on(name, story, as_of)
        return outcomes
