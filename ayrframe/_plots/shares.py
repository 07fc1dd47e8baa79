"""Combine the shares of single posts into shares of all posts, weighted by views, and draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._platforms.metrics import VIEWS
from ayrframe._plots import axes, scales
from ayrframe._plots.definitions import count_posts
from ayrframe._plots.labels import clean_text
from ayrframe._plots.style import GREY, platform_color, platform_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MIN_REST = 0.005  # a smaller rest is due to rounding


class ShareBar(NamedTuple):
    """A share of one platform; the rest of the shares if `is_rest`."""

    platform: str
    label: str
    share: float
    is_rest: bool = False


class WeightedShares(NamedTuple):
    """The shares of one platform, largest first, and their coverage.

    `posts` of `total_posts` posts have both shares and views; they have the fraction `view_coverage` of all views.
    """

    platform: str
    shares: pd.Series
    posts: int
    total_posts: int
    view_coverage: float

    @property
    def rest(self) -> float:
        """The share that the posts do not assign to any category."""
        return max(0.0, 1.0 - float(self.shares.sum()))

    @property
    def coverage(self) -> str:
        """How many posts and views the shares are based on, for the title of a plot."""
        return (
            f"{platform_style(self.platform).title}: {count_posts(self.total_posts, self.posts)}, "
            f"{scales.format_percent(self.view_coverage)} of all views"
        )


def weighted_shares(table: pd.DataFrame, posts: pd.DataFrame) -> list[WeightedShares]:
    """Return the shares of each platform of a child table; a category that a post does not list counts as zero.

    The table has the post key, a category and a share (0 to 1); the views in `posts`, the metrics of all posts, are the
    weights. Platforms without posts that have both are left out.
    """
    *_, category, share = table.columns
    with_views = posts.dropna(subset=[VIEWS.name]).astype({VIEWS.name: "float64"})
    rows = table.dropna(subset=[share]).merge(with_views[[*KEY, VIEWS.name]], on=KEY)
    result = []
    for platform, platform_rows in rows.groupby(PLATFORM.name, sort=False):
        views = platform_rows.drop_duplicates(KEY)[VIEWS.name]
        if not views.sum() > 0:
            continue
        weighted = (platform_rows[share] * platform_rows[VIEWS.name]).groupby(platform_rows[category]).sum()
        shares = (weighted / views.sum()).sort_values(ascending=False, kind="stable")
        all_views = with_views.loc[with_views[PLATFORM.name] == platform, VIEWS.name].sum()
        total_posts = int((posts[PLATFORM.name] == platform).sum())
        result.append(WeightedShares(str(platform), shares, len(views), total_posts, float(views.sum() / all_views)))
    return result


def draw_shares(
    platform_shares: list[WeightedShares],
    *,
    title: str,
    x_label: str,
    empty_message: str,
    max_bars: int = 100,
    ax: Axes | None = None,
) -> Axes:
    """Draw the `max_bars` largest shares of each platform as bars, and the rest as one grey bar."""
    bars: list[ShareBar] = []
    for shares in platform_shares:
        largest = shares.shares.head(max_bars)
        bars += [ShareBar(shares.platform, clean_text(name) or "(no name)", share) for name, share in largest.items()]
        rest = shares.rest + float(shares.shares.iloc[max_bars:].sum())
        if rest > _MIN_REST:
            label = "all others, or not reported" if len(shares.shares) > max_bars else "not reported"
            bars.append(ShareBar(shares.platform, label, rest, is_rest=True))
    rows, headings, positions = axes.add_headings([bar.platform for bar in bars], [bar.label for bar in bars])
    coverage = [shares.coverage for shares in platform_shares]
    ax = axes.prepare_axes(ax, title, *coverage, x=x_label, grid="x", rows=len(rows))
    if not platform_shares:
        return axes.draw_empty(ax, empty_message)
    colors = [GREY if bar.is_rest else platform_color(ax, bar.platform) for bar in bars]
    widths = np.array([bar.share for bar in bars])
    axes.draw_bars(ax, positions, widths, colors, [scales.format_exact_percent(width) for width in widths])
    axes.label_rows(ax, rows, headings)
    scales.set_formatter(ax.xaxis, scales.format_percent)
    return ax
