"""Verbs that help to read: what stands out, what was watched, what was posted where, when and in what words."""

from __future__ import annotations

import pandas as pd

from ayrframe._accessor.base import AccessorBase


class InsightMethods(AccessorBase):
    """Aids for reading posts; each is a table, and each post counts once, by its newest observation."""

    def above_normal(self, metric: str = "engagements") -> pd.DataFrame:
        """Hold each post against what is normal for its account.

        Normal is the median of the account's other posts on the same network, of the same kind and format.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics or rates of :meth:`metrics`.

        Returns
        -------
        pandas.DataFrame
            A row per post: the post key, `created`, `age_days` (float64; young posts look weak), `post`, `post_url`,
            `format`, `kind`, `value`, `normal` (float64), `peers` (Int64, how many other posts that median is of) and
            `ratio` (float64, value over normal; NA below five peers, or where normal is missing or 0). Posts whose
            kind or format is not known are held against others of which it is not known either.

        Raises
        ------
        ValueError
            If there is no such metric.

        Examples
        --------
        >>> posts = ayr.load_sample("instagram").ayr.above_normal("likes")
        >>> posts.nlargest(1, "ratio")[["format", "value", "normal", "peers"]].values.tolist()
        [['carousel', 2238.0, 206.5, 16]]
        """
        from ayrframe._metrics import above_normal

        return above_normal.above_normal(self._frame, metric)

    def top_posts(self, metric: str = "engagements", n: int = 10) -> pd.DataFrame:
        """List the posts with the highest value, network by network.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics or rates of :meth:`metrics`.
        n : int, default 10
            How many of each network.

        Returns
        -------
        pandas.DataFrame
            The rows of :meth:`above_normal` with the highest `value`, and after the key their `rank` (Int64).

        Raises
        ------
        ValueError
            If there is no such metric, or `n` is no positive number.

        Examples
        --------
        >>> ayr.load_sample("instagram").ayr.top_posts("likes", n=3)["rank"].tolist()
        [1, 2, 3]
        """
        from ayrframe._metrics import above_normal

        return above_normal.top_posts(self._frame, metric, n)

    def completion(self, scope: str = "organic") -> pd.DataFrame:
        """Tell how far the viewers of videos on X got.

        Parameters
        ----------
        scope : {"organic", "non_public"}, default "organic"
            Which count: without promotion, or all that the account is shown. The two are never mixed. Of several
            observations of a video the newest that tells them counts, for X tells them for 30 days only.

        Returns
        -------
        pandas.DataFrame
            A row per video and quarter: the post key, `media_key`, `scope` (str), `quarter` (Int64: 0, 25, 50, 75,
            100 percent of the video), `viewers` (Int64) and `fraction` (float64, 0 to 1): the viewers who got so far
            over those who began (quarter 0); NA where that is missing or 0.

        Raises
        ------
        ValueError
            If there is no such scope.

        Examples
        --------
        >>> quarters = ayr.load_sample("x").ayr.completion()
        >>> quarters["quarter"].drop_duplicates().tolist()
        [0, 25, 50, 75, 100]
        """
        from ayrframe._metrics import completion

        return completion.completion(self._frame, scope)

    def crossposts(self, metric: str = "engagements", *, window: str = "48h") -> pd.DataFrame:
        """Find the same content on several networks: one row per content, a column per network.

        Texts are compared without links, mentions, hashtags, emoji, punctuation and letter case. Two posts of a
        profile on different networks are the same content if one text begins with the other (at least 20 characters,
        or 8 if they are equal) and their times lie within the window.

        Parameters
        ----------
        metric : str, default "engagements"
            What stands in the networks' columns: a metric or rate of :meth:`metrics`. It is never added up.
        window : str, default "48h"
            The longest time between the first and the last post of a content, as pandas writes spans of time.

        Returns
        -------
        pandas.DataFrame
            `profile`, `content` (Int64), `created` (of the first post), `post` (the longest text), `networks`
            (Int64, how many); then a column of values (float64) for each network, and `<network>_id` (str).

        Raises
        ------
        ValueError
            If there is no such metric, or the window is no span of time.

        Examples
        --------
        >>> ayr.load_sample(["instagram", "tiktok"]).ayr.crossposts("likes").columns[-4:].tolist()
        ['instagram', 'tiktok', 'instagram_id', 'tiktok_id']
        """
        from ayrframe._metrics import crossposts

        return crossposts.crossposts(self._frame, metric, window=window)

    def best_times(self, metric: str = "engagements", *, tz: str | None = None) -> pd.DataFrame:
        """Show how posts did by the weekday and hour of their publication.

        Parameters
        ----------
        metric : str, default "engagements"
            One of the metrics or rates of :meth:`metrics`.
        tz : str, optional
            The time zone of the readers, such as `"America/New_York"`; UTC if not given.

        Returns
        -------
        pandas.DataFrame
            168 rows per network: `platform`, `weekday` (Int64, 0 is Monday), `day` (str), `hour` (Int64), `posts`,
            `posts_with` (Int64), `median` (float64) and `thin` (boolean): fewer than five posts, too few to trust.

        Raises
        ------
        ValueError
            If there is no such metric or time zone.

        Examples
        --------
        >>> times = ayr.load_sample("tiktok").ayr.best_times("views", tz="Europe/Berlin")
        >>> len(times), int(times["posts"].sum())
        (168, 155)
        """
        from ayrframe._metrics import best_times

        return best_times.best_times(self._frame, metric, tz=tz)

    def text(self, part: str | None = None) -> pd.DataFrame:
        """Take the texts of posts apart: hashtags, mentions, links, emoji, lengths.

        Parameters
        ----------
        part : {"hashtags", "mentions", "links", "emoji"}, optional
            What to list, as it was written. If not given, everything is counted.

        Returns
        -------
        pandas.DataFrame
            With a part: the post key, `position` (Int64, from 0) and `value` (str), a row for each. Without: the post
            key and `characters` (as a reader sees them), `words` (by Unicode's rules; a link is none, a hashtag one),
            `lines`, `hashtags`, `mentions`, `links`, `emoji` (Int64), a row per post, NA where a post has no text.

        Raises
        ------
        ValueError
            If there is no such part.

        Examples
        --------
        >>> posts = ayr.from_posts([{"id": "1", "post": "Fresh #rye today 🍞"}], platform="bluesky")
        >>> posts.ayr.text("hashtags")["value"].tolist()
        ['#rye']
        >>> posts.ayr.text()[["characters", "emoji"]].values.tolist()
        [[18, 1]]
        """
        from ayrframe._metrics import text

        return text.text_features(self._frame, part)
