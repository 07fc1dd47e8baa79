"""Shares of single posts → the shares of all of them, each post with the weight of its views."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ayrframe._platforms.columns import KEY, PLATFORM
from ayrframe._platforms.metrics import VIEWS
from ayrframe._plots import scales
from ayrframe._plots.style import platform_style


class WeightedShares(NamedTuple):
    """The shares of one network, largest first, and what they rest on.

    `posts` have both shares and views, out of `every` post; `covered` is their part of the views of every post.
    """

    platform: str
    shares: pd.Series
    posts: int
    total_posts: int
    view_coverage: float

    @property
    def rest(self) -> float:
        """The share of which the posts do not tell where it belongs."""
        return max(0.0, 1.0 - float(self.shares.sum()))

    @property
    def coverage(self) -> str:
        """What the shares rest on, in words."""
        return (
            f"{platform_style(self.platform).title}: n = {self.posts:,} of {self.total_posts:,} posts, "
            f"with {scales.format_percent(self.view_coverage)} of all views"
        )


def weighted_shares(table: pd.DataFrame, posts: pd.DataFrame) -> list[WeightedShares]:
    """Return the shares of each network of a child table; a post that does not list a thing gives it nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        The post key, what the shares are of, and the shares, 0 to 1.
    posts : pandas.DataFrame
        The metrics of all posts, of which the views are the weights.

    Returns
    -------
    list of Weighted
        The networks whose posts have both, in the order of the table.
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
