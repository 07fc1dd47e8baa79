"""posts.ayr.plot: one method per plot. Importing this module does not import matplotlib; drawing does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ayrframe._plots import (
    audience,
    best_times,
    completion,
    crossposts,
    growth,
    impression_sources,
    reactions,
    retention,
    timeline,
    top_posts,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class PlotAccessor:
    """What a posts frame can be drawn as, as `posts.ayr.plot`.

    Each method draws a table that `posts.ayr` also gives, counts each post once by its newest observation (`growth`
    draws them all), says in the title how many posts it rests on, and returns the Axes. It draws on `ax` if one is
    given, and otherwise in a new figure that a notebook shows. Nothing is ever added across networks, and what is
    missing is left out.

    Texts are drawn as they are: `$` is no formula, and a character that the font lacks becomes `□`. For texts in
    Chinese, Japanese or Korean, name a font that has them before you draw, such as
    `plt.rcParams["font.family"] = ["DejaVu Sans", "Noto Sans CJK JP"]`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
    >>> ax.get_xlabel()
    'share of views, each post weighted by its views'
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Take a posts frame; whether it is one was asked by `posts.ayr`."""
        self._frame = frame

    def __repr__(self) -> str:
        """Name the plots there are."""
        return f"posts.ayr.plot: {', '.join(name for name in dir(self) if not name.startswith('_'))}"

    def reactions(self, values: Literal["share", "count"] = "share", *, ax: Axes | None = None) -> Axes:
        """Draw the kinds of reactions as bars, for each network apart.

        It draws :meth:`~ayrframe.PostsAccessor.reactions`, the counts of each kind added up over the posts of a
        network. Reactions are people, and those of one network are no part of another's.

        Parameters
        ----------
        values : {"share", "count"}, default "share"
            The share of a kind of all reactions that the network tells, in percent, or their number.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many posts tell their reactions, of how many.

        Raises
        ------
        ValueError
            If `values` is neither.
        ExpansionError
            If no network in the frame has kinds of reactions.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("linkedin").ayr.plot.reactions(ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()][:3]
        ['Like', 'Celebrate', 'Love']
        """
        return reactions.plot_reactions(self._frame, values, ax=ax)

    def impression_sources(self, *, ax: Axes | None = None) -> Axes:
        """Draw where the views come from as bars.

        It draws :meth:`~ayrframe.PostsAccessor.impression_sources`: the mean fraction of each source, each post
        weighted by its views. A source that a post does not list has no part of it; what the posts' fractions lack to
        the whole is drawn as not told.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            Shares in percent. The title says how many posts tell both sources and views, and what share of the views
            of all posts they have.

        Raises
        ------
        ExpansionError
            If no network in the frame has impression sources.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
        >>> ax.get_yticklabels()[0].get_text()
        'For You'
        """
        return impression_sources.plot_impression_sources(self._frame, ax=ax)

    def retention(self, *, ax: Axes | None = None) -> Axes:
        """Draw how long viewers watch: a pale line for each video, a bold one for their mean.

        It draws :meth:`~ayrframe.PostsAccessor.video_view_retention`. The mean is weighted by the views of the videos.
        Between the moments that a video tells its curve is a straight line, beyond its ends there is none; the bold
        line ends where the videos that go on hold less than half of the views, for it would be of other videos.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the viewers in percent over the second as the API counts it: its numbers may pass the length of
            the video, their unit is not stated. The title says how many videos there are.

        Raises
        ------
        ExpansionError
            If no network in the frame has retention curves.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.retention(ax=Figure().subplots())
        >>> ax.get_xlabel()
        'second, as the API counts'
        """
        return retention.plot_retention(self._frame, ax=ax)

    def audience(
        self, by: Literal["countries", "cities"] = "countries", *, n: int = 10, ax: Axes | None = None
    ) -> Axes:
        """Draw where the viewers are as bars.

        It draws :meth:`~ayrframe.PostsAccessor.audience_countries` or `audience_cities`: the mean fraction of each
        place, each post weighted by its views. Viewers of several posts count with each of them.

        Parameters
        ----------
        by : {"countries", "cities"}, default "countries"
            The places.
        n : int, default 10
            How many places to draw of each network, the largest; the others are drawn as one bar.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            Shares in percent. The title says how many posts tell both audience and views, and what share of the views
            of all posts they have.

        Raises
        ------
        ValueError
            If `by` is neither, or `n` is below 1.
        ExpansionError
            If no network in the frame tells its audience.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.audience("cities", n=3, ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['US Portland', 'US Seattle', 'US Queens', 'all others, or not told']
        """
        return audience.plot_audience(self._frame, by, n=n, ax=ax)

    def completion(self, scope: Literal["organic", "non_public"] = "organic", *, ax: Axes | None = None) -> Axes:
        """Draw how far videos are watched: a pale line for each video, a bold one for all together.

        It draws :meth:`~ayrframe.PostsAccessor.completion`. The bold line is the viewers at a quarter of all videos
        over their viewers at the start, so that a video counts as much as it has viewers. Videos that lack a quarter,
        or have no viewers, are left out.

        Parameters
        ----------
        scope : {"organic", "non_public"}, default "organic"
            Which viewers: scopes count the same people in different ways, and only one is drawn.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the viewers at the start in percent. The title says the scope, and how many videos there are.

        Raises
        ------
        ValueError
            If there is no such scope.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("twitter").ayr.plot.completion(ax=Figure().subplots())
        >>> ax.get_ylabel()
        'share of the viewers at the start'
        """
        return completion.plot_completion(self._frame, scope, ax=ax)

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
        return timeline.plot_timeline(self._frame, metric, period=period, tz=tz, ax=ax)

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
        return best_times.plot_best_times(self._frame, metric, tz=tz, platform=platform, ax=ax)

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
        return top_posts.plot_top_posts(self._frame, metric, n, ax=ax)

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
        return crossposts.plot_crossposts(self._frame, metric, n, window=window, ax=ax)

    def growth(
        self, metric: str = "engagements", *, by: Literal["age", "time"] = "age", ax: Axes | None = None
    ) -> Axes:
        """Draw how a metric of each post grew: a thin line for each, a bold one for their median.

        It draws :meth:`~ayrframe.PostsAccessor.growth`. Between two observations a line is straight, and at one without
        a value it is broken. The median is of the posts whose lines pass an age, and there where at least five of a
        network do; they are not the same posts at each age. Where the total fell there is a mark. The axis is
        logarithmic if networks, or the highest post and the others, lie more than 30 times apart.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics of :meth:`~ayrframe.PostsAccessor.metrics`. Rates do not grow.
        by : {"age", "time"}, default "age"
            What is across: days since publication, or the date in UTC. Posts of one date have many ages, so there is
            no median by time.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if left out.

        Returns
        -------
        matplotlib.axes.Axes
            The title says how many posts are drawn, of how many: those with at least two observations that tell the
            metric, by age only posts with a date.

        Raises
        ------
        ValueError
            If there is no such metric or `by`, or the metric is a rate.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.growth("views", ax=Figure().subplots())
        >>> ax.texts[0].get_text()  # a sample is read once
        'No post was observed twice with its views.'
        """
        return growth.plot_growth(self._frame, metric, by=by, ax=ax)
