"""Format numbers on axes, and choose and set logarithmic scales."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from ayrframe._decode.arrays import FloatArray
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, METRICS, RATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.ticker import Locator


MAX_LINEAR_RATIO = 30  # between medians; on a linear scale, smaller groups would lie on the axis
_SUFFIXES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
_METRIC_UNITS = {metric.name: str(metric.unit) for metric in (*METRICS, ENGAGEMENTS)}
_DENOMINATORS = {name: metric.name for name, metric in RATES.items()} | {ER_FOLLOWERS: "followers"}


def is_rate(metric: str) -> bool:
    """Return whether a metric is a rate, which is written in percent."""
    return metric in _DENOMINATORS


def metric_label(metric: str) -> str:
    """Return the axis label of a metric, with its unit: `reach (people)`, `engagements / views`."""
    if is_rate(metric):
        return f"engagements / {_DENOMINATORS[metric]}"
    unit = _METRIC_UNITS.get(metric, "")
    name = metric.removesuffix("_s").replace("_", " ")
    return name if unit in {"", "count"} else f"{name} ({unit})"


def format_short(value: float) -> str:
    """Format a number for an axis: 950, 12k, 1.5M."""
    size = abs(value)
    for factor, suffix in _SUFFIXES:
        if size >= factor * (10 if suffix == "k" else 1):
            return f"{value / factor:.4g}{suffix}"
    return f"{value:,.4g}" if size < 1e3 else f"{value:,.0f}"  # noqa: PLR2004


def format_percent(value: float) -> str:
    """Format a share in percent for an axis, with at most three digits."""
    return f"{value * 100:.3g} %"


def format_exact_percent(value: float) -> str:
    """Format a share in percent for a label, with one decimal."""
    return f"{value * 100:.1f} %" if value == 0 or value >= 0.001 else "< 0.1 %"  # noqa: PLR2004


def format_exact(value: float) -> str:
    """Format a number for a label, with all digits before the decimal point."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.3g}"  # noqa: PLR2004


def set_formatter(axis: Axis, format_value: Callable[[float], str]) -> None:
    """Format the tick labels of an axis with a function."""
    axis.set_major_formatter(partial(_format_tick, format_value))


def _format_tick(format_value: Callable[[float], str], value: float, _: int | None) -> str:
    """Format a tick label; a function of the module, so that figures can be pickled."""
    return format_value(value)


def needs_log_scale(groups: Iterable[FloatArray]) -> bool:
    """Return whether the medians of groups differ so much that a linear scale would hide some groups."""
    positive = (values[np.isfinite(values) & (values > 0)] for values in groups)
    medians = [float(np.median(values)) for values in positive if len(values)]
    return bool(medians) and max(medians) > MAX_LINEAR_RATIO * min(medians)


def set_y_scale(ax: Axes, values: FloatArray, *, logarithmic: bool) -> None:
    """Make the y axis logarithmic, or let it begin at zero."""
    if logarithmic:
        set_log_scale(ax, "y", values)
    else:
        ax.set_ylim(bottom=min(0, values[np.isfinite(values)].min()))


def set_log_scale(ax: Axes, axis_name: Literal["x", "y"], values: FloatArray) -> None:
    """Make an axis logarithmic, with a linear part near zero if some values are zero or negative."""
    from matplotlib.ticker import LogLocator, NullFormatter, SymmetricalLogLocator

    finite = values[np.isfinite(values)]
    positive = finite[finite > 0]
    smallest, largest = (float(positive.min()), float(positive.max())) if len(positive) else (1.0, 1.0)
    subs = (1.0, 2.0, 5.0) if largest < 100 * smallest else (1.0,)
    if len(finite) and finite.min() <= 0:
        linear_limit = 10.0 ** np.floor(np.log10(smallest))
        scale, options = "symlog", {"linthresh": linear_limit}
        locator: Locator = SymmetricalLogLocator(base=10, linthresh=linear_limit, subs=subs)
    else:
        scale, options, locator = "log", {}, LogLocator(subs=subs)
    axis, set_scale = (ax.xaxis, ax.set_xscale) if axis_name == "x" else (ax.yaxis, ax.set_yscale)
    set_scale(scale, **options)
    axis.set_major_locator(locator)
    axis.set_minor_formatter(NullFormatter())
