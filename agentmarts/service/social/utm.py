"""/v1/social/utm: an address or the copy of a post, tagged. Computed from the request alone: no mart is read and nothing is written."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

import orjson
from annotated_types import MaxLen
from fastapi import APIRouter, Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import Response

from agentmarts import __version__
from agentmarts.service.http.answers import CACHE_CONTROL, VARY, matches
from agentmarts.service.http.body import JsonBody, body_doc, invalid_body, read_json
from agentmarts.service.http.idempotency import IdempotencyKey, idempotent_request
from agentmarts.service.http.openapi import Doc, problem_docs, read_doc
from agentmarts.service.http.parameters import NoParameters, Parameters
from agentmarts.service.http.problems import FieldError, Problem, ProblemKind, pointer, query_problem
from agentmarts.service.state import service_for, service_of
from agentmarts.service.warehouse.auth import Reader, Writer
from agentmarts.streams.contract.models import Identifier
from agentmarts.utm import Platform, UtmError, tag_text, tag_url, utm_tags
from agentmarts.web_links import find_links

router = APIRouter(prefix="/v1/social", tags=["social"])

ADDRESS_LENGTH = 4_000
"""Characters of url or text in an address: more than a caption on Instagram has (2,200)."""
BODY_LENGTH = 100_000
"""Characters of url or text in a body: more than a post on Facebook has (63,206)."""
MOST_LINKS = 1_000
"""Addresses in a text: each grows by the tags, and an answer must not be many times what was sent."""

URL = "An absolute web address. Either this or text."
TEXT = "Copy of a post; each web address in it is tagged. Either this or url."
PLATFORM = "Where it is published: utm_source."
CAMPAIGN = "utm_campaign; of a name the slug is taken, as `campaigns` has it."
POST = "The post: utm_content is `post_` and this."


PlatformName = Annotated[Platform, WithJsonSchema({"type": "string", "enum": list(Platform)})]
"""Said in place: a body that a route reads itself has no shared definitions to point to."""


class UtmParameters(Parameters):
    url: Annotated[str | None, MaxLen(ADDRESS_LENGTH)] = Field(None, description=URL, examples=["https://shop.example/spring?size=m"])
    text: Annotated[str | None, MaxLen(ADDRESS_LENGTH)] = Field(None, description=TEXT)
    platform: Platform = Field(description=PLATFORM)
    campaign_slug: Identifier = Field(description=CAMPAIGN, examples=["tips-may-2025"])
    post_id: Identifier = Field(description=POST, examples=["p-1042"])


class UtmBody(JsonBody):
    """What to tag, and with what."""

    url: Annotated[str | None, MaxLen(BODY_LENGTH)] = Field(None, description=URL)
    text: Annotated[str | None, MaxLen(BODY_LENGTH)] = Field(None, description=TEXT)
    platform: PlatformName = Field(description=PLATFORM)
    campaign_slug: Identifier = Field(description=CAMPAIGN)
    post_id: Identifier = Field(description=POST)


BODY_EXAMPLE: Doc = {
    "text": "New in: https://shop.example/spring?size=m. Only until Sunday!",
    "platform": "instagram",
    "campaign_slug": "tips-may-2025",
    "post_id": "p-1042",
}
_TAGGED = "https://shop.example/spring?size=m&utm_source=instagram&utm_medium=social&utm_campaign=tips-may-2025&utm_content=post_p-1042"
EXAMPLE: Doc = {
    "text": f"New in: {_TAGGED}. Only until Sunday!",
    "links": [_TAGGED],
    "utm": {"utm_source": "instagram", "utm_medium": "social", "utm_campaign": "tips-may-2025", "utm_content": "post_p-1042"},
}
_WORDS = {"type": "string"}
ANSWER: Doc = {
    "description": "What was sent, tagged.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["data"],
                "properties": {
                    "data": {
                        "type": "object",
                        "required": ["utm"],
                        "properties": {
                            "url": {**_WORDS, "description": "When url was sent."},
                            "text": {**_WORDS, "description": "When text was sent."},
                            "links": {"type": "array", "items": _WORDS, "description": "With text: its addresses, tagged, in order."},
                            "utm": {"type": "object", "properties": dict.fromkeys(EXAMPLE["utm"], _WORDS)},
                        },
                    }
                },
            },
            "example": {"data": EXAMPLE},
        }
    },
}


@router.get("/utm", summary="Tag an address or a post", **read_doc(ANSWER))
async def tag(request: Request, caller: Reader, parameters: Annotated[UtmParameters, Query()]) -> Response:
    """Web addresses with utm_source, utm_medium=social, utm_campaign and utm_content; their other utm_ parameters go, the rest stays.

    In a text everything else stays too: the punctuation behind an address, and addresses without a scheme (shop.example). Tagging twice
    is tagging once. Copy of more than 4,000 characters goes into a POST. The answer has no `meta`: no mart is read.
    """
    service_for(request)
    _refuse_broken_characters(request)
    address = f"{caller.tenant_id}\n{__version__}\n{request.url.path}?{request.scope['query_string'].decode('latin-1')}"
    etag = f'W/"{hashlib.sha256(address.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": VARY}
    try:
        body = _tagged(parameters)
    except UtmError as error:
        raise query_problem(error.field, str(error)) from error
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")


@router.post(
    "/utm",
    summary="Tag the copy of a long post",
    responses={200: ANSWER, **problem_docs(400, 401, 403, 408, 413, 415, 422, 429, 500, 503)},
    openapi_extra=body_doc(UtmBody, BODY_EXAMPLE),
)
async def tag_body(request: Request, caller: Writer, _: NoParameters, idempotency_key: IdempotencyKey = None) -> Response:
    """The same as GET, for copy that is too long for an address (up to 100,000 characters) or not to be seen in the logs of proxies.

    Nothing is stored, so an Idempotency-Key has nothing to guard: the same request always gets the same answer.
    """
    body, sent = await read_json(request, service_of(request).limits, UtmBody)
    idempotent_request(caller.tenant_id, request.url.path, idempotency_key, sent)  # refuses a key of a wrong length
    try:
        tagged = _tagged(body)
    except UtmError as error:
        raise invalid_body([FieldError(pointer("body", error.field), str(error))]) from error
    return Response(tagged, 200, {"Cache-Control": "no-store"}, "application/json")


def _refuse_broken_characters(request: Request) -> None:
    """What is no UTF-8 would come back as replacement characters: copy that nobody wrote."""
    try:
        unquote_to_bytes(request.scope["query_string"]).decode()
    except UnicodeDecodeError as error:
        raise Problem(ProblemKind.INVALID_REQUEST, "The address is no UTF-8 once unescaped.") from error


def _tagged(asked: UtmParameters | UtmBody) -> bytes:
    tags = utm_tags(asked.platform, asked.campaign_slug, asked.post_id)
    data: dict[str, Any]
    if asked.url is not None and asked.text is None:
        data = {"url": tag_url(asked.url, tags)}
    elif asked.text is not None and asked.url is None:
        if len(list(islice(find_links(asked.text), MOST_LINKS + 1))) > MOST_LINKS:
            raise UtmError("text", f"has more than {MOST_LINKS:,} addresses")
        tagged = tag_text(asked.text, tags)
        data = {"text": tagged.text, "links": tagged.links}
    else:
        raise UtmError("text" if asked.url is not None else "url", "give either url or text")
    return orjson.dumps({"data": {**data, "utm": tags.parameters()}})
