"""Plot each post relative to what is normal for the account, by publication date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._metrics.above_normal import MIN_PEERS, check_positive_integer
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import CREATED, PLATFORM, POST
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import total_posts
from ayrframe._plots.labels import distinct_labels
from ayrframe._plots.style import only_title, platform_color, platform_style, text_color
from ayrframe._plots.timeline import format_dates
from ayrframe._plots.top_posts import post_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABEL_CHARACTERS = 28


def draw_above_normal(table: pd.DataFrame, metric: str, n: int = 5, *, ax: Axes | None = None) -> Axes:
    """Draw a table of posts and their normal; the `n` posts highest above it are numbered and listed."""
    total, label = len(table), scales.metric_label(metric)
    check_positive_integer("n", n)
    drawn = table[table["ratio"].notna() & table[CREATED.name].notna()]
    days = drawn[CREATED.name].dt.tz_localize(None)
    platforms = list(dict.fromkeys(drawn[PLATFORM.name]))
    ax = axes.prepare_axes(
        ax,
        f"{label.capitalize()} of each post compared with normal",
        f"{only_title(platforms, ': ')}{total_posts(total)}, {len(drawn):,} with data and a normal",
        f"normal: the median of at least {MIN_PEERS} other posts of the account of this kind and format",
        x="date of publication (UTC)",
        y=f"{label} / normal, log scale",
        grid="both",
    )
    if not len(drawn):
        message = f"No post with a date has {label} and {MIN_PEERS} other posts to compare with."
        return axes.draw_empty(ax, message)
    ax.axhline(1, color=text_color(ax), linewidth=1.2, zorder=1.5)
    for name, rows in drawn.groupby(PLATFORM.name, sort=False):
        style, color = platform_style(str(name)), platform_color(ax, str(name))
        (dots,) = ax.plot(days[rows.index], rows["ratio"], linestyle="none", color=color, label=style.title)
        dots.set(marker=style.marker, markersize=4.5, alpha=0.7)
    highest = drawn[drawn["ratio"] > 1].sort_values("ratio", ascending=False, kind="stable").head(n)
    texts = [post_label(*post) for post in zip(highest[POST.name], highest[CREATED.name], strict=True)]
    labels = distinct_labels(texts, highest[CREATED.name].tolist(), _LABEL_CHARACTERS)
    for number, (position, post) in enumerate(highest.iterrows(), start=1):
        point = (days[position], float(post["ratio"]))
        text = ax.annotate("", point, (5, 0), textcoords="offset points", va="center", color=text_color(ax))
        text.set(fontsize=layout.font_size(ax, "small"), fontweight="bold")
        axes.set_text(text, str(number))
        ax.plot([], [], linestyle="none", label=f"{number}: {format_ratio(post['ratio'])} {labels[number - 1]}")
    format_dates(ax)
    scales.set_log_scale(ax, "y", np.append(to_floats(drawn["ratio"]), 1.0))
    scales.set_formatter(ax.yaxis, format_ratio)
    axes.draw_legend(ax)
    return ax


def format_ratio(value: float) -> str:
    """Format a multiple of normal, such as 2.5 times."""
    return f"{value:.2g}×" if value < 100 else f"{value:,.0f}×"  # noqa: PLR2004
