"""Plot where views come from: shares of impression sources, each post weighted by its views."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import expand
from ayrframe._frame.deduplicate import latest_posts
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import child_tables as tables
from ayrframe._plots import axes, scales
from ayrframe._plots.labels import clean_text
from ayrframe._plots.shares import WeightedShares, weighted_shares
from ayrframe._plots.style import GREY, platform_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MIN_REST = 0.005  # a smaller rest is due to rounding


class ShareBar(NamedTuple):
    """A share of one platform; the rest of the shares if `is_rest`."""

    platform: str
    label: str
    share: float
    is_rest: bool = False


def plot_impression_sources(posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the impression sources of a posts frame."""
    posts = latest_posts(posts)
    return draw_impression_sources(expand(posts, tables.IMPRESSION_SOURCES_TABLE.name), metrics(posts), ax=ax)


def draw_impression_sources(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a child table of impression sources; `posts` has the metrics of all posts."""
    return draw_shares(
        weighted_shares(table, posts),
        title="Where the views come from",
        x_label="share of views, each post weighted by its views",
        empty_message="No post has both views and impression sources.",
        ax=ax,
    )


def draw_shares(
    platform_shares: list[WeightedShares],
    *,
    title: str,
    x_label: str,
    empty_message: str,
    max_bars: int = 100,
    ax: Axes | None = None,
) -> Axes:
    """Draw the `max_bars` largest shares of each platform as bars, and the rest as one bar."""
    bars = [bar for shares in platform_shares for bar in _share_bars(shares, max_bars)]
    rows, headings, positions = axes.add_headings([bar.platform for bar in bars], [bar.label for bar in bars])
    ax = axes.make_axes(ax, rows=len(rows))
    axes.set_title(ax, title, *(shares.coverage for shares in platform_shares), x=x_label)
    if not platform_shares:
        return axes.draw_empty(ax, empty_message)
    axes.style_axes(ax, grid="x")
    colors = [GREY if bar.is_rest else platform_color(ax, bar.platform) for bar in bars]
    widths = np.array([bar.share for bar in bars])
    axes.draw_bars(ax, positions, widths, colors, [scales.format_exact_percent(width) for width in widths])
    axes.label_rows(ax, rows, headings)
    scales.set_formatter(ax, "x", scales.format_percent)
    return ax


def _share_bars(shares: WeightedShares, max_bars: int) -> list[ShareBar]:
    """Return the bars of one platform, the rest last."""
    largest = shares.shares.head(max_bars)
    bars = [
        ShareBar(shares.platform, clean_text(category) or "(no name)", float(share))
        for category, share in largest.items()
    ]
    rest = shares.rest + float(shares.shares.iloc[max_bars:].sum())
    if rest > _MIN_REST:
        label = "all others, or not reported" if len(shares.shares) > max_bars else "not reported"
        bars.append(ShareBar(shares.platform, label, rest, is_rest=True))
    return bars
