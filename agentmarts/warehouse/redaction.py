"""Secrets out of texts that people will read: passwords in addresses, API keys, bearer tokens, tokens and proofs of Meta."""

from __future__ import annotations

import re

TOKEN_NAMES = ("access_token", "input_token", "appsecret_proof", "client_secret", "fb_exchange_token")
"""Names under which Meta's tokens, proofs and app secrets travel."""
SECRET_NAMES = ("password", *TOKEN_NAMES)
"""Names of parameters and fields whose value is a secret."""
_SECRETS = (
    (re.compile(r"(://[^:/@\s]+:)[^@\s]+(@)"), r"\1***\2"),
    (re.compile(r"am_live_[0-9A-Za-z]+_[0-9A-Za-z]+"), "am_live_***"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1***"),
    # As a parameter, also percent-encoded, and as a field of JSON, also of JSON inside JSON.
    (re.compile(rf"(?i)((?:{'|'.join(SECRET_NAMES)})\\*['\"]?\s*(?:[=:]|%3[DA])\s*\\*['\"]?)[^\s&'\"]+"), r"\1***"),
    # Meta's tokens begin so, and its errors quote the one they reject.
    (re.compile(r"\b(?:EAA|IGQ|IGA)[0-9A-Za-z_-]{20,}"), "***"),
    (re.compile(r"(?i)(malformed access token:?\s+)\S+"), r"\1***"),
)


def redact(text: str) -> str:
    """The text with every secret it is known to hold replaced by `***`."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text
