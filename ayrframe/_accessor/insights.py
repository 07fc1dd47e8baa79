"""Accessor methods for comparing posts: peers, video completion, crossposts, publication times and texts."""

from __future__ import annotations

import pandas as pd

from ayrframe._accessor.base import FrameMethods


class InsightMethods(FrameMethods):
    """Methods that compare and describe posts, using the latest observation of each post."""

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
