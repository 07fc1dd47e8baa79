"""Plot the followers of accounts over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._metrics.accounts import account_growth
from ayrframe._metrics.metrics import to_floats
from ayrframe._platforms.columns import AS_OF, PLATFORM, PROFILE
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.labels import distinct_labels
from ayrframe._plots.style import only_title, platform_color, platform_style, platform_titles, series_line_style
from ayrframe._plots.timeline import format_dates

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_ACCOUNT_CHARACTERS = 32


def draw_followers(accounts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one line per account; accounts whose platform does not say the number are named in the title."""
    table = account_growth(accounts)
    counted = table[table["value"].notna()]
    names = counted[PLATFORM.name].unique().tolist()
    without = [name for name in table[PLATFORM.name].unique() if name not in names]
    groups = counted.groupby([PLATFORM.name, PROFILE.name], sort=False)
    logarithmic = scales.needs_log_scale(to_floats(rows["value"]) for _, rows in groups)
    ax = axes.prepare_axes(
        ax,
        "Followers",
        f"{only_title(names, ': ')}{_count(groups.ngroups, 'account')}, {_count(len(counted), 'reading')}",
        f"not reported by {platform_titles(without)}" if without and names else "",
        x="time of the reading (UTC)",
        y=f"followers (people){', log scale' if logarithmic else ''}",
        grid="both",
    )
    if not len(counted):
        return axes.draw_empty(ax, "No account has a number of followers.")
    numbers: dict[str, int] = {}
    titles = [f"{platform_style(str(name)).title}{f', {profile}' if profile else ''}" for (name, profile), _ in groups]
    labels = distinct_labels(titles, [None] * len(titles), _ACCOUNT_CHARACTERS)
    for label, ((platform, _), rows) in zip(labels, groups, strict=True):
        name = str(platform)
        number = numbers[name] = numbers.get(name, -1) + 1
        style = platform_style(name)
        times = rows[AS_OF.name].dt.tz_localize(None)
        (line,) = ax.plot(times, rows["value"], color=platform_color(ax, name), label=label)
        line.set(
            marker=style.marker,
            markersize=5 * layout.text_scale(ax),
            linewidth=1.3,
            linestyle=series_line_style(number),
        )
    format_dates(ax)
    scales.set_y_scale(ax, to_floats(counted["value"]), logarithmic=logarithmic)
    scales.set_formatter(ax.yaxis, scales.format_short)
    axes.draw_legend(ax)
    return ax


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
