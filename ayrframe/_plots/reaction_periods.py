"""Plot the kinds of reactions over time: a stacked bar per period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, KEY, PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts
from ayrframe._plots.reactions import kind_labels
from ayrframe._plots.style import platform_style, series_color, text_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICKS_PER_INCH = 1.7
_WIDE_BAR = 16.0  # points
_MIN_BARS = 6  # of the axis


def draw_reaction_periods(
    table: pd.DataFrame,
    posts: pd.DataFrame,
    period: str,
    values: str = "share",
    *,
    tz: TimeZone | None = None,
    platform: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a child table of reactions by the period in which posts were published; `posts` has all posts."""
    check_period(period)
    counted = table.dropna(subset=["count"])
    name = axes.select_platform(counted, platform)
    counted = counted[counted[PLATFORM.name] == name].merge(posts[[*KEY, CREATED.name]], on=KEY)
    counted = counted[counted[CREATED.name].notna()].reset_index(drop=True)
    counted["period"] = to_periods(counted[CREATED.name], period, tz)
    n_posts = int((posts[PLATFORM.name] == name).sum())
    ax = axes.prepare_axes(
        ax,
        f"Reactions by kind, per {period}{f', {platform_style(name).title}' if name else ''}",
        f"{count_posts(n_posts, len(counted.drop_duplicates(KEY)))}; above the bars: number of posts with data"
        if len(counted)
        else "",
        x=f"{period} of publication ({to_timezone(tz)})",
        y="reactions (count)" if values == "count" else "share of the reactions by kind",
        grid="y",
    )
    if not counted["count"].sum() > 0:
        return axes.draw_empty(ax, "No post with a date has counts of its reactions by kind.")
    periods = pd.period_range(counted["period"].min(), counted["period"].max(), freq=PERIODS[period])
    sums = counted.assign(kind=kind_labels(counted)).pivot_table(
        index="period", columns="kind", values="count", aggfunc="sum", sort=False
    )
    sums = sums.astype("float64").reindex(periods).fillna(0)
    sums = sums[sums.sum().sort_values(ascending=False, kind="stable").index]
    heights = sums.div(sums.sum(axis=1).replace(0, np.nan), axis=0).fillna(0) if values == "share" else sums
    positions, bottoms = np.arange(len(periods)), np.zeros(len(periods))
    for number, kind in enumerate(heights):
        ax.bar(positions, heights[kind], bottom=bottoms, width=0.8, color=series_color(ax, number), label=str(kind))
        bottoms += heights[kind].to_numpy()
    posts_per_period = counted.drop_duplicates(KEY).groupby("period").size().reindex(periods).fillna(0)
    _label_periods(ax, period_labels(pd.Series(periods)).tolist(), posts_per_period.astype(int).tolist(), bottoms)
    scales.set_formatter(ax.yaxis, scales.format_percent if values == "share" else scales.format_short)
    axes.draw_legend(ax, alone=True)
    return ax


def _label_periods(ax: Axes, labels: list[str], counts: list[int], heights: FloatArray) -> None:
    """Label the bars, every second or fewer if there are many, with the number of posts above each."""
    step = -(-len(labels) // max(int(layout.room_in_inches(ax)[0] * _TICKS_PER_INCH), 1))
    ax.set_xticks(np.arange(len(labels))[::step], labels[::step], rotation=30, ha="right", rotation_mode="anchor")
    width = axes.width_in_inches(ax) * 72 / len(labels)
    upright = width < _WIDE_BAR
    beside = max(_MIN_BARS - len(labels), 0) / 2  # fewer would be wide blocks
    ax.set_xlim(-0.6 - beside, len(labels) - 0.4 + beside)
    size = float(np.clip(width * (0.8 if upright else 0.5), layout.MIN_FONT_SIZE, 8))
    for position, (count, height) in enumerate(zip(counts, heights, strict=True)):
        if count:
            point = (position, float(height))
            text = ax.annotate("", point, (0, 2), textcoords="offset points", ha="center", color=text_color(ax))
            text.set(fontsize=size, rotation=90 if upright else 0)
            axes.set_text(text, f"{count:,}")
    ax.margins(y=0.08)
