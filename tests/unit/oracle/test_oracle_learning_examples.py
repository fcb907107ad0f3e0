"""The oracle of the learning domain must give the worked examples of the specification."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.oracle import Tenant
from tests.support.oracle.learning import FollowUp, aalen_johansen, outcome_daily, outcomes, read_facts
from tests.support.oracle.learning.daily import modal_window_hours

BERLIN = Tenant("00000000-0000-4000-8000-000000000001", [(None, "Europe/Berlin")])
CREATED = datetime(2025, 3, 1, 10, tzinfo=UTC)
THIRD_OF_MARCH = datetime(2025, 3, 3, tzinfo=UTC)
ARRIVAL = datetime(2025, 4, 1, tzinfo=UTC)
Payload = dict[str, Any]


def action(**given: Any) -> Payload:
    return {
        "event_id": "a1",
        "occurred_at": CREATED.isoformat(),
        "conversation_id": "c1",
        "action_type": "send_email",
        "outcome_type": "email_engagement",
        "predicted_confidence": 0.7,
        **given,
    }


def event(event_type: str, at: datetime, **given: Any) -> Payload:
    made_up = f"{event_type} {at.isoformat()}"
    return {"event_id": made_up, "event_type": event_type, "occurred_at": at.isoformat(), "conversation_id": "c1", **given}


def label(status: str, at: datetime, source: str = "human_label") -> Payload:
    return {
        "event_id": f"{source} {at}",
        "action_id": "a1",
        "occurred_at": at.isoformat(),
        "outcome_status": status,
        "signal_source": source,
    }


def resolve(*events: Payload, signals: tuple[Payload, ...] = (), as_of: datetime = THIRD_OF_MARCH, **given: Any) -> dict[str, Any]:
    """The row of the one action."""
    streams = {"agent_actions": [action(**given)], "conversation_events": list(events), "outcome_signals": list(signals)}
    rows = outcomes(read_facts(streams, lambda stream, event_id: ARRIVAL, as_of), BERLIN, as_of)
    assert len(rows) == 1
    return rows[0]


def test_the_agents_own_follow_up_is_no_reply() -> None:
    row = resolve(event("message_sent", CREATED + timedelta(hours=2)))
    assert (row["outcome_status"], row["label"], row["resolved_at"]) == ("expired", 0, CREATED + timedelta(hours=24))
    assert (row["outcome_score"], row["signal_source"], row["detected_at"], row["hours_to_resolution"]) == (None, None, None, 24.0)


def test_a_reply_counts_to_the_last_instant_of_the_window() -> None:
    row = resolve(event("message_received", CREATED + timedelta(hours=24)))
    assert (row["outcome_status"], row["outcome_score"], row["hours_to_resolution"], row["label"]) == ("positive", 1.0, 24.0, 1)
    assert (row["evidence_kind"], row["signal_source"], row["detected_at"]) == ("reply", "automatic", ARRIVAL)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=24, microseconds=1)])
def test_a_reply_at_creation_or_after_the_window_is_none(late: timedelta) -> None:
    assert resolve(event("message_received", CREATED + late))["outcome_status"] == "expired"


def test_a_person_wins_over_a_reply() -> None:
    judged = label("negative", datetime(2025, 3, 2, 18, tzinfo=UTC))
    row = resolve(event("message_received", CREATED + timedelta(hours=3)), signals=(judged,))
    assert (row["outcome_status"], row["signal_source"], row["evidence_kind"]) == ("negative", "human_label", "human_label")
    # The label came after the window: the window's end is when it counts.
    assert row["hours_to_resolution"] == 24.0


def test_an_open_window_is_pending() -> None:
    row = resolve(as_of=datetime(2025, 3, 2, 9, 59, tzinfo=UTC))
    assert (row["outcome_status"], row["resolved_at"], row["label"], row["is_matured"]) == ("pending", None, None, False)


def test_the_latest_label_and_the_earliest_signal_decide() -> None:
    hours = [CREATED + timedelta(hours=n) for n in range(1, 5)]
    signals = [
        label("negative", hours[1], "automatic"),
        label("positive", hours[2], "automatic"),
        label("ambiguous", hours[0], "automatic"),
    ]
    assert resolve(signals=tuple(signals))["outcome_status"] == "negative"
    assert resolve(signals=(signals[2],))["outcome_status"] == "ambiguous"
    assert resolve(signals=(*signals, label("positive", hours[0]), label("ambiguous", hours[3])))["outcome_status"] == "ambiguous"


@pytest.mark.parametrize(
    ("origin", "stage", "expected"),
    [
        ("discovery", "evaluation", ("positive", pytest.approx(0.4), 2)),
        ("discovery", "prospecting", ("pending", None, -1)),
        ("discovery", "discovery", ("pending", None, 0)),
        ("discovery", "stalled", ("negative", 0.0, None)),
        ("stalled", "discovery", ("ambiguous", None, None)),
        ("stalled", "closed_lost", ("negative", 0.0, None)),
        ("discovery", "on hold", ("ambiguous", None, None)),
        ("prospecting", "closed_won", ("positive", 1.0, 5)),
    ],
)
def test_deals_are_judged_by_how_far_they_moved(origin: str, stage: str, expected: tuple[Any, ...]) -> None:
    moved = event("deal_stage_changed", CREATED + timedelta(hours=2), deal_stage=stage)
    row = resolve(moved, outcome_type="deal_progression", event_data={"deal_stage_at_creation": origin})
    assert (row["outcome_status"], row["outcome_score"], row["stage_delta"]) == expected
    assert row["closed_won_at"] == (CREATED + timedelta(hours=2) if stage == "closed_won" else None)


def test_a_deal_starts_where_the_conversation_left_it() -> None:
    before = event("deal_stage_changed", CREATED, event_data={"deal_stage": "negotiation"})
    after = event("deal_stage_changed", CREATED + timedelta(hours=1), deal_stage="closed_won")
    row = resolve(before, after, outcome_type="deal_progression")
    assert (row["deal_stage_at_creation"], row["stage_delta"], row["outcome_score"]) == ("negotiation", 1, pytest.approx(0.2))
    assert resolve(outcome_type="deal_progression")["deal_stage_at_creation"] == "prospecting"


@pytest.mark.parametrize(
    ("confidence", "bin_index", "is_clamped"),
    [(0.3, 3, False), (0.1 + 0.2, 3, False), (0.6, 6, False), (0.7, 7, False), (1.0, 9, False), (1.2, 9, True), (-0.1, 0, True)],
)
def test_bins_are_those_of_the_decimal_number(confidence: float, bin_index: int, is_clamped: bool) -> None:
    row = resolve(predicted_confidence=confidence)
    assert (row["bin_index"], row["is_confidence_clamped"]) == (bin_index, is_clamped)


@pytest.mark.parametrize(
    ("outcome_type", "headline", "as_negative"),
    [("email_engagement", 0, 0), ("deal_progression", 0, 0), ("meeting_outcome", None, 0), ("upsell", None, 0)],
)
def test_silence_is_a_failure_only_where_an_answer_would_be_seen(outcome_type: str, headline: int | None, as_negative: int) -> None:
    row = resolve(outcome_type=outcome_type, window_hours=1)
    assert (row["label"], row["label_resolved_only"], row["label_expired_as_negative"]) == (headline, None, as_negative)


def test_touches_of_one_reply_are_counted() -> None:
    streams = {
        "agent_actions": [action(event_id=name, occurred_at=CREATED.isoformat()) for name in ["b", "B", "a"]],
        "conversation_events": [event("message_received", CREATED + timedelta(hours=1))],
    }
    rows = outcomes(read_facts(streams, lambda stream, event_id: ARRIVAL, THIRD_OF_MARCH), BERLIN, THIRD_OF_MARCH)
    assert {row["action_id"]: (row["touch_position"], row["touch_count"]) for row in rows} == {"B": (1, 3), "a": (2, 3), "b": (3, 3)}


def hours(number: float, cause: int = 0) -> FollowUp:
    return FollowUp(timedelta(hours=number), cause)


def test_aalen_johansen_after_each_event() -> None:
    followed = [hours(2, 1), hours(8, 1), hours(12, 1), hours(6, 2), hours(5), hours(10), hours(24), hours(24)]
    found = [aalen_johansen(followed, timedelta(hours=window)) for window in (2, 6, 8, 12, 24)]
    assert [one.rate for one in found] == pytest.approx([0.125, 0.125, 0.2708333, 0.4652778, 0.4652778], abs=5e-8)
    assert [one.at_risk for one in found] == [8, 6, 5, 3, 3]
    assert {one.n for one in found} == {8}


def test_aalen_johansen_at_its_edges() -> None:
    day = timedelta(hours=24)
    assert aalen_johansen([], day).rate is None
    nobody = aalen_johansen([hours(3), hours(24)], day)
    assert (nobody.rate, nobody.at_risk) == (0.0, None)
    everybody = aalen_johansen([hours(3, 1), hours(3, 1)], day)
    assert (everybody.rate, everybody.at_risk) == (1.0, 2)
    # All at risk fail at once: nobody is left to succeed.
    assert aalen_johansen([hours(2, 1), hours(3, 2), hours(3, 2)], day).rate == pytest.approx(1 / 3)


def test_the_cohort_of_a_day_is_seen_at_its_midnight() -> None:
    """Example D on the calendar: all eight were created at 12:00Z in Berlin on 1 March, the one censored at 10 hours on the next day."""
    noon = datetime(2025, 3, 1, 12, tzinfo=UTC)
    actions = [action(event_id=f"a{n}", occurred_at=noon.isoformat(), conversation_id=f"c{n}") for n in range(7)]
    actions.append(action(event_id="late", occurred_at=(noon + timedelta(hours=25)).isoformat(), conversation_id="late"))
    replies = [event("message_received", noon + timedelta(hours=h), conversation_id=f"c{n}") for n, h in enumerate((2, 8, 12))]
    signals = [
        {**label(status, noon + timedelta(hours=h), "automatic"), "action_id": action_id}
        for action_id, status, h in [("a3", "negative", 6), ("a4", "ambiguous", 5)]
    ]
    streams = {"agent_actions": actions, "conversation_events": replies, "outcome_signals": signals}
    as_of = noon + timedelta(days=2)
    rows = outcomes(read_facts(streams, lambda stream, event_id: ARRIVAL, as_of), BERLIN, as_of)
    first, second, today = outcome_daily(rows, BERLIN, as_of)
    # At midnight in Berlin, 23:00Z, the reply after 12 hours had not come.
    assert (first["aj_n"], first["aj_at_risk"], first["aj_success_rate"]) == (7, 4, pytest.approx(1 / 7 + 6 / 7 * 4 / 5 / 4))
    assert (second["aj_n"], second["aj_at_risk"], second["aj_success_rate"]) == (8, 3, pytest.approx(0.4652778, abs=5e-8))
    assert (today["aj_n"], today["aj_success_rate"], today["actions"]) == (None, None, 0)
    assert [row["metric_date"].day for row in (first, second, today)] == [1, 2, 3]
    assert (first["matured_positive"], first["matured_labelled"], first["success_rate"]) == (3, 6, 0.5)


def test_of_equally_many_windows_the_longer_counts() -> None:
    assert modal_window_hours([24, 24, 48, 48, 1]) == 48
