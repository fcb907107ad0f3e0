"""The reliability diagram of a group of forecasts as SVG: what was predicted across, what came true upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

SIDE = 240
LEFT, TOP, BARS, GAP = 44, 42, 48, 26
"""Pixels: margins of the square, height of the bars below that count forecasts, and the room for labels between."""
WIDTH = LEFT + SIDE + 16
HEIGHT = TOP + SIDE + GAP + BARS + 22
LINE_LENGTH = 40
"""Characters of the title that fit into the width."""


@dataclass(frozen=True)
class ReliabilityBin:
    """One row of marts.calibration_bins. All but the count are None for an empty bin; proportions 0..1."""

    bin_index: int
    sample_count: int
    mean_confidence: float | None
    actual_rate: float | None
    actual_rate_low: float | None
    actual_rate_high: float | None


def reliability_diagram(title: str, bins: Sequence[ReliabilityBin]) -> str:
    """A self-contained SVG: one point per bin with its 95 % interval, the diagonal of perfect calibration, bars of counts.

    Points below the diagonal promised more than they kept. Bins without forecasts have no point.
    """
    known = [one for one in bins if one.sample_count]
    total = sum(one.sample_count for one in known)
    summary = f"{title}: {total:,} forecasts in {len(known)} bins." if known else f"{title}: no labelled forecasts yet."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="10"><title>{escape(summary)}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_heading(title),
        *_axes(),
    ]
    if known:
        parts += [*_points(known), *_bars(known)]
    else:
        parts.append(f'<text x="{LEFT + 12}" y="{TOP + SIDE / 2}" fill="#595959">no labelled forecasts yet</text>')
    return "".join([*parts, "</svg>"])


def _heading(title: str) -> list[str]:
    """The title in at most two lines, as SVG breaks none by itself; the element `title` has it whole."""
    lines = wrap(title, LINE_LENGTH, max_lines=2, placeholder=" …")
    return [f'<text x="8" y="{16 + 15 * number}" font-size="12" fill="#1b1b1b">{escape(line)}</text>' for number, line in enumerate(lines)]


def _x(proportion: float) -> float:
    return round(LEFT + SIDE * proportion, 1)


def _y(proportion: float) -> float:
    return round(TOP + SIDE * (1 - proportion), 1)


def _axes() -> list[str]:
    lines = [f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#8c8c8c"/>']
    lines.append(f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#8c8c8c" stroke-dasharray="4 3"/>')
    for tenth in (0, 0.5, 1):
        lines.append(f'<text x="{_x(tenth)}" y="{TOP + SIDE + 12}" text-anchor="middle" fill="#595959">{tenth:g}</text>')
        lines.append(f'<text x="{LEFT - 6}" y="{_y(tenth) + 3}" text-anchor="end" fill="#595959">{tenth:g}</text>')
    lines.append(f'<text x="{_x(0.5)}" y="{TOP + SIDE + 22}" text-anchor="middle" fill="#595959">predicted</text>')
    middle = _y(0.5)
    lines.append(f'<text x="12" y="{middle}" text-anchor="middle" fill="#595959" transform="rotate(-90 12 {middle})">came true</text>')
    return lines


def _points(known: Sequence[ReliabilityBin]) -> list[str]:
    drawn = []
    for one in known:
        if one.mean_confidence is None or one.actual_rate is None or one.actual_rate_low is None or one.actual_rate_high is None:
            continue
        x, low, high = _x(one.mean_confidence), _y(one.actual_rate_low), _y(one.actual_rate_high)
        drawn.append(f'<line x1="{x}" y1="{low}" x2="{x}" y2="{high}" stroke="#0b5394"/>')
        drawn.append(f'<circle cx="{x}" cy="{_y(one.actual_rate)}" r="4" fill="#0b5394"/>')
    return drawn


def _bars(known: Sequence[ReliabilityBin]) -> list[str]:
    bottom, most = TOP + SIDE + GAP + BARS, max(one.sample_count for one in known)
    drawn = []
    for one in known:
        height = max(1.0, round(BARS * one.sample_count / most, 1))
        x = _x(one.bin_index / 10) + 1
        drawn.append(f'<rect x="{x}" y="{bottom - height}" width="{SIDE / 10 - 2:g}" height="{height}" fill="#c9cfd6"/>')
    drawn.append(f'<text x="{LEFT}" y="{bottom + 14}" fill="#595959">forecasts per bin, at most {most:,}</text>')
    return drawn
