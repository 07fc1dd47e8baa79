"""Plot where views come from: shares of countries, cities or groups of viewers, each post weighted by its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._metrics.above_normal import check_positive_integer
from ayrframe._plots.shares import draw_shares, weighted_shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_audience(table: pd.DataFrame, posts: pd.DataFrame, by: str, *, n: int = 10, ax: Axes | None = None) -> Axes:
    """Draw a child table of shares of the audience; `posts` has the metrics of all posts."""
    return draw_shares(
        weighted_shares(table, posts),
        title=f"{by.capitalize()} of the audience",
        x_label="share of views, each post weighted by its views",
        empty_message=f"No post has both views and the {by} of its audience.",
        max_bars=check_positive_integer("n", n),
        ax=ax,
    )
