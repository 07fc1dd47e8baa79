"""Plot the posts with the highest values of each platform, compared with what is normal for the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.above_normal import MIN_PEERS
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import CREATED, PLATFORM, POST
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts, definition_lines
from ayrframe._plots.labels import clean_text
from ayrframe._plots.style import background_color, only_title, platform_color, text_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_top_posts(table: pd.DataFrame, posts: pd.DataFrame, metric: str, *, ax: Axes | None = None) -> Axes:
    """Draw a table of top posts; `posts` has the metrics of all posts."""
    table = table[np.isfinite(to_floats(table["value"]))]
    platforms = table[PLATFORM.name].tolist()
    labels = [post_label(*post) for post in zip(table[POST.name], table[CREATED.name], strict=True)]
    rows, headings, positions = axes.add_headings(platforms, labels)
    values, normal = to_floats(table["value"]), to_floats(table["normal"])
    has_normal = np.isfinite(normal)
    groups = {name: values[table[PLATFORM.name] == name] for name in dict.fromkeys(platforms)}
    logarithmic = scales.needs_log_scale(groups.values())
    normal_note = (
        f"line: normal, the median of at least {MIN_PEERS} other posts of the account of this kind and format"
        f"{'' if has_normal.all() else f', known for {has_normal.sum():,} of them'}"
    )
    ax = axes.prepare_axes(
        ax,
        f"Top posts by {scales.metric_label(metric)}",
        f"{only_title(list(groups), ': ')}top {len(table):,} of {count_posts(len(posts), posts[metric].count())}"
        if len(table)
        else "",
        normal_note if has_normal.any() else "",
        *definition_lines(posts[posts[PLATFORM.name].isin(platforms)], metric),
        x=f"{scales.metric_label(metric)}{', log scale' if logarithmic else ''}",
        grid="x",
        rows=len(rows),
    )
    if not len(table):
        return axes.draw_empty(ax, f"No post has a value for {scales.metric_label(metric)}.")
    format_value = scales.format_percent if scales.is_rate(metric) else scales.format_exact
    colors, value_labels = [platform_color(ax, name) for name in platforms], [format_value(value) for value in values]
    if logarithmic:  # no bars, since they would need a zero
        scales.set_log_scale(ax, "x", np.concatenate([values, normal]))
        ax.hlines(positions, normal, values, color=colors, linewidth=3, alpha=0.5)
        ax.scatter(values, positions, color=colors, s=45 * layout.text_scale(ax) ** 2, zorder=3)
        axes.label_values(ax, positions, values, value_labels)
    else:
        axes.draw_bars(ax, positions, values, colors, value_labels)
    for color, width in ((background_color(ax), 4.0), (text_color(ax), 1.6)):  # a line with a border
        middle = positions[has_normal]
        ax.vlines(normal[has_normal], middle - 0.45, middle + 0.45, color=color, linewidth=width)
    axes.label_rows(ax, rows, headings, dict(zip(positions.astype(int).tolist(), table[CREATED.name], strict=True)))
    scales.set_formatter(ax.xaxis, scales.format_percent if scales.is_rate(metric) else scales.format_short)
    return ax


def post_label(text: object, created: object) -> str:
    """Return the label of a post: its text, or its date if it has none."""
    if label := clean_text(text):
        return label
    return f"(no text, {created:%Y-%m-%d})" if isinstance(created, pd.Timestamp) else "(no text)"
