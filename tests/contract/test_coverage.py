"""Reasons for missing values, each on a post made for it, and counts that add up to the missing cells."""

from __future__ import annotations

import copy
import functools
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import ayrframe as ayr

PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
REASONS = {
    *("not in this endpoint", "older than 30 days", "too fresh", "personal account", "copyright"),
    *("retired by the network", "not this kind of media", "analytics skipped", "failed at the network"),
    *("wrong type", "not sent", "unknown", "not the account's own post", "not comparable", "withheld"),
    *("story expired", "older than 12 months", "not fetched"),
}
NOT_DECLARED = {"platform", "profile", "as_of", "read_at", "listed_from", "analytics_as_of", "analytics_error", "extra"}
CREATED, AS_OF = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"


def frame_of(platform: str, *posts: dict[str, Any], as_of: str = AS_OF) -> pd.DataFrame:
    return ayr.from_posts(list(posts), platform=platform, as_of=as_of, validate=None)


@functools.cache
def sample_frame(platform: str) -> pd.DataFrame:
    return ayr.load_sample(platform)


def reasons(platform: str, post: dict[str, Any], *, of: str = "metrics", as_of: str = AS_OF) -> dict[str, str]:
    """Return the reason for each missing column of a single post."""
    table = frame_of(platform, post, as_of=as_of).ayr.coverage(of=of)
    table = table[table["count"] > 0]
    assert table["column"].is_unique
    assert table["count"].eq(1).all()
    return dict(zip(table["column"], table["reason"], strict=True))


def missing_cells(frame: pd.DataFrame, of: str) -> dict[tuple[str, str], int]:
    """Count missing cells by platform and column, using only the catalog and the schema."""
    if of == "metrics":
        catalog = ayr.metric_catalog()
        has = catalog[catalog["status"] != "no such metric"]
        declared = {name: rows["metric"].tolist() for name, rows in has.groupby("platform")}
        cells = frame.ayr.metrics()
    else:
        declared = {name: [c for c in ayr.schema(name).columns if c not in NOT_DECLARED] for name in PLATFORMS}
        cells = frame
    return {
        (platform, column): count
        for platform in frame["platform"].unique()
        for column in declared.get(platform, [])
        if (count := int(cells.loc[cells["platform"] == platform, column].isna().sum()))
    }


def count_missing(coverage: pd.DataFrame) -> dict[tuple[str, str], int]:
    sums = coverage.groupby(["platform", "column"])["count"].sum()
    return {key: int(count) for key, count in sums.items() if count}


# ── Each reason ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("platform", "metrics"),
    [
        ("facebook", ["impressions"]),
        ("instagram", ["clicks", "impressions"]),
        ("linkedin", ["average_watch_time_s"]),
        ("twitter", ["views"]),
    ],
)
def test_coverage_of_metric_in_other_endpoint_is_not_in_this_endpoint(platform: str, metrics: list[str]) -> None:
    post = {"id": "1", "created": CREATED, "post": "Open until five", "likeCount": 3, "clicksUnique": 62}
    found = reasons(platform, post)
    assert {metric: found[metric] for metric in metrics} == dict.fromkeys(metrics, "not in this endpoint")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_coverage_of_metric_without_source_has_no_row(platform: str) -> None:
    catalog = ayr.metric_catalog().query("platform == @platform and status == 'no such metric'")
    assert not set(catalog["metric"]) & set(reasons(platform, {"id": "1", "created": CREATED}))


def x_post(created: str | None) -> dict[str, Any]:
    counts = ["likeCount", "replyCount", "retweetCount", "quoteCount", "bookmarkCount", "impressionCount"]
    return {"id": "1", "created": created, "post": "Open", "publicMetrics": dict.fromkeys(counts, 3)}


def test_coverage_of_private_x_metrics_after_30_days_is_older_than_30_days() -> None:
    post = x_post("2026-01-29T23:59:59Z")
    assert reasons("twitter", post)["clicks"] == "older than 30 days"
    columns = reasons("twitter", post, of="columns")
    private = [
        *("non_public_metrics_impression_count", "non_public_metrics_user_profile_clicks"),
        *("organic_metrics_like_count", "organic_metrics_reply_count", "organic_metrics_retweet_count"),
        *("organic_metrics_impression_count", "organic_metrics_user_profile_clicks"),
    ]
    assert {name: columns[name] for name in private} == dict.fromkeys(private, "older than 30 days")
    assert not {name for name in columns if name.startswith("public_metrics")}


@pytest.mark.parametrize("created", ["2026-01-30T00:00:00Z", "2026-02-28T00:00:00Z", None])
def test_coverage_of_private_x_metrics_within_30_days_is_unknown(created: str | None) -> None:
    columns = reasons("twitter", x_post(created), of="columns")
    assert columns["non_public_metrics_user_profile_clicks"] == "unknown"
    assert reasons("twitter", x_post(created))["clicks"] == "not fetched"


def test_coverage_of_public_x_metrics_after_30_days_is_not_sent() -> None:
    found = reasons("twitter", {"id": "1", "created": CREATED, "post": "Open"})
    assert found["likes"] == "not sent"
    assert found["clicks"] == "older than 30 days"


@pytest.mark.parametrize(
    ("created", "fresh"), [("2026-02-27T00:00:01Z", True), ("2026-02-27T00:00:00Z", False), (CREATED, False)]
)
def test_coverage_of_new_tiktok_post_is_too_fresh_within_48_hours(created: str, fresh: bool) -> None:
    found = reasons("tiktok", {"id": "1", "created": created, "post": "Scoring a loaf", "mediaType": "video"})
    late = ["likes", "comments", "shares", "views", "reach", "watch_time_s", "average_watch_time_s"]
    assert {metric: found[metric] == "too fresh" for metric in late} == dict.fromkeys(late, fresh)


@pytest.mark.parametrize(
    ("platform", "numbers", "metrics"),
    [
        (
            "threads",
            {"views": 1500, "likes": 61, "replies": 7, "reposts": 18, "quotes": 3},
            ["likes", "comments", "shares", "quotes", "views"],
        ),
        (
            "snapchat",
            {"views": 2100, "viewers": 1700, "replies": 12, "shares": 33, "viewTime": 64_500},
            ["comments", "shares", "views", "reach", "watch_time_s"],
        ),
    ],
)
@pytest.mark.parametrize(("created", "fresh"), [("2026-02-28T00:00:00Z", True), ("2026-02-20T00:00:00Z", False)])
def test_coverage_of_new_post_beside_older_ones_is_too_fresh(
    platform: str, numbers: dict[str, int], metrics: list[str], created: str, fresh: bool
) -> None:
    older, newer = {"id": "1", "created": CREATED, **numbers}, {"id": "2", "created": created, "post": "Open"}
    coverage = frame_of(platform, older, newer).ayr.coverage()
    found = dict(zip(coverage["column"], coverage["reason"], strict=True))
    assert {metric: found[metric] == "too fresh" for metric in metrics} == dict.fromkeys(metrics, fresh)


def test_coverage_of_new_bluesky_post_is_not_too_fresh() -> None:
    found = reasons("bluesky", {"id": "1", "created": AS_OF, "post": "Rye", "likeCount": 3})
    assert found == {"comments": "not sent", "shares": "not sent", "quotes": "not sent"}


PERSONAL = {
    "id": "urn:li:share:1",
    "created": CREATED,
    "post": "We are hiring a baker",
    "likeCount": 14,
    "commentCount": 6,
    "clickCount": 31,
    "reactions": {"like": 9, "praise": 3},
}


def test_coverage_of_linkedin_post_without_organization_metrics_is_personal_account() -> None:
    found = reasons("linkedin", PERSONAL)
    personal = ["shares", "impressions", "reach"]
    assert {metric: found[metric] for metric in personal} == dict.fromkeys(personal, "personal account")
    columns = reasons("linkedin", PERSONAL, of="columns")
    personal = ["share_count", "impression_count", "unique_impressions_count", "engagement"]
    assert {name: columns[name] for name in personal} == dict.fromkeys(personal, "personal account")


@pytest.mark.parametrize("sent", ["shareCount", "impressionCount", "uniqueImpressionsCount", "engagement"])
def test_coverage_of_linkedin_post_with_organization_metric_is_not_personal_account(sent: str) -> None:
    assert "personal account" not in reasons("linkedin", {**PERSONAL, sent: 0}).values()
    assert "personal account" not in reasons("linkedin", {**PERSONAL, sent: 0}, of="columns").values()


def test_coverage_of_linkedin_post_without_metrics_is_not_personal_account() -> None:
    found = reasons("linkedin", {"id": "urn:li:share:1", "created": CREATED, "post": "We are hiring"})
    assert "personal account" not in found.values()


def instagram(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "created": CREATED, "post": "Rolls", "likeCount": 88, "commentsCount": 6, **fields}


@pytest.mark.parametrize(("product", "kind"), [("FEED", "IMAGE"), ("FEED", "VIDEO"), ("REELS", "VIDEO")])
def test_coverage_of_instagram_post_without_media_url_is_copyright(product: str, kind: str) -> None:
    post = instagram(mediaProductType=product, mediaType=kind)
    assert reasons("instagram", post, of="columns")["media_url"] == "copyright"


def test_coverage_of_carousel_without_media_url_is_other_media() -> None:
    post = instagram(mediaProductType="FEED", mediaType="CAROUSEL_ALBUM", mediaUrls=[{"id": "2", "mediaUrl": "u"}])
    assert reasons("instagram", post, of="columns")["media_url"] == "not this kind of media"


@pytest.mark.parametrize(
    "column",
    ["plays_count", "ig_reels_avg_watch_time_count", "ig_reels_video_view_total_time_count", "tap_forward_count"],
)
def test_coverage_of_video_columns_of_image_is_other_media(column: str) -> None:
    picture = instagram(mediaProductType="FEED", mediaType="IMAGE", mediaUrl="u", created="2024-12-01T00:00:00Z")
    # Read before the platform retired plays, so that no other reason applies.
    found = reasons("instagram", picture, of="columns", as_of="2025-03-01T00:00:00Z")
    assert found[column] == "not this kind of media"


def test_coverage_of_zeros_of_facebook_story_is_other_media() -> None:
    story = {
        "id": "2704195865833540", "created": CREATED, "post": "", "statusType": "published",
        "mediaId": "2704195865833540", "postId": "2544350724092289", "mediaType": "video",
        "likeCount": 0, "commentsCount": 0, "sharesCount": 0, "mediaView": 0, "totalMediaViewUnique": 0,
        "reactions": {}, "reactionsByType": 0, "videoViews": 0, "videoViewTime": 0, "totalVideoViewTotalTime": 0,
    }  # fmt: skip
    found = reasons("facebook", story)
    metrics = ["likes", "reactions", "comments", "shares", "views", "reach", "watch_time_s"]
    assert {metric: found[metric] for metric in metrics} == dict.fromkeys(metrics, "not this kind of media")


@pytest.mark.parametrize(
    "column",
    [
        *("impressions_unique", "impressions_fan_unique", "impressions_fan_paid_unique"),
        *("impressions_organic_unique", "impressions_paid_unique"),
    ],
)
def test_coverage_of_facebook_impressions_since_june_2026_is_retired(column: str) -> None:
    post = {"id": "1", "created": "2025-09-01T00:00:00Z", "post": "Rye", "likeCount": 38, "statusType": "added_photos"}
    assert reasons("facebook", post, of="columns", as_of="2026-06-15T00:00:00Z")[column] == "retired by the network"
    assert reasons("facebook", post, of="columns", as_of="2026-06-14T23:59:59Z")[column] == "unknown"


@pytest.mark.parametrize(
    ("platform", "metrics"),
    [
        ("facebook", ["likes", "reactions", "comments", "shares", "views", "reach", "watch_time_s"]),
        ("instagram", ["likes", "comments", "shares", "saves", "views", "reach"]),
    ],
)
def test_coverage_of_post_with_only_id_is_analytics_skipped(platform: str, metrics: list[str]) -> None:
    found = reasons(platform, {"id": "208811740958066_915520165614271"})
    assert {metric: found[metric] for metric in metrics} == dict.fromkeys(metrics, "analytics skipped")
    columns = reasons(platform, {"id": "208811740958066_915520165614271"}, of="columns")
    assert columns["like_count"] == columns["comments_count"] == "analytics skipped"


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize("content", [{"created": CREATED, "post": "Rye"}, {}])
def test_coverage_of_post_with_metric_is_not_analytics_skipped(platform: str, content: dict[str, Any]) -> None:
    assert "analytics skipped" not in reasons(platform, {"id": "1", "commentsCount": 3, **content}).values()


@pytest.mark.parametrize("platform", sorted({*PLATFORMS} - {"facebook", "instagram"}))
def test_coverage_of_other_platforms_is_not_analytics_skipped(platform: str) -> None:
    assert "analytics skipped" not in reasons(platform, {"id": "1"}).values()
    assert "analytics skipped" not in reasons(platform, {"id": "1"}, of="columns").values()


@pytest.mark.parametrize(
    ("platform", "metrics"),
    [
        ("bluesky", ["likes", "comments", "shares", "quotes"]),
        ("facebook", ["likes", "reactions", "comments", "shares", "views", "reach", "watch_time_s"]),
        ("instagram", ["likes", "comments", "shares", "saves", "views", "reach"]),
        ("linkedin", ["likes", "reactions", "comments", "shares", "clicks", "impressions", "reach"]),
        ("tiktok", ["likes", "comments", "shares", "views", "reach", "watch_time_s"]),
        ("twitter", ["likes", "comments", "shares", "quotes", "saves", "impressions"]),
    ],
)
def test_coverage_of_error_record_is_failed_at_the_network(platform: str, metrics: list[str]) -> None:
    failed = {"id": "1", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    found = reasons(platform, failed)
    assert {metric: found[metric] for metric in metrics} == dict.fromkeys(metrics, "failed at the network")


@pytest.mark.parametrize(
    ("platform", "sent", "metric"),
    [
        ("bluesky", {"likeCount": -1}, "likes"),
        ("facebook", {"reactions": {"total": -1}}, "reactions"),
        ("linkedin", {"videoWatchTimeMs": -1}, "watch_time_s"),
        ("tiktok", {"commentsCount": -1}, "comments"),
        ("tiktok", {"averageTimeWatched": -1}, "average_watch_time_s"),
        ("twitter", {"publicMetrics": {"bookmarkCount": -1}}, "saves"),
    ],
)
def test_coverage_of_minus_one_is_withheld(platform: str, sent: dict[str, Any], metric: str) -> None:
    assert reasons(platform, {"id": "1", "created": CREATED, "post": "Rye", **sent})[metric] == "withheld"


@pytest.mark.parametrize(
    ("platform", "fields", "metric", "column"),
    [
        ("bluesky", {"likeCount": "many"}, "likes", "like_count"),
        ("tiktok", {"reach": 3.5}, "reach", "reach"),
        ("tiktok", {"averageTimeWatched": "long"}, "average_watch_time_s", "average_time_watched"),
        ("twitter", {"publicMetrics": {"likeCount": True}}, "likes", "public_metrics_like_count"),
        ("twitter", {"publicMetrics": 5}, "likes", "public_metrics_like_count"),
        ("linkedin", {"reactions": "many"}, "reactions", "reactions"),
    ],
)
def test_coverage_of_invalid_value_is_wrong_type(
    platform: str, fields: dict[str, Any], metric: str, column: str
) -> None:
    post = {"id": "1", "created": CREATED, "post": "Rye", **fields}
    assert reasons(platform, post)[metric] == "wrong type"
    assert reasons(platform, post, of="columns")[column] == "wrong type"


def test_coverage_of_unexplained_field_is_not_sent() -> None:
    post = {"id": "1", "created": CREATED, "post": "Rye", "likeCount": 41, "replyCount": 8, "repostCount": 13}
    assert reasons("bluesky", post) == {"quotes": "not sent"}
    assert reasons("bluesky", post, of="columns")["quote_count"] == "not sent"
    assert reasons("bluesky", {**post, "quoteCount": None}) == {"quotes": "not sent"}


@pytest.mark.parametrize("metric", ["reach", "watch_time_s", "average_watch_time_s"])
def test_coverage_of_unprovable_reason_is_unknown(metric: str) -> None:
    old = {"id": "1", "created": CREATED, "post": "Scoring", "videoViews": 697, "likeCount": 52, "mediaType": "video"}
    assert reasons("tiktok", old)[metric] == "unknown"


# ── The table ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("of", ["metrics", "columns"])
@pytest.mark.parametrize("platform", [*PLATFORMS, "all"])
def test_coverage_of_samples_adds_up_to_missing_cells(platform: str, of: str) -> None:
    frame = sample_frame(platform)
    coverage = frame.ayr.coverage(of=of)
    assert count_missing(coverage) == missing_cells(frame, of)
    assert set(coverage["reason"]) <= REASONS


@pytest.mark.parametrize("of", ["metrics", "columns"])
def test_coverage_has_one_row_per_platform_column_and_reason(of: str) -> None:
    coverage = sample_frame("all").ayr.coverage(of=of)
    assert coverage.dtypes.astype(str).to_dict() == {
        "platform": "str",
        "column": "str",
        "reason": "str",
        "count": "Int64",
    }
    assert list(coverage.columns) == ["platform", "column", "reason", "count"]
    assert isinstance(coverage.index, pd.RangeIndex)
    assert not coverage.duplicated(["platform", "column", "reason"]).any()
    assert coverage["platform"].unique().tolist() == [name for name in PLATFORMS if name in set(coverage["platform"])]


@pytest.mark.parametrize("of", ["metrics", "columns"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_coverage_of_empty_frame_is_empty(platform: str, of: str) -> None:
    coverage = frame_of(platform).ayr.coverage(of=of)
    assert len(coverage) == 0
    assert coverage.dtypes.astype(str).to_dict() == {
        "platform": "str",
        "column": "str",
        "reason": "str",
        "count": "Int64",
    }


def test_coverage_without_argument_is_of_metrics() -> None:
    frame = sample_frame("tiktok")
    pd.testing.assert_frame_equal(frame.ayr.coverage(), frame.ayr.coverage(of="metrics"))


def test_coverage_of_unknown_target_raises_and_lists_targets() -> None:
    with pytest.raises(ValueError, match=r"(?s)(?=.*metrics)(?=.*columns)"):
        sample_frame("tiktok").ayr.coverage(of="posts")


def test_coverage_of_same_reason_counts_cells_together() -> None:
    posts = [{"id": str(number), "created": CREATED, "post": "Rye", "likeCount": 1} for number in range(3)]
    posts.append({"id": "3", "created": CREATED, "post": "Rye", "likeCount": "many", "replyCount": 0})
    coverage = frame_of("bluesky", *posts).ayr.coverage()
    assert coverage.set_index(["column", "reason"])["count"].to_dict() == {
        ("likes", "wrong type"): 1,
        ("comments", "not sent"): 3,
        ("shares", "not sent"): 4,
        ("quotes", "not sent"): 4,
    }


def test_coverage_of_several_observations_counts_each() -> None:
    once, twice = (
        frame_of("bluesky", {"id": "1", "created": CREATED, "likeCount": 3, "replyCount": 1}, as_of=moment)
        for moment in ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")
    )
    coverage = pd.concat([once, twice], ignore_index=True).ayr.coverage()
    assert coverage.set_index("column")["count"].to_dict() == {"shares": 2, "quotes": 2}


def test_coverage_of_other_platforms_and_user_columns_has_no_row() -> None:
    frame = pd.concat(
        [
            frame_of("bluesky", {"id": "1", "created": CREATED, "likeCount": 3}),
            frame_of("tiktok", {"id": "2", "created": CREATED, "videoViews": 3}),
        ],
        ignore_index=True,
    ).assign(campaign=pd.NA)
    coverage = frame.ayr.coverage(of="columns")
    columns = {name: set(rows["column"]) for name, rows in coverage.groupby("platform")}
    assert "video_views" not in columns["bluesky"]
    assert "quote_count" not in columns["tiktok"]
    assert "campaign" not in columns["bluesky"] | columns["tiktok"]
    assert not (columns["bluesky"] | columns["tiktok"]) & NOT_DECLARED


# ── Damaged samples ─────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def sample(platform: str) -> tuple[dict[str, Any], ...]:
    return tuple(sample_frame(platform).ayr.to_posts())


REPLACEMENTS = st.sampled_from([..., ..., ..., ..., None, -1, 0, "many", {}, 3.5])


@st.composite
def damaged_posts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw sample posts of any platform with some fields, nested ones included, removed or replaced."""
    damaged = []
    for platform in draw(st.lists(st.sampled_from(PLATFORMS), min_size=1, max_size=5)):
        post = copy.deepcopy(draw(st.sampled_from(sample(platform))))
        inner = {f"{key}.{name}" for key, value in post.items() if isinstance(value, dict) for name in value}
        for path in draw(st.lists(st.sampled_from(sorted(inner | {*post})), max_size=8, unique=True)):
            key, _, name = path.partition(".")
            target, key = (post.get(key), name) if name else (post, key)
            value = copy.copy(draw(REPLACEMENTS))  # a shared `{}` could be inserted into itself
            if value is ... and isinstance(target, dict):
                target.pop(key, None)
            elif isinstance(target, dict):
                target[key] = value
        damaged.append({"platform": platform, **post})
    return damaged


@settings(max_examples=25, deadline=None)
@given(posts=damaged_posts(), of=st.sampled_from(["metrics", "columns"]))
def test_coverage_of_any_posts_adds_up_to_missing_cells(posts: list[dict[str, Any]], of: str) -> None:
    frame = ayr.from_posts(posts, as_of="2026-02-27T06:30:00Z", validate=None)
    coverage = frame.ayr.coverage(of=of)
    assert count_missing(coverage) == missing_cells(frame, of)
    assert set(coverage["reason"]) <= REASONS
