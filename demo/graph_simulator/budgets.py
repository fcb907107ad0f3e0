"""In which budgets a call counts, and how large they are."""

from __future__ import annotations

from .calls import Call
from .figures import Window
from .instants import DAY
from .limits import Scope
from .recipes_facebook import NODE_PAGE
from .recipes_instagram import USER
from .simulator import Simulator
from .world import Account

CALLS_PER_ENGAGED_USER = 4_800
CALLS_PER_USER = 200


def budgets_of(sim: Simulator, call: Call) -> list[tuple[Scope, str, int]]:
    """(scope, id, limit) of each: always the app; besides the page, the Instagram account or the user."""
    found: list[tuple[Scope, str, int]] = [("app", sim.world.app_id, CALLS_PER_USER * sim.switches.app_users)]
    account = _account(sim, call)
    if account is not None and account.platform == "instagram":
        found.append(("instagram", account.id, CALLS_PER_ENGAGED_USER * _of_last_day(sim, account)))
    elif account is not None and call.token.kind != "user":
        found.append(("page", account.id, CALLS_PER_ENGAGED_USER * _of_last_day(sim, account)))
    else:
        found.append(("user", call.token.user_id, CALLS_PER_USER * sim.switches.app_users))
    return found


def _account(sim: Simulator, call: Call) -> Account | None:
    first = call.path.split("/", 1)[0]
    if first == "me":
        return sim.world.accounts.get(call.token.profile_id)
    thing = sim.world.accounts.get(first) or sim.objects.get(first)
    return sim.account_of(thing) if thing else None


def _of_last_day(sim: Simulator, account: Account) -> int:
    """Engaged users of a page, impressions of an Instagram account; at least 1, so that even a silent account has a budget."""
    recipe = NODE_PAGE["talking_about_count"] if account.platform == "facebook" else USER["views"]
    value = sim.figures.value(account.id, recipe, Window(sim.now - DAY, sim.now, sim.now))
    return max(1, value if isinstance(value, int) else 0)
