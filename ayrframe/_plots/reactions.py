"""Plot the kinds of reactions, summed per platform and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.definitions import count_posts
from ayrframe._plots.style import platform_color, platform_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X_LABELS = {"share": "share of the reactions by kind of these posts", "count": "reactions (count)"}
_REACTION, _LABEL, _COUNT = (cell.name for cell in tables.REACTIONS_TABLE.cells)


def draw_reactions(table: pd.DataFrame, posts: pd.DataFrame, values: str = "share", *, ax: Axes | None = None) -> Axes:
    """Draw a child table of reactions; `posts` has all posts, to count those of each platform."""
    counted = table.dropna(subset=[_COUNT])
    sums = sum_reactions(counted)
    rows, headings, positions = axes.add_headings(sums[PLATFORM.name].tolist(), sums["label"].tolist())
    coverage = (
        f"{platform_style(str(name)).title}: "
        f"{count_posts(int((posts[PLATFORM.name] == name).sum()), len(group.drop_duplicates(KEY)))}, "
        f"{group[_COUNT].sum():,} reactions by kind"
        for name, group in counted.groupby(PLATFORM.name, sort=False)
    )
    ax = axes.prepare_axes(ax, "Reactions by kind", *coverage, x=_X_LABELS[values], grid="x", rows=len(rows))
    if sums[values].isna().all():
        return axes.draw_empty(ax, "No post has counts of its reactions by kind.")
    widths = to_floats(sums[values])
    format_value = scales.format_exact_percent if values == "share" else scales.format_exact
    colors = [platform_color(ax, name) for name in sums[PLATFORM.name]]
    axes.draw_bars(ax, positions, widths, colors, [format_value(width) for width in widths])
    axes.label_rows(ax, rows, headings)
    scales.set_formatter(ax.xaxis, scales.format_percent if values == "share" else scales.format_short)
    return ax


def kind_labels(counted: pd.DataFrame) -> pd.Series:
    """Return the label of each kind of reaction, or its name in the API if it has none."""
    return counted[_LABEL].fillna(counted[_REACTION]).fillna("not named").rename("label")


def sum_reactions(counted: pd.DataFrame) -> pd.DataFrame:
    """Return platform, label, count and share of each kind of reaction, the most frequent of a platform first."""
    labels = kind_labels(counted)
    counts = counted[_COUNT].astype("float64")
    sums = counts.groupby([counted[PLATFORM.name], labels], sort=False).sum().rename("count").reset_index()
    platform_sums = sums.groupby(PLATFORM.name)["count"].transform("sum")
    sums["share"] = (sums["count"] / platform_sums).where(platform_sums > 0)
    sums["order"] = pd.factorize(sums[PLATFORM.name])[0]
    return sums.sort_values(["order", "count"], ascending=[True, False], kind="stable", ignore_index=True)
