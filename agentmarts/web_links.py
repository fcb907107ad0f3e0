"""Where the web addresses of a text begin and end. Only http and https: `shop.example` may as well be a file or a slip of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

# Spaces, controls, and marks that end an address in prose and never stand in one as pasted from a browser.
_STOPS = r"\s\x00-\x1f\x7f-\x9f<>\"`“”„‟«»‹›「」『』【】《》〈〉〔〕、。，！？；"
# Not within a word, another scheme (git+https:) or another address (web.archive.org/web/https:, ?next=https:).
_RUN = re.compile(rf"(?<![A-Za-z0-9+/\\=&?#%@])https?://[^{_STOPS}]+", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\](?::[0-9]*)?")

_OPENER = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "｝": "｛"}
_OPENERS = frozenset(_OPENER.values())
_SEPARATORS = "?&#"

ASCII_PROSE = ".,:;!?'*_~()[]{}"
"""What is prose at the end of an address: the marks of GitHub Flavored Markdown's extended autolinks, and brackets, `;` and `'`."""
_EMOJI_PARTS = "\ufe0e\ufe0f\u20e3"

# Beside letters, marks and digits: what RFC 5892 allows in names in some context, the dot, percent escapes, and _ which some do use.
_IN_HOSTS = "-._%·・\u200c\u200d"


@dataclass(frozen=True)
class WebLink:
    """An address and where it stands: `text[start:end]`, in characters."""

    start: int
    end: int
    url: str


def find_links(text: str) -> Iterator[WebLink]:
    """The addresses of a text from left to right, without the punctuation, brackets and emoji of the prose behind them.

    Several joined by a mark alone (`https://a.example,https://b.example`) are no address or one, never two: a comma may be part of an
    address, and cutting one in two would break it.
    """
    for run in _RUN.finditer(text):
        url = run.group()[: _end_of_address(run.group())]
        if is_web_address(url):
            yield WebLink(run.start(), run.start() + len(url), url)


def is_web_address(url: str) -> bool:
    """Whether this is an absolute http or https address with a host that can be: a name in any script, IPv4, or IPv6 in brackets."""
    if not _SCHEME.match(url) or _UNFIT.search(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        bracketed = _IN_BRACKETS.fullmatch(parts.netloc.rpartition("@")[2])
        if bracketed:
            IPv6Address(bracketed[1])
    except ValueError:
        return False
    # Browsers take \ for /, so what stands before it would be the host.
    if not host or "\\" in parts.netloc:
        return False
    return bracketed is not None or _is_host_name(host)


def _end_of_address(run: str) -> int:
    """Length of the address that a run of characters begins with.

    A closing bracket belongs to the address when its partner does (`…/wiki/Mercury_(planet)`). Partners stand in one path, one parameter or
    one fragment: so parameters may come and go without moving the end of the address.
    """
    opened: Counter[str] = Counter()
    partnered = set()
    end = len(run)
    for place, char in enumerate(run):
        if char in _SEPARATORS:
            opened.clear()
        elif char in _OPENERS:
            opened[char] += 1
        elif char in _OPENER:
            if opened[_OPENER[char]]:
                opened[_OPENER[char]] -= 1
                partnered.add(place)
            elif not char.isascii():  # of scripts that put no space behind it
                end = place
                break
    while end and end - 1 not in partnered and _is_prose(run[end - 1]):
        end -= 1
    return end


def _is_prose(char: str) -> bool:
    if char.isascii():
        return char in ASCII_PROSE
    return unicodedata.category(char)[0] in "PSC" or char in _EMOJI_PARTS


def _is_host_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return all(labels) and all(unicodedata.category(char)[0] in "LMN" or char in _IN_HOSTS for char in host)
