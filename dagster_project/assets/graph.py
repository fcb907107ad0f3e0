"""Metrics of Facebook and Instagram as assets: one step collects what is due, each kind of metric is an asset of its own."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from agentmarts.meta_graph.collecting.collector import Collected, collect
from agentmarts.meta_graph.store.writer import REFUSALS
from dagster_project.resources import Warehouse

GRAPH_POOL = "meta_graph"
GRAPH_GROUP = "graph"
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "page_metrics": ("Daily insights of Facebook Pages.", ("fb_page", "fb_page_split_ads", "fb_page_split_followers")),
    "post_metrics": ("Samples of the lifetime totals of Facebook posts and reels.", ("fb_posts", "fb_reels")),
    "instagram_account_metrics": (
        "Daily insights of Instagram accounts, and unique accounts of whole windows.",
        ("ig_series", "ig_total", "ig_follows", "ig_window_7", "ig_window_28"),
    ),
    "media_metrics": ("Samples of the lifetime totals of Instagram media.", ("ig_media", "ig_media_due")),
    "story_metrics": ("Samples of Instagram stories, which live for 24 hours.", ("ig_stories",)),
    "followers": ("Followers and other stocks per account, once a day.", ("fb_node", "ig_node")),
}
"""Asset, what it holds, and the call groups that bring it."""
TABLES: Mapping[str, str] = {
    "metric_observations": "Every value that Meta answered, each change as a further revision.",
    "graph_objects": "Posts, reels, media and stories, with their age and kind.",
    "collection_ledger": "What was asked, and what came of it.",
    "graph_responses": "Whole answers without anything secret, for 90 days; after that their version and usage.",
}
"""Tables of raw that all kinds share: what dbt reads."""
CHECK = "asked_is_answered"


def graph_asset_key(kind: str) -> dg.AssetKey:
    """`raw/<kind>`."""
    return dg.AssetKey(["raw", kind])


@dg.multi_asset(
    name="ask_meta",
    pool=GRAPH_POOL,
    specs=[
        dg.AssetSpec(graph_asset_key(kind), group_name=GRAPH_GROUP, kinds={"postgres"}, description=f"{text} In `raw.metric_observations`.")
        for kind, (text, _) in KINDS.items()
    ]
    + [
        dg.AssetSpec(
            graph_asset_key(table),
            group_name=GRAPH_GROUP,
            kinds={"postgres"},
            description=text,
            deps=[graph_asset_key(kind) for kind in KINDS],
        )
        for table, text in TABLES.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            CHECK, asset=graph_asset_key(kind), description="Every request that was due was answered, and no metric was refused."
        )
        for kind in KINDS
    ],
)
def collect_graph(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Ask Meta for what is due. What one account meets stops no other; what failed is due again."""

    def log(one: Collected) -> None:
        name = account_of(one)
        if one.outcome:
            counts = one.outcome.counts
            facts = counts.facts
            context.log.info(f"{name}: {counts.http_calls} requests, {facts.new} new values, {facts.revised} restated")
        for trouble in troubles(one):
            context.log.warning(f"{name}: {trouble}")

    done = collect(warehouse.settings, run_id=context.run.run_id, on_account=log)
    for kind, (_, groups) in KINDS.items():
        states = states_of(done, groups)
        yield dg.MaterializeResult(
            asset_key=graph_asset_key(kind),
            metadata={"accounts": len(done), **{f"items_{state}": count for state, count in sorted(states.items())}},
            check_results=[check_result(kind, states, [text for one in done for text in troubles(one)])],
        )
    for table in TABLES:
        yield dg.MaterializeResult(asset_key=graph_asset_key(table), metadata=totals(done))


def totals(done: Sequence[Collected]) -> dict[str, int]:
    """What a collection did, over all accounts."""
    counts = [one.outcome.counts for one in done if one.outcome]
    return {
        "accounts": len(done),
        "http_requests": sum(one.http_calls for one in counts),
        "values_new": sum(one.facts.new for one in counts),
        "values_restated": sum(one.facts.revised for one in counts),
        "parts_unreadable": sum(one.unreadable for one in counts),
    }


def account_of(one: Collected) -> str:
    """Platform and id, as people know an account."""
    return f"{one.account.platform} {one.account.graph_id}"


def troubles(one: Collected) -> list[str]:
    """What kept an account from being collected whole, or soon will, in words."""
    if one.outcome is None:
        return [one.error] if one.error else []
    found = [one.error, one.outcome.stopped_by, *one.outcome.failures, *one.outcome.warnings]
    return [text for text in found if text]


def states_of(done: Sequence[Collected], groups: Sequence[str]) -> Counter[str]:
    """How the requests of some call groups ended, over all accounts."""
    states: Counter[str] = Counter()
    for one in done:
        for (group, state), count in (one.outcome.counts.states if one.outcome else Counter()).items():
            if group in groups:
                states[state] += count
    return states


def check_result(kind: str, states: Mapping[str, int], trouble: Sequence[str]) -> dg.AssetCheckResult:
    """Whether everything of a kind was answered; a warning, as good facts are kept and the rest is due again."""
    refused = {state: count for state, count in states.items() if state in REFUSALS}
    return dg.AssetCheckResult(
        asset_key=graph_asset_key(kind),
        check_name=CHECK,
        passed=not refused and not trouble,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={**refused, "trouble": list(trouble)},
    )
