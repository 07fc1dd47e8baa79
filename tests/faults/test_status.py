"""Test part H of the fault table: HTTP statuses and the errors in bodies of Ayrshare."""

from __future__ import annotations

import json
import pickle
import re
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._api.models import RequestContext, Response
from ayrframe._api.rate_limit import parse_retry_after
from ayrframe._api.response import parse_response
from ayrframe._api.retry import Attempts, GiveUp, Retry, decide
from ayrframe._platforms import find_platform
from ayrframe.errors import (
    AuthError,
    AyrframeError,
    LoadErrors,
    NotLinkedError,
    RateLimitError,
    RequestError,
    ResponseError,
    ServerError,
    TransportError,
)
from tests.faults.load_client import SLACK, PagesResult, make_client, run_pages, sleeps
from tests.faults.server import GOOD, Hit, Server, envelope, five_pages, http, only_page, sends

WHERE = pytest.mark.parametrize("page", [1, 3], ids=["page_1", "page_3_of_5"])


def run(page: int, *responses: bytes, platform: str = "tiktok") -> tuple[PagesResult, int, list[float]]:
    """Send these responses to requests of a page; return the result, the number of these requests, and the pauses."""
    with Server(only_page(sends(*responses)) if page == 1 else five_pages(sends(*responses))) as server:
        client = make_client(server.url)
        result = run_pages(client, platform)
        hits = [hit for hit in server.hits if page == 1 or hit.params.get("next") == "cursor-3"]
    if page == 3:
        assert result.ids[:4] == ["p1-0", "p1-1", "p2-0", "p2-1"], "the pages before the fault are kept"
    if result.error is not None:
        assert result.error.platform == platform
        assert result.error.__context__ is None
    return result, len(hits), sleeps(client)


def flat(code: int | None = None, message: str = "what Ayrshare says", **more: Any) -> bytes:
    code_field = {} if code is None else {"code": code}
    return json.dumps({"action": "history", "status": "error", **code_field, "message": message, **more}).encode()


def good(page: int) -> bytes:
    return http(GOOD if page == 1 else envelope(["p3-0", "p3-1"], "cursor-4"))


def ends(result: PagesResult, kind: type[AyrframeError], words: str) -> AyrframeError:
    assert type(result.error) is kind, result.error
    assert re.search(words, str(result.error)), result.error
    return result.error


@WHERE
@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        pytest.param(400, RequestError, r"Ayrshare rejected the request \(HTTP 400\).*'what Ayrshare says'", id="H1"),
        pytest.param(401, AuthError, r"the API key was rejected \(HTTP 401\).*dashboard.*AYRSHARE_API_KEY", id="H2"),
        pytest.param(403, AuthError, r"API key may be wrong.*plan.*Profile-Key.*suspended", id="H3"),
        pytest.param(404, RequestError, r"no such address.*base_url", id="H4"),
        pytest.param(405, RequestError, r"method.*base_url", id="H4_405"),
        pytest.param(
            419,
            NotLinkedError,
            r"X-Twitter-OAuth1-Api-Key and X-Twitter-OAuth1-Api-Secret.*what Ayrshare says",
            id="H5",
        ),
        pytest.param(418, RequestError, r"HTTP 418", id="any_other_4xx"),
    ],
)
def test_H1_to_H5_error_status_raises_at_once(status: int, kind: type[AyrframeError], words: str, page: int) -> None:
    result, hits, pauses = run(page, http(flat(), status))
    error = ends(result, kind, words)
    assert (hits, pauses, error.status, error.retryable) == (1, [], status, False)
    assert error.cursor == ("cursor-3" if page == 3 and kind is not RequestError else None)


@pytest.mark.parametrize("code", [156, 161, 187, 272, 419])
def test_H5_H19_message_names_the_platform_once(code: int) -> None:
    result, _, _ = run(1, http(json.dumps(SHAPES["flat"](code)), 400))
    assert str(result.error).count("TikTok") == 1


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        (400, 400, r"^TikTok: Ayrshare rejected the request \(HTTP 400\)\. Check the arguments of the load; if"),
        (
            400,
            9999,
            r"^TikTok: Ayrshare rejected the request \(HTTP 400, code 9999\)\. Check the arguments of the load; if",
        ),
        (418, None, r"^TikTok: Ayrshare rejected the request \(HTTP 418\)\. Check the arguments of the load; if"),
        (400, 186, r"^TikTok: the post or history does not exist \(HTTP 400, code 186\)\. Check `user_id`"),
        (400, 485, r"^TikTok: this story has expired \(HTTP 400, code 485\)\. Stories can be read for 24 hours"),
    ],
)
def test_H1_message_has_each_number_once_and_advice(status: int, code: int | None, problem: str) -> None:
    result, _, _ = run(1, http(flat() if code is None else flat(code), status))
    ends(result, RequestError, problem)


def test_H1_message_is_printable_and_shortened() -> None:
    result, _, _ = run(1, http(flat(message="a\x1b]0;b\nc" + "x" * 5000), 400))
    text = str(result.error)
    assert len(text) < 500
    assert text.isprintable()


SHAPES = {
    "flat": lambda code: {"action": "history", "status": "error", "code": code, "message": "said"},
    "code_as_text": lambda code: {"status": "error", "code": str(code), "message": "said"},
    "in_errors": lambda code: {
        "status": "error",
        "errors": [{"action": "x", "status": "error", "code": code, "message": "said"}],
    },
    "errors_is_an_object": lambda code: {"status": "error", "errors": {"code": code, "message": "said"}},
    "below_history": lambda code: {"history": {"status": "error", "code": code, "message": "said"}},
    "inside_a_post": lambda code: {"status": "error", "posts": [{"status": "error", "code": code, "message": "said"}]},
    "in_errors_of_a_post": lambda code: {
        "status": "error",
        "posts": [{"status": "error", "errors": [{"code": code, "message": "said"}]}],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (156, NotLinkedError, "TikTok is not linked to this profile.*Link it"),
        (161, NotLinkedError, "TikTok has revoked the authorization.*link it again"),
        (272, NotLinkedError, "authorization for TikTok has expired.*link it again"),
        (419, NotLinkedError, "AYRSHARE_X_API_SECRET"),
        (403, AuthError, "access was denied.*dashboard"),
        (101, RequestError, "parameter"),
        (9999, RequestError, "rejected the request"),
    ],
)
def test_H19_error_code_in_any_format_sets_the_class(
    status: int, code: int, kind: type[AyrframeError], words: str, shape: str
) -> None:
    result, hits, _ = run(1, http(json.dumps(SHAPES[shape](code)), status))
    error = ends(result, kind, words + ".*Response message: 'said'")
    assert (error.code, error.status, hits) == (code, status, 1)
    assert result.pages == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", [200, 400, 404])
def test_empty_history_sent_as_an_error_is_an_empty_page(status: int, shape: str) -> None:
    result, hits, _ = run(1, http(json.dumps(SHAPES[shape](221)), status))
    assert result.error is None
    assert [len(page.envelope.items) for page in result.pages] == [0]
    assert hits == 1


def test_retry_available_makes_an_error_retryable() -> None:
    result, _, _ = run(1, http(flat(500, retryAvailable=True), 400))
    assert result.error is not None
    assert result.error.retryable


@WHERE
def test_H6_retry_after_one_second_waits_and_retries_once(page: int) -> None:
    result, hits, pauses = run(page, http(flat(), 429, ["Retry-After: 1"]), good(page))
    assert result.error is None
    assert (hits, pauses) == (2, [1.0])


@WHERE
def test_H7_retry_after_one_hour_raises_at_once(page: int) -> None:
    result, hits, pauses = run(page, http(flat(), 429, ["Retry-After: 3600"]))
    error = ends(result, RateLimitError, "rate limit reached")
    assert (error.retry_after, error.retryable, hits, pauses) == (3600, True, 1, [])
    assert error.cursor == (None if page == 1 else "cursor-3")
    assert result.seconds < SLACK


@WHERE
@pytest.mark.parametrize(("ahead", "pause"), [(30, 30.0), (-30, 1.0)], ids=["future", "past"])
def test_H8_retry_after_date_is_read(ahead: int, pause: float, page: int) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    headers = [
        f"Date: {format_datetime(now, usegmt=True)}",
        f"Retry-After: {format_datetime(now + timedelta(seconds=ahead), usegmt=True)}",
    ]
    result, hits, pauses = run(page, http(flat(), 429, headers), good(page))
    assert result.error is None
    assert (hits, pauses) == (2, [pause])


@WHERE
@pytest.mark.parametrize(
    "text", ["1.5", "soon", "-5", "", "9" * 400, "Mon, 99 Foo 2026 99:99:99 GMT", "²", "1e3", "nan"]
)
def test_H9_unusual_retry_after_is_read_or_ignored(text: str, page: int) -> None:
    refusal = http(flat(), 429, []).replace(b"\r\n\r\n", b"\r\nRetry-After: " + text.encode() + b"\r\n\r\n", 1)
    result, hits, pauses = run(page, refusal, good(page))
    assert result.error is None
    assert (hits, pauses) == (2, [1.5 if text == "1.5" else 7.5])


@WHERE
def test_H10_missing_retry_after_retries_once_and_raises(page: int) -> None:
    result, hits, pauses = run(page, http(flat(), 429))
    error = ends(result, RateLimitError, r"rate limit reached \(HTTP 429\); retry in 300 s\.")
    assert (error.retry_after, hits, pauses) == (300, 2, [7.5])


@WHERE
def test_H11_retry_after_zero_sends_two_requests(page: int) -> None:
    result, hits, pauses = run(page, http(flat(), 429, ["Retry-After: 0"]))
    error = ends(result, RateLimitError, "rate limit reached")
    assert (error.retry_after, hits, pauses) == (300, 2, [1.0])


@pytest.mark.parametrize("text", ["", "three hundred", "-1", "9" * 30, "0", "NaN", "1e9", "99999999"])
def test_H13_invalid_rate_limit_headers_are_ignored(text: str) -> None:
    headers = [f"x-ratelimit-max: {text}", f"x-ratelimit-count: {text}"]
    with Server(five_pages(sends(http(envelope(["p3-0", "p3-1"], "cursor-4"), headers=headers)))) as server:
        client = make_client(server.url)
        result = run_pages(client)
        assert client._limiter(None).max_requests == 290
    assert (result.error, len(result.pages), sleeps(client)) == (None, 5, [])


@WHERE
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_H14_server_error_is_retried(status: int, page: int) -> None:
    result, hits, pauses = run(page, http("<html><title>Bad Gateway</title></html>", status), good(page))
    assert result.error is None
    assert (hits, pauses) == (2, [0.75])


@WHERE
def test_H15_persistent_server_error_raises_with_status_and_message(page: int) -> None:
    result, hits, pauses = run(page, http(flat(message="we are down"), 503))
    error = ends(result, ServerError, r"Ayrshare failed \(HTTP 503\).*'we are down'")
    assert (error.status, error.retryable, hits, pauses) == (503, True, 4, [0.75, 1.5, 3.0])
    assert error.cursor == (None if page == 1 else "cursor-3")


def test_H15_web_page_is_quoted_by_its_title() -> None:
    result, _, _ = run(1, http("<html><head><title>Bad &amp; Gateway</title></head>secret body</html>", 502))
    error = ends(result, ServerError, "'Bad & Gateway'")
    assert "secret body" not in str(error)


def test_server_error_with_retry_after_waits_up_to_a_minute() -> None:
    result, hits, pauses = run(1, http(flat(), 503, ["Retry-After: 20"]), good(1))
    assert (result.error, hits, pauses) == (None, 2, [20.0])
    result, hits, pauses = run(1, http(flat(), 503, ["Retry-After: 600"]))
    assert ends(result, ServerError, "failed").retry_after == 600
    assert (hits, pauses) == (1, [])


@WHERE
@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("target", ["same_host", "other_host", "https_to_http"])
def test_H16_redirect_raises(status: int, target: str, page: int) -> None:
    with Server(sends(http(GOOD))) as other:
        location = {
            "same_host": "/api/elsewhere?key=AAA",
            "other_host": f"http://localhost:{other.port}/api/history?key=AAA",
            "https_to_http": f"http://user:word@localhost:{other.port}/",
        }[target]
        result, hits, pauses = run(page, http(b"", status, [f"Location: {location}"]))
        assert other.hits == []
    words = "another address of the same host" if target == "same_host" else "localhost"
    error = ends(result, TransportError, rf"redirects to {words} \(HTTP {status}\)")
    assert not re.search("AAA|elsewhere|user|word", str(error))
    assert (hits, pauses, error.retryable, error.status) == (1, [], False, status)


@WHERE
@pytest.mark.parametrize("status", [201, 204, 206, 304])
def test_H17_other_success_status_raises(status: int, page: int) -> None:
    result, hits, _ = run(page, http(b"" if status in (204, 304) else GOOD, status))
    error = ends(result, ResponseError, rf"expected HTTP 200, got HTTP {status}\. Check `base_url`")
    assert (hits, error.status) == (1, status)
    assert error.cursor == (None if page == 1 else "cursor-3")


@WHERE
def test_H18_web_page_raises_with_its_title(page: int) -> None:
    portal = "<!DOCTYPE html>\n<html><head><title>Hotel Wi-Fi</title></head><body>room 12</body></html>"
    result, hits, _ = run(page, http(portal))
    error = ends(result, ResponseError, "expected JSON, got a web page titled 'Hotel Wi-Fi'")
    assert hits == 1
    assert "room" not in str(error)


@WHERE
@pytest.mark.parametrize("posts", [{}, {"posts": []}, {"posts": None}], ids=["no_posts", "empty_posts", "null_posts"])
def test_H19_status_error_with_HTTP_200_raises(posts: dict[str, Any], page: int) -> None:
    result, hits, _ = run(page, http(flat(777, **posts)))
    error = ends(result, RequestError, r"\(HTTP 200, code 777\).*what Ayrshare says")
    assert (error.code, hits) == (777, 1)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("status_field", ["error", "partial"])
def test_H20_posts_with_an_error_are_returned_with_a_warning(status: int, status_field: str) -> None:
    record = {"id": "b", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    body = json.dumps({"status": status_field, "code": 187, "message": "not all", "posts": [{"id": "a"}, record]})
    result, hits, _ = run(1, http(body, status))
    assert result.error is None
    assert result.ids == ["a", "b"]
    assert any("not all" in note for note in result.pages[0].envelope.warnings)
    assert (result.pages[0].status, hits) == (status, 1)


@pytest.mark.parametrize("status", [200, 400])
def test_H20_error_records_with_an_id_are_rows(status: int) -> None:
    record = {"id": "a", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    result, hits, _ = run(1, http(json.dumps({"status": "error", "posts": [record]}), status))
    assert (result.error, result.ids, hits) == (None, ["a"], 1)


def test_H20_warnings_of_the_response_are_repeated() -> None:
    result, _, _ = run(
        1,
        http(
            json.dumps({"status": "success", "posts": [{"id": "a"}], "warning": [{"code": 395, "message": "withheld"}]})
        ),
    )
    assert result.ids == ["a"]
    assert any("withheld" in note for note in result.pages[0].envelope.warnings)


@pytest.mark.parametrize(
    "body",
    [b"null", b"[]", b'[{"id": "a"}]', b'"text"', b'{"id": "a"}', b'{"posts": []}{"posts": []}',
     b'{"posts": []}\n{"posts": []}',
     b"", b" ", b'{"status":"success"',
     b'{"status":"error","status":"success"}', b"{}", b'{"a": 1}', b"[" * 100_000],
)  # fmt: skip
def test_J11_body_without_envelope_raises(body: bytes) -> None:
    result, hits, _ = run(1, http(body))
    ends(result, ResponseError, "Cannot read the response for TikTok")
    assert hits == 1


def test_retry_after_uses_the_clock_of_the_server() -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    date = {"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}
    assert parse_retry_after(date, now) == 30
    assert parse_retry_after({"retry-after": date["retry-after"]}, datetime(2026, 11, 23, 12, tzinfo=UTC)) == 30


def test_pauses_grow_and_have_a_minimum() -> None:
    context = RequestContext(find_platform("tiktok"), 1, str)
    response = Response(503, {}, b"", datetime(2026, 1, 1, tzinfo=UTC))
    for jitter in (0.0, 0.5, 0.999):
        pauses = []
        attempts = Attempts()
        while isinstance(decision := decide(response, context, attempts, parse_response, jitter=jitter), Retry):
            pauses.append(decision.after)
            attempts = decision.attempts
        assert isinstance(decision, GiveUp)
        assert len(pauses) == 3
        assert pauses[0] >= 0.5
        assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses))


def test_load_errors_group_has_the_attributes_of_an_error() -> None:
    first, second = RateLimitError("wait"), AuthError("no")
    first.retryable, first.retry_after = True, 30.0
    group = LoadErrors("Two of three loads failed.", [first, second])
    assert isinstance(group, AyrframeError)
    assert (group.retryable, group.retry_after, group.exceptions) == (True, 30.0, (first, second))
    group.frame = frame = pd.DataFrame()
    matched, rest = group.split(AuthError)
    assert isinstance(matched, LoadErrors)
    assert isinstance(rest, LoadErrors)
    assert (matched.retryable, matched.retry_after, rest.retry_after) == (False, None, 30.0)
    assert matched.frame is frame
    again = pickle.loads(pickle.dumps(LoadErrors("One failed.", [second])))
    assert (type(again), str(again.exceptions[0])) == (LoadErrors, "no")


@pytest.mark.parametrize("status", [200, 400])
def test_H20_posts_with_an_error_on_page_3_are_returned(status: int) -> None:
    meta = {"pagination": {"hasMore": True, "next": "cursor-4"}}
    posts = [{"id": "p3-0"}, {"id": "p3-1"}]
    result, hits, _ = run(
        3, http(json.dumps({"status": "partial", "message": "not all", "posts": posts, "meta": meta}), status)
    )
    assert (result.error, hits, len(result.pages)) == (None, 1, 5)
    assert any("not all" in note for note in result.pages[2].envelope.warnings)


def load_second_page(*responses: bytes, platform: Any = "tiktok", **options: Any) -> AyrframeError:
    """Load a history with 100 posts on page 1 and these responses to page 2; return the error."""

    def serve(sock: socket.socket, hit: Hit) -> bool | None:
        if hit.params.get("next") != "cursor-2":
            sock.sendall(http(envelope(range(100), "cursor-2")))
            return True
        return second_page(sock, hit)

    second_page = only_page(sends(*responses))
    with Server(serve) as server:
        client = make_client(server.url)
        with pytest.raises(AyrframeError) as caught:
            ayr.load(platform, limit=None, client=client, validate=None, **options)
        client.close()
    return caught.value


RATE_LIMIT_BODIES = {
    "code_429": flat(429),
    "code_429_as_text": json.dumps({"status": "error", "code": "429"}),
    "no_code": flat(),
    **{f"code_{code}": flat(code) for code in (101, 136, 156, 187, 221, 403, 419, 9999)},
    "code_in_errors": json.dumps(SHAPES["in_errors"](156)),
    "posts_beside_it": envelope(["a"]),
    "message_only": json.dumps({"message": "slow down"}),
    "list": b"[1, 2]",
    "truncated": b'{"status": "err',
    "web_page": b"<html><title>Too Many Requests</title></html>",
    "text": b"slow down",
    "not_UTF-8": b"\xff\xfe",
    "empty": b"",
}


@pytest.mark.parametrize("body", RATE_LIMIT_BODIES.values(), ids=RATE_LIMIT_BODIES)
def test_H7_P13_message_of_429_has_wait_and_posts_for_any_body(body: bytes) -> None:
    error = load_second_page(http(body, 429, ["Retry-After: 120"]))
    assert type(error) is RateLimitError
    assert str(error).startswith("TikTok, page 2: rate limit reached (HTTP 429); retry in 120 s.")
    assert str(error).endswith(" 100 posts had arrived: see `.frame`, resume with `.cursor`.")
    assert (error.status, error.retry_after, error.retryable, error.cursor) == (429, 120, True, "cursor-2")
    assert error.frame is not None
    assert len(error.frame) == 100


def test_H7_P13_message_of_429_without_body_is_complete() -> None:
    error = load_second_page(http(b"", 429, ["Retry-After: 120"]))
    assert str(error) == (
        "TikTok, page 2: rate limit reached (HTTP 429); retry in 120 s. "
        "100 posts had arrived: see `.frame`, resume with `.cursor`."
    )


def test_H7_message_of_429_on_page_1_has_no_posts() -> None:
    result, hits, _ = run(1, http(flat(429), 429, ["Retry-After: 120"]))
    words = r"^TikTok: rate limit reached \(HTTP 429\); retry in 120 s\. Response message: 'what Ayrshare says'\.$"
    ends(result, RateLimitError, words)
    assert hits == 1


@pytest.mark.parametrize("posts", [[], None])
def test_P13_message_without_posts_has_no_number(posts: list[Any] | None) -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        sock.sendall(http(envelope([], "cursor-2")) if posts == [] and "next" not in hit.params else http(b"", 401))
        return True

    with Server(serve) as server, pytest.raises(AuthError) as caught:
        ayr.load("tiktok", limit=None, client=make_client(server.url), validate=None)
    assert "arrived" not in str(caught.value)


def test_H7_code_429_with_another_status_raises_rate_limit_error() -> None:
    result, _, _ = run(1, http(flat(429), 400, ["Retry-After: 120"]))
    error = ends(result, RateLimitError, r"rate limit reached \(HTTP 400, code 429\); retry in 120 s\.")
    assert error.retry_after == 120


@pytest.mark.parametrize(
    ("response", "error_class", "posts"),
    [
        pytest.param(http(b"", 429), RateLimitError, "see `.frame`, resume with `.cursor`", id="429_no_header"),
        pytest.param(http(flat(), 401), AuthError, "see `.frame`, resume with `.cursor`", id="401"),
        pytest.param(http(flat(), 503), ServerError, "see `.frame`, resume with `.cursor`", id="503"),
        pytest.param(http(GOOD)[:-5], TransportError, "see `.frame`, resume with `.cursor`", id="cut"),
        pytest.param(http(b"<html>"), ResponseError, "see `.frame`, resume with `.cursor`", id="web_page"),
        pytest.param(http(envelope(["b"], "cursor-2")), ResponseError, "see `.frame`", id="cursor_loop"),
        pytest.param(http(flat(), 400), RequestError, "see `.frame`", id="400"),
    ],
)
def test_P13_message_of_each_error_has_the_number_of_posts(
    response: bytes, error_class: type[AyrframeError], posts: str
) -> None:
    error = load_second_page(response)
    assert type(error) is error_class
    assert error.frame is not None
    assert str(error).endswith(f" {len(error.frame)} posts had arrived: {posts}.")
    assert len(error.frame) in (100, 101)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_H15_message_of_server_error_has_the_wait() -> None:
    error = load_second_page(http(b"", 503, ["Retry-After: 600"]))
    assert str(error).startswith("TikTok, page 2: Ayrshare failed (HTTP 503); retry in 600 s. 100 posts had arrived")


def test_P13_number_of_posts_is_that_of_the_frame() -> None:
    error = load_second_page(http(b"", 401), since="2026-01-01")
    assert error.frame is not None
    assert str(error).endswith(f" {len(error.frame)} posts had arrived: see `.frame`, resume with `.cursor`.")


def test_P13_errors_of_several_loads_have_their_own_posts() -> None:
    failed = http(b"", 429, ["Retry-After: 120"])
    group = load_second_page(failed, failed, platform=["tiktok", "bluesky"], errors="raise")
    assert isinstance(group, LoadErrors)
    assert [str(error) for error in group.exceptions] == [
        f"{title}, page 2: rate limit reached (HTTP 429); retry in 120 s. "
        "100 posts had arrived: see `.frame`, resume with `.cursor`."
        for title in ("TikTok", "Bluesky")
    ]
    assert group.retry_after == 120


def test_P13_warning_of_a_failed_load_has_posts_and_profile() -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        if hit.headers["profile-key"] == "KEY-OF-CAFE":
            sock.sendall(http(envelope(["a"])))
        elif "next" in hit.params:
            sock.sendall(http(b"", 429, ["Retry-After: 120"]))
        else:
            sock.sendall(http(envelope(range(100), "cursor-2")))
        return True

    profiles = {"shop": "KEY-OF-SHOP", "cafe": "KEY-OF-CAFE"}
    with Server(serve) as server:
        client = make_client(server.url)
        with pytest.warns(ayr.DataWarning) as caught:
            posts = ayr.load("tiktok", limit=None, profile_key=profiles, client=client, validate=None)
        client.close()
    assert [str(warning.message) for warning in caught] == [
        "TikTok of 'shop', page 2: rate limit reached (HTTP 429); retry in 120 s. "
        "100 posts had arrived and are in the frame."
    ]
    assert posts["profile"].value_counts().to_dict() == {"shop": 100, "cafe": 1}


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("code", ["7" * 4000, "-3", "1000000", "true", '"' + "7" * 4000 + '"'])
def test_H19_code_that_is_none_of_Ayrshare_is_not_repeated(code: str, status: int) -> None:
    for body in ('{"status": "error", "code": %s}', '{"status": "error", "errors": [{"code": %s}]}', '{"code": %s}'):
        with Server(sends(http((body % code).encode(), status))) as server:
            result = run_pages(make_client(server.url))
        assert result.error is not None
        assert result.error.code is None
        assert len(str(result.error)) < 400
        assert "777" not in str(result.error)
