"""Combine the shares of single posts into shares of all posts, weighted by views."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._platforms.metrics import VIEWS
from ayrframe._plots import scales
from ayrframe._plots.style import platform_style


class WeightedShares(NamedTuple):
    """The shares of one platform, largest first, and their coverage.

    `posts` of `total_posts` posts have both shares and views; they have the fraction `view_coverage` of all views.
    """

    platform: str
    shares: pd.Series
    posts: int
    total_posts: int
    view_coverage: float

    @property
    def rest(self) -> float:
        """The share that the posts do not assign to any category."""
        return max(0.0, 1.0 - float(self.shares.sum()))

    @property
    def coverage(self) -> str:
        """How many posts and views the shares are based on, for the title of a plot."""
        return (
            f"{platform_style(self.platform).title}: n = {self.posts:,} of {self.total_posts:,} posts, "
            f"with {scales.format_percent(self.view_coverage)} of all views"
        )


def weighted_shares(table: pd.DataFrame, posts: pd.DataFrame) -> list[WeightedShares]:
    """Return the shares of each platform of a child table; a category that a post does not list counts as zero.

    Parameters
    ----------
    table : pandas.DataFrame
        Post key, category and share (0 to 1).
    posts : pandas.DataFrame
        Metrics of all posts; the views are the weights.

    Returns
    -------
    list of WeightedShares
        Platforms with posts that have both, in the order of the table.
    """
    *_, category, share = table.columns
    with_views = posts.dropna(subset=[VIEWS.name]).astype({VIEWS.name: "float64"})
    rows = table.dropna(subset=[share]).merge(with_views[[*KEY, VIEWS.name]], on=KEY)
    result = []
    for platform, platform_rows in rows.groupby(PLATFORM.name, sort=False):
        views = platform_rows.drop_duplicates(KEY)[VIEWS.name]
        if not views.sum() > 0:
            continue
        weighted = (platform_rows[share] * platform_rows[VIEWS.name]).groupby(platform_rows[category]).sum()
        shares = (weighted / views.sum()).sort_values(ascending=False, kind="stable")
        all_views = with_views.loc[with_views[PLATFORM.name] == platform, VIEWS.name].sum()
        total_posts = int((posts[PLATFORM.name] == platform).sum())
        result.append(WeightedShares(str(platform), shares, len(views), total_posts, float(views.sum() / all_views)))
    return result
