"""Plot the kinds of reactions, summed per platform and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from ayrframe._expansions.expand import expand
from ayrframe._frame.deduplicate import latest_posts
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._plots import axes, scales
from ayrframe._plots.style import platform_color, platform_style
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ReactionValues = Literal["share", "count"]
_X_LABELS = {"share": "share of all reactions on the network", "count": "reactions (count)"}


def plot_reactions(posts: pd.DataFrame, values: ReactionValues = "share", *, ax: Axes | None = None) -> Axes:
    """Draw the reactions to the posts of a posts frame."""
    check_values(values)
    posts = latest_posts(posts)
    return draw_reactions(expand(posts, tables.REACTIONS_TABLE.name), posts, values, ax=ax)


def draw_reactions(
    table: pd.DataFrame, posts: pd.DataFrame, values: ReactionValues = "share", *, ax: Axes | None = None
) -> Axes:
    """Draw a child table of reactions; `posts` has all posts, to count those of each platform."""
    check_values(values)
    sums = sum_reactions(table)
    rows, headings, positions = axes.add_headings(sums[PLATFORM.name].tolist(), sums["label"].tolist())
    ax = axes.make_axes(ax, rows=len(rows))
    axes.set_title(ax, "Reactions by kind", *_reactions_coverage(table, posts), x=_X_LABELS[values])
    if sums[values].isna().all():
        return axes.draw_empty(ax, "No post has counts of its reactions by kind.")
    axes.style_axes(ax, grid="x")
    widths = to_floats(sums[values])
    format_value = scales.format_exact_percent if values == "share" else scales.format_exact
    colors = [platform_color(ax, name) for name in sums[PLATFORM.name]]
    axes.draw_bars(ax, positions, widths, colors, [format_value(width) for width in widths])
    axes.label_rows(ax, rows, headings)
    scales.set_formatter(ax, "x", scales.format_percent if values == "share" else scales.format_short)
    return ax


def sum_reactions(table: pd.DataFrame) -> pd.DataFrame:
    """Return platform, label, count and share of each kind of reaction, the most frequent of a platform first."""
    reaction, label, count = (cell.name for cell in tables.REACTIONS_TABLE.cells)
    counted = table.dropna(subset=[count]).astype({count: "float64"})
    counted = counted.assign(label=counted[label].fillna(counted[reaction]).fillna("not named"))
    sums = counted.groupby([PLATFORM.name, "label"], sort=False)[count].sum().rename("count").reset_index()
    platform_sums = sums.groupby(PLATFORM.name)["count"].transform("sum")
    sums["share"] = (sums["count"] / platform_sums).where(platform_sums > 0)
    order = {name: number for number, name in enumerate(sums[PLATFORM.name].unique())}
    sums["order"] = sums[PLATFORM.name].map(order)
    return sums.sort_values(["order", "count"], ascending=[True, False], kind="stable", ignore_index=True)


def _reactions_coverage(table: pd.DataFrame, posts: pd.DataFrame) -> list[str]:
    _, _, count = (cell.name for cell in tables.REACTIONS_TABLE.cells)
    counted = table.dropna(subset=[count])
    return [
        f"{platform_style(str(name)).title}: n = {len(rows.drop_duplicates(KEY)):,} of "
        f"{int((posts[PLATFORM.name] == name).sum()):,} posts, {rows[count].sum():,} reactions"
        for name, rows in counted.groupby(PLATFORM.name, sort=False)
    ]


def check_values(values: str) -> str:
    """Return `values`; raise a ValueError if it is not one of ReactionValues."""
    if values not in get_args(ReactionValues):
        choices = get_args(ReactionValues)
        raise ValueError(
            f"Unknown value {quote(str(values))} for `values`.{suggest(values, choices)} "
            f"Choose from: {', '.join(choices)}."
        )
    return values
