"""Plot how many posts were published on each day: a calendar of weeks and weekdays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.periods import to_timezone
from ayrframe._platforms.columns import AS_OF, CREATED, PLATFORM
from ayrframe._plots import axes, layout, scales
from ayrframe._plots.definitions import count_posts
from ayrframe._plots.style import background_color, grid_color, platform_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SEVEN_DAYS = pd.Timedelta(days=7)
_MAX_WEEKS = 530  # ten years
_MONTHS_PER_INCH = 1.5  # labels
_MIN_WEEKS = 12  # of the axis; fewer would be wide bars
_NARROW_CELL = 6.0  # points


def draw_calendar(posts: pd.DataFrame, *, tz: TimeZone | None = None, ax: Axes | None = None) -> Axes:
    """Draw the posts of each day; `posts` has the latest observations."""
    dated = posts[posts[CREATED.name] <= posts[AS_OF.name]]
    days = dated[CREATED.name].dt.tz_convert(to_timezone(tz)).dt.tz_localize(None).dt.normalize()
    names = list(dict.fromkeys(posts[PLATFORM.name]))
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    ax = axes.prepare_axes(
        ax,
        f"Posts published per day, {platform_titles(names)}" if names else "Posts published per day",
        count_posts(len(posts), len(dated)),
        x=f"week of publication ({to_timezone(tz)})",
    )
    if not len(dated):
        return axes.draw_empty(ax, "No post has a date.")
    first = days.min() - pd.Timedelta(days=days.min().weekday())
    weeks = int((days.max() - first) // _SEVEN_DAYS) + 1
    if weeks > _MAX_WEEKS:
        raise ValueError(
            f"A calendar from {days.min().year} to {days.max().year} would have more than {_MAX_WEEKS} weeks. "
            "Leave out posts with a wrong `created`."
        )
    counts = np.zeros((7, weeks))
    np.add.at(counts, (days.dt.day_of_week, ((days - first) // _SEVEN_DAYS).astype("int64")), 1)
    mesh = ax.pcolormesh(np.arange(weeks + 1), np.arange(8), np.ma.masked_equal(counts, 0), cmap="YlGnBu")
    # Lines between narrow cells would hide them.
    line_width = 0.5 if axes.width_in_inches(ax) * 72 / weeks > _NARROW_CELL else 0
    mesh.set(clim=(0, counts.max()), edgecolor=background_color(ax), linewidth=line_width)
    ax.add_patch(Rectangle((0, 0), weeks, 7, color=grid_color(ax), alpha=0.4, linewidth=0, zorder=0))
    beside = max(_MIN_WEEKS - weeks, 0) / 2
    ax.set(xlim=(-beside, weeks + beside), ylim=(7, 0))
    ax.set_yticks(np.arange(7) + 0.5, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    starts = pd.date_range(first, periods=weeks, freq="7D")
    months = [number for number, week in enumerate(starts) if number == 0 or week.month != starts[number - 1].month]
    room, _ = layout.room_in_inches(ax)
    ticks = months[:: -(-len(months) // max(int(room * _MONTHS_PER_INCH), 2))]
    ax.set_xticks(ticks, [f"{starts[number]:%Y-%m-%d}" for number in ticks], rotation=30, ha="right")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    bar = axes.draw_color_bar(ax, mesh, "posts", scales.format_short)
    bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    return ax
