"""posts.ayr.plot, second half: how posts do by a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ayrframe._plots import best_times, crossposts, timeline, top_posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class MetricPlots:
    """The plots of any one metric."""

    _frame: pd.DataFrame

    def timeline(
        self,
        metric: str = "engagements",
        *,
        period: Literal["day", "week", "month"] = "week",
        tz: str | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a metric over time, a line for each network.

        It draws :meth:`~ayrframe.PostsAccessor.timeline`: the sum over the posts of a period; the median where a sum
        means nothing, such as of reach; for a rate, engagements over its denominator, each summed over the posts that
        have both. A period without a value is a gap. The axis is logarithmic if networks lie more than 30 times apart.

        Parameters
        ----------
        metric : str, default "engagements"
            A metric or rate of :meth:`~ayrframe.PostsAccessor.metrics`.
        period : {"day", "week", "month"}, default "week"
            What one point is.
        tz : str, optional
            IANA name of the time zone in which periods begin; UTC if left out.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many posts tell the metric, the legend how many of each network.

        Raises
        ------
        ValueError
            If there is no such metric, period or time zone.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.timeline("views", period="month", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'sum of views'
        """
        return timeline.plot(self._frame, metric, period=period, tz=tz, ax=ax)

    def best_times(
        self,
        metric: str = "engagements",
        *,
        tz: str | None = None,
        platform: str | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the median of a metric by weekday and hour as a heat map of one network.

        It draws :meth:`~ayrframe.PostsAccessor.best_times`. The number in a cell is the posts its median rests on;
        cells of fewer than five are pale and hatched, and the colours span the others.

        Parameters
        ----------
        metric : str, default "engagements"
            A metric or rate of :meth:`~ayrframe.PostsAccessor.metrics`.
        tz : str, default "UTC"
            IANA name of the time zone of weekdays and hours.
        platform : str, optional
            The network; needed if the frame holds several.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many posts there are; a bar beside it says what the colours mean.

        Raises
        ------
        ValueError
            If there is no such metric or time zone, or if the frame holds several networks and none is named, or not
            the one that is.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.best_times(tz="Europe/Berlin", ax=Figure().subplots())
        >>> ax.get_xlabel()
        'hour of publication (Europe/Berlin)'
        """
        return best_times.plot(self._frame, metric, tz=tz, platform=platform, ax=ax)

    def top_posts(self, metric: str = "engagements", *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw the posts with the highest values as bars, for each network apart.

        It draws :meth:`~ayrframe.PostsAccessor.top_posts`. A line marks what is normal for a post: the median of the
        account's other posts of the same kind and format, where there are any.

        Parameters
        ----------
        metric : str, default "engagements"
            A metric or rate of :meth:`~ayrframe.PostsAccessor.metrics`.
        n : int, default 10
            How many posts of each network.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out, tall enough for all bars.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many posts are drawn. The axis is logarithmic if networks lie more than 30 times apart.

        Raises
        ------
        ValueError
            If there is no such metric, or `n` is below 1.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("instagram").ayr.plot.top_posts("likes", n=5, ax=Figure().subplots())
        >>> len(ax.patches)
        5
        """
        return top_posts.plot(self._frame, metric, n, ax=ax)

    def crossposts(
        self, metric: str = "engagements", *, n: int = 10, window: str = "48h", ax: Axes | None = None
    ) -> Axes:
        """Draw the same content on several networks: a row for each content, a dot for each network.

        It draws the newest rows of :meth:`~ayrframe.PostsAccessor.crossposts`. The axis is logarithmic, for networks
        lie far apart.

        Parameters
        ----------
        metric : str, default "engagements"
            A metric or rate of :meth:`~ayrframe.PostsAccessor.metrics`.
        n : int, default 10
            How many contents, the newest.
        window : str, default "48h"
            How far apart posts of one content may be published.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out, tall enough for all rows.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many contents are drawn, of how many.

        Raises
        ------
        ValueError
            If there is no such metric, `n` is below 1, or `window` is no span of time.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample().ayr.plot.crossposts("likes", n=5, ax=Figure().subplots())
        >>> len(ax.get_yticklabels())
        5
        """
        return crossposts.plot(self._frame, metric, n, window=window, ax=ax)
