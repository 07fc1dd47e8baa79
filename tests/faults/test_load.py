"""Test rows of the fault table with whole loads: frames, archives, threads, interrupts and secrets."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._api.fetch import FetchResult, fetch_target
from tests.faults.load_client import SLACK

READ_AT = "2026-02-27T06:30:00.000Z"
PACKAGE = str(Path(ayr.__file__).parent)


@pytest.fixture(autouse=True)
def no_keys_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AYRSHARE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def api() -> Iterator[Any]:
    with ayr.sandbox(posts=6, profiles=["cafe", "shop"], sleepless=True) as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> ayr.Archive:
    return ayr.Archive(tmp_path / "archive")


def post(name: str, created: str = "2026-02-20T10:00:00.000Z", **fields: Any) -> dict[str, Any]:
    return {"id": name, "post": f"post {name}", "postUrl": f"https://example.com/{name}", "created": created, **fields}


def at(cursor: str | None) -> Callable[[Any], bool]:
    return lambda request: request.query.get("next") == cursor


def history(api: Any, *pages: Sequence[object], cursors: Sequence[str] | None = None, **fields: Any) -> None:
    """Make Bluesky return these pages; `cursors` are their next cursors, by default c2, c3, ..."""
    names = cursors or [f"c{number}" for number in range(2, len(pages) + 1)]
    for number, posts in enumerate(pages):
        following = {"hasMore": True, "next": names[number]} if number < len(names) else {"hasMore": False}
        body = {"status": "success", "posts": posts, "lastUpdated": READ_AT, "meta": {"pagination": following}}
        asked = names[number - 1] if number else None
        api.misbehave("status", 200, body={**body, **fields}, platform="bluesky", when=at(asked))


def five_pages(api: Any) -> list[str]:
    names = [f"p{index}" for index in range(10)]
    history(
        api,
        *([post(names[page], f"2026-02-{20 - page:02}T10:00:00Z"), post(names[page + 1])] for page in range(0, 10, 2)),
    )
    return names


def ids(frame: pd.DataFrame) -> list[str]:
    return frame["id"].tolist()


def record_warnings(call: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = call()
    assert {warning.category for warning in caught} <= {ayr.DataWarning}
    return frame, [str(warning.message) for warning in caught]


def error_record(name: str) -> dict[str, Any]:
    return {"id": name, "action": "analytics", "status": "error", "code": 187, "message": "Error getting analytics"}


# Part P
def test_P1_repeated_cursor_raises_with_pages(api):
    history(api, [post("a")], [post("b")], cursors=["A", "A"])
    with pytest.raises(ayr.ResponseError) as raised:
        ayr.load("bluesky", client=api.client())
    assert ids(raised.value.frame) == ["a", "b"]


@pytest.mark.parametrize("circle", [1, 2, 3])
def test_P2_cycle_of_cursors_raises_with_pages(circle):
    with ayr.sandbox(posts={"bluesky": 450}, sleepless=True) as api:
        whole = ayr.load("bluesky", limit=None, client=api.client())
        api.misbehave("loop", circle)
        count = len(api.requests)
        with pytest.raises(ayr.ResponseError) as raised:
            ayr.load("bluesky", limit=None, client=api.client())
        assert len(api.requests) - count <= circle + 2
        found, times = raised.value.frame, ["read_at", "listed_from"]
        pd.testing.assert_frame_equal(found.drop(columns=times), whole.drop(columns=times).iloc[: len(found)])
        assert found["listed_from"].eq(found["created"].min()).all(), "older posts were not read"
        assert len(raised.value.frame) >= 100 * circle


def test_P3_load_after_an_expired_cursor_returns_each_post_once(api, archive):
    wanted = five_pages(api)
    api.misbehave("status", 400, when=at("c3"), times=1)
    with pytest.raises(ayr.RequestError) as raised:
        ayr.load("bluesky", limit=None, client=api.client(), archive=archive)
    assert ids(raised.value.frame) == ids(archive.posts("bluesky")) == wanted[:4]
    assert ids(ayr.load("bluesky", limit=None, client=api.client(), archive=archive)) == wanted
    assert sorted(ids(archive.latest("bluesky"))) == wanted


def test_P4_overlapping_pages_give_one_row_per_post(api):
    history(api, [post("a"), post("b")], [post("b"), post("c")], [post("c"), post("d")])
    posts, messages = record_warnings(lambda: ayr.load("bluesky", client=api.client()))
    assert ids(posts) == ["a", "b", "c", "d"]
    assert messages == []


def test_P4_duplicates_do_not_count_towards_the_limit(api):
    history(api, [post("a"), post("b")], [post("b"), post("c")], [post("c"), post("d")])
    assert ids(record_warnings(lambda: ayr.load("bluesky", limit=4, client=api.client()))[0]) == ["a", "b", "c", "d"]


def test_P5_later_of_equally_new_copies_is_kept(api):
    history(api, [post("a", likeCount=1)], [post("a", likeCount=2)])
    assert ayr.load("bluesky", client=api.client())["like_count"].tolist() == [2]


def test_P5_error_record_does_not_replace_a_post(api):
    history(api, [post("a", likeCount=1), post("b")], [error_record("a"), error_record("c")])
    posts = ayr.load("bluesky", client=api.client()).set_index("id")
    assert posts["like_count"]["a"] == 1
    assert sorted(posts.index) == ["a", "b", "c"]


@pytest.mark.parametrize("empty", [1, 4])
def test_P6_empty_pages_with_a_cursor_are_skipped(api, empty):
    undisturbed = ayr.load("tiktok", client=api.client())
    api.misbehave("empty", empty)
    pd.testing.assert_frame_equal(ayr.load("tiktok", client=api.client()), undisturbed)


def test_P6_endless_empty_pages_raise_with_posts(api):
    history(api, [post("a")], *([[]] * 40))
    with pytest.raises(ayr.ResponseError) as raised:
        ayr.load("bluesky", client=api.client())
    assert ids(raised.value.frame) == ["a"]
    assert len(api.requests) < 30


@pytest.mark.parametrize("value", ["", None, False, 0, {}, []], ids=["text", "null", "false", "zero", "object", "list"])
def test_P7_empty_cursor_ends_the_history(api, value):
    api.misbehave(
        "status", 200, body={"status": "success", "posts": [post("a")], "meta": {"pagination": {"next": value}}}
    )
    assert ids(ayr.load("bluesky", client=api.client())) == ["a"]
    assert len(api.requests) == 1


@pytest.mark.parametrize("value", [["x"], {"a": 1}, 7, True], ids=["list", "object", "number", "true"])
def test_P7_cursor_of_another_type_raises_with_posts(api, value):
    api.misbehave(
        "status", 200, body={"status": "success", "posts": [post("a")], "meta": {"pagination": {"next": value}}}
    )
    with pytest.raises(ayr.ResponseError) as raised:
        ayr.load("bluesky", client=api.client())
    assert ids(raised.value.frame) == ["a"]


@pytest.mark.parametrize(
    "cursor", ["a&limit=1#x", "line\nbreak", "ü%20+", "x" * 10_000], ids=["url", "line", "plus", "long"]
)
def test_P7_cursor_text_is_sent_back_unchanged(api, cursor):
    history(api, [post("a")], [post("b")], cursors=[cursor])
    assert ids(ayr.load("bluesky", client=api.client())) == ["a", "b"]
    assert api.requests[-1].query["next"] == cursor


@pytest.mark.parametrize("posts", [None, "absent"])
def test_P8_success_without_posts_is_an_empty_frame(api, posts):
    body = {"status": "success"} if posts == "absent" else {"status": "success", "posts": None}
    api.misbehave("status", 200, body=body)
    found, _ = record_warnings(lambda: ayr.load("bluesky", client=api.client()))
    assert found.empty
    assert found.dtypes.equals(ayr.load_sample("bluesky").dtypes)


@pytest.mark.parametrize("posts", [{"a": 1}, "text", 5], ids=["object", "text", "number"])
def test_P8_posts_of_another_type_raise(api, posts):
    api.misbehave("status", 200, body={"status": "success", "posts": posts})
    with pytest.raises(ayr.ResponseError):
        ayr.load("bluesky", client=api.client())


def test_P9_item_of_another_type_is_a_row(api):
    history(api, [post("a"), 5, "text", None, [1]], [post("b"), 5])
    posts, _ = record_warnings(lambda: ayr.load("bluesky", client=api.client()))
    assert len(posts) == 7, "rows = items received - duplicates"
    assert posts["extra"].dropna().tolist() == ["5", '"text"', "null", "[1]", "5"]


def test_P10_server_ignoring_the_limit_returns_the_latest(api):
    made = [
        post(f"{index}", f"2026-01-{1 + index % 28:02}T{index % 24:02}:{index % 60:02}:00Z") for index in range(10_000)
    ]
    history(api, made)
    posts, messages = record_warnings(lambda: ayr.load("bluesky", limit=50, client=api.client()))
    newest = sorted((item["created"] for item in made), reverse=True)[:50]
    assert len(posts) == 50
    assert posts["created"].min() == pd.Timestamp(newest[-1])
    assert any("more" in text for text in messages)


def test_P12_posts_published_during_a_load_cause_no_loss():
    with ayr.sandbox(posts={"tiktok": 250}, sleepless=True) as api:
        before = ayr.load("tiktok", limit=None, client=api.client())

        def later(request: Any) -> bool:
            if request.number == 5:
                api.advance(days=3)
            return False

        api.misbehave("latency", 0.0, when=later)
        posts = ayr.load("tiktok", limit=None, client=api.client())
        assert posts["id"].is_unique
        assert set(before["id"]) <= set(posts["id"])


@pytest.mark.parametrize(
    ("fault", "options", "kind"),
    [
        pytest.param(("status", 401), {}, ayr.AuthError, id="401"),
        pytest.param(("status", 404), {}, ayr.RequestError, id="404"),
        pytest.param(("status", 429), {"retry_after": 3600}, ayr.RateLimitError, id="429"),
        pytest.param(("status", 503), {}, ayr.ServerError, id="503"),
        pytest.param(("status", 302), {}, ayr.AyrframeError, id="302"),
        pytest.param(("status", 204), {}, ayr.ResponseError, id="204"),
        pytest.param(("cut", 0.4), {}, ayr.TransportError, id="cut"),
        pytest.param(("status", 200), {"body": "<html>"}, ayr.ResponseError, id="web page"),
        pytest.param(("status", 200), {"body": b'{"posts":[{"id":"\xff"}]}'}, ayr.ResponseError, id="no UTF-8"),
        pytest.param(("status", 200), {"body": {"status": "error", "code": 156}}, ayr.NotLinkedError, id="156"),
    ],
)
def test_P13_fault_on_page_3_keeps_two_pages(api, archive, fault, options, kind):
    wanted = five_pages(api)
    api.misbehave(*fault, **options, when=at("c3"))
    with pytest.raises(kind) as raised:
        ayr.load("bluesky", limit=None, client=api.client(), archive=archive)
    assert ids(raised.value.frame) == wanted[:4]
    assert ids(archive.posts("bluesky")) == wanted[:4]
    if raised.value.retryable:
        api.behave()
        five_pages(api)
        rest = ayr.load("bluesky", limit=None, cursor=raised.value.cursor, client=api.client(), archive=archive)
        assert ids(rest) == wanted[4:]
        assert sorted(ids(archive.latest("bluesky"))) == wanted


def interrupting(api: Any, cursor: str, latency: float = 20.0) -> list[float]:
    """Send SIGINT to this process when a page is requested, stall the response, and return the time."""
    when: list[float] = []

    def interrupt(request: Any) -> bool:
        if request.query.get("next") != cursor:
            return False
        if not when:
            when.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)
        return True

    api.misbehave("latency", latency, when=interrupt)
    return when


@pytest.mark.parametrize("platform", ["bluesky", ["bluesky", "tiktok"]], ids=["one", "two"])
def test_P14_R3_interrupt_on_page_3_is_raised_at_once(api, archive, platform):
    wanted = five_pages(api)
    began = interrupting(api, "c3")
    client = api.client()
    with pytest.raises(KeyboardInterrupt):
        ayr.load(platform, limit=None, client=client, archive=archive)
    assert time.monotonic() - began[0] < SLACK
    assert ids(archive.posts("bluesky")) == wanted[:4]
    api.behave()
    five_pages(api)
    assert ids(ayr.load("bluesky", limit=None, client=client, archive=archive)) == wanted, "the client still works"


def test_R3_interrupt_during_a_wait_is_raised_at_once(archive):
    with ayr.sandbox(posts=6) as api:

        def interrupt(request: Any) -> bool:
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            return True

        api.misbehave("status", 429, retry_after=30, when=interrupt)
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            ayr.load("tiktok", client=api.client(), archive=archive)
        assert time.monotonic() - start < SLACK


def environment(api: Any, **more: str) -> dict[str, str]:
    keys = {"API_KEY": api.api_key, "BASE_URL": api.base_url, "X_API_KEY": api.x_api_key}
    keys["X_API_SECRET"] = api.x_api_secret
    return {**os.environ, **{f"AYRSHARE_{name}": value for name, value in keys.items()}, **more}


def started(api: Any, code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment(api),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("platform", ["bluesky", "bluesky tiktok youtube"], ids=["one", "several"])
def test_R3_process_exits_at_once_after_an_interrupt(api, archive, platform):
    wanted = five_pages(api)
    hanging = threading.Event()
    api.misbehave("latency", 40.0, when=lambda request: request.query.get("next") == "c3" and (hanging.set() or True))
    code = """
import sys
import ayrframe as ayr
try:
    ayr.load(sys.argv[2].split(), limit=None, archive=ayr.Archive(sys.argv[1]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    process = started(api, code, archive.path, platform)
    try:
        assert hanging.wait(30)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = process.communicate(timeout=5)
    finally:
        process.kill()
        process.wait()
    assert time.monotonic() - start < 5
    assert "interrupted" in out, err
    assert ids(archive.posts("bluesky")) == wanted[:4]


@pytest.mark.parametrize("platform", ["bluesky", "bluesky tiktok youtube"], ids=["one", "several"])
def test_R7_interpreter_exits_during_a_load_in_a_daemon_thread(api, platform):
    api.misbehave("latency", 40.0)
    code = """
import sys, threading
import ayrframe as ayr
threading.Thread(target=ayr.load, args=(sys.argv[1].split(),), daemon=True).start()
print("started", flush=True)
sys.stdin.readline()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, platform],
        env=environment(api),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 30
        while len(api.requests) < len(platform.split()) and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        _, err = process.communicate(input="\n", timeout=5)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, err


def test_R7_client_works_after_a_fork(api):
    code = """
import os, sys, warnings
import ayrframe as ayr
client = ayr.Client()
print(len(ayr.load(["tiktok", "youtube"], client=client)), flush=True)
child = os.fork()
posts = ayr.load(["tiktok", "youtube"], client=client)
assert posts["platform"].tolist() == ["tiktok"] * 6 + ["youtube"] * 6
print(len(posts), flush=True)
if child:
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))
"""
    process = started(api, code)
    try:
        out, err = process.communicate(timeout=40)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, err
    assert "".join(out.split()) == "12" * 3  # Both processes print at the same time.


# Part R
@pytest.mark.parametrize("shared", [True, False], ids=["one client", "one client per thread"])
def test_R4_threads_do_not_mix_responses(shared):
    labels = [f"profile {index}" for index in range(5)]
    with ayr.sandbox(posts=4, profiles=labels) as api:
        expected = {label: set(ayr.load("tiktok", client=api.client(label))["id"]) for label in labels}
        assert len(set.union(*expected.values())) == 20
        together = api.client()

        def load_label(label: str) -> set[str]:
            client = together if shared else api.client()
            return set(ayr.load("tiktok", profile_key=api.profile_keys[label], client=client)["id"])

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(load_label, labels * 8)) == [expected[label] for label in labels * 8]


def test_R4_threads_load_several_platforms_with_one_client(api):
    client = api.client()
    names = ["youtube", "tiktok", "bluesky"]
    alone = ayr.load(names, client=client)
    with ThreadPoolExecutor(6) as pool:
        for posts in pool.map(lambda _: ayr.load(names, client=client), range(12)):
            pd.testing.assert_frame_equal(posts, alone)


def test_R6_load_works_in_a_running_event_loop_and_its_threads(api):
    async def cells() -> list[pd.DataFrame]:
        posts = ayr.load(["tiktok", "youtube"], client=api.client())
        others = await asyncio.gather(*(asyncio.to_thread(ayr.load, "tiktok", client=api.client()) for _ in range(4)))
        return [posts[posts["platform"] == "tiktok"], *others]

    frames = asyncio.run(cells())
    assert [ids(frame) for frame in frames] == [ids(frames[0])] * 5


def test_R4_load_leaves_no_thread(api):
    def load_threads() -> list[threading.Thread]:
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("ayrframe")]
        return [thread for thread in threads if "sandbox" not in thread.name]

    ayr.load("all", client=api.client())
    for thread in load_threads():
        thread.join(5)
    assert load_threads() == []


# Part C
def test_C11_offline_returns_the_last_load_with_a_stopped_clock(api, archive):
    for number in range(6):
        api.behave()
        history(api, [post(f"load {number}")])
        ayr.load("bluesky", client=api.client(), archive=archive, refresh=True)
        assert ids(ayr.load("bluesky", client=api.client(), archive=archive, offline=True)) == [f"load {number}"]


def test_C1_full_disk_returns_the_posts(api, archive, monkeypatch):
    whole = ayr.load(["tiktok", "youtube"], client=api.client())

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    posts, messages = record_warnings(lambda: ayr.load(["tiktok", "youtube"], client=api.client(), archive=archive))
    pd.testing.assert_frame_equal(posts, whole)
    assert any("No space left" in text for text in messages)


def test_C2_file_in_place_of_the_folder_returns_the_posts(api, tmp_path):
    (tmp_path / "file").write_text("")
    archive = ayr.Archive(tmp_path / "file" / "deeper")
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    assert len(posts) == 6
    assert any("Cannot store pages" in text for text in messages)


@pytest.mark.filterwarnings("ignore:.* posts of another key without a profile label")
def test_C3_archive_separates_profiles(api, archive):
    clients = {label: api.client(label) for label in ("", "cafe", "shop")}
    expected = {label: ids(ayr.load("tiktok", client=client)) for label, client in clients.items()}
    for first in clients.values():
        for label, second in clients.items():
            ayr.load("tiktok", client=first, archive=archive)
            assert ids(ayr.load("tiktok", client=second, archive=archive)) == expected[label]
            assert ids(ayr.load("tiktok", client=second, archive=archive, offline=True)) == expected[label]


@pytest.mark.filterwarnings("ignore:.* posts of another key without a profile label")
def test_C3_offline_without_a_key_raises_for_several_profiles(api, archive):
    for label in ("cafe", "shop"):
        ayr.load("tiktok", client=api.client(label), archive=archive)
    with pytest.raises(ayr.AyrframeError):
        ayr.load("tiktok", archive=archive, offline=True)


def test_C5_corrupt_page_is_requested_again_and_named(api, archive):
    whole = ayr.load("tiktok", client=api.client(), archive=archive)
    (page,) = Path(archive.path).rglob("*.page")
    content = bytearray(page.read_bytes())
    content[len(content) // 2] ^= 1
    page.write_bytes(content)
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    pd.testing.assert_frame_equal(posts, whole)
    assert len(api.requests) == 2
    assert any(page.name in text for text in messages)


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_C7_error_response_is_not_archived(api, archive, status):
    api.misbehave("status", status, body={"status": "error", "code": 999, "message": "no"})
    with pytest.raises(ayr.AyrframeError):
        ayr.load("tiktok", client=api.client(), archive=archive)
    assert list(Path(archive.path).rglob("*.page")) == []
    api.behave()
    assert len(ayr.load("tiktok", client=api.client(), archive=archive)) == 6


def test_C7_posts_with_an_error_are_archived_and_requested_again(api, archive):
    api.misbehave("beside_error", 400, times=1)
    first, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    assert messages
    assert len(first) == 6
    assert len(archive.posts("tiktok")) == 6
    second = ayr.load("tiktok", client=api.client(), archive=archive)
    assert len(api.requests) == 2
    assert second["created"].notna().all()


def test_C8_archived_posts_without_a_connection_warn_of_their_time(api, archive):
    first = ayr.load("tiktok", client=api.client(), archive=archive)
    api.advance(days=1)
    api.misbehave("cut", 0.2)
    posts, messages = record_warnings(lambda: ayr.load("tiktok", client=api.client(), archive=archive))
    pd.testing.assert_frame_equal(posts, first)
    assert len(messages) == 1
    assert "2026-02-27" in messages[0]


def test_C8_pages_before_a_lost_connection_are_archived(api, archive):
    wanted = five_pages(api)
    ayr.load("bluesky", limit=None, client=api.client(), archive=archive)
    api.behave()
    history(api, [post("fresh", "2026-02-27T01:00:00Z"), post(wanted[0])], [post(wanted[1])])
    api.misbehave("cut", 0.2, when=at("c2"))
    api.advance(days=1)
    posts, messages = record_warnings(lambda: ayr.load("bluesky", limit=None, client=api.client(), archive=archive))
    assert messages
    assert set(ids(posts)) >= set(wanted)
    assert "fresh" in ids(archive.latest("bluesky"))


def test_C11_pages_from_the_future_are_requested_again(tmp_path):
    archive = ayr.Archive(tmp_path)
    with ayr.sandbox(posts=4, sleepless=True) as api:
        api.advance(days=400)
        record_warnings(lambda: ayr.load("tiktok", limit=4, client=api.client(), archive=archive))
        client = api.client()
        with ayr.sandbox(posts=4, sleepless=True) as earlier:
            client.clock = earlier.clock
            record_warnings(lambda: ayr.load("tiktok", limit=4, client=client, archive=archive))
        assert len(api.requests) == 2


SECRETS = {
    "api_key": "QWERTZU1-PLANTED2-ASDFGHJ3-YXCVBNM4",
    "profile_key": "HIDDENP5-OUTOFSI6-NEVERSE7-UNSEENZ8",
    "x_api_key": "xKeyPlantedForSearch9",
    "x_api_secret": "xSecretPlantedForSearch10andMore",
}


def leaks(text: str | bytes) -> list[str]:
    """Return the secrets in a text: whole, in part, in base64, or escaped for a URL."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    found = []
    for name, secret in SECRETS.items():
        forms = {
            secret,
            secret[:8],
            secret[9:17],
            base64.b64encode(secret.encode()).decode().rstrip("="),
            quote(secret),
        }
        found += [name for form in forms if form.encode() in data]
    return found


def chain_of(error: BaseException) -> list[BaseException]:
    """Return an error, the errors of its group, and their causes."""
    waiting: list[BaseException | None] = [error]
    found: list[BaseException] = []
    while waiting:
        exception = waiting.pop()
        if exception is not None and not any(exception is other for other in found):
            found.append(exception)
            waiting += [exception.__cause__, exception.__context__, *getattr(exception, "exceptions", ())]
    return found


def everything_of(error: BaseException) -> str:
    """Return all texts of an error, its causes and attributes."""
    parts = ["".join(traceback.format_exception(error))]
    for exception in chain_of(error):
        parts += [str(exception), repr(exception), repr(exception.args), repr(vars(exception))]
    return "\n".join(parts)


def variables_that_leak(error: BaseException) -> list[str]:
    """Return local variables of ayrframe in a traceback that contain secrets, as verbose tracebacks print them."""
    return [
        f"{Path(frame.f_code.co_filename).name} {frame.f_code.co_name}: {name}"
        for exception in chain_of(error)
        for frame, _ in traceback.walk_tb(exception.__traceback__)
        if frame.f_code.co_filename.startswith(PACKAGE) and "_sandbox" not in frame.f_code.co_filename
        for name, value in frame.f_locals.items()
        if leaks(repr(value))
    ]


ECHO = " ".join(SECRETS.values())
FAULTS: dict[str, tuple[tuple[str, Any], dict[str, Any]]] = {
    "400 echo": (("status", 400), {"body": {"status": "error", "message": ECHO}}),
    "401 echo": (("status", 401), {"body": {"message": ECHO}}),
    "403 page": (("status", 403), {"body": f"<html><title>{ECHO}</title>"}),
    "404 text": (("status", 404), {"body": ECHO}),
    "156 echo": (("status", 400), {"body": {"errors": [{"code": 156, "message": ECHO}]}}),
    "429 echo": (("status", 429), {"body": {"message": ECHO}, "retry_after": 3600}),
    "500 echo": (("status", 500), {"body": {"status": "error", "message": ECHO, "details": ECHO}}),
    "200 error": (("status", 200), {"body": {"status": "error", "code": 1, "message": ECHO}}),
    "200 page": (("status", 200), {"body": f"<html><title>{ECHO}</title>"}),
    "no JSON": (("status", 200), {"body": ECHO}),
    "no envelope": (("status", 200), {"body": {ECHO: ECHO}}),
    "cursor": (("status", 200), {"body": {"status": "success", "posts": [], "meta": {"pagination": {"next": [ECHO]}}}}),
    "cut": (("cut", 0.5), {}),
    "redirect": (("headers", {"Location": f"http://{SECRETS['profile_key']}.example/?{quote(ECHO)}"}), {}),
    "warning": (("status", 200), {"body": {"status": "success", "posts": [{"id": "a"}], "warnings": [ECHO]}}),
    "partial": (("status", 200), {"body": {"status": "error", "message": ECHO, "posts": [{"id": "a"}]}}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_S4_S5_S8_S10_S11_S14_load_shows_no_secret(api, tmp_path, caplog, capfd, monkeypatch, fault, several):
    (kind, value), options = FAULTS[fault]
    if fault == "redirect":
        api.misbehave("status", 302)
    api.misbehave(kind, value, **options)
    client_options = {name: secret for name, secret in SECRETS.items() if name != "profile_key"}
    client = api.client(**client_options)
    archive = ayr.Archive(tmp_path / "archive") if fault not in ("warning", "partial") else None
    key = SECRETS["profile_key"]
    target = (
        {"platform": ["x", "bluesky"], "profile_key": {"label": key}}
        if several
        else {"platform": "x", "profile_key": key}
    )
    texts: list[str] = [repr(client), repr(archive)]
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            posts = ayr.load(**target, client=client, archive=archive, progress=True)
        except ayr.AyrframeError as error:
            texts.append(everything_of(error))
            posts = error.frame
        else:
            assert fault in ("warning", "partial")
    if posts is not None:
        texts += [json.dumps(posts.attrs, default=repr), posts.to_csv(), posts._repr_html_()]
    texts += [str(warning.message) for warning in caught]
    texts += [caplog.text, repr([vars(record) for record in caplog.records]), screen.getvalue(), *capfd.readouterr()]
    assert [leak for text in texts for leak in leaks(text)] == []


def test_S9_archive_and_parquet_contain_no_secret(api, tmp_path):
    client_options = {name: secret for name, secret in SECRETS.items() if name != "profile_key"}
    api.misbehave("status", 200, body={"status": "success", "posts": [post("a")], "lastUpdated": READ_AT})
    archive = ayr.Archive(tmp_path / "archive")
    target = {"platform": ["x", "bluesky"], "profile_key": {"label": SECRETS["profile_key"]}}
    posts = ayr.load(**target, client=api.client(**client_options), archive=archive)
    posts.to_parquet(tmp_path / "posts.parquet")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 3
    for path in files:
        content = path.read_bytes()
        _, zipped, rest = content.partition(b"\x1f\x8b")
        inner = zlib.decompressobj(31).decompress(zipped + rest) if path.suffix == ".page" else b""
        assert leaks(content + str(path).encode() + inner) == []


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("spoilt", ["{}\nX", "{} X", "{}\0", "„{}“"], ids=["newline", "space", "NUL", "quotes"])
def test_S2_S3_malformed_key_raises_without_the_key(api, name, spoilt):
    wrong = spoilt.format(SECRETS[name])
    with pytest.raises(ayr.ConfigError) as raised:
        ayr.Client(**{"api_key": "GOOD", "base_url": api.base_url, name: wrong})
    assert leaks(everything_of(raised.value)) == []
    assert variables_that_leak(raised.value) == []


def fails_in_a_request(api: Any, key: Any) -> None:
    api.misbehave("status", 404)
    ayr.load("tiktok", profile_key=key, client=api.client())


def fails_in_several(api: Any, key: Any) -> None:
    api.misbehave("status", 404)
    ayr.load(["tiktok", "bluesky"], profile_key=key, client=api.client())


def fails_on_the_wire(api: Any, key: Any) -> None:
    api.misbehave("cut", 0.5)
    ayr.load("tiktok", profile_key=key, client=api.client())


def has_a_wrong_argument(api: Any, key: Any) -> None:
    ayr.load("tiktok", profile_key=key, data_type="posts", client=api.client())


def has_a_malformed_key(api: Any, key: Any) -> None:
    ayr.load("tiktok", profile_key={"other": f"{SECRETS['profile_key']} X"}, client=api.client())


def is_interrupted(api: Any, key: Any) -> None:
    five_pages(api)
    interrupting(api, "c3")
    ayr.load("bluesky", limit=None, profile_key=key, client=api.client())


SITUATIONS = {
    function.__name__: function
    for function in (
        fails_in_a_request,
        fails_in_several,
        fails_on_the_wire,
        has_a_wrong_argument,
        has_a_malformed_key,
        is_interrupted,
    )
}


@pytest.mark.parametrize("labelled", [False, True], ids=["one key", "dict"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_S5_traceback_variables_do_not_show_the_profile_key(api, situation, labelled):
    key = {"label": SECRETS["profile_key"]} if labelled else SECRETS["profile_key"]
    with pytest.raises((ayr.AyrframeError, ValueError, KeyboardInterrupt)) as raised:
        SITUATIONS[situation](api, key)
    assert leaks(everything_of(raised.value)) == []
    assert variables_that_leak(raised.value) == []


def test_error_of_a_thread_is_raised_by_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is not of ayrframe, such as that of a full disk, never ends as a frame with fewer posts."""

    def fail_for_x(result: FetchResult, *arguments: Any) -> None:
        if result.target.platform.name == "twitter":
            raise MemoryError("of a thread")
        fetch_target(result, *arguments)

    monkeypatch.setattr("ayrframe._api.load.fetch_target", fail_for_x)
    with ayr.sandbox(posts=1) as api, pytest.raises(MemoryError, match="of a thread"):
        ayr.load(["tiktok", "x"], client=api.client())
