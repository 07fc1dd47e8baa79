"""Plot the same content on several platforms: one row per content, one dot per platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.crossposts import crossposts
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, POST
from ayrframe._plots import axes, scales
from ayrframe._plots.style import background_color, grid_color, platform_color, platform_style
from ayrframe._plots.top_posts import post_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_crossposts(
    posts: pd.DataFrame, metric: str = "engagements", n: int = 10, *, window: str = "48h", ax: Axes | None = None
) -> Axes:
    """Draw the newest contents of a posts frame that were published on several platforms."""
    return draw_crossposts(crossposts(posts, metric, window=window), metric, n, ax=ax)


def draw_crossposts(table: pd.DataFrame, metric: str, n: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw the first `n` rows of a crossposts table that have values on several platforms."""
    platforms = [name for name in PLATFORMS if name in table.columns]
    comparable = table[table[platforms].notna().sum(axis=1) > 1]
    rows = comparable.head(axes.check_row_count(n))
    ax = axes.make_axes(ax, rows=len(rows))
    axes.set_title(
        ax,
        f"The same content on several networks, {scales.metric_label(metric)}",
        f"newest {len(rows):,} of {len(comparable):,} contents with a value on two or more networks, "
        f"n = {int(rows[platforms].notna().to_numpy().sum()):,} posts"
        if len(rows)
        else "",
        x=f"{scales.metric_label(metric)}, log scale",
    )
    if not len(rows):
        return axes.draw_empty(ax, f"No content has {scales.metric_label(metric)} on two or more networks.")
    axes.style_axes(ax, grid="x")
    values_by_platform = {name: to_floats(rows[name]) for name in platforms}
    _draw_ranges(ax, np.array(list(values_by_platform.values())))
    for name, values in values_by_platform.items():
        _draw_platform_dots(ax, name, values)
    scales.set_log_scale(ax, "x", np.concatenate(list(values_by_platform.values())))
    axes.label_rows(ax, [post_label(*row) for row in zip(rows[POST.name], rows[CREATED.name], strict=True)])
    scales.set_formatter(ax, "x", scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


def _draw_ranges(ax: Axes, values: axes.FloatValues) -> None:
    """Draw a pale line from the lowest to the highest value of each row."""
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    ax.hlines(np.arange(values.shape[1]), low, high, color=grid_color(ax), linewidth=3, zorder=1)


def _draw_platform_dots(ax: Axes, name: str, values: axes.FloatValues) -> None:
    valid = np.isfinite(values)
    if valid.any():
        style = platform_style(name)
        ax.plot(
            values[valid],
            np.flatnonzero(valid),
            linestyle="none",
            marker=style.marker,
            markersize=9,
            color=platform_color(ax, name),
            markeredgecolor=background_color(ax),
            markeredgewidth=0.4,
            label=style.title,
        )
