"""Plot a metric over time, one line per platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts, definition_lines
from ayrframe._plots.style import background_color, only_title, platform_color, platform_style, platform_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COMPLETE = "complete"
MAX_DETAILED = 4  # platforms; details of more would tangle
_INCOMPLETE_NOTE = "hollow, dashed: period not complete"
_MANY_PERIODS = 30  # above it, large markers would hide the lines
_ONE_MOMENT, _DAYS_BESIDE = 10 / 24 / 60, 45  # days, the unit of matplotlib
_LABELS_PER_INCH = 1.3  # dates
_DASHES: Any = (0, (2, 2))


def draw_timeline(
    table: pd.DataFrame,
    posts: pd.DataFrame,
    metric: str,
    *,
    statistic: str | None = None,
    period: str = "week",
    tz: TimeZone | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a timeline table, the periods of each platform; `posts` has the metrics of all posts."""
    statistic = check_statistic(table, metric, statistic) if statistic else choose_statistic(table)
    counted = table[table.groupby(PLATFORM.name)["posts_with"].transform("max") > 0]
    by_platform = {str(name): rows for name, rows in counted.groupby(PLATFORM.name, sort=False)}
    without_values = [name for name in posts[PLATFORM.name].unique() if name not in by_platform]
    logarithmic = scales.needs_log_scale(to_floats(rows[statistic]) for rows in by_platform.values())
    values = to_floats(counted[statistic])
    has_incomplete = COMPLETE in counted and not counted[COMPLETE].fillna(value=True).all()
    ax = axes.prepare_axes(
        ax,
        f"{statistic_label(statistic, metric).capitalize()}, per {period}",
        only_title(list(by_platform), ": ") + count_posts(len(posts), int(table["posts_with"].sum())),
        f"not reported by {platform_titles(without_values)}" if without_values and by_platform else "",
        *definition_lines(posts, metric),
        _INCOMPLETE_NOTE if has_incomplete else "",
        x=f"start of the {period} ({to_timezone(tz)})",
        y=f"{statistic_label(statistic, metric)}{', log scale' if logarithmic else ''}",
        grid="both",
    )
    if not np.isfinite(values).any():
        return axes.draw_empty(ax, f"No post with a date has a value for {scales.metric_label(metric)}.")
    for name, rows in by_platform.items():
        total, with_data = int((posts[PLATFORM.name] == name).sum()), int(rows["posts_with"].sum())
        label = f"{platform_style(name).title} ({with_data:,} of {total:,} posts)"
        days = rows["start"].dt.tz_convert(to_timezone(tz)).dt.tz_localize(None)
        _draw_line(ax, name, days, rows, statistic, label=label, alone=len(by_platform) == 1)
    format_dates(ax)
    scales.set_y_scale(ax, values, logarithmic=logarithmic)
    scales.set_formatter(ax.yaxis, scales.format_percent if scales.is_rate(metric) else scales.format_short)
    axes.draw_legend(ax)
    return ax


def default_period(posts: pd.DataFrame, metric: str) -> Literal["week", "month"]:
    """Return the period of which the lines of these platforms can be distinguished."""
    return "month" if posts.loc[posts[metric].notna(), PLATFORM.name].nunique() > MAX_DETAILED else "week"


def choose_statistic(table: pd.DataFrame) -> str:
    """Return the statistic that every platform of a table has: the rate, else the sum, else the median."""
    rows = table[table["posts_with"] > 0]
    for statistic in ("rate", "sum"):
        if len(rows) and rows.groupby(PLATFORM.name)[statistic].count().all():
            return statistic
    return "median"


def check_statistic(table: pd.DataFrame, metric: str, statistic: str) -> str:
    """Return the statistic; raise a ValueError if the table does not have it for this metric."""
    if table["posts_with"].sum() > 0 and table[statistic].isna().all():
        raise ValueError(
            f"{metric!r} has no {statistic}, because it must not be added. Use stat='median', or no `stat`."
        )
    return statistic


def format_dates(ax: Axes) -> None:
    """Format dates on the x axis as they are, whatever time zone matplotlib's settings name.

    Data of one moment get an axis of three months; matplotlib would show four years, or seconds.
    """
    from datetime import UTC

    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    room, _ = layout.room_in_inches(ax)
    most = int(np.clip(room * _LABELS_PER_INCH, 4, 9))
    locator = AutoDateLocator(tz=UTC, minticks=3, maxticks=most)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]
    first, last = ax.dataLim.intervalx
    if 0 <= last - first < _ONE_MOMENT:
        ax.set_xlim(first - _DAYS_BESIDE, last + _DAYS_BESIDE)


def statistic_label(statistic: str, metric: str) -> str:
    """Return what is drawn: `sum of likes`, `median of reach (people) per post`, `engagements / views`."""
    label = scales.metric_label(metric)
    return {"rate": label, "sum": f"sum of {label}", "median": f"median of {label} per post"}[statistic]


def _draw_line(
    ax: Axes, name: str, days: pd.Series, rows: pd.DataFrame, statistic: str, *, label: str, alone: bool
) -> None:
    """Draw the periods of a platform; those that are not complete are hollow, and the lines to them dashed."""
    style, color, values = platform_style(name), platform_color(ax, name), to_floats(rows[statistic])
    size = (5 if len(days) <= _MANY_PERIODS else 3) * layout.text_scale(ax)
    complete = np.ones(len(rows), dtype=bool)
    if COMPLETE in rows:
        complete = rows[COMPLETE].fillna(value=True).to_numpy(dtype=bool)
    if not complete.all():
        (dashed,) = ax.plot(days, values, color=color, linewidth=1.1, linestyle=_DASHES)
        dashed.set(marker=style.marker, markersize=size, markerfacecolor=background_color(ax))
    (line,) = ax.plot(days, np.where(complete, values, np.nan), color=color, linewidth=1.3, label=label)
    line_style = "-" if alone or not complete.all() else style.line_style
    line.set(marker=style.marker, markersize=size, linestyle=line_style)
