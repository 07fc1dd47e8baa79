"""Plot where viewers are: shares of countries or cities, each post weighted by its views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from ayrframe._expansions.expand import expand
from ayrframe._frame.deduplicate import latest_posts
from ayrframe._metrics.metrics import metrics
from ayrframe._platforms import child_tables as tables
from ayrframe._plots import axes
from ayrframe._plots.impression_sources import draw_shares
from ayrframe._plots.shares import weighted_shares
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AudienceDimension = Literal["countries", "cities"]
_AUDIENCE_TABLES = {"countries": tables.AUDIENCE_COUNTRIES_TABLE, "cities": tables.AUDIENCE_CITIES_TABLE}


def plot_audience(
    posts: pd.DataFrame, by: AudienceDimension = "countries", *, n: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw where the viewers of the posts in a posts frame are."""
    check_dimension(by)
    posts = latest_posts(posts)
    return draw_audience(expand(posts, _AUDIENCE_TABLES[by].name), metrics(posts), by, n=n, ax=ax)


def draw_audience(
    table: pd.DataFrame, posts: pd.DataFrame, by: AudienceDimension, *, n: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw a child table of countries or cities; `posts` has the metrics of all posts."""
    return draw_shares(
        weighted_shares(table, posts),
        title=f"{check_dimension(by).capitalize()} of the viewers",
        x_label="share of viewers, each post weighted by its views",
        empty_message=f"No post has both views and the {by} of its viewers.",
        max_bars=axes.check_row_count(n),
        ax=ax,
    )


def check_dimension(by: str) -> str:
    """Return `by`; raise a ValueError if it is not an AudienceDimension."""
    if by not in get_args(AudienceDimension):
        choices = get_args(AudienceDimension)
        raise ValueError(
            f"Unknown value {quote(str(by))} for `by`.{suggest(by, choices)} Choose from: {', '.join(choices)}."
        )
    return by
