"""Test plots: read numbers and texts back from the drawn artists and compare them with values computed by hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

import ayrframe as ayr
from ayrframe._accessor.plots import PlotAccessor
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import PLATFORMS
from ayrframe._plots import (
    audience,
    best_times,
    completion,
    crossposts,
    impression_sources,
    labels,
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
    return ax.get_title(loc="left")


def row_labels(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def bar_widths(ax: Axes) -> list[float]:
    return [bar.get_width() for bar in ax.patches]


def child_table(rows: list[tuple[object, ...]], *columns: str, platform: str = "tiktok") -> pd.DataFrame:
    """Return a child table; each row starts with the id of the post."""
    table = pd.DataFrame(rows, columns=["id", *columns])
    return table.assign(platform=platform, profile="", as_of=NOW)[["platform", "profile", "id", "as_of", *columns]]


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
        assert tiktok.coverage == "TikTok: n = 1 of 4 posts, with 75 % of all views"

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
        assert "X: n = 1 of 1 posts, with 100 % of all views" in title_of(ax)

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
        assert "LinkedIn: n = 2 of 3 posts, 10 reactions" in title_of(ax)

    def test_unknown_values_raises(self) -> None:
        with pytest.raises(ValueError, match="Choose from: share, count"):
            PlotAccessor(ayr.load_sample("linkedin")).reactions(values="sum")  # type: ignore[arg-type]


class TestRetention:
    TABLE = child_table(
        [("a", 0, 1.0), ("a", 10, 0.5), ("b", 0, 0.8), ("b", 5, 0.6), ("b", 20, 0.3), ("c", 0, 1.0), ("c", None, 0.5)],
        "second", "fraction",
    ).astype({"second": "Int64"})  # fmt: skip

    def test_mean_is_weighted_and_does_not_extrapolate(self) -> None:
        curves = retention.retention_curves(self.TABLE, posts_with_views({"a": 300, "b": 100, "c": 1}))
        seconds, mean = retention.mean_curve(curves)
        assert seconds.tolist() == [0, 5, 10]
        assert mean == pytest.approx([(300 + 80) / 400, (300 * 0.75 + 60) / 400, (150 + 100 * 0.5) / 400])

    def test_mean_ends_below_half_of_the_views(self) -> None:
        seconds, mean = retention.mean_curve(
            retention.retention_curves(self.TABLE, posts_with_views({"a": 100, "b": 300}))
        )
        assert (seconds[-1], mean[-1]) == (20, pytest.approx(0.3))

    def test_videos_without_views_are_drawn_but_not_averaged(self) -> None:
        ax = retention.draw_retention(self.TABLE, posts_with_views({"a": 10, "b": None, "c": 1}), ax=make_axes())
        assert len(ax.lines) == 3
        assert ax.lines[-1].get_ydata() == pytest.approx([1.0, 0.5])
        assert "n = 2 of 3 posts; bold: mean of 1 weighted by views" in title_of(ax)

    def test_x_label_states_no_unit(self) -> None:
        ax = retention.draw_retention(self.TABLE, posts_with_views({"a": 10}), ax=make_axes())
        assert ax.get_xlabel() == "second, as the API counts"


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

    def test_overall_curve_divides_sums(self) -> None:
        ax = completion.draw_completion(self.TABLE, "organic", ax=make_axes())
        assert ax.lines[-1].get_ydata() == pytest.approx([1, 140 / 400, 100 / 400, 60 / 400, 20 / 400])
        assert ax.lines[-1].get_xdata().tolist() == [0, 25, 50, 75, 100]
        assert ax.lines[0].get_ydata() == pytest.approx([1, 0.8, 0.6, 0.4, 0.2])

    def test_incomplete_videos_are_left_out_and_counted(self) -> None:
        ax = completion.draw_completion(self.TABLE, "non_public", ax=make_axes())
        assert len(ax.lines) == 3
        assert "n = 2 of 4 videos" in title_of(ax)
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

    def test_missing_periods_are_gaps(self) -> None:
        ax = timeline.draw_timeline(self.table("tiktok", [4, None, 6]), "likes", ax=make_axes())
        assert np.array_equal(ax.lines[0].get_ydata(), [4, np.nan, 6], equal_nan=True)
        assert title_of(ax) == "Likes per week\nTikTok: n = 4 of 9 posts"
        assert ax.get_legend() is None

    def test_periods_begin_in_the_time_zone(self) -> None:
        ax = timeline.draw_timeline(self.table("tiktok", [4, 5]), "likes", tz="Europe/Berlin", ax=make_axes())
        assert ax.lines[0].get_xdata()[0] == np.datetime64("2026-03-02T00:00")
        assert ax.get_xlabel() == "start of the week (Europe/Berlin)"

    def test_legend_states_number_of_posts(self) -> None:
        both = pd.concat([self.table("tiktok", [4, 5]), self.table("twitter", [4, None])])
        ax = timeline.draw_timeline(both, "likes", ax=make_axes())
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["TikTok (n = 4)", "X (n = 2)"]
        assert ax.get_yscale() == "linear"

    def test_platforms_far_apart_use_log_axis(self) -> None:
        both = pd.concat([self.table("tiktok", [100, 500]), self.table("twitter", [1, 5])])
        ax = timeline.draw_timeline(both, "likes", ax=make_axes())
        assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "sum of likes, log scale")

    def test_zeros_are_drawn_on_log_axis(self) -> None:
        both = pd.concat([self.table("tiktok", [100, 500]), self.table("twitter", [1, 0])])
        assert timeline.draw_timeline(both, "likes", ax=make_axes()).get_yscale() == "symlog"

    def test_metric_without_sum_is_drawn_as_median(self) -> None:
        no_sum = self.table("tiktok", [1, 2], median=7.0).assign(sum=np.nan)
        ax = timeline.draw_timeline(no_sum, "reach", ax=make_axes())
        assert ax.lines[0].get_ydata().tolist() == [7, 7]
        assert ax.get_ylabel() == "median of reach (people)"

    def test_rate_is_drawn_in_percent(self) -> None:
        rate = self.table("tiktok", [1, 2]).assign(sum=np.nan, rate=0.25)
        ax = timeline.draw_timeline(rate, "er_views", ax=make_axes())
        assert ax.get_ylabel() == "engagements / views"
        assert ax.yaxis.get_major_formatter()(0.25, 0) == "25 %"

    def test_title_lists_platforms_without_values(self) -> None:
        both = pd.concat([self.table("tiktok", [4, 5]), self.table("youtube", [None, None])])
        ax = timeline.draw_timeline(both, "likes", ax=make_axes())
        assert len(ax.lines) == 1
        assert title_of(ax).endswith("not reported by YouTube")


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

    def test_cells_show_medians_and_counts(self) -> None:
        ax = best_times.draw_best_times(
            self.table("tiktok", {(2, 7): (6, 30.0), (6, 23): (1, 90.0)}), "likes", ax=make_axes()
        )
        drawn = ax.collections[0].get_array()
        assert (drawn[2, 7], drawn[6, 23], drawn.count()) == (30.0, 90.0, 2)
        assert {(text.get_position(), text.get_text()) for text in ax.texts} == {((7, 2), "6"), ((23, 6), "1")}
        assert row_labels(ax) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    def test_cells_with_few_posts_are_pale_and_hatched(self) -> None:
        ax = best_times.draw_best_times(
            self.table("tiktok", {(2, 7): (5, 30.0), (6, 23): (4, 90.0)}), "likes", ax=make_axes()
        )
        alpha = ax.collections[0].get_alpha()
        assert alpha[6, 23] < alpha[2, 7] == 1
        assert [patch.get_xy() for patch in ax.patches if patch.get_hatch()] == [(22.5, 5.5)]

    def test_title_states_platform_and_number_of_posts(self) -> None:
        ax = best_times.draw_best_times(
            self.table("twitter", {(2, 7): (6, 30.0)}), "likes", tz="Asia/Tokyo", ax=make_axes()
        )
        assert title_of(ax).startswith("Median likes by weekday and hour, X\nn = 6 of 6 posts")
        assert ax.get_xlabel() == "hour of publication (Asia/Tokyo)"

    def test_several_platforms_require_a_choice(self) -> None:
        both = pd.concat([self.table("tiktok", {(1, 1): (5, 1.0)}), self.table("twitter", {(1, 1): (5, 2.0)})])
        with pytest.raises(ValueError, match="tiktok, twitter"):
            best_times.draw_best_times(both, "likes")
        assert (
            best_times.draw_best_times(both, "likes", platform="x", ax=make_axes()).collections[0].get_array()[1, 1]
            == 2
        )
        with pytest.raises(ValueError, match=r"no posts of YouTube\. Choose from: TikTok, X"):
            best_times.draw_best_times(both, "likes", platform="youtube")


class TestTopPosts:
    @staticmethod
    def table(name: str, values: list[float], normal: list[float], texts: list[object] | None = None) -> pd.DataFrame:
        table = child_table([(str(number), value) for number, value in enumerate(values)], "value", platform=name)
        created = pd.Timestamp("2026-01-05T10:00Z").as_unit("us")
        return table.assign(normal=normal, created=created, post=texts or [f"post {value:g}" for value in values])

    def test_bars_show_values_and_lines_normal_values(self) -> None:
        ax = top_posts.draw_top_posts(self.table("tiktok", [30, 20], [10, np.nan]), "views", ax=make_axes())
        assert bar_widths(ax) == [30, 20]
        assert row_labels(ax) == ["post 30", "post 20"]
        assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {style.platform_style("tiktok").color.lower()}
        (line,) = ax.collections[-1].get_segments()
        assert line[:, 0].tolist() == [10, 10]
        assert title_of(ax).endswith(
            "TikTok, n = 2 posts; line: normal, the median of the account's other such posts, known for 1"
        )

    def test_platforms_far_apart_are_dots_on_log_axis(self) -> None:
        both = pd.concat([self.table("tiktok", [3000], [100]), self.table("twitter", [3], [1])])
        ax = top_posts.draw_top_posts(both, "views", ax=make_axes())
        assert (ax.get_xscale(), len(ax.patches)) == ("log", 0)
        assert ax.get_xlabel() == "views, log scale"
        assert row_labels(ax) == ["TikTok", "post 3000", "X", "post 3"]
        (dots,) = [collection for collection in ax.collections if len(collection.get_offsets()) == 2]
        assert dots.get_offsets().tolist() == [[3000, 1], [3, 3]]

    def test_post_without_text_is_labelled_by_date(self) -> None:
        ax = top_posts.draw_top_posts(self.table("tiktok", [3, 2], [1, 1], [None, " \n"]), "views", ax=make_axes())
        assert row_labels(ax) == ["(no text, 2026-01-05)"] * 2

    def test_new_figure_height_grows_with_rows(self) -> None:
        few, many = (top_posts.draw_top_posts(self.table("tiktok", [1.0] * n, [1.0] * n), "views") for n in (10, 60))
        assert many.figure.get_figheight() > 3 * few.figure.get_figheight()

    def test_labels_on_small_axes_do_not_overlap(self) -> None:
        axes = Figure(figsize=(6, 3)).subplots(2, 2)
        ax = top_posts.draw_top_posts(
            self.table("tiktok", [1.0] * 20, [1.0] * 20, ["word " * 20] * 20), "views", ax=axes[0, 0]
        )
        size = ax.get_yticklabels()[0].get_fontsize()
        assert size * 20 < ax.bbox.height / ax.figure.dpi * 72
        assert len(row_labels(ax)[0]) < 20


class TestCrossposts:
    TABLE = pd.DataFrame(
        {
            "created": NOW, "post": ["one", "two", "three"], "tiktok": [1000.0, 50.0, np.nan],
            "twitter": [10.0, np.nan, 2.0], "youtube": np.nan,
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
        assert "newest 1 of 1 contents with a value on two or more networks, n = 2 posts" in title_of(ax)


EMPTY: dict[str, Callable[[Axes], Axes]] = {
    "reactions": lambda ax: reactions.draw_reactions(TestReactions.LINKEDIN[:0], TestReactions.POSTS, ax=ax),
    "impression_sources": lambda ax: impression_sources.draw_impression_sources(
        TestWeightedShares.SOURCES[:0], posts_with_views({}), ax=ax
    ),
    "audience": lambda ax: audience.draw_audience(TestAudience.COUNTRIES[:0], posts_with_views({}), "cities", ax=ax),
    "retention": lambda ax: retention.draw_retention(TestRetention.TABLE[:0], posts_with_views({}), ax=ax),
    "completion": lambda ax: completion.draw_completion(TestCompletion.TABLE[:0], "organic", ax=ax),
    "timeline": lambda ax: timeline.draw_timeline(TestTimeline.table("tiktok", [1])[:0], "likes", ax=ax),
    "timeline of NA": lambda ax: timeline.draw_timeline(TestTimeline.table("tiktok", [None]), "likes", ax=ax),
    "best_times": lambda ax: best_times.draw_best_times(TestBestTimes.table("tiktok", {})[:0], "likes", ax=ax),
    "best_times of NA": lambda ax: best_times.draw_best_times(TestBestTimes.table("tiktok", {}), "likes", ax=ax),
    "top_posts": lambda ax: top_posts.draw_top_posts(TestTopPosts.table("tiktok", [], []), "likes", ax=ax),
    "top_posts of NA": lambda ax: top_posts.draw_top_posts(TestTopPosts.table("tiktok", [np.nan], [1]), "likes", ax=ax),
    "crossposts": lambda ax: crossposts.draw_crossposts(TestCrossposts.TABLE[:0], "likes", ax=ax),
    "crossposts of none": lambda ax: crossposts.draw_crossposts(
        TestCrossposts.TABLE[["created", "post"]], "likes", ax=ax
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
            top_posts.draw_top_posts(TestTopPosts.table("tiktok", [3], [1], [text]), "likes", ax=make_axes()),
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
    ax = top_posts.draw_top_posts(TestTopPosts.table("tiktok", [3], [1], HOSTILE[:1]), "likes", ax=make_axes())
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

    def test_missing_glyph_becomes_a_box(self) -> None:
        assert labels.replace_missing_glyphs("a日🎉ä", FontProperties(family="DejaVu Sans")) == "a□□ä"

    def test_glyph_of_fallback_font_is_used(self) -> None:
        without_fallback = labels.replace_missing_glyphs("€∮", FontProperties(family=["cmr10"]))
        assert (
            labels.replace_missing_glyphs("€∮", FontProperties(family=["cmr10", "DejaVu Sans"]))
            == "€∮"
            != without_fallback
        )


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


SAMPLES: dict[str, tuple[str, Callable[[PlotAccessor, Axes | None], Axes]]] = {
    "reactions": ("linkedin", lambda plot, ax: plot.reactions(ax=ax)),
    "impression_sources": ("tiktok", lambda plot, ax: plot.impression_sources(ax=ax)),
    "retention": ("tiktok", lambda plot, ax: plot.retention(ax=ax)),
    "audience": ("tiktok", lambda plot, ax: plot.audience(ax=ax)),
    "completion": ("twitter", lambda plot, ax: plot.completion(ax=ax)),
    "timeline": ("all", lambda plot, ax: plot.timeline(ax=ax)),
    "best_times": ("tiktok", lambda plot, ax: plot.best_times(ax=ax)),
    "top_posts": ("all", lambda plot, ax: plot.top_posts(ax=ax)),
    "crossposts": ("all", lambda plot, ax: plot.crossposts(ax=ax)),
    "growth": ("all", lambda plot, ax: plot.growth(ax=ax)),
}


@pytest.mark.parametrize("name", SAMPLES)
class TestEachPlot:
    def test_plot_draws_on_given_axes(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        figures, ax = plt.get_fignums(), make_axes()
        assert draw(PlotAccessor(ayr.load_sample(sample)), ax) is ax
        assert plt.get_fignums() == figures
        assert "n = " in title_of(ax)
        ax.figure.draw_without_rendering()

    def test_plot_without_axes_creates_one_figure(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        figures = plt.get_fignums()
        ax = draw(PlotAccessor(ayr.load_sample(sample)), None)
        assert len(plt.get_fignums()) == len(figures) + 1
        assert ax.figure.number == plt.get_fignums()[-1]

    def test_plot_of_empty_frame_states_the_reason(self, name: str) -> None:
        sample, draw = SAMPLES[name]
        ax = draw(PlotAccessor(ayr.load_sample(sample)[:0]), make_axes())
        ax.figure.draw_without_rendering()
        assert ax.texts[0].get_text().startswith("No ")

    def test_plot_of_posts_without_numbers_states_the_reason(self, name: str) -> None:
        _, draw = SAMPLES[name]
        platform = "twitter" if name == "completion" else "linkedin" if name == "reactions" else "tiktok"
        posts = ayr.from_posts([{"id": "1", "post": "$\\x$"}, {"id": "2"}], platform=platform, as_of=NOW)
        ax = draw(PlotAccessor(posts), make_axes())
        ax.figure.draw_without_rendering()
        assert ax.texts[0].get_text().startswith("No ")


def test_legend_is_right_of_the_axes() -> None:
    both = pd.concat([TestTimeline.table("tiktok", [4, 5]), TestTimeline.table("twitter", [4, 5])])
    ax = timeline.draw_timeline(both, "likes", ax=make_axes())
    ax.figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().x0 > ax.get_window_extent().x1


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
    assert f"with {covered * 100:.3g} % of all views" in title_of(ax)


def test_dark_background_has_light_text() -> None:
    with mpl.rc_context({"axes.facecolor": "black"}):
        ax = top_posts.draw_top_posts(TestTopPosts.table("twitter", [3], [1]), "likes", ax=make_axes())
    assert to_hex(ax.texts[0].get_color()) == "#f4f4f4"
    assert min(mpl.colors.to_rgb(ax.patches[0].get_facecolor())) > 0.4


def test_import_of_plots_does_not_import_matplotlib() -> None:
    code = "import sys, ayrframe._plots; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
