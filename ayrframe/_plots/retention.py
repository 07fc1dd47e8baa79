"""Plot how long viewers watch and when they give likes: a curve for each video, and their weighted mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import CREATED, ID, KEY, PLATFORM, POST
from ayrframe._platforms.metrics import LIKES, VIEWS
from ayrframe._plots import axes, scales
from ayrframe._plots.definitions import count_posts
from ayrframe._plots.labels import distinct_labels
from ayrframe._plots.style import platform_color, platform_style, series_color, series_line_style
from ayrframe._plots.top_posts import post_label
from ayrframe.errors import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MAX_LABELLED = 10  # curves that are labelled without being highlighted
_MAX_LABEL_CHARACTERS = 28
_MIN_AVERAGED = 2  # curves
_MAX_START = 0.1  # position at which a curve may begin to be part of the mean


class CurvePlot(NamedTuple):
    """What a plot of curves shows; `weight` is the metric that weights the mean."""

    title: str
    y_label: str
    weight: str
    is_cumulative: bool


RETENTION = CurvePlot("Viewers who still watch", "share of the viewers", VIEWS.name, is_cumulative=False)
LIKES_ALONG_VIDEO = CurvePlot(
    "Likes along the video", "share of the likes given until there", LIKES.name, is_cumulative=True
)


class VideoCurve(NamedTuple):
    """The curve of one video, and its weight (NaN if missing)."""

    post_id: str
    text: str
    created: object
    positions: FloatArray
    fractions: FloatArray
    weight: float


def draw_curves(
    table: pd.DataFrame,
    posts: pd.DataFrame,
    plot: CurvePlot,
    *,
    highlight: str | Iterable[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a child table of curves; `posts` has the metrics of all posts."""
    by_platform = {
        str(name): curves
        for name, rows in table.groupby(PLATFORM.name, sort=False)
        if (curves := video_curves(rows, posts, plot))
    }
    labelled = select_curves([curve for curves in by_platform.values() for curve in curves], highlight)
    ax = axes.prepare_axes(
        ax,
        plot.title,
        *(_coverage(name, curves, posts, plot) for name, curves in by_platform.items()),
        x="position in the video\n(last moment of its curve: 100 %)",
        y=plot.y_label,
        grid="both",
    )
    if not by_platform:
        return axes.draw_empty(ax, "No post has at least two points of its curve.")
    for name, curves in by_platform.items():
        for curve in curves:
            if curve not in labelled:
                ax.plot(curve.positions, curve.fractions, color=platform_color(ax, name), alpha=0.18, linewidth=0.8)
    labels = distinct_labels(
        [curve.text for curve in labelled], [curve.created for curve in labelled], _MAX_LABEL_CHARACTERS
    )
    for number, (curve, label) in enumerate(zip(labelled, labels, strict=True)):
        (line,) = ax.plot(curve.positions, curve.fractions, linewidth=1.3, label=label)
        line.set(color=series_color(ax, number), linestyle=series_line_style(number))
    for name, curves in by_platform.items():
        if len(averaged_curves(curves)) < _MIN_AVERAGED:
            continue
        style = platform_style(name)
        line_style = style.line_style if len(by_platform) > 1 else "-"
        (line,) = ax.plot(*mean_curve(curves), color=platform_color(ax, name), linestyle=line_style, linewidth=2.6)
        line.set(label=f"{style.title}, mean of {len(averaged_curves(curves)):,}", zorder=3)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, max(1.0, ax.get_ylim()[1]))
    scales.set_formatter(ax.xaxis, scales.format_percent)
    scales.set_formatter(ax.yaxis, scales.format_percent)
    axes.draw_legend(ax)
    return ax


def video_curves(table: pd.DataFrame, posts: pd.DataFrame, plot: CurvePlot) -> list[VideoCurve]:
    """Return the curve of each post that has at least two points; sums of shares need all of them."""
    _, position, fraction = (cell.name for cell in tables.VIDEO_VIEW_RETENTION_TABLE.cells)
    rows = table.dropna(subset=[position]).merge(posts[[*KEY, CREATED.name, POST.name, plot.weight]], on=KEY)
    curves = []
    for _, post in rows.groupby(KEY, sort=False):
        points = post.sort_values(position, kind="stable").drop_duplicates(position)
        points = points if plot.is_cumulative else points.dropna(subset=[fraction])
        if len(points) < 2 or points[fraction].isna().any():  # noqa: PLR2004 - a line needs two points
            continue
        positions, fractions, weights = (to_floats(points[name]) for name in (position, fraction, plot.weight))
        first = points.iloc[0]
        text, created = post_label(first[POST.name], first[CREATED.name]), first[CREATED.name]
        values = fractions.cumsum() if plot.is_cumulative else fractions
        curves.append(VideoCurve(str(first[ID.name]), text, created, positions, values, float(weights[0])))
    return curves


def select_curves(curves: Sequence[VideoCurve], highlight: str | Iterable[str] | None) -> list[VideoCurve]:
    """Return the curves to label: those of the ids, or all if no ids are given and there are at most ten curves."""
    if highlight is None:
        return list(curves) if len(curves) <= _MAX_LABELLED else []
    ids = [highlight] if isinstance(highlight, str) else list(highlight)
    available = {curve.post_id for curve in curves}
    if missing := [quote(str(post_id)) for post_id in ids if post_id not in available]:
        example = f" Posts with a curve are e.g. {quote(curves[0].post_id)}." if curves else ""
        raise ValueError(f"`highlight` must contain ids of posts with a curve, got {', '.join(missing)}.{example}")
    return [curve for post_id in dict.fromkeys(ids) for curve in curves if curve.post_id == post_id]


def averaged_curves(curves: Sequence[VideoCurve]) -> list[VideoCurve]:
    """Return the curves of the mean: those with a weight that begin near the start of the video."""
    return [curve for curve in curves if curve.weight > 0 and curve.positions[0] <= _MAX_START]


def mean_curve(curves: Sequence[VideoCurve]) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean of the same curves at each position: from where all of them have begun to the end."""
    averaged = averaged_curves(curves)
    if not averaged:
        return np.zeros(0), np.zeros(0)
    start = max(curve.positions[0] for curve in averaged)
    grid = np.unique(np.concatenate([curve.positions for curve in averaged]))
    grid = grid[grid >= start]
    values = [np.interp(grid, curve.positions, curve.fractions) for curve in averaged]
    return grid, np.average(values, axis=0, weights=[curve.weight for curve in averaged])


def _coverage(name: str, curves: Sequence[VideoCurve], posts: pd.DataFrame, plot: CurvePlot) -> str:
    posts_and_data = count_posts(int((posts[PLATFORM.name] == name).sum()), len(curves))
    n_averaged = len(averaged_curves(curves))
    mean = f"; bold: mean of the same {n_averaged:,} everywhere, weighted by {plot.weight}"
    return f"{platform_style(name).title}: {posts_and_data}{mean if n_averaged >= _MIN_AVERAGED else ''}"
