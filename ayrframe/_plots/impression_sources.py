"""Plot where views come from: shares of impression sources, each post weighted by its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._plots.shares import draw_shares, weighted_shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_impression_sources(table: pd.DataFrame, posts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a child table of impression sources; `posts` has the metrics of all posts."""
    return draw_shares(
        weighted_shares(table, posts),
        title="Where the views come from",
        x_label="share of views, each post weighted by its views",
        empty_message="No post has both views and impression sources.",
        ax=ax,
    )
