"""When do posts do best? The table `best_times` of one network: weekday by hour, with the number of posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ayrframe._metrics.best_times import MIN_POSTS, best_times
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import background_color, blend, platform_style, platform_titles, text_color_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

_DAYS, _HOURS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), 24
_FAINT = 0.35  # of their colour is left to thin cells


def plot_best_times(
    posts: pd.DataFrame,
    metric: str = "engagements",
    *,
    tz: str | None = None,
    platform: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the best times of one network of a posts frame."""
    return draw_best_times(best_times(posts, metric, tz=tz), metric, tz=tz, platform=platform, ax=ax)


def draw_best_times(
    table: pd.DataFrame, metric: str, *, tz: str | None = None, platform: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a table of weekdays and hours."""
    name = select_platform(table, platform)
    part = table[table[PLATFORM.name] == name]
    ax = axes.make_axes(ax)
    counted, medians, thin = (_grid(part, column) for column in ("posts_with", "median", "thin"))
    posts = f"n = {int(np.nansum(counted)):,} of {int(part['posts'].sum()):,} posts"
    axes.set_title(
        ax,
        f"Median {scales.metric_label(metric)} by weekday and hour{f', {platform_style(name).title}' if name else ''}",
        f"{posts}; in the cells: number of posts, pale and hatched where fewer than {MIN_POSTS}"
        if np.isfinite(medians).any()
        else "",
        x=f"hour of publication ({to_timezone(tz).key})",
        y="weekday",
    )
    if not np.isfinite(medians).any():
        return axes.draw_empty(ax, f"No post with a date tells its {scales.metric_label(metric)}.")
    mesh = _mesh(ax, medians, thin > 0)
    _numbers(ax, mesh, counted, medians, thin > 0)
    ax.set_yticks(np.arange(7), _DAYS)
    ax.set_xticks(np.arange(0, _HOURS, 2), [f"{hour:02}" for hour in range(0, _HOURS, 2)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    _bar(ax, mesh, float(np.nanmax(medians)), metric)
    return ax


def select_platform(table: pd.DataFrame, platform: str | None) -> str:
    """Return the network to draw, "" if there is none; a ValueError names those to choose from."""
    there = table[PLATFORM.name].unique().tolist()
    if platform is None:
        if len(there) > 1:
            raise ValueError(f"A heat map shows one network. Choose with platform= one of: {', '.join(there)}.")
        return there[0] if there else ""
    name = find_platform(platform).name
    if there and name not in there:
        raise ValueError(
            f"There are no posts of {platform_style(name).title} here. There are: {platform_titles(there)}."
        )
    return name


def _grid(part: pd.DataFrame, column: str) -> axes.FloatValues:
    grid = np.full((len(_DAYS), _HOURS), np.nan)
    grid[part["weekday"].to_numpy(dtype=np.int64), part["hour"].to_numpy(dtype=np.int64)] = to_floats(part[column])
    return grid


def _mesh(ax: Axes, medians: axes.FloatValues, thin: Any) -> QuadMesh:
    """Draw the cells; the colours span those that rest on enough posts, if there are several of them."""
    sure = medians[np.isfinite(medians) & ~thin]
    known = sure if len(np.unique(sure)) > 1 else medians[np.isfinite(medians)]
    low, high = min(0.0, float(known.min())), float(known.max())
    mesh = ax.pcolormesh(
        np.arange(_HOURS + 1) - 0.5,
        np.arange(len(_DAYS) + 1) - 0.5,
        np.ma.masked_invalid(medians),
        cmap="YlGnBu",
        vmin=low,
        vmax=high if high > low else low + 1,
        edgecolor=background_color(ax),
        linewidth=1,
    )
    alphas: Any = np.where(thin, _FAINT, 1.0)
    mesh.set_alpha(alphas)
    ax.set_ylim(len(_DAYS) - 0.5, -0.5)
    return mesh


def _numbers(ax: Axes, mesh: QuadMesh, counted: axes.FloatValues, medians: axes.FloatValues, thin: Any) -> None:
    from matplotlib.patches import Rectangle

    ground = background_color(ax)
    for day, hour in np.argwhere(np.isfinite(medians)):
        if faint := bool(thin[day, hour]):
            ax.add_patch(Rectangle((hour - 0.5, day - 0.5), 1, 1, fill=False, hatch="////", edgecolor=ground, lw=0))
        red, green, blue, _ = mesh.to_rgba(medians[day, hour])
        cell = blend((red, green, blue), ground, _FAINT if faint else 1.0)
        words, colour = f"{counted[day, hour]:.0f}", text_color_on(cell)
        ax.text(hour, day, words, ha="center", va="center", fontsize="small", color=colour)


def _bar(ax: Axes, mesh: QuadMesh, highest: float, metric: str) -> None:
    from matplotlib.cm import ScalarMappable

    # The mesh itself would give the bar the many alphas of its cells.
    beyond = "max" if highest > mesh.get_clim()[1] else "neither"
    bar = ax.figure.colorbar(ScalarMappable(mesh.norm, mesh.cmap), ax=ax, pad=0.02, shrink=0.9, extend=beyond)
    bar.outline.set_visible(False)
    axes.set_text(bar.ax.yaxis.label, f"median {scales.metric_label(metric)}")
    scales.set_formatter(bar.ax, "y", scales.format_percent if scales.is_rate(metric) else scales.format_short)
