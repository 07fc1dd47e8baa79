"""Where do the views come from? The table `impression_sources`, each post weighted by its views."""

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
from ayrframe._plots.style import PALE, platform_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALLEST_REST = 0.005  # below half a percent it is a matter of rounding


class ShareBar(NamedTuple):
    """A share of one network, or what is left of it."""

    platform: str
    label: str
    share: float
    told: bool = True


def plot_impression_sources(posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the sources of the views of a posts frame."""
    posts = latest_posts(posts)
    return draw_impression_sources(expand(posts, tables.IMPRESSION_SOURCES_TABLE.name), metrics(posts), ax=ax)


def draw_impression_sources(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a table of impression sources; `posts` are the metrics of all posts."""
    return draw_shares(
        weighted_shares(table, posts),
        title="Where the views come from",
        axis="share of views, each post weighted by its views",
        missing="No post tells both its impression sources and its views.",
        ax=ax,
    )


def draw_shares(
    networks: list[WeightedShares], *, title: str, axis: str, missing: str, most: int = 100, ax: Axes | None = None
) -> Axes:
    """Draw the `most` largest shares of each network as bars, and what is left."""
    bars = [bar for network in networks for bar in _bars(network, most)]
    every, headings, places = axes.add_headings([bar.platform for bar in bars], [bar.label for bar in bars])
    ax = axes.make_axes(ax, rows=len(every))
    axes.set_title(ax, title, *(network.coverage for network in networks), x=axis)
    if not networks:
        return axes.draw_empty(ax, missing)
    axes.style_axes(ax, grid="x")
    colours = [platform_color(ax, bar.platform) if bar.told else PALE for bar in bars]
    widths = np.array([bar.share for bar in bars])
    axes.draw_bars(ax, places, widths, colours, [scales.format_exact_percent(width) for width in widths])
    axes.label_rows(ax, every, headings)
    scales.set_formatter(ax, "x", scales.format_percent)
    return ax


def _bars(network: WeightedShares, most: int) -> list[ShareBar]:
    """Return the bars of one network, at last that of everything else."""
    shown = network.shares.head(most)
    bars = [
        ShareBar(network.platform, clean_text(thing) or "(no name)", float(share)) for thing, share in shown.items()
    ]
    left = network.rest + float(network.shares.iloc[most:].sum())
    if left > _SMALLEST_REST:
        what = "all others, or not told" if len(network.shares) > most else "not told"
        bars.append(ShareBar(network.platform, what, left, told=False))
    return bars
