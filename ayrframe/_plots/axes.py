"""Create Axes and draw what plots share: titles, row labels, bars, values, legends and empty plots."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._platforms import find_platform
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots.labels import PLAIN_TEXT, replace_missing_glyphs, shorten_label
from ayrframe._plots.style import grid_color, platform_style, platform_titles, text_color
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.typing import ColorType

FloatValues = npt.NDArray[np.float64]

_CHARACTERS_PER_INCH = 6.5  # of row labels
_CHARACTER_WIDTH = 0.55  # mean, in units of the font size
_NARROW, _SHARED_WIDTH = 5.0, 0.75  # inches; fraction of the width of an Axes that is left after layout
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
    # The title that `get_title()` returns is the centered one.
    heading = ax.set_title("", loc="center", fontsize="medium", wrap=True)
    heading.set(x=0, horizontalalignment="left")
    # matplotlib wraps at the edge of the figure, which is beyond the neighbouring Axes.
    characters = _characters_in(ax, heading)
    lines = [line for text in (title, *filter(None, coverage)) for line in textwrap.wrap(text, characters)]
    set_text(heading, "\n".join(lines))
    ax.set(xlabel="", ylabel="")  # marks the labels as set; else matplotlib's date converter replaces them
    set_text(ax.xaxis.label, x)
    set_text(ax.yaxis.label, y)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    if grid:
        ax.grid(visible=True, axis=grid, color=grid_color(ax), linewidth=0.8)
    return ax


def set_text(text: Text, content: str) -> None:
    """Set the content of a text without interpreting it as mathematics or LaTeX."""
    drawable, families = replace_missing_glyphs(content, text.get_fontproperties())
    text.update(PLAIN_TEXT)
    text.set(text=drawable, fontfamily=families)


def draw_empty(ax: Axes, message: str) -> Axes:
    """Write into an Axes without data why it is empty."""
    ax.set(xticks=[], yticks=[])
    text = ax.text(0.5, 0.5, "", ha="center", va="center", color=text_color(ax), transform=ax.transAxes)
    set_text(text, textwrap.fill(message, _characters_in(ax, text)))
    return ax


def label_rows(ax: Axes, labels: Sequence[str], headings: Iterable[int] = ()) -> None:
    """Label the rows of a plot from top to bottom; rows in `headings` are bold.

    On a small Axes, labels are shortened and set in a smaller font.
    """
    positions = np.arange(len(labels))
    max_characters = int(np.clip(_CHARACTERS_PER_INCH * width_in_inches(ax), 12, 44))
    ax.set_yticks(positions, [""] * len(labels))
    # `get_yticklabels` leaves out hidden labels.
    font = ax.yaxis.get_major_ticks(1)[0].label1.get_fontproperties()
    shortened = [replace_missing_glyphs(shorten_label(label, max_characters), font) for label in labels]
    families = list(dict.fromkeys([family for _, names in shortened for family in names] or font.get_family()))
    font_size = fit_font_size(ax, len(labels), font.get_size_in_points())
    texts = [text for text, _ in shortened]
    ax.set_yticks(positions, texts, fontsize=font_size, fontfamily=families, **PLAIN_TEXT)
    for position in headings:
        ax.yaxis.get_major_ticks()[position].label1.set_fontweight("bold")
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def add_headings(platforms: Sequence[str], labels: Sequence[str]) -> tuple[list[str], list[int], FloatValues]:
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
    ax: Axes, positions: FloatValues, widths: FloatValues, colors: Sequence[ColorType], labels: Sequence[str]
) -> None:
    """Draw horizontal bars with a label beside each; missing widths have neither."""
    ax.barh(positions, widths, height=0.74, color=list(colors))
    label_values(ax, positions, widths, labels)


def label_values(ax: Axes, positions: FloatValues, values: FloatValues, labels: Sequence[str]) -> None:
    """Write a label to the right of each value; missing values have none."""
    largest_size = ax.yaxis.label.get_fontproperties().get_size_in_points() * 0.84
    size = fit_font_size(ax, int(positions.max(initial=0)) + 1, largest_size)
    for position, value, label in zip(positions, values, labels, strict=True):
        if np.isfinite(value):
            text = ax.annotate("", (float(value), float(position)), (5, 0), textcoords="offset points", va="center")
            text.set(fontsize=size, color=text_color(ax))
            set_text(text, label)
    ax.margins(x=0.13)


def width_in_inches(ax: Axes) -> float:
    """Return the width of an Axes before its layout."""
    return float(ax.bbox.width / ax.figure.dpi)


def _characters_in(ax: Axes, text: Text) -> int:
    """Return how many characters of a text fit into the width of an Axes."""
    # The layout makes Axes narrower if those beside them have legends or long labels.
    width = width_in_inches(ax) * (1.0 if len(ax.figure.axes) == 1 else _SHARED_WIDTH)
    return max(int(width * 72 / text.get_fontproperties().get_size_in_points() / _CHARACTER_WIDTH), 20)


def fit_font_size(ax: Axes, rows: int, largest_size: float) -> float:
    """Return a font size at which this number of rows do not overlap."""
    return float(np.clip(ax.bbox.height / ax.figure.dpi * 72 / rows * 0.8, 3.0, largest_size))


def draw_legend(ax: Axes, *, alone: bool = False) -> None:
    """Draw a legend to the right of the Axes, if several artists have labels, or one if `alone`."""
    handles, labels = ax.get_legend_handles_labels()
    if len(handles) > 1 - alone:
        size = "small" if width_in_inches(ax) < _NARROW else "medium"
        legend = ax.legend(handles, labels, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=size)
        legend.set(frame_on=False)
        for text, label in zip(legend.get_texts(), labels, strict=True):
            set_text(text, label)


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
