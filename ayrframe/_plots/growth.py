"""How do posts grow? The table `growth`: a thin line for each post, and a bold one for their median."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import POST_IDENTITY
from ayrframe._metrics.growth import growth
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import platform_color, platform_style, text_color
from ayrframe._plots.timeline import format_dates
from ayrframe.errors import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GrowthGrouping = Literal["age", "time"]

MIN_CURVES = 5  # posts; the median of fewer would be a line of its own
_STEPS = 400  # of the bold line
_TWO, _FEW = 2, 50


def plot_growth(
    posts: pd.DataFrame, metric: str = "engagements", *, by: GrowthGrouping = "age", ax: Axes | None = None
) -> Axes:
    """Draw the growth of the posts of a posts frame."""
    if by not in get_args(GrowthGrouping):
        raise ValueError(f"Growth is drawn by {' or '.join(get_args(GrowthGrouping))}, not by {quote(str(by))}.")
    return draw_growth(growth(posts, metric), metric, by=by, ax=ax)


def draw_growth(table: pd.DataFrame, metric: str, *, by: GrowthGrouping = "age", ax: Axes | None = None) -> Axes:
    """Draw a table of the observations of each post."""
    ax = axes.make_axes(ax)
    every = table.groupby(list(POST_IDENTITY)).ngroups
    lines = _lines(table, by)
    values = to_floats(lines["value"])
    groups = [to_floats(part["value"]) for _, part in lines.groupby(PLATFORM.name, sort=False)]
    logarithmic = scales.is_far_apart([*groups, values[np.isfinite(values)].max(initial=0, keepdims=True)])
    fell = lines[lines["fell"].fillna(value=False)]
    bold = f"; bold: median where at least {MIN_CURVES} are observed" if by == "age" else ""
    words = scales.metric_label(metric)
    axes.set_title(
        ax,
        f"Growth of {words}",
        f"{_whose(lines)}n = {lines['line'].nunique():,} of {every:,} posts, {np.isfinite(values).sum():,} "
        f"observations{bold}",
        x="days since publication" if by == "age" else "time of the observation (UTC)",
        y=f"{words}{', log scale' if logarithmic else ''}",
    )
    if not len(lines):
        dated = "" if by == "time" or not len(_lines(table, "time")) else " that has a date"
        return axes.draw_empty(ax, f"No post{dated} was observed twice with its {words}.")
    axes.style_axes(ax, grid="both")
    for name, part in lines.groupby(PLATFORM.name, sort=False):
        _network(ax, str(name), part, by)
    if len(fell):
        label = f"fell (n = {len(fell):,})"
        ax.plot(fell["x"], fell["value"], linestyle="", marker="v", color=text_color(ax), zorder=4, label=label)
    if by == "time":
        format_dates(ax)
    if logarithmic:
        scales.set_log_scale(ax, "y", values)
    else:
        ax.set_ylim(bottom=min(0, np.nanmin(values)))
    scales.set_formatter(ax, "y", scales.format_short)
    axes.draw_legend(ax)
    return ax


def median_curve(lines: pd.DataFrame) -> tuple[axes.FloatValues, axes.FloatValues]:
    """Return ages and the median of the posts there; NaN where fewer than five are between two observations."""
    ages = np.unique(to_floats(lines["x"]))
    grid = ages if len(ages) <= _STEPS else np.linspace(ages[0], ages[-1], _STEPS)
    curves = [(to_floats(part["x"]), to_floats(part["value"])) for _, part in lines.groupby("line", sort=False)]
    values = np.array([np.interp(grid, *curve, left=np.nan, right=np.nan) for curve in curves])
    enough = np.isfinite(values).sum(axis=0) >= MIN_CURVES
    middle = np.full(len(grid), np.nan)
    middle[enough] = np.nanmedian(values[:, enough], axis=0)
    return grid, middle


def _lines(table: pd.DataFrame, by: GrowthGrouping) -> pd.DataFrame:
    """Return the points of the posts that have two values and a place, with the number of their line."""
    table = table.assign(line=table.groupby(list(POST_IDENTITY), sort=False, dropna=False).ngroup())
    table["x"] = table["age_hours"] / 24 if by == "age" else table[AS_OF.name].dt.tz_localize(None)
    placed = table[table[CREATED.name].notna()] if by == "age" else table
    return placed[placed.groupby("line")["value"].transform("count") >= _TWO]


def _network(ax: Axes, name: str, part: pd.DataFrame, by: GrowthGrouping) -> None:
    colour, style, n = platform_color(ax, name), platform_style(name), part["line"].nunique()
    # One line with a break behind each post: thousands of lines would take minutes.
    ends = part.drop_duplicates("line", keep="last").assign(value=np.nan)
    broken = pd.concat([part, ends]).sort_values("line", kind="stable")
    label = f"{style.title} (n = {n:,})"
    (thin,) = ax.plot(broken["x"], broken["value"], color=colour, label=label)
    thin.set(alpha=0.5 if n <= _FEW else 0.2, linewidth=0.8, marker=".", markersize=2.5)
    if by == "age" and n >= MIN_CURVES:
        ages, middle = median_curve(part)
        if np.isfinite(middle).any():
            ax.plot(ages, middle, color=colour, linewidth=2.6, label=f"{style.title}, median", zorder=3)


def _whose(lines: pd.DataFrame) -> str:
    names = lines[PLATFORM.name].unique()
    return f"{platform_style(names[0]).title}: " if len(names) == 1 else ""
