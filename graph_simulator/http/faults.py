"""Scripted faults: the next n matching requests fail in a chosen way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

TRANSPORT = ("http_500", "http_503", "service_unavailable", "html", "cut", "truncated", "slow")
"""The whole answer is not what it should be."""
CONTENT = ("error", "missing_metric", "duplicate_page", "reorder_page", "batch_null")
"""The answer is well-formed, and wrong or an error; these strike items of a batch too."""
KINDS = TRANSPORT + CONTENT


@dataclass
class Fault:
    """One script. `path` is searched in the path without version, `parameter` in the values of parameters; both regular expressions."""

    kind: str
    times: int = 1
    skip: int = 0
    """How many matching requests pass first."""
    method: str = ""
    path: str = ""
    parameter: str = ""
    seconds: float = 30.0
    """Of `slow`; it ends when the client goes."""
    metric: str = ""
    """Of `missing_metric`."""
    error: dict[str, Any] = field(default_factory=dict)
    """Of `error`: code, message, subcode, status, is_transient."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind == "missing_metric" and not self.metric:
            raise ValueError("missing_metric needs the name of the metric")
        if self.kind == "error" and not {"code", "message"} <= self.error.keys():
            raise ValueError("error needs {'code': …, 'message': …}")

    def matches(self, method: str, path: str, params: dict[str, str]) -> bool:
        """Whether a request is one that it strikes."""
        return (
            self.times > 0
            and self.method in {"", method}
            and bool(re.search(self.path, path))
            and (not self.parameter or any(re.search(self.parameter, value) for value in params.values()))
        )


@dataclass
class Faults:
    """All scripts, in the order in which they were given; the first that matches strikes."""

    scripts: list[Fault] = field(default_factory=list)

    def strike(self, kinds: tuple[str, ...], method: str, path: str, params: dict[str, str]) -> Fault | None:
        """The fault of these kinds that a request suffers, used up by one."""
        for fault in self.scripts:
            if fault.kind in kinds and fault.matches(method, path, params):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None
