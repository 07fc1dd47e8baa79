"""Define the plots of a posts frame or a metrics frame that need metrics only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

import pandas as pd

from ayrframe._accessor.call_names import called_as
from ayrframe._metrics.compare import Against, compare
from ayrframe._metrics.frames import check_metric, latest_metrics, latest_rows, read_metrics
from ayrframe._platforms.columns import PLATFORM
from ayrframe._plots.above_normal import draw_above_normal
from ayrframe._plots.axes import check_choice, select_platform
from ayrframe._plots.best_times import draw_best_times
from ayrframe._plots.calendar import draw_calendar
from ayrframe._plots.compare import draw_compare
from ayrframe._plots.crossposts import draw_crossposts
from ayrframe._plots.labels import warns_once
from ayrframe._plots.month_calendar import draw_months
from ayrframe._plots.timeline import default_period, draw_timeline
from ayrframe._plots.top_posts import draw_top_posts
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ayrframe._frame.times import TimeZone

PeriodName = Literal["day", "week", "month", "quarter", "year"]
Plots = TypeVar("Plots", bound=type)


def warn_once_per_plot(plots: Plots) -> Plots:
    """Make each method of a class give each warning once."""
    for name, method in list(vars(plots).items()):
        if not name.startswith("_"):
            setattr(plots, name, warns_once(method))
    return plots


class PlotsBase:
    """Base of the plots of a frame; `_kind` is its name in messages."""

    _kind = ""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Store a frame, which `.ayr` has checked."""
        self._frame = frame

    def __repr__(self) -> str:
        """List the available plots."""
        return f"{self._kind}.ayr.plot: {', '.join(name for name in dir(self) if not name.startswith('_'))}"

    def _find_attribute(self, name: str) -> object:
        """Raise an AttributeError with the most similar name."""
        plots = [plot for plot in dir(self) if not plot.startswith("_")]
        raise AttributeError(
            f"`{self._kind}.ayr.plot` has no plot {quote(name)}.{suggest(name, plots)} Choose from: {', '.join(plots)}."
        )

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute


@warn_once_per_plot
@called_as("metrics.ayr.plot")
class SharedPlots(PlotsBase):
    """Plots that need metrics only: `metrics.ayr.plot`, and part of `posts.ayr.plot`."""

    _kind = "metrics"

    def timeline(
        self,
        metric: str = "engagements",
        *,
        period: PeriodName | None = None,
        stat: Literal["sum", "median"] | None = None,
        tz: TimeZone | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a metric over time, with one line per platform.

        Draws `posts.ayr.timeline()`: the sum over the posts of a period; the median for metrics that
        must not be summed, such as reach; for a rate, engagements divided by its denominator, each summed over the
        posts that have both. A period without a value is a gap; one that is not complete is hollow, and the lines to it
        are dashed. The y axis is logarithmic if the medians of the platforms differ by a factor of more than 30.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column.
        period : {"week", "day", "month", "quarter", "year"}, optional
            Period of one point. Default: week, or month for more than four platforms, whose lines would tangle.
        stat : {"sum", "median"}, optional
            Statistic of the posts of a period. Default: as described above; the sum for an own column.
        tz : str or tzinfo, optional
            IANA name of the time zone in which periods begin. Default: UTC.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states what is drawn, for how many of the posts, and, if platforms count different things, what
            each of them counts. The legend states how many posts of each platform have the metric.

        Raises
        ------
        ValueError
            If `metric`, `period`, `stat` or `tz` is unknown, or the metric must not be summed and `stat` is "sum".

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.timeline("views", period="month", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'sum of views'
        """
        if stat is not None:
            check_choice("stat", stat, ("sum", "median"))
        posts = latest_metrics(self._frame, [metric])
        period = period or default_period(posts, metric)
        table = self._frame.ayr.timeline(metric, period=period, tz=tz)
        return draw_timeline(table, posts, metric, statistic=stat, period=period, tz=tz, ax=ax)

    def compare(
        self,
        period: PeriodName = "month",
        *,
        at: str | pd.Period | None = None,
        against: Against = "previous",
        by: str | Sequence[str] = "platform",
        tz: TimeZone | None = None,
        metric: str | Sequence[str] | None = "engagements",
        ax: Axes | None = None,
    ) -> Axes:
        """Draw how metrics changed from one period to another as bars, with both values.

        Draws `posts.ayr.compare()`: the change in percent of the number of posts and of each metric,
        separately for each group. Bars are hollow and dashed where one of the periods is not complete. Notes of the
        table follow the values.

        Parameters
        ----------
        period : {"month", "week", "day", "quarter", "year"}, default "month"
            Length of a period.
        at : str or pandas.Period, optional
            Period to compare, or "current" for the running one. Default: the newest complete period.
        against : {"previous", "year"}, default "previous"
            Compare with the previous period, or with the same one a year before.
        by : str or list of str, default "platform"
            Columns to group by. The platform is always a group.
        tz : str or tzinfo, optional
            IANA name of the time zone of the periods. Default: UTC.
        metric : str, list of str or None, default "engagements"
            Metrics, rates or own numeric columns to draw; None draws all metrics and rates.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure, tall enough for all rows.

        Returns
        -------
        matplotlib.axes.Axes
            The title names the periods and states the number of posts of both.

        Raises
        ------
        ValueError
            If the period, `at`, `against`, a group, a metric or the time zone is unknown.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.compare(metric=["likes", "reach"], ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['posts', 'likes', 'reach (people), median']
        """
        table = compare(self._frame, period, at=at, against=against, by=by, tz=tz, metric=metric)
        return draw_compare(table, ax=ax)

    def best_times(
        self,
        metric: str = "engagements",
        *,
        tz: TimeZone | None = None,
        platform: str | None = None,
        min_posts: int = 5,
        min_age: str | timedelta = "7D",
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the median of a metric by weekday and hour as a heat map of one platform.

        Draws `posts.ayr.best_times()`. Each cell shows the number of posts. Cells with fewer than
        `min_posts` are hatched and have no color.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column.
        tz : str or tzinfo, optional
            IANA name of the time zone of weekdays and hours. Default: UTC.
        platform : str, optional
            Platform to draw; required if the frame has several.
        min_posts : int, default 5
            Number of posts with a value that a median requires.
        min_age : str or timedelta, default "7D"
            Age that a post must have at its latest observation; `"0h"` includes all posts.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many posts count: the account's own of this age. A color bar is drawn beside the heat
            map.

        Raises
        ------
        ValueError
            If `metric`, `tz` or `platform` is unknown, if the frame has several platforms and `platform` is missing, or
            if the frame has no posts of `platform`, `min_posts` is not a positive integer, or `min_age` is not a valid
            duration.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.best_times(tz="Europe/Berlin", ax=Figure().subplots())
        >>> ax.get_xlabel()
        'hour of publication (Europe/Berlin)'
        """
        table = self._frame.ayr.best_times(metric, tz=tz, min_posts=min_posts, min_age=min_age)
        posts, limits = latest_metrics(self._frame, [metric]), (min_posts, min_age)
        return draw_best_times(table, posts, metric, limits, tz=tz, platform=platform, ax=ax)

    def top_posts(self, metric: str = "engagements", *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw the posts with the highest values as bars, separately for each platform.

        Draws `posts.ayr.top_posts()`. A line shows what is normal for each post: the median of the
        account's other posts of the same kind and format, if there are at least five.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column.
        n : int, default 10
            Number of posts per platform.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure, tall enough for all bars.

        Returns
        -------
        matplotlib.axes.Axes
            The title states the number of posts drawn. The x axis is logarithmic if the medians of the platforms differ
            by a factor of more than 30.

        Raises
        ------
        ValueError
            If `metric` is unknown, or `n` is not a positive integer.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("instagram").ayr.plot.top_posts("likes", n=5, ax=Figure().subplots())
        >>> len(ax.patches)
        5
        """
        table, posts = self._frame.ayr.top_posts(metric, n), latest_metrics(self._frame, [metric])
        return draw_top_posts(table, posts, metric, ax=ax)

    def above_normal(self, metric: str = "engagements", *, n: int = 5, ax: Axes | None = None) -> Axes:
        """Draw each post relative to what is normal for the account, by publication date.

        Draws `posts.ayr.above_normal()`: the value of a post divided by the median of the account's
        other posts of the same kind and format, if there are at least five. The line at 1 is normal.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column.
        n : int, default 5
            Number of posts that are numbered and listed: those highest above normal.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many of the posts have a normal. The y axis is logarithmic.

        Raises
        ------
        ValueError
            If `metric` is unknown, or `n` is not a positive integer.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("bluesky").ayr.plot.above_normal("likes", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'likes / normal, log scale'
        """
        return draw_above_normal(self._frame.ayr.above_normal(metric), metric, n, ax=ax)

    def crossposts(
        self, metric: str = "engagements", *, n: int = 10, window: str = "48h", ax: Axes | None = None
    ) -> Axes:
        """Draw the same content on several platforms: one row per content, one dot per platform.

        Draws the latest rows of `posts.ayr.crossposts()`. The x axis is logarithmic, because values
        differ widely between platforms.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column.
        n : int, default 10
            Number of contents, latest first.
        window : str, default "48h"
            Longest time between posts of the same content, such as "48h", "90min" or "7D".
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure, tall enough for all rows.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many of the contents are drawn.

        Raises
        ------
        ValueError
            If `metric` is unknown, `n` is not a positive integer, or `window` is not a valid duration.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample().ayr.plot.crossposts("likes", n=5, ax=Figure().subplots())
        >>> len(ax.get_yticklabels())
        5
        """
        return draw_crossposts(self._frame.ayr.crossposts(metric, window=window), metric, n, ax=ax)

    def calendar(
        self,
        metric: str | None = None,
        *,
        at: str | pd.Period | Sequence[str | pd.Period] | None = None,
        stat: Literal["sum", "median"] | None = None,
        platform: str | None = None,
        tz: TimeZone | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw how many posts were published on each day, or what they achieved.

        Without `metric` and `at`, all days are drawn in one map of weeks and weekdays. With one of them, the days of a
        month are drawn as in a calendar, with their numbers: those of the posts that were published on this day. Days
        without posts are grey, days with posts that have no value of the metric are hatched, and days on which posts
        may be missing, because the account was not read that late or not listed that far back, are empty.

        The posts of all platforms of the frame are counted together; a metric is drawn for one platform, its profiles
        together, as the title says. Posts without a date, or dated after they were read, are left out.

        Parameters
        ----------
        metric : str, optional
            Metric or rate, as named by `posts.ayr.metrics()`, or an own numeric column. Default: the
            number of posts.
        at : str, pandas.Period, or list of them, optional
            Months to draw, such as `"2026-03"`. Default with `metric`: the month of the newest post.
        stat : {"sum", "median"}, optional
            Statistic of the posts of a day. Default: as for `timeline()`.
        platform : str, optional
            Platform to draw; required with `metric` if the frame has several.
        tz : str or tzinfo, optional
            IANA name of the time zone of the days. Default: UTC.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title names the platforms and states the number of posts. A color bar is drawn beside a map of weeks.

        Raises
        ------
        ValueError
            If `metric`, `at`, `stat`, `platform` or `tz` is unknown, if the metric must not be summed and `stat` is
            "sum", if `platform` is missing, or if there would be more than ten years or 24 months.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> posts = ayr.load_sample("tiktok")
        >>> posts.ayr.plot.calendar(tz="Europe/Berlin", ax=Figure().subplots()).get_xlabel()
        'week of publication (Europe/Berlin)'
        >>> posts.ayr.plot.calendar("views", at="2026-01", ax=Figure().subplots()).get_title().splitlines()[0]
        'Sum of views per day, TikTok'
        """
        names = [] if metric is None else [check_metric(self._frame, metric)]
        if stat is not None:
            check_choice("stat", stat, ("sum", "median"))
        observations = read_metrics(self._frame, names)
        if platform is not None or metric is not None:
            name = select_platform(observations, platform)
            observations = observations[observations[PLATFORM.name] == name].reset_index(drop=True)
        posts = latest_rows(observations, names=names)
        if metric is None and at is None:
            return draw_calendar(posts, tz=tz, ax=ax)
        return draw_months(observations, posts, metric, at=at, statistic=stat, tz=tz, ax=ax)
