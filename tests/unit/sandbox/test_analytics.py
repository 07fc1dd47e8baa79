"""The endpoint for post analytics of a sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._sandbox.control import Sandbox
from tests.unit.sandbox.test_sandbox import Response, connect, get, keys, send

TIMES = ["read_at", "listed_from"]
DATA = Path(__file__).parents[3] / "data"
each_platform = pytest.mark.parametrize("name", PLATFORMS)


@pytest.fixture
def api() -> Iterator[Sandbox]:
    with ayr.sandbox(profiles={"cafe": ["tiktok"]}) as running:
        yield running


def ask(api: Sandbox, body: object, *, profile: str = "", headers: dict[str, str] | None = None) -> Response:
    connection = connect(api)
    try:
        sent_headers = keys(api, profile) if headers is None else headers
        return send(connection, "/api/analytics/post", sent_headers, "POST", json.dumps(body))
    finally:
        connection.close()


def batch(name: str, post_ids: list[str]) -> dict[str, Any]:
    return {"postIds": post_ids, "platforms": [name], "searchPlatformId": True}


@each_platform
def test_batch_has_the_analytics_of_the_posts(api: Sandbox, name: str) -> None:
    ids = get(api, name, {"limit": 5}).ids
    reply = ask(api, batch(name, [*ids, "unknown"]))
    assert reply.status == 200
    assert list(reply.json) == [name, "status"]
    assert [block["id"] for block in reply.json[name]] == ids
    assert {block["lastUpdated"] for block in reply.json[name]} == {"2026-02-27T06:30:00.125Z"}
    assert {block["nextUpdate"] for block in reply.json[name]} == {"2026-02-27T07:02:30.125Z"}


def test_single_post_is_an_object(api: Sandbox) -> None:
    (post_id,) = get(api, "tiktok", {"limit": 1}).ids
    reply = ask(api, {"id": post_id, "platforms": ["tiktok"], "searchPlatformId": True})
    assert list(reply.json) == ["status", "id", "tiktok"]
    assert reply.json["tiktok"]["analytics"]["itemId"] == post_id


def test_numbers_of_both_endpoints_agree(api: Sandbox) -> None:
    posts = get(api, "tiktok", {"limit": 100}).json["posts"]
    blocks = ask(api, batch("tiktok", [post["id"] for post in posts])).json["tiktok"]
    likes = [post.get("likeCount") for post in posts]
    assert likes == [block["analytics"].get("likeCount") for block in blocks]
    assert sum(count is not None for count in likes) > 90


def test_numbers_grow_with_the_clock(api: Sandbox) -> None:
    (post_id,) = get(api, "youtube", {"limit": 1}).ids
    before = ask(api, batch("youtube", [post_id])).json["youtube"][0]
    api.advance(days=3)
    after = ask(api, batch("youtube", [post_id])).json["youtube"][0]
    assert "views" not in before["analytics"], "too fresh"
    assert after["analytics"]["views"] > 0
    assert after["lastUpdated"] > before["lastUpdated"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param({}, (400, 101), id="empty"),
        pytest.param([], (400, 101), id="list"),
        pytest.param(batch("tiktok", []), (400, 101), id="no_ids"),
        pytest.param(batch("tiktok", ["1"] * 101), (400, 101), id="101_ids"),
        pytest.param({**batch("tiktok", ["1"]), "postIds": [1]}, (400, 101), id="number"),
        pytest.param({**batch("tiktok", ["1"]), "id": "1"}, (400, 101), id="id_and_ids"),
        pytest.param({**batch("tiktok", ["1"]), "limit": 1}, (400, 101), id="unknown_field"),
        pytest.param({**batch("tiktok", ["1"]), "searchPlatformId": False}, (400, 101), id="flag"),
        pytest.param({**batch("tiktok", ["1"]), "platforms": ["tiktok", "x"]}, (400, 101), id="two_platforms"),
        pytest.param(batch("mastodon", ["1"]), (400, 101), id="unknown_platform"),
        pytest.param(batch("tiktok", ["1"]), (404, 186), id="unknown_id"),
    ],
)
def test_invalid_requests_are_refused(api: Sandbox, body: object, error: tuple[int, int]) -> None:
    assert ask(api, body).error == error


def test_native_ids_need_the_flag(api: Sandbox) -> None:
    (post_id,) = get(api, "tiktok", {"limit": 1}).ids
    assert ask(api, {"id": post_id, "platforms": ["tiktok"]}).error == (404, 186)


def test_access_is_checked(api: Sandbox) -> None:
    body = batch("twitter", get(api, "twitter", {"limit": 1}).ids)
    without_x = {"Authorization": f"Bearer {api.api_key}"}
    assert ask(api, body, headers=without_x).error == (419, 419)
    assert ask(api, body, headers={}).error == (403, 403)
    assert ask(api, body, profile="cafe").error == (400, 156)


def test_posts_of_another_profile_are_unknown(api: Sandbox) -> None:
    ids = get(api, "tiktok", {"limit": 3}).ids
    assert ask(api, batch("tiktok", ids), profile="cafe").error == (404, 186)


def test_get_is_405(api: Sandbox) -> None:
    connection = connect(api)
    reply = send(connection, "/api/analytics/post", keys(api))
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
    connection.close()


def test_requests_are_recorded_and_limited() -> None:
    with ayr.sandbox(rate_limit=1) as api:
        ids = get(api, "tiktok", {"limit": 1}).ids
        assert ask(api, batch("tiktok", ids)).error == (429, 429)
        request = api.requests[-1]
    assert (request.method, request.path, request.platform) == ("POST", "/api/analytics/post", "tiktok")
    assert (request.body, request.status) == (batch("tiktok", ids), 429)


@each_platform
def test_load_counts_one_request_per_100_posts(name: str) -> None:
    with ayr.sandbox() as api:
        posts = ayr.load(name, limit=None, analytics=True, validate="raise", client=api.client())
        paths = [(request.method, request.path) for request in api.requests]
    assert paths.count(("POST", "/api/analytics/post")) == 2
    assert posts["analytics_as_of"].notna().all()
    assert posts["extra"].isna().all()
    numbers = posts.ayr.metrics()
    assert numbers[["likes", "reactions", "views", "impressions"]].notna().any(axis=1).mean() > 0.8


@each_platform
def test_load_gives_the_sample(name: str) -> None:
    with ayr.sandbox() as api:
        loaded = ayr.load(name, limit=None, analytics=True, client=api.client())
    sample = ayr.load_sample(name, analytics=True)
    # Numbers in nested text are written as in JavaScript by the sandbox only.
    pd.testing.assert_frame_equal(*(posts.ayr.metrics().drop(columns=TIMES) for posts in (loaded, sample)))
    assert loaded["analytics_as_of"].equals(sample["analytics_as_of"])


def test_without_analytics_the_history_is_unchanged() -> None:
    with ayr.sandbox() as api:
        posts = ayr.load("youtube", limit=None, client=api.client())
        assert {request.path for request in api.requests} == {"/api/history/youtube"}
    assert posts[["analytics_as_of", "analytics_error"]].isna().all(axis=None)
    assert posts.ayr.metrics()["views"].isna().all()


def test_foreign_videos_have_no_numbers() -> None:
    with ayr.sandbox() as api:
        api.misbehave("foreign", 3)
        with pytest.warns(ayr.DataWarning, match=r"YouTube 3 \(not the account's own post\)"):
            posts = ayr.load("youtube", since="2025-11-01", until="2026-02-01", analytics=True, client=api.client())
    foreign = posts[posts["analytics_error"].notna()]
    assert foreign["analytics_error"].unique().tolist() == ["not the account's own post"]
    assert foreign["channel_title"].unique().tolist() == ["Another account"]
    assert foreign.ayr.metrics()[["views", "likes", "comments"]].isna().all(axis=None)
    assert posts.ayr.metrics()["views"].notna().sum() == len(posts) - 3


@pytest.mark.parametrize(
    ("kind", "value", "reasons"),
    [("absent", 4, {"absent": 4}), ("partial", None, {"187": 1}), ("beside_error", None, {"187": 1})],
)
@pytest.mark.filterwarnings("ignore::ayrframe.DataWarning")
def test_faults_of_batches(kind: str, value: int | None, reasons: dict[str, int]) -> None:
    with ayr.sandbox() as api:
        api.misbehave(kind, value, when=lambda request: request.method == "POST")
        posts = ayr.load("pinterest", limit=30, analytics=True, client=api.client())
    assert posts["analytics_error"].value_counts().to_dict() == reasons
    assert len(posts) == 30


def test_drift_of_analytics_is_reported() -> None:
    with ayr.sandbox() as api:
        api.misbehave("drift", {"brandNew": 7}, when=lambda request: request.method == "POST")
        posts = ayr.load("pinterest", limit=None, analytics=True, validate=None, client=api.client())
    assert posts["extra"].unique().tolist() == ['{"brandNew":7}']
    assert posts.ayr.drift().query("finding == 'undeclared'")["path"].tolist() == ["brandNew"]


def test_samples_of_analytics_belong_to_the_samples() -> None:
    for name in PLATFORMS:
        posts = json.loads((DATA / f"{name}.json").read_bytes())["posts"]
        response = json.loads((DATA / "analytics" / f"{name}.json").read_bytes())
        assert list(response) == ["synthetic", "status", name]
        assert [block["id"] for block in response[name]] == [post["id"] for post in posts]
