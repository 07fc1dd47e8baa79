"""Accessor methods for metrics: values, summaries, time series, comparisons and missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.base import FrameMethods

if TYPE_CHECKING:
    from ayrframe._metrics.coverage import CoverageTarget
    from ayrframe._metrics.followers import Followers


class MetricsMethods(FrameMethods):
    """Methods that compute and aggregate metrics."""

    def metrics(self, *, followers: Followers | None = None) -> pd.DataFrame:
        """Return metrics with the same meaning on all platforms, one row per post.

        A metric that the API does not send is NA, never 0. Values that are not measurements are NA as well: the 0 of
        formats that the platform does not measure (such as Facebook stories), and negative numbers, which mean that
        the platform withholds the value; and all numbers of reposts and of posts by visitors, because they are those
        of another account's post. `ayr.metric_catalog()` lists the source of each metric, and
        docs/decisions.md the reasons.

        Parameters
        ----------
        followers : mapping to number or DataFrame, optional
            Number of followers by platform, such as `{"instagram": 12000}`, or by platform and profile, such as
            `{("instagram", "bakery"): 12000}`, for the rate `er_followers`. Or the frame of `ayr.accounts()`: each post
            gets the latest reading of its profile at or before its `as_of`, else the first after.

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

        Warns
        -----
        DataWarning
            If an accounts frame has no followers of the profile of a post.

        Examples
        --------
        >>> posts = ayr.from_posts(
        ...     [{"id": "1", "likeCount": 30, "commentsCount": 6, "videoViews": 900}], platform="tiktok"
        ... )
        >>> posts.ayr.metrics()[["engagements", "engagement_parts", "er_views"]].values.tolist()
        [[36, 'likes+comments', 0.04]]
        """
        from ayrframe._metrics.columns import warn_about_dropped_texts
        from ayrframe._metrics.metrics import metrics

        warn_about_dropped_texts(self._frame)
        return metrics(self._frame, followers)

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
            expired (after 24 hours), older than 30 days, older than 12 months, not in this endpoint, not fetched (only
            post analytics sends it, and it was not requested), too fresh (under 48 hours), personal account, unknown
            (a known reason may apply, but the posts neither prove nor exclude it), and not sent (no known reason
            applies). Where requested analytics are missing, `analytics_error` gives the reason.

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
