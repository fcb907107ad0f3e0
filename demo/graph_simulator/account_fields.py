"""Fields of a page and of an Instagram account: stocks at the instant of the call, names, the token of a page."""

from __future__ import annotations

from collections.abc import Callable

from .calls import Call
from .simulator import Simulator
from .world import Account

Getter = Callable[[Simulator, Call, Account], object]


def _stock(type_: str, name: str) -> Getter:
    return lambda sim, call, account: sim.node_figure(type_, name, account.id)


def _page_token(sim: Simulator, call: Call, page: Account) -> str:
    call.token.needs("pages_show_list")
    return call.token.value if call.token.kind == "page" else sim.tokens.page_token(call.token, page.id).value


def _media_count(sim: Simulator, call: Call, account: Account) -> int:
    mine = (its for its in sim.objects.values() if its.account_id == account.id and its.kind == "media")
    return account.archived_media + sum(sim.is_there(its) and not its.is_deleted for its in mine)


PAGE: dict[str, Getter] = {
    "name": lambda sim, call, account: account.name,
    "category": lambda sim, call, account: "Shopping & retail",
    "access_token": _page_token,
    "tasks": lambda sim, call, account: list(call.token.tasks),
    "instagram_business_account": lambda sim, call, account: {"id": account.linked_id} if account.linked_id else None,
    "rating_count": lambda sim, call, account: 41,
    "overall_star_rating": lambda sim, call, account: 4.6,
    "were_here_count": lambda sim, call, account: 0,
    **{stock: _stock("page", stock) for stock in ("followers_count", "fan_count", "talking_about_count")},
}

INSTAGRAM_USER: dict[str, Getter] = {
    "username": lambda sim, call, account: account.name,
    "name": lambda sim, call, account: account.name,
    "followers_count": _stock("ig_user", "followers_count"),
    "follows_count": lambda sim, call, account: 100 + sim.world.seed % 50,
    "media_count": _media_count,
}
