"""Tenants and their parameters: what is recorded, and what is refused with a remedy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import (
    PARAMETERS,
    Parameter,
    TenantError,
    create_tenant,
    find_tenant,
    list_parameters,
    list_tenants,
    parse_value,
    set_parameter,
)
from agentmarts.warehouse.connection import Role, connect


def test_create_and_find(settings: Settings) -> None:
    acme = create_tenant(settings, slug="acme", name="Acme & Söhne", timezone="Europe/Berlin", currency="EUR", vertical="retail")
    globex = create_tenant(settings, slug="globex")
    assert (globex.name, globex.timezone, globex.currency, globex.vertical) == ("globex", "UTC", "USD", None)
    assert list_tenants(settings) == [acme, globex]
    assert find_tenant(settings, "acme") == acme
    assert list_parameters(settings, "acme") == [Parameter("timezone", None, "Europe/Berlin")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"slug": "Acme"}, "is no slug"),
        ({"slug": "a" * 64}, "is no slug"),
        ({"slug": ""}, "is no slug"),
        ({"slug": "a", "currency": "EURO"}, "ISO 4217"),
        ({"slug": "a", "currency": "XXX"}, "ISO 4217"),
        ({"slug": "a", "timezone": "CET"}, "Europe/Berlin"),
        ({"slug": "a", "timezone": "+02:00"}, "no IANA time zone"),
        ({"slug": "a", "timezone": "Etc/GMT+5"}, "no IANA time zone"),
        ({"slug": "a", "timezone": "europe/berlin"}, "no IANA time zone"),
    ],
)
def test_what_makes_no_tenant(settings: Settings, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(TenantError, match=words):
        create_tenant(settings, **arguments)
    assert list_tenants(settings) == []


def test_a_slug_is_taken_once(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    with pytest.raises(TenantError, match="already"):
        create_tenant(settings, slug="acme")
    with pytest.raises(TenantError, match="agentmarts tenant create globex"):
        find_tenant(settings, "globex")


def test_parameters_hold_from_a_day_and_the_last_one_set_counts(settings: Settings) -> None:
    create_tenant(settings, slug="acme", timezone="America/New_York")
    set_parameter(settings, slug="acme", parameter="durable_days", value=14)
    set_parameter(settings, slug="acme", parameter="durable_days", value=21)
    set_parameter(settings, slug="acme", parameter="durable_days", value=30, valid_from=date(2025, 6, 1))
    set_parameter(settings, slug="acme", parameter="timezone", value="Europe/Berlin", valid_from=date(2025, 6, 1))
    assert list_parameters(settings, "acme") == [
        Parameter("durable_days", None, 21),
        Parameter("durable_days", date(2025, 6, 1), 30),
        Parameter("timezone", None, "America/New_York"),
        Parameter("timezone", date(2025, 6, 1), "Europe/Berlin"),
    ]
    assert find_tenant(settings, "acme").timezone == "Europe/Berlin"
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from raw.tenant_parameters").fetchone() == (5,)


GOOD: list[tuple[str, Any]] = [
    ("assume_after_hours", 0.5),
    ("abandon_after_hours", 48),
    ("repeat_days", 1),
    ("verified_threshold", 0.7),
    ("small_sample", 0),
    ("gap_confidence_threshold", 1),
    ("gap_window_days", 365),
    ("gap_distance", 0.45),
    ("avg_human_agent_cost_per_hour", 31.5),
    ("avg_conversation_time_minutes", 0),
    ("ai_cost_per_conversation", 0.05),
    ("rework_minutes", 4),
    ("minutes_per_action", 2.5),
    ("calibration_since", "2025-06-01"),
    ("holidays", ["2025-06-09", "2025-12-25"]),
    ("holidays", []),
    ("business_hours", [{"weekday": 5, "opens": "22:00", "closes": "24:00"}, {"weekday": 6, "opens": "00:00", "closes": "06:00"}]),
]

BAD: list[tuple[str, Any, str]] = [
    ("durability", 7, "there is no parameter 'durability': choose one of .*durable_days"),
    ("durable_days", 7.5, "must be a whole number"),
    ("durable_days", 0, "at least 1"),
    ("durable_days", True, "must be a whole number"),
    ("assume_after_hours", 0, "above 0"),
    ("verified_threshold", 70, "at most 1, got 70"),
    ("verified_threshold", "0.7", "must be a number"),
    ("verified_threshold", float("nan"), "at least 0"),
    ("timezone", "Berlin", "no IANA time zone"),
    ("calibration_since", "June", "write it as 2025-12-25"),
    ("minutes_per_action", -1, "at least 0"),
    ("holidays", ["25.12.2025"], "write it as 2025-12-25"),
    ("holidays", "2025-12-25", "list of dates"),
    ("business_hours", [], "list of weekly windows"),
    ("business_hours", [{"weekday": 0, "opens": "09:00", "closes": "17:00"}], "1 .Monday. to 7"),
    ("business_hours", [{"weekday": 1, "opens": "9:00", "closes": "17:00"}], '"HH:MM"'),
    ("business_hours", [{"weekday": 1, "opens": "22:00", "closes": "06:00"}], "split hours over midnight"),
    ("business_hours", [{"weekday": 1, "opens": "09:00", "closes": "24:01"}], '"HH:MM"'),
    ("business_hours", [{"weekday": 1, "opens": "09:00"}], "weekday, opens and closes"),
    (
        "business_hours",
        [{"weekday": 1, "opens": "12:00", "closes": "17:00"}, {"weekday": 1, "opens": "09:00", "closes": "12:01"}],
        "weekday 1 overlap",
    ),
]


def test_values_that_make_sense(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    for parameter, value in GOOD:
        set_parameter(settings, slug="acme", parameter=parameter, value=value)
    assert {parameter for parameter, _ in GOOD} | {"timezone", "durable_days"} == set(PARAMETERS)
    assert {one.parameter: one.value for one in list_parameters(settings, "acme")} == {**dict(GOOD), "timezone": "UTC"}


def test_values_that_make_none(settings: Settings) -> None:
    create_tenant(settings, slug="acme")
    for parameter, value, words in BAD:
        with pytest.raises(TenantError, match=words):
            set_parameter(settings, slug="acme", parameter=parameter, value=value)
    assert len(list_parameters(settings, "acme")) == 1


def test_values_from_the_command_line() -> None:
    assert [parse_value(text) for text in ("7", "0.7", '["2025-12-25"]', "Europe/Berlin", '"UTC"')] == [
        7, 0.7, ["2025-12-25"], "Europe/Berlin", "UTC",
    ]  # fmt: skip


def test_the_database_knows_every_parameter(settings: Settings) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        (check,) = connection.execute(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'tenant_parameters_parameter_check'"
        ).fetchone() or ("",)
    assert {name for name in PARAMETERS if f"'{name}'" in check} == set(PARAMETERS)


def test_logins_for_all_tenants_see_a_new_one(settings: Settings) -> None:
    first = create_tenant(settings, slug="acme")
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into ops.bi_tenants (role_name, tenant_id, all_tenants) values ('bi_all', %s, true), ('bi_one', %s, false)",
            [first.tenant_id, first.tenant_id],
        )
    second = create_tenant(settings, slug="globex")
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select role_name from ops.bi_tenants where tenant_id = %s", [second.tenant_id]).fetchall() == [
            ("bi_all",)
        ]
