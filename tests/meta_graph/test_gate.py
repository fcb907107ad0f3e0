"""Headers of usage, read as the budgets that they speak of."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest

from agentmarts.meta_graph.budget import Budget
from agentmarts.meta_graph.gate import usage_readings
from agentmarts.meta_graph.usage import parse_usage

APP = Budget("app1", "app", "app1")
PAGE = Budget("app1", "page", "1001")


def test_one_business_id_speaks_of_the_account() -> None:
    case = {"type": "pages", "call_count": 86, "total_cputime": 2, "total_time": 1, "estimated_time_to_regain_access": 9}
    headers = {
        "x-app-usage": '{"call_count":10,"total_time":12.5,"total_cputime":3}',
        "x-business-use-case-usage": orjson.dumps({"5555": [case]}).decode(),
    }
    readings = usage_readings(parse_usage(headers), PAGE)
    pages = Budget("app1", "page", "1001", "pages")
    assert set(readings) == {APP, pages}
    assert readings[APP].used_pct == Decimal("12.5")
    assert readings[pages].used_pct == Decimal(86)
    assert readings[pages].regain_minutes == 9


def test_several_ids_speak_of_themselves() -> None:
    entry = [{"type": "instagram", "call_count": 5}]
    headers = {"x-business-use-case-usage": orjson.dumps({"17841": entry, "999": entry}).decode()}
    readings = usage_readings(parse_usage(headers), Budget("app1", "instagram", "17841"))
    assert set(readings) == {Budget("app1", "instagram", one, "instagram") for one in ("17841", "999")}


@pytest.mark.parametrize("headers", [{}, {"x-app-usage": "<html>"}, {"x-app-usage": "[1]"}, {"x-business-use-case-usage": "{}"}])
def test_headers_that_say_nothing(headers: dict[str, str]) -> None:
    assert usage_readings(parse_usage(headers), PAGE) == {}
