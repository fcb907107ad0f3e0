"""What pydantic found, as one reason and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from agentmarts.streams.contract.rejection import Reason, Rejection, shown


def explain(error: ValidationError, discriminator: str | None) -> Rejection:
    """The first thing wrong. `discriminator` tells the models of a union apart; locations begin with its value then, which is no field."""
    first = error.errors(include_url=False)[0]
    if discriminator and first["type"] in _OF_TAGS:
        field, reason = discriminator, _OF_TAGS[first["type"]]
        if discriminator == "event_type" and reason is Reason.BAD_TYPE:
            reason = Reason.UNKNOWN_EVENT_TYPE
    else:
        field = ".".join(str(step) for step in (first["loc"][1:] if discriminator else first["loc"]))
        reason = _REASONS.get(first["type"], Reason.BAD_TYPE)
    sentence = _SENTENCES.get(first["type"], _in_general)
    return Rejection(reason, sentence(field, first))


def _must_be(what: str) -> Callable[[str, ErrorDetails], str]:
    return lambda field, details: f"{field} must be {what}, got {shown(details['input'])}"


def _in_general(field: str, details: ErrorDetails) -> str:
    return f"{field} is not valid: {details['msg']}"


def _missing(field: str, details: ErrorDetails) -> str:
    return f"{field} is missing" if field else str(details["msg"])


def _bounds(details: ErrorDetails) -> Mapping[str, Any]:
    return details.get("ctx", {})


_OF_TAGS: Mapping[str, Reason] = {"union_tag_not_found": Reason.MISSING_FIELD, "union_tag_invalid": Reason.BAD_TYPE}

_REASONS: Mapping[str, Reason] = {
    "missing": Reason.MISSING_FIELD,
    "greater_than_equal": Reason.OUT_OF_RANGE,
    "less_than_equal": Reason.OUT_OF_RANGE,
    "string_too_long": Reason.OUT_OF_RANGE,
    "string_too_short": Reason.OUT_OF_RANGE,
    "finite_number": Reason.OUT_OF_RANGE,
}

_SENTENCES: Mapping[str, Callable[[str, ErrorDetails], str]] = {
    "missing": _missing,
    "union_tag_not_found": lambda field, details: f"{field} is missing",
    "union_tag_invalid": lambda field, details: (
        f"{field} {shown(_bounds(details).get('tag'))} is not known: {_bounds(details).get('expected_tags')}"
    ),
    "greater_than_equal": lambda field, details: f"{field} must be at least {_bounds(details)['ge']}, got {shown(details['input'])}",
    "less_than_equal": lambda field, details: f"{field} must be at most {_bounds(details)['le']}, got {shown(details['input'])}",
    "finite_number": _must_be("a finite number"),
    "string_too_long": lambda field, details: (
        f"{field} may have at most {_bounds(details)['max_length']} characters, got {len(details['input'])}: {shown(details['input'])}"
    ),
    "string_too_short": lambda field, details: f"{field} is empty",
    "string_type": _must_be("text"),
    "int_type": _must_be("a whole number"),
    "int_from_float": _must_be("a whole number"),
    "float_type": _must_be("a number"),
    "bool_type": _must_be("true or false"),
    "list_type": _must_be("a list"),
    "literal_error": lambda field, details: f"{field} must be one of {_bounds(details)['expected']}, got {shown(details['input'])}",
}
