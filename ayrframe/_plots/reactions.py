"""How do people react? The table `reactions`, added up for each network and kind, never across networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from ayrframe._expand import expand
from ayrframe._metrics.metrics import as_floats
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._plots import axes as canvas
from ayrframe._plots import scales
from ayrframe._plots import style as paper
from ayrframe._plots.networks import look
from ayrframe._plots.source import each_post
from ayrframe.errors import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Values = Literal["share", "count"]
_AXES = {"share": "share of all reactions on the network", "count": "reactions (count)"}


def plot(posts: pd.DataFrame, values: Values = "share", *, ax: Axes | None = None) -> Axes:
    """Draw the reactions to a posts frame."""
    known(values)
    posts = each_post(posts)
    return draw(expand(posts, tables.REACTIONS_TABLE.name), posts, values, ax=ax)


def draw(table: pd.DataFrame, posts: pd.DataFrame, values: Values = "share", *, ax: Axes | None = None) -> Axes:
    """Draw a table of reactions; `posts` is asked how many posts each network has."""
    known(values)
    sums = summed(table)
    every, headings, places = canvas.sections(sums[PLATFORM.name].tolist(), sums["label"].tolist())
    ax = canvas.axes(ax, rows=len(every))
    canvas.name(ax, "Reactions by kind", *_coverage(table, posts), x=_AXES[values])
    if sums[values].isna().all():
        return canvas.nothing(ax, "No post tells the kinds of its reactions.")
    canvas.tidy(ax, grid="x")
    widths = as_floats(sums[values])
    words = scales.exact_percent if values == "share" else scales.exact
    colours = [paper.network(ax, name) for name in sums[PLATFORM.name]]
    canvas.bars(ax, places, widths, colours, [words(width) for width in widths])
    canvas.rows(ax, every, headings)
    scales.written(ax, "x", scales.percent if values == "share" else scales.short)
    return ax


def summed(table: pd.DataFrame) -> pd.DataFrame:
    """Return platform, label, count and share: the kinds of each network, the most frequent first."""
    reaction, label, count = (cell.name for cell in tables.REACTIONS_TABLE.cells)
    told = table.dropna(subset=[count]).astype({count: "float64"})
    told = told.assign(label=told[label].fillna(told[reaction]).fillna("not named"))
    sums = told.groupby([PLATFORM.name, "label"], sort=False)[count].sum().rename("count").reset_index()
    of_all = sums.groupby(PLATFORM.name)["count"].transform("sum")
    sums["share"] = (sums["count"] / of_all).where(of_all > 0)
    order = {name: place for place, name in enumerate(sums[PLATFORM.name].unique())}
    sums["place"] = sums[PLATFORM.name].map(order)
    return sums.sort_values(["place", "count"], ascending=[True, False], kind="stable", ignore_index=True)


def _coverage(table: pd.DataFrame, posts: pd.DataFrame) -> list[str]:
    _, _, count = (cell.name for cell in tables.REACTIONS_TABLE.cells)
    told = table.dropna(subset=[count])
    return [
        f"{look(str(name)).title}: n = {len(part.drop_duplicates(KEY)):,} of "
        f"{int((posts[PLATFORM.name] == name).sum()):,} posts, {part[count].sum():,} reactions"
        for name, part in told.groupby(PLATFORM.name, sort=False)
    ]


def known(values: str) -> str:
    """Return what the bars show; a ValueError names what there is."""
    if values not in get_args(Values):
        raise ValueError(f"Bars cannot show {quote(str(values))}. There are: {', '.join(get_args(Values))}.")
    return values
