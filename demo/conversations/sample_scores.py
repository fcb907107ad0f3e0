"""Quality scores: a judge model looks at about half of the conversations, people at a sample of those."""

from __future__ import annotations

from random import Random

from demo.conversations.activity import next_staffed
from demo.conversations.sample_conversations import Conversation
from demo.conversations.transcript import Event
from demo.event_stamps import MS_PER_HOUR, rfc3339, time_ordered_id

JUDGE = "judge-2"
REVIEWERS = ("qa-lena", "qa-omar")
JUDGED_SHARE, REVIEWED_SHARE, FAILED_SHARE = 0.5, 0.14, 0.03
JUDGE_BIAS = 0.05
"""How much kinder the judge is than people, on the scale of 0..1."""

ERRORS = ("judge did not answer within 30 s", "judge answer was not JSON", "judge refused: conversation too long")


def scores_of(conversation: Conversation, seed: int) -> list[Event]:
    """Scores of one conversation, attempts that failed included; none for most of them."""
    setting = conversation.setting
    rng = Random(f"{seed}/{setting.tenant.slug}/{setting.conversation_id}/scores")
    scores: list[Event] = []
    if rng.random() >= JUDGED_SHARE:
        return scores
    scored_ms = conversation.events[-1].occurred_ms + round(rng.uniform(0.1, 3) * MS_PER_HOUR)
    if rng.random() < FAILED_SHARE:
        scores.append(_attempt(conversation, scored_ms, ("judge", JUDGE), {"error": rng.choice(ERRORS)}, rng))
        scored_ms += round(rng.uniform(0.1, 1) * MS_PER_HOUR)
        if rng.random() < 0.25:
            return scores  # Given up.
    scores.append(_attempt(conversation, scored_ms, ("judge", JUDGE), _dimensions(conversation, JUDGE_BIAS, 0.07, rng), rng))
    if rng.random() < REVIEWED_SHARE:
        reviewed_ms = next_staffed(setting.tenant, scored_ms + round(rng.uniform(8, 72) * MS_PER_HOUR), rng)
        dimensions = _dimensions(conversation, 0.0, 0.05, rng)
        if rng.random() < 0.2:
            del dimensions["completeness"]  # People skip what they can't tell.
        scores.append(_attempt(conversation, reviewed_ms, ("human", rng.choice(REVIEWERS)), dimensions, rng))
    return scores


def _dimensions(conversation: Conversation, bias: float, noise: float, rng: Random) -> dict[str, object]:
    """The four dimensions, 0..1: accuracy and completeness suffer most, politeness hardly."""
    quality = conversation.quality
    centres = {
        "helpfulness": quality,
        "accuracy": 0.1 + 0.9 * quality,
        "politeness": 0.7 + 0.27 * quality,
        "completeness": quality - 0.04,
    }
    return {name: round(min(1.0, max(0.0, rng.gauss(centre + bias, noise))), 2) for name, centre in centres.items()}


def _attempt(conversation: Conversation, scored_ms: int, scorer: tuple[str, str], result: dict[str, object], rng: Random) -> Event:
    return Event(
        scored_ms,
        {
            "event_id": time_ordered_id(scored_ms, rng),
            "conversation_id": conversation.setting.conversation_id,
            "occurred_at": rfc3339(scored_ms),
            "scorer_kind": scorer[0],
            "scorer": scorer[1],
            **result,
        },
    )
