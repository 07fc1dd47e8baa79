"""Fields that only post analytics sends: columns, metrics, child tables, and reasons where they are missing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

CREATED, AS_OF = "2026-03-01T00:00:00Z", "2026-03-11T12:00:00Z"


def frame_of(platform: str, *posts: dict[str, Any], **keywords: Any) -> pd.DataFrame:
    sent = [{"id": str(number), "created": CREATED, **post} for number, post in enumerate(posts)]
    return ayr.from_posts(sent, platform=platform, as_of=AS_OF, **keywords)


# Numbers and units: column, value in the frame, metric and its value.
VALUES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, float]]] = [
    (
        "youtube",
        {
            "views": 480, "likes": 26, "dislikes": 1, "comments": 5, "shares": 7, "engagedViews": 402,
            "averageViewDuration": 12.5, "averageViewPercentage": 41.2, "estimatedMinutesWatched": 100,
            "subscribersGained": 4, "subscribersLost": 2, "videosAddedToPlaylists": 3, "channelTitle": "Crumb",
            "madeForKids": False, "notEnoughViews": True, "tags": ["rye"], "liveBroadcast": "none",
            "liveBroadcastDetails": {}, "publishedAt": CREATED, "playlists": [],
        },
        {
            "average_view_duration": 12.5, "average_view_percentage": 41.2, "estimated_minutes_watched": 100,
            "tags": '["rye"]', "live_broadcast_details": "{}", "not_enough_views": True, "channel_title": "Crumb",
        },
        {"likes": 26, "comments": 5, "shares": 7, "views": 480, "watch_time_s": 6000, "average_watch_time_s": 12.5},
    ),
    (
        "pinterest",
        {
            "description": "Seeded rolls", "media": {"mediaType": "image"}, "totalComments": 1, "totalReactions": 2,
            "impression": 100, "pinClick": 5, "pinClickRate": 0.05, "outboundClick": 2, "outboundClickRate": 0.02,
            "save": 3, "saveRate": 0.03, "profileVisit": 1, "userFollow": 0, "videoStart": 4,
            "pinMetrics": {"90d": {"impression": 100}}, "boardOwner": {"username": "crumb"}, "boardSectionId": 77,
            "creativeType": "REGULAR", "hasBeenPromoted": False, "isOwner": True, "isStandard": True,
            "parentPinId": "12",
        },
        {
            "post": "Seeded rolls", "media": '{"mediaType":"image"}', "board_owner_username": "crumb",
            "board_section_id": "77", "pin_metrics": '{"90d":{"impression":100}}', "save_rate": 0.03,
        },
        {"comments": 1, "reactions": 2, "impressions": 100, "clicks": 5, "saves": 3},
    ),
    (
        "tiktok",
        {"favorites": 17, "itemId": 7450000000000000001},
        {"favorites": 17, "item_id": "7450000000000000001"},
        {"saves": 17},
    ),
    (
        "instagram",
        {
            "caption": "Four hands", "mediaProductType": "REELS", "mediaType": "VIDEO", "reachCount": 19,
            "viewsCount": 32,
            "igReelsAvgWatchTimeCount": 1145, "igReelsVideoViewTotalTimeCount": 36_640, "clipsReplaysCount": 3,
            "igReelsAggregatedAllPlaysCount": 35,
        },
        {"post": "Four hands", "ig_reels_avg_watch_time_count": 1145},
        {"reach": 19, "views": 32, "watch_time_s": 36.64, "average_watch_time_s": 1.145},
    ),
    (
        "facebook",
        {
            "statusType": "added_video", "totalVideoAvgTimeWatched": 2939, "totalVideoViewTotalTime": 1_234_567,
            "totalVideoCompleteViews": 40, "totalVideo10SViews": 120, "totalVideo15SViews": 100,
            "totalVideo30SViews": 60, "totalVideoImpressions": 1000, "postImpressionsUnique": 690,
            "postVideoAvgTimeWatched": 2938, "postVideoSocialActions": {"SHARE": 2}, "videoViewTime": 5,
            "totalVideoReactionsByTypeTotal": {"like": 10}, "totalVideoStoriesByActionType": {"share": 2},
            "totalVideoViewTimeByAgeBucketAndGender": {"F.25-34": 634_567},
            "totalVideoViewTimeByRegionId": {"Berlin - DE": 1_234_567},
            "totalVideoViewTimeByDistributionType": {"page_owned": 9},
            "totalVideoViewsByDistributionType": {"page_owned": 420},
        },
        {
            "total_video_10_s_views": 120, "post_video_avg_time_watched": 2938,
            "total_video_view_time_by_region_id": '{"Berlin - DE":1234567}',
        },
        {"watch_time_s": 1234.567, "average_watch_time_s": 2.939},
    ),
    ("linkedin", {"type": "corporate", "videoViewers": 4}, {"type": "corporate", "video_viewers": 4}, {}),
    (
        "snapchat",
        {"views": 8, "viewers": 7, "replies": 1, "shares": 2, "viewTime": 1500, "interactions": 3},
        {"interactions": 3},
        {"views": 8, "reach": 7, "comments": 1, "shares": 2, "watch_time_s": 1.5},
    ),
    ("threads", {"likes": 4, "views": 10, "replies": 0, "reposts": 1, "quotes": 2}, {"likes": 4}, {"shares": 1}),
    (
        "twitter",
        {
            "name": "Oven and Crumb", "username": "crumb", "entities": {"hashtags": [{"tag": "rye"}]},
            "poll": {"id": "1"},
            "nonPublicMetrics": {"urlLinkClicks": 9, "userProfileClicks": 2, "video": {"playback0Count": 50}},
            "organicMetrics": {"urlLinkClicks": 8, "video": {"playback100Count": 5, "viewCount": 45}},
        },
        {
            "username": "crumb", "entities": '{"hashtags":[{"tag":"rye"}]}', "organic_metrics_url_link_clicks": 8,
            "non_public_metrics_video_playback_0_count": 50, "organic_metrics_video_view_count": 45,
        },
        {"clicks": 9},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "sent", "values", "metrics"), VALUES, ids=[case[0] for case in VALUES])
def test_fields_of_post_analytics_are_columns_and_metrics(
    platform: str, sent: dict[str, Any], values: dict[str, Any], metrics: dict[str, float]
) -> None:
    posts = frame_of(platform, sent)
    assert posts["extra"].isna().all()
    assert {name: posts[name].iloc[0] for name in values} == values
    row = posts.ayr.metrics().iloc[0]
    assert {name: row[name] for name in metrics} == pytest.approx(metrics, rel=1e-12)


@pytest.mark.parametrize(("platform", "field"), [("instagram", "caption"), ("pinterest", "description")])
def test_text_under_another_name_fills_a_missing_post_only(platform: str, field: str) -> None:
    texts = [{field: "Rye"}, {field: "Rye", "post": "Wheat"}, {field: "Rye", "post": ""}, {"post": "Wheat"}]
    posts = frame_of(platform, *texts)
    assert posts["post"].tolist() == ["Rye", "Wheat", "", "Wheat"]
    assert posts[field].fillna("none").tolist() == ["Rye", "Rye", "Rye", "none"]


def test_unexpected_fields_and_shapes_are_kept_and_reported() -> None:
    sent = {"media": [{"url": "u"}], "boardOwner": "crumb", "videoMrcView": 4, "totalReactions": {"like": 1}}
    with pytest.warns(ayr.DataWarning, match="media: 1 value is not an object"):
        posts = frame_of("pinterest", sent)
    assert posts.ayr.to_posts()[0] == {"id": "0", "created": CREATED, **sent}
    found = posts.ayr.drift().query("finding != 'never seen'").set_index("path")["finding"].to_dict()
    assert found == {
        "media": "wrong type",
        "boardOwner": "not an object",
        "videoMrcView": "undeclared",
        "totalReactions": "wrong type",
    }


# ── Child tables ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_audience_of_tiktok_by_gender_and_type() -> None:
    posts = frame_of(
        "tiktok",
        {
            "audienceGenders": [{"gender": "Female", "percentage": 0.61}, {"gender": "Male", "percentage": 0.39}],
            "audienceTypes": [{"type": "Follower", "percentage": 0.2}, {"type": "Non-follower", "percentage": 0.8}],
        },
        {},
    )
    genders, types = posts.ayr.audience_genders(), posts.ayr.audience_types()
    assert list(genders) == [*ayr.KEY, "gender", "fraction"]
    assert genders[["id", "gender", "fraction"]].values.tolist() == [["0", "Female", 0.61], ["0", "Male", 0.39]]
    assert types[["type", "fraction"]].values.tolist() == [["Follower", 0.2], ["Non-follower", 0.8]]


X_VIDEO = {"mediaKey": "7_1", "type": "video", "organicMetrics": {"playback0Count": 80, "playback100Count": 20}}
X_POSTS = [
    {
        "media": [X_VIDEO],
        "nonPublicMetrics": {"video": {"playback0Count": 90}},
        "organicMetrics": {"video": {"playback0Count": 80, "playback100Count": 20}},
    },
    {},
    {"organicMetrics": {"video": {"playback0Count": 50, "playback50Count": 25, "viewCount": 45}}},
]


def test_quartiles_of_x_posts_are_rows_without_a_media_key() -> None:
    table = frame_of("twitter", *X_POSTS).ayr.media_metrics()
    rows = table[["id", "media_key", "scope", "metric", "value"]].astype(object).fillna("NA")
    assert rows.to_numpy().tolist() == [
        ["0", "7_1", "organic", "playback_0_count", 80],
        ["0", "7_1", "organic", "playback_100_count", 20],
        ["0", "NA", "non_public", "playback_0_count", 90],
        ["0", "NA", "organic", "playback_0_count", 80],
        ["0", "NA", "organic", "playback_100_count", 20],
        ["2", "NA", "organic", "playback_0_count", 50],
        ["2", "NA", "organic", "playback_50_count", 25],
        ["2", "NA", "organic", "view_count", 45],
    ]
    assert table.dtypes.astype(str)[["media_key", "scope", "metric", "value"]].tolist() == ["str"] * 3 + ["Int64"]


def test_quartiles_of_x_posts_in_wide_format() -> None:
    posts = frame_of("twitter", *X_POSTS)
    table = posts.ayr.expand("media_metrics", wide=True)
    assert list(table) == list(frame_of("twitter", X_POSTS[1]).ayr.expand("media_metrics", wide=True))
    assert table["playback_0_count"].tolist() == [80, 90, 80, 50]
    assert table["media_key"].fillna("NA").tolist() == ["7_1", "NA", "NA", "NA"]
    assert posts.ayr.expansions().set_index("name")["posts"]["media_metrics"] == 2


def test_completion_counts_the_video_of_an_x_post_once() -> None:
    table = frame_of("twitter", *X_POSTS).ayr.completion()
    assert table["id"].tolist() == ["0"] * 5 + ["2"] * 5
    assert table["viewers"].tolist() == [80, pd.NA, pd.NA, pd.NA, 20, 50, pd.NA, 25, pd.NA, pd.NA]
    only_post = frame_of("twitter", *X_POSTS).ayr.completion(scope="non_public")
    assert only_post["viewers"].tolist() == [90, pd.NA, pd.NA, pd.NA, pd.NA]


# ── Reasons for missing values ──────────────────────────────────────────────────────────────────────────────────────


def reasons(posts: pd.DataFrame, column: str, of: Any = "metrics") -> dict[str, int]:
    table = posts.ayr.coverage(of=of).query("column == @column")
    return dict(zip(table["reason"], table["count"], strict=True))


def fetched(posts: pd.DataFrame, *errors: str | None) -> pd.DataFrame:
    """Return the posts as if analytics had been requested, with an error for each post or None."""
    is_read = pd.Series([error is None for error in errors], index=posts.index)
    times = posts["as_of"].where(is_read)
    return posts.assign(analytics_as_of=times, analytics_error=pd.array(list(errors), dtype="str"))


@pytest.mark.parametrize(
    ("platform", "metric", "column"),
    [
        ("youtube", "views", "views"),
        ("youtube", "watch_time_s", "estimated_minutes_watched"),
        ("pinterest", "impressions", "impression"),
        ("tiktok", "saves", "favorites"),
        ("instagram", "reach", "reach_count"),
        ("threads", "likes", "likes"),
        ("snapchat", "views", "views"),
        ("linkedin", "views", "video_views"),
    ],
)
def test_number_of_post_analytics_is_not_fetched_without_it(platform: str, metric: str, column: str) -> None:
    posts = frame_of(platform, {"post": "Rye"}, {"post": "Rolls"})
    assert reasons(posts, metric) == reasons(posts, column, "columns") == {"not fetched": 2}
    read = fetched(posts, None, None)
    assert "not fetched" not in reasons(read, metric)
    assert "not fetched" not in reasons(read, column, "columns")


def test_number_that_history_sends_after_all_is_not_not_fetched() -> None:
    posts = frame_of("threads", {"post": "Rye"}, {"post": "Rolls", "likes": 3})
    assert reasons(posts, "likes") == {"not sent": 1}


def test_number_of_a_post_whose_analytics_were_read_does_not_explain_the_others() -> None:
    posts = fetched(
        frame_of("youtube", {"post": "Rye"}, {"post": "Rolls", "views": 3}, {"post": "Bun"}), None, None, None
    )
    posts.loc[2, "analytics_as_of"] = pd.NaT
    assert reasons(posts, "views") == {"not sent": 1, "not fetched": 1}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("not the account's own post", "not the account's own post"),
        ("too fresh", "too fresh"),
        ("187", "failed at the network"),
        ("403", "failed at the network"),
        ("485", "story expired"),
        ("absent", "not sent"),
    ],
)
def test_error_of_post_analytics_gives_the_reason(error: str, reason: str) -> None:
    posts = fetched(frame_of("youtube", {"post": "Rye"}, {"post": "Rolls", "views": 3, "comments": 1}), error, None)
    assert reasons(posts, "views") == reasons(posts, "views", "columns") == {reason: 1}
    assert reasons(posts, "comments") == {reason: 1}
    # History sends these, so they have reasons of their own.
    assert reasons(posts, "position", "columns") == {"not sent": 2}


def test_clicks_on_links_of_x_without_analytics() -> None:
    posts = frame_of("twitter", {"post": "Rye"}, {"post": "Rolls", "nonPublicMetrics": {"userProfileClicks": 3}})
    assert reasons(posts, "clicks") == {"not comparable": 1, "not fetched": 1}


# ── Catalog, dictionary and schema ──────────────────────────────────────────────────────────────────────────────────


def test_dictionary_names_the_endpoint_of_each_column() -> None:
    endpoints = ayr.dictionary("youtube").set_index("column")["endpoint"]
    assert (endpoints["position"], endpoints["title"], endpoints["views"]) == ("history", "both", "post analytics")
    assert endpoints["platform"] == endpoints["as_of"] == ""
    posts = pd.concat(
        [frame_of("youtube", {"title": "Rye"}), frame_of("pinterest", {"title": "Rye"})], ignore_index=True
    )
    assert posts.ayr.dictionary().set_index("column")["endpoint"]["title"] == "history; both"


def test_columns_do_not_depend_on_analytics() -> None:
    with_numbers, without = frame_of("youtube", {"views": 3}), frame_of("youtube", {"post": "Rye"})
    assert with_numbers.dtypes.equals(without.dtypes)
    assert list(with_numbers) == list(ayr.schema("youtube").columns)


def test_lists_and_objects_named_media_share_a_frame() -> None:
    pins, tweets = frame_of("pinterest", {"media": {"mediaType": "image"}}), frame_of("twitter", {"media": [X_VIDEO]})
    posts = pd.concat([pins, tweets], ignore_index=True)
    assert posts.ayr.media()["media_id"].tolist() == ["7_1"]
    assert [post.get("media") for post in posts.ayr.to_posts()] == [{"mediaType": "image"}, [X_VIDEO]]
    posts.ayr.validate()
