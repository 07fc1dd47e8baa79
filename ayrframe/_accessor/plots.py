"""Define `posts.ayr.plot`, with one method per plot; matplotlib is imported only when a plot is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.shared_plots import SharedPlots, warn_once_per_plot
from ayrframe._frame.deduplicate import latest_observations, latest_posts
from ayrframe._metrics.frames import latest_metrics, read_metrics
from ayrframe._platforms.metrics import LIKES, VIEWS
from ayrframe._plots.audience import draw_audience
from ayrframe._plots.axes import check_choice
from ayrframe._plots.completion import draw_completion
from ayrframe._plots.coverage import draw_coverage
from ayrframe._plots.growth import draw_growth
from ayrframe._plots.impression_sources import draw_impression_sources
from ayrframe._plots.reaction_periods import draw_reaction_periods
from ayrframe._plots.reactions import draw_reactions
from ayrframe._plots.retention import LIKES_ALONG_VIDEO, RETENTION, draw_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ayrframe._frame.times import TimeZone


@warn_once_per_plot
@called_as("posts.ayr.plot")
class PlotAccessor(SharedPlots):
    """Plots of a posts frame, available as `posts.ayr.plot`.

    Each method draws a table that a method of `posts.ayr` returns. It uses the latest observation of each post
    (`growth` uses all) and returns the Axes. It draws on `ax` if given, and otherwise creates a new figure, which
    notebooks display. The title states how many posts were asked about and how many of them have data; a bold line is
    over the same posts from its start to its end. Values of different platforms are never added up, missing values are
    left out, and where platforms add up other engagements or count views differently, the title says how.

    Fonts, legends and labels adapt to the room: on a small Axes, rows without room for a readable label have none. In
    a figure without a layout engine, the Axes of a grid are moved to make room, as `figure.tight_layout()` does.

    Texts are drawn literally: `$` does not start a formula. Characters that the font lacks are drawn with another
    installed font; those that no installed font has are drawn as `□`, with one `DataWarning` that names a font to
    install.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
    >>> ax.get_xlabel()
    'share of views, each post weighted by its views'
    """

    _kind = "posts"

    def reactions(
        self,
        values: Literal["share", "count"] = "share",
        *,
        by: Literal["day", "week", "month"] | None = None,
        tz: TimeZone | None = None,
        platform: str | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the kinds of reactions as bars, separately for each platform, or over time.

        Draws `posts.ayr.reactions()`: the counts of each kind, summed over the posts of a platform,
        or, with `by`, over the posts of each period. Reactions are not added up across platforms.

        Parameters
        ----------
        values : {"share", "count"}, default "share"
            Share of each kind in the reactions by kind of these posts, in percent, or number of reactions. A total that
            the platform sends may be higher.
        by : {"day", "week", "month"}, optional
            Draw a stacked bar for the posts published in each period.
        tz : str or tzinfo, optional
            IANA name of the time zone in which periods begin. Default: UTC.
        platform : str, optional
            Platform to draw with `by`; required if several have reactions.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            The title states how many of the posts have reactions by kind.

        Raises
        ------
        ValueError
            If `values`, `by`, `tz` or `platform` is unknown, or if `platform` is missing with `by` and several
            platforms have reactions.
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
        table = posts.ayr.expand("reactions")
        if by is not None:
            return draw_reaction_periods(table, posts, by, values, tz=tz, platform=platform, ax=ax)
        return draw_reactions(table, posts, values, ax=ax)

    def impression_sources(self, *, ax: Axes | None = None) -> Axes:
        """Draw where the views come from as bars.

        Draws `posts.ayr.impression_sources()`: the mean fraction of each source, each post weighted
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
        posts = latest_posts(self._frame)
        return draw_impression_sources(
            posts.ayr.expand("impression_sources"), latest_metrics(posts, [VIEWS.name]), ax=ax
        )

    def retention(self, *, highlight: str | Iterable[str] | None = None, ax: Axes | None = None) -> Axes:
        """Draw how long viewers watch: a line for each video, and a bold one for their mean.

        Draws `posts.ayr.video_view_retention()`, also as `plot.video_view_retention`. Curves are
        drawn by `position`, so that videos of different length can be compared. The mean is weighted by the views of
        the videos, over the same videos at each position: those with views whose curve begins in the first tenth.

        Parameters
        ----------
        highlight : str or iterable of str, optional
            Ids of the posts whose curves are labelled; all others are pale. Default: all curves if there are at most
            ten.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the viewers in percent, by position. The title states how many of the posts have a curve, and how
            many the mean is of.

        Raises
        ------
        ValueError
            If `highlight` has an id without a curve.
        ExpansionError
            If no platform in the frame has retention curves.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> posts = ayr.load_sample("tiktok")
        >>> video = posts.ayr.video_view_retention()["id"].iloc[0]
        >>> ax = posts.ayr.plot.retention(highlight=video, ax=Figure().subplots())
        >>> ax.get_ylabel()
        'share of the viewers'
        """
        posts = latest_posts(self._frame)
        table = posts.ayr.expand("video_view_retention")
        return draw_curves(table, latest_metrics(posts, [VIEWS.name]), RETENTION, highlight=highlight, ax=ax)

    video_view_retention = retention

    def engagement_likes(self, *, highlight: str | Iterable[str] | None = None, ax: Axes | None = None) -> Axes:
        """Draw at which part of a video its likes were given: a line for each video, and a bold one for their mean.

        Draws `posts.ayr.engagement_likes()`, added up from the start of the video, because the share
        at one moment depends on the number of moments. The mean is weighted by the likes of the videos, over the same
        videos at each position.

        Parameters
        ----------
        highlight : str or iterable of str, optional
            As in `retention()`.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            As from `retention()`, with shares of the likes.

        Raises
        ------
        ValueError
            If `highlight` has an id without a curve.
        ExpansionError
            If no platform in the frame has these curves.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.engagement_likes(ax=Figure().subplots())
        >>> ax.get_ylabel()
        'share of the likes given until there'
        """
        posts = latest_posts(self._frame)
        table = posts.ayr.expand("engagement_likes")
        return draw_curves(table, latest_metrics(posts, [LIKES.name]), LIKES_ALONG_VIDEO, highlight=highlight, ax=ax)

    def audience(
        self,
        by: Literal["countries", "cities", "genders", "types"] = "countries",
        *,
        n: int = 10,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw where the views come from as bars.

        Draws `posts.ayr.audience_countries()`, `audience_cities()`, `audience_genders()` or `audience_types()`: the
        mean fraction of each country, city, gender or group, each post weighted by its views. These are shares of
        views, not of viewers: a viewer of several posts, or of one post several times, counts each time. Each is also
        a plot of its own, such as `plot.audience_cities`.

        Parameters
        ----------
        by : {"countries", "cities", "genders", "types"}, default "countries"
            What to draw.
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
            If no platform in the frame sends these shares of viewers.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.audience("cities", n=3, ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['US Portland', 'US Seattle', 'US Queens', 'all others, or not reported']
        """
        check_choice("by", by, ("countries", "cities", "genders", "types"))
        posts = latest_posts(self._frame)
        return draw_audience(posts.ayr.expand(f"audience_{by}"), latest_metrics(posts, [VIEWS.name]), by, n=n, ax=ax)

    def audience_countries(self, *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw `audience()` by country.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.audience_countries(n=3, ax=Figure().subplots())
        >>> ax.get_yticklabels()[0].get_text()
        'US'
        """
        return self.audience("countries", n=n, ax=ax)

    def audience_cities(self, *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw `audience()` by city.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.audience_cities(n=3, ax=Figure().subplots())
        >>> ax.get_yticklabels()[0].get_text()
        'US Portland'
        """
        return self.audience("cities", n=n, ax=ax)

    def audience_genders(self, *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw `audience()` by gender; only post analytics sends it.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> posts = ayr.load_sample("tiktok", analytics=True)
        >>> ax = posts.ayr.plot.audience_genders(ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['female', 'male']
        """
        return self.audience("genders", n=n, ax=ax)

    def audience_types(self, *, n: int = 10, ax: Axes | None = None) -> Axes:
        """Draw `audience()` by group of viewers, such as followers; only post analytics sends it.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> posts = ayr.load_sample("tiktok", analytics=True)
        >>> ax = posts.ayr.plot.audience_types(ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['other', 'follower']
        """
        return self.audience("types", n=n, ax=ax)

    def completion(self, scope: Literal["organic", "non_public"] = "organic", *, ax: Axes | None = None) -> Axes:
        """Draw how far videos are watched: a pale line for each video, and a bold one for all videos together.

        Draws `posts.ayr.completion()`. The bold line is the number of viewers of all videos at a
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
        posts = latest_observations(self._frame)
        return draw_completion(self._frame.ayr.completion(scope), posts, scope, ax=ax)

    def coverage(self, of: Literal["metrics", "columns"] = "metrics", *, ax: Axes | None = None) -> Axes:
        """Draw which values are missing, and why, as bars divided by reason.

        Draws `posts.ayr.coverage()` of the latest observation of each post.

        Parameters
        ----------
        of : {"metrics", "columns"}, default "metrics"
            Whether to draw the metrics of each platform, or all columns that its API sends.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: an Axes in a new figure, tall enough for all rows.

        Returns
        -------
        matplotlib.axes.Axes
            Shares of the posts of a platform, in percent. The title states their number.

        Raises
        ------
        ValueError
            If `of` has another value.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("x").ayr.plot.coverage(ax=Figure().subplots())
        >>> [label.get_text() for label in ax.get_yticklabels()]
        ['clicks', 'views']
        """
        posts = latest_observations(self._frame)
        return draw_coverage(posts.ayr.coverage(of), posts, of, ax=ax)

    def growth(
        self, metric: str = "engagements", *, by: Literal["age", "time"] = "age", ax: Axes | None = None
    ) -> Axes:
        """Draw how a metric of each post grew: a thin line for each post, and a bold one for their median.

        Draws `posts.ayr.growth()`. Lines are interpolated linearly between observations and have a gap at observations
        without a value. The median is over the same posts at each age, at least five: those observed from its start to
        its end, chosen so that the number of posts times the length is largest. By age, of more than four platforms
        only the medians are drawn, and the posts of platforms without a median. Triangles show observations at which
        the total was lower than before. The y axis is logarithmic if the medians of the platforms, or the highest value
        and the median, differ by a factor of more than 30.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, as named by `posts.ayr.metrics()`; rates are not supported.
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
        table = self._frame.ayr.growth(metric)
        return draw_growth(table, read_metrics(self._frame, [metric]), metric, by=by, ax=ax)
