"""JSON text from senders: read, refused with the true reason, and kept safely."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from agentmarts.streams.contract.rejection import Reason, Rejection, shown

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32

_decode = msgspec.json.Decoder().decode
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.DOTALL)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_object(payload: bytes) -> dict[str, Any]:
    """One JSON object; of duplicate keys the last wins.

    Raises Rejection: body_too_large, too_deep, not_json (NaN and Infinity too), bad_text (NUL, lone surrogate), out_of_range (1e400),
    bad_type (no object).
    """
    if len(payload) > MAX_BYTES:
        raise Rejection(Reason.BODY_TOO_LARGE, f"the event has {len(payload):,} bytes, at most {MAX_BYTES:,} are accepted")
    if _depth(payload) > MAX_DEPTH:
        raise Rejection(Reason.TOO_DEEP, f"the event is nested more than {MAX_DEPTH} levels deep")
    try:
        value = _decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _why_unreadable(payload, str(error)) from None
    if not isinstance(value, dict):
        raise Rejection(Reason.BAD_TYPE, f"an event must be a JSON object, got {shown(value)}")
    for text in _texts(value):
        if "\x00" in text:
            raise Rejection(Reason.BAD_TEXT, f"the character NUL cannot be stored, found in {shown(text)}")
    return value


def array_elements(text: bytes, name: bytes) -> list[bytes] | None:
    """The elements of a JSON array, or of the array that a JSON object has under `name`, each as it stands, also one that is no JSON.

    None where brackets do not match: then nobody can say where one ends.
    """
    elements: list[bytes] = []
    depth, begin, inside, last = 0, 0, 0, b""
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
            if not inside and mark == b"[" and (depth == 1 or (depth == 2 and last == b'"' + name + b'"')):
                inside, begin = depth, token.end()
        elif mark in (b"]", b"}"):
            if inside == depth:
                if inside == 1 and text[token.end() :].strip():
                    return None
                last_one = text[begin : token.start()].strip()
                return [*elements, last_one] if last_one or elements else []
            depth -= 1
        elif mark == b"," and inside == depth:
            elements.append(text[begin : token.start()].strip())
            begin = token.end()
        last = mark
    return None


def is_suspect(payload: bytes) -> bool:
    """Whether the event is too large or may hold a NUL: only `read_object` can tell if it is fit to store."""
    return len(payload) > MAX_BYTES or (b"\\" in payload and b"\\u0000" in payload)


def safe_text(payload: bytes) -> tuple[str, str]:
    """(text, encoding) for the quarantine: the JSON as sent with every character beyond ASCII escaped, or base64 if it is not JSON."""
    try:
        text = payload.decode()
        json.loads(text, parse_constant=_refuse_constant, parse_int=float)
    except (ValueError, RecursionError):
        return base64.b64encode(payload).decode(), "base64"
    # Outside strings JSON is ASCII, so escaping the text changes no value, no number and no duplicate key.
    return _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], text), "json"


def original_bytes(text: str, encoding: str) -> bytes:
    """Inverse of `safe_text`, up to escapes."""
    return base64.b64decode(text) if encoding == "base64" else text.encode()


def _depth(payload: bytes) -> int:
    if payload.count(b"{") + payload.count(b"[") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", payload)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _why_unreadable(payload: bytes, message: str) -> Rejection:
    try:
        value = json.loads(payload.decode(), parse_constant=_refuse_constant, parse_int=float)
    except UnicodeDecodeError as error:
        return Rejection(Reason.NOT_JSON, f"the text is not UTF-8 at byte {error.start}: {shown(payload[error.start : error.start + 8])}")
    except ValueError as error:
        return Rejection(Reason.NOT_JSON, f"not readable as JSON: {error}; it begins {shown(payload[:40])}")
    for text in _texts(value):
        if _SURROGATE.search(text):
            return Rejection(Reason.BAD_TEXT, f"half of a surrogate pair cannot be stored, found in {shown(text)}")
    if any(math.isinf(number) for number in _numbers(value)):
        return Rejection(Reason.OUT_OF_RANGE, "a number is too large for double precision")
    return Rejection(Reason.NOT_JSON, f"not readable as JSON: {message}")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one)
