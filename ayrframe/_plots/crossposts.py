"""Plot the same content on several platforms: one row per content, one dot per platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.above_normal import check_positive_integer
from ayrframe._metrics.columns import ENGAGEMENT_PARTS
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import CREATED, PLATFORM, POST
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts, definition_lines
from ayrframe._plots.style import background_color, grid_color, platform_color, platform_style
from ayrframe._plots.top_posts import post_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_crossposts(table: pd.DataFrame, metric: str, n: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw the first `n` rows of a crossposts table that have values on several platforms."""
    platforms = [name for name in PLATFORMS if name in table.columns]
    comparable = table[table[platforms].notna().sum(axis=1) > 1]
    rows = comparable.head(check_positive_integer("n", n))
    label = scales.metric_label(metric)
    ax = axes.prepare_axes(
        ax,
        f"The same content on several networks, {label}",
        f"latest {len(rows):,} of {len(table):,} contents, {len(comparable):,} with data on two or more networks",
        count_posts(int(rows["networks"].sum()), int(rows[platforms].notna().to_numpy().sum())) if len(rows) else "",
        *definition_lines(_posts_of(rows, platforms, metric), metric),
        x=f"{label}, log scale",
        grid="x",
        rows=len(rows),
    )
    if not len(rows):
        return axes.draw_empty(ax, f"No content has {label} on two or more networks.")
    matrix = rows[platforms].to_numpy(dtype="float64", na_value=np.nan)
    low, high = np.nanmin(matrix, axis=1), np.nanmax(matrix, axis=1)
    ax.hlines(np.arange(len(rows)), low, high, color=grid_color(ax), linewidth=3, zorder=1)
    for name, values in zip(platforms, matrix.T, strict=True):
        if len(valid := np.flatnonzero(np.isfinite(values))):
            color, style = platform_color(ax, name), platform_style(name)
            (dots,) = ax.plot(values[valid], valid, linestyle="none", color=color, label=style.title)
            dots.set(
                marker=style.marker,
                markersize=9 * layout.text_scale(ax),
                markeredgecolor=background_color(ax),
                markeredgewidth=0.4,
            )
    scales.set_log_scale(ax, "x", matrix.ravel())
    labels = [post_label(*row) for row in zip(rows[POST.name], rows[CREATED.name], strict=True)]
    axes.label_rows(ax, labels, times=dict(enumerate(rows[CREATED.name])))
    scales.set_formatter(ax.xaxis, scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


def _posts_of(rows: pd.DataFrame, platforms: Sequence[str], metric: str) -> pd.DataFrame:
    """Return one row per post with its value and, if the table has them, the parts of its engagements."""
    columns = ((name, rows[name], rows.get(f"{name}_parts")) for name in platforms)
    parts = [
        pd.DataFrame({PLATFORM.name: name, metric: values, ENGAGEMENT_PARTS: sums}) for name, values, sums in columns
    ]
    return pd.concat(parts) if parts else pd.DataFrame(columns=[PLATFORM.name, metric, ENGAGEMENT_PARTS])
