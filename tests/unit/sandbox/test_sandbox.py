"""Test the sandbox: documented responses, reproducible posts, and faults on request."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import numpy as np
import pytest

import ayrframe as ayr
from ayrframe._api.pages import iter_pages
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._platforms import PLATFORMS
from ayrframe._sandbox.control import Sandbox
from ayrframe._sandbox.sandbox import _DEFAULT_POSTS, sandbox
from ayrframe._sandbox.synthetic.samples import SAMPLE_COUNT, SAMPLE_TIME, synthetic_posts
from ayrframe.errors import ResponseError

NAMES = tuple(PLATFORMS)
each_platform = pytest.mark.parametrize("name", NAMES)
Fields = dict[str, Any]


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Fields:
        fields: Fields = json.loads(self.body)
        return fields

    @property
    def ids(self) -> list[str]:
        return [post["id"] for post in self.json["posts"]]

    @property
    def pagination(self) -> Fields:
        fields: Fields = self.json["meta"]["pagination"]
        return fields

    @property
    def error(self) -> tuple[int, int]:
        fields = self.json
        assert fields["status"] == "error"
        assert set(fields) == {"action", "status", "code", "message"}
        return self.status, fields["code"]


def keys(api: Sandbox, profile: str = "") -> dict[str, str]:
    profile_header = {"Profile-Key": api.profile_keys[profile]} if profile else {}
    return {
        "Authorization": f"Bearer {api.api_key}",
        "X-Twitter-OAuth1-Api-Key": api.x_api_key,
        "X-Twitter-OAuth1-Api-Secret": api.x_api_secret,
        **profile_header,
    }


def connect(api: Sandbox) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(api.base_url).netloc, timeout=20)


def send(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str], method: str = "GET", body: str = ""
) -> Response:
    connection.request(method, path, body=body or None, headers=dict(headers))
    reply = connection.getresponse()
    return Response(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())


def get(
    api: Sandbox,
    name: str,
    query: Mapping[str, object] | None = None,
    *,
    profile: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    path = f"/api/history/{name}" + (f"?{urlencode(query)}" if query else "")
    connection = connect(api)
    try:
        return send(connection, path, keys(api, profile) if headers is None else headers)
    finally:
        connection.close()


def iter_responses(
    api: Sandbox, name: str, *, limit: int = 50, profile: str = "", **query: object
) -> Iterator[Response]:
    """Yield the responses of all pages, at most twenty."""
    next_page: dict[str, object] = {}
    for _ in range(20):
        page = get(api, name, {"limit": limit, **query, **next_page}, profile=profile)
        yield page
        if page.status != 200 or not page.pagination["hasMore"]:
            return
        next_page = {"next": page.pagination["next"]}


@pytest.fixture
def api() -> Iterator[Sandbox]:
    with sandbox(profiles=["cafe"]) as running:
        yield running


# History.
@each_platform
def test_page_has_the_documented_envelope(api: Sandbox, name: str) -> None:
    page = get(api, name)
    assert page.status == 200
    assert page.headers["content-type"] == "application/json; charset=utf-8"
    assert list(page.json) == ["status", "posts", "lastUpdated", "nextUpdate", "meta"]
    assert page.json["status"] == "success"
    assert len(page.json["posts"]) == 10
    assert (page.json["lastUpdated"], page.json["nextUpdate"]) == (
        "2026-02-27T06:30:00.125Z",
        "2026-02-27T07:02:30.125Z",
    )
    assert set(page.pagination) == {"hasMore", "next", "limit"}
    assert (page.pagination["hasMore"], page.pagination["limit"]) == (True, 10)
    (reply,) = parse_envelopes(page.body, "the reply")
    assert len(reply.items) == 10
    assert reply.warnings == ()
    assert reply.last_updated == SAMPLE_TIME


@each_platform
def test_all_pages_contain_the_sample_posts(api: Sandbox, name: str) -> None:
    pages = list(iter_responses(api, name))
    assert [len(page.json["posts"]) for page in pages] == [50, 50, 50, 5]
    assert pages[-1].pagination == {"hasMore": False, "limit": 50}
    assert [post for page in pages for post in page.json["posts"]] == synthetic_posts(PLATFORMS[name], SAMPLE_COUNT)
    assert SAMPLE_COUNT == _DEFAULT_POSTS


def test_cursor_has_the_documented_format(api: Sandbox) -> None:
    cursor = get(api, "twitter").pagination["next"]
    assert cursor.startswith("eyJ0b2tlbiI6")
    assert set(json.loads(base64.b64decode(cursor))) == {"token"}


def test_body_is_written_as_in_javascript(api: Sandbox) -> None:
    body = get(api, "tiktok", {"limit": 155}).body.decode()
    assert body.startswith('{"status":"success","posts":[{"')
    assert "🍞" in body
    assert "\\u" not in body
    assert body == json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"))
    assert not any(isinstance(number, float) and number.is_integer() for number in _numbers(json.loads(body)))


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _numbers(inner)
    else:
        yield value


@pytest.mark.parametrize(("limit", "count"), [("1", 1), ("100", 100), ("500", 155), ("155", 155)])
def test_limit_sets_the_number_of_posts(api: Sandbox, limit: str, count: int) -> None:
    page = get(api, "bluesky", {"limit": limit})
    assert len(page.ids) == count
    assert page.pagination["hasMore"] is (count < 155)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(("bluesky", {"limit": wrong}) for wrong in ("0", "501", "-1", "ten", "", "1.5", "٣", "10000000")),
        *(
            ("bluesky", {"next": wrong})
            for wrong in ("", "garbage", "eyJ0b2tlbiI6", "e30=", "W10=", "eyJ0b2tlbiI6MX0=")
        ),
        ("facebook", {"since": "yesterday"}),
        ("facebook", {"until": "2026-03-17T00:00:00Z"}),
        ("facebook", {"until": "20260317"}),
        ("facebook", {"since": "2026-02-30"}),
        ("facebook", {"skipAnalytics": "yes"}),
        ("facebook", {"dataType": "reels"}),
        ("tiktok", {"since": "2026-01-01"}),
        ("tiktok", {"skipAnalytics": "true"}),
        ("instagram", {"pagePublished": "true"}),
        ("instagram", {"since": "2026-01-01"}),
        ("facebook", {"userName": "someone"}),
        ("twitter", {"userName": ""}),
        ("twitter", {"lastDays": "30"}),
    ],
)
def test_invalid_or_unsupported_parameter_is_refused(api: Sandbox, name: str, query: Fields) -> None:
    page = get(api, name, query)
    assert page.error == (400, 101)
    assert next(iter(query)) in page.json["message"]


def test_platform_parameters_are_the_documented_ones() -> None:
    assert {
        name: [parameter.api_name for parameter in platform.parameters]
        for name, platform in PLATFORMS.items()
        if platform.parameters
    } == {
        "facebook": ["skipAnalytics", "pagePublished", "since", "until", "dataType"],
        "instagram": ["skipAnalytics", "dataType"],
        "twitter": ["userId", "userName"],
    }
    assert [parameter.name for parameter in PLATFORMS["facebook"].parameters][:2] == [
        "skip_analytics",
        "page_published",
    ]
    assert [name for name, platform in PLATFORMS.items() if platform.headers] == ["twitter"]


def test_cursor_of_another_history_is_refused(api: Sandbox) -> None:
    cursor = get(api, "bluesky").pagination["next"]
    assert get(api, "bluesky", {"next": cursor}).status == 200
    assert get(api, "youtube", {"next": cursor}).error == (400, 101)
    assert get(api, "bluesky", {"next": cursor}, profile="cafe").error == (400, 101)


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_skip_analytics_returns_ids_only(api: Sandbox, name: str) -> None:
    full, bare = get(api, name), get(api, name, {"skipAnalytics": "true"})
    assert bare.json["posts"] == [{"id": name} for name in full.ids]
    assert get(api, name, {"skipAnalytics": "false"}).body == full.body


def test_since_and_until_are_inclusive_days(api: Sandbox) -> None:
    days = [post["created"][:10] for post in get(api, "facebook", {"limit": 500}).json["posts"]]
    first, last = days[60], days[30]
    period = {"since": first, "until": last}
    selected = [
        post["created"][:10]
        for page in iter_responses(api, "facebook", limit=7, **period)
        for post in page.json["posts"]
    ]
    assert selected == [day for day in days if first <= day <= last]
    assert (selected[0], selected[-1]) == (last, first)


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_data_type_separates_posts_and_stories(api: Sandbox, name: str) -> None:
    everything, feed_posts, stories = (
        [post for page in iter_responses(api, name, **query) for post in page.json["posts"]]
        for query in ({}, {"dataType": "posts"}, {"dataType": "stories"})
    )
    assert len(feed_posts) + len(stories) == len(everything) == 155
    assert stories
    field, value = {"facebook": ("statusType", "published"), "instagram": ("mediaProductType", "STORY")}[name]
    assert all(post[field] == value for post in stories)
    assert not any(post.get(field) == value for post in feed_posts)


def test_page_published_returns_posts_of_the_page(api: Sandbox) -> None:
    published = get(api, "facebook", {"pagePublished": "true", "limit": 500})
    assert published.ids == get(api, "facebook", {"limit": 500}).ids
    assert all(post.get("statusType") != "wall_post" for post in published.json["posts"])


@pytest.mark.parametrize("parameter", ["userId", "userName"])
def test_another_x_user_has_different_posts_without_private_metrics(api: Sandbox, parameter: str) -> None:
    own_page, other_page = get(api, "twitter"), get(api, "twitter", {parameter: "someone"})
    assert other_page.status == 200
    assert not set(own_page.ids) & set(other_page.ids)
    assert any("nonPublicMetrics" in post for post in own_page.json["posts"])
    assert not any({"nonPublicMetrics", "organicMetrics"} & post.keys() for post in other_page.json["posts"])
    assert all("publicMetrics" in post for post in other_page.json["posts"])
    media = [medium for post in other_page.json["posts"] for medium in post.get("media", [])]
    assert media
    assert get(api, "twitter", {parameter: "someone"}, profile="cafe").error == (400, 101)


# Keys, profiles, errors.
def test_keys_are_fake_and_have_the_real_format(api: Sandbox) -> None:
    made = [api.api_key, api.x_api_key, api.x_api_secret, *api.profile_keys.values()]
    assert len(set(made)) == 4
    for key in made:
        groups = key.split("-")
        assert [len(group) for group in groups] == [8] * 4
        assert groups[:3] == ["SANDBOX0"] * 3
        assert key not in repr(api)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "{key}"])
def test_missing_or_invalid_api_key_is_403(api: Sandbox, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.format(key=api.api_key)}
    page = get(api, "bluesky", headers=headers)
    assert page.error == (403, 403)
    assert page.json["message"] == "API Key not valid"
    assert "x-ratelimit-count" not in page.headers


def test_unknown_profile_key_is_403(api: Sandbox) -> None:
    assert get(api, "bluesky", headers={**keys(api), "Profile-Key": "unknown"}).error == (403, 403)
    assert get(api, "bluesky", headers={"Profile-Key": api.profile_keys["cafe"]}).error == (403, 403)


def test_x_requires_both_key_headers(api: Sandbox) -> None:
    for left_out in PLATFORMS["twitter"].headers:
        headers = {name: value for name, value in keys(api).items() if name != left_out}
        page = get(api, "twitter", headers=headers)
        assert page.error == (400, 419)
        assert left_out in page.json["message"]
        assert get(api, "tiktok", headers=headers).status == 200
    first, second = PLATFORMS["twitter"].headers
    swapped = {**keys(api), first: api.x_api_secret, second: api.x_api_key}
    assert get(api, "twitter", headers=swapped).error == (400, 419)


def test_unlinked_platform_is_156() -> None:
    with sandbox(posts={"x": 3}, profiles={"cafe": ["tiktok", "threads"], "bar": {"tiktok": 4}}) as api:
        assert [name for name in NAMES if get(api, name).status == 200] == ["twitter"]
        assert [name for name in NAMES if get(api, name, profile="cafe").status == 200] == ["threads", "tiktok"]
        assert get(api, "facebook", profile="cafe").error == (400, 156)
        assert len(get(api, "tiktok", profile="bar").ids) == 4
        assert len(get(api, "tiktok", {"limit": 500}, profile="cafe").ids) == 155


def test_empty_history_is_the_nested_221() -> None:
    with sandbox(posts={"bluesky": 0, "facebook": 5}) as api:
        for page in (get(api, "bluesky"), get(api, "facebook", {"since": "2030-01-01"})):
            assert page.status == 400
            assert page.json["history"]["code"] == 221
            assert page.json["history"]["status"] == "error"
            assert "posts" not in page.json
            (reply,) = parse_envelopes(page.body, "the reply")
            assert list(reply.items) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/history/bluski", 186),
        ("/api/history/x", 186),
        ("/api/history/", 186),
        ("/api/history", 404),
        ("/api/history/bluesky/", 404),
        ("/history/bluesky", 404),
        ("/", 404),
    ],
)
def test_unknown_path_is_404(api: Sandbox, path: str, code: int) -> None:
    connection = connect(api)
    assert send(connection, path, keys(api)).error == (404, code)
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_method_other_than_get_is_405(api: Sandbox, method: str) -> None:
    connection = connect(api)
    page = send(connection, "/api/history/bluesky", keys(api), method, "" if method == "HEAD" else "some body")
    assert (page.status, page.headers["allow"]) == (405, "GET")
    assert bool(page.body) is (method != "HEAD")
    assert send(connection, "/api/history/bluesky", keys(api)).status == 200
    connection.close()


def test_profiles_have_separate_posts() -> None:
    labels = [f"profile {number}" for number in range(9)]
    with sandbox(profiles=labels, posts=40) as api:
        ids = {
            (label, name): {post for page in iter_responses(api, name, profile=label) for post in page.ids}
            for label in ["", *labels]
            for name in ("bluesky", "facebook", "twitter")
        }
        requested = {(request.profile, request.platform) for request in api.requests}
    assert all(len(profile_ids) == 40 for profile_ids in ids.values())
    assert len(set().union(*ids.values())) == 40 * 30
    assert requested == set(ids)


def test_rate_limit_counts_each_profile_separately() -> None:
    with sandbox(profiles=["cafe"], rate_limit=3, posts=2) as api:
        pages = [get(api, "bluesky") for _ in range(5)]
        assert [page.status for page in pages] == [200, 200, 200, 429, 429]
        assert [page.headers["x-ratelimit-count"] for page in pages] == ["1", "2", "3", "4", "5"]
        assert {page.headers["x-ratelimit-max"] for page in pages} == {"3"}
        assert pages[3].error == (429, 429)
        assert "retry-after" not in pages[3].headers
        assert get(api, "bluesky", profile="cafe").headers["x-ratelimit-count"] == "1"
        api.advance(minutes=4.9)
        assert get(api, "bluesky").status == 429
        api.advance(minutes=0.2)
        assert get(api, "bluesky").headers["x-ratelimit-count"] == "1"


def test_errors_count_towards_the_rate_limit(api: Sandbox) -> None:
    assert get(api, "bluesky", {"limit": "0"}).headers["x-ratelimit-count"] == "1"
    assert get(api, "nowhere").headers["x-ratelimit-count"] == "2"


# Time.
@each_platform
def test_equal_seeds_give_equal_bytes(name: str) -> None:
    bodies = []
    for seed in (3, 3, 4):
        with sandbox(seed=seed, profiles=["cafe"], posts=30) as api:
            get(api, "bluesky", profile="cafe")
            api.advance(days=2)
            bodies.append(
                [page.body for label in ("", "cafe") for page in iter_responses(api, name, limit=20, profile=label)]
            )
    assert bodies[0] == bodies[1]
    assert not set(bodies[0]) & set(bodies[2])


def test_numbers_are_constant_until_the_next_update(api: Sandbox) -> None:
    first = get(api, "tiktok")
    api.advance(minutes=32.4)
    assert get(api, "tiktok").body == first.body
    api.advance(minutes=0.1)
    second = get(api, "tiktok")
    assert second.json["lastUpdated"] == first.json["nextUpdate"]
    assert second.body != first.body


@pytest.mark.parametrize("days", [1, 45])
@each_platform
def test_later_history_has_new_posts_and_larger_numbers(api: Sandbox, name: str, days: int) -> None:
    before = [post for page in iter_responses(api, name, limit=500) for post in page.json["posts"]]
    assert api.advance(days=days) == api.now == SAMPLE_TIME + timedelta(days=days)
    after = [post for page in iter_responses(api, name, limit=500) for post in page.json["posts"]]
    old, now = [post["id"] for post in before], [post["id"] for post in after]
    assert now[len(now) - len(old) :] == old
    assert len(set(now)) == len(now)
    if days > 10:
        assert len(now) > len(old)
    if name in ("tiktok", "bluesky"):
        likes = {post["id"]: post.get("likeCount") for post in after}
        grown = [(post["likeCount"], likes[post["id"]]) for post in before if "likeCount" in post]
        assert all(earlier <= later for earlier, later in grown)
        assert any(earlier < later for earlier, later in grown)


def test_cursor_continues_at_the_same_post_after_new_posts(api: Sandbox) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    first = get(api, "bluesky", {"limit": 20})
    api.advance(days=20)
    second = get(api, "bluesky", {"limit": 20, "next": first.pagination["next"]})
    assert first.ids + second.ids == everything[:40]


def test_full_history_replaces_its_oldest_posts_by_new_ones() -> None:
    with sandbox(posts={"bluesky": 250}) as api:
        before = get(api, "bluesky", {"limit": 500}).ids
        api.advance(days=30)
        after = get(api, "bluesky", {"limit": 500}).ids
    assert len(after) == 250
    # At the maximum number of posts, each new post removes the oldest one.
    removed = 250 - before.index(after[-1]) - 1
    assert removed > 0
    assert after[removed:] == before[: 250 - removed]


def test_clock_moves_forwards_only(api: Sandbox) -> None:
    with pytest.raises(ValueError, match="forwards"):
        api.advance(days=-1)
    assert api.now == SAMPLE_TIME


def test_until_sets_the_start_time() -> None:
    start = datetime(2026, 5, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    with sandbox(until=start, posts=3, refresh_minutes=10) as api:
        assert api.now == datetime(2026, 5, 1, tzinfo=UTC)
        page = get(api, "bluesky")
    assert page.json["nextUpdate"] == "2026-05-01T00:10:00.000Z"
    assert page.headers["date"] == "Fri, 01 May 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("until", "now"),
    [
        (datetime(2026, 5, 1), datetime(2026, 5, 1, tzinfo=UTC)),  # noqa: DTZ001
        ("2026-05-01", datetime(2026, 5, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-05-01 02:00+02:00", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_until_accepts_every_form_of_a_time(until: Any, now: datetime) -> None:
    with sandbox(until=until, posts=np.int64(1)) as api:
        assert api.now == now


@pytest.mark.parametrize("until", [1777593600, "1.5.2026", True])
def test_until_that_is_no_time_raises(until: Any) -> None:
    with pytest.raises(ValueError, match="`until` must be a date"):
        sandbox(until=until)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"posts": True}, TypeError, "`posts` must be an integer of at least 0, got 'True' of type bool"),
        ({"posts": "x"}, TypeError, "`posts` must be an integer of at least 0, got 'x' of type str"),
        ({"posts": -1}, ValueError, "`posts` must be an integer of at least 0, got -1"),
        ({"posts": {"tiktok": -1}}, ValueError, r"`posts\['tiktok'\]` must be an integer of at least 0, got -1"),
        ({"posts": {"friendster": 3}}, ValueError, "Unknown platform"),
        ({"posts": {"tiktik": 3}}, ValueError, "Did you mean 'tiktok'"),
        ({"profiles": [""]}, ValueError, "labels in `profiles` must not be empty"),
        ({"profiles": "bakery"}, TypeError, r"`profiles` must be a list of labels .*, got 'bakery' of type str"),
        ({"profiles": 3}, TypeError, r"`profiles` must be a list of labels .*, got '3' of type int"),
        ({"profiles": [3]}, TypeError, "labels in `profiles` must be str, got '3' of type int"),
        ({"profiles": {"cafe": 1.5}}, TypeError, "must be an integer of at least 0, got '1.5' of type float"),
        ({"refresh_minutes": 0}, ValueError, "`refresh_minutes` must be greater than 0, got 0"),
        ({"refresh_minutes": "5"}, TypeError, "`refresh_minutes` must be a number"),
        ({"latency": -0.1}, ValueError, "`latency` must be a number of at least 0, got -0.1"),
        ({"latency": float("nan")}, ValueError, "`latency` must be a number of at least 0, got nan"),
        ({"rate_limit": 0}, ValueError, "`rate_limit` must be an integer of at least 1, got 0"),
        ({"seed": "a"}, TypeError, "`seed` must be an integer"),
    ],
)
def test_invalid_arguments_are_refused(arguments: Fields, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        sandbox(**arguments)
    assert isinstance(caught.value, TypeError) == (error is TypeError)


# HTTP.
def test_body_is_gzipped_on_request(api: Sandbox) -> None:
    plain, zipped = get(api, "tiktok"), get(api, "tiktok", headers={**keys(api), "Accept-Encoding": "deflate, gzip"})
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert len(zipped.body) < len(plain.body) / 2
    assert gzip.decompress(zipped.body) == plain.body


def test_twenty_concurrent_clients_reuse_their_connections(api: Sandbox) -> None:
    barrier = threading.Barrier(20)

    def load(number: int) -> list[tuple[int, str]]:
        connection, name = connect(api), NAMES[number % len(NAMES)]
        barrier.wait(10)
        connection.connect()
        socket = connection.sock
        responses = []
        for _ in range(5):
            page = send(connection, f"/api/history/{name}?limit=30", keys(api, "cafe" if number % 2 else ""))
            responses.append((page.status, page.ids[0]))
            assert connection.sock is socket
        connection.close()
        return responses

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(load, range(20)))
    assert all(status == 200 for responses in results for status, _ in responses)
    assert all(len(set(responses)) == 1 for responses in results)
    assert sorted(request.number for request in api.requests) == list(range(1, 101))
    assert all(request.status == 200 for request in api.requests)


def test_close_stops_all_threads_and_connections() -> None:
    before = set(threading.enumerate())
    api = sandbox(posts=3)
    idle, busy = connect(api), connect(api)
    assert send(idle, "/api/history/bluesky", keys(api)).status == 200
    api.misbehave("latency", 60)
    busy.request("GET", "/api/history/bluesky", headers=keys(api))
    while len(api.requests) < 2:
        time.sleep(0.001)
    start = time.monotonic()
    api.close()
    api.close()
    assert time.monotonic() - start < 3
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        get(api, "bluesky")
    assert len(api.requests) == 2
    idle.close()
    busy.close()


def test_request_that_breaks_off_in_its_body_is_ignored(api: Sandbox) -> None:
    with socket.create_connection(urlsplit(api.base_url).netloc.split(":")) as client:
        client.sendall(b"POST /api/analytics/post HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000) == b""
    assert api.requests == []


def test_interpreter_exits_with_an_open_sandbox() -> None:
    program = (
        "import http.client, os, sys\n"
        "from ayrframe._sandbox.sandbox import sandbox\n"
        "api = sandbox(posts=2)\n"
        "connection = http.client.HTTPConnection(api.base_url.split('/')[2])\n"
        "connection.request('GET', '/api/history/bluesky', headers={'Authorization': 'Bearer ' + api.api_key})\n"
        "print(connection.getresponse().status)\n"
        "sys.stdout.flush()\n"
        "if os.fork() == 0: sys.exit(0)\n"
        "os.wait()\n"
    )
    # The program forks and does not close its connection on purpose, and the gate turns warnings into errors.
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n", "")


def test_import_does_not_load_the_server() -> None:
    program = (
        "import sys, ayrframe._sandbox.sandbox\n"
        "print({'http.server', 'socketserver', 'ayrframe._sandbox.synthetic', 'requests'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_sandbox_prints_nothing(api: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    get(api, "bluesky")
    get(api, "nowhere")
    connection = connect(api)
    connection.request("GET", "/api/history/tiktok?limit=155", headers=keys(api))
    connection.close()  # The client disconnects without reading.
    api.close()
    assert capfd.readouterr() == ("", "")


# Recorded requests and clients.
def test_requests_are_recorded_without_keys(api: Sandbox) -> None:
    get(api, "tiktok", {"limit": 5, "limits": api.api_key, "x": f"a{api.profile_keys['cafe']}b"}, profile="cafe")
    get(api, "nowhere", headers={})
    api.advance(days=1)
    get(api, "twitter")
    first, second, third = api.requests
    assert (first.number, first.method, first.path) == (1, "GET", "/api/history/tiktok")
    assert first.query == {"limit": "5", "limits": "[secret]", "x": "[secret]"}
    assert (first.platform, first.profile, first.status) == ("tiktok", "cafe", 400)
    assert (second.platform, second.profile, second.status) == (None, None, 403)
    assert (third.platform, third.profile, third.status) == ("twitter", "", 200)
    assert (first.time, third.time) == (SAMPLE_TIME, SAMPLE_TIME + timedelta(days=1))
    assert first.at <= second.at <= third.at
    assert not any(key in repr(api.requests) for key in (*keys(api, "cafe").values(), api.api_key))


def test_client_reads_no_key_from_the_environment(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "PROFILE_KEY", "X_API_KEY", "X_API_SECRET"):
        monkeypatch.setenv(f"AYRSHARE_{name}", f"REAL0000-REAL0000-REAL0000-{name}")
    monkeypatch.setenv("AYRSHARE_BASE_URL", "https://elsewhere.example/api")
    for label in ("", "cafe"):
        client = api.client(label, timeout=9)
        pages = list(iter_pages(client, PLATFORMS["twitter"], limit=120, headers=PLATFORMS["twitter"].headers))
        client.close()
        assert [len(page.envelope.items) for page in pages] == [100, 55]
        assert (client.base_url, client.timeout) == (api.base_url, 9)
        assert pages[0].received_at == api.now
    assert [request.profile for request in api.requests] == ["", "", "cafe", "cafe"]
    with pytest.raises(ValueError, match=r"Unknown profile 'bar'\. Further profiles of this sandbox: 'cafe'"):
        api.client("bar")


def test_sleepless_clients_move_the_clock_instead_of_waiting() -> None:
    with sandbox(posts=2, rate_limit=20, sleepless=True) as api:
        client = api.client()
        start = time.monotonic()
        for _ in range(60):
            list(iter_pages(client, PLATFORMS["bluesky"]))
        client.close()
        assert time.monotonic() - start < 20
        assert api.now >= SAMPLE_TIME + timedelta(minutes=10)
        assert {request.status for request in api.requests} == {200}


def test_latency_delays_every_response() -> None:
    with sandbox(posts=2, latency=0.1) as api:
        start = time.monotonic()
        assert [get(api, "bluesky").status, get(api, "nowhere").status] == [200, 404]
        assert 0.2 <= time.monotonic() - start < 2


# Faults.
def test_rules_select_requests(api: Sandbox) -> None:
    api.misbehave("status", 503, times=2, platform="x")
    api.misbehave("status", 502, after=1, times=1, profile="cafe")
    api.misbehave("status", 500, when=lambda request: request.query.get("limit") == "7" and request.status == 0)
    assert [get(api, "twitter").status for _ in range(3)] == [503, 503, 200]
    assert [get(api, "tiktok", profile="cafe").status for _ in range(3)] == [200, 502, 200]
    assert get(api, "tiktok", {"limit": 7}).status == 500
    assert api.requests[-1].status == 500
    api.behave()
    assert get(api, "tiktok", {"limit": 7}).status == 200


def test_rules_apply_in_order(api: Sandbox) -> None:
    api.misbehave("status", 503, body="first")
    api.misbehave("status", 502, body="second")
    api.misbehave("headers", {"Retry-After": "7"})
    page = get(api, "bluesky")
    assert (page.status, page.body, page.headers["retry-after"]) == (502, b"second", "7")


@pytest.mark.parametrize(
    ("fault", "options", "error", "message"),
    [
        ("explode", {}, ValueError, r"Unknown kind of fault 'explode'\. Choose from: latency, status"),
        ("stauts", {}, ValueError, "Unknown kind of fault 'stauts'. Did you mean 'status'"),
        (["cut"], {}, TypeError, "`kind` must be a str"),
        ("cut", {"platform": "friendster"}, ValueError, "Unknown platform"),
        ("cut", {"profile": "backery"}, ValueError, "Unknown profile 'backery'. Did you mean 'bakery'"),
        ("cut", {"retry_after": 3}, TypeError, "The fault 'cut' has no option 'retry_after'. Its options: none"),
        ("status", {"retry_aftr": 3}, TypeError, "no option 'retry_aftr'. Did you mean 'retry_after'"),
        ("cut", {"value": "half"}, TypeError, "`value` must be a number of at least 0, got 'half' of type str"),
        ("status", {"value": 5.5}, TypeError, "`value` must be an integer of at least 0"),
        ("overlap", {"value": -1}, ValueError, "`value` must be an integer of at least 0, got -1"),
        ("headers", {}, TypeError, "`value` of the fault 'headers' must be a dict, got 'None' of type NoneType"),
        ("drift", {"value": [1]}, TypeError, "`value` of the fault 'drift' must be a dict"),
        ("no_cursor", {"value": 1}, TypeError, "The fault 'no_cursor' has no value"),
        ("cut", {"times": 1.5}, TypeError, "`times` must be an integer"),
        ("cut", {"after": -1}, ValueError, "`after` must be an integer of at least 0, got -1"),
        ("cut", {"when": "always"}, TypeError, "`when` must be a function of a request"),
    ],
)
def test_invalid_faults_are_refused(fault: Any, options: Fields, error: type[Exception], message: str) -> None:
    with sandbox(profiles=["bakery"]) as api, pytest.raises(error, match=message) as caught:
        api.misbehave(fault, **options)
    assert isinstance(caught.value, TypeError) == (error is TypeError)


def test_latency_rule_delays_the_response(api: Sandbox) -> None:
    api.misbehave("latency", 0.15, times=1)
    start = time.monotonic()
    get(api, "bluesky")
    assert time.monotonic() - start >= 0.15


@pytest.mark.parametrize("status", [400, 401, 403, 404, 419, 429, 500, 502, 503, 504])
def test_status_rule_sends_a_documented_error(api: Sandbox, status: int) -> None:
    api.misbehave("status", status)
    page = get(api, "bluesky")
    assert page.error == (status, status)
    assert "retry-after" not in page.headers
    assert page.headers["x-ratelimit-count"] == "1"


@pytest.mark.parametrize("value", [1, "soon", "Wed, 21 Oct 2026 07:28:00 GMT", 0, ""])
def test_status_rule_sends_retry_after(api: Sandbox, value: object) -> None:
    api.misbehave("status", 429, retry_after=value)
    assert get(api, "bluesky").headers["retry-after"] == str(value)


def test_status_rule_sends_another_body(api: Sandbox) -> None:
    api.misbehave("status", 502, body=" <html><title>Bad Gateway</title></html>", times=1)
    page = get(api, "bluesky")
    assert (page.status, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert page.body == b" <html><title>Bad Gateway</title></html>"
    api.misbehave("status", 200, body={"status": "error", "code": 187, "message": "é"}, times=1)
    page = get(api, "bluesky")
    assert (page.status, page.json["code"]) == (200, 187)
    api.misbehave("status", 200, body=b"\xff", times=1)
    assert get(api, "bluesky").body == b"\xff"
    connection = connect(api)
    api.misbehave("status", 204, times=1)
    assert send(connection, "/api/history/bluesky", keys(api)).status == 204
    assert send(connection, "/api/history/bluesky", keys(api)).status == 200
    connection.close()


def test_headers_rule_adds_and_removes_headers(api: Sandbox) -> None:
    api.misbehave("headers", {"x-ratelimit-max": "many", "x-ratelimit-count": None})
    headers = get(api, "bluesky").headers
    assert headers["x-ratelimit-max"] == "many"
    assert "x-ratelimit-count" not in headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_cut_rule_truncates_the_body(api: Sandbox, encoding: str) -> None:
    api.misbehave("cut", 0.25, times=1)
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(api, "bluesky", headers={**keys(api), "Accept-Encoding": encoding})
    whole = len(caught.value.partial) + (caught.value.expected or 0)
    assert abs(len(caught.value.partial) - whole / 4) < 2
    assert get(api, "bluesky").status == 200


def test_drift_rule_sets_fields_on_every_post(api: Sandbox) -> None:
    api.misbehave("drift", times=1)
    api.misbehave("drift", {"likeCount": {"total": 3}}, after=1, times=1)
    undeclared, mistyped, right = (get(api, "tiktok").json["posts"] for _ in range(3))
    assert all(set(there) - set(was) == {"sandboxDrift"} for there, was in zip(undeclared, right, strict=True))
    assert [post["likeCount"] for post in mistyped] == [{"total": 3}] * 10
    assert all(isinstance(post.get("likeCount", 0), int) for post in right)


@pytest.mark.parametrize(("kind", "status", "word"), [("beside_error", 400, "error"), ("partial", 200, "partial")])
def test_error_response_contains_posts(api: Sandbox, kind: str, status: int, word: str) -> None:
    right = get(api, "tiktok")
    api.misbehave(kind)
    page = get(api, "tiktok")
    assert (page.status, page.json["status"]) == (status, word)
    assert page.json["posts"][:-1] == right.json["posts"][:-1]
    record = page.json["posts"][-1]
    assert (record["id"], record["action"], record["code"], record["status"]) == (
        right.ids[-1],
        "analytics",
        187,
        "error",
    )
    (reply,) = parse_envelopes(page.body, "the reply")
    assert len(reply.items) == 10
    assert len(reply.warnings) == 1


def test_error_response_with_another_status_contains_posts(api: Sandbox) -> None:
    api.misbehave("beside_error", 200)
    page = get(api, "tiktok")
    assert (page.status, page.json["status"]) == (200, "error")
    assert get(api, "nowhere").status == 404


@pytest.mark.parametrize(("length", "shape"), [(1, "-AAAA"), (2, "-ABAB"), (3, "-ABCA")])
def test_loop_rule_repeats_cursors(api: Sandbox, length: int, shape: str) -> None:
    api.misbehave("loop", length)
    names: dict[str, str] = {}
    seen, next_page = "-", ""
    for _ in range(4):
        page = get(api, "bluesky", {"limit": 20} | ({"next": next_page} if next_page else {}))
        next_page = page.pagination["next"]
        seen += names.setdefault(next_page, "ABCDE"[len(names)])
    assert seen == shape


@pytest.mark.parametrize(("length", "status"), [(1, [200, 200]), (2, [200, 200, 200])])
def test_client_detects_a_cursor_loop(length: int, status: list[int]) -> None:
    with sandbox(posts={"bluesky": 250}) as api:
        api.misbehave("loop", length)
        client = api.client()
        with pytest.raises(ResponseError):
            list(iter_pages(client, PLATFORMS["bluesky"]))
        client.close()
        assert [request.status for request in api.requests] == status


def test_overlap_rule_repeats_posts(api: Sandbox) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    api.misbehave("overlap", 3)
    pages = [page.ids for page in iter_responses(api, "bluesky", limit=20)]
    assert all(second[:3] == first[-3:] for first, second in pairwise(pages))
    assert list(dict.fromkeys(post for page in pages for post in page)) == everything
    api.behave()
    api.misbehave("overlap", 99)  # More than a page has: each page still has one new post.
    assert (
        list(dict.fromkeys(post for page in iter_responses(api, "bluesky", limit=150) for post in page.ids))
        == everything
    )


@pytest.mark.parametrize("row", [1, 3])
def test_empty_rule_inserts_pages_without_posts(api: Sandbox, row: int) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    api.misbehave("empty", row)
    pages = list(iter_responses(api, "bluesky", limit=50))
    assert [len(page.ids) for page in pages] == [*[0] * row, 50] * 3 + [*[0] * row, 5]
    assert all(page.pagination["hasMore"] for page in pages[:-1])
    assert [post for page in pages for post in page.ids] == everything
    cursors = [page.pagination["next"] for page in pages[:-1]]
    assert len(set(cursors)) == len(cursors)


def test_no_cursor_rule_removes_pagination(api: Sandbox) -> None:
    api.misbehave("no_cursor", platform="tiktok")
    page = get(api, "tiktok")
    assert list(page.json) == ["status", "posts", "lastUpdated", "nextUpdate"]
    assert len(page.ids) == 10
    assert get(api, "bluesky").pagination["hasMore"]


def test_test_process_has_no_key() -> None:
    assert "AYRSHARE_API_KEY" not in os.environ


# Account analytics


def ask_accounts(
    api: Sandbox, body: Any, *, method: str = "POST", profile: str = "", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    connection = connect(api)
    try:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        all_headers = {**(keys(api, profile) if headers is None else headers), "Content-Length": str(len(content))}
        connection.request(method, "/api/analytics/social", content, all_headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_accounts_of_several_platforms_are_blocks_of_one_response() -> None:
    with sandbox(posts={"x": 4, "youtube": 6}, refresh_minutes=30) as api:
        status, fields = ask_accounts(api, {"platforms": ["youtube", "twitter", "tiktok"]})
        assert (status, fields["status"]) == (200, "success")
        assert fields["youtube"]["analytics"]["videoCount"] == "6"
        assert fields["youtube"]["analytics"]["subscriberCount"].isdigit()
        assert fields["youtube"]["nextUpdate"] > fields["youtube"]["lastUpdated"]
        assert (fields["tiktok"]["code"], "analytics" in fields["tiktok"]) == (156, False)
        before = fields["twitter"]["analytics"]
        assert ask_accounts(api, {"platforms": ["twitter"]})[1]["twitter"]["analytics"] == before
        api.advance(days=60)
        after = ask_accounts(api, {"platforms": ["twitter"]})[1]["twitter"]["analytics"]
        assert after["followersCount"] > before["followersCount"]
        assert after["tweetCount"] > before["tweetCount"] == 4
        assert (after["username"], after["location"]) == (before["username"], before["location"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"platforms": ["tiktok"], "colour": "red"}, 400, 101),
        ({"platforms": ["bluesky"], "daily": True}, 400, 101),
        ({"platforms": ["tiktok"], "quarters": 5}, 400, 101),
        ({"platforms": ["tiktok"], "daily": "yes"}, 400, 101),
        ({"platforms": ["twitter"], "userId": "1"}, 200, None),
        ({"platforms": ["myspace"]}, 400, 101),
        ({"platforms": []}, 400, 101),
        ([], 400, 101),
        (b"{", 400, 101),
        ({"platforms": ["youtube"], "youtube": {"lifetime": True}}, 200, None),
    ],
)
def test_accounts_body_is_checked(body: Any, status: int, code: int | None) -> None:
    with sandbox(posts=2) as api:
        found, fields = ask_accounts(api, body)
        assert (found, fields.get("code")) == (status, code)


def test_accounts_need_keys_and_the_method_post() -> None:
    with sandbox(posts={"x": 2}, profiles=["cafe"], rate_limit=6) as api:
        bearer = {"Authorization": f"Bearer {api.api_key}"}
        assert ask_accounts(api, {"platforms": ["twitter"]}, headers={})[0] == 403
        status, fields = ask_accounts(api, {"platforms": ["twitter"]}, headers=bearer)
        assert (status, fields["twitter"]["code"]) == (400, 419)
        assert ask_accounts(api, {"platforms": ["twitter"]}, method="GET")[0] == 405
        assert ask_accounts(api, {"platforms": ["twitter"], "userName": "a"}, profile="cafe")[0] == 400
        first, other = (
            ask_accounts(api, {"platforms": ["twitter"], "userName": name})[1]["twitter"]["analytics"]
            for name in ("a", "b")
        )
        assert (first["username"], first["followersCount"] != other["followersCount"]) == ("a", True)
        for _ in range(4):
            status, _fields = ask_accounts(api, {"platforms": ["twitter"]})
        assert status == 429
        assert {request.platform for request in api.requests} == {"twitter"}


def test_accounts_have_demographics_and_a_warning_with_quarters_only() -> None:
    with sandbox(posts=2) as api:
        without = ask_accounts(api, {"platforms": ["instagram", "facebook", "tiktok"]})[1]
        quarters = ask_accounts(api, {"platforms": ["instagram", "facebook", "tiktok"], "quarters": 1})[1]
        assert "audienceCountry" not in without["instagram"]["analytics"]
        followers = quarters["instagram"]["analytics"]["followersCount"]
        assert sum(quarters["instagram"]["analytics"]["audienceGenderAge"].values()) == followers
        shares = quarters["tiktok"]["analytics"]["audienceAges"]
        assert sum(entry["percentage"] for entry in shares) == pytest.approx(1)
        assert quarters["facebook"]["warning"][0]["code"] == 395
        assert "warning" not in without["facebook"]
        reactions = without["facebook"]["analytics"]["reactions"]
        assert sum(reactions.values()) == 2 * reactions["total"]


def test_accounts_obey_faults_and_loads_recover() -> None:
    with sandbox(posts=2, sleepless=True) as api:
        api.misbehave("status", 503, times=2, platform="tiktok")
        assert len(ayr.accounts(["tiktok", "bluesky"], client=api.client())) == 2
        assert [request.status for request in api.requests if request.platform == "tiktok"] == [503, 503, 200]
