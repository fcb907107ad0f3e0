"""What is said in every shop alike: phrases per language, and the shape of a shop's own topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Topic:
    """Something customers write about.

    `questions` holds templates per language; a language without templates is never asked about the topic. `answers` is
    empty for a topic without a knowledge article: the agent then finds nothing, which is what content gaps are made of.
    """

    key: str
    weight: float
    questions: Mapping[str, Sequence[str]]
    answers: Mapping[str, Sequence[str]]
    source_ids: tuple[str, ...] = ()
    is_sales: bool = False
    is_delivery: bool = False

    @property
    def has_article(self) -> bool:
        """Whether the knowledge base knows an answer."""
        return bool(self.source_ids)


@dataclass(frozen=True)
class Shop:
    """What one kind of shop sells and is asked, and when.

    Shares and weights may have any sum. Hours are local: `hour_weights` has 24 of them, `weekday_weights` seven from
    Monday; people answer from `staffed_hours[0]` o'clock to before `staffed_hours[1]` on `staffed_weekdays` (ISO:
    1 = Monday).
    """

    name: str
    site: str
    agent_id: str
    human_agents: tuple[str, ...]
    languages: Mapping[str, float]
    channels: Mapping[str, float]
    hour_weights: tuple[float, ...]
    weekday_weights: tuple[float, ...]
    staffed_hours: tuple[int, int]
    staffed_weekdays: frozenset[int]
    order_prefix: str
    slots: Mapping[str, Mapping[str, Sequence[str]]]
    topics: tuple[Topic, ...]

    def topics_in(self, language: str) -> list[Topic]:
        """Topics that customers of this language ask about."""
        return [topic for topic in self.topics if language in topic.questions]

    def fill(self, template: str, language: str, rng: Random) -> str:
        """A template with its slots filled: `{order}`, and the shop's own such as `{product}`."""
        values = {name: rng.choice(choices) for name, choices in self.slots[language].items()}
        return template.format(order=f"{self.order_prefix}{rng.randrange(10_000, 99_999)}", **values)


@dataclass(frozen=True)
class Phrases:
    """What both sides say in one language, whatever the topic. A follow-up has its answer beside it."""

    openers: tuple[str, ...]
    tails: tuple[str, ...]
    auto_greetings: tuple[str, ...]
    proactive_greetings: tuple[str, ...]
    follow_ups: tuple[tuple[str, str], ...]
    clarifying_questions: tuple[str, ...]
    clarifications: tuple[str, ...]
    weak_answers: tuple[str, ...]
    anything_else: tuple[str, ...]
    closings: tuple[str, ...]
    wants_human: tuple[str, ...]
    handoffs: tuple[str, ...]
    human_answers: tuple[str, ...]
    human_notes: tuple[str, ...]
    nudges: tuple[str, ...]
    returns: tuple[str, ...]
    praise: tuple[str, ...]
    complaints: tuple[str, ...]


PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        openers=("", "", "", "", "Hi! ", "Hello, ", "Hi there, ", "Hey, ", "Good morning, ", "Quick question: "),
        tails=(
            "",
            "",
            "",
            "",
            "",
            " I could not find it on your page.",
            " Thanks in advance!",
            " It is a bit urgent.",
            " I need to know today.",
        ),
        auto_greetings=(
            "Hi, I'm the assistant of {shop}. Ask me anything.",
            "Welcome to {shop}! Tell me what you need and I'll look it up.",
        ),
        proactive_greetings=(
            "You have been looking around for a while. Can I help you find something?",
            "Hi! There is something in your basket. Do you have a question before you order?",
        ),
        follow_ups=(
            ("And how long does that take?", "It usually takes two to three working days; you get an email at each step."),
            ("Does that also hold for sale items?", "Yes, that holds for sale items too."),
            ("Can I do that without an account?", "Yes. Without an account, use the link in your order confirmation."),
            ("OK, and what does it cost?", "There is no charge for that. You will see the total before you confirm."),
            ("Where do I find that on the page?", "You find it in your account under Orders, on the right side of the order."),
            ("Is that the same if I live abroad?", "For addresses abroad it takes about three days longer, everything else is the same."),
            ("What if I already threw away the box?", "No problem, any box will do as long as it is closed well."),
            ("Can you do that for me?", "I can't do it from here, but I have sent you a link that leads straight to it."),
        ),
        clarifying_questions=(
            "Which order is this about?",
            "Could you tell me the size and colour you mean?",
            "Do you mean the article in your last order or a new one?",
            "Which email address did you use for the order?",
        ),
        clarifications=(
            "The last one, from this week.",
            "It's the one in the confirmation email, I don't have the number here.",
            "The newer one.",
            "Medium, in the dark colour.",
        ),
        weak_answers=(
            "I'm sorry, I could not find anything about that in our help pages.",
            "I'm not sure about this one. In general our customer service page may help.",
            "I have no information on that. Try our service page.",
        ),
        anything_else=("Is there anything else I can do for you?", "Did that answer your question?"),
        closings=(
            "Thanks!",
            "Great, thank you.",
            "Perfect, that helps. Bye!",
            "ok thanks",
            "Awesome, have a nice day!",
        ),
        wants_human=(
            "Can I talk to a real person please?",
            "This doesn't help. I want to speak to a human.",
            "Please connect me with somebody from your team.",
        ),
        handoffs=("I'm handing this over to a colleague, who will answer here.", "One moment, a colleague takes over."),
        human_answers=(
            "Hi, this is the service team. I looked it up and took care of it for you.",
            "Hello, thanks for waiting. I have checked with our warehouse and here is what we can do.",
            "Hi, I've read your conversation. I have just sent you the details by email.",
            "Sorry for the trouble. I have made an exception and it is done now.",
        ),
        human_notes=("Asked the warehouse, waiting for an answer.", "Second contact this week, please be generous."),
        nudges=("Hello?", "Is anybody there?", "Any news?", "still waiting"),
        returns=(
            "Unfortunately that didn't work, it's still the same.",
            "Sorry, me again: it's still not solved.",
            "I tried what you said and I get an error.",
        ),
        praise=("fast and friendly", "very helpful", "solved in a minute", "great service"),
        complaints=("too slow", "did not answer my question", "had to explain everything twice", "useless bot"),
    ),
    "es": Phrases(
        openers=("", "", "", "Hola, ", "Buenas, ", "Buenos días, ", "Una pregunta: "),
        tails=("", "", "", " ¡Gracias!", " Es urgente.", " No lo encuentro en la web."),
        auto_greetings=("Hola, soy el asistente de {shop}. Pregúntame lo que quieras.",),
        proactive_greetings=("Hola, ¿puedo ayudarte a encontrar algo?",),
        follow_ups=(
            ("¿Y cuánto tarda?", "Normalmente tarda dos o tres días laborables."),
            ("¿También vale para los artículos rebajados?", "Sí, también para los artículos rebajados."),
            ("¿Cuánto cuesta eso?", "No tiene ningún coste."),
            ("¿Dónde lo encuentro en la página?", "Está en tu cuenta, en la sección de pedidos."),
        ),
        clarifying_questions=("¿De qué pedido se trata?", "¿Qué talla y color necesitas?"),
        clarifications=("Del último, de esta semana.", "La talla M, en color oscuro."),
        weak_answers=("Lo siento, no he encontrado nada sobre eso.", "No tengo información sobre ese tema."),
        anything_else=("¿Puedo ayudarte con algo más?",),
        closings=("¡Gracias!", "Perfecto, muchas gracias.", "Vale, gracias, adiós."),
        wants_human=("¿Puedo hablar con una persona?", "Quiero hablar con un agente humano, por favor."),
        handoffs=("Te paso con un compañero que responderá aquí mismo.",),
        human_answers=(
            "Hola, soy del equipo de atención. Ya lo he revisado y está solucionado.",
            "Gracias por esperar. Te he enviado los detalles por correo.",
        ),
        human_notes=("Cliente recurrente, responder hoy.",),
        nudges=("¿Hola?", "¿Hay alguien?", "Sigo esperando"),
        returns=("Perdona, sigue sin funcionar.", "Todavía no está resuelto."),
        praise=("muy rápido", "muy amable"),
        complaints=("demasiado lento", "no respondió a mi pregunta"),
    ),
    "de": Phrases(
        openers=("", "", "", "", "Hallo, ", "Hi, ", "Guten Tag, ", "Moin, ", "Kurze Frage: "),
        tails=(
            "",
            "",
            "",
            "",
            "",
            " Danke schon mal!",
            " Es ist etwas eilig.",
            " Ich finde dazu nichts auf der Seite.",
            " Wäre super, wenn das klappt.",
        ),
        auto_greetings=(
            "Hallo, ich bin der Assistent von {shop}. Was kann ich für dich tun?",
            "Willkommen bei {shop}! Schreib einfach, worum es geht.",
        ),
        proactive_greetings=(
            "Kann ich dir bei der Auswahl helfen?",
            "In deinem Korb liegt noch etwas. Hast du eine Frage dazu?",
        ),
        follow_ups=(
            ("Und wie lange dauert das?", "Das dauert meistens zehn bis zwanzig Minuten."),
            ("Gilt das auch am Wochenende?", "Ja, das gilt auch am Wochenende und an Feiertagen."),
            ("Was kostet das dann?", "Das kostet nichts extra, du siehst die Summe vor dem Bestellen."),
            ("Wo finde ich das in der App?", "In der App unter Bestellungen, ganz unten bei der jeweiligen Bestellung."),
            ("Geht das auch ohne Konto?", "Ja, ohne Konto geht es über den Link in der Bestätigungsmail."),
            ("Kannst du das für mich machen?", "Das geht von hier aus leider nicht, ich habe dir aber den Link geschickt."),
        ),
        clarifying_questions=(
            "Um welche Bestellung geht es?",
            "Welche Größe meinst du, Flasche oder Kasten?",
            "An welche Adresse soll es gehen?",
        ),
        clarifications=(
            "Um die von heute Abend.",
            "Den Kasten meine ich.",
            "An meine normale Adresse.",
            "Die letzte Bestellung.",
        ),
        weak_answers=(
            "Dazu habe ich leider nichts gefunden.",
            "Da bin ich mir nicht sicher. Schau vielleicht einmal in unsere Hilfe.",
            "Zu diesem Thema liegen mir keine Informationen vor.",
        ),
        anything_else=("Kann ich sonst noch etwas für dich tun?", "Hat dir das geholfen?"),
        closings=(
            "Danke!",
            "Super, vielen Dank.",
            "Alles klar, danke, tschüss!",
            "ok danke dir",
            "Perfekt, schönen Abend noch!",
        ),
        wants_human=(
            "Kann ich bitte mit einem Menschen sprechen?",
            "Das hilft mir nicht, ich möchte mit jemandem aus dem Team schreiben.",
        ),
        handoffs=(
            "Ich gebe das an eine Kollegin weiter, sie antwortet gleich hier.",
            "Einen Moment, ein Kollege übernimmt.",
        ),
        human_answers=(
            "Hallo, hier ist das Team vom Kiosk. Ich habe nachgesehen und es ist erledigt.",
            "Danke fürs Warten. Ich habe mit dem Fahrer gesprochen, so können wir es machen.",
            "Tut mir leid für den Ärger. Der Betrag ist gutgeschrieben.",
        ),
        human_notes=("Fahrer angerufen, Rückmeldung abwarten.", "Zweite Anfrage diese Woche, bitte kulant sein."),
        nudges=("Hallo?", "Ist da jemand?", "Gibt es schon etwas Neues?", "warte immer noch"),
        returns=(
            "Leider hat das nicht geklappt.",
            "Ich schon wieder, das Problem besteht immer noch.",
            "Es kommt immer noch eine Fehlermeldung.",
        ),
        praise=("schnell und freundlich", "sofort geholfen", "top"),
        complaints=("viel zu langsam", "Frage nicht beantwortet", "alles doppelt erklären müssen"),
    ),
}
