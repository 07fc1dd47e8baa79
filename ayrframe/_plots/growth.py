"""Plot how posts grow: a thin line for each post, and a bold one for their median."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import POST_IDENTITY
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import only_title, platform_color, platform_style, text_color
from ayrframe._plots.timeline import format_dates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIN_CURVES = 5  # posts; the median of fewer follows single posts
_MEDIAN_POINTS = 400  # of the median line at most
_MIN_OBSERVATIONS = 2
_MANY_CURVES = 50  # above it, curves are drawn fainter


def draw_growth(table: pd.DataFrame, metric: str, *, by: str = "age", ax: Axes | None = None) -> Axes:
    """Draw a growth table: the observations of each post."""
    total = table.groupby(list(POST_IDENTITY)).ngroups
    lines = growth_lines(table, by)
    values = to_floats(lines["value"])
    groups = [to_floats(rows["value"]) for _, rows in lines.groupby(PLATFORM.name, sort=False)]
    logarithmic = scales.needs_log_scale([*groups, values[np.isfinite(values)].max(initial=0, keepdims=True)])
    decreases = lines[lines["fell"].fillna(value=False)]
    median_note = f"; bold: median where at least {MIN_CURVES} are observed" if by == "age" else ""
    label = scales.metric_label(metric)
    platforms = lines[PLATFORM.name].unique().tolist()
    ax = axes.prepare_axes(
        ax,
        f"Growth of {label}",
        f"{only_title(platforms, ': ')}n = {lines['line'].nunique():,} of {total:,} posts, "
        f"{np.isfinite(values).sum():,} observations{median_note}",
        x="days since publication" if by == "age" else "time of the observation (UTC)",
        y=f"{label}{', log scale' if logarithmic else ''}",
        grid="both",
    )
    if not len(lines):
        dated = "" if by == "time" or not len(growth_lines(table, "time")) else " with a date"
        return axes.draw_empty(ax, f"No post{dated} has two observations of {label}.")
    for name, rows in lines.groupby(PLATFORM.name, sort=False):
        _draw_growth_curves(ax, str(name), rows, by)
    if len(decreases):
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
    dated = table[table[CREATED.name].notna()] if by == "age" else table
    return dated[dated.groupby("line")["value"].transform("count") >= _MIN_OBSERVATIONS]


def median_curve(lines: pd.DataFrame) -> tuple[axes.FloatValues, axes.FloatValues]:
    """Return ages and the median of the interpolated lines; NaN where fewer than five lines reach an age."""
    ages = np.unique(to_floats(lines["x"]))
    grid = ages if len(ages) <= _MEDIAN_POINTS else np.linspace(ages[0], ages[-1], _MEDIAN_POINTS)
    curves = [(to_floats(rows["x"]), to_floats(rows["value"])) for _, rows in lines.groupby("line", sort=False)]
    values = np.array([np.interp(grid, *curve, left=np.nan, right=np.nan) for curve in curves])
    enough = np.isfinite(values).sum(axis=0) >= MIN_CURVES
    medians = np.full(len(grid), np.nan)
    medians[enough] = np.nanmedian(values[:, enough], axis=0)
    return grid, medians


def _draw_growth_curves(ax: Axes, name: str, rows: pd.DataFrame, by: str) -> None:
    color, style, n = platform_color(ax, name), platform_style(name), rows["line"].nunique()
    # One line with a gap after each post: thousands of lines would take minutes.
    gaps = rows.drop_duplicates("line", keep="last").assign(value=np.nan)
    joined = pd.concat([rows, gaps]).sort_values("line", kind="stable")
    (curves,) = ax.plot(joined["x"], joined["value"], color=color, label=f"{style.title} (n = {n:,})")
    curves.set(alpha=0.5 if n <= _MANY_CURVES else 0.2, linewidth=0.8, marker=".", markersize=2.5)
    if by == "age" and n >= MIN_CURVES:
        ages, medians = median_curve(rows)
        if np.isfinite(medians).any():
            ax.plot(ages, medians, color=color, linewidth=2.6, label=f"{style.title}, median", zorder=3)
