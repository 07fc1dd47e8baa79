"""posts.ayr.plot, first half: what is inside posts, drawn from their child tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ayrframe._plots import audience, completion, impression_sources, reactions, retention

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class PartPlots:
    """The plots of reactions, sources of views, viewers and videos."""

    _frame: pd.DataFrame

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
        return reactions.plot(self._frame, values, ax=ax)

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
        return impression_sources.plot(self._frame, ax=ax)

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
        return retention.plot(self._frame, ax=ax)

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
        return audience.plot(self._frame, by, n=n, ax=ax)

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
        return completion.plot(self._frame, scope, ax=ax)
