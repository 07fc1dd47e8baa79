"""Plot posts or a metric on the days of one or several months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import BoolArray, FloatArray, IntArray
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.days import daily_statistics
from ayrframe._metrics.frames import drop_future_posts
from ayrframe._metrics.metrics import to_floats
from ayrframe._metrics.periods import parse_period, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts, definition_lines
from ayrframe._plots.style import RGB, background_color, blend, grid_color, platform_titles, text_color, text_color_on
from ayrframe._plots.timeline import check_statistic, choose_statistic, statistic_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh


_MAX_MONTHS = 24
_FIGURE_ROWS = 12  # in which a row of months is drawn
_MONTHS_PER_ROW = 3
_BLOCK_SIZE = 8  # cells of a month in both directions: seven days and a gap, six weeks and two lines of headings
_HEADINGS = 2
_WEEKDAY_INITIALS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_PALE = 0.45
_LEGEND = "grey: no posts; empty: not read, or not completely"


def draw_months(
    observations: pd.DataFrame,
    posts: pd.DataFrame,
    metric: str | None = None,
    *,
    at: object = None,
    statistic: str | None = None,
    tz: TimeZone | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the number of posts of each day, or a statistic of a metric of one platform; `posts` has the latest rows."""
    dated = drop_future_posts(posts)
    months = _parse_months(at, dated[CREATED.name].max(), tz)
    table = daily_statistics(observations, dated, months, metric, tz)
    names, counted = list(dict.fromkeys(posts[PLATFORM.name])), table["posts"].to_numpy(dtype=np.int64)
    if metric is None:
        what, values = "Posts published", np.where(counted > 0, counted, np.nan)
    else:
        chosen = table.assign(**{PLATFORM.name: "".join(names)})
        statistic = check_statistic(chosen, metric, statistic) if statistic else choose_statistic(chosen)
        what, values = statistic_label(statistic, metric).capitalize(), to_floats(table[statistic])
    is_unvalued, profiles = np.isnan(values) & (counted > 0), posts[PROFILE.name].nunique()
    rows, columns = -(-len(months) // _MONTHS_PER_ROW), min(len(months), _MONTHS_PER_ROW)
    ax = axes.prepare_axes(
        ax,
        f"{what} per day{f', {platform_titles(names)}' if names else ''}",
        count_posts(int(counted.sum()), int(table["posts_with"].sum())),
        f"{profiles} profiles together" if profiles > 1 else "",
        *(definition_lines(posts, metric) if metric else []),
        f"{'hatched: posts without a value; ' if is_unvalued.any() else ''}{_LEGEND}" if months else "",
        rows=_FIGURE_ROWS * rows + 3,
        x=f"day of publication ({to_timezone(tz)})",
    )
    if not months:
        return axes.draw_empty(ax, "No post has a date.")
    places = np.array([_cell(day, months) for day in table.index])
    mesh = _draw_colors(ax, places, values, (rows * _BLOCK_SIZE, columns * _BLOCK_SIZE - 1))
    _draw_other_days(ax, places, is_unvalued, values, table["complete"].to_numpy(dtype=bool))
    format_value = scales.format_percent if metric is not None and scales.is_rate(metric) else scales.format_short
    size = _font_size(ax)
    if size >= layout.MIN_FONT_SIZE:
        _write_days(ax, mesh, places, table.index, values, format_value, size)
    elif np.isfinite(values).any():
        _draw_color_bar(ax, mesh, what, format_value, is_count=metric is None)
    _write_headings(ax, months, size)
    ax.set(xticks=[], yticks=[], aspect="equal", anchor="NW")
    ax.spines[:].set_visible(False)
    return ax


def _parse_months(at: object, newest: pd.Timestamp, tz: TimeZone | None) -> list[pd.Period]:
    """Return the months of an argument, sorted; for None that of a time, which may be NaT."""
    if at is None:
        return [] if pd.isna(newest) else [to_periods(pd.Series([newest]), "month", tz).iloc[0]]
    values = [at] if isinstance(at, str | pd.Period) or not isinstance(at, Iterable) else list(at)
    months = sorted({parse_period(value, "month") for value in values})
    if not 0 < len(months) <= _MAX_MONTHS:
        raise ValueError(f"`at` must be 1 to {_MAX_MONTHS} months, got {len(months)}.")
    return months


def _cell(day: pd.Period, months: Sequence[pd.Period]) -> tuple[int, int]:
    """Return the row and the column of a day."""
    month = day.asfreq("M")
    number = months.index(month)
    week, weekday = divmod(day.day - 1 + month.start_time.weekday(), 7)
    block_row, block_column = divmod(number, _MONTHS_PER_ROW)
    return block_row * _BLOCK_SIZE + _HEADINGS + week, block_column * _BLOCK_SIZE + weekday


def _draw_colors(ax: Axes, places: IntArray, values: FloatArray, shape: tuple[int, int]) -> QuadMesh:
    """Draw a color for each day with a value."""
    grid = np.full(shape, np.nan)
    grid[places[:, 0], places[:, 1]] = values
    mesh = ax.pcolormesh(np.arange(shape[1] + 1), np.arange(shape[0] + 1), np.ma.masked_invalid(grid), cmap="YlGnBu")
    drawn = values[np.isfinite(values)]
    low, high = drawn.min(initial=0), drawn.max(initial=0)
    mesh.set(clim=(low, high if high > low else low + 1), edgecolor=background_color(ax), linewidth=1)
    ax.set(xlim=(0, shape[1]), ylim=(shape[0], 0))
    return mesh


def _draw_other_days(
    ax: Axes, places: IntArray, is_unvalued: BoolArray, values: FloatArray, complete: BoolArray
) -> None:
    """Draw days without a value: hatched with posts, grey without, and empty if posts may not be listed."""
    from matplotlib.patches import Rectangle

    for (row, column), has_posts, value, is_complete in zip(places, is_unvalued, values, complete, strict=True):
        if np.isnan(value):
            cell = Rectangle((column + 0.04, row + 0.04), 0.92, 0.92, edgecolor=grid_color(ax), linewidth=0.8)
            cell.set(facecolor=grid_color(ax) if is_complete and not has_posts else "none")
            if has_posts:
                cell.set(hatch="////", edgecolor=blend(text_color(ax), background_color(ax), _PALE))
            ax.add_patch(cell)


def _write_days(
    ax: Axes,
    mesh: QuadMesh,
    places: IntArray,
    days: Iterable[pd.Period],
    values: FloatArray,
    format_value: Callable[[float], str],
    size: float,
) -> None:
    """Write the number of each day into its corner, and its value into the middle."""
    pale = blend(text_color(ax), background_color(ax), _PALE)
    for (row, column), day, value in zip(places, days, values, strict=True):
        color: str | RGB = pale
        if np.isfinite(value):
            red, green, blue, _ = mesh.to_rgba(value)
            color = text_color_on((red, green, blue))
            ax.text(column + 0.5, row + 0.62, format_value(value), ha="center", va="center", fontsize=size, color=color)
        ax.text(column + 0.08, row + 0.08, str(day.day), ha="left", va="top", fontsize=size * 0.7, color=color)


def _draw_color_bar(
    ax: Axes, mesh: QuadMesh, label: str, format_value: Callable[[float], str], *, is_count: bool
) -> None:
    """Draw the colors of the values, where these would be too small to be read."""
    from matplotlib.ticker import MaxNLocator

    bar = axes.draw_color_bar(ax, mesh, label, format_value)
    if is_count:
        bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def _write_headings(ax: Axes, months: Sequence[pd.Period], size: float) -> None:
    """Write the name of each month, and the days of the week above it if there is room."""
    for number, month in enumerate(months):
        row, column = (_BLOCK_SIZE * position for position in divmod(number, _MONTHS_PER_ROW))
        heading = ax.text(column, row + 1.1, str(month), ha="left", va="bottom", weight="bold", color=text_color(ax))
        heading.set_fontsize(max(min(size * 1.3, layout.font_size(ax, "medium")), layout.MIN_FONT_SIZE))
        for weekday, name in enumerate(_WEEKDAY_INITIALS if size >= layout.MIN_FONT_SIZE else ()):
            ax.text(column + weekday + 0.5, row + 1.8, name, ha="center", fontsize=size * 0.9, color=text_color(ax))


def _font_size(ax: Axes) -> float:
    """Return a font size at which a number of four characters fits into a cell."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    cell = min(ax.bbox.width / (right - left), ax.bbox.height / (bottom - top)) / ax.figure.dpi * 72
    return float(min(cell * 0.28, 10.0))
