"""E-mails that agents send of their own accord, the customers' replies, and a few follow-ups.

E-mails leave through a mail system that sends no events. A conversation begins with the reply, so that e-mails nobody
answers add nothing to the numbers of conversations. Silence is the failure: the marts must find it by the clock.
"""

from __future__ import annotations

from demo.learning.action_kinds import FOLLOW_UP, SEND_EMAIL
from demo.learning.agent_work import AgentWork, Attempt, hours, seconds

WINDOW_HOURS = 24
FOLLOW_UP_SHARE, FOLLOW_UP_HOURS = 0.05, 9.0
LATE_REPLY_SHARE = 0.06
"""Of the e-mails that failed: how many are answered after the window, when it counts no more."""

REPLIES = {
    "en": ("Thanks, that is helpful. Can you send me the details?", "Yes, I am interested. What would shipping cost?"),
    "de": ("Danke, das hilft mir. Könnt ihr mir die Einzelheiten schicken?", "Ja, das interessiert mich. Was kostet die Lieferung?"),
}
ANSWERS = {
    "en": ("Gladly: all details are on the page I have just sent you.",),
    "de": ("Gerne: Alle Einzelheiten stehen auf der Seite, die ich gerade geschickt habe.",),
}


def send_email(work: AgentWork, created_ms: int, number: str) -> None:
    """One e-mail in a conversation of its own and what follows."""
    rng = work.rng
    conversation_id = f"mail-{number}"
    attempt = work.act(SEND_EMAIL, created_ms, conversation_id=conversation_id)
    # Most answer within hours, hardly anybody in the last ones.
    replied_ms = created_ms + hours(min(rng.lognormvariate(1.2, 0.9), WINDOW_HOURS - rng.uniform(0.1, 3.0)))
    success = work.succeeds(attempt)
    work.conclude(attempt, success, replied_ms if success else None)
    if success:
        _reply(work, conversation_id, replied_ms)
    follows_up = rng.random() < FOLLOW_UP_SHARE
    follow_up_ms = created_ms + hours(FOLLOW_UP_HOURS)
    if follows_up and not (success and replied_ms <= follow_up_ms):
        _follow_up(work, attempt, follow_up_ms, replied_ms if success else None)
    elif not success and rng.random() < LATE_REPLY_SHARE:
        _reply(work, conversation_id, created_ms + hours(WINDOW_HOURS + rng.uniform(1, 48)))


def _follow_up(work: AgentWork, first: Attempt, created_ms: int, replied_ms: int | None) -> None:
    """A second e-mail while the first is still open. One reply answers both: two touches of one success."""
    rng = work.rng
    follow_up = work.act(FOLLOW_UP, created_ms, conversation_id=first.conversation_id, persona=first.persona)
    if replied_ms is None and work.succeeds(follow_up):
        # After the window of the first, inside that of the second.
        replied_ms = first.created_ms + hours(WINDOW_HOURS + rng.uniform(0.5, FOLLOW_UP_HOURS - 1))
        _reply(work, str(first.conversation_id), replied_ms)
    work.conclude(follow_up, replied_ms is not None, replied_ms)


def _reply(work: AgentWork, conversation_id: str, replied_ms: int) -> None:
    """The customer writes back, and the agent answers and closes: the first that the inbox sees of this conversation."""
    rng, shop = work.rng, work.tenant.shop
    language = "de" if "de" in shop.languages else "en"
    common: dict[str, object] = {"customer_id": f"lead-{conversation_id.removeprefix('mail-')}", "channel": "email", "language": language}
    ai: dict[str, object] = {"agent_id": shop.agent_id, "agent_kind": "ai"}
    answered_ms = replied_ms + seconds(rng.uniform(20, 200))
    text = rng.choice(REPLIES[language])
    work.talk(conversation_id, replied_ms, "conversation_started", initiated_by="agent", **common)
    work.talk(conversation_id, replied_ms, "message_received", text=text, **common)
    answer = rng.choice(ANSWERS[language])
    work.talk(conversation_id, answered_ms, "message_sent", message_kind="answer", text=answer, **common, **ai)
    closed_ms = answered_ms + seconds(rng.uniform(30, 90))
    work.talk(conversation_id, closed_ms, "conversation_resolved", closed_by="ai_agent", **common, **ai)
