"""Plot which values are missing, and why: a bar per column, divided by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.missing_reasons import REASONS
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.definitions import total_posts
from ayrframe._plots.style import series_color, series_hatch

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_coverage(table: pd.DataFrame, posts: pd.DataFrame, of: str, *, ax: Axes | None = None) -> Axes:
    """Draw a coverage table; `posts` has the posts that it counts."""
    totals = posts[PLATFORM.name].value_counts()
    shares = table["count"].astype("float64") / table[PLATFORM.name].map(totals).astype("float64")
    columns = table[[PLATFORM.name, "column"]].drop_duplicates()
    platforms = columns[PLATFORM.name].tolist()
    rows, headings, positions = axes.add_headings(platforms, columns["column"].tolist())
    ax = axes.prepare_axes(
        ax,
        f"Missing {of} by reason",
        f"{total_posts(len(posts))}; {of} without missing values are not drawn" if len(table) else "",
        x="share of the posts of the network without a value",
        grid="x",
        rows=len(rows),
    )
    if not len(table):
        return axes.draw_empty(ax, "No value is missing." if len(posts) else "No posts.")
    position_of = dict(zip(columns.itertuples(index=False, name=None), positions, strict=True))
    lefts = dict.fromkeys(position_of, 0.0)
    for number, reason in enumerate(REASONS):
        cells = table.loc[table["reason"] == reason, [PLATFORM.name, "column"]].itertuples(index=False, name=None)
        bars = dict(zip(cells, shares[table["reason"] == reason], strict=True))
        if bars:
            left = [lefts[cell] for cell in bars]
            ax.barh(
                [position_of[cell] for cell in bars],
                list(bars.values()),
                left=left,
                height=0.74,
                label=reason,
                color=series_color(ax, number),
                hatch=series_hatch(number),
                edgecolor="white",
                linewidth=0,
            )
            lefts |= {cell: lefts[cell] + share for cell, share in bars.items()}
    missing = np.array(list(lefts.values()))
    axes.label_values(ax, positions, missing, [scales.format_exact_percent(share) for share in missing])
    axes.label_rows(ax, rows, headings)
    ax.set_xlim(0, 1.1)
    scales.set_formatter(ax.xaxis, scales.format_percent)
    axes.draw_legend(ax, alone=True)
    return ax
