"""Draw the plots of a report as pictures for its page, each with a text that says what it shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import list_expansions
from ayrframe._export.report.period import ReportPeriod
from ayrframe._export.report.values import clean, format_value
from ayrframe._metrics.best_times import best_times
from ayrframe._metrics.completion import completion
from ayrframe._metrics.frames import latest_metrics
from ayrframe._metrics.periods import period_bounds, to_periods
from ayrframe._metrics.timeline import timeline
from ayrframe._platforms.columns import CREATED
from ayrframe._plots.best_times import draw_best_times
from ayrframe._plots.scales import format_percent
from ayrframe._plots.timeline import choose_statistic, draw_timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 130  # sharp on paper and on dense screens; the page shows half of these pixels
_WIDTH, _HEIGHT, _TALL = 7.2, 3.6, 4.4  # inches
# Periods of a trend up to the one shown; those by month include the same month of the year before.
_TREND_LENGTHS = {"day": 14, "week": 13, "month": 13, "quarter": 9, "year": 6}
_AUDIENCE_PLOTS = {
    "reactions": "reactions",
    "impression_sources": "impression_sources",
    "audience_countries": "audience",
    "video_view_retention": "retention",
    "media_metrics": "completion",
}


@dataclass(frozen=True)
class Picture:
    """A picture as a data URI, with its size in CSS pixels and its alternative text."""

    source: str
    width: int
    height: int
    alt: str


def trend_picture(posts: pd.DataFrame, shown: pd.DataFrame, metric: str, period: ReportPeriod) -> Picture | None:
    """Draw a metric of one platform over the periods up to the one shown; None if it has no value there.

    `posts` has the metrics of all posts of the platform, `shown` those of all platforms in the period.
    """
    if shown[CREATED.name].isna().all():
        return None
    name = period.trend_name(shown[CREATED.name])
    table = timeline(posts, metric, name, period.zone)
    latest = latest_metrics(posts, [metric])
    first, last = _trend_bounds(shown, name, period)
    table = table[table["start"].between(first, last, inclusive="left")]
    if not table["posts_with"].gt(0).any():
        return None
    drawn = latest[latest[CREATED.name].between(first, last, inclusive="left")]
    return _draw(
        lambda ax: draw_timeline(table, drawn, metric, period=name, tz=period.zone, ax=ax),
        lambda _: _describe_trend(table, metric),
    )


def best_times_picture(posts: pd.DataFrame, metric: str, zone: tzinfo) -> Picture | None:
    """Draw the median of a metric by weekday and hour of publication; None if no hour has enough posts."""
    table, latest = best_times(posts, metric, tz=zone), latest_metrics(posts, [metric])
    known = table.dropna(subset=["median"])
    if known.empty:
        return None
    best = known.nlargest(1, "median").iloc[0]
    alt = (
        f"{len(known):,} hours of the week have enough posts. The highest median is that of {best['day']} "
        f"{best['hour']:02}:00: {format_value(best['median'], metric)}, from {best['posts_with']:,} posts."
    )
    return _draw(lambda ax: draw_best_times(table, latest, metric, tz=zone, ax=ax), lambda _: alt, height=_TALL)


def audience_pictures(posts: pd.DataFrame) -> list[Picture]:
    """Draw reactions, sources of views, countries, retention and completion, as far as the posts have them."""
    expansions = list_expansions(posts)
    present = set(expansions.loc[expansions["posts"] > 0, "name"])
    plots: Any = posts.ayr.plot  # registered for all frames; the stubs of pandas take it for a column
    pictures = []
    for expansion, plot in _AUDIENCE_PLOTS.items():
        if expansion in present and (expansion != "media_metrics" or len(completion(posts))):
            pictures.append(_draw(getattr(plots, plot), _describe_bars_and_lines))
    return pictures


def _trend_bounds(shown: pd.DataFrame, name: str, period: ReportPeriod) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the start and the exclusive end of a trend."""
    if period.calendar is not None:
        start, _ = period_bounds(period.calendar - _TREND_LENGTHS[name] + 1, period.zone)
        return start, period_bounds(period.calendar, period.zone)[1]
    ends = to_periods(shown[CREATED.name].agg(["min", "max"]), name, period.zone)
    return period_bounds(ends.iloc[0], period.zone)[0], period_bounds(ends.iloc[-1], period.zone)[1]


def _draw(draw: Callable[..., Axes], describe: Callable[[Axes], str], *, height: float = _HEIGHT) -> Picture:
    """Draw a plot in a figure of its own, independent of the settings and the backend of the caller."""
    import matplotlib.style
    from matplotlib.figure import Figure

    with matplotlib.style.context("default"):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        ax = draw(ax=figure.subplots())
        title = clean(ax.get_title().replace("\n", " "))
        alt = f"Plot: {title}. {describe(ax)}".strip()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(f"data:image/png;base64,{data}", round(_WIDTH * 100), round(height * 100), alt)


def _describe_trend(table: pd.DataFrame, metric: str) -> str:
    """Return the highest and the latest value of a trend."""
    statistic = choose_statistic(table)
    known = table.dropna(subset=[statistic])
    highest, latest = known.nlargest(1, statistic).iloc[0], known.iloc[-1]
    values = [f"{row['period']}: {format_value(row[statistic], metric)}" for row in (highest, latest)]
    latest_note = "" if latest["complete"] else ", not complete"
    return f"Highest value in {values[0]}; latest value in {values[1]}{latest_note}."


def _describe_bars_and_lines(ax: Axes) -> str:
    """Return the values beside the bars of a plot, and the last value of its bold lines."""
    rows = {float(tick): label.get_text() for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)}
    bars = [
        f"{rows[position]}: {text.get_text()}"
        for text in ax.texts
        if (position := float(getattr(text, "xy", (0, -1))[1])) in rows and text.get_text()
    ]
    lines = [line for line in ax.lines if line.get_linewidth() >= 2]  # noqa: PLR2004 - lines of single videos are thin
    ends = [
        f"at the end of the videos {format_percent(float(np.asarray(line.get_ydata())[-1]))} remain" for line in lines
    ]
    return clean("; ".join([*bars, *ends])) + ("." if bars or ends else "")
