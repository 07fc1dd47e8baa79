"""Part P of the fault table: cursors that lie, pages that repeat, walks that are cut short."""

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

from ayrframe._api.pages import RetryBudget, iter_pages
from ayrframe._api.pagination import EndReason
from ayrframe._platforms import find_platform
from ayrframe.errors import AuthError, RequestError, ResponseError, ServerError, TransportError
from tests.faults.server import Hit, Scenario, Server, envelope, five_pages, http, sends
from tests.faults.walking import SLACK, SkippingClock, Walked, client_of, slept, walk


def script(*cursors: object, ids: str = "unique") -> Scenario:
    """Return a scenario of pages of two posts whose cursors are these; after the last there is none."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        following = cursors[hit.number] if hit.number < len(cursors) else None
        posts = [{"id": f"{hit.number if ids == 'unique' else 0}-{i}"} for i in range(2)]
        sock.sendall(
            http(json.dumps({"status": "success", "posts": posts, "meta": {"pagination": {"next": following}}}))
        )
        return True

    return serve


def run(scenario: Scenario, **wishes: Any) -> tuple[Walked, list[Hit]]:
    with Server(scenario) as server:
        walked = walk(client_of(server.url), **wishes)
    return walked, server.hits


def test_P1_the_same_cursor_again() -> None:
    walked, hits = run(script("A", "A", "A"))
    assert type(walked.error) is ResponseError
    assert "the cursor 'A' came a second time" in str(walked.error)
    assert walked.error.cursor is None
    assert walked.error.platform == "tiktok"
    assert len(walked.ids) == 4, "the page that brought the cursor again is kept too"
    assert len(hits) == 2


def test_P2_a_cycle_of_cursors() -> None:
    walked, hits = run(script("A", "B", "C", "A", "B"))
    assert type(walked.error) is ResponseError
    assert (len(walked.ids), len(hits)) == (8, 4)


def test_P2_the_cursor_that_the_caller_began_with_counts_too() -> None:
    walked, hits = run(script("A", "B"), cursor="B")
    assert type(walked.error) is ResponseError
    assert (len(hits), hits[0].params["next"]) == (2, "B")


@pytest.mark.parametrize("status", [400, 404, 410])
def test_P3_an_expired_cursor_is_none_to_go_on_with(status: int) -> None:
    walked, _ = run(five_pages(sends(http('{"status": "error", "message": "cursor expired"}', status))))
    assert type(walked.error) is RequestError
    assert "page 3" in str(walked.error)
    assert "cursor expired" in str(walked.error)
    assert walked.error.cursor is None
    assert len(walked.ids) == 4


def test_P4_P5_P12_overlapping_pages_come_through_and_count_once() -> None:
    overlap = {None: (["a", "b"], "A"), "A": (["b", "c"], "B"), "B": (["c", "d"], None)}
    walked, hits = run(
        lambda sock, hit: sock.sendall(http(envelope(*overlap[hit.params.get("next")]))) or True, limit=4
    )
    assert walked.ids == ["a", "b", "b", "c", "c", "d"]
    assert walked.pages[-1].end is EndReason.LIMIT
    assert len(hits) == 3


def test_P6_empty_pages_between_others_are_walked_through() -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        ids = [] if 0 < hit.number < 9 else [hit.number]
        sock.sendall(http(envelope(ids, f"c{hit.number}" if hit.number < 9 else None)))
        return True

    walked, hits = run(serve)
    assert (walked.ids, walked.error, len(hits)) == (["0", "9"], None, 10)


@pytest.mark.parametrize("ids", [[], ["same"]], ids=["P6_empty", "P11_the_same_post"])
def test_pages_that_bring_nothing_new_end_in_an_error(ids: list[str]) -> None:
    walked, hits = run(lambda sock, hit: sock.sendall(http(envelope(ids, f"c{hit.number}"))) or True)
    assert type(walked.error) is ResponseError
    assert "10 pages in a row brought no new post" in str(walked.error)
    assert walked.error.cursor is not None
    assert len(hits) == 10 + len(ids)


def test_P6_only_empty_pages_in_a_row_count() -> None:
    """Nine empty pages, one with a post, nine empty ones again: that is slow, and no circle."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        ids = [hit.number] if hit.number % 10 == 0 else []
        sock.sendall(http(envelope(ids, f"c{hit.number}" if hit.number < 30 else None)))
        return True

    walked, _ = run(serve)
    assert (walked.error, walked.ids) == (None, ["0", "10", "20", "30"])


def test_P7_no_more_is_believed_even_beside_a_cursor() -> None:
    body = {"status": "success", "posts": [{"id": "a"}], "meta": {"pagination": {"hasMore": False, "next": "C"}}}
    walked, hits = run(lambda sock, hit: sock.sendall(http(json.dumps(body))) or True)
    assert (walked.error, len(hits), walked.pages[-1].end) == (None, 1, EndReason.HISTORY)


@pytest.mark.parametrize("cursor", ["", None, False, 0, {}, []])
def test_P7_a_cursor_that_is_nothing_is_the_end(cursor: object) -> None:
    walked, hits = run(script(cursor))
    assert (walked.error, len(hits), walked.pages[-1].end) == (None, 1, EndReason.HISTORY)


@pytest.mark.parametrize("cursor", [["a"], 7, 1.5, True, {"a": 1}, "x" * 100_000])
def test_P7_a_cursor_that_is_no_text_is_an_error_after_its_page(cursor: object) -> None:
    walked, hits = run(script(cursor))
    assert type(walked.error) is ResponseError
    assert "no text of sensible length" in str(walked.error)
    assert (len(hits), len(walked.ids)) == (1, 2)


@pytest.mark.parametrize(
    "cursor", ["x" * 10_000, "a&limit=1&b=c", "a#b", "a\nb\r\nX-Header: 1", "ü 漢 😀", "../user", "%00", "a+b/c=="]
)
def test_P7_any_text_goes_back_as_it_came(cursor: str) -> None:
    walked, hits = run(script(cursor))
    assert walked.error is None
    assert hits[1].params == {"limit": "100", "next": cursor}
    assert "x-header" not in hits[1].headers


@pytest.mark.parametrize("where", ["meta", "top"])
def test_P7_the_cursor_stands_in_meta_or_at_the_top(where: str) -> None:
    cursor = {"meta": {"meta": {"pagination": {"next": "C"}}}, "top": {"next": "C"}}[where]
    bodies = [{"status": "success", "posts": [{"id": "a"}], **cursor}, {"status": "success", "posts": [{"id": "b"}]}]
    walked, _ = run(lambda sock, hit: sock.sendall(http(json.dumps(bodies[hit.number]))) or True)
    assert walked.ids == ["a", "b"]
    assert [(page.cursor, page.next, page.end) for page in walked.pages] == [
        (None, "C", None),
        ("C", None, EndReason.HISTORY),
    ]


def test_P7_more_without_a_cursor_says_so() -> None:
    body = {"status": "success", "posts": [{"id": "a"}], "meta": {"pagination": {"hasMore": True}}}
    walked, _ = run(lambda sock, hit: sock.sendall(http(json.dumps(body))) or True)
    assert (walked.error, walked.pages[-1].end) == (None, EndReason.API)


@pytest.mark.parametrize("fields", [{}, {"posts": None}], ids=["absent", "null"])
def test_P8_no_posts_in_a_success_is_an_empty_page_with_a_note(fields: dict[str, Any]) -> None:
    walked, _ = run(lambda sock, hit: sock.sendall(http(json.dumps({"status": "success", **fields}))) or True)
    assert (walked.error, walked.ids) == (None, [])
    assert "no `posts`" in walked.pages[0].reply.notes[0]


@pytest.mark.parametrize("posts", [{"id": "a"}, "text", 7])
def test_P8_posts_that_are_no_list_are_an_error(posts: object) -> None:
    walked, _ = run(lambda sock, hit: sock.sendall(http(json.dumps({"status": "success", "posts": posts}))) or True)
    assert type(walked.error) is ResponseError
    assert "`posts`" in str(walked.error)


def test_P9_an_item_that_is_no_object_stays_an_item() -> None:
    walked, _ = run(
        lambda sock, hit: sock.sendall(http('{"status": "success", "posts": [7, null, "x", {"id": "a"}]}')) or True
    )
    assert len(walked.pages[0].reply.items) == 4


def test_P10_more_posts_than_asked_for() -> None:
    walked, hits = run(lambda sock, hit: sock.sendall(http(envelope(range(10_000)))) or True, limit=50)
    assert (len(walked.ids), len(hits), hits[0].params["limit"]) == (10_000, 1, "50")


def test_P11_endless_cursors_end_at_the_wanted_number() -> None:
    walked, hits = run(lambda sock, hit: sock.sendall(http(envelope([hit.number], f"c{hit.number}"))) or True, limit=25)
    assert (len(walked.ids), walked.pages[-1].end, len(hits)) == (25, EndReason.LIMIT, 25)


def test_P11_endless_cursors_end_at_the_deadline() -> None:
    def slow(sock: socket.socket, hit: Hit) -> bool:
        hit.stall(0.02)
        sock.sendall(http(envelope([hit.number], f"c{hit.number}")))
        return True

    with Server(slow) as server:
        walked = walk(client_of(server.url, deadline=0.4))
    assert type(walked.error) is TransportError
    assert re.search("deadline of 0.4 s|no whole reply|in time", str(walked.error))
    assert walked.error.cursor
    assert walked.seconds < 0.4 + SLACK


def test_P11_endless_cursors_end_at_the_greatest_number_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    from ayrframe._api import pagination as _paging

    monkeypatch.setattr(_paging.Paginator.__init__, "__kwdefaults__", {"max_pages": 7})
    walked, hits = run(lambda sock, hit: sock.sendall(http(envelope([hit.number], f"c{hit.number}"))) or True)
    assert "no end to the pages" in str(walked.error)
    assert len(hits) == 7


def test_P13_every_kind_of_failure_on_page_3_keeps_two_pages() -> None:
    for status, kind in ((503, ServerError), (401, AuthError)):
        walked, _ = run(five_pages(sends(http(b"", status))))
        assert type(walked.error) is kind
        assert walked.error.cursor == "cursor-3"
        assert len(walked.ids) == 4


def test_P13_a_walk_goes_on_from_the_cursor_of_its_error() -> None:
    faults = [http(b"", 401)]
    whole = http(envelope(["p3-0", "p3-1"], "cursor-4"))
    with Server(five_pages(lambda sock, hit: sock.sendall(faults.pop() if faults else whole) or True)) as server:
        client = client_of(server.url)
        first = walk(client)
        assert first.error is not None
        rest = walk(client, cursor=first.error.cursor)
    assert first.ids + rest.ids == [f"p{page}-{post}" for page in range(1, 6) for post in range(2)]


def test_P14_R3_ctrl_c_in_a_body_passes_at_once_and_the_client_lives_on() -> None:
    ctrl_c(lambda sock, hit: (sock.sendall(http(b"x" * 500)[:100]), kill(hit), hit.stall()), SkippingClock())


def test_P14_R3_ctrl_c_in_a_pause_passes_at_once() -> None:
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
        client = client_of(server.url, clock=clock, api_key="INTERRUPTED-KEY", timeout=20)
        walking = iter_pages(client, find_platform("tiktok"))
        with pytest.raises(KeyboardInterrupt) as caught:
            arrived.extend(page.number for page in walking)
        assert time.monotonic() - killed[-1] < SLACK
        assert arrived == [1, 2]
        assert caught.value.__context__ is None
        frames = [entry.frame for entry in caught.traceback if "ayrframe" in str(entry.path)]
        assert not any("INTERRUPTED-KEY" in repr(frame.f_locals) for frame in frames)
        server.scenario = sends(http(envelope(["a"])))
        assert [page.number for page in iter_pages(client, find_platform("tiktok"))] == [1]
        client.close()


def test_a_page_is_asked_for_only_when_it_is_wanted() -> None:
    with Server(five_pages(sends(http(b"", 500)))) as server:
        client = client_of(server.url)
        walking = iter_pages(client, find_platform("tiktok"))
        next(walking)
        next(walking)
        time.sleep(0.05)
        assert len(server.hits) == 2
        walking.close()  # type: ignore[attr-defined]
        client.close()


@pytest.mark.parametrize(
    ("limit", "there", "asked", "end"),
    [
        (7, 300, ["7"], EndReason.LIMIT),
        (100, 300, ["100"], EndReason.LIMIT),
        (250, 300, ["100", "250"], EndReason.LIMIT),
        (None, 300, ["100", "500"], EndReason.HISTORY),
        (None, 60, ["100"], EndReason.HISTORY),
        (None, 900, ["100", "500"], EndReason.API),
        (800, 900, ["100", "500"], EndReason.API),
    ],
)
def test_a_network_without_cursors_is_asked_once_more_for_a_larger_page(
    limit: int | None, there: int, asked: list[str], end: EndReason
) -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        posts = [{"id": str(i)} for i in range(min(int(hit.params["limit"]), there))]
        sock.sendall(http(json.dumps({"status": "success", "posts": posts})))
        return True

    walked, hits = run(serve, limit=limit)
    assert [hit.params["limit"] for hit in hits] == asked
    assert (walked.error, walked.pages[-1].end) == (None, end)
    assert [page.widened for page in walked.pages] == [False, True][: len(asked)]


def test_parameters_go_out_as_the_API_writes_them() -> None:
    _, hits = run(
        sends(http(envelope([]))),
        platform="facebook",
        params={"skipAnalytics": True, "since": "2026-01-01", "until": None},
    )
    assert hits[0].target.startswith("/api/history/facebook?")
    assert hits[0].params == {"skipAnalytics": "true", "since": "2026-01-01", "limit": "100"}


def test_retries_of_a_load_come_out_of_one_budget() -> None:
    """A service that fails every time is not asked four times for each page of each platform."""
    with Server(sends(http(b"", 500))) as server:
        clock = SkippingClock()
        client = client_of(server.url, clock=clock)
        allowance = RetryBudget(clock, None)
        for name in ("tiktok", "facebook", "twitter", "bluesky", "youtube"):
            assert type(walk(client, name, allowance=allowance).error) is ServerError
        assert len(server.hits) == 5 + 10


def test_a_pause_that_does_not_fit_into_the_deadline_is_not_begun() -> None:
    with Server(sends(http(b"", 503, ["Retry-After: 30"]))) as server:
        client = client_of(server.url, deadline=10)
        walked = walk(client)
    assert type(walked.error) is ServerError
    assert slept(client) == []
