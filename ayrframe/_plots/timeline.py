"""Plot a metric over time, one line per platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import only_title, platform_color, platform_style, platform_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY_PERIODS = 30  # above it, large markers would hide the lines
_STATISTIC_PREFIXES = {"sum": "sum of ", "median": "median of ", "rate": ""}


def draw_timeline(
    table: pd.DataFrame, metric: str, *, period: str = "week", tz: TimeZone | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a timeline table: the periods of each platform."""
    statistic = choose_statistic(table)
    counted = table[table.groupby(PLATFORM.name)["posts_with"].transform("max") > 0]
    by_platform = {str(name): rows for name, rows in counted.groupby(PLATFORM.name, sort=False)}
    without_values = [name for name in table[PLATFORM.name].unique() if name not in by_platform]
    logarithmic = scales.needs_log_scale(to_floats(rows[statistic]) for rows in by_platform.values())
    values = to_floats(counted[statistic])
    counts = f"n = {int(counted['posts_with'].sum()):,} of {int(counted['posts'].sum()):,} posts"
    ax = axes.prepare_axes(
        ax,
        f"{scales.metric_label(metric).capitalize()} per {period}",
        f"{only_title(list(by_platform), ': ')}{counts}",
        f"not reported by {platform_titles(without_values)}" if without_values and by_platform else "",
        x=f"start of the {period} ({to_timezone(tz)})",
        y=f"{_STATISTIC_PREFIXES[statistic]}{scales.metric_label(metric)}{', log scale' if logarithmic else ''}",
        grid="both",
    )
    if not np.isfinite(values).any():
        return axes.draw_empty(ax, f"No post with a date has a value for {scales.metric_label(metric)}.")
    for name, rows in by_platform.items():
        style = platform_style(name)
        days = rows["start"].dt.tz_convert(to_timezone(tz)).dt.tz_localize(None)
        label = f"{style.title} (n = {int(rows['posts_with'].sum()):,})"
        (line,) = ax.plot(days, to_floats(rows[statistic]), color=platform_color(ax, name), linewidth=1.3, label=label)
        line_style, size = style.line_style if len(by_platform) > 1 else "-", 5 if len(days) <= _MANY_PERIODS else 3
        line.set(marker=style.marker, markersize=size, linestyle=line_style)
    format_dates(ax)
    scales.set_y_scale(ax, values, logarithmic=logarithmic)
    scales.set_formatter(ax.yaxis, scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


def choose_statistic(table: pd.DataFrame) -> str:
    """Return the statistic that every platform of a table has: the rate, else the sum, else the median."""
    rows = table[table["posts_with"] > 0]
    for statistic in ("rate", "sum"):
        if len(rows) and rows.groupby(PLATFORM.name)[statistic].count().all():
            return statistic
    return "median"


def format_dates(ax: Axes) -> None:
    """Format dates on the x axis as they are, whatever time zone matplotlib's settings name."""
    from datetime import UTC

    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz=UTC, minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]
