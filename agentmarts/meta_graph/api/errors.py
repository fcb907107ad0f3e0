"""Which fault an answer of Meta is, and which metrics it blames: by code, subcode and message, never by `type` or HTTP status alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentmarts.meta_graph.api.secrets import scrub_text
from agentmarts.meta_graph.fault import Fault, FaultKind

__all__ = ["Fault", "FaultKind", "classify"]

_SMALL_PAGE_METRIC = "post_total_media_view_unique"
_CODE_IN_MESSAGE = re.compile(r"^\s*\(#(\d+)\)")
_EXCERPT = 120
_MESSAGE = 600


@dataclass(frozen=True)
class _Error:
    """The `error` of a body, and what was asked."""

    http_status: int
    code: int | None
    subcode: int | None
    is_transient: bool
    message: str
    params: Mapping[str, str]

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.message, re.IGNORECASE) is not None

    def asks(self, metric: str) -> bool:
        return re.search(rf"\b{metric}\b", f"{self.params.get('metric', '')} {self.params.get('fields', '')}") is not None

    @property
    def asks_breakdown(self) -> bool:
        return "breakdown" in self.params or ".breakdown(" in self.params.get("fields", "")


_RULES: tuple[tuple[FaultKind, Callable[[_Error], bool]], ...] = (
    # Throttles first: Meta calls them transient as well. Only 4 may stop an app; 341 says 'application', but each token learns it
    # by itself.
    ("throttled_app", lambda e: e.code == 4),
    ("throttled_token", lambda e: e.code in (17, 341, 368)),
    ("throttled_asset", lambda e: e.code in (32, 613, *range(80000, 80007), 80008, 80009, 80014)),
    ("too_heavy", lambda e: e.says("reduce the amount of data")),
    ("unsupported_breakdown", lambda e: e.code in (1, 2) and e.asks_breakdown and e.says("unknown error has occurred")),
    ("transient", lambda e: e.code in (1, 2) or e.is_transient or (e.code is None and e.http_status >= 500)),
    ("token_invalid", lambda e: e.code in (190, 102)),
    ("below_threshold", lambda e: e.code == 10 and e.says("not enough viewers")),
    # No source quotes this refusal. If it was a missing permission after all, the next call, without the metric, tells.
    (
        "below_threshold",
        lambda e: e.code == 200 and (e.says(_SMALL_PAGE_METRIC) or (e.asks(_SMALL_PAGE_METRIC) and not e.says("permission"))),
    ),
    ("not_permitted", lambda e: e.code is not None and (e.code == 10 or 200 <= e.code <= 299)),
    ("our_bug", lambda e: e.code in (3001, 2500, 104, 803)),
    ("bad_proof", lambda e: e.says("appsecret_proof")),
    ("media_before_business", lambda e: e.subcode == 2108006 or e.says("2108006")),
    ("not_for_media_product", lambda e: e.subcode == 2207086),
    # Code 100 stands for a dozen different things.
    ("unrecognised", lambda e: e.code != 100),
    ("missing_object", lambda e: e.subcode == 33 or e.says("unsupported get request")),
    ("not_for_media_product", lambda e: e.says(r"not (support|available|supported)\b.*\bfor this media")),
    ("wrong_metric_type", lambda e: e.says("should be specified with parameter metric_type")),
    # An edge that a node lacks: the object is of another kind than we took it for, and no metric is deprecated.
    ("our_bug", lambda e: e.says(r"nonexisting field \((insights|video_insights)\)")),
    (
        "deprecated_metric_named",
        lambda e: e.says(r"metric\[\d+\] must be one of the following values|no longer supported|nonexisting (summary )?field"),
    ),
    ("deprecated_metric", lambda e: e.says("must be a valid insights metric")),
    ("our_bug", lambda e: e.says(r"more than (30|9\d) days|last 2 years|must be one of|is required|should not exceed|date_format")),
)
"""The table of graph_api.md, 4.1; the first rule that holds counts."""


def classify(http_status: int, body: object | None, text: str, params: Mapping[str, str] | None = None) -> Fault | None:
    """The fault of an answer (graph_api.md, 4.1); None if it is a good one.

    `body`: the JSON that `text` holds, None if it holds none. `params`: what was asked; some messages mean something else when a
    breakdown or a certain metric was. `text` enters the message in an excerpt, scrubbed of what looks like a secret; known secrets
    must be taken out before.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):
        error = {"message": error}
    if not isinstance(error, dict):
        return _without_error(http_status, body, text)
    message = _message(error)
    code = _integer(error.get("code"))
    if code is None and (found := _CODE_IN_MESSAGE.match(message)):
        code = int(found[1])
    subcode = _integer(error.get("error_subcode"))
    facts = _Error(http_status, code, subcode, error.get("is_transient") is True, message, params or {})
    kind: FaultKind = next((kind for kind, holds in _RULES if holds(facts)), "unrecognised")
    blame = Blame(frozenset({_SMALL_PAGE_METRIC})) if kind == "below_threshold" and code == 200 else blame_of(kind, message)
    if kind == "deprecated_metric_named" and blame == UNNAMED:
        kind = "deprecated_metric"
    shown = scrub_text(message)[:_MESSAGE] or f"HTTP {http_status} with an error that says nothing"
    return Fault(kind, shown, code, subcode, blame.metrics, blame.positions, blame.valid_metrics)


def _without_error(http_status: int, body: object | None, text: str) -> Fault | None:
    shown = f"HTTP {http_status}: {scrub_text(' '.join(text.split()))[:_EXCERPT] or 'nothing'}"
    if 300 <= http_status < 400:
        return Fault("our_bug", f"HTTP {http_status}: a redirect, which is not followed; does AGENTMARTS_GRAPH_BASE_URL name Meta?")
    if http_status == 429:
        return Fault("throttled_token", shown)
    if isinstance(body, dict | list):
        if http_status < 300:
            return None
        return Fault("transient" if http_status >= 500 else "unrecognised", shown)
    return Fault("transient", shown)


def _message(error: Mapping[str, Any]) -> str:
    """What Meta says for developers, then what it says for people if that is something else: subcodes stand there at times."""
    parts = [error.get(name) for name in ("message", "error_user_title", "error_user_msg")]
    said = dict.fromkeys(part.strip() for part in parts if isinstance(part, str) and part.strip())
    return ": ".join(said)


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


# Names of metrics out of Meta's messages.

_NAMES = r"[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*"
_BLAMING: dict[FaultKind, tuple[re.Pattern[str], ...]] = {
    "wrong_metric_type": (re.compile(rf"\(({_NAMES})\) should be specified with parameter metric_type", re.IGNORECASE),),
    "not_for_media_product": (
        re.compile(rf"does not support the ({_NAMES}) metrics? for this media", re.IGNORECASE),
        re.compile(rf"\bThe metrics? ({_NAMES}) (?:is|are) not (?:supported|available) for this media", re.IGNORECASE),
        re.compile(rf"\bThe ({_NAMES}) metrics? (?:is|are) not (?:supported|available) for this media", re.IGNORECASE),
    ),
    "deprecated_metric_named": (
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
    if kind != "deprecated_metric_named":
        return Blame(frozenset(metrics))
    positions = frozenset(int(position) for position in _POSITION.findall(message))
    valid = frozenset(name for names in _VALID.findall(message) for name in _split(names))
    return Blame(frozenset(metrics), positions, valid)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
