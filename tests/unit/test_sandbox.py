"""The sandbox answers as the documentation says, on the same posts each time, and misbehaves as it is told."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
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

import pytest

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
        found: Fields = json.loads(self.body)
        return found

    @property
    def ids(self) -> list[str]:
        return [post["id"] for post in self.json["posts"]]

    @property
    def pagination(self) -> Fields:
        found: Fields = self.json["meta"]["pagination"]
        return found

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
    """Go through all pages, and never more than twenty."""
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


# The history.
@each_platform
def test_a_page_has_the_documented_envelope(api: Sandbox, name: str) -> None:
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
def test_all_pages_together_are_the_sample_posts(api: Sandbox, name: str) -> None:
    found = list(iter_responses(api, name))
    assert [len(page.json["posts"]) for page in found] == [50, 50, 50, 5]
    assert found[-1].pagination == {"hasMore": False, "limit": 50}
    assert [post for page in found for post in page.json["posts"]] == synthetic_posts(PLATFORMS[name], SAMPLE_COUNT)
    assert SAMPLE_COUNT == _DEFAULT_POSTS


def test_a_cursor_is_opaque_and_looks_as_the_documented_one_does(api: Sandbox) -> None:
    cursor = get(api, "twitter").pagination["next"]
    assert cursor.startswith("eyJ0b2tlbiI6")
    assert set(json.loads(base64.b64decode(cursor))) == {"token"}


def test_the_text_is_what_javascript_writes(api: Sandbox) -> None:
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
def test_limit(api: Sandbox, limit: str, count: int) -> None:
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
def test_a_parameter_that_is_wrong_or_not_of_this_network_is_refused(api: Sandbox, name: str, query: Fields) -> None:
    page = get(api, name, query)
    assert page.error == (400, 101)
    assert next(iter(query)) in page.json["message"]


def test_the_table_of_parameters_is_the_documented_one() -> None:
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


def test_a_cursor_of_another_history_is_refused(api: Sandbox) -> None:
    cursor = get(api, "bluesky").pagination["next"]
    assert get(api, "bluesky", {"next": cursor}).status == 200
    assert get(api, "youtube", {"next": cursor}).error == (400, 101)
    assert get(api, "bluesky", {"next": cursor}, profile="cafe").error == (400, 101)


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_skip_analytics_leaves_the_id_alone(api: Sandbox, name: str) -> None:
    full, bare = get(api, name), get(api, name, {"skipAnalytics": "true"})
    assert bare.json["posts"] == [{"id": name} for name in full.ids]
    assert get(api, name, {"skipAnalytics": "false"}).body == full.body


def test_since_and_until_are_whole_days_and_inclusive(api: Sandbox) -> None:
    days = [post["created"][:10] for post in get(api, "facebook", {"limit": 500}).json["posts"]]
    first, last = days[60], days[30]
    asked = {"since": first, "until": last}
    found = [
        post["created"][:10]
        for page in iter_responses(api, "facebook", limit=7, **asked)
        for post in page.json["posts"]
    ]
    assert found == [day for day in days if first <= day <= last]
    assert (found[0], found[-1]) == (last, first)


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_data_type_divides_the_posts(api: Sandbox, name: str) -> None:
    everything, proper, stories = (
        [post for page in iter_responses(api, name, **query) for post in page.json["posts"]]
        for query in ({}, {"dataType": "posts"}, {"dataType": "stories"})
    )
    assert len(proper) + len(stories) == len(everything) == 155
    assert stories
    field, mark = {"facebook": ("statusType", "published"), "instagram": ("mediaProductType", "STORY")}[name]
    assert all(post[field] == mark for post in stories)
    assert not any(post.get(field) == mark for post in proper)


def test_page_published_keeps_the_pages_own_posts(api: Sandbox) -> None:
    own = get(api, "facebook", {"pagePublished": "true", "limit": 500})
    assert own.ids == get(api, "facebook", {"limit": 500}).ids
    assert all(post.get("statusType") != "wall_post" for post in own.json["posts"])


@pytest.mark.parametrize("parameter", ["userId", "userName"])
def test_another_user_of_x_has_other_posts_without_private_numbers(api: Sandbox, parameter: str) -> None:
    own, other = get(api, "twitter"), get(api, "twitter", {parameter: "someone"})
    assert other.status == 200
    assert not set(own.ids) & set(other.ids)
    assert any("nonPublicMetrics" in post for post in own.json["posts"])
    assert not any({"nonPublicMetrics", "organicMetrics"} & post.keys() for post in other.json["posts"])
    assert all("publicMetrics" in post for post in other.json["posts"])
    media = [medium for post in other.json["posts"] for medium in post.get("media", [])]
    assert media
    assert get(api, "twitter", {parameter: "someone"}, profile="cafe").error == (400, 101)


# Keys, profiles, errors.
def test_keys_are_made_up_and_shaped_as_the_real_ones(api: Sandbox) -> None:
    made = [api.api_key, api.x_api_key, api.x_api_secret, *api.profile_keys.values()]
    assert len(set(made)) == 4
    for key in made:
        groups = key.split("-")
        assert [len(group) for group in groups] == [8] * 4
        assert groups[:3] == ["SANDBOX0"] * 3
        assert key not in repr(api)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "{key}"])
def test_without_the_api_key_the_answer_is_403(api: Sandbox, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.format(key=api.api_key)}
    page = get(api, "bluesky", headers=headers)
    assert page.error == (403, 403)
    assert page.json["message"] == "API Key not valid"
    assert "x-ratelimit-count" not in page.headers


def test_an_unknown_profile_key_is_403(api: Sandbox) -> None:
    assert get(api, "bluesky", headers={**keys(api), "Profile-Key": "nobody"}).error == (403, 403)
    assert get(api, "bluesky", headers={"Profile-Key": api.profile_keys["cafe"]}).error == (403, 403)


def test_x_wants_its_two_headers(api: Sandbox) -> None:
    for left_out in PLATFORMS["twitter"].headers:
        headers = {name: value for name, value in keys(api).items() if name != left_out}
        page = get(api, "twitter", headers=headers)
        assert page.error == (400, 419)
        assert left_out in page.json["message"]
        assert get(api, "tiktok", headers=headers).status == 200
    first, second = PLATFORMS["twitter"].headers
    swapped = {**keys(api), first: api.x_api_secret, second: api.x_api_key}
    assert get(api, "twitter", headers=swapped).error == (400, 419)


def test_a_network_that_is_not_linked_is_156() -> None:
    with sandbox(posts={"x": 3}, profiles={"cafe": ["tiktok", "threads"], "bar": {"tiktok": 4}}) as api:
        assert [name for name in NAMES if get(api, name).status == 200] == ["twitter"]
        assert [name for name in NAMES if get(api, name, profile="cafe").status == 200] == ["threads", "tiktok"]
        assert get(api, "facebook", profile="cafe").error == (400, 156)
        assert len(get(api, "tiktok", profile="bar").ids) == 4
        assert len(get(api, "tiktok", {"limit": 500}, profile="cafe").ids) == 155


def test_an_empty_history_is_the_nested_221() -> None:
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
def test_an_unknown_address_is_404(api: Sandbox, path: str, code: int) -> None:
    connection = connect(api)
    assert send(connection, path, keys(api)).error == (404, code)
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_another_method_is_405(api: Sandbox, method: str) -> None:
    connection = connect(api)
    page = send(connection, "/api/history/bluesky", keys(api), method, "" if method == "HEAD" else "some body")
    assert (page.status, page.headers["allow"]) == (405, "GET")
    assert bool(page.body) is (method != "HEAD")
    assert send(connection, "/api/history/bluesky", keys(api)).status == 200
    connection.close()


def test_profiles_are_never_mixed() -> None:
    labels = [f"profile {number}" for number in range(9)]
    with sandbox(profiles=labels, posts=40) as api:
        ids = {
            (label, name): {post for page in iter_responses(api, name, profile=label) for post in page.ids}
            for label in ["", *labels]
            for name in ("bluesky", "facebook", "twitter")
        }
        asked = {(request.profile, request.platform) for request in api.requests}
    assert all(len(found) == 40 for found in ids.values())
    assert len(set().union(*ids.values())) == 40 * 30
    assert asked == set(ids)


def test_the_rate_limit_counts_each_profile_by_itself() -> None:
    with sandbox(profiles=["cafe"], rate_limit=3, posts=2) as api:
        found = [get(api, "bluesky") for _ in range(5)]
        assert [page.status for page in found] == [200, 200, 200, 429, 429]
        assert [page.headers["x-ratelimit-count"] for page in found] == ["1", "2", "3", "4", "5"]
        assert {page.headers["x-ratelimit-max"] for page in found} == {"3"}
        assert found[3].error == (429, 429)
        assert "retry-after" not in found[3].headers
        assert get(api, "bluesky", profile="cafe").headers["x-ratelimit-count"] == "1"
        api.advance(minutes=4.9)
        assert get(api, "bluesky").status == 429
        api.advance(minutes=0.2)
        assert get(api, "bluesky").headers["x-ratelimit-count"] == "1"


def test_errors_count_as_requests_too(api: Sandbox) -> None:
    assert get(api, "bluesky", {"limit": "0"}).headers["x-ratelimit-count"] == "1"
    assert get(api, "nowhere").headers["x-ratelimit-count"] == "2"


# Time.
@each_platform
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
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


def test_the_numbers_stay_until_the_next_update(api: Sandbox) -> None:
    first = get(api, "tiktok")
    api.advance(minutes=32.4)
    assert get(api, "tiktok").body == first.body
    api.advance(minutes=0.1)
    second = get(api, "tiktok")
    assert second.json["lastUpdated"] == first.json["nextUpdate"]
    assert second.body != first.body


@pytest.mark.parametrize("days", [1, 45])
@each_platform
def test_later_there_are_new_posts_before_the_same_old_ones_with_numbers_that_grew(
    api: Sandbox, name: str, days: int
) -> None:
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


def test_a_cursor_goes_on_at_the_same_post_though_new_ones_came(api: Sandbox) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    first = get(api, "bluesky", {"limit": 20})
    api.advance(days=20)
    second = get(api, "bluesky", {"limit": 20, "next": first.pagination["next"]})
    assert first.ids + second.ids == everything[:40]


def test_a_full_calendar_gives_its_oldest_posts_for_new_ones() -> None:
    with sandbox(posts={"bluesky": 250}) as api:
        before = get(api, "bluesky", {"limit": 500}).ids
        api.advance(days=30)
        after = get(api, "bluesky", {"limit": 500}).ids
    assert len(after) == 250
    # With no room left, as many of the oldest fall out as new ones come.
    fallen = 250 - before.index(after[-1]) - 1
    assert fallen > 0
    assert after[fallen:] == before[: 250 - fallen]


def test_the_clock_only_goes_forwards(api: Sandbox) -> None:
    with pytest.raises(ValueError, match="forwards"):
        api.advance(days=-1)
    assert api.now == SAMPLE_TIME


def test_it_may_begin_at_another_time() -> None:
    start = datetime(2026, 5, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    with sandbox(until=start, posts=3, refresh_minutes=10) as api:
        assert api.now == datetime(2026, 5, 1, tzinfo=UTC)
        page = get(api, "bluesky")
    assert page.json["nextUpdate"] == "2026-05-01T00:10:00.000Z"
    assert page.headers["date"] == "Fri, 01 May 2026 00:00:00 GMT"
    with pytest.raises(ValueError, match="time zone"):
        sandbox(until=datetime(2026, 5, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"posts": -1}, "0 posts or more"),
        ({"posts": {"friendster": 3}}, "no platform"),
        ({"profiles": [""]}, "labels"),
        ({"refresh_minutes": 0}, "more than 0"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: Fields, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sandbox(**arguments)


# HTTP.
def test_gzip_when_it_is_asked_for(api: Sandbox) -> None:
    plain, zipped = get(api, "tiktok"), get(api, "tiktok", headers={**keys(api), "Accept-Encoding": "deflate, gzip"})
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert len(zipped.body) < len(plain.body) / 2
    assert gzip.decompress(zipped.body) == plain.body


def test_twenty_clients_keep_their_connections(api: Sandbox) -> None:
    barrier = threading.Barrier(20)

    def load(number: int) -> list[tuple[int, str]]:
        connection, name = connect(api), NAMES[number % len(NAMES)]
        barrier.wait(10)
        connection.connect()
        socket = connection.sock
        found = []
        for _ in range(5):
            page = send(connection, f"/api/history/{name}?limit=30", keys(api, "cafe" if number % 2 else ""))
            found.append((page.status, page.ids[0]))
            assert connection.sock is socket
        connection.close()
        return found

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(load, range(20)))
    assert all(status == 200 for found in results for status, _ in found)
    assert all(len(set(found)) == 1 for found in results)
    assert sorted(request.number for request in api.requests) == list(range(1, 101))
    assert all(request.status == 200 for request in api.requests)


def test_close_leaves_nothing_behind() -> None:
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


def test_an_interpreter_ends_though_a_sandbox_is_open() -> None:
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
    # The program leaves its connection open on purpose, and the gate makes each warning an error.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n", "")


def test_importing_the_sandbox_loads_no_server() -> None:
    program = (
        "import sys, ayrframe._sandbox.sandbox\n"
        "print({'http.server', 'socketserver', 'ayrframe._sandbox.synthetic', 'requests'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_nothing_is_printed(api: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    get(api, "bluesky")
    get(api, "nowhere")
    connection = connect(api)
    connection.request("GET", "/api/history/tiktok?limit=155", headers=keys(api))
    connection.close()  # The client disconnects without reading.
    api.close()
    assert capfd.readouterr() == ("", "")


# What it keeps of requests, and its clients.
def test_requests_are_noted_without_keys(api: Sandbox) -> None:
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


def test_a_client_takes_nothing_from_the_environment(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "PROFILE_KEY", "X_API_KEY", "X_API_SECRET"):
        monkeypatch.setenv(f"AYRSHARE_{name}", f"REAL0000-REAL0000-REAL0000-{name}")
    monkeypatch.setenv("AYRSHARE_BASE_URL", "https://elsewhere.example/api")
    for label in ("", "cafe"):
        client = api.client(label, timeout=9)
        found = list(iter_pages(client, PLATFORMS["twitter"], limit=120, headers=PLATFORMS["twitter"].headers))
        client.close()
        assert [len(page.reply.items) for page in found] == [100, 55]
        assert (client.base_url, client.timeout) == (api.base_url, 9)
        assert found[0].received_at == api.now
    assert [request.profile for request in api.requests] == ["", "", "cafe", "cafe"]
    with pytest.raises(ValueError, match=r"'bar' is no profile of this sandbox\. There are: 'cafe'"):
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


def test_latency_is_for_every_answer() -> None:
    with sandbox(posts=2, latency=0.1) as api:
        start = time.monotonic()
        assert [get(api, "bluesky").status, get(api, "nowhere").status] == [200, 404]
        assert 0.2 <= time.monotonic() - start < 2


# Misbehaving.
def test_rules_choose_their_requests(api: Sandbox) -> None:
    api.misbehave("status", 503, times=2, platform="x")
    api.misbehave("status", 502, after=1, times=1, profile="cafe")
    api.misbehave("status", 500, when=lambda request: request.query.get("limit") == "7" and request.status == 0)
    assert [get(api, "twitter").status for _ in range(3)] == [503, 503, 200]
    assert [get(api, "tiktok", profile="cafe").status for _ in range(3)] == [200, 502, 200]
    assert get(api, "tiktok", {"limit": 7}).status == 500
    assert api.requests[-1].status == 500
    api.behave()
    assert get(api, "tiktok", {"limit": 7}).status == 200


def test_rules_work_one_after_the_other(api: Sandbox) -> None:
    api.misbehave("status", 503, body="first")
    api.misbehave("status", 502, body="second")
    api.misbehave("headers", {"Retry-After": "7"})
    page = get(api, "bluesky")
    assert (page.status, page.body, page.headers["retry-after"]) == (502, b"second", "7")


def test_misbehaviour_that_does_not_exist_is_refused(api: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"'explode' is no way to misbehave\. There are: latency, status"):
        api.misbehave("explode")
    with pytest.raises(ValueError, match="no platform"):
        api.misbehave("cut", platform="friendster")
    with pytest.raises(TypeError):
        api.misbehave("cut", retry_after=3)


def test_latency_of_a_rule(api: Sandbox) -> None:
    api.misbehave("latency", 0.15, times=1)
    start = time.monotonic()
    get(api, "bluesky")
    assert time.monotonic() - start >= 0.15


@pytest.mark.parametrize("status", [400, 401, 403, 404, 419, 429, 500, 502, 503, 504])
def test_status_with_a_body_of_the_documented_shape(api: Sandbox, status: int) -> None:
    api.misbehave("status", status)
    page = get(api, "bluesky")
    assert page.error == (status, status)
    assert "retry-after" not in page.headers
    assert page.headers["x-ratelimit-count"] == "1"


@pytest.mark.parametrize("value", [1, "soon", "Wed, 21 Oct 2026 07:28:00 GMT", 0, ""])
def test_status_429_with_retry_after(api: Sandbox, value: object) -> None:
    api.misbehave("status", 429, retry_after=value)
    assert get(api, "bluesky").headers["retry-after"] == str(value)


def test_status_with_another_body(api: Sandbox) -> None:
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


def test_headers_more_and_fewer(api: Sandbox) -> None:
    api.misbehave("headers", {"x-ratelimit-max": "lots", "x-ratelimit-count": None})
    headers = get(api, "bluesky").headers
    assert headers["x-ratelimit-max"] == "lots"
    assert "x-ratelimit-count" not in headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_body_that_is_cut(api: Sandbox, encoding: str) -> None:
    api.misbehave("cut", 0.25, times=1)
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(api, "bluesky", headers={**keys(api), "Accept-Encoding": encoding})
    whole = len(caught.value.partial) + (caught.value.expected or 0)
    assert abs(len(caught.value.partial) - whole / 4) < 2
    assert get(api, "bluesky").status == 200


def test_drift(api: Sandbox) -> None:
    api.misbehave("drift", times=1)
    api.misbehave("drift", {"likeCount": {"total": 3}}, after=1, times=1)
    undeclared, mistyped, right = (get(api, "tiktok").json["posts"] for _ in range(3))
    assert all(set(there) - set(was) == {"sandboxDrift"} for there, was in zip(undeclared, right, strict=True))
    assert [post["likeCount"] for post in mistyped] == [{"total": 3}] * 10
    assert all(isinstance(post.get("likeCount", 0), int) for post in right)


@pytest.mark.parametrize(("kind", "status", "word"), [("beside_error", 400, "error"), ("partial", 200, "partial")])
def test_posts_beside_an_error(api: Sandbox, kind: str, status: int, word: str) -> None:
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


def test_posts_beside_an_error_with_another_status(api: Sandbox) -> None:
    api.misbehave("beside_error", 200)
    page = get(api, "tiktok")
    assert (page.status, page.json["status"]) == (200, "error")
    assert get(api, "nowhere").status == 404


@pytest.mark.parametrize(("length", "shape"), [(1, "-AAAA"), (2, "-ABAB"), (3, "-ABCA")])
def test_cursors_that_lead_in_a_circle(api: Sandbox, length: int, shape: str) -> None:
    api.misbehave("loop", length)
    names: dict[str, str] = {}
    seen, next_page = "-", ""
    for _ in range(4):
        page = get(api, "bluesky", {"limit": 20} | ({"next": next_page} if next_page else {}))
        next_page = page.pagination["next"]
        seen += names.setdefault(next_page, "ABCDE"[len(names)])
    assert seen == shape


@pytest.mark.parametrize(("length", "status"), [(1, [200, 200]), (2, [200, 200, 200])])
def test_the_client_notices_the_circle(length: int, status: list[int]) -> None:
    with sandbox(posts={"bluesky": 250}) as api:
        api.misbehave("loop", length)
        client = api.client()
        with pytest.raises(ResponseError):
            list(iter_pages(client, PLATFORMS["bluesky"]))
        client.close()
        assert [request.status for request in api.requests] == status


def test_pages_that_overlap(api: Sandbox) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    api.misbehave("overlap", 3)
    found = [page.ids for page in iter_responses(api, "bluesky", limit=20)]
    assert all(second[:3] == first[-3:] for first, second in pairwise(found))
    assert list(dict.fromkeys(post for page in found for post in page)) == everything
    api.behave()
    api.misbehave("overlap", 99)  # More than a page holds: it still goes on, by one.
    assert (
        list(dict.fromkeys(post for page in iter_responses(api, "bluesky", limit=150) for post in page.ids))
        == everything
    )


@pytest.mark.parametrize("row", [1, 3])
def test_pages_without_posts_that_are_not_the_last(api: Sandbox, row: int) -> None:
    everything = get(api, "bluesky", {"limit": 500}).ids
    api.misbehave("empty", row)
    found = list(iter_responses(api, "bluesky", limit=50))
    assert [len(page.ids) for page in found] == [*[0] * row, 50] * 3 + [*[0] * row, 5]
    assert all(page.pagination["hasMore"] for page in found[:-1])
    assert [post for page in found for post in page.ids] == everything
    cursors = [page.pagination["next"] for page in found[:-1]]
    assert len(set(cursors)) == len(cursors)


def test_a_network_that_says_nothing_of_pages(api: Sandbox) -> None:
    api.misbehave("no_cursor", platform="tiktok")
    page = get(api, "tiktok")
    assert list(page.json) == ["status", "posts", "lastUpdated", "nextUpdate"]
    assert len(page.ids) == 10
    assert get(api, "bluesky").pagination["hasMore"]


def test_the_test_process_has_no_key() -> None:
    assert "AYRSHARE_API_KEY" not in os.environ
