"""Secrets never reach a log, whoever writes it."""

from __future__ import annotations

import logging
import re

SECRETS = (
    (re.compile(r"am_live_\w+"), "am_live_…"),
    (re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?(?:bearer\s+)?)[^\s'\",]+"), r"\1…"),
    (re.compile(r"(?i)((?:access_token|appsecret_proof|password)['\"]?\s*[=:]\s*['\"]?)[^\s&'\",]+"), r"\1…"),
    (re.compile(r"(?i)(postgres(?:ql)?(?:\+\w+)?://[^:/@\s]+:)[^@\s]+(@)"), r"\1…\2"),
)


class RedactionFilter(logging.Filter):
    """Replaces secrets in the finished message; on handlers, so that records of all loggers pass it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        return True


def redacted(text: str) -> str:
    """The text without what looks like a secret."""
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


def redact_logs() -> None:
    """Log to stderr at INFO, through the filter; httpx writes whole addresses at INFO, so it begins at WARNING."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RedactionFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
