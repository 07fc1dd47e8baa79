"""Define `posts.ayr.plot`, with one method per plot; matplotlib is imported only when a plot is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ayrframe._frame.deduplicate import latest_posts
from ayrframe._plots.audience import draw_audience
from ayrframe._plots.axes import check_choice
from ayrframe._plots.best_times import draw_best_times
from ayrframe._plots.completion import draw_completion
from ayrframe._plots.crossposts import draw_crossposts
from ayrframe._plots.growth import draw_growth
from ayrframe._plots.impression_sources import draw_impression_sources
from ayrframe._plots.reactions import draw_reactions
from ayrframe._plots.retention import draw_retention
from ayrframe._plots.timeline import draw_timeline
from ayrframe._plots.top_posts import draw_top_posts
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ayrframe._frame.times import TimeZone


class PlotAccessor:
    """Plots of a posts frame, available as `posts.ayr.plot`.

    Each method draws a table that a method of `posts.ayr` returns. It uses the latest observation of each post
    (`growth` uses all), states in the title how many posts the plot is based on, and returns the Axes. It draws on `ax`
    if given, and otherwise creates a new figure, which notebooks display. Values of different platforms are never
    added up, and missing values are left out.

    Texts are drawn literally: `$` does not start a formula, and a character that the font lacks is drawn as `□`. For
    Chinese, Japanese or Korean, set a font that supports it before drawing, such as
    `plt.rcParams["font.family"] = ["DejaVu Sans", "Noto Sans CJK JP"]`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
    >>> ax.get_xlabel()
    'share of views, each post weighted by its views'
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Store a posts frame, which `posts.ayr` has checked."""
        self._frame = frame

    def __repr__(self) -> str:
        """List the available plots."""
        return f"posts.ayr.plot: {', '.join(name for name in dir(self) if not name.startswith('_'))}"

    def __getattr__(self, name: str) -> object:
        """Raise an AttributeError with the most similar name."""
        plots = [plot for plot in dir(self) if not plot.startswith("_")]
        raise AttributeError(
            f"`posts.ayr.plot` has no plot {quote(name)}.{suggest(name, plots)} Choose from: {', '.join(plots)}."
        )

    def reactions(self, values: Literal["share", "count"] = "share", *, ax: Axes | None = None) -> Axes:
        """Draw the kinds of reactions as bars, separately for each platform.

        Draws :meth:`~ayrframe.PostsAccessor.reactions`: the counts of each kind, summed over the posts of a platform.
        Reactions are not added up across platforms.

        Parameters
        ----------
        values : {"share", "count"}, default "share"
            Share of each kind in all reactions of the platform, in percent, or number of reactions.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many of the posts have reactions by kind.

        Raises
        ------
        ValueError
            If `values` is not one of these.
        ExpansionError
            If no platform in the frame has reactions by kind.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("linkedin").ayr.plot.reactions(ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()][:3]
        ['Like', 'Celebrate', 'Love']
        """
        check_choice("values", values, ("share", "count"))
        posts = latest_posts(self._frame)
        return draw_reactions(posts.ayr.expand("reactions"), posts, values, ax=ax)

    def impression_sources(self, *, ax: Axes | None = None) -> Axes:
        """Draw where the views come from as bars.

        Draws :meth:`~ayrframe.PostsAccessor.impression_sources`: the mean fraction of each source, each post weighted
        by its views. A source that a post does not list counts as zero for this post; the rest up to 100 % is drawn as
        "not reported".

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Shares in percent. The title states how many posts have both sources and views, and which share of all
            views these posts have.

        Raises
        ------
        ExpansionError
            If no platform in the frame has impression sources.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
        >>> ax.get_yticklabels()[0].get_text()
        'For You'
        """
        posts = latest_posts(self._frame).ayr
        return draw_impression_sources(posts.expand("impression_sources"), posts.metrics(), ax=ax)

    def retention(self, *, ax: Axes | None = None) -> Axes:
        """Draw how long viewers watch: a pale line for each video, and a bold one for their mean.

        Draws :meth:`~ayrframe.PostsAccessor.video_view_retention`. The mean is weighted by the views of the videos.
        Curves are interpolated linearly and not extrapolated. The bold line ends where the videos that go on have less
        than half of all views, because it would represent only the long videos.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the viewers in percent by second, as the API counts: the numbers may exceed the length of the
            video, and the API does not document their unit. The title states the number of videos.

        Raises
        ------
        ExpansionError
            If no platform in the frame has retention curves.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.retention(ax=Figure().subplots())
        >>> ax.get_xlabel()
        'second, as the API counts'
        """
        posts = latest_posts(self._frame).ayr
        return draw_retention(posts.expand("video_view_retention"), posts.metrics(), ax=ax)

    def audience(
        self, by: Literal["countries", "cities"] = "countries", *, n: int = 10, ax: Axes | None = None
    ) -> Axes:
        """Draw where the viewers are as bars.

        Draws :meth:`~ayrframe.PostsAccessor.audience_countries` or
        :meth:`~ayrframe.PostsAccessor.audience_cities`: the mean fraction of each country or city, each post weighted
        by its views. A viewer of several posts counts once per post.

        Parameters
        ----------
        by : {"countries", "cities"}, default "countries"
            Whether to draw countries or cities.
        n : int, default 10
            Number of bars per platform, largest first; all others are drawn as one bar.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Shares in percent. The title states how many posts have both audience and views, and which share of all
            views these posts have.

        Raises
        ------
        ValueError
            If `by` is not one of these, or `n` is not a positive integer.
        ExpansionError
            If no platform in the frame has countries or cities of viewers.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.audience("cities", n=3, ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['US Portland', 'US Seattle', 'US Queens', 'all others, or not reported']
        """
        check_choice("by", by, ("countries", "cities"))
        posts = latest_posts(self._frame).ayr
        return draw_audience(posts.expand(f"audience_{by}"), posts.metrics(), by, n=n, ax=ax)

    def completion(self, scope: Literal["organic", "non_public"] = "organic", *, ax: Axes | None = None) -> Axes:
        """Draw how far videos are watched: a pale line for each video, and a bold one for all videos together.

        Draws :meth:`~ayrframe.PostsAccessor.completion`. The bold line is the number of viewers of all videos at a
        quarter divided by their number at the start, so videos are weighted by their viewers. Videos without viewers,
        or with a missing quarter, are left out.

        Parameters
        ----------
        scope : {"organic", "non_public"}, default "organic"
            Which viewers to draw. Scopes count the same people in different ways, so they are not combined.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the viewers at the start, in percent. The title states the scope and the number of videos.

        Raises
        ------
        ValueError
            If `scope` is not one of these.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("twitter").ayr.plot.completion(ax=Figure().subplots())
        >>> ax.get_ylabel()
        'share of the viewers at the start'
        """
        return draw_completion(self._frame.ayr.completion(scope), scope, ax=ax)

    def timeline(
        self,
        metric: str = "engagements",
        *,
        period: Literal["day", "week", "month"] = "week",
        tz: TimeZone | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a metric over time, with one line per platform.

        Draws :meth:`~ayrframe.PostsAccessor.timeline`: the sum over the posts of a period; the median for metrics that
        must not be summed, such as reach; for a rate, engagements divided by its denominator, each summed over the
        posts that have both. A period without a value is a gap. The y axis is logarithmic if the medians of the
        platforms differ by a factor of more than 30.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by :meth:`~ayrframe.PostsAccessor.metrics`.
        period : {"day", "week", "month"}, default "week"
            Period of one point.
        tz : str or tzinfo, optional
            IANA name of the time zone in which periods begin. Default: UTC.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many posts have the metric, the legend how many of each platform.

        Raises
        ------
        ValueError
            If `metric`, `period` or `tz` is unknown.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.timeline("views", period="month", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'sum of views'
        """
        table = self._frame.ayr.timeline(metric, period=period, tz=tz)
        return draw_timeline(table, metric, period=period, tz=tz, ax=ax)

    def best_times(
        self,
        metric: str = "engagements",
        *,
        tz: TimeZone | None = None,
        platform: str | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the median of a metric by weekday and hour as a heat map of one platform.

        Draws :meth:`~ayrframe.PostsAccessor.best_times`. Each cell shows the number of posts behind its median. Cells
        with fewer than five posts are pale and hatched, and do not affect the range of the colors.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by :meth:`~ayrframe.PostsAccessor.metrics`.
        tz : str or tzinfo, optional
            IANA name of the time zone of weekdays and hours. Default: UTC.
        platform : str, optional
            Platform to draw; required if the frame has several.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states the number of posts. A color bar is drawn beside the heat map.

        Raises
        ------
        ValueError
            If `metric`, `tz` or `platform` is unknown, if the frame has several platforms and `platform` is missing, or
            if the frame has no posts of `platform`.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.best_times(tz="Europe/Berlin", ax=Figure().subplots())
        >>> ax.get_xlabel()
        'hour of publication (Europe/Berlin)'
        """
        return draw_best_times(self._frame.ayr.best_times(metric, tz=tz), metric, tz=tz, platform=platform, ax=ax)

    def top_posts(self, metric: str = "engagements", *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw the posts with the highest values as bars, separately for each platform.

        Draws :meth:`~ayrframe.PostsAccessor.top_posts`. A line shows what is normal for each post: the median of the
        account's other posts of the same kind and format, if there are any.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by :meth:`~ayrframe.PostsAccessor.metrics`.
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
        return draw_top_posts(self._frame.ayr.top_posts(metric, n), metric, ax=ax)

    def crossposts(
        self, metric: str = "engagements", *, n: int = 10, window: str = "48h", ax: Axes | None = None
    ) -> Axes:
        """Draw the same content on several platforms: one row per content, one dot per platform.

        Draws the newest rows of :meth:`~ayrframe.PostsAccessor.crossposts`. The x axis is logarithmic, because values
        differ widely between platforms.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, as named by :meth:`~ayrframe.PostsAccessor.metrics`.
        n : int, default 10
            Number of contents, newest first.
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

    def growth(
        self, metric: str = "engagements", *, by: Literal["age", "time"] = "age", ax: Axes | None = None
    ) -> Axes:
        """Draw how a metric of each post grew: a thin line for each post, and a bold one for their median.

        Draws :meth:`~ayrframe.PostsAccessor.growth`. Lines are interpolated linearly between observations and have a
        gap at observations without a value. The median at an age is over the posts observed before and after it, if a
        platform has at least five of them; it is not over the same posts at each age. Triangles show observations at
        which the total was lower than before. The y axis is logarithmic if the medians of the platforms, or the highest
        value and the median, differ by a factor of more than 30.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, as named by :meth:`~ayrframe.PostsAccessor.metrics`; rates are not supported.
        by : {"age", "time"}, default "age"
            The x axis: days since publication, or the time of the observation in UTC. By time, no median is drawn,
            because posts observed at the same time have different ages.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many of the posts are drawn: those with at least two observations of the metric and,
            by age, a publication date.

        Raises
        ------
        ValueError
            If `metric` or `by` is unknown, or the metric is a rate.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.growth("views", ax=Figure().subplots())
        >>> ax.texts[0].get_text()  # samples have one observation per post
        'No post has two observations of views.'
        """
        check_choice("by", by, ("age", "time"))
        return draw_growth(self._frame.ayr.growth(metric), metric, by=by, ax=ax)
