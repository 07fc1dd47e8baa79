"""Test plots: read numbers and texts back from the drawn artists and compare them with values computed by hand."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

import ayrframe as ayr
from ayrframe._accessor.plots import PlotAccessor
from ayrframe._accessor.shared_plots import SharedPlots
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import PLATFORMS
from ayrframe._plots import (
    above_normal,
    audience,
    best_times,
    calendar,
    compare,
    completion,
    coverage,
    crossposts,
    definitions,
    impression_sources,
    labels,
    reaction_periods,
    reactions,
    retention,
    scales,
    shares,
    style,
    timeline,
    top_posts,
)

mpl.use("agg")
import matplotlib.pyplot as plt

NOW = pd.Timestamp("2026-03-01T00:00:00Z").as_unit("us")
HOSTILE = [
    "costs $5 or $\\foo$ and \\alpha_{x}^2 %&#~",
    "<b>bold</b> <script>alert(1)</script>",
    "two\nlines\r\nand\ttabs",
    "日本語のとても長いテキストです。東京へようこそ",
    "مرحبا بكم في المتجر",
    "👩🏽‍🍳 and 👨‍👩‍👧‍👦 and 🇩🇪 and ❤️",
    "\x00\x07\u202eevil\u202c\u2066\ufeff",
    "Z̸̢̙̲͑͗͝a̴̡̛͆l̷͉̈g̸̣͝o",
    "",
    "word" * 200,
]


def make_axes() -> Axes:
    return Figure(figsize=(9, 4.5), layout="constrained").subplots()


def title_of(ax: Axes) -> str:
    """Return the title and the lines below it on one line, because long lines are wrapped."""
    return " ".join(ax.get_title().split())


def row_labels(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def bar_widths(ax: Axes) -> list[float]:
    return [bar.get_width() for bar in ax.patches]


def child_table(rows: list[tuple[object, ...]], *columns: str, platform: str = "tiktok") -> pd.DataFrame:
    """Return a child table; each row starts with the id of the post."""
    table = pd.DataFrame(rows, columns=["id", *columns])
    return table.assign(platform=platform, profile="", as_of=NOW)[["platform", "profile", "id", "as_of", *columns]]


def metrics_of(
    values: list[float | None], metric: str, parts: str | None = None, platform: str = "tiktok"
) -> pd.DataFrame:
    """Return the metrics of posts with these values."""
    table = child_table([(str(number),) for number in range(len(values))], platform=platform)
    return table.assign(**{metric: pd.array(values, dtype="Float64"), "engagement_parts": parts})


def posts_with_views(views: dict[str, int | None], platform: str = "tiktok") -> pd.DataFrame:
    table = child_table([(post_id,) for post_id in views], platform=platform)
    return table.assign(views=pd.array(list(views.values()), dtype="Int64"))


@pytest.fixture(autouse=True)
def restore_matplotlib_state() -> Iterator[None]:
    settings, figures = dict(mpl.rcParams), plt.get_fignums()
    yield
    assert dict(mpl.rcParams) == settings
    for number in set(plt.get_fignums()) - set(figures):
        plt.close(number)


class TestWeightedShares:
    SOURCES = child_table([("a", "For You", 0.8), ("a", "Search", 0.2), ("b", "For You", 0.2)], "source", "fraction")

    def test_weighted_shares_use_views_as_weights(self) -> None:
        (tiktok,) = shares.weighted_shares(self.SOURCES, posts_with_views({"a": 300, "b": 100}))
        assert tiktok.shares.to_dict() == pytest.approx({"For You": (240 + 20) / 400, "Search": 60 / 400})

    def test_rest_is_the_share_that_no_post_lists(self) -> None:
        (tiktok,) = shares.weighted_shares(self.SOURCES, posts_with_views({"a": 300, "b": 100}))
        assert tiktok.rest == pytest.approx(80 / 400)

    def test_coverage_counts_views_of_all_posts(self) -> None:
        posts = posts_with_views({"a": 300, "b": None, "c": 100, "d": None})
        (tiktok,) = shares.weighted_shares(self.SOURCES, posts)
        assert (tiktok.posts, tiktok.total_posts, tiktok.view_coverage) == (1, 4, 0.75)
        assert tiktok.coverage == "TikTok: n = 4 posts, 1 with data, 75 % of all views"

    def test_weighted_shares_separate_platforms(self) -> None:
        table = pd.concat([self.SOURCES, self.SOURCES.assign(platform="twitter")])
        posts = pd.concat([posts_with_views({"a": 1, "b": 1}), posts_with_views({"a": 1000, "b": 0}, "twitter")])
        by_platform = shares.weighted_shares(table, posts)
        assert [platform.shares["For You"] for platform in by_platform] == pytest.approx([0.5, 0.8])

    @pytest.mark.parametrize("views", [{}, {"a": None}, {"a": 0}])
    def test_weighted_shares_without_views_are_empty(self, views: dict[str, int | None]) -> None:
        assert shares.weighted_shares(self.SOURCES, posts_with_views(views)) == []

    def test_rest_includes_missing_fractions_and_names(self) -> None:
        table = child_table([("a", "For You", None), ("a", None, 0.5), ("a", "Search", 0.25)], "source", "fraction")
        (tiktok,) = shares.weighted_shares(table, posts_with_views({"a": 10}))
        assert tiktok.shares.to_dict() == {"Search": 0.25}
        assert tiktok.rest == 0.75


class TestImpressionSources:
    def test_bars_show_weighted_shares_and_rest(self) -> None:
        ax = impression_sources.draw_impression_sources(
            TestWeightedShares.SOURCES, posts_with_views({"a": 300, "b": 100}), ax=make_axes()
        )
        assert bar_widths(ax) == pytest.approx([0.65, 0.15, 0.2])
        assert row_labels(ax) == ["For You", "Search", "not reported"]
        assert [text.get_text() for text in ax.texts] == ["65.0 %", "15.0 %", "20.0 %"]

    def test_several_platforms_get_headings(self) -> None:
        table = pd.concat([TestWeightedShares.SOURCES, TestWeightedShares.SOURCES.assign(platform="twitter")])
        posts = pd.concat([posts_with_views({"a": 1}), posts_with_views({"a": 1}, "twitter")])
        ax = impression_sources.draw_impression_sources(table, posts, ax=make_axes())
        assert row_labels(ax) == ["TikTok", "For You", "Search", "X", "For You", "Search"]
        assert [round(bar.get_y() + bar.get_height() / 2) for bar in ax.patches] == [1, 2, 4, 5]
        assert "X: n = 1 post, 100 % of all views" in title_of(ax)

    def test_several_observations_use_the_latest(self) -> None:
        posts = ayr.load_sample("tiktok")
        older = posts.assign(as_of=posts["as_of"] - pd.Timedelta("1D"), video_views=posts["video_views"] * 0 + 1)
        once, twice = (
            PlotAccessor(frame).impression_sources(ax=make_axes()) for frame in (posts, pd.concat([older, posts]))
        )
        assert (bar_widths(once), title_of(once)) == (bar_widths(twice), title_of(twice))


class TestAudience:
    COUNTRIES = child_table([("a", "US", 0.5), ("a", "GB", 0.2), ("a", "DE", 0.2)], "country", "fraction")

    def test_bars_beyond_n_are_combined(self) -> None:
        ax = audience.draw_audience(self.COUNTRIES, posts_with_views({"a": 5}), "countries", n=1, ax=make_axes())
        assert row_labels(ax) == ["US", "all others, or not reported"]
        assert bar_widths(ax) == pytest.approx([0.5, 0.5])

    def test_cities_of_sample_match_table(self) -> None:
        posts = ayr.load_sample("tiktok")
        ax = PlotAccessor(posts).audience(by="cities", n=2, ax=make_axes())
        rows = posts.ayr.audience_cities().merge(posts[["id", "video_views"]], on="id")
        views = rows.drop_duplicates("id")["video_views"].sum()
        of_city = (rows["fraction"] * rows["video_views"]).groupby(rows["city"]).sum() / views
        assert row_labels(ax)[:2] == of_city.nlargest(2).index.tolist()
        assert bar_widths(ax)[:2] == pytest.approx(of_city.nlargest(2).tolist())

    def test_unknown_dimension_raises(self) -> None:
        with pytest.raises(ValueError, match="Choose from: countries, cities"):
            PlotAccessor(ayr.load_sample("tiktok")).audience(by="ages")  # type: ignore[arg-type]

    @pytest.mark.parametrize("n", [0, -1, 2.5, True, "many"])
    def test_invalid_n_raises(self, n: int) -> None:
        with pytest.raises(ValueError, match="must be a positive integer"):
            audience.draw_audience(self.COUNTRIES, posts_with_views({"a": 5}), "countries", n=n, ax=make_axes())


class TestReactions:
    LINKEDIN = child_table(
        [
            ("a", "like", "Like", 3), ("b", "like", "Like", 1), ("b", "praise", "Celebrate", 6),
            ("c", "like", "Like", None),
        ],
        "reaction", "label", "count", platform="linkedin",
    ).astype({"count": "Int64"})  # fmt: skip
    FACEBOOK = child_table(
        [("z", "like", "Like", 1), ("z", "new", None, 1)], "reaction", "label", "count", platform="facebook"
    )
    POSTS = pd.concat(
        [child_table([("z",)], platform="facebook"), child_table([("a",), ("b",), ("c",)], platform="linkedin")]
    )

    def test_counts_are_summed_per_platform(self) -> None:
        ax = reactions.draw_reactions(self.LINKEDIN, self.POSTS, "count", ax=make_axes())
        assert dict(zip(row_labels(ax), bar_widths(ax), strict=True)) == {"Celebrate": 6, "Like": 4}
        assert ax.get_xlabel() == "reactions (count)"

    def test_shares_are_relative_to_the_platform(self) -> None:
        both = pd.concat([self.FACEBOOK, self.LINKEDIN])
        ax = reactions.draw_reactions(both, self.POSTS, ax=make_axes())
        assert row_labels(ax) == ["Facebook", "Like", "new", "LinkedIn", "Celebrate", "Like"]
        assert bar_widths(ax) == pytest.approx([0.5, 0.5, 0.6, 0.4])

    def test_title_states_number_of_posts(self) -> None:
        ax = reactions.draw_reactions(self.LINKEDIN, self.POSTS, ax=make_axes())
        assert "LinkedIn: n = 3 posts, 2 with data, 10 reactions by kind" in title_of(ax)

    def test_unknown_values_raises(self) -> None:
        with pytest.raises(ValueError, match="Choose from: share, count"):
            PlotAccessor(ayr.load_sample("linkedin")).reactions(values="sum")  # type: ignore[arg-type]


class TestCurves:
    TABLE = child_table(
        [
            ("a", 0, 0.0, 1.0), ("a", 10, 1.0, 0.5),
            ("b", 0, 0.0, 0.8), ("b", 5, 0.25, 0.6), ("b", 20, 1.0, 0.3),
            ("c", 0, 0.0, 1.0), ("c", None, None, 0.5),
            ("d", 8, 0.8, 1.0), ("d", 10, 1.0, 0.9),
        ],
        "second", "position", "fraction",
    ).astype({"second": "Int64", "position": "float64"})  # fmt: skip

    @staticmethod
    def posts(weights: dict[str, int | None]) -> pd.DataFrame:
        table = posts_with_views(weights)
        texts = table["id"].map({"a": "First", "b": "Second", "d": "First"})
        days = pd.to_datetime(table["id"].map({"a": "2026-01-05", "d": "2026-01-06"})).dt.tz_localize("UTC")
        return table.assign(likes=table["views"], post=texts, created=days)

    def curves(self, weights: dict[str, int | None]) -> list[retention.VideoCurve]:
        return retention.video_curves(self.TABLE, self.posts(weights), retention.RETENTION)

    def draw(self, weights: dict[str, int | None], **options: Any) -> Axes:
        return retention.draw_curves(self.TABLE, self.posts(weights), retention.RETENTION, ax=make_axes(), **options)

    def test_mean_is_weighted_over_the_same_videos_at_each_position(self) -> None:
        positions, mean = retention.mean_curve(self.curves({"a": 300, "b": 100, "c": 1}))
        assert positions.tolist() == [0, 0.25, 1]
        assert mean == pytest.approx([(300 + 80) / 400, (300 * 0.875 + 60) / 400, (150 + 30) / 400])

    def test_mean_of_a_short_and_a_long_video_does_not_rise(self) -> None:
        rows = [("s", 0, 0, 1), ("s", 10, 1, 0.1), ("l", 0, 0, 1), ("l", 20, 1 / 3, 0.8), ("l", 60, 1, 0.6)]
        table = child_table(rows, "second", "position", "fraction")
        posts = posts_with_views({"s": 500, "l": 500}).assign(post="", created=NOW)
        positions, mean = retention.mean_curve(retention.video_curves(table, posts, retention.RETENTION))
        assert positions == pytest.approx([0, 1 / 3, 1])
        assert mean == pytest.approx([1, (0.7 + 0.8) / 2, 0.35])

    def test_curve_that_begins_late_is_drawn_but_not_averaged(self) -> None:
        ax = self.draw({"a": 300, "b": 100, "d": 9000})
        assert len(ax.lines) == 4
        assert ax.lines[-1].get_ydata()[0] == pytest.approx((300 + 80) / 400)
        assert "n = 3 posts; bold: mean of the same 2 everywhere, weighted by views" in title_of(ax)

    def test_videos_without_views_are_drawn_but_not_averaged(self) -> None:
        ax = self.draw({"a": 10, "b": None, "c": 1})
        assert len(ax.lines) == 2
        assert title_of(ax) == "Viewers who still watch TikTok: n = 3 posts, 2 with data"

    def test_few_curves_are_labelled_by_text_and_date(self) -> None:
        ax = self.draw({"a": 3, "b": 1, "d": 1})
        assert [text.get_text() for text in ax.get_legend().get_texts()] == [
            "First 2026-01-05", "Second", "First 2026-01-06", "TikTok, mean of 2",
        ]  # fmt: skip
        assert len({line.get_color() for line in ax.lines}) == 4

    def test_highlighted_curves_are_labelled_in_this_order(self) -> None:
        ax = self.draw({"a": 3, "b": 1, "d": 1}, highlight=["d", "a"])
        assert [line.get_label() for line in ax.lines if not line.get_label().startswith("_")] == [
            "First 2026-01-06", "First 2026-01-05", "TikTok, mean of 2",
        ]  # fmt: skip
        assert min(line.get_alpha() or 1 for line in ax.lines) < 0.5
        assert self.draw({"a": 3, "b": 1}, highlight="b").lines[-2].get_ydata().tolist() == [0.8, 0.6, 0.3]

    def test_highlighted_post_without_curve_raises(self) -> None:
        with pytest.raises(ValueError, match=r"ids of posts with a curve, got 'c'\. .* e\.g\. 'a'"):
            self.draw({"a": 3, "c": 1}, highlight=["a", "c"])

    def test_more_than_ten_curves_are_labelled_only_if_highlighted(self) -> None:
        rows = [(str(number), 0, position, 0.5) for number in range(11) for position in (0.0, 1.0)]
        table = child_table(rows, "second", "position", "fraction")
        posts = posts_with_views({str(number): 1 for number in range(11)}).assign(post="text", created=NOW)
        ax = retention.draw_curves(table, posts, retention.RETENTION, ax=make_axes())
        assert ax.get_legend() is None
        ax = retention.draw_curves(table[table["id"] != "10"], posts, retention.RETENTION, ax=make_axes())
        assert len(ax.get_legend().get_texts()) == 11

    def test_likes_are_added_up_from_the_start(self) -> None:
        table = child_table(
            [("a", 0, 0.0, 0.5), ("a", 5, 0.5, 0.25), ("a", 10, 1.0, 0.25)], "second", "position", "fraction"
        )
        other = child_table([("b", 0, 0.0, 0.0), ("b", 2, 1.0, 1.0)], "second", "position", "fraction")
        unknown = child_table([("c", 0, 0.0, None), ("c", 2, 1.0, 1.0)], "second", "position", "fraction")
        posts = self.posts({"a": 30, "b": 10, "c": 5})
        ax = retention.draw_curves(
            pd.concat([table, other, unknown]), posts, retention.LIKES_ALONG_VIDEO, ax=make_axes()
        )
        first, second, mean = ax.lines
        assert first.get_ydata().tolist() == [0.5, 0.75, 1]
        assert second.get_ydata().tolist() == [0, 1]
        assert mean.get_ydata() == pytest.approx([15 / 40, (22.5 + 5) / 40, 1])
        assert "n = 3 posts, 2 with data; bold: mean of the same 2 everywhere, weighted by likes" in title_of(ax)

    def test_plots_of_a_sample_answer_to_the_names_of_the_expansions(self) -> None:
        plot = PlotAccessor(ayr.load_sample("tiktok"))
        retained, same, likes = (
            draw(ax=make_axes()) for draw in (plot.retention, plot.video_view_retention, plot.engagement_likes)
        )
        assert title_of(retained) == title_of(same)
        assert likes.lines[-1].get_ydata()[-1] == pytest.approx(1, abs=0.001)
        assert retained.get_xlim() == likes.get_xlim() == (0, 1)


class TestCompletion:
    TABLE = child_table(
        [
            ("a", "m1", 0, 100), ("a", "m1", 25, 80), ("a", "m1", 50, 60), ("a", "m1", 75, 40), ("a", "m1", 100, 20),
            ("b", "m2", 0, 300), ("b", "m2", 25, 60), ("b", "m2", 50, 40), ("b", "m2", 75, 20), ("b", "m2", 100, 0),
            ("c", "m3", 0, 900), ("c", "m3", 25, 900), ("c", "m3", 50, None), ("c", "m3", 75, 1), ("c", "m3", 100, 1),
            ("d", "m4", 0, 0), ("d", "m4", 25, 0), ("d", "m4", 50, 0), ("d", "m4", 75, 0), ("d", "m4", 100, 0),
        ],
        "media_key", "quarter", "viewers", platform="twitter",
    ).astype({"quarter": "Int64", "viewers": "Int64"})  # fmt: skip
    POSTS = child_table([(post_id,) for post_id in "abcdef"], platform="twitter")

    def test_overall_curve_divides_sums(self) -> None:
        ax = completion.draw_completion(self.TABLE, self.POSTS, "organic", ax=make_axes())
        assert ax.lines[-1].get_ydata() == pytest.approx([1, 140 / 400, 100 / 400, 60 / 400, 20 / 400])
        assert ax.lines[-1].get_xdata().tolist() == [0, 25, 50, 75, 100]
        assert ax.lines[0].get_ydata() == pytest.approx([1, 0.8, 0.6, 0.4, 0.2])

    def test_incomplete_videos_are_left_out_and_counted(self) -> None:
        ax = completion.draw_completion(self.TABLE, self.POSTS, "non_public", ax=make_axes())
        assert len(ax.lines) == 3
        assert "X: n = 6 posts, 2 videos with every quarter" in title_of(ax)
        assert "the same 2 everywhere" in title_of(ax)
        assert "non-public viewers" in title_of(ax)
        assert ax.get_ylabel() == "share of the viewers at the start"


class TestTimeline:
    @staticmethod
    def table(name: str, sums: list[float | None], *, median: float = 1.0) -> pd.DataFrame:
        starts = pd.date_range("2026-03-01T23:00Z", periods=len(sums), freq="7D", unit="us")
        posts_with = pd.array([2 if value is not None else 0 for value in sums], dtype="Int64")
        return pd.DataFrame(
            {"platform": name, "start": starts, "posts": pd.array([3] * len(sums), dtype="Int64"),
             "posts_with": posts_with, "sum": pd.array(sums, dtype="float64"), "median": median, "rate": np.nan}
        )  # fmt: skip

    def draw(self, tables: dict[str, list[float | None]], metric: str = "likes", **options: Any) -> Axes:
        """Draw sums; of the three posts of a period, two have a value if the sum is not None, and one has no date."""
        table = pd.concat([self.table(name, sums) for name, sums in tables.items()])
        values = {name: [value for sum_ in sums for value in (sum_, sum_, None)] for name, sums in tables.items()}
        posts = pd.concat([metrics_of([*part, None], metric, platform=name) for name, part in values.items()])
        return timeline.draw_timeline(table, posts, metric, ax=make_axes(), **options)

    def test_missing_periods_are_gaps(self) -> None:
        ax = self.draw({"tiktok": [4, None, 6]})
        assert np.array_equal(ax.lines[0].get_ydata(), [4, np.nan, 6], equal_nan=True)
        assert title_of(ax) == "Sum of likes, per week TikTok: n = 10 posts, 4 with data"
        assert ax.get_legend() is None

    def test_periods_begin_in_the_time_zone(self) -> None:
        ax = self.draw({"tiktok": [4, 5]}, tz="Europe/Berlin")
        assert ax.lines[0].get_xdata()[0] == np.datetime64("2026-03-02T00:00")
        assert ax.get_xlabel() == "start of the week (Europe/Berlin)"

    def test_legend_states_number_of_posts(self) -> None:
        ax = self.draw({"tiktok": [4, 5], "twitter": [4, None]})
        assert [text.get_text() for text in ax.get_legend().get_texts()] == [
            "TikTok (4 of 7 posts)",
            "X (2 of 7 posts)",
        ]
        assert ax.get_yscale() == "linear"

    def test_platforms_far_apart_use_log_axis(self) -> None:
        ax = self.draw({"tiktok": [100, 500], "twitter": [1, 5]})
        assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "sum of likes, log scale")

    def test_zeros_are_drawn_on_log_axis(self) -> None:
        assert self.draw({"tiktok": [100, 500], "twitter": [1, 0]}).get_yscale() == "symlog"

    def test_metric_without_sum_is_drawn_as_median_and_called_so(self) -> None:
        no_sum = self.table("tiktok", [1, 2], median=7.0).assign(sum=np.nan)
        ax = timeline.draw_timeline(no_sum, metrics_of([7, 7], "reach"), "reach", period="month", ax=make_axes())
        assert ax.lines[0].get_ydata().tolist() == [7, 7]
        assert ax.get_ylabel() == "median of reach (people) per post"
        assert title_of(ax).startswith("Median of reach (people) per post, per month TikTok")

    def test_rate_is_drawn_in_percent(self) -> None:
        rate = self.table("tiktok", [1, 2]).assign(sum=np.nan, rate=0.25)
        ax = timeline.draw_timeline(rate, metrics_of([0.25, 0.25], "er_views", "likes"), "er_views", ax=make_axes())
        assert ax.get_ylabel() == "engagements / views"
        assert ax.yaxis.get_major_formatter()(0.25, 0) == "25 %"
        assert title_of(ax).endswith("engagements: likes")

    def test_title_lists_platforms_without_values(self) -> None:
        ax = self.draw({"tiktok": [4, 5], "youtube": [None, None]})
        assert len(ax.lines) == 1
        assert title_of(ax).endswith("not reported by YouTube")

    def test_incomplete_periods_are_hollow_and_dashed(self) -> None:
        table = self.table("tiktok", [4, 5, 6]).assign(complete=pd.array([True, True, False], dtype="boolean"))
        ax = timeline.draw_timeline(table, metrics_of([4, 5, 6], "likes"), "likes", ax=make_axes())
        dashed, complete = ax.lines
        assert dashed.get_ydata().tolist() == [4, 5, 6]
        assert np.array_equal(complete.get_ydata(), [4, 5, np.nan], equal_nan=True)
        assert dashed.is_dashed()
        assert not complete.is_dashed()
        assert to_hex(dashed.get_markerfacecolor()) == "#ffffff" != to_hex(complete.get_markerfacecolor())
        assert "hollow, dashed: period not complete" in title_of(ax)

    def test_one_period_is_not_drawn_on_an_axis_of_years(self) -> None:
        low, high = self.draw({"tiktok": [4]}).get_xlim()
        assert high - low == 90


class TestDefinitions:
    def test_engagements_of_one_sum_name_its_parts(self) -> None:
        posts = pd.concat([metrics_of([1], "engagements", "likes", name) for name in ("instagram", "tiktok")])
        assert definitions.definition_lines(posts, "engagements") == ["engagements: likes"]

    def test_engagements_of_several_sums_name_the_platforms_of_each(self) -> None:
        tables = [
            metrics_of([1], "engagements", "likes+comments", "instagram"),
            metrics_of([1, 1], "engagements", "likes+shares", "tiktok"),
            metrics_of([1], "engagements", "likes", "tiktok"),
            metrics_of([1], "engagements", "likes+comments", "bluesky"),
            metrics_of([None], "engagements", None, "youtube"),
        ]
        assert definitions.definition_lines(pd.concat(tables), "engagements") == [
            "engagements are not the same sum everywhere: "
            "likes+comments (Bluesky, Instagram); likes+shares or likes (TikTok)"
        ]

    @pytest.mark.parametrize("metric", ["views", "er_views"])
    def test_views_that_are_counted_differently_are_named(self, metric: str) -> None:
        names = ("facebook", "linkedin", "tiktok")
        posts = pd.concat([metrics_of([1], metric, "likes", name) for name in names])
        assert definitions.definition_lines(posts, metric)[-1 if metric == "views" else 1] == (
            "networks count views differently: displays of the media (Facebook); plays of a video (LinkedIn, TikTok)"
        )

    def test_views_that_are_counted_alike_are_not_named(self) -> None:
        posts = pd.concat([metrics_of([1], "views", "likes", name) for name in ("linkedin", "tiktok")])
        assert definitions.definition_lines(posts, "views") == []

    def test_views_and_shares_of_every_platform_say_what_they_count(self) -> None:
        counts = {
            (measure.metric.name, platform.name): measure.counts
            for platform in PLATFORMS.values()
            for measure in platform.measures
            if measure.metric.name in {"views", "shares"}
        }
        assert all(counts.values())
        assert counts["shares", "bluesky"] == counts["shares", "threads"] == "reposts"
        assert counts["shares", "instagram"] == "sends to others or to a story"

    def test_numbers_with_and_without_advertisements_are_named(self) -> None:
        posts = pd.concat([metrics_of([1], "impressions", None, name) for name in ("linkedin", "twitter")])
        assert definitions.definition_lines(posts, "impressions") == [
            "impressions with or without advertisements: organic (LinkedIn); paid and organic (X)"
        ]
        assert definitions.definition_lines(posts[posts["platform"] == "twitter"], "impressions") == []

    def test_likes_have_one_definition(self) -> None:
        posts = pd.concat([metrics_of([1], "likes", "likes", name) for name in ("facebook", "tiktok")])
        assert definitions.definition_lines(posts, "likes") == []

    def test_plots_of_several_platforms_name_the_parts(self) -> None:
        text = "The first rhubarb danish"
        sent = [
            {"platform": "bluesky", "id": "b", "created": "2026-03-01T00:00:00Z", "post": text, "likeCount": 60,
             "replyCount": 10, "repostCount": 30, "quoteCount": 20},
            {"platform": "instagram", "id": "i", "created": "2026-03-01T01:00:00Z", "post": text, "likeCount": 100,
             "commentsCount": 10},
        ]  # fmt: skip
        plot = ayr.from_posts(sent, as_of="2026-03-31").ayr.plot
        parts = "likes+comments+shares+quotes (Bluesky); likes+comments (Instagram)"
        for draw in (plot.crossposts, plot.timeline, plot.top_posts):
            assert parts in title_of(draw(ax=make_axes()))


class TestBestTimes:
    @staticmethod
    def table(name: str, cells: dict[tuple[int, int], tuple[int, float]]) -> pd.DataFrame:
        rows = [
            (name, day, hour, *cells.get((day, hour), (0, np.nan)))
            for day in range(7) for hour in range(24)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["platform", "weekday", "hour", "posts_with", "median"])
        table = table.astype({"weekday": "Int64", "hour": "Int64", "posts_with": "Int64"})
        return table.assign(posts=table["posts_with"], thin=(table["posts_with"] < 5).astype("boolean"))

    @staticmethod
    def draw(table: pd.DataFrame, **options: Any) -> Axes:
        posts = pd.concat([metrics_of([1.0] * 9, "likes", platform=name) for name in ("tiktok", "twitter")])
        return best_times.draw_best_times(table, posts, "likes", ax=make_axes(), **options)

    def test_cells_show_medians_and_counts(self) -> None:
        ax = self.draw(self.table("tiktok", {(2, 7): (6, 30.0), (6, 23): (1, np.nan)}))
        drawn = ax.collections[0].get_array()
        assert (drawn[2, 7], drawn.count()) == (30.0, 1)
        assert {(text.get_position(), text.get_text()) for text in ax.texts} == {((7, 2), "6"), ((23, 6), "1")}
        assert row_labels(ax) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    def test_cells_with_few_posts_are_hatched_and_have_no_color(self) -> None:
        ax = self.draw(self.table("tiktok", {(2, 7): (5, 30.0), (6, 23): (4, np.nan)}))
        assert [patch.get_xy() for patch in ax.patches if patch.get_hatch()] == [(22.5, 5.5)]
        assert ax.collections[0].get_array().mask[6, 23]
        assert "a median needs 5, hatched: fewer posts, no median" in title_of(ax)

    def test_hours_without_enough_posts_show_only_counts(self) -> None:
        ax = self.draw(self.table("tiktok", {(2, 7): (3, np.nan)}))
        assert ax.collections[0].get_array().count() == 0
        assert [text.get_text() for text in ax.texts] == ["3"]
        assert "a median needs 5, no hour has as many" in title_of(ax)
        assert len(ax.figure.axes) == 1

    def test_title_states_platform_and_number_of_posts(self) -> None:
        ax = self.draw(self.table("twitter", {(2, 7): (6, 30.0)}), tz="Asia/Tokyo")
        assert title_of(ax).startswith(
            "Median of likes by weekday and hour, X "
            "n = 9 posts, 6 of them the account's own, at least 7 days old and with data"
        )
        assert ax.get_xlabel() == "hour of publication (Asia/Tokyo)"

    @pytest.mark.parametrize(
        ("age", "text"), [("7D", "7 days"), ("1D", "1 day"), ("36h", "1.5 days"), ("0h", "0 hours")]
    )
    def test_title_states_the_age(self, age: str, text: str) -> None:
        ax = self.draw(self.table("tiktok", {(2, 7): (6, 30.0)}), limits=(5, age))
        assert f"at least {text} old" in title_of(ax)

    def test_several_platforms_require_a_choice(self) -> None:
        both = pd.concat([self.table("tiktok", {(1, 1): (5, 1.0)}), self.table("twitter", {(1, 1): (5, 2.0)})])
        with pytest.raises(ValueError, match="tiktok, twitter"):
            self.draw(both)
        assert self.draw(both, platform="x").collections[0].get_array()[1, 1] == 2
        with pytest.raises(ValueError, match=r"no posts of YouTube\. Choose from: TikTok, X"):
            self.draw(both, platform="youtube")


class TestTopPosts:
    @staticmethod
    def table(name: str, values: list[float], normal: list[float], texts: list[object] | None = None) -> pd.DataFrame:
        table = child_table([(str(number), value) for number, value in enumerate(values)], "value", platform=name)
        created = pd.Timestamp("2026-01-05T10:00:00Z").as_unit("us")
        return table.assign(normal=normal, created=created, post=texts or [f"post {value:g}" for value in values])

    @staticmethod
    def draw(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
        """Draw a table of the top posts of six, one of which has no value."""
        posts = metrics_of(
            [1, 1, 1, 1, 1, None], "views", platform=table["platform"].iloc[0] if len(table) else "tiktok"
        )
        return top_posts.draw_top_posts(table, posts, "views", ax=ax)

    def test_bars_show_values_and_lines_normal_values(self) -> None:
        ax = self.draw(self.table("tiktok", [30, 20], [10, np.nan]), make_axes())
        assert bar_widths(ax) == [30, 20]
        assert row_labels(ax) == ["post 30", "post 20"]
        assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {style.platform_style("tiktok").color.lower()}
        (line,) = ax.collections[-1].get_segments()
        assert line[:, 0].tolist() == [10, 10]
        assert title_of(ax) == (
            "Top posts by views TikTok: top 2 of n = 6 posts, 5 with data "
            "line: normal, the median of at least 5 other posts of the account of this kind and format, "
            "known for 1 of them"
        )

    def test_line_is_drawn_with_at_least_five_other_posts(self) -> None:
        sent = [{"id": str(likes), "created": "2026-03-01T00:00:00Z", "likeCount": likes} for likes in range(6)]
        lines = []
        for count in (5, 6):
            ax = ayr.from_posts(sent[:count], platform="bluesky").ayr.plot.top_posts("likes", ax=make_axes())
            lines.append([line[0, 0] for part in ax.collections[-1:] for line in part.get_segments()])
            assert ("line: normal" in title_of(ax)) == (count == 6)
        # The median of 0 to 4 is 2, that of 0, 1, 2, 3 and 5 also.
        assert lines == [[], [2, 2, 2, 3, 3, 3]]

    def test_platforms_far_apart_are_dots_on_log_axis(self) -> None:
        both = pd.concat([self.table("tiktok", [3000], [100]), self.table("twitter", [3], [1])])
        ax = self.draw(both, make_axes())
        assert (ax.get_xscale(), len(ax.patches)) == ("log", 0)
        assert ax.get_xlabel() == "views, log scale"
        assert row_labels(ax) == ["TikTok", "post 3000", "X", "post 3"]
        (dots,) = [collection for collection in ax.collections if len(collection.get_offsets()) == 2]
        assert dots.get_offsets().tolist() == [[3000, 1], [3, 3]]

    def test_post_without_text_is_labelled_by_date(self) -> None:
        ax = self.draw(self.table("tiktok", [3, 2], [1, 1], [None, " \n"]), make_axes())
        assert row_labels(ax) == ["(no text, 2026-01-05) 10:00 (1)", "(no text, 2026-01-05) 10:00 (2)"]

    def test_equal_labels_of_a_platform_are_distinguished(self) -> None:
        days = pd.to_datetime(["2026-01-05T08:00Z", "2026-01-06T08:00Z", "2026-01-06T20:30Z", "2026-01-06T20:30Z"])
        same = self.table("tiktok", [4, 3, 2, 1], [1] * 4, ["Fresh rye"] * 4).assign(created=days)
        other = self.table("twitter", [9, 8], [1, 1], ["Fresh rye", "word " * 20 + "end"])
        ax = self.draw(pd.concat([same, other]), make_axes())
        assert row_labels(ax) == [
            "TikTok", "Fresh rye 2026-01-05", "Fresh rye 2026-01-06 08:00", "Fresh rye 2026-01-06 20:30 (1)",
            "Fresh rye 2026-01-06 20:30 (2)", "X", "Fresh rye", "word word word word word word word word…",
        ]  # fmt: skip

    def test_labels_that_are_equal_when_shortened_are_distinguished(self) -> None:
        texts: list[object] = ["Order before six tonight and pick up rye bread, loaf " + end for end in ("one", "two")]
        table = self.table("tiktok", [4, 3], [1, 1], texts)
        table["created"] = pd.to_datetime(["2026-01-05T08:00Z", "2026-01-06T08:00Z"])
        assert row_labels(self.draw(table, make_axes())) == [
            "Order before six tonight and… 2026-01-05", "Order before six tonight and… 2026-01-06",
        ]  # fmt: skip

    def test_new_figure_height_grows_with_rows(self) -> None:
        few, many = (self.draw(self.table("tiktok", [1.0] * n, [1.0] * n)) for n in (10, 60))
        assert many.figure.get_figheight() > 3 * few.figure.get_figheight()

    def test_labels_on_small_axes_do_not_overlap(self) -> None:
        axes = Figure(figsize=(6, 3)).subplots(2, 2)
        table = self.table("tiktok", [1.0] * 20, [1.0] * 20, ["word " * 20] * 20)
        with pytest.warns(ayr.DataWarning) as caught:
            ax = self.draw(table, axes[0, 0])
        ax.figure.draw_without_rendering()
        without = sum(not label.get_text() for label in ax.get_yticklabels())
        assert [str(warning.message) for warning in caught] == [
            f"{without} of 20 rows of the plot have no label: the Axes is too small. "
            "Draw it in a larger figure, or select fewer posts, platforms or columns."
        ]
        boxes = [label.get_window_extent() for label in ax.get_yticklabels() if label.get_text()]
        assert len(boxes) >= 3
        assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))
        assert min(label.get_fontsize() for label in ax.get_yticklabels()) >= 4.5


class TestCrossposts:
    TABLE = pd.DataFrame(
        {
            "created": NOW, "post": ["one", "two", "three"], "tiktok": [1000.0, 50.0, np.nan],
            "twitter": [10.0, np.nan, 2.0], "youtube": np.nan, "networks": pd.array([2, 2, 2], dtype="Int64"),
        }
    )  # fmt: skip

    def test_each_platform_with_a_value_has_a_dot(self) -> None:
        ax = crossposts.draw_crossposts(self.TABLE.assign(instagram=[5.0, 6.0, np.nan]), "likes", ax=make_axes())
        dots = {line.get_label(): list(zip(*line.get_data(), strict=True)) for line in ax.lines}
        assert dots == {"Instagram": [(5, 0), (6, 1)], "TikTok": [(1000, 0), (50, 1)], "X": [(10, 0)]}
        assert ax.get_xscale() == "log"
        assert row_labels(ax) == ["one", "two"]

    def test_contents_with_one_value_are_left_out(self) -> None:
        ax = crossposts.draw_crossposts(self.TABLE, "likes", ax=make_axes())
        assert row_labels(ax) == ["one"]
        assert "latest 1 of 3 contents, 1 with data on two or more networks n = 2 posts" in title_of(ax)


class TestCoverage:
    TABLE = pd.DataFrame(
        [
            ("tiktok", "likes", "too fresh", 1), ("tiktok", "likes", "not sent", 2), ("tiktok", "views", "not sent", 4),
            ("twitter", "views", "not in this endpoint", 2),
        ],
        columns=["platform", "column", "reason", "count"],
    ).astype({"count": "Int64"})  # fmt: skip
    POSTS = pd.concat([metrics_of([1.0] * 4, "likes"), metrics_of([1.0] * 2, "likes", platform="twitter")])

    def test_bars_are_shares_of_the_posts_of_the_platform_by_reason(self) -> None:
        ax = coverage.draw_coverage(self.TABLE, self.POSTS, "metrics", ax=make_axes())
        assert row_labels(ax) == ["TikTok", "likes", "views", "X", "views"]
        bars = {
            part.get_label(): [
                (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width()) for bar in part
            ]
            for part in ax.containers
        }
        assert bars == {
            "not in this endpoint": [(4, 0, 1)],
            "too fresh": [(1, 0, 0.25)],
            "not sent": [(1, 0.25, 0.5), (2, 0, 1)],
        }
        assert [text.get_text() for text in ax.texts] == ["75.0 %", "100.0 %", "100.0 %"]
        assert [text.get_text() for text in ax.get_legend().get_texts()] == list(bars)
        assert "n = 6 posts; metrics without missing values are not drawn" in title_of(ax)

    def test_each_post_counts_once(self) -> None:
        posts = ayr.load_sample("x")
        older = posts.assign(as_of=posts["as_of"] - pd.Timedelta("1D"))
        once, twice = (frame.ayr.plot.coverage(ax=make_axes()) for frame in (posts, pd.concat([older, posts])))
        assert (bar_widths(once), title_of(once)) == (bar_widths(twice), title_of(twice))

    def test_complete_posts_have_no_missing_values(self) -> None:
        ax = coverage.draw_coverage(self.TABLE[:0], self.POSTS, "metrics", ax=make_axes())
        assert [text.get_text() for text in ax.texts] == ["No value is missing."]


class TestAboveNormal:
    @staticmethod
    def table(ratios: list[float | None], texts: list[str] | None = None) -> pd.DataFrame:
        rows = [(str(number), ratio) for number, ratio in enumerate(ratios)]
        table = child_table(rows, "ratio").astype({"ratio": "float64"})
        days = pd.date_range("2026-01-05", periods=len(ratios), tz="UTC", unit="us")
        return table.assign(created=days, post=texts or [f"post {number}" for number in range(len(ratios))])

    def test_posts_are_drawn_relative_to_normal_and_the_highest_are_listed(self) -> None:
        ax = above_normal.draw_above_normal(self.table([0.5, 8, None, 2, 40]), "likes", 2, ax=make_axes())
        line, dots = ax.lines[:2]
        assert line.get_ydata() == [1, 1]
        assert dots.get_ydata().tolist() == [0.5, 8, 2, 40]
        assert dots.get_xdata()[1] == np.datetime64("2026-01-06")
        assert [(text.xy[1], text.get_text()) for text in ax.texts] == [(40, "1"), (8, "2")]
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["TikTok", "1: 40× post 4", "2: 8× post 1"]
        assert "TikTok: n = 5 posts, 4 with data and a normal" in title_of(ax)
        assert "the median of at least 5 other posts" in title_of(ax)

    def test_zero_is_drawn(self) -> None:
        assert above_normal.draw_above_normal(self.table([0, 2]), "likes", ax=make_axes()).get_yscale() == "symlog"

    def test_posts_below_normal_are_not_listed(self) -> None:
        ax = above_normal.draw_above_normal(self.table([0.5, 0.2]), "likes", ax=make_axes())
        assert list(ax.texts) == []


class TestReactionPeriods:
    TABLE = child_table(
        [("a", "like", "Like", 3), ("b", "like", "Like", 1), ("b", "love", "Love", 1), ("c", "like", "Like", 5),
         ("d", "like", "Like", None), ("e", "like", "Like", 7)],
        "reaction", "label", "count", platform="linkedin",
    ).astype({"count": "Int64"})  # fmt: skip
    POSTS = child_table(
        [("a", "2026-01-31T23:30Z"), ("b", "2026-01-05"), ("c", "2026-03-05"), ("d", "2026-03-05"), ("e", None)],
        "created", platform="linkedin",
    ).astype({"created": "datetime64[us, UTC]"})  # fmt: skip

    def draw(self, values: str = "share", **options: Any) -> Axes:
        return reaction_periods.draw_reaction_periods(
            self.TABLE, self.POSTS, "month", values, ax=make_axes(), **options
        )

    @staticmethod
    def heights(ax: Axes) -> dict[str, list[float]]:
        return {str(part.get_label()): [bar.get_height() for bar in part] for part in ax.containers}

    def test_bars_are_shares_of_each_period(self) -> None:
        ax = self.draw()
        assert self.heights(ax) == {"Like": pytest.approx([0.8, 0, 1]), "Love": pytest.approx([0.2, 0, 0])}
        assert [label.get_text() for label in ax.get_xticklabels()] == ["2026-01", "2026-02", "2026-03"]
        assert [text.get_text() for text in ax.texts] == ["2", "1"]
        assert title_of(ax).startswith("Reactions by kind, per month, LinkedIn n = 5 posts, 3 with data;")

    def test_bars_are_counts_in_the_time_zone(self) -> None:
        ax = self.draw("count", tz="Europe/Berlin")
        assert self.heights(ax) == {"Like": [1, 3, 5], "Love": [1, 0, 0]}
        assert ax.get_xlabel() == "month of publication (Europe/Berlin)"

    def test_several_platforms_require_a_choice(self) -> None:
        posts = ayr.load_sample(["facebook", "linkedin"])
        with pytest.raises(ValueError, match="facebook, linkedin"):
            posts.ayr.plot.reactions(by="month")
        assert "Facebook" in title_of(posts.ayr.plot.reactions(by="month", platform="facebook", ax=make_axes()))
        with pytest.raises(ValueError, match="Choose from: day"):
            posts.ayr.plot.reactions(by="hour")  # type: ignore[arg-type]


class TestCalendar:
    @staticmethod
    def posts(*times: str | None) -> pd.DataFrame:
        rows = [(str(number), time) for number, time in enumerate(times)]
        return child_table(rows, "created").astype({"created": "datetime64[us, UTC]"})

    def test_each_day_has_its_number_of_posts(self) -> None:
        posts = self.posts("2026-01-07T10:00:00Z", "2026-01-07T11:00Z", "2026-01-18T23:30Z", None, "2029-01-01")
        ax = calendar.draw_calendar(posts, ax=make_axes())
        drawn = ax.collections[0].get_array()
        assert drawn.shape == (7, 2)
        # Wednesday of the first week, Sunday of the second; a post dated after its reading has a wrong date.
        assert (drawn[2, 0], drawn[6, 1], drawn.count()) == (2, 1, 2)
        assert title_of(ax) == "Posts published per day, TikTok n = 5 posts, 3 with data"
        assert ax.get_xticklabels()[0].get_text() == "2026-01-05"

    def test_days_are_those_of_the_time_zone(self) -> None:
        ax = calendar.draw_calendar(self.posts("2026-01-18T23:30Z"), tz="Europe/Berlin", ax=make_axes())
        assert ax.collections[0].get_array()[0, 0] == 1

    def test_more_than_ten_years_raise(self) -> None:
        with pytest.raises(ValueError, match="from 1990 to 2026 would have more than 530 weeks"):
            calendar.draw_calendar(self.posts("1990-01-01", "2026-01-01"))


class TestCompare:
    @staticmethod
    def table(*rows: tuple[str, str, str, float | None, float | None, float | None, str | None]) -> pd.DataFrame:
        columns = ["platform", "metric", "statistic", "before", "this", "change", "note"]
        table = pd.DataFrame(list(rows), columns=columns).astype(dict.fromkeys(columns[3:6], "float64"))
        incomplete = table["note"].eq("incomplete period")
        return table.assign(
            period_before="2026-01", period_this="2026-02", complete_before=True, complete_this=~incomplete
        ).astype({"complete_this": "boolean", "complete_before": "boolean"})

    def test_bars_show_changes_and_labels_both_values(self) -> None:
        table = self.table(
            ("tiktok", "posts", "count", 4, 8, 1.0, None),
            ("tiktok", "likes", "sum", 200, 150, -0.25, "younger posts"),
            ("tiktok", "reach", "median", 10, None, None, None),
            ("tiktok", "er_views", "rate", 0.05, 0.1, 1.0, None),
            ("tiktok", "saves", "sum", None, None, None, None),
        )
        ax = compare.draw_compare(table, ax=make_axes())
        assert row_labels(ax) == ["posts", "likes", "reach (people), median", "engagements / views"]
        assert bar_widths(ax) == [1.0, -0.25, 0, 1.0]
        assert [text.get_text() for text in ax.texts] == [
            "+100.0 % (4 → 8)", "-25.0 % (200 → 150) younger posts", "(10 → unknown)", "+100.0 % (5 % → 10 %)",
        ]  # fmt: skip
        assert title_of(ax) == "Change from 2026-01 to 2026-02, TikTok n = 4 posts in 2026-01, 8 in 2026-02"
        assert [text.xy[0] for text in ax.texts] == [1, 0, 0, 1]

    def test_incomplete_periods_are_hollow_and_dashed(self) -> None:
        table = self.table(
            ("tiktok", "likes", "sum", 20, 30, 0.5, None), ("twitter", "likes", "sum", 2, 3, 0.5, "incomplete period")
        )
        ax = compare.draw_compare(table, ax=make_axes())
        whole, part = ax.patches
        assert (whole.get_linestyle(), part.get_linestyle()) == ("solid", "--")
        assert to_hex(part.get_facecolor()) == "#ffffff" != to_hex(whole.get_facecolor())
        assert "hollow, dashed: one of the periods is not complete" in title_of(ax)
        assert row_labels(ax) == ["TikTok", "likes", "X", "likes"]

    def test_other_groups_are_named_with_the_platform(self) -> None:
        table = self.table(*[("tiktok", "likes", "sum", 20, 30, 0.5, None)] * 2)
        table.insert(1, "format", ["video", None])
        assert row_labels(compare.draw_compare(table, ax=make_axes())) == [
            "TikTok, video", "likes", "TikTok, (none)", "likes",
        ]  # fmt: skip


EMPTY: dict[str, Callable[[Axes], Axes]] = {
    "reactions": lambda ax: reactions.draw_reactions(TestReactions.LINKEDIN[:0], TestReactions.POSTS, ax=ax),
    "impression_sources": lambda ax: impression_sources.draw_impression_sources(
        TestWeightedShares.SOURCES[:0], posts_with_views({}), ax=ax
    ),
    "audience": lambda ax: audience.draw_audience(TestAudience.COUNTRIES[:0], posts_with_views({}), "cities", ax=ax),
    "retention": lambda ax: retention.draw_curves(
        TestCurves.TABLE[:0], posts_with_views({}), retention.RETENTION, ax=ax
    ),
    "coverage": lambda ax: coverage.draw_coverage(TestCoverage.TABLE[:0], posts_with_views({}), "metrics", ax=ax),
    "above_normal": lambda ax: above_normal.draw_above_normal(TestAboveNormal.table([])[:0], "likes", ax=ax),
    "above_normal of NA": lambda ax: above_normal.draw_above_normal(TestAboveNormal.table([None]), "likes", ax=ax),
    "compare": lambda ax: compare.draw_compare(TestCompare.table(), ax=ax),
    "calendar": lambda ax: calendar.draw_calendar(TestCalendar.posts(None)[:0], ax=ax),
    "calendar of NaT": lambda ax: calendar.draw_calendar(TestCalendar.posts(None), ax=ax),
    "reactions by month": lambda ax: reaction_periods.draw_reaction_periods(
        TestReactionPeriods.TABLE[:0], TestReactionPeriods.POSTS, "month", ax=ax
    ),
    "completion": lambda ax: completion.draw_completion(
        TestCompletion.TABLE[:0], TestCompletion.POSTS, "organic", ax=ax
    ),
    "timeline": lambda ax: timeline.draw_timeline(
        TestTimeline.table("tiktok", [1])[:0], metrics_of([], "likes"), "likes", ax=ax
    ),
    "timeline of NA": lambda ax: timeline.draw_timeline(
        TestTimeline.table("tiktok", [None]), metrics_of([None], "likes"), "likes", ax=ax
    ),
    "best_times": lambda ax: best_times.draw_best_times(
        TestBestTimes.table("tiktok", {})[:0], metrics_of([], "likes"), "likes", ax=ax
    ),
    "best_times of NA": lambda ax: best_times.draw_best_times(
        TestBestTimes.table("tiktok", {}), metrics_of([None], "likes"), "likes", ax=ax
    ),
    "top_posts": lambda ax: TestTopPosts.draw(TestTopPosts.table("tiktok", [], []), ax),
    "top_posts of NA": lambda ax: TestTopPosts.draw(TestTopPosts.table("tiktok", [np.nan], [1]), ax),
    "crossposts": lambda ax: crossposts.draw_crossposts(TestCrossposts.TABLE[:0], "likes", ax=ax),
    "crossposts of none": lambda ax: crossposts.draw_crossposts(
        TestCrossposts.TABLE[["created", "post", "networks"]], "likes", ax=ax
    ),
}


@pytest.mark.parametrize("name", EMPTY)
def test_plot_without_data_states_the_reason(name: str) -> None:
    ax = EMPTY[name](make_axes())
    ax.figure.draw_without_rendering()
    (message,) = [text.get_text() for text in ax.texts]
    assert message.startswith("No ")
    assert message.endswith(".")
    assert title_of(ax)
    assert ax.get_xlabel()
    assert [*ax.lines, *ax.patches, *ax.get_xticks()] == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("family", ["DejaVu Sans", "DejaVu Sans Mono"])
def test_X3_any_text_can_be_drawn(text: str, family: str) -> None:
    with mpl.rc_context({"font.family": family}):
        for ax in (
            TestTopPosts.draw(TestTopPosts.table("tiktok", [3], [1], [text]), make_axes()),
            crossposts.draw_crossposts(TestCrossposts.TABLE.assign(post=text), "likes", ax=make_axes()),
            impression_sources.draw_impression_sources(
                child_table([("a", text, 1.0)], "s", "fraction"), posts_with_views({"a": 1}), ax=make_axes()
            ),
            reactions.draw_reactions(
                child_table([("a", text, None, 2)], "r", "label", "count").rename(columns={"r": "reaction"}),
                TestReactions.POSTS,
                ax=make_axes(),
            ),
        ):
            ax.figure.draw_without_rendering()
            assert all("\n" not in label and len(label) <= 44 for label in row_labels(ax))
            assert not any(label.get_parse_math() or label.get_usetex() for label in ax.get_yticklabels())


def test_X3_texts_are_not_parsed_as_mathematics() -> None:
    ax = TestTopPosts.draw(TestTopPosts.table("tiktok", [3], [1], HOSTILE[:1]), make_axes())
    for text in [ax.title, ax._left_title, ax.xaxis.label, *ax.texts, *ax.get_yticklabels()]:
        assert isinstance(text, Text)
        assert not text.get_text() or not text.get_parse_math()
    assert row_labels(ax) == ["costs $5 or $\\foo$ and \\alpha_{x}^2 %&#~"]


class TestLabels:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("two\nlines\r\n\tand  more ", "two lines and more"),
            ("\x00\x07\u202eevil\u202c\ufeff", "evil"),
            ("👩🏽‍🍳|👨‍👩‍👧‍👦|🇩🇪|❤️|1️⃣", "👩|👨|🇩|❤|1⃣"),
            ("a\u0301\u0302\u0303\u0304b", "á\u0302\u0303b"),
            (None, ""),
            (float("nan"), ""),
            (pd.NA, ""),
        ],
    )
    def test_clean_text_returns_one_line(self, text: object, line: str) -> None:
        assert labels.clean_text(text) == line

    def test_shorten_label_cuts_between_words(self) -> None:
        assert labels.shorten_label("Order before six tonight and pick it up", 30) == "Order before six tonight and…"

    def test_shorten_label_counts_wide_characters_twice(self) -> None:
        assert labels.shorten_label("日本語" * 20, 21) == "日本語日本語日本語日…"

    def test_shorten_label_leaves_short_text_unchanged(self) -> None:
        assert labels.shorten_label("a" * 44) == "a" * 44

    @pytest.fixture
    def few_fonts(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Pretend that no fonts are installed but one, whatever this computer has."""
        monkeypatch.setattr(labels, "_installed_families", lambda: {"DejaVu Sans": findfont("DejaVu Sans")})
        labels.find_family.cache_clear()
        yield
        labels.find_family.cache_clear()

    @pytest.mark.usefixtures("few_fonts")
    def test_missing_glyph_becomes_a_box(self) -> None:
        text, families = labels.replace_missing_glyphs("a日🎉ä", FontProperties(family="DejaVu Sans"))
        assert (text, families) == ("a□□ä", ["DejaVu Sans"])

    def test_glyph_of_fallback_font_is_used(self) -> None:
        both = ["cmr10", "DejaVu Sans"]
        assert labels.replace_missing_glyphs("€∮", FontProperties(family=both)) == ("€∮", both)

    def test_glyph_of_another_installed_font_is_used(self) -> None:
        text, families = labels.replace_missing_glyphs("a€", FontProperties(family=["cmr10"]))
        assert (text, families[0], len(families)) == ("a€", "cmr10", 2)
        assert ord("€") in get_font(findfont(families[1])).get_charmap()

    def test_font_of_the_language_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dejavu = findfont("DejaVu Sans")
        names = ("Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC")
        monkeypatch.setattr(labels, "_installed_families", lambda: dict.fromkeys(names, dejavu))
        labels.find_family.cache_clear()
        assert [labels.find_family(ord("€"), language) for language in ("JP", "KR", "SC")] == list(names)
        labels.find_family.cache_clear()

    def test_fonts_that_cannot_be_read_are_skipped(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (broken := tmp_path / "broken.ttf").write_bytes(b"no font")
        paths = {"Broken": str(broken), "Gone": str(tmp_path / "gone.ttf"), "Whole": findfont("DejaVu Sans")}
        monkeypatch.setattr(labels, "_installed_families", lambda: paths)
        labels.find_family.cache_clear()
        assert labels.find_family(ord("€")) == "Whole"
        labels.find_family.cache_clear()

    @pytest.mark.parametrize(
        ("name", "is_usable"),
        [("Noto Color Emoji", False), ("Apple Color Emoji", False), ("Twemoji Mozilla", False), ("Noto Emoji", True),
         ("Segoe UI Emoji", True), ("Symbola", True), ("Noto Sans CJK JP", True), ("Last Resort", False)],
    )  # fmt: skip
    def test_fonts_of_colored_pictures_are_not_used(self, name: str, is_usable: bool) -> None:
        assert (labels._UNUSABLE_FONTS.search(name) is None) == is_usable

    def test_fonts_that_draw_a_box_for_every_character_are_not_used(self) -> None:
        assert labels.find_family(0x10FFFD) is None

    @pytest.mark.usefixtures("few_fonts")
    def test_plot_with_missing_glyphs_warns_once_and_names_fonts(self) -> None:
        sent = [
            {"id": str(number), "created": "2026-03-01T00:00:00Z", "likeCount": 5, "post": text}
            for number, text in enumerate(["日本🎉", "한국 and 日", "plain"])
        ]
        plot = ayr.from_posts(sent, platform="bluesky").ayr.plot
        with pytest.warns(ayr.DataWarning) as caught:
            ax = plot.top_posts("likes", ax=make_axes())
        assert len(caught) == 1
        assert str(caught[0].message) == (
            "No installed font has 5 of the characters in this plot; they are drawn as □. "
            "Install Noto Sans CJK JP (for 日 本), Noto Sans CJK KR (for 국 한), Noto Emoji (for 🎉), "
            "then delete the folder that matplotlib.get_cachedir() returns."
        )
        assert caught[0].filename == __file__
        assert row_labels(ax) == ["□□□", "□□ and □", "plain"]


class TestPlatformStyles:
    def test_colors_and_markers_are_unique(self) -> None:
        styles = [style.platform_style(name) for name in PLATFORMS]
        assert len({to_hex(platform.color) for platform in styles}) == len(PLATFORMS)
        assert len({platform.marker for platform in styles}) == len(PLATFORMS)

    def test_colors_differ_in_greyscale(self) -> None:
        rgb = np.array([mpl.colors.to_rgb(style.platform_style(name).color) for name in PLATFORMS])
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        lightness = np.sort(116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16)
        assert np.diff(lightness).min() > 4

    def test_unknown_platform_has_a_style(self) -> None:
        assert style.platform_style("myspace").title == "myspace"


@pytest.mark.parametrize(
    ("value", "short"),
    [(0, "0"), (950, "950"), (1500, "1,500"), (12000, "12k"), (1.5e6, "1.5M"), (2e9, "2B"), (0.25, "0.25")],
)
def test_format_short_abbreviates_large_numbers(value: float, short: str) -> None:
    assert scales.format_short(value) == short


def sample_posts(name: str) -> pd.DataFrame:
    platform, _, analytics = name.partition(" with ")
    return ayr.load_sample(platform, analytics=bool(analytics))


SAMPLES: dict[str, tuple[str, Callable[[PlotAccessor, Axes | None], Axes]]] = {
    "reactions": ("linkedin", lambda plot, ax: plot.reactions(ax=ax)),
    "impression_sources": ("tiktok", lambda plot, ax: plot.impression_sources(ax=ax)),
    "retention": ("tiktok", lambda plot, ax: plot.retention(ax=ax)),
    "video_view_retention": ("tiktok", lambda plot, ax: plot.video_view_retention(ax=ax)),
    "engagement_likes": ("tiktok", lambda plot, ax: plot.engagement_likes(ax=ax)),
    "audience_countries": ("tiktok", lambda plot, ax: plot.audience_countries(ax=ax)),
    "audience_cities": ("tiktok", lambda plot, ax: plot.audience_cities(ax=ax)),
    "audience_genders": ("tiktok with analytics", lambda plot, ax: plot.audience_genders(ax=ax)),
    "audience_types": ("tiktok with analytics", lambda plot, ax: plot.audience_types(ax=ax)),
    "calendar": ("tiktok", lambda plot, ax: plot.calendar(ax=ax)),
    "compare": ("all", lambda plot, ax: plot.compare(ax=ax)),
    "coverage": ("tiktok", lambda plot, ax: plot.coverage(ax=ax)),
    "above_normal": ("all", lambda plot, ax: plot.above_normal(ax=ax)),
    "audience": ("tiktok", lambda plot, ax: plot.audience(ax=ax)),
    "completion": ("twitter", lambda plot, ax: plot.completion(ax=ax)),
    "timeline": ("all", lambda plot, ax: plot.timeline(ax=ax)),
    "best_times": ("tiktok", lambda plot, ax: plot.best_times(ax=ax)),
    "top_posts": ("all", lambda plot, ax: plot.top_posts(ax=ax)),
    "crossposts": ("all", lambda plot, ax: plot.crossposts(ax=ax)),
    "growth": ("all", lambda plot, ax: plot.growth(ax=ax)),
}


@pytest.mark.filterwarnings("ignore:[0-9]+ of [0-9]+ rows of the plot have no label")
@pytest.mark.filterwarnings("ignore:No installed font")
@pytest.mark.parametrize("name", SAMPLES)
class TestEachPlot:
    def test_plot_draws_on_given_axes(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        figures, ax = plt.get_fignums(), make_axes()
        assert draw(PlotAccessor(sample_posts(sample)), ax) is ax
        assert plt.get_fignums() == figures
        assert "n = " in title_of(ax)
        ax.figure.draw_without_rendering()

    def test_plot_can_be_pickled(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        ax = pickle.loads(pickle.dumps(draw(PlotAccessor(sample_posts(sample)), make_axes())))
        ax.figure.draw_without_rendering()
        assert "n = " in title_of(ax)

    def test_plot_without_axes_creates_one_figure(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        figures = plt.get_fignums()
        ax = draw(PlotAccessor(sample_posts(sample)), None)
        assert len(plt.get_fignums()) == len(figures) + 1
        assert ax.figure.number == plt.get_fignums()[-1]

    def test_plot_of_empty_frame_states_the_reason(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        ax = draw(PlotAccessor(sample_posts(sample)[:0]), make_axes())
        ax.figure.draw_without_rendering()
        assert ax.texts[0].get_text().startswith("No ")

    def test_plot_of_posts_without_numbers_states_the_reason(self, name: str) -> None:
        _, draw = SAMPLES[name]
        platform = "twitter" if name == "completion" else "linkedin" if name == "reactions" else "tiktok"
        posts = ayr.from_posts([{"id": "1", "post": "$\\x$"}, {"id": "2"}], platform=platform, as_of=NOW)
        ax = draw(PlotAccessor(posts), make_axes())
        ax.figure.draw_without_rendering()
        # The plot of missing values draws them.
        assert ax.texts[0].get_text().startswith("No ") or name == "coverage"


def few_posts(name: str) -> pd.DataFrame:
    return sample_posts(name).groupby("platform", as_index=False).head(9)


def boxes_in_figure(axes: list[Axes]) -> list[Any]:
    """Draw a figure and return the boxes of Axes with all of their texts, which must be inside the figure."""
    figure = axes[0].figure
    figure.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in axes]
    for box in boxes:
        assert box.x0 > -3
        assert box.y0 > -3
        assert box.x1 < figure.bbox.x1 + 3
        assert box.y1 < figure.bbox.y1 + 3
    return boxes


@pytest.mark.filterwarnings("ignore:[0-9]+ of [0-9]+ rows of the plot have no label")
@pytest.mark.filterwarnings("ignore:No installed font")
@pytest.mark.parametrize("name", SAMPLES)
class TestRoom:
    def test_plot_fits_into_a_small_figure_without_layout_engine(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        ax = draw(PlotAccessor(few_posts(sample)), Figure(figsize=(3, 2.2)).subplots())
        boxes_in_figure([ax])
        assert ax.bbox.height > 0.15 * ax.figure.bbox.height
        assert ax.bbox.width > 0.3 * ax.figure.bbox.width
        assert ax.figure.get_layout_engine() is None
        texts = [text for text in ax.findobj(Text) if text.get_text() and text.get_visible()]
        assert min(text.get_fontsize() for text in texts) >= 4

    @pytest.mark.parametrize("hidden", ["labels", "ticks", "shared"])
    def test_plot_with_hidden_labels_is_drawn(self, name: str, hidden: str) -> None:
        sample, draw = SAMPLES[name]
        figure = Figure()
        ax = figure.subplots(2, 2, sharex="col", sharey="row")[0, 1] if hidden == "shared" else figure.subplots()
        if hidden == "labels":
            ax.tick_params(labelbottom=False, labelleft=False)
        elif hidden == "ticks":
            ax.set(xticks=[], yticks=[])
        draw(PlotAccessor(few_posts(sample)), ax)
        figure.draw_without_rendering()
        assert title_of(ax)


@pytest.mark.filterwarnings("ignore:[0-9]+ of [0-9]+ rows of the plot have no label")
@pytest.mark.filterwarnings("ignore:No installed font")
@pytest.mark.parametrize("layout", [None, "constrained"])
def test_plots_of_ten_platforms_share_a_figure(layout: Any) -> None:
    plot = PlotAccessor(sample_posts("all"))
    figure = Figure(figsize=(10, 7), layout=layout)
    axes = list(figure.subplots(2, 2).flat)
    for draw, ax in zip((plot.timeline, plot.top_posts, plot.crossposts, plot.coverage), axes, strict=True):
        draw(ax=ax)
    boxes = boxes_in_figure(axes)
    for number, box in enumerate(boxes):
        assert not any(box.padded(-2).overlaps(other.padded(-2)) for other in boxes[number + 1 :])
    assert all(ax.bbox.height > 0.25 * figure.bbox.height / 2 for ax in axes)


@pytest.mark.parametrize("figsize", [(0.5, 0.5), (1, 1), (0.3, 4)])
def test_figure_without_room_is_drawn_without_warning(figsize: tuple[float, float]) -> None:
    ax = TestTopPosts.draw(TestTopPosts.table("tiktok", [3], [1]), Figure(figsize=figsize).subplots())
    PlotAccessor(few_posts("tiktok")).timeline(ax=ax)
    ax.figure.draw_without_rendering()


def test_other_axes_keep_their_place_in_a_figure_with_free_axes() -> None:
    figure = Figure()
    free = figure.add_axes((0.1, 0.1, 0.3, 0.3))
    PlotAccessor(few_posts("tiktok")).timeline(ax=free)
    assert free.get_position().bounds == pytest.approx((0.1, 0.1, 0.3, 0.3))


class TestManyPlatforms:
    def test_timeline_of_more_than_four_platforms_is_by_month(self) -> None:
        ax = few_posts("all").ayr.plot.timeline(ax=make_axes())
        assert title_of(ax).startswith("Sum of engagements, per month")
        assert ax.get_xlabel() == "start of the month (UTC)"

    def test_timeline_of_few_platforms_is_by_week(self) -> None:
        posts = few_posts("all")
        four = posts[posts["platform"].isin(["bluesky", "facebook", "instagram", "linkedin", "youtube"])]
        # YouTube has no engagements without post analytics.
        assert four.ayr.plot.timeline(ax=make_axes()).get_xlabel() == "start of the week (UTC)"
        assert posts.ayr.plot.timeline(period="week", ax=make_axes()).get_xlabel() == "start of the week (UTC)"

    @pytest.mark.parametrize(("platforms", "drawn"), [(4, 8), (5, 5)])
    def test_growth_of_more_than_four_platforms_draws_medians_only(self, platforms: int, drawn: int) -> None:
        names = ("bluesky", "instagram", "linkedin", "tiktok", "threads")[:platforms]
        posts = pd.concat(
            ayr.from_posts(
                [
                    {
                        "id": str(number),
                        "created": "2026-02-01T00:00:00Z",
                        "likes" if name == "threads" else "likeCount": 10 * day,
                    }
                    for number in range(5)
                ],
                platform=name,
                as_of=f"2026-02-0{day}",
            )
            for name in names
            for day in (2, 4)
        )
        ax = posts.ayr.plot.growth("likes", ax=make_axes())
        assert len(ax.lines) == drawn
        assert ax.lines[-1].get_ydata().tolist() == [20, 40]
        assert ("lines: median of the same posts" in title_of(ax)) == (platforms == 5)


class TestShortAndLongAxes:
    def test_one_post_has_an_axis_of_three_months(self) -> None:
        posts = ayr.from_posts(
            [{"id": "1", "created": "2026-02-10T10:00:00Z", "likeCount": 3}], platform="bluesky", as_of="2026-03-01"
        )
        low, high = posts.ayr.plot.timeline("likes", ax=make_axes()).get_xlim()
        assert high - low == 90

    def test_calendar_of_one_week_has_narrow_cells(self) -> None:
        posts = ayr.from_posts([{"id": "1", "created": "2026-02-10T10:00:00Z"}], platform="bluesky", as_of="2026-03-01")
        ax = posts.ayr.plot.calendar(ax=make_axes())
        assert ax.get_xlim() == (-5.5, 6.5)
        assert [label.get_text() for label in ax.get_xticklabels()] == ["2026-02-09"]

    def test_dates_of_two_years_have_few_labels(self) -> None:
        days = pd.date_range("2024-03-01", "2026-03-01", freq="5D")
        sent = [{"id": str(day), "created": f"{day:%Y-%m-%d}T10:00:00Z", "likeCount": 3} for day in days]
        ax = ayr.from_posts(sent, platform="bluesky", as_of="2026-03-02").ayr.plot.timeline("likes", ax=make_axes())
        assert 3 <= len(ax.get_xticks()) <= 10


def test_legend_is_right_of_the_axes() -> None:
    both = pd.concat([TestTimeline.table("tiktok", [4, 5]), TestTimeline.table("twitter", [4, 5])])
    posts = pd.concat([metrics_of([4], "likes"), metrics_of([4], "likes", platform="twitter")])
    ax = timeline.draw_timeline(both, posts, "likes", ax=make_axes())
    ax.figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().x0 > ax.get_window_extent().x1


@pytest.mark.filterwarnings("ignore:No installed font")
@pytest.mark.parametrize("name", [name for name in dir(SharedPlots) if not name.startswith("_")])
def test_plot_of_metrics_equals_plot_of_posts(name: str) -> None:
    posts = ayr.load_sample(["instagram", "tiktok"])
    options = {"platform": "tiktok"} if name == "best_times" else {}
    of_posts, of_metrics = (
        getattr(frame.ayr.plot, name)(ax=make_axes(), **options) for frame in (posts, posts.ayr.metrics())
    )
    assert of_posts.get_title() == of_metrics.get_title()
    assert bar_widths(of_posts) == bar_widths(of_metrics)
    for line, same in zip(of_posts.lines, of_metrics.lines, strict=True):
        assert np.array_equal(np.asarray(line.get_ydata(), float), np.asarray(same.get_ydata(), float), equal_nan=True)
    for texts in ([text.get_text() for text in ax.texts] for ax in (of_posts, of_metrics)):
        assert texts == [text.get_text() for text in of_posts.texts]


def test_each_plot_gives_each_warning_once() -> None:
    posts = ayr.load_sample("tiktok")
    both = pd.concat([posts, posts.assign(profile="copy")])
    for frame in (both, both.ayr.metrics()):
        for name in ("best_times", "timeline", "top_posts"):
            with pytest.warns(ayr.DataWarning, match=r"under several profile labels \('', 'copy'\)") as caught:
                getattr(frame.ayr.plot, name)(ax=make_axes())
            assert len(caught) == 1
            assert caught[0].filename == __file__


def test_plots_of_metrics_name_those_of_posts() -> None:
    plot = ayr.load_sample("tiktok").ayr.metrics().ayr.plot
    assert repr(plot).startswith("metrics.ayr.plot: above_normal, best_times")
    with pytest.raises(
        AttributeError, match=r"`metrics\.ayr\.plot` has no plot 'retention'\. .*Choose from: above_normal"
    ):
        plot.retention()  # type: ignore[attr-defined]


class TestOwnColumns:
    @staticmethod
    def posts() -> pd.DataFrame:
        sent = [
            {"id": str(number), "created": f"2026-02-0{2 + number}T09:00:00Z", "likeCount": number, "videoViews": 10}
            for number in range(3)
        ]
        return ayr.from_posts(sent, platform="tiktok", as_of="2026-03-31").assign(spend=[10.0, 20.0, 90.0])

    @pytest.mark.parametrize(
        ("stat", "value", "label"),
        [(None, 120, "sum of spend"), ("sum", 120, "sum of spend"), ("median", 20, "median of spend per post")],
    )
    def test_timeline_of_own_column_is_a_sum_or_a_median(self, stat: Any, value: float, label: str) -> None:
        for frame in (self.posts(), self.posts().ayr.metrics()):
            ax = frame.ayr.plot.timeline("spend", period="week", stat=stat, ax=make_axes())
            assert ax.lines[0].get_ydata().tolist() == [value]
            assert (ax.get_ylabel(), title_of(ax).split(",")[0].lower()) == (label, label)

    def test_timeline_of_likes_as_median(self) -> None:
        ax = self.posts().ayr.plot.timeline("likes", stat="median", ax=make_axes())
        assert ax.lines[0].get_ydata().tolist() == [1]

    def test_timeline_with_wrong_statistic_raises(self) -> None:
        posts = ayr.load_sample("tiktok")
        with pytest.raises(ValueError, match="'reach' has no sum"):
            posts.ayr.plot.timeline("reach", stat="sum")
        with pytest.raises(ValueError, match="Choose from: sum, median"):
            posts.ayr.plot.timeline("likes", stat="mean")  # type: ignore[arg-type]

    def test_infinite_values_of_own_columns_are_left_out(self) -> None:
        posts = self.posts().assign(spend=[np.inf, 2.0, 3.0])
        assert bar_widths(posts.ayr.plot.top_posts("spend", ax=make_axes())) == [3, 2]
        for name in ("timeline", "above_normal", "compare", "crossposts"):
            options = {"metric": "spend"}
            getattr(posts.ayr.plot, name)(ax=make_axes(), **options).figure.draw_without_rendering()

    def test_top_posts_of_own_column(self) -> None:
        ax = self.posts().ayr.plot.top_posts("spend", n=2, ax=make_axes())
        assert bar_widths(ax) == [90, 20]
        assert title_of(ax) == "Top posts by spend TikTok: top 2 of n = 3 posts"


def test_samples_cover_every_plot() -> None:
    assert {name for name in dir(PlotAccessor) if not name.startswith("_")} == set(SAMPLES)


def test_impression_sources_of_sample_are_weighted_by_views() -> None:
    posts = ayr.load_sample("tiktok")
    ax = PlotAccessor(posts).impression_sources(ax=make_axes())
    table = posts.ayr.impression_sources().merge(metrics(posts)[["id", "views"]], on="id")
    for_you = table[table["impression_source"] == "For You"]
    views = table.drop_duplicates("id")["views"].sum()
    assert bar_widths(ax)[0] == pytest.approx((for_you["fraction"] * for_you["views"]).sum() / views)
    covered = views / metrics(posts)["views"].sum()
    assert f", {covered * 100:.3g} % of all views" in title_of(ax)


def test_dark_background_has_light_text() -> None:
    with mpl.rc_context({"axes.facecolor": "black"}):
        ax = TestTopPosts.draw(TestTopPosts.table("twitter", [3], [1]), make_axes())
    assert to_hex(ax.texts[0].get_color()) == "#f4f4f4"
    assert min(mpl.colors.to_rgb(ax.patches[0].get_facecolor())) > 0.4


def test_import_of_plots_does_not_import_matplotlib() -> None:
    code = "import sys, ayrframe._plots; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
