"""An outdoor clothing shop in New York: what it sells, what it is asked, and what its knowledge base lacks."""

from __future__ import annotations

from demo.conversations.sample_texts import Shop, Topic

OUTDOOR_SHOP = Shop(
    name="Aurora Outfitters",
    site="https://aurora-outfitters.example",
    agent_id="aria",
    human_agents=("rep-maya", "rep-tom", "rep-lucia", "rep-dev"),
    languages={"en": 0.9, "es": 0.1},
    channels={"web_chat": 0.62, "email": 0.14, "whatsapp": 0.14, "instagram": 0.1},
    hour_weights=(2, 1, 1, 1, 1, 2, 5, 12, 22, 34, 40, 42, 44, 40, 38, 36, 34, 32, 36, 42, 44, 36, 20, 8),
    weekday_weights=(1.18, 1.1, 1.02, 1.0, 0.94, 0.84, 0.92),
    staffed_hours=(9, 18),
    staffed_weekdays=frozenset({1, 2, 3, 4, 5}),
    order_prefix="A",
    slots={
        "en": {
            "product": (
                "down jacket",
                "rain jacket",
                "pair of trail shoes",
                "pair of hiking boots",
                "fleece",
                "two-person tent",
                "sleeping bag",
            ),
            "size": ("S", "M", "L", "XL", "42", "44"),
            "city": ("Boston", "Denver", "Portland", "Austin", "Toronto"),
            "days": ("three days", "five days", "a week", "ten days"),
        },
        "es": {
            "product": ("chaqueta de plumas", "chaqueta impermeable", "mochila de montaña", "tienda de campaña"),
            "size": ("S", "M", "L", "XL"),
            "city": ("Miami", "San Diego", "Ciudad de México"),
            "days": ("tres días", "cinco días", "una semana"),
        },
    },
    topics=(
        Topic(
            key="where_is_my_order",
            weight=17,
            is_delivery=True,
            source_ids=("kb-track-order", "kb-delivery-times"),
            questions={
                "en": (
                    "Where is my order {order}?",
                    "My order {order} has not arrived after {days}, where is it?",
                    "Can you track order {order} for me?",
                    "The tracking of order {order} has not moved for {days}.",
                    "When will my {product} arrive? Order number {order}.",
                    "I ordered a {product} {days} ago and the order still hasn't arrived.",
                ),
                "es": (
                    "¿Dónde está mi pedido {order}?",
                    "Mi pedido {order} no ha llegado después de {days}.",
                    "El seguimiento del pedido {order} no se actualiza desde hace {days}.",
                ),
            },
            answers={
                "en": (
                    "Your order is with the carrier and should arrive within two days. Use the tracking link to follow it.",
                    "It left our warehouse yesterday. Standard delivery takes three to five working days.",
                ),
                "es": ("Tu pedido está en camino y llegará en dos días. Puedes seguirlo con el enlace.",),
            },
        ),
        Topic(
            key="return_item",
            weight=14,
            source_ids=("kb-returns",),
            questions={
                "en": (
                    "How do I return a {product}?",
                    "I want to send back the {product} from order {order}, how do returns work?",
                    "What is your return policy for a {product}?",
                    "Can I return a {product} that I wore once?",
                    "Where do I get the return label for order {order}?",
                ),
                "es": (
                    "¿Cómo puedo devolver la {product}?",
                    "Quiero devolver el pedido {order}, ¿cómo funciona la devolución?",
                ),
            },
            answers={
                "en": (
                    "You can return it within 60 days. Create a label under Orders and drop the parcel anywhere.",
                    "Returns are free within 60 days as long as the item is clean. The label is in your account.",
                ),
                "es": ("Puedes devolverlo gratis en 60 días. La etiqueta está en tu cuenta.",),
            },
        ),
        Topic(
            key="refund_status",
            weight=9,
            source_ids=("kb-refunds",),
            questions={
                "en": (
                    "When do I get my refund for order {order}?",
                    "I returned my {product} {days} ago and have no refund yet.",
                    "My refund is missing, the return of order {order} was received {days} ago.",
                    "How long does a refund take to my credit card?",
                ),
                "es": (
                    "¿Cuándo recibo el reembolso del pedido {order}?",
                    "Devolví la {product} hace {days} y no tengo el reembolso.",
                ),
            },
            answers={
                "en": ("Refunds are sent within five working days after the parcel reaches us, to the card you paid with.",),
                "es": ("El reembolso se envía en cinco días laborables a la misma tarjeta.",),
            },
        ),
        Topic(
            key="size_advice",
            weight=11,
            is_sales=True,
            source_ids=("kb-size-guide", "kb-fit-footwear"),
            questions={
                "en": (
                    "Which size of the {product} should I take if I normally wear {size}?",
                    "Does your {product} run small? I usually wear size {size}.",
                    "Is the {product} in size {size} wide enough for a thick sweater?",
                    "I am between sizes for the {product}, should I go up to {size}?",
                ),
                "es": ("¿Qué talla de la {product} necesito si normalmente uso la {size}?",),
            },
            answers={
                "en": (
                    "It fits true to size. If you wear layers below, take one size up.",
                    "By our size guide that is the right size; the cut is regular.",
                ),
                "es": ("Talla normal. Si llevas varias capas, elige una talla más.",),
            },
        ),
        Topic(
            key="product_advice",
            weight=9,
            is_sales=True,
            source_ids=("kb-choose-tent", "kb-choose-jacket"),
            questions={
                "en": (
                    "Which {product} do you recommend for a winter trip?",
                    "What is the difference between the light and the classic {product}?",
                    "I need a {product} for a week in the mountains, what do you recommend?",
                    "Is the {product} warm enough for minus ten degrees?",
                ),
                "es": ("¿Qué {product} me recomiendas para el invierno?",),
            },
            answers={
                "en": (
                    "For that I would take the classic one: it is warmer and only 120 g heavier.",
                    "Both work. The light one packs smaller, the classic one lasts longer.",
                ),
                "es": ("Te recomiendo el modelo clásico: abriga más.",),
            },
        ),
        Topic(
            key="change_address",
            weight=6,
            source_ids=("kb-change-order",),
            questions={
                "en": (
                    "Can I change the delivery address of order {order}?",
                    "I typed the wrong address in order {order}, can you change it to {city}?",
                    "Please send order {order} to my new address in {city}.",
                ),
                "es": ("¿Puedo cambiar la dirección de entrega del pedido {order}?",),
            },
            answers={
                "en": ("As long as the order is not packed you can change the address under Orders, Change address.",),
                "es": ("Mientras no esté preparado, puedes cambiar la dirección en tu cuenta.",),
            },
        ),
        Topic(
            key="discount_code",
            weight=7,
            source_ids=("kb-discounts",),
            questions={
                "en": (
                    "My discount code does not work for the {product}.",
                    "Why is my discount code rejected at checkout?",
                    "Can I use two discount codes in one order?",
                    "Is there a student discount code?",
                ),
            },
            answers={"en": ("Codes hold for full-price items only, one code per order. Sale items are excluded.",)},
        ),
        Topic(
            key="wash_and_care",
            weight=4,
            source_ids=("kb-care",),
            questions={
                "en": (
                    "How do I wash my {product}?",
                    "Can I put the {product} in the dryer after washing?",
                    "Which detergent may I use to wash a {product}?",
                ),
            },
            answers={"en": ("Wash at 30 °C with a mild detergent, no softener, and dry it on low heat with two tennis balls.",)},
        ),
        Topic(
            key="restock",
            weight=5,
            source_ids=("kb-availability",),
            questions={
                "en": (
                    "When will the {product} in size {size} be back in stock?",
                    "The {product} is sold out in {size}, will you restock it?",
                    "Can you tell me when size {size} of the {product} is available again?",
                ),
            },
            answers={"en": ("We expect it back in about two weeks. Use the bell on the product page and we will write to you.",)},
        ),
        # From here on: nothing in the knowledge base.
        Topic(
            key="repair",
            weight=5.5,
            answers={},
            questions={
                "en": (
                    "The zipper of my {product} is broken, do you repair it?",
                    "Do you repair a broken zipper on a {product}?",
                    "There is a tear in my {product}, can I send it in for repair?",
                    "How much does it cost to repair the zipper of a {product}?",
                    "Can I send you my {product} to repair a tear in the sleeve?",
                ),
                "es": (
                    "Se ha roto la cremallera de mi {product}, ¿la podéis reparar?",
                    "¿Reparáis la cremallera de una {product}?",
                ),
            },
        ),
        Topic(
            key="pfas",
            weight=3.5,
            answers={},
            questions={
                "en": (
                    "Is the coating of the {product} free of PFAS?",
                    "Does the {product} contain PFAS chemicals in the waterproof coating?",
                    "Which waterproof jackets are made without PFAS?",
                    "Are there PFAS in the water repellent coating of your {product}?",
                ),
            },
        ),
        Topic(
            key="rent_equipment",
            weight=3,
            answers={},
            is_sales=True,
            questions={
                "en": (
                    "Can I rent a {product} for a weekend?",
                    "Do you rent out camping equipment, for example a {product}?",
                    "How much is it to rent a {product} for {days}?",
                    "I would like to rent a {product} instead of buying it.",
                ),
            },
        ),
        Topic(
            key="military_address",
            weight=2,
            answers={},
            questions={
                "en": (
                    "Do you ship to an APO military address?",
                    "Can I have my order {order} shipped to a military APO address overseas?",
                    "Shipping to an APO or FPO address is not offered at checkout, why?",
                ),
            },
        ),
        Topic(
            key="group_order",
            weight=2.5,
            answers={},
            is_sales=True,
            questions={
                "en": (
                    "Do you print our team logo on a {product}? We need 40 pieces.",
                    "We need 25 pieces of the {product} with our company logo, do you offer that?",
                    "Is there a price for a group order of 30 pieces with a logo print?",
                ),
            },
        ),
    ),
)
