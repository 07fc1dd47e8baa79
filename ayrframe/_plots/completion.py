"""Plot how far videos are watched: a line for each video, and one for all videos together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import total_posts
from ayrframe._plots.style import background_color, platform_color, platform_style, text_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_QUARTER_TICKS = (0, 25, 50, 75, 100)


def draw_completion(table: pd.DataFrame, posts: pd.DataFrame, scope: str, *, ax: Axes | None = None) -> Axes:
    """Draw a completion table, which has one scope; `posts` has the latest observations of all posts."""
    viewers = completion_matrix(table)
    complete = viewers[(viewers[0] > 0) & viewers.notna().all(axis=1)]
    by_platform = {str(name): rows.to_numpy() for name, rows in complete.groupby(level=PLATFORM.name, sort=False)}
    kind = f"{scope.replace('_', '-')} viewers"
    ax = axes.prepare_axes(
        ax,
        f"How far videos are watched, {kind}",
        *(
            f"{platform_style(name).title}: {total_posts((posts[PLATFORM.name] == name).sum())}, {len(counts):,} "
            f"videos with every quarter; bold: viewers at a quarter over viewers at the start, the same {len(counts):,}"
            " everywhere"
            for name, counts in by_platform.items()
        ),
        x="part of the video played",
        y="share of the viewers at the start",
        grid="y",
    )
    if not by_platform:
        return axes.draw_empty(ax, f"No video has {kind} at every quarter.")
    for name, counts in by_platform.items():
        _draw_completion_curves(ax, name, counts)
    ax.set_ylim(0, max(1.05, ax.get_ylim()[1]))
    ax.set_xticks(_QUARTER_TICKS, ["start", "25 %", "50 %", "75 %", "end"])
    scales.set_formatter(ax.yaxis, scales.format_percent)
    axes.draw_legend(ax)
    return ax


def completion_matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return the number of viewers with one row per video and one column per quarter."""
    video = [*KEY, "media_key"]
    rows = table.astype({"viewers": "float64"}).fillna({"media_key": ""}).drop_duplicates([*video, "quarter"])
    # pivot_table would drop the videos that have no number at all.
    return rows.pivot(index=video, columns="quarter", values="viewers").reindex(columns=list(_QUARTER_TICKS))  # noqa: PD010


def _draw_completion_curves(ax: Axes, name: str, counts: FloatArray) -> None:
    color = platform_color(ax, name)
    box = {"boxstyle": "round,pad=0.1", "facecolor": background_color(ax), "edgecolor": "none", "alpha": 0.8}
    for video in counts:
        ax.plot(_QUARTER_TICKS, video / video[0], color=color, alpha=0.2, linewidth=0.8)
    overall = counts.sum(axis=0) / counts[:, 0].sum()
    ax.plot(_QUARTER_TICKS, overall, color=color, linewidth=2.6, marker="o", label=platform_style(name).title)
    size = layout.font_size(ax, "medium")
    for quarter, share in zip(_QUARTER_TICKS[1:], overall[1:], strict=True):
        point = (float(quarter), float(share))
        text = ax.annotate("", point, (0, 9), textcoords="offset points", ha="center", color=text_color(ax), bbox=box)
        text.set(fontweight="bold", fontsize=size)
        axes.set_text(text, scales.format_exact_percent(share))
