"""Compare images of plots with baselines, without texts, so that fonts and their rendering do not matter.

After an intended change, run `pytest tests/unit/plots/test_plots_images.py --mpl-generate-path=tests/baseline` and look
at the new images.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ayrframe._plots import best_times, completion, crossposts, reactions, retention, timeline, top_posts

NOW = pd.Timestamp("2026-03-01T00:00:00Z").as_unit("us")


def compare_image(test: Callable[[], Any]) -> Any:
    compare = pytest.mark.mpl_image_compare(
        baseline_dir="../../baseline",
        filename=f"{test.__name__.removeprefix('test_')}.png",
        remove_text=True,
        style="default",
        tolerance=3,
        savefig_kwargs={"dpi": 50},
    )
    return compare(test)


def make_axes() -> Axes:
    return Figure(figsize=(8, 4.5), layout="constrained").subplots()


def without_texts(ax: Axes) -> Figure:
    """Return the figure of an Axes without its texts; pytest-mpl removes only titles and tick labels."""
    figure = ax.get_figure()
    for axes in figure.axes:
        for text in list(axes.texts):
            text.remove()
        axes.set(xlabel="", ylabel="")
        axes.set_title("")
        if legend := axes.get_legend():
            legend.remove()
    return figure


def posts_with_likes(*platforms: str) -> pd.DataFrame:
    return child_table([(name, "1", 5) for name in platforms], "likes")


def child_table(rows: list[tuple[object, ...]], *columns: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["platform", "id", *columns])
    return table.assign(profile="", as_of=NOW)


@compare_image
def test_reactions() -> Figure:
    rows = [
        ("facebook", "a", "like", "Like", 70), ("facebook", "a", "love", "Love", 20),
        ("facebook", "a", "sad", "Sad", 1),
        ("linkedin", "b", "like", "Like", 6), ("linkedin", "b", "praise", "Celebrate", 4),
    ]  # fmt: skip
    table = child_table(rows, "reaction", "label", "count")
    return without_texts(reactions.draw_reactions(table, table, ax=make_axes()))


@compare_image
def test_retention() -> Figure:
    curves = {"a": (1.0, 0.5, 0.3), "b": (1.0, 0.7, 0.6, 0.55, 0.5), "c": (0.9, 0.2)}
    rows = [
        ("tiktok", post_id, 10 * number, number / (len(curve) - 1), fraction)
        for post_id, curve in curves.items()
        for number, fraction in enumerate(curve)
    ]
    posts = child_table([("tiktok", "a", 10), ("tiktok", "b", 30), ("tiktok", "c", 20)], "views")
    posts = posts.assign(created=NOW, post=list("abc"))
    table = child_table(rows, "second", "position", "fraction")
    return without_texts(retention.draw_curves(table, posts, retention.RETENTION, highlight=["b"], ax=make_axes()))


@compare_image
def test_completion() -> Figure:
    videos = {"a": (100, 60, 40, 30, 25), "b": (50, 40, 35, 33, 30), "c": (10, 2, 1, 0, 0)}
    rows = [
        ("twitter", video, video, quarter, viewers)
        for video, counts in videos.items()
        for quarter, viewers in zip((0, 25, 50, 75, 100), counts, strict=True)
    ]
    table = child_table(rows, "media_key", "quarter", "viewers")
    return without_texts(completion.draw_completion(table, table, "organic", ax=make_axes()))


@compare_image
def test_timeline_of_networks_far_apart() -> Figure:
    sums = {
        "instagram": [900, 1200, None, 2000, 1500],
        "tiktok": [400, 800, 700, None, 300],
        "twitter": [9, 4, 12, 7, 10],
    }
    starts = pd.date_range("2026-01-05", periods=5, freq="7D", tz="UTC", unit="us")
    parts = [
        pd.DataFrame({"platform": name, "start": starts, "posts": 3, "sum": np.array(line, dtype=float)})
        for name, line in sums.items()
    ]
    table = pd.concat(parts).assign(posts_with=3, median=np.nan, rate=np.nan)
    return without_texts(timeline.draw_timeline(table, posts_with_likes(*sums), "likes", ax=make_axes()))


@compare_image
def test_best_times() -> Figure:
    table = pd.DataFrame([("twitter", day, hour) for day in range(7) for hour in range(24)])
    table.columns = ["platform", "weekday", "hour"]
    posted = (table["hour"] > 7) & (table["hour"] < 8 + 2 * table["weekday"])
    table["posts"] = table["posts_with"] = ((table["hour"] + table["weekday"]) % 9).where(posted, 0)
    table["median"] = (table["hour"] * 10.0 + table["weekday"]).where(table["posts"] > 0)
    table["median"] = table["median"].where(table["posts"] >= 5)
    posts = posts_with_likes("twitter")
    return without_texts(
        best_times.draw_best_times(table.assign(thin=table["posts"] < 5), posts, "likes", ax=make_axes())
    )


def top_posts_table(*values: tuple[str, float, float]) -> pd.DataFrame:
    rows = [(platform, str(number), f"post {number}", *row) for number, (platform, *row) in enumerate(values)]
    return child_table(rows, "post", "value", "normal").assign(created=NOW)


@compare_image
def test_top_posts() -> Figure:
    table = top_posts_table(("youtube", 90, 20), ("youtube", 70, 80), ("youtube", 30, np.nan))
    return without_texts(top_posts.draw_top_posts(table, posts_with_likes(*table["platform"]), "likes", ax=make_axes()))


@compare_image
def test_top_posts_of_networks_far_apart() -> Figure:
    table = top_posts_table(("tiktok", 9000, 700), ("tiktok", 4000, np.nan), ("twitter", 90, 20), ("twitter", 70, 80))
    return without_texts(top_posts.draw_top_posts(table, posts_with_likes(*table["platform"]), "likes", ax=make_axes()))


@compare_image
def test_crossposts() -> Figure:
    table = pd.DataFrame(
        {
            "created": NOW, "post": list("abc"), "networks": 5,
            "bluesky": [3.0, 8.0, np.nan], "facebook": [30.0, np.nan, 9.0],
            "instagram": [400.0, 900.0, 200.0], "snapchat": [np.nan, 40.0, 70.0], "threads": [55.0, 66.0, np.nan],
        }
    )  # fmt: skip
    return without_texts(crossposts.draw_crossposts(table, "likes", ax=make_axes()))
