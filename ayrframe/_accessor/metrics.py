"""Accessor methods for metrics: values, summaries, time series, comparisons and missing values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from ayrframe._frame.times import TimeZone
    from ayrframe._metrics.coverage import CoverageTarget
    from ayrframe._metrics.followers import Followers


class MetricsMethods:
    """Methods that compute and aggregate metrics."""

    _frame: pd.DataFrame

    def metrics(self, *, followers: Followers | None = None) -> pd.DataFrame:
        """Return metrics with the same meaning on all platforms, one row per post.

        A metric that the API does not send is NA, never 0. Values that are not measurements are NA as well: the 0 of
        formats that the platform does not measure (such as Facebook stories), and negative numbers, which mean that
        the platform withholds the value; and all numbers of reposts and of posts by visitors, because they are those
        of another account's post. :func:`ayrframe.metric_catalog` lists the source of each metric, and
        docs/decisions.md the reasons.

        Parameters
        ----------
        followers : mapping to number, optional
            Number of followers by platform, such as `{"instagram": 12000}`, or by platform and profile, such as
            `{("instagram", "bakery"): 12000}`, for the rate `er_followers`.

        Returns
        -------
        pandas.DataFrame
            The post key; `created`; `age_days` (float64, days from `created` to `as_of`); `post` and `post_url`
            (str); `format` (str: image, video, reel, story, carousel, link, text) and `kind` (str: own, reply,
            repost, quote, visitor), NA where the API does not send them; the metrics `likes` to `reach` (Int64);
            `watch_time_s` and `average_watch_time_s` (float64, seconds); `engagements` (Int64), the sum of likes,
            comments, shares and quotes that are not NA; `engagement_parts` (str), the names of these summands; and
            the rates `er_views`, `er_impressions`, `er_reach` and `er_followers` (float64, a fraction), engagements
            divided by the number in the name, NA where that number is missing or 0.

        Raises
        ------
        ValueError
            If `followers` has an unknown platform, a profile without posts in the frame, one number for a platform
            with several profiles, or a value that is not a number of people.

        Examples
        --------
        >>> posts = ayr.from_posts(
        ...     [{"id": "1", "likeCount": 30, "commentsCount": 6, "videoViews": 900}], platform="tiktok"
        ... )
        >>> posts.ayr.metrics()[["engagements", "engagement_parts", "er_views"]].values.tolist()
        [[36, 'likes+comments', 0.04]]
        """
        from ayrframe._metrics.metrics import metrics

        return metrics(self._frame, followers)

    def summary(self, by: str | Sequence[str] = "platform", *, tz: TimeZone | None = None) -> pd.DataFrame:
        """Aggregate metrics by group, using the latest observation of each post.

        Parameters
        ----------
        by : str or list of str, default "platform"
            Columns to group by: platform, profile, format, kind, day, week, month. The platform is always a group,
            so values of different platforms are never added.
        tz : str or tzinfo, optional
            Time zone of days, weeks and months, such as `"Europe/Berlin"`. Default: UTC.

        Returns
        -------
        pandas.DataFrame
            One row per group and metric: the groups (str); `metric` (str); `posts` (Int64, number of posts);
            `posts_with` (Int64, number of posts with a value); `sum` (float64), NA for metrics that are not additive,
            such as reach, and where no post has a value; `median` (float64); and `rate` (float64, rates only), the
            engagements divided by the denominators, both summed over the posts that have the rate.

        Raises
        ------
        ValueError
            If `by` has an unknown group, or the time zone is unknown.

        Examples
        --------
        >>> sums = ayr.load_sample("tiktok").ayr.summary().set_index("metric")
        >>> sums.loc[["likes", "reach"], ["posts", "posts_with", "sum"]].values.tolist()
        [[155, 154, 124522.0], [155, 105, nan]]
        """
        from ayrframe._metrics.summary import summary

        return summary(self._frame, by, tz)

    def timeline(
        self, metric: str = "engagements", *, period: str = "week", tz: TimeZone | None = None
    ) -> pd.DataFrame:
        """Aggregate a metric by the period in which posts were published.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, a column of :meth:`metrics`.
        period : {"week", "day", "month"}, default "week"
            Length of a period; weeks begin on Monday.
        tz : str or tzinfo, optional
            Time zone of the periods, such as `"Europe/Berlin"`. Default: UTC.

        Returns
        -------
        pandas.DataFrame
            One row per platform and period, periods without posts included, from the first post of the platform to
            the last post of any platform: `platform` and `period` (str, such as 2026-W09); `start` (datetime64, UTC,
            beginning of the period); `posts`, `posts_with` (Int64), `sum`, `median` and `rate` (float64) as in
            :meth:`summary`.

        Raises
        ------
        ValueError
            If the metric, period or time zone is unknown, or the table would have more than 20,000 periods.

        Examples
        --------
        >>> weeks = ayr.load_sample("tiktok").ayr.timeline("views")
        >>> weeks[["period", "posts", "sum"]].tail(2).values.tolist()
        [['2026-W08', 2, 24080.0], ['2026-W09', 3, 54406.0]]
        """
        from ayrframe._metrics.summary import timeline

        return timeline(self._frame, metric, period, tz)

    def compare(
        self, period: str = "month", *, by: str | Sequence[str] = "platform", tz: TimeZone | None = None
    ) -> pd.DataFrame:
        """Compare the period of the newest post with the previous period.

        Recent posts have had less time to gain engagement, so the table has the mean age of the posts of both periods.

        Parameters
        ----------
        period : {"month", "week", "day"}, default "month"
            Length of a period; weeks begin on Monday.
        by : str or list of str, default "platform"
            Columns to group by: platform, profile, format, kind. The platform is always a group.
        tz : str or tzinfo, optional
            Time zone of the periods, such as `"Europe/Berlin"`. Default: UTC.

        Returns
        -------
        pandas.DataFrame
            One row per group and metric, beginning with the number of posts (`posts`): the groups; `metric`;
            `statistic` (str: count; sum; median, for metrics that are not additive; or rate); `before` and `this`
            (float64, the value in the previous and the newest period); `change` (float64, difference as a fraction of
            `before`, NA where `before` is missing or 0); `period_before`, `period_this` (str); `posts_with_before`,
            `posts_with_this` (Int64); `mean_age_days_before`, `mean_age_days_this` (float64, days from publication to
            `as_of`); and `note` (str), a caution where the newer posts are on average younger than 14 days and the
            older ones at least twice as old.

        Raises
        ------
        ValueError
            If the period, a group or the time zone is unknown.

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
        'Newer posts have had less time to gain engagement; do not read this change as a trend.'
        """
        from ayrframe._metrics.compare import compare

        return compare(self._frame, period, by, tz)

    def coverage(self, of: CoverageTarget = "metrics") -> pd.DataFrame:
        """Count missing values by column and reason.

        Parameters
        ----------
        of : {"metrics", "columns"}, default "metrics"
            Whether to count missing values of the metrics of each platform, or of all columns that its API sends.

        Returns
        -------
        pandas.DataFrame
            One row per `platform`, `column` and `reason` (str), with the `count` (Int64) of missing values; the
            counts of a column add up to all of its missing values. Reasons: failed at the network,
            not the account's own post, withheld (a negative number), not comparable (the number there means something
            else), wrong type, analytics skipped, not this kind of media, retired by the network, copyright, story
            expired (after 24 hours), older than 30 days, older than 12 months, not in this endpoint, too fresh (under
            48 hours), personal account, unknown (a known reason may apply, but the posts neither prove nor exclude
            it), and not sent (no known reason applies).

        Raises
        ------
        ValueError
            If `of` has another value.

        Examples
        --------
        >>> gaps = ayr.load_sample("x").ayr.coverage()
        >>> gaps[["column", "reason", "count"]].head(2).values.tolist()
        [['clicks', 'not comparable', 15], ['clicks', 'older than 30 days', 140]]
        """
        from ayrframe._metrics.coverage import coverage

        return coverage(self._frame, of)
