"""`agentmarts doctor`: what is wrong, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from agentmarts.commands.output import JsonOption, out, print_json
from agentmarts.doctor import examine
from agentmarts.settings import load_settings

MARKS = {"ok": "[green]ok     [/green]", "warning": "[yellow]warning[/yellow]", "error": "[red]error  [/red]"}


def doctor_command(json: JsonOption = False) -> None:
    """Examine the installation: each failure is one sentence and the command that mends it. Exit code 1 if there is an error.

    Example: agentmarts doctor
    """
    findings = list(examine(load_settings()))
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            out.print(f"{MARKS[finding.severity]} {finding.sentence}" + (f" → {finding.remedy}" if finding.remedy else ""))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)
