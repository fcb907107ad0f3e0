"""The drawing of calibration: what it shows is what the bins say."""

from __future__ import annotations

from xml.etree import ElementTree

from agentmarts.learning.calibration_groups import CalibrationGroup
from agentmarts.learning.reliability_diagram import LEFT, SIDE, TOP, ReliabilityBin, reliability_diagram
from dagster_project.reliability_metadata import reliability_metadata

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = ReliabilityBin(0, 0, None, None, None, None)
HALF = ReliabilityBin(5, 40, 0.55, 0.25, 0.1, 0.5)
SURE = ReliabilityBin(9, 10, 1.0, 1.0, 0.72, 1.0)


def drawn(title: str, *bins: ReliabilityBin) -> ElementTree.Element:
    return ElementTree.fromstring(reliability_diagram(title, bins))


def test_one_point_with_its_interval_per_bin_that_has_forecasts() -> None:
    points = drawn("email", EMPTY, HALF, SURE).findall(f"{SVG}circle")
    assert [(float(p.attrib["cx"]), float(p.attrib["cy"])) for p in points] == [
        (LEFT + 0.55 * SIDE, TOP + 0.75 * SIDE),
        (LEFT + SIDE, TOP),
    ]
    intervals = [line.attrib for line in drawn("email", HALF).findall(f"{SVG}line") if "stroke-dasharray" not in line.attrib]
    assert [(float(one["y1"]), float(one["y2"])) for one in intervals] == [(TOP + 0.9 * SIDE, TOP + 0.5 * SIDE)]


def test_bars_stand_in_proportion_to_counts() -> None:
    bars = [bar for bar in drawn("email", HALF, SURE).findall(f"{SVG}rect") if bar.attrib["fill"] == "#c9cfd6"]
    assert float(bars[0].attrib["height"]) == 4 * float(bars[1].attrib["height"])


def test_a_summary_for_those_who_do_not_see_it() -> None:
    assert drawn("email", HALF, SURE).findtext(f"{SVG}title") == "email: 50 forecasts in 2 bins."


def test_without_forecasts_it_says_so() -> None:
    svg = drawn("email", EMPTY)
    assert svg.findall(f"{SVG}circle") == []
    assert "no labelled forecasts yet" in [text.text for text in svg.findall(f"{SVG}text")]


def test_a_long_title_breaks_into_two_lines() -> None:
    title = "aurora-outfitters · escalate_to_human · underconfident"
    svg = drawn(title, HALF)
    assert svg.findtext(f"{SVG}title") == f"{title}: 40 forecasts in 1 bins."
    assert [text.text for text in svg.findall(f"{SVG}text")][:2] == ["aurora-outfitters · escalate_to_human ·", "underconfident"]


def test_names_are_text_and_never_markup() -> None:
    assert drawn("<script>&[x](y)", HALF).findtext(f"{SVG}title") == "<script>&[x](y): 40 forecasts in 1 bins."


def test_metadata_has_an_image_per_group_and_nothing_without_groups() -> None:
    group = CalibrationGroup("acme", "call[1]", 50, 0.2, "overconfident", 30.0, None, None, (HALF, SURE))
    assert reliability_metadata([]) == {}
    text = reliability_metadata([group, group])["reliability_diagrams"].value
    assert str(text).count("![acme · call 1  · overconfident](data:image/svg+xml;base64,") == 2
