"""Fit titles, texts and legends to the room that an Axes has in its figure."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 72  # per inch
MIN_FONT_SIZE = 4.5  # points; smaller texts are not readable
CHARACTER_WIDTH = 0.58  # mean, in units of the font size
_LINE_HEIGHT = 1.25  # in units of the font size
_LINES_BELOW = 6.0  # tick labels, axis label and padding
_FULL_WIDTH, _FULL_HEIGHT = 5.5, 3.6  # inches; in less room, all texts are smaller
_SHARED_HEIGHT = 0.55
_MIN_SCALE = 0.55
_GRID_SHARE = 0.75  # of its room that an Axes has before the layout
_MAX_TITLE_HEIGHT, _MAX_LEGEND_HEIGHT = 0.3, 0.3  # shares of the height
_MAX_LEGEND_WIDTH = 0.32  # share of the width; wider legends are below the Axes
_KEY_WIDTH = 5.0  # of a legend, in units of the font size
_PADDING = 0.5  # around Axes, in units of the font size
_LEGEND_PADDING = 0.06  # inches
_WIDEST_LEGEND, _HIGHEST_LEGEND = 0.92, 0.8  # shares of the room: below the Axes, to the right of it
_LEGEND_LINE = 1.6  # in units of the font size


def room_in_inches(ax: Axes) -> tuple[float, float]:
    """Return width and height of the part of the figure that belongs to an Axes, its labels and its legend."""
    spec = ax.get_subplotspec()
    if spec is None:
        return (float(ax.bbox.width / ax.figure.dpi / _GRID_SHARE), float(ax.bbox.height / ax.figure.dpi / _GRID_SHARE))
    width, height = float(ax.figure.bbox.width / ax.figure.dpi), float(ax.figure.bbox.height / ax.figure.dpi)
    for cell in {spec, spec.get_topmost_subplotspec()}:  # the same, unless grids are nested
        grid = cell.get_gridspec()
        widths, heights = np.array(grid.get_width_ratios(), float), np.array(grid.get_height_ratios(), float)
        width *= widths[list(cell.colspan)].sum() / widths.sum()
        height *= heights[list(cell.rowspan)].sum() / heights.sum()
    return width, height


def text_scale(ax: Axes) -> float:
    """Return the factor of font sizes: 1 where there is room for a usual plot."""
    width, height = room_in_inches(ax)
    return float(np.clip(min(width / _FULL_WIDTH, height / _FULL_HEIGHT), _MIN_SCALE, 1))


def font_size(ax: Axes, name: str | float) -> float:
    """Return a font size in points, such as that of "medium", scaled to the room."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=name).get_size_in_points() * text_scale(ax)


def axes_height(ax: Axes) -> float:
    """Return the height of an Axes in points, as far as it is known before the layout: without title and labels."""
    title = (ax.get_title().count("\n") + 1) * ax.title.get_fontproperties().get_size_in_points() * _LINE_HEIGHT
    labels = _LINES_BELOW * axis_label_size(ax)
    legend = 0.0
    if names := ax.get_legend_handles_labels()[1]:
        columns, size = _legend_columns(ax, names)
        legend = -(-len(names) // columns) * size * _LEGEND_LINE if columns else 0.0
    # Axes of a grid have the height that the one with the highest title and legend leaves.
    shared = 1.0 if len(ax.figure.axes) == 1 else _SHARED_HEIGHT
    return max((room_in_inches(ax)[1] * POINTS - title - labels - legend) * shared, 1)


def characters_in(width: float, size: float) -> int:
    """Return how many characters of a font size fit into a width in inches."""
    return max(int(width * POINTS / size / CHARACTER_WIDTH), 8)


def wrap_title(ax: Axes, texts: Iterable[str], share: float) -> tuple[str, float]:
    """Return the lines of a title in a share of the width, and the largest font size at which they are not too high."""
    width, height = room_in_inches(ax)
    texts = list(texts)
    largest = font_size(ax, "medium")
    for size in np.arange(largest, MIN_FONT_SIZE - 0.5, -0.5):
        characters = characters_in(width * share, size)
        lines = [line for text in texts for line in textwrap.wrap(text, characters)]
        if len(lines) * size * _LINE_HEIGHT <= height * POINTS * _MAX_TITLE_HEIGHT:
            break
    return "\n".join(lines), max(float(size), MIN_FONT_SIZE)


def scale_axis_texts(ax: Axes) -> None:
    """Make tick labels and axis labels small enough for the room."""
    if text_scale(ax) < 1:
        for axis, of_ticks in ((ax.xaxis, tick_size(ax, "x")), (ax.yaxis, tick_size(ax, "y"))):
            axis.set_tick_params(which="both", labelsize=of_ticks)
            axis.label.set_fontsize(axis_label_size(ax))
            axis.get_offset_text().set_fontsize(of_ticks)


def tick_size(ax: Axes, axis_name: Literal["x", "y"]) -> float:
    """Return the font size of tick labels in points, scaled to the room."""
    import matplotlib as mpl

    return font_size(ax, mpl.rcParams["xtick.labelsize" if axis_name == "x" else "ytick.labelsize"])


def axis_label_size(ax: Axes) -> float:
    """Return the font size of axis labels in points, scaled to the room."""
    import matplotlib as mpl

    return font_size(ax, mpl.rcParams["axes.labelsize"])


def _legend_columns(ax: Axes, labels: Sequence[str]) -> tuple[int, float]:
    """Return the number of columns of a legend below the Axes, 0 if it fits to the right, and its font size."""
    width, height = room_in_inches(ax)
    longest = max(map(len, labels)) * CHARACTER_WIDTH + _KEY_WIDTH
    largest = font_size(ax, "medium" if text_scale(ax) == 1 else "small")
    is_narrow = longest * largest / POINTS <= width * _MAX_LEGEND_WIDTH
    if is_narrow and len(labels) * largest * _LEGEND_LINE / POINTS <= height * _HIGHEST_LEGEND:
        return 0, largest
    for size in np.arange(largest, MIN_FONT_SIZE - 0.5, -0.5):
        columns = max(int(width * _WIDEST_LEGEND * POINTS / (longest * size)), 1)
        rows = -(-len(labels) // columns)
        if rows * size * _LEGEND_LINE / POINTS <= height * _MAX_LEGEND_HEIGHT:
            break
    return columns, max(float(size), MIN_FONT_SIZE)


def legend_options(ax: Axes, labels: Sequence[str]) -> dict[str, Any]:
    """Return where to draw a legend with these labels: to the right of the Axes if it is narrow, else below it."""
    from matplotlib.transforms import ScaledTranslation

    columns, size = _legend_columns(ax, labels)
    if not columns:
        return {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "fontsize": size}
    labels_of_axis = ax.xaxis.get_tightbbox()
    below = 0.0 if labels_of_axis is None else (labels_of_axis.y0 - ax.bbox.y0) / ax.figure.dpi
    offset = ScaledTranslation(0, below - _LEGEND_PADDING, ax.figure.dpi_scale_trans)
    return {
        "loc": "upper right",
        "bbox_to_anchor": (1, 0),
        "bbox_transform": ax.transAxes + offset,
        "ncols": columns,
        "fontsize": size,
        "borderaxespad": 0,
        "columnspacing": 1.0,
    }


def make_room(ax: Axes) -> None:
    """Make room for titles, labels and legends in a figure that has no layout engine, as `tight_layout()` does."""
    from matplotlib.layout_engine import TightLayoutEngine

    figure = ax.figure
    if figure is not ax.get_figure(root=True) or figure.get_layout_engine() is not None:
        return
    if ax.get_subplotspec() is not None:
        with warnings.catch_warnings():
            # A figure that is too small for its labels stays as it is.
            warnings.filterwarnings("ignore", message="Tight layout not applied|This figure includes Axes")
            TightLayoutEngine(pad=_PADDING).execute(figure)
