"""Posts with the numbers of another account's post: reposts and posts by visitors of a page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

CREATED, AS_OF = "2026-03-20T00:00:00Z", "2026-03-31T00:00:00Z"
COUNTS = {"likeCount": 0, "replyCount": 0, "retweetCount": 40_000, "quoteCount": 0, "impressionCount": 0}
OWN_COUNTS = {"likeCount": 10, "replyCount": 1, "retweetCount": 2, "quoteCount": 0, "impressionCount": 500}


def metrics_of(platform: str, *posts: dict[str, Any]) -> pd.DataFrame:
    return frame_of(platform, *posts).ayr.metrics()


def frame_of(platform: str, *posts: dict[str, Any]) -> pd.DataFrame:
    sent = [{"id": str(number), "created": CREATED, **post} for number, post in enumerate(posts)]
    return ayr.from_posts(sent, platform=platform, as_of=AS_OF)


REFERENCE = {"post": "hi", "referencedTweets": [{"type": "retweeted", "id": "9"}], "publicMetrics": COUNTS}
FOREIGN = [
    pytest.param("twitter", REFERENCE, "repost", id="reference"),
    pytest.param("twitter", {"post": "RT @nasa: hi", "publicMetrics": COUNTS}, "repost", id="text"),
    pytest.param("twitter", {"post": "RT @A_b4567890123456: ", "publicMetrics": COUNTS}, None, id="name too long"),
    pytest.param("twitter", {"post": "rt @nasa: hi", "publicMetrics": COUNTS}, None, id="lower case"),
    pytest.param("twitter", {"post": "So: RT @nasa: hi", "publicMetrics": COUNTS}, None, id="inside the text"),
    pytest.param("twitter", {"post": "RT @nasa hi", "publicMetrics": COUNTS}, None, id="without colon"),
    pytest.param("threads", {"mediaType": "REPOST_FACADE", "isQuotePost": False, "likes": 7}, "repost", id="threads"),
    pytest.param("facebook", {"statusType": "wall_post", "likeCount": 7, "commentsCount": 1}, "visitor", id="visitor"),
    pytest.param("facebook", {"parentId": "1_2", "likeCount": 7, "sharesCount": 1}, "repost", id="facebook"),
]


@pytest.mark.parametrize(("platform", "post", "kind"), FOREIGN)
def test_metrics_of_foreign_post_are_missing(platform: str, post: dict[str, Any], kind: str | None) -> None:
    row = metrics_of(platform, post).iloc[0]

    if kind is None:
        assert row["kind"] == "own"
        assert row["shares"] == 40_000
    else:
        assert row["kind"] == kind
        numbers = row[["likes", "comments", "shares", "quotes", "views", "impressions", "engagements"]]
        assert numbers.isna().all()
        assert pd.isna(row["engagement_parts"])
        assert pd.isna(row["er_impressions"])


@pytest.mark.parametrize(
    ("types", "kind"), [(["replied_to"], "reply"), (["quoted"], "quote"), (["replied_to", "quoted"], "reply")]
)
def test_metrics_of_reply_and_quote_are_kept(types: list[str], kind: str) -> None:
    references = [{"type": name, "id": "9"} for name in types]
    row = metrics_of("twitter", {"post": "hi", "referencedTweets": references, "publicMetrics": OWN_COUNTS}).iloc[0]

    assert (row["kind"], row["likes"], row["engagements"]) == (kind, 10, 13)


def test_tables_use_own_numbers_only() -> None:
    posts = frame_of("twitter", {"post": "mine", "publicMetrics": OWN_COUNTS}, REFERENCE)
    summary = posts.ayr.summary().set_index("metric")

    assert summary.loc["shares", "sum"] == 2
    assert summary.loc["engagements", ["posts", "posts_with", "sum"]].tolist() == [2, 1, 13]
    assert summary.loc["impressions", "median"] == 500
    assert posts.ayr.top_posts()["id"].tolist()[0] == "0"


@pytest.mark.parametrize(("platform", "post", "kind"), [case for case in FOREIGN if case.values[2]])
def test_coverage_of_foreign_post_is_not_own_post(platform: str, post: dict[str, Any], kind: str) -> None:
    coverage = frame_of(platform, post).ayr.coverage().set_index("column")["reason"]

    assert coverage["likes"] == coverage["shares"] == coverage["comments"] == "not the account's own post"


def test_coverage_of_private_columns_of_repost_is_not_own_post() -> None:
    coverage = frame_of("twitter", REFERENCE).ayr.coverage(of="columns").set_index("column")["reason"]

    assert coverage["non_public_metrics_impression_count"] == "not the account's own post"
    assert coverage["source"] == "not sent"
