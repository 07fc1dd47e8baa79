"""The calendar of months: what each day shows, on posts of Bluesky whose days can be counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import ayrframe as ayr


def posts(*sent: tuple[str, int | None], profile: str = "", platform: str = "bluesky") -> pd.DataFrame:
    """Return posts with these times and likes, listed from March 3 on, and read at noon on March 20."""
    items = [
        {"id": f"{number}{profile}", "created": time, "likeCount": likes} for number, (time, likes) in enumerate(sent)
    ]
    frame = ayr.from_posts(items, platform=platform, profile=profile, as_of="2026-03-20T12:00:00Z")
    return frame.assign(listed_from=pd.Timestamp("2026-03-03", tz="UTC"))


MARCH = (("2026-03-04T08:00:00Z", 10), ("2026-03-04T09:00:00Z", 30), ("2026-03-05T23:30:00Z", None))


def draw(frame: pd.DataFrame, *arguments: Any, **options: Any) -> Axes:
    return frame.ayr.plot.calendar(*arguments, **options, ax=Figure(figsize=(9, 5)).subplots())


def drawn_values(ax: Axes) -> dict[tuple[int, int], float]:
    """Return the values by row and column; the first week is in row 2, Mondays in column 0."""
    grid = ax.collections[0].get_array()
    return {(row, column): float(grid[row, column]) for row, column in zip(*(~grid.mask).nonzero(), strict=True)}


def other_days(ax: Axes) -> dict[str, list[tuple[int, int]]]:
    """Return the days that are hatched, grey and empty, by row and column."""
    days: dict[str, list[tuple[int, int]]] = {"hatched": [], "grey": [], "empty": []}
    for cell in ax.patches:
        is_filled = cell.get_facecolor()[3] > 0
        kind = "hatched" if cell.get_hatch() else "grey" if is_filled else "empty"
        days[kind].append((int(cell.get_y()), int(cell.get_x())))
    return days


def test_month_shows_the_number_of_posts_of_each_day() -> None:
    ax = draw(posts(*MARCH), at="2026-03")
    # March 1 is a Sunday, so Wednesday 4 and Thursday 5 are in the second week.
    assert drawn_values(ax) == {(3, 2): 2, (3, 3): 1}
    assert ax.get_title().splitlines() == [
        "Posts published per day, Bluesky",
        "n = 3 posts",
        "grey: no posts; empty: not read, or not completely",
    ]
    texts = [text.get_text() for text in ax.texts]
    assert texts[:6] == ["1", "2", "3", "2", "4", "1"]  # days 1 to 3, two posts on day 4, one on day 5
    assert texts[-8:] == ["2026-03", "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def test_month_distinguishes_days_without_posts_values_and_reading() -> None:
    ax = draw(posts(*MARCH), "likes", at="2026-03")
    assert drawn_values(ax) == {(3, 2): 40}
    days = other_days(ax)
    assert days["hatched"] == [(3, 3)]  # one post without likes
    # Listed from day 3 on; day 20 was read until noon only.
    assert days["grey"][:3] == [(3, 1), (3, 4), (3, 5)]
    assert len(days["grey"]) == 19 - 2 - 2
    assert days["empty"][:3] == [(2, 6), (3, 0), (5, 4)]
    assert len(days["empty"]) == 2 + 12
    assert "hatched: posts without a value" in ax.get_title()
    assert "n = 3 posts, 2 with data" in ax.get_title()


@pytest.mark.parametrize(
    ("listed_from", "read_at", "is_read"),
    [
        ("2026-03-03T00:00:00", "2026-03-21T00:00:00", (True, True)),
        ("2026-03-03T00:00:01", "2026-03-20T23:59:59", (False, False)),
    ],
)
def test_month_day_is_read_from_its_first_to_its_last_moment(
    listed_from: str, read_at: str, is_read: tuple[bool, bool]
) -> None:
    times = {"listed_from": listed_from, "as_of": read_at, "read_at": read_at}
    frame = posts(*MARCH).assign(**{name: pd.Timestamp(time, tz="UTC").as_unit("us") for name, time in times.items()})
    grey = other_days(draw(frame, at="2026-03"))["grey"]
    assert ((3, 1) in grey, (5, 4) in grey) == is_read  # March 3 and 20


@pytest.mark.parametrize(("platform", "profile"), [("tiktok", ""), ("bluesky", "b")])
def test_month_without_the_start_of_an_account_has_no_day_that_was_read(platform: str, profile: str) -> None:
    unknown = posts(*MARCH, platform=platform, profile=profile).assign(
        listed_from=pd.to_datetime([None] * len(MARCH), utc=True)
    )
    mixed = pd.concat([posts(*MARCH), unknown])
    assert other_days(draw(posts(*MARCH), at="2026-03"))["grey"]
    assert other_days(draw(mixed, at="2026-03"))["grey"] == []


def test_month_draws_a_median_and_refuses_a_sum_of_people() -> None:
    ax = draw(posts(*MARCH), "likes", stat="median")
    assert drawn_values(ax) == {(3, 2): 20}
    assert ax.get_title().startswith("Median of likes per post per day, Bluesky")
    instagram = ayr.from_posts(
        [{"id": "1", "created": MARCH[0][0], "reachCount": 5}], platform="instagram", as_of="2026-03-20", validate=None
    )
    assert draw(instagram, "reach").get_title().startswith("Median of reach (people)")
    with pytest.raises(ValueError, match="'reach' has no sum"):
        draw(instagram, "reach", stat="sum")


def test_months_are_side_by_side_and_days_in_the_time_zone() -> None:
    ax = draw(posts(("2026-03-05T23:30:00Z", 1)), at=["2026-03", pd.Period("2026-02", "M")], tz="Europe/Berlin")
    # February, then March in the columns from 8 on: Friday 6 in Berlin.
    assert drawn_values(ax) == {(3, 12): 1}
    assert ax.get_xlabel() == "day of publication (Europe/Berlin)"


def test_values_without_room_are_shown_by_a_color_bar() -> None:
    figure = Figure(figsize=(3, 3))
    ax = figure.subplots()
    posts(*MARCH).ayr.plot.calendar(at=["2026-02", "2026-03", "2026-04"], ax=ax)
    assert [text.get_text() for text in ax.texts] == ["2026-02", "2026-03", "2026-04"]
    assert all(text.get_fontsize() >= 4.5 for text in ax.texts)
    (bar,) = (other for other in figure.axes if other is not ax)
    assert bar.get_ylabel() == "Posts published"
    assert all(float(tick).is_integer() for tick in bar.get_yticks())
    empty = Figure(figsize=(3, 3))
    posts(*MARCH).ayr.plot.calendar(at=["2025-02", "2025-03", "2025-04"], ax=empty.subplots())
    assert len(empty.axes) == 1


def test_month_defaults_to_that_of_the_newest_post() -> None:
    with pytest.warns(ayr.DataWarning, match="dated after their numbers were read"):
        ax = draw(posts(("2026-02-05T08:00:00Z", 1), ("2026-04-01T08:00:00Z", 2), *MARCH[:1]), "likes")
    assert "2026-03" in [text.get_text() for text in ax.texts]


def test_month_of_several_platforms_and_profiles() -> None:
    both = pd.concat([posts(*MARCH, profile="a"), posts(*MARCH, profile="b")])
    assert "2 profiles together" in draw(both, "likes").get_title()
    mixed = pd.concat([posts(*MARCH), posts(*MARCH, platform="tiktok")])
    assert drawn_values(draw(mixed, at="2026-03")) == {(3, 2): 4, (3, 3): 2}
    assert drawn_values(draw(mixed, at="2026-03", platform="tiktok")) == {(3, 2): 2, (3, 3): 1}
    with pytest.raises(ValueError, match="Choose `platform` from: bluesky, tiktok"):
        draw(mixed, "likes")


def test_month_of_a_metrics_frame_is_the_same() -> None:
    frame = posts(*MARCH)
    assert other_days(draw(frame.ayr.metrics(), "likes")) == other_days(draw(frame, "likes"))


@pytest.mark.parametrize("at", ["2026", "march", ["2026-03", "x"], 3])
def test_month_that_is_not_one_raises(at: object) -> None:
    with pytest.raises(ValueError, match="`at` must be a month such as '2026-01'"):
        draw(posts(*MARCH), at=at)


def test_number_of_months_is_limited() -> None:
    with pytest.raises(ValueError, match="`at` must be 1 to 24 months, got 25"):
        draw(posts(*MARCH), at=list(pd.period_range("2024-01", periods=25, freq="M")))
    with pytest.raises(ValueError, match="got 0"):
        draw(posts(*MARCH), at=[])


def test_month_without_posts_or_dates_is_empty() -> None:
    assert [text.get_text() for text in draw(posts(*MARCH)[:0], "likes").texts] == ["No post has a date."]
    ax = draw(posts(*MARCH)[:0], at="2026-03")
    assert drawn_values(ax) == {}
    assert len(other_days(ax)["empty"]) == 31
