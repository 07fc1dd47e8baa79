"""Verbs about how numbers grew: they need several observations of a post, as an archive has them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from ayrframe._accessor.base import AccessorBase


class GrowthMethods(AccessorBase):
    """Growth, and posts at the same age."""

    def growth(self, metric: str = "engagements", freq: str | None = None) -> pd.DataFrame:
        """Follow a metric of each post over time: a row for each observation, with what was gained since the last.

        Two reads of one cached reply have the same `as_of`, and are one observation. Records of failures, and posts
        without an id, are none. A row without a value is a gap: the next increment is then against the last value
        that is known, and `hours` says over how long. Falls stay: networks take back likes of closed accounts, and
        views they find invalid. What was gained before the first observation is not known.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics of :meth:`metrics`. Rates do not grow. `average_watch_time_s` is no total either: it is
            followed as it is, and its increments are changes. An increment of `engagements` is between two
            observations that add up the same parts.
        freq : {"h", "D", "W", "M"}, optional
            A row for each hour, day, week (from Monday) or month in UTC instead, from the first observation of a post
            to its last: the last value that is known in the period. A period without one stays NA, and increments are
            between two periods that follow one another and both have a value.

        Returns
        -------
        pandas.DataFrame
            Sorted by platform, profile, `created`, `id` and `as_of`: the post key; with `freq`, `period` (its start)
            before `as_of` (of the observation; NA where there is none); `created`; `age_hours` (float64); `value`
            (float64); `increment` (float64, NA for the first); `hours` (float64, between the two observations);
            `per_hour` (float64, increment over hours); `fell` (boolean, whether the increment is below 0).

        Raises
        ------
        ValueError
            If there is no such metric or frequency, or the metric is a rate.

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
        from ayrframe._metrics import growth as _growth

        return _growth.growth(self._frame, metric, freq)

    def at_age(self, age: str | timedelta = "7D", *, tolerance: str | timedelta | None = None) -> pd.DataFrame:
        """Return the metrics of each post when it was so old, so that young posts and old ones can be compared.

        It is the last observation that is not later than the age and, if there is one, tells any metric at all. A
        post is not yet that old if its account was last read before it was: its last numbers are of a younger post.

        Parameters
        ----------
        age : str or timedelta, default "7D"
            The age, as pandas writes spans of time.
        tolerance : str or timedelta, optional
            How much earlier an observation may be to stand for the age; half of the age if not given.

        Returns
        -------
        pandas.DataFrame
            A row for each post, in the order of the posts, with the columns of :meth:`metrics`; then
            `observed_age_days` (float64), and `status` (str): observed, not yet that old, no observation (none in the
            time that the tolerance leaves), or no date (nobody knows how old the post is). Only observed posts have
            metrics; the row of another is of its newest observation.

        Raises
        ------
        ValueError
            If the age or the tolerance is no span of time.

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
        from ayrframe._metrics import growth as _growth

        return _growth.at_age(self._frame, age, tolerance)

    def velocity(self, metric: str = "engagements") -> pd.DataFrame:
        """Tell how fast a metric grew until 1 hour, 24 hours and 7 days after a post was published.

        The observations are those of :meth:`at_age`, the last that tell the metric: at most half of the age earlier.
        Who reads once a day has hardly any after 1 hour, and some after 24.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics of :meth:`metrics`. Rates do not grow.

        Returns
        -------
        pandas.DataFrame
            A row for each post, in the order of the posts: `platform`, `profile`, `id`, `created`; then float64,
            `value_1h`, `value_24h`, `value_7d`; `hours_1h` to `hours_7d`, how old the post was in truth; `per_hour_1h`
            to `per_hour_7d`, that value over those hours, the mean since publication; and `per_hour_1h_to_24h` and
            `per_hour_24h_to_7d`, what was gained in between per hour, NA without both (for `engagements`, both of the
            same parts).

        Raises
        ------
        ValueError
            If there is no such metric, or it is a rate.

        Examples
        --------
        >>> import pandas as pd
        >>> sent = {"id": "1", "created": "2026-03-01T00:00:00Z"}
        >>> posts = pd.concat(
        ...     ayr.from_posts([sent | {"likeCount": likes}], platform="bluesky", as_of=moment)
        ...     for moment, likes in {"2026-03-01T01:00Z": 30, "2026-03-01T21:00Z": 90, "2026-03-09": 99}.items()
        ... )
        >>> speed = posts.ayr.velocity("likes")
        >>> speed[["per_hour_1h", "per_hour_24h", "per_hour_7d", "per_hour_1h_to_24h"]].round(2).values.tolist()
        [[30.0, 4.29, nan, 3.0]]
        """
        from ayrframe._metrics import growth as _growth

        return _growth.velocity(self._frame, metric)
