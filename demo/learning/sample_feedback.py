"""What people think of the agents: thumbs beside a message, stars in a dashboard, now and then another opinion later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from demo.conversations.activity import Calendar
from demo.learning.agent_work import AgentWork, Attempt, hours

INLINE_SHARE, DASHBOARD_SHARE = 0.3, 0.12
"""Of the actions of a day: how many get a thumb, how many get stars."""
ANONYMOUS_SHARE, RERATED_SHARE, COMMENT_SHARE = 0.1, 0.08, 0.12
TIRED_DAYS, TIRED_WEIGHT = 7, 0.1
"""The tired reviewer rates that much less in the last days before the anchor."""

THUMBS = {1: 0.55, 0: 0.2, -1: 0.25}
STARS = {5: 0.3, 4: 0.32, 3: 0.2, 2: 0.1, 1: 0.08}
COMMENTS = (
    "Good tone, right product.",
    "Too long, nobody reads that.",
    "Would have waited a day.",
    "The customer wrote to ana.lopez@customer.example instead, please copy her in.",
    "Call back on +49 30 5550 1234 before the next try.",
    "Exactly what I would have written.",
)


@dataclass(frozen=True)
class Reviewer:
    """Somebody who rates. `role` None: the tool did not say. `weight`: how often compared with the others."""

    reviewer_id: str
    role: str | None
    weight: float
    is_tired: bool = False


REVIEWERS = (
    Reviewer("rev-ines", "sales_manager", 3),
    Reviewer("rev-paul", "sales_rep", 5, is_tired=True),
    Reviewer("rev-mina", "sales_rep", 4),
    Reviewer("rev-otto", "quality_analyst", 4),
    Reviewer("rev-june", None, 1),
)


def rate(work: AgentWork, day: date, calendar: Calendar) -> None:
    """Ratings of the actions of a local day."""
    rng = work.rng
    tired = calendar.anchor - timedelta(days=TIRED_DAYS) <= day
    weights = [reviewer.weight * (TIRED_WEIGHT if tired and reviewer.is_tired else 1.0) for reviewer in REVIEWERS]
    # Those who rate less leave a gap: nobody else rates more for it.
    activity = sum(weights) / sum(reviewer.weight for reviewer in REVIEWERS)
    for truth in list(work.truths):
        for source, share in (("inline", INLINE_SHARE), ("dashboard", DASHBOARD_SHARE)):
            if rng.random() < share * activity:
                _rate_one(work, truth.attempt, source, rng.choices(REVIEWERS, weights)[0])


def _rate_one(work: AgentWork, attempt: Attempt, source: str, reviewer: Reviewer) -> None:
    rng = work.rng
    is_anonymous = rng.random() < ANONYMOUS_SHARE
    target_type, target_id = rng.choice((("decision", attempt.action_id), ("message", f"msg-{attempt.action_id}")))
    if attempt.conversation_id is not None and rng.random() < 0.3:
        target_type, target_id = "conversation", attempt.conversation_id
    rated_ms = attempt.created_ms + hours(rng.uniform(0.2, 20 if source == "inline" else 60))
    revisions = 2 if not is_anonymous and rng.random() < RERATED_SHARE else 1
    for _ in range(revisions):
        scale = THUMBS if source == "inline" else STARS
        work.add(
            "feedback",
            rated_ms,
            source=source,
            rating=rng.choices(list(scale), list(scale.values()))[0],
            target_type=target_type,
            target_id=target_id,
            conversation_id=attempt.conversation_id,
            action_id=attempt.action_id,
            reviewer_id=None if is_anonymous else reviewer.reviewer_id,
            reviewer_role=None if is_anonymous else reviewer.role,
            comment=rng.choice(COMMENTS) if rng.random() < COMMENT_SHARE else None,
        )
        rated_ms += hours(rng.uniform(1, 60))
