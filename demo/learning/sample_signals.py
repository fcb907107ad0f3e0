"""Meetings and escalations: nothing is seen of their end unless a calendar, a help desk or a person says so."""

from __future__ import annotations

from demo.learning.action_kinds import ESCALATE, SCHEDULE_MEETING
from demo.learning.agent_work import AgentWork, Attempt, hours

WINDOW_HOURS = 168
TRIGGERS = ("customer_request", "missing_knowledge", "policy_restriction", "tool_failure")
SILENT_SHARE, AMBIGUOUS_SHARE = 0.05, 0.03
WRONG_SHARE = 0.04
"""Signals of machines that say the opposite of the truth; a person puts each of them right."""
LABELLED_SHARE = 0.06
"""Right signals that a person confirms anyway."""
HESITATION_SHARE = 0.3
"""Labels of people that were the other way round at first: the latest one counts."""


def schedule_meeting(work: AgentWork, created_ms: int) -> None:
    """The agent offers a meeting; the calendar tells days later whether it took place."""
    _wait_for_signal(work, work.act(SCHEDULE_MEETING, created_ms), 20, 150)


def escalate(work: AgentWork, created_ms: int) -> None:
    """The agent hands a case to a human; the help desk tells whether that solved it. Some do not say why they did."""
    trigger = work.rng.choice((*TRIGGERS, None))
    _wait_for_signal(work, work.act(ESCALATE, created_ms, escalation_trigger=trigger), 1, 90)


def _wait_for_signal(work: AgentWork, attempt: Attempt, earliest_hours: float, latest_hours: float) -> None:
    rng = work.rng
    success = work.succeeds(attempt)
    told_ms = attempt.created_ms + hours(rng.uniform(earliest_hours, latest_hours))
    fate = rng.random()
    if fate < SILENT_SHARE:
        work.conclude(attempt, None, None)
        return
    if fate < SILENT_SHARE + AMBIGUOUS_SHARE:
        work.signal(attempt, told_ms, "ambiguous")
        work.conclude(attempt, None, told_ms)
        return
    is_wrong = fate > 1 - WRONG_SHARE
    work.signal(attempt, told_ms, _status(success ^ is_wrong))
    if is_wrong or rng.random() < LABELLED_SHARE:
        # People look into it days later, sometimes after the window has ended.
        told_ms += hours(rng.uniform(3, 120))
        if rng.random() < HESITATION_SHARE:
            work.signal(attempt, told_ms, _status(not success), "human_label", "At first sight.")
            told_ms += hours(rng.uniform(1, 24))
        work.signal(attempt, told_ms, _status(success), "human_label", "Asked the colleague who was there.")
    work.conclude(attempt, success, told_ms)


def _status(success: bool) -> str:
    return "positive" if success else "negative"
