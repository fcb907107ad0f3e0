"""`agentmarts graph probe`: whether Meta still answers what the catalogue of metrics says."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmarts.commands.graph.options import NowOption, TenantOption, accounts_of, clock_of
from agentmarts.commands.output import JsonOption, err, print_json, print_table
from agentmarts.meta_graph.collecting.probe import Probed, Verdict, probe
from agentmarts.settings import load_settings


def probe_command(
    account_id: Annotated[
        str | None, typer.Option("--account", help="Meta's id of the account to ask. Without: the last collected one of each platform.")
    ] = None,
    tenant: TenantOption = None,
    at: NowOption = None,
    json: JsonOption = False,
) -> None:
    """Ask Meta for every planned and every undecided metric alone: does it still answer what the catalogue says?

    drift `dead`: the catalogue lets it be collected, Meta knows it no more. Enter its day as `deprecated_on` in
    dbt_project/seeds/graph_catalogue.csv and tomorrow nobody asks for it. drift `alive`: the catalogue takes it for dead, Meta answers.
    Metrics of status conflict and valid_in_sdk are never collected; what Meta says of them is shown for whoever decides. Costs one or two
    requests an account, within its budgets. Exit code 1 when Meta and the catalogue differ, or when not all was asked.

    Example: agentmarts graph probe --json
    """
    settings = load_settings()
    wanted = [one.account_id for one in accounts_of(settings, tenant) if account_id in (None, one.graph_id)]
    if account_id is not None and not wanted:
        raise typer.BadParameter(f"there is no account {account_id}: `agentmarts graph account list`", param_hint="--account")
    is_choice = account_id is not None or tenant is not None
    done = probe(settings, accounts=wanted if is_choice else None, clock=clock_of(at))
    rows = [_verdict_row(one, verdict) for one in done for verdict in one.verdicts]
    if json:
        print_json(rows)
    else:
        print_table(list(rows[0]) if rows else [], [tuple(row.values()) for row in rows], "Nothing to ask: `agentmarts graph account add`.")
    for one in done:
        about = f"{one.account.platform} {one.account.graph_id}"
        if one.error:
            err.print(f"{about}: {one.error}", markup=False, soft_wrap=True)
        for verdict in one.drifted:
            question = verdict.question
            what = f"{question.object_type} {question.metric} is {verdict.drift}, the catalogue says otherwise ({question.status})"
            err.print(f"{about}: {what}", markup=False, soft_wrap=True)
    if any(one.error or one.drifted for one in done):
        raise typer.Exit(1)


def _verdict_row(one: Probed, verdict: Verdict) -> dict[str, object]:
    question = verdict.question
    return {
        "platform": one.account.platform,
        "object": question.object_type,
        "metric": question.metric,
        "period": question.period or None,
        "catalogue": question.status,
        "Meta": verdict.state,
        "drift": verdict.drift,
        "note": verdict.message[:80] or None,
    }
