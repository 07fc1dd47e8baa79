"""Where does the same content do best? The table `crossposts`: a row for each content, a dot for each network."""

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
    posts: pd.DataFrame,
    metric: str = "engagements",
    n: int = 10,
    *,
    window: str = "48h",
    ax: Axes | None = None,
) -> Axes:
    """Draw the newest contents of a posts frame that stand on several networks."""
    return draw_crossposts(crossposts(posts, metric, window=window), metric, n, ax=ax)


def draw_crossposts(table: pd.DataFrame, metric: str, n: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw a table of contents."""
    networks = [name for name in PLATFORMS if name in table.columns]
    told = table[table[networks].notna().sum(axis=1) > 1]
    shown = told.head(axes.check_row_count(n))
    ax = axes.make_axes(ax, rows=len(shown))
    axes.set_title(
        ax,
        f"The same content on several networks, {scales.metric_label(metric)}",
        f"newest {len(shown):,} of {len(told):,} contents with a value on two or more networks, "
        f"n = {int(shown[networks].notna().to_numpy().sum()):,} posts"
        if len(shown)
        else "",
        x=f"{scales.metric_label(metric)}, log scale",
    )
    if not len(shown):
        return axes.draw_empty(ax, f"No content has {scales.metric_label(metric)} on two or more networks.")
    axes.style_axes(ax, grid="x")
    dots = {name: to_floats(shown[name]) for name in networks}
    _spans(ax, np.array(list(dots.values())))
    for name, values in dots.items():
        style = platform_style(name)
        if (known := np.isfinite(values)).any():
            ax.plot(
                values[known],
                np.flatnonzero(known),
                linestyle="none",
                marker=style.marker,
                markersize=9,
                color=platform_color(ax, name),
                markeredgecolor=background_color(ax),
                markeredgewidth=0.4,
                label=style.title,
            )
    scales.set_log_scale(ax, "x", np.concatenate(list(dots.values())))
    axes.label_rows(ax, [post_label(*row) for row in zip(shown[POST.name], shown[CREATED.name], strict=True)])
    scales.set_formatter(ax, "x", scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


def _spans(ax: Axes, values: axes.FloatValues) -> None:
    """Draw a pale line from the lowest to the highest dot of each row."""
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    ax.hlines(np.arange(values.shape[1]), low, high, color=grid_color(ax), linewidth=3, zorder=1)
