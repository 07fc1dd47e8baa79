"""Plot how long viewers watch: a curve for each video, and their mean weighted by views."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._platforms.metrics import VIEWS
from ayrframe._plots import axes, scales
from ayrframe._plots.style import platform_color, platform_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MIN_VIEW_SHARE = 0.5  # beyond the end of the shorter videos, the mean would represent only the long ones


class RetentionCurve(NamedTuple):
    """The retention of one video, and its views (NaN if missing)."""

    seconds: axes.FloatValues
    fractions: axes.FloatValues
    views: float


def draw_retention(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a child table of retention; `posts` has the metrics of all posts."""
    by_platform = {str(name): retention_curves(rows, posts) for name, rows in table.groupby(PLATFORM.name, sort=False)}
    by_platform = {name: curves for name, curves in by_platform.items() if curves}
    ax = axes.prepare_axes(
        ax,
        "Viewers who still watch",
        *(
            f"{platform_style(name).title}: n = {len(curves):,} of {(posts[PLATFORM.name] == name).sum():,} posts; "
            f"bold: mean of {sum(curve.views > 0 for curve in curves):,} weighted by views, where the curves have at "
            "least half of all views"
            for name, curves in by_platform.items()
        ),
        x="second, as the API counts",
        y="share of the viewers",
        grid="both",
    )
    if not by_platform:
        return axes.draw_empty(ax, "No post has at least two points of its retention curve.")
    for name, curves in by_platform.items():
        for curve in curves:
            ax.plot(curve.seconds, curve.fractions, color=platform_color(ax, name), alpha=0.18, linewidth=0.8)
    for name, curves in by_platform.items():
        style = platform_style(name)
        label = f"{style.title}, mean weighted by views"
        line_style = style.line_style if len(by_platform) > 1 else "-"
        ax.plot(*mean_curve(curves), color=platform_color(ax, name), linestyle=line_style, linewidth=2.6, label=label)
    axes.draw_legend(ax)
    ax.set_xlim(left=0)
    ax.set_ylim(0, max(1.0, ax.get_ylim()[1]))
    scales.set_formatter(ax.yaxis, scales.format_percent)
    return ax


def retention_curves(table: pd.DataFrame, posts: pd.DataFrame) -> list[RetentionCurve]:
    """Return the curve of each post that has at least two points."""
    second, fraction = (cell.name for cell in tables.VIDEO_VIEW_RETENTION_TABLE.cells)
    rows = table.dropna(subset=[second, fraction]).merge(posts[[*KEY, VIEWS.name]], on=KEY, how="left")
    curves = []
    for _, post in rows.groupby(KEY, sort=False):
        points = post.sort_values(second, kind="stable").drop_duplicates(second)
        if len(points) > 1:
            seconds, fractions, views = (to_floats(points[name]) for name in (second, fraction, VIEWS.name))
            curves.append(RetentionCurve(seconds, fractions, float(views[0])))
    return curves


def mean_curve(curves: list[RetentionCurve]) -> tuple[axes.FloatValues, axes.FloatValues]:
    """Return the mean of curves, weighted by their views.

    A curve counts only between its first and its last second. The mean ends where the curves that go on have less than
    half of all views.
    """
    weighted = [curve for curve in curves if curve.views > 0]
    if not weighted:
        return np.zeros(0), np.zeros(0)
    grid = np.unique(np.concatenate([curve.seconds for curve in weighted]))
    values = np.array([np.interp(grid, *curve[:2], left=np.nan, right=np.nan) for curve in weighted])
    weights = np.array([[curve.views] for curve in weighted]) * np.isfinite(values)
    enough = weights.sum(axis=0) >= _MIN_VIEW_SHARE * sum(curve.views for curve in weighted)
    sums = np.nansum(values * weights, axis=0)
    return grid[enough], sums[enough] / weights.sum(axis=0)[enough]
