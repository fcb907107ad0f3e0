"""The state of one simulated Graph: its clock, what was changed in it since it started, and what it was asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from graph_simulator.http import errors
from graph_simulator.http.faults import Faults
from graph_simulator.http.journal import Journal
from graph_simulator.http.limits import Limits
from graph_simulator.insights.catalogue import Catalogue
from graph_simulator.insights.figures import Figures, Provisional, Window
from graph_simulator.insights.recipe_tables import INSIGHTS, NODES
from graph_simulator.insights.recipes import Recipe
from graph_simulator.insights.tally import Tallies
from graph_simulator.switches import Switches
from graph_simulator.world.event_log import EventLog
from graph_simulator.world.instants import DAY, PACIFIC, UTC_ZONE
from graph_simulator.world.tokens import Token, Tokens
from graph_simulator.world.world import Account, GraphObject, World

LIVE_STORY = DAY


@dataclass
class Simulator:
    """Everything of one app under one lock. The world itself never changes; `objects` are its objects as the control API left them."""

    world: World
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        self.figures = Figures(Tallies(self.world.log))
        self.reset()

    def reset(self) -> None:
        """Back to how it started: clock, tokens, catalogue, switches, budgets, faults, objects, journal."""
        self.now = self.world.clock
        self.follows_wall_clock = False
        self.switches = Switches()
        self.catalogue = Catalogue()
        self.tokens = Tokens(self.world)
        self.limits = Limits(self.switches)
        self.faults = Faults()
        self.journal = Journal()
        self.objects: dict[str, GraphObject] = dict(self.world.objects)
        self.answered = 0

    def move_to(self, wall_clock: int) -> None:
        """The present of a simulator that follows the wall clock; nothing happens in one that does not."""
        with self.lock:
            if self.follows_wall_clock:
                self.now = wall_clock

    @property
    def log(self) -> EventLog:
        """What users did."""
        return self.world.log

    @property
    def today(self) -> date:
        """The UTC date of the clock: by it metrics and versions live and die."""
        return datetime.fromtimestamp(self.now, tz=UTC).date()

    @property
    def provisional(self) -> Provisional:
        """How the last days are incomplete."""
        return Provisional(self.world.seed, self.switches.provisional)

    def zone_of(self, account: Account) -> ZoneInfo:
        """Whose midnight closes the days of an account."""
        if account.platform == "facebook" or self.switches.ig_day_boundary == "pacific":
            return PACIFIC
        return ZoneInfo(account.timezone) if self.switches.ig_day_boundary == "account" else UTC_ZONE

    def find(self, id_: str, token: Token) -> Account | GraphObject:
        """A node by id as this token sees it now. GraphError 100/33 if there is none: unknown, deleted, not yet or no longer there."""
        thing = self.world.accounts.get(id_) or self.objects.get(id_)
        if thing is None or self.account_of(thing).id not in token.assets:
            raise errors.unsupported_get(id_)
        if isinstance(thing, GraphObject) and (thing.is_deleted or not self.is_there(thing)):
            raise errors.unsupported_get(id_)
        return thing

    def is_there(self, its: GraphObject) -> bool:
        """Whether it is published and, for a story, still live."""
        return its.published_at <= self.now and (its.kind != "story" or self.now < its.published_at + LIVE_STORY)

    def account_of(self, thing: Account | GraphObject) -> Account:
        """The account that a node is or belongs to."""
        return thing if isinstance(thing, Account) else self.world.accounts[thing.account_id]

    def recipe(self, type_: str, metric: str) -> Recipe | None:
        """How a metric of insights is computed; None: nothing to say."""
        return INSIGHTS[type_].get(self.catalogue.computed_like(type_, metric))

    def node_figure(self, type_: str, name: str, scope: str) -> int:
        """The value of a counted node field now."""
        recipe = NODES[type_][name]
        value = self.figures.trailing(scope, recipe, self.now) if recipe.trailing_days else self.figures.lifetime(scope, recipe, self.now)
        assert isinstance(value, int)
        return value

    def window(self, account: Account, metric: str, since: int, until: int) -> Window:
        """What is known now of `[since, until)`."""
        return self.figures.window(self.provisional, account.id, metric, since, until, self.zone_of(account), self.now)
