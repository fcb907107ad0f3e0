"""Every error the service answers with, as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its page is /problems/<slug>."""

    slug: str
    status: int
    title: str
    meaning: str
    """What it means and what to do, for the page."""


class ProblemKind(Enum):
    """All kinds; their slugs are a promise to clients."""

    INVALID_REQUEST = Kind(
        "invalid-request",
        400,
        "The request cannot be understood",
        "A parameter or the body is wrong; `errors` names each place. Mend it and ask again.",
    )
    INVALID_CURSOR = Kind(
        "invalid-cursor", 400, "The cursor is not for this request",
        "A cursor belongs to one key and one query, and is passed on unchanged. Begin again without `cursor`.",
    )  # fmt: skip
    KEY_IN_URL = Kind(
        "key-in-url", 400, "An API key stood in the address",
        "Addresses end up in logs. Send `Authorization: Bearer <key>`, and rotate the key that was exposed.",
    )  # fmt: skip
    TENANT_REQUIRED = Kind("tenant-required", 400, "The key has several tenants", "Name one of them in the header `X-Tenant-Id`.")
    UNAUTHENTICATED = Kind(
        "unauthenticated", 401, "No valid API key", "Send `Authorization: Bearer <key>` with a key that is neither expired nor revoked."
    )
    FORBIDDEN = Kind(
        "forbidden", 403, "The key may not do this",
        "The key lacks the scope or the tenant the request names. Use another key, or ask for one with that scope.",
    )  # fmt: skip
    NOT_FOUND = Kind("not-found", 404, "There is nothing at this address", "See /v1/marts for the marts and /docs for all endpoints.")
    METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This address does not take the method", "`Allow` lists the methods it takes.")
    NOT_ACCEPTABLE = Kind(
        "not-acceptable", 406, "The format is not offered", "Ask for one of the formats named in `detail`, by suffix or `Accept`."
    )
    BODY_TIMEOUT = Kind("body-timeout", 408, "The body did not arrive in time", "Send it faster or in smaller parts.")
    STALE_CURSOR = Kind(
        "stale-cursor", 409, "The mart was published again since the page before",
        "Begin again without `cursor`, or add `allow_moving=true` to go on and accept that rows may move between pages.",
    )  # fmt: skip
    STILL_RUNNING = Kind(
        "still-running", 409, "A request with this Idempotency-Key is still running", "Wait a moment and send the same request again."
    )
    BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large", "Send it in smaller parts; `detail` names the limit.")
    UNSUPPORTED_BODY = Kind(
        "unsupported-body",
        415,
        "The body is of a kind that is not read here",
        "Send JSON or NDJSON, plain or with `Content-Encoding: gzip`.",
    )
    INVALID_BODY = Kind("invalid-body", 422, "The body does not fit", "`errors` names each place. Mend it and send it again.")
    NOTHING_ACCEPTED = Kind(
        "nothing-accepted", 422, "No event was accepted",
        "All of them stand in quarantine; `results` says why each was refused. Mend them and send them again.",
    )  # fmt: skip
    IDEMPOTENCY_MISMATCH = Kind(
        "idempotency-mismatch", 422, "The Idempotency-Key was used for another body", "Use a new key for each new request."
    )
    RATE_LIMITED = Kind("rate-limited", 429, "Too many requests", "Wait as many seconds as `Retry-After` says.")
    INTERNAL = Kind("internal", 500, "Something broke on our side", "Tell the operator the request id in `instance`.")
    OVERLOADED = Kind("overloaded", 503, "The service is busy", "Ask again after `Retry-After` seconds.")
    DATABASE_UNAVAILABLE = Kind(
        "database-unavailable",
        503,
        "The warehouse cannot be reached",
        "The service recovers by itself; ask again after `Retry-After` seconds.",
    )
    NOT_READY = Kind(
        "not-ready", 503, "The warehouse is not set up", "The operator runs `agentmarts migrate up`; /readyz says what is missing."
    )
    QUERY_TIMEOUT = Kind("query-timeout", 503, "The query took too long", "Ask for fewer rows or a shorter period, or use an export.")
    STORAGE_FULL = Kind("storage-full", 507, "The warehouse has no room left", "Nothing was stored. The operator must make room.")


BY_SLUG: Mapping[str, Kind] = {problem.value.slug: problem.value for problem in ProblemKind}
BY_STATUS: Mapping[int, ProblemKind] = {problem.value.status: problem for problem in reversed(ProblemKind)}


@dataclass(frozen=True)
class FieldError:
    """One place that is wrong: a JSON pointer into the request (`#/query/limit`, `#/body/0/occurred_at`) and why."""

    pointer: str
    detail: str


class Problem(Exception):
    """Raised anywhere below the service to end the request with this problem."""

    def __init__(
        self, kind: ProblemKind, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{kind.value.slug}: {detail}")
        self.kind = kind.value
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def query_problem(parameter: str, detail: str, kind: ProblemKind = ProblemKind.INVALID_REQUEST) -> Problem:
    """A parameter of the address is wrong."""
    return Problem(kind, f"{parameter}: {detail}", errors=[FieldError(pointer("query", parameter), detail)])


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901) as a URI fragment."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problem_response(problem: Problem, request_id: str) -> Response:
    """The answer for a problem."""
    body: dict[str, object] = {
        "type": f"/problems/{problem.kind.slug}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "instance": f"urn:request:{request_id}",
    }
    if problem.errors:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in problem.errors]
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(orjson.dumps(body), problem.kind.status, headers, MEDIA_TYPE)
