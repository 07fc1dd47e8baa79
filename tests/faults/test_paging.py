"""Test part P of the fault table: pagination."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
import time
from typing import Any

import pytest

import ayrframe as ayr
from ayrframe._api.pages import iter_pages
from ayrframe._api.pagination import EndReason
from ayrframe._api.request import RetryBudget
from ayrframe._platforms import find_platform
from ayrframe.errors import AuthError, RequestError, ResponseError, ServerError, TransportError
from tests.faults.load_client import SLACK, PagesResult, SkippingClock, make_client, run_pages, sleeps
from tests.faults.server import Hit, Scenario, Server, envelope, five_pages, http, sends


def script(*cursors: object, ids: str = "unique") -> Scenario:
    """Return pages of two posts with these cursors; the page after the last has none."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        following = cursors[hit.number] if hit.number < len(cursors) else None
        posts = [{"id": f"{hit.number if ids == 'unique' else 0}-{i}"} for i in range(2)]
        sock.sendall(
            http(json.dumps({"status": "success", "posts": posts, "meta": {"pagination": {"next": following}}}))
        )
        return True

    return serve


def run(scenario: Scenario, **client_options: Any) -> tuple[PagesResult, list[Hit]]:
    with Server(scenario) as server:
        result = run_pages(make_client(server.url), **client_options)
    return result, server.hits


def test_P1_repeated_cursor_raises() -> None:
    result, hits = run(script("A", "A", "A"))
    assert type(result.error) is ResponseError
    assert "the API returned cursor 'A' twice (pagination loop)" in str(result.error)
    assert result.error.cursor is None
    assert result.error.platform == "tiktok"
    assert len(result.ids) == 4, "the page with the repeated cursor is kept"
    assert len(hits) == 2


def test_P2_cycle_of_cursors_raises() -> None:
    result, hits = run(script("A", "B", "C", "A", "B"))
    assert type(result.error) is ResponseError
    assert (len(result.ids), len(hits)) == (8, 4)


def test_P2_cursor_of_the_caller_is_part_of_the_cycle() -> None:
    result, hits = run(script("A", "B"), cursor="B")
    assert type(result.error) is ResponseError
    assert (len(hits), hits[0].params["next"]) == (2, "B")


@pytest.mark.parametrize("status", [400, 404, 410])
def test_P3_expired_cursor_raises_without_cursor(status: int) -> None:
    result, _ = run(five_pages(sends(http('{"status": "error", "message": "cursor expired"}', status))))
    assert type(result.error) is RequestError
    assert "page 3" in str(result.error)
    assert "cursor expired" in str(result.error)
    assert result.error.cursor is None
    assert len(result.ids) == 4


def test_P4_P5_P12_duplicates_count_once() -> None:
    overlap = {None: (["a", "b"], "A"), "A": (["b", "c"], "B"), "B": (["c", "d"], None)}
    result, hits = run(
        lambda sock, hit: sock.sendall(http(envelope(*overlap[hit.params.get("next")]))) or True, limit=4
    )
    assert result.ids == ["a", "b", "b", "c", "c", "d"]
    assert result.pages[-1].end is EndReason.LIMIT
    assert len(hits) == 3


def test_P6_empty_pages_between_others_are_skipped() -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        ids = [] if 0 < hit.number < 9 else [hit.number]
        sock.sendall(http(envelope(ids, f"c{hit.number}" if hit.number < 9 else None)))
        return True

    result, hits = run(serve)
    assert (result.ids, result.error, len(hits)) == (["0", "9"], None, 10)


@pytest.mark.parametrize("ids", [[], ["same"]], ids=["P6_empty", "P11_the_same_post"])
def test_pages_without_new_posts_raise(ids: list[str]) -> None:
    result, hits = run(lambda sock, hit: sock.sendall(http(envelope(ids, f"c{hit.number}"))) or True)
    assert type(result.error) is ResponseError
    assert "the last 10 had no new posts" in str(result.error)
    assert result.error.cursor is not None
    assert len(hits) == 10 + len(ids)


def test_P6_only_consecutive_empty_pages_count() -> None:
    """Nine empty pages, one with a post, nine empty pages: slow, but not a loop."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        ids = [hit.number] if hit.number % 10 == 0 else []
        sock.sendall(http(envelope(ids, f"c{hit.number}" if hit.number < 30 else None)))
        return True

    result, _ = run(serve)
    assert (result.error, result.ids) == (None, ["0", "10", "20", "30"])


def test_P7_has_more_false_ends_the_history_despite_a_cursor() -> None:
    body = {"status": "success", "posts": [{"id": "a"}], "meta": {"pagination": {"hasMore": False, "next": "C"}}}
    result, hits = run(lambda sock, hit: sock.sendall(http(json.dumps(body))) or True)
    assert (result.error, len(hits), result.pages[-1].end) == (None, 1, EndReason.COMPLETE)


@pytest.mark.parametrize("cursor", ["", None, False, 0, {}, []])
def test_P7_empty_cursor_ends_the_history(cursor: object) -> None:
    result, hits = run(script(cursor))
    assert (result.error, len(hits), result.pages[-1].end) == (None, 1, EndReason.COMPLETE)


@pytest.mark.parametrize("cursor", [["a"], 7, 1.5, True, {"a": 1}, "x" * 100_000])
def test_P7_cursor_of_another_type_raises_after_its_page(cursor: object) -> None:
    result, hits = run(script(cursor))
    assert type(result.error) is ResponseError
    assert "expected a text of at most 65,536 characters as next cursor" in str(result.error)
    assert (len(hits), len(result.ids)) == (1, 2)


@pytest.mark.parametrize(
    "cursor", ["x" * 10_000, "a&limit=1&b=c", "a#b", "a\nb\r\nX-Header: 1", "ü 漢 😀", "../user", "%00", "a+b/c=="]
)
def test_P7_any_cursor_text_is_sent_back_unchanged(cursor: str) -> None:
    result, hits = run(script(cursor))
    assert result.error is None
    assert hits[1].params == {"limit": "100", "next": cursor}
    assert "x-header" not in hits[1].headers


@pytest.mark.parametrize("where", ["meta", "top"])
def test_P7_cursor_is_read_from_meta_or_the_top_level(where: str) -> None:
    cursor = {"meta": {"meta": {"pagination": {"next": "C"}}}, "top": {"next": "C"}}[where]
    bodies = [{"status": "success", "posts": [{"id": "a"}], **cursor}, {"status": "success", "posts": [{"id": "b"}]}]
    result, _ = run(lambda sock, hit: sock.sendall(http(json.dumps(bodies[hit.number]))) or True)
    assert result.ids == ["a", "b"]
    assert [(page.cursor, page.next_cursor, page.end) for page in result.pages] == [
        (None, "C", None),
        ("C", None, EndReason.COMPLETE),
    ]


def test_P7_has_more_without_cursor_ends_with_a_reason() -> None:
    body = {"status": "success", "posts": [{"id": "a"}], "meta": {"pagination": {"hasMore": True}}}
    result, _ = run(lambda sock, hit: sock.sendall(http(json.dumps(body))) or True)
    assert (result.error, result.pages[-1].end) == (None, EndReason.NO_CURSOR)


@pytest.mark.parametrize("fields", [{}, {"posts": None}], ids=["absent", "null"])
def test_P8_success_without_posts_is_an_empty_page_with_a_warning(fields: dict[str, Any]) -> None:
    result, _ = run(lambda sock, hit: sock.sendall(http(json.dumps({"status": "success", **fields}))) or True)
    assert (result.error, result.ids) == (None, [])
    assert "no `posts`" in result.pages[0].envelope.warnings[0]


@pytest.mark.parametrize("posts", [{"id": "a"}, "text", 7])
def test_P8_posts_of_another_type_raise(posts: object) -> None:
    result, _ = run(lambda sock, hit: sock.sendall(http(json.dumps({"status": "success", "posts": posts}))) or True)
    assert type(result.error) is ResponseError
    assert "`posts`" in str(result.error)


def test_P9_item_of_another_type_is_an_item() -> None:
    result, _ = run(
        lambda sock, hit: sock.sendall(http('{"status": "success", "posts": [7, null, "x", {"id": "a"}]}')) or True
    )
    assert len(result.pages[0].envelope.items) == 4


def test_P10_more_posts_than_requested_are_read() -> None:
    result, hits = run(lambda sock, hit: sock.sendall(http(envelope(range(10_000)))) or True, limit=50)
    assert (len(result.ids), len(hits), hits[0].params["limit"]) == (10_000, 1, "50")


def test_P11_endless_cursors_end_at_the_limit() -> None:
    result, hits = run(lambda sock, hit: sock.sendall(http(envelope([hit.number], f"c{hit.number}"))) or True, limit=25)
    assert (len(result.ids), result.pages[-1].end, len(hits)) == (25, EndReason.LIMIT, 25)


def test_P11_endless_cursors_end_at_the_deadline() -> None:
    def slow(sock: socket.socket, hit: Hit) -> bool:
        hit.stall(0.02)
        sock.sendall(http(envelope([hit.number], f"c{hit.number}")))
        return True

    with Server(slow) as server:
        result = run_pages(make_client(server.url, deadline=0.4))
    assert type(result.error) is TransportError
    assert re.search("deadline of 0.4 s|no complete response|timeout while", str(result.error))
    assert result.error.cursor
    assert result.seconds < 0.4 + SLACK


def test_P11_endless_cursors_end_at_the_maximum_number_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    from ayrframe._api import pagination

    monkeypatch.setattr(pagination.Paginator.__init__, "__kwdefaults__", {"max_pages": 7})
    result, hits = run(lambda sock, hit: sock.sendall(http(envelope([hit.number], f"c{hit.number}"))) or True)
    assert "stopped after 7 pages, because that is the maximum" in str(result.error)
    assert len(hits) == 7


def test_P13_error_on_page_3_keeps_two_pages() -> None:
    for status, kind in ((503, ServerError), (401, AuthError)):
        result, _ = run(five_pages(sends(http(b"", status))))
        assert type(result.error) is kind
        assert result.error.cursor == "cursor-3"
        assert len(result.ids) == 4


def test_P13_cursor_of_an_error_resumes_the_history() -> None:
    faults = [http(b"", 401)]
    whole = http(envelope(["p3-0", "p3-1"], "cursor-4"))
    with Server(five_pages(lambda sock, hit: sock.sendall(faults.pop() if faults else whole) or True)) as server:
        client = make_client(server.url)
        first = run_pages(client)
        assert first.error is not None
        rest = run_pages(client, cursor=first.error.cursor)
    assert first.ids + rest.ids == [f"p{page}-{post}" for page in range(1, 6) for post in range(2)]


def test_P14_R3_interrupt_during_a_body_is_raised_at_once() -> None:
    ctrl_c(lambda sock, hit: (sock.sendall(http(b"x" * 500)[:100]), kill(hit), hit.stall()), SkippingClock())


def test_P14_R3_interrupt_during_a_pause_is_raised_at_once() -> None:
    class Real(SkippingClock):
        def sleep(self, seconds: float) -> None:
            time.sleep(30)

    ctrl_c(lambda sock, hit: (sock.sendall(http(b"", 503)), kill(hit), True)[-1], Real())


killed: list[float] = []


def kill(hit: Hit) -> None:
    def later() -> None:
        time.sleep(0.1)
        killed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    if hit.fault == 0:
        threading.Thread(target=later, daemon=True).start()


def ctrl_c(scenario: Any, clock: SkippingClock) -> None:
    arrived: list[int] = []
    with Server(five_pages(scenario)) as server:
        client = make_client(server.url, clock=clock, api_key="INTERRUPTED-KEY", timeout=20)
        pages = iter_pages(client, find_platform("tiktok"))
        with pytest.raises(KeyboardInterrupt) as caught:
            arrived.extend(page.number for page in pages)
        assert time.monotonic() - killed[-1] < SLACK
        assert arrived == [1, 2]
        assert caught.value.__context__ is None
        frames = [entry.frame for entry in caught.traceback if "ayrframe" in str(entry.path)]
        assert not any("INTERRUPTED-KEY" in repr(frame.f_locals) for frame in frames)
        server.scenario = sends(http(envelope(["a"])))
        assert [page.number for page in iter_pages(client, find_platform("tiktok"))] == [1]
        client.close()


def test_iter_pages_requests_pages_lazily() -> None:
    with Server(five_pages(sends(http(b"", 500)))) as server:
        client = make_client(server.url)
        pages = iter_pages(client, find_platform("tiktok"))
        next(pages)
        next(pages)
        time.sleep(0.05)
        assert len(server.hits) == 2
        pages.close()  # type: ignore[attr-defined]
        client.close()


@pytest.mark.parametrize(
    ("limit", "available", "requested_limits", "end"),
    [
        (7, 300, ["7"], EndReason.LIMIT),
        (100, 300, ["100"], EndReason.LIMIT),
        (250, 300, ["100", "250"], EndReason.LIMIT),
        (None, 300, ["100", "500"], EndReason.COMPLETE),
        (None, 60, ["100"], EndReason.COMPLETE),
        (None, 900, ["100", "500"], EndReason.NO_CURSOR),
        (800, 900, ["100", "500"], EndReason.NO_CURSOR),
    ],
)
def test_platform_without_cursors_gets_one_larger_request(
    limit: int | None, available: int, requested_limits: list[str], end: EndReason
) -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        posts = [{"id": str(i)} for i in range(min(int(hit.params["limit"]), available))]
        sock.sendall(http(json.dumps({"status": "success", "posts": posts})))
        return True

    result, hits = run(serve, limit=limit)
    assert [hit.params["limit"] for hit in hits] == requested_limits
    assert (result.error, result.pages[-1].end) == (None, end)
    assert [page.replaces_previous for page in result.pages] == [False, True][: len(requested_limits)]


def test_parameters_are_sent_in_the_format_of_the_API() -> None:
    _, hits = run(
        sends(http(envelope([]))),
        platform="facebook",
        params={"skipAnalytics": True, "since": "2026-01-01", "until": None},
    )
    assert hits[0].target.startswith("/api/history/facebook?")
    assert hits[0].params == {"skipAnalytics": "true", "since": "2026-01-01", "limit": "100"}


def test_retries_of_all_platforms_share_one_budget() -> None:
    """A failing server does not get four requests for each page of each platform."""
    with Server(sends(http(b"", 500))) as server:
        clock = SkippingClock()
        client = make_client(server.url, clock=clock)
        retry_budget = RetryBudget(clock, None)
        for name in ("tiktok", "facebook", "twitter", "bluesky", "youtube"):
            assert type(run_pages(client, name, retry_budget=retry_budget).error) is ServerError
        assert len(server.hits) == 5 + 10


def test_pause_beyond_the_deadline_is_not_started() -> None:
    with Server(sends(http(b"", 503, ["Retry-After: 30"]))) as server:
        client = make_client(server.url, deadline=10)
        result = run_pages(client)
    assert type(result.error) is ServerError
    assert sleeps(client) == []


@pytest.mark.parametrize(
    "pagination",
    [
        '{"next": "cursor-2", "next": ""}',
        '{"next": "", "next": "cursor-2"}',
        '{"hasMore": true, "next": "cursor-2", "hasMore": false}',
        '{"next": "cursor-2", "n\\u0065xt": ""}',
        '{ "next" : "cursor-2" , "other": [1, {"a": 1, "a": 2}], "next" : null }',
    ],
)
@pytest.mark.parametrize("where", ["pagination", "meta", "envelope"])
def test_J2_duplicate_key_of_the_pagination_raises(pagination: str, where: str) -> None:
    body = {
        "pagination": f'{{"posts": [{{"id": "a"}}], "meta": {{"pagination": {pagination}}}}}',
        "meta": f'{{"posts": [{{"id": "a"}}], "meta": {{"pagination": {pagination}, "pagination": {{}}}}}}',
        "envelope": f'{{"meta": {{}}, "posts": [{{"id": "a"}}], "status": "success", "meta": {{"x": {pagination}}}}}',
    }[where].encode()
    with Server(sends(http(body))) as server:
        result = run_pages(make_client(server.url))
    assert type(result.error) is ResponseError
    assert "duplicate key" in str(result.error)
    with pytest.raises(ResponseError, match="duplicate key"):
        ayr.read_json(body, platform="tiktok")
