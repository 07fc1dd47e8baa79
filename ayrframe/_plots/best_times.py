"""Plot the best times to post on one platform: a heat map of weekday by hour, with the number of posts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.best_times import MIN_AGE, MIN_POSTS
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import parse_duration, to_timezone
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import definition_lines, total_posts
from ayrframe._plots.style import RGB, background_color, grid_color, platform_style, text_color, text_color_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

_WEEKDAYS, _HOURS_PER_DAY = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), 24
_HOUR_STEPS = (2, 3, 4, 6, 12)  # between labels
_LABEL_WIDTH, _WIDTH_BESIDE_BAR = 2.2, 0.75  # in units of the font size; share of the width
_HOUR = pd.Timedelta(hours=1)


def draw_best_times(
    table: pd.DataFrame,
    posts: pd.DataFrame,
    metric: str,
    limits: tuple[int, str | timedelta] = (MIN_POSTS, MIN_AGE),
    *,
    tz: TimeZone | None = None,
    platform: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of weekdays and hours with these minimum numbers of posts and ages.

    `posts` has the metrics of all posts.
    """
    min_posts, min_age = limits
    name = axes.select_platform(table, platform)
    rows = table[table[PLATFORM.name] == name]
    counts, medians = (_weekday_hour_grid(rows, column) for column in ("posts_with", "median"))
    posts = posts[posts[PLATFORM.name] == name]
    n_counted, has_values = int(np.nansum(counts)), np.nansum(counts) > 0
    label = scales.metric_label(metric)
    too_few = "hatched: fewer posts, no median" if np.isfinite(medians).any() else "no hour has as many"
    ax = axes.prepare_axes(
        ax,
        f"Median of {label} by weekday and hour{f', {platform_style(name).title}' if name else ''}",
        f"{total_posts(len(posts))}, {n_counted:,} of them the account's own, {_age_text(min_age)} old and with data",
        f"number of posts in the cells; a median needs {min_posts}, {too_few}" if has_values else "",
        *definition_lines(posts, metric),
        x=f"hour of publication ({to_timezone(tz)})",
        y="weekday",
    )
    if not has_values:
        return axes.draw_empty(ax, f"No post of the account with a date and this age has a value for {label}.")
    mesh = _draw_cells(ax, medians)
    _write_counts(ax, mesh, counts, medians)
    ax.set_yticks(np.arange(7), _WEEKDAYS)
    label_width = layout.tick_size(ax, "x") * _LABEL_WIDTH / layout.POINTS
    fitting = axes.width_in_inches(ax) * _WIDTH_BESIDE_BAR / label_width
    step = next((step for step in _HOUR_STEPS if _HOURS_PER_DAY / step <= fitting), _HOUR_STEPS[-1])
    ax.set_xticks(np.arange(0, _HOURS_PER_DAY, step), [f"{hour:02}" for hour in range(0, _HOURS_PER_DAY, step)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if np.isfinite(medians).any():
        format_value = scales.format_percent if scales.is_rate(metric) else scales.format_short
        axes.draw_color_bar(ax, mesh, f"median of {label}", format_value)
    return ax


def _weekday_hour_grid(rows: pd.DataFrame, column: str) -> FloatArray:
    grid = np.full((len(_WEEKDAYS), _HOURS_PER_DAY), np.nan)
    grid[rows["weekday"].to_numpy(dtype=np.int64), rows["hour"].to_numpy(dtype=np.int64)] = to_floats(rows[column])
    return grid


def _age_text(min_age: str | timedelta) -> str:
    age = parse_duration(min_age)
    days = age / pd.Timedelta(days=1)
    return f"at least {days:g} {'day' if days == 1 else 'days'}" if days >= 1 else f"at least {age / _HOUR:g} hours"


def _draw_cells(ax: Axes, medians: FloatArray) -> QuadMesh:
    """Draw a color for each hour with a median."""
    values = medians[np.isfinite(medians)]
    low, high = min(0.0, float(values.min(initial=0))), float(values.max(initial=0))
    hours, days = (np.arange(size + 1) - 0.5 for size in (_HOURS_PER_DAY, len(_WEEKDAYS)))
    mesh = ax.pcolormesh(hours, days, np.ma.masked_invalid(medians), cmap="YlGnBu")
    mesh.set(clim=(low, high if high > low else low + 1), edgecolor=background_color(ax), linewidth=1)
    ax.set_ylim(len(_WEEKDAYS) - 0.5, -0.5)
    return mesh


def _write_counts(ax: Axes, mesh: QuadMesh, counts: FloatArray, medians: FloatArray) -> None:
    """Write the number of posts into each cell, and hatch the cells with too few posts for a median."""
    from matplotlib.patches import Rectangle

    size = min(axes.fit_font_size(ax, len(_WEEKDAYS), 8.0), ax.bbox.width / ax.figure.dpi * 72 / _HOURS_PER_DAY * 0.6)
    for day, hour in np.argwhere(counts > 0):
        color: str | RGB = text_color(ax)
        if np.isfinite(medians[day, hour]):
            red, green, blue, _ = mesh.to_rgba(medians[day, hour])
            color = text_color_on((red, green, blue))
        else:
            cell = Rectangle((hour - 0.5, day - 0.5), 1, 1, fill=False, hatch="////", edgecolor=grid_color(ax), lw=0)
            ax.add_patch(cell)
        ax.text(hour, day, f"{counts[day, hour]:.0f}", ha="center", va="center", fontsize=size, color=color)
