"""What the demo's agents do, how sure they say they are, and how often it truly works: the truth that the learning marts must find.

Agents say one of three confidences, equally often; the truth is that number minus `overconfidence`:

| action type | says | true | so it is |
|---|---|---|---|
| send_email | .85 .90 .95 | .55 .60 .65 | overconfident by 30 points |
| schedule_meeting | .45 .60 .75 | the same | calibrated |
| advance_deal | .45 .60 .75 | the same | calibrated |
| escalate_to_human | .30 .40 .50 | .50 .60 .70 | underconfident by 20 points |
| follow_up_email | .60 | not controlled | too rare to tell: below 50 outcomes |

All of them succeed in 60 % of cases, so no action type, outcome type, channel, hour, weekday, deal stage or trigger is
better than another. One thing is: at Aurora Outfitters actions towards the persona `business` succeed 20 points more often,
and those towards the others 5 points less. The agents don't know it, and as a fifth of all customers is `business`,
calibration stays what the table says. At Kiosk Berlin nothing makes a difference at all.
"""

from __future__ import annotations

from dataclasses import dataclass

PERSONAS = {"new_customer": 0.4, "regular": 0.4, "business": 0.2}
"""Who an action is directed at, and how often."""

PERSONA_EFFECTS = {"aurora-outfitters": {"business": 0.2, "new_customer": -0.05, "regular": -0.05}}
"""By tenant and persona: added to the true chance of success. The mean over all personas is 0."""


@dataclass(frozen=True)
class ActionKind:
    """A type of action. `weight`: how many of a hundred beginnings are of this kind; `channels`: equally often."""

    action_type: str
    outcome_type: str
    says: tuple[float, ...]
    overconfidence: float
    channels: tuple[str, ...]
    weight: int = 0


SEND_EMAIL = ActionKind("send_email", "email_engagement", (0.85, 0.9, 0.95), 0.3, ("email",), 40)
SCHEDULE_MEETING = ActionKind("schedule_meeting", "meeting_outcome", (0.45, 0.6, 0.75), 0.0, ("email", "phone", "web_chat"), 24)
ADVANCE_DEAL = ActionKind("advance_deal", "deal_progression", (0.45, 0.6, 0.75), 0.0, ("email", "phone"), 14)
ESCALATE = ActionKind("escalate_to_human", "escalation_result", (0.3, 0.4, 0.5), -0.2, ("web_chat", "whatsapp"), 22)
FOLLOW_UP = ActionKind("follow_up_email", "email_engagement", (0.6,), 0.0, ("email",))
"""Weight 0: it only ever follows an e-mail."""

BEGINNINGS = (SEND_EMAIL, SCHEDULE_MEETING, ADVANCE_DEAL, ESCALATE)
"""Kinds that begin something."""


def true_chance(tenant: str, kind: ActionKind, said: float, persona: str) -> float:
    """How likely an action of this kind, announced with this confidence, succeeds at a tenant (slug)."""
    return said - kind.overconfidence + PERSONA_EFFECTS.get(tenant, {}).get(persona, 0.0)
