"""docs/social.md: its commands and queries work as they stand, and give what the page says."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.utm import tag_url, utm_tags
from agentmarts.warehouse.connection import Role, connect
from tests.support.documented_commands import commands
from tests.support.marts.published import insert_rows, publish_calendar, publish_tenant, zero_row
from tests.support.serving import register, service


def test_the_commands_work(settings: Settings) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        answers = [command.send(client, {"KEY": acme.key}) for command in commands("social.md")]
    assert [answer.status_code for answer in answers] == [200, 200, 200], [answer.text for answer in answers]
    instagram, facebook = utm_tags("instagram", "tips-may-2025", "p-1042"), utm_tags("facebook", "tips-may-2025", "p-1043")
    address, short, long = (answer.json()["data"] for answer in answers)
    assert address == {"url": tag_url("https://shop.example/spring?size=m#new", instagram), "utm": instagram.parameters()}
    for data, tags in ((short, instagram), (long, facebook)):
        link = tag_url("https://shop.example/spring", tags)
        assert data == {"text": f"New in: {link}. Only until Sunday!", "links": [link], "utm": tags.parameters()}


def test_the_queries_work(settings: Settings) -> None:
    """Eight days of 10 views each, Monday to Monday, and of one post; 40 people in either span of seven days."""
    views, reach, posts, health = re.findall(r"```sql\n(.*?)```", (PROJECT_ROOT / "docs" / "social.md").read_text(), re.S)
    account, monday = UUID(int=1), date(2026, 3, 2)
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, monday, monday + timedelta(days=7))
        common = {"tenant_id": publish_tenant(connection, "acme"), "account_id": account, "platform": "facebook", "state": "ok"}
        given = {**common, "metric_name": "views", "day_basis": "pacific", "value_increment": 10, "days_covered": 1}
        for level in ("account", "post"):
            days = [{**given, "object_level": level, "metric_date": monday + timedelta(days=day)} for day in range(8)]
            insert_rows(connection, "engagement_metrics", [zero_row(connection, "engagement_metrics", **day) for day in days])
        given = {
            **common,
            "metric_name": "reach",
            "day_basis": "pacific",
            "unique_accounts": 40,
            "sum_of_days": 70,
            "overstatement_pct": 75,
        }
        ends = [{"window_days": days, "window_end_date": monday + timedelta(days=end)} for days, end in ((7, 6), (7, 7), (28, 6))]
        windows = [{**given, **end, "window_start_date": monday, "observed_at": "2026-03-20T00:00Z"} for end in ends]
        insert_rows(connection, "account_reach", [zero_row(connection, "account_reach", **window) for window in windows])
        today = now().date()
        publish_calendar(connection, today, today)
        key = {"tenant_id": common["tenant_id"], "account_id": account}
        reel = {**key, "platform": "instagram", "media_product": "REELS", "paid_scope": "unstated", "published_at": "2026-03-01T00:00Z"}
        ages = [{"platform_post_id": "m1", "checkpoint": age, "sample_at": "2026-03-02T00:00Z", "reach": 40} for age in ("24h", "latest")]
        insert_rows(connection, "post_performance", [zero_row(connection, "post_performance", **reel, **age) for age in ages])
        asked = [
            {"metric_name": "*", "status": "partial"},
            {"metric_name": "views", "status": "ok"},
            {"metric_name": "reach", "status": "stale"},
        ]
        asked = [{**key, "collection_date": today, "token_state": "ok", "day_rule_source": "default", **one} for one in asked]
        insert_rows(connection, "collection_health", [zero_row(connection, "collection_health", **one) for one in asked])
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute(views).fetchall() == [
            (account, "facebook", monday, 70, 7),
            (account, "facebook", monday + timedelta(days=7), 10, 1),
        ]
        assert [row[0] for row in connection.execute(posts).fetchall()] == ["m1"]
        assert [(row[2], row[7], row[8]) for row in connection.execute(health).fetchall()] == [("partial", "reach", "stale")]
        assert connection.execute(reach).fetchall() == [(account, monday, monday + timedelta(days=6), 40, 70, 75)]
