"""A kiosk in Berlin that delivers drinks and snacks at night: what it sells, what it is asked, what it can't answer."""

from __future__ import annotations

from demo.conversations.sample_texts import Shop, Topic

KIOSK_SHOP = Shop(
    name="Kiosk Berlin",
    site="https://kiosk-berlin.example",
    agent_id="kalle",
    human_agents=("rep-jonas", "rep-aylin", "rep-marek"),
    languages={"de": 0.84, "en": 0.16},
    channels={"whatsapp": 0.55, "web_chat": 0.3, "instagram": 0.1, "email": 0.05},
    hour_weights=(30, 20, 8, 2, 1, 1, 1, 1, 2, 3, 5, 7, 10, 12, 16, 20, 24, 30, 38, 46, 52, 54, 50, 42),
    weekday_weights=(0.8, 0.82, 0.88, 0.98, 1.28, 1.34, 0.9),
    staffed_hours=(14, 24),
    staffed_weekdays=frozenset({1, 2, 3, 4, 5, 6, 7}),
    order_prefix="K",
    slots={
        "de": {
            "product": ("Limo", "Mate", "Cola", "Chips", "Tiefkühlpizza", "Eistee", "Eis"),
            "kasten": ("Kasten Wasser", "Kasten Bier", "Kasten Mate", "Sixpack"),
            "kiez": ("Neukölln", "Kreuzberg", "Wedding", "Friedrichshain", "Moabit", "Pankow"),
            "zeit": ("zwanzig Minuten", "einer halben Stunde", "einer Stunde", "anderthalb Stunden"),
        },
        "en": {
            "product": ("lemonade", "mate", "cola", "crisps", "frozen pizza", "ice cream"),
            "kasten": ("crate of water", "crate of beer", "crate of mate"),
            "kiez": ("Neukölln", "Kreuzberg", "Wedding", "Mitte"),
            "zeit": ("twenty minutes", "half an hour", "an hour"),
        },
    },
    topics=(
        Topic(
            key="where_is_my_order",
            weight=20,
            is_delivery=True,
            source_ids=("hilfe-lieferstatus",),
            questions={
                "de": (
                    "Wo bleibt meine Bestellung {order}?",
                    "Ich warte seit {zeit} auf meine Bestellung {order}.",
                    "Wann kommt die Lieferung? Bestellung {order}",
                    "Der Fahrer ist seit {zeit} unterwegs, wo bleibt meine Lieferung?",
                    "Meine Bestellung {order} ist noch nicht da.",
                ),
                "en": (
                    "Where is my order {order}?",
                    "I have been waiting for my order {order} for {zeit}.",
                    "When will my delivery {order} arrive?",
                ),
            },
            answers={
                "de": (
                    "Deine Bestellung ist in etwa zehn Minuten bei dir. Den Fahrer siehst du auf der Karte in der App.",
                    "Heute ist viel los. Deine Lieferung kommt in ungefähr 15 Minuten.",
                ),
                "en": ("Your order is on its way and should be with you in about ten minutes.",),
            },
        ),
        Topic(
            key="missing_item",
            weight=11,
            source_ids=("hilfe-reklamation",),
            questions={
                "de": (
                    "In meiner Bestellung {order} fehlt {product}.",
                    "Es fehlt etwas: {product} war nicht dabei, Bestellung {order}.",
                    "Ich habe {product} bezahlt, aber nicht bekommen.",
                    "Bei Bestellung {order} kam {product} kaputt an.",
                ),
                "en": (
                    "The {product} is missing in my order {order}.",
                    "My order {order} came without the {product} I paid for.",
                ),
            },
            answers={
                "de": ("Das tut mir leid. Ich schreibe dir den Betrag gut, er ist in drei Tagen auf deinem Konto.",),
                "en": ("Sorry about that. I have credited the amount, you will have it within three days.",),
            },
        ),
        Topic(
            key="delivery_area",
            weight=8,
            source_ids=("hilfe-liefergebiet",),
            questions={
                "de": (
                    "Liefert ihr auch nach {kiez}?",
                    "Gehört {kiez} zu eurem Liefergebiet?",
                    "Was kostet die Lieferung nach {kiez}?",
                    "Warum kann ich in {kiez} nichts bestellen, ist das außerhalb vom Liefergebiet?",
                ),
                "en": ("Do you deliver to {kiez}?", "How much is the delivery to {kiez}?"),
            },
            answers={
                "de": ("Ja, wir liefern innerhalb des Rings und in die Kieze daneben. Ab 20 Euro ist die Lieferung frei.",),
                "en": ("Yes, we deliver there. It is free from 20 euros.",),
            },
        ),
        Topic(
            key="opening_hours",
            weight=8,
            source_ids=("hilfe-zeiten",),
            questions={
                "de": (
                    "Wie lange habt ihr heute geöffnet?",
                    "Bis wann kann ich heute Nacht noch bestellen?",
                    "Habt ihr am Sonntag geöffnet?",
                    "Sind eure Öffnungszeiten am Feiertag anders?",
                ),
                "en": ("How long are you open tonight?", "Are you open on Sunday?"),
            },
            answers={
                "de": ("Wir liefern täglich von 14 bis 2 Uhr, Freitag und Samstag bis 4 Uhr.",),
                "en": ("We deliver every day from 2 pm to 2 am, on Friday and Saturday until 4 am.",),
            },
        ),
        Topic(
            key="payment",
            weight=8,
            source_ids=("hilfe-bezahlen",),
            questions={
                "de": (
                    "Kann ich beim Fahrer bar bezahlen?",
                    "Meine Zahlung für Bestellung {order} wurde zweimal abgebucht.",
                    "Welche Zahlungsarten gibt es, geht auch bar?",
                    "Die Zahlung mit Karte klappt nicht.",
                ),
                "en": ("Can I pay the driver in cash?", "My card payment does not work."),
            },
            answers={
                "de": ("Du kannst mit Karte, PayPal oder bar bezahlen. Eine doppelte Abbuchung geht automatisch zurück.",),
                "en": ("You can pay by card, PayPal or in cash.",),
            },
        ),
        Topic(
            key="party_order",
            weight=6,
            is_sales=True,
            source_ids=("hilfe-party",),
            questions={
                "de": (
                    "Könnt ihr zehn mal {kasten} für eine Party am Samstag liefern?",
                    "Ich brauche Getränke für eine Party, gibt es {kasten} gekühlt?",
                    "Gibt es Rabatt, wenn ich für eine Party fünf mal {kasten} bestelle?",
                ),
                "en": ("Can you deliver ten times a {kasten} for a party on Saturday?",),
            },
            answers={
                "de": ("Klar, bis 16 Uhr bestellt kommt alles gekühlt am Abend. Ab fünf Kästen gibt es zehn Prozent.",),
                "en": ("Sure. Order before 4 pm and everything comes chilled. From five crates on you save ten percent.",),
            },
        ),
        Topic(
            key="change_order",
            weight=6,
            source_ids=("hilfe-aendern",),
            questions={
                "de": (
                    "Kann ich meine Bestellung {order} noch ändern?",
                    "Ich möchte Bestellung {order} stornieren.",
                    "Könnt ihr zu Bestellung {order} noch {product} dazupacken?",
                ),
                "en": ("Can I still change my order {order}?", "Please cancel order {order}."),
            },
            answers={
                "de": ("Solange der Fahrer nicht losgefahren ist, geht das in der App unter Bestellung ändern.",),
                "en": ("As long as the driver has not left you can do that in the app.",),
            },
        ),
        # From here on: nothing in the knowledge base.
        Topic(
            key="deposit_return",
            weight=6.5,
            answers={},
            questions={
                "de": (
                    "Nimmt der Fahrer Pfandflaschen mit zurück?",
                    "Kann ich dem Fahrer leere Kästen und Pfand mitgeben?",
                    "Wie bekomme ich mein Pfand für den {kasten} zurück?",
                    "Nehmt ihr beim Liefern leere Pfandflaschen mit?",
                    "Wird das Pfand für leere Flaschen gutgeschrieben, wenn der Fahrer sie mitnimmt?",
                ),
                "en": (
                    "Does the driver take back empty deposit bottles?",
                    "How do I get the deposit for empty bottles back?",
                    "Can I give the driver my empty bottles and get the deposit back?",
                ),
            },
        ),
        Topic(
            key="company_invoice",
            weight=3.5,
            answers={},
            is_sales=True,
            questions={
                "de": (
                    "Kann unsere Firma auf Rechnung bestellen?",
                    "Ich brauche für Bestellung {order} eine Rechnung mit Mehrwertsteuer für die Firma.",
                    "Gibt es für das Büro eine monatliche Rechnung für die Firma?",
                    "Wie bekomme ich eine Rechnung auf den Namen der Firma?",
                ),
            },
        ),
        Topic(
            key="age_check",
            weight=3,
            answers={},
            questions={
                "de": (
                    "Muss ich beim Fahrer den Ausweis zeigen, wenn ich Bier bestelle?",
                    "Wie läuft die Altersprüfung mit dem Ausweis bei der Lieferung?",
                    "Reicht für die Altersprüfung ein Foto vom Ausweis?",
                ),
            },
        ),
        Topic(
            key="allergens",
            weight=3,
            answers={},
            questions={
                "de": (
                    "Welche Allergene sind in {product}, ist Gluten drin?",
                    "Habt ihr glutenfreies Bier?",
                    "Ist {product} bei euch glutenfrei und ohne Nüsse?",
                    "Wo sehe ich die Allergene, zum Beispiel Gluten und Nüsse?",
                ),
                "en": (
                    "Is the {product} gluten free?",
                    "Do you have gluten free beer?",
                    "Which allergens are in the {product}, any gluten?",
                ),
            },
        ),
    ),
)
