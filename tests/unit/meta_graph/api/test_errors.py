"""Every row of the table of faults, by Meta's own words; and that nothing Meta says can make us retry a throttle."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.api.errors import Fault, classify
from agentmarts.meta_graph.fault import POLICIES

TOKEN_SUBCODES = (None, 458, 459, 460, 463, 464, 467, 492)
VALID = "impressions, reach, replies, saved, likes, views"


def error(code: int | None, message: str = "", subcode: int | None = None, **more: Any) -> dict[str, Any]:
    """A body as Meta writes it: `type` is OAuthException whatever happened."""
    content = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "Ax", **more}
    return {"error": {name: value for name, value in content.items() if value is not None}}


def fault(body: object | None, http_status: int = 400, text: str = "", **params: str) -> Fault:
    found = classify(http_status, body, text, params)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("http_status", "body", "text"),
    [
        (500, error(1, "An unknown error occurred"), ""),
        (400, error(1, "An unknown error has occurred."), ""),
        (503, error(2, "Service temporarily unavailable"), ""),
        (400, error(1, "Please try again", is_transient=True), ""),
        (400, error(987, "Something new", is_transient=True), ""),
        (500, {"error": {"message": "oops"}}, ""),
        (500, {}, ""),
        (504, None, ""),
        (200, None, "Service Unavailable"),
        (200, None, "<html><body>Sorry, something went wrong.</body></html>"),
        (404, None, "<html></html>"),
        (200, None, '{"data": [{"na'),
        (200, None, ""),
        (200, "Service Unavailable", '"Service Unavailable"'),
    ],
)
def test_faults_of_meta_pass(http_status: int, body: object | None, text: str) -> None:
    found = fault(body, http_status, text)
    assert (found.kind, found.policy.state, found.policy.attempts) == ("transient", "error", 5)


@pytest.mark.parametrize("http_status", [200, 400, 403, 429, 500, 503])
@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("throttled_app", (4,)),
        ("throttled_token", (17, 341, 368)),
        ("throttled_asset", (32, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014)),
    ],
)
def test_throttles_are_never_sent_again(http_status: int, kind: str, codes: tuple[int, ...]) -> None:
    for code in codes:
        found = fault(error(code, f"(#{code}) Application request limit reached", is_transient=True), http_status)
        assert (found.kind, found.policy.state, found.policy.attempts, found.policy.blocks) == (kind, "throttled", 1, True)
        assert (found.policy.then == "stop_app") is (code == 4)


def test_a_throttle_that_only_its_status_tells() -> None:
    assert fault(None, 429, "Too Many Requests").kind == "throttled_token"


@pytest.mark.parametrize(
    ("body", "kind", "state"),
    [
        (error(1, "Please reduce the amount of data you're asking for, then retry your request"), "too_heavy", "error"),
        (error(100, "(#100) The value must be a valid insights metric"), "deprecated_metric", "deprecated"),
        (error(100, "(#100) This metric is no longer supported."), "deprecated_metric", "deprecated"),
        (error(100, "(#100) The Media Insights API does not support the views metric for this media product type."),
         "not_for_media_product", "not_supported"),
        (error(100, "Métrica inválida", 2207086), "not_for_media_product", "not_supported"),
        (error(10, "Métrica inválida", 2207086), "not_permitted", "not_permitted"),
        (error(100, "Invalid parameter", 2108006, error_user_title="Mídia publicada antes"), "media_before_business", "not_supported"),
        (error(100, "Unsupported get request. Object with ID '17' does not exist", 33), "missing_object", "error"),
        (error(100, "(#100) There cannot be more than 30 days (2592000 s) between since and until"), "our_bug", "error"),
        (error(100, "(#100) since param is not valid. Metrics data is available for the last 2 years"), "our_bug", "error"),
        (error(100, "(#100) period must be one of the following values: day, week"), "our_bug", "error"),
        (error(100, "(#100) Tried accessing nonexisting field (insights) on node type (Video)"), "our_bug", "error"),
        (error(3001, "(#3001) Invalid query", 1504028), "our_bug", "error"),
        (error(2500, "Unknown path components: /insight"), "our_bug", "error"),
        (error(104, "An access token is required to request this resource."), "our_bug", "error"),
        (error(803, "(#803) Some of the aliases you requested do not exist: 1,2"), "our_bug", "error"),
        (error(100, "Invalid appsecret_proof provided in the API argument"), "bad_proof", "error"),
        (error(100, "API calls from the server require an appsecret_proof argument"), "bad_proof", "error"),
        (error(10, "(#10) Not enough viewers for the media to show insights"), "below_threshold", "below_threshold"),
        (error(200, "(#200) post_total_media_view_unique is not available"), "below_threshold", "below_threshold"),
        (error(10, "(#10) This endpoint requires the 'pages_read_engagement' permission"), "not_permitted", "not_permitted"),
        (error(200, "(#200) Provide valid app ID"), "not_permitted", "not_permitted"),
        (error(299, "?"), "not_permitted", "not_permitted"),
        (error(102, "Session key invalid or no longer valid"), "token_invalid", "not_permitted"),
        *[(error(190, "Error validating access token", subcode), "token_invalid", "not_permitted") for subcode in TOKEN_SUBCODES],
        (error(100, "(#100) Something nobody met before"), "unrecognised", "error"),
        (error(300, "?"), "unrecognised", "error"),
        ({"error": "invalid_request"}, "unrecognised", "error"),
        ({"success": False}, "unrecognised", "error"),
        ({"error": {"message": "(#32) Page request limit reached"}}, "throttled_asset", "throttled"),
        ({"error": {"code": "190", "error_subcode": "463"}}, "token_invalid", "not_permitted"),
    ],
)  # fmt: skip
def test_the_rest_is_final_for_now(body: dict[str, Any], kind: str, state: str) -> None:
    found = fault(body)
    assert (found.kind, found.policy.state, found.policy.attempts) == (kind, state, 1)
    assert (found.policy.then == "stop_app") is (kind == "bad_proof")


def test_the_type_says_nothing() -> None:
    for body in (error(190), error(100, "(#100) The value must be a valid insights metric"), error(4)):
        for name in ("OAuthException", "IGApiException", "GraphMethodException", None):
            assert fault({"error": {**body["error"], "type": name}}) == fault(body)


def test_a_breakdown_that_is_not_supported() -> None:
    body = error(1, "An unknown error has occurred.")
    assert fault(body).kind == "transient"
    for name, value in (("breakdown", "age"), ("fields", "id,insights.metric(reach).breakdown(age)")):
        found = fault(body, 400, "", **{name: value})
        assert (found.kind, found.policy.state, found.policy.attempts) == ("unsupported_breakdown", "not_supported", 3)


def test_the_metric_that_small_pages_lack() -> None:
    metrics = "post_media_view,post_total_media_view_unique"
    for name, value in (("metric", metrics), ("fields", f"id,insights.metric({metrics})")):
        found = fault(error(200, "(#200) Not available"), 400, "", **{name: value})
        assert (found.kind, found.blamed(metrics.split(","))) == ("below_threshold", ("post_total_media_view_unique",))
    assert fault(error(200, "(#200) Permissions error"), metric=metrics).kind == "not_permitted"
    assert fault(error(200, "(#200) Not available"), metric="post_media_view").kind == "not_permitted"


ASKED = ("plays", "views", "reach", "follows")


@pytest.mark.parametrize(
    ("message", "kind", "blamed"),
    [
        (f"(#100) metric[0] must be one of the following values: {VALID}", "deprecated_metric_named", ("plays", "follows")),
        (f"(#100) metric[3] must be one of the following values: {VALID}, plays, follows", "deprecated_metric_named", ("follows",)),
        (f"metric[0] must be one of the following values: {VALID}, metric[3] must be one of the following values: {VALID}",
         "deprecated_metric_named", ("plays", "follows")),
        ("(#100) Starting from version v22.0 and above, the plays metric is no longer supported for the queried media. See views.",
         "deprecated_metric_named", ("plays",)),
        ("(#100) The metrics (plays, follows) are no longer supported", "deprecated_metric_named", ("plays", "follows")),
        ("(#100) Tried accessing nonexisting field (reach) on node type (Page)", "deprecated_metric_named", ("reach",)),
        ("(#100) The following metrics (views,reach) should be specified with parameter metric_type=total_value",
         "wrong_metric_type", ("views", "reach")),
        ("(#100) The Media Insights API does not support the plays, follows metric for this media product type.",
         "not_for_media_product", ("plays", "follows")),
        ("(#100) The metric plays is not supported for this media type", "not_for_media_product", ("plays",)),
        ("(#100) The plays metric is not available for this media product type", "not_for_media_product", ("plays",)),
        ("(#100) The value must be a valid insights metric", "deprecated_metric", ()),
    ],
)  # fmt: skip
def test_names_out_of_messages(message: str, kind: str, blamed: tuple[str, ...]) -> None:
    found = fault(error(100, message))
    assert (found.kind, found.blamed(ASKED)) == (kind, blamed)


def test_the_valid_names() -> None:
    found = fault(error(100, f"(#100) metric[2] must be one of the following values: {VALID}"))
    assert found.valid_metrics == frozenset(VALID.split(", "))
    assert found.positions == {2}


def test_good_answers_have_no_fault() -> None:
    good: tuple[object, ...] = ({"data": []}, [], {"id": "1"}, {"data": {"is_valid": False, "error": {"code": 190, "message": "expired"}}})
    for body in good:
        assert classify(200, body, "") is None


def test_a_redirect_is_our_bug() -> None:
    found = fault(None, 302, "https://elsewhere.example/?access_token=EAAcanary")
    assert found.kind == "our_bug"
    assert "canary" not in found.message
    assert "AGENTMARTS_GRAPH_BASE_URL" in found.message


def test_messages_are_scrubbed_and_short() -> None:
    token = "EAA" + "canary" * 10
    for found in (
        fault(error(190, f"Malformed access token {token}")),
        fault(error(190, "Malformed access token canary")),
        fault(error(1, "no", error_user_msg=f"see https://x.example/?access_token={token}&after=1")),
        fault(None, 200, f"<a href='?access_token={token}'>" + "x" * 5000),
    ):
        assert "canary" not in repr(found)
        assert "access_token" not in found.message
        assert len(found.message) < 700


def test_an_empty_error_says_so() -> None:
    assert "HTTP 400" in fault({"error": {}}).message


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
errors = st.fixed_dictionaries(
    {},
    optional={
        "code": json | st.sampled_from([1, 2, 4, 10, 17, 100, 190, 200, 613, 80001, "4", "--1"]),
        "error_subcode": json | st.sampled_from([33, 2108006, 2207086]),
        "message": json | st.sampled_from(["(#4) x", "metric[0] must be one of the following values: a", "(a) no longer supported"]),
        "is_transient": json,
        "error_user_msg": json,
    },
)


@given(st.integers(100, 599), st.one_of(json, errors.map(lambda inner: {"error": inner})), st.text(max_size=50))
def test_whatever_comes_is_classified(http_status: int, body: object, text: str) -> None:
    found = classify(http_status, body, text, {"breakdown": "age"})
    if found is None:
        assert http_status < 300
        assert isinstance(body, dict | list)
    else:
        assert found.policy == POLICIES[found.kind]
        assert found.message
        assert not (found.policy.blocks and found.policy.attempts > 1)
