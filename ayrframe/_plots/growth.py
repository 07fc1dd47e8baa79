"""Plot how posts grow: a thin line for each post, and a bold one for their median."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._frame.deduplicate import POST_IDENTITY
from ayrframe._metrics.metrics import elapsed, to_floats
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import definition_lines, total_posts
from ayrframe._plots.style import only_title, platform_color, platform_style, text_color
from ayrframe._plots.timeline import MAX_DETAILED, format_dates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIN_CURVES = 5  # posts; the median of fewer follows single posts
_MEDIAN_POINTS = 400  # of the median line at most
_MIN_OBSERVATIONS = 2
_MANY_CURVES = 50  # above it, curves are drawn fainter
_HOUR, _ROUNDING = pd.Timedelta(hours=1), 1e-6


def draw_growth(
    table: pd.DataFrame, posts: pd.DataFrame, metric: str, *, by: str = "age", ax: Axes | None = None
) -> Axes:
    """Draw a growth table, the observations of each post; `posts` has the metrics of all observations."""
    total = table.groupby(list(POST_IDENTITY)).ngroups
    lines = growth_lines(table, by)
    values = to_floats(lines["value"])
    groups = [to_floats(rows["value"]) for _, rows in lines.groupby(PLATFORM.name, sort=False)]
    logarithmic = scales.needs_log_scale([*groups, values[np.isfinite(values)].max(initial=0, keepdims=True)])
    decreases = lines[lines["fell"].fillna(value=False)]
    medians_only = by == "age" and lines[PLATFORM.name].nunique() > MAX_DETAILED
    line = "lines" if medians_only else "bold"
    median_note = f"; {line}: median of the same posts at each age" if by == "age" else ""
    label = scales.metric_label(metric)
    platforms = lines[PLATFORM.name].unique().tolist()
    ax = axes.prepare_axes(
        ax,
        f"Growth of {label}",
        f"{only_title(platforms, ': ')}{total_posts(total)}, {lines['line'].nunique():,} with at least two observations"
        f"{median_note}",
        *definition_lines(posts, metric),
        x="days since publication" if by == "age" else "time of the observation (UTC)",
        y=f"{label}{', log scale' if logarithmic else ''}",
        grid="both",
    )
    if not len(lines):
        dated = "" if by == "time" or not len(growth_lines(table, "time")) else " with a date"
        return axes.draw_empty(ax, f"No post{dated} has two observations of {label}.")
    for name, rows in lines.groupby(PLATFORM.name, sort=False):
        _draw_growth_curves(ax, str(name), rows, by, medians_only=medians_only)
    if len(decreases) and not medians_only:
        label = f"fell (n = {len(decreases):,})"
        color = text_color(ax)
        ax.plot(decreases["x"], decreases["value"], linestyle="", marker="v", color=color, zorder=4, label=label)
    if by == "time":
        format_dates(ax)
    scales.set_y_scale(ax, values, logarithmic=logarithmic)
    scales.set_formatter(ax.yaxis, scales.format_short)
    axes.draw_legend(ax)
    return ax


def growth_lines(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the observations of posts with at least two values, with x positions and the number of their line."""
    table = table.assign(line=table.groupby(list(POST_IDENTITY), sort=False, dropna=False).ngroup())
    table["x"] = table["age_hours"] / 24 if by == "age" else table[AS_OF.name].dt.tz_localize(None)
    table["run"] = _number_runs(table)
    dated = table[table[CREATED.name].notna()] if by == "age" else table
    return dated[dated.groupby("line")["value"].transform("count") >= _MIN_OBSERVATIONS]


def _number_runs(table: pd.DataFrame) -> pd.Series:
    """Return the number of the run of each row; a run is part of a line without missing values and changes of parts.

    Increments are relative to the previous observation that adds up the same parts, so they cover the time since the
    previous value unless the parts changed.
    """
    values = table[table["value"].notna()]
    previous = values.groupby("line")[AS_OF.name].shift()
    uncovered = elapsed(previous, values[AS_OF.name], _HOUR) - values["hours"]
    continues = uncovered.abs().lt(_ROUNDING).reindex(table.index, fill_value=False)
    runs: pd.Series = (~continues).cumsum()
    return runs


def median_curve(lines: pd.DataFrame) -> tuple[int, FloatArray, FloatArray]:
    """Return a number of posts, ages, and the median of the interpolated lines of the same posts at each age.

    The posts are those observed from the first to the last of these ages without a gap. Of all choices with at least
    five posts, the one with the largest product of posts and time is taken, the earliest if several are equal.
    """
    ages = np.unique(to_floats(lines["x"]))
    grid = ages if len(ages) <= _MEDIAN_POINTS else np.linspace(ages[0], ages[-1], _MEDIAN_POINTS)
    runs = [(to_floats(run["x"]), to_floats(run["value"])) for run in _observed_runs(lines)]
    if not runs:
        return 0, grid[:0], grid[:0]
    first = np.searchsorted(grid, [x[0] for x, _ in runs], side="left")
    last = np.searchsorted(grid, [x[-1] for x, _ in runs], side="right") - 1
    counts = np.zeros((len(grid), len(grid)))
    np.add.at(counts, (first, last), 1)  # as starts and ends, then those that start before and end after
    counts = counts.cumsum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1]
    time = np.maximum(grid[None, :] - grid[:, None], 0)
    area = np.where(counts >= MIN_CURVES, counts * time, 0)
    start, end = np.unravel_index(area.argmax(), area.shape)
    if not area[start, end] > 0:
        return 0, grid[:0], grid[:0]
    shown = grid[start : end + 1]
    chosen = [run for run, a, b in zip(runs, first, last, strict=True) if a <= start and b >= end]
    return len(chosen), shown, np.median([np.interp(shown, *run) for run in chosen], axis=0)


def _observed_runs(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the parts of the lines without a gap that have at least two observations."""
    runs = lines[lines["value"].notna()].groupby("run", sort=False)
    return [run.drop_duplicates("x", keep="last") for _, run in runs if len(run) >= _MIN_OBSERVATIONS]


def _draw_growth_curves(ax: Axes, name: str, rows: pd.DataFrame, by: str, *, medians_only: bool) -> None:
    """Draw the posts of a platform and their median; with `medians_only`, posts only if they have no median."""
    color, style, n = platform_color(ax, name), platform_style(name), rows["line"].nunique()
    scale = layout.text_scale(ax)
    no_curve = 0, np.zeros(0), np.zeros(0)
    count, ages, medians = median_curve(rows) if by == "age" and n >= MIN_CURVES else no_curve
    if not (medians_only and count):
        # One line with a gap after each run: thousands of lines would take minutes.
        observed = rows[rows["value"].notna()]
        gaps = observed.drop_duplicates("run", keep="last").assign(value=np.nan)
        joined = pd.concat([observed, gaps]).sort_values("run", kind="stable")
        (curves,) = ax.plot(joined["x"], joined["value"], color=color, label=f"{style.title} (n = {n:,})")
        curves.set(alpha=0.5 if n <= _MANY_CURVES else 0.2, linewidth=0.8, marker=".", markersize=2.5)
    if count:
        label = f"{style.title}, median of the same {count:,}"
        (line,) = ax.plot(ages, medians, color=color, linewidth=2.6 * scale, label=label, zorder=3)
        if medians_only:
            line.set(marker=style.marker, markersize=6 * scale, markevery=max(len(ages) // 10, 1))
