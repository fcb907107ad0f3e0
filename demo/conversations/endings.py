"""How conversations end, and what still happens after the end."""

from __future__ import annotations

from collections.abc import Callable

from demo.conversations.transcript import Transcript
from demo.conversations.turns import (
    ai_answers,
    ai_asks_whether_done,
    customer_asks_again,
    customer_writes,
    hand_over,
    human_answers,
)

HOUR = 3_600.0

# Weights by ending: with an article that answers the question, and without one.
WEIGHTS: dict[str, tuple[float, float]] = {
    "resolved_by_ai": (46, 7),
    "resolved_by_customer": (9, 3),
    "silent": (17, 14),
    "timeout": (6, 5),
    "abandoned": (4, 12),
    "customer_silent": (4, 5),
    "unanswered": (2, 9),
    "escalated": (12, 45),
}

# What the bad week does to them: the carrier strikes, the order system is down, and the AI can't look anything up.
BAD_WEEK = {"resolved_by_ai": 0.5, "resolved_by_customer": 0.6, "abandoned": 2.2, "unanswered": 5.0, "escalated": 1.9}

# How good the conversation was, 0..1, before topic and week are looked at.
QUALITY = {
    "resolved_by_ai": 0.87,
    "resolved_by_customer": 0.8,
    "silent": 0.72,
    "timeout": 0.66,
    "abandoned": 0.46,
    "customer_silent": 0.58,
    "unanswered": 0.3,
    "escalated": 0.64,
}


def end_conversation(talk: Transcript) -> None:
    """Choose an ending, play it, and what follows from it."""
    talk.ending = _choose(talk)
    is_resolved = _PLAYS[talk.ending](talk)
    if is_resolved:
        _csat(talk, 0.24)
        if talk.chance(0.13 if talk.setting.is_bad_week else 0.06):
            _reopen(talk)
    elif talk.chance(0.03):
        _csat(talk, 1.0)


def quality_of(talk: Transcript) -> float:
    """How good the AI's part was, 0..1, with some noise: what judges and customers see through their own glasses."""
    quality = QUALITY[talk.ending] + 0.04 * talk.setting.maturity + talk.rng.gauss(0, 0.08)
    if not talk.setting.topic.has_article:
        quality -= 0.16
    if talk.setting.is_bad_week:
        quality -= 0.12
    return min(1.0, max(0.0, quality))


def _choose(talk: Transcript) -> str:
    column = 0 if talk.setting.topic.has_article else 1
    weights = {ending: pair[column] for ending, pair in WEIGHTS.items()}
    # The AI gets better over the months.
    weights["resolved_by_ai"] *= 0.85 + 0.4 * talk.setting.maturity
    if talk.setting.is_bad_week:
        for ending, factor in BAD_WEEK.items():
            weights[ending] *= factor
    return talk.rng.choices(list(weights), list(weights.values()))[0]


def _resolve(talk: Transcript, closed_by: str, *, agent_id: str | None, agent_kind: str | None, confirmed: bool) -> None:
    talk.add(
        "conversation_resolved",
        closed_by=closed_by,
        agent_id=agent_id,
        agent_kind=agent_kind,
        customer_confirmed=True if confirmed else None,
    )


def _resolved_by_ai(talk: Transcript) -> bool:
    says_thanks = talk.chance(0.6)
    if says_thanks:
        customer_writes(talk, talk.setting.phrases.closings, is_closing=True)
    else:
        talk.wait(60, 600)
    talk.wait(1, 20)
    confirmed = says_thanks and talk.chance(0.55)
    _resolve(talk, "ai_agent", agent_id=talk.setting.shop.agent_id, agent_kind="ai", confirmed=confirmed)
    return True


def _resolved_by_customer(talk: Transcript) -> bool:
    talk.wait(20, 300)
    _resolve(talk, "customer", agent_id=None, agent_kind=None, confirmed=talk.chance(0.7))
    return True


def _silent(_talk: Transcript) -> bool:
    return False


def _timeout(talk: Transcript) -> bool:
    closed_by = "automation" if talk.chance(0.15) else "timeout"
    talk.wait(12 * HOUR, 12 * HOUR + 60)
    _resolve(talk, closed_by, agent_id=None, agent_kind="system", confirmed=False)
    return True


def _abandoned(talk: Transcript) -> bool:
    if talk.chance(0.5):
        customer_asks_again(talk)
    talk.wait(300, 1_800)
    talk.add("conversation_abandoned", reason=talk.rng.choice(("left_page", "widget_closed", "no_reply")))
    return False


def _customer_silent(talk: Transcript) -> bool:
    ai_asks_whether_done(talk)
    return False


def _unanswered(talk: Transcript) -> bool:
    customer_asks_again(talk)
    if talk.chance(0.6):
        customer_writes(talk, talk.setting.phrases.nudges)
    return False


def _escalated(talk: Transcript) -> bool:
    reason = _escalation_reason(talk)
    if reason == "customer_request":
        if talk.chance(0.5):
            customer_asks_again(talk)
        if talk.chance(0.4):  # The others press the button.
            customer_writes(talk, talk.setting.phrases.wants_human)
    hand_over(talk, reason)
    if talk.chance(0.04):
        return False  # Nobody ever takes it.
    return _human_takes_over(talk)


def _escalation_reason(talk: Transcript) -> str:
    if not talk.setting.topic.has_article:
        weights = {"missing_knowledge": 62, "customer_request": 22, "unsupported_request": 12, "other": 4}
    else:
        weights = {
            "customer_request": 40,
            "policy_restriction": 18,
            "tool_failure": 60 if talk.setting.is_bad_week else 12,
            "pending_clarification": 10,
            "unsupported_request": 8,
            "missing_knowledge": 6,
            "usage_limit": 4,
            "other": 2,
        }
    return talk.rng.choices(list(weights), list(weights.values()))[0]


def _human_takes_over(talk: Transcript) -> bool:
    human = talk.rng.choice(talk.setting.shop.human_agents)
    human_answers(talk, human)
    while talk.chance(0.4):
        customer_writes(talk, tuple(question for question, _ in talk.setting.phrases.follow_ups))
        human_answers(talk, human)
    if talk.chance(0.14):
        return False  # Left open by both sides.
    if talk.chance(0.5):
        customer_writes(talk, talk.setting.phrases.closings, is_closing=True)
    talk.wait(20, 900)
    _resolve(talk, "human", agent_id=human, agent_kind="human", confirmed=talk.chance(0.3))
    return True


def _csat(talk: Transcript, share: float) -> None:
    if not talk.chance(share):
        return
    quality = QUALITY[talk.ending] - (0.2 if talk.setting.is_bad_week else 0.0)
    if talk.ending == "escalated":
        quality += 0.1  # A person has helped in the end.
    rating = min(5, max(1, round(1 + 4 * quality + talk.rng.gauss(0, 0.8))))
    phrases = talk.setting.phrases
    comments = phrases.praise if rating >= 4 else phrases.complaints
    talk.add_later(
        talk.rng.uniform(10, 900),
        "csat_submitted",
        rating=rating,
        comment=talk.rng.choice(comments) if talk.chance(0.25) else None,
    )


def _reopen(talk: Transcript) -> None:
    """The customer is back within a week, because it was not solved after all."""
    talk.wait(1 * HOUR, 3 * HOUR)
    while talk.chance(0.6):
        talk.wait(12 * HOUR, 30 * HOUR)
    if talk.chance(0.5):
        talk.add("conversation_reopened", reason="customer_reply", agent_kind="system")
        talk.wait(0.2, 2)
    talk.add("message_received", text=talk.say(talk.setting.phrases.returns))
    if talk.chance(0.75):
        customer_asks_again(talk)
    if talk.chance(0.45):
        hand_over(talk, "customer_request")
        _human_takes_over(talk)
        return
    ai_answers(talk)
    if talk.chance(0.7):
        _resolved_by_ai(talk)


_PLAYS: dict[str, Callable[[Transcript], bool]] = {
    "resolved_by_ai": _resolved_by_ai,
    "resolved_by_customer": _resolved_by_customer,
    "silent": _silent,
    "timeout": _timeout,
    "abandoned": _abandoned,
    "customer_silent": _customer_silent,
    "unanswered": _unanswered,
    "escalated": _escalated,
}
