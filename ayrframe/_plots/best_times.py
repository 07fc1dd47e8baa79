"""Plot the best times to post on one platform: a heat map of weekday by hour, with the number of posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.best_times import MIN_POSTS
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import background_color, blend, platform_style, platform_titles, text_color_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

_WEEKDAYS, _HOURS_PER_DAY = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), 24
_THIN_ALPHA = 0.35  # opacity of cells with few posts


def draw_best_times(
    table: pd.DataFrame, metric: str, *, tz: TimeZone | None = None, platform: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a table of weekdays and hours."""
    name = select_platform(table, platform)
    rows = table[table[PLATFORM.name] == name]
    counts, medians, thin = (_weekday_hour_grid(rows, column) for column in ("posts_with", "median", "thin"))
    has_values = np.isfinite(medians).any()
    coverage = f"n = {int(np.nansum(counts)):,} of {int(rows['posts'].sum()):,} posts"
    legend = f"; in the cells: number of posts, pale and hatched where fewer than {MIN_POSTS}"
    label = scales.metric_label(metric)
    ax = axes.prepare_axes(
        ax,
        f"Median {label} by weekday and hour{f', {platform_style(name).title}' if name else ''}",
        f"{coverage}{legend}" if has_values else "",
        x=f"hour of publication ({to_timezone(tz)})",
        y="weekday",
    )
    if not has_values:
        return axes.draw_empty(ax, f"No post with a date has a value for {label}.")
    mesh = _draw_cells(ax, medians, thin > 0)
    _write_counts(ax, mesh, counts, medians, thin > 0)
    ax.set_yticks(np.arange(7), _WEEKDAYS)
    ax.set_xticks(np.arange(0, _HOURS_PER_DAY, 2), [f"{hour:02}" for hour in range(0, _HOURS_PER_DAY, 2)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    _draw_color_bar(ax, mesh, float(np.nanmax(medians)), metric)
    return ax


def select_platform(table: pd.DataFrame, platform: str | None) -> str:
    """Return the platform to draw, "" if the table is empty; raise a ValueError if the choice is not possible."""
    available = table[PLATFORM.name].unique().tolist()
    if platform is None:
        if len(available) > 1:
            raise ValueError(f"A heat map shows one platform. Choose `platform` from: {', '.join(available)}.")
        return available[0] if available else ""
    name = find_platform(platform).name
    if available and name not in available:
        raise ValueError(
            f"The posts frame has no posts of {platform_style(name).title}. Choose from: {platform_titles(available)}."
        )
    return name


def _weekday_hour_grid(rows: pd.DataFrame, column: str) -> axes.FloatValues:
    grid = np.full((len(_WEEKDAYS), _HOURS_PER_DAY), np.nan)
    grid[rows["weekday"].to_numpy(dtype=np.int64), rows["hour"].to_numpy(dtype=np.int64)] = to_floats(rows[column])
    return grid


def _draw_cells(ax: Axes, medians: axes.FloatValues, thin: Any) -> QuadMesh:
    """Draw the cells; the color range covers only cells with enough posts, if there are several."""
    reliable = medians[np.isfinite(medians) & ~thin]
    values = reliable if len(np.unique(reliable)) > 1 else medians[np.isfinite(medians)]
    low, high = min(0.0, float(values.min())), float(values.max())
    hours, days = (np.arange(size + 1) - 0.5 for size in (_HOURS_PER_DAY, len(_WEEKDAYS)))
    mesh = ax.pcolormesh(hours, days, np.ma.masked_invalid(medians), cmap="YlGnBu")
    mesh.set(clim=(low, high if high > low else low + 1), edgecolor=background_color(ax), linewidth=1)
    alphas: Any = np.where(thin, _THIN_ALPHA, 1.0)
    mesh.set_alpha(alphas)
    ax.set_ylim(len(_WEEKDAYS) - 0.5, -0.5)
    return mesh


def _write_counts(ax: Axes, mesh: QuadMesh, counts: axes.FloatValues, medians: axes.FloatValues, thin: Any) -> None:
    """Write the number of posts into each cell, and hatch the cells with few posts."""
    from matplotlib.patches import Rectangle

    background = background_color(ax)
    for day, hour in np.argwhere(np.isfinite(medians)):
        if is_thin := bool(thin[day, hour]):
            ax.add_patch(Rectangle((hour - 0.5, day - 0.5), 1, 1, fill=False, hatch="////", edgecolor=background, lw=0))
        red, green, blue, _ = mesh.to_rgba(medians[day, hour])
        cell = blend((red, green, blue), background, _THIN_ALPHA if is_thin else 1.0)
        count, color = f"{counts[day, hour]:.0f}", text_color_on(cell)
        ax.text(hour, day, count, ha="center", va="center", fontsize="small", color=color)


def _draw_color_bar(ax: Axes, mesh: QuadMesh, highest: float, metric: str) -> None:
    from matplotlib.cm import ScalarMappable

    # A color bar of the mesh itself would show the opacities of its cells.
    extend = "max" if highest > mesh.get_clim()[1] else "neither"
    bar = ax.figure.colorbar(ScalarMappable(mesh.norm, mesh.cmap), ax=ax, pad=0.02, shrink=0.9, extend=extend)
    bar.outline.set_visible(False)
    axes.set_text(bar.ax.yaxis.label, f"median {scales.metric_label(metric)}")
    scales.set_formatter(bar.ax.yaxis, scales.format_percent if scales.is_rate(metric) else scales.format_short)
