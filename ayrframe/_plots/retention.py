"""How long do people watch? The table `video_view_retention`: a curve for each video, and their weighted mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import expand
from ayrframe._frame.deduplicate import latest_posts
from ayrframe._metrics.metrics import metrics, to_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._platforms.metrics import VIEWS
from ayrframe._plots import axes, scales
from ayrframe._plots.style import platform_color, platform_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ENOUGH = 0.5  # of the views: beyond the end of the shorter videos the mean would be of the long ones alone


class RetentionCurve(NamedTuple):
    """The retention of one video, and its views, NaN if they are not known."""

    seconds: axes.FloatValues
    fractions: axes.FloatValues
    views: float


def plot_retention(posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the retention curves of a posts frame."""
    posts = latest_posts(posts)
    return draw_retention(expand(posts, tables.VIDEO_VIEW_RETENTION_TABLE.name), metrics(posts), ax=ax)


def draw_retention(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a table of retention; `posts` are the metrics of all posts."""
    ax = axes.make_axes(ax)
    found = {str(name): retention_curves(part, posts) for name, part in table.groupby(PLATFORM.name, sort=False)}
    found = {name: of_one for name, of_one in found.items() if of_one}
    axes.set_title(
        ax,
        "Viewers who still watch",
        *(_coverage(name, of_one, posts) for name, of_one in found.items()),
        x="second, as the API counts",
        y="share of the viewers",
    )
    if not found:
        return axes.draw_empty(ax, "No post tells at least two moments of its viewers' retention.")
    axes.style_axes(ax, grid="both")
    for name, of_one in found.items():
        for curve in of_one:
            ax.plot(curve.seconds, curve.fractions, color=platform_color(ax, name), alpha=0.18, linewidth=0.8)
    for name, of_one in found.items():
        style = platform_style(name)
        label = f"{style.title}, mean weighted by views"
        line = style.line if len(found) > 1 else "-"
        ax.plot(*mean_curve(of_one), color=platform_color(ax, name), linestyle=line, linewidth=2.6, label=label)
    axes.draw_legend(ax)
    ax.set_xlim(left=0)
    ax.set_ylim(0, max(1.0, ax.get_ylim()[1]))
    scales.set_formatter(ax, "y", scales.format_percent)
    return ax


def retention_curves(table: pd.DataFrame, posts: pd.DataFrame) -> list[RetentionCurve]:
    """Return the curve of each post that has at least two points of it."""
    second, fraction = (cell.name for cell in tables.VIDEO_VIEW_RETENTION_TABLE.cells)
    points = table.dropna(subset=[second, fraction]).merge(posts[[*KEY, VIEWS.name]], on=KEY, how="left")
    found = []
    for _, part in points.groupby(KEY, sort=False):
        one = part.sort_values(second, kind="stable").drop_duplicates(second)
        if len(one) > 1:
            found.append(
                RetentionCurve(to_floats(one[second]), to_floats(one[fraction]), float(to_floats(one[VIEWS.name])[0]))
            )
    return found


def mean_curve(found: list[RetentionCurve]) -> tuple[axes.FloatValues, axes.FloatValues]:
    """Return the mean of curves, weighted by their views.

    A curve counts between its own first and last moment only. Where those that reach a moment hold less than half of
    the views of all, there is no mean.
    """
    counted = [curve for curve in found if curve.views > 0]
    if not counted:
        return np.zeros(0), np.zeros(0)
    grid = np.unique(np.concatenate([curve.seconds for curve in counted]))
    values = np.array([np.interp(grid, *curve[:2], left=np.nan, right=np.nan) for curve in counted])
    weights = np.array([[curve.views] for curve in counted]) * np.isfinite(values)
    enough = weights.sum(axis=0) >= _ENOUGH * sum(curve.views for curve in counted)
    sums = np.nansum(values * weights, axis=0)
    return grid[enough], sums[enough] / weights.sum(axis=0)[enough]


def _coverage(name: str, found: list[RetentionCurve], posts: pd.DataFrame) -> str:
    every = int((posts[PLATFORM.name] == name).sum())
    weighed = sum(curve.views > 0 for curve in found)
    return (
        f"{platform_style(name).title}: n = {len(found):,} of {every:,} posts; bold: mean of {weighed:,} weighted by "
        "views, as far as half of the views go"
    )
