"""Create Axes and draw what plots share: titles, row labels, bars, values, legends and empty plots."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray
from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots import layout, scales
from ayrframe._plots.labels import PLAIN_TEXT, distinct_labels, replace_missing_glyphs, shorten_label
from ayrframe._plots.style import grid_color, platform_style, platform_titles, text_color
from ayrframe.errors import quote, suggest, warn_user

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.colorbar import Colorbar
    from matplotlib.text import Text
    from matplotlib.typing import ColorType

_TITLE_WIDTH, _TITLE_WIDTH_BESIDE_LABELS, _LABEL_WIDTH = 0.76, 0.58, 0.4  # shares of the width
_Y_LABEL = 1.1  # share of the height that an Axes has at least
_MIN_LABEL, _MAX_LABEL = 12, 44  # characters
_FIGURE_WIDTH, _FIGURE_HEIGHT, _ROW_HEIGHT, _MAX_HEIGHT = 9.0, 4.5, 0.27, 60.0  # inches


def prepare_axes(
    ax: Axes | None,
    title: str,
    *coverage: str,
    x: str = "",
    y: str = "",
    grid: Literal["x", "y", "both"] | None = None,
    rows: int = 0,
) -> Axes:
    """Return the Axes, or one in a new figure tall enough for the rows, with title, lines below it, labels and grid."""
    if ax is None:
        import matplotlib.pyplot as plt

        height = min(max(_ROW_HEIGHT * rows + 1.4, 2.6), _MAX_HEIGHT) if rows else _FIGURE_HEIGHT
        _, ax = plt.subplots(figsize=(_FIGURE_WIDTH, height), layout="constrained")
    share = _TITLE_WIDTH_BESIDE_LABELS if rows else _TITLE_WIDTH
    lines, size = layout.wrap_title(ax, (title, *filter(None, coverage)), share)
    # The title that `get_title()` returns is the centered one.
    heading = ax.set_title("", loc="center", fontsize=size)
    heading.set(x=0, horizontalalignment="left")
    set_text(heading, lines)
    layout.scale_axis_texts(ax)
    ax.set(xlabel="", ylabel="")  # marks the labels as set; else matplotlib's date converter replaces them
    if layout.text_scale(ax) < 1:
        width, height = layout.room_in_inches(ax)[0] * share, layout.axes_height(ax) * _Y_LABEL / layout.POINTS
        x, y = (_wrap(ax, text, inches) for text, inches in ((x, width), (y, height)))
    set_text(ax.xaxis.label, x)
    set_text(ax.yaxis.label, y)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    if grid:
        ax.grid(visible=True, axis=grid, color=grid_color(ax), linewidth=0.8)
    return ax


def _wrap(ax: Axes, text: str, width: float) -> str:
    """Return an axis label in lines of at most about this width in inches."""
    characters = layout.characters_in(width, layout.axis_label_size(ax))
    return "\n".join(
        line for part in text.split("\n") for line in textwrap.wrap(part, characters, break_long_words=False)
    )


def set_text(text: Text, content: str) -> None:
    """Set the content of a text without interpreting it as mathematics or LaTeX."""
    drawable, families = replace_missing_glyphs(content, text.get_fontproperties())
    text.update(PLAIN_TEXT)
    text.set(text=drawable, fontfamily=families)


def draw_empty(ax: Axes, message: str) -> Axes:
    """Write into an Axes without data why it is empty."""
    ax.set(xticks=[], yticks=[])
    text = ax.text(0.5, 0.5, "", ha="center", va="center", color=text_color(ax), transform=ax.transAxes)
    size = layout.font_size(ax, "medium")
    text.set_fontsize(size)
    set_text(text, textwrap.fill(message, layout.characters_in(width_in_inches(ax) * 0.8, size)))
    return ax


def label_rows(
    ax: Axes, labels: Sequence[str], headings: Collection[int] = (), times: Mapping[int, object] | None = None
) -> None:
    """Label the rows of a plot from top to bottom; rows in `headings` are bold.

    On a small Axes, labels are shortened and set in a smaller font, and rows between others have none. Equal labels are
    distinguished by `times`, the publication of the posts in the rows.
    """
    positions = np.arange(len(labels))
    ax.set_yticks(positions, [""] * len(labels))
    # `get_yticklabels` leaves out hidden labels.
    font = ax.yaxis.get_major_ticks(1)[0].label1.get_fontproperties()
    font_size = fit_font_size(ax, len(labels), font.get_size_in_points())
    room, _ = layout.room_in_inches(ax)
    width = int(np.clip(layout.characters_in(room * _LABEL_WIDTH, font_size), _MIN_LABEL, _MAX_LABEL))
    if times is None:
        short = [shorten_label(label, width) for label in labels]
    else:
        groups = np.isin(positions, list(headings)).cumsum()
        short = distinct_labels(labels, [times.get(row) for row in range(len(labels))], width, groups.tolist())
    shown = _labelled_rows(ax, len(labels), headings)
    if len(shown) < len(labels):
        warn_user(
            f"{len(labels) - len(shown)} of {len(labels)} rows of the plot have no label: the Axes is too small. "
            "Draw it in a larger figure, or select fewer posts, platforms or columns."
        )
    drawn = [replace_missing_glyphs(label if row in shown else "", font) for row, label in enumerate(short)]
    ax.set_yticks(positions, [text for text, _ in drawn], fontsize=font_size, **PLAIN_TEXT)
    ticks = ax.yaxis.get_major_ticks(len(labels))
    for row, (tick, (_, families)) in enumerate(zip(ticks, drawn, strict=True)):
        tick.label1.set_fontfamily(families)
        if row in headings and families == font.get_family():  # few other fonts have a bold weight
            tick.label1.set_fontweight("bold")
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def add_headings(platforms: Sequence[str], labels: Sequence[str]) -> tuple[list[str], list[int], FloatArray]:
    """Insert a heading before the rows of each platform, if there are several platforms.

    Returns the labels of all rows, the positions of the headings, and those of the given rows.
    """
    rows, headings, positions = list[str](), list[int](), list[int]()
    for previous, platform, label in zip([None, *platforms], platforms, labels, strict=False):
        if platform != previous and len(set(platforms)) > 1:
            headings.append(len(rows))
            rows.append(platform_style(platform).title)
        positions.append(len(rows))
        rows.append(label)
    return rows, headings, np.array(positions, dtype=np.float64)


def draw_bars(
    ax: Axes, positions: FloatArray, widths: FloatArray, colors: Sequence[ColorType], labels: Sequence[str]
) -> None:
    """Draw horizontal bars with a label beside each; missing widths have neither."""
    ax.barh(positions, widths, height=0.74, color=list(colors))
    label_values(ax, positions, widths, labels)


def label_values(ax: Axes, positions: FloatArray, values: FloatArray, labels: Sequence[str]) -> None:
    """Write a label to the right of each value; missing values have none."""
    largest_size = ax.yaxis.label.get_fontproperties().get_size_in_points() * 0.84
    rows = int(positions.max(initial=0)) + 1
    size = fit_font_size(ax, rows, largest_size)
    shown = _labelled_rows(ax, rows, set(range(rows)).difference(positions.astype(int).tolist()))
    for position, value, label in zip(positions, values, labels, strict=True):
        if np.isfinite(value) and int(position) in shown:
            text = ax.annotate("", (float(value), float(position)), (5, 0), textcoords="offset points", va="center")
            text.set(fontsize=size, color=text_color(ax))
            set_text(text, label)
    ax.margins(x=0.13)


def width_in_inches(ax: Axes) -> float:
    """Return the width of an Axes before its layout."""
    return float(ax.bbox.width / ax.figure.dpi)


def _row_height(ax: Axes, rows: int) -> float:
    """Return the height of one of these rows in points, as far as it is known before the layout."""
    return min(ax.bbox.height / ax.figure.dpi * layout.POINTS, layout.axes_height(ax)) / max(rows, 1)


def fit_font_size(ax: Axes, rows: int, largest_size: float) -> float:
    """Return a font size at which this number of rows do not overlap, or the smallest that is readable."""
    return float(np.clip(_row_height(ax, rows) * 0.8, min(layout.MIN_FONT_SIZE, largest_size), largest_size))


def _labelled_rows(ax: Axes, rows: int, headings: Collection[int]) -> set[int]:
    """Return the rows whose labels have room for a readable font, first the headings."""
    gap = layout.MIN_FONT_SIZE * 1.15 / _row_height(ax, rows)
    shown: list[int] = []
    for row in [*headings, *(row for row in range(rows) if row not in headings)]:
        if all(abs(row - other) >= gap for other in shown):
            shown.append(row)
    return set(shown)


def draw_legend(ax: Axes, *, alone: bool = False) -> None:
    """Draw a legend to the right of the Axes or below it, if several artists have labels, or one if `alone`."""
    handles, labels = ax.get_legend_handles_labels()
    if len(handles) > 1 - alone:
        legend = ax.legend(handles, labels, **layout.legend_options(ax, labels))
        legend.set(frame_on=False)
        for text, label in zip(legend.get_texts(), labels, strict=True):
            set_text(text, label)


def draw_color_bar(ax: Axes, mesh: QuadMesh, label: str, format_value: Callable[[float], str]) -> Colorbar:
    """Draw the colors of the numbers beside an Axes."""
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02, shrink=0.9)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=layout.tick_size(ax, "y"))
    bar.ax.yaxis.label.set_fontsize(layout.axis_label_size(ax))
    set_text(bar.ax.yaxis.label, label)
    scales.set_formatter(bar.ax.yaxis, format_value)
    return bar


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Raise a ValueError if the value of the argument `name` is not one of the choices."""
    if value not in choices:
        found = f"Unknown value {quote(str(value))} for `{name}`.{suggest(value, choices)}"
        raise ValueError(f"{found} Choose from: {', '.join(choices)}.")


def select_platform(table: pd.DataFrame, platform: str | None) -> str:
    """Return the platform to draw, "" if the table is empty; raise a ValueError if the choice is not possible."""
    available = table[PLATFORM.name].unique().tolist()
    if platform is None:
        if len(available) > 1:
            raise ValueError(f"The plot shows one platform. Choose `platform` from: {', '.join(available)}.")
        return available[0] if available else ""
    name = find_platform(platform).name
    if available and name not in available:
        raise ValueError(
            f"The posts frame has no posts of {platform_style(name).title}. Choose from: {platform_titles(available)}."
        )
    return name
