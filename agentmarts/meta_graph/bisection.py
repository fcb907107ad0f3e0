"""Finding the metrics that make Meta refuse a whole request without saying which."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def dead_among(rejected: Sequence[str], accepts: Callable[[Sequence[str]], bool]) -> list[str]:
    """The dead metrics of a list that was rejected because of at least one of them, in its order.

    `accepts` asks for some of them and tells whether they were answered; every living metric is in exactly one list that was. One dead of n
    costs at most 2·⌈log₂ n⌉ requests: what remains when its other half was answered need not be asked whole to know that it is rejected.
    """
    if len(rejected) == 1:
        return list(rejected)
    first, second = rejected[: len(rejected) // 2], rejected[len(rejected) // 2 :]
    if accepts(first):
        return dead_among(second, accepts)
    dead = dead_among(first, accepts)
    return dead if accepts(second) else dead + dead_among(second, accepts)
