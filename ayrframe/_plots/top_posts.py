"""Which posts did best? The table `top_posts`: the highest of each network, beside what is normal for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.above_normal import top_posts
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import CREATED, PLATFORM, POST
from ayrframe._plots import axes, scales
from ayrframe._plots.labels import clean_text
from ayrframe._plots.style import RGB, background_color, platform_color, platform_style, text_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_top_posts(posts: pd.DataFrame, metric: str = "engagements", n: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw the top posts of each network of a posts frame."""
    return draw_top_posts(top_posts(posts, metric, n), metric, ax=ax)


def draw_top_posts(table: pd.DataFrame, metric: str, *, ax: Axes | None = None) -> Axes:
    """Draw a table of top posts."""
    table = table[table["value"].notna()]
    names = table[PLATFORM.name].tolist()
    every, headings, places = axes.add_headings(names, [post_label(*row) for row in _texts(table)])
    ax = axes.make_axes(ax, rows=len(every))
    values, normal = to_floats(table["value"]), to_floats(table["normal"])
    groups = [values[table[PLATFORM.name] == name] for name in dict.fromkeys(names)]
    logarithmic = scales.is_far_apart(groups)
    whose = f"{platform_style(names[0]).title}, " if len(groups) == 1 else ""
    axes.set_title(
        ax,
        f"Top posts by {scales.metric_label(metric)}",
        f"{whose}n = {len(table):,} posts{_line_means(normal)}",
        x=f"{scales.metric_label(metric)}{', log scale' if logarithmic else ''}",
    )
    if not len(table):
        return axes.draw_empty(ax, f"No post tells its {scales.metric_label(metric)}.")
    axes.style_axes(ax, grid="x")
    words = scales.format_percent if scales.is_rate(metric) else scales.format_exact
    colours, written = [platform_color(ax, name) for name in names], [words(value) for value in values]
    if logarithmic:
        _dots(ax, places, values, normal, colours)
        axes.label_values(ax, places, values, written)
    else:
        axes.draw_bars(ax, places, values, colours, written)
    known = np.isfinite(normal)
    for colour, thick in ((background_color(ax), 4.0), (text_color(ax), 1.6)):
        ax.vlines(normal[known], places[known] - 0.45, places[known] + 0.45, color=colour, linewidth=thick)
    axes.label_rows(ax, every, headings)
    scales.set_formatter(ax, "x", scales.format_percent if scales.is_rate(metric) else scales.format_short)
    return ax


def _dots(
    ax: Axes,
    places: axes.FloatValues,
    values: axes.FloatValues,
    normal: axes.FloatValues,
    colours: list[RGB],
) -> None:
    """Draw dots and their distance from normal: a logarithmic axis has no zero at which a bar could begin."""
    scales.set_log_scale(ax, "x", np.concatenate([values, normal]))
    for place, value, at, colour in zip(places, values, normal, colours, strict=True):
        if np.isfinite(at):
            ax.hlines(place, at, value, color=colour, linewidth=3, alpha=0.5)
    ax.scatter(values, places, color=colours, s=45, zorder=3)


def _line_means(normal: axes.FloatValues) -> str:
    if not np.isfinite(normal).any():
        return ""
    known = int(np.isfinite(normal).sum())
    of = "" if known == len(normal) else f", known for {known:,}"
    return f"; line: normal, the median of the account's other such posts{of}"


def _texts(table: pd.DataFrame) -> zip[tuple[object, object]]:
    return zip(table[POST.name], table[CREATED.name], strict=True)


def post_label(text: object, created: object) -> str:
    """Return what a post is called in a plot: its text, else its day."""
    if words := clean_text(text):
        return words
    return f"(no text, {created:%Y-%m-%d})" if isinstance(created, pd.Timestamp) else "(no text)"
