"""The documented examples, column by column and table by table, against expectations written out by hand.

The fixtures have the keys, types and odd values of the documentation page, with texts and numbers of our own. What
they become is read off the contract (.3, .4), never off the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documented"
NA = None
TIME = "datetime64[us, UTC]"
KEY = [("platform", "str"), ("profile", "str"), ("id", "str"), ("as_of", TIME)]


# Columns that depend on when the file was read or that this endpoint does not fill.
READ_COLUMNS = ["read_at", "listed_from", "analytics_as_of", "analytics_error"]


def posts_of(platform: str) -> pd.DataFrame:
    return ayr.read_json(FIXTURES / f"{platform}.json", platform=platform)


def raw_values(platform: str, key: str) -> list[str | None]:
    """Return a nested field of each post of a fixture as the file has it, without white space; None where absent."""
    posts = json.loads((FIXTURES / f"{platform}.json").read_text("utf-8"))["posts"]
    compact = [json.dumps(post.get(key), ensure_ascii=False, separators=(",", ":")) for post in posts]
    return [None if text == "null" else text for text in compact]


def series(dtype: str, values: list[Any]) -> pd.Series:
    if dtype == TIME:
        return pd.Series([pd.Timestamp(value) if value else pd.NaT for value in values], dtype=TIME)
    return pd.Series(values, dtype=dtype)


# (column, dtype, one value per post). None is NA.
EXPECTED: dict[str, list[tuple[str, str, list[Any]]]] = {
    "bluesky": [
        ("platform", "str", ["bluesky"]),
        ("profile", "str", [""]),
        ("id", "str", ["at://did:plc:qv4zr7mxk2ovenandcrumb/app.bsky.feed.post/3lk2abcde7x2z"]),
        ("created", TIME, ["2025-03-02T08:15:42.317Z"]),
        ("post", "str", ["Rye leaves the oven at seven. Bring a bag 🥖"]),
        ("post_url", "str", ["https://bsky.app/profile/ovenandcrumb.example/post/3lk2abcde7x2z"]),
        ("cid", "str", ["bafyreib2kq5zrye7ovenfreshloafcontentfingerprint7a"]),
        ("indexed_at", TIME, ["2025-03-02T08:15:42.904Z"]),
        ("labels", "str", ["[]"]),
        ("like_count", "Int64", [41]),
        ("quote_count", "Int64", [5]),
        ("reply_count", "Int64", [8]),
        ("repost_count", "Int64", [13]),
        ("viewer_thread_muted", "boolean", [False]),
        ("viewer_embedding_disabled", "boolean", [True]),
        ("as_of", TIME, ["2025-03-04T09:30:00.125Z"]),
        ("extra", "str", [NA]),
    ],
    "facebook": [
        ("platform", "str", ["facebook"] * 3),
        ("profile", "str", [""] * 3),
        ("id", "str", ["208811740958066_915520165614271", "208811740958066_914863059013315", "2704195865833540"]),
        ("created", TIME, ["2023-04-10T06:20:11Z", "2023-04-09T15:45:00Z", "2023-04-11T18:05:29Z"]),
        ("post", "str", ["How the deep oven is fired up", "Caraway or no caraway: our recipe is online.", ""]),
        (
            "post_url",
            "str",
            [
                "https://www.facebook.com/208811740958066_915520165614999",
                "https://www.facebook.com/208811740958066_914863059013111",
                "https://facebook.com/stories/208811740958066/UzpfSVNDOjI1NDQzNTA3MjQwOTIyODk=/?view_single=1",
            ],
        ),
        ("like_count", "Int64", [52, NA, 0]),
        ("comments_count", "Int64", [17, NA, 0]),
        ("shares_count", "Int64", [NA, NA, 0]),
        ("media_view", "Int64", [NA, NA, NA]),
        ("total_media_view_unique", "Int64", [NA, NA, NA]),
        (
            "reactions",
            "str",
            [
                '{"like":21,"love":7,"anger":0,"haha":3,"wow":4,"sorry":1,"total":36}',
                '{"like":5,"love":2,"anger":1,"haha":0,"wow":0,"sorry":0,"total":8}',
                "{}",
            ],
        ),
        ("reactions_by_type", "Int64", [36, 8, 0]),
        ("impressions_unique", "Int64", [480, 133, 0]),
        ("impressions_fan_unique", "Int64", [NA, NA, 0]),
        ("impressions_fan_paid_unique", "Int64", [NA, NA, 0]),
        ("impressions_organic_unique", "Int64", [NA, NA, 0]),
        ("impressions_paid_unique", "Int64", [NA, NA, 0]),
        ("clicks_unique", "Int64", [62, 11, 0]),
        ("engaged_users", "Int64", [29, 6, 0]),
        ("negative_feedback", "Int64", [2, 0, 0]),
        ("negative_feedback_unique", "Int64", [1, 0, 0]),
        ("video_views", "Int64", [350, 0, 0]),
        ("video_views_unique", "Int64", [301, 0, 0]),
        ("video_view_time", "Int64", [81200, 0, 0]),
        ("total_video_views", "Int64", [NA, NA, NA]),
        ("total_video_avg_time_watched", "Int64", [NA, NA, NA]),
        ("total_video_view_total_time", "Int64", [NA, NA, NA]),
        ("blue_reels_play_count", "Int64", [NA, NA, NA]),
        ("is_popular", "boolean", [True, False, NA]),
        ("status_type", "str", ["added_video", NA, "published"]),
        ("media_type", "str", [NA, NA, "video"]),
        ("media_id", "str", [NA, NA, "2704195865833540"]),
        ("post_id", "str", [NA, NA, "2544350724092289"]),
        (
            "full_picture",
            "str",
            [
                "https://pictures.example/full/oven.jpg?size=s720x720&key=a%2Fb",
                "https://pictures.example/link/recipe.jpg?url=https%3a%2f%2frecipes.example%2frye.jpg",
                NA,
            ],
        ),
        ("parent_id", "str", ["6875882411311720_853369064954959", NA, NA]),
        ("media_urls", "str", raw_values("facebook", "mediaUrls")),
        ("liked_by", "str", ['[{"id":"9007199254740995","name":"Ada Krume"}]', NA, NA]),
        ("properties", "str", ['[{"name":"Length","text":"00:09"}]', NA, NA]),
        ("last_updated", TIME, ["2023-04-12T10:00:38.359Z", "2023-04-12T09:58:48.453Z", NA]),
        ("next_update", TIME, ["2023-04-12T10:35:38.359Z", "2023-04-12T10:33:48.453Z", NA]),
        ("as_of", TIME, ["2023-04-12T10:00:38.359Z", "2023-04-12T09:58:48.453Z", "2023-04-12T10:05:51.994Z"]),
        ("extra", "str", [NA, NA, NA]),
    ],
    "instagram": [
        ("platform", "str", ["instagram"] * 3),
        ("profile", "str", [""] * 3),
        ("id", "str", ["18944250668443044", "18044250668443045", "17009050404727"]),
        ("created", TIME, ["2023-09-14T05:40:03Z", "2023-09-15T05:41:03Z", "2023-09-16T16:10:10Z"]),
        (
            "post",
            "str",
            [
                "Seeded rolls, still warm #bakery",
                "Four hands, ninety loaves #sourdough #reel",
                "A morning at the market - in two pictures",
            ],
        ),
        (
            "post_url",
            "str",
            [
                "https://www.instagram.com/p/Cx1seedroll/",
                "https://www.instagram.com/reel/Cx2shaping/",
                "https://www.instagram.com/p/Cx3market/",
            ],
        ),
        ("like_count", "Int64", [88, 0, 140]),
        ("comments_count", "Int64", [6, 0, 9]),
        ("reach_count", "Int64", [NA] * 3),
        ("views_count", "Int64", [NA] * 3),
        ("saved_count", "Int64", [NA] * 3),
        ("shares_count", "Int64", [NA] * 3),
        ("engagement_count", "Int64", [NA] * 3),
        ("profile_visits_count", "Int64", [NA] * 3),
        ("profile_activity_count", "Int64", [NA] * 3),
        ("follows_count", "Int64", [NA] * 3),
        ("plays_count", "Int64", [NA] * 3),
        ("ig_reels_avg_watch_time_count", "Int64", [NA] * 3),
        ("ig_reels_video_view_total_time_count", "Int64", [NA] * 3),
        ("navigation_count", "Int64", [NA] * 3),
        ("replies_count", "Int64", [NA] * 3),
        ("tap_forward_count", "Int64", [NA] * 3),
        ("tap_back_count", "Int64", [NA] * 3),
        ("tap_exit_count", "Int64", [NA] * 3),
        ("swipe_forward_count", "Int64", [NA] * 3),
        ("media_product_type", "str", ["FEED", "REELS", "FEED"]),
        ("media_type", "str", ["IMAGE", "VIDEO", "CAROUSEL_ALBUM"]),
        ("media_url", "str", ["https://media.example/ig/seeded-roll.jpg", "https://media.example/ig/shaping.mp4", NA]),
        (
            "media_urls",
            "str",
            [
                NA,
                NA,
                '[{"mediaUrl":"https://media.example/ig/market-1","id":"19406327812189389"},'
                '{"mediaUrl":"https://media.example/ig/market-2.mp4",'
                '"thumbnailUrl":"https://media.example/ig/market-2.jpg","id":"19152909322938264"}]',
            ],
        ),
        (
            "thumbnail_url",
            "str",
            ["https://media.example/ig/seeded-roll-small.jpg", "https://media.example/ig/shaping-small.jpg", NA],
        ),
        (
            "permalink",
            "str",
            ["https://www.instagram.com/p/Cx1seedroll/", "https://www.instagram.com/reel/Cx2shaping/", NA],
        ),
        ("username", "str", ["ovenandcrumb", "ovenandcrumb", "crumb.market"]),
        ("is_popular", "boolean", [NA, NA, True]),
        ("last_updated", TIME, [NA, NA, "2023-09-17T22:28:20.499Z"]),
        ("next_update", TIME, [NA, NA, "2023-09-17T22:39:20.499Z"]),
        ("as_of", TIME, ["2023-09-18T07:00:00.001Z", "2023-09-18T07:00:00.001Z", "2023-09-17T22:28:20.499Z"]),
        ("extra", "str", [NA, NA, NA]),
    ],
    "linkedin": [
        ("platform", "str", ["linkedin"] * 2),
        ("profile", "str", [""] * 2),
        ("id", "str", ["urn:li:share:7160123456789012345", "urn:li:share:7160987654321098765"]),
        ("created", TIME, ["2024-02-05T09:12:38Z", "2024-02-06T12:05:11Z"]),
        ("post", "str", ["We are looking for an apprentice with cold hands", "Two films from the night shift"]),
        (
            "post_url",
            "str",
            [
                "https://www.linkedin.com/feed/update/urn:li:share:7160123456789012345",
                "https://www.linkedin.com/feed/update/urn:li:share:7160987654321098765",
            ],
        ),
        ("like_count", "Int64", [9, 3]),
        ("comment_count", "Int64", [2, 1]),
        ("share_count", "Int64", [3, 0]),
        ("click_count", "Int64", [4, 0]),
        ("impression_count", "Int64", [27, 25]),
        ("unique_impressions_count", "Int64", [21, 19]),
        ("engagement", "float64", [0.6666666666666666, 0.16]),
        (
            "reactions",
            "str",
            [
                '{"like":4,"praise":3,"maybe":0,"empathy":1,"interest":2,"appreciation":6}',
                '{"like":1,"praise":0,"maybe":1,"empathy":0,"interest":0,"appreciation":2}',
            ],
        ),
        ("total_first_level_comments", "Int64", [NA, 1]),
        ("video_views", "Int64", [NA, NA]),
        ("video_viewers", "Int64", [NA, NA]),
        ("video_watch_time_ms", "Int64", [NA, NA]),
        ("status", "str", ["PUBLISHED", "PUBLISHED"]),
        ("visibility", "str", ["PUBLIC", "CONNECTIONS"]),
        ("comments_state", "str", [NA, "OPEN"]),
        ("liked_by_current_user", "boolean", [NA, True]),
        ("published_at", TIME, ["2024-02-05T09:12:40Z", "2024-02-06T12:05:12Z"]),
        ("last_modified", TIME, ["2024-02-05T09:13:01Z", "2024-02-06T12:05:11Z"]),
        ("media_urls", "str", raw_values("linkedin", "mediaUrls")),
        ("comment_urns", "str", [NA, '["urn:li:comment:(urn:li:activity:7160999888777666555,1)"]']),
        ("like_by", "str", [NA, '["urn:li:person:Kr0mel9-x2"]']),
        ("as_of", TIME, ["2024-02-08T16:04:51.994Z"] * 2),
        ("extra", "str", [NA, NA]),
    ],
    "pinterest": [
        ("platform", "str", ["pinterest"] * 3),
        ("profile", "str", [""] * 3),
        ("id", "str", ["1074649418547261999", "1074649468512980111", "47604348729001622"]),
        ("created", TIME, ["2023-05-20T07:25:12Z", "2023-05-21T08:00:00Z", "2023-05-22T11:26:05Z"]),
        ("post", "str", ["Braiding a loaf with six strands", "Seven flours, side by side", " "]),
        (
            "post_url",
            "str",
            [
                "https://www.pinterest.com/pin/1074649418547261999",
                "https://www.pinterest.com/pin/1074649468512980111",
                "https://www.pinterest.com/pin/47604348729001622",
            ],
        ),
        ("title", "str", ["Six strands", NA, NA]),
        ("note", "str", ["for the spring board", NA, NA]),
        ("link", "str", ["", "", ""]),
        ("alt_text", "str", ["", "", ""]),
        ("board_id", "str", ["1066366940762633469", NA, NA]),
        ("media_type", "str", ["video", "image", "multiple_mixed"]),
        ("media_url", "str", ["https://pins.example/stills/braid.jpg", "https://pins.example/originals/flour.jpg", NA]),
        ("media_urls", "str", raw_values("pinterest", "mediaUrls")),
        ("cover_image_url", "str", ["https://pins.example/covers/braid.jpg", NA, NA]),
        ("duration", "Int64", [7416, NA, NA]),
        ("height", "Int64", [1064, 640, NA]),
        ("width", "Int64", [1892, 640, NA]),
        ("dominant_color", "str", ["#a17c4e", "#e8e0d1", "#5f6e4a"]),
        ("product_tags", "str", ["[]", NA, NA]),
        ("username", "str", ["ovenandcrumb", "ovenandcrumb", "crumbguest"]),
        ("as_of", TIME, ["2023-05-25T06:00:00Z"] * 3),
        ("extra", "str", [NA, NA, NA]),
    ],
    "snapchat": [
        ("platform", "str", ["snapchat"] * 2),
        ("profile", "str", [""] * 2),
        ("id", "str", ["W7_EDlXWTBiXAEEniNoMPwAAYc3Bh", "W7_EDlXWTBiXAEEniNoMPwAAYc3Bi"]),
        ("created", TIME, ["2025-07-01T06:30:00.500Z", "2025-07-02T06:30:00Z"]),
        ("post", "str", ["Bagels at dawn", ""]),
        (
            "post_url",
            "str",
            [
                "https://www.snapchat.com/spotlight/W7_EDlXWTBiXAEEniNoMPwAAYc3Bh",
                "https://www.snapchat.com/spotlight/W7_EDlXWTBiXAEEniNoMPwAAYc3Bi",
            ],
        ),
        ("views", "Int64", [812, 0]),
        ("viewers", "Int64", [640, 0]),
        ("replies", "Int64", [3, 0]),
        ("shares", "Int64", [7, 0]),
        ("view_time", "Int64", [2456000, 0]),
        ("as_of", TIME, ["2025-07-05T12:00:00.250Z"] * 2),
        ("extra", "str", [NA, NA]),
    ],
    "threads": [
        ("platform", "str", ["threads"] * 2),
        ("profile", "str", [""] * 2),
        ("id", "str", ["18052698742159991", "18052698742159992"]),
        ("created", TIME, ["2024-11-11T14:05:30Z", "2024-11-12T07:00:00.750Z"]),
        ("post", "str", ["Listen to this crust", "Only words today"]),
        (
            "post_url",
            "str",
            [
                "https://www.threads.net/@ovenandcrumb/post/DCx9crust",
                "https://www.threads.net/@ovenandcrumb/post/DCx9words",
            ],
        ),
        ("text", "str", ["Listen to this crust", "Only words today"]),
        (
            "permalink",
            "str",
            [
                "https://www.threads.net/@ovenandcrumb/post/DCx9crust",
                "https://www.threads.net/@ovenandcrumb/post/DCx9words",
            ],
        ),
        ("timestamp", TIME, ["2024-11-11T14:05:30Z", "2024-11-12T07:00:00.750Z"]),
        ("views", "Int64", [NA, NA]),
        ("likes", "Int64", [NA, NA]),
        ("replies", "Int64", [NA, NA]),
        ("reposts", "Int64", [NA, NA]),
        ("shares", "Int64", [NA, NA]),
        ("quotes", "Int64", [NA, NA]),
        ("has_replies", "boolean", [True, False]),
        ("is_quote_post", "boolean", [False, True]),
        ("media_product_type", "str", ["THREADS", "THREADS"]),
        ("media_type", "str", ["IMAGE", "TEXT_POST"]),
        ("media_url", "str", ["https://media.example/th/crust.jpg", NA]),
        ("owner_id", "str", ["26441298765432101", "26441298765432101"]),
        ("reply_audience", "str", ["EVERYONE", "EVERYONE"]),
        ("shortcode", "str", ["DCx9crust", "DCx9words"]),
        ("username", "str", ["ovenandcrumb", "ovenandcrumb"]),
        ("as_of", TIME, ["2024-11-13T08:00:00Z"] * 2),
        ("extra", "str", [NA, NA]),
    ],
    "tiktok": [
        ("platform", "str", ["tiktok"]),
        ("profile", "str", [""]),
        ("id", "str", ["7376767676767676761"]),
        ("created", TIME, ["2024-06-03T16:45:00Z"]),
        ("post", "str", ["Eleven seconds of kneading"]),
        ("post_url", "str", ["https://www.tiktok.com/@ovenandcrumb/video/7376767676767676761"]),
        ("video_views", "Int64", [990]),
        ("like_count", "Int64", [57]),
        ("comments_count", "Int64", [12]),
        ("share_count", "Int64", [5]),
        ("reach", "Int64", [910]),
        ("total_time_watched", "Int64", [2986]),
        ("average_time_watched", "float64", [3.0156]),
        ("full_video_watched_rate", "float64", [0.0231]),
        ("video_duration", "float64", [11.448]),
        ("impression_sources", "str", raw_values("tiktok", "impressionSources")),
        ("audience_countries", "str", ['[{"country":"AT","percentage":0.0375},{"country":"DE","percentage":0.9125}]']),
        (
            "audience_cities",
            "str",
            ['[{"city_name":"DE Leipzig","percentage":4.2},{"city_name":"AT Graz","percentage":7.5}]'],
        ),
        ("video_view_retention", "str", ['[{"percentage":0.2,"second":"155"},{"percentage":0.06,"second":"234"}]']),
        ("engagement_likes", "str", ['[{"percentage":0,"second":"179"},{"percentage":0.5,"second":"339"}]']),
        ("name", "str", ["Oven & Crumb"]),
        ("url", "str", ["https://www.tiktok.com/@ovenandcrumb"]),
        ("share_url", "str", ["https://www.tiktok.com/@ovenandcrumb/video/7376767676767676761?share=1"]),
        ("embed_url", "str", ["https://www.tiktok.com/static/profile-video?id=73767676767676767676&"]),
        ("media_type", "str", ["video"]),
        ("music_title", "str", ["♬ kneading song - Oven & Crumb"]),
        ("music_url", "str", ["https://www.tiktok.com/music/kneading-song"]),
        (
            "thumbnail_url",
            "str",
            ["https://stills.example/obj/kneading-tx/aBcD 7EFGhi?x-expires=1717600000&x-signature=Qz%2Bk%3D"],
        ),
        ("thumbnail_height", "Int64", [1025]),
        ("thumbnail_width", "Int64", [577]),
        ("tags", "str", ["[]"]),
        ("as_of", TIME, ["2024-06-06T08:00:00.100Z"]),
        ("extra", "str", [NA]),
    ],
    "twitter": [
        ("platform", "str", ["twitter"] * 2),
        ("profile", "str", [""] * 2),
        ("id", "str", ["1748654321098765432", "1749273645546826853"]),
        ("created", TIME, ["2024-01-20T10:07:53Z", "2024-01-22T03:24:23Z"]),
        ("post", "str", ["Quoting ourselves from last winter", "Half a minute of steam https://t.co/hI4jK5lM6n"]),
        (
            "post_url",
            "str",
            [
                "https://twitter.com/ovenandcrumb/status/1748654321098765432",
                "https://twitter.com/ovenandcrumb/status/1749273645546826853",
            ],
        ),
        ("public_metrics_like_count", "Int64", [33, 0]),
        ("public_metrics_reply_count", "Int64", [3, 0]),
        ("public_metrics_retweet_count", "Int64", [4, 0]),
        ("public_metrics_quote_count", "Int64", [1, 0]),
        ("public_metrics_bookmark_count", "Int64", [NA, 2]),
        ("public_metrics_impression_count", "Int64", [NA, 98]),
        ("non_public_metrics_impression_count", "Int64", [812, 98]),
        ("non_public_metrics_user_profile_clicks", "Int64", [0, 0]),
        ("non_public_metrics_engagements", "Int64", [NA, NA]),
        ("non_public_metrics_video_playback_0_count", "Int64", [NA, NA]),
        ("non_public_metrics_video_playback_25_count", "Int64", [NA, NA]),
        ("non_public_metrics_video_playback_50_count", "Int64", [NA, NA]),
        ("non_public_metrics_video_playback_75_count", "Int64", [NA, NA]),
        ("non_public_metrics_video_playback_100_count", "Int64", [NA, NA]),
        ("organic_metrics_like_count", "Int64", [31, 0]),
        ("organic_metrics_reply_count", "Int64", [3, 0]),
        ("organic_metrics_retweet_count", "Int64", [2, 0]),
        ("organic_metrics_impression_count", "Int64", [790, 98]),
        ("organic_metrics_user_profile_clicks", "Int64", [6, 0]),
        ("author_id", "str", [NA, "1305449880992583681"]),
        ("created_at", TIME, [NA, "2024-01-22T03:24:23Z"]),
        ("text", "str", ["Quoting ourselves from last winter", NA]),
        ("source", "str", ["Oven app", NA]),
        ("possibly_sensitive", "boolean", [False, False]),
        ("edit_history_tweet_ids", "str", [NA, '["1749273645546826853"]']),
        ("media", "str", raw_values("twitter", "media")),
        (
            "referenced_tweets",
            "str",
            ['[{"type":"quoted","id":"1611111111111111113","url":"https://www.twitter.com/1611111111111111113"}]', NA],
        ),
        ("urls", "str", raw_values("twitter", "urls")),
        ("as_of", TIME, ["2024-01-25T11:11:11.111Z"] * 2),
        ("extra", "str", [NA, NA]),
    ],
    "youtube": [
        ("platform", "str", ["youtube"] * 2),
        ("profile", "str", [""] * 2),
        ("id", "str", ["R-5PvIDBMWb", "-uh5ztLoIfb"]),
        ("created", TIME, ["2023-11-03T17:14:44Z", "2023-10-27T20:24:42Z"]),
        ("post", "str", ["A whole night in the bakery, cut to four minutes", "Draft, please do not share"]),
        (
            "post_url",
            "str",
            ["https://www.youtube.com/watch?v=R-5PvIDBMWb", "https://www.youtube.com/watch?v=-uh5ztLoIfb"],
        ),
        ("title", "str", ["Night shift", "Oven draft 2"]),
        ("description", "str", ["A whole night in the bakery, cut to four minutes", "Draft, please do not share"]),
        ("position", "Int64", [0, 1]),
        ("privacy_status", "str", ["public", "unlisted"]),
        (
            "thumbnail_url",
            "str",
            ["https://stills.example/yt/R-5PvIDBMWb/default.jpg", "https://stills.example/yt/-uh5ztLoIfb/default.jpg"],
        ),
        ("as_of", TIME, ["2023-11-05T16:04:51.994Z"] * 2),
        ("extra", "str", [NA, NA]),
    ],
}


# Columns that only post analytics sends: they follow the others, and are NA in the history.
ANALYTICS_ONLY: dict[str, list[tuple[str, str]]] = {
    "facebook": [
        (
            "Int64",
            "post_impressions_unique total_video_complete_views total_video_10_s_views "
            "total_video_15_s_views total_video_30_s_views total_video_impressions "
            "post_video_avg_time_watched",
        ),
        (
            "str",
            "post_video_social_actions total_video_reactions_by_type_total "
            "total_video_stories_by_action_type total_video_view_time_by_age_bucket_and_gender "
            "total_video_view_time_by_region_id total_video_view_time_by_distribution_type "
            "total_video_views_by_distribution_type",
        ),
    ],
    "instagram": [("str", "caption"), ("Int64", "clips_replays_count ig_reels_aggregated_all_plays_count")],
    "linkedin": [("str", "type")],
    "pinterest": [
        ("Int64", "impression pin_click outbound_click save"),
        ("float64", "save_rate pin_click_rate outbound_click_rate"),
        ("Int64", "profile_visit user_follow video_start"),
        ("str", "pin_metrics"),
        ("Int64", "total_comments total_reactions"),
        ("str", "description media board_owner_username board_section_id creative_type"),
        ("boolean", "has_been_promoted is_owner is_standard"),
        ("str", "parent_pin_id"),
    ],
    "snapchat": [("Int64", "interactions")],
    "tiktok": [("Int64", "favorites"), ("str", "item_id audience_genders audience_types")],
    "twitter": [
        (
            "Int64",
            "non_public_metrics_url_link_clicks organic_metrics_url_link_clicks "
            "organic_metrics_video_playback_0_count organic_metrics_video_playback_25_count "
            "organic_metrics_video_playback_50_count organic_metrics_video_playback_75_count "
            "organic_metrics_video_playback_100_count organic_metrics_video_view_count",
        ),
        ("str", "name username entities poll"),
    ],
    "youtube": [
        ("Int64", "views likes comments shares"),
        ("float64", "average_view_duration average_view_percentage"),
        (
            "Int64",
            "dislikes estimated_minutes_watched engaged_views subscribers_gained subscribers_lost "
            "videos_added_to_playlists",
        ),
        ("str", "channel_title"),
        (TIME, "published_at"),
        ("boolean", "made_for_kids not_enough_views"),
        ("str", "tags live_broadcast live_broadcast_details playlists"),
    ],
}
for name, columns in EXPECTED.items():
    end = next(position for position, column in enumerate(columns) if column[0] == "as_of")
    columns[end:end] = [
        (column, dtype, [NA] * len(columns[0][2]))
        for dtype, names in ANALYTICS_ONLY.get(name, [])
        for column in names.split()
    ]


@pytest.mark.parametrize("platform", EXPECTED)
def test_documented_fields_are_in_their_columns(platform: str) -> None:
    expected = pd.DataFrame({name: series(dtype, values) for name, dtype, values in EXPECTED[platform]})
    pd.testing.assert_frame_equal(posts_of(platform).drop(columns=READ_COLUMNS), expected, check_exact=True)


@pytest.mark.parametrize("platform", EXPECTED)
def test_columns_and_dtypes_of_documented_posts(platform: str) -> None:
    posts = posts_of(platform).drop(columns=READ_COLUMNS)
    assert list(posts.columns) == [name for name, _, _ in EXPECTED[platform]]
    assert [str(dtype) for dtype in posts.dtypes] == [dtype for _, dtype, _ in EXPECTED[platform]]
    assert isinstance(posts.index, pd.RangeIndex)
    assert (posts.index.start, posts.index.step) == (0, 1)


@pytest.mark.parametrize("platform", EXPECTED)
def test_documented_posts_have_no_extra(platform: str) -> None:
    posts = posts_of(platform)
    assert posts["extra"].isna().all()
    drift = posts.ayr.drift()
    assert set(drift["finding"]) <= {"never seen"}


# platform, expansion: columns after the key, then the rows, each as (post number, cells ...). None is NA.
MEDIA = [
    ("position", "Int64"),
    ("media_id", "str"),
    ("type", "str"),
    ("url", "str"),
    ("thumbnail_url", "str"),
    ("width", "Int64"),
    ("height", "Int64"),
    ("duration_s", "float64"),
]
REACTIONS = [("reaction", "str"), ("label", "str"), ("count", "Int64")]
VALUE = [("value", "str")]
TABLES: list[tuple[str, str, list[tuple[str, str]], list[tuple[Any, ...]]]] = [
    ("bluesky", "labels", VALUE, []),
    (
        "facebook",
        "reactions",
        REACTIONS,
        [
            (0, "like", "Like", 21),
            (0, "love", "Love", 7),
            (0, "anger", "Angry", 0),
            (0, "haha", "Haha", 3),
            (0, "wow", "Wow", 4),
            (0, "sorry", "Sad", 1),
            (1, "like", "Like", 5),
            (1, "love", "Love", 2),
            (1, "anger", "Angry", 1),
            (1, "haha", "Haha", 0),
            (1, "wow", "Wow", 0),
            (1, "sorry", "Sad", 0),
        ],
    ),
    (
        "facebook",
        "media",
        MEDIA,
        [
            (
                0,
                0,
                "3380728164889262",
                "video",
                "https://videos.example/file/oven.mp4?bytes=1&part=2",
                "https://pictures.example/still/oven.jpg",
                722,
                406,
                NA,
            ),
            (1, 0, NA, "link", NA, NA, NA, NA, NA),
            (
                2,
                0,
                NA,
                "video",
                "https://videos.example/file/story",
                "https://pictures.example/still/story",
                721,
                1280,
                NA,
            ),
        ],
    ),
    ("facebook", "liked_by", [("person_id", "str"), ("name", "str")], [(0, "9007199254740995", "Ada Krume")]),
    ("facebook", "properties", [("name", "str"), ("text", "str")], [(0, "Length", "00:09")]),
    (
        "instagram",
        "media",
        MEDIA,
        [
            (
                0,
                0,
                NA,
                "image",
                "https://media.example/ig/seeded-roll.jpg",
                "https://media.example/ig/seeded-roll-small.jpg",
                NA,
                NA,
                NA,
            ),
            (
                1,
                0,
                NA,
                "video",
                "https://media.example/ig/shaping.mp4",
                "https://media.example/ig/shaping-small.jpg",
                NA,
                NA,
                NA,
            ),
            (2, 0, "19406327812189389", NA, "https://media.example/ig/market-1", NA, NA, NA, NA),
            (
                2,
                1,
                "19152909322938264",
                NA,
                "https://media.example/ig/market-2.mp4",
                "https://media.example/ig/market-2.jpg",
                NA,
                NA,
                NA,
            ),
        ],
    ),
    (
        "linkedin",
        "reactions",
        REACTIONS,
        [
            (0, "like", "Like", 4),
            (0, "praise", "Celebrate", 3),
            (0, "maybe", "Curious", 0),
            (0, "empathy", "Love", 1),
            (0, "interest", "Insightful", 2),
            (0, "appreciation", "Support", 6),
            (1, "like", "Like", 1),
            (1, "praise", "Celebrate", 0),
            (1, "maybe", "Curious", 1),
            (1, "empathy", "Love", 0),
            (1, "interest", "Insightful", 0),
            (1, "appreciation", "Support", 2),
        ],
    ),
    (
        "linkedin",
        "media",
        MEDIA,
        [
            (
                1,
                0,
                "urn:li:video:D5F20BRIa1SNn6bBjBh",
                NA,
                "https://media.example/li/D5F20BRIa1SNn6bBjBh",
                NA,
                NA,
                NA,
                NA,
            ),
            (
                1,
                1,
                "urn:li:video:D5F20BRIa1SNn6beTI3",
                NA,
                "https://media.example/li/D5F20BRIa1SNn6beTI3",
                NA,
                NA,
                NA,
                NA,
            ),
        ],
    ),
    ("linkedin", "liked_by", [("person_id", "str"), ("name", "str")], [(1, "urn:li:person:Kr0mel9-x2", NA)]),
    (
        "linkedin",
        "comment_urns",
        [("comment_urn", "str")],
        [(1, "urn:li:comment:(urn:li:activity:7160999888777666555,1)")],
    ),
    (
        "pinterest",
        "media",
        MEDIA,
        [
            (0, 0, NA, "video", NA, "https://pins.example/covers/braid.jpg", 1892, 1064, 7.416),
            (1, 0, NA, "image", "https://pins.example/originals/flour.jpg", NA, 640, 640, NA),
            (2, 0, NA, "image", "https://pins.example/originals/step-1.jpg", NA, 250, 444, NA),
            (2, 1, NA, "image", "https://pins.example/originals/step-2.jpg", NA, 333, 590, NA),
            (2, 2, NA, "image", "https://pins.example/originals/step-2.jpg", NA, 333, 590, NA),
            (2, 3, NA, "image", "https://pins.example/originals/step-4.jpg", NA, 334, 591, NA),
            (2, 4, NA, "video", NA, "https://pins.example/stills/step-5.jpg", 722, 1282, 18.7),
        ],
    ),
    ("pinterest", "product_tags", VALUE, []),
    ("threads", "media", MEDIA, [(0, 0, NA, "image", "https://media.example/th/crust.jpg", NA, NA, NA, NA)]),
    (
        "tiktok",
        "impression_sources",
        [("impression_source", "str"), ("fraction", "float64")],
        [
            (0, "Search", 0.125),
            (0, "Sound", 0.0),
            (0, "other_profile_vv", 0.0),
            (0, "Follow", 0.25),
            (0, "For You", 0.625),
            (0, "Hashtag", 0.0),
            (0, "Personal Profile", 0.0),
        ],
    ),
    (
        "tiktok",
        "audience_countries",
        [("country", "str"), ("fraction", "float64")],
        [(0, "AT", 0.0375), (0, "DE", 0.9125)],
    ),
    (
        "tiktok",
        "audience_cities",
        [("city", "str"), ("fraction", "float64")],
        [(0, "DE Leipzig", 4.2 / 100), (0, "AT Graz", 7.5 / 100)],
    ),
    (
        "tiktok",
        "video_view_retention",
        [("second", "Int64"), ("position", "float64"), ("fraction", "float64")],
        [(0, 155, 155 / 234, 0.2), (0, 234, 1.0, 0.06)],
    ),
    (
        "tiktok",
        "engagement_likes",
        [("second", "Int64"), ("position", "float64"), ("fraction", "float64")],
        [(0, 179, 179 / 339, 0.0), (0, 339, 1.0, 0.5)],
    ),
    (
        "tiktok",
        "media",
        MEDIA,
        [
            (
                0,
                0,
                NA,
                "video",
                NA,
                "https://stills.example/obj/kneading-tx/aBcD 7EFGhi?x-expires=1717600000&x-signature=Qz%2Bk%3D",
                NA,
                NA,
                11.448,
            )
        ],
    ),
    ("tiktok", "tags", VALUE, []),
    (
        "twitter",
        "media",
        MEDIA,
        [
            (
                0,
                0,
                "7_1748650001112223334",
                "video",
                NA,
                "https://stills.example/x/1748650001112223334.jpg",
                NA,
                NA,
                3.168,
            ),
            (
                1,
                0,
                "7_1749270000111122223",
                "video",
                NA,
                "https://stills.example/x/1749270000111122223.jpg",
                1922,
                1082,
                27.14,
            ),
        ],
    ),
    (
        "twitter",
        "media_variants",
        [("media_key", "str"), ("bit_rate", "Int64"), ("content_type", "str"), ("url", "str")],
        [
            (1, "7_1749270000111122223", 288000, "video/mp4", "https://videos.example/x/480x270.mp4?tag=14"),
            (1, "7_1749270000111122223", 950000, "video/mp4", "https://videos.example/x/640x360.mp4?tag=14"),
            (1, "7_1749270000111122223", 2200000, "video/mp4", "https://videos.example/x/1280x720.mp4?tag=14"),
            (
                1,
                "7_1749270000111122223",
                NA,
                "application/x-mpegURL",
                "https://videos.example/x/list.m3u8?tag=14&container=fmp4",
            ),
        ],
    ),
    (
        "twitter",
        "urls",
        [("start", "Int64"), ("end", "Int64"), ("url", "str"), ("expanded_url", "str"), ("display_url", "str")],
        [
            (0, 301, 324, "https://t.co/aB1cD2eF3g", "https://recipes.example/winter", "recipes.example/winter"),
            (1, 23, 46, "https://t.co/hI4jK5lM6n", "https://recipes.example/steam", "recipes.example/steam"),
        ],
    ),
    (
        "twitter",
        "referenced_tweets",
        [("type", "str"), ("referenced_id", "str"), ("url", "str")],
        [(0, "quoted", "1611111111111111113", "https://www.twitter.com/1611111111111111113")],
    ),
    ("twitter", "edit_history", VALUE, [(1, "1749273645546826853")]),
    (
        "youtube",
        "media",
        MEDIA,
        [
            (0, 0, NA, "video", NA, "https://stills.example/yt/R-5PvIDBMWb/default.jpg", NA, NA, NA),
            (1, 0, NA, "video", NA, "https://stills.example/yt/-uh5ztLoIfb/default.jpg", NA, NA, NA),
        ],
    ),
    *(
        (platform, "extra", [("field", "str"), ("value", "str"), ("reason", "str")], [])
        for platform in sorted(EXPECTED)
    ),
]


def table_of(platform: str, cells: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Build an expected child table: the key of the post that each row names by its number, then its cells."""
    key = {name: dict(enumerate(values)) for name, _, values in EXPECTED[platform] if name in dict(KEY)}
    columns = {name: series(dtype, [key[name][row[0]] for row in rows]) for name, dtype in KEY}
    columns |= {name: series(dtype, [row[place] for row in rows]) for place, (name, dtype) in enumerate(cells, 1)}
    return pd.DataFrame(columns)


@pytest.mark.parametrize(("platform", "name", "cells", "rows"), TABLES, ids=[f"{row[0]}-{row[1]}" for row in TABLES])
def test_expansion_returns_expected_rows(
    platform: str, name: str, cells: list[tuple[str, str]], rows: list[tuple[Any, ...]]
) -> None:
    posts = posts_of(platform)
    expected = table_of(platform, cells, rows)
    pd.testing.assert_frame_equal(posts.ayr.expand(name), expected, rtol=1e-12, atol=0)
    pd.testing.assert_frame_equal(getattr(posts.ayr, name)(), expected, rtol=1e-12, atol=0)


def test_expected_tables_cover_all_expansions_except_media_metrics() -> None:
    written = {(platform, name) for platform, name, _, _ in TABLES} | {("twitter", "media_metrics")}
    listed = {(platform, name) for platform in EXPECTED for name in posts_of(platform).ayr.expansions()["name"]}
    assert listed - written == {("tiktok", "audience_genders"), ("tiktok", "audience_types")}  # not in the history
    assert written <= listed


def test_reactions_wide_has_one_row_per_post_and_one_column_per_kind() -> None:
    cells = [(name, "Int64") for name in ("like", "love", "anger", "haha", "wow", "sorry", "total")]
    rows = [(0, 21, 7, 0, 3, 4, 1, 36), (1, 5, 2, 1, 0, 0, 0, 8), (2, NA, NA, NA, NA, NA, NA, NA)]
    pd.testing.assert_frame_equal(posts_of("facebook").ayr.reactions(wide=True), table_of("facebook", cells, rows))


def test_reactions_wide_total_is_na_without_a_total_in_the_api() -> None:
    kinds = ("like", "praise", "maybe", "empathy", "interest", "appreciation", "entertainment", "total")
    rows = [(0, 4, 3, 0, 1, 2, 6, NA, NA), (1, 1, 0, 1, 0, 0, 2, NA, NA)]
    expected = table_of("linkedin", [(kind, "Int64") for kind in kinds], rows)
    pd.testing.assert_frame_equal(posts_of("linkedin").ayr.reactions(wide=True), expected)


def test_reactions_of_two_platforms_have_the_kinds_of_both() -> None:
    both = pd.concat([posts_of("facebook"), posts_of("linkedin")], ignore_index=True)
    long = both.ayr.reactions()
    assert long.groupby("platform").size().to_dict() == {"facebook": 12, "linkedin": 12}
    wide = both.ayr.reactions(wide=True)
    assert set(wide.columns[4:]) == {
        *("like", "love", "anger", "haha", "wow", "sorry"),
        *("praise", "maybe", "empathy", "interest", "appreciation", "entertainment"),
        "total",
    }
    assert wide["platform"].tolist() == ["facebook"] * 3 + ["linkedin"] * 2
    assert wide["love"].tolist() == [7, 2, pd.NA, pd.NA, pd.NA]
    assert wide["praise"].tolist() == [pd.NA, pd.NA, pd.NA, 3, 0]


FIRST, SECOND = "7_1748650001112223334", "7_1749270000111122223"
PLAYBACK = ["view_count", *(f"playback_{share}_count" for share in (0, 25, 50, 75, 100))]


def test_media_metrics_has_one_row_per_number() -> None:
    metrics = posts_of("twitter").ayr.media_metrics()
    assert [(name, str(dtype)) for name, dtype in metrics.dtypes.items()] == [
        *KEY,
        ("media_key", "str"),
        ("scope", "str"),
        ("metric", "str"),
        ("value", "Int64"),
    ]
    assert set(metrics["id"]) == {"1749273645546826853"}
    assert set(metrics["media_key"]) == {SECOND}
    assert len(metrics) == 12
    assert metrics.set_index(["scope", "metric"])["value"].to_dict() == {
        ("public", "view_count"): 66,
        ("non_public", "playback_0_count"): 77,
        ("non_public", "playback_25_count"): 31,
        ("non_public", "playback_50_count"): 14,
        ("non_public", "playback_75_count"): 8,
        ("non_public", "playback_100_count"): 5,
        ("organic", "view_count"): 60,
        ("organic", "playback_0_count"): 70,
        ("organic", "playback_25_count"): 30,
        ("organic", "playback_50_count"): 13,
        ("organic", "playback_75_count"): 7,
        ("organic", "playback_100_count"): 4,
    }


def test_media_metrics_wide_has_one_row_per_medium_and_scope() -> None:
    wide = posts_of("twitter").ayr.media_metrics(wide=True)
    assert [(name, str(dtype)) for name, dtype in wide.dtypes.items()] == [
        *KEY,
        ("media_key", "str"),
        ("scope", "str"),
        *((metric, "Int64") for metric in PLAYBACK),
    ]
    rows = {row[0]: list(row[1:]) for row in wide[["scope", *PLAYBACK]].itertuples(index=False, name=None)}
    assert rows == {
        "public": [66, pd.NA, pd.NA, pd.NA, pd.NA, pd.NA],
        "non_public": [pd.NA, 77, 31, 14, 8, 5],
        "organic": [60, 70, 30, 13, 7, 4],
    }
    assert set(wide["media_key"]) == {SECOND}


def test_wide_raises_for_a_table_without_wide_format() -> None:
    with pytest.raises((TypeError, ValueError)):
        posts_of("tiktok").ayr.expand("impression_sources", wide=True)


def test_audience_cities_docstring_explains_the_division_by_100() -> None:
    assert "100" in posts_of("tiktok").ayr.audience_cities.__doc__


def test_audience_cities_that_sum_to_one_or_less_warn() -> None:
    posts = ayr.from_posts(
        [{"id": "7376767676767676762", "audienceCities": [{"city_name": "DE Jena", "percentage": 0.5}]}],
        platform="tiktok",
    )
    with pytest.warns(ayr.DataWarning, match="7376767676767676762"):
        cities = posts.ayr.audience_cities()
    assert cities["fraction"].tolist() == [0.005]


@pytest.mark.parametrize("platform", EXPECTED)
def test_expansions_lists_name_platforms_source_row_and_posts(platform: str) -> None:
    overview = posts_of(platform).ayr.expansions()
    assert list(overview.columns) == ["name", "platforms", "source", "row", "posts"]
    assert overview["platforms"].eq(platform).all()
    assert overview["source"].isin([name for name, _, _ in EXPECTED[platform]]).all()
    assert overview["row"].str.len().gt(0).all()


@pytest.mark.parametrize(
    ("platform", "name", "source", "count"),
    [
        ("facebook", "liked_by", "liked_by", 1),
        ("facebook", "properties", "properties", 1),
        ("linkedin", "reactions", "reactions", 2),
        ("linkedin", "comment_urns", "comment_urns", 1),
        ("tiktok", "impression_sources", "impression_sources", 1),
        ("twitter", "referenced_tweets", "referenced_tweets", 1),
        ("twitter", "urls", "urls", 2),
        ("twitter", "edit_history", "edit_history_tweet_ids", 1),
        ("bluesky", "extra", "extra", 0),
    ],
)
def test_expansions_counts_the_posts(platform: str, name: str, source: str, count: int) -> None:
    row = posts_of(platform).ayr.expansions().set_index("name").loc[name]
    assert (row["source"], row["posts"]) == (source, count)


@pytest.mark.parametrize("platform", EXPECTED)
def test_platform_is_detected_from_documented_posts(platform: str) -> None:
    pd.testing.assert_frame_equal(ayr.read_json(FIXTURES / f"{platform}.json"), posts_of(platform))


# Cells of `media` that the documented examples do not contain.
@pytest.mark.parametrize(
    ("platform", "post", "row"),
    [
        (
            "facebook",
            {"mediaUrls": [{"mediaType": "photo", "media": {"image": {"src": "s", "height": 1, "width": 2}}}]},
            (0, NA, "image", "s", NA, 2, 1, NA),
        ),
        ("facebook", {"mediaUrls": [{"mediaType": "link", "url": "u"}]}, (0, NA, "link", NA, NA, NA, NA, NA)),
        ("facebook", {"mediaType": "video", "mediaId": "77"}, (0, "77", "video", NA, NA, NA, NA, NA)),
        ("instagram", {"mediaType": "VIDEO"}, (0, NA, "video", NA, NA, NA, NA, NA)),
        ("pinterest", {"mediaType": "video", "mediaUrl": "j"}, (0, NA, "video", NA, "j", NA, NA, NA)),
        ("pinterest", {"mediaType": "image", "mediaUrl": "j"}, (0, NA, "image", "j", NA, NA, NA, NA)),
        ("twitter", {"media": [{"type": "photo"}]}, (0, NA, "image", NA, NA, NA, NA, NA)),
        ("twitter", {"media": [{"type": "animated_gif"}]}, (0, NA, "gif", NA, NA, NA, NA, NA)),
        ("twitter", {"media": [{"type": "hologram"}]}, (0, NA, NA, NA, NA, NA, NA, NA)),
        ("tiktok", {"mediaType": "video"}, (0, NA, "video", NA, NA, NA, NA, NA)),
        ("threads", {"mediaType": "VIDEO", "mediaUrl": "v"}, (0, NA, "video", "v", NA, NA, NA, NA)),
        ("youtube", {"title": "a video without a still"}, (0, NA, "video", NA, NA, NA, NA, NA)),
    ],
)
def test_media_has_a_row_if_the_media_type_is_known(platform: str, post: dict[str, Any], row: tuple[Any]) -> None:
    media = ayr.from_posts([{"id": "1", **post}], platform=platform).ayr.media()
    expected = pd.DataFrame({name: series(dtype, [value]) for (name, dtype), value in zip(MEDIA, row, strict=True)})
    pd.testing.assert_frame_equal(media[[name for name, _ in MEDIA]], expected)


@pytest.mark.parametrize(
    ("platform", "post"),
    [
        ("instagram", {"post": "without a medium"}),
        ("instagram", {"mediaUrls": []}),
        ("facebook", {"post": "text only"}),
        ("threads", {"mediaType": "TEXT_POST"}),
        ("twitter", {"media": []}),
    ],
)
def test_media_has_no_row_for_a_post_without_media(platform: str, post: dict[str, Any]) -> None:
    assert len(ayr.from_posts([{"id": "1", **post}], platform=platform).ayr.media()) == 0


def test_invalid_element_is_na_and_in_drift() -> None:
    sources = [
        {"impression_source": "Search", "percentage": "many"},
        7,
        None,
        {},
        {"impression_source": "Follow", "percentage": 0.5},
    ]
    posts = ayr.from_posts([{"id": "1", "impressionSources": sources}], platform="tiktok")
    table = posts.ayr.impression_sources()
    assert table["impression_source"].tolist() == pytest.approx(
        ["Search", float("nan"), float("nan"), float("nan"), "Follow"], nan_ok=True
    )
    assert table["fraction"].tolist() == pytest.approx([float("nan")] * 4 + [0.5], nan_ok=True)
    drift = posts.ayr.drift().query("finding != 'never seen'")
    assert "impressionSources[].percentage" in set(drift["path"])
    assert "impressionSources[]" in set(drift["path"])


def test_undeclared_reactions_are_in_the_long_format_only() -> None:
    posts = ayr.from_posts([{"id": "1", "reactions": {"like": 1, "hug": 2}}], platform="linkedin")
    assert posts.ayr.reactions()[["reaction", "count"]].to_numpy().tolist() == [["like", 1], ["hug", 2]]
    assert posts.ayr.reactions()["label"].isna().tolist() == [False, True]
    assert "hug" not in posts.ayr.reactions(wide=True).columns


def test_extra_expansion_lists_field_value_and_reason() -> None:
    posts = ayr.from_posts(
        [{"id": "1", "saves": [1, {"a": " b"}], "likeCount": "many", "viewer": 3}, "just text"],
        platform="bluesky",
        validate=None,
    )
    extra = posts.ayr.extra()
    assert extra[["field", "value", "reason"]].set_index("field").loc[["saves", "likeCount", "viewer"]].to_dict(
        "index"
    ) == {
        "saves": {"value": '[1,{"a":" b"}]', "reason": "undeclared"},
        "likeCount": {"value": '"many"', "reason": "wrong type"},
        "viewer": {"value": "3", "reason": "not an object"},
    }
    assert (extra["value"].iloc[3], extra["reason"].iloc[3]) == ('"just text"', "not an object")
    assert len(extra) == 4
