"""What of an answer goes into the store, what into quarantine, and which ledger rows say so: committed together, by request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, LedgerState, Parsed, Question, Unreadable
from agentmarts.meta_graph.store import ledger
from agentmarts.meta_graph.store.ledger import WHOLE, LedgerRow
from agentmarts.meta_graph.store.observations import StoredCount, store_observations
from agentmarts.meta_graph.store.responses import store_response
from agentmarts.meta_graph.store.text import names_a_secret, storable_json
from agentmarts.streams.contract.batch import Refused
from agentmarts.streams.contract.rejection import Reason, Rejection
from agentmarts.streams.store.refused_rows import quarantine
from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.faults import fault_point

REFUSALS: frozenset[LedgerState] = frozenset({"deprecated", "not_permitted", "throttled", "error"})
"""States that a person should know of: the others are what Meta says of some objects on any day."""


@dataclass
class Counts:
    """What a run did, for people: added up over its requests."""

    http_calls: int = 0
    counted_calls: int = 0
    asked: int = 0
    answered: int = 0
    unreadable: int = 0
    facts: StoredCount = field(default_factory=StoredCount)
    states: Counter[tuple[str, LedgerState]] = field(default_factory=Counter)
    """Items of work by call group and how they ended, and single metrics that were refused."""


class Writer:
    """Writes for one account and one run. `connection`: am_ingest; every method wants the caller's transaction."""

    def __init__(self, connection: Connection, account: Account, catalogue: Catalogue, run_id: str) -> None:
        self._connection = connection
        self._account = account
        self._catalogue = catalogue
        self._run_id = run_id
        self._attempts: dict[str, int] = {}
        self._unbooked = (0, 0)
        self.counts = Counts()

    def store_responses(self, plan_key: str, edge: str, responses: Iterable[GraphResponse]) -> UUID | None:
        """Keep answers, failed attempts too; returns the id of the last. Their calls are booked on the row that is entered next."""
        response_id = None
        for response in responses:
            response_id = store_response(
                self._connection,
                self._account.tenant_id,
                self._account.account_id,
                response,
                run_id=self._run_id,
                plan_key=plan_key,
                attempt=self._attempt(plan_key),
                edge=edge,
            )
            self.counts.http_calls += response.http_calls
            self.counts.counted_calls += response.counted_calls
            self._unbooked = (self._unbooked[0] + response.http_calls, self._unbooked[1] + response.counted_calls)
            fault_point("graph-mid-keep")
        return response_id

    @property
    def has_unbooked(self) -> bool:
        """Whether calls were made that stand in no row of the ledger yet."""
        return self._unbooked[0] > 0

    def store_values(self, question: Question, parsed: Parsed, response_id: UUID, at: datetime) -> None:
        """Keep the values of an answer to a question; what nobody can read goes to the quarantine."""
        tenant_id, account_id = self._account.tenant_id, self._account.account_id
        if parsed.observations:
            self.counts.facts += store_observations(
                self._connection, tenant_id, account_id, response_id, self._catalogue.version, parsed.observations
            )
        if parsed.unreadable:
            source = f"{question.group.name} {question.object_id}"
            quarantine_unreadable(self._connection, tenant_id, parsed.unreadable, source=source, received_at=at)
            self.counts.unreadable += len(parsed.unreadable)

    def record(self, rows: Sequence[LedgerRow]) -> None:
        """Enter rows of the ledger, the first with all calls that were not booked before: refused and failed ones too."""
        if rows:
            http_calls, counted_calls = self._unbooked
            rows = [replace(rows[0], http_calls=http_calls, counted_calls=counted_calls), *rows[1:]]
            self._unbooked = (0, 0)
        ledger.record(self._connection, self._account.tenant_id, self._account.account_id, rows)
        for row in rows:
            if row.metric == WHOLE:
                self.counts.asked += row.asked_count
                self.counts.answered += row.answered_count
            if row.metric == WHOLE or row.state in REFUSALS:
                self.counts.states[row.group_name, row.state] += 1
        fault_point("graph-before-commit")

    def row(
        self,
        call: Call,
        item: Item,
        metric: str,
        state: LedgerState,
        at: datetime,
        *,
        asked: int = 1,
        answered: int = 0,
        fault: Fault | None = None,
        response_id: UUID | None = None,
        retry_after: datetime | None = None,
        of_object: bool = False,
    ) -> LedgerRow:
        """A row about a metric of an item, or about all of it (`*`). `of_object`: about this object alone, not its kind."""
        question = item.question
        is_sample = bool(question.sample_slot) and question.object_id != self._account.graph_id
        about = question.object_id if is_sample and metric == WHOLE else ""
        if of_object:
            # A list is one of the account.
            about = question.object_id or self._account.graph_id
        return LedgerRow(
            run_id=self._run_id,
            plan_key=item.plan_key,
            attempt=self._attempt(item.plan_key),
            group_name=call.group.name,
            edge=call.edge,
            object_type=question.object_type,
            metric=metric,
            period=call.group.period,
            asked_count=asked,
            answered_count=answered,
            state=state,
            http_calls=0,
            counted_calls=0,
            finished_at=at,
            media_product=question.media_product,
            object_id=about,
            window_start=question.window_start,
            window_end=question.window_end,
            sample_slot=question.sample_slot,
            error_code=fault.code if fault else None,
            error_subcode=fault.subcode if fault else None,
            retry_after=retry_after,
            response_id=response_id,
        )

    def _attempt(self, plan_key: str) -> int:
        """The number of this run's attempt at an item: one more than any run before."""
        if plan_key not in self._attempts:
            before = ledger.last_attempts(self._connection, self._account.tenant_id, self._account.account_id, [plan_key])
            self._attempts[plan_key] = before.get(plan_key, 0) + 1
        return self._attempts[plan_key]


# Parts of answers that no rule of the parser reads, into `raw.quarantine`: the rest of the answer is kept.

STREAM = "metric_observations"


def quarantine_unreadable(
    connection: Connection, tenant_id: UUID, parts: Sequence[Unreadable], *, source: str, received_at: datetime
) -> None:
    """Keep parts with their reasons inside the caller's transaction; one that was seen before is counted, not kept twice.

    `source`: what was asked, for the person who looks at it, e.g. `ig_total 17841400000000000`. A part that names a token or proof is
    withheld: only its reason is kept. These rows are not replayed: the loader of streams could not read them either.
    """
    refused = [
        Refused(position, _payload(part), STREAM, None, Rejection(Reason.UNREADABLE_ANSWER, f"{part.metric}: {part.reason}"))
        for position, part in enumerate(parts)
    ]
    quarantine(connection, tenant_id, refused, lambda position: f"{source}[{position}]", received_at)


def _payload(part: Unreadable) -> bytes:
    text = storable_json({"metric": part.metric, "fragment": part.fragment})
    if text is None or names_a_secret(text):
        text = storable_json({"metric": part.metric, "fragment": "withheld: it names a secret"}) or ""
    return text.encode()
