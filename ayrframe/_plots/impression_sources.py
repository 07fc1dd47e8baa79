"""Where do the views come from? The table `impression_sources`, each post weighted by its views."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._expand import expand
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import child_tables as tables
from ayrframe._plots import axes as canvas
from ayrframe._plots import scales
from ayrframe._plots import style as paper
from ayrframe._plots.labels import clean
from ayrframe._plots.shares import Weighted, weighted
from ayrframe._plots.source import each_post

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALLEST_REST = 0.005  # below half a percent it is a matter of rounding


class Bar(NamedTuple):
    """A share of one network, or what is left of it."""

    platform: str
    label: str
    share: float
    told: bool = True


def plot(posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the sources of the views of a posts frame."""
    posts = each_post(posts)
    return draw(expand(posts, tables.IMPRESSION_SOURCES_TABLE.name), metrics(posts), ax=ax)


def draw(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a table of impression sources; `posts` are the metrics of all posts."""
    return draw_shares(
        weighted(table, posts),
        title="Where the views come from",
        axis="share of views, each post weighted by its views",
        missing="No post tells both its impression sources and its views.",
        ax=ax,
    )


def draw_shares(
    networks: list[Weighted], *, title: str, axis: str, missing: str, most: int = 100, ax: Axes | None = None
) -> Axes:
    """Draw the `most` largest shares of each network as bars, and what is left."""
    bars = [bar for network in networks for bar in _bars(network, most)]
    every, headings, places = canvas.sections([bar.platform for bar in bars], [bar.label for bar in bars])
    ax = canvas.axes(ax, rows=len(every))
    canvas.name(ax, title, *(network.coverage for network in networks), x=axis)
    if not networks:
        return canvas.nothing(ax, missing)
    canvas.tidy(ax, grid="x")
    colours = [paper.network(ax, bar.platform) if bar.told else paper.PALE for bar in bars]
    widths = np.array([bar.share for bar in bars])
    canvas.bars(ax, places, widths, colours, [scales.exact_percent(width) for width in widths])
    canvas.rows(ax, every, headings)
    scales.written(ax, "x", scales.percent)
    return ax


def _bars(network: Weighted, most: int) -> list[Bar]:
    """Return the bars of one network, at last that of everything else."""
    shown = network.shares.head(most)
    bars = [Bar(network.platform, clean(thing) or "(no name)", float(share)) for thing, share in shown.items()]
    left = network.rest + float(network.shares.iloc[most:].sum())
    if left > _SMALLEST_REST:
        what = "all others, or not told" if len(network.shares) > most else "not told"
        bars.append(Bar(network.platform, what, left, told=False))
    return bars
