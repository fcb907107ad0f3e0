"""Secrets never reach a log, whoever writes it."""

from __future__ import annotations

import logging

from agentmarts.warehouse.redaction import redact


class RedactionFilter(logging.Filter):
    """Replaces secrets in the finished message; on handlers, so that records of all loggers pass it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


def redact_logs() -> None:
    """Log to stderr at INFO, through the filter; httpx writes whole addresses at INFO, so it begins at WARNING."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RedactionFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
