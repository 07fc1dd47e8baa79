"""Metrics of every platform, compared with numbers computed by hand from its API fields."""

from __future__ import annotations

import copy
import functools
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import ayrframe as ayr

PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
METRICS = [
    *("likes", "reactions", "comments", "shares", "quotes", "saves", "clicks", "views", "impressions", "reach"),
    *("watch_time_s", "average_watch_time_s"),
]
RATES = ["er_views", "er_impressions", "er_reach"]
TIME = "datetime64[us, UTC]"
COLUMNS = {
    "platform": "str", "profile": "str", "id": "str", "as_of": TIME,
    "created": TIME, "read_at": TIME, "listed_from": TIME, "age_days": "float64", "post": "str", "post_url": "str",
    "format": "str", "kind": "str",
    **dict.fromkeys(METRICS, "Int64"),
    "watch_time_s": "float64", "average_watch_time_s": "float64",
    "engagements": "Int64", "engagement_parts": "str",
    **dict.fromkeys(RATES, "float64"),
}  # fmt: skip
CREATED, AS_OF = "2026-03-01T00:00:00Z", "2026-03-11T12:00:00Z"

# One full post of each platform; all numbers of a post differ, so that swapped fields are detected.
POSTS: dict[str, dict[str, Any]] = {
    "bluesky": {
        "id": "at://did:plc:qv4zr7mxk2ovenandcrumb/app.bsky.feed.post/3lk2abcde7x2z",
        "created": CREATED,
        "post": "Rye leaves the oven at seven",
        "postUrl": "https://bsky.app/profile/ovenandcrumb.example/post/3lk2abcde7x2z",
        "likeCount": 41, "quoteCount": 5, "replyCount": 8, "repostCount": 13,
    },
    "facebook": {
        "id": "208811740958066_915520165614271",
        "created": CREATED,
        "post": "How the deep oven is fired up",
        "postUrl": "https://www.facebook.com/208811740958066_915520165614271",
        "likeCount": 38, "commentsCount": 17, "sharesCount": 9, "mediaView": 4100, "totalMediaViewUnique": 2600,
        # The kinds sum to 22; the total is sent by the platform.
        "reactions": {"like": 1, "love": 7, "anger": 2, "haha": 3, "wow": 4, "sorry": 5, "total": 29},
        "reactionsByType": 31, "impressionsUnique": 990, "clicksUnique": 62, "engagedUsers": 88,
        "videoViews": 350, "videoViewsUnique": 301, "videoViewTime": 777, "totalVideoViews": 365,
        "totalVideoAvgTimeWatched": 2300, "totalVideoViewTotalTime": 81_234, "blueReelsPlayCount": 372,
        "statusType": "added_video",
    },
    "instagram": {
        "id": "18044250668443045",
        "created": CREATED,
        "post": "Four hands, ninety loaves",
        "postUrl": "https://www.instagram.com/reel/Cx2shaping/",
        "likeCount": 76, "commentsCount": 3, "reachCount": 812, "viewsCount": 1040, "savedCount": 19,
        "sharesCount": 11, "engagementCount": 109, "profileVisitsCount": 23, "followsCount": 2,
        "playsCount": 555, "igReelsAvgWatchTimeCount": 7003, "igReelsVideoViewTotalTimeCount": 91_000,
        "mediaProductType": "REELS", "mediaType": "VIDEO", "mediaUrl": "https://media.example/ig/shaping.mp4",
    },
    "linkedin": {
        "id": "urn:li:share:7160123456789012345",
        "created": CREATED,
        "post": "We are hiring a baker",
        "postUrl": "https://www.linkedin.com/feed/update/urn:li:share:7160123456789012345",
        "likeCount": 14, "commentCount": 6, "shareCount": 4, "clickCount": 31, "impressionCount": 900,
        "uniqueImpressionsCount": 610, "engagement": 0.0611, "totalFirstLevelComments": 5,
        "reactions": {"like": 9, "praise": 3, "maybe": 2, "empathy": 8, "interest": 1, "appreciation": 7},
        "comments": ["urn:li:comment:(urn:li:activity:1,2)", "urn:li:comment:(urn:li:activity:1,3)"],
        "videoViews": 350, "videoViewers": 210, "videoWatchTimeMs": 125_500,
    },
    "pinterest": {
        "id": "1074649418547261999",
        "created": CREATED,
        "post": "Seeded rolls",
        "postUrl": "https://www.pinterest.com/pin/1074649418547261999",
        "title": "Seeded rolls", "mediaType": "image", "height": 1200, "width": 800, "duration": 29_212,
        "impression": 1900, "pinClick": 27, "outboundClick": 8, "save": 14, "saveRate": 0.0074, "totalComments": 3,
        "totalReactions": 22, "profileVisit": 5, "userFollow": 1, "videoStart": 60,
    },
    "snapchat": {
        "id": "W7_EDlXWTBiXAEEniNoMPwAAYc3Bh",
        "created": CREATED,
        "post": "Croissants, fast",
        "postUrl": "https://www.snapchat.com/spotlight/W7_EDlXWTBiXAEEniNoMPwAAYc3Bh",
        "views": 2100, "viewers": 1700, "replies": 12, "shares": 33, "viewTime": 64_500,
    },
    "threads": {
        "id": "18052698742159991",
        "timestamp": "2026-03-01T00:00:00+0000",
        "text": "What shall we bake on Sunday?",
        "permalink": "https://www.threads.net/@ovenandcrumb.example/post/DT79GVgpHKw",
        "views": 1500, "likes": 61, "replies": 7, "reposts": 18, "shares": 45, "quotes": 3,
        "isQuotePost": False, "mediaType": "TEXT_POST",
    },
    "tiktok": {
        "id": "7376767676767676761",
        "created": CREATED,
        "post": "Scoring a loaf",
        "postUrl": "https://www.tiktok.com/@ovenandcrumb.example/video/7376767676767676761",
        "videoViews": 697, "likeCount": 52, "commentsCount": 11, "shareCount": 9, "reach": 640,
        "totalTimeWatched": 1373, "averageTimeWatched": 2.01, "videoDuration": 11.3, "fullVideoWatchedRate": 0.0176,
        "favorites": 17,
        "mediaType": "video",
    },
    "twitter": {
        "id": "1749273645546826853",
        "created": CREATED,
        "post": "Open until five",
        "postUrl": "https://twitter.com/ovenandcrumb.example/status/1749273645546826853",
        "publicMetrics": {
            "retweetCount": 8, "replyCount": 4, "likeCount": 57, "quoteCount": 2, "bookmarkCount": 6,
            "impressionCount": 3100,
        },
        "nonPublicMetrics": {
            "impressionCount": 2900, "userProfileClicks": 15, "urlLinkClicks": 21, "engagements": 99,
        },
        "organicMetrics": {
            "likeCount": 50, "replyCount": 3, "retweetCount": 7, "impressionCount": 2800,
            "userProfileClicks": 13, "urlLinkClicks": 20,
        },
        "media": [
            {"mediaKey": "7_1749270000111122223", "type": "video", "publicMetrics": {"viewCount": 66}},
        ],
    },
    "youtube": {
        "id": "R-5PvIDBMWb",
        "created": CREATED,
        "post": "A day in the bakery",
        "postUrl": "https://www.youtube.com/watch?v=R-5PvIDBMWb",
        "title": "A day in the bakery", "position": 4, "privacyStatus": "public",
        "views": 480, "engagedViews": 402, "likes": 26, "dislikes": 1, "comments": 5, "shares": 7,
        "averageViewDuration": 41.5, "averageViewPercentage": 63.2, "estimatedMinutesWatched": 332,
        "subscribersGained": 4, "subscribersLost": 2, "channelTitle": "Oven and Crumb",
    },
}  # fmt: skip

# API path and value of each metric of the posts above; all other metrics are NA.
EXPECTED_METRICS: dict[str, dict[str, tuple[str, float]]] = {
    "bluesky": {
        "likes": ("likeCount", 41),
        "comments": ("replyCount", 8),
        "shares": ("repostCount", 13),
        "quotes": ("quoteCount", 5),
    },
    "facebook": {
        "likes": ("likeCount", 38),
        "reactions": ("reactions.total", 29),
        "comments": ("commentsCount", 17),
        "shares": ("sharesCount", 9),
        "views": ("mediaView", 4100),
        "reach": ("totalMediaViewUnique", 2600),
        "watch_time_s": ("totalVideoViewTotalTime", 81.234),
        "average_watch_time_s": ("totalVideoAvgTimeWatched", 2.3),
    },
    "instagram": {
        "likes": ("likeCount", 76),
        "comments": ("commentsCount", 3),
        "shares": ("sharesCount", 11),
        "saves": ("savedCount", 19),
        "views": ("viewsCount", 1040),
        "reach": ("reachCount", 812),
        "watch_time_s": ("igReelsVideoViewTotalTimeCount", 91.0),
        "average_watch_time_s": ("igReelsAvgWatchTimeCount", 7.003),
    },
    "linkedin": {
        "likes": ("likeCount", 14),
        "reactions": ("reactions", 30),
        "comments": ("commentCount", 6),
        "shares": ("shareCount", 4),
        "clicks": ("clickCount", 31),
        "views": ("videoViews", 350),
        "impressions": ("impressionCount", 900),
        "reach": ("uniqueImpressionsCount", 610),
        "watch_time_s": ("videoWatchTimeMs", 125.5),
    },
    "pinterest": {
        "reactions": ("totalReactions", 22),
        "comments": ("totalComments", 3),
        "saves": ("save", 14),
        "clicks": ("pinClick", 27),
        "views": ("videoStart", 60),
        "impressions": ("impression", 1900),
    },
    "snapchat": {
        "comments": ("replies", 12),
        "shares": ("shares", 33),
        "views": ("views", 2100),
        "reach": ("viewers", 1700),
        "watch_time_s": ("viewTime", 64.5),
    },
    "threads": {
        "likes": ("likes", 61),
        "comments": ("replies", 7),
        "shares": ("reposts", 18),
        "quotes": ("quotes", 3),
        "views": ("views", 1500),
    },
    "tiktok": {
        "likes": ("likeCount", 52),
        "comments": ("commentsCount", 11),
        "shares": ("shareCount", 9),
        "saves": ("favorites", 17),
        "views": ("videoViews", 697),
        "reach": ("reach", 640),
        "watch_time_s": ("totalTimeWatched", 1373.0),
        "average_watch_time_s": ("averageTimeWatched", 2.01),
    },
    "twitter": {
        "likes": ("publicMetrics.likeCount", 57),
        "comments": ("publicMetrics.replyCount", 4),
        "shares": ("publicMetrics.retweetCount", 8),
        "quotes": ("publicMetrics.quoteCount", 2),
        "saves": ("publicMetrics.bookmarkCount", 6),
        "clicks": ("nonPublicMetrics.urlLinkClicks", 21),
        "impressions": ("publicMetrics.impressionCount", 3100),
    },
    "youtube": {
        "likes": ("likes", 26),
        "comments": ("comments", 5),
        "shares": ("shares", 7),
        "views": ("views", 480),
        "watch_time_s": ("estimatedMinutesWatched", 19_920.0),
        "average_watch_time_s": ("averageViewDuration", 41.5),
    },
}
# (engagements, engagement_parts, rates) of the posts above, without Facebook's reactions, Instagram's saves and
# LinkedIn's clicks.
EXPECTED_ENGAGEMENTS: dict[str, tuple[Any, Any, dict[str, float]]] = {
    "bluesky": (67, "likes+comments+shares+quotes", {}),
    "facebook": (64, "likes+comments+shares", {"er_views": 64 / 4100, "er_reach": 64 / 2600}),
    "instagram": (90, "likes+comments+shares", {"er_views": 90 / 1040, "er_reach": 90 / 812}),
    "linkedin": (24, "likes+comments+shares", {"er_views": 24 / 350, "er_impressions": 24 / 900, "er_reach": 24 / 610}),
    "pinterest": (3, "comments", {"er_views": 3 / 60, "er_impressions": 3 / 1900}),
    "snapchat": (45, "comments+shares", {"er_views": 45 / 2100, "er_reach": 45 / 1700}),
    "threads": (89, "likes+comments+shares+quotes", {"er_views": 89 / 1500}),
    "tiktok": (72, "likes+comments+shares", {"er_views": 72 / 697, "er_reach": 72 / 640}),
    "twitter": (71, "likes+comments+shares+quotes", {"er_impressions": 71 / 3100}),
    "youtube": (38, "likes+comments+shares", {"er_views": 38 / 480}),
}
PLATFORM_METRICS = [(platform, metric) for platform in PLATFORMS for metric in EXPECTED_METRICS[platform]]


@functools.cache
def sample_frame(platform: str) -> pd.DataFrame:
    return ayr.load_sample(platform)


def metrics_of(platform: str, *posts: dict[str, Any], **keywords: Any) -> pd.DataFrame:
    return ayr.from_posts(list(posts), platform=platform, as_of=AS_OF, validate=None).ayr.metrics(**keywords)


def cells(metrics: pd.DataFrame, row: int = 0) -> dict[str, Any]:
    """Return metrics, engagements and rates of a row, with None for NA."""
    values = metrics.iloc[row].drop(["created", "as_of"]).to_dict()
    names = [*METRICS, "engagements", "engagement_parts", *RATES]
    return {name: None if pd.isna(values[name]) else values[name] for name in names}


def near(values: dict[str, Any]) -> dict[str, Any]:
    """Return expected values: numbers compare approximately, None only equals None."""
    numbers = (int, float)
    return {
        name: pytest.approx(value, rel=1e-12) if isinstance(value, numbers) else value for name, value in values.items()
    }


def expected(platform: str, *, without: str = "") -> dict[str, Any]:
    """Return the expected metrics of the full post of a platform, without one metric."""
    values_by_metric = {metric: value for metric, (_, value) in EXPECTED_METRICS[platform].items() if metric != without}
    interactions = [name for name in ("likes", "comments", "shares", "quotes") if name in values_by_metric]
    engagements = sum(values_by_metric[name] for name in interactions) if interactions else None
    rates = {
        f"er_{name}": engagements / values_by_metric[name]
        for name in ("views", "impressions", "reach")
        if engagements and name in values_by_metric
    }
    return {
        **dict.fromkeys([*METRICS, *RATES]),
        **values_by_metric,
        "engagements": engagements,
        "engagement_parts": "+".join(interactions) or None,
        **rates,
    }


def replace_field(post: dict[str, Any], path: str, value: Any = ...) -> dict[str, Any]:
    """Return the post with another value at a path, or without the field."""
    post = copy.deepcopy(post)
    *parents, key = path.split(".")
    at = functools.reduce(lambda inner, parent: inner[parent], parents, post)
    if value is ...:
        del at[key]
    else:
        at[key] = value
    return post


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_of_full_post_equal_hand_computed_values(platform: str) -> None:
    frame = ayr.from_posts([POSTS[platform]], platform=platform, as_of=AS_OF)
    values_by_metric = {metric: value for metric, (_, value) in EXPECTED_METRICS[platform].items()}
    engagements, parts, rates = EXPECTED_ENGAGEMENTS[platform]
    assert cells(frame.ayr.metrics()) == near(
        {
            **dict.fromkeys([*METRICS, *RATES]),
            **values_by_metric,
            "engagements": engagements,
            "engagement_parts": parts,
            **rates,
        }
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_row_begins_with_key_and_content(platform: str) -> None:
    frame = ayr.from_posts([POSTS[platform]], platform=platform, profile="bakery", as_of=AS_OF)
    row = frame.ayr.metrics().iloc[0]
    sent = POSTS[platform]
    assert (row["platform"], row["profile"], row["id"]) == (platform, "bakery", sent["id"])
    assert row["as_of"] == pd.Timestamp(AS_OF)
    assert row["created"] == pd.Timestamp(CREATED)
    assert row["age_days"] == 10.5
    assert row["post"] == sent.get("post", sent.get("text"))
    assert row["post_url"] == sent.get("postUrl", sent.get("permalink"))


@functools.cache
def metrics_of_variants(platform: str, value: Any, reactions: str = "") -> pd.DataFrame:
    """Return metrics of variants of the full post, one row per metric whose field is replaced."""
    posts = []
    for path, _ in EXPECTED_METRICS[platform].values():
        posts.append(
            replace_field(POSTS[platform], path, json.loads(reactions) if reactions and path == "reactions" else value)
        )
    return metrics_of(platform, *posts)


def cells_of_variant(platform: str, metric: str, value: Any, reactions: str = "") -> dict[str, Any]:
    return cells(metrics_of_variants(platform, value, reactions), list(EXPECTED_METRICS[platform]).index(metric))


@pytest.mark.parametrize(("platform", "metric"), PLATFORM_METRICS)
def test_metrics_of_absent_field_are_na_and_change_nothing_else(platform: str, metric: str) -> None:
    assert cells_of_variant(platform, metric, ...) == near(expected(platform, without=metric))


@pytest.mark.parametrize(("platform", "metric"), PLATFORM_METRICS)
def test_metrics_of_null_field_are_na(platform: str, metric: str) -> None:
    assert cells_of_variant(platform, metric, None) == near(expected(platform, without=metric))


@pytest.mark.parametrize(("platform", "metric"), PLATFORM_METRICS)
def test_metrics_of_minus_one_are_na(platform: str, metric: str) -> None:
    assert cells_of_variant(platform, metric, -1, '{"like": -1}') == near(expected(platform, without=metric))


@pytest.mark.parametrize(("platform", "metric"), PLATFORM_METRICS)
def test_metrics_of_zero_are_zero(platform: str, metric: str) -> None:
    found = cells_of_variant(platform, metric, 0, '{"like": 0, "praise": 0}')
    assert found[metric] == 0
    assert found["engagement_parts"] == EXPECTED_ENGAGEMENTS[platform][1]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_of_post_without_numbers_are_na(platform: str) -> None:
    found = cells(metrics_of(platform, {"id": "1", "created": CREATED}))
    assert found == dict.fromkeys(found)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_of_error_record_are_na(platform: str) -> None:
    failed = {"id": "1", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    metrics = metrics_of(platform, failed)
    assert metrics["id"].tolist() == ["1"]
    assert cells(metrics) == dict.fromkeys(cells(metrics))
    assert metrics["age_days"].isna().all()


def test_metrics_of_invalid_like_count_are_na_and_others_count() -> None:
    found = cells(metrics_of("bluesky", {**POSTS["bluesky"], "likeCount": "many"}))
    assert (found["likes"], found["engagements"]) == (None, 26)
    assert found["engagement_parts"] == "comments+shares+quotes"


# ── Pitfalls by platform ────────────────────────────────────────────────────────────────────────────────────────────


def test_metrics_of_facebook_add_likes_but_not_reactions() -> None:
    post = {"id": "1", "likeCount": 38, "reactions": {"like": 1, "love": 2, "total": 3}}
    found = cells(metrics_of("facebook", post))
    assert (found["likes"], found["reactions"], found["engagements"]) == (38, 3, 38)


def test_metrics_of_facebook_reactions_alone_have_no_engagements() -> None:
    found = cells(metrics_of("facebook", {"id": "1", "reactions": {"like": 1, "love": 2, "total": 3}}))
    assert (found["likes"], found["reactions"], found["engagements"]) == (None, 3, None)


@pytest.mark.parametrize("reactions", [{}, {"like": 4, "love": 2}, {"total": None}, {"total": "many"}])
def test_metrics_of_facebook_reactions_without_total_are_na(reactions: dict[str, Any]) -> None:
    assert metrics_of("facebook", {"id": "1", "reactions": reactions})["reactions"].isna().all()


def test_metrics_of_linkedin_reactions_sum_all_kinds() -> None:
    sent = [{"like": 9}, {"like": 9, "praise": 3, "empathy": 5}, {"like": 0, "praise": 0}, {}, None]
    posts = [{"id": str(number), "reactions": reactions} for number, reactions in enumerate(sent)]
    assert metrics_of("linkedin", *posts)["reactions"].tolist() == [9, 17, 0, pd.NA, pd.NA]


def test_metrics_of_linkedin_withheld_reaction_keep_other_kinds() -> None:
    reactions = metrics_of("linkedin", {"id": "1", "reactions": {"like": 3, "praise": -1}})["reactions"]
    assert reactions.dropna().isin([3]).all()


@pytest.mark.parametrize("reactions", [{"like": -1}, {"like": -1, "praise": -1}])
def test_metrics_of_linkedin_reactions_that_are_all_withheld_are_na(reactions: dict[str, int]) -> None:
    posts = [{"id": "1", "reactions": reactions}, {"id": "2", "reactions": {"like": 2}}]
    assert metrics_of("linkedin", *posts)["reactions"].tolist() == [pd.NA, 2]


def test_metrics_of_linkedin_comment_urns_have_no_comments() -> None:
    urns = ["urn:li:comment:(urn:li:activity:1,2)", "urn:li:comment:(urn:li:activity:1,3)"]
    found = cells(metrics_of("linkedin", {"id": "1", "comments": urns}))
    assert (found["comments"], found["engagements"], found["engagement_parts"]) == (None, None, None)


def test_metrics_of_facebook_story_zeros_are_na() -> None:
    story = {
        "id": "2704195865833540", "created": CREATED, "post": "", "statusType": "published",
        "mediaId": "2704195865833540", "postId": "2544350724092289", "mediaType": "video",
        "likeCount": 0, "commentsCount": 0, "sharesCount": 0, "mediaView": 0, "totalMediaViewUnique": 0,
        "reactions": {}, "reactionsByType": 0, "videoViews": 0, "videoViewTime": 0, "totalVideoViewTotalTime": 0,
        "mediaUrls": [{"type": "story", "mediaType": "video", "media": {"source": "https://videos.example/story"}}],
    }  # fmt: skip
    metrics = metrics_of("facebook", story)
    assert cells(metrics) == dict.fromkeys(cells(metrics))
    assert metrics["format"].tolist() == ["story"]


def test_metrics_of_x_use_public_numbers_only() -> None:
    post = {
        "id": "1",
        "publicMetrics": {"likeCount": 57, "replyCount": 4, "retweetCount": 8, "impressionCount": 3100},
        "organicMetrics": {"likeCount": 50, "replyCount": 3, "retweetCount": 7, "impressionCount": 2800},
    }
    found = cells(metrics_of("twitter", post))
    assert [found[name] for name in ("likes", "comments", "shares", "impressions")] == [57, 4, 8, 3100]


def test_metrics_of_x_without_public_numbers_are_na() -> None:
    post = {
        "id": "1",
        "nonPublicMetrics": {"impressionCount": 2900, "engagements": 99},
        "organicMetrics": {"likeCount": 50, "replyCount": 3, "retweetCount": 7, "impressionCount": 2800},
    }
    found = cells(metrics_of("twitter", post))
    assert found == dict.fromkeys(found)


def test_metrics_of_x_profile_clicks_are_no_clicks() -> None:
    clicks = {"userProfileClicks": 13}
    assert cells(metrics_of("twitter", {"id": "1", "organicMetrics": clicks}))["clicks"] is None
    assert cells(metrics_of("twitter", {"id": "1", "nonPublicMetrics": clicks}))["clicks"] is None


def test_metrics_of_x_media_views_have_no_views() -> None:
    post = {"id": "1", "media": [{"mediaKey": "7_1", "type": "video", "publicMetrics": {"viewCount": 66}}]}
    assert cells(metrics_of("twitter", post))["views"] is None


def test_metrics_of_threads_shares_are_reposts() -> None:
    assert cells(metrics_of("threads", {"id": "1", "reposts": 18, "shares": 45}))["shares"] == 18
    assert cells(metrics_of("threads", {"id": "1", "shares": 45}))["shares"] is None


def test_metrics_of_retired_or_older_fields_are_na() -> None:
    facebook = cells(
        metrics_of(
            "facebook",
            {
                "id": "1",
                "impressionsUnique": 990,
                "clicksUnique": 62,
                "videoViews": 350,
                "videoViewTime": 777,
                "postVideoAvgTimeWatched": 2300,
                "totalVideoViews": 365,
                "engagedUsers": 88,
            },
        )
    )
    instagram = cells(
        metrics_of(
            "instagram",
            {
                "id": "1",
                "playsCount": 555,
                "clipsReplaysCount": 30,
                "igReelsAggregatedAllPlaysCount": 585,
                "engagementCount": 109,
            },
        )
    )
    assert facebook == dict.fromkeys(facebook)
    assert instagram == dict.fromkeys(instagram)


@pytest.mark.parametrize("platform", ["pinterest", "youtube"])
def test_metrics_of_history_of_pinterest_and_youtube_are_na(platform: str) -> None:
    sent = {"id": "1", "created": CREATED, "post": "Rye", "title": "Rye", "likeCount": 5, "viewCount": 7}
    found = cells(metrics_of(platform, sent))
    assert found == dict.fromkeys(found)


def test_minutes_of_youtube_are_exact_seconds() -> None:
    posts = [{"id": str(minutes), "estimatedMinutesWatched": minutes} for minutes in range(1, 5000, 7)]
    expected_seconds = [float(minutes * 60) for minutes in range(1, 5000, 7)]
    assert metrics_of("youtube", *posts)["watch_time_s"].tolist() == expected_seconds


def test_metrics_at_limit_of_64_bits_are_positive() -> None:
    largest = 2**63 - 1
    many = {"likeCount": largest, "replyCount": largest, "repostCount": 1}
    found = metrics_of("bluesky", {"id": "1", **many})
    assert found["likes"].tolist() == [largest]
    assert not (found["engagements"] < 0).any()
    reactions = metrics_of("linkedin", {"id": "1", "reactions": {"like": largest, "praise": largest}})["reactions"]
    assert not (reactions < 0).any()


# ── Age, engagements, rates ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("created", "age"),
    [
        ("2026-03-11T12:00:00Z", 0.0),
        ("2026-03-11T06:00:00Z", 0.25),
        ("2026-03-11T14:00:00+02:00", 0.0),
        ("2025-03-11T12:00:00Z", 365.0),
        ("2026-03-11T11:59:59Z", 1 / 86_400),
        (None, None),
    ],
)
def test_age_days_is_time_from_created_to_as_of(created: str | None, age: float | None) -> None:
    found = metrics_of("bluesky", {"id": "1", "created": created})["age_days"].iloc[0]
    assert math.isnan(found) if age is None else found == pytest.approx(age, rel=1e-9)


def test_age_days_uses_as_of_of_each_post() -> None:
    posts = [{"id": "1", "created": CREATED, "lastUpdated": "2026-03-03T00:00:00Z"}, {"id": "2", "created": CREATED}]
    assert metrics_of("facebook", *posts)["age_days"].tolist() == [2.0, 10.5]


def test_engagements_sum_valid_parts_and_name_them() -> None:
    posts = [
        {"id": "1", "likeCount": 0},
        {"id": "2", "repostCount": 3},
        {"id": "3", "replyCount": 4, "quoteCount": 1},
        {"id": "4"},
        {"id": "5", "likeCount": -1, "replyCount": 2},
    ]
    metrics = metrics_of("bluesky", *posts)
    assert metrics["engagements"].tolist() == [0, 3, 5, pd.NA, 2]
    parts = metrics["engagement_parts"].fillna("none")
    assert parts.tolist() == ["likes", "shares", "comments+quotes", "none", "comments"]


PLATFORM_RATES = [(platform, rate) for platform in PLATFORMS for rate in EXPECTED_ENGAGEMENTS[platform][2]]


@pytest.mark.parametrize("nothing", [0, None, ...])
@pytest.mark.parametrize(("platform", "rate"), PLATFORM_RATES)
def test_rate_without_denominator_is_na(platform: str, rate: str, nothing: Any) -> None:
    found = cells_of_variant(
        platform, rate.removeprefix("er_"), nothing, '{"like": 0, "praise": 0}' if nothing == 0 else ""
    )
    others = {name: value for name, value in EXPECTED_ENGAGEMENTS[platform][2].items() if name != rate}
    assert {name: found[name] for name in RATES} == near({**dict.fromkeys(RATES), **others})


def test_rate_of_zero_over_zero_is_na() -> None:
    metrics = metrics_of("tiktok", {"id": "1", "likeCount": 0, "videoViews": 0, "reach": 0})
    assert metrics[RATES].isna().all(axis=None)


def test_rate_without_engagements_is_na() -> None:
    assert metrics_of("tiktok", {"id": "1", "videoViews": 100})[RATES].isna().all(axis=None)


def test_rate_can_be_zero_and_exceed_one() -> None:
    posts = [{"id": "1", "likeCount": 0, "videoViews": 8}, {"id": "2", "likeCount": 12, "videoViews": 8}]
    assert metrics_of("tiktok", *posts)["er_views"].tolist() == [0.0, 1.5]


def test_followers_add_rate_as_last_column() -> None:
    metrics = metrics_of("instagram", POSTS["instagram"], {"id": "2"}, followers={"instagram": 12_000})
    assert list(metrics.columns) == [*COLUMNS, "er_followers"]
    assert metrics["er_followers"].dtype == "float64"
    assert metrics["er_followers"].iloc[0] == 90 / 12_000
    assert math.isnan(metrics["er_followers"].iloc[1])


def test_metrics_without_followers_have_no_er_followers() -> None:
    assert "er_followers" not in metrics_of("instagram", POSTS["instagram"]).columns


def test_followers_missing_or_zero_give_no_rate() -> None:
    frame = ayr.from_posts([POSTS["instagram"], POSTS["tiktok"], POSTS["bluesky"]], as_of=AS_OF)
    found = frame.ayr.metrics(followers={"tiktok": 0, "bluesky": 200}).set_index("platform")["er_followers"]
    assert found.isna().to_dict() == {"instagram": True, "tiktok": True, "bluesky": False}
    assert found["bluesky"] == 67 / 200


def test_followers_of_x_accept_both_names() -> None:
    for name in ("x", "twitter"):
        assert metrics_of("twitter", POSTS["twitter"], followers={name: 1000})["er_followers"].tolist() == [0.071]


def test_followers_of_platform_not_in_frame_are_ignored() -> None:
    assert metrics_of("twitter", POSTS["twitter"], followers={"bluesky": 9})["er_followers"].isna().all()


def test_followers_of_unknown_platform_raise_and_list_platforms() -> None:
    with pytest.raises(ValueError, match=r"(?s)myspace.*bluesky|bluesky.*myspace"):
        metrics_of("bluesky", POSTS["bluesky"], followers={"myspace": 9})


# ── Shape ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("platform", [*PLATFORMS, "all"])
def test_metrics_of_every_platform_have_same_dtypes(platform: str) -> None:
    metrics = sample_frame(platform).ayr.metrics()
    assert {name: str(dtype) for name, dtype in metrics.dtypes.items()} == COLUMNS
    assert list(metrics.columns) == list(COLUMNS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_of_empty_frame_are_empty_with_same_columns(platform: str) -> None:
    metrics = metrics_of(platform)
    assert len(metrics) == 0
    assert {name: str(dtype) for name, dtype in metrics.dtypes.items()} == COLUMNS
    with_followers = metrics_of(platform, followers={platform: 10})
    assert with_followers.dtypes.astype(str).to_dict() == {**COLUMNS, "er_followers": "float64"}


def test_metrics_have_one_row_per_post_in_order() -> None:
    frame = ayr.load_sample(["tiktok", "bluesky"])
    some = frame[frame["created"] > pd.Timestamp("2026-01-01", tz="UTC")].sort_values("id")
    metrics = some.ayr.metrics()
    assert isinstance(metrics.index, pd.RangeIndex)
    assert (metrics.index.start, metrics.index.step) == (0, 1)
    pd.testing.assert_frame_equal(metrics[ayr.KEY], some[ayr.KEY].reset_index(drop=True))


def test_metrics_of_two_observations_have_two_rows() -> None:
    early, late = (
        ayr.from_posts([{"id": "1", "created": CREATED, "likeCount": likes}], platform="bluesky", as_of=moment)
        for likes, moment in ((3, "2026-03-02T00:00:00Z"), (9, "2026-03-05T00:00:00Z"))
    )
    metrics = pd.concat([early, late], ignore_index=True).ayr.metrics()
    assert metrics["likes"].tolist() == [3, 9]
    assert metrics["age_days"].tolist() == [1.0, 4.0]


def test_metrics_of_several_platforms_equal_each_alone() -> None:
    together = ayr.from_posts([POSTS[platform] for platform in PLATFORMS], as_of=AS_OF).ayr.metrics()
    assert together["platform"].tolist() == PLATFORMS
    for row, platform in enumerate(PLATFORMS):
        assert cells(together, row) == near(expected(platform))


def test_metrics_of_all_samples_equal_each_alone() -> None:
    together = sample_frame("all").ayr.metrics()
    for platform in PLATFORMS:
        alone = sample_frame(platform).ayr.metrics()
        pd.testing.assert_frame_equal(together[together["platform"] == platform].reset_index(drop=True), alone)


def test_metrics_do_not_change_frame_and_keep_own_columns_at_the_end() -> None:
    frame = ayr.from_posts([POSTS["tiktok"]], platform="tiktok", as_of=AS_OF).assign(campaign="spring", spend=1.5)
    before = frame.copy()
    metrics = frame.ayr.metrics()
    pd.testing.assert_frame_equal(frame, before)
    assert list(metrics.columns) == [*COLUMNS, "campaign", "spend"]
    assert metrics[["campaign", "spend", "likes"]].values.tolist() == [["spring", 1.5, 52]]


@pytest.mark.parametrize("name", ["likes", "er_views", "kind", "age_days", "engagement_parts"])
def test_metrics_of_own_column_with_a_reserved_name_raise(name: str) -> None:
    frame = ayr.from_posts([POSTS["tiktok"]], platform="tiktok", as_of=AS_OF).assign(**{name: 1})
    with pytest.raises(AttributeError if name == "engagement_parts" else ValueError, match=name):
        frame.ayr.metrics()


# ── Format and kind ─────────────────────────────────────────────────────────────────────────────────────────────────

FORMATS: list[tuple[str, dict[str, Any], str | None]] = [
    ("bluesky", {}, None),
    ("facebook", {"statusType": "added_video"}, "video"),
    ("facebook", {"statusType": "added_photos"}, "image"),
    ("facebook", {"statusType": "mobile_status_update"}, "text"),
    ("facebook", {"statusType": "published", "mediaId": "1", "mediaType": "video"}, "story"),
    ("facebook", {"statusType": "published", "mediaId": "1", "mediaType": "photo"}, "story"),
    (
        "facebook",
        {"statusType": "shared_story", "mediaUrls": [{"mediaType": "link", "url": "https://a.example"}]},
        "link",
    ),
    (
        "facebook",
        {"statusType": "shared_story", "mediaUrls": [{"mediaUrl": "link", "url": "https://a.example"}]},
        "link",
    ),
    ("facebook", {"statusType": "shared_story"}, None),
    ("facebook", {"statusType": "wall_post"}, None),
    ("facebook", {}, None),
    ("instagram", {"mediaProductType": "FEED", "mediaType": "IMAGE"}, "image"),
    ("instagram", {"mediaProductType": "FEED", "mediaType": "VIDEO"}, "video"),
    ("instagram", {"mediaProductType": "FEED", "mediaType": "CAROUSEL_ALBUM"}, "carousel"),
    ("instagram", {"mediaProductType": "REELS", "mediaType": "VIDEO"}, "reel"),
    ("instagram", {"mediaProductType": "STORY", "mediaType": "VIDEO"}, "story"),
    ("instagram", {"mediaProductType": "STORY", "mediaType": "IMAGE"}, "story"),
    ("instagram", {}, None),
    ("linkedin", {"mediaUrls": [{"id": "urn:li:image:1"}]}, None),
    ("pinterest", {"mediaType": "image"}, "image"),
    ("pinterest", {"mediaType": "video"}, "video"),
    ("pinterest", {"mediaType": "multiple_mixed"}, "carousel"),
    ("pinterest", {"mediaType": "multiple_images"}, "carousel"),
    ("pinterest", {"mediaType": "multiple_videos"}, "carousel"),
    ("pinterest", {}, None),
    ("snapchat", {}, None),
    ("threads", {"mediaType": "TEXT_POST"}, "text"),
    ("threads", {"mediaType": "IMAGE"}, "image"),
    ("threads", {"mediaType": "VIDEO"}, "video"),
    ("threads", {"mediaType": "CAROUSEL_ALBUM"}, "carousel"),
    ("threads", {"mediaType": "HOLOGRAM"}, None),
    ("threads", {}, None),
    ("tiktok", {"mediaType": "video"}, "video"),
    ("tiktok", {"mediaType": "photo"}, "image"),
    ("tiktok", {}, None),
    ("twitter", {"media": [{"type": "photo"}, {"type": "photo"}]}, "image"),
    ("twitter", {"media": [{"type": "video"}]}, "video"),
    ("twitter", {"media": [{"type": "animated_gif"}]}, "video"),
    ("twitter", {"media": [{"type": "video"}, {"type": "animated_gif"}]}, "video"),
    ("twitter", {"media": [{"type": "photo"}, {"type": "video"}]}, None),
    ("twitter", {"media": [{"type": "hologram"}]}, None),
    ("twitter", {"media": []}, None),
    ("twitter", {}, None),
    ("youtube", {}, "video"),
    ("youtube", {"title": "A day in the bakery"}, "video"),
]


@pytest.mark.parametrize(("platform", "post", "expected_format"), FORMATS)
def test_format_of_post_follows_api_values(platform: str, post: dict[str, Any], expected_format: str | None) -> None:
    found = metrics_of(platform, {"id": "1", **post})["format"].iloc[0]
    assert pd.isna(found) if expected_format is None else found == expected_format


KINDS: list[tuple[str, dict[str, Any], str | None]] = [
    ("twitter", {"referencedTweets": [{"type": "replied_to", "id": "2"}]}, "reply"),
    ("twitter", {"referencedTweets": [{"type": "quoted", "id": "2"}]}, "quote"),
    ("twitter", {"referencedTweets": [{"type": "retweeted", "id": "2"}]}, "repost"),
    ("twitter", {"post": "Open until five"}, "own"),
    ("threads", {"isQuotePost": True}, "quote"),
    ("threads", {"isQuotePost": False}, "own"),
    ("threads", {}, None),
    ("facebook", {"parentId": "6875882411311720_853369064954959"}, "repost"),
    ("facebook", {}, None),
    *((platform, {}, None) for platform in PLATFORMS if platform not in {"twitter", "threads", "facebook"}),
]


@pytest.mark.parametrize(("platform", "post", "kind"), KINDS)
def test_kind_of_post_follows_api_values(platform: str, post: dict[str, Any], kind: str | None) -> None:
    found = metrics_of(platform, {"id": "1", "created": CREATED, **post})["kind"].iloc[0]
    assert pd.isna(found) if kind is None else found == kind


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("column", "examples"), [("format", FORMATS), ("kind", KINDS)])
@pytest.mark.parametrize("step", [1, -1], ids=["in_order", "the_other_way_round"])
def test_format_and_kind_of_many_posts_equal_each_alone(
    platform: str, column: str, examples: list[tuple[str, dict[str, Any], str | None]], step: int
) -> None:
    platform_examples = [(post, expected_value) for owner, post, expected_value in examples if owner == platform][
        ::step
    ]
    posts = [{"id": str(number), "created": CREATED, **post} for number, (post, _) in enumerate(platform_examples)]
    values = metrics_of(platform, *posts)[column]
    assert [None if pd.isna(value) else value for value in values] == [
        expected_value for _, expected_value in platform_examples
    ]


# ── The catalog ─────────────────────────────────────────────────────────────────────────────────────────────────────

IN_THIS_ENDPOINT, OTHER_ENDPOINT, NO_SUCH_METRIC = "in this endpoint", "not in this endpoint", "no such metric"
NOT_COMPARABLE = "not comparable"
MISSING_METRICS: dict[str, dict[str, list[str]]] = {
    "bluesky": {
        NO_SUCH_METRIC: [
            *("reactions", "saves", "clicks", "views", "impressions", "reach"),
            *("watch_time_s", "average_watch_time_s"),
        ]
    },
    "facebook": {NO_SUCH_METRIC: ["quotes", "saves"], NOT_COMPARABLE: ["clicks"], OTHER_ENDPOINT: ["impressions"]},
    "instagram": {NO_SUCH_METRIC: ["reactions", "quotes"], NOT_COMPARABLE: ["clicks"], OTHER_ENDPOINT: ["impressions"]},
    "linkedin": {NO_SUCH_METRIC: ["quotes", "saves"], OTHER_ENDPOINT: ["average_watch_time_s"]},
    "pinterest": {NO_SUCH_METRIC: ["likes", "shares", "quotes", "reach", "watch_time_s", "average_watch_time_s"]},
    "snapchat": {},
    "threads": {
        NO_SUCH_METRIC: [
            *("reactions", "saves", "clicks", "impressions", "reach"),
            *("watch_time_s", "average_watch_time_s"),
        ]
    },
    "tiktok": {NO_SUCH_METRIC: ["reactions", "quotes", "clicks", "impressions"]},
    "twitter": {NO_SUCH_METRIC: ["reactions", "reach"], NOT_COMPARABLE: ["views"]},
    "youtube": {NO_SUCH_METRIC: ["reactions", "quotes", "saves", "clicks", "impressions", "reach"]},
}


def catalog() -> pd.DataFrame:
    return ayr.metric_catalog().set_index(["platform", "metric"])


def test_catalog_has_one_row_per_platform_and_metric() -> None:
    table = ayr.metric_catalog()
    assert list(table.columns) == [
        *("platform", "metric", "status", "endpoint", "path", "column", "unit", "scope", "paid"),
        *("additive", "usual_rate", "note"),
    ]
    assert isinstance(table.index, pd.RangeIndex)
    assert list(zip(table["platform"], table["metric"], strict=True)) == [
        (platform, metric) for platform in PLATFORMS for metric in METRICS
    ]
    assert len(table) == 120
    assert (table["additive"].dtype, table["usual_rate"].dtype) == ("boolean", "boolean")
    text = table.drop(columns=["additive", "usual_rate"])
    assert set(text.dtypes.astype(str)) == {"str"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_catalog_lists_path_of_each_metric(platform: str) -> None:
    rows = catalog().loc[platform].query("status == @IN_THIS_ENDPOINT")
    assert rows["path"].to_dict() == {metric: path for metric, (path, _) in EXPECTED_METRICS[platform].items()}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_catalog_columns_exist_in_schema(platform: str) -> None:
    rows = catalog().loc[platform].query("status == @IN_THIS_ENDPOINT")
    assert rows["column"].isin(list(ayr.schema(platform).columns)).all()
    assert rows["unit"].notna().all()


@pytest.mark.parametrize(
    ("platform", "metric", "column"),
    [
        ("bluesky", "shares", "repost_count"),
        ("facebook", "reactions", "reactions"),
        ("facebook", "watch_time_s", "total_video_view_total_time"),
        ("linkedin", "watch_time_s", "video_watch_time_ms"),
        ("snapchat", "reach", "viewers"),
        ("threads", "shares", "reposts"),
        ("tiktok", "average_watch_time_s", "average_time_watched"),
        ("twitter", "impressions", "public_metrics_impression_count"),
    ],
)
def test_catalog_lists_column_of_posts_frame(platform: str, metric: str, column: str) -> None:
    assert catalog().loc[(platform, metric), "column"] == column


@pytest.mark.parametrize("platform", PLATFORMS)
def test_catalog_lists_metrics_of_other_endpoints_and_missing_ones(platform: str) -> None:
    status = catalog().loc[platform]["status"]
    assert set(status) <= {IN_THIS_ENDPOINT, OTHER_ENDPOINT, NOT_COMPARABLE, NO_SUCH_METRIC}
    for expected_status, metrics in MISSING_METRICS[platform].items():
        assert {metric: status[metric] for metric in metrics} == dict.fromkeys(metrics, expected_status)
    assert IN_THIS_ENDPOINT not in set(status.drop(list(EXPECTED_METRICS[platform])))


def test_catalog_of_missing_metric_has_no_path_or_column() -> None:
    table = ayr.metric_catalog().query("status != @IN_THIS_ENDPOINT")
    assert table[["endpoint", "path", "column", "scope", "paid"]].isna().all(axis=None)


def test_catalog_of_missing_metric_has_note() -> None:
    refused = ayr.metric_catalog().query("status != @IN_THIS_ENDPOINT")
    assert refused["note"].notna().all()
    assert refused["note"].str.strip().str.len().gt(0).all()


def test_catalog_marks_people_and_averages_as_not_additive() -> None:
    rows = ayr.metric_catalog().query("status == @IN_THIS_ENDPOINT")
    assert rows["additive"].notna().all()
    assert set(rows.loc[~rows["additive"], "metric"]) == {"reach", "average_watch_time_s"}
    assert set(rows.loc[rows["additive"], "metric"]) == {*METRICS} - {"reach", "average_watch_time_s"}


def test_catalog_has_at_most_one_usual_rate_per_platform() -> None:
    table = ayr.metric_catalog()
    usual = table[table["usual_rate"].fillna(value=False)]
    assert usual["platform"].is_unique
    assert set(usual["metric"]) <= {"views", "impressions", "reach"}
    assert usual["status"].ne(NO_SUCH_METRIC).all()
    assert usual.set_index("platform")["metric"]["linkedin"] == "impressions"


def test_catalog_notes_that_profile_clicks_of_x_are_not_clicks() -> None:
    assert "profile" in catalog().loc[("twitter", "clicks"), "note"].lower()


def test_catalog_names_the_endpoint_of_each_metric() -> None:
    endpoint = catalog()["endpoint"]
    assert endpoint[("twitter", "likes")] == endpoint[("linkedin", "reach")] == "both"
    assert endpoint[("instagram", "reach")] == endpoint[("threads", "views")] == "post analytics"
    assert endpoint[("youtube", "likes")] == endpoint[("twitter", "clicks")] == "post analytics"
    assert set(endpoint.dropna()) == {"both", "post analytics"}


PAID = {
    ("facebook", "views"): "paid and organic",
    ("facebook", "likes"): "not stated",
    ("instagram", "views"): "organic",
    ("instagram", "shares"): "organic",
    ("linkedin", "impressions"): "organic",
    ("tiktok", "views"): "paid and organic",
    ("twitter", "impressions"): "paid and organic",
    ("bluesky", "likes"): "not stated",
}


def test_catalog_says_whether_metrics_include_advertisements() -> None:
    paid = catalog()["paid"]
    assert {key: paid[key] for key in PAID} == PAID
    assert set(paid.dropna()) == {"organic", "paid and organic", "not stated"}


@pytest.mark.parametrize("metric", ["shares", "views"])
def test_catalog_says_what_shares_and_views_are_on_each_platform(metric: str) -> None:
    rows = ayr.metric_catalog().query("metric == @metric and status == @IN_THIS_ENDPOINT")
    assert len(rows) >= 6
    assert rows["note"].notna().all()


def test_catalog_calls_no_part_of_engagements_private() -> None:
    parts = catalog().loc[(slice(None), ["likes", "comments", "shares", "quotes"]), "scope"]
    assert set(parts.dropna()) == {"public", "not stated"}
    assert parts["instagram", "shares"] == "not stated"


def test_catalog_can_be_changed_by_caller() -> None:
    catalog_copy = ayr.metric_catalog()
    catalog_copy.loc[:, "status"] = "gone"
    assert set(ayr.metric_catalog()["status"]) == {*(IN_THIS_ENDPOINT, OTHER_ENDPOINT, NOT_COMPARABLE, NO_SUCH_METRIC)}


# ── Incomplete samples ──────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def sample(platform: str) -> tuple[dict[str, Any], ...]:
    return tuple(sample_frame(platform).ayr.to_posts())


@st.composite
def incomplete_posts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw sample posts of any platform with some fields, nested ones included, removed."""
    torn = []
    for platform in draw(st.lists(st.sampled_from(PLATFORMS), max_size=6)):
        post = copy.deepcopy(draw(st.sampled_from(sample(platform))))
        paths = sorted(
            {f"{key}.{inner}" for key in post if isinstance(post[key], dict) for inner in post[key]} | {*post}
        )
        for path in draw(st.lists(st.sampled_from(paths), max_size=8, unique=True)):
            key, _, inner = path.partition(".")
            if inner:
                post.get(key, {}).pop(inner, None)
            else:
                post.pop(key, None)
        torn.append({"platform": platform, **post})
    return torn


few_examples = settings(max_examples=25, deadline=None)


def frame_of(posts: list[dict[str, Any]]) -> pd.DataFrame:
    platform = None if posts else "tiktok"
    return ayr.from_posts(posts, platform=platform, as_of="2026-02-27T06:30:00Z", validate=None)


@few_examples
@given(posts=incomplete_posts())
def test_metrics_of_any_posts_have_dtypes_and_finite_rates(posts: list[dict[str, Any]]) -> None:
    metrics = frame_of(posts).ayr.metrics()
    assert len(metrics) == len(posts)
    assert metrics.dtypes.astype(str).to_dict() == COLUMNS
    rates = metrics[RATES].to_numpy()
    assert not np.isinf(rates).any()
    assert not (rates < 0).any()
    interactions = metrics[["likes", "comments", "shares", "quotes"]]
    pd.testing.assert_series_equal(
        metrics["engagements"], interactions.sum(axis=1, min_count=1).astype("Int64"), check_names=False
    )
    parts = metrics["engagement_parts"].fillna("").str.split("+")
    assert [[name for name in interactions if pd.notna(row[name])] for _, row in interactions.iterrows()] == [
        [name for name in names if name] for names in parts
    ]


@few_examples
@given(posts=incomplete_posts(), seed=st.randoms(use_true_random=False))
def test_metrics_of_any_posts_do_not_depend_on_row_order(posts: list[dict[str, Any]], seed: Any) -> None:
    frame = frame_of(posts)
    order = list(range(len(frame)))
    seed.shuffle(order)
    shuffled = frame.iloc[order].reset_index(drop=True).ayr.metrics()
    pd.testing.assert_frame_equal(shuffled, frame.ayr.metrics().iloc[order].reset_index(drop=True))


@pytest.mark.parametrize(
    ("dropped", "message"),
    [
        (["like_count"], "NA: 'like_count' (likes of instagram). Engagements do not include them."),
        (["media_type"], "NA: 'media_type' (format of instagram)."),  # which several formats are read from
        (["views_count", "media_type"], "NA: 'views_count' (views of instagram), 'media_type' (format of instagram)."),
    ],
)
def test_metrics_without_dropped_columns_warn_once_with_the_names(dropped: list[str], message: str) -> None:
    with pytest.warns(ayr.DataWarning) as caught:
        sample_frame("instagram").drop(columns=dropped).ayr.metrics()
    texts = [str(warning.message) for warning in caught]
    assert texts == [f"The frame lacks columns, so what is in brackets is {message}"]
