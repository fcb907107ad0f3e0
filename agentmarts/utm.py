"""UTM parameters: which campaign, post and platform a visit came from, built and put into addresses and post copy.

`utm_source` is the platform, `utm_medium` social, `utm_campaign` the slug of the campaign, `utm_content` `post_{post_id}`. Nothing else of
an address is touched: `urllib.parse` would decode and encode again what others wrote, so parameters are cut and joined as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

from agentmarts.web_links import ASCII_PROSE, find_links, is_web_address

MEDIUM = "social"
PREFIX = "utm_"


class Platform(StrEnum):
    """Where a post is published; the names that the marts use."""

    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"


class UtmError(ValueError):
    """A value that no UTM parameter can be made of, or no address; `field` names the argument."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class UtmTags:
    """The four parameters, not encoded."""

    source: str
    medium: str
    campaign: str
    content: str

    def parameters(self) -> dict[str, str]:
        """By name, in the order in which they are written."""
        return {"utm_source": self.source, "utm_medium": self.medium, "utm_campaign": self.campaign, "utm_content": self.content}


@dataclass(frozen=True)
class TaggedText:
    """A text with its addresses tagged, and these addresses in their order."""

    text: str
    links: tuple[str, ...]


def campaign_slug(name: str) -> str:
    """The slug of a campaign's name, which is what `campaigns` is keyed by; a slug stays as it is.

    Lower case, trimmed, without characters other than letters and digits (of any script), spaces, `_` and `-`; of these, a run is one `-`,
    none at the ends. Raises UtmError when nothing is left.
    """
    kept = re.sub(r"[^\w\s-]", "", name.lower().strip())
    slug = re.sub(r"-+", "-", re.sub(r"[\s_]+", "-", kept)).strip("-")
    if not slug:
        raise UtmError("campaign_slug", f"{name[:100]!r} has no letter and no digit to make a slug of, as in spring-sale-may-2025")
    return slug


def utm_tags(platform: str, campaign: str, post_id: str) -> UtmTags:
    """The tags of a post. The campaign is a slug or a name of which the slug is taken.

    Raises UtmError for a platform the marts do not know, a campaign without a letter or digit, an empty post_id, lone surrogates.
    """
    if platform not in tuple(Platform):
        raise UtmError("platform", f"{platform[:100]!r} is no platform: use one of {', '.join(Platform)}")
    if not post_id:
        raise UtmError("post_id", "is empty")
    for field, value in (("campaign_slug", campaign), ("post_id", post_id)):
        if re.search(r"[\ud800-\udfff]", value):
            raise UtmError(field, "holds half a character (a lone surrogate)")
    return UtmTags(str(platform), MEDIUM, campaign_slug(campaign), f"post_{post_id}")


def tag_url(url: str, tags: UtmTags) -> str:
    """The address with these tags at the end of its query, before a fragment.

    Every `utm_` parameter goes (also `utm_term` and `utm_id`, which would tell of another campaign; in capitals or escaped too); all
    others stay byte for byte. So does a host in any script: people read it, browsers convert it, and conversions differ (the standard
    library makes ss of ß, another host). Parameters are what `&` separates (the URL standard), `;` is part of a value. Tagging twice is
    tagging once.

    Raises UtmError when it is no absolute http or https address.
    """
    if not is_web_address(url):
        raise UtmError("url", f"{url[:100]!r} is no absolute http or https address, as in https://shop.example/spring")
    before, hash_mark, fragment = url.partition("#")
    base, _, query = before.partition("?")
    kept = [parameter for parameter in query.split("&") if not _is_utm(parameter)] if query else []
    ours = [f"{name}={_encoded(value)}" for name, value in tags.parameters().items()]
    return f"{base}?{'&'.join([*kept, *ours])}{hash_mark}{fragment}"


def tag_text(text: str, tags: UtmTags) -> TaggedText:
    """The text with each http or https address tagged and every other character as it was.

    Addresses without a scheme (shop.example) are left alone, as is what only looks like an address. Tagging twice is tagging once.
    """
    parts, links, done = [], [], 0
    for link in find_links(text):
        links.append(tag_url(link.url, tags))
        parts += [text[done : link.start], links[-1]]
        done = link.end
    return TaggedText("".join([*parts, text[done:]]), tuple(links))


def _is_utm(parameter: str) -> bool:
    return unquote(parameter.partition("=")[0]).lower().startswith(PREFIX)


def _encoded(value: str) -> str:
    encoded = quote(value, safe="")
    # In prose a full stop at the end of an address would be taken for the end of the sentence.
    return encoded[:-1] + f"%{ord(encoded[-1]):02X}" if encoded[-1] in ASCII_PROSE else encoded
