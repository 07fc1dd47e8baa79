"""Recompute the summary of all samples in SQL, written from docs/decisions.md and the platform pages, not from code."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

import ayrframe as ayr

DATA = Path(__file__).parents[2] / "data"

# The API fields of the platform pages in docs/platforms. YouTube and Pinterest have no metrics in this endpoint.
SOURCES = {
    "bluesky": {"likes": "likeCount", "comments": "replyCount", "shares": "repostCount", "quotes": "quoteCount"},
    "facebook": {
        "likes": "likeCount", "reactions": "reactions.total", "comments": "commentsCount", "shares": "sharesCount",
        "views": "mediaView", "reach": "totalMediaViewUnique", "watch_time_s": "totalVideoViewTotalTime / 1000",
        "average_watch_time_s": "totalVideoAvgTimeWatched / 1000",
    },
    "instagram": {
        "likes": "likeCount", "comments": "commentsCount", "shares": "sharesCount", "saves": "savedCount",
        "views": "viewsCount", "reach": "reachCount", "watch_time_s": "igReelsVideoViewTotalTimeCount / 1000",
        "average_watch_time_s": "igReelsAvgWatchTimeCount / 1000",
    },
    "linkedin": {
        "likes": "likeCount", "comments": "commentCount", "shares": "shareCount", "clicks": "clickCount",
        "views": "videoViews", "impressions": "impressionCount", "reach": "uniqueImpressionsCount",
        "watch_time_s": "videoWatchTimeMs / 1000",
    },
    "pinterest": {},
    "snapchat": {
        "comments": "replies", "shares": "shares", "views": "views", "reach": "viewers",
        "watch_time_s": "viewTime / 1000",
    },
    "threads": {"likes": "likes", "comments": "replies", "shares": "reposts", "quotes": "quotes", "views": "views"},
    "tiktok": {
        "likes": "likeCount", "comments": "commentsCount", "shares": "shareCount", "views": "videoViews",
        "reach": "reach", "watch_time_s": "totalTimeWatched / 1", "average_watch_time_s": "averageTimeWatched / 1",
    },
    "twitter": {
        "likes": "publicMetrics.likeCount", "comments": "publicMetrics.replyCount",
        "shares": "publicMetrics.retweetCount", "quotes": "publicMetrics.quoteCount",
        "saves": "publicMetrics.bookmarkCount", "impressions": "publicMetrics.impressionCount",
    },
    "youtube": {},
}  # fmt: skip
METRICS = [
    *("likes", "reactions", "comments", "shares", "quotes", "saves", "clicks", "views", "impressions", "reach"),
    *("watch_time_s", "average_watch_time_s"),
]
NOT_ADDITIVE = {"reach", "average_watch_time_s"}
DENOMINATORS = {"er_views": "views", "er_impressions": "impressions", "er_reach": "reach"}

# Whose numbers: all metrics of these posts are missing.
FOREIGN = {
    "twitter": r"""list_contains(post ->> '$.referencedTweets[*].type', 'retweeted')
        OR regexp_matches(coalesce(post ->> 'post', ''), '^RT @[A-Za-z0-9_]{1,15}: ')""",
    "threads": "post ->> 'mediaType' = 'REPOST_FACADE'",
    "facebook": "post ->> 'statusType' = 'wall_post' OR post ->> 'parentId' IS NOT NULL",
}
# Zeros that are not measurements.
FACEBOOK_STORY = "post ->> 'statusType' = 'published' OR list_distinct(post ->> '$.mediaUrls[*].type') = ['story']"
INSTAGRAM_STORY = "post ->> 'mediaProductType' = 'STORY'"


def number(platform: str, metric: str) -> str:
    """Return the SQL of a metric: a number that is not negative, of the account's own post."""
    if (platform, metric) == ("linkedin", "reactions"):  # the sum of the kinds
        kinds = "map_values(CAST(post -> 'reactions' AS MAP(VARCHAR, BIGINT)))"
        return f"CASE WHEN len({kinds}) > 0 THEN list_sum(list_filter({kinds}, lambda n: n >= 0)) END"
    if metric not in SOURCES[platform]:
        return "NULL"
    path, _, divisor = SOURCES[platform][metric].partition(" / ")
    value = f"TRY_CAST(post ->> '$.{path}' AS DOUBLE)"
    condition = f"{value} >= 0"
    if platform == "facebook":
        condition += f" AND NOT ({value} = 0 AND coalesce({FACEBOOK_STORY}, false))"
    if platform == "instagram" and metric in ("views", "reach"):
        condition += f" AND NOT ({value} = 0 AND coalesce({INSTAGRAM_STORY}, false))"
    if platform in FOREIGN:
        condition += f" AND NOT coalesce({FOREIGN[platform]}, false)"
    return f"CASE WHEN {condition} THEN {value} / {divisor or 1} END"


def metrics_sql(platform: str) -> str:
    columns = ", ".join(f"{number(platform, metric)} AS {metric}" for metric in METRICS)
    created = "coalesce(post ->> 'created', post ->> 'timestamp')"
    return f"""
        SELECT '{platform}' AS platform, CAST({created} AS TIMESTAMPTZ) AS created, {columns}
        FROM (SELECT unnest(posts) AS post FROM read_json('{DATA / platform}.json', columns={{posts: 'JSON[]'}}))
    """


def summary_sql(tz: str) -> str:
    """Return the summary by platform and month: each post once, nothing added across platforms."""
    parts = ["likes", "comments", "shares", "quotes"]
    engagements = f"""CASE WHEN coalesce({", ".join(parts)}) IS NOT NULL
        THEN {" + ".join(f"coalesce({part}, 0)" for part in parts)} END"""
    rates = ", ".join(
        f"CASE WHEN {name} > 0 THEN engagements / {name} END AS {rate}" for rate, name in DENOMINATORS.items()
    )
    rows = []
    for metric in [*METRICS, "engagements", *DENOMINATORS]:
        total = "NULL" if metric in NOT_ADDITIVE or metric in DENOMINATORS else f"sum({metric})"
        rate = "NULL"
        if metric in DENOMINATORS:
            sums = [f"sum({name}) FILTER ({metric} IS NOT NULL)" for name in ("engagements", DENOMINATORS[metric])]
            rate = " / ".join(sums)
        rows.append(f"""
            SELECT platform, month, '{metric}' AS metric, count(*) AS posts, count({metric}) AS posts_with,
                CAST({total} AS DOUBLE) AS sum, median({metric}) AS median, CAST({rate} AS DOUBLE) AS rate
            FROM rates GROUP BY platform, month
        """)
    return f"""
        WITH metrics AS ({" UNION ALL ".join(map(metrics_sql, SOURCES))}),
        months AS (
            SELECT *, strftime(timezone('{tz}', created), '%Y-%m') AS month, {engagements} AS engagements FROM metrics
        ),
        rates AS (SELECT *, {rates} FROM months)
        SELECT * FROM ({" UNION ALL ".join(rows)}) WHERE posts_with > 0 OR metric = 'engagements'
    """


@pytest.mark.parametrize("tz", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_summary_by_month_equals_sql(tz: str) -> None:
    found = ayr.load_sample().ayr.summary("month", tz=tz)
    keys = ["platform", "month", "metric"]
    with duckdb.connect() as database:
        expected = database.execute(summary_sql(tz)).df()
    expected = expected.astype(found.dtypes.to_dict()).sort_values(keys, ignore_index=True)
    found = found.sort_values(keys, ignore_index=True)
    assert len(found) > 800
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)
