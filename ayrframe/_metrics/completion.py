"""How many viewers see a video to its end? The table `completion`: the viewers of each quarter of a video."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from ayrframe._expansions.expand import expand, expansions_by_name
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._platforms.child_tables import MEDIA_METRICS_TABLE, QUARTILE_METRICS
from ayrframe._platforms.columns import AS_OF, KEY
from ayrframe.errors import quote

VideoScope = Literal["organic", "non_public"]

_VIDEO_KEY = [*KEY, "media_key", "scope"]
_VIDEO_IDENTITY = [name for name in _VIDEO_KEY if name != AS_OF.name]
_QUARTER_PERCENTS = list(QUARTILE_METRICS.values())


def completion(posts: pd.DataFrame, scope: str = "organic") -> pd.DataFrame:
    """Return how many viewers each quarter of a video had: five rows for a video that tells any of them.

    The same viewers are counted under two scopes, which are never added or mixed: `organic` leaves out what promotion
    paid for, `non_public` does not. Organic is the default because it says more about the video than about a budget.

    X tells these numbers for 30 days. Of several observations of a video the newest that tells them counts.

    `fraction` is over the viewers at quarter 0, who began to play the video in the same scope. It is not over views or
    impressions, which count something else.

    Examples
    --------
    >>> completion(ayr.load_sample("twitter"))[["quarter", "viewers"]].head(3)
       quarter  viewers
    0        0      696
    1       25      355
    2       50      207
    """
    if scope not in get_args(VideoScope):
        raise ValueError(f"{quote(str(scope))} is no scope of viewers. There are: {', '.join(get_args(VideoScope))}.")
    posts = latest_observations(posts, KEY)
    if MEDIA_METRICS_TABLE.name in expansions_by_name(posts):
        videos = expand(posts, MEDIA_METRICS_TABLE.name, wide=True)
    else:
        videos = post_keys(posts).iloc[:0].reindex(columns=[*_VIDEO_KEY, *QUARTILE_METRICS])
    viewers = videos[list(QUARTILE_METRICS)].astype("Int64")
    viewers = viewers.where(viewers >= 0)  # -1 is how networks decline to tell
    has_viewers = videos["scope"].eq(scope) & viewers.notna().any(axis=1)
    videos, viewers = videos.loc[has_viewers, _VIDEO_KEY], viewers[has_viewers]
    is_latest = videos[AS_OF.name].eq(videos.groupby(_VIDEO_IDENTITY, dropna=False)[AS_OF.name].transform("max"))
    return _to_long(videos[is_latest], viewers[is_latest])


def _to_long(videos: pd.DataFrame, viewers: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each quarter of each video."""
    table = videos.loc[videos.index.repeat(len(_QUARTER_PERCENTS))].reset_index(drop=True)
    missing, counts = viewers.isna().to_numpy(dtype=bool), viewers.fillna(0).to_numpy(dtype=np.int64)
    starters = counts[:, [0]]
    fractions = np.full(counts.shape, np.nan)
    np.divide(counts, starters, out=fractions, where=~missing & (starters > 0))
    table = table.astype(dict.fromkeys(_VIDEO_KEY[-2:], "str"))
    return table.assign(
        quarter=pd.array(np.tile(_QUARTER_PERCENTS, len(videos)), dtype="Int64"),
        viewers=pd.arrays.IntegerArray(counts.ravel(), missing.ravel()),
        fraction=fractions.ravel(),
    )
