"""Names of metrics out of Meta's messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentmarts.meta_graph.fault import FaultKind

_NAMES = r"[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*"
_BLAMING: dict[FaultKind, tuple[re.Pattern[str], ...]] = {
    "wrong_metric_type": (re.compile(rf"\(({_NAMES})\) should be specified with parameter metric_type", re.IGNORECASE),),
    "not_for_media_product": (
        re.compile(rf"does not support the ({_NAMES}) metrics? for this media", re.IGNORECASE),
        re.compile(rf"\bThe metrics? ({_NAMES}) (?:is|are) not (?:supported|available) for this media", re.IGNORECASE),
        re.compile(rf"\bThe ({_NAMES}) metrics? (?:is|are) not (?:supported|available) for this media", re.IGNORECASE),
    ),
    "dead_metric_named": (
        re.compile(rf"\bthe ({_NAMES}) metrics? (?:is|are) no longer supported", re.IGNORECASE),
        re.compile(rf"\bmetrics?:? \(?({_NAMES})\)? (?:is|are) no longer supported", re.IGNORECASE),
        re.compile(r"nonexisting (?:summary )?field \((\w+)\)", re.IGNORECASE),
    ),
}
_POSITION = re.compile(r"metric\[(\d+)\] must be one of the following values", re.IGNORECASE)
_VALID = re.compile(rf"metric\[\d+\] must be one of the following values:\s*({_NAMES})", re.IGNORECASE)


@dataclass(frozen=True)
class Blame:
    """What a message says of metrics; the fields of Fault of the same names."""

    metrics: frozenset[str] = frozenset()
    positions: frozenset[int] = frozenset()
    valid_metrics: frozenset[str] = frozenset()


UNNAMED = Blame()


def blame_of(kind: FaultKind, message: str) -> Blame:
    """Names a message of this kind blames, and those it would accept; `UNNAMED` if it says neither.

    "(#100) metric[1] must be one of the following values: reach, views" blames the second metric that was sent.
    """
    metrics = {name for pattern in _BLAMING.get(kind, ()) for names in pattern.findall(message) for name in _split(names)}
    if kind != "dead_metric_named":
        return Blame(frozenset(metrics))
    positions = frozenset(int(position) for position in _POSITION.findall(message))
    valid = frozenset(name for names in _VALID.findall(message) for name in _split(names))
    return Blame(frozenset(metrics), positions, valid)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
