"""/v1/learning/dashboards: every key of the original with a figure counted by hand, and null with a status where nothing is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row
from tests.support.marts.published_learning import LEARNING_MARTS, action_row, feedback_row
from tests.support.oracle import wilson
from tests.support.serving import AS_OF, TENANT_MARTS, Customer, assert_problem, register, service

URL = "/v1/learning/dashboards"
ROLES = ("rep", "manager", "executive")
FIRST_DAY, LAST_DAY = date(2025, 5, 19), date(2025, 6, 17)
"""The 30 complete days before AS_OF; the second half begins on 3 June."""


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def publish_actions(connection: Connection, tenant: UUID) -> None:
    """87 actions of the period: 81 e-mails, 4 deals, 2 meetings; and some just outside it."""

    def row(name: str, created_at: datetime, status: str, after: float | None = None, **more: Any) -> dict[str, Any]:
        return action_row(connection, tenant, name, created_at, status=status, resolved_after=after, **more)

    deal: dict[str, Any] = {"action_type": "update_deal", "outcome_type": "deal_progression", "window_hours": 168, "rep_id": "rep-1"}
    meeting: dict[str, Any] = {"action_type": "book_meeting", "outcome_type": "meeting_outcome"}
    rows = []
    for n in range(40):  # half of them answered before, a quarter after
        is_answered = n % 2 == 0
        rows.append(row(f"e{n}", at(5, 20 + n // 4), "positive" if is_answered else "expired", 2 if is_answered else None, rep_id="rep-1"))
        is_answered = n % 4 == 0
        rows.append(row(f"f{n}", at(6, 3 + n // 4), "positive" if is_answered else "expired", 2 if is_answered else None, rep_id="rep-2"))
    rows += [
        row("open", at(6, 17, 20), "pending", rep_id="rep-2"),
        row("d1", at(6, 1), "positive", 10, conversation_id="c1", closed_won_at=at(6, 5), **deal),
        row("d2", at(6, 2), "negative", 20, conversation_id="c2", **deal),
        row("d3", at(6, 14), "positive", 30, conversation_id="c3", **deal),
        row("d4", at(6, 15, 0), "pending", conversation_id="c3", **deal),
        row("m1", at(6, 4), "ambiguous", 1, **meeting),
        row("m2", at(6, 5), "negative", 2, **meeting),
        # Not of the period, but for the deal that it saw won.
        row("the day before", at(5, 18), "positive", 1, rep_id="rep-1"),
        row("today", at(6, 18, 8), "positive", 1, rep_id="rep-1"),
        row("old deal", at(5, 1), "positive", 1, conversation_id="c4", closed_won_at=at(6, 10), **deal),
    ]
    insert_rows(connection, "outcomes", rows)


def publish_feedback(connection: Connection, tenant: UUID) -> None:
    """43 entries of the period: 41 inline, one of them replaced, and 2 of the dashboard."""

    def row(name: str, occurred_at: datetime, rating: int, reviewer: str | None, **more: Any) -> dict[str, Any]:
        return feedback_row(connection, tenant, name, occurred_at, rating=rating, reviewer_id=reviewer, **more)

    ratings = [-1] * 20 + [0] * 5 + [1] * 4
    rows = [row(f"a{n}", at(5, 20 + n // 3), rating, "u-1") for n, rating in enumerate(ratings)]
    rows += [row("replaced", at(5, 20), 1, "u-1", is_current=False)]
    rows += [row(f"b{n}", at(6, 3 + n), -1, "u-1") for n in range(8)]
    rows += [row(f"c{n}", at(6, 12), -1, "u-1") for n in range(2)]
    rows += [row("anonymous", at(6, 5), 1, None)]
    rows += [row("four stars", at(6, 16), 4, "u-2", source="dashboard"), row("two", at(6, 16), 2, "u-2", source="dashboard")]
    # Outside the period, two of them also outside the five weeks of fatigue.
    rows += [row("35 days", at(5, 14), 1, "u-3"), row("36 days", at(5, 13), 1, "u-4"), row("today", at(6, 18, 8), 1, "u-5")]
    links = {"a0": "e0", "a1": "e0", "b0": "d1", "c0": "the day before"}
    insert_rows(connection, "feedback_entries", [{**one, "action_id": links.get(one["feedback_id"])} for one in rows])


def publish_calibration(connection: Connection, tenant: UUID) -> None:
    brier_scores = {"send_email": (300, 0.2), "update_deal": (100, 0.1), "book_meeting": (0, None)}
    rows = [
        zero_row(
            connection, "calibration_summary", tenant_id=tenant, action_type=action_type, label_policy=policy, n=n,
            brier_score=brier if policy == "headline" else 0.9 if n else None, base_rate=0.25 if n else None,
            is_calibrated=False if n else None, direction="overconfident" if n else "unclear", status="ok" if n else "no_data",
        )
        for action_type, (n, brier) in brier_scores.items()
        for policy in ("headline", "resolved_only")
    ]  # fmt: skip
    insert_rows(connection, "calibration_summary", rows)


def publish_patterns(connection: Connection, tenant: UUID) -> None:
    """Ranks 1 to 8 in both windows; the second is not actionable. Of 90 days only two."""
    rows = [
        zero_row(
            connection, "coaching_patterns", tenant_id=tenant, window_days=days, dimension="channel", segment=f"s{rank}", outcome_type="*",
            pattern_id=f"{days}-{rank}", pattern_type="channel_preference", n=100 - rank, success_rate=0.61234567, difference=0.1,
            q_value=0.0123456789, confidence=0.9876543211, is_actionable=rank != 2, rank=rank,
            description=f"s{rank} is associated with success.", recommendation=f"Use s{rank}.",
        )
        for days, ranks in ((30, range(1, 9)), (90, range(1, 3)))
        for rank in ranks
    ]  # fmt: skip
    insert_rows(connection, "coaching_patterns", rows)


def publish_escalations(connection: Connection, tenant: UUID) -> None:
    """Three handoffs of the period; of the 11 conversations begun in it three escalated, one of them only today."""

    def row(name: str, start: datetime, handoff: datetime | None = None) -> dict[str, Any]:
        fate = (
            {"handoff_at": handoff, "escalated_date": handoff.date(), "handoff_reason": "asked", "outcome": "escalated"} if handoff else {}
        )
        return zero_row(
            connection, "conversations", tenant_id=tenant, conversation_id=name, episode_no=1, started_at=start, start_date=start.date(),
            channel="chat", **{"outcome": "open", **fate},
        )  # fmt: skip

    rows = [row(f"calm-{n}", at(6, 1)) for n in range(8)]
    rows += [
        row("c1", at(6, 1), at(6, 3, 12)),
        row("x1", at(6, 1), at(6, 1, 12)),
        row("x2", at(5, 1), at(6, 10)),
        row("x3", at(6, 2), at(6, 18)),
    ]
    insert_rows(connection, "conversations", rows)
    for day, escalated, begun in ((date(2025, 5, 1), 1, 1), (date(2025, 6, 1), 2, 10), (date(2025, 6, 2), 1, 1)):
        rate = {"escalation_rate_numerator": escalated, "escalation_rate_denominator": begun, "escalation_rate": escalated / begun}
        insert_rows(connection, "daily_metrics", [zero_row(connection, "daily_metrics", tenant_id=tenant, metric_date=day, **rate)])


def publish_minutes(connection: Connection, tenant: UUID) -> None:
    """Five minutes an action, six since June, a hundred from tomorrow on."""
    for valid_from, minutes in (("-infinity", 5), ("2025-06-01", 6), ("2025-06-19", 100)):
        connection.execute(
            "insert into marts.dim_tenant_parameters values (%s, 'minutes_per_action', %s, %s, %s, false, 1)",
            (tenant, valid_from, str(minutes), minutes),
        )


def published_acme(settings: Settings) -> Customer:
    customer = register(settings, "acme")
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2024, 1, 1), date(2025, 12, 31))
        publish_tenant(connection, "acme", "UTC", customer.tenant_id)
        for publish in (publish_actions, publish_feedback, publish_calibration, publish_patterns, publish_escalations, publish_minutes):
            publish(connection, customer.tenant_id)
        log_version(connection, 1, AS_OF, (*LEARNING_MARTS, *TENANT_MARTS), [customer.tenant_id])
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def data(client: httpx.Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["data"]
    return found


def metrics(client: httpx.Client, role: str, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = data(client, f"{URL}/{role}{query}")["metrics"]
    return found


def without(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


def rate(name: str, k: int, n: int, status: str) -> dict[str, Any]:
    """A rate as it stands in an answer: 4 digits, with both counts and its interval."""
    value, low, high = wilson(k, n)
    shown = {f"{name}_low": low, f"{name}_high": high, name: value}
    return {
        f"{name}_numerator": k,
        f"{name}_denominator": n,
        f"{name}_status": status,
        **{key: None if one is None else pytest.approx(one, abs=5.1e-5) for key, one in shown.items()},
    }


def two_sided(z: float) -> Any:
    return pytest.approx(math.erfc(abs(z) / math.sqrt(2)), abs=1e-6)


COUNTS = {
    "total_actions": 87, "positive_outcomes": 32, "negative_outcomes": 2, "ambiguous_outcomes": 1, "expired_outcomes": 50,
    "pending_outcomes": 2,
}  # fmt: skip
OTHER_RATES = {
    "success_rate_resolved": 0.9412, "success_rate_resolved_status": "ok",  # 32 of 34
    # E-mails 30/81; deals 1/4 + 1/2 · 1/2 with the second a failure; meetings 0: weighted by actions 32/87.
    "aj_success_rate": 0.3678, "aj_success_rate_status": "ok", "aj_n": 87,
}  # fmt: skip
DEALS = {"deals_progressed": 2, "deals_stalled": 1, "deals_closed_won": 2, **rate("stage_advancement_rate", 1, 2, "low_n")}
ESCALATIONS = rate("escalation_rate", 3, 11, "low_n")
FEEDBACK_TREND = {"recent_trend": "declining", "recent_trend_p": two_sided((13 - 30) / math.sqrt(43))}


@pytest.mark.parametrize("role", ROLES)
def test_frame(reader: httpx.Client, role: str) -> None:
    found = data(reader, f"{URL}/{role}")
    assert found == {
        "role": role, "rep_id": None, "period": "last_30_days", "date_range": {"from": "2025-05-19", "to": "2025-06-17"},
        "generated_at": "2025-06-18T12:00:00+00:00", "metrics": found["metrics"],
    }  # fmt: skip
    keys = {
        "rep": ["response_rates", "deal_impact", "feedback_scores", "calibration_summary", "escalation_history"],
        "manager": [
            "team_trends", "comparative_performance", "coaching_opportunities", "aggregate_calibration", "escalation_rate",
            "feedback_health",
        ],
        "executive": ["roi_metrics", "agent_effectiveness", "engagement_trends", "strategic_insights"],
    }  # fmt: skip
    assert [key for key in found["metrics"] if key in keys[role]] == keys[role]


def test_rep(reader: httpx.Client) -> None:
    found = metrics(reader, "rep")
    assert without(found["response_rates"], "rows") == {**COUNTS, **rate("success_rate", 31, 83, "provisional"), **OTHER_RATES}
    assert without(found["deal_impact"], "rows") == DEALS
    assert found["calibration_summary"]["overall_brier"] == 0.175, "(300 · .2 + 100 · .1) / 400, headline only"
    assert [one["action_type"] for one in found["calibration_summary"]["action_types"]] == ["book_meeting", "send_email", "update_deal"]
    assert found["calibration_summary"]["action_types"][1] == {
        "action_type": "send_email", "n": 300, "status": "ok", "brier_score": 0.2, "binned_calibration_error": None, "base_rate": 0.25,
        "mean_confidence": None, "is_calibrated": False, "direction": "overconfident", "e_alarm_at": None,
        "href": "/v1/learning/calibration/send_email",
    }  # fmt: skip
    assert [one["conversation_id"] for one in found["escalation_history"]] == ["x2", "c1", "x1"], "newest first, none of today"
    assert found["escalation_history"][0] == {
        "conversation_id": "x2", "episode_no": 1, "escalated_at": "2025-06-10T10:00:00+00:00", "reason": "asked", "channel": "chat",
        "agent_id": None,
    }  # fmt: skip


def test_feedback_scores(reader: httpx.Client) -> None:
    found = metrics(reader, "rep")["feedback_scores"]
    share = {source: wilson(k, n) for source, k, n in (("inline", 5, 40), ("dashboard", 1, 2))}
    assert without(found, "rows") == {
        "scope": "tenant", "total_feedbacks": 43, "ratings": 42,
        "average_rating": None, "average_rating_status": "mixed_sources",
        "normalized_avg": 0.2024, "normalized_avg_status": "ok",  # (5 · .5 + 5 · 1 + .75 + .25) / 42
        **FEEDBACK_TREND,
        "by_source": {
            "inline": {  # 30 times -1, 5 times 0, 5 times 1: the variance is 775 / 1560
                "entries": 41, "ratings": 40, "average_rating": -0.625, "average_rating_se": 0.1114, "positive_count": 5,
                "positive_share": 0.125, "positive_share_low": pytest.approx(share["inline"][1], abs=5.1e-5),
                "positive_share_high": pytest.approx(share["inline"][2], abs=5.1e-5), "is_poor": True,
            },
            "dashboard": {
                "entries": 2, "ratings": 2, "average_rating": 3.0, "average_rating_se": 1.0, "positive_count": 1, "positive_share": 0.5,
                "positive_share_low": pytest.approx(share["dashboard"][1], abs=5.1e-5),
                "positive_share_high": pytest.approx(share["dashboard"][2], abs=5.1e-5), "is_poor": None,
            },
        },
    }  # fmt: skip


def test_one_source_has_an_average(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("delete from marts.feedback_entries where source = 'dashboard'")
        log_version(connection, 2, AS_OF, ["feedback_entries"], [acme.tenant_id])
    found = metrics(client, "rep")["feedback_scores"]
    assert (found["average_rating"], found["average_rating_status"], found["normalized_avg"]) == (-0.625, "ok", 0.1875)
    assert found["by_source"]["dashboard"]["ratings"] == 0
    assert found["by_source"]["dashboard"]["average_rating"] is None, "0.0 would be a rating"


def test_manager(reader: httpx.Client) -> None:
    found = metrics(reader, "manager")
    team = found["team_trends"]
    pooled = 31 / 83
    z = (10 / 41 - 21 / 42) / math.sqrt(pooled * (1 - pooled) * (1 / 41 + 1 / 42))
    assert without(team, "rows", "daily_activity") == {
        "total_outcomes": 87, **COUNTS, **rate("success_rate", 31, 83, "provisional"), **OTHER_RATES,
        "trend": "declining", "trend_p": two_sided(z),
        "halves": [
            {"matured_positive": 21, "matured_labelled": 42, "success_rate": 0.5},
            {"matured_positive": 10, "matured_labelled": 41, "success_rate": 0.2439},
        ],
    }  # fmt: skip
    days = {one["metric_date"]: one for one in team["daily_activity"]}
    assert list(days) == [str(FIRST_DAY + timedelta(days=n)) for n in range(30)], "days without an action too"
    assert days["2025-05-20"] == {
        "metric_date": "2025-05-20", "actions": 4, "positive_outcomes": 2, "negative_outcomes": 0, "pending_outcomes": 0,
        "matured_labelled": 4, "matured_positive": 2, "success_rate": 0.5, "is_provisional": False,
    }  # fmt: skip
    assert days["2025-06-17"] == {
        "metric_date": "2025-06-17", "actions": 1, "positive_outcomes": 0, "negative_outcomes": 0, "pending_outcomes": 1,
        "matured_labelled": 0, "matured_positive": 0, "success_rate": None, "is_provisional": True,
    }  # fmt: skip
    assert sum(one["actions"] for one in days.values()) == 87
    assert found["aggregate_calibration"]["overall_brier"] == 0.175
    assert (found["aggregate_calibration"]["overall_brier_n"], found["aggregate_calibration"]["overall_brier_status"]) == (400, "ok")
    assert len(found["aggregate_calibration"]["by_action_type"]) == 3
    assert {name: value for name, value in found.items() if name.startswith("escalation_rate")} == ESCALATIONS


def test_representatives(reader: httpx.Client) -> None:
    """In order of what is sure of them, the actions of nobody among them."""
    reps = metrics(reader, "manager")["comparative_performance"]
    assert [without(rep, "rows") for rep in reps] == [
        {"rep_id": name, "total_actions": actions, "positive_outcomes": positive, "negative_outcomes": negative,
         "pending_outcomes": pending, **rate("success_rate", successes, labelled, status), "success_rate_resolved": resolved,
         "deals_progressed": deals}
        for name, actions, positive, negative, pending, successes, labelled, status, resolved, deals in [
            ("rep-1", 44, 22, 1, 1, 21, 42, "provisional", 0.9565, 2),
            ("rep-2", 41, 10, 0, 1, 10, 40, "provisional", 1.0, 0),
            (None, 2, 0, 1, 0, 0, 1, "low_n", 0.0, 0),
        ]
    ]  # fmt: skip
    for rep in reps:
        assert reader.get(rep["rows"] + "&count=exact").json()["page"]["count"] == rep["total_actions"]


def test_feedback_health(reader: httpx.Client) -> None:
    found = metrics(reader, "manager")["feedback_health"]

    def fatigue(reviewer: str, recent: int, before: int, lift: float, is_fatigued: bool) -> dict[str, Any]:
        a, b = recent + lift, before + lift
        factor = math.exp(1.959963984540054 * math.sqrt(1 / a + 1 / b))
        ratio = 4 * a / b
        shown = {
            "rate_ratio": ratio,
            "rate_ratio_low": ratio / factor,
            "rate_ratio_high": ratio * factor,
            "seed_entries_per_day": recent / 7,
        }
        return {
            "reviewer_id": reviewer, "entries_last_7_days": recent, "entries_28_days_before": before, "is_fatigued": is_fatigued,
            **{name: pytest.approx(value, abs=5.1e-5) for name, value in shown.items()},
        }  # fmt: skip

    assert found == {
        "scope": "tenant", "submission_rate": 1.4333, "submission_rate_unit": "entries per day", "submission_rate_status": "ok",
        "coverage_percent": 2.30, "coverage_status": "ok", "actions_with_feedback": 2,  # e0 (twice) and d1 of 87
        **FEEDBACK_TREND,
        "has_poor_feedback": True, "has_poor_feedback_status": "ok",
        "reviewers_scope": "tenant", "reviewers": 3, "fatigued_reviewers": 1,
        "reviewer_fatigue": [
            fatigue("u-1", 2, 38, 0, True), fatigue("u-3", 0, 1, 0.5, False), fatigue("u-2", 2, 0, 0.5, False),
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ratings", "is_poor", "status"),
    [
        ([-1] * 4, None, "low_n"), ([-1] * 5, True, "ok"), ([-1, -1, -1, 0, 0], True, "ok"), ([-1, -1, -1, 0, 1], False, "ok"),
        ([0] * 5, False, "ok"), ([1] * 5, False, "ok"), ([], None, "no_data"),
    ],
)  # fmt: skip
def test_poor_feedback(
    settings: Settings, client: httpx.Client, acme: Customer, ratings: list[int], is_poor: bool | None, status: str
) -> None:
    """Below neutral with its whole interval, from five ratings on: -0.6 ± 0.48 is poor, -0.4 ± 0.78 is not."""
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("delete from marts.feedback_entries where source = 'inline'")
        rows = [feedback_row(connection, acme.tenant_id, f"r{n}", at(6, 1), rating=rating) for n, rating in enumerate(ratings)]
        insert_rows(connection, "feedback_entries", rows)
        log_version(connection, 2, AS_OF, ["feedback_entries"], [acme.tenant_id])
    found = metrics(client, "manager")["feedback_health"]
    assert (found["has_poor_feedback"], found["has_poor_feedback_status"]) == (is_poor, status)
    assert (found["coverage_percent"], found["coverage_status"]) == (None, "not_linked"), "no entry carries an action_id any more"
    assert found["actions_with_feedback"] is None


def test_patterns(reader: httpx.Client) -> None:
    found = metrics(reader, "manager")
    assert [one["pattern_id"] for one in found["coaching_opportunities"]] == ["30-1", "30-3", "30-4", "30-5", "30-6"]
    assert found["coaching_opportunities"][0] == {
        "pattern_id": "30-1", "pattern": "s1 is associated with success.", "recommendation": "Use s1.", "confidence": 0.9877,
        "pattern_type": "channel_preference", "sample_size": 99, "success_rate": 0.6123, "difference": 0.1, "q_value": 0.012346,
    }  # fmt: skip
    assert (found["coaching_opportunities_status"], found["coaching_opportunities_window_days"]) == ("ok", 30)
    found = metrics(reader, "executive")
    assert [one["pattern_id"] for one in found["strategic_insights"]] == ["30-1", "30-3", "30-4"]
    found = metrics(reader, "executive", "?days=31")
    assert [one["pattern_id"] for one in found["strategic_insights"]] == ["90-1"]
    assert found["strategic_insights_window_days"] == 90


def test_executive(reader: httpx.Client) -> None:
    found = metrics(reader, "executive")
    assert without(found["roi_metrics"], "rows") == {
        "total_actions": 87, "positive_outcomes": 32,
        "estimated_time_saved_hours": 3.2, "estimated_time_saved_hours_status": "ok", "minutes_per_action": 6,  # 32 · 6 / 60
        **DEALS,
        "cost_per_interaction": None, "cost_per_interaction_status": "no_input",
    }  # fmt: skip
    assert without(found["agent_effectiveness"], "rows") == {
        **rate("overall_success_rate", 31, 83, "provisional"), **OTHER_RATES,
        "overall_brier": 0.175, "overall_brier_n": 400, "overall_brier_status": "ok",
        "qualification_completion_rate": None, "qualification_completion_rate_status": "no_input",
        **ESCALATIONS,
    }  # fmt: skip
    team = metrics(reader, "manager")["team_trends"]
    assert found["engagement_trends"] == {
        "trend_direction": team["trend"], "trend_p": team["trend_p"], "halves": team["halves"], "daily": team["daily_activity"],
    }  # fmt: skip


def test_of_one_representative(reader: httpx.Client) -> None:
    found = data(reader, f"{URL}/rep?rep_id=rep-1")
    assert found["rep_id"] == "rep-1"
    figures = found["metrics"]
    assert figures["response_rates"]["total_actions"] == 44
    assert (figures["deal_impact"]["deals_progressed"], figures["deal_impact"]["deals_closed_won"]) == (2, 2)
    feedback = figures["feedback_scores"]
    assert (feedback["scope"], feedback["total_feedbacks"], feedback["average_rating"]) == ("actions_of_rep", 4, -1.0)
    assert feedback["rows"] is None, "which entries are of his actions no address can say"
    assert [one["conversation_id"] for one in figures["escalation_history"]] == ["c1"]
    assert figures["escalation_history_rows"] is None
    assert [one["action_type"] for one in figures["calibration_summary"]["action_types"]] == ["send_email", "update_deal"]
    figures = metrics(reader, "rep", "?rep_id=rep-2")
    assert figures["calibration_summary"]["overall_brier"] == 0.2
    assert figures["deal_impact"]["stage_advancement_rate_status"] == "no_data"
    assert figures["feedback_scores"]["total_feedbacks"] == 0
    manager = metrics(reader, "manager", "?rep_id=rep-1")
    assert manager["escalation_rate_denominator"] == 11, "of all conversations"
    assert (manager["feedback_health"]["scope"], manager["feedback_health"]["coverage_percent"]) == ("actions_of_rep", 4.55)
    assert [rep["rep_id"] for rep in manager["comparative_performance"]] == ["rep-1"]
    assert metrics(reader, "executive", "?rep_id=rep-1")["roi_metrics"]["estimated_time_saved_hours"] == 2.2


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("query", ["", "?rep_id=rep-1", "?days=7", "?days=7&rep_id=rep-2"])
def test_counts_lead_to_their_rows(reader: httpx.Client, role: str, query: str) -> None:
    followed = 0
    for group in _objects(metrics(reader, role, query)):
        addresses = group.get("rows")
        for name, address in addresses.items() if isinstance(addresses, dict) else ():
            assert reader.get(f"{address}&count=exact").json()["page"]["count"] == group[name], address
            followed += 1
    assert followed >= 10


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(one)


def test_rows_of_the_escalation_history(reader: httpx.Client) -> None:
    found = metrics(reader, "rep")
    rows = reader.get(found["escalation_history_rows"]).json()["data"]
    assert {row["conversation_id"] for row in rows} == {one["conversation_id"] for one in found["escalation_history"]}


def test_other_periods(reader: httpx.Client) -> None:
    found = data(reader, f"{URL}/manager?days=1")
    assert (found["period"], found["date_range"]) == ("last_1_days", {"from": "2025-06-17", "to": "2025-06-17"})
    assert found["metrics"]["team_trends"]["total_actions"] == 1
    assert (found["metrics"]["team_trends"]["trend"], found["metrics"]["team_trends"]["trend_p"]) == ("insufficient_data", None)
    halves = metrics(reader, "manager", "?days=3")["team_trends"]["halves"]
    assert [half["matured_labelled"] for half in halves] == [0, 0], "15 and 17 June; the day in the middle is of neither"
    found = data(reader, f"{URL}/rep?days=365")
    assert found["date_range"] == {"from": "2024-06-18", "to": "2025-06-17"}
    assert found["metrics"]["response_rates"]["total_actions"] == 89


@pytest.mark.parametrize(
    ("timezone", "last_day"),
    [("Etc/GMT-12", "2025-06-18"), ("Etc/GMT-11", "2025-06-17"), ("Etc/GMT+12", "2025-06-17"), ("Asia/Kolkata", "2025-06-17")],
)
def test_days_are_local(settings: Settings, client: httpx.Client, acme: Customer, timezone: str, last_day: str) -> None:
    """At noon UTC the 18th has just ended where clocks are 12 hours ahead."""
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.dim_tenant set timezone = %s", (timezone,))
        log_version(connection, 2, AS_OF, ["dim_tenant"], [acme.tenant_id])
    assert data(client, f"{URL}/rep")["date_range"]["to"] == last_day


def test_an_unknown_representative(reader: httpx.Client) -> None:
    """Nothing is known of him; that is no figure."""
    for name in ("nobody", "REP-1", "a%26b%20c%2F%C3%BC", "'; drop table marts.outcomes; --"):
        figures = metrics(reader, "rep", f"?rep_id={name}")
        counts = without(figures["response_rates"], "rows")
        assert {counts[count] for count in COUNTS} == {0}
        assert (counts["success_rate"], counts["success_rate_low"], counts["success_rate_status"]) == (None, None, "no_data")
        assert (counts["aj_success_rate"], counts["success_rate_resolved"]) == (None, None)
        assert (figures["calibration_summary"]["overall_brier"], figures["calibration_summary"]["action_types"]) == (None, [])
        assert (figures["escalation_history"], figures["feedback_scores"]["total_feedbacks"]) == ([], 0)
        assert reader.get(counts_address(figures)).json()["data"] == []
        manager = metrics(reader, "manager", f"?rep_id={name}")
        assert manager["comparative_performance"] == []
        assert (manager["feedback_health"]["coverage_percent"], manager["feedback_health"]["coverage_status"]) == (None, "no_data")


def counts_address(figures: dict[str, Any]) -> str:
    address: str = figures["response_rates"]["rows"]["total_actions"]
    return address


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("query", "pointer", "hint"),
    [
        ("days=0", "days", "greater than or equal to 1"), ("days=366", "days", "less than or equal to 365"), ("days=-1", "days", "1"),
        ("days=x", "days", "integer"), ("days=1.5", "days", "integer"), ("days=", "days", "integer"),
        ("days=99999999999999999999", "days", "365"), ("days=7&days=8", "days", "more than once"),
        ("rep_id=", "rep_id", "at least 1 character"), ("rep_id=" + "x" * 201, "rep_id", "at most 200 characters"),
        ("rep_id=a%00", "rep_id", "NUL"), ("rep=rep-1", "rep", "not permitted"), ("period_days=7", "period_days", "not permitted"),
    ],
)  # fmt: skip
def test_wrong_parameters(reader: httpx.Client, role: str, query: str, pointer: str, hint: str) -> None:
    problem = assert_problem(reader.get(f"{URL}/{role}?{query}"), 400, "invalid-request", f"#/query/{pointer}")
    assert hint in problem["errors"][0]["detail"]
    assert problem["detail"].startswith(f"{pointer}: "), "it says what to mend"


def test_roles_are_these_three(reader: httpx.Client) -> None:
    for address in (URL, f"{URL}/", f"{URL}/admin", f"{URL}/Rep"):
        assert_problem(reader.get(address), 404, "not-found")


KNOWN_WITHOUT_DATA = ("coaching_opportunities_window_days", "strategic_insights_window_days")


@pytest.mark.parametrize("role", ROLES)
def test_before_the_first_publish(settings: Settings, role: str) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        client.headers.update(fresh.headers)
        found = data(client, f"{URL}/{role}")
        assert (found["date_range"], found["generated_at"]) == ({"from": None, "to": None}, None)
        for group in _objects(found["metrics"]):
            for name, value in group.items():
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                assert not is_number or name in KNOWN_WITHOUT_DATA, f"{name} is {value}, and nothing was published"
                if name.endswith("_status"):
                    assert value in ("no_data", "no_input", "not_linked"), name
                    subject = name.removesuffix("_status")
                    assert not group[{"coverage": "coverage_percent"}.get(subject, subject)], name


@pytest.mark.parametrize("role", ROLES)
def test_a_tenant_without_actions(settings: Settings, client: httpx.Client, role: str) -> None:
    """Counts are 0, since it is known that nothing happened; rates and averages are null and say why."""
    quiet = register(settings, "quiet")
    with connect(settings, Role.PUBLISH) as connection:
        publish_tenant(connection, "quiet", "UTC", quiet.tenant_id)
        log_version(connection, 2, AS_OF, ["dim_tenant", "dim_tenant_parameters"], [quiet.tenant_id])
    client.headers.update(quiet.headers)
    found = data(client, f"{URL}/{role}")
    assert found["date_range"] == {"from": "2025-05-19", "to": "2025-06-17"}
    rates = 0
    for group in _objects(found["metrics"]):
        for name, value in group.items():
            if name.endswith(("_rate", "_low", "_high", "_avg", "_percent", "_rating", "_share", "_brier", "_p", "_resolved")):
                assert value is None or name == "submission_rate", name
                rates += 1
    assert rates >= 5
    counts = {value for group in _objects(found["metrics"]) for name, value in group.items() if name in COUNTS}
    assert {value for value in counts if not isinstance(value, str)} == {0}
    if role == "executive":
        roi = found["metrics"]["roi_metrics"]
        assert (roi["estimated_time_saved_hours"], roi["estimated_time_saved_hours_status"]) == (None, "no_input")
    if role == "manager":
        assert found["metrics"]["feedback_health"]["submission_rate"] == 0


def test_not_modified(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    for role in ROLES:
        first = client.get(f"{URL}/{role}")
        assert client.get(f"{URL}/{role}", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        assert client.get(f"{URL}/{role}?days=29", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute("update marts.dim_tenant_parameters set number_value = 60 where parameter = 'minutes_per_action'")
        log_version(connection, 2, AS_OF, ["dim_tenant_parameters"], [acme.tenant_id])
    again = client.get(f"{URL}/executive", headers={"If-None-Match": first.headers["etag"]})
    assert again.json()["data"]["metrics"]["roi_metrics"]["estimated_time_saved_hours"] == 32.0
