"""What headers tell of limits: absent is unknown, and nothing in them can break a run."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.api.usage import APP, BUSINESS, PAGE, BusinessLoad, Load, Usage, parse_usage

PAGES = {"type": "PAGES", "call_count": 12, "total_cputime": 3, "total_time": 40, "estimated_time_to_regain_access": 0}
INSTAGRAM = {"type": "instagram", "call_count": 100, "total_cputime": 5, "total_time": 9, "estimated_time_to_regain_access": 17}


def test_all_three() -> None:
    usage = parse_usage(
        {
            APP: '{"call_count":28,"total_time":25.5,"total_cputime":0}',
            PAGE: '{"call_count":1,"total_time":2,"total_cputime":3}',
            BUSINESS: orjson.dumps({"17": [PAGES, INSTAGRAM], "18": []}).decode(),
            "content-type": "application/json",
        }
    )
    assert usage == Usage(
        Load(28, 0, 25.5),
        Load(1, 3, 2),
        (BusinessLoad("17", "pages", Load(12, 3, 40)), BusinessLoad("17", "instagram", Load(100, 5, 9, 17))),
    )
    assert usage.highest_pct == 100
    assert usage.is_exhausted
    assert orjson.loads(orjson.dumps(usage.as_json()))["business"][1]["load"]["regain_minutes"] == 17


def test_absent_is_unknown() -> None:
    usage = parse_usage({})
    assert usage == Usage()
    assert (usage.app, usage.highest_pct, usage.is_exhausted, usage.announced_regain(4), usage.as_json()) == (None, None, False, None, None)
    empty = parse_usage({APP: "{}", BUSINESS: '{"17": [{"type": "pages"}]}'})
    assert empty.highest_pct is None
    assert empty.business[0].load == Load()
    assert empty.malformed == ()


@pytest.mark.parametrize(
    "header", ["", "nonsense", "[]", "3", "null", '{"call_count":', '{"17": 3}', '{"17": [null]}', '{"17": ["x", {}]}']
)
def test_malformed_headers_are_named(header: str) -> None:
    usage = parse_usage({BUSINESS: header, APP: '{"call_count": 7}'})
    assert usage.malformed == (BUSINESS,)
    assert usage.app == Load(7)
    assert usage.as_json() is not None


def test_values_that_are_no_numbers() -> None:
    assert parse_usage({APP: '{"call_count":"7","total_time":true,"total_cputime":-1}'}).app == Load()


def test_an_asset_whose_loads_are_not_in_a_list() -> None:
    assert parse_usage({BUSINESS: orjson.dumps({"17": PAGES}).decode()}).business == (BusinessLoad("17", "pages", Load(12, 3, 40)),)


def test_which_announcement_belongs_to_which_throttle() -> None:
    business = {"17": [{**PAGES, "estimated_time_to_regain_access": 5}, INSTAGRAM]}
    usage = parse_usage({BUSINESS: orjson.dumps(business).decode(), APP: '{"call_count": 101, "estimated_time_to_regain_access": 3}'})
    regains = {code: usage.announced_regain(code) for code in (4, 17, 80001, 80002, 80004, None)}
    assert regains == {4: 3, 17: 3, 80001: 5, 80002: 17, 80004: 17, None: 3}
    assert parse_usage({BUSINESS: orjson.dumps({"17": [PAGES]}).decode()}).announced_regain(80001) is None, "0 minutes is no announcement"


@given(st.dictionaries(st.sampled_from([APP, PAGE, BUSINESS]), st.text(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-5, 200) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["type", "call_count", "total_time", "estimated_time_to_regain_access", "17"]), inner, max_size=3),
    max_leaves=8,
).map(lambda value: orjson.dumps(value).decode())))  # fmt: skip
def test_no_header_breaks_anything(headers: dict[str, str]) -> None:
    usage = parse_usage(headers)
    assert usage.highest_pct is None or usage.highest_pct >= 0
    orjson.dumps(usage.as_json())
    usage.announced_regain(80001)
