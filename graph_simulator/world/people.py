"""Who a user is: where from, how old. A function of the user's number, so that it needs no storing and never changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

_CITIES = {
    "US": ("New York, New York", "Chicago, Illinois", "Austin, Texas", "Portland, Oregon"),
    "DE": ("Berlin, Berlin", "Hamburg, Hamburg", "Leipzig, Saxony"),
    "BR": ("São Paulo, São Paulo (state)", "Recife, Pernambuco"),
    "JP": ("Tokyo, Tokyo", "Osaka, Osaka"),
    "IN": ("Mumbai, Maharashtra", "Pune, Maharashtra"),
}
_AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_GENDERS = ("F", "M", "U")
VILLAGES = 60
"""Every tenth user lives in one of these, so that a distribution by city has more values than the 45 that Meta shows."""


@dataclass(frozen=True, slots=True)
class Person:
    """What demographics are made of."""

    country: str
    city: str
    age: str
    gender: str


@lru_cache(maxsize=200_000)
def person(user: int) -> Person:
    """The person behind a user number."""
    rng = Random(user)
    country = rng.choices(list(_CITIES), (40, 25, 15, 10, 10))[0]
    city = rng.choice(_CITIES[country])
    if rng.random() < 0.1:
        city = f"Village {rng.randrange(VILLAGES)}, {country}"
    return Person(country, city, rng.choices(_AGES, (2, 20, 32, 22, 12, 8, 4))[0], rng.choices(_GENDERS, (50, 44, 6))[0])


# Who people are: the 45 most frequent values of an attribute, or of a combination of them.

TOP = 45


def by_attributes(users: Iterable[int], dimensions: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How many users have each combination of attributes (age, city, country, gender): the most frequent first, at most 45."""
    counts = Counter(tuple(str(getattr(person(user), dimension)) for dimension in dimensions) for user in users)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP])


def by_attribute(users: Iterable[int], dimension: str) -> dict[str, int]:
    """The same for one attribute."""
    return {values[0]: number for values, number in by_attributes(users, [dimension]).items()}
