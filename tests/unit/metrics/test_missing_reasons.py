"""Reasons that other posts of the frame can contradict, and numbers that mean something else."""

from __future__ import annotations

from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest

import ayrframe as ayr
import ayrframe.dask  # registers ddf.ayr

AS_OF = "2026-03-31T00:00:00Z"


def frame_of(platform: str, *posts: dict[str, Any], profile: str = "", as_of: str = AS_OF) -> pd.DataFrame:
    sent = [{"id": str(number), "created": "2026-03-01T00:00:00Z", **post} for number, post in enumerate(posts)]
    return ayr.from_posts(sent, platform=platform, profile=profile, as_of=as_of, validate=None)


def counts(posts: pd.DataFrame, column: str, of: Any = "metrics") -> dict[str, int]:
    """Return the number of missing values of a column by reason; on dask, each post is a partition."""
    partitions = dd.from_pandas(posts, npartitions=len(posts))
    table = posts.ayr.coverage(of=of)
    pd.testing.assert_frame_equal(partitions.ayr.coverage(of=of).compute(scheduler="sync"), table)
    rows = table[table["column"] == column]
    return dict(zip(rows["reason"], rows["count"], strict=True))


STORY = {"mediaProductType": "STORY", "mediaType": "IMAGE", "likeCount": 0}
FEED = {"mediaProductType": "FEED", "mediaType": "IMAGE", "likeCount": 0}


@pytest.mark.parametrize(
    ("created", "reason"),
    [
        ("2026-03-30T12:00:00Z", "too fresh"),
        ("2026-03-30T00:00:00Z", "too fresh"),
        ("2026-03-29T23:59:59Z", "story expired"),
        ("2026-03-29T12:00:00Z", "story expired"),
        ("2026-03-20T12:00:00Z", "story expired"),
    ],
)
def test_story_without_numbers_expires_after_24_hours(created: str, reason: str) -> None:
    posts = frame_of("instagram", STORY | {"created": created}, FEED | {"reachCount": 9, "savedCount": 1})
    assert counts(posts, "reach") == counts(posts, "reach_count", "columns") == {reason: 1}


def test_story_alone_in_the_frame_has_expired() -> None:
    assert counts(frame_of("instagram", STORY), "reach") == {"story expired": 1}


def test_story_with_a_late_number_contradicts_expiry() -> None:
    posts = frame_of("instagram", STORY, STORY | {"reachCount": 40}, FEED | {"savedCount": 1})
    assert counts(posts, "saves") == {"unknown": 2}
    assert counts(posts, "reach") == {"unknown": 1, "not sent": 1}


def test_feed_post_does_not_expire() -> None:
    assert counts(frame_of("instagram", FEED, FEED | {"reachCount": 9}), "reach") == {"not sent": 1}


LIKED = {"likeCount": 5, "commentCount": 1}
ORGANIZATION = {**LIKED, "shareCount": 1, "impressionCount": 100, "uniqueImpressionsCount": 80}


@pytest.mark.parametrize(
    ("created", "others", "reason"),
    [
        ("2025-01-01T00:00:00Z", [ORGANIZATION], "older than 12 months"),
        ("2025-03-29T23:59:59Z", [ORGANIZATION], "older than 12 months"),
        ("2025-03-30T00:00:00Z", [ORGANIZATION], "unknown"),  # 366 days old
        ("2025-03-31T00:00:00Z", [ORGANIZATION], "unknown"),
        ("2026-02-01T00:00:00Z", [ORGANIZATION], "unknown"),
        ("2026-02-01T00:00:00Z", [], "personal account"),
        ("2025-01-01T00:00:00Z", [], "older than 12 months"),
        ("2025-01-01T00:00:00Z", [ORGANIZATION | {"created": "2025-02-01T00:00:00Z"}], "unknown"),
    ],
)
def test_linkedin_post_without_impressions(created: str, others: list[dict[str, Any]], reason: str) -> None:
    assert counts(frame_of("linkedin", LIKED | {"created": created}, *others), "impressions") == {reason: 1}


def test_personal_account_is_judged_by_profile() -> None:
    page, person = frame_of("linkedin", LIKED, ORGANIZATION, profile="acme"), frame_of("linkedin", LIKED, profile="jo")
    posts = pd.concat([page, person], ignore_index=True)
    assert counts(posts, "impressions") == {"unknown": 1, "personal account": 1}


def test_old_x_post_with_a_private_number_contradicts_its_rule() -> None:
    old = {"created": "2026-02-01T00:00:00Z"}
    assert counts(frame_of("twitter", old), "organic_metrics_like_count", "columns") == {"older than 30 days": 1}
    posts = frame_of("twitter", old, old | {"nonPublicMetrics": {"impressionCount": 7}})
    assert counts(posts, "organic_metrics_like_count", "columns") == {"unknown": 2}


def test_retired_number_that_is_sent_contradicts_the_retirement() -> None:
    posts = [{"likeCount": 3}, {"likeCount": 4, "impressionsUnique": 50}]
    since = {"as_of": "2026-07-01T00:00:00Z"}
    assert counts(frame_of("facebook", posts[0], **since), "impressions_unique", "columns") == {
        "retired by the network": 1
    }
    assert counts(frame_of("facebook", *posts, **since), "impressions_unique", "columns") == {"unknown": 1}


@pytest.mark.parametrize("column", ["clicks_unique", "engaged_users", "negative_feedback", "negative_feedback_unique"])
def test_number_retired_on_an_unknown_day_is_unknown(column: str) -> None:
    assert counts(frame_of("facebook", {"likeCount": 3}), column, "columns") == {"unknown": 1}


def test_format_whose_number_is_sent_is_not_another_kind_of_media() -> None:
    image = FEED | {"created": "2025-01-01T00:00:00Z"}
    video = image | {"mediaType": "VIDEO"}
    reel = video | {"mediaProductType": "REELS", "playsCount": 8}
    read = {"as_of": "2025-03-01T00:00:00Z"}
    posts = frame_of("instagram", image, video, video | {"playsCount": 7}, reel, **read)
    assert counts(posts, "plays_count", "columns") == {"not this kind of media": 1, "not sent": 1}


def test_post_with_undeclared_fields_was_not_skipped() -> None:
    assert counts(frame_of("instagram", {"created": None, "like_count": 7}), "likes") == {"not sent": 1}
    assert counts(frame_of("instagram", {"created": None}), "likes") == {"analytics skipped": 1}


OTHER_NUMBERS = [
    ("facebook", "clicks", {"clicksUnique": 62}),
    ("instagram", "clicks", {"profileVisitsCount": 4}),
    ("twitter", "clicks", {"nonPublicMetrics": {"userProfileClicks": 13}}),
    ("twitter", "views", {"media": [{"type": "video", "publicMetrics": {"viewCount": 66}}]}),
]


@pytest.mark.parametrize(("platform", "metric", "sent"), OTHER_NUMBERS)
def test_number_that_means_something_else_is_not_comparable(platform: str, metric: str, sent: dict[str, Any]) -> None:
    posts = frame_of(platform, {"post": "Rye", **sent})
    assert posts.ayr.metrics()[metric].isna().all()
    assert counts(posts, metric) == {"not comparable": 1}
    entry = ayr.metric_catalog().set_index(["platform", "metric"]).loc[platform, metric]
    # Links of X have clicks of their own, which only post analytics sends.
    assert entry["status"] == ("in this endpoint" if (platform, metric) == ("twitter", "clicks") else "not comparable")
    assert isinstance(entry["note"], str)


@pytest.mark.parametrize(("platform", "metric", "sent"), OTHER_NUMBERS)
def test_post_without_the_other_number_is_never_not_in_this_endpoint(
    platform: str, metric: str, sent: dict[str, Any]
) -> None:
    found = counts(frame_of(platform, {"post": "Rye", **sent}, {"post": "Rolls"}), metric)
    assert found.pop("not comparable") == 1
    assert sum(found.values()) == 1
    assert "not in this endpoint" not in found


def test_x_views_of_image_are_not_this_kind_of_media() -> None:
    video = {"media": [{"type": "video", "publicMetrics": {"viewCount": 66}}]}
    image = {"media": [{"type": "photo"}]}
    assert counts(frame_of("twitter", video, image), "views") == {"not comparable": 1, "not this kind of media": 1}


@pytest.mark.parametrize("value", [-1, -7])
def test_negative_number_is_withheld(value: int) -> None:
    posts = frame_of("tiktok", {"commentsCount": value, "likeCount": 2})
    assert posts.ayr.metrics()["comments"].isna().all()
    assert counts(posts, "comments") == {"withheld": 1}
