"""Accessor methods for the contents of posts: video completion, texts, hashtags, links, campaigns and URLs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
        ExpansionError
            If no platform in the frame sends these numbers.
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

    def hashtags(self, metric: str = "engagements") -> pd.DataFrame:
        """Compare the posts with each hashtag with the account's other posts.

        Hashtags are read from the texts, as by `text()`; upper and lower case are the same. The `normal` value of
        a post is the median of the account's posts of the same kind and format without the hashtag, if there are at
        least five with a value. So a `ratio` of 1.2 means: half of the posts with the hashtag got at least 20 % more
        than is usual for such posts. It does not mean that the hashtag is the cause: posts with it may have another
        subject or date. With few posts (`thin`), it is chance.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.

        Returns
        -------
        pandas.DataFrame
            One row per platform, profile and hashtag, the most frequent first: `platform`, `profile`, `hashtag` (str,
            in lower case); `posts` (Int64, number of posts with the hashtag); `posts_with` (Int64, number of them with
            a value); `median` (float64, of their values); `normal` (float64, median of their normal values); `peers`
            (Int64, number of posts with a value that they are compared with); `ratio` (float64, median over the posts
            of value divided by normal value); `posts_compared` (Int64, number of posts with such a ratio); and `thin`
            (boolean, whether these are fewer than five). Nothing is added up over profiles or platforms.

        Raises
        ------
        ValueError
            If the metric is unknown.

        Examples
        --------
        >>> sent = [{"id": str(n), "post": "Bread", "likeCount": 10} for n in range(5)]
        >>> sent += [{"id": "6", "post": "#Rye", "likeCount": 12}, {"id": "7", "post": "More #rye", "likeCount": 16}]
        >>> tags = ayr.from_posts(sent, platform="bluesky").ayr.hashtags("likes")
        >>> tags[["hashtag", "posts", "median", "normal", "peers", "ratio", "thin"]].values.tolist()
        [['#rye', 2, 14.0, 10.0, 5, 1.4, True]]
        """
        from ayrframe._metrics.content import hashtags

        return hashtags(self._frame, metric)

    def links(self) -> pd.DataFrame:
        """List the links of posts with their UTM parameters.

        These are the links in the text, those that X shortens in full, and the link of a pin.

        Returns
        -------
        pandas.DataFrame
            One row per post and link: the post key; `position` (Int64, from 0); `url` (str); `host` (str, as by
            `ayr.normalize_url()`); and `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content` (str, NA
            where the link does not have them).

        Examples
        --------
        >>> text = "New: https://bakery.example/rye?utm_source=bsky&utm_campaign=spring"
        >>> links = ayr.from_posts([{"id": "1", "post": text}], platform="bluesky").ayr.links()
        >>> links[["host", "utm_source", "utm_campaign"]].values.tolist()
        [['bakery.example', 'bsky', 'spring']]
        """
        from ayrframe._metrics.links import links

        return links(self._frame)

    def campaigns(self, metric: str = "engagements", by: str | Sequence[str] = "utm_campaign") -> pd.DataFrame:
        """Compare the posts of each campaign with the account's other posts.

        A post is of a campaign if one of its links, as listed by `links()`, has the campaign in its parameters. A
        post with links of several campaigns counts once in each. The numbers are those of the network: how many people
        bought something is in the statistics of the website, with the same `utm_campaign`.

        Parameters
        ----------
        metric : str, default "engagements"
            Metric, rate, or own numeric column of the frame.
        by : str or list of str, default "utm_campaign"
            UTM parameters that make a campaign, such as `["utm_source", "utm_campaign"]`.

        Returns
        -------
        pandas.DataFrame
            One row per platform, profile and campaign: `platform`, `profile` and the parameters (str); then the columns
            of `hashtags()` from `posts` on, compared with the posts that are not of the campaign.

        Raises
        ------
        ValueError
            If the metric or a parameter is unknown.

        Examples
        --------
        >>> sent = [{"id": str(n), "post": "Bread", "likeCount": 10} for n in range(5)]
        >>> sent += [{"id": "6", "post": "www.bakery.example?utm_campaign=spring", "likeCount": 30}]
        >>> campaigns = ayr.from_posts(sent, platform="bluesky").ayr.campaigns("likes")
        >>> campaigns[["utm_campaign", "posts", "median", "normal", "ratio"]].values.tolist()
        [['spring', 1, 30.0, 10.0, 3.0]]
        """
        from ayrframe._metrics.content import campaigns

        return campaigns(self._frame, metric, by)

    def match_url(self, urls: str | Iterable[object]) -> pd.DataFrame:
        """Find the posts of URLs, such as those in a table of your own.

        URLs match whatever their scheme, `www.`, mobile host, trailing slash and tracking parameters are: see
        `ayr.normalize_url()`. A URL that is written differently, such as that of a short or of a renamed account,
        matches the post of the network whose id is in it.

        Parameters
        ----------
        urls : str or iterable of str
            URLs; missing values are not matched.

        Returns
        -------
        pandas.DataFrame
            One row per URL, in their order; several if several posts have it, for example in two profiles. First
            `given_url` (str) and `matched_by` (str: post_url or id, NA for a URL without a post), then the columns of
            the posts frame except `read_at` and `listed_from`, from the latest observation of the post.

        Raises
        ------
        ValueError
            If the frame lacks `post_url`.
        TypeError
            If a URL is neither text nor missing.

        Examples
        --------
        >>> sent = [{"id": "12", "postUrl": "https://www.tiktok.com/@bakery/video/12", "likeCount": 7}]
        >>> posts = ayr.from_posts(sent, platform="tiktok")
        >>> found = posts.ayr.match_url(["http://m.tiktok.com/@bakery/video/12/?_t=1", "tiktok.com/@bakery/video/13"])
        >>> found[["matched_by", "id", "like_count"]].values.tolist()
        [['post_url', '12', 7], [nan, nan, <NA>]]
        """
        from ayrframe._metrics.urls import match_url

        return match_url(self._frame, urls)
