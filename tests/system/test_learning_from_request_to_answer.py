"""The whole way: actions, replies and a person's word by HTTP, a refresh by dbt, and the figures by HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings, now
from tests.support.serving import register, service

EMAIL = {"action_type": "send_email", "outcome_type": "email_engagement", "rep_id": "rep-7"}


def outcomes(client: httpx.Client) -> dict[str, Any]:
    rows = client.get("/v1/learning/outcomes").json()["data"]
    return {row["action_id"]: (row["outcome_status"], row["evidence_kind"], row["label"]) for row in rows}


def test_from_request_to_answer(built_warehouse: Settings) -> None:
    settings = built_warehouse
    acme, other = register(settings, "acme"), register(settings, "other")
    sent_at = now() - timedelta(days=3)

    def act(client: httpx.Client, conversation: str, confidence: float) -> str:
        body = {**EMAIL, "conversation_id": conversation, "predicted_confidence": confidence, "occurred_at": sent_at.isoformat()}
        response = client.post("/v1/learning/actions", json=body)
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["action_id"])

    def resolve(client: httpx.Client, action: str, status: str) -> None:
        response = client.post(f"/v1/learning/outcomes/{action}/resolve", json={"outcome_status": status})
        assert response.status_code == 202, response.text

    with service(settings) as client:
        client.headers.update(acme.headers)
        answered, silent, told = act(client, "c-1", 0.8), act(client, "c-2", 0.6), act(client, "c-3", 0.4)
        reply = {
            "stream": "conversation_events", "event_id": "r-1", "event_type": "message_received", "conversation_id": "c-1",
            "occurred_at": (sent_at + timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        # The same conversation of another tenant is another conversation.
        theirs = {**reply, "event_id": "r-2", "conversation_id": "c-2"}
        assert client.post("/v1/events", json=[reply]).json()["accepted"] == 1
        assert client.post("/v1/events", json=[theirs], headers=other.headers).json()["accepted"] == 1
        resolve(client, told, "positive")
        assert outcomes(client) == {}, "nothing before the refresh"
        refresh(settings)
        assert outcomes(client) == {
            answered: ("positive", "reply", 1), silent: ("expired", None, 0), told: ("positive", "human_label", 1),
        }  # fmt: skip
        curve = client.get("/v1/learning/calibration/send_email").json()["data"]
        assert (curve["sample_count"], curve["status"], curve["is_calibrated"]) == (3, "low_n", None)
        assert curve["brier_score"] == 0.253333  # (.2² + .6² + .6²) / 3
        assert [client.get(address).json()["page"] for address in curve["rows"]], "the addresses of the counts can be read"
        believed = client.get("/v1/learning/calibration/send_email/map?p=0.8").json()["data"]
        assert (believed["p_calibrated"], believed["n"], believed["trust"]) == (0.8, 3, "none")
        figures = client.get("/v1/learning/dashboards/rep?rep_id=rep-7").json()["data"]["metrics"]
        assert (figures["response_rates"]["success_rate_numerator"], figures["response_rates"]["success_rate_denominator"]) == (2, 3)
        worth = client.get("/v1/learning/dashboards/executive").json()["data"]["metrics"]
        assert (worth["roi_metrics"]["estimated_time_saved_hours"], worth["roi_metrics"]["minutes_per_action"]) == (0.2, 5)
        assert client.get("/v1/learning/outcomes", headers=other.headers).json()["data"] == []

        # A person knows better than the detector, and may change his mind.
        resolve(client, answered, "positive")
        resolve(client, answered, "negative")
        refresh(settings)
        assert outcomes(client)[answered] == ("negative", "human_label", 0)
        figures = client.get("/v1/learning/dashboards/rep").json()["data"]["metrics"]
        assert (figures["response_rates"]["positive_outcomes"], figures["response_rates"]["negative_outcomes"]) == (1, 1)
