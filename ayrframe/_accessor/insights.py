"""Accessor methods for comparing posts: peers, video completion, crossposts, publication times and texts."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from ayrframe._frame.times import TimeZone


class InsightMethods:
    """Methods that compare and describe posts, using the latest observation of each post."""

    _frame: pd.DataFrame

    def above_normal(self, metric: str = "engagements") -> pd.DataFrame:
        """Compare each post with the account's median.

        The median is that of the peers of the post: the other posts of the same platform, profile, kind and format.
        Posts of unknown kind or format are compared with each other.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate, a column of :meth:`metrics`.

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
            Metric or rate, a column of :meth:`metrics`.
        n : int, default 10
            Number of posts per platform.

        Returns
        -------
        pandas.DataFrame
            The rows of :meth:`above_normal` with the highest `value`, with `rank` (Int64, from 1) after the key. Of
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

    def completion(self, scope: str = "organic") -> pd.DataFrame:
        """Return how many viewers reached each quarter of the videos on X.

        X sends these numbers for 30 days only, so the latest observation that has them is used.

        Parameters
        ----------
        scope : {"organic", "non_public"}, default "organic"
            Which viewers to count: `organic` excludes promoted views, `non_public` includes them. The two are never
            combined.

        Returns
        -------
        pandas.DataFrame
            One row per video and quarter: the post key; `media_key`, `scope` (str); `quarter` (Int64: 0, 25, 50, 75 or
            100 percent of the video); `viewers` (Int64, people who reached the quarter); and `fraction` (float64, 0 to
            1), `viewers` divided by the viewers at quarter 0, NA where these are missing or 0.

        Raises
        ------
        ValueError
            If the scope is unknown.

        Examples
        --------
        >>> quarters = ayr.load_sample("x").ayr.completion()
        >>> quarters["quarter"].drop_duplicates().tolist()
        [0, 25, 50, 75, 100]
        """
        from ayrframe._metrics.completion import completion

        return completion(self._frame, scope)

    def crossposts(self, metric: str = "engagements", *, window: str = "48h") -> pd.DataFrame:
        """Find content that was published on several platforms.

        Texts are compared without links, mentions, hashtags, emoji, punctuation and letter case. Posts of one profile
        on different platforms have the same content if one text begins with the other (at least 20 characters, or 8
        if the texts are equal) and they were published within the window.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric or rate to show for each platform, a column of :meth:`metrics`. Values are not added.
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
            Metric or rate, a column of :meth:`metrics`.
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

    def text(self, part: str | None = None) -> pd.DataFrame:
        """Count or list the parts of post texts: characters, words, lines, hashtags, mentions, links and emoji.

        Parameters
        ----------
        part : {"hashtags", "mentions", "links", "emoji"}, optional
            Part to list. Default: count all parts.

        Returns
        -------
        pandas.DataFrame
            Without `part`, one row per post: the post key and the counts (Int64) `characters` (grapheme clusters),
            `words` (Unicode word boundaries; hashtags count, links do not), `lines`, `hashtags`, `mentions`, `links`
            and `emoji`, NA where the post has no text. With `part`, one row per occurrence: the post key, `position`
            (Int64, from 0) and `value` (str, as written).

        Raises
        ------
        ValueError
            If the part is unknown.

        Examples
        --------
        >>> posts = ayr.from_posts([{"id": "1", "post": "Fresh #rye today 🍞"}], platform="bluesky")
        >>> posts.ayr.text("hashtags")["value"].tolist()
        ['#rye']
        >>> posts.ayr.text()[["characters", "emoji"]].values.tolist()
        [[18, 1]]
        """
        from ayrframe._metrics.text import text_features

        return text_features(self._frame, part)
