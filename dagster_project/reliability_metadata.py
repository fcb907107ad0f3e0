"""Reliability diagrams for the page of `calibration_summary` in the Dagster UI."""

import base64
from collections.abc import Sequence

import dagster as dg

from agentmarts.learning.calibration_groups import CalibrationGroup
from agentmarts.learning.reliability_diagram import reliability_diagram

MOST_DIAGRAMS = 6
"""Every materialization keeps its metadata for ever, so only the groups a person should look at first are drawn."""


def reliability_metadata(groups: Sequence[CalibrationGroup]) -> dict[str, dg.MetadataValue]:
    """One SVG per group, as an image in Markdown; nothing when there is no group."""
    if not groups:
        return {}
    return {"reliability_diagrams": dg.MetadataValue.md("\n\n".join(_image(group) for group in groups))}


def _image(group: CalibrationGroup) -> str:
    title = f"{group.tenant} · {group.action_type} · {group.direction}"
    svg = base64.b64encode(reliability_diagram(title, group.bins).encode()).decode()
    # In Markdown a bracket would end the text too early.
    text = title.translate({ord(sign): " " for sign in "[]()"})
    return f"![{text}](data:image/svg+xml;base64,{svg})"
