"""The client against a real HTTP server that misbehaves in every way Meta does, and that never makes it show a secret."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from agentmarts.meta_graph.api import paging, transport
from agentmarts.meta_graph.api.client import GraphClient
from agentmarts.meta_graph.api.paging import pages
from agentmarts.meta_graph.api.requests import GraphRequest, OutgoingError
from agentmarts.meta_graph.api.response import GraphResponse, NotSentError
from agentmarts.meta_graph.api.secrets import GraphSecretError, appsecret_proof
from agentmarts.settings import Settings
from tests.support.meta_graph.scripted_server import Answer, Script, answer, cut, hang_up, scripted

CANARY = "EAA-token-canary-0123456789"
TOKEN = SecretStr(CANARY)
APP_SECRET = SecretStr("app-secret-canary")
PROOF = appsecret_proof(TOKEN, APP_SECRET).get_secret_value()
SECRETS = (CANARY, "app-secret-canary", PROOF)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
THROTTLE = {"error": {"message": "(#4) Application request limit reached", "type": "OAuthException", "code": 4, "is_transient": True}}
UNKNOWN = {"error": {"message": "An unknown error has occurred.", "type": "OAuthException", "code": 1}}
GOOD = {"data": [{"name": "reach", "period": "day", "values": [{"value": 7}]}]}


class Run:
    """A client of the script, and what it did."""

    def __init__(self, script: Script, **options: Any) -> None:
        self.script = script
        self.responses: list[GraphResponse] = []
        self.sent: list[int] = []
        self.pauses: list[float] = []
        self.client = GraphClient(
            script.url,
            APP_SECRET,
            **{
                "on_response": self.responses.append,
                "before_send": self.sent.append,
                "clock": lambda: NOW,
                "sleep": self.pauses.append,
                "chance": lambda: 0.5,
                **options,
            },
        )

    def get(self, *answers: Answer, path: str = "/17/insights", **params: Any) -> GraphResponse:
        self.script.answers = list(answers)
        return self.client.get(path, params or {"metric": "reach", "period": "day"}, TOKEN, "v25.0").answer

    def batch(self, *answers: Answer, items: int = 3) -> list[GraphResponse]:
        self.script.answers = list(answers)
        requests = [GraphRequest(f"/{number}/insights", {"metric": "reach,views"}) for number in range(items)]
        return list(self.client.batch(requests, TOKEN, "v25.0").answers)


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as script:
        yield script


@pytest.fixture
def run(script: Script) -> Iterator[Run]:
    run = Run(script)
    with run.client:
        yield run


def item(body: Any, code: int = 200, **headers: str) -> dict[str, Any]:
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return {"code": code, "headers": listed, "body": body if isinstance(body, str) else json.dumps(body)}


def kinds(responses: list[GraphResponse]) -> list[str | None]:
    return [response.fault.kind if response.fault else None for response in responses]


# --- what goes out, what comes back


def test_a_good_answer(run: Run, script: Script) -> None:
    response = run.get(answer(GOOD, X_App_Usage='{"call_count":28}', facebook_api_version="v26.0"))
    (asked,) = script.asked
    assert (asked.method, asked.path) == ("GET", "/v25.0/17/insights")
    assert asked.query == {"metric": "reach", "period": "day", "appsecret_proof": PROOF}
    assert asked.headers["authorization"] == f"Bearer {CANARY}"
    assert response.body == response.scrubbed_body == GOOD
    assert (response.method, response.path, response.params) == ("GET", "/17/insights", {"metric": "reach", "period": "day"})
    assert (response.requested_version, response.served_version, response.http_status) == ("v25.0", "v26.0", 200)
    assert (response.fault, response.batch_index, response.attempt, response.fetched_at) == (None, None, 1, NOW)
    assert response.usage.highest_pct == 28
    assert (response.http_calls, response.counted_calls) == (1, 1)
    assert (run.responses, run.sent, run.pauses) == ([response], [1], [])


def test_the_duration_is_that_of_the_exchange(script: Script) -> None:
    ticks = count(start=100)
    with Run(script, timer=lambda: next(ticks)).client as client:
        script.answers = [answer(GOOD)]
        duration = client.get("/17", {}, TOKEN, "v25.0").answer.duration_ms
    assert duration > 0
    assert duration % 1000 == 0


def test_the_body_is_for_reading_and_the_scrubbed_one_for_storing(run: Run) -> None:
    body = {
        "data": [{"id": "1", "access_token": CANARY, "message": f"the proof is {PROOF}"}],
        "paging": {"cursors": {"after": "cursor-canary"}, "next": f"https://graph.facebook.com/?access_token={CANARY}"},
    }
    response = run.get(answer(body), path="/me/accounts")
    assert response.body == body
    assert response.scrubbed_body == {"data": [{"id": "1", "message": "the proof is ***"}]}


def test_a_secret_parameter_is_sent_and_forgotten(run: Run, script: Script) -> None:
    response = run.get(
        answer({"data": {"is_valid": True, "echo": "input-canary"}}), path="/debug_token", input_token=SecretStr("input-canary")
    )
    assert script.asked[0].query["input_token"] == "input-canary"
    assert response.params == {}
    assert response.scrubbed_body == {"data": {"is_valid": True, "echo": "***"}}


def test_no_cookie_of_one_token_goes_out_with_another(run: Run, script: Script) -> None:
    run.get(answer(GOOD, Set_Cookie="session=1; Path=/"))
    run.get(answer(GOOD))
    assert "cookie" not in script.asked[1].headers


# --- faults of transport


@pytest.mark.parametrize(
    "bad",
    [
        answer({"error": {"message": "An unknown error occurred", "code": 1}}, 500),
        answer({"error": {"message": "Service temporarily unavailable", "code": 2, "is_transient": True}}, 503),
        answer("", 500),
        answer("upstream timed out", 504),
        answer("Service Unavailable"),
        answer('"Service Unavailable"'),
        answer("<!DOCTYPE html><html><body>Sorry, something went wrong.</body></html>"),
        answer("<html></html>", 404),
        answer('{"data": [{"name": "reach"'),
        answer(""),
        answer("not gzip", Content_Encoding="gzip"),
        hang_up,
        cut(GOOD),
    ],
)
def test_faults_that_pass(run: Run, bad: Answer) -> None:
    assert run.get(bad, bad, answer(GOOD)).body == GOOD
    assert kinds(run.responses) == ["transient", "transient", None]
    assert [response.attempt for response in run.responses] == [1, 2, 3]
    assert len({id(response) for response in run.responses}) == 3
    assert run.sent == [1, 1, 1]


def test_five_attempts_and_no_more(run: Run, script: Script) -> None:
    response = run.get(*[answer("Service Unavailable")] * 9)
    assert (response.attempt, response.fault and response.fault.policy.state, response.body) == (5, "error", None)
    assert len(script.asked) == len(run.responses) == 5
    assert run.pauses == [0.75, 1.5, 3, 6]


def test_pauses_have_jitter(script: Script) -> None:
    for chance, expected in ((0.0, [0.5, 1, 2, 4]), (0.999, [1, 2, 4, 8])):
        run = Run(script, chance=lambda chance=chance: chance)
        with run.client:
            run.get(*[hang_up] * 5)
        assert run.pauses == pytest.approx(expected, rel=0.01)


def test_a_slow_answer(script: Script) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        script.release.wait()

    run = Run(script, timeout=httpx.Timeout(5, read=0.1))
    with run.client:
        assert run.get(slow, answer(GOOD)).body == GOOD
    assert kinds(run.responses) == ["transient", None]
    assert "ReadTimeout" in str(run.responses[0].fault)
    assert run.responses[0].http_status is None


def test_an_answer_that_drips_for_ever(script: Script) -> None:
    """Each chunk is in time for the read timeout; the whole is not."""
    hours = count(step=100)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        while not script.release.is_set():
            try:
                handler.wfile.write(b"1\r\n \r\n")
                handler.wfile.flush()
            except OSError:
                return

    run = Run(script, timer=lambda: next(hours), deadline_seconds=150)
    with run.client:
        response = run.get(*[drip] * 5)
    assert response.fault is not None
    assert (response.fault.kind, response.http_status, response.body) == ("transient", 200, None)
    assert "too long" in response.fault.message


def test_an_answer_too_large_to_hold(run: Run, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_BYTES", 100)
    response = run.get(answer({"data": ["x" * 200]}))
    assert kinds([response]) == ["too_heavy"]
    assert len(script.asked) == 1


def test_nobody_listens(script: Script) -> None:
    with scripted() as gone:
        pass
    run = Run(gone)
    with run.client:
        response = run.get()
    assert (kinds([response]), response.http_status, response.attempt) == (["transient"], None, 5)


# --- faults that Meta names


def test_a_throttle_is_never_sent_again(run: Run, script: Script) -> None:
    for status in (400, 403, 429, 500):
        response = run.get(answer(THROTTLE, status))
        assert kinds([response]) == ["throttled_app"]
    assert len(script.asked) == 4
    assert run.pauses == []


def test_a_throttle_ends_when_meta_says(run: Run) -> None:
    business = {"17": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 23}]}
    throttle = {"error": {"message": "(#80002) There have been too many calls", "code": 80002}}
    fault = run.get(answer(throttle, 400, X_Business_Use_Case_Usage=json.dumps(business))).fault
    assert fault is not None
    assert (fault.kind, fault.regain_minutes) == ("throttled_asset", 23)
    unknown = run.get(answer(throttle, 400)).fault
    assert unknown is not None
    assert unknown.regain_minutes is None


def test_a_batch_tells_for_its_items_when_their_throttle_ends(run: Run) -> None:
    business = {"17": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 23}]}
    throttled = item({"error": {"message": "(#80001) There have been too many calls", "code": 80001}}, 400)
    responses = run.batch(answer([item(GOOD), throttled, None], X_Business_Use_Case_Usage=json.dumps(business)))
    assert kinds(responses) == [None, "throttled_asset", "timed_out_item"]
    assert responses[1].fault is not None
    assert responses[1].fault.regain_minutes == 23
    assert [response.usage.highest_pct for response in responses] == [100, 100, 100]


def test_no_retry_once_a_limit_is_reached(run: Run, script: Script) -> None:
    response = run.get(answer("Service Unavailable", 503, X_App_Usage='{"call_count":100}'))
    assert kinds([response]) == ["transient"]
    assert len(script.asked) == 1


def test_a_breakdown_is_tried_three_times(run: Run, script: Script) -> None:
    response = run.get(*[answer(UNKNOWN, 400)] * 9, metric="reach", breakdown="age")
    assert (kinds([response]), len(script.asked)) == (["unsupported_breakdown"], 3)


@pytest.mark.parametrize("code", [10, 100, 190, 200, 3001, 803])
def test_errors_of_ours_are_not_sent_again(run: Run, script: Script, code: int) -> None:
    assert run.get(answer({"error": {"message": "no", "code": code}}, 400)).fault is not None
    assert len(script.asked) == 1


def test_no_redirect_takes_the_token_elsewhere(run: Run, script: Script) -> None:
    with scripted() as elsewhere:
        elsewhere.answers = [answer(GOOD)]
        for status in (301, 302, 303, 307, 308):
            response = run.get(answer("", status, Location=f"{elsewhere.url}/?access_token={CANARY}"))
            assert kinds([response]) == ["our_bug"]
        assert elsewhere.asked == []
    assert len(script.asked) == 5


# --- batches


def test_a_batch(run: Run, script: Script) -> None:
    parts = [
        item(GOOD, X_App_Usage='{"call_count":5}', Facebook_API_Version="v22.0"),
        item({"error": {"message": "(#10) Not enough viewers", "code": 10}}, 400),
        item("<html></html>", 404),
    ]
    answers = [answer(parts, X_App_Usage='{"call_count":60}'), answer([item(GOOD)])]
    responses = run.batch(*answers)
    first, second = script.asked
    assert (first.method, first.path, first.query) == ("POST", "/v25.0/", {})
    assert {name: value for name, value in first.form.items() if name != "batch"} == {
        "access_token": CANARY,
        "appsecret_proof": PROOF,
        "include_headers": "true",
    }
    assert "authorization" not in first.headers
    assert first.batch == [{"method": "GET", "relative_url": f"{number}/insights?metric=reach%2Cviews"} for number in range(3)]
    assert [one["relative_url"] for one in second.batch] == ["2/insights?metric=reach%2Cviews"], "only what may pass is sent again"

    assert kinds(responses) == [None, "below_threshold", None]
    assert [response.batch_index for response in responses] == [0, 1, 2]
    assert [response.path for response in responses] == ["/0/insights", "/1/insights", "/2/insights"]
    assert [response.attempt for response in responses] == [1, 1, 2]
    assert [response.served_version for response in responses] == ["v22.0", "v25.0", "v25.0"]
    assert [response.usage.highest_pct for response in responses] == [5, 60, None]
    assert [(one.batch_index, one.attempt) for one in run.responses] == [(0, 1), (1, 1), (2, 1), (2, 2)]
    assert sum(response.http_calls for response in run.responses) == 2
    assert sum(response.counted_calls for response in run.responses) == sum(run.sent) == 6
    assert run.responses[0].params == {"metric": "reach,views"}


def test_items_that_meta_did_not_get_to(run: Run, script: Script) -> None:
    """null, too few items, and items that are none."""
    responses = run.batch(
        answer([item(GOOD), None]), answer(["nonsense", {"code": "200", "body": "{}"}]), answer([item(GOOD), None]), answer([item(GOOD)])
    )
    assert kinds(run.responses) == [None, "timed_out_item", "timed_out_item", "transient", "transient", None, "timed_out_item", None]
    assert kinds(responses) == [None, None, None]
    assert [len(asked.batch) for asked in script.asked] == [3, 2, 2, 1]


def test_an_item_that_always_times_out(run: Run, script: Script) -> None:
    responses = run.batch(answer([item(GOOD), None, item(GOOD)]), *[answer([None])] * 9)
    assert kinds(responses) == [None, "timed_out_item", None]
    assert responses[1].attempt == len(script.asked) == 5


@pytest.mark.parametrize(
    "bad", [hang_up, answer("Service Unavailable"), answer('[{"code":200'), answer({"data": []}, 500), answer([], 502)]
)
def test_a_batch_that_fails_whole_is_sent_again(run: Run, script: Script, bad: Answer) -> None:
    assert kinds(run.batch(bad, answer([item(GOOD)] * 3))) == [None] * 3
    assert kinds(run.responses) == ["transient"] * 3 + [None] * 3
    assert sum(response.http_calls for response in run.responses) == len(script.asked) == 2


def test_a_batch_that_is_refused_whole(run: Run, script: Script) -> None:
    refused = {"error": {"message": "Error validating access token", "code": 190, "error_subcode": 463}}
    assert kinds(run.batch(answer(refused, 400))) == ["token_invalid"] * 3
    assert len(script.asked) == 1


def test_nothing_is_sent_again_once_an_item_is_throttled(run: Run, script: Script) -> None:
    responses = run.batch(answer([item(THROTTLE, 400), None, item(GOOD)]))
    assert kinds(responses) == ["throttled_app", "timed_out_item", None]
    assert len(script.asked) == 1


def test_sizes_of_batches(run: Run, script: Script) -> None:
    assert run.batch(items=0) == []
    with pytest.raises(OutgoingError, match="50"):
        run.batch(items=51)
    with pytest.raises(OutgoingError, match="secrets"):
        run.client.batch([GraphRequest("/debug_token", {"input_token": TOKEN})], TOKEN, "v25.0")
    assert script.asked == []
    assert len(run.batch(answer([item(GOOD)] * 50), items=50)) == 50


# --- paging


def page(ids: str, after: str | None, *, linked: bool = True, only_link: bool = False) -> Answer:
    """Objects named by letters; `after` is the cursor of the page that follows."""
    link = f"https://graph.facebook.com/v25.0/17/media?access_token={CANARY}&limit=25&after={after}"
    following = {} if after is None else {"cursors": {"before": "b", "after": after}, **({"next": link} if linked else {})}
    if only_link:
        following.pop("cursors")
    return answer({"data": [{"id": letter} for letter in ids], "paging": following})


def listed(run: Run, *answers: Answer, **params: Any) -> tuple[str, str]:
    """Ids in their order, and how the list ended."""
    run.script.answers = list(answers)
    found = list(pages(run.client, "/17/media", params or {"limit": 25}, TOKEN, "v25.0"))
    assert [one.end for one in found[:-1]] == [""] * (len(found) - 1)
    return "".join(str(one["id"]) for each in found for one in each.objects), found[-1].end


def test_pages_end_only_where_no_next_is(run: Run, script: Script) -> None:
    """Short and empty pages in between; the cursor alone says nothing."""
    assert listed(run, page("ab", "1"), page("", "2"), page("c", "3"), page("d", "4", linked=False)) == ("abcd", "complete")
    assert [asked.query.get("after") for asked in script.asked] == [None, "1", "2", "3"]
    assert {asked.path for asked in script.asked} == {"/v25.0/17/media"}
    assert all(asked.query["limit"] == "25" and "access_token" not in asked.query for asked in script.asked)
    assert all("after" not in response.params and "paging" not in response.scrubbed_body for response in run.responses)


def test_no_page_at_all(run: Run) -> None:
    assert listed(run, answer({"data": []})) == ("", "complete")
    assert listed(run, answer({"id": "17"})) == ("", "complete")


def test_a_cursor_that_only_the_link_has(run: Run, script: Script) -> None:
    assert listed(run, page("a", "1", only_link=True), page("b", None)) == ("ab", "complete")
    assert script.asked[1].query["after"] == "1"


def test_a_link_without_a_cursor_is_not_followed(run: Run, script: Script) -> None:
    body = {"data": [{"id": "a"}], "paging": {"next": f"{script.url}/elsewhere?access_token={CANARY}"}}
    assert listed(run, answer(body)) == ("a", "stuck")
    assert len(script.asked) == 1


def test_pages_twice_and_out_of_order(run: Run) -> None:
    assert listed(run, page("ab", "1"), page("ab", "1"), page("cd", "2"), page("ef", None)) == ("abcdef", "complete")
    shuffled = (page("ab", "1"), page("ef", "3"), page("cd", "2"), page("ef", "3"), page("g", None))
    assert listed(run, *shuffled) == ("abefcdg", "complete")


def test_a_cursor_that_stands_still(run: Run, script: Script) -> None:
    assert listed(run, page("ab", "1"), *[page("cd", "1")] * 99) == ("abcd", "stuck")
    assert len(script.asked) == 1 + paging.MAX_VISITS


def test_cursors_that_go_round(run: Run, script: Script) -> None:
    assert listed(run, *[page("ab", "1"), page("cd", "2")] * 99) == ("abcd", "stuck")
    assert len(script.asked) < 10


def test_pages_that_never_say_anything_new(run: Run, script: Script) -> None:
    assert listed(run, *[page("a", str(number)) for number in range(99)]) == ("a", "stuck")
    assert len(script.asked) == 1 + paging.MAX_PAGES_WITHOUT_NEWS


def test_a_list_without_an_end(run: Run, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    assert listed(run, *[page(letter, letter) for letter in "abcdefgh"]) == ("abcde", "stuck")
    assert len(script.asked) == 5


def test_a_page_too_heavy_is_asked_for_in_halves(run: Run, script: Script) -> None:
    heavy = answer({"error": {"message": "Please reduce the amount of data you're asking for", "code": 1}}, 500)
    assert listed(run, page("a", "1"), heavy, heavy, page("b", "2"), page("c", None), limit=50) == ("abc", "complete")
    assert [asked.query["limit"] for asked in script.asked] == ["50", "50", "25", "12", "12"]
    assert [asked.query.get("after") for asked in script.asked] == [None, "1", "1", "1", "2"]
    script.asked.clear()
    assert listed(run, *[heavy] * 9, limit=50) == ("", "failed")
    assert [asked.query["limit"] for asked in script.asked] == ["50", "25", "12", "10"]


def test_a_fault_on_the_way_ends_the_list(run: Run) -> None:
    found = []
    run.script.answers = [page("ab", "1"), answer(THROTTLE, 400)]
    for one in pages(run.client, "/17/media", {"limit": 25}, TOKEN, "v25.0"):
        found.append((len(one.objects), one.end, one.response.fault is None))
    assert found == [(2, "", True), (0, "failed", False)]


# --- what must not go out


@pytest.mark.parametrize(
    "path",
    [f"/17?access_token={CANARY}", f"https://graph.facebook.com/17?access_token={CANARY}", "17", "/", "//x", "/../17", "/17#canary", ""],
)
def test_paths_that_are_none(run: Run, script: Script, path: str) -> None:
    with pytest.raises(OutgoingError) as raised:
        run.get(path=path)
    assert "canary" not in str(raised.value)
    assert script.asked == []


@pytest.mark.parametrize(
    "name", ["access_token", "appsecret_proof", "input_token", "date_format", "pretty", "debug", "ids", "client_secret"]
)
def test_parameters_that_are_never_sent(run: Run, script: Script, name: str) -> None:
    with pytest.raises(OutgoingError, match=name) as raised:
        run.get(**{name: "canary"})
    assert "canary" not in str(raised.value)
    assert script.asked == []


@pytest.mark.parametrize("token", ["", f"{CANARY}\n", f"{CANARY} x", f"{CANARY}é", f"{CANARY}\r\nX-Other: 1"])
def test_tokens_that_no_header_can_hold(run: Run, script: Script, token: str) -> None:
    for call in (
        lambda: run.client.get("/17", {}, SecretStr(token), "v25.0"),
        lambda: run.client.batch([GraphRequest("/17")], SecretStr(token), "v25.0"),
    ):
        with pytest.raises(OutgoingError) as raised:
            call()
        assert "canary" not in "".join(traceback.format_exception(raised.value))
    assert script.asked == []


def test_versions_that_are_none(run: Run, script: Script) -> None:
    for version in ("25.0", "v25", "v25.0/", "latest", ""):
        with pytest.raises(OutgoingError):
            run.client.get("/17", {}, TOKEN, version)
        with pytest.raises(OutgoingError):
            run.client.batch([GraphRequest("/17")], TOKEN, version)
    assert script.asked == []


@pytest.mark.parametrize(
    "url",
    ["http://graph.facebook.com", "http://8.8.8.8", "ftp://localhost", "graph.facebook.com", "https://u:canary@x.example", "https://x.example?a=canary",
     "https://x.example:port", "", "https://"],
)  # fmt: skip
def test_addresses_that_tokens_do_not_go_to(url: str) -> None:
    with pytest.raises(OutgoingError, match="AGENTMARTS_GRAPH_BASE_URL") as raised:
        GraphClient(url, APP_SECRET)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["https://graph.facebook.com/", "http://localhost:1", "http://[::1]:1", "http://10.1.2.3", "http://graph-simulator:9000"]
)
def test_addresses_that_tokens_may_go_to(url: str) -> None:
    GraphClient(url, APP_SECRET).close()


def test_a_client_from_settings(script: Script) -> None:
    settings = Settings(graph_base_url=script.url, graph_app_id="1", graph_app_secret=APP_SECRET)
    script.answers = [answer(GOOD)]
    with GraphClient.from_settings(settings) as client:
        assert client.get("/17", {}, TOKEN, "v25.0").answer.fault is None
    assert script.asked[0].query == {"appsecret_proof": PROOF}
    with pytest.raises(GraphSecretError):
        GraphClient.from_settings(Settings(graph_base_url=script.url))
    assert Settings().graph_base_url == "https://graph.facebook.com"


def test_through_the_proxy_of_the_environment(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", script.url)
    script.answers = [answer(GOOD)]
    with GraphClient("http://graph-simulator:9000", APP_SECRET) as client:
        assert client.get("/17", {}, TOKEN, "v25.0").answer.body == GOOD
    assert (script.asked[0].path, script.asked[0].headers["host"]) == ("/v25.0/17", "graph-simulator:9000")


# --- budgets and storage hang on the two callbacks


def test_what_a_callback_raises_ends_the_call(script: Script) -> None:
    def full(calls: int) -> None:
        raise RuntimeError("no budget")

    run = Run(script, before_send=full)
    with run.client, pytest.raises(RuntimeError):
        run.get(answer(GOOD))
    assert script.asked == []

    def broken(response: GraphResponse) -> None:
        raise RuntimeError("no room")

    run = Run(script, on_response=broken)
    with run.client, pytest.raises(RuntimeError):
        run.get(hang_up, answer(GOOD))
    assert len(script.asked) == 1


def test_what_was_answered_before_a_refusal_is_there_to_be_stored(script: Script) -> None:
    """The rate limiter lets the first attempt go, and no second."""
    sent: list[int] = []

    def once(calls: int) -> None:
        if sent:
            raise NotSentError("no call now")
        sent.append(calls)

    run = Run(script, before_send=once)
    script.answers = [hang_up]
    with run.client:
        exchange = run.client.get("/17", {}, TOKEN, "v25.0")
        assert kinds(list(exchange.attempts)) == ["transient"]
        with pytest.raises(NotSentError):
            _ = exchange.answer
        sent.clear()
        script.answers = [answer([item(GOOD), None, item(GOOD)])]
        batch = run.client.batch([GraphRequest(f"/{number}") for number in range(3)], TOKEN, "v25.0")
    assert kinds(list(batch.answers)) == [None, "timed_out_item", None]
    assert [one.attempt for one in batch.of_item(1)] == [1]
    with pytest.raises(NotSentError):
        batch.raise_if_refused()


# --- the canary


def test_no_secret_shows_anywhere(script: Script, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """All loggers at DEBUG, a server that quotes what it was sent wherever it can, and every way a call can end."""
    echo = {"error": {"message": f"Malformed access token {CANARY} with {PROOF}", "code": 190, "error_user_msg": "app-secret-canary"}}
    headers = {
        "WWW_Authenticate": f'OAuth "Facebook Platform" "invalid_token" "Malformed access token {CANARY}"',
        "X_App_Usage": f'{{"call_count": "{CANARY}"}}',
        "Location": f"https://elsewhere.example/?access_token={CANARY}&appsecret_proof={PROOF}",
        "Set_Cookie": f"token={CANARY}; Path=/",
    }
    quoting: list[Answer] = [
        answer(echo, 400, **headers),
        answer(echo["error"]["message"], 200, **headers),
        answer(f"<html>{CANARY} {PROOF}</html>", 500),
        answer("", 302, **headers),
        answer([item(echo, 400, Location=CANARY), None, item(CANARY, 500)], 200, **headers),
        answer({"data": [], "paging": {"cursors": {"after": "cursor-canary"}, "next": f"{script.url}/?access_token={CANARY}"}}),
        hang_up,
        cut(echo),
        answer(THROTTLE, 400, **headers),
    ]
    run = Run(script, timeout=httpx.Timeout(5, read=0.1))
    shown: list[str] = []
    with caplog.at_level(logging.DEBUG), run.client:
        for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        try:
            for one in quoting:
                run.get(one, answer(GOOD), input_token=TOKEN)
                run.batch(one, answer([item(GOOD)] * 3))
                run.script.answers = [one, answer(GOOD)]
                shown += map(repr, pages(run.client, "/17/media", {"limit": 25}, TOKEN, "v25.0"))
            try:
                run.get(path=f"/17?access_token={CANARY}")
            except OutgoingError as error:
                shown += traceback.format_exception(error)
        finally:
            for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
                logging.getLogger(name).setLevel(logging.NOTSET)
    shown += [repr(run.client), repr(vars(run.client)), caplog.text, "".join(capfd.readouterr())]
    stored = [
        json.dumps([one.scrubbed_body, dict(one.params), one.path, one.usage.as_json(), one.served_version, str(one.fault)])
        for one in run.responses
    ]
    shown += [*stored, *map(repr, run.responses)]
    assert "HTTP Request: GET" in caplog.text, "httpx did write addresses"
    assert "httpcore.http11" in caplog.text
    assert any(CANARY in asked.headers.get("authorization", "") for asked in script.asked)
    everything = "\n".join(shown)
    assert [secret for secret in SECRETS if secret in everything] == []
    assert [text for text in stored if "access_token" in text or "cursor-canary" in text] == []
