"""One call of the interface, after transport and before it is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import orjson

from graph_simulator.http.errors import parameter, unknown_path
from graph_simulator.http.faults import Fault
from graph_simulator.http.journal import SECRETS
from graph_simulator.http.limits import Scope
from graph_simulator.insights.figures import Window
from graph_simulator.insights.recipes_facebook import NODE_PAGE
from graph_simulator.insights.recipes_instagram import USER
from graph_simulator.simulator import Simulator
from graph_simulator.world.instants import DAY
from graph_simulator.world.tokens import Token
from graph_simulator.world.world import Account


@dataclass
class Call:
    """Who asks what of which version."""

    method: str
    path: str
    """Without the version and without slashes at its ends."""
    version: str
    """The version that answers."""
    params: Mapping[str, str]
    token: Token
    now: int
    base_url: str = field(repr=False)
    fault: Fault | None = None
    """A scripted one that changes the content of the answer."""

    def link(self, path: str, params: Mapping[str, str], **changed: str) -> str:
        """An address like the ones in `paging`: with parameters of the call or of a nested field and, as Meta does it, the token."""
        kept = {name: value for name, value in params.items() if name not in SECRETS | {"batch", "ids"}}
        return f"{self.base_url}/{self.version}/{path}?{urlencode({'access_token': self.token.value, **kept, **changed})}"


def listed(text: str) -> list[str]:
    """Values of a parameter that takes several: `a,b` or `["a","b"]`."""
    if text.startswith("["):
        try:
            values = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise parameter("the parameter is neither a list of names nor JSON") from None
        return [str(value) for value in values]
    return [part.strip() for part in text.split(",") if part.strip()]


# Versions of the interface: a dead one does not fail, the oldest living one answers in its place.

_RELEASED_AND_ENDED: tuple[tuple[str, date, date | None], ...] = (
    ("v20.0", date(2024, 5, 21), date(2026, 9, 24)),
    ("v21.0", date(2024, 10, 2), date(2027, 1, 21)),
    ("v22.0", date(2025, 1, 21), date(2027, 5, 20)),
    ("v23.0", date(2025, 5, 29), date(2027, 10, 8)),
    ("v24.0", date(2025, 10, 8), date(2028, 2, 18)),
    ("v25.0", date(2026, 2, 18), date(2028, 7, 29)),
    ("v26.0", date(2026, 7, 29), None),
)
"""From the specification, section 3. Older versions died before all of these."""
VERSION = re.compile(r"v(\d+)\.0")


def number_of(version: str) -> int:
    """25 of v25.0."""
    found = VERSION.fullmatch(version)
    if not found:
        raise unknown_path(f"/{version}")
    return int(found.group(1))


def served_version(asked: str, now: int) -> str:
    """The version that answers at an instant: the asked one while it lives, else the oldest living one; one that is not out yet is unknown.

    An empty `asked` means a path without a version.
    """
    today = datetime.fromtimestamp(now, tz=UTC).date()
    known = [(version, end) for version, released, end in _RELEASED_AND_ENDED if released <= today]
    living = [version for version, end in known if end is None or today < end]
    if asked in living:
        return asked
    if asked and (number_of(asked) < 2 or number_of(asked) > number_of(living[-1])):
        raise unknown_path(f"/{asked}")
    return living[0]


# In which budgets a call counts, and how large they are.

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
