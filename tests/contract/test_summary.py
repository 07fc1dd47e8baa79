"""Sums, medians and rates by group and period, compared with hand-computed values."""

from __future__ import annotations

import copy
import functools
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
ROWS = [*METRICS, "engagements", *RATES]
GROUPS = ["platform", "profile", "format", "kind", "day", "week", "month", "quarter", "year"]
TIME = "datetime64[us, UTC]"
AS_OF = "2026-03-31T00:00:00Z"
END_OF_MARCH = "2026-04-01T00:00:00Z"
SUMMARY = {"metric": "str", "posts": "Int64", "posts_with": "Int64"} | dict.fromkeys(
    ["sum", "median", "rate"], "float64"
)


def frame_of(platform: str, *posts: dict[str, Any], as_of: str = AS_OF, profile: str = "") -> pd.DataFrame:
    numbered = [{"id": str(number), **post} for number, post in enumerate(posts)]
    return ayr.from_posts(numbered, platform=platform, as_of=as_of, profile=profile, validate=None)


def concat(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def make_post(created: str, **counts: Any) -> dict[str, Any]:
    return {"created": f"{created}T00:00:00Z", **counts}


def row(table: pd.DataFrame, **conditions: Any) -> dict[str, Any]:
    """Return the only row that meets all conditions, with None for NA."""
    for name, value in conditions.items():
        table = table[table[name].isna() if value is None else table[name] == value]
    assert len(table) == 1
    return {name: None if pd.isna(value) else value for name, value in table.iloc[0].items()}


def numbers(table: pd.DataFrame, **conditions: Any) -> list[Any]:
    found = row(table, **conditions)
    return [found[name] for name in ("posts", "posts_with", "sum", "median", "rate")]


def near(*values: float | None) -> list[Any]:
    """Return expected values: numbers compare approximately, None only equals None."""
    return [None if value is None else pytest.approx(value, rel=1e-12, abs=1e-12) for value in values]


# Three TikTok posts, each with missing fields.
FEBRUARY_10 = {
    "created": "2026-02-10T08:00:00Z", "likeCount": 10, "commentsCount": 2, "shareCount": 1,
    "videoViews": 100, "reach": 80, "totalTimeWatched": 50, "averageTimeWatched": 2.0,
}  # fmt: skip
FEBRUARY_20 = {
    "created": "2026-02-20T08:00:00Z", "likeCount": 30, "shareCount": 5, "videoViews": 400, "averageTimeWatched": 4.0,
}  # fmt: skip
MARCH_5 = {
    "created": "2026-03-05T08:00:00Z", "likeCount": 20, "commentsCount": 4, "reach": 200, "averageTimeWatched": 9.0,
}  # fmt: skip
THREE = (FEBRUARY_10, FEBRUARY_20, MARCH_5)


# ── summary ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def summary_of_three() -> pd.DataFrame:
    return frame_of("tiktok", *THREE).ayr.summary()


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("likes", near(3, 3, 60, 20, None)),
        ("comments", near(3, 2, 6, 3, None)),
        ("shares", near(3, 2, 6, 3, None)),
        ("views", near(3, 2, 500, 250, None)),
        # Reach is not additive: the same people may have seen several posts.
        ("reach", near(3, 2, None, 140, None)),
        ("watch_time_s", near(3, 1, 50, 50, None)),
        ("average_watch_time_s", near(3, 3, None, 4, None)),
        ("engagements", near(3, 3, 72, 24, None)),
        # Rate (13 + 35) / (100 + 400), median of 0.13 and 0.0875.
        ("er_views", near(3, 2, None, 0.10875, 0.096)),
        # Rate (13 + 24) / (80 + 200), median of 0.1625 and 0.12.
        ("er_reach", near(3, 2, None, 0.14125, 37 / 280)),
    ],
)
def test_summary_of_three_posts_equals_hand_computed_values(metric: str, expected: Any) -> None:
    assert numbers(summary_of_three(), platform="tiktok", metric=metric) == expected


def test_summary_of_metric_without_values_is_na() -> None:
    frame = frame_of("tiktok", {"created": "2026-02-10T08:00:00Z"}, {"likeCount": -1})
    assert frame.ayr.summary()["metric"].tolist() == ["engagements"]
    table = frame.ayr.summary(dropna=False)
    for metric in ("likes", "comments", "views", "engagements", "reach", "er_views"):
        assert numbers(table, metric=metric) == [2, 0, None, None, None]
    assert table["sum"].isna().all()


def test_summary_adds_up_own_columns() -> None:
    posts = two_months().assign(cost=[1.0, 2.5, None, 6.0])
    assert numbers(posts.ayr.summary(metric="cost"), metric="cost") == [4, 3, 9.5, 2.5, None]


def test_summary_of_zeros_is_zero() -> None:
    table = frame_of("tiktok", {"likeCount": 0}, {"likeCount": 0}, {}).ayr.summary()
    assert numbers(table, metric="likes") == [3, 2, 0, 0, None]


def test_summary_rate_uses_posts_with_both_numbers() -> None:
    posts = [{"likeCount": 10, "videoViews": 100}, {"videoViews": 900}, {"likeCount": 70}]
    table = frame_of("tiktok", *posts).ayr.summary()
    assert numbers(table, metric="er_views") == near(3, 1, None, 0.1, 0.1)
    assert numbers(table, metric="views") == near(3, 2, 1000, 500, None)


def test_summary_rate_over_zero_is_na() -> None:
    found = row(frame_of("tiktok", {"likeCount": 10, "videoViews": 0}).ayr.summary(dropna=False), metric="er_views")
    assert (found["sum"], found["median"], found["rate"]) == (None, None, None)


def test_summary_of_sum_beyond_64_bits_is_positive() -> None:
    largest = 2**63 - 1
    frame = frame_of("bluesky", make_post("2026-03-01", likeCount=largest), make_post("2026-03-02", likeCount=largest))
    assert numbers(frame.ayr.summary(), metric="likes") == near(2, 2, 2.0**64, 2.0**63, None)
    assert row(frame.ayr.compare(at="2026-03"), metric="likes")["this"] == pytest.approx(2.0**64)


def test_summary_has_documented_dtypes() -> None:
    table = frame_of("tiktok", *THREE).ayr.summary()
    assert list(table.columns) == ["platform", *SUMMARY]
    assert table.dtypes.astype(str).to_dict() == {"platform": "str", **SUMMARY}
    assert isinstance(table.index, pd.RangeIndex)
    assert table["metric"].tolist() == [name for name in ROWS if name in set(table["metric"])]


@pytest.mark.parametrize("by", ["platform", "month", ["platform", "format"], ["profile", "kind"], GROUPS])
def test_summary_of_empty_frame_is_empty_with_same_columns(by: Any) -> None:
    full, empty = frame_of("tiktok", *THREE).ayr.summary(by), frame_of("tiktok").ayr.summary(by)
    assert len(empty) == 0
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)


@pytest.mark.parametrize("by", GROUPS)
def test_summary_by_any_group_includes_platform(by: str) -> None:
    created = {"created": "2026-02-10T08:00:00Z"}
    frame = concat(
        frame_of("tiktok", {**created, "likeCount": 10, "videoViews": 100, "mediaType": "video"}),
        frame_of("instagram", {**created, "likeCount": 7, "mediaType": "VIDEO", "mediaProductType": "FEED"}),
        frame_of("twitter", {**created, "publicMetrics": {"likeCount": 5}}),
    )
    table = frame.ayr.summary(by)
    assert list(table.columns) == [*dict.fromkeys(["platform", by]), *SUMMARY]
    likes = table[table["metric"] == "likes"]
    assert sorted(likes[["platform", "posts", "sum"]].to_numpy().tolist()) == [
        ["instagram", 1, 7.0],
        ["tiktok", 1, 10.0],
        ["twitter", 1, 5.0],
    ]


def test_summary_by_month_splits_posts() -> None:
    table = frame_of("tiktok", *THREE).ayr.summary("month", dropna=False)
    assert numbers(table, month="2026-02", metric="likes") == near(2, 2, 40, 20, None)
    assert numbers(table, month="2026-02", metric="er_views") == near(2, 2, None, 0.10875, 0.096)
    assert numbers(table, month="2026-03", metric="likes") == near(1, 1, 20, 20, None)
    assert numbers(table, month="2026-03", metric="views") == [1, 0, None, None, None]
    assert table["month"].unique().tolist() == ["2026-02", "2026-03"]


def test_summary_by_list_splits_by_all_groups() -> None:
    frame = frame_of(
        "instagram",
        {"created": "2026-02-10T08:00:00Z", "mediaProductType": "FEED", "mediaType": "IMAGE", "likeCount": 1},
        {"created": "2026-02-11T08:00:00Z", "mediaProductType": "REELS", "mediaType": "VIDEO", "likeCount": 20},
        {"created": "2026-03-11T08:00:00Z", "mediaProductType": "REELS", "mediaType": "VIDEO", "likeCount": 300},
        {"created": "2026-03-12T08:00:00Z", "mediaProductType": "REELS", "mediaType": "VIDEO", "likeCount": 4000},
    )
    table = frame.ayr.summary(["platform", "format", "month"])
    assert list(table.columns) == ["platform", "format", "month", *SUMMARY]
    assert numbers(table, format="image", month="2026-02", metric="likes") == near(1, 1, 1, 1, None)
    assert numbers(table, format="reel", month="2026-02", metric="likes") == near(1, 1, 20, 20, None)
    assert numbers(table, format="reel", month="2026-03", metric="likes") == near(2, 2, 4300, 2150, None)
    assert set(frame.ayr.summary(["format", "month"]).columns) == set(table.columns)


def test_summary_by_kind_and_profile_splits_posts() -> None:
    quote = {"referencedTweets": [{"type": "quoted", "id": "9"}]}
    frame = concat(
        frame_of(
            "twitter",
            make_post("2026-02-10", publicMetrics={"likeCount": 3}, **quote),
            make_post("2026-02-11", publicMetrics={"likeCount": 50}),
            profile="bakery",
        ),
        frame_of("twitter", {"id": "9"} | make_post("2026-02-12", publicMetrics={"likeCount": 700}), profile="cafe"),
    )
    kinds = frame.ayr.summary("kind")
    assert numbers(kinds, kind="quote", metric="likes") == near(1, 1, 3, 3, None)
    assert numbers(kinds, kind="own", metric="likes") == near(2, 2, 750, 375, None)
    profiles = frame.ayr.summary("profile")
    assert numbers(profiles, profile="bakery", metric="likes") == near(2, 2, 53, 26.5, None)
    assert numbers(profiles, profile="cafe", metric="likes") == near(1, 1, 700, 700, None)


def test_summary_of_unknown_format_or_time_has_own_group() -> None:
    frame = frame_of("linkedin", {"likeCount": 3, "created": "2026-02-10T08:00:00Z"}, {"likeCount": 4})
    assert numbers(frame.ayr.summary("format"), format=None, metric="likes") == near(2, 2, 7, 3.5, None)
    assert numbers(frame.ayr.summary("month"), month=None, metric="likes") == near(1, 1, 4, 4, None)


@pytest.mark.parametrize(
    ("created", "by", "tz", "label"),
    [
        ("2026-03-01T12:00:00Z", "day", None, "2026-03-01"),
        ("2026-03-01T12:00:00Z", "week", None, "2026-W09"),
        ("2026-03-01T12:00:00Z", "month", None, "2026-03"),
        ("2026-02-28T23:30:00Z", "day", None, "2026-02-28"),
        ("2026-02-28T23:30:00Z", "day", "UTC", "2026-02-28"),
        ("2026-02-28T23:30:00Z", "day", "Europe/Berlin", "2026-03-01"),
        ("2026-02-28T23:30:00Z", "month", None, "2026-02"),
        ("2026-02-28T23:30:00Z", "month", "Europe/Berlin", "2026-03"),
        ("2026-03-01T04:59:59Z", "month", "America/New_York", "2026-02"),
        ("2026-03-01T23:30:00Z", "week", None, "2026-W09"),
        ("2026-03-01T23:30:00Z", "week", "Europe/Berlin", "2026-W10"),
        # Weeks and their years follow ISO 8601.
        ("2021-01-03T12:00:00Z", "week", None, "2020-W53"),
        ("2025-12-29T12:00:00Z", "week", None, "2026-W01"),
    ],
)
def test_summary_with_tz_uses_local_periods(created: str, by: str, tz: str | None, label: str) -> None:
    table = frame_of("bluesky", {"created": created, "likeCount": 3}).ayr.summary(by, tz=tz)
    assert table[by].unique().tolist() == [label]
    assert table[by].dtype == "str"


def test_summary_of_several_observations_uses_latest() -> None:
    older = frame_of("tiktok", {**FEBRUARY_10, "likeCount": 1}, FEBRUARY_20, as_of="2026-02-21T00:00:00Z")
    newer = frame_of("tiktok", FEBRUARY_10, as_of="2026-02-28T00:00:00Z")
    for frame in (concat(older, newer), concat(newer, older)):
        assert numbers(frame.ayr.summary(), metric="likes") == near(2, 2, 40, 20, None)


@pytest.mark.parametrize("by", ["years", "likes", ["platform", "weekday"], "", "created"])
def test_summary_by_unknown_group_raises_and_lists_groups(by: Any) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        frame_of("tiktok", *THREE).ayr.summary(by)
    assert all(name in str(caught.value) for name in GROUPS)


@pytest.mark.parametrize("call", ["summary", "timeline", "compare"])
def test_unknown_time_zone_raises_and_names_it(call: str) -> None:
    with pytest.raises(ValueError, match="Mars/Olympus"):
        getattr(frame_of("tiktok", *THREE).ayr, call)(tz="Mars/Olympus")


# ── compare ─────────────────────────────────────────────────────────────────────────────────────────────────────────

COMPARED = {
    "platform": "str", "metric": "str", "statistic": "str",
    "before": "float64", "this": "float64", "change": "float64", "period_before": "str", "period_this": "str",
    "complete_before": "boolean", "complete_this": "boolean",
    "posts_with_before": "Int64", "posts_with_this": "Int64",
    "mean_age_days_before": "float64", "mean_age_days_this": "float64", "note": "str",
}  # fmt: skip


def two_months() -> pd.DataFrame:
    return frame_of(
        "tiktok",
        make_post("2026-02-01", likeCount=10, commentsCount=0, videoViews=100, reach=50),
        make_post("2026-02-11", likeCount=30, commentsCount=0, videoViews=300, reach=150),
        make_post("2026-03-01", likeCount=25, commentsCount=1, shareCount=4, videoViews=200, reach=160),
        make_post("2026-03-21", likeCount=35, commentsCount=3, videoViews=600, reach=240),
        as_of=END_OF_MARCH,
    )


@functools.cache
def months_compared() -> pd.DataFrame:
    return two_months().ayr.compare()


@pytest.mark.parametrize(
    ("metric", "statistic", "before", "this", "change"),
    [
        ("posts", "count", 2, 2, 0),
        ("likes", "sum", 40, 60, 0.5),
        ("views", "sum", 400, 800, 1),
        # Without shares, which no post of February has.
        ("engagements", "sum", 40, 64, 0.6),
        ("reach", "median", 100, 200, 1),
        # 40 / 400 and 64 / 800.
        ("er_views", "rate", 0.1, 0.08, -0.2),
        # No change from 0 or from a missing value.
        ("comments", "sum", 0, 4, None),
        ("shares", "sum", None, 4, None),
    ],
)
def test_compare_of_two_months_gives_both_values_and_change(
    metric: str, statistic: str, before: float | None, this: float, change: float | None
) -> None:
    found = row(months_compared(), platform="tiktok", metric=metric)
    assert found["statistic"] == statistic
    assert [found["before"], found["this"], found["change"]] == near(before, this, change)
    assert (found["period_before"], found["period_this"]) == ("2026-02", "2026-03")
    # Published 59 and 49 days, and 31 and 11 days before `as_of`.
    assert (found["mean_age_days_before"], found["mean_age_days_this"]) == (54, 21)
    assert (found["complete_before"], found["complete_this"]) == (True, True)
    assert found["note"] == ("fewer parts" if metric in ("engagements", "er_views") else None)


def test_compare_leaves_out_posts_dated_after_they_were_read() -> None:
    later = frame_of("tiktok", make_post("2026-03-31", likeCount=1000), as_of="2026-03-30T00:00:00Z")
    posts = concat(two_months(), later.assign(id="later", read_at=pd.Timestamp(END_OF_MARCH)))
    with pytest.warns(ayr.DataWarning, match=r"1 post.* dated after their numbers were read"):
        table = posts.ayr.compare()
    assert numbers_of(table, "posts") == [2, 2]
    assert numbers_of(table, "likes") == [40, 60]


def test_compare_without_reading_times_has_no_periods_and_no_note() -> None:
    never = pd.Series(pd.NaT, index=range(4), dtype=TIME)
    table = two_months().assign(as_of=never, read_at=never).ayr.compare(metric="likes")
    columns = ["before", "this", "period_before", "period_this", "complete_before", "complete_this", "note"]
    assert table["metric"].tolist() == ["posts", "likes"]
    assert table[columns].isna().all(axis=None)


def numbers_of(table: pd.DataFrame, metric: str) -> list[Any]:
    return [row(table, metric=metric)[side] for side in ("before", "this")]


def test_compare_adds_up_own_columns() -> None:
    table = two_months().assign(cost=[1.0, 2.5, 4.0, 6.0]).ayr.compare(metric=["cost"])
    assert (row(table, metric="cost")["statistic"], numbers_of(table, "cost")) == ("sum", [3.5, 10.0])


def test_compare_counts_posts_with_value() -> None:
    table = two_months().ayr.compare()
    rows = {metric: row(table, metric=metric) for metric in ("likes", "shares", "er_views")}
    assert {name: (found["posts_with_before"], found["posts_with_this"]) for name, found in rows.items()} == {
        "likes": (2, 2),
        "shares": (0, 1),
        "er_views": (2, 2),
    }


def test_compare_has_documented_dtypes() -> None:
    for frame in (two_months(), frame_of("tiktok"), frame_of("tiktok", make_post("2026-03-01", likeCount=1))):
        table = frame.ayr.compare()
        assert list(table.columns) == list(COMPARED)
        assert table.dtypes.astype(str).to_dict() == COMPARED
    assert len(frame_of("tiktok").ayr.compare()) == 0


def test_compare_of_fall_to_zero_is_minus_one() -> None:
    frame = frame_of("bluesky", make_post("2026-02-01", likeCount=8), make_post("2026-03-01", likeCount=0))
    found = row(frame.ayr.compare(at="2026-03"), metric="likes")
    assert [found["before"], found["this"], found["change"]] == [8, 0, -1]


@pytest.mark.parametrize(
    ("before", "this", "noted"),
    [
        (["2026-02-01", "2026-02-11"], ["2026-03-27", "2026-03-29"], True),
        # Mean ages 32.5 and 13.5 days: the older posts are more than twice as old.
        (["2026-02-27", "2026-02-28"], ["2026-03-18", "2026-03-19"], True),
        # Exactly 14 days are old enough.
        (["2026-02-01"], ["2026-03-18"], False),
        (["2026-02-01"], ["2026-03-01"], False),
    ],
)
def test_compare_of_young_posts_has_note(before: list[str], this: list[str], noted: bool) -> None:
    posts = [make_post(day, likeCount=3) for day in [*before, *this]]
    table = frame_of("bluesky", *posts, as_of=END_OF_MARCH).ayr.compare()
    assert ("younger posts" in (row(table, metric="likes")["note"] or "")) is noted
    assert "younger posts" not in (row(table, metric="posts")["note"] or "")


@pytest.mark.parametrize(("before", "noted"), [("2026-03-03", True), ("2026-03-05", True), ("2026-03-08", False)])
def test_compare_of_equally_young_posts_has_no_note(before: str, noted: bool) -> None:
    # The post of this week is 4 days old; twice that age is 8 days.
    frame = frame_of(
        "bluesky", make_post(before, likeCount=3), make_post("2026-03-09", likeCount=3), as_of="2026-03-13T00:00:00Z"
    )
    found = row(frame.ayr.compare("week", at="current"), metric="likes")
    assert (found["period_before"], found["period_this"]) == ("2026-W10", "2026-W11")
    assert ("younger posts" in found["note"]) is noted
    assert "incomplete period" in found["note"]


def test_compare_of_single_period_has_no_previous_values() -> None:
    post = make_post("2026-03-01", likeCount=25, videoViews=200, reach=90)
    table = frame_of("tiktok", post, as_of=END_OF_MARCH).ayr.compare()
    for metric, this in {"likes": 25, "reach": 90, "er_views": 0.125}.items():
        found = row(table, metric=metric)
        assert [found["before"], found["this"], found["change"]] == near(None, this, None)
    assert table["change"].isna().all()
    found = row(table, metric="posts")
    assert [found["before"], found["this"], found["change"]] == [0, 1, None]
    # The oldest post is of March, so posts of February may not have been listed.
    assert table["note"].eq("start may be missing").all()


def test_compare_with_empty_previous_period_uses_calendar() -> None:
    frame = frame_of("bluesky", make_post("2026-01-05", likeCount=9), make_post("2026-03-05", likeCount=3))
    found = row(frame.ayr.compare(at="2026-03"), metric="likes")
    assert [found["period_before"], found["period_this"]] == ["2026-02", "2026-03"]
    assert [found["before"], found["this"], found["change"]] == [None, 3, None]


@pytest.mark.parametrize(
    ("period", "before", "this"),
    [("day", "2026-03-01", "2026-03-02"), ("week", "2026-W09", "2026-W10"), ("month", "2026-02", "2026-03")],
)
def test_compare_by_period_labels_both_periods(period: str, before: str, this: str) -> None:
    earlier = "2026-02-28" if period == "month" else "2026-03-01"
    frame = frame_of("bluesky", make_post(earlier, likeCount=2), make_post("2026-03-02", likeCount=5))
    found = row(frame.ayr.compare(period, at=this), metric="likes")
    assert [found["period_before"], found["period_this"]] == [before, this]
    assert [found["before"], found["this"], found["change"]] == [2, 5, 1.5]


def test_compare_with_tz_uses_local_periods() -> None:
    late = {"created": "2026-02-28T23:30:00Z", "likeCount": 100}
    frame = frame_of("bluesky", make_post("2026-02-10", likeCount=1), late, make_post("2026-03-10", likeCount=10))
    utc, berlin = (row(frame.ayr.compare(at="2026-03", tz=tz), metric="likes") for tz in (None, "Europe/Berlin"))
    assert (utc["before"], utc["this"]) == (101, 10)
    assert (berlin["before"], berlin["this"]) == (1, 110)


def test_compare_of_platforms_and_profiles_keeps_them_apart() -> None:
    frame = concat(
        two_months(),
        frame_of(
            "bluesky", make_post("2026-02-03", likeCount=7), make_post("2026-03-03", likeCount=14), profile="bakery"
        ),
        frame_of("bluesky", make_post("2026-02-04", likeCount=4), make_post("2026-03-04", likeCount=1), profile="cafe"),
    )
    # The two profiles have posts of their own.
    frame["id"] = [str(number) for number in range(len(frame))]
    table = frame.ayr.compare(at="2026-03")
    assert row(table, platform="tiktok", metric="likes")["change"] == 0.5
    assert row(table, platform="bluesky", metric="likes")["change"] == pytest.approx(4 / 11)
    by_profile = frame.ayr.compare(at="2026-03", by="profile")
    assert list(by_profile.columns) == ["platform", "profile", *list(COMPARED)[1:]]
    assert row(by_profile, platform="bluesky", profile="bakery", metric="likes")["change"] == 1
    assert row(by_profile, platform="bluesky", profile="cafe", metric="likes")["change"] == -0.75


def test_compare_of_several_observations_uses_latest() -> None:
    older = frame_of("tiktok", make_post("2026-02-01", likeCount=1), as_of="2026-02-05T00:00:00Z")
    found = row(concat(two_months(), older).ayr.compare(), metric="likes")
    assert (found["before"], found["mean_age_days_before"]) == (40, 54)


@pytest.mark.parametrize("period", ["years", "hour", "", "monthly"])
def test_unknown_period_raises_and_lists_periods(period: str) -> None:
    posts = frame_of("tiktok", *THREE).ayr
    for call in (posts.compare, functools.partial(posts.timeline, "likes")):
        with pytest.raises(ValueError, match=r"(?s)(?=.*week)(?=.*month)"):
            call(period=period)


def test_compare_by_unknown_group_raises() -> None:
    with pytest.raises(ValueError, match="profile"):
        two_months().ayr.compare(by="likes")


# ── timeline ────────────────────────────────────────────────────────────────────────────────────────────────────────

TIMELINE = {
    "platform": "str", "period": "str", "start": TIME, "complete": "boolean",
    "posts": "Int64", "posts_with": "Int64", "sum": "float64", "median": "float64", "rate": "float64",
}  # fmt: skip
# A Monday, and the Wednesday and Thursday two weeks later.
WEEKS = (
    make_post("2026-01-05", likeCount=4),
    make_post("2026-01-21", likeCount=6),
    make_post("2026-01-22", likeCount=20),
)


def starts(table: pd.DataFrame) -> list[str]:
    return [start.strftime("%Y-%m-%dT%H:%MZ") for start in table["start"]]


def test_timeline_of_weeks_includes_empty_weeks() -> None:
    table = frame_of("bluesky", *WEEKS).ayr.timeline("likes")
    assert table["platform"].tolist() == ["bluesky"] * 3
    assert table["period"].tolist() == ["2026-W02", "2026-W03", "2026-W04"]
    assert starts(table) == ["2026-01-05T00:00Z", "2026-01-12T00:00Z", "2026-01-19T00:00Z"]
    assert table["posts"].tolist() == [1, 0, 2]
    assert numbers(table, period="2026-W02") == near(1, 1, 4, 4, None)
    assert numbers(table, period="2026-W04") == near(2, 2, 26, 13, None)
    assert table["posts_with"].fillna(0).tolist() == [1, 0, 2]
    assert table[["sum", "median", "rate"]].iloc[1].isna().all()


def test_timeline_without_arguments_is_of_engagements_by_week() -> None:
    posts = frame_of("bluesky", *WEEKS).ayr
    pd.testing.assert_frame_equal(posts.timeline(), posts.timeline("engagements", period="week"))


@pytest.mark.parametrize("metric", ["likes", "average_watch_time_s", "engagements", "er_reach"])
def test_timeline_has_documented_dtypes(metric: str) -> None:
    for table in (frame_of("bluesky", *WEEKS).ayr.timeline(metric), frame_of("bluesky").ayr.timeline(metric)):
        assert list(table.columns) == list(TIMELINE)
        assert table.dtypes.astype(str).to_dict() == TIMELINE
    assert len(table) == 0


def test_timeline_by_period_has_labels_and_starts() -> None:
    frame = frame_of("bluesky", make_post("2025-12-30", likeCount=4), make_post("2026-02-02", likeCount=6))
    months = frame.ayr.timeline("likes", period="month")
    assert months["period"].tolist() == ["2025-12", "2026-01", "2026-02"]
    assert starts(months) == ["2025-12-01T00:00Z", "2026-01-01T00:00Z", "2026-02-01T00:00Z"]
    assert months["posts"].tolist() == [1, 0, 1]
    weeks = frame.ayr.timeline("likes", period="week")
    assert weeks["period"].tolist() == ["2026-W01", "2026-W02", "2026-W03", "2026-W04", "2026-W05", "2026-W06"]
    days = frame.ayr.timeline("likes", period="day")
    assert days["period"].iloc[[0, 1, 2, -1]].tolist() == ["2025-12-30", "2025-12-31", "2026-01-01", "2026-02-02"]
    assert (len(days), days["posts"].sum()) == (35, 2)


def test_timeline_across_clock_change_starts_weeks_at_local_midnight() -> None:
    frame = frame_of("bluesky", make_post("2026-03-24", likeCount=4), make_post("2026-03-31", likeCount=6))
    table = frame.ayr.timeline("likes", tz="Europe/Berlin")
    assert table["period"].tolist() == ["2026-W13", "2026-W14"]
    assert starts(table) == ["2026-03-22T23:00Z", "2026-03-29T22:00Z"]


def test_timeline_with_tz_uses_local_weeks() -> None:
    frame = frame_of(
        "bluesky", {"created": "2026-01-05T03:00:00Z", "likeCount": 4}, make_post("2026-01-07", likeCount=6)
    )
    assert frame.ayr.timeline("likes")["posts"].tolist() == [2]
    west = frame.ayr.timeline("likes", tz="America/New_York")
    assert (west["period"].tolist(), west["posts"].tolist()) == (["2026-W01", "2026-W02"], [1, 1])
    assert starts(west) == ["2025-12-29T05:00Z", "2026-01-05T05:00Z"]


def test_timeline_of_metric_that_is_not_additive_has_no_sum() -> None:
    table = frame_of("tiktok", *THREE).ayr.timeline("reach", period="month")
    assert numbers(table, period="2026-02") == near(2, 1, None, 80, None)
    assert numbers(table, period="2026-03") == near(1, 1, None, 200, None)


def test_timeline_of_rate_equals_summary() -> None:
    table = frame_of("tiktok", *THREE).ayr.timeline("er_views", period="month")
    assert numbers(table, period="2026-02") == near(2, 2, None, 0.10875, 0.096)
    assert [row(table, period="2026-03")[name] for name in ("posts", "sum", "median", "rate")] == [1, None, None, None]


def test_timeline_of_two_platforms_keeps_them_apart() -> None:
    frame = concat(frame_of("bluesky", *WEEKS), frame_of("tiktok", make_post("2026-01-06", likeCount=900)))
    table = frame.ayr.timeline("likes")
    assert row(table, platform="bluesky", period="2026-W02")["sum"] == 4
    assert row(table, platform="tiktok", period="2026-W02")["sum"] == 900


def test_timeline_of_several_observations_uses_latest() -> None:
    older = frame_of("bluesky", make_post("2026-01-05", likeCount=1), as_of="2026-01-06T00:00:00Z")
    table = concat(frame_of("bluesky", *WEEKS), older).ayr.timeline("likes")
    assert table["posts"].tolist() == [1, 0, 2]
    assert row(table, period="2026-W02")["sum"] == 4


def test_timeline_of_unknown_metric_raises_and_lists_metrics() -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        frame_of("bluesky", *WEEKS).ayr.timeline("applause")
    assert all(name in str(caught.value) for name in ROWS)


# ── Incomplete samples ──────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def sample(platform: str) -> tuple[dict[str, Any], ...]:
    return tuple(ayr.load_sample(platform).ayr.to_posts())


@st.composite
def incomplete_posts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw sample posts of up to three platforms with some fields removed."""
    incomplete = []
    platforms = draw(st.lists(st.sampled_from(PLATFORMS), min_size=1, max_size=3, unique=True))
    for platform in platforms:
        for post in draw(st.lists(st.sampled_from(sample(platform)), max_size=4, unique_by=lambda post: post["id"])):
            removed = draw(st.sets(st.sampled_from(sorted({*post} - {"id"})), max_size=5))
            incomplete.append(
                {"platform": platform, **copy.deepcopy({k: v for k, v in post.items() if k not in removed})}
            )
    return incomplete


def to_frame(posts: list[dict[str, Any]]) -> pd.DataFrame:
    return ayr.from_posts(posts, platform=None if posts else "tiktok", as_of="2026-02-27T06:30:00Z", validate=None)


@settings(max_examples=15, deadline=None)
@given(posts=incomplete_posts(), by=st.sampled_from(["month", "week", "day", "format", "kind"]))
def test_summary_of_any_posts_has_groups_that_add_up(posts: list[dict[str, Any]], by: str) -> None:
    frame = to_frame(posts)
    whole = frame.ayr.summary(dropna=False)
    parts = frame.ayr.summary(["platform", by], dropna=False)
    by_metric = parts.groupby(["platform", "metric"], sort=False)
    added = by_metric[["posts", "posts_with"]].sum().assign(sum=by_metric["sum"].sum(min_count=1))
    found = whole.set_index(["platform", "metric"])[["posts", "posts_with", "sum"]]
    pd.testing.assert_frame_equal(added.sort_index(), found.sort_index())


@settings(max_examples=15, deadline=None)
@given(posts=incomplete_posts(), by=st.sampled_from(["platform", "month", "format"]))
def test_summary_of_any_posts_has_finite_rates(posts: list[dict[str, Any]], by: str) -> None:
    table = to_frame(posts).ayr.summary(by)
    rates = table["rate"].to_numpy()
    assert not np.isinf(rates).any()
    assert not (rates < 0).any()
    assert table.loc[~table["metric"].isin(RATES), "rate"].isna().all()
    assert table.loc[table["metric"].isin([*RATES, "reach", "average_watch_time_s"]), "sum"].isna().all()


@settings(max_examples=12, deadline=None)
@given(posts=incomplete_posts(), period=st.sampled_from(["month", "week"]))
def test_timeline_of_any_posts_adds_up_to_dated_posts(posts: list[dict[str, Any]], period: str) -> None:
    frame = to_frame(posts)
    table = frame.ayr.timeline("likes", period=period)
    dated = frame[frame["created"].notna()]
    assert table.groupby("platform")["posts"].sum().to_dict() == dated["platform"].value_counts().to_dict()
    assert not table.duplicated(["platform", "period"]).any()
    assert all(rows["start"].is_monotonic_increasing for _, rows in table.groupby("platform"))


@settings(max_examples=12, deadline=None)
@given(posts=incomplete_posts(), period=st.sampled_from(["month", "week", "day"]))
def test_compare_of_any_posts_has_finite_changes(posts: list[dict[str, Any]], period: str) -> None:
    table = to_frame(posts).ayr.compare(period)
    assert table.dtypes.astype(str).to_dict() == COMPARED
    assert not np.isinf(table["change"].to_numpy()).any()
    assert table.loc[table["before"].isna() | (table["before"] == 0), "change"].isna().all()
