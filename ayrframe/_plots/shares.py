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
    every: int
    covered: float

    @property
    def rest(self) -> float:
        """The share of which the posts do not tell where it belongs."""
        return max(0.0, 1.0 - float(self.shares.sum()))

    @property
    def coverage(self) -> str:
        """What the shares rest on, in words."""
        return (
            f"{platform_style(self.platform).title}: n = {self.posts:,} of {self.every:,} posts, "
            f"with {scales.format_percent(self.covered)} of all views"
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
    *_, thing, share = table.columns
    viewed = posts.dropna(subset=[VIEWS.name]).astype({VIEWS.name: "float64"})
    rows = table.dropna(subset=[share]).merge(viewed[[*KEY, VIEWS.name]], on=KEY)
    found = []
    for platform, part in rows.groupby(PLATFORM.name, sort=False):
        views = part.drop_duplicates(KEY)[VIEWS.name]
        if not views.sum() > 0:
            continue
        of_all = (part[share] * part[VIEWS.name]).groupby(part[thing]).sum() / views.sum()
        every = viewed.loc[viewed[PLATFORM.name] == platform, VIEWS.name].sum()
        count = int((posts[PLATFORM.name] == platform).sum())
        largest_first = of_all.sort_values(ascending=False, kind="stable")
        found.append(WeightedShares(str(platform), largest_first, len(views), count, float(views.sum() / every)))
    return found
