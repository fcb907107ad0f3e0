"""What the calls of one run over one account share: the session, and what went wrong so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agentmarts.meta_graph.dead_metrics import DeadMetrics
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.observations import Parsed
from agentmarts.meta_graph.outgoing import Params
from agentmarts.meta_graph.parse_entries import DICTIONARY_KEY
from agentmarts.meta_graph.plans import Call, Item
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.session import Session
from agentmarts.meta_graph.store_keys import known_keys


class MissingObject(NamedTuple):
    """A post or medium that Meta says it does not have."""

    call: Call
    item: Item
    fault: Fault

    @property
    def object_id(self) -> str:
        """Its id at Meta."""
        return self.item.question.object_id


@dataclass
class RunState:
    """Grows while the run's calls go out."""

    session: Session
    dead: DeadMetrics = field(default_factory=DeadMetrics)
    failures: list[str] = field(default_factory=list)
    """Requests that failed and are due again, as sentences."""
    missing: list[MissingObject] = field(default_factory=list)
    _keys: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def missing_ids(self) -> tuple[str, ...]:
        """The missing objects' ids, in the order they were asked for."""
        return tuple(one.object_id for one in self.missing)

    def get(self, path: str, params: Params) -> GraphResponse:
        """Send one GET for what the session is asking already. Raises RefusedError of the gate."""
        session = self.session
        return session.client.get(path, params, session.token, session.account.api_version)

    def known_keys(self, object_ids: Sequence[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """By object and metric: the keys of dictionaries ever observed, at least those of these objects; inside the caller's transaction.

        An object is looked up once in a run: while it holds the account's lock, only its own answers bring others.
        """
        if unread := set(object_ids) - self._keys.keys():
            account = self.session.account
            found = known_keys(self.session.work, account.tenant_id, account.account_id, sorted(unread))
            self._keys.update({object_id: dict(found.get(object_id, {})) for object_id in unread})
        return self._keys

    def note_keys(self, parsed: Parsed) -> None:
        """Keys of an answer that is being kept are known to the answers after it."""
        for one in parsed.observations:
            metrics = self._keys.get(one.object_id)
            if metrics is not None and one.dim_key == DICTIONARY_KEY:
                metrics[one.metric] = metrics.get(one.metric, frozenset()) | {one.dim_value}
