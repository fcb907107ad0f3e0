"""Deals: a customer asks for an offer, the agent pushes, and the deal moves stage by stage over weeks, or does not."""

from __future__ import annotations

from demo.learning.action_kinds import ADVANCE_DEAL
from demo.learning.agent_work import AgentWork, hours, seconds

STAGES = ("prospecting", "discovery", "qualification", "evaluation", "negotiation", "closed_won")
WINDOW_HOURS = 720
LONGEST_PUSHES = 4
SETBACK_SHARE = 0.55
"""Of the pushes that fail: how many end with the deal lost or stalled; the others end with nothing at all."""
STEP_BACK_SHARE = 0.2
"""Of those nothing comes of: how many deals first step back, which is no evidence."""


def run_deal(work: AgentWork, started_ms: int, number: str) -> None:
    """One deal in a conversation of its own, from the first question to the end of it."""
    rng = work.rng
    conversation_id = f"deal-{number}"
    _ask_for_offer(work, conversation_id, started_ms)
    stage = rng.choice((0, 0, 1))
    persona: str | None = None
    pushed_ms = started_ms + hours(rng.uniform(0.5, 4))
    for push in range(LONGEST_PUSHES):
        # A third of the first pushes leave it to the warehouse to know the stage: from the last change, else the first stage.
        says_stage = push > 0 or stage > 0 or rng.random() < 0.67
        attempt = work.act(
            ADVANCE_DEAL,
            pushed_ms,
            conversation_id=conversation_id,
            persona=persona,
            deal_stage_at_creation=STAGES[stage] if says_stage else None,
        )
        persona = attempt.persona
        moved_ms = pushed_ms + hours(min(rng.lognormvariate(4.6, 0.7), WINDOW_HOURS - 1))
        if not work.succeeds(attempt):
            is_setback = rng.random() < SETBACK_SHARE
            if is_setback:
                _move(work, conversation_id, moved_ms, rng.choice(("closed_lost", "stalled")))
            elif stage > 0 and rng.random() < STEP_BACK_SHARE:
                _move(work, conversation_id, moved_ms, STAGES[stage - 1])
            work.conclude(attempt, False, moved_ms if is_setback else None)
            return
        stage = min(stage + rng.choice((1, 1, 1, 2)), len(STAGES) - 1)
        _move(work, conversation_id, moved_ms, STAGES[stage])
        work.conclude(attempt, True, moved_ms)
        if stage == len(STAGES) - 1:
            return
        pushed_ms = moved_ms + hours(rng.uniform(2, 72))


def _ask_for_offer(work: AgentWork, conversation_id: str, started_ms: int) -> None:
    rng, shop = work.rng, work.tenant.shop
    language = "de" if "de" in shop.languages else "en"
    question, answer = {
        "en": ("Could you make us an offer for twenty pieces?", "Of course, the offer is on its way to you."),
        "de": ("Macht ihr uns ein Angebot über zwanzig Kästen?", "Natürlich, das Angebot ist unterwegs."),
    }[language]
    customer_id = f"lead-{conversation_id.removeprefix('deal-')}"
    common: dict[str, object] = {"customer_id": customer_id, "channel": "email", "language": language}
    ai: dict[str, object] = {"agent_id": shop.agent_id, "agent_kind": "ai"}
    answered_ms = started_ms + seconds(rng.uniform(20, 200))
    work.talk(conversation_id, started_ms, "conversation_started", initiated_by="customer", **common)
    work.talk(conversation_id, started_ms, "message_received", text=question, **common)
    work.talk(conversation_id, answered_ms, "message_sent", message_kind="answer", text=answer, **common, **ai)
    work.talk(conversation_id, answered_ms + seconds(60), "conversation_resolved", closed_by="ai_agent", **common, **ai)


def _move(work: AgentWork, conversation_id: str, moved_ms: int, stage: str) -> None:
    fields: dict[str, object] = {"deal_id": conversation_id, "currency": work.tenant.currency, "agent_kind": "system"}
    work.talk(conversation_id, moved_ms, "deal_stage_changed", deal_stage=stage, **fields)
