"""Why a row is refused: a code for machines and a sentence for people."""

from __future__ import annotations

from enum import StrEnum

SHOWN_CHARACTERS = 60


class Reason(StrEnum):
    """Codes of `raw.quarantine.reason`."""

    NOT_JSON = "not_json"
    BODY_TOO_LARGE = "body_too_large"
    TOO_DEEP = "too_deep"
    BAD_TEXT = "bad_text"
    UNKNOWN_STREAM = "unknown_stream"
    UNKNOWN_TENANT = "unknown_tenant"
    TENANT_MISMATCH = "tenant_mismatch"
    MISSING_FIELD = "missing_field"
    BAD_TYPE = "bad_type"
    BAD_TIMESTAMP = "bad_timestamp"
    MAPPING = "mapping"
    """A mapping file makes of the record what cannot be meant."""
    UNKNOWN_EVENT_TYPE = "unknown_event_type"
    OUT_OF_RANGE = "out_of_range"
    OCCURRED_IN_FUTURE = "occurred_in_future"
    OCCURRED_TOO_OLD = "occurred_too_old"
    DUPLICATE_CONFLICT = "duplicate_conflict"
    UNREADABLE_ANSWER = "unreadable_answer"
    """Part of an answer of Meta, not an event: there is nothing to replay."""


class Rejection(Exception):
    """A row cannot enter its stream. `detail` says what was wrong, which field, and the value shortened."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def shown(value: object) -> str:
    """A value as it may stand in a sentence: one line of ASCII-safe text, shortened."""
    text = ascii(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
