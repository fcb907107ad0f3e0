"""UTM parameters: ours are there once, and nothing else has changed."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentmarts.utm import Platform, UtmError, UtmTags, campaign_slug, tag_text, tag_url, utm_tags
from agentmarts.web_links import find_links, is_web_address

TAGS = utm_tags("instagram", "tips-may-2025", "p-1042")
OURS = "utm_source=instagram&utm_medium=social&utm_campaign=tips-may-2025&utm_content=post_p-1042"
OTHERS = utm_tags("facebook", "Größe & Preis", "x/7 ünï?.")


def test_the_four_parameters() -> None:
    assert TAGS.parameters() == {
        "utm_source": "instagram",
        "utm_medium": "social",
        "utm_campaign": "tips-may-2025",
        "utm_content": "post_p-1042",
    }
    assert list(TAGS.parameters()) == re.findall(r"utm_\w+(?==)", OURS)
    assert [str(platform) for platform in Platform] == ["facebook", "instagram"]


@pytest.mark.parametrize(
    ("url", "tagged"),
    [
        ("https://a.example", "https://a.example?{}"),
        ("https://a.example/", "https://a.example/?{}"),
        ("https://a.example/?", "https://a.example/?{}"),
        ("https://a.example/x?a=1", "https://a.example/x?a=1&{}"),
        ("https://a.example/x#part", "https://a.example/x?{}#part"),
        ("https://a.example/x?#", "https://a.example/x?{}#"),
        ("https://a.example/#/route?utm_source=x&b", "https://a.example/?{}#/route?utm_source=x&b"),
        # As others wrote it: blank, bare, repeated, empty, escaped in either case, not escaped, +, ;, =, ?, / and a nested address.
        ("https://a.example/?b=&a&b=2&b=1", "https://a.example/?b=&a&b=2&b=1&{}"),
        ("https://a.example/?a=1&&b=2&", "https://a.example/?a=1&&b=2&&{}"),
        ("https://a.example/?q=%7E%e4+x%20ü~!*'()", "https://a.example/?q=%7E%e4+x%20ü~!*'()&{}"),
        ("https://a.example/?q=%zz%", "https://a.example/?q=%zz%&{}"),
        ("https://a.example/?a=1;utm_source=x;b==?/", "https://a.example/?a=1;utm_source=x;b==?/&{}"),
        ("https://a.example/?next=https://b.example/?utm_source=x", "https://a.example/?next=https://b.example/?utm_source=x&{}"),
        ("https://a.example/?utm=1&xutm_source=2&a[]=3", "https://a.example/?utm=1&xutm_source=2&a[]=3&{}"),
        ("https://a.example/p;v=1/%2F/../é?x", "https://a.example/p;v=1/%2F/../é?x&{}"),
        # Replaced wherever they stand and however they are written.
        ("https://a.example/?utm_source=x&a=1&utm_medium=&b=2&utm_term=t&utm_id=9#f", "https://a.example/?a=1&b=2&{}#f"),
        ("https://a.example/?utm_source=x&utm_source=y", "https://a.example/?{}"),
        ("https://a.example/?UTM_Source=x&utm%5Fcampaign=y&utm_content&a=1", "https://a.example/?a=1&{}"),
        # Hosts of every kind.
        ("http://a.example:8080/x", "http://a.example:8080/x?{}"),
        ("HTTPS://A.Example:443", "HTTPS://A.Example:443?{}"),
        ("https://user:p%40ss@a.example:81/?x", "https://user:p%40ss@a.example:81/?x&{}"),
        ("https://[2001:db8::1]:8443/x?a", "https://[2001:db8::1]:8443/x?a&{}"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000?{}"),
        ("http://localhost/x", "http://localhost/x?{}"),
        ("https://straße.example/größe?ü=ß", "https://straße.example/größe?ü=ß&{}"),
        ("https://xn--strae-oqa.example", "https://xn--strae-oqa.example?{}"),
        ("https://उदाहरण.परीक्षा/", "https://उदाहरण.परीक्षा/?{}"),
        ("https://a.example./", "https://a.example./?{}"),
    ],
)
def test_addresses(url: str, tagged: str) -> None:
    expected = tagged.format(OURS)
    assert tag_url(url, TAGS) == expected
    assert tag_url(expected, TAGS) == expected
    if not url.endswith("?"):  # in prose the mark asks
        assert tag_text(f"See {url}", TAGS).text == f"See {expected}"


@pytest.mark.parametrize(
    "url",
    [
        "", "a.example/x", "www.a.example", "//a.example/x", "/x", "mailto:a@a.example", "ftp://a.example/x", "git+https://a.example/x",
        "javascript:alert(1)", "https:a.example", "https:/a.example", "https://", "https:///x", "https://?x", "https://:80/", "https://u@/",
        "https://a.example:70000/", "https://a.example:x/", "https://a.example:٣/", "https://a..b/", "https://.a.example", "https://a,b/",
        "https://[::1", "https://[::g]/", "https://[]/", "https://[::1]x/", "https://[v1.x]/", "https://a.example\\@b.example/",
        "https://a℀b.example/", "https://a.example/a b", " https://a.example", "https://a.example\n", "https://a.ex\tample/",
        "https://a.example/\x00", "httpſ://a.example",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    assert not is_web_address(url)
    with pytest.raises(UtmError) as refused:
        tag_url(url, TAGS)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "text",
    [
        # «…» stands around what is an address.
        "see «https://a.example/x».",
        "(«https://a.example/x»)",
        "«https://a.example/x», and «https://b.example/y»; «http://c.example»: three!",
        "«https://a.example/x»?! Really «https://a.example/x»...",
        "'«https://a.example/x»' \"«https://a.example/x»\" “«https://a.example/x»” ‘«https://a.example/x»’ „«https://a.example»“",
        "<«https://a.example/x»> <a href=\"«https://a.example/x?a=1»\">«https://a.example/x»</a> `«https://a.example»`",
        "[Shop](«https://a.example/x») *«https://a.example/x»* **«https://a.example»** _«https://a.example/x»_ {«https://a.example/x»}",
        "«https://en.wikipedia.org/wiki/Mercury_(planet)»",
        "(see «https://en.wikipedia.org/wiki/Mercury_(planet)»).",
        "(«https://a.example/?q=f(x)&b=[1]»)",
        "(«https://a.example/x?q=(a)») «https://a.example/x#s_(1)»)",
        "«https://a.example/x»(",
        "Link:«https://a.example/x»\nNext:\t«https://b.example»\u00a0end\u3000«https://c.example/»\u2028",
        "Shop «https://a.example»🎉 👉«https://a.example/x»✨👍🏽❤️ «https://a.example/x»… «https://a.example/x»\u200b",
        "«https://a.example/🎉/x» «https://a.example/wiki/Cauchy–Schwarz» «https://a.example/it's/x»—",
        "详见（«https://a.example/x»）了解更多。«https://a.example/苹果（公司）»，「«https://a.example»」、«https://a.example/x»。次",
        "見て«https://a.example/x»",
        "«https://u:p@a.example:81/x?a=1;b=2#f»!",
        "at «http://[2001:db8::1]:80/x», «http://[::1]»]",
        "«https://straße.example/x», «https://münchen.example».",
        "«HTTPS://A.example/x».",
        "«https://a.example/x»\r\n\r\n#tag @name",
        "«https://a.example/x#tag». «https://a.example/x#» «https://a.example/-» «https://a.example/?a=»",
        # Left alone.
        "", "No address at all.", "a.example, www.a.example/x?utm_source=y and a@a.example",
        "ftp://a.example/x mailto:a@a.example git+https://a.example/x xhttps://a.example",
        "https:// and http://. https://… https://) https:/a.example https://?x https://a.example...more",
        "web.archive.org/web/2020/https://a.example/x www.a.example/?next=https://b.example&https://c.example",
        "https://a.example,https://b.example https://a.example:99999/x https://[::1/x",
        "\\https://a.example/x user@https://a.example",
    ],
)  # fmt: skip
def test_addresses_in_prose(text: str) -> None:
    marked = re.compile("«([^»]*)»")
    plain = marked.sub(r"\1", text)
    tagged = tag_text(plain, TAGS)
    assert tagged.text == marked.sub(lambda match: tag_url(match[1], TAGS), text)
    assert tagged.links == tuple(tag_url(url, TAGS) for url in marked.findall(text))
    assert tag_text(tagged.text, TAGS) == tagged
    for link in find_links(plain):
        assert plain[link.start : link.end] == link.url


def test_values_are_escaped() -> None:
    tagged = tag_url("https://a.example/?a=1", OTHERS)
    assert tagged == (
        "https://a.example/?a=1&utm_source=facebook&utm_medium=social&utm_campaign=gr%C3%B6%C3%9Fe-preis"
        "&utm_content=post_x%2F7%20%C3%BCn%C3%AF%3F%2E"
    )
    assert parse_qs(urlsplit(tagged).query)["utm_content"] == ["post_x/7 ünï?."]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("tips-may-2025", "tips-may-2025"),
        ("Tips - May 2025", "tips-may-2025"),
        ("  General - June 2025 ", "general-june-2025"),
        ("Q&A: what's _new_?", "qa-whats-new"),
        ("--a__b--\t-c-", "a-b-c"),
        ("Größe & Preis – März", "größe-preis-märz"),
        ("夏 セール", "夏-セール"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert campaign_slug(name) == slug
    assert utm_tags("facebook", name, "1").campaign == slug


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("myspace", "c", "1"), "platform"), (("Instagram", "c", "1"), "platform"), (("", "c", "1"), "platform"),
        (("facebook", "", "1"), "campaign_slug"), (("facebook", " _-&", "1"), "campaign_slug"),
        (("facebook", "a\ud800", "1"), "campaign_slug"), (("facebook", "c", ""), "post_id"), (("facebook", "c", "\udfff"), "post_id"),
    ],
)  # fmt: skip
def test_values_that_make_no_sense(values: tuple[str, str, str], field: str) -> None:
    with pytest.raises(UtmError) as refused:
        utm_tags(*values)
    assert refused.value.field == field
    assert str(refused.value)


characters = st.characters(exclude_categories=["Cs"])
tags = st.builds(
    lambda platform, campaign, post_id: utm_tags(platform, f"c{campaign}", post_id),
    st.sampled_from(Platform), st.text(characters), st.text(characters, min_size=1),
)  # fmt: skip

MARKS = [*".,:;!?'*_~()[]{}<>\"`-–—…’“”„«»「」（）［］。，、|\\^@%&=#/+ \n\t\u00a0\u200b\u200d\ufe0f", "🎉", "❤️", "1️⃣"]
ADDRESSES = ["https://a.example", "https://b.example/x", "https://münchen.example/", "http://[::1]:80"]
PIECES = [
    *MARKS, *MARKS, *ADDRESSES, "https://", "http://", "HTTPS://", "a.example", "www.", "/wiki/M_(p)", "?", "&", "#", "?a=1", "&b=",
    "utm_source=x", "&utm_content=(", "?utm_term=)", "utm%5Fid=1&", "und", "é", "次",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES) | st.text(characters, max_size=2), max_size=6).map("".join)
texts = st.lists(st.tuples(st.sampled_from(["", " ", " (", "\n"]), st.sampled_from(ADDRESSES), pieces).map("".join), max_size=3).map(
    "".join
)
"""Up to three addresses, and anything behind each."""


@given(texts, tags, tags)
@example("https://a.example/)y()", TAGS, OTHERS)
@example("https://a.example/(x?utm_term=))", TAGS, OTHERS)
@example("https://a.example/?utm_term=(#)", TAGS, OTHERS)
@example("https://a.example,https://b.example", TAGS, OTHERS)
@example("https://a.example/(x?）y", TAGS, OTHERS)
def test_tagging_again_replaces(text: str, first: UtmTags, second: UtmTags) -> None:
    once = tag_text(text, first)
    assert tag_text(once.text, first) == once
    assert tag_text(once.text, second) == tag_text(text, second)


def without_utm(url: str) -> tuple[str, list[str], str]:
    """An address as it must remain: what stands before the query, the other parameters, what stands behind."""
    match = re.fullmatch(r"([^?#]*)(?:\?([^#]*))?(#.*)?", url, re.DOTALL)
    assert match
    parameters = match[2].split("&") if match[2] else []
    others = [one for one in parameters if not unquote(one.split("=")[0]).lower().startswith("utm_")]
    return match[1], others, match[3] or ""


@given(texts, tags)
def test_nothing_else_changes(text: str, tags: UtmTags) -> None:
    tagged = tag_text(text, tags)
    after, done = tagged.text, 0
    for link, ours in zip(find_links(text), tagged.links, strict=True):
        prose = text[done : link.start]
        assert after.startswith(prose + ours)
        after, done = after.removeprefix(prose + ours), link.end
        base, others, fragment = without_utm(link.url)
        assert without_utm(ours) == (base, others, fragment)
        values = parse_qs(ours.partition("#")[0].partition("?")[2], keep_blank_values=True)
        assert {name: value for name, value in values.items() if name.startswith("utm_")} == {
            name: [value] for name, value in tags.parameters().items()
        }
    assert after == text[done:]


hosts = st.sampled_from(["a.example", "u:p@b.example:8443", "[2001:db8::1]", "[::1]:80", "straße.example", "例え.example", "127.0.0.1:1"])
safe = "abzAZ09-éß次%+;:@!$,=/?.~'*_"
bodies = st.text(safe, max_size=8).map(lambda text: f"{text}z")  # no mark of prose at the end
addresses = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}://{host}{path}{query}{fragment}",
    st.sampled_from(["http", "https"]), hosts, st.just("") | bodies.map(lambda path: "/" + path.replace("?", "")),
    st.just("") | st.lists(bodies, min_size=1, max_size=4).map(lambda parameters: "?" + "&".join(parameters)),
    st.just("") | bodies.map(lambda fragment: "#" + fragment),
)  # fmt: skip
between = st.lists(st.sampled_from(["", " ", ".", ", ", "! (", ")", " 🎉", "…", "\n", "”", " und ", " a.example/x "]), max_size=4).map(
    "".join
)


@given(st.lists(st.tuples(between, addresses), max_size=5), between, tags)
def test_several_addresses(parts: list[tuple[str, str]], end: str, tags: UtmTags) -> None:
    """Addresses known beforehand are found in full, each of them, whatever prose stands around them."""
    text = "".join(f"{prose} {url}" for prose, url in parts) + f" {end}"
    expected = "".join(f"{prose} {tag_url(url, tags)}" for prose, url in parts) + f" {end}"
    tagged = tag_text(text, tags)
    assert tagged.text == expected
    assert tagged.links == tuple(tag_url(url, tags) for _, url in parts)


@given(st.text(characters).filter(lambda text: "://" not in text), tags)
def test_a_text_without_addresses_stays(text: str, tags: UtmTags) -> None:
    tagged = tag_text(text, tags)
    assert (tagged.text, tagged.links) == (text, ())


@given(st.text(characters))
def test_a_slug_of_a_slug_is_itself(name: str) -> None:
    slug = campaign_slug(f"{name}x")
    assert campaign_slug(slug) == slug
    assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", slug)
