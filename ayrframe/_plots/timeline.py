"""How does a metric go over time? The table `timeline`, a line for each network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import to_timezone
from ayrframe._metrics.summary import timeline
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import platform_color, platform_style, platform_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY = 30  # periods; larger markers than that would hide the lines


def plot_timeline(
    posts: pd.DataFrame,
    metric: str = "engagements",
    *,
    period: str = "week",
    tz: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a metric of a posts frame over time."""
    return draw_timeline(timeline(posts, metric, period=period, tz=tz), metric, period=period, tz=tz, ax=ax)


def draw_timeline(
    table: pd.DataFrame, metric: str, *, period: str = "week", tz: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a table of the periods of each network."""
    ax = axes.make_axes(ax)
    statistic = choose_statistic(table)
    told = table[table["posts_with"] > 0][PLATFORM.name].unique().tolist()
    silent = [name for name in table[PLATFORM.name].unique() if name not in told]
    lines = {name: to_floats(table.loc[table[PLATFORM.name] == name, statistic]) for name in told}
    logarithmic = scales.is_far_apart(lines.values())
    values = np.concatenate([np.zeros(0), *lines.values()])
    axes.set_title(
        ax,
        f"{scales.metric_label(metric).capitalize()} per {period}",
        _coverage(table, told),
        f"not told by {platform_titles(silent)}" if silent and told else "",
        x=f"start of the {period} ({to_timezone(tz)})",
        y=f"{_WORDS[statistic]}{scales.metric_label(metric)}{', log scale' if logarithmic else ''}",
    )
    if not np.isfinite(values).any():
        return axes.draw_empty(ax, f"No post with a date tells its {scales.metric_label(metric)}.")
    axes.style_axes(ax, grid="both")
    for name, line in lines.items():
        _line(ax, name, table[table[PLATFORM.name] == name], line, tz, alone=len(lines) == 1)
    format_dates(ax)
    if logarithmic:
        scales.set_log_scale(ax, "y", values)
    else:
        ax.set_ylim(bottom=min(0, np.nanmin(values)))
    scales.set_formatter(ax, "y", scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


_WORDS = {"sum": "sum of ", "median": "median of ", "rate": ""}


def choose_statistic(table: pd.DataFrame) -> str:
    """Return what the table has of all its networks: the rate, else the sum, else (what is no sum) the median."""
    told = table[table["posts_with"] > 0]
    for statistic in ("rate", "sum"):
        if len(told) and told.groupby(PLATFORM.name)[statistic].count().all():
            return statistic
    return "median"


def _line(ax: Axes, name: str, part: pd.DataFrame, values: axes.FloatValues, tz: str | None, *, alone: bool) -> None:
    style = platform_style(name)
    days = part["start"].dt.tz_convert(to_timezone(tz)).dt.tz_localize(None).to_numpy()
    label = f"{style.title} (n = {int(part['posts_with'].sum()):,})"
    size = 5 if len(days) <= _MANY else 3
    (drawn,) = ax.plot(days, values, color=platform_color(ax, name), linewidth=1.3, label=label)
    drawn.set(marker=style.marker, markersize=size, linestyle="-" if alone else style.line)


def format_dates(ax: Axes) -> None:
    """Write days at the axis: they are local days already, whatever zone the reader's settings name."""
    from datetime import UTC

    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz=UTC, minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]


def _coverage(table: pd.DataFrame, told: list[str]) -> str:
    posts = table[table[PLATFORM.name].isin(told)]
    of = f"n = {int(posts['posts_with'].sum()):,} of {int(posts['posts'].sum()):,} posts"
    return f"{platform_style(told[0]).title}: {of}" if len(told) == 1 else of
