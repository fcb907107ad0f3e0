"""What happens inside a conversation: the customer asks, the AI searches and answers, a person answers."""

from __future__ import annotations

from demo.conversations.activity import next_staffed
from demo.conversations.transcript import Transcript

MODELS = ("support-small-1", "support-large-2")
"""The model a shop begins with, and the faster and surer one it moves to."""

MEDIAN_RESPONSE_MS = {MODELS[0]: 4_600.0, MODELS[1]: 3_100.0}


def open_conversation(talk: Transcript) -> None:
    """The widget opens; sometimes the agent speaks first."""
    setting, rng = talk.setting, talk.rng
    is_proactive = setting.channel == "web_chat" and talk.chance(0.08)
    talk.add(
        "conversation_started",
        initiated_by="agent" if is_proactive else "customer",
        customer_context={
            "page": rng.choice(("/", "/orders", "/help", "/products", "/checkout")),
            "is_signed_in": setting.customer_id is not None and talk.chance(0.7),
        },
        event_data={"app_version": rng.choice(("5.1.0", "5.2.0", "5.2.1"))},
    )
    if is_proactive or talk.chance(0.3):
        talk.wait(0.4, 2)
        phrases = setting.phrases.proactive_greetings if is_proactive else setting.phrases.auto_greetings
        talk.add("message_sent", **_ai(talk), message_kind="greeting", text=talk.say(phrases))
    talk.wait(3, 40)


def customer_asks(talk: Transcript) -> None:
    """The question the conversation is about, sometimes in two messages, sometimes typed in a hurry."""
    setting, rng = talk.setting, talk.rng
    templates = setting.topic.questions[setting.language]
    question = setting.shop.fill(rng.choice(templates), setting.language, rng)
    talk.question = question
    text = rng.choice(setting.phrases.openers) + question + rng.choice(setting.phrases.tails)
    if talk.chance(0.15):
        text = text.lower().rstrip("?.")
    talk.add("message_received", text=text)
    if talk.chance(0.08):
        talk.wait(4, 25)
        talk.add("message_received", text=setting.shop.fill(rng.choice(templates), setting.language, rng))


def customer_asks_again(talk: Transcript) -> None:
    """The same question in other words: what people do who got no answer."""
    setting, rng = talk.setting, talk.rng
    talk.wait_for_customer()
    talk.question = setting.shop.fill(rng.choice(setting.topic.questions[setting.language]), setting.language, rng)
    talk.add("message_received", text=talk.question)


def ai_answers(talk: Transcript) -> None:
    """The AI searches the knowledge base and answers, well or badly, as the topic allows."""
    setting, rng = talk.setting, talk.rng
    zero_share = 0.16 if setting.is_bad_week else 0.03
    hits = _retrieve(talk, zero_share) if talk.chance(0.92) else 1
    if not setting.topic.has_article or hits == 0:
        _send_ai(talk, talk.say(setting.phrases.weak_answers), "answer", rng.betavariate(4.5, 6))
        return
    sureness = 15 + 4 * setting.maturity - (5 if setting.is_bad_week else 0)
    _send_ai(talk, talk.say(tuple(setting.topic.answers[setting.language])), "answer", rng.betavariate(sureness, 3.2))
    if talk.chance(0.17):
        source_id = rng.choice(setting.topic.source_ids)
        talk.add_later(
            rng.uniform(4, 90),
            "citation_clicked",
            citation_id=source_id,
            url=f"{setting.shop.site}/help/{source_id}",
        )


def follow_up(talk: Transcript) -> None:
    """One more turn: about a detail after a real answer, else the question again."""
    if not talk.setting.topic.has_article:
        customer_asks_again(talk)
        ai_answers(talk)
        return
    talk.question, answer = talk.rng.choice(talk.setting.phrases.follow_ups)
    talk.wait_for_customer()
    talk.add("message_received", text=talk.question)
    if talk.chance(0.6):
        _retrieve(talk, zero_share=0.01)
    # Small questions have sure answers; else these few phrases, and not topics, would fill the list of content gaps.
    _send_ai(talk, answer, "answer", talk.rng.betavariate(30, 3))


def ai_asks_back(talk: Transcript) -> None:
    """The AI needs to know more, and the customer tells."""
    _send_ai(talk, talk.say(talk.setting.phrases.clarifying_questions), "question", talk.rng.betavariate(7, 4))
    talk.wait_for_customer()
    talk.add("message_received", text=talk.say(talk.setting.phrases.clarifications))


def ai_asks_whether_done(talk: Transcript) -> None:
    """A question at the end, to which nobody needs to reply."""
    talk.wait(1, 20)
    talk.add("message_sent", **_ai(talk), message_kind="question", text=talk.say(talk.setting.phrases.anything_else))


def customer_writes(talk: Transcript, choices: tuple[str, ...], *, is_closing: bool = False) -> None:
    """The customer writes one of these phrases after a while."""
    talk.wait_for_customer()
    talk.add("message_received", text=talk.say(choices), message_kind="closing" if is_closing else None)


def human_answers(talk: Transcript, human: str) -> None:
    """A person answers once somebody is at work; the time it took is left for the warehouse to measure."""
    talk.now_ms = next_staffed(talk.setting.tenant, talk.now_ms, talk.rng)
    minutes = min(90.0, talk.rng.lognormvariate(1.5, 0.8)) * (2.0 if talk.setting.is_bad_week else 1.0)
    if talk.chance(0.12):
        talk.add(
            "message_sent",
            agent_id=human,
            agent_kind="human",
            message_kind="private_note",
            text=talk.say(talk.setting.phrases.human_notes),
        )
    talk.wait(minutes * 60, minutes * 60 + 30)
    talk.add("message_sent", agent_id=human, agent_kind="human", text=talk.say(talk.setting.phrases.human_answers))


def hand_over(talk: Transcript, reason: str) -> None:
    """The conversation goes to a person; the customer mostly gets a word about it."""
    talk.wait(1, 15)
    talk.add("conversation_escalated", reason=reason, **_ai(talk))
    if talk.chance(0.8):
        talk.wait(0.3, 2)
        talk.add("message_sent", **_ai(talk), message_kind="auto_reply", text=talk.say(talk.setting.phrases.handoffs))


def _ai(talk: Transcript) -> dict[str, object]:
    return {"agent_id": talk.setting.shop.agent_id, "agent_kind": "ai"}


def _retrieve(talk: Transcript, zero_share: float) -> int:
    """A search in the knowledge base; gives the number of hits. `zero_share` is for topics that have an article."""
    rng, topic = talk.rng, talk.setting.topic
    if topic.has_article:
        hits = 0 if talk.chance(zero_share) else rng.randint(1, 5)
        top_score = rng.uniform(0.62, 0.95)
    else:
        hits = 0 if talk.chance(0.65) else rng.randint(1, 2)
        top_score = rng.uniform(0.18, 0.42)
    talk.wait(0.1, 0.7)
    talk.add(
        "knowledge_retrieved",
        **_ai(talk),
        query=talk.question.rstrip("?."),
        result_count=hits,
        top_score=round(top_score, 3) if hits else None,
        source_ids=list(topic.source_ids[:hits]) if hits and topic.has_article else None,
    )
    return hits


def _send_ai(talk: Transcript, text: str, kind: str, confidence: float) -> None:
    """An AI message after a lognormal response time; one in six leaves measuring it to the warehouse."""
    setting = talk.setting
    slowness = 2.6 if setting.is_bad_week else 1.0
    response_ms = round(min(20_000.0, 900 + talk.rng.lognormvariate(0, 0.6) * MEDIAN_RESPONSE_MS[setting.model]) * slowness)
    talk.now_ms += response_ms
    talk.add(
        "message_sent",
        **_ai(talk),
        model=setting.model,
        text=text,
        # Products often don't say what kind of message it is; the warehouse then goes by the question mark.
        message_kind=kind if talk.chance(0.7) else None,
        response_time_ms=response_ms if talk.chance(0.84) else None,
        confidence=round(confidence, 3),
    )
