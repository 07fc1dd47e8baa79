"""Accessor methods for growth over several observations of the same posts, such as those of an archive."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from ayrframe._accessor.base import FrameMethods


class GrowthMethods(FrameMethods):
    """Methods that compare observations of a post over time."""

    def growth(self, metric: str = "engagements", freq: str | None = None) -> pd.DataFrame:
        """Return a metric of each post at each observation, with the increment since the previous one.

        Rows with the same `as_of` are one observation. Error records and posts without an id are left out. If an
        observation has no value, the next increment is the difference from the last observation that has one, and
        `hours` is the time between these two. Decreases are not corrected: platforms remove likes of closed accounts
        and invalid views. The gain before the first observation is unknown.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, a column of `metrics()`; rates are not allowed. `average_watch_time_s` is not cumulative, so
            its increments are changes of the average. An increment of `engagements` is NA unless both observations
            have the same `engagement_parts`.
        freq : {"h", "D", "W", "M"}, optional
            Return one row per hour, day, week (beginning on Monday) or month in UTC, from the first to the last
            observation of a post, with the last value of the period. A period without a value is NA, and increments
            need values in two consecutive periods. Default: one row per observation.

        Returns
        -------
        pandas.DataFrame
            Sorted by platform, profile, `created`, `id` and `as_of`: `platform`, `profile`, `id`; with `freq`,
            `period` (datetime64, UTC, beginning of the period); `as_of` (of the observation, NA for periods without
            one); `created`; `age_hours` (float64); `value` (float64); `increment` (float64, NA for the first
            observation); `hours` (float64, time between the two observations); `per_hour` (float64, `increment`
            divided by `hours`); and `fell` (boolean, whether the increment is negative).

        Raises
        ------
        ValueError
            If the metric or the frequency is unknown, or the metric is a rate.

        Examples
        --------
        >>> import pandas as pd
        >>> days = ["2026-03-01", "2026-03-02", "2026-03-04"]
        >>> posts = pd.concat(
        ...     ayr.from_posts([{"id": "1", "likeCount": likes}], platform="bluesky", as_of=day)
        ...     for day, likes in zip(days, [10, 34, 31])
        ... )
        >>> posts.ayr.growth("likes")[["value", "increment", "hours", "per_hour", "fell"]]
           value  increment  hours  per_hour   fell
        0   10.0        NaN    NaN       NaN   <NA>
        1   34.0       24.0   24.0    1.0000  False
        2   31.0       -3.0   48.0   -0.0625   True
        >>> posts.ayr.growth("likes", freq="D")["value"].tolist()
        [10.0, 34.0, nan, 31.0]
        """
        from ayrframe._metrics.growth import growth

        return growth(self._frame, metric, freq)

    def at_age(self, age: str | timedelta = "7D", *, tolerance: str | timedelta | None = None) -> pd.DataFrame:
        """Return the metrics of each post at the same age, so that recent and older posts can be compared.

        The row of a post is its last observation at or before the age, within the tolerance; observations with at
        least one metric are preferred. The age counts as reached only if the account was read again at or after it.

        Parameters
        ----------
        age : str or timedelta, default "7D"
            Age of the posts, as a pandas duration.
        tolerance : str or timedelta, optional
            How much earlier than the age an observation may be. Default: half of the age.

        Returns
        -------
        pandas.DataFrame
            One row per post, in the order of the posts: the columns of `metrics()`; `observed_age_days` (float64,
            age at the observation); and `status` (str): observed, not yet that old, no observation (none within the
            tolerance), or no date (the publication time is missing). Metrics are NA unless the status is observed;
            such rows have the key of the latest observation.

        Raises
        ------
        ValueError
            If the age or the tolerance is not a valid duration, or the age is 0.

        Examples
        --------
        >>> import pandas as pd
        >>> sent = {"id": "1", "created": "2026-03-01T00:00:00Z"}
        >>> posts = pd.concat(
        ...     ayr.from_posts([sent | {"likeCount": likes}], platform="bluesky", as_of=day)
        ...     for day, likes in {"2026-03-03": 10, "2026-03-07": 34, "2026-03-09": 40}.items()
        ... )
        >>> columns = ["likes", "observed_age_days", "status"]
        >>> posts.ayr.at_age("7D")[columns].values.tolist()
        [[34, 6.0, 'observed']]
        >>> posts.ayr.at_age("14D")[columns].values.tolist()
        [[<NA>, nan, 'not yet that old']]
        """
        from ayrframe._metrics.growth import at_age

        return at_age(self._frame, age, tolerance)

    def velocity(self, metric: str = "engagements") -> pd.DataFrame:
        """Return how fast a metric grew until 1 hour, 24 hours and 7 days after publication.

        Uses the observations of `at_age()` with its default tolerance, half of each age, preferring those that
        have the metric. With one reading a day, few posts have a value at 1 hour.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, a column of `metrics()`; rates are not allowed.

        Returns
        -------
        pandas.DataFrame
            One row per post, in the order of the posts: `platform`, `profile`, `id`, `created`; then, all float64,
            `value_1h`, `value_24h`, `value_7d`; `hours_1h` to `hours_7d`, the actual age at the observation;
            `per_hour_1h` to `per_hour_7d`, value divided by hours, the mean since publication; and
            `per_hour_1h_to_24h`, `per_hour_24h_to_7d`, the increment per hour between the two observations, NA unless
            both have a value (for `engagements`, of the same `engagement_parts`).

        Raises
        ------
        ValueError
            If the metric is unknown or a rate.

        Examples
        --------
        >>> import pandas as pd
        >>> sent = {"id": "1", "created": "2026-03-01T00:00:00Z"}
        >>> posts = pd.concat(
        ...     ayr.from_posts([sent | {"likeCount": likes}], platform="bluesky", as_of=as_of)
        ...     for as_of, likes in {"2026-03-01T01:00Z": 30, "2026-03-01T21:00Z": 90, "2026-03-09": 99}.items()
        ... )
        >>> speed = posts.ayr.velocity("likes")
        >>> speed[["per_hour_1h", "per_hour_24h", "per_hour_7d", "per_hour_1h_to_24h"]].round(2).values.tolist()
        [[30.0, 4.29, nan, 3.0]]
        """
        from ayrframe._metrics.growth import velocity

        return velocity(self._frame, metric)
