"""Median of a metric by hour of the week."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._metrics.best_times import best_times

DTYPES = {
    "platform": "str",
    "weekday": "Int64",
    "day": "str",
    "hour": "Int64",
    "posts": "Int64",
    "posts_with": "Int64",
    "median": "float64",
    "thin": "boolean",
}


def posts_with_likes(
    *posts: tuple[str | None, int | None], platform: str = "bluesky", as_of: str = "2026-06-01"
) -> pd.DataFrame:
    sent = [
        {"id": str(position), "created": created, "likeCount": likes} for position, (created, likes) in enumerate(posts)
    ]
    return ayr.from_posts(sent, platform=platform, as_of=as_of, validate=None)


def best_of_any(posts: pd.DataFrame, metric: str, **options: Any) -> pd.DataFrame:
    """Return the table with a median of every number of posts."""
    return best_times(posts, metric, min_posts=1, **options)


def nonempty_rows(table: pd.DataFrame) -> list[list[Any]]:
    rows = table.loc[table["posts"] > 0, ["day", "weekday", "hour", "posts", "posts_with", "median"]]
    return rows.astype(object).where(rows.notna(), None).values.tolist()


def test_best_times_of_same_hour_of_week_groups_posts() -> None:
    posts = posts_with_likes(
        ("2026-03-02T08:00:00Z", 1),
        ("2026-03-09T08:59:59Z", 4),
        ("2026-03-09T09:00:00Z", 9),
        ("2026-03-08T23:30:00Z", 7),
    )
    assert nonempty_rows(best_of_any(posts, "likes")) == [
        ["Mon", 0, 8, 2, 2, 2.5],
        ["Mon", 0, 9, 1, 1, 9],
        ["Sun", 6, 23, 1, 1, 7],
    ]


def test_best_times_of_one_platform_has_168_rows_from_monday() -> None:
    table = best_times(posts_with_likes(("2026-03-02T08:00:00Z", 1)), "likes")
    assert len(table) == 168
    assert table["weekday"].tolist() == [day for day in range(7) for _ in range(24)]
    assert table["hour"].tolist() == list(range(24)) * 7
    assert table["day"].drop_duplicates().tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert table["posts"].sum() == 1
    assert table.loc[table["posts"] == 0, "median"].isna().all()
    assert table.dtypes.astype(str).to_dict() == DTYPES


@pytest.mark.parametrize(
    ("tz", "expected"),
    [
        (None, ["Sun", 6, 23]),
        ("UTC", ["Sun", 6, 23]),
        ("Europe/Berlin", ["Mon", 0, 0]),
        ("America/New_York", ["Sun", 6, 18]),
        ("Asia/Kolkata", ["Mon", 0, 5]),
    ],
)
def test_best_times_with_tz_uses_local_hour(tz: str | None, expected: list[Any]) -> None:
    posts = posts_with_likes(("2026-03-01T23:45:00Z", 1))
    assert [row[:3] for row in nonempty_rows(best_of_any(posts, "likes", tz=tz))] == [expected]


def test_best_times_across_clock_change_uses_local_hour() -> None:
    posts = posts_with_likes(("2026-03-23T07:00:00Z", 1), ("2026-03-30T07:00:00Z", 3))
    assert [row[2] for row in nonempty_rows(best_of_any(posts, "likes", tz="Europe/Berlin"))] == [8, 9]


def test_best_times_of_posts_without_value_counts_them_as_posts() -> None:
    posts = posts_with_likes(
        ("2026-03-02T08:00:00Z", None), ("2026-03-02T08:10:00Z", 4), ("2026-03-03T08:10:00Z", None)
    )
    assert nonempty_rows(best_of_any(posts, "likes")) == [["Mon", 0, 8, 2, 1, 4], ["Tue", 1, 8, 1, 0, None]]


def test_best_times_with_fewer_than_five_values_is_thin() -> None:
    five = [("2026-03-02T08:00:00Z", likes) for likes in (1, 2, 3, 4, 5)]
    four = [("2026-03-02T09:00:00Z", likes) for likes in (1, 2, 3, 4, None)]
    table = best_times(posts_with_likes(*five, *four), "likes").set_index(["weekday", "hour"])
    assert [table.loc[(0, 8), "thin"], table.loc[(0, 9), "thin"], table.loc[(6, 3), "thin"]] == [False, True, True]
    assert table.loc[(0, 8), "median"] == 3
    assert table["median"].count() == 1


def test_best_times_with_min_posts_has_medians_of_fewer_posts() -> None:
    posts = posts_with_likes(*[("2026-03-02T08:00:00Z", likes) for likes in (1, 2, 30)])
    table = best_times(posts, "likes", min_posts=3)
    assert nonempty_rows(table) == [["Mon", 0, 8, 3, 3, 2]]
    assert table["thin"].sum() == 167
    assert best_times(posts, "likes", min_posts=4)["median"].isna().all()


@pytest.mark.parametrize("min_posts", [0, 2.5, True, "5"])
def test_best_times_with_invalid_min_posts_raises(min_posts: Any) -> None:
    with pytest.raises(ValueError, match="`min_posts` must be a positive integer"):
        best_times(posts_with_likes(("2026-03-02T08:00:00Z", 1)), "likes", min_posts=min_posts)


def test_best_times_of_young_posts_leaves_them_out() -> None:
    posts = posts_with_likes(("2026-05-25T08:00:00Z", 40), ("2026-05-25T08:00:01Z", 2), as_of="2026-06-01T08:00:00Z")
    assert nonempty_rows(best_of_any(posts, "likes")) == [["Mon", 0, 8, 1, 1, 40]]
    assert nonempty_rows(best_of_any(posts, "likes", min_age="0h")) == [["Mon", 0, 8, 2, 2, 21]]
    with pytest.raises(ValueError, match="Invalid duration"):
        best_times(posts, "likes", min_age="young")


def test_best_times_counts_the_own_posts_of_the_account_only() -> None:
    kinds = {"own": [], "answer": [{"type": "replied_to", "id": "9"}], "quote": [{"type": "quoted", "id": "9"}],
             "copy": [{"type": "retweeted", "id": "9"}]}  # fmt: skip
    sent = [
        {"id": name, "created": "2026-03-02T08:00:00Z", "post": name, "publicMetrics": {"likeCount": 3}}
        | ({"referencedTweets": referenced} if referenced else {})
        for name, referenced in kinds.items()
    ]
    posts = ayr.from_posts(sent, platform="twitter", as_of="2026-06-01", validate=None)
    assert nonempty_rows(best_of_any(posts, "likes")) == [["Mon", 0, 8, 1, 1, 3]]


def test_best_times_of_post_without_time_counts_no_posts() -> None:
    table = best_times(posts_with_likes((None, 3)), "likes")
    assert len(table) == 168
    assert table["posts"].sum() == 0


def test_best_times_of_two_platforms_keeps_them_apart_in_registry_order() -> None:
    posts = pd.concat(
        [
            posts_with_likes(("2026-03-02T08:00:00Z", 9), platform="tiktok"),
            posts_with_likes(("2026-03-02T08:00:00Z", 1)),
        ]
    )
    table = best_of_any(posts, "likes")
    assert table["platform"].drop_duplicates().tolist() == ["bluesky", "tiktok"]
    assert [row[-1] for row in nonempty_rows(table)] == [1, 9]


def test_best_times_of_several_observations_uses_latest() -> None:
    created = "2026-03-02T08:00:00Z"
    posts = pd.concat(
        [posts_with_likes((created, 9), as_of="2026-05-01"), posts_with_likes((created, 1), as_of="2026-04-01")]
    )
    assert nonempty_rows(best_of_any(posts, "likes")) == [["Mon", 0, 8, 1, 1, 9]]


def test_best_times_of_empty_frame_gives_empty_table() -> None:
    assert best_times(ayr.from_posts([], platform="tiktok")).dtypes.astype(str).to_dict() == DTYPES
    assert best_times(ayr.load_sample("tiktok").iloc[:0]).empty


def test_best_times_with_unknown_metric_or_time_zone_raises() -> None:
    posts = posts_with_likes(("2026-03-02T08:00:00Z", 1))
    with pytest.raises(ValueError, match="Unknown metric 'hearts'"):
        best_times(posts, "hearts")
    with pytest.raises(ValueError, match="Europe/Atlantis"):
        best_times(posts, tz="Europe/Atlantis")


def test_best_times_at_calendar_limits_works_in_any_time_zone() -> None:
    posts = posts_with_likes(("9999-12-24T23:59:59Z", 1), ("0001-01-01T00:00:00Z", 2), as_of="9999-12-31T23:59:59Z")
    for tz in ("Asia/Tokyo", "America/New_York", None):
        assert best_times(posts, "likes", tz=tz)["posts"].sum() == 2
