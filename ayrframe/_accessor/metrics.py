"""Verbs about what the numbers mean: the same metrics on all networks, their sums, changes and gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.base import AccessorBase

if TYPE_CHECKING:
    from ayrframe._metrics.coverage import CoverageTarget


class MetricsMethods(AccessorBase):
    """Metrics, and what can be said of them."""

    def metrics(self, *, followers: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return the same metrics for posts of every network, one row per post.

        What a network does not tell is NA, never 0. Zeros that measure nothing (stories on Facebook) are NA too, and
        so are numbers below 0, by which a network declines to tell. :func:`ayrframe.metric_catalog` says where each
        number comes from, and docs/decisions.md why.

        Parameters
        ----------
        followers : mapping of str to number, optional
            Followers by network, such as `{"instagram": 12000}`, for the rate `er_followers`.

        Returns
        -------
        pandas.DataFrame
            The post key; `created`; `age_days` (float64, days from `created` to `as_of`); `post`, `post_url`;
            `format` (image, video, reel, story, carousel, link, text) and `kind` (own, reply, repost, quote), NA
            where the network does not tell. Then the metrics `likes` to `reach` (Int64), `watch_time_s` and
            `average_watch_time_s` (float64, seconds); `engagements` (Int64): likes + comments + shares + quotes, as
            far as they are known, and `engagement_parts`, which of them were; and the rates `er_views`,
            `er_impressions`, `er_reach` and `er_followers` (float64): engagements over exactly that number, NA where
            it is missing or 0.

        Raises
        ------
        ValueError
            If `followers` names no network, or holds what is no number of people.

        Examples
        --------
        >>> posts = ayr.from_posts(
        ...     [{"id": "1", "likeCount": 30, "commentsCount": 6, "videoViews": 900}], platform="tiktok"
        ... )
        >>> posts.ayr.metrics()[["engagements", "engagement_parts", "er_views"]].values.tolist()
        [[36, 'likes+comments', 0.04]]
        """
        from ayrframe._metrics import metrics as _metrics

        return _metrics.metrics(self._frame, followers)

    def summary(self, by: str | Sequence[str] = "platform", *, tz: str | None = None) -> pd.DataFrame:
        """Sum up the metrics of groups of posts, each post once, by its newest observation.

        Parameters
        ----------
        by : str or list of str, default "platform"
            Any of platform, profile, format, kind, day, week, month. The network is always a group: no number is
            added across networks.
        tz : str, optional
            The time zone in which days begin, such as `"Europe/Berlin"`; UTC if not given.

        Returns
        -------
        pandas.DataFrame
            A row per group and metric: the groups (str); `metric` (str); `posts` and `posts_with` (Int64), all posts
            and those that tell the metric; `sum` (float64), NA for what cannot be added, such as reach, and where no
            post tells it; `median` (float64); and for rates `rate` (float64): the engagements of the posts that have
            the rate over the sum of their denominators.

        Raises
        ------
        ValueError
            If posts cannot be grouped so, or there is no such time zone.

        Examples
        --------
        >>> sums = ayr.load_sample("tiktok").ayr.summary().set_index("metric")
        >>> sums.loc[["likes", "reach"], ["posts", "posts_with", "sum"]].values.tolist()
        [[155, 154, 124522.0], [155, 105, nan]]
        """
        from ayrframe._metrics import summary as _summary

        return _summary.summary(self._frame, by, tz)

    def timeline(self, metric: str = "engagements", *, period: str = "week", tz: str | None = None) -> pd.DataFrame:
        """Follow a metric over time, by the period in which posts were published.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics or rates of :meth:`metrics`.
        period : {"week", "day", "month"}, default "week"
            The length of a period; weeks begin on Monday.
        tz : str, optional
            The time zone in which days begin; UTC if not given.

        Returns
        -------
        pandas.DataFrame
            A row per network and period, from the network's first post to the last post of all, also where it has
            none: `platform`, `period` (str, such as 2026-W09), `start` (its first moment), `posts`, `posts_with`
            (Int64), `sum`, `median` and `rate` (float64) as in :meth:`summary`.

        Raises
        ------
        ValueError
            If there is no such metric, period or time zone, or the posts lie further apart than anybody reads.

        Examples
        --------
        >>> weeks = ayr.load_sample("tiktok").ayr.timeline("views")
        >>> weeks[["period", "posts", "sum"]].tail(2).values.tolist()
        [['2026-W08', 2, 24080.0], ['2026-W09', 3, 54406.0]]
        """
        from ayrframe._metrics import summary as _summary

        return _summary.timeline(self._frame, metric, period, tz)

    def compare(
        self, period: str = "month", *, by: str | Sequence[str] = "platform", tz: str | None = None
    ) -> pd.DataFrame:
        """Compare the period of the newest post with the one before.

        Young posts look weak: they had less time to collect numbers. So the mean ages stand beside every change.

        Parameters
        ----------
        period : {"month", "week", "day"}, default "month"
            The length of a period.
        by : str or list of str, default "platform"
            Any of platform, profile, format, kind; the network is always a group.
        tz : str, optional
            The time zone in which days begin; UTC if not given.

        Returns
        -------
        pandas.DataFrame
            A row per group and metric, `posts` being the first: the groups; `metric`; `statistic` (count, sum, the
            median of what cannot be added, or rate); `before`, `this` and `change` (float64, a fraction of `before`;
            NA where that is missing or 0); `period_before`, `period_this` (str); `posts_with_before`,
            `posts_with_this` (Int64); `mean_age_days_before`, `mean_age_days_this` (float64, from publication to the
            reading of the numbers); and `note` (str), where the newer posts are younger than 14 days and the older
            ones at least twice as old.

        Raises
        ------
        ValueError
            If there is no such period, group or time zone.

        Examples
        --------
        >>> months = ayr.load_sample("tiktok").ayr.compare().set_index("metric")
        >>> months.loc["views", ["period_before", "before", "period_this", "this"]]
        period_before     2026-01
        before           197844.0
        period_this       2026-02
        this             108253.0
        Name: views, dtype: object
        >>> months.loc["views", "note"]
        'The newer posts had much less time to collect numbers: the change says little.'
        """
        from ayrframe._metrics import compare as _compare

        return _compare.compare(self._frame, period, by, tz)

    def coverage(self, of: CoverageTarget = "metrics") -> pd.DataFrame:
        """Say why values are missing, as far as that can be known.

        Parameters
        ----------
        of : {"metrics", "columns"}, default "metrics"
            What to look at: the metrics that a network has, or all columns of its posts.

        Returns
        -------
        pandas.DataFrame
            A row per `platform`, `column` and `reason` (str) with the `count` (Int64) of missing values. The counts
            add up to what is missing. Reasons: not in this endpoint, older than 30 days, too fresh (under 48 hours),
            personal account, copyright, retired by the network, not this kind of media, analytics skipped, failed at
            the network, wrong type, not sent (nothing that is known explains it), and unknown (something that
            explains it is known, but these posts neither prove it nor rule it out).

        Raises
        ------
        ValueError
            If `of` is something else.

        Examples
        --------
        >>> gaps = ayr.load_sample("x").ayr.coverage()
        >>> gaps[["column", "reason", "count"]].values.tolist()
        [['clicks', 'older than 30 days', 140], ['views', 'not in this endpoint', 155]]
        """
        from ayrframe._metrics import coverage as _coverage

        return _coverage.coverage(self._frame, of)
