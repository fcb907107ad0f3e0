"""Who people are: the 45 most frequent values of an attribute, or of a combination of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from .people import person

TOP = 45


def by_attributes(users: Iterable[int], dimensions: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How many users have each combination of attributes (age, city, country, gender): the most frequent first, at most 45."""
    counts = Counter(tuple(str(getattr(person(user), dimension)) for dimension in dimensions) for user in users)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP])


def by_attribute(users: Iterable[int], dimension: str) -> dict[str, int]:
    """The same for one attribute."""
    return {values[0]: number for values, number in by_attributes(users, [dimension]).items()}
