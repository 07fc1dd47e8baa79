"""`load(analytics=True)`: requests, merging, reasons for missing analytics, and the archive."""

from __future__ import annotations

import json
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe.__main__ import main
from ayrframe._api.client import Client
from tests.faults.load_client import make_client
from tests.faults.server import Hit, Server, drip, http, is_complete, reset

Reply = Callable[[list[str]], dict[str, Any] | bytes]
READ_AT = "2026-03-02T06:00:00Z"


def post(number: int, **fields: Any) -> dict[str, Any]:
    """Return a post of the history, the later the smaller its number."""
    created = f"2026-02-{28 - number % 28:02}T10:00:00Z"
    return {"id": f"id-{number}", "post": f"post {number}", "created": created, "likeCount": 1, **fields}


def block(post_id: str, time: str | None = "2026-03-01T20:00:00Z", **analytics: Any) -> dict[str, Any]:
    """Return the analytics of a post."""
    times = {"lastUpdated": time} if time else {}
    return {"id": post_id, "analytics": analytics, **times}


def twice_the_likes(platform: str = "bluesky", **fields: Any) -> Reply:
    """Return a reply with two likes for every post."""
    return lambda ids: {"status": "success", platform: [block(post_id, likeCount=2) for post_id in ids], **fields}


@dataclass
class Api:
    """A history, and the reply to requests for analytics."""

    posts: list[dict[str, Any]]
    reply: Reply
    history_fields: dict[str, Any] = field(default_factory=lambda: {"lastUpdated": "2026-03-02T05:00:00Z"})
    hits: list[Hit] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    client: Client = field(init=False)

    def serve(self, sock: socket.socket, hit: Hit) -> bool | None:
        self.hits.append(hit)
        if hit.method == "GET":
            meta = {"pagination": {"hasMore": False}}
            reply: Any = {"status": "success", "posts": self.posts, "meta": meta, **self.history_fields}
        else:
            self.bodies.append(json.loads(hit.body))
            reply = self.reply(self.bodies[-1]["postIds"])
        response = reply if isinstance(reply, bytes) else http(json.dumps(reply))
        sock.sendall(response)
        return is_complete(response)

    @property
    def batches(self) -> list[list[str]]:
        return [body["postIds"] for body in self.bodies]


@contextmanager
def serving(posts: Sequence[dict[str, Any]], reply: Reply, **client_options: Any) -> Iterator[Api]:
    api = Api(list(posts), reply)
    with Server(api.serve) as server:
        api.client = make_client(server.url, **client_options)
        yield api


def load(api: Api, platform: str | list[str] = "bluesky", **options: Any) -> tuple[pd.DataFrame, list[str]]:
    """Load with analytics; return the posts and the texts of the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        posts = ayr.load(platform, **{"analytics": True, "limit": None, "client": api.client} | options)
    return posts, [str(warning.message) for warning in caught]


def test_analytics_are_requested_in_batches_of_100() -> None:
    with serving([post(n) for n in range(230)], twice_the_likes()) as api:
        posts, caught = load(api)
    assert [len(batch) for batch in api.batches] == [100, 100, 30]
    assert [hit.method for hit in api.hits] == ["GET", "POST", "POST", "POST"]
    assert api.bodies[2] == {
        "postIds": [f"id-{n}" for n in range(200, 230)],
        "platforms": ["bluesky"],
        "searchPlatformId": True,
    }
    assert caught == []
    assert posts["like_count"].tolist() == [2] * 230
    assert posts["as_of"].unique().tolist() == [pd.Timestamp("2026-03-01T20:00Z")]
    assert posts["analytics_as_of"].equals(posts["as_of"])
    assert posts["analytics_error"].isna().all()
    assert posts["created"].notna().all()


def test_analytics_of_kept_posts_only_are_requested() -> None:
    posts = [post(n) for n in range(20)]
    with serving(posts, twice_the_likes()) as api:
        load(api, limit=3)
        load(api, since="2026-02-25", until="2026-02-26")
    assert api.batches == [["id-0", "id-1", "id-2"], ["id-2", "id-3"]]


def test_without_analytics_nothing_changes() -> None:
    with serving([post(0)], twice_the_likes()) as api:
        posts, _ = load(api, analytics=False)
    assert api.bodies == []
    assert posts["like_count"].tolist() == [1]
    assert posts[["analytics_as_of", "analytics_error"]].isna().all(axis=None)


def test_an_empty_history_needs_no_request() -> None:
    with serving([], twice_the_likes()) as api:
        posts, _ = load(api)
    assert (len(posts), api.bodies) == (0, [])


@pytest.mark.parametrize(
    ("titles", "created", "reasons"),
    [
        pytest.param(["Own", "Own", "Other"], "2026-02-01", ["", "", "not the account's own post"], id="foreign"),
        pytest.param(["Own", "Own", "Own"], "2026-02-01", ["", "", ""], id="old_zero_is_a_number"),
        pytest.param(["Own", "Own", "Own"], "2026-02-28", ["", "", "too fresh"], id="too_fresh"),
        pytest.param(["Own", "Own", "Other"], "2026-02-28", ["", "", "not the account's own post"], id="both"),
        pytest.param(["Own", "Own", None], "2026-02-01", ["", "", ""], id="no_title"),
        pytest.param(["A", "B", "Other"], "2026-02-01", ["", "", ""], id="account_unknown"),
    ],
)
def test_A7_zeros_of_youtube(titles: list[str | None], created: str, reasons: list[str]) -> None:
    """The last of three videos has zeros; the others have views."""

    def reply(ids: list[str]) -> dict[str, Any]:
        views = [7, 8, 0]
        return {
            "youtube": [
                block(post_id, views=count, likes=0, averageViewDuration=0.0, channelTitle=title)
                for post_id, count, title in zip(ids, views, titles, strict=True)
            ]
        }

    history = [post(0), post(1), post(2, created=f"{created}T10:00:00Z")]
    with serving(history, reply) as api:
        posts, caught = load(api, "youtube")
    assert posts["analytics_error"].fillna("").tolist() == reasons
    zero = -1 if reasons[2] else 0
    assert posts["views"].fillna(-1).tolist() == [7, 8, zero]
    assert posts["likes"].fillna(-1).tolist() == [0, 0, zero]
    assert posts["average_view_duration"].fillna(-1).tolist() == [0, 0, zero]
    assert posts["analytics_as_of"].notna().all()
    assert [f"YouTube 1 ({reasons[2]})" in text for text in caught] == ([True] if reasons[2] else [])


def test_A7_a_single_fresh_video_is_too_fresh() -> None:
    reply = lambda ids: {"youtube": [block(ids[0], views=0, channelTitle="Own")]}  # noqa: E731
    with serving([post(0)], reply) as api:
        posts, _ = load(api, "youtube")
    assert posts["analytics_error"].tolist() == ["too fresh"]
    assert posts["views"].isna().all()


def test_negative_numbers_are_withheld() -> None:
    with serving([post(0)], lambda ids: {"bluesky": [block(ids[0], likeCount=-1)]}) as api:
        posts, _ = load(api, validate=None)
    assert posts["like_count"].tolist() == [-1]
    assert posts.ayr.metrics()["likes"].isna().all()


def test_ten_platforms_are_requested_at_the_same_time() -> None:
    """Each reply waits until the requests of all platforms have arrived."""
    barrier = threading.Barrier(10, timeout=30)

    def serve(sock: socket.socket, hit: Hit) -> bool:
        barrier.wait()
        platform = json.loads(hit.body)["platforms"][0] if hit.body else ""
        reply: Any = {"posts": [post(0)], "meta": {"pagination": {"hasMore": False}}}
        sock.sendall(http(json.dumps(reply if hit.method == "GET" else {platform: [block("id-0", post="text")]})))
        return True

    with Server(serve) as server:
        keys = {"x_api_key": "X-KEY-OF-APP", "x_api_secret": "X-SECRET"}
        posts = ayr.load("all", analytics=True, client=make_client(server.url, timeout=60, **keys))
    assert len(posts) == len(posts["analytics_as_of"].dropna()) == 10


def test_history_values_that_analytics_lack_stay() -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        return {"bluesky": [block(ids[0], likeCount=None, repostCount=5, undeclared=True)]}

    with serving([post(0, replyCount=4, other="x")], reply) as api:
        posts, _ = load(api)
    row = posts.iloc[0]
    assert (row["like_count"], row["reply_count"], row["repost_count"]) == (1, 4, 5)
    assert json.loads(row["extra"]) == {"other": "x", "undeclared": True}


def test_block_without_time_is_as_of_the_response() -> None:
    with serving([post(0)], lambda ids: {"bluesky": [block(ids[0], None, likeCount=2)]}) as api:
        before = pd.Timestamp.now("UTC").floor("us")
        posts, _ = load(api)
    assert before <= posts["as_of"][0] <= pd.Timestamp.now("UTC")
    assert posts["analytics_as_of"][0] == posts["as_of"][0]


def test_A3_missing_ids_are_absent() -> None:
    with serving([post(n) for n in range(3)], lambda ids: {"bluesky": [block(ids[1], likeCount=2)]}) as api:
        posts, caught = load(api)
    assert posts["like_count"].tolist() == [1, 2, 1]
    assert posts["analytics_error"].fillna("").tolist() == ["absent", "", "absent"]
    assert posts["analytics_as_of"].isna().tolist() == [True, False, True]
    assert posts["as_of"][0] == pd.Timestamp("2026-03-02T05:00Z")
    assert caught == ["No post analytics for 2 posts, which keep the numbers of the history: Bluesky 2 (absent)."]


def test_A3_partial_reply_gives_the_codes_of_its_errors() -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        errors = [
            {"action": "analytics", "status": "error", "code": 187, "message": "No data.", "platform": "bluesky"},
            {"status": "error", "code": 186, "message": "Not found.", "platform": "bluesky", "id": ids[2]},
        ]
        return {"status": "partial", "bluesky": [block(ids[0], likeCount=2)], "errors": errors}

    with serving([post(n) for n in range(3)], reply) as api:
        posts, caught = load(api)
    assert posts["like_count"].tolist() == [2, 1, 1]
    assert posts["analytics_error"].fillna("").tolist() == ["", "187", "186"]
    assert any("Bluesky 1 (code 187), 1 (code 186)" in text for text in caught)
    assert any("status 'partial', code 187: No data." in text for text in caught)


@pytest.mark.parametrize("analytics", [None, {}, []])
def test_A3_empty_analytics_are_absent(analytics: Any) -> None:
    empty = {"id": "id-0", "lastUpdated": READ_AT, "analytics": analytics}
    with serving([post(0)], lambda _: {"bluesky": [empty]}) as api:
        posts, caught = load(api)
    assert posts["as_of"].tolist() == [pd.Timestamp("2026-03-02T05:00Z")], "the numbers are those of the history"
    assert (posts["analytics_as_of"].isna()[0], posts["analytics_error"][0]) == (True, "absent")
    assert caught == ["No post analytics for 1 post, which keep the numbers of the history: Bluesky 1 (absent)."]


@pytest.mark.parametrize("status", [200, 400, 404])
def test_A3_errors_of_posts_are_their_reasons(status: int) -> None:
    def reply(ids: list[str]) -> bytes:
        errors = [{"id": ids[0], "status": "error", "code": "186", "message": "Not found."}]
        errors += [{"id": ids[1], "status": "error", "code": 187, "message": "No data.", "analytics": {}}]
        return http(json.dumps({"bluesky": errors}), status)

    with serving([post(n) for n in range(3)], reply) as api:
        posts, caught = load(api)
    assert posts["analytics_error"].tolist() == ["186", "187", "absent"]
    assert any("status 'error', code 186: Not found." in text for text in caught)


@pytest.mark.parametrize("status", [200, 400])
def test_A2_error_in_the_block_of_the_platform_is_that_of_the_request(status: int) -> None:
    error = {"action": "analytics", "status": "error", "code": 272, "message": "Expired."}
    reply = http(json.dumps({"status": "error", "bluesky": error}), status)
    with serving([post(n) for n in range(120)], lambda _: reply) as api:
        posts, caught = load(api)
    assert posts["analytics_error"].tolist() == ["272"] * 120
    assert len(api.bodies) == 1
    assert "The authorization for Bluesky has expired" in caught[0]
    assert "Expired." in caught[0]


@pytest.mark.parametrize(
    ("status", "body", "reason", "words"),
    [
        pytest.param(404, {"status": "error", "code": 186, "message": "m"}, "186", "code 186", id="wrong_ids"),
        pytest.param(403, {"status": "error", "code": 403, "message": "Plan"}, "403", "Plan", id="no_access"),
        pytest.param(
            400,
            {"status": "error", "errors": [{"status": "error", "code": 156, "platform": "bluesky", "message": "m"}]},
            "156",
            "not linked",
            id="errors_of_platform",
        ),
        pytest.param(200, {"status": "error", "code": 187, "message": "m"}, "187", "analytics", id="error_with_200"),
        pytest.param(500, {"message": "down"}, "500", "Ayrshare failed", id="server_error"),
        pytest.param(429, {"message": "slow"}, "429", "rate limit reached", id="rate_limit"),
        pytest.param(200, {"posts": []}, "absent", "expected an object with post analytics", id="other_endpoint"),
    ],
)
def test_A1_a_batch_that_fails_loses_no_post(status: int, body: dict[str, Any], reason: str, words: str) -> None:
    with serving([post(n) for n in range(2)], lambda _: http(json.dumps(body), status)) as api:
        posts, caught = load(api)
    assert posts["like_count"].tolist() == [1, 1]
    assert posts["analytics_error"].tolist() == [reason, reason]
    assert posts["analytics_as_of"].isna().all()
    (warning,) = caught
    assert f"Bluesky 2 ({f'code {reason}' if reason.isdecimal() else reason})" in warning
    assert words in warning


def test_A1_batches_after_a_failed_one_are_requested() -> None:
    def reply(ids: list[str]) -> Any:
        return http(b"{}", 404) if "id-0" in ids else twice_the_likes()(ids)

    with serving([post(n) for n in range(120)], reply) as api:
        posts, _ = load(api)
    assert posts["like_count"].tolist() == [1] * 100 + [2] * 20


@pytest.mark.parametrize("status", [401, 403, 429])
def test_A2_no_batch_is_requested_after_a_refusal(status: int) -> None:
    with serving([post(n) for n in range(250)], lambda _: http(b"{}", status)) as api:
        posts, _ = load(api)
    assert len(api.bodies) == (2 if status == 429 else 1), "a rate limit is retried once"
    assert posts["analytics_error"].tolist() == [str(status)] * 250


def test_A4_analytics_of_other_posts_and_platforms_are_ignored() -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        return {
            "bluesky": [block(ids[0], likeCount=2), block("of another profile", likeCount=9)],
            "facebook": [block(ids[0], likeCount=7)],
            "mastodon": [block(ids[0], likeCount=8)],
        }

    with serving([post(0)], reply) as api:
        posts, caught = load(api)
    assert (posts["id"].tolist(), posts["like_count"].tolist()) == (["id-0"], [2])
    assert caught == [
        "Bluesky, post analytics: ignored post analytics of other platforms: Facebook, mastodon.",
        "Bluesky, post analytics: ignored analytics of 1 posts that were not requested.",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda sock, _: reset(sock), id="reset"),
        pytest.param(lambda sock, _: sock.sendall(http(b'{"bluesky": []}', length=99)), id="cut_body"),
        pytest.param(lambda sock, hit: drip(sock, hit, http(b" " * 5000)), id="slow_body"),
        pytest.param(lambda sock, _: sock.sendall(http(b"<html><title>Portal</title>")), id="html"),
        pytest.param(lambda sock, _: sock.sendall(http(b'{"bluesky": [')), id="invalid_json"),
        pytest.param(lambda sock, _: sock.sendall(http(b"", 302, ["Location: https://example.org/"])), id="redirect"),
    ],
)
def test_A1_transfer_faults_lose_no_post(fault: Callable[[socket.socket, Hit], object]) -> None:
    with serving([post(n) for n in range(2)], twice_the_likes(), timeout=0.5) as api:
        serve_history = api.serve

        def serve(sock: socket.socket, hit: Hit) -> bool | None:
            return serve_history(sock, hit) if hit.method == "GET" else bool(fault(sock, hit))

        with Server(serve) as server:
            api.client = make_client(server.url, timeout=0.5)
            posts, caught = load(api)
    assert posts["like_count"].tolist() == [1, 1]
    assert posts["analytics_error"].notna().all()
    assert len(caught) == 1


def test_A5_keys_in_messages_are_redacted() -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        message = "The key SECRET-PROFILE-KEY-0001 is slow."
        return {
            "status": "partial",
            "bluesky": [block(ids[0], likeCount=2)],
            "errors": [{"code": 1, "message": message}],
        }

    with serving([post(0), post(1)], reply, profile_key="SECRET-PROFILE-KEY-0001") as api:
        _, caught = load(api)
        api.reply = lambda _: http(json.dumps({"code": 403, "message": "SECRET-PROFILE-KEY-0001"}), 403)
        _, more = load(api)
    assert len(caught) == 2
    assert not any("SECRET" in text for text in [*caught, *more])


def test_A6_profiles_are_requested_with_their_own_keys(tmp_path: Path) -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        name = hit.headers["profile-key"]
        if hit.method == "GET":
            reply: dict[str, Any] = {"posts": [post(0, post=name)], "meta": {"pagination": {"hasMore": False}}}
        else:
            reply = {"bluesky": [block("id-0", likeCount=int(name[-1]))]}
        sock.sendall(http(json.dumps(reply)))
        return True

    keys = {f"shop-{n}": f"PROFILE-KEY-NUMBER-{n}" for n in (1, 2, 3)}
    with Server(serve) as server:
        posts = ayr.load("bluesky", profile_key=keys, analytics=True, archive=tmp_path, client=make_client(server.url))
    assert posts[["profile", "post", "like_count"]].to_numpy().tolist() == [
        ["shop-1", "PROFILE-KEY-NUMBER-1", 1],
        ["shop-2", "PROFILE-KEY-NUMBER-2", 2],
        ["shop-3", "PROFILE-KEY-NUMBER-3", 3],
    ]
    stored = ayr.Archive(tmp_path).posts().query("analytics_as_of.notna()")
    assert stored[["profile", "like_count"]].to_numpy().tolist() == [["shop-1", 1], ["shop-2", 2], ["shop-3", 3]]


def test_x_keys_are_sent() -> None:
    with serving([post(0)], twice_the_likes("twitter"), x_api_key="X-KEY-OF-APP", x_api_secret="X-SECRET") as api:
        load(api, "x")
    assert [hit.headers["x-twitter-oauth1-api-key"] for hit in api.hits] == ["X-KEY-OF-APP"] * 2


def test_command_line_adds_analytics(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    assert main(["load", "youtube", "--analytics", "--sandbox", "--limit", "3", "-o", str(path)]) == 0
    assert "there may be more" in capsys.readouterr().out
    assert pd.read_parquet(path)["analytics_as_of"].notna().all()
    assert main(["load", "pinterest", "--analytics", "--sample", "-o", str(path)]) == 0
    assert pd.read_parquet(path)["impression"].notna().sum() == 154


def test_dask_loads_analytics() -> None:
    with ayr.sandbox(profiles=["cafe"]) as api:
        frame = ayr.dask.load(
            {"cafe": "youtube"}, limit=None, analytics=True, profile_key=api.profile_keys, client=api.client()
        )
        posts = frame.compute(scheduler="sync")
    assert posts["analytics_as_of"].notna().all()


def test_analytics_must_be_a_bool() -> None:
    with serving([], twice_the_likes()) as api, pytest.raises(ValueError, match="`analytics` must be True or False"):
        ayr.load("bluesky", analytics="yes", client=api.client)  # type: ignore[arg-type]
    assert api.hits == []
