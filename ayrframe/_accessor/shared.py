"""Accessor methods that need metrics only, of posts frames and metrics frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.base import FrameMethods

if TYPE_CHECKING:
    from ayrframe._frame.times import TimeZone
    from ayrframe._metrics.compare import Against


class SharedMethods(FrameMethods):
    """Methods that aggregate and compare metrics, using the latest observation of each post."""

    def latest(self) -> pd.DataFrame:
        """Return the latest observation of each post.

        Rows without date, text and URL, such as error records, do not replace others. Rows without an id are all kept,
        and so are rows of one observation that differ in columns of your own, such as campaigns after a merge.

        Returns
        -------
        pandas.DataFrame
            The rows with the highest `as_of` of each platform, profile and id, with all columns, in their order.

        Examples
        --------
        >>> import pandas as pd
        >>> posts = pd.concat(
        ...     ayr.from_posts([{"id": "1", "likeCount": likes}], platform="bluesky", as_of=day)
        ...     for day, likes in {"2026-03-01": 10, "2026-03-02": 34}.items()
        ... )
        >>> posts.ayr.latest()["like_count"].tolist()
        [34]
        """
        from ayrframe._metrics.frames import latest_frame

        return latest_frame(self._frame)

    def summary(
        self,
        by: str | Sequence[str] = "platform",
        *,
        tz: TimeZone | None = None,
        metric: str | Sequence[str] | None = None,
        dropna: bool = True,
    ) -> pd.DataFrame:
        """Aggregate metrics by group, using the latest observation of each post.

        A post counts once in each group, also if a merge repeated its row, or if it is in the frame under several
        profile labels and `profile` is not a group.

        Parameters
        ----------
        by : str or list of str, default "platform"
            Columns to group by: platform, profile, format, kind, day, week, month, quarter, year, or own columns of
            the frame. The platform is always a group, so values of different platforms are never added.
        tz : str or tzinfo, optional
            Time zone of days to years, such as `"Europe/Berlin"`. Default: UTC.
        metric : str or list of str, optional
            Metrics, rates or own numeric columns to aggregate. Default: all metrics and rates.
        dropna : bool, default True
            Leave out metrics that no post of a group has, except `engagements`.

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
            If a group, a metric or the time zone is unknown.

        Warns
        -----
        DataWarning
            If posts are in the frame under several profile labels, if the frame lacks columns that metrics are read
            from, or, with a period as group, if posts are dated after they were read; these are left out.

        Examples
        --------
        >>> sums = ayr.load_sample("tiktok").ayr.summary().set_index("metric")
        >>> sums.loc[["likes", "reach"], ["posts", "posts_with", "sum"]].values.tolist()
        [[155, 154, 124522.0], [155, 105, nan]]
        """
        from ayrframe._metrics.summary import summary

        return summary(self._frame, by, tz, metric, dropna=dropna)

    def timeline(
        self, metric: str = "engagements", *, period: str = "week", tz: TimeZone | None = None
    ) -> pd.DataFrame:
        """Aggregate a metric by the period in which posts were published.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.
        period : {"week", "day", "month", "quarter", "year"}, default "week"
            Length of a period; weeks begin on Monday.
        tz : str or tzinfo, optional
            Time zone of the periods, such as `"Europe/Berlin"`. Default: UTC.

        Returns
        -------
        pandas.DataFrame
            One row per platform and period, periods without posts included, from the first post of the platform to
            the last post of any platform: `platform` and `period` (str, such as 2026-W09); `start` (datetime64, UTC,
            beginning of the period); `complete` (boolean), whether all accounts were read after the end of the period
            (`read_at`) and all posts since its start were listed (`listed_from`); `posts`, `posts_with` (Int64),
            `sum`, `median` and `rate` (float64) as in `summary()`. Posts that are dated after they were read are
            left out, with a warning.

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
        from ayrframe._metrics.timeline import timeline

        return timeline(self._frame, metric, period, tz)

    def compare(
        self,
        period: str = "month",
        *,
        at: str | pd.Period | None = None,
        against: Against = "previous",
        by: str | Sequence[str] = "platform",
        tz: TimeZone | None = None,
        metric: str | Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Compare a period with the previous one, or with the same period a year before.

        Parameters
        ----------
        period : {"month", "week", "day", "quarter", "year"}, default "month"
            Length of a period; weeks begin on Monday.
        at : str or pandas.Period, optional
            Period to compare: `"2026"`, `"2026Q1"`, `"2026-01"`, `"2026-W02"` or `"2026-01-05"`, as `period` says, or
            `"current"` for the running one. Default: the newest period that had ended when all accounts were read.
        against : {"previous", "year"}, default "previous"
            Compare with the previous period, or with the same one a year before (for weeks, the same ISO week).
        by : str or list of str, default "platform"
            Columns to group by: platform, profile, format, kind, or own columns of the frame. The platform is always a
            group.
        tz : str or tzinfo, optional
            Time zone of the periods, such as `"Europe/Berlin"`. Default: UTC.
        metric : str or list of str, optional
            Metrics, rates or own numeric columns to compare. Default: all metrics and rates.

        Returns
        -------
        pandas.DataFrame
            One row per group and metric, beginning with the number of posts (`posts`): the groups; `metric`;
            `statistic` (str: count; sum; median, for metrics that are not additive; or rate); `before` and `this`
            (float64, the value in both periods); `change` (float64, difference as a fraction of `before`, NA where
            `before` is missing or 0); `period_before`, `period_this` (str); `complete_before`, `complete_this`
            (boolean, as in `timeline()`); `posts_with_before`, `posts_with_this` (Int64); `mean_age_days_before`,
            `mean_age_days_this` (float64, days from publication to `as_of`); and `note` (str), cautions separated by
            semicolons:

            - `incomplete period`: an account was last read before the end of one of the periods;
            - `start may be missing`: posts at the start of one of the periods were not listed, for example because of
              `limit`;
            - `younger posts`: the posts of this period are on average younger than 14 days, and those of the other at
              least twice as old, so they have had less time to gain engagement;
            - `fewer parts`: the periods have different `engagement_parts`; engagements and their rates are of the
              parts that both have.

        Raises
        ------
        ValueError
            If the period, `at`, `against`, a group, a metric or the time zone is unknown.

        Warns
        -----
        DataWarning
            As `summary()`.

        Examples
        --------
        >>> months = ayr.load_sample("tiktok").ayr.compare().set_index("metric")
        >>> months.loc["views", ["period_before", "before", "period_this", "this"]]
        period_before     2025-12
        before           108702.0
        period_this       2026-01
        this             197844.0
        Name: views, dtype: object
        """
        from ayrframe._metrics.compare import compare

        return compare(self._frame, period, at=at, against=against, by=by, tz=tz, metric=metric)

    def above_normal(self, metric: str = "engagements") -> pd.DataFrame:
        """Compare each post with the account's median.

        The median is that of the peers of the post: the other posts of the same platform, profile, kind and format.
        Posts of unknown kind or format are compared with each other.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.

        Returns
        -------
        pandas.DataFrame
            One row per post: the post key; `created`; `age_days` (float64; recent posts have had less time to gain
            engagement); `post`, `post_url`, `format`, `kind` (str); `value` (float64, the metric); `normal` (float64,
            median of the peers, NA with fewer than five); `peers` (Int64, number of peers with a value); and `ratio`
            (float64, `value` divided by `normal`; NA where `normal` is missing or 0).

        Raises
        ------
        ValueError
            If the metric is unknown.

        Examples
        --------
        >>> posts = ayr.load_sample("instagram").ayr.above_normal("likes")
        >>> posts.nlargest(1, "ratio")[["format", "value", "normal", "peers"]].values.tolist()
        [['carousel', 2238.0, 206.5, 16]]
        """
        from ayrframe._metrics.above_normal import above_normal

        return above_normal(self._frame, metric)

    def top_posts(self, metric: str = "engagements", n: int = 10) -> pd.DataFrame:
        """Return the posts with the highest values of each platform.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.
        n : int, default 10
            Number of posts per platform.

        Returns
        -------
        pandas.DataFrame
            The rows of `above_normal()` with the highest `value`, with `rank` (Int64, from 1) after the key. Of
            equal values, the first in the frame comes first. Posts without a value are left out.

        Raises
        ------
        ValueError
            If the metric is unknown, or `n` is not a positive integer.

        Examples
        --------
        >>> ayr.load_sample("instagram").ayr.top_posts("likes", n=3)["rank"].tolist()
        [1, 2, 3]
        """
        from ayrframe._metrics.above_normal import top_posts

        return top_posts(self._frame, metric, n)

    def crossposts(self, metric: str = "engagements", *, window: str = "48h") -> pd.DataFrame:
        """Find content that was published on several platforms.

        Texts are compared without links, mentions, hashtags, emoji, punctuation and letter case. Posts of one profile
        on different platforms have the same content if one text begins with the other (at least 20 characters, or 8
        if the texts are equal) and they were published within the window.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate to show for each platform, a column of `metrics()`. Values are not added.
        window : str, default "48h"
            Longest time between the first and the last post with the same content, as a pandas duration.

        Returns
        -------
        pandas.DataFrame
            One row per content, the latest first: `profile` (str); `content` (Int64, a number from 0); `created`
            (datetime64, UTC, of the first post); `post` (str, the longest text); `networks` (Int64, number of
            platforms); then a column `<platform>` (float64, the metric) for each platform, a column `<platform>_id`
            (str) for each platform, and, if the metric is engagements or a rate, a column `<platform>_parts` (str, the
            summands of the engagements, which differ between platforms) for each platform.

        Raises
        ------
        ValueError
            If the metric is unknown, or the window is not a valid duration.

        Examples
        --------
        >>> ayr.load_sample(["instagram", "tiktok"]).ayr.crossposts("likes").columns[-4:].tolist()
        ['instagram', 'tiktok', 'instagram_id', 'tiktok_id']
        """
        from ayrframe._metrics.crossposts import crossposts

        return crossposts(self._frame, metric, window=window)

    def best_times(
        self,
        metric: str = "engagements",
        *,
        tz: TimeZone | None = None,
        min_posts: int = 5,
        min_age: str | timedelta = "7D",
    ) -> pd.DataFrame:
        """Return the median of a metric by weekday and hour of publication.

        Only the account's own posts count, not reposts, replies and quotes; posts of unknown kind count. Posts read
        before they reached the age `min_age` are left out, because they are still gaining.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.
        tz : str or tzinfo, optional
            Time zone of the readers, such as `"America/New_York"`. Default: UTC.
        min_posts : int, default 5
            Number of posts with a value that a median requires.
        min_age : str or timedelta, default "7D"
            Age that a post must have at its latest observation, as a pandas duration; `"0h"` includes all posts.

        Returns
        -------
        pandas.DataFrame
            168 rows per platform, one per hour of the week: `platform` (str); `weekday` (Int64, 0 is Monday); `day`
            (str, Mon to Sun); `hour` (Int64, 0 to 23); `posts` (Int64, number of these posts); `posts_with` (Int64,
            number of them with a value); `median` (float64), NA where fewer than `min_posts` have a value; and `thin`
            (boolean), whether fewer have one.

        Raises
        ------
        ValueError
            If the metric or the time zone is unknown, `min_posts` is not a positive integer, or `min_age` is not a
            valid duration.

        Examples
        --------
        >>> times = ayr.load_sample("tiktok").ayr.best_times("views", tz="Europe/Berlin")
        >>> len(times), int(times["posts"].sum())
        (168, 151)
        """
        from ayrframe._metrics.best_times import best_times

        return best_times(self._frame, metric, tz=tz, min_posts=min_posts, min_age=min_age)
