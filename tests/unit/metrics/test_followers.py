"""Followers of a platform or of a profile, the denominator of `er_followers`."""

from __future__ import annotations

from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest

import ayrframe as ayr
import ayrframe.dask  # registers ddf.ayr


def posts_of(*profiles: str, platform: str = "instagram") -> pd.DataFrame:
    frames = [
        ayr.from_posts([{"id": str(number), "likeCount": 30}], platform=platform, profile=profile, as_of="2026-03-01")
        for number, profile in enumerate(profiles)
    ]
    return pd.concat(frames, ignore_index=True)


TWO_PROFILES = posts_of("bakery", "cafe")


@pytest.mark.parametrize(
    ("posts", "followers", "rates"),
    [
        (posts_of("bakery"), {"instagram": 300}, [0.1]),
        (posts_of("bakery"), {("instagram", "bakery"): 300}, [0.1]),
        (posts_of(""), {("instagram", ""): 300}, [0.1]),
        (TWO_PROFILES, {("instagram", "bakery"): 300, ("instagram", "cafe"): 60}, [0.1, 0.5]),
        (TWO_PROFILES, {("instagram", "cafe"): 60}, [None, 0.5]),
        (TWO_PROFILES, {"tiktok": 60}, [None, None]),
        (posts_of("bakery").iloc[:0], {("instagram", "cafe"): 60}, []),
        (posts_of("bakery", platform="bluesky"), {("bluesky", "bakery"): 0}, [None]),
    ],
)
def test_followers_by_profile(posts: pd.DataFrame, followers: Any, rates: list[float | None]) -> None:
    found = posts.ayr.metrics(followers=followers)["er_followers"]

    assert found.dtype == "float64"
    assert [None if pd.isna(rate) else rate for rate in found] == rates


@pytest.mark.parametrize(
    ("followers", "message"),
    [
        ({"instagram": 300}, r"posts of Instagram have 2 profiles.*\('instagram', 'bakery'\): \.\.\."),
        ({("instagram", "bakry"): 300}, r"profile 'bakry' of Instagram.*Did you mean 'bakery'\?"),
        ({("tiktok", "bakery"): 300}, "profile 'bakery' of TikTok, which has no posts"),
        ({("instagram", "bakery", "x"): 300}, "platforms or pairs of platform and profile"),
        ({3: 300}, "platforms or pairs of platform and profile"),
        ({("instagram", "bakery"): -1}, "must be a number of people"),
        ({("instagrm", "bakery"): 3}, r"Did you mean 'instagram'\?"),
    ],
)
def test_followers_invalid_raises(followers: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TWO_PROFILES.ayr.metrics(followers=followers)


def test_followers_of_one_profile_given_twice_raises() -> None:
    with pytest.raises(ValueError, match="two entries for 'twitter', profile 'bakery'"):
        posts_of("bakery", platform="twitter").ayr.metrics(followers={"x": 5, ("twitter", "bakery"): 5})


def test_followers_on_dask_equal_pandas() -> None:
    followers = {("instagram", "bakery"): 300, ("instagram", "cafe"): 60}
    partitions = dd.from_pandas(TWO_PROFILES, npartitions=2)

    found = partitions.ayr.metrics(followers=followers).compute(scheduler="sync")
    assert found["er_followers"].tolist() == [0.1, 0.5]
    with pytest.raises(ValueError, match="have 2 profiles"):
        partitions.ayr.metrics(followers={"instagram": 300})
    with pytest.raises(ValueError, match="Did you mean 'cafe'"):
        partitions.ayr.metrics(followers={("instagram", "cafes"): 3})


def test_engagement_parts_are_missing_where_the_sum_is_too_large() -> None:
    large = {"id": "1", "likeCount": 2**63 - 1, "commentsCount": 1}
    row = ayr.from_posts([large], platform="tiktok", as_of="2026-03-01").ayr.metrics().iloc[0]

    assert pd.isna(row["engagements"])
    assert pd.isna(row["engagement_parts"])
    assert row["likes"] == 2**63 - 1
