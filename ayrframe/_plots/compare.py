"""Plot how metrics changed from one period to another: a bar per group and metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import background_color, platform_color, platform_style, text_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POST_COUNT, _ARROW = "posts", "→"
_DESCRIBED = ("metric", "before", "this", "change", "note")


def draw_compare(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a table that compares two periods; its columns before the metric are the groups."""
    groups = list(table.columns[: table.columns.get_loc("metric")])
    counts = table[table["metric"] == _POST_COUNT]
    is_empty = table["metric"].eq(_POST_COUNT) & table[["before", "this"]].eq(0).all(axis=1)
    table = table[table[["before", "this"]].notna().any(axis=1) & ~is_empty]
    titles = [_group_title(group) for group in table[groups].itertuples(index=False, name=None)]
    labels = [_row_label(*row) for row in zip(table["metric"], table["statistic"], strict=True)]
    rows, headings, positions = axes.add_headings(titles, labels)
    complete = (table["complete_before"] & table["complete_this"]).fillna(value=False).to_numpy(dtype=bool)
    periods = [next(iter(table[name].dropna()), "") for name in ("period_before", "period_this")]
    n_before, n_this = (f"{counts[side].sum():,.0f}" for side in ("before", "this"))
    only = f", {titles[0]}" if len(set(titles)) == 1 else ""
    ax = axes.prepare_axes(
        ax,
        f"Change from {periods[0]} to {periods[1]}{only}" if len(table) else "Change from one period to another",
        f"n = {n_before} posts in {periods[0]}, {n_this} in {periods[1]}" if len(table) else "",
        "" if complete.all() else "hollow, dashed: one of the periods is not complete",
        x="change",
        grid="x",
        rows=len(rows),
    )
    if not len(table):
        return axes.draw_empty(ax, "No post with a date in these periods.")
    changes = to_floats(table["change"])
    for position, change, name, is_complete in zip(positions, changes, table[PLATFORM.name], complete, strict=True):
        color = platform_color(ax, str(name))
        (bar,) = ax.barh([position], [0 if np.isnan(change) else change], height=0.7, color=color)
        if not is_complete:
            bar.set(facecolor=background_color(ax), edgecolor=color, linestyle="--", linewidth=1.2)
    ax.axvline(0, color=text_color(ax), linewidth=0.8)
    texts = [_describe_change(*row) for row in zip(*(table[name] for name in _DESCRIBED), strict=True)]
    axes.label_values(ax, positions, np.fmax(changes, 0), texts)
    axes.label_rows(ax, rows, headings)
    if not np.isfinite(changes).any():
        ax.set_xlim(-1, 1)
    ax.locator_params(axis="x", nbins=max(int(axes.width_in_inches(ax)), 2))
    scales.set_formatter(ax.xaxis, format_change)
    return ax


def format_change(change: float, digits: int = 0) -> str:
    """Format a change in percent, with its direction."""
    return f"{change * 100:+,.{digits}f} %" if change else "0 %"


def _group_title(group: Sequence[Any]) -> str:
    """Return the title of the platform, and the other groups after it."""
    platform, *others = group
    return ", ".join(
        [platform_style(str(platform)).title, *("(none)" if pd.isna(name) else str(name) for name in others)]
    )


def _row_label(metric: str, statistic: str) -> str:
    label = metric if metric == _POST_COUNT else scales.metric_label(metric)
    return f"{label}, median" if statistic == "median" else label


def _describe_change(metric: str, before: float, this: float, change: float, note: str | float) -> str:
    """Return the change, both values and the note of a row."""
    format_value = scales.format_percent if scales.is_rate(metric) else scales.format_exact
    values = f" {_ARROW} ".join("unknown" if pd.isna(value) else format_value(value) for value in (before, this))
    parts = ["" if pd.isna(change) else format_change(change, 1), f"({values})", "" if pd.isna(note) else str(note)]
    return " ".join(filter(None, parts))
