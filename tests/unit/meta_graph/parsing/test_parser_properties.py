"""Whatever Meta answers: nothing crashes, every number comes once, order does not matter, a broken part spoils no other."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.meta_graph.model import Observation, Parsed, Question
from agentmarts.meta_graph.parsing.insights import parse_insights
from agentmarts.meta_graph.parsing.nodes import parse_item, parse_node
from agentmarts.meta_graph.parsing.objects import OBJECT_TYPES, parse_objects
from tests.support.meta_graph.answer_strategies import Fact, Said, any_json, broken, shuffled, well_formed
from tests.support.meta_graph.answers import CATALOGUE, END, LATER, question

ACCOUNT = UUID("00000000-0000-4000-8000-000000000017")
KNOWN = {"post_reactions_by_type_total": frozenset({"like", "love"}), "page_actions_post_reactions_total": frozenset({"a", "like"})}
questions = st.sampled_from(CATALOGUE.groups).map(lambda group: question(group.name))
moments = st.integers(-10, 100).map(lambda hours: END + timedelta(hours=hours))
more_examples = hypothesis_settings(max_examples=300)


def nested(depth: int) -> Any:
    """A list in a list in a list …, deeper than Python may recurse."""
    inner: Any = 1
    for number in range(depth):
        inner = [inner] if number % 2 else {"value": inner}
    return inner


def deep_bodies() -> list[Any]:
    deep = nested(50_000)
    entry = {"name": "views", "period": "day"}
    return [
        deep,
        {"data": deep},
        {"data": [deep]},
        {"data": [{**entry, "values": [{"value": deep}]}]},
        {"data": [{**entry, "total_value": deep}]},
        {"data": [{**entry, "total_value": {"breakdowns": [{"dimension_keys": [deep], "results": [deep]}]}}]},
        {"data": [{**entry, "period": deep}]},
        {"data": [{"id": "5", "caption": deep, "timestamp": deep, "shares": deep, "insights": deep}] * 2},
    ]


def fact(observation: Observation) -> Fact:
    return (observation.metric, observation.period, observation.dim_key, observation.dim_value, observation.raw_end_time)


def is_storable(value: Any) -> bool:
    """Whether PostgreSQL takes it as jsonb: UTF-8 without NUL, no NaN; orjson refuses surrogates and integers of more than 64 bits."""
    return orjson.loads(orjson.dumps(value)) == value and "\x00" not in "".join(texts_in(value))


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


def check(asked: Question, parsed: Parsed) -> None:
    """What holds of every outcome."""
    ids = Counter(one.fact_id(ACCOUNT) for one in parsed.observations)
    assert not [one for one, times in ids.items() if times > 1]
    assert parsed.answered <= set(asked.metrics)
    assert parsed.missing <= set(asked.metrics) - parsed.answered
    for one in parsed.observations:
        assert one.metric in asked.metrics
        assert (one.value is None) == (one.state == "empty")
        assert one.value is None or (one.value.is_finite() and abs(one.value) < 10**18)
        assert one.state != "zero_provisional" or (one.value == 0 and not one.is_final)
        assert not one.sample_slot or (one.is_final and one.window_end is None)
    for part in parsed.unreadable:
        assert part.reason
        assert is_storable([part.metric, part.reason, part.fragment])
    assert is_storable([[one.dim_key, one.dim_value, one.raw_end_time] for one in parsed.observations])
    assert "TOKEN" not in repr(parsed)


@more_examples
@given(questions, any_json, moments)
def test_no_json_crashes_it(asked: Question, body: Any, observed_at: Any) -> None:
    check(asked, parse_insights(asked, body, CATALOGUE, observed_at, KNOWN))
    check(asked, parse_insights(asked, {"data": body}, CATALOGUE, observed_at, KNOWN))
    check(asked, parse_node(asked, body, CATALOGUE, observed_at))
    check(asked, parse_item(asked, body, CATALOGUE, observed_at, KNOWN))


@given(questions, st.data())
def test_no_json_crashes_it_in_an_entry_of_an_asked_metric(asked: Question, data: st.DataObject) -> None:
    metric = data.draw(st.sampled_from(asked.metrics))
    entry = {
        "name": metric,
        "period": asked.group.period or "day",
        data.draw(st.sampled_from(["values", "total_value"])): data.draw(any_json),
    }
    check(asked, parse_insights(asked, {"data": [entry]}, CATALOGUE, LATER, KNOWN))


@given(st.sampled_from(sorted(OBJECT_TYPES)), any_json)
def test_no_json_crashes_a_list(edge: str, body: Any) -> None:
    for answer in (body, {"data": body}, {"data": [body, body, {"id": "5", "timestamp": body, "caption": body, "media_type": body}]}):
        listing = parse_objects(edge, answer)
        assert is_storable([[part.metric, part.reason, part.fragment] for part in listing.unreadable])
        assert is_storable([[one.object.object_id, one.object.message, one.object.media_type] for one in listing.listed])


@pytest.mark.parametrize("body", deep_bodies(), ids=lambda _: "deep")
def test_depth_crashes_nothing(body: Any) -> None:
    for asked in (question("ig_total", "views"), question("fb_posts")):
        check(asked, parse_insights(asked, body, CATALOGUE, LATER))
        check(asked, parse_node(asked, body, CATALOGUE, LATER))
        check(
            asked,
            parse_item(asked, body["data"][0] if isinstance(body, dict) and isinstance(body.get("data"), list) else body, CATALOGUE, LATER),
        )
    assert all(orjson.dumps(part.fragment) for part in parse_objects("media", body).unreadable)


@more_examples
@given(well_formed, moments)
@example(Said(question("ig_total"), {"data": []}, {}), LATER)
def test_every_number_comes_exactly_once(said: Said, observed_at: Any) -> None:
    parsed = parse_insights(said.question, said.body, CATALOGUE, observed_at)
    check(said.question, parsed)
    numbers = [(fact(one), one.value) for one in parsed.observations if one.value is not None]
    assert dict(numbers) == said.facts
    assert len(numbers) == len(said.facts)
    assert parsed.unreadable == ()
    assert parsed.answered == {metric for metric, *_ in said.facts}


@given(well_formed, st.data())
def test_order_does_not_matter(said: Said, data: st.DataObject) -> None:
    body = said.body if data.draw(st.booleans()) else data.draw(broken({"data": said.body["data"]}))
    as_given = parse_insights(said.question, body, CATALOGUE, LATER, KNOWN)
    other = parse_insights(said.question, data.draw(shuffled(body)), CATALOGUE, LATER, KNOWN)
    assert other.observations == as_given.observations
    assert (other.answered, other.missing) == (as_given.answered, as_given.missing)
    assert [(part.metric, part.reason) for part in other.unreadable] == [(part.metric, part.reason) for part in as_given.unreadable]


@more_examples
@given(well_formed, st.data())
def test_a_broken_part_spoils_no_other(said: Said, data: st.DataObject) -> None:
    """All that another entry says comes as before. The broken one may have become an answer of its own."""
    body = data.draw(broken({"data": said.body["data"]}))
    parsed = parse_insights(said.question, body, CATALOGUE, LATER)
    check(said.question, parsed)
    if isinstance(body.get("data"), list):
        # By their text, as False equals 0.
        intact, there = ({repr(entry): entry for entry in entries} for entries in (said.body["data"], body["data"]))
        differing = [entry for text, entry in (intact | there).items() if text not in intact or text not in there]
        spoilt = {str(entry.get("name")) for entry in differing if isinstance(entry, dict)}
        before = {fact(one): one for one in parse_insights(said.question, said.body, CATALOGUE, LATER).observations}
        after = {fact(one): one for one in parsed.observations}
        untouched = {key: one for key, one in before.items() if key[0] not in spoilt}
        assert {key: after.get(key) for key in untouched} == untouched


@given(well_formed)
def test_reading_again_says_the_same(said: Said) -> None:
    twice = {"data": said.body["data"] * 2}
    assert parse_insights(said.question, twice, CATALOGUE, LATER) == parse_insights(said.question, said.body, CATALOGUE, LATER)
