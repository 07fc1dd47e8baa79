"""Saved responses of POST /analytics/post, and merging them into posts; expected values are written by hand."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

READ, MONDAY, TUESDAY = "2026-03-08T00:00:00Z", "2026-03-02T06:00:00Z", "2026-03-03T06:00:00Z"


def response(**blocks: Any) -> bytes:
    return json.dumps({"status": "success", **blocks}).encode()


def block(post_id: str | None, updated: str | None = None, **analytics: Any) -> dict[str, Any]:
    fields = {"id": post_id, "lastUpdated": updated, "analytics": analytics}
    return {key: value for key, value in fields.items() if value is not None}


def read(*blocks: dict[str, Any], platform: str = "tiktok", **options: Any) -> pd.DataFrame:
    return ayr.read_json(response(**{platform: list(blocks)}), **{"as_of": READ, **options})


def history(*posts: dict[str, Any], platform: str = "tiktok", **options: Any) -> pd.DataFrame:
    return ayr.from_posts(list(posts), platform=platform, **{"as_of": MONDAY, **options})


def time(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


# Reading


def test_batch_has_one_row_per_block() -> None:
    posts = read(block("1", videoViews=12, likeCount=0), block("2", videoViews=5))
    assert posts["platform"].tolist() == ["tiktok", "tiktok"]
    assert posts["id"].tolist() == ["1", "2"]
    assert posts["video_views"].tolist() == [12, 5]
    assert posts["like_count"].isna().tolist() == [False, True]


def test_single_response_uses_the_id_of_the_block_not_that_of_the_response() -> None:
    body = response(
        id="Ayr1", instagram={"id": "1800", "postUrl": "https://i.example/p", "analytics": {"likeCount": 3}}
    )
    posts = ayr.read_json(body, as_of=READ)
    assert posts[["platform", "id", "post_url"]].values.tolist() == [["instagram", "1800", "https://i.example/p"]]
    assert posts["like_count"].tolist() == [3]


def test_item_id_is_the_id_of_a_block_without_one() -> None:
    assert read(block(None, itemId="77", videoViews=1))["id"].tolist() == ["77"]


def test_block_without_any_id_has_na_and_warns() -> None:
    with pytest.warns(ayr.DataWarning, match="1 of 1 analytics of TikTok in the JSON bytes have no id"):
        posts = ayr.read_json(response(id="Ayr1", tiktok={"analytics": {"videoViews": 1}}), as_of=READ, validate=None)
    assert posts["id"].isna().tolist() == [True]


def test_thread_on_x_has_one_row_per_post() -> None:
    posts = read(*(block(str(n), publicMetrics={"likeCount": n}) for n in (1, 2)), platform="twitter", profile="acme")
    assert posts[["profile", "id", "public_metrics_like_count"]].values.tolist() == [["acme", "1", 1], ["acme", "2", 2]]


def test_several_platforms_and_lines_are_read_together() -> None:
    first = response(id="A", tiktok=block("1", videoViews=1), bluesky=block("at://2", likeCount=2))
    second = response(tiktok=[block("3", videoViews=3)])
    posts = ayr.read_json(first + b"\n" + second, as_of=READ)
    assert sorted(posts[["platform", "id"]].values.tolist()) == [
        ["bluesky", "at://2"],
        ["tiktok", "1"],
        ["tiktok", "3"],
    ]


def test_as_of_is_the_time_of_the_block_else_that_of_reading() -> None:
    posts = read(block("1", TUESDAY, videoViews=1), block("2", videoViews=1))
    assert posts["as_of"].tolist() == [time(TUESDAY), time(READ)]
    assert posts["analytics_as_of"].tolist() == [time(TUESDAY), time(READ)]
    assert posts["read_at"].tolist() == [time(READ)] * 2
    assert posts["listed_from"].isna().all(), "single posts do not list a history"
    assert posts["analytics_error"].isna().all()


def test_undeclared_fields_of_block_and_analytics_are_in_extra() -> None:
    posts = read({**block("1", videoViews=1, brandNew=[2]), "odd": {"a": 1}})
    assert json.loads(posts["extra"].iloc[0]) == {"brandNew": [2], "odd": {"a": 1}}
    assert posts.ayr.drift().query("finding == 'undeclared'")["path"].tolist() == ["brandNew", "odd"]


def test_media_list_of_snapchat_is_one_row() -> None:
    media = [{"views": 1}, {"views": 2}]
    several = ayr.read_json(response(snapchat={"id": "s", "analytics": media}), as_of=READ)
    assert several["id"].tolist() == ["s"]
    assert several["views"].isna().all()
    assert json.loads(several["extra"].iloc[0]) == {"analytics": media}
    single = ayr.read_json(response(snapchat={"id": "s", "analytics": media[:1]}), as_of=READ)
    assert single["views"].tolist() == [1]


def test_other_platforms_are_counted_in_a_warning() -> None:
    body = response(id="A", tiktok=block("1", videoViews=1), reddit=block("r", ups=1))
    with pytest.warns(
        ayr.DataWarning, match=r"platforms that ayrframe does not have, in the JSON bytes: 'reddit' \(1\)"
    ):
        assert len(ayr.read_json(body, as_of=READ)) == 1
    with pytest.raises(ayr.ResponseError, match="expected post analytics of a platform, found 'reddit'"):
        ayr.read_json(response(id="A", reddit=block("r", ups=1)))


def test_other_requested_platform_raises() -> None:
    with pytest.raises(ValueError, match="`platform` must be 'tiktok', the platform of the JSON bytes, got 'twitter'"):
        ayr.read_json(response(tiktok=[block("1", videoViews=1)]), platform="x")


def test_partial_response_repeats_its_error() -> None:
    errors = [{"action": "analytics", "status": "error", "code": 187, "message": "no numbers", "platform": "facebook"}]
    body = json.dumps({"status": "partial", "id": "A", "tiktok": block("1", videoViews=1), "errors": errors}).encode()
    with pytest.warns(ayr.DataWarning, match="status 'partial', code 187: no numbers"):
        assert ayr.read_json(body, as_of=READ)["video_views"].tolist() == [1]


# Merging


def test_enrich_takes_present_values_and_keeps_others() -> None:
    posts = history(
        {"id": "1", "post": "a", "created": "2026-03-01T00:00:00Z", "likeCount": 5, "commentsCount": 2},
        {"id": "2", "post": "b", "created": "2026-03-01T00:00:00Z", "likeCount": 7},
    )
    enriched = posts.ayr.enrich(read(block("1", TUESDAY, likeCount=6, videoViews=90)))
    assert enriched["like_count"].tolist() == [6, 7]
    assert enriched["comments_count"].tolist()[0] == 2
    assert enriched["video_views"].isna().tolist() == [False, True]
    assert enriched["post"].tolist() == ["a", "b"]
    assert enriched["as_of"].tolist() == [time(TUESDAY), time(MONDAY)]
    assert enriched["analytics_as_of"].tolist() == [time(TUESDAY), pd.NaT]
    assert enriched["read_at"].tolist() == [time(MONDAY)] * 2
    pd.testing.assert_series_equal(enriched.dtypes, posts.dtypes)


def test_enrich_does_not_change_its_inputs() -> None:
    posts, analytics = history({"id": "1", "likeCount": 5}), read(block("1", likeCount=6))
    before = posts.copy(), analytics.copy()
    posts.ayr.enrich(analytics)
    pd.testing.assert_frame_equal(posts, before[0])
    pd.testing.assert_frame_equal(analytics, before[1])


def test_enrich_uses_the_newest_reading_of_a_post() -> None:
    analytics = read(block("1", TUESDAY, likeCount=9), block("1", MONDAY, likeCount=6))
    assert history({"id": "1"}).ayr.enrich(analytics)["like_count"].tolist() == [9]


def test_enrich_changes_the_latest_observation_only() -> None:
    older = history({"id": "1", "likeCount": 1}, as_of="2026-03-01")
    posts = pd.concat([history({"id": "1", "likeCount": 2}), older], ignore_index=True)
    enriched = posts.ayr.enrich(read(block("1", TUESDAY, likeCount=9)))
    assert enriched[["like_count", "as_of"]].values.tolist() == [[9, time(TUESDAY)], [1, time("2026-03-01T00:00Z")]]


def test_enrich_merges_extra_with_the_analytics_winning() -> None:
    posts = history({"id": "1", "kept": 1, "both": "old"})
    enriched = posts.ayr.enrich(read(block("1", both="new", added=2)))
    assert json.loads(enriched["extra"].iloc[0]) == {"kept": 1, "both": "new", "added": 2}


def test_A13_enrich_warns_about_analytics_without_a_post() -> None:
    with pytest.warns(ayr.DataWarning, match="1 of 2 posts with analytics are not among the posts"):
        enriched = history({"id": "1"}).ayr.enrich(read(block("1", likeCount=1), block("9", likeCount=1)))
    assert enriched["id"].tolist() == ["1"]


@pytest.mark.parametrize(("label", "sent"), [("acme", ""), ("", "acme"), ("acme", "acme"), ("", "")])
def test_enrich_matches_the_only_profile_without_a_label(label: str, sent: str) -> None:
    posts = history({"id": "1"}, profile=label)
    assert posts.ayr.enrich(read(block("1", likeCount=1), profile=sent))["like_count"].tolist() == [1]


def test_A13_enrich_does_not_guess_the_profile() -> None:
    posts = pd.concat([history({"id": "1"}, profile="a"), history({"id": "2"}, profile="b")], ignore_index=True)
    with pytest.warns(ayr.DataWarning, match="1 of 1 posts with analytics are not among"):
        assert posts.ayr.enrich(read(block("1", likeCount=1)))["like_count"].isna().all()
    with pytest.warns(ayr.DataWarning, match="1 of 1 posts"):
        assert (
            history({"id": "1"}, profile="a")
            .ayr.enrich(read(block("1", likeCount=1), profile="b"))["like_count"]
            .isna()
            .all()
        )


def test_enrich_matches_an_empty_label_beside_the_label_of_the_profile() -> None:
    analytics = pd.concat([read(block("1", likeCount=1)), read(block("2", likeCount=2), profile="acme")])
    posts = history({"id": "1"}, {"id": "2"}, profile="acme")
    assert posts.ayr.enrich(analytics)["like_count"].tolist() == [1, 2]


def test_enrich_takes_the_newest_of_both_labels() -> None:
    analytics = pd.concat([read(block("1", TUESDAY, likeCount=9)), read(block("1", MONDAY, likeCount=6), profile="a")])
    assert history({"id": "1"}, profile="a").ayr.enrich(analytics)["like_count"].tolist() == [9]


def test_A13_enrich_with_older_analytics_keeps_the_newer() -> None:
    enriched = history({"id": "1"}).ayr.enrich(read(block("1", TUESDAY, likeCount=9)))
    again = enriched.ayr.enrich(read(block("1", MONDAY, likeCount=6, shareCount=2)))
    pd.testing.assert_frame_equal(again, enriched)


def test_enrich_replaces_invalid_values_of_the_history() -> None:
    posts = history({"id": "1", "likeCount": "many", "kept": 1}, {"id": "2", "likeCount": "few"}, validate=None)
    enriched = posts.ayr.enrich(read(block("1", likeCount=9), block("2", TUESDAY, likeCount=3)))
    assert enriched["like_count"].tolist() == [9, 3]
    assert enriched["extra"].fillna("none").tolist() == ['{"kept":1}', "none"]


def test_A7_enrich_removes_zeros_of_videos_of_another_channel() -> None:
    created = {"created": "2026-01-01T00:00:00Z"}
    posts = history({"id": "own", **created}, {"id": "other", **created}, platform="youtube")
    own, other = block("own", views=4, channelTitle="Ours"), block("other", views=0, channelTitle="Theirs")
    enriched = posts.ayr.enrich(read(own, other, platform="youtube"))
    assert enriched["views"].fillna(-1).tolist() == [4, -1]
    assert enriched["analytics_error"].fillna("").tolist() == ["", "not the account's own post"]


@pytest.mark.parametrize("dropped", ["extra", "analytics_as_of", "analytics_error"])
def test_enrich_without_a_dropped_column(dropped: str) -> None:
    posts, analytics = history({"id": "1"}), read(block("1", TUESDAY, likeCount=9, added=2))
    for enriched in (
        posts.drop(columns=dropped).ayr.enrich(analytics),
        posts.ayr.enrich(analytics.drop(columns=dropped)),
    ):
        assert enriched[["like_count", "as_of"]].values.tolist() == [[9, time(TUESDAY)]]


def test_enrich_removes_the_error_of_an_earlier_request() -> None:
    posts = history({"id": "1"}, {"id": "2"}).assign(analytics_error="absent")
    enriched = posts.ayr.enrich(read(block("1", TUESDAY, likeCount=9)))
    assert enriched["analytics_error"].fillna("").tolist() == ["", "absent"]


def test_enrich_adds_the_dropped_columns_that_analytics_send() -> None:
    bluesky = history({"id": "at://2", "likeCount": 7}, platform="bluesky")
    posts = pd.concat([history({"id": "1"}), bluesky], ignore_index=True)
    bare = posts.drop(columns=["video_views", "quote_count"])
    enriched = bare.ayr.enrich(read(block("1", TUESDAY, videoViews=9)))
    assert enriched["video_views"].fillna(-1).tolist() == [9, -1]
    assert enriched["like_count"].fillna(-1).tolist() == [-1, 7]
    assert "quote_count" not in enriched.columns  # of Bluesky only, which sent no analytics


def test_A13_enrich_frames_from_csv() -> None:
    posts, analytics = history({"id": "1", "added": 1}), read(block("1", TUESDAY, likeCount=9, more=2))
    expected = posts.ayr.enrich(analytics)
    saved = [pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype={"id": "str"}) for frame in (posts, analytics)]
    for first, second in ((saved[0], analytics), (posts, saved[1]), saved):
        enriched = first.ayr.enrich(second)
        columns = ["profile", "id", "as_of", "like_count", "analytics_as_of", "extra"]
        pd.testing.assert_frame_equal(enriched[columns], expected[columns])


def test_enrich_ignores_empty_analytics_and_counts_those_without_an_id() -> None:
    with pytest.warns(ayr.DataWarning, match="have no id|id: 1 value"):
        analytics = read(block("1"), block(None, likeCount=1))
    assert analytics["analytics_as_of"].isna().tolist() == [True, False]
    assert analytics["analytics_error"].fillna("").tolist() == ["absent", ""]
    posts = history({"id": "1", "likeCount": 5})
    with pytest.warns(ayr.DataWarning, match="1 of 1 posts with analytics are not among"):
        enriched = posts.ayr.enrich(analytics)
    pd.testing.assert_frame_equal(enriched, posts)


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_id_of_a_block_is_that_of_its_analytics(missing: str | None) -> None:
    blocks = [{"id": missing, "analytics": {"itemId": "7", "likeCount": 1}}]
    assert read(*blocks)["id"].tolist() == ["7"]


def test_enrich_keeps_own_columns_rows_and_index() -> None:
    posts = history({"id": "1"}, {"id": "2"}).assign(campaign=["x", "y"]).set_axis([5, 5])
    enriched = posts.ayr.enrich(read(block("2", likeCount=1)))
    assert enriched["campaign"].tolist() == ["x", "y"]
    assert enriched.index.tolist() == [5, 5]
    assert enriched["like_count"].isna().tolist() == [True, False]


def test_enrich_with_another_table_raises() -> None:
    with pytest.raises(TypeError, match=r"`analytics` must be a posts frame.*summary\(\)"):
        history({"id": "1"}).ayr.enrich(history({"id": "1"}).ayr.summary())
    with pytest.raises(TypeError, match="`analytics` must be a posts frame, got a metrics frame"):
        history({"id": "1"}).ayr.enrich(history({"id": "1"}).ayr.metrics())


def test_enriched_posts_give_metrics_and_can_be_written_as_posts() -> None:
    enriched = history({"id": "1", "likeCount": 5, "commentsCount": 1}).ayr.enrich(read(block("1", videoViews=60)))
    assert enriched.ayr.metrics()["er_views"].tolist() == [0.1]
    assert enriched.ayr.to_posts() == [{"id": "1", "likeCount": 5, "commentsCount": 1, "videoViews": 60}]
    enriched.ayr.validate()
