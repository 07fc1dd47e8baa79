"""Post analytics in an archive: observations, later loads, saved replies, datasets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from tests.contract.test_load_analytics import block, load, post, serving, twice_the_likes
from tests.faults.load_client import FrozenClock
from tests.faults.server import http

MONDAY, TUESDAY = pd.Timestamp("2026-03-02T05:00Z"), pd.Timestamp("2026-03-03T04:00Z")


def test_each_reading_is_one_observation(tmp_path: Path) -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        return {"bluesky": [block(post_id, "2026-03-03T04:00:00Z", likeCount=3) for post_id in ids]}

    with serving([post(0, replyCount=7)], reply) as api:
        load(api, analytics=False, archive=tmp_path)
        load(api, archive=tmp_path)
        load(api, archive=tmp_path)
    archive = ayr.Archive(tmp_path)
    columns = ["as_of", "like_count", "reply_count", "analytics_as_of"]
    assert archive.posts()[columns].to_numpy().tolist() == [[MONDAY, 1, 7, pd.NaT], [TUESDAY, 3, 7, TUESDAY]]
    assert archive.growth("likes")[["as_of", "value", "increment"]].fillna(0).to_numpy().tolist() == [
        [MONDAY, 1, 0],
        [TUESDAY, 3, 2],
    ]
    assert archive.latest()["like_count"].tolist() == [3]
    written = archive.to_parquet(tmp_path / "dataset")
    assert written["posts"].tolist() == [2]
    assert len(archive.to_parquet(tmp_path / "dataset")) == 0
    pd.testing.assert_frame_equal(ayr.read_parquet(tmp_path / "dataset"), archive.posts())
    partitions = ayr.dask.read_archive(tmp_path).compute(scheduler="sync")
    pd.testing.assert_frame_equal(partitions.reset_index(drop=True), archive.posts())


def test_history_received_in_the_same_instant_is_merged(tmp_path: Path) -> None:
    with serving([post(0, replyCount=7)], twice_the_likes(), clock=FrozenClock()) as api:
        loaded, _ = load(api, archive=tmp_path)
    latest = ayr.Archive(tmp_path).latest()
    assert latest[["like_count", "reply_count"]].to_numpy().tolist() == [[2, 7]]
    pd.testing.assert_frame_equal(latest, loaded)


def test_dataset_grows_with_new_analytics(tmp_path: Path) -> None:
    with serving([post(0, replyCount=7)], twice_the_likes()) as api:
        load(api, analytics=False, archive=tmp_path / "pages")
        archive = ayr.Archive(tmp_path / "pages")
        archive.to_parquet(tmp_path / "dataset")
        load(api, archive=archive)
    archive.to_parquet(tmp_path / "dataset")
    posts = ayr.read_parquet(tmp_path / "dataset")
    assert posts.sort_values("as_of")["like_count"].tolist() == [2, 1]
    assert posts["reply_count"].tolist() == [7, 7]


def test_same_time_is_one_observation(tmp_path: Path) -> None:
    reply = lambda ids: {"bluesky": [block(ids[0], "2026-03-02T05:00:00Z", repostCount=3)]}  # noqa: E731
    with serving([post(0)], reply) as api:
        load(api, archive=tmp_path)
    posts = ayr.Archive(tmp_path).posts()
    assert posts[["like_count", "repost_count"]].to_numpy().tolist() == [[1, 3]]


def test_analytics_keep_the_history_of_their_time(tmp_path: Path) -> None:
    """Analytics of Tuesday have the text of Monday, and not that of Wednesday."""

    def reply(ids: list[str]) -> dict[str, Any]:
        return {"bluesky": [block(ids[0], "2026-03-03T04:00:00Z", likeCount=3)]}

    with serving([post(0, post="before")], reply) as api:
        load(api, archive=tmp_path)
        api.posts, api.history_fields = [post(0, post="after")], {"lastUpdated": "2026-03-04T04:00:00Z"}
        load(api, analytics=False, archive=tmp_path)
    posts = ayr.Archive(tmp_path).posts().sort_values("as_of")
    assert posts["post"].tolist() == ["before", "before", "after"]
    assert posts["like_count"].tolist() == [1, 3, 1]


def test_analytics_older_than_the_history_are_the_latest_numbers(tmp_path: Path) -> None:
    """Ayrshare reads analytics less often than histories, so their time is often the earlier one."""
    reply = lambda ids: {"snapchat": [block(ids[0], "2026-03-01T20:00:00Z", views=70)]}  # noqa: E731
    with serving([post(5)], reply) as api:
        loaded, _ = load(api, "snapchat", archive=tmp_path)
    archive = ayr.Archive(tmp_path)
    assert archive.posts()["as_of"].tolist() == [MONDAY, pd.Timestamp("2026-03-01T20:00Z")]
    pd.testing.assert_frame_equal(archive.latest(), loaded)
    pd.testing.assert_frame_equal(archive.posts().ayr.latest(), loaded)
    views = archive.posts().ayr.summary().query("metric == 'views'")
    assert views[["posts", "sum"]].to_numpy().tolist() == [[1, 70]]
    partitions = ayr.dask.read_archive(tmp_path).ayr.summary().compute(scheduler="sync").query("metric == 'views'")
    assert partitions[["posts", "sum"]].to_numpy().tolist() == [[1, 70]]


def test_later_history_without_analytics_is_the_latest(tmp_path: Path) -> None:
    with serving([post(0)], twice_the_likes()) as api:
        load(api, archive=tmp_path)
        api.history_fields = {"lastUpdated": "2026-03-04T04:00:00Z"}
        load(api, analytics=False, archive=tmp_path)
    assert ayr.Archive(tmp_path).latest()["like_count"].tolist() == [1]


def test_analytics_older_than_an_earlier_history_are_the_latest_numbers(tmp_path: Path) -> None:
    reply = lambda ids: {"snapchat": [block(ids[0], "2026-03-01T20:00:00Z", views=70)]}  # noqa: E731
    with serving([post(5, views=3)], reply) as api:
        load(api, "snapchat", analytics=False, archive=tmp_path)
        api.history_fields = {"lastUpdated": "2026-03-03T04:00:00Z"}
        load(api, "snapchat", archive=tmp_path)
    posts = ayr.Archive(tmp_path).posts()
    assert posts["views"].tolist() == [3, 3, 70]
    assert ayr.Archive(tmp_path).latest()["views"].tolist() == [70]
    assert posts.ayr.latest()["views"].tolist() == [70]
    metrics = posts.ayr.metrics()
    assert metrics["views"].tolist() == [70]
    pd.testing.assert_frame_equal(metrics.ayr.summary(), posts.ayr.summary())
    assert posts.ayr.growth("views")["value"].tolist() == [70, 3, 3], "every observation, in the order of its time"


def test_metrics_keep_readings_before_the_analytics(tmp_path: Path) -> None:
    reply = lambda ids: {"bluesky": [block(ids[0], "2026-03-03T04:00:00Z", likeCount=3)]}  # noqa: E731
    with serving([post(0)], reply) as api:
        load(api, archive=tmp_path)
    assert ayr.Archive(tmp_path).posts().ayr.metrics()["likes"].tolist() == [1, 3]


def test_empty_analytics_are_not_an_observation(tmp_path: Path) -> None:
    with serving([post(0)], lambda ids: {"bluesky": [{"id": ids[0], "analytics": {}}]}) as api:
        load(api, archive=tmp_path)
        offline, caught = load(api, archive=tmp_path, offline=True)
    assert ayr.Archive(tmp_path).posts()["as_of"].tolist() == [MONDAY]
    assert offline["analytics_error"].tolist() == ["absent"]
    assert any("Bluesky 1 (absent)" in text for text in caught)


def test_A7_zeros_of_foreign_videos_are_removed_in_the_archive(tmp_path: Path) -> None:
    def reply(ids: list[str]) -> dict[str, Any]:
        foreign = [block(ids[0], views=0, likes=0, channelTitle="Other")]
        return {"youtube": foreign + [block(post_id, views=5, channelTitle="Own") for post_id in ids[1:]]}

    with serving([post(n) for n in range(3)], reply) as api:
        loaded, _ = load(api, "youtube", archive=tmp_path)
    pd.testing.assert_frame_equal(ayr.Archive(tmp_path).latest(), loaded)
    assert loaded["analytics_error"].fillna("").tolist() == ["not the account's own post", "", ""]
    assert loaded["views"].fillna(-1).tolist() == [-1, 5, 5]


def test_fresh_analytics_are_not_requested_again(tmp_path: Path) -> None:
    with serving([post(n) for n in range(150)], twice_the_likes(nextUpdate="2099-01-01T00:00:00Z")) as api:
        load(api, archive=tmp_path)
        api.posts.insert(0, post(28, id="new"))
        posts, caught = load(api, archive=tmp_path)
        assert [len(batch) for batch in api.batches] == [100, 50, 1]
        assert (posts["like_count"].tolist(), caught) == ([2] * 151, [])
        load(api, archive=tmp_path, refresh=True)
        assert [len(batch) for batch in api.batches] == [100, 50, 1, 100, 51]


def test_stale_analytics_are_requested_again(tmp_path: Path) -> None:
    with serving([post(0)], twice_the_likes(nextUpdate="2026-01-01T00:00:00Z")) as api:
        load(api, archive=tmp_path)
        load(api, archive=tmp_path)
    assert len(api.bodies) == 2


def test_offline_load_replays_analytics_and_reasons(tmp_path: Path) -> None:
    with serving([post(n) for n in range(3)], lambda ids: {"bluesky": [block(ids[1], likeCount=2)]}) as api:
        online, _ = load(api, archive=tmp_path)
        count = len(api.hits)
        offline, caught = load(api, archive=tmp_path, offline=True)
        assert len(api.hits) == count
    pd.testing.assert_frame_equal(offline, online)
    assert len(caught) == 1


def test_offline_load_says_that_analytics_were_never_read(tmp_path: Path) -> None:
    with serving([post(0)], twice_the_likes()) as api:
        load(api, analytics=False, archive=tmp_path)
        posts, caught = load(api, archive=tmp_path, offline=True)
    assert posts[["analytics_as_of", "analytics_error"]].isna().all(axis=None)
    assert caught == ["Bluesky: the archive has no post analytics of 1 posts."]


def test_archived_analytics_replace_those_that_fail(tmp_path: Path) -> None:
    with serving([post(0)], twice_the_likes()) as api:
        load(api, archive=tmp_path)
        api.reply = lambda _: http(b"{}", length=99)
        posts, caught = load(api, archive=tmp_path)
    assert posts["like_count"].tolist() == [2]
    assert len(caught) == 1
    assert "Using the archived analytics of 1 posts" in caught[0]


def test_another_key_does_not_get_analytics(tmp_path: Path) -> None:
    with serving([post(0)], twice_the_likes(nextUpdate="2099-01-01T00:00:00Z")) as api:
        load(api, archive=tmp_path)
        api.client = type(api.client)("ANOTHER-KEY-OF-A-TEST", base_url=api.client.base_url)
        load(api, archive=tmp_path)
    assert len(api.bodies) == 2


def test_saved_analytics_are_added(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    body = {"status": "success", "bluesky": [block("id-0", likeCount=5)], "threads": [block("t", views=9)]}
    archive.add(json.dumps({"posts": [post(0)]}).encode(), platform="bluesky", as_of="2026-02-28")
    assert archive.add(json.dumps(body).encode(), as_of="2026-03-03") == 2
    posts = archive.posts()
    assert posts[["platform", "id", "post"]].fillna("").to_numpy().tolist() == [
        ["bluesky", "id-0", "post 0"],
        ["bluesky", "id-0", "post 0"],
        ["threads", "t", ""],
    ]
    assert archive.profiles()[["platform", "pages", "posts"]].to_numpy().tolist() == [
        ["bluesky", 2, 1],
        ["threads", 1, 1],
    ]


@pytest.mark.parametrize("n_profiles", [1, 2])
def test_pages_are_private_to_their_profile(tmp_path: Path, n_profiles: int) -> None:
    archive = ayr.Archive(tmp_path)
    for number in range(n_profiles):
        history = json.dumps({"posts": [post(0, post=f"of shop {number}")]}).encode()
        archive.add(history, platform="bluesky", profile=f"shop {number}", as_of="2026-02-28")
    archive.add(json.dumps({"bluesky": [block("id-0", likeCount=5)]}).encode(), profile="shop 0", as_of="2026-03-03")
    posts = archive.posts()
    assert posts["post"].tolist()[-1] == "of shop 0"
    assert posts[posts["analytics_as_of"].notna()]["profile"].tolist() == ["shop 0"]
